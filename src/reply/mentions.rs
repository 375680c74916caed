//! Which choices a text names, and which it refuses.
//!
//! Invariant: what is said with a number is not outvoted by words that only resemble a label.

use std::collections::BTreeSet;

use crate::reply::heard::Heard;
use crate::reply::lexicon::AND;
use crate::reply::lexicon::BECAUSE;
use crate::reply::lexicon::BUT;
use crate::reply::lexicon::EXCEPT;
use crate::reply::lexicon::LAST;
use crate::reply::lexicon::NO_FIRST;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::NUMBER_BEFORE;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::QUESTION;
use crate::reply::lexicon::RANGE;
use crate::reply::lexicon::RELATIVE;
use crate::reply::lexicon::REST;
use crate::reply::lexicon::SMALL;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::lexicon::UNIT;
use crate::reply::lexicon::UNSURE;
use crate::reply::lexicon::YES;
use crate::reply::lexicon::YES_FIRST;
use crate::reply::numbers::Number;
use crate::reply::numbers::is_no_number;
use crate::reply::numbers::number_at;
use crate::reply::options::Options;
use crate::reply::options::Unit;
use crate::reply::when::only_says_when;
use crate::reply::yes_no::is_yes_or_no;

/// What a text says about the choices.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// Named by number or place.
    pub numbered: BTreeSet<usize>,
    /// Named by their whole label or an accepted word.
    pub full: BTreeSet<usize>,
    /// Named by a word that only they have.
    pub partial: BTreeSet<usize>,
    /// Perhaps named: by a word with a slip, or by a list that could be read in two ways.
    pub guessed: BTreeSet<usize>,
    /// Refused: `not 2`.
    pub refused: BTreeSet<usize>,
    /// The choices that share the words said, where none was named alone.
    pub shared: Option<BTreeSet<usize>>,
    /// A number that is no choice.
    pub off_list: bool,
    /// Everything but what is refused.
    pub rest: bool,
    /// Unsure, or words that we do not know, before anything was named.
    pub doubt: bool,
    /// The text asks something itself.
    pub asks_back: bool,
    /// How many words it has that we do not know.
    pub unknown: usize,
    /// Something joined by `and` that is no choice.
    pub joined_unknown: bool,
}

const PASSED_OVER: Tags = NUMBER_BEFORE.with(POLITE).with(THANKS).with(SMALL).with(YES).with(YES_FIRST);

/// Walks a text from left to right.
struct Walk<'a> {
    heard: &'a Heard<'a>,
    options: &'a Options<'a>,
    units: &'a [Unit],
    mentions: Mentions,
    negated: bool,
    reason: bool,
    unknown: usize,
    /// Whether `and` was said, and nothing was named since; unknown words count against it.
    joined: bool,
}

impl Mentions {
    /// The choice that was perhaps meant, where nothing else in the text speaks against it.
    pub fn sole_guess(&self) -> Option<usize> {
        let first = self.guessed.first()?;
        (self.guessed.len() == 1 && self.unknown == 0).then_some(*first)
    }
}

/// Reads what a text says about the choices.
pub(crate) fn mentions(heard: &Heard, options: &Options, units: &[Unit]) -> Mentions {
    let mut walk = Walk {
        heard,
        options,
        units,
        mentions: Mentions::default(),
        negated: false,
        reason: false,
        unknown: 0,
        joined: false,
    };
    let mut unit = 0;
    while unit < units.len() && !walk.answers_before(unit) {
        unit = walk.take(unit).max(unit + 1);
    }
    // "Me kids" is "my kids" to many people.
    let is_me = walk.mentions.full.len() == 1 && (0..heard.len()).any(|at| walk.is_somebody_elses(at));
    walk.mentions.doubt |= is_me;
    let opens = heard.longest(0, QUESTION).is_some() && options.full(units).is_none();
    walk.mentions.off_list |= heard.folded.text.contains(['=', '\u{2044}']);
    walk.mentions.asks_back = opens && walk.mentions.numbered.is_empty();
    if is_yes_or_no(heard) {
        // The no of "No more texts" is not what a bare no means: it counts where it is a whole label or accepted word.
        Mentions { full: walk.mentions.full, ..Mentions::default() }
    } else {
        walk.mentions
    }
}

