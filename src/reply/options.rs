//! The choices of a question, in the form in which a text is compared with them.
//!
//! Invariant: two choices that share a word are told apart by the rest, or not at all.

use strsim::osa_distance;

use crate::phrases::quick::hash;
use crate::reply::ChoiceWords;
use crate::reply::Lexicons;
use crate::reply::heard::Heard;
use crate::reply::lexicon::GENERIC;
use crate::reply::lexicon::GREETING;
use crate::reply::lexicon::NO;
use crate::reply::lexicon::NO_FIRST;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::SMALL;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::lexicon::YES;
use crate::reply::lexicon::YES_FIRST;
use crate::reply::text::Folded;

/// Words that stand in many texts and name nothing by themselves.
const COMMON: Tags =
    YES.with(YES_FIRST).with(NO).with(NO_FIRST).with(NOT).with(POLITE).with(THANKS).with(GREETING);

/// Shorter words are never taken for slips of one another: too many of them are one letter apart.
const LEAST_SLIP: usize = 4;

/// A word, or several that mean one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Where it begins.
    pub from: usize,
    /// The word after it.
    pub to: usize,
    /// What it means: the same for words of one group, and for one and many.
    pub key: u64,
    /// A word such as `the`.
    small: bool,
    /// A word that tells no choices apart, such as `group`.
    generic: bool,
}

/// The choices of a question.
pub(crate) struct Options<'a> {
    forms: Vec<(usize, &'a Form)>,
    /// How many choices there are.
    pub count: usize,
}

/// A label, or other words that mean a choice, folded.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    folded: Folded,
    /// Its letters without what stands between the words.
    squashed: String,
    units: Vec<Unit>,
    /// The units without small words at the ends.
    core: (usize, usize),
    is_label: bool,
}

/// How a text names a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    /// Which choice.
    pub choice: usize,
    /// How many units name it.
    pub units: usize,
}

impl<'a> Options<'a> {
    /// The labels and words of the choices.
    pub fn new(choices: &'a [ChoiceWords], lexicons: &Lexicons) -> Self {
        let forms = choices.iter().enumerate();
        Self {
            forms: forms
                .flat_map(|(choice, words)| words.forms(lexicons).iter().map(move |form| (choice, form)))
                .collect(),
            count: choices.len(),
        }
    }

    /// The one choice of which this is the whole label or an accepted word.
    pub fn whole(&self, heard: &Heard, units: &[Unit]) -> Option<usize> {
        let squashed = squashed(&heard.folded);
        let spelt = |form: &Form| form.squashed == squashed;
        let meant =
            |form: &Form| form.units.iter().map(|unit| unit.key).eq(units.iter().map(|unit| unit.key));
        // "Often" is one choice where "Most of the time", which means the same elsewhere, is another.
        self.only(spelt).or_else(|| self.only(meant))
    }

    /// The one choice that has such a label or word.
    fn only(&self, is_such: impl Fn(&Form) -> bool) -> Option<usize> {
        one(self.forms.iter().filter(|(_, form)| is_such(form)).map(|(choice, _)| *choice))
    }

    /// The choice whose label or word stands here in full; the longest, if only one.
    pub fn full(&self, units: &[Unit]) -> Option<Named> {
        let standing = self.forms.iter().filter(|(_, form)| form.stands_at(units));
        let longest = standing.clone().map(|(_, form)| form.core_len()).max()?;
        let choice = one(standing.filter(|(_, form)| form.core_len() == longest).map(|(choice, _)| *choice))?;
        Some(Named { choice, units: longest })
    }

    /// The choices that have this word in their labels.
    pub fn with_word(&self, unit: &Unit) -> Vec<usize> {
        if unit.small { Vec::new() } else { self.with_key(unit.key) }
    }

    /// The choices that have this word among those that tell them apart.
    fn with_key(&self, key: u64) -> Vec<usize> {
        self.choices_by(|form| form.content().any(|own| own.key == key))
    }

    /// The one choice that has these letters or digits as a word of its label.
    pub fn with_letters(&self, letters: &str) -> Option<usize> {
        one(self.with_key(hash(singular(letters).as_bytes())).into_iter())
    }

    /// The one choice that has a word of which this is a slip: one letter more, less, other, or two swapped.
    pub fn with_slip(&self, word: &str) -> Option<usize> {
        let is_slip = |form: &Form| {
            form.content().any(|own| (own.from..own.to).any(|at| slip(word, form.folded.word(at))))
        };
        one(self.choices_by(is_slip).into_iter())
    }

    fn choices_by(&self, holds: impl Fn(&Form) -> bool) -> Vec<usize> {
        let mut choices: Vec<usize> =
            self.forms.iter().filter(|(_, form)| holds(form)).map(|(choice, _)| *choice).collect();
        choices.dedup();
        choices
    }
}

