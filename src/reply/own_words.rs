//! Own words, and short texts: kept as they are.
//!
//! Invariant: nothing that a person wrote is changed; only what their phone added is cut.

use crate::domain::answer::Value;
use crate::domain::message::Words;
use crate::reply::Reading;
use crate::reply::text::TextKind;
use crate::reply::text::tidy;

/// Anything that can be seen and was written by a person.
pub(crate) fn read(text: &str) -> Reading {
    let tidied = tidy(text);
    match tidied.kind {
        TextKind::Plain => Reading::Understood(Value::Text(Words(tidied.text.to_owned()))),
        TextKind::Reaction | TextKind::AutoReply | TextKind::Empty => Reading::NotUnderstood,
    }
}
