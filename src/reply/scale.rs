//! A rating from 0 to 10.
//!
//! Invariant: two ratings, a range or a half is never rounded to one: it is asked again.

use crate::domain::answer::Value;
use crate::reply::Reading;
use crate::reply::heard::Heard;
use crate::reply::lexicon::BECAUSE;
use crate::reply::lexicon::INEXACT;
use crate::reply::lexicon::NUMBER_BEFORE;
use crate::reply::lexicon::OUT_OF;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::SCALE_LEAST;
use crate::reply::lexicon::SCALE_MOST;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::UNIT;
use crate::reply::numbers::Number;
use crate::reply::numbers::number_at;
use crate::reply::numbers::only_number;

/// The best of all ratings.
const MOST: u32 = 10;

/// A number alone.
pub(crate) fn exact(heard: &Heard) -> Option<u8> {
    let number = only_number(heard).filter(|number| !number.ordinal)?;
    u8::try_from(number.value).ok().filter(|rating| u32::from(*rating) <= MOST)
}

/// A rating in a sentence, or an end of the scale in words.
pub(crate) fn read(heard: &Heard) -> Reading {
    if let Some(end) = end_in_words(heard) {
        return Reading::Understood(Value::Scale(end));
    }
    match one_number(heard) {
        Some(rating) if rating <= MOST => u8::try_from(rating)
            .map_or(Reading::NotUnderstood, |rating| Reading::Understood(Value::Scale(rating))),
        Some(_) => Reading::NotAllowed,
        None => Reading::NotUnderstood,
    }
}

/// The one number of a text that is meant as the answer.
pub(crate) fn one_number(heard: &Heard) -> Option<u32> {
    if heard.has(INEXACT) || has_sign(heard) {
        return None;
    }
    let mut rating = None;
    let mut at = 0;
    while at < heard.len() {
        if heard.longest(at, BECAUSE).is_some() && rating.is_some() {
            break;
        }
        match meant_number(heard, at) {
            Some((number, to)) if rating.is_none() && stands_well(heard, at, number, to) => {
                rating = Some(number.value);
                at = to;
            }
            Some((number, to)) if rating.is_some() && counts_something(heard, number) => at = to,
            Some((number, to)) if rating == Some(number.value) && heard.folded.before(at) == Some('(') => {
                at = to;
            }
            Some(_) => return None,
            None => at += 1,
        }
    }
    rating
}

/// A number with its "out of ten".
fn meant_number(heard: &Heard, at: usize) -> Option<(Number, usize)> {
    let lone_o = heard.len() == 1 && heard.word(0) == "o";
    if lone_o {
        return Some((Number { from: 0, to: 1, value: 0, ordinal: false }, 1));
    }
    let number = number_at(heard, at).filter(|number| !number.ordinal)?;
    if heard.len() <= number.to {
        return Some((number, number.to));
    }
    let out_of = heard.longest(number.to, OUT_OF).map(|found| found.to);
    let slash = (heard.folded.before(number.to) == Some('/'))
        .then(|| number_at(heard, number.to))
        .flatten()
        .filter(|most| most.value == MOST && !most.ordinal)
        .map(|most| most.to);
    Some((number, out_of.or(slash).unwrap_or(number.to)))
}

/// `5 times a week`: a number of something.
fn counts_something(heard: &Heard, number: Number) -> bool {
    number.to < heard.len()
        && heard.folded.before(number.to).is_none()
        && heard.longest(number.to, UNIT).is_some()
}

/// Whether it opens the text, or only words that lead up to a rating stand before it.
fn stands_well(heard: &Heard, at: usize, number: Number, to: usize) -> bool {
    let mut before = 0;
    while before < at {
        match heard.longest(before, NUMBER_BEFORE | POLITE | THANKS) {
            Some(found) => before = found.to,
            None if heard.is_picture(before) => before += 1,
            None => {
                let led_up = heard.longest(at - 1, NUMBER_BEFORE).is_some_and(|found| found.to == at);
                return led_up && to == heard.len();
            }
        }
    }
    to != number.to || !counts_something(heard, number)
}

/// Signs that make a number something else: minus, plus, a decimal point, percent.
fn has_sign(heard: &Heard) -> bool {
    let text = heard.folded.text.as_bytes();
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let minus = text.first() == Some(&b'-') && digit(1);
    let inside = (1..text.len()).any(|at| match text[at] {
        b'.' | b',' | b':' => digit(at - 1) && digit(at + 1),
        b'+' => digit(at - 1),
        b'-' => (digit(at - 1) && digit(at + 1)) || (text[at - 1] == b' ' && digit(at + 1) && at == 1),
        _ => false,
    });
    minus || inside
}

fn end_in_words(heard: &Heard) -> Option<u8> {
    let tags = heard.covered_by(SCALE_LEAST | SCALE_MOST | POLITE | THANKS)?;
    match (tags.intersects(SCALE_LEAST), tags.intersects(SCALE_MOST)) {
        (true, false) => Some(0),
        (false, true) => Some(10),
        (true, true) | (false, false) => None,
    }
}
