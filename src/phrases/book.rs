//! Rules from files, ready to be used, with the examples that prove them.
//!
//! Invariant: a book exists only where every phrase parses and every example holds.

mod builder;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use sha2::Digest;
use sha2::Sha256;

use crate::domain::ids::RuleId;
use crate::phrases::book::builder::Builder;
use crate::phrases::fold::Break;
use crate::phrases::fold::fold;
use crate::phrases::index::Hit;
use crate::phrases::index::Index;
use crate::phrases::source::Common;
use crate::phrases::source::Reach;
use crate::phrases::source::RuleFile;
use crate::phrases::source::rule_file;
use crate::phrases::vocabulary::Token;
use crate::phrases::vocabulary::Vocabulary;
use crate::phrases::vocabulary::WordId;
use crate::reading::problem::Problems;
use crate::reading::source::Source;
use crate::reading::yaml;

/// Rules, ready to be used; `K` is what a rule can find.
#[derive(Debug)]
pub struct Book<K> {
    vocabulary: Vocabulary,
    index: Index,
    /// What each phrase of the index is for.
    uses: Vec<Use>,
    rules: Vec<Rule<K>>,
    silences: Vec<Silence<K>>,
    version: String,
}

/// A rule.
#[derive(Debug)]
pub struct Rule<K> {
    /// Its name.
    pub id: RuleId,
    /// What it finds.
    pub finds: K,
    language: String,
    even_if: Vec<String>,
    beside: Vec<K>,
    /// Whether it counts only where another phrase of its own accompanies it.
    in_company: bool,
}

/// What says that a match was not meant.
#[derive(Debug)]
struct Silence<K> {
    id: RuleId,
    language: String,
    reach: Reach,
    /// Which words may stand in between.
    through: Vec<WordId>,
    of: Vec<K>,
    tag: Option<K>,
}

#[derive(Debug, Clone, Copy)]
enum Use {
    Finds(usize),
    Accompanies(usize),
    Unless(usize),
    Silences(usize),
    KeepsSilenceOff(usize),
}

/// What a rule found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<K> {
    /// Which rule.
    pub rule: RuleId,
    /// What it finds.
    pub finds: K,
    /// Which bytes of the text: where a rule needs two cues, from the one to the nearest other.
    pub words: Range<usize>,
    /// The silences that keep it from counting; it counts where there are none.
    pub silenced: Vec<Silenced<K>>,
}

/// Why a match does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silenced<K> {
    /// Which silence.
    pub by: RuleId,
    /// What the match is noted as instead.
    pub tag: Option<K>,
}

impl<K: Copy + PartialEq> Book<K> {
    /// Reads rule files; `kinds` are the words after `is:` and what they mean.
    ///
    /// # Errors
    /// Everything that is wrong in any of the files, failing examples too.
    pub fn read(sources: &[(String, String)], kinds: &[(&str, K)]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut files = Vec::new();
        for (name, text) in sources {
            let source = Source::new(name, text);
            if let Some(file) = yaml(&source, &mut problems, rule_file) {
                files.push((source, file));
            }
        }
        let mut builder = Builder::new(kinds, problems);
        builder.learn_words(&files);
        for (source, file) in &mut files {
            builder.add_file(source, file);
            // Their memory serves what comes next; only the examples are read again.
            file.forget_phrases();
        }
        let (mut book, mut problems) = builder.finish();
        book.version = version_of(sources);
        if !problems.has_errors() {
            book.prove(&files, &mut problems);
        }
        if problems.has_errors() { Err(problems.sorted()) } else { Ok(book) }
    }

    /// The first 16 hex digits of the SHA-256 of the files.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules, in the order of the files.
    #[must_use]
    pub fn rules(&self) -> &[Rule<K>] {
        &self.rules
    }

    /// What the rules find in a text: for each rule its first match that counts, or else its first silenced one.
    #[must_use]
    pub fn matches(&self, text: &str) -> Vec<Match<K>> {
        self.matches_where(text, |_| true)
    }

