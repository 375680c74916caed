//! What follows from a text while an aside is open.
//!
//! Invariant: a safety aside is closed by its own answers only.

use crate::conversation::answer;
use crate::conversation::aside::Aside;
use crate::conversation::asked::general_text;
use crate::conversation::command;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::Effect;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::choice_named;
use crate::conversation::language;
use crate::conversation::session::Ending;
use crate::conversation::session::Status;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::domain::message::Words;
use crate::reply;
use crate::reply::Asking;
use crate::reply::Command;
use crate::reply::Reading;

/// Replies to a safety question that were not understood before it is no longer repeated.
const REPEATS_MOST: u8 = 2;

/// The conversation under whose name the choices of general messages stand in a lexicon.
pub const GENERAL: &str = "general";

/// The choices of "leave it out, try again, or a person?".
#[must_use]
pub fn stuck_choices(may_skip: bool) -> Vec<ChoiceId> {
    let skip = may_skip.then(|| choice_named("skip"));
    skip.into_iter().chain([choice_named("try"), choice_named("person")]).collect()
}

/// The choices of "carry on or start again?".
#[must_use]
pub fn resume_choices() -> Vec<ChoiceId> {
    vec![choice_named("carry-on"), choice_named("restart")]
}

/// The choices of "are you safe?".
#[must_use]
pub fn safe_choices() -> Vec<ChoiceId> {
    vec![choice_named("safe"), choice_named("not-safe"), choice_named("not-sure")]
}

/// The general messages that offer choices, and which: lexicons are filled from this list.
#[must_use]
pub fn general_choices() -> Vec<(ConversationId, StepId, Vec<ChoiceId>)> {
    let general: ConversationId = GENERAL.parse().expect("a name");
    let step = |name: &str| -> StepId { name.parse().expect("a name") };
    vec![
        (general.clone(), step("stuck"), stuck_choices(true)),
        (general.clone(), step("resume"), resume_choices()),
        (general, step("are-you-safe"), safe_choices()),
    ]
}

/// Reads a text while an aside is open; whether that was all there was to do with it.
pub fn heard(turn: &mut Turn, text: &str) -> bool {
    let Some(open) = turn.session.aside.clone() else { return false };
    match &open.aside {
        Aside::Proposal { step, value } => proposal(turn, step, value, text),
        Aside::AreYouSafe => are_you_safe(turn, text),
        Aside::SafeToText => safe_to_text(turn, text),
        Aside::Quiet => stay_quiet(turn, text),
        Aside::CarryOn => carry_on(turn, text),
        Aside::SkipOrPerson { step } => skip_or_person(turn, step, text),
        Aside::ConfirmRestart => confirm_restart(turn, text),
        Aside::PickLanguage => language::picked(turn, text),
        Aside::Resume => resume(turn, text),
        Aside::OpeningWords { step } => opening_words(turn, step, text),
    }
}

/// Whether a text is a reply to an aside, and no more of an answer given before.
#[must_use]
pub fn is_reply(turn: &Turn, aside: &Aside, text: &str) -> bool {
    match aside {
        Aside::SkipOrPerson { .. } => choice(turn, "stuck", &stuck_choices(true), text).is_some(),
        Aside::Resume => choice(turn, "resume", &resume_choices(), text).is_some(),
        Aside::Proposal { .. } | Aside::SafeToText | Aside::ConfirmRestart | Aside::OpeningWords { .. } => {
            yes_or_no(turn, text).is_some()
        }
        Aside::CarryOn | Aside::Quiet => wants_to_carry_on(turn, text),
        // While we ask whether somebody is safe, every text is a reply to that.
        Aside::AreYouSafe | Aside::PickLanguage => true,
    }
}

/// A tap on a button of an aside.
pub fn pressed(turn: &mut Turn, step: &StepId, choice: &ChoiceId) -> bool {
    let belongs = turn.session.aside.as_ref().is_some_and(|open| message_of(&open.aside) == step.as_str());
    belongs && {
        let text = general_text(step, choice);
        heard(turn, &text)
    }
}

