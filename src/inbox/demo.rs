//! The demo's pages: phones on the left, the inbox on the right.

use askama::Template;

use crate::domain::mobile::Mobile;
use crate::inbox::page::Layout;
use crate::inbox::shown::Foreign;

/// The stage: phones and the inbox side by side, each in a frame of its own.
#[derive(Debug, Template)]
#[template(path = "inbox/demo.html")]
pub struct DemoPage {
    /// The frame.
    pub layout: Layout,
    /// The phones.
    pub phones: Vec<Phone>,
    /// Whether one more that texts may be added.
    pub may_add: bool,
    /// Whether one that writes by Telegram may be added.
    pub may_add_telegram: bool,
}

/// A phone of the demo.
#[derive(Debug, Clone)]
pub enum Phone {
    /// One that texts, by its number.
    Texts(Mobile),
    /// One that writes by Telegram, by the number of its chat.
    Telegram(u64),
}

impl Phone {
    /// The phone as it stands in an address.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Texts(mobile) => mobile.as_str().trim_start_matches('+').to_owned(),
            Self::Telegram(chat) => format!("telegram-{chat}"),
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Texts(mobile) => mobile.spaced(),
            Self::Telegram(_) => "Telegram".to_owned(),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Texts(_) => "Text message",
            Self::Telegram(_) => "Telegram",
        }
    }

    fn look(&self) -> &'static str {
        match self {
            Self::Texts(_) => "fb-phone",
            Self::Telegram(_) => "fb-phone fb-phone--telegram",
        }
    }
}

/// Inside a phone: the texts, and where one writes.
#[derive(Debug, Template)]
#[template(path = "inbox/phone.html")]
pub struct PhonePage {
    /// The frame.
    pub layout: Layout,
    /// The phone.
    pub phone: Phone,
    /// Whom it writes with: the service's number or name.
    pub with: String,
    /// The texts, the oldest first.
    pub texts: Vec<PhoneText>,
}

/// A text on a phone.
#[derive(Debug)]
pub struct PhoneText {
    /// Written on this phone.
    pub mine: bool,
    /// What it says.
    pub text: Foreign,
    /// The buttons under it.
    pub buttons: Vec<PhoneButton>,
}

/// A button under a text.
#[derive(Debug)]
pub struct PhoneButton {
    /// What it says.
    pub label: Foreign,
    /// What it carries.
    pub data: String,
}
