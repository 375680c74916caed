//! Yes or no.
//!
//! Invariant: a yes that the rest of the text takes back is no yes; slips of spelling are never guessed.

use crate::reply::heard::Found;
use crate::reply::heard::Heard;
use crate::reply::lexicon::BUT;
use crate::reply::lexicon::LIMIT;
use crate::reply::lexicon::LIMITED;
use crate::reply::lexicon::NEUTRAL;
use crate::reply::lexicon::NO;
use crate::reply::lexicon::NO_ALONE;
use crate::reply::lexicon::NO_FIRST;
use crate::reply::lexicon::NO_REASON;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::NUMBER_BEFORE;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::QUESTION;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::lexicon::UNSURE;
use crate::reply::lexicon::YES;
use crate::reply::lexicon::YES_FIRST;
use crate::reply::numbers::is_no_number;
use crate::reply::numbers::number_at;
use crate::reply::numbers::only_number;

const ANY_YES: Tags = YES.with(YES_FIRST);
const ANY_NO: Tags = NO.with(NO_FIRST).with(NO_REASON);
const SAYS_NOTHING: Tags = POLITE.with(THANKS);
const ALL: Tags = ANY_YES
    .with(ANY_NO)
    .with(NO_ALONE)
    .with(UNSURE)
    .with(SAYS_NOTHING)
    .with(BUT)
    .with(NEUTRAL)
    .with(QUESTION);

/// A bare 1 or 2, or a text that is one plain word for yes or no.
pub(crate) fn exact(heard: &Heard, numbers_only: bool) -> Option<bool> {
    if let Some(number) = only_number(heard) {
        return by_number(number.value);
    }
    if numbers_only || heard.folded.asks() || heard.len() == 0 {
        return None;
    }
    let whole = heard.longest(0, ANY_YES | ANY_NO).filter(|found| found.to == heard.len())?;
    one_of(whole.is(ANY_YES), whole.is(ANY_NO))
}

/// Yes, no, or neither.
pub(crate) fn read(heard: &Heard, numbers_only: bool) -> Option<bool> {
    if numbers_only {
        return exact(heard, true);
    }
    if let Some(plain) = exact(heard, false) {
        return Some(plain);
    }
    match numbered(heard) {
        Numbered::Says(answer) => answer,
        Numbered::NoNumber => by_words(heard),
    }
}

/// Whether a polite refusal stands in a text that also says that all is well: "no im fine".
pub(crate) fn says_all_is_well(heard: &Heard) -> bool {
    heard.has(NO_ALONE)
}

/// Whether a text is nothing but yes or no.
pub(crate) fn is_yes_or_no(heard: &Heard) -> bool {
    heard
        .covered_by(YES | YES_FIRST | NO | NO_FIRST | POLITE | THANKS)
        .is_some_and(|tags| tags.intersects(YES_FIRST | NO_FIRST))
}

fn by_number(number: u32) -> Option<bool> {
    match number {
        1 => Some(true),
        2 => Some(false),
        _ => None,
    }
}

fn one_of(yes: bool, no: bool) -> Option<bool> {
    (yes != no).then_some(yes)
}

/// What a text says that is a number and words that go with one.
enum Numbered {
    /// Yes, no, or something contradictory.
    Says(Option<bool>),
    /// It is no such text.
    NoNumber,
}

/// `number 1 please`, `1 yes`; `no 1` may be either.
fn numbered(heard: &Heard) -> Numbered {
    let Some(chosen) = number_among_words(heard) else {
        return Numbered::NoNumber;
    };
    let says_other = heard
        .phrases(ALL)
        .iter()
        .any(|found| found.is(UNSURE | QUESTION) || found.is(if chosen { ANY_NO } else { ANY_YES }));
    Numbered::Says((!says_other).then_some(chosen))
}

