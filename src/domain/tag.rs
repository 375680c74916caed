//! What is worth noting about a text beside its concerns.
//!
//! Invariant: a tag raises nothing, silences nothing and says nothing of how grave something is. One of them chooses words:
//! whoever worries about somebody else is not asked about themselves.

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tag {
    /// An illness or a danger of earlier, over or not (S8).
    Past,
    /// It is said of somebody else (S8).
    ThirdPerson,
    /// Somebody was lost to death, however it was (S8).
    Bereavement,
    /// Insults, threats or sexual words to the people here (S9).
    AtStaff,
}

impl Tag {
    /// The code in the rule files and on pages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Past => "past",
            Self::ThirdPerson => "third-person",
            Self::Bereavement => "bereavement",
            Self::AtStaff => "at-staff",
        }
    }
}
