//! What a person wishes inside a longer text: to be left alone, or not to be texted.
//!
//! Invariant: nothing here takes a concern back; whoever is not texted any more is seen by a human.

use crate::conversation::answer;
use crate::conversation::aside::Aside;
use crate::conversation::command;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::hear;
use crate::conversation::session::Ending;
use crate::conversation::session::Status;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::answer::Value;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ChoiceId;
use crate::reply;
use crate::reply::Command;
use crate::reply::Reading;
use crate::reply::inside;
use crate::reply::text::TextKind;
use crate::reply::text::Tidied;

/// Whether a text about danger also asks to be left alone: it does both. What stands behind the words of danger is looked
/// at by itself, for few people write full stops.
pub fn stops_beside_danger(turn: &Turn, text: &str) -> bool {
    let stops = |text: &str| inside::asks_to_stop(text, &turn.engine.lexicons);
    let mut raised = watch::raised(turn).peekable();
    raised.peek().is_some()
        && (stops(text) || raised.any(|concern| text.get(concern.words.end..).is_some_and(stops)))
}

/// A text that asks for silence, or that asks not to be texted and tells of violence, has answered "is it safe to text
/// you?" before it was asked: nothing is said from now on, not for safety either. Whether it was one.
pub fn says_it_is_not_safe(turn: &mut Turn, tidied: Tidied<'_>) -> bool {
    if turn.is_silent() {
        return false;
    }
    let (text, lexicons) = (tidied.text, &turn.engine.lexicons);
    let abused = watch::raised(turn).any(|concern| concern.category == ConcernCategory::Abuse);
    // To stop all texts is another wish, which has words of its own. Few texts ask for silence: that is looked for first.
    // Who asks for a call instead got one before, but where somebody else may read this phone.
    let silence = || {
        inside::asks_for_a_call(text, lexicons).is_some()
            || (inside::asks_for_silence(text, lexicons) && !stops(turn, text))
    };
    let is_unsafe = (abused && inside::asks_for_no_texts(text, lexicons)) || silence();
    if !is_unsafe {
        return false;
    }
    let watched = abused || inside::somebody_reads_this_phone(text, lexicons);
    obey(turn, text);
    be_quiet(turn);
    turn.say_nothing();
    // Whether somebody is safe stays asked where nobody else may see what we say to the answer.
    let stays_asked = turn.session.aside.as_ref().is_some_and(|open| open.aside == Aside::AreYouSafe);
    if watched || !stays_asked {
        turn.open_aside(Aside::Quiet);
    }
    true
}

fn stops(turn: &Turn, text: &str) -> bool {
    reply::command::command(text, &turn.engine.lexicons) == Some(Command::Stop)
        || stops_beside_danger(turn, text)
}

/// Whoever wants to be rung and not texted is rung: the questions end, and they are told so once. Where somebody else may
/// read this phone, the same words are a no to all texts. Whether it was one.
pub fn wants_a_call(turn: &mut Turn, tidied: Tidied<'_>) -> bool {
    let open = turn.session.aside.as_ref().map(|open| &open.aside);
    let may_be_read = turn.session.standing.texts_unsafe
        || turn.session.texts_safe_at.is_some()
        || matches!(open, Some(Aside::SafeToText | Aside::Quiet))
        || watch::raised(turn).next().is_some();
    if tidied.kind != TextKind::Plain || may_be_read {
        return false;
    }
    let Some(call) = inside::asks_for_a_call(tidied.text, &turn.engine.lexicons) else { return false };
    let was_told = turn.session.status == Status::Ended(Ending::WantsAHuman);
    if turn.is_silent() || was_told {
        turn.needs_reply();
    } else {
        record_call(turn, &call, tidied.text);
        command::end_with_a_human(turn, "call-coming");
    }
    true
}

/// It answers how to reach them, where this conversation asks so: by the words for ringing.
fn record_call(turn: &mut Turn, call: &str, text: &str) {
    let chosen = turn.way().applying().find_map(|step| {
        let question = turn.engine.definition.question(&step.id).filter(|q| !q.no_texts_if.is_empty())?;
        let words = turn.choice_words(&turn.engine.definition.id, &step.id, &question.choices);
        match reply::read(&turn.asking(&question.answer, &words), call, &turn.engine.lexicons) {
            Reading::Understood(value @ Value::Choice(_)) => Some((&step.id, value)),
            Reading::Understood(_) | Reading::Propose(_) | Reading::NotAllowed | Reading::NotUnderstood => {
                None
            }
        }
    });
    if let Some((step, value)) = chosen {
        turn.record(step, Some(value), text);
    }
}

/// Somebody asks not to be texted: nothing more is said. Whether it was one.
pub fn wants_no_texts(turn: &mut Turn, text: &str) -> bool {
    let asks = inside::asks_for_no_texts(text, &turn.engine.lexicons);
    if asks {
        obey(turn, text);
    }
    asks
}

/// Where it is asked how to reach them that is their answer; elsewhere their words are kept.
fn obey(turn: &mut Turn, text: &str) {
    match no_texts_choice(turn) {
        Some((step, choice)) => answer::take(turn, step, Value::Choice(choice), text),
        None => {
            hear::keep_words(turn, text);
            be_quiet(turn);
        }
    }
}

fn be_quiet(turn: &mut Turn) {
    turn.set_texts_unsafe(true);
    turn.needs_reply();
    // It answers "is it safe to text you?"; whether somebody is safe stays asked.
    if turn.session.aside.as_ref().is_some_and(|open| open.aside == Aside::SafeToText) {
        turn.open_aside(Aside::Quiet);
    }
}

/// The answer of the open question after which nothing is texted.
fn no_texts_choice<'e>(turn: &Turn<'e>) -> Option<(&'e Step, ChoiceId)> {
    let step = turn.asked().filter(|_| turn.session.is_live() && !turn.asks_about_safety())?;
    match &step.kind {
        StepKind::Ask(question) => question.no_texts_if.first().map(|choice| (step, choice.clone())),
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => None,
    }
}