fn number_among_words(heard: &Heard) -> Option<bool> {
    let mut chosen = None;
    let mut at = 0;
    while at < heard.len() {
        let number = number_at(heard, at).filter(|number| !number.ordinal && !is_no_number(heard, *number));
        let around = heard.longest(at, NUMBER_BEFORE | SAYS_NOTHING | ANY_YES | ANY_NO);
        match (number, around) {
            (Some(number), _) if chosen.is_none() => {
                chosen = Some(by_number(number.value)?);
                at = number.to;
            }
            (None, Some(found)) => at = found.to,
            (Some(_) | None, _) => return None,
        }
    }
    chosen
}

fn by_words(heard: &Heard) -> Option<bool> {
    if let Some(spelled) = spelled_apart(heard) {
        return Some(spelled);
    }
    let mut phrases = heard.phrases(ALL);
    if let Some(but) = phrases.iter().position(|found| found.is(BUT)) {
        if !only_limits(heard, phrases[but].to) {
            return None;
        }
        phrases.truncate(but);
    }
    if phrases.iter().any(|found| found.is(UNSURE)) || heard.folded.asks() {
        return None;
    }
    let known = phrases.iter().all(|found| says_something_known(heard, found));
    if known { whole(&phrases) } else { opened(heard, &phrases) }
}

fn says_something_known(heard: &Heard, found: &Found) -> bool {
    found.is(ANY_YES | ANY_NO | NO_ALONE | SAYS_NOTHING) || heard.is_picture(found.from)
}

/// Every word is known: yes or no, if only one of them was said.
fn whole(phrases: &[Found]) -> Option<bool> {
    let says = |wanted| phrases.iter().any(|found| found.is(wanted));
    // "please" alone is a yes, but beside a no it is only polite.
    let plain_yes = phrases.iter().any(|found| found.is(ANY_YES) && !found.is(SAYS_NOTHING));
    match (plain_yes, says(ANY_NO)) {
        (true, true) => None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) if says(NO_ALONE) => Some(false),
        (false, false) => says(ANY_YES).then_some(true),
    }
}

/// A text that opens with a clear yes or no, and goes on about something else.
fn opened(heard: &Heard, phrases: &[Found]) -> Option<bool> {
    let lead = phrases.iter().position(|found| !found.is(SAYS_NOTHING) || found.is(ANY_YES | ANY_NO))?;
    let (first, tail) = (phrases.get(lead)?, &phrases[lead + 1..]);
    let yes = one_of(first.is(YES_FIRST), first.is(NO_FIRST))?;
    let takes_back = tail.iter().any(|found| {
        let other_way = if yes { found.is(ANY_NO) } else { found.is(ANY_YES) && !found.is(SAYS_NOTHING) };
        other_way && !found.is(NEUTRAL)
    });
    let next = tail.first()?;
    let asks_back = next.is(QUESTION) && heard.folded.before(next.from).is_none();
    let denies = yes && heard.longest(next.from, NOT).is_some();
    (!takes_back && !asks_back && !denies).then_some(yes)
}

/// Whether the rest only says when: `but not on sundays`, `but dont ring before 10`.
fn only_limits(heard: &Heard, from: usize) -> bool {
    let mut at = from;
    let mut says_when = false;
    while at < heard.len() {
        let number = number_at(heard, at).filter(|_| says_when);
        let Some(found) = heard.longest(at, LIMIT | LIMITED | NOT | POLITE | THANKS | BUT) else {
            let Some(number) = number else { return false };
            at = number.to;
            continue;
        };
        says_when = says_when || found.is(LIMIT);
        at = found.to;
    }
    says_when || at == from
}

/// `ye s`: a short word with a space in it.
fn spelled_apart(heard: &Heard) -> Option<bool> {
    let joined: String = heard.folded.words().collect();
    if heard.len() != 2 || 3 < joined.len() {
        return None;
    }
    let spoken = heard.lexicons().languages.values().find_map(|lexicon| {
        let tags = lexicon.meaning(lexicon.step(0, lexicon.word(&joined))?).tags;
        one_of(tags.intersects(YES_FIRST), tags.intersects(NO_FIRST))
    })?;
    let first = heard.longest(0, ANY_YES | ANY_NO);
    let agrees = first.is_none_or(|found| found.is(if spoken { ANY_YES } else { ANY_NO }));
    agrees.then_some(spoken)
}