    /// The same, but only what begins before this byte of the text and ends behind it.
    #[must_use]
    pub fn matches_across(&self, text: &str, byte: usize) -> Vec<Match<K>> {
        let crosses = |words: &Range<usize>| words.start < byte && byte < words.end;
        let mut matches = self.matches_where(text, crosses);
        matches.retain(|found| crosses(&found.words));
        matches
    }

    /// What the rules find in a text, where at least one phrase of theirs stands on bytes that are `wanted`.
    fn matches_where(&self, text: &str, wanted: impl Fn(&Range<usize>) -> bool) -> Vec<Match<K>> {
        let folded = fold(text);
        let tokens = self.vocabulary.tokens(&folded);
        let bytes = |held: &Range<usize>| {
            let word = |token: usize| &folded.words()[tokens[token].word].origin;
            word(held.start).start..word(held.end - 1).end
        };
        let finds = |phrase: usize| matches!(self.uses[phrase], Use::Finds(_));
        // Most texts hold nothing: then nobody has to look for what would silence it.
        let found = self.index.find(&tokens, &self.vocabulary, finds);
        let found = self.in_their_company(found, &tokens);
        if !found.iter().any(|(_, held)| wanted(&bytes(held))) {
            return Vec::new();
        }
        let silences = |phrase: usize| !matches!(self.uses[phrase], Use::Finds(_) | Use::Accompanies(_));
        let hits = self.index.find(&tokens, &self.vocabulary, silences);
        let scene = Scene { book: self, tokens: &tokens, hits: &hits };
        let mut matches: BTreeMap<usize, Match<K>> = BTreeMap::new();
        for (hit, held) in &found {
            let Use::Finds(number) = self.uses[hit.phrase] else {
                continue;
            };
            if matches.get(&number).is_some_and(|earlier| earlier.silenced.is_empty()) {
                continue;
            }
            let silenced = scene.silencers(number, hit);
            if !silenced.is_empty() && matches.contains_key(&number) {
                continue;
            }
            let rule = &self.rules[number];
            let found = Match { rule: rule.id.clone(), finds: rule.finds, words: bytes(held), silenced };
            matches.insert(number, found);
        }
        self.beside(matches)
    }

    /// The phrases that stand as their rules need them, each with the tokens that it holds on to: its own, up to the
    /// nearest that must accompany it. Only the company of rules that found something is looked for.
    fn in_their_company(&self, found: Vec<Hit>, tokens: &[Token]) -> Vec<(Hit, Range<usize>)> {
        let needs_company = |hit: &Hit| match self.uses[hit.phrase] {
            Use::Finds(number) if self.rules[number].in_company => Some(number),
            Use::Finds(_)
            | Use::Accompanies(_)
            | Use::Unless(_)
            | Use::Silences(_)
            | Use::KeepsSilenceOff(_) => None,
        };
        let mut needy: Vec<usize> = found.iter().filter_map(needs_company).collect();
        needy.dedup();
        let accompanies =
            |phrase: usize, rule: usize| matches!(self.uses[phrase], Use::Accompanies(of) if of == rule);
        let company = if needy.is_empty() {
            Vec::new()
        } else {
            let wanted = |phrase: usize| needy.iter().any(|rule| accompanies(phrase, *rule));
            self.index.find(tokens, &self.vocabulary, wanted)
        };
        let held = |hit: &Hit| match needs_company(hit) {
            None => Some(hit.start..hit.end),
            Some(rule) => {
                let beside = |other: &&Hit| other.end <= hit.start || hit.end <= other.start;
                let both = |other: &Hit| other.start.min(hit.start)..other.end.max(hit.end);
                let others = company.iter().filter(|other| accompanies(other.phrase, rule));
                others.filter(beside).map(both).min_by_key(ExactSizeIterator::len)
            }
        };
        found.into_iter().filter_map(|hit| held(&hit).map(|held| (hit, held))).collect()
    }

