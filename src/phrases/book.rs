//! Rules from files, ready to be used, with the examples that prove them.
//!
//! Invariant: a book exists only where every phrase parses and every example holds.

mod builder;
mod company;
mod scene;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use sha2::Digest;
use sha2::Sha256;

use crate::domain::ids::RuleId;
use crate::phrases::book::builder::Builder;
use crate::phrases::book::company::Company;
use crate::phrases::book::scene::Scene;
use crate::phrases::fold::fold;
use crate::phrases::index::Hit;
use crate::phrases::index::Index;
use crate::phrases::index::Shelf;
use crate::phrases::index::program::Search;
use crate::phrases::source::Common;
use crate::phrases::source::Reach;
use crate::phrases::source::RuleFile;
use crate::phrases::source::rule_file;
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
    /// The phrases of which one must accompany it; where there are none it counts by itself.
    company: Range<usize>,
    /// The phrases that keep it from counting, in its own sentence.
    unless: Range<usize>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Finds(usize),
    Accompanies(usize),
    Unless(usize),
    Silences(usize),
    KeepsSilenceOff(usize),
}

impl Use {
    fn shelf(self) -> Shelf {
        match self {
            Self::Finds(_) => Shelf::Finds,
            Self::Silences(_) | Self::KeepsSilenceOff(_) => Shelf::Silences,
            Self::Accompanies(_) | Self::Unless(_) => Shelf::OfARule,
        }
    }
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
        let phrases = 0..self.uses.len();
        let every = std::slice::from_ref(&phrases);
        let search = self.index.open(&tokens, &self.vocabulary);
        // Most texts hold nothing: then nobody has to look for what would silence it.
        let found = self.in_their_company(self.index.find(&search, Shelf::Finds, every), &search);
        if !found.iter().any(|(_, _, held)| wanted(&bytes(held))) {
            return Vec::new();
        }
        let mut hits = self.index.find(&search, Shelf::Silences, every);
        hits.extend(
            self.of_their_own(&search, found.iter().map(|(number, ..)| *number), |rule| &rule.unless),
        );
        hits.sort_unstable();
        let scene = Scene::new(self, &tokens, &hits);
        let mut matches: BTreeMap<usize, Match<K>> = BTreeMap::new();
        for (number, hit, held) in found {
            let silenced = match matches.get(&number) {
                None => scene.silencers(number, &hit).collect(),
                Some(earlier) if earlier.silenced.is_empty() => continue,
                Some(_) if scene.silencers(number, &hit).next().is_some() => continue,
                Some(_) => Vec::new(),
            };
            let rule = &self.rules[number];
            let found = Match { rule: rule.id.clone(), finds: rule.finds, words: bytes(&held), silenced };
            matches.insert(number, found);
        }
        self.beside(matches)
    }

    /// The phrases that stand as their rules need them: the rule, the hit, and the tokens that it holds on to: its own, up
    /// to the nearest that must accompany it.
    fn in_their_company(&self, found: Vec<Hit>, search: &Search<'_>) -> Vec<(usize, Hit, Range<usize>)> {
        let of_rules = found.into_iter().filter_map(|hit| match self.uses[hit.phrase] {
            Use::Finds(number) => Some((number, hit)),
            Use::Accompanies(_) | Use::Unless(_) | Use::Silences(_) | Use::KeepsSilenceOff(_) => None,
        });
        let found: Vec<(usize, Hit)> = of_rules.collect();
        let mut kept = Vec::with_capacity(found.len());
        for of_one in found.chunk_by(|one, other| one.0 == other.0) {
            let number = of_one[0].0;
            let needs_company = !self.rules[number].company.is_empty();
            let company = needs_company
                .then(|| Company::new(self.of_their_own(search, [number], |rule| &rule.company)));
            for (_, hit) in of_one {
                let held = company.as_ref().map_or(Some(hit.start..hit.end), |company| company.nearest(hit));
                kept.extend(held.map(|held| (number, *hit, held)));
            }
        }
        kept
    }

    /// What is found of phrases that belong to these rules alone; the rules come in their order.
    fn of_their_own(
        &self,
        search: &Search<'_>,
        rules: impl IntoIterator<Item = usize>,
        phrases: impl Fn(&Rule<K>) -> &Range<usize>,
    ) -> Vec<Hit> {
        let mut wanted: Vec<Range<usize>> =
            rules.into_iter().map(|number| phrases(&self.rules[number]).clone()).collect();
        wanted.dedup();
        wanted.retain(|phrases| !phrases.is_empty());
        if wanted.is_empty() { Vec::new() } else { self.index.find(search, Shelf::OfARule, &wanted) }
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
