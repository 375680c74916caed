//! Rules that count only where another phrase of their own stands in the same text.
//!
//! Invariant: the nearest is found without looking at all of them.

use std::ops::Range;

use crate::phrases::index::Hit;

/// What accompanies one rule in a text, by the first tokens.
pub(super) struct Company(Vec<Hit>);

impl Company {
    pub(super) fn new(mut hits: Vec<Hit>) -> Self {
        hits.sort_by_key(|hit| hit.start);
        Self(hits)
    }

    /// The tokens from a hit to the nearest that accompanies it and shares no token with it.
    pub(super) fn nearest(&self, hit: &Hit) -> Option<Range<usize>> {
        let both = |other: &Hit| other.start.min(hit.start)..other.end.max(hit.end);
        let nearest = self.before(hit).into_iter().chain(self.behind(hit));
        // Of two that stand equally near, the one whose phrase comes first.
        nearest.min_by_key(|other| (both(other).len(), other.phrase, other.start)).map(both)
    }

    /// The one that begins last of those before.
    fn before(&self, hit: &Hit) -> Option<&Hit> {
        let begun = &self.0[..self.0.partition_point(|other| other.start < hit.start)];
        let last = begun.iter().rfind(|other| other.end <= hit.start)?;
        let equal = begun[begun.partition_point(|other| other.start < last.start)..].iter();
        equal.take_while(|other| other.start == last.start).find(|other| other.end <= hit.start)
    }

    /// The one that ends first of those behind.
    fn behind(&self, hit: &Hit) -> Option<&Hit> {
        let behind = &self.0[self.0.partition_point(|other| other.start < hit.end)..];
        // What begins behind the end of one ends later than that one.
        let end = behind.first()?.end;
        behind.iter().take_while(|other| other.start < end).min_by_key(|other| (other.end, other.phrase))
    }
}