/// The message that asks an aside.
fn message_of(aside: &Aside) -> &'static str {
    match aside {
        Aside::Proposal { .. } => "proposal",
        Aside::AreYouSafe => "are-you-safe",
        Aside::SafeToText => "safe-to-text",
        Aside::Quiet | Aside::CarryOn => "carry-on-hint",
        Aside::SkipOrPerson { .. } => "stuck",
        Aside::ConfirmRestart => "confirm-restart",
        Aside::PickLanguage => "pick-language",
        Aside::Resume => "resume",
        Aside::OpeningWords { .. } => "opening-words",
    }
}

fn choice(turn: &Turn, message: &str, sent: &[ChoiceId], text: &str) -> Option<ChoiceId> {
    let step: StepId = message.parse().ok()?;
    let words = turn.choice_words(&GENERAL.parse().ok()?, &step, sent);
    match reply::exact(&turn.asking(&AnswerKind::ChooseOne, &words), text, &turn.engine.lexicons) {
        Some(Value::Choice(choice)) => Some(choice),
        Some(_) | None => None,
    }
}

fn yes_or_no(turn: &Turn, text: &str) -> Option<bool> {
    match reply::exact(&turn.asking(&AnswerKind::YesOrNo, &[]), text, &turn.engine.lexicons) {
        Some(Value::YesNo(yes)) => Some(yes),
        Some(_) | None => None,
    }
}

fn proposal(turn: &mut Turn, step: &StepId, value: &Value, text: &str) -> bool {
    turn.session.aside = None;
    let Some(defined) = turn.engine.definition.step(step) else { return false };
    match yes_or_no(turn, text) {
        Some(true) => answer::take(turn, defined, value.clone(), text),
        Some(false) => answer::ask_once_more(turn, defined, "retry"),
        // Something else: a fresh reply to the same question.
        None => return false,
    }
    true
}

/// What somebody said to "are you safe?". A yes must be plain: "yes im scared" is none. A no counts in other words too,
/// and in every language that is known, also where a yes is taken by number only: a missed no does more harm.
fn how_safe(turn: &Turn, text: &str) -> Option<ChoiceId> {
    if let Some(choice) = choice(turn, "are-you-safe", &safe_choices(), text) {
        return Some(choice);
    }
    if yes_or_no(turn, text) == Some(true) {
        return Some(choice_named("safe"));
    }
    let any_language = Asking { numbers_only: false, ..turn.asking(&AnswerKind::YesOrNo, &[]) };
    let read = reply::read(&any_language, text, &turn.engine.lexicons);
    (read == Reading::Understood(Value::YesNo(false))).then(|| choice_named("not-safe"))
}

