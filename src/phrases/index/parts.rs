//! What a phrase cannot do without, and how long it is.
//!
//! Invariant: where one of a phrase's needs is missing from a text, the phrase is not found in it.

use crate::phrases::index::trace::Trace;
use crate::phrases::index::trace::trace;
use crate::phrases::phrase::Part;
use crate::phrases::vocabulary::WordId;

/// A word without which a phrase is not found, and how many tokens of the phrase stand before it, at least and at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    pub word: WordId,
    pub before: (usize, usize),
}

impl Anchor {
    /// The same word behind so many tokens more.
    fn behind(self, before: (usize, usize)) -> Self {
        Self { before: both(self.before, before), ..self }
    }
}

/// Counts how often each word stands in a part.
pub(super) fn count_words(part: &Part, uses: &mut [u32]) {
    match part {
        Part::Word(words) => words.iter().for_each(|word| uses[word.index()] += 1),
        Part::Sequence(parts) | Part::Alternatives(parts) => {
            parts.iter().for_each(|part| count_words(part, uses));
        }
        Part::Optional(part) => count_words(part, uses),
        Part::Family(part) => count_words(part, uses),
        Part::Any | Part::Gap(_) | Part::Edge => {}
    }
}

/// The traces of the words that a phrase cannot do without.
pub(super) fn note_needs(part: &Part, uses: &[u32], needs: &mut Vec<Trace>) {
    match part {
        Part::Sequence(parts) => parts.iter().for_each(|part| note_needs(part, uses, needs)),
        Part::Family(part) => note_needs(part, uses, needs),
        Part::Word(_) | Part::Alternatives(_) => {
            let words = |anchors: Vec<Anchor>| anchors.iter().map(|anchor| anchor.word).collect::<Vec<_>>();
            needs.extend(rarest(part, uses).map(|(_, anchors)| trace(&words(anchors))));
        }
        Part::Optional(_) | Part::Any | Part::Gap(_) | Part::Edge => {}
    }
}

/// The trace of the words with which a part can begin, and whether it may also be left out.
pub(super) fn beginning(part: &Part) -> (Trace, bool) {
    match part {
        Part::Word(words) => (trace(words), false),
        Part::Any | Part::Gap(_) => (Trace::MAX, true),
        Part::Edge => (0, true),
        Part::Optional(part) => (beginning(part).0, true),
        Part::Family(part) => beginning(part),
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
pub(super) fn rarest(part: &Part, uses: &[u32]) -> Option<(u32, Vec<Anchor>)> {
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
        Part::Family(part) => rarest(part, uses),
        Part::Optional(_) | Part::Any | Part::Gap(_) | Part::Edge => None,
    }
}

/// How many tokens a part takes, at least and at most.
pub(super) fn length(part: &Part) -> (usize, usize) {
    match part {
        Part::Word(_) | Part::Any => (1, 1),
        Part::Gap(width) => (0, *width),
        Part::Edge => (0, 0),
        Part::Optional(part) => (0, length(part).1),
        Part::Family(part) => length(part),
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
