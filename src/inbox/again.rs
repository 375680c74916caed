//! What was typed and could not be taken: the form that brings it back, ready to be sent again.
//!
//! Invariant: what was typed as a note never stands in a form that sends.

use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::time::Timestamp;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::page::Moment;
use crate::inbox::words::outcome_words;
use crate::inbox::words::reason_words;

/// What was typed, ready to be sent again.
#[derive(Clone, PartialEq, Eq)]
pub struct Again {
    /// Where the form goes.
    pub to: String,
    /// What it is.
    pub kind: Typed,
    /// The state of the case that it is sent against; a concern has none.
    pub version: Option<i64>,
    /// The same key: nothing was done with it.
    pub key: String,
    /// What was typed.
    pub words: String,
    /// Whether a reason must be given, because the phone may not be safe.
    pub needs_reason: bool,
    /// When the person had written last, as the page showed it, where it matters.
    pub heard: Option<i64>,
    /// When it may go.
    pub offer: Offer,
}

/// When a text may go that is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// At once.
    AtOnce,
    /// At this time, or at once.
    At(Moment),
    /// At a day and a time that are chosen better, or at once.
    Chosen {
        /// The day as it was typed.
        day: String,
        /// The time as it was typed.
        time: String,
    },
}

/// What somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// A text for the person.
    Text,
    /// A note for colleagues.
    Note,
    /// What was done about a concern.
    Done,
}

/// How a case was to end, ready to be chosen again.
#[derive(Clone, PartialEq, Eq)]
pub struct EndAgain {
    /// What is done: `close` or `decline`.
    pub act: &'static str,
    /// The state of the case that it is sent against.
    pub version: i64,
    /// The same key: nothing was done with it.
    pub key: String,
    /// When the person wrote last.
    pub heard: i64,
    /// What was chosen, as a field of the form and its code.
    pub chosen: (&'static str, &'static str),
    /// The same in words.
    pub words: &'static str,
}

impl EndAgain {
    /// The end that a deed would be; other deeds are none.
    #[must_use]
    pub fn of(order: &Order, heard: Timestamp) -> Option<Self> {
        let (chosen, words) = match &order.deed {
            Deed::Decline(reason) => (("reason", reason.as_str()), reason_words(*reason)),
            Deed::Close(outcome) => (("outcome", outcome.as_str()), outcome_words(*outcome)),
            Deed::Claim
            | Deed::TakeOver
            | Deed::HandBack
            | Deed::Release
            | Deed::Reply { .. }
            | Deed::Later(_)
            | Deed::Note(_)
            | Deed::Contact(_)
            | Deed::CorrectThemes(_)
            | Deed::Label(_)
            | Deed::Share(_)
            | Deed::Transfer { .. }
            | Deed::PutAside { .. }
            | Deed::BringBack
            | Deed::Reached
            | Deed::Accept
            | Deed::Same(_) => return None,
        };
        let (act, version, key) = (order.deed.as_str(), order.version, order.key.clone());
        Some(Self { act, version, key, heard: heard.as_micros(), chosen, words })
    }

    pub(super) fn button(&self) -> &'static str {
        if self.act == "close" { "I have read it: close" } else { "I have read it: decline" }
    }
}

impl Again {
    /// A text or a note on a case, over the version that was seen.
    #[must_use]
    pub fn on_case(reference: &Reference, kind: Typed, (version, key): (i64, &str), words: String) -> Self {
        let act = match kind {
            Typed::Text => "reply",
            Typed::Note | Typed::Done => "note",
        };
        Self {
            to: format!("/inbox/referrals/{reference}/{act}"),
            kind,
            version: Some(version),
            key: key.to_owned(),
            words,
            needs_reason: false,
            heard: None,
            offer: Offer::AtOnce,
        }
    }

    /// What was done about a concern.
    #[must_use]
    pub fn on_concern(id: ConcernId, key: &str, words: String) -> Self {
        Self {
            to: format!("/inbox/concerns/{id}/acknowledge"),
            kind: Typed::Done,
            version: None,
            key: key.to_owned(),
            words,
            needs_reason: false,
            heard: None,
            offer: Offer::AtOnce,
        }
    }

    pub(super) fn field(&self) -> &'static str {
        match self.kind {
            Typed::Text | Typed::Note => "text",
            Typed::Done => "done",
        }
    }

    /// The time at which it may go instead of at once.
    pub(super) fn at(&self) -> Option<Moment> {
        match &self.offer {
            Offer::At(at) => Some(*at),
            Offer::AtOnce | Offer::Chosen { .. } => None,
        }
    }

    /// The day and the time that were typed, to be chosen better.
    pub(super) fn chosen(&self) -> Option<(&str, &str)> {
        match &self.offer {
            Offer::Chosen { day, time } => Some((day, time)),
            Offer::AtOnce | Offer::At(_) => None,
        }
    }

    pub(super) fn label(&self) -> &'static str {
        match self.kind {
            Typed::Text => "Your text",
            Typed::Note => "Your note, for colleagues only",
            Typed::Done => "What have you done?",
        }
    }

    pub(super) fn button(&self) -> &'static str {
        match self.kind {
            Typed::Text => "Send as a text",
            Typed::Note => "Keep this note",
            Typed::Done => "I have dealt with this",
        }
    }

    pub(super) fn button_look(&self) -> &'static str {
        match self.kind {
            Typed::Text => "",
            Typed::Note => " nhsuk-button--secondary",
            Typed::Done => " nhsuk-button--warning",
        }
    }

    pub(super) fn look(&self) -> &'static str {
        match self.kind {
            Typed::Text => "fb-reply",
            Typed::Note => "fb-card fb-notes",
            Typed::Done => "fb-concern",
        }
    }
}
