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
    /// Whether one more may be added.
    pub may_add: bool,
}

/// A phone of the demo.
#[derive(Debug, Clone)]
pub struct Phone(pub Mobile);

impl Phone {
    /// The number as it stands in an address: digits only.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.as_str().trim_start_matches('+')
    }

    fn spaced(&self) -> String {
        self.0.spaced()
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
}
