//! What somebody agreed to or refused: the question as it was sent to them, in which version, and when.
//!
//! Invariant: the words are those that were sent, not those of today.

use crate::inbox::page::Moment;
use crate::inbox::shown::Foreign;
use crate::inbox::view::Case;

/// As much of a version as tells one from another.
const VERSION_SHOWN: usize = 8;

/// A choice about their information.
#[derive(Debug, Clone)]
pub struct AgreedView {
    /// When they answered.
    pub at: Moment,
    /// What they answered: yes, no, or a choice.
    pub answer: Foreign,
    /// The question as it was sent.
    pub text: Foreign,
    /// The version of the conversation that asked.
    pub version: String,
}

/// What they agreed to or refused, the newest first.
#[must_use]
pub fn agreed(case: &Case) -> Vec<AgreedView> {
    case.consents
        .iter()
        .map(|(consent, revision)| AgreedView {
            at: Moment(consent.given_at),
            answer: Foreign::new(&consent.value),
            text: Foreign::new(&consent.text.0),
            version: revision.0.chars().take(VERSION_SHOWN).collect(),
        })
        .collect()
}
