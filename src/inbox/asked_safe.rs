//! "Are you safe right now?": when it was asked after a concern, and what came back.
//!
//! Invariant: what the person wrote is shown as they wrote it, also where it was no answer.

use std::time::Duration;

use crate::domain::concern;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::inbox::messages::fate;
use crate::inbox::messages::heard_words;
use crate::inbox::page::Moment;
use crate::inbox::page::length_words;
use crate::inbox::referral::Fate;
use crate::inbox::shown::Foreign;
use crate::store::concern::SavedConcern;
use crate::store::thread::Said;
use crate::store::thread::SaidWhat;

/// A question that follows within this time was asked because of the concern.
const ASKED_WITHIN: Duration = Duration::from_secs(5 * 60);

/// The message that asks.
const QUESTION: &str = "are-you-safe";

/// That it was asked, and what came back.
#[derive(Debug, Clone)]
pub struct AskedSafe {
    /// When it was asked.
    pub at: Moment,
    /// What came back.
    pub answer: SafeAnswer,
}

/// What came back.
#[derive(Debug, Clone)]
pub enum SafeAnswer {
    /// Nothing, for so long.
    Nothing(String),
    /// These words; what they mean is known where they were an answer.
    Words {
        /// What they mean: `that they are safe`.
        meaning: Option<&'static str>,
        /// What was written.
        words: Foreign,
        /// When.
        at: Moment,
    },
}

/// What became of the question that belongs to a concern; nothing where it was not asked, or did not arrive.
#[must_use]
pub fn asked_safe(raised: &SavedConcern, thread: &[Said], now: Timestamp) -> Option<AskedSafe> {
    let asks = |line: &Said| keys(line).any(|key| key == QUESTION) && has_left(line);
    let place = match raised.raised.rule.as_str() {
        // The answer, or that there was none, is the concern: the question came before.
        concern::SAID_NOT_SAFE | concern::SAID_NOT_SURE | concern::NO_ANSWER => {
            thread.iter().rposition(|line| line.at < raised.raised_at && asks(line))
        }
        _ => thread.iter().position(|line| {
            raised.raised_at <= line.at && line.at.since(raised.raised_at) < ASKED_WITHIN && asks(line)
        }),
    }?;
    let (question, after) = thread[place..].split_first()?;
    Some(AskedSafe { at: Moment(question.at), answer: answer(after, now.since(question.at)) })
}

/// The words that were taken for an answer; else the first that were written.
fn answer(after: &[Said], since_asked: Duration) -> SafeAnswer {
    let meant = after.iter().position(|line| keys(line).any(|key| meaning(key).is_some()));
    let heard = match meant {
        Some(place) => after[..place].iter().rev().find_map(heard),
        None => after.iter().find_map(heard),
    };
    match heard {
        Some((words, at)) => {
            SafeAnswer::Words { meaning: meant.and_then(|at| keys(&after[at]).find_map(meaning)), words, at }
        }
        None => SafeAnswer::Nothing(length_words(since_asked)),
    }
}

fn heard(line: &Said) -> Option<(Foreign, Moment)> {
    match &line.what {
        SaidWhat::Heard { content, .. } => Some((heard_words(content.as_ref()), Moment(line.at))),
        SaidWhat::Told { .. } => None,
    }
}

/// What an answer meant, by what we said to it.
fn meaning(key: &str) -> Option<&'static str> {
    match key {
        "safe-noted" => Some("that they are safe"),
        "not-safe" => Some("that they are not safe"),
        "not-sure" => Some("that they are not sure"),
        _ => None,
    }
}

/// The messages of the safety texts that we sent.
fn keys(line: &Said) -> impl Iterator<Item = &str> {
    let keys = match &line.what {
        SaidWhat::Told { purpose: Purpose::Safety, message_keys, .. } => message_keys.as_str(),
        SaidWhat::Told { .. } | SaidWhat::Heard { .. } => "",
    };
    keys.split(',').map(str::trim)
}

fn has_left(line: &Said) -> bool {
    match &line.what {
        SaidWhat::Told { state, delivery, .. } => match fate(state, delivery.as_deref()) {
            Fate::Sent | Fate::Arrived | Fate::Unknown => true,
            Fate::Waiting | Fate::DidNotArrive | Fate::NotSent => false,
        },
        SaidWhat::Heard { .. } => false,
    }
}
