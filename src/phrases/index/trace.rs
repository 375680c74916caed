//! Which words there are, roughly.
//!
//! Invariant: where a mark is missing, the word is; where it is there, the word may be.

use crate::phrases::vocabulary::WordId;

/// Each word leaves one of 128 marks.
pub(super) type Trace = u128;

/// The marks of these words.
pub(super) fn trace(words: &[WordId]) -> Trace {
    words.iter().fold(0, |trace, word| trace | 1 << (word.index() % 128))
}

/// How far the words of a phrase stand from each other at most.
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    /// Nine tokens at most: most phrases.
    Near,
    /// Seventeen at most.
    Further,
    /// Perhaps more.
    Text,
}

impl Span {
    /// The span of a phrase of so many tokens at most.
    pub fn of(tokens: usize) -> Self {
        match tokens {
            ..=9 => Self::Near,
            10..=17 => Self::Further,
            18.. => Self::Text,
        }
    }
}

/// The marks around each token of a text.
pub(super) struct Around {
    /// Of up to eight tokens before and eight behind, and of up to sixteen.
    tokens: Vec<(Trace, Trace)>,
    text: Trace,
}

impl Around {
    pub fn new(traces: &[Trace]) -> Self {
        let eight = from_each(traces, 8);
        let sixteen = pairs(&eight, 8);
        let around = |marks: &[Trace], at: usize, width: usize| {
            let behind = marks.get(at + 1).copied().unwrap_or_default();
            // At the beginning of a text fewer stand before, and it does no harm to look at more behind.
            marks[at.saturating_sub(width)] | traces[at] | behind
        };
        let tokens = (0..traces.len()).map(|at| (around(&eight, at, 8), around(&sixteen, at, 16))).collect();
        Self { tokens, text: traces.iter().fold(0, |all, trace| all | trace) }
    }

    /// The marks within this span of a token.
    pub fn at(&self, token: usize, span: Span) -> Trace {
        match span {
            Span::Near => self.tokens[token].0,
            Span::Further => self.tokens[token].1,
            Span::Text => self.text,
        }
    }
}

/// The marks of so many tokens (a power of two) from each one on.
fn from_each(traces: &[Trace], width: usize) -> Vec<Trace> {
    let mut marks = traces.to_vec();
    let mut wide = 1;
    while wide < width {
        marks = pairs(&marks, wide);
        wide *= 2;
    }
    marks
}

/// The marks from each token on, and from the token so far behind it on.
fn pairs(marks: &[Trace], apart: usize) -> Vec<Trace> {
    let behind = |at: usize| marks.get(at + apart).copied().unwrap_or_default();
    marks.iter().enumerate().map(|(at, here)| here | behind(at)).collect()
}
