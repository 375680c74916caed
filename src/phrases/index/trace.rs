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
