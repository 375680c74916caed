//! Identifiers: one type each, so that no two kinds can be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::time::Timestamp;

/// Makes an identifier that sorts by time (UUID version 7), from a time and ten random bytes.
fn sortable(now: Timestamp, random: [u8; 10]) -> Uuid {
    let milliseconds = u64::try_from(now.as_micros() / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(transparent)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, sorted by `now`.
            #[must_use]
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(sortable(now, random))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )*};
}

row_id! {
    /// Somebody who writes to us.
    PersonId;
    /// A phone number or chat on a channel.
    AddressId;
    /// One person's way through a conversation.
    SessionId;
    /// A message that came in.
    InboundId;
    /// A message to be sent.
    OutboxId;
    /// Something that a human must see now.
    ConcernId;
    /// What lands in the queue.
    HandoverId;
    /// The case of a person with a service.
    ReferralId;
    /// A private note of a link worker.
    NoteId;
    /// That somebody was rung, visited or written to.
    ContactId;
    /// What a link worker wrote, to be sent later.
    LaterTextId;
    /// A text that a service keeps ready.
    ReadyTextId;
    /// A word by which a service sorts its cases.
    LabelId;
    /// Words kept for measuring, of nobody.
    ExampleId;
    /// A folder and filters that somebody keeps under a name.
    SavedViewId;
    /// Somebody who works here.
    StaffId;
    /// A link by which somebody makes an account.
    InvitationId;
    /// A choice about information, with the text as it was sent.
    ConsentId;
    /// Something that falls due.
    DeadlineId;
}

/// A short name from a data file: lower-case words joined by hyphens.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a name: use lower-case letters, digits and hyphens, such as `what-matters`")]
pub struct NotAName;

fn is_name(text: &str) -> bool {
    let part =
        |part: &[u8]| !part.is_empty() && part.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 64 && text.as_bytes().split(|b| *b == b'-').all(part)
}

macro_rules! name_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(transparent)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as it stands in the file.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAName;

            fn from_str(text: &str) -> Result<Self, NotAName> {
                if is_name(text) { Ok(Self(text.to_owned())) } else { Err(NotAName) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAName;

            fn try_from(text: String) -> Result<Self, NotAName> {
                if is_name(&text) { Ok(Self(text)) } else { Err(NotAName) }
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

name_id! {
    /// A conversation definition, such as `what-matters`.
    ConversationId;
    /// A step of a conversation; also the name of its message in the locale files.
    StepId;
    /// One of the choices of a step.
    ChoiceId;
    /// A team with a queue.
    ServiceId;
    /// A GP practice.
    PracticeId;
    /// A rule that found something in a text.
    RuleId;
    /// A row of `helplines.yaml`.
    HelplineId;
}

/// A revision of a flow: the first 16 hex digits of the SHA-256 of what it says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct RevisionId(pub String);

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The letters of a reference: no vowels (no words), nothing that looks like another.
const REFERENCE_LETTERS: &[u8; 20] = b"23456789CFGHJMPQRVWX";

/// What a person quotes when they ring: `FB-` and six letters, such as `FB-7GH2QX`.
///
/// It opens nothing by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(transparent)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// The text is no reference.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a reference: `FB-` and six of 23456789CFGHJMPQRVWX")]
pub struct NotAReference;

impl Reference {
    /// A reference from six random bytes.
    ///
    /// 256 is no multiple of 20: the first letters are 8 % likelier, which does no harm, as a reference is no secret.
    #[must_use]
    pub fn from_random(random: [u8; 6]) -> Self {
        let letters = random.iter().map(|byte| char::from(REFERENCE_LETTERS[usize::from(*byte) % 20]));
        Self("FB-".chars().chain(letters).collect())
    }

    /// Whether these letters may stand in one, behind `FB-`.
    #[must_use]
    pub fn may_hold(letters: &str) -> bool {
        letters.len() <= 6 && letters.bytes().all(|b| REFERENCE_LETTERS.contains(&b))
    }

    /// The reference as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = NotAReference;

    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let letters = text.strip_prefix("FB-").ok_or(NotAReference)?;
        let right = letters.len() == 6 && Self::may_hold(letters);
        if right { Ok(Self(text.to_owned())) } else { Err(NotAReference) }
    }
}

impl TryFrom<String> for Reference {
    type Error = NotAReference;

    fn try_from(text: String) -> Result<Self, NotAReference> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> String {
        reference.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_words_joined_by_hyphens() {
        assert!("what-matters".parse::<ConversationId>().is_ok());
        assert!("six".parse::<StepId>().is_ok());
        for wrong in ["", "What", "a--b", "-a", "a b", "é", "a_b"] {
            assert_eq!(wrong.parse::<StepId>(), Err(NotAName), "{wrong}");
        }
    }

    #[test]
    fn a_reference_reads_back_as_it_was_written() {
        let reference = Reference::from_random([0, 19, 20, 255, 7, 99]);
        assert_eq!(reference.as_str().parse(), Ok(reference.clone()));
        assert_eq!("FB-000000".parse::<Reference>(), Err(NotAReference));
    }

    #[test]
    fn row_ids_sort_by_time() {
        let early = SessionId::new(Timestamp::from_micros(1_000_000), [9; 10]);
        let late = SessionId::new(Timestamp::from_micros(9_000_000), [0; 10]);
        assert!(early < late);
    }
}
