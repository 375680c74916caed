//! Times beside an answer: "phone me, but not before ten".
//!
//! Invariant: a number is a time only after a word such as "before".

use crate::reply::heard::Heard;
use crate::reply::lexicon::AND;
use crate::reply::lexicon::BUT;
use crate::reply::lexicon::CLOCK;
use crate::reply::lexicon::LIMIT;
use crate::reply::lexicon::NOT;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::THANKS;
use crate::reply::numbers::number_at;

/// Whether the rest of a text only says when: `but not before ten`.
pub(crate) fn only_says_when(heard: &Heard, from: usize) -> bool {
    let (mut at, mut after_clock, mut says_when) = (from, false, false);
    while at < heard.len() {
        if let Some(time) = number_at(heard, at) {
            if !after_clock {
                return false;
            }
            says_when = true;
            at = time.to;
            continue;
        }
        let Some(found) = heard.longest(at, LIMIT | CLOCK | NOT | BUT | AND | POLITE | THANKS) else {
            return false;
        };
        after_clock |= found.is(CLOCK);
        says_when |= found.is(LIMIT) && !found.is(CLOCK);
        at = found.to;
    }
    says_when
}