impl Walk<'_> {
    /// Whether all that answers the question stands before this unit: what follows is a reason, or says when.
    fn answers_before(&mut self, unit: usize) -> bool {
        if !self.mentions.numbered.is_empty() {
            return self.gives_reason_at(unit);
        }
        let is_named = |at: usize| {
            let (rest, word) = (&self.units[at..], &self.units[at]);
            self.options.full(rest).is_some() || !self.options.with_word(word).is_empty()
        };
        !self.mentions.full.is_empty()
            && only_says_when(self.heard, self.units[unit].from)
            && !(unit..self.units.len()).any(is_named)
    }

    /// What follows is a reason, and no part of the answer unless it names another choice in full.
    fn gives_reason_at(&mut self, unit: usize) -> bool {
        self.reason =
            self.reason || self.named_any() && self.heard.longest(self.units[unit].from, BECAUSE).is_some();
        self.reason
    }

    /// Whether somebody else is named here by words that begin with the name of a choice.
    fn is_somebody_elses(&self, at: usize) -> bool {
        let Some(relative) = self.heard.longest(at, RELATIVE) else { return false };
        let named = self.unit_from(at);
        let unit = self.units.get(named..named + 1).filter(|units| units[0].from == at);
        let named = unit.and_then(|units| self.options.full(units));
        named.is_some() && at + 1 < relative.to
    }

    fn named_any(&self) -> bool {
        let mentions = &self.mentions;
        !mentions.numbered.is_empty() || !mentions.full.is_empty() || !mentions.partial.is_empty()
    }

    /// Takes what stands here; the unit after it.
    fn take(&mut self, unit: usize) -> usize {
        let at = self.units[unit].from;
        if unit != 0
            && self.heard.folded.before(at).is_some_and(|c| matches!(c, ',' | '.' | ';' | '\n' | '!'))
        {
            self.negated = false;
        }
        if let Some(named) = self.options.full(&self.units[unit..]) {
            let after = unit + named.units;
            self.name(named.choice, after, |mentions| &mut mentions.full);
            return self.range_of_names(named.choice, after).unwrap_or(after);
        }
        if self.reason {
            return unit + 1;
        }
        self.take_number(at).or_else(|| self.take_sign(unit)).unwrap_or_else(|| self.take_word(unit))
    }

    /// The unit that begins at or after this word.
    fn unit_from(&self, word: usize) -> usize {
        self.units.iter().position(|unit| word <= unit.from).unwrap_or(self.units.len())
    }

    fn name(&mut self, choice: usize, after: usize, list: impl Fn(&mut Mentions) -> &mut BTreeSet<usize>) {
        let refused = self.negated || self.is_refused_after(after);
        let into = if refused { &mut self.mentions.refused } else { list(&mut self.mentions) };
        into.insert(choice);
        self.joined = false;
        self.mentions.doubt |= 2 <= self.unknown && !refused;
        self.unknown = 0;
    }

    /// `sport no, music yes`; `gardening used to be but not now`.
    fn is_refused_after(&self, unit: usize) -> bool {
        let Some(at) = self.units.get(unit).map(|unit| unit.from) else {
            return false;
        };
        let Some(no) = self.heard.longest(at, NOT | NO_FIRST) else {
            return false;
        };
        let ends = no.to == self.heard.len()
            || self.heard.folded.before(no.to).is_some()
            || self.heard.longest(no.to, BUT).is_some();
        ends && self.heard.folded.before(at).is_none()
    }

    fn take_number(&mut self, at: usize) -> Option<usize> {
        if let Some(last) = self.heard.longest(at, LAST) {
            return Some(self.take_last(last.to));
        }
        let too_long = self.heard.word(at).bytes().all(|b| b.is_ascii_digit());
        let Some(number) = number_at(self.heard, at) else {
            self.mentions.off_list |= too_long;
            return None;
        };
        if self.is_pronoun(number) || is_no_number(self.heard, number) {
            return None;
        }
        if let Some(counted) = self.first_few(number) {
            return Some(counted);
        }
        let is_count = number.to < self.heard.len()
            && !number.ordinal
            && self.heard.longest(number.to, UNIT).is_some()
            && self.heard.folded.before(number.to).is_none();
        let signed = self.heard.folded.before(at).is_some_and(|c| matches!(c, '-' | '+')) && at == 0;
        if is_count || signed {
            self.mentions.off_list |= signed;
            return Some(self.unit_from(number.to));
        }
        Some(match self.range(number) {
            Some(after) => self.unit_from(after),
            None => {
                self.take_digits(number);
                self.unit_from(number.to)
            }
        })
    }

    /// The "one" of `the second one`.
    fn is_pronoun(&self, number: Number) -> bool {
        let at = number.from;
        if number.ordinal || !self.heard.is_phrase(at, number.to, SMALL) {
            return false;
        }
        let led_up = |before: usize| {
            let leads = self.heard.is_phrase(before, at, NUMBER_BEFORE | AND)
                && !self.heard.is_phrase(before, at, SMALL);
            leads || number_at(self.heard, before).is_some_and(|list| !list.ordinal)
        };
        match at.checked_sub(1) {
            Some(before) => self.heard.folded.before(at).is_none() && !led_up(before),
            None => false,
        }
    }

    fn take_last(&mut self, after: usize) -> usize {
        let count = (after < self.heard.len()).then(|| number_at(self.heard, after)).flatten();
        let (few, to) = count.map_or((1, after), |number| (number.value as usize, number.to));
        let total = self.options.count;
        if few == 0 || total < few {
            self.mentions.off_list = true;
        }
        let unit = self.unit_from(to);
        for choice in total.saturating_sub(few)..total {
            self.name(choice, unit, |mentions| &mut mentions.numbered);
        }
        unit
    }

    /// `first two`.
    fn first_few(&mut self, first: Number) -> Option<usize> {
        let next = (first.ordinal && first.value == 1 && first.to < self.heard.len())
            .then(|| number_at(self.heard, first.to))
            .flatten()
            .filter(|next| !next.ordinal && 1 < next.value && next.value as usize <= self.options.count)?;
        if self.heard.folded.before(first.to).is_some() {
            return None;
        }
        let unit = self.unit_from(next.to);
        for choice in 0..next.value as usize {
            self.name(choice, unit, |mentions| &mut mentions.numbered);
        }
        Some(unit)
    }

    /// `1 to 4`, and `1-4`, which may be a list as well.
    fn range(&mut self, first: Number) -> Option<usize> {
        let to = first.to;
        if self.heard.len() <= to {
            return None;
        }
        let word = self.heard.longest(to, RANGE).map(|found| found.to);
        let dash = (self.heard.folded.before(to) == Some('-')).then_some(to);
        let next = word.or(dash).filter(|next| *next < self.heard.len())?;
        let last = number_at(self.heard, next)?;
        let ascends =
            1 <= first.value && first.value < last.value && last.value as usize <= self.options.count;
        let one_dash = self.heard.folded.text.matches('-').count() == 1;
        if !ascends || (word.is_none() && !one_dash) {
            return None;
        }
        let unit = self.unit_from(last.to);
        for choice in first.value - 1..last.value {
            if word.is_some() || last.value == first.value + 1 {
                self.name(choice as usize, unit, |mentions| &mut mentions.numbered);
            } else {
                self.name(choice as usize, unit, |mentions| &mut mentions.guessed);
            }
        }
        Some(last.to)
    }

    /// `Monday to Friday`: the choices after this one, up to the one that is named next.
    fn range_of_names(&mut self, first: usize, after: usize) -> Option<usize> {
        let word = self.heard.longest(self.units.get(after)?.from, RANGE)?;
        let next = self.unit_from(word.to);
        let last = self.options.full(self.units.get(next..)?).filter(|last| first < last.choice)?;
        let behind = next + last.units;
        for choice in first + 1..=last.choice {
            self.name(choice, behind, |mentions| &mut mentions.full);
        }
        Some(behind)
    }

    /// A number of a choice, or several digits written together: `135`.
    fn take_digits(&mut self, number: Number) {
        let count = self.options.count;
        let unit = self.unit_from(number.to);
        let value = number.value as usize;
        if (1..=count).contains(&value) {
            self.mentions.doubt |= self.unknown != 0 && self.mentions.numbered.is_empty();
            self.name(value - 1, unit, |mentions| &mut mentions.numbered);
            return;
        }
        let digits: Vec<usize> =
            self.heard.word(number.from).bytes().map(|b| usize::from(b.wrapping_sub(b'1'))).collect();
        let distinct: BTreeSet<usize> = digits.iter().copied().collect();
        let is_run = count < 10
            && 2 <= digits.len()
            && distinct.len() == digits.len()
            && digits.iter().all(|d| *d < count);
        if is_run && !number.ordinal {
            for choice in digits {
                self.name(choice, unit, |mentions| &mut mentions.numbered);
            }
        } else if let Some(choice) = self.options.with_letters(self.heard.word(number.from)) {
            self.name(choice, unit, |mentions| &mut mentions.partial);
        } else {
            self.mentions.off_list = true;
        }
    }

    /// Words that say how the others are meant. "A bit" and "not at all" may be on offer themselves.
    fn take_sign(&mut self, index: usize) -> Option<usize> {
        let unit = self.units[index];
        let at = unit.from;
        let found = self.heard.longest(at, UNSURE | EXCEPT | REST | NOT | BUT | AND)?;
        if at + 1 < unit.to && found.to <= unit.to && self.options.with_word(&unit).len() == 1 {
            return None;
        }
        if found.is(EXCEPT) {
            self.mentions.rest = true;
            self.negated = true;
        } else if found.is(REST) {
            self.mentions.rest = true;
            self.negated = false;
        } else if found.is(UNSURE) {
            self.mentions.doubt |= !self.named_any() && self.heard.longest(at, NUMBER_BEFORE).is_none();
        } else if found.is(NOT) {
            self.negated = true;
        } else {
            // `but` and `and`: a refusal ends at `but`, and goes on after `and`.
            self.negated = self.negated && found.is(AND);
            self.joined = found.is(AND) && self.named_any();
        }
        Some(self.unit_from(found.to))
    }

    fn take_word(&mut self, index: usize) -> usize {
        let unit = self.units[index];
        let choices = self.options.with_word(&unit);
        match choices.as_slice() {
            [choice] => self.name(*choice, index + 1, |mentions| &mut mentions.partial),
            [] => return self.take_unknown(index),
            several => {
                let several: BTreeSet<usize> = several.iter().copied().collect();
                let shared = self.mentions.shared.take();
                self.mentions.shared = Some(shared.map_or(several.clone(), |before| &before & &several));
            }
        }
        index + 1
    }

    fn take_unknown(&mut self, index: usize) -> usize {
        let unit = self.units[index];
        let joined = self.joined_pair(index);
        if let Some(choice) = joined {
            self.name(choice, index + 2, |mentions| &mut mentions.partial);
            return index + 2;
        }
        if let Some(found) = self.heard.longest(unit.from, PASSED_OVER) {
            return self.unit_from(found.to);
        }
        if let Some(choice) = self.options.with_slip(self.heard.word(unit.from)) {
            self.name(choice, index + 1, |mentions| &mut mentions.guessed);
        } else if self.joined && !unit.is_small() {
            self.mentions.joined_unknown = true;
        } else if unit.is_content() && !self.heard.is_picture(unit.from) {
            self.unknown += 1;
            self.mentions.unknown += 1;
        }
        index + 1
    }

    /// `e mail` for `email`.
    fn joined_pair(&self, index: usize) -> Option<usize> {
        let (one, two) = (self.units.get(index)?, self.units.get(index + 1)?);
        let word = format!("{}{}", self.heard.word(one.from), self.heard.word(two.from));
        self.options.with_letters(&word)
    }
}
