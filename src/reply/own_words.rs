//! Own words, and short texts: kept as they are.
//!
//! Invariant: nothing that a person wrote is changed; only what their phone added is cut.

use crate::domain::answer::Value;
use crate::domain::message::Words;
use crate::reply::Reading;
use crate::reply::heard::Heard;
use crate::reply::lexicon::ALL;
use crate::reply::lexicon::AND;
use crate::reply::lexicon::ANY_COMMAND;
use crate::reply::lexicon::ASKS_FOR_SOMEBODY;
use crate::reply::lexicon::BUT;
use crate::reply::lexicon::CLOSING;
use crate::reply::lexicon::COMMAND_AROUND;
use crate::reply::lexicon::GENERIC;
use crate::reply::lexicon::NO;
use crate::reply::lexicon::NONE;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::NUMBER_BEFORE;
use crate::reply::lexicon::PLEASANTRIES;
use crate::reply::lexicon::QUESTION;
use crate::reply::lexicon::REFUSES_QUESTIONS;
use crate::reply::lexicon::SMALL;
use crate::reply::lexicon::STOP_INSIDE;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::lexicon::YES;
use crate::reply::lexicon::YES_OR_NO_OR_UNSURE;
use crate::reply::text::tidy;

/// Words that say nothing of what a list asks.
const SAYS_NOTHING: Tags = ANY_COMMAND
    .with(COMMAND_AROUND)
    .with(STOP_INSIDE)
    .with(YES_OR_NO_OR_UNSURE)
    .with(PLEASANTRIES)
    .with(QUESTION)
    .with(NUMBER_BEFORE)
    .with(BUT)
    .with(AND)
    .with(NOT)
    .with(ALL)
    .with(NONE)
    .with(SMALL)
    .with(GENERIC);

/// Whether a text that names nothing on a list answers it in the person's own words: several words, of which one is
/// none that stand around answers or ask for something else.
pub(crate) fn says_something(heard: &Heard) -> bool {
    let asks = heard.folded.asks() || heard.next(0, QUESTION).is_some();
    let has_digit = heard.folded.plain().contains(|c: char| c.is_ascii_digit());
    let words = (0..heard.len()).filter(|at| !heard.is_picture(*at)).count();
    2 <= words && !asks && !has_digit && heard.covered_by(SAYS_NOTHING).is_none()
}

/// Whether a text says that its writer answers no questions here.
pub(crate) fn refuses(heard: &Heard) -> bool {
    heard.has(REFUSES_QUESTIONS)
}

/// Whether a text says so, or asks for a person.
pub(crate) fn asks_for_something_else(heard: &Heard) -> bool {
    heard.has(ASKS_FOR_SOMEBODY | REFUSES_QUESTIONS)
}

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
