//! Concerns: something in a text that a human must see now.
//!
//! Invariant: there is no level, score or likelihood of anything here, and never will be (NHS England, *Staying safe
//! from suicide*, April 2025: stratification is unacceptable).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The rule of whoever answers that they are not safe.
pub const SAID_NOT_SAFE: &str = "said-not-safe";
/// The rule of whoever answers that they are not sure whether they are safe.
pub const SAID_NOT_SURE: &str = "said-not-sure";
/// The rule of whoever stops all texts after a text about danger.
pub const STOPPED_AFTER: &str = "stopped-after-danger";
/// The rule of whoever does not answer whether they are safe.
pub const NO_ANSWER: &str = "no-answer-to-are-you-safe";
/// A volunteer champion has raised it, in words of their own.
pub const BY_VOLUNTEER: &str = "by-volunteer";

/// What a concern is about (the sections are those of the safety rules' guide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConcernCategory {
    /// A medical emergency or a danger to life now (S1).
    Emergency,
    /// Thoughts, plans or intent of ending life (S2).
    Suicide,
    /// Hurting oneself on purpose, or the urge to (S2).
    SelfHarm,
    /// Violence, coercion, exploitation, fear of someone (S3).
    Abuse,
    /// A child, or an adult who depends on care, is at risk (S4).
    Child,
    /// Threats towards others (S5).
    HarmToOthers,
    /// No food, no heat or power, no roof, today or tonight (S6).
    Destitution,
    /// Distress that is not clear: one plain question is asked (S7).
    Distress,
    /// The person wrote HELP NOW.
    HelpNow,
    /// A human marked the message.
    ByHand,
}

impl ConcernCategory {
    /// All of them, in the order in which safety replies are chosen.
    pub const ALL: [Self; 10] = [
        Self::Emergency,
        Self::Suicide,
        Self::SelfHarm,
        Self::HelpNow,
        Self::HarmToOthers,
        Self::Child,
        Self::Abuse,
        Self::Destitution,
        Self::Distress,
        Self::ByHand,
    ];

    /// The code in tables, rules and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Suicide => "suicide",
            Self::SelfHarm => "self-harm",
            Self::Abuse => "abuse",
            Self::Child => "child",
            Self::HarmToOthers => "harm-to-others",
            Self::Destitution => "destitution",
            Self::Distress => "distress",
            Self::HelpNow => "help-now",
            Self::ByHand => "by-hand",
        }
    }
}

/// The text names no category.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a category of concern")]
pub struct NotACategory;

impl FromStr for ConcernCategory {
    type Err = NotACategory;

    fn from_str(text: &str) -> Result<Self, NotACategory> {
        Self::ALL.into_iter().find(|category| category.as_str() == text).ok_or(NotACategory)
    }
}
