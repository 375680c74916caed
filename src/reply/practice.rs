//! A GP practice, by its name or by a postcode.
//!
//! Invariant: a practice that is only like one of ours is proposed, never taken.

use std::collections::BTreeSet;

use strsim::osa_distance;

use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::message::Words;
use crate::reply::Lexicons;
use crate::reply::PracticeWords;
use crate::reply::Reading;
use crate::reply::heard::Heard;
use crate::reply::lexicon::ANY_COMMAND;
use crate::reply::lexicon::KEYWORD;
use crate::reply::lexicon::NOT_A_PRACTICE;
use crate::reply::lexicon::PLEASANTRIES;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::PRACTICE_GENERIC;
use crate::reply::lexicon::PRACTICE_NONE;
use crate::reply::lexicon::PRACTICE_PLACE;
use crate::reply::lexicon::PRACTICE_WORD;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::lexicon::YES_OR_NO_OR_UNSURE;
use crate::reply::numbers::number_at;
use crate::reply::postcode;
use crate::reply::text::Folded;
use crate::reply::text::tidy;

/// Shorter words are never taken for slips of one another.
const LEAST_SLIP: usize = 4;

/// Shorter texts may be a name that we do not know.
const LEAST_STORY: usize = 8;

/// Longer texts are no name, whatever words they hold.
const LONGEST_NAME: usize = 20;

/// Words that are never the name of a practice by themselves.
const NO_NAME: Tags =
    ANY_COMMAND.with(NOT_A_PRACTICE).with(YES_OR_NO_OR_UNSURE).with(PLEASANTRIES).with(KEYWORD);

/// Whether a text that names no practice of ours tells a story instead of a name.
pub(crate) fn is_a_story(heard: &Heard) -> bool {
    LONGEST_NAME < heard.len() || LEAST_STORY <= heard.len() && !heard.has(PRACTICE_WORD)
}

/// The whole name of a practice of ours.
pub(crate) fn exact(heard: &Heard) -> Option<Value> {
    let said = heard.folded.plain();
    let lexicons = heard.lexicons();
    let is_it = |practice: &&PracticeWords| practice.forms(lexicons).iter().any(|name| name.plain == said);
    let mut found = lexicons.practices.iter().filter(is_it);
    let practice = found.next().filter(|_| !said.is_empty())?;
    found.next().is_none().then(|| known(practice))
}

/// Ours, a place, none, or words that a human will look up.
pub(crate) fn read(raw: &str, heard: &Heard) -> Reading {
    let tidied = tidy(raw);
    if !raw.chars().any(char::is_alphanumeric) {
        return Reading::NotUnderstood;
    }
    let none = heard
        .covered_by(PRACTICE_NONE | PRACTICE_GENERIC | POLITE | THANKS)
        .is_some_and(|tags| tags.intersects(PRACTICE_NONE));
    if none {
        return Reading::Understood(Value::Practice(PracticeAnswer::None));
    }
    if let Some(reading) = by_name(heard) {
        return reading;
    }
    if let Some(postcode) = postcode::read(heard) {
        return by_postcode(heard, postcode);
    }
    if is_no_name(heard) {
        return Reading::NotUnderstood;
    }
    let unknown = PracticeAnswer::Unknown(Words(tidied.text.to_owned()));
    Reading::Understood(Value::Practice(unknown))
}

/// Whether nothing stands here but numbers and words that answer something else, such as "yes" or "name".
fn is_no_name(heard: &Heard) -> bool {
    let mut at = 0;
    while at < heard.len() {
        let is_number = heard.word(at).bytes().all(|byte| byte.is_ascii_digit());
        at = match (number_at(heard, at), heard.longest(at, NO_NAME)) {
            (Some(number), _) => number.to,
            (None, Some(found)) => found.to,
            (None, None) if is_number || heard.is_picture(at) => at + 1,
            (None, None) => return false,
        };
    }
    true
}

fn known(practice: &PracticeWords) -> Value {
    Value::Practice(PracticeAnswer::Known(practice.id.clone()))
}

fn by_postcode(heard: &Heard, postcode: crate::domain::postcode::Postcode) -> Reading {
    let lexicons = heard.lexicons();
    let mut there =
        lexicons.practices.iter().filter(|practice| practice.postcode.as_ref() == Some(&postcode));
    if let (Some(practice), None) = (there.next(), there.next()) {
        return Reading::Propose(known(practice));
    }
    let inside = lexicons.areas.iter().any(|area| area.eq_ignore_ascii_case(postcode.outward()));
    let answer = if inside { PracticeAnswer::InArea(postcode) } else { PracticeAnswer::OutOfArea(postcode) };
    Reading::Understood(Value::Practice(answer))
}

/// The one practice whose own words are those of the text, or some of them.
fn by_name(heard: &Heard) -> Option<Reading> {
    let said = own_words(heard);
    if said.is_empty() {
        return None;
    }
    let lexicons = heard.lexicons();
    let named = |fits: &dyn Fn(&BTreeSet<String>) -> bool| -> Vec<&PracticeWords> {
        let has_it = |practice: &&PracticeWords| practice.forms(lexicons).iter().any(|name| fits(&name.own));
        lexicons.practices.iter().filter(has_it).collect()
    };
    if let Some(practice) = one(&named(&|name| *name == said)) {
        return Some(Reading::Understood(known(practice)));
    }
    // Many a "Dr Patel's" stands in a street: that word alone points to none of ours.
    let tells = |own: &&String| Heard::new(own, lexicons).longest(0, PRACTICE_PLACE).is_none();
    let shares = |name: &BTreeSet<String>| name.intersection(&said).any(|own| tells(&own));
    let partly = named(&|name| name.is_subset(&said) || shares(name));
    let near = |name: &BTreeSet<String>| {
        name.iter().filter(tells).any(|own| said.iter().any(|word| slip(word, own)))
    };
    let proposed = if partly.is_empty() { named(&near) } else { partly };
    one(&proposed).map(|practice| Reading::Propose(known(practice)))
}

/// A name of a practice, as replies are compared with it.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    plain: String,
    own: BTreeSet<String>,
}

impl Name {
    /// Folds a name.
    pub fn new(name: &str, lexicons: &Lexicons) -> Self {
        let heard = Heard::folded(Folded::whole(name), lexicons);
        Self { own: own_words(&heard), plain: heard.folded.plain().to_owned() }
    }
}

/// The words of a name that other practices do not have as well: no "surgery", no "the".
fn own_words(heard: &Heard) -> BTreeSet<String> {
    (0..heard.len())
        .filter(|at| heard.longest(*at, PRACTICE_GENERIC).is_none())
        .map(|at| heard.word(at).to_owned())
        .collect()
}

fn slip(word: &str, own: &str) -> bool {
    let letters = word.chars().chain(own.chars()).all(char::is_alphabetic);
    LEAST_SLIP <= word.len().min(own.len()) && letters && osa_distance(word, own) == 1
}

fn one<'a>(practices: &[&'a PracticeWords]) -> Option<&'a PracticeWords> {
    let first = *practices.first()?;
    practices.iter().all(|other| other.id == first.id).then_some(first)
}
