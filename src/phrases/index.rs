//! Finds many phrases in a text at once.
//!
//! Each phrase is filed under its rarest words, and how far those stand from its beginning: a text is only compared with
//! the phrases of which all other words may stand around, and only there.
//!
//! Invariant: the time for a text grows with its length, and no text makes it grow faster.

mod parts;
pub mod program;
mod trace;

use std::ops::Range;

use crate::phrases::index::parts::Anchor;
use crate::phrases::index::parts::beginning;
use crate::phrases::index::parts::count_words;
use crate::phrases::index::parts::length;
use crate::phrases::index::parts::note_needs;
use crate::phrases::index::parts::rarest;
use crate::phrases::index::program::Compiler;
use crate::phrases::index::program::Program;
use crate::phrases::index::program::Search;
use crate::phrases::index::trace::Around;
use crate::phrases::index::trace::Span;
use crate::phrases::index::trace::Trace;
use crate::phrases::index::trace::trace;
use crate::phrases::lists::Lists;
use crate::phrases::lists::short;
use crate::phrases::phrase::Part;
use crate::phrases::vocabulary::Token;
use crate::phrases::vocabulary::Vocabulary;
use crate::phrases::vocabulary::WordId;

/// More often than any word stands in the rules.
const NEVER_RARE: u32 = 1 << 24;

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

/// What phrases are looked for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// What finds something: looked for in every text.
    Finds,
    /// What silences it: looked for where something was found.
    Silences,
    /// What belongs to one rule alone: looked for where that rule found something.
    OfARule,
}

/// Phrases, ready to be found.
#[derive(Debug, Default)]
pub struct Index {
    program: Program,
    phrases: Vec<Phrase>,
    /// By phrase: for each part that may not be left out, the traces of its words; those that say most come first.
    needs: Lists<Trace>,
    /// By shelf and word: the phrases that are filed under it, or under what it goes with.
    filed: [Lists<Filed>; 3],
    /// By word: the trace of it and of what it goes with.
    traces: Vec<Trace>,
}

#[derive(Debug)]
struct Phrase {
    first_step: u32,
    /// How far its words stand from each other at most.
    span: Span,
    /// The traces of the words with which it can begin.
    beginning: Trace,
}

/// A phrase that may be found around a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Filed {
    phrase: u32,
    /// How many tokens of the phrase stand before the word, at least and at most.
    before: (u16, u16),
}

impl Index {
    /// Files these phrases under the numbers 0, 1, 2 …, each on its shelf.
    #[must_use]
    pub fn new(phrases: &[Part], vocabulary: &Vocabulary, shelf: impl Fn(usize) -> Shelf) -> Self {
        let mut uses = vec![0_u32; vocabulary.len()];
        phrases.iter().for_each(|phrase| count_words(phrase, &mut uses));
        // Any word may be a name: nothing is filed under it.
        uses[WordId::NAME.index()] = NEVER_RARE;
        let mut index = Self::default();
        let mut compiler = Compiler::default();
        let mut filed = [(); 3].map(|()| vec![Vec::new(); vocabulary.len()]);
        for (number, phrase) in phrases.iter().enumerate() {
            index.phrases.push(Phrase {
                first_step: compiler.add(phrase),
                span: Span::of(length(phrase).1),
                beginning: beginning(phrase).0,
            });
            let (_, anchors) = rarest(phrase, &uses).unwrap_or_default();
            index.needs.push(other_needs(phrase, &anchors, &uses));
            for Anchor { word, before: (least, most) } in anchors {
                let before = (few(least), few(most));
                filed[shelf(number) as usize][word.index()].push(Filed { phrase: short(number), before });
            }
        }
        index.program = compiler.finish();
        index.file(&filed, vocabulary);
        index
    }

    fn file(&mut self, filed: &[Vec<Vec<Filed>>; 3], vocabulary: &Vocabulary) {
        for word in vocabulary.words() {
            let family: Vec<WordId> = vocabulary.family(word).collect();
            for (shelf, filed) in self.filed.iter_mut().zip(filed) {
                let mut all: Vec<Filed> =
                    family.iter().flat_map(|word| filed[word.index()].clone()).collect();
                all.sort_unstable();
                all.dedup();
                shelf.push(all);
            }
            self.traces.push(trace(&family));
        }
        self.filed.iter_mut().for_each(Lists::settle);
        self.needs.settle();
        self.phrases.shrink_to_fit();
        self.traces.shrink_to_fit();
    }

    /// Gets a text ready for phrases to be looked for in it.
    #[must_use]
    pub fn open<'a>(&'a self, tokens: &'a [Token], vocabulary: &'a Vocabulary) -> Search<'a> {
        // A word of which no rule speaks leaves a mark as well: `_` stands for any word.
        let trace_of = |token: &Token| {
            let itself = self.traces.get(token.id.index()).copied();
            let name = if token.name { trace(&[WordId::NAME]) } else { 0 };
            itself.unwrap_or_else(|| trace(&[token.id])) | name
        };
        let traces: Vec<Trace> = tokens.iter().map(trace_of).collect();
        let around = Around::new(&traces);
        Search { program: &self.program, tokens, traces, around, vocabulary }
    }

    /// All places where a phrase of this shelf with a number in `wanted` is found, by phrase and place.
    #[must_use]
    pub fn find(&self, search: &Search<'_>, shelf: Shelf, wanted: &[Range<usize>]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (at, token) in search.tokens.iter().enumerate() {
            let filed = self.filed[shelf as usize].get(token.id.index());
            for phrases in wanted {
                let begin = filed.partition_point(|filed| (filed.phrase as usize) < phrases.start);
                let among = filed[begin..].iter().take_while(|filed| (filed.phrase as usize) < phrases.end);
                for filed in among {
                    self.find_phrase(search, *filed, at, &mut hits);
                }
            }
        }
        // A phrase may hold several of the words that it is filed under.
        hits.sort_unstable();
        hits.dedup();
        hits
    }

    /// Looks for a phrase that is filed under the word at this place.
    fn find_phrase(&self, search: &Search<'_>, filed: Filed, at: usize, hits: &mut Vec<Hit>) {
        let phrase = filed.phrase as usize;
        let Phrase { first_step, span, beginning } = self.phrases[phrase];
        let present = search.around.at(at, span);
        if self.needs.get(phrase).iter().any(|need| need & present == 0) {
            return;
        }
        let (least, most) = (usize::from(filed.before.0), usize::from(filed.before.1));
        for start in at.saturating_sub(most)..(at + 1).saturating_sub(least) {
            if search.traces[start] & beginning == 0 {
                continue;
            }
            if let Some((end, longest)) = search.ends(first_step, start) {
                hits.push(Hit { phrase, start, end, longest });
            }
        }
    }
}

/// What a phrase needs beside the words that it is filed under; what fewer words can meet comes first.
fn other_needs(phrase: &Part, anchors: &[Anchor], uses: &[u32]) -> Vec<Trace> {
    let mut needs = Vec::new();
    note_needs(phrase, uses, &mut needs);
    let words: Vec<WordId> = anchors.iter().map(|anchor| anchor.word).collect();
    let met = trace(&words);
    if let Some(at) = needs.iter().position(|need| *need == met) {
        needs.remove(at);
    }
    needs.sort_unstable_by_key(|need| need.count_ones());
    needs
}

/// Tokens of a phrase: it stands on one line of a file.
fn few(tokens: usize) -> u16 {
    u16::try_from(tokens).unwrap_or(u16::MAX)
}