    /// Leaves out the rules that only count beside others, where those found nothing.
    fn beside(&self, matches: BTreeMap<usize, Match<K>>) -> Vec<Match<K>> {
        let stands: Vec<K> =
            matches.values().filter(|found| found.silenced.is_empty()).map(|found| found.finds).collect();
        let counts = |number: usize| {
            let beside = &self.rules[number].beside;
            beside.is_empty() || stands.iter().any(|finds| beside.contains(finds))
        };
        matches.into_iter().filter(|(number, _)| counts(*number)).map(|(_, found)| found).collect()
    }

    /// Checks every example.
    fn prove(&self, files: &[(Source, RuleFile)], problems: &mut Problems) {
        for (source, file) in files {
            for common in file.rules.iter().map(|rule| &rule.common) {
                let found = |text: &str| {
                    self.matches(text)
                        .iter()
                        .any(|found| found.rule == common.id && found.silenced.is_empty())
                };
                prove(common, source, problems, found);
            }
            for common in file.silences.iter().map(|silence| &silence.common) {
                let silences = |text: &str| {
                    let by =
                        |found: &Match<K>| found.silenced.iter().any(|silenced| silenced.by == common.id);
                    self.matches(text).iter().any(by)
                };
                prove(common, source, problems, silences);
            }
        }
    }
}

fn prove(common: &Common, source: &Source, problems: &mut Problems, holds: impl Fn(&str) -> bool) {
    let id = &common.id;
    for example in common.finds.iter().filter(|example| !holds(&example.text)) {
        let message = format!("`{id}` does not find this example");
        problems.add(source.error(
            example.place,
            "example",
            &message,
            "Widen a phrase, or move the example.",
        ));
    }
    for example in common.leaves.iter().filter(|example| holds(&example.text)) {
        let message = format!("`{id}` finds this example, and should leave it");
        problems.add(source.error(
            example.place,
            "example",
            &message,
            "Narrow a phrase, or add an exception.",
        ));
    }
}

/// A text in which phrases were found.
struct Scene<'a, K> {
    book: &'a Book<K>,
    tokens: &'a [Token],
    /// The phrases that silence others, or keep a silence off.
    hits: &'a [Hit],
}

impl<K: Copy + PartialEq> Scene<'_, K> {
    /// What keeps a match from counting.
    fn silencers(&self, number: usize, found: &Hit) -> Vec<Silenced<K>> {
        let rule = &self.book.rules[number];
        let silencers = self.hits.iter().filter_map(|hit| match self.book.uses[hit.phrase] {
            Use::Unless(of) if of == number && self.same_sentence(hit, found) => {
                Some(Silenced { by: rule.id.clone(), tag: None })
            }
            Use::Silences(silence) if self.applies(silence, rule, hit, found) => {
                let silence = &self.book.silences[silence];
                Some(Silenced { by: silence.id.clone(), tag: silence.tag })
            }
            Use::Silences(_)
            | Use::Unless(_)
            | Use::Finds(_)
            | Use::Accompanies(_)
            | Use::KeepsSilenceOff(_) => None,
        });
        silencers.collect()
    }

    fn applies(&self, number: usize, rule: &Rule<K>, hit: &Hit, found: &Hit) -> bool {
        let silence = &self.book.silences[number];
        let concerned = silence.language == rule.language
            && (silence.of.is_empty() || silence.of.contains(&rule.finds))
            && !rule.even_if.iter().any(|id| id == silence.id.as_str());
        concerned && self.reaches(silence, hit, found) && !self.kept_off(number, silence.reach, found)
    }

    fn reaches(&self, silence: &Silence<K>, hit: &Hit, found: &Hit) -> bool {
        match silence.reach {
            Reach::Over => hit.start < found.end && found.end <= hit.longest,
            Reach::Before => {
                self.joined(silence, hit.longest, found.start) || self.joined(silence, hit.end, found.start)
            }
            Reach::After => {
                let ends = self.tokens.get(hit.end).is_none_or(|next| next.parted != Break::None);
                hit.start == found.end && ends
            }
            Reach::Sentence => self.same_sentence(hit, found),
            Reach::Text => true,
        }
    }

    /// Whether nothing but words that a silence reaches through stands from `end` to `start`.
    fn joined(&self, silence: &Silence<K>, end: usize, start: usize) -> bool {
        let Some(between) = self.tokens.get(end..start) else {
            return false;
        };
        let unbroken = self.tokens[end..=start].iter().all(|token| token.parted == Break::None);
        unbroken && between.iter().all(|token| silence.through.binary_search(&token.id).is_ok())
    }

    /// "I can't promise I won't": what looks like a silence is none. A denial is only undone from its own sentence.
    fn kept_off(&self, number: usize, reach: Reach, found: &Hit) -> bool {
        self.hits.iter().any(|hit| {
            matches!(self.book.uses[hit.phrase], Use::KeepsSilenceOff(of) if of == number)
                && (reach == Reach::Text || self.same_sentence(hit, found))
        })
    }

    fn same_sentence(&self, one: &Hit, other: &Hit) -> bool {
        let (first, last) = if one.start <= other.start { (one, other) } else { (other, one) };
        let sentence = |token: usize| self.tokens[token].sentence;
        last.start < first.end || sentence(first.end - 1) == sentence(last.start)
    }
}

