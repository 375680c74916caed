//! Numbers as people write them: digits of any script, words, ordinals.
//!
//! Invariant: a number is never guessed from something that only resembles one.

use crate::reply::heard::Heard;
use crate::reply::lexicon::ABOUT_ENDING;
use crate::reply::lexicon::NEUTRAL;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::ORDINAL_ENDING;

/// A number that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    /// Where it begins.
    pub from: usize,
    /// The word after it.
    pub to: usize,
    /// What it is.
    pub value: u32,
    /// Whether it says a place in an order: `2nd`, `third`.
    pub ordinal: bool,
}

/// The number that begins at this word.
pub(crate) fn number_at(heard: &Heard, at: usize) -> Option<Number> {
    let word = heard.word(at);
    let one = |value, ordinal| Number { from: at, to: at + 1, value, ordinal };
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let value = digits.parse().ok()?;
        let ending = &word[digits.len()..];
        return if ending.is_empty() || heard.is_ending(ending, ABOUT_ENDING) {
            Some(one(value, false))
        } else {
            heard.is_ending(ending, ORDINAL_ENDING).then(|| one(value, true))
        };
    }
    ordinal_at(heard, at).or_else(|| cardinal_at(heard, at))
}

fn ordinal_at(heard: &Heard, at: usize) -> Option<Number> {
    let found = heard.longest_by(at, |meaning| meaning.ordinal.is_some())?;
    let value = u32::from(found.meaning.ordinal?);
    Some(Number { from: at, to: found.to, value, ordinal: true })
}

/// A number in words: `seven`, `twenty one`.
fn cardinal_at(heard: &Heard, at: usize) -> Option<Number> {
    let first = heard.longest_by(at, |meaning| meaning.number.is_some())?;
    let mut value = u32::from(first.meaning.number?);
    let mut to = first.to;
    let tens = (20..100).contains(&value) && value.is_multiple_of(10);
    if tens && to < heard.len() && heard.folded.before(to).is_none_or(|c| c == '-') {
        let unit = heard.longest_by(to, |meaning| meaning.number.is_some());
        if let Some(unit) = unit
            && let Some(digit @ 1..=9) = unit.meaning.number
        {
            value += u32::from(digit);
            to = unit.to;
        }
    }
    Some(Number { from: at, to, value, ordinal: false })
}

/// The "one" of `no one`, `any one`, `one moment`, `one of my sons`: words of a phrase that counts nothing; and the Welsh
/// "no" of `dim bws`, which alone is a nought.
pub(crate) fn is_no_number(heard: &Heard, number: Number) -> bool {
    let is_digits = heard.word(number.from).bytes().all(|byte| byte.is_ascii_digit());
    let holds_it = |at: usize| heard.longest(at, NEUTRAL).is_some_and(|found| number.from < found.to);
    let refuses = number.to < heard.len() && heard.is_phrase(number.from, number.to, NOT);
    !is_digits && (refuses || (0..=number.from).any(holds_it))
}

/// The number that is the whole text.
pub(crate) fn only_number(heard: &Heard) -> Option<Number> {
    let number = (heard.len() != 0).then(|| number_at(heard, 0)).flatten()?;
    (number.to == heard.len() && is_bare(heard)).then_some(number)
}

/// Whether nothing but brackets, full stops and the like stands around: no minus, plus, slash or percent.
pub(crate) fn is_bare(heard: &Heard) -> bool {
    !heard.folded.text.contains(['-', '+', '/', '%', '<', '>', '=', '~'])
}
