//! Own words, and short texts: kept as they are.
//!
//! Invariant: nothing that a person wrote is changed; only what their phone added is cut.

use crate::domain::answer::Value;
use crate::domain::message::Words;
use crate::reply::Reading;
use crate::reply::heard::Heard;
use crate::reply::lexicon::CLOSING;
use crate::reply::lexicon::NO;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::YES;
use crate::reply::text::tidy;

/// Anything that was written by a person, which the caller has seen to; but a thumb alone tells nothing.
pub(crate) fn read(text: &str, heard: &Heard) -> Reading {
    let only_pictures = (0..heard.len()).all(|at| heard.is_picture(at));
    if only_pictures
        && heard
            .covered_by(YES | NO | THANKS | CLOSING)
            .is_some_and(|tags| tags.intersects(YES | NO | THANKS | CLOSING))
    {
        return Reading::NotUnderstood;
    }
    Reading::Understood(Value::Text(Words(tidy(text).text.to_owned())))
}
