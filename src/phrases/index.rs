//! Finds many phrases in a text at once.
//!
//! Each phrase is filed under its rarest words, and how far those stand from its beginning: a text is only compared with
//! the phrases that it might hold, and only there.
//!
//! Invariant: the time for a text grows with its length, and no text makes it grow faster.

mod parts;
mod program;
mod trace;

use crate::phrases::index::parts::Anchor;
use crate::phrases::index::parts::beginning;
use crate::phrases::index::parts::count_words;
use crate::phrases::index::parts::note_needs;
use crate::phrases::index::parts::rarest;
use crate::phrases::index::program::Compiler;
use crate::phrases::index::program::Program;
use crate::phrases::index::program::Search;
use crate::phrases::index::trace::Trace;
use crate::phrases::index::trace::trace;
use crate::phrases::lists::Lists;
use crate::phrases::lists::short;
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
    program: Program,
    phrases: Vec<Phrase>,
    /// By phrase: for each part that may not be left out, the traces of its words.
    needs: Lists<Trace>,
    /// By word: the phrases that are filed under it, or under what it goes with.
    filed: Lists<Filed>,
    /// By word: the trace of it and of what it goes with.
    traces: Vec<Trace>,
}

#[derive(Debug)]
struct Phrase {
    first_step: u32,
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
    /// Files these phrases under the numbers 0, 1, 2 ….
    #[must_use]
    pub fn new(phrases: &[Part], vocabulary: &Vocabulary) -> Self {
        let mut uses = vec![0_u32; vocabulary.len()];
        phrases.iter().for_each(|phrase| count_words(phrase, &mut uses));
        let mut index = Self::default();
        let mut compiler = Compiler::default();
        let mut filed: Vec<Vec<Filed>> = vec![Vec::new(); vocabulary.len()];
        for (number, phrase) in phrases.iter().enumerate() {
            index.phrases.push(Phrase { first_step: compiler.add(phrase), beginning: beginning(phrase).0 });
            let mut needs = Vec::new();
            note_needs(phrase, &uses, &mut needs);
            index.needs.push(needs);
            let (_, anchors) = rarest(phrase, &uses).unwrap_or_default();
            for Anchor { word, before: (least, most) } in anchors {
                filed[word.index()].push(Filed { phrase: short(number), before: (few(least), few(most)) });
            }
        }
        index.program = compiler.finish();
        index.file(&filed, vocabulary);
        index
    }

    fn file(&mut self, filed: &[Vec<Filed>], vocabulary: &Vocabulary) {
        for word in vocabulary.words() {
            let family: Vec<WordId> = vocabulary.family(word).collect();
            let mut all: Vec<Filed> = family.iter().flat_map(|word| filed[word.index()].clone()).collect();
            all.sort_unstable();
            all.dedup();
            self.filed.push(all);
            self.traces.push(trace(&family));
        }
        self.filed.settle();
        self.needs.settle();
        self.phrases.shrink_to_fit();
        self.traces.shrink_to_fit();
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
        let search = Search { program: &self.program, tokens, traces: &traces, vocabulary };
        let mut hits = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            for filed in self.filed.get(token.id.index()) {
                let phrase = filed.phrase as usize;
                let complete = self.needs.get(phrase).iter().all(|need| need & present != 0);
                if complete && wanted(phrase) {
                    self.find_phrase(&search, *filed, at, &mut hits);
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
        let Phrase { first_step, beginning } = self.phrases[phrase];
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

/// Tokens of a phrase: it stands on one line of a file.
fn few(tokens: usize) -> u16 {
    u16::try_from(tokens).unwrap_or(u16::MAX)
}
