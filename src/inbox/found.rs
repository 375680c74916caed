//! Messages that a search has found, beneath the people.
//!
//! Invariant: what is shown was opened and holds the words; the words that were looked for stand in no address.

use std::fmt;

use crate::inbox::page::Moment;
use crate::inbox::shown::Foreign;
use crate::inbox::shown::Piece;
use crate::inbox::shown::marked_all;
use crate::inbox::view::Names;
use crate::inbox::who::Who;
use crate::store::message_word::FoundMessage;
use crate::store::message_word::MessagePlace;

/// What was found in messages.
#[derive(Debug, Default)]
pub struct MessagesFound {
    /// Whether it is the newest of it; else what lies further back.
    pub newest: bool,
    /// The messages, the newest first.
    pub hits: Vec<Hit>,
    /// From where on to look further back, where there may be more.
    pub further: Option<MessagePlace>,
}

/// A message that holds the words.
pub struct Hit {
    /// The case.
    pub reference: String,
    /// Whether the case has ended.
    pub ended: bool,
    /// Who writes, and about whom.
    pub who: Who,
    /// Who of the staff wrote it; nobody where the person did.
    pub author: Option<Foreign>,
    /// Whether it is a note.
    pub is_note: bool,
    /// When.
    pub at: Moment,
    /// The message, with the words marked.
    pub said: Vec<Piece>,
}

impl fmt::Debug for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hit({})", self.reference)
    }
}

impl Hit {
    /// A message as the store has found it.
    #[must_use]
    pub fn of(found: &FoundMessage, names: &Names) -> Self {
        Self {
            reference: found.reference.clone(),
            ended: found.ended,
            who: Who::of(&found.summaries),
            author: found.author.map(|author| names.get(author)),
            is_note: found.is_note,
            at: Moment(found.written_at),
            said: marked_all(&found.text.0, &found.marks),
        }
    }
}

impl MessagesFound {
    /// What there is to say of how many.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.hits.len(), self.newest, self.further) {
            (0, _, Some(_)) => "None so far.".to_owned(),
            (0, true, None) => "No message holds all these words.".to_owned(),
            (0, false, None) => "There is nothing further back.".to_owned(),
            (1, _, _) => "1 message".to_owned(),
            (count, _, _) => format!("{count} messages"),
        }
    }
}