fn are_you_safe(turn: &mut Turn, text: &str) -> bool {
    match how_safe(turn, text).as_ref().map(ChoiceId::as_str) {
        Some("safe") => turn.say_for_safety(Saying::of(MessageKey::of("safe-noted"))),
        Some("not-safe") => {
            // Somebody who is not safe is not asked to carry on with questions, but may say so.
            watch::raise_by_answer(turn, "said-not-safe", "not-safe");
            wait(turn);
            return true;
        }
        Some(_) => watch::raise_by_answer(turn, "said-not-sure", "not-sure"),
        None => {
            let question =
                Saying::of(MessageKey::of("are-you-safe")).with_choices("are-you-safe", &safe_choices());
            return not_answered(turn, text, question);
        }
    }
    wait_to_carry_on(turn);
    true
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

fn safe_to_text(turn: &mut Turn, text: &str) -> bool {
    match yes_or_no(turn, text) {
        Some(true) => {
            turn.set_texts_unsafe(false);
            turn.session.texts_safe_at = Some(turn.now);
            turn.say_for_safety(Saying::of(MessageKey::of("text-safe")));
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
            let question = Saying::of(MessageKey::of("safe-to-text")).with_yes_or_no();
            not_answered(turn, text, question)
        }
    }
}

/// Something else than an answer to a safety question: commands work, other words wait for a human, and the question
/// is repeated a few times.
fn not_answered(turn: &mut Turn, text: &str, question: Saying) -> bool {
    if obeys(turn, text) {
        return true;
    }
    turn.needs_reply();
    if repeats(turn) {
        turn.say_for_safety(question);
    }
    true
}

/// The commands that work while a safety question is open.
fn obeys(turn: &mut Turn, text: &str) -> bool {
    match reply::command::command(text, &turn.engine.lexicons) {
        Some(
            asked @ (Command::Person | Command::Help | Command::Who | Command::Delete | Command::HelpNow),
        ) => {
            command::obey(turn, asked, text);
            true
        }
        Some(_) | None => false,
    }
}

fn repeats(turn: &mut Turn) -> bool {
    let Some(open) = &mut turn.session.aside else { return false };
    open.tries = open.tries.saturating_add(1);
    open.tries <= REPEATS_MOST
}

/// It is not safe to text: everything waits for a human, until the person plainly asks to go on.
fn stay_quiet(turn: &mut Turn, text: &str) -> bool {
    quiet(turn, text);
    true
}

/// The same, also where a person has said at a question that this phone is not to be texted.
pub fn quiet(turn: &mut Turn, text: &str) {
    if reply::command::command(text, &turn.engine.lexicons) == Some(Command::CarryOn) {
        turn.set_texts_unsafe(false);
        go_on(turn);
    } else {
        turn.needs_reply();
    }
}

fn wants_to_carry_on(turn: &Turn, text: &str) -> bool {
    let asked = reply::command::command(text, &turn.engine.lexicons);
    matches!(asked, Some(Command::CarryOn | Command::Again)) || yes_or_no(turn, text) == Some(true)
}

fn carry_on(turn: &mut Turn, text: &str) -> bool {
    if wants_to_carry_on(turn, text) {
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

fn go_on(turn: &mut Turn) {
    turn.session.aside = None;
    if turn.session.is_live() {
        turn.say("carry-on");
        turn.ask_again();
    } else {
        turn.say("message-kept");
    }
}

fn skip_or_person(turn: &mut Turn, step: &StepId, text: &str) -> bool {
    let may_skip = turn.engine.definition.question(step).is_some_and(|question| question.may_skip);
    turn.session.tries = 0;
    match choice(turn, "stuck", &stuck_choices(may_skip), text).as_ref().map(ChoiceId::as_str) {
        Some("skip") => {
            turn.session.aside = None;
            turn.record(step, None, text);
            turn.advance();
            true
        }
        Some("person") => {
            command::obey(turn, Command::Person, text);
            true
        }
        Some(_) => {
            turn.ask_again();
            true
        }
        None => {
            turn.session.aside = None;
            false
        }
    }
}

fn confirm_restart(turn: &mut Turn, text: &str) -> bool {
    turn.session.aside = None;
    match yes_or_no(turn, text) {
        Some(true) => restart(turn),
        Some(false) if turn.session.is_live() => turn.ask_again(),
        Some(false) => {}
        None => return false,
    }
    true
}

/// Closes the session, concerns and words stay, and opens a new one.
fn restart(turn: &mut Turn) {
    if turn.session.is_live() {
        turn.finish(Ending::Restarted);
    }
    turn.session.aside = None;
    turn.effects.push(Effect::BeginAgain);
}

fn resume(turn: &mut Turn, text: &str) -> bool {
    match choice(turn, "resume", &resume_choices(), text).as_ref().map(ChoiceId::as_str) {
        Some("carry-on") => {
            turn.session.status = Status::Live;
            turn.session.asked = None;
            turn.say("carry-on");
            turn.ask_again();
            true
        }
        Some(_) => {
            turn.session.aside = None;
            restart(turn);
            true
        }
        None => false,
    }
}

fn opening_words(turn: &mut Turn, step: &StepId, text: &str) -> bool {
    turn.session.aside = None;
    let Some(defined) = turn.asked().filter(|asked| asked.id == *step) else { return false };
    let StepKind::Ask(question) = &defined.kind else { return false };
    let opening = turn.session.opening_words.clone().unwrap_or_default();
    match yes_or_no(turn, text) {
        Some(true) => answer::take(turn, defined, Value::Text(opening.clone()), &opening.0),
        Some(false) => turn.ask_plainly(defined, question),
        None if reply::command::command(text, &turn.engine.lexicons).is_some() => return false,
        None => {
            let together = format!("{}\n{text}", opening.0);
            answer::take(turn, defined, Value::Text(Words(together.clone())), &together);
        }
    }
    true
}
