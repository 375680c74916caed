//! Who writes, and about whom.
//!
//! Invariant: the name of whom it is about never stands where the writer is meant.

use crate::handover::Summary;
use crate::inbox::shown::Foreign;

/// Who writes, and about whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Nobody has said.
    Unknown,
    /// The person themselves.
    Themselves(Foreign),
    /// Somebody else.
    ForSomebody {
        /// The writer's own name, where known.
        writer: Option<Foreign>,
        /// Who they are to the person, where known.
        relationship: Option<Foreign>,
        /// The name of the person, where known.
        subject: Option<Foreign>,
    },
}

impl Who {
    /// From what they told, the newest conversation first: the first that says who counts.
    #[must_use]
    pub fn of(summaries: &[Summary]) -> Self {
        let foreign = |words: &crate::domain::message::Words| Foreign::new(&words.0);
        let told = summaries.iter().find_map(|summary| match (&summary.writer, &summary.name) {
            (Some(writer), subject) => Some(Self::ForSomebody {
                writer: writer.name.as_ref().map(foreign),
                relationship: writer.relationship.as_deref().map(Foreign::new),
                subject: subject.as_ref().map(foreign),
            }),
            (None, Some(name)) => Some(Self::Themselves(foreign(name))),
            (None, None) => None,
        });
        told.unwrap_or(Self::Unknown)
    }

    /// The name of who writes, and gets our texts.
    #[must_use]
    pub fn writer(&self) -> Option<&Foreign> {
        match self {
            Self::Unknown => None,
            Self::Themselves(name) => Some(name),
            Self::ForSomebody { writer, .. } => writer.as_ref(),
        }
    }

    /// Who the writer is to the person, where their name is not known.
    #[must_use]
    pub fn relationship(&self) -> Option<&Foreign> {
        match self {
            Self::ForSomebody { writer: None, relationship, .. } => relationship.as_ref(),
            Self::Unknown | Self::Themselves(_) | Self::ForSomebody { writer: Some(_), .. } => None,
        }
    }

    /// The name of whom it is about, where somebody else writes.
    #[must_use]
    pub fn subject(&self) -> Option<&Foreign> {
        match self {
            Self::Unknown | Self::Themselves(_) => None,
            Self::ForSomebody { subject, .. } => subject.as_ref(),
        }
    }

    /// Whether somebody else writes.
    #[must_use]
    pub fn is_on_behalf(&self) -> bool {
        match self {
            Self::Unknown | Self::Themselves(_) => false,
            Self::ForSomebody { .. } => true,
        }
    }
}