impl Form {
    /// Folds a label, or another word; nothing where it holds no word.
    pub fn new(text: &str, is_label: bool, lexicons: &Lexicons) -> Option<Self> {
        let heard = Heard::folded(Folded::whole(text), lexicons);
        let units = units(&heard);
        let squashed = squashed(&heard.folded);
        let core = core(&heard, &units);
        let is_any = !units.is_empty();
        is_any.then_some(Self { folded: heard.folded, squashed, units, core, is_label })
    }

    fn core_len(&self) -> usize {
        self.core.1 - self.core.0
    }

    /// Whether its core stands at the beginning of these units.
    fn stands_at(&self, units: &[Unit]) -> bool {
        let core = &self.units[self.core.0..self.core.1];
        core.len() <= units.len() && core.iter().zip(units).all(|(one, other)| one.key == other.key)
    }

    /// The words of a label that may tell it from others: of "In a group" there is only a generic one.
    fn content(&self) -> impl Iterator<Item = &Unit> {
        let any = |wanted: fn(&Unit) -> bool| self.units.iter().any(wanted);
        let (content, large) = (any(Unit::is_content), any(|unit| !unit.small));
        let tells = move |unit: &&Unit| if content { unit.is_content() } else { !(large && unit.small) };
        self.units.iter().filter(move |unit| self.is_label && tells(unit))
    }
}

/// The units without small words at the ends; all of them where nothing but a word like "no" would be left, which
/// stands in too many texts: "no one" is not "no".
fn core(heard: &Heard, units: &[Unit]) -> (usize, usize) {
    let from = units.iter().position(|unit| !unit.small).unwrap_or(0);
    let to = units.iter().rposition(|unit| !unit.small).map_or(units.len(), |last| last + 1);
    let common = |unit: &Unit| unit.generic || heard.is_phrase(unit.from, unit.to, COMMON);
    match &units[from..to] {
        [only] if 1 < units.len() && common(only) => (0, units.len()),
        _ => (from, to),
    }
}

/// The words of a text, those that mean one thing together.
pub(crate) fn units(heard: &Heard) -> Vec<Unit> {
    let mut units = Vec::with_capacity(heard.len());
    let mut at = 0;
    while at < heard.len() {
        let unit = unit_at(heard, at);
        at = unit.to;
        units.push(unit);
    }
    units
}

fn unit_at(heard: &Heard, at: usize) -> Unit {
    let group = heard.longest_by(at, |meaning| meaning.same.is_some());
    if let Some(found) = group
        && let Some(key) = found.meaning.same
    {
        let small = found.to == at + 1 && heard.is_phrase(at, at + 1, SMALL);
        return Unit { from: at, to: found.to, key, small, generic: false };
    }
    let tags = heard.longest(at, SMALL | GENERIC).filter(|found| found.to == at + 1);
    Unit {
        from: at,
        to: at + 1,
        key: hash(singular(heard.word(at)).as_bytes()),
        small: tags.is_some_and(|found| found.is(SMALL)),
        generic: tags.is_some_and(|found| found.is(GENERIC)),
    }
}

impl Unit {
    /// Whether it is a word such as `the`.
    pub fn is_small(&self) -> bool {
        self.small
    }

    /// Whether it may tell choices apart.
    pub fn is_content(&self) -> bool {
        !self.small && !self.generic
    }
}

/// A word without the ending that makes it many.
fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(one) if 3 < one.len() && !one.ends_with('s') => one,
        Some(_) | None => word,
    }
}

fn slip(word: &str, own: &str) -> bool {
    let (short, long) = (word.len().min(own.len()), word.len().max(own.len()));
    let letters = word.chars().chain(own.chars()).all(char::is_alphabetic);
    LEAST_SLIP <= short && long <= short + 2 && letters && osa_distance(word, own) == 1
}

fn squashed(folded: &Folded) -> String {
    folded.words().collect()
}

/// The one choice of these, if it is one.
fn one(mut choices: impl Iterator<Item = usize>) -> Option<usize> {
    let first = choices.next()?;
    choices.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::AnswerKind;
    use crate::reply::Asking;
    use crate::reply::Reading;
    use crate::reply::read;

    #[test]
    fn an_accepted_word_is_never_cut_down_to_a_word_that_stands_everywhere() {
        let words = |name: &str, label: &str, words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            ChoiceWords::new(name.parse().unwrap(), label.to_owned(), words)
        };
        let choices = [
            words("nobody", "Nobody", &["no one", "not me"]),
            words("somebody", "A neighbour", &["my friend"]),
        ];
        let lexicons = Lexicons::embedded_for_tests();
        let kind = AnswerKind::ChooseOne;
        let asking =
            Asking { kind: &kind, choices: &choices, today: jiff::civil::Date::ZERO, numbers_only: false };
        let understood = |text: &str| matches!(read(&asking, text, &lexicons), Reading::Understood(_));
        assert!(understood("no one") && understood("there is no one") && understood("a neighbour"));
        assert!(!understood("no thanks") && !understood("not sure") && !understood("no"));
    }
}
