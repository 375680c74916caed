//! The safety questions, and the wait that follows them.
//!
//! Invariant: a safety question is closed by its own answers, by a human, or by somebody who asks to carry on; no text
//! that is new goes without a word, but for the sake of a phone that is not safe.

use std::time::Duration;

use crate::conversation::aside::Aside;
use crate::conversation::beside::choice;
use crate::conversation::beside::safe_choices;
use crate::conversation::beside::yes_or_no;
use crate::conversation::command;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::choice_named;
use crate::conversation::number;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::concern;
use crate::domain::ids::ChoiceId;
use crate::domain::message::Purpose;
use crate::reply;
use crate::reply::Asking;
use crate::reply::Command;
use crate::reply::Reading;
use crate::reply::text::TextKind;
use crate::reply::text::Tidied;

/// Replies to a safety question that were not understood before it is no longer repeated.
const REPEATS_MOST: u8 = 2;

/// Replies that are answered: two with the question, two by other words, and one that says that we fall silent. Two lines
/// that took turns for ever would tell nobody anything.
const ANSWERED_MOST: u8 = 5;

/// After this time without an answer somebody who writes is answered again: they may not see any more what we said.
const ANSWERED_AGAIN_AFTER: Duration = Duration::from_secs(3600);

/// What somebody said to "are you safe?". A yes must be plain, and one of the words that stand at this question: "yes im
/// scared" is none, and "ok" or "i suppose so", which are a yes elsewhere, are none here. A no counts in other words too,
/// and in every language that is known, also where a yes is taken by number only: a missed no does more harm.
fn how_safe(turn: &Turn, text: &str) -> Option<ChoiceId> {
    if let Some(choice) = choice(turn, "are-you-safe", &safe_choices(), text) {
        return Some(choice);
    }
    // "no im fine" turns help down, or means that all is well: it is asked again.
    if reply::says_all_is_well(text, &turn.engine.lexicons) {
        return None;
    }
    let any_language = Asking { numbers_only: false, ..turn.asking(&AnswerKind::YesOrNo, &[]) };
    let read = reply::read(&any_language, text, &turn.engine.lexicons);
    (read == Reading::Understood(Value::YesNo(false))).then(|| choice_named("not-safe"))
}

/// Whether "is it safe to text you?" stands open.
pub fn asks_whether_texts_are_safe(turn: &Turn) -> bool {
    turn.session.aside.as_ref().is_some_and(|open| open.aside == Aside::SafeToText)
}

/// Whether a text answers a question about safety.
pub fn is_answer(turn: &Turn, aside: &Aside, text: &str) -> bool {
    match aside {
        Aside::AreYouSafe => how_safe(turn, text).is_some(),
        Aside::SafeToText => may_be_texted(turn, text).is_some(),
        Aside::Quiet
        | Aside::CarryOn
        | Aside::Proposal { .. }
        | Aside::SkipOrPerson { .. }
        | Aside::ConfirmRestart
        | Aside::PickLanguage
        | Aside::Resume
        | Aside::OpeningWords { .. } => false,
    }
}

/// A reply to "are you safe right now?".
pub fn are_you_safe(turn: &mut Turn, text: &str) -> bool {
    match how_safe(turn, text).as_ref().map(ChoiceId::as_str) {
        Some("safe") => turn.say_for_safety(Saying::of(MessageKey::of("safe-noted"))),
        Some("not-safe") => {
            // Somebody who is not safe is not asked to carry on with questions, but may say so.
            watch::raise_by_answer(turn, concern::SAID_NOT_SAFE, "not-safe");
            wait(turn);
            stop_repeating(turn);
            return true;
        }
        Some(_) => {
            watch::raise_by_answer(turn, concern::SAID_NOT_SURE, "not-sure");
            wait_to_carry_on(turn);
            stop_repeating(turn);
            return true;
        }
        None if turn.session.is_live() && asks_to_go_on(turn, text) => {
            go_on(turn);
            return true;
        }
        None => {
            let question =
                Saying::of(MessageKey::of("are-you-safe")).with_choices("are-you-safe", &safe_choices());
            return not_answered(turn, text, question);
        }
    }
    wait_to_carry_on(turn);
    true
}

