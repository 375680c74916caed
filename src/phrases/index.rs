//! Finds many phrases in a text at once.
//!
//! Each phrase is filed under its rarest words, so that a text is only compared with the phrases that it might hold.
//!
//! Invariant: the time for a text grows with its length, and no text makes it grow faster.

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
    /// Sets of words, for steps that accept more than one.
    sets: Vec<Box<[WordId]>>,
    /// By word: the phrases that are filed under it.
    filed: Vec<Vec<u32>>,
    /// By phrase: for each part that may not be left out, the traces of its words.
    needs: Vec<Box<[Trace]>>,
    /// By phrase: the traces of the words with which it can begin.
    beginnings: Vec<Trace>,
}

/// Which words there are, roughly: each leaves one of 128 marks. Where a mark is missing, the word is.
type Trace = u128;

fn trace(words: &[WordId]) -> Trace {
    words.iter().fold(0, |trace, word| trace | 1 << (word.index() % 128))
}

/// One step of matching a phrase.
#[derive(Debug, Clone, Copy)]
enum Step {
    Word(WordId),
    OneOf(usize),
    Any,
    /// Go on here or there.
    Either(usize, usize),
    Goto(usize),
    Gap(usize),
    Edge,
    Found,
}

impl Index {
    /// Files these phrases under the numbers 0, 1, 2 ….
    #[must_use]
    pub fn new(phrases: &[Part], vocabulary: &Vocabulary) -> Self {
        let mut uses = vec![0_u32; vocabulary.len()];
        phrases.iter().for_each(|phrase| count_words(phrase, &mut uses));
        let mut index = Self { filed: vec![Vec::new(); vocabulary.len()], ..Self::default() };
        for (number, phrase) in phrases.iter().enumerate() {
            index.starts.push(index.steps.len());
            index.compile(phrase);
            index.steps.push(Step::Found);
            let mut needs = Vec::new();
            note_needs(phrase, &uses, &mut needs);
            index.needs.push(needs.into());
            index.beginnings.push(beginning(phrase).0);
            let (_, words) = rarest(phrase, &uses).unwrap_or_default();
            for word in words {
                index.filed[word.index()].push(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        index
    }

    /// All places where a phrase is found, by phrase and place.
    #[must_use]
    pub fn find(&self, tokens: &[Token], vocabulary: &Vocabulary) -> Vec<Hit> {
        let mut words: Vec<WordId> = Vec::with_capacity(2 * tokens.len());
        let mut traces: Vec<Trace> = Vec::with_capacity(tokens.len());
        for token in tokens {
            let known = words.len();
            words.extend(std::iter::successors(Some(token.id), |id| vocabulary.parent(*id)));
            traces.push(trace(&words[known..]));
        }
        let present = traces.iter().fold(0, |all, trace| all | trace);
        words.sort_unstable();
        words.dedup();
        let complete = |phrase: &&u32| self.needs[**phrase as usize].iter().all(|need| need & present != 0);
        let mut candidates: Vec<u32> = Vec::new();
        for word in words {
            let filed = self.filed.get(word.index()).into_iter().flatten();
            candidates.extend(filed.filter(complete));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let search = Search { index: self, tokens, traces: &traces, vocabulary };
        let mut hits = Vec::new();
        for phrase in candidates {
            search.find_phrase(phrase as usize, &mut hits);
        }
        hits
    }

    fn compile(&mut self, part: &Part) {
        match part {
            Part::Word(words) => {
                let step = match words.as_slice() {
                    [word] => Step::Word(*word),
                    _ => Step::OneOf(self.set(words)),
                };
                self.steps.push(step);
            }
            Part::Any => self.steps.push(Step::Any),
            Part::Gap(width) => self.steps.push(Step::Gap(*width)),
            Part::Edge => self.steps.push(Step::Edge),
            Part::Sequence(parts) => parts.iter().for_each(|part| self.compile(part)),
            Part::Optional(part) => {
                let fork = self.placeholder();
                self.compile(part);
                self.steps[fork] = Step::Either(fork + 1, self.steps.len());
            }
            Part::Alternatives(parts) => self.compile_alternatives(parts),
        }
    }

    fn compile_alternatives(&mut self, parts: &[Part]) {
        let mut ends = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            if at + 1 == parts.len() {
                self.compile(part);
                break;
            }
            let fork = self.placeholder();
            self.compile(part);
            ends.push(self.placeholder());
            self.steps[fork] = Step::Either(fork + 1, self.steps.len());
        }
        for end in ends {
            self.steps[end] = Step::Goto(self.steps.len());
        }
    }

    fn placeholder(&mut self) -> usize {
        self.steps.push(Step::Found);
        self.steps.len() - 1
    }

    fn set(&mut self, words: &[WordId]) -> usize {
        self.sets.push(words.into());
        self.sets.len() - 1
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
    fn find_phrase(&self, phrase: usize, hits: &mut Vec<Hit>) {
        let first = self.index.starts[phrase];
        let beginning = self.index.beginnings[phrase];
        let can_begin = |start: &usize| self.traces[*start] & beginning != 0;
        for start in (0..self.tokens.len()).filter(can_begin) {
            let mut ends = None;
            self.run(first, start, &mut ends);
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
                    if !self.is(at, |id| id == word) {
                        return;
                    }
                    at += 1;
                }
                Step::OneOf(set) => {
                    let words = &self.index.sets[set];
                    if !self.is(at, |id| words.binary_search(&id).is_ok()) {
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
                    self.run(here, at, ends);
                    step = there;
                    continue;
                }
                Step::Goto(there) => {
                    step = there;
                    continue;
                }
                Step::Gap(width) => return self.run_gap(step + 1, at, width, ends),
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

    /// Whether the token, or what it goes with, is wanted.
    fn is(&self, at: usize, wanted: impl Fn(WordId) -> bool) -> bool {
        let mut word = self.tokens.get(at).map(|token| token.id);
        while let Some(id) = word {
            if wanted(id) {
                return true;
            }
            word = self.vocabulary.parent(id);
        }
        false
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
            needs.extend(rarest(part, uses).map(|(_, words)| trace(&words)));
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
fn rarest(part: &Part, uses: &[u32]) -> Option<(u32, Vec<WordId>)> {
    match part {
        Part::Word(words) => Some((words.iter().map(|word| uses[word.index()]).sum(), words.clone())),
        Part::Sequence(parts) => {
            parts.iter().filter_map(|part| rarest(part, uses)).min_by_key(|(cost, _)| *cost)
        }
        Part::Alternatives(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(|part| rarest(part, uses)).collect();
            let (costs, words): (Vec<u32>, Vec<Vec<WordId>>) = each?.into_iter().unzip();
            let mut words = words.concat();
            words.sort_unstable();
            words.dedup();
            Some((costs.iter().sum(), words))
        }
        Part::Optional(_) | Part::Any | Part::Gap(_) | Part::Edge => None,
    }
}
