//! What follows from a text that we read long after it was written: the line was broken, or we were away.
//!
//! Invariant: it is scanned and obeyed like any other, and never counts as the answer to a question that was asked
//! after it was written.

use std::time::Duration;

use crate::conversation::command;
use crate::conversation::hear;
use crate::conversation::hear::STORY_WORDS;
use crate::conversation::safe;
use crate::conversation::turn::Turn;
use crate::domain::message::LATE_FROM;
use crate::domain::message::NetworkWord;
use crate::domain::time::Timestamp;
use crate::reply;
use crate::reply::Command;

/// Several texts that were read late together are told of it once.
const SAID_RECENTLY: Duration = Duration::from_secs(3600);

/// What a text can be about, by the time at which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BelongsTo {
    /// The question that stands open.
    WhatIsAsked,
    /// Something before that: the question was not there yet.
    SomethingOlder,
    /// Nothing new: who hears nothing sends the same again, and it was taken meanwhile.
    TheTextBefore,
}

/// The person wrote at `sent_at`, and we read it only now.
pub fn heard(turn: &mut Turn, raw: &str, network: Option<NetworkWord>, sent_at: Timestamp) {
    let is_late = LATE_FROM <= turn.now.since(sent_at);
    let said = turn.session.late_said_at.is_some_and(|at| turn.now.since(at) < SAID_RECENTLY);
    turn.says_late = is_late && !said;
    let belongs = belongs(turn, raw, sent_at, is_late);
    hear::heard_as(turn, raw, network, belongs);
    if is_late && !said {
        turn.session.late_said_at = Some(turn.now);
    }
}

fn belongs(turn: &Turn, raw: &str, sent_at: Timestamp, is_late: bool) -> BelongsTo {
    let session = &turn.session;
    let is_asked = session.aside.is_some() || (session.is_live() && session.asked.is_some());
    let before_it_was_asked = is_asked && sent_at < session.heard_at;
    let last = session.recent.as_ref().map_or("", |recent| recent.text.0.as_str());
    let sent_again = last.strip_suffix(raw).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
    // Whoever could not be answered may be safe to text no longer: their yes is old.
    let asks_whether_safe = safe::asks_whether_texts_are_safe(turn);
    match (is_late, before_it_was_asked) {
        (_, true) if sent_again => BelongsTo::TheTextBefore,
        (true, true) => BelongsTo::SomethingOlder,
        (true, false) if asks_whether_safe => BelongsTo::SomethingOlder,
        // Few minutes are no other talk: people write their next answer before they are asked.
        (true | false, _) => BelongsTo::WhatIsAsked,
    }
}

/// Says that we read it only now.
pub fn say(turn: &mut Turn) {
    if turn.says_late {
        turn.say("late");
    }
}

/// Keeps a text that answers nothing that is asked: it joins what it may continue, does what it asks for, or waits for
/// a human where it says more than a few words. Every word of it stands in the thread.
pub fn keep(turn: &mut Turn, text: &str) {
    if let Some(
        asked @ (Command::Help
        | Command::Explain
        | Command::HelpNow
        | Command::Who
        | Command::Person
        | Command::Language
        | Command::Delete),
    ) = reply::command::command(text, &turn.engine.lexicons)
    {
        say(turn);
        return command::obey(turn, asked, text);
    }
    if turn.asks_about_safety() || turn.session.standing.texts_unsafe {
        return turn.needs_reply();
    }
    say(turn);
    if let Some(joining) = turn.session.joining.clone().filter(|joining| turn.now < joining.until) {
        return turn.join(&joining, text);
    }
    if STORY_WORDS <= text.split_whitespace().count() {
        turn.needs_reply();
        turn.say("message-kept");
    }
}