/// A text of somebody who wants no more of ours. An answer to "are you safe?" counts all the same; anything else is read by a
/// human, and whoever stopped in their own words hears once that it is, and how to begin again.
pub fn answered_after_a_stop(turn: &mut Turn, tidied: Tidied<'_>) {
    if !turn.session.standing.opted_out {
        return;
    }
    let asked = turn.session.aside.as_ref().is_some_and(|open| open.aside == Aside::AreYouSafe);
    if asked && how_safe(turn, tidied.text).is_some() {
        are_you_safe(turn, tidied.text);
        return;
    }
    let says_nothing = tidied.kind != TextKind::Plain
        || turn.session.standing.hold
        || watch::raised(turn).next().is_some()
        || reply::command::is_thanks(tidied.text, &turn.engine.lexicons);
    if turn.session.told_of_stop_next && !says_nothing {
        turn.session.told_of_stop_next = false;
        turn.said_for(Purpose::Goodbye);
        turn.say("after-a-stop");
    }
}

/// The flow waits until the person says that they want to go on, and is told how.
fn wait_to_carry_on(turn: &mut Turn) {
    if turn.session.is_live() {
        turn.say_for_safety(Saying::of(MessageKey::of("carry-on-hint")));
    }
    wait(turn);
}

/// The flow waits. After the end there is nothing to wait for.
fn wait(turn: &mut Turn) {
    turn.session.aside = None;
    if turn.session.is_live() {
        turn.open_aside(Aside::CarryOn);
    }
}

/// What somebody said to "is it safe to text you?". A yes must be plain. A no counts in other words, and so does doubt, and
/// a number that is not in the list: a text too many may harm, and a human is told in any case.
fn may_be_texted(turn: &Turn, text: &str) -> Option<bool> {
    let plain = yes_or_no(turn, text);
    let lexicons = &turn.engine.lexicons;
    let doubts = || {
        let is_number = text.chars().any(char::is_numeric) && !text.chars().any(char::is_alphabetic);
        let safe = how_safe(turn, text).is_some_and(|choice| choice.as_str() != "safe");
        is_number || safe || reply::inside::says_texts_are_not_safe(text, lexicons)
    };
    plain.or_else(|| (!text.is_empty() && doubts()).then_some(false))
}

/// A reply to "is it safe to text you on this phone?".
pub fn safe_to_text(turn: &mut Turn, text: &str) -> bool {
    match may_be_texted(turn, text) {
        Some(true) => {
            turn.set_texts_unsafe(false);
            turn.session.texts_safe_at = Some(turn.now);
            turn.say_for_safety(Saying::of(MessageKey::of("text-safe")));
            if let Some(number) = number::question(turn) {
                turn.say_for_safety(number);
            }
            wait_to_carry_on(turn);
            true
        }
        Some(false) => {
            turn.set_texts_unsafe(true);
            turn.needs_reply();
            turn.open_aside(Aside::Quiet);
            true
        }
        None => {
            // Whoever else reads this phone must not learn what was passed on, so that nothing but the question is said.
            if !obeys(turn, text) {
                turn.needs_reply();
                if count_reply(turn) <= REPEATS_MOST {
                    turn.say_for_safety(Saying::of(MessageKey::of("safe-to-text")).with_yes_or_no());
                }
            }
            true
        }
    }
}

/// Something else than an answer: commands work, other words wait for a human, and the person is told that they were
/// passed on. The question is repeated a few times; then come two short lines, and one that says how to reach a person and
/// how to go on.
fn not_answered(turn: &mut Turn, text: &str, question: Saying) -> bool {
    if obeys(turn, text) {
        return true;
    }
    turn.needs_reply();
    if turn.session.standing.texts_unsafe {
        return true;
    }
    let replies = count_reply(turn);
    // A tap says nothing that could be passed on.
    if !text.is_empty() {
        let Some(line) = line(replies) else { return true };
        turn.say_for_safety(Saying::of(line));
    }
    if replies <= REPEATS_MOST {
        turn.say_for_safety(question);
    } else if replies == ANSWERED_MOST && turn.session.is_live() {
        turn.say_for_safety(Saying::of(MessageKey::of("carry-on-hint")));
    }
    true
}

