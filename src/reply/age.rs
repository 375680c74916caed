//! An age that is said in round figures: "in my fifties", "forty-odd", "nearly 80", "born 1960".
//!
//! Invariant: a text stands for every age that it may mean, and only a whole text says one.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use crate::domain::answer::Value;
use crate::reply::Reading;
use crate::reply::date_of_birth;
use crate::reply::heard::Heard;
use crate::reply::lexicon::AGE_AROUND;
use crate::reply::lexicon::AGE_EARLY;
use crate::reply::lexicon::AGE_LATE;
use crate::reply::lexicon::AGE_MIDDLE;
use crate::reply::lexicon::AGE_NEARLY;
use crate::reply::lexicon::AGE_ODD;
use crate::reply::lexicon::AGE_OVER;
use crate::reply::lexicon::AGE_UNDER;
use crate::reply::lexicon::BORN;
use crate::reply::lexicon::NUMBER_BEFORE;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::numbers::number_at;

/// No question tells older ages apart.
const OLDEST: u32 = 100;

const SIGNS: Tags = AGE_ODD
    .with(AGE_NEARLY)
    .with(AGE_OVER)
    .with(AGE_UNDER)
    .with(BORN)
    .with(AGE_EARLY)
    .with(AGE_MIDDLE)
    .with(AGE_LATE);

const AROUND: Tags = AGE_AROUND.with(NUMBER_BEFORE).with(POLITE).with(THANKS);

/// What a whole text says of an age.
#[derive(Default)]
struct Said {
    numbers: Vec<u32>,
    decade: Option<u32>,
    signs: Tags,
}

/// The ages that a text may mean, where it does not simply name one.
pub(crate) fn ages(heard: &Heard, today: Date) -> Option<RangeInclusive<u32>> {
    let said = said(heard)?;
    let is = |sign| said.signs.intersects(sign);
    if let (Some(decade), []) = (said.decade, said.numbers.as_slice()) {
        let (from, to) = match () {
            () if is(AGE_EARLY) => (0, 3),
            () if is(AGE_MIDDLE) => (4, 6),
            () if is(AGE_LATE) => (7, 9),
            () => (0, 9),
        };
        return Some(decade + from..=decade + to);
    }
    match *said.numbers.as_slice() {
        [now, next] if is(AGE_NEARLY) && next == now + 1 => Some(now..=now),
        [tens] if is(AGE_ODD) && tens.is_multiple_of(10) => Some(tens..=tens + 9),
        [next] if is(AGE_NEARLY) && 0 < next => Some(next - 1..=next - 1),
        [least] if is(AGE_OVER) => Some(least..=OLDEST),
        [more] if is(AGE_UNDER) && 0 < more => Some(0..=more - 1),
        [year] if is(BORN) || 1900 <= year => born_in(year, today),
        _ => born_on(heard, today),
    }
}

/// What a text says, where every word of it belongs to an age.
fn said(heard: &Heard) -> Option<Said> {
    let mut said = Said::default();
    let mut at = 0;
    while at < heard.len() {
        let decade = heard.longest_by(at, |meaning| meaning.decade.is_some());
        at = match (decade, number_at(heard, at), heard.longest(at, SIGNS | AROUND)) {
            (Some(found), ..) if said.decade.is_none() => {
                said.decade = found.meaning.decade.map(u32::from);
                found.to
            }
            (None, Some(number), _) if !number.ordinal => {
                said.numbers.push(number.value);
                number.to
            }
            (None, None, Some(found)) => {
                said.signs = said.signs | found.meaning.tags.and(SIGNS);
                found.to
            }
            (None, None, None) if heard.is_month(at) => at + 1,
            (Some(_) | None, ..) => return None,
        };
    }
    Some(said)
}

/// The two ages of a year of birth. Of two digits, those of this century may be an age as well: they stand for any.
fn born_in(year: u32, today: Date) -> Option<RangeInclusive<u32>> {
    let this_year = u32::try_from(today.year()).ok()?;
    let year = match year {
        0..100 if year <= this_year % 100 => return Some(0..=OLDEST),
        0..100 => 1900 + year,
        whole => whole,
    };
    let age = this_year.checked_sub(year)?;
    Some(age.saturating_sub(1)..=age)
}

fn born_on(heard: &Heard, today: Date) -> Option<RangeInclusive<u32>> {
    let Reading::Understood(Value::Date(born)) = date_of_birth::read(heard, today) else { return None };
    let had_birthday = (born.month(), born.day()) <= (today.month(), today.day());
    let age = u32::try_from(today.year() - born.year()).ok()?.checked_sub(u32::from(!had_birthday))?;
    Some(age..=age)
}
