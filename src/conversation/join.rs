//! Texts that go on with what was written just before: old phones split long texts, and people send a story in pieces.
//!
//! Invariant: what is joined stands below what was there, and nothing of either is lost.

use std::time::Duration;

use crate::conversation::session::Joining;
use crate::conversation::turn::Turn;
use crate::domain::answer::Value;
use crate::domain::message::Words;

/// A text within this time of an opening story is part of it.
pub const JOINS_OPENING_WITHIN: Duration = Duration::from_secs(20);

/// Words of more bytes are continued no more: the longest letter has fewer, and each text is kept in the history.
pub const LONGEST: usize = 8_000;

impl Turn<'_> {
    /// Keeps a first text; a second before anything was asked stands below it.
    pub fn keep_opening(&mut self, text: &str) {
        let Words(words) = self.session.opening_words.get_or_insert_default();
        if words.len() < LONGEST {
            *words = joined(words, text);
        }
    }

    /// How long the words are that a text would be joined to.
    pub fn joined_so_far(&self, joining: &Joining) -> usize {
        let words = match &joining.step {
            None => self.session.opening_words.as_ref(),
            Some(step) => self.session.answers.get(step).map(|answer| &answer.words),
        };
        words.map_or(0, |words| words.0.len())
    }

    /// Adds a text that followed quickly to the answer it continues.
    pub fn join(&mut self, joining: &Joining, text: &str) {
        match &joining.step {
            None => {
                self.keep_opening(text);
                self.update_handover();
                self.session.joining =
                    Some(Joining { step: None, until: self.now.plus(JOINS_OPENING_WITHIN) });
            }
            Some(step) => {
                let before = self.session.answers.get(step).map_or("", |answer| answer.words.0.as_str());
                let together = joined(before, text);
                self.record(&step.clone(), Some(Value::Text(Words(together.clone()))), &together);
            }
        }
    }
}

fn joined(before: &str, text: &str) -> String {
    format!("{before}\n{text}").trim().to_owned()
}
