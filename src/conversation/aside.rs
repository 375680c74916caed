//! Asides: a short question beside the flow.
//!
//! Invariant: at most one is open; a safety aside replaces any other.

use serde::{Deserialize, Serialize};

use crate::domain::answer::Value;
use crate::domain::ids::StepId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;

/// An open aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAside {
    /// What was asked.
    pub aside: Aside,
    /// The session's sequence number when it was asked: its deadline carries the same, whatever is texted meanwhile.
    pub sequence: u32,
    /// When it was asked: a button that was shown before belongs to another question.
    #[serde(default = "long_ago")]
    pub at: Timestamp,
    /// Replies to it that were not understood.
    pub tries: u8,
    /// When the last of them was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
}

/// An aside of before the time was kept.
fn long_ago() -> Timestamp {
    Timestamp::from_micros(0)
}

/// What can be asked beside the flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    /// "Did you mean …?"
    Proposal {
        /// The step whose answer it would be.
        step: StepId,
        /// What it would be.
        value: Value,
        /// What the person wrote.
        #[serde(default)]
        words: Words,
    },
    /// "Are you safe right now?"
    AreYouSafe,
    /// "Is it safe to text you on this phone?"
    SafeToText,
    /// It is not safe to text: nothing automatic is said until the person asks for it.
    Quiet,
    /// After a safety reply: nothing more is asked until the person says so.
    CarryOn,
    /// "Leave this out, or talk to a person?"
    SkipOrPerson {
        /// The step that was not understood.
        step: StepId,
    },
    /// "Begin again?"
    ConfirmRestart,
    /// "Which language?"
    PickLanguage,
    /// After a long silence: "carry on or start again?"
    Resume,
    /// "You told us something in your first text: is that your answer?"
    OpeningWords {
        /// The step whose answer it would be.
        step: StepId,
    },
}

impl Aside {
    /// Whether it is a safety question to which silence is an answer.
    #[must_use]
    pub fn waits_for_a_human(&self) -> bool {
        match self {
            Self::AreYouSafe | Self::SafeToText => true,
            Self::Quiet
            | Self::CarryOn
            | Self::Proposal { .. }
            | Self::SkipOrPerson { .. }
            | Self::ConfirmRestart
            | Self::PickLanguage
            | Self::Resume
            | Self::OpeningWords { .. } => false,
        }
    }

    /// Whether it is about safety: these replace any other, and nothing replaces them but their own kind.
    #[must_use]
    pub fn is_safety(&self) -> bool {
        match self {
            Self::AreYouSafe | Self::SafeToText | Self::Quiet | Self::CarryOn => true,
            Self::Proposal { .. }
            | Self::SkipOrPerson { .. }
            | Self::ConfirmRestart
            | Self::PickLanguage
            | Self::Resume
            | Self::OpeningWords { .. } => false,
        }
    }
}
