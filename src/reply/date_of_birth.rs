//! A date of birth. The day comes first.
//!
//! Invariant: a date is whole and there is one of it, or it is asked again; nobody is born in the future.

use jiff::civil::Date;
use strsim::osa_distance;

use crate::domain::answer::Value;
use crate::reply::Reading;
use crate::reply::heard::Heard;
use crate::reply::lexicon::RELATIVE;
use crate::reply::lexicon::UNSURE;
use crate::reply::numbers::number_at;

/// Nobody in the United Kingdom has lived longer than 115 years.
const OLDEST: i16 = 115;

/// Two-digit years are read for adults: children write all four, or are asked again.
const ADULT: i16 = 18;

/// Shorter names of months are one letter apart from each other.
const LEAST_SLIP: usize = 5;

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A number, and how many digits it was written with; words count as two.
    Number { value: i16, digits: usize },
    /// A month by its name.
    Month(i8),
    /// A day and a month together: a day with a name.
    DayAndMonth(i8, i8),
    /// Day, month, and year with its digits, written together: `14071982`.
    Whole(i8, i8, (i16, usize)),
}

/// Reads a date.
pub(crate) fn read(heard: &Heard, today: Date) -> Reading {
    let Some(parts) = parts(heard) else {
        return Reading::NotUnderstood;
    };
    let Some((day, month, year)) = ordered(&parts) else {
        return Reading::NotUnderstood;
    };
    let Some(date) = date(day, month, year, today) else {
        return Reading::NotUnderstood;
    };
    if today < date || date.year() < today.year() - OLDEST - 1 {
        return Reading::NotAllowed;
    }
    if heard.has(RELATIVE | UNSURE) {
        return Reading::Propose(Value::Date(date));
    }
    Reading::Understood(Value::Date(date))
}

/// The parts of dates in a text, in order; nothing where a number is no part of one.
fn parts(heard: &Heard) -> Option<Vec<Part>> {
    let mut parts = Vec::with_capacity(4);
    let mut at = 0;
    while at < heard.len() {
        let (part, to) = part_at(heard, at)?;
        parts.extend(part);
        at = to;
    }
    Some(parts)
}

fn part_at(heard: &Heard, at: usize) -> Option<(Option<Part>, usize)> {
    let named = heard.longest_by(at, |meaning| meaning.named_day.is_some());
    if let Some(found) = named
        && let Some((day, month)) = found.meaning.named_day
    {
        let part = Part::DayAndMonth(i8::try_from(day).ok()?, i8::try_from(month).ok()?);
        return Some((Some(part), found.to));
    }
    let word = heard.word(at);
    if word.starts_with(|c: char| c.is_ascii_digit()) && 4 < word.len() {
        return Some((Some(written_together(word)?), at + 1));
    }
    if let Some(number) = number_at(heard, at) {
        let (value, to) = year_in_words(heard, at, number.value, number.to);
        let digits = if word.starts_with(|c: char| c.is_ascii_digit()) {
            word.bytes().filter(u8::is_ascii_digit).count()
        } else if 99 < value {
            4
        } else {
            2
        };
        return Some((Some(Part::Number { value: i16::try_from(value).ok()?, digits }), to));
    }
    if let Some((month, to)) = month_at(heard, at) {
        return Some((Some(Part::Month(month)), to));
    }
    Some((None, at + 1))
}

/// `14071982`, `030356`.
fn written_together(word: &str) -> Option<Part> {
    let all_digits = word.bytes().all(|b| b.is_ascii_digit());
    if !all_digits || !matches!(word.len(), 6 | 8) {
        return None;
    }
    let year = (word[4..].parse().ok()?, word.len() - 4);
    Some(Part::Whole(word[..2].parse().ok()?, word[2..4].parse().ok()?, year))
}

/// `nineteen sixty two`, `two thousand and four`.
fn year_in_words(heard: &Heard, at: usize, value: u32, to: usize) -> (u32, usize) {
    let in_words = !heard.word(at).starts_with(|c: char| c.is_ascii_digit());
    if !in_words || !matches!(value, 19 | 20) || heard.len() <= to {
        return (value, to);
    }
    match number_at(heard, to).filter(|rest| !rest.ordinal && rest.value < 100) {
        Some(rest) => (value * 100 + rest.value, rest.to),
        None => (value, to),
    }
}

/// The month that is named here; a long name may have one slip.
fn month_at(heard: &Heard, at: usize) -> Option<(i8, usize)> {
    if let Some(found) = heard.longest_by(at, |meaning| meaning.month.is_some()) {
        return Some((i8::try_from(found.meaning.month?).ok()?, found.to));
    }
    let word = heard.word(at);
    if word.len() < LEAST_SLIP {
        return None;
    }
    let near = heard.lexicons().languages.values().flat_map(|lexicon| {
        lexicon
            .single_words(|meaning| meaning.month.is_some())
            .filter(|(name, _)| LEAST_SLIP <= name.len() && osa_distance(word, name) == 1)
            .filter_map(|(_, meaning)| meaning.month)
    });
    let mut months: Vec<u8> = near.collect();
    months.sort_unstable();
    months.dedup();
    let [month] = months[..] else {
        return None;
    };
    Some((i8::try_from(month).ok()?, at + 1))
}

/// Day, month and year, where the parts are exactly one date.
fn ordered(parts: &[Part]) -> Option<(i8, i8, (i16, usize))> {
    let small = |value: i16| i8::try_from(value).ok();
    match *parts {
        [
            Part::Number { value: year, digits: 4 },
            Part::Number { value: month, .. },
            Part::Number { value: day, .. },
        ] if 99 < year => Some((small(day)?, small(month)?, (year, 4))),
        [
            Part::Number { value: day, .. },
            Part::Number { value: month, .. },
            Part::Number { value: year, digits },
        ] => Some((small(day)?, small(month)?, (year, digits))),
        [Part::Number { value: day, .. }, Part::Month(month), Part::Number { value: year, digits }]
        | [Part::Month(month), Part::Number { value: day, .. }, Part::Number { value: year, digits }] => {
            Some((small(day)?, month, (year, digits)))
        }
        [Part::DayAndMonth(day, month), Part::Number { value: year, digits }] => {
            Some((day, month, (year, digits)))
        }
        [Part::Whole(day, month, year)] => Some((day, month, year)),
        _ => None,
    }
}

fn date(day: i8, month: i8, (year, digits): (i16, usize), today: Date) -> Option<Date> {
    match digits {
        4 => Date::new(year, month, day).ok(),
        2 => {
            let century = today.year() - today.year() % 100;
            let grown_up = |date: &Date| date.year() + ADULT < today.year() || has_birthday(*date, today);
            let of = |century: i16| Date::new(century + year, month, day).ok();
            let recent = of(century).filter(|date| date <= &today && grown_up(date));
            recent.or_else(|| of(century - 100).filter(|date| today.year() - date.year() <= OLDEST))
        }
        _ => None,
    }
}

/// Whether somebody who was born on `date` is an adult today.
fn has_birthday(date: Date, today: Date) -> bool {
    date.year() + ADULT == today.year() && (date.month(), date.day()) <= (today.month(), today.day())
}
