//! One of several choices.
//!
//! Invariant: two choices named, or something that is not on offer, is asked again.

use std::collections::BTreeSet;

use crate::domain::answer::Value;
use crate::reply::Asking;
use crate::reply::Lexicons;
use crate::reply::Reading;
use crate::reply::age::ages;
use crate::reply::heard::Heard;
use crate::reply::lexicon::NUMBER_BEFORE;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::THANKS;
use crate::reply::mentions::Mentions;
use crate::reply::mentions::mentions;
use crate::reply::numbers::only_number;
use crate::reply::options::Options;
use crate::reply::options::units;

/// The number of a choice, its whole label, or an accepted word.
pub(crate) fn exact(asking: &Asking, heard: &Heard) -> Option<usize> {
    if let Some(number) = only_number(heard).filter(|number| !number.ordinal) {
        let place = (number.value as usize).checked_sub(1).filter(|choice| *choice < asking.choices.len());
        return place.or_else(|| in_digits(asking, number.value, heard.lexicons()));
    }
    let units = units(heard);
    Options::new(asking.choices, heard.lexicons()).whole(heard, &units).filter(|_| !units.is_empty())
}

/// The choice that accepts this number as a word: an age, which people also spell out.
fn in_digits(asking: &Asking, number: u32, lexicons: &Lexicons) -> Option<usize> {
    let digits = Heard::new(&number.to_string(), lexicons);
    Options::new(asking.choices, lexicons).whole(&digits, &units(&digits))
}

/// The one choice that accepts every age that a text may mean, or that there are several; nothing where the question
/// tells no ages apart.
fn by_age(asking: &Asking, heard: &Heard) -> Option<Option<usize>> {
    let ages = ages(heard, asking.today)?;
    let named: BTreeSet<usize> = ages.filter_map(|age| in_digits(asking, age, heard.lexicons())).collect();
    (!named.is_empty()).then(|| only(&named))
}

/// One choice, by number, place, letter, or words that only it has.
pub(crate) fn read(asking: &Asking, heard: &Heard) -> Reading {
    if let Some(choice) = exact(asking, heard).or_else(|| letter(heard, asking.choices.len())) {
        return Reading::Understood(value(asking, choice));
    }
    if let Some(choice) = by_age(asking, heard) {
        return choice.map_or(Reading::NotUnderstood, |choice| Reading::Understood(value(asking, choice)));
    }
    let options = Options::new(asking.choices, heard.lexicons());
    let found = mentions(heard, &options, &units(heard));
    let Some((choice, sure)) = decide(&found) else {
        return if found.off_list && found.numbered.is_empty() {
            Reading::NotAllowed
        } else {
            Reading::NotUnderstood
        };
    };
    let value = value(asking, choice);
    if sure && !found.doubt { Reading::Understood(value) } else { Reading::Propose(value) }
}

/// The one choice that was named, and whether that is sure.
fn decide(found: &Mentions) -> Option<(usize, bool)> {
    let asked_back = found.rest || found.asks_back || found.joined_unknown || found.off_list;
    if asked_back {
        return None;
    }
    let named: BTreeSet<usize> =
        if found.numbered.is_empty() { &found.full | &found.partial } else { &found.numbered | &found.full };
    let shared = found.shared.as_ref().and_then(only).filter(|choice| !found.refused.contains(choice));
    match (only(&named), named.is_empty()) {
        (Some(choice), _) if !found.refused.contains(&choice) => {
            Some((choice, found.guessed.is_subset(&named)))
        }
        (None, true) => {
            shared.map(|choice| (choice, true)).or_else(|| found.sole_guess().map(|choice| (choice, false)))
        }
        (Some(_) | None, _) => None,
    }
}

pub(crate) fn only(choices: &BTreeSet<usize>) -> Option<usize> {
    let first = choices.first()?;
    (choices.len() == 1).then_some(*first)
}

/// A letter for a place: `b`, `option c`.
pub(crate) fn letter(heard: &Heard, count: usize) -> Option<usize> {
    let mut chosen = None;
    let mut at = 0;
    while at < heard.len() {
        let place = letter_at(heard, at, count);
        let around = heard.longest(at, NUMBER_BEFORE | POLITE | THANKS);
        match (place, around) {
            (Some(place), _) if chosen.is_none() && (heard.len() == at + 1 || around.is_none()) => {
                chosen = Some(place);
                at += 1;
            }
            (_, Some(found)) => at = found.to,
            (Some(_) | None, None) => return None,
        }
    }
    chosen
}

/// The place that a single letter stands for.
pub(crate) fn letter_at(heard: &Heard, at: usize, count: usize) -> Option<usize> {
    let &[letter @ b'a'..=b'i'] = heard.word(at).as_bytes() else {
        return None;
    };
    Some(usize::from(letter - b'a')).filter(|place| *place < count)
}

fn value(asking: &Asking, choice: usize) -> Value {
    Value::Choice(asking.choices[choice].choice.clone())
}
