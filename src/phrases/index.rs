//! Finds many phrases in a text at once.
//!
//! Each phrase is filed under its rarest words, and how far those stand from its beginning: a text is only compared with
//! the phrases that it might hold, and only there.
//!
//! Invariant: the time for a text grows with its length, and no text makes it grow faster.

use std::collections::HashMap;
use std::sync::Arc;

use crate::phrases::fold::Break;
use crate::phrases::phrase::Part;
use crate::phrases::vocabulary::Token;
use crate::phrases::vocabulary::Vocabulary;
use crate::phrases::vocabulary::WordId;

/// A phrase that was found: tokens `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The number that the phrase was given.
    pub phrase: usize,
    /// Its first token.
    pub start: usize,
    /// One past the last token of its shortest reading from `start`.
    pub end: usize,
    /// One past the last token of its longest reading from `start`.
    pub longest: usize,
}

/// Phrases, ready to be found.
#[derive(Debug, Default)]
pub struct Index {
    steps: Vec<Step>,
    /// Where the steps of each phrase begin.
    starts: Vec<usize>,
    /// Sets of words, for steps that accept more than one. Families stand in many phrases, and each set is kept once.
    sets: Vec<(Trace, Arc<[WordId]>)>,
    /// By word: the phrases that are filed under it, or under what it goes with.
    filed: Vec<Box<[Filed]>>,
    /// By word: the trace of it and of what it goes with.
    traces: Vec<Trace>,
    /// By phrase: for each part that may not be left out, the traces of its words.
    needs: Vec<Box<[Trace]>>,
    /// By phrase: the traces of the words with which it can begin.
    beginnings: Vec<Trace>,
}

/// A phrase that may be found around a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Filed {
    phrase: usize,
    /// How many tokens of the phrase stand before the word, at least and at most.
    before: (usize, usize),
}

/// A word without which a phrase is not found, and how many tokens of the phrase stand before it, at least and at most.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    word: WordId,
    before: (usize, usize),
}

/// Which words there are, roughly: each leaves one of 128 marks. Where a mark is missing, the word is.
type Trace = u128;

fn trace(words: &[WordId]) -> Trace {
    words.iter().fold(0, |trace, word| trace | 1 << (word.index() % 128))
}

/// The numbers of the sets, while phrases are filed.
type KnownSets = HashMap<Arc<[WordId]>, u32>;

/// Half the memory of a `usize`: there are some hundred thousand steps, never four thousand million.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn long(number: u32) -> usize {
    number as usize
}

/// One step of matching a phrase.
#[derive(Debug, Clone, Copy)]
enum Step {
    Word(WordId),
    OneOf(u32),
    Any,
    /// Go on here or there.
    Either(u32, u32),
    Goto(u32),
    Gap(u32),
    Edge,
    Found,
}

impl Index {
    /// Files these phrases under the numbers 0, 1, 2 ….
    #[must_use]
    pub fn new(phrases: &[Part], vocabulary: &Vocabulary) -> Self {
        let mut uses = vec![0_u32; vocabulary.len()];
        phrases.iter().for_each(|phrase| count_words(phrase, &mut uses));
        let mut index = Self::default();
        let mut known = HashMap::new();
        let mut filed: Vec<Vec<Filed>> = vec![Vec::new(); vocabulary.len()];
        for (number, phrase) in phrases.iter().enumerate() {
            index.starts.push(index.steps.len());
            index.compile(phrase, &mut known);
            index.steps.push(Step::Found);
            let mut needs = Vec::new();
            note_needs(phrase, &uses, &mut needs);
            index.needs.push(needs.into());
            index.beginnings.push(beginning(phrase).0);
            let (_, anchors) = rarest(phrase, &uses).unwrap_or_default();
            for Anchor { word, before } in anchors {
                filed[word.index()].push(Filed { phrase: number, before });
            }
        }
        for word in vocabulary.words() {
            let family: Vec<WordId> = vocabulary.family(word).collect();
            let mut all: Vec<Filed> = family.iter().flat_map(|word| filed[word.index()].clone()).collect();
            all.sort_unstable();
            all.dedup();
            index.filed.push(all.into());
            index.traces.push(trace(&family));
        }
        index
    }