fn version_of(sources: &[(String, String)]) -> String {
    let mut hash = Sha256::new();
    for (name, text) in sources {
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "
language: en
reviewed by: nobody yet
author: us
date: 2026-11-22
source: none
families:
  ends: |
    the end
    over and done
rules:
  - id: ends
    is: end
    phrases: |
      it is {ends} ...2 ^
    finds: |
      it is the end
      it is over and done now
      i think it is the end for me
    leaves: |
      it is the end of the day and off we go
      it is the end. and now something else entirely
";

    const PAIR: &str = "
language: en
reviewed by: nobody yet
author: us
date: 2026-11-22
source: none
rules:
  - id: pair
    is: end
    phrases: |
      bridge (at night)?
    with: |
      (alone|bridge at)
    unless: |
      club
    finds: |
      alone. on the bridge
    leaves: |
      the bridge
";

    fn book(rules: &str) -> Book<()> {
        Book::read(&[("rules.yaml".to_owned(), rules.to_owned())], &[("end", ())]).expect("a book")
    }

    fn found(text: &str) -> Option<Range<usize>> {
        book(RULES).matches(text).into_iter().map(|found| found.words).next()
    }

    /// A gap that comes before the end of the text may reach up to it, and a family of several words is gone through.
    #[test]
    fn a_text_may_end_with_a_gap() {
        assert_eq!(found("well, it is the end"), Some(6..19));
        assert_eq!(found("it is over and done for me"), Some(0..26));
        assert_eq!(found("it is over and done for me and him"), None);
    }

    /// Two cues in either order, in whatever sentences, and marked from the one to the other.
    #[test]
    fn a_rule_may_need_two_cues() {
        let pair = |text: &str| book(PAIR).matches(text).into_iter().map(|found| found.words).next();
        assert_eq!(pair("alone. i like it. on the bridge now"), Some(0..31));
        assert_eq!(pair("on the bridge. i am alone"), Some(7..25));
        assert_eq!(pair("alone over here, bridge, and alone"), Some(17..34), "the nearest");
        assert_eq!(pair("i am alone"), None);
        assert_eq!(pair("a bridge at night"), None, "its own words are no second cue");
    }

    /// What keeps a rule quiet stands in the sentence of the cue after `phrases`.
    #[test]
    fn a_pair_of_cues_is_silenced_as_any_match_is() {
        let silenced = |text: &str| book(PAIR).matches(text).iter().all(|found| !found.silenced.is_empty());
        assert!(silenced("alone at bridge club"));
        assert!(!silenced("at the club alone. then the bridge"));
    }

    /// A phone cuts a long text in two: one cue stands in the first half, the other in the second.
    #[test]
    fn two_cues_may_stand_in_two_texts() {
        let (first, second) = ("i am alone here.", " and on the bridge");
        let whole = format!("{first}{second}");
        let across = book(PAIR).matches_across(&whole, first.len());
        assert_eq!(across.into_iter().map(|found| found.words).next(), Some(5..34));
        assert!(
            book(PAIR).matches_across("hello. alone on the bridge", 6).is_empty(),
            "all of it stands behind"
        );
    }
}