/// What is said to the first, second, … reply that is no answer. After the last a human alone answers.
fn line(replies: u8) -> Option<MessageKey> {
    match replies {
        1 => Some(MessageKey::of("passed-on")),
        2 => Some(MessageKey::part("passed-on", "again")),
        3 => Some(MessageKey::of("heard-too")),
        4 => Some(MessageKey::part("heard-too", "again")),
        ANSWERED_MOST => Some(MessageKey::of("answers-end")),
        _ => None,
    }
}

/// The commands that work while a safety question is open.
fn obeys(turn: &mut Turn, text: &str) -> bool {
    match reply::command::command(text, &turn.engine.lexicons) {
        Some(
            asked @ (Command::Person
            | Command::Help
            | Command::Explain
            | Command::Who
            | Command::Privacy
            | Command::Delete
            | Command::HelpNow),
        ) => {
            command::obey(turn, asked, text);
            true
        }
        Some(_) | None => false,
    }
}

/// Counts a reply to the open question that was no answer.
fn count_reply(turn: &mut Turn) -> u8 {
    let now = turn.now;
    let Some(open) = &mut turn.session.aside else { return u8::MAX };
    let long_ago = open.answered_at.is_some_and(|at| ANSWERED_AGAIN_AFTER <= now.since(at));
    if long_ago && ANSWERED_MOST <= open.tries {
        open.tries = REPEATS_MOST;
    }
    open.tries = open.tries.saturating_add(1);
    if open.tries <= ANSWERED_MOST {
        open.answered_at = Some(now);
    }
    open.tries
}

/// Somebody who is not safe, or not sure, is told that we hear them, and not at each text how to carry on.
fn stop_repeating(turn: &mut Turn) {
    if let Some(open) = &mut turn.session.aside {
        open.tries = REPEATS_MOST;
    }
}

/// It is not safe to text: everything waits for a human, until the person plainly asks to go on.
pub fn stay_quiet(turn: &mut Turn, text: &str) -> bool {
    quiet(turn, text);
    true
}

/// The same, also where a person has said at a question that this phone is not to be texted.
pub fn quiet(turn: &mut Turn, text: &str) {
    if asks_to_go_on(turn, text) {
        go_on(turn);
    } else {
        turn.needs_reply();
    }
}

/// Whether a text plainly asks to go on with the questions: "ok", "yes" and "please" after words of danger may mean
/// anything.
fn asks_to_go_on(turn: &Turn, text: &str) -> bool {
    let lexicons = &turn.engine.lexicons;
    match reply::command::command(text, lexicons) {
        Some(Command::CarryOn) => true,
        Some(Command::Start) => turn.session.standing.texts_unsafe,
        Some(_) | None => turn.session.standing.texts_unsafe && reply::inside::welcomes_texts(text, lexicons),
    }
}

/// A text while the flow waits. Whoever is safe has just been told how to carry on: then "yes please" means that.
pub fn carry_on(turn: &mut Turn, text: &str) -> bool {
    let told = turn.session.aside.as_ref().is_some_and(|open| open.tries < REPEATS_MOST);
    if asks_to_go_on(turn, text) || reply::inside::goes_on(text, told, &turn.engine.lexicons) {
        go_on(turn);
        return true;
    }
    if let Some(asked @ (Command::Done | Command::Restart | Command::Language)) =
        reply::command::command(text, &turn.engine.lexicons)
    {
        command::obey(turn, asked, text);
        return true;
    }
    not_answered(turn, text, Saying::of(MessageKey::of("carry-on-hint")))
}

/// Whoever asks to go on may be texted again.
fn go_on(turn: &mut Turn) {
    turn.session.aside = None;
    turn.set_texts_unsafe(false);
    if turn.session.is_live() {
        // Whoever wrote of danger in their first text has not been greeted, and is told shortly who asks.
        let greeted = turn.session.asked.is_some();
        turn.say(if greeted { "carry-on" } else { "who-asks" });
        if !greeted {
            turn.pass_over_sayings();
        }
        turn.ask_again();
    } else {
        turn.needs_reply();
        turn.say("message-kept");
    }
}