    /// All places where a phrase that is `wanted` is found, by phrase and place.
    #[must_use]
    pub fn find(
        &self,
        tokens: &[Token],
        vocabulary: &Vocabulary,
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<Hit> {
        // A word of which no rule speaks leaves a mark as well: `_` stands for any word.
        let trace_of = |token: &Token| match self.traces.get(token.id.index()) {
            Some(trace) => *trace,
            None => trace(&[token.id]),
        };
        let traces: Vec<Trace> = tokens.iter().map(trace_of).collect();
        let present = traces.iter().fold(0, |all, trace| all | trace);
        let search = Search { index: self, tokens, traces: &traces, vocabulary };
        let mut hits = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            for filed in self.filed.get(token.id.index()).into_iter().flatten() {
                let complete = self.needs[filed.phrase].iter().all(|need| need & present != 0);
                if complete && wanted(filed.phrase) {
                    search.find_phrase(*filed, at, &mut hits);
                }
            }
        }
        // A phrase may hold several of the words that it is filed under.
        hits.sort_unstable();
        hits.dedup();
        hits
    }

    fn compile(&mut self, part: &Part, known: &mut KnownSets) {
        match part {
            Part::Word(words) => {
                let step = match words.as_slice() {
                    [word] => Step::Word(*word),
                    _ => Step::OneOf(self.set(words, known)),
                };
                self.steps.push(step);
            }
            Part::Any => self.steps.push(Step::Any),
            Part::Gap(width) => self.steps.push(Step::Gap(short(*width))),
            Part::Edge => self.steps.push(Step::Edge),
            Part::Sequence(parts) => parts.iter().for_each(|part| self.compile(part, known)),
            Part::Optional(part) => {
                let fork = self.placeholder();
                self.compile(part, known);
                self.steps[fork] = Step::Either(short(fork + 1), short(self.steps.len()));
            }
            Part::Alternatives(parts) => self.compile_alternatives(parts, known),
        }
    }

    fn compile_alternatives(&mut self, parts: &[Part], known: &mut KnownSets) {
        let mut ends = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            if at + 1 == parts.len() {
                self.compile(part, known);
                break;
            }
            let fork = self.placeholder();
            self.compile(part, known);
            ends.push(self.placeholder());
            self.steps[fork] = Step::Either(short(fork + 1), short(self.steps.len()));
        }
        for end in ends {
            self.steps[end] = Step::Goto(short(self.steps.len()));
        }
    }

    fn placeholder(&mut self) -> usize {
        self.steps.push(Step::Found);
        self.steps.len() - 1
    }

    fn set(&mut self, words: &[WordId], known: &mut KnownSets) -> u32 {
        if let Some(number) = known.get(words) {
            return *number;
        }
        let (number, words) = (short(self.sets.len()), Arc::from(words));
        self.sets.push((trace(&words), Arc::clone(&words)));
        known.insert(words, number);
        number
    }
}

/// One text while phrases are looked for in it.
struct Search<'a> {
    index: &'a Index,
    tokens: &'a [Token],
    traces: &'a [Trace],
    vocabulary: &'a Vocabulary,
}

impl Search<'_> {
    /// Looks for a phrase that is filed under the word at this place.
    fn find_phrase(&self, Filed { phrase, before: (least, most) }: Filed, at: usize, hits: &mut Vec<Hit>) {
        let beginning = self.index.beginnings[phrase];
        for start in at.saturating_sub(most)..(at + 1).saturating_sub(least) {
            let mut ends = None;
            if self.traces[start] & beginning != 0 {
                self.run(self.index.starts[phrase], start, &mut ends);
            }
            if let Some((end, longest)) = ends {
                hits.push(Hit { phrase, start, end, longest });
            }
        }
    }

    /// Follows the steps from `at` on, and widens `ends` to the shortest and longest reading.
    fn run(&self, mut step: usize, mut at: usize, ends: &mut Option<(usize, usize)>) {
        loop {
            match self.index.steps[step] {
                Step::Word(word) => {
                    if !self.is(at, trace(&[word]), |id| id == word) {
                        return;
                    }
                    at += 1;
                }
                Step::OneOf(set) => {
                    let (trace, words) = &self.index.sets[long(set)];
                    if !self.is(at, *trace, |id| words.binary_search(&id).is_ok()) {
                        return;
                    }
                    at += 1;
                }
                Step::Any => {
                    if self.tokens.len() <= at {
                        return;
                    }
                    at += 1;
                }
                Step::Either(here, there) => {
                    self.run(long(here), at, ends);
                    step = long(there);
                    continue;
                }
                Step::Goto(there) => {
                    step = long(there);
                    continue;
                }
                Step::Gap(width) => return self.run_gap(step + 1, at, long(width), ends),
                Step::Edge => {
                    if at != 0 && at != self.tokens.len() {
                        return;
                    }
                }
                Step::Found => {
                    let (least, most) = ends.unwrap_or((at, at));
                    *ends = Some((least.min(at), most.max(at)));
                    return;
                }
            }
            step += 1;
        }
    }

    /// A gap never reaches over the end of a sentence.
    fn run_gap(&self, step: usize, at: usize, width: usize, ends: &mut Option<(usize, usize)>) {
        for next in at..=at + width {
            if self.tokens.get(next).is_none_or(|token| token.parted == Break::Hard) {
                return;
            }
            self.run(step, next, ends);
        }
    }

    /// Whether the token, or what it goes with, is wanted; where no mark is shared, it is not.
    fn is(&self, at: usize, marks: Trace, wanted: impl Fn(WordId) -> bool) -> bool {
        self.traces.get(at).is_some_and(|trace| trace & marks != 0)
            && self.vocabulary.family(self.tokens[at].id).any(wanted)
    }
}

