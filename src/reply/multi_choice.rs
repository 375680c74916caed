//! Several of several choices.
//!
//! Invariant: one number that is off the list makes the whole list unclear.

use std::collections::BTreeSet;

use crate::domain::answer::Value;
use crate::reply::Asking;
use crate::reply::Reading;
use crate::reply::choice;
use crate::reply::choice::letter_at;
use crate::reply::heard::Heard;
use crate::reply::lexicon::ALL;
use crate::reply::lexicon::AND;
use crate::reply::lexicon::BOTH;
use crate::reply::lexicon::EXCEPT;
use crate::reply::lexicon::NO_FIRST;
use crate::reply::lexicon::NONE;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::YES_FIRST;
use crate::reply::mentions::Mentions;
use crate::reply::mentions::mentions;
use crate::reply::options::Options;
use crate::reply::options::units;

/// The number of one choice, its whole label, or an accepted word.
pub(crate) fn exact(asking: &Asking, heard: &Heard) -> Option<Value> {
    choice::exact(asking, heard).map(|only| value(asking, &BTreeSet::from([only])))
}

/// A list of choices; empty for a clear "none".
pub(crate) fn read(asking: &Asking, heard: &Heard, most: Option<u8>) -> Reading {
    if let Some(only) = exact(asking, heard) {
        return Reading::Understood(only);
    }
    if let Some(chosen) =
        together(heard, asking.choices.len()).or_else(|| letters(heard, asking.choices.len()))
    {
        return limited(asking, &chosen, most, true);
    }
    let options = Options::new(asking.choices, heard.lexicons());
    let found = mentions(heard, &options, &units(heard));
    if found.off_list {
        return Reading::NotAllowed;
    }
    let chosen = chosen(&found, asking.choices.len());
    let only_guessed = chosen.is_subset(&found.guessed) && found.unknown != 0;
    if chosen.is_empty() || found.asks_back || only_guessed {
        return Reading::NotUnderstood;
    }
    let sure = !found.doubt && !found.joined_unknown && found.guessed.is_empty();
    limited(asking, &chosen, most, sure)
}

fn limited(asking: &Asking, chosen: &BTreeSet<usize>, most: Option<u8>, sure: bool) -> Reading {
    if most.is_some_and(|most| usize::from(most) < chosen.len()) {
        return Reading::NotAllowed;
    }
    let value = value(asking, chosen);
    if sure { Reading::Understood(value) } else { Reading::Propose(value) }
}

/// All, both or none of them.
fn together(heard: &Heard, count: usize) -> Option<BTreeSet<usize>> {
    let around = POLITE | THANKS;
    let says = |wanted, around| heard.covered_by(around | wanted).is_some_and(|tags| tags.intersects(wanted));
    if says(NONE, around | NO_FIRST) {
        Some(BTreeSet::new())
    } else if says(ALL, around | YES_FIRST) && !heard.has(EXCEPT)
        || opens_with_all(heard)
        || count == 2 && says(BOTH, around | YES_FIRST)
    {
        Some((0..count).collect())
    } else {
        None
    }
}

/// `all of them really, mainly the company`: what follows takes nothing back.
fn opens_with_all(heard: &Heard) -> bool {
    if heard.len() == 0 {
        return false;
    }
    let starts = [0, heard.longest(0, YES_FIRST).map_or(0, |yes| yes.to)];
    let all = starts.into_iter().filter(|at| *at < heard.len()).find_map(|at| heard.longest(at, ALL));
    let Some(mut rest) = all.map(|all| all.to) else { return false };
    let parts =
        |at| heard.folded.before(at).is_some_and(|c| matches!(c, ',' | '.' | ';' | ':' | '-' | '\n' | '!'));
    while rest < heard.len() && !parts(rest) {
        let Some(polite) = heard.longest(rest, POLITE | THANKS) else { return false };
        rest = polite.to;
    }
    !heard.has(EXCEPT | NOT | NO_FIRST)
}

/// `a b`, `c, d and f`.
fn letters(heard: &Heard, count: usize) -> Option<BTreeSet<usize>> {
    let mut chosen = BTreeSet::new();
    let mut at = 0;
    while at < heard.len() {
        let around = heard.longest(at, AND | POLITE | THANKS);
        match (letter_at(heard, at, count), around) {
            (Some(place), _) => {
                chosen.insert(place);
                at += 1;
            }
            (None, Some(found)) => at = found.to,
            (None, None) => return None,
        }
    }
    (!chosen.is_empty()).then_some(chosen)
}

fn chosen(found: &Mentions, count: usize) -> BTreeSet<usize> {
    let mut chosen: BTreeSet<usize> = &(&found.numbered | &found.full) | &found.guessed;
    if found.numbered.is_empty() {
        chosen.extend(&found.partial);
    }
    if let Some(shared) = found.shared.as_ref().filter(|shared| chosen.is_empty() && shared.len() == 1) {
        chosen.extend(shared);
    }
    if found.rest && !found.refused.is_empty() {
        chosen.extend(0..count);
    } else if found.rest {
        return BTreeSet::new();
    }
    &chosen - &found.refused
}

fn value(asking: &Asking, chosen: &BTreeSet<usize>) -> Value {
    Value::Choices(chosen.iter().map(|choice| asking.choices[*choice].choice.clone()).collect())
}
