//! Contacts: that a link worker rang, visited or wrote to somebody.

use std::str::FromStr;

/// How it was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactKind {
    /// By phone.
    Call,
    /// At their door, or where they met.
    Visit,
    /// By post.
    Letter,
    /// In another way.
    Other,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactResult {
    /// They were reached.
    Reached,
    /// Nobody answered.
    NoAnswer,
    /// A message was left for them.
    LeftMessage,
}

/// The text names no kind of contact, or nothing that comes of one.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a kind of contact, or not what comes of one")]
pub struct NotAContact;

impl ContactKind {
    /// Every kind, the most frequent first.
    pub const ALL: [Self; 4] = [Self::Call, Self::Visit, Self::Letter, Self::Other];

    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Visit => "visit",
            Self::Letter => "letter",
            Self::Other => "other",
        }
    }
}

impl ContactResult {
    /// Everything that may come of it.
    pub const ALL: [Self; 3] = [Self::Reached, Self::NoAnswer, Self::LeftMessage];

    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NoAnswer => "no-answer",
            Self::LeftMessage => "left-message",
        }
    }
}

impl FromStr for ContactKind {
    type Err = NotAContact;

    fn from_str(text: &str) -> Result<Self, NotAContact> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(NotAContact)
    }
}

impl FromStr for ContactResult {
    type Err = NotAContact;

    fn from_str(text: &str) -> Result<Self, NotAContact> {
        Self::ALL.into_iter().find(|result| result.as_str() == text).ok_or(NotAContact)
    }
}