fn count_words(part: &Part, uses: &mut [u32]) {
    match part {
        Part::Word(words) => words.iter().for_each(|word| uses[word.index()] += 1),
        Part::Sequence(parts) | Part::Alternatives(parts) => {
            parts.iter().for_each(|part| count_words(part, uses));
        }
        Part::Optional(part) => count_words(part, uses),
        Part::Any | Part::Gap(_) | Part::Edge => {}
    }
}

/// The traces of the words that a phrase cannot do without.
fn note_needs(part: &Part, uses: &[u32], needs: &mut Vec<Trace>) {
    match part {
        Part::Sequence(parts) => parts.iter().for_each(|part| note_needs(part, uses, needs)),
        Part::Word(_) | Part::Alternatives(_) => {
            let words = |anchors: Vec<Anchor>| anchors.iter().map(|anchor| anchor.word).collect::<Vec<_>>();
            needs.extend(rarest(part, uses).map(|(_, anchors)| trace(&words(anchors))));
        }
        Part::Optional(_) | Part::Any | Part::Gap(_) | Part::Edge => {}
    }
}

/// The trace of the words with which a part can begin, and whether it may also be left out.
fn beginning(part: &Part) -> (Trace, bool) {
    match part {
        Part::Word(words) => (trace(words), false),
        Part::Any | Part::Gap(_) => (Trace::MAX, true),
        Part::Edge => (0, true),
        Part::Optional(part) => (beginning(part).0, true),
        Part::Alternatives(parts) => {
            parts.iter().map(beginning).fold((0, false), |all, one| (all.0 | one.0, all.1 || one.1))
        }
        Part::Sequence(parts) => {
            let mut all = 0;
            for part in parts {
                let (trace, optional) = beginning(part);
                all |= trace;
                if !optional {
                    return (all, false);
                }
            }
            (all, true)
        }
    }
}

/// The words under which a part is filed: one of them is in every text that holds it; and how often rules use them.
fn rarest(part: &Part, uses: &[u32]) -> Option<(u32, Vec<Anchor>)> {
    match part {
        Part::Word(words) => {
            let anchors = words.iter().map(|word| Anchor { word: *word, before: (0, 0) }).collect();
            Some((words.iter().map(|word| uses[word.index()]).sum(), anchors))
        }
        Part::Sequence(parts) => {
            let mut before = (0, 0);
            let mut all = Vec::new();
            for part in parts {
                if let Some((cost, anchors)) = rarest(part, uses) {
                    all.push((cost, anchors.iter().map(|anchor| anchor.behind(before)).collect()));
                }
                before = both(before, length(part));
            }
            all.into_iter().min_by_key(|(cost, _)| *cost)
        }
        Part::Alternatives(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(|part| rarest(part, uses)).collect();
            let (costs, anchors): (Vec<u32>, Vec<Vec<Anchor>>) = each?.into_iter().unzip();
            Some((costs.iter().sum(), anchors.concat()))
        }
        Part::Optional(_) | Part::Any | Part::Gap(_) | Part::Edge => None,
    }
}

impl Anchor {
    /// The same word behind so many tokens more.
    fn behind(self, before: (usize, usize)) -> Self {
        Self { before: both(self.before, before), ..self }
    }
}

/// How many tokens a part takes, at least and at most.
fn length(part: &Part) -> (usize, usize) {
    match part {
        Part::Word(_) | Part::Any => (1, 1),
        Part::Gap(width) => (0, *width),
        Part::Edge => (0, 0),
        Part::Optional(part) => (0, length(part).1),
        Part::Sequence(parts) => parts.iter().map(length).fold((0, 0), both),
        Part::Alternatives(parts) => {
            let lengths = parts.iter().map(length);
            let either =
                |one: (usize, usize), other: (usize, usize)| (one.0.min(other.0), one.1.max(other.1));
            lengths.reduce(either).unwrap_or_default()
        }
    }
}

fn both(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    (one.0 + other.0, one.1 + other.1)
}
