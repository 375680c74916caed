//! Own words, and short texts: kept as they are.
//!
//! Invariant: nothing that a person wrote is changed; only what their phone added is cut.

use crate::domain::answer::Value;
use crate::domain::message::Words;
use crate::reply::Reading;
use crate::reply::text::tidy;

/// Anything that was written by a person: the caller has seen to that.
pub(crate) fn read(text: &str) -> Reading {
    Reading::Understood(Value::Text(Words(tidy(text).text.to_owned())))
}
