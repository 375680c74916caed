//! What follows from a text while an aside is open.
//!
//! Invariant: a safety aside is closed by its own answers only.

use crate::conversation::answer;
use crate::conversation::arrive::Tap;
use crate::conversation::arrive::not_before;
use crate::conversation::aside::Aside;
use crate::conversation::asked::general_text;
use crate::conversation::command;
use crate::conversation::definition::Question;
use crate::conversation::definition::Step as DefinedStep;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::Effect;
use crate::conversation::effect::choice_named;
use crate::conversation::language;
use crate::conversation::safe;
use crate::conversation::session::Ending;
use crate::conversation::session::Status;
use crate::conversation::turn::Turn;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::domain::message::Words;
use crate::reply;
use crate::reply::Command;
use crate::reply::Reading;

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
        Aside::Proposal { step, value, words } => proposal(turn, step, (value, words), text),
        Aside::AreYouSafe => safe::are_you_safe(turn, text),
        Aside::SafeToText => safe::safe_to_text(turn, text),
        Aside::Quiet => safe::stay_quiet(turn, text),
        Aside::CarryOn => safe::carry_on(turn, text),
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
        // After words of danger every text is heard by itself, and none without a word.
        Aside::AreYouSafe | Aside::CarryOn | Aside::Quiet | Aside::PickLanguage => true,
    }
}

/// A tap on a button of the open aside; a button of an earlier one is none.
pub fn pressed(turn: &mut Turn, tap: &Tap<'_>) -> bool {
    let belongs = turn.session.aside.as_ref().is_some_and(|open| {
        message_of(&open.aside) == tap.step.as_str() && not_before(tap.shown_at, open.at)
    });
    belongs && {
        let text = general_text(tap.step, tap.choice);
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

/// The choice of one of our messages that a text names exactly.
pub fn choice(turn: &Turn, message: &str, sent: &[ChoiceId], text: &str) -> Option<ChoiceId> {
    let step: StepId = message.parse().ok()?;
    let words = turn.choice_words(&GENERAL.parse().ok()?, &step, sent);
    match reply::exact(&turn.asking(&AnswerKind::ChooseOne, &words), text, &turn.engine.lexicons) {
        Some(Value::Choice(choice)) => Some(choice),
        Some(_) | None => None,
    }
}

/// A plain yes or no.
pub fn yes_or_no(turn: &Turn, text: &str) -> Option<bool> {
    match reply::exact(&turn.asking(&AnswerKind::YesOrNo, &[]), text, &turn.engine.lexicons) {
        Some(Value::YesNo(yes)) => Some(yes),
        Some(_) | None => None,
    }
}

fn proposal(turn: &mut Turn, step: &StepId, (value, words): (&Value, &Words), text: &str) -> bool {
    turn.session.aside = None;
    let Some(defined) = turn.engine.definition.step(step) else { return false };
    match yes_or_no(turn, text) {
        Some(true) => answer::take(turn, defined, value.clone(), &words.0),
        Some(false) => answer::ask_once_more(turn, defined, "retry"),
        // A story says nothing of the guess: it is kept, and the guess is asked about again.
        None if tells_a_story(turn, defined, text) => {
            answer::keep_story(turn, text);
            answer::propose(turn, defined, value.clone(), &words.0);
        }
        None if agrees(turn, defined, text) => answer::take(turn, defined, value.clone(), &words.0),
        // Something else: a fresh reply to the same question.
        None => return false,
    }
    true
}

fn tells_a_story(turn: &Turn, step: &DefinedStep, text: &str) -> bool {
    let read = answer::read(turn, step, text);
    matches!(read, Reading::Understood(value) if answer::is_no_practice(turn, &value, text))
}

/// Whether a text says yes to a guess in more words, as in "yes that is what I said", and names nothing else.
fn agrees(turn: &Turn, step: &DefinedStep, text: &str) -> bool {
    let says_yes = reply::read(&turn.asking(&AnswerKind::YesOrNo, &[]), text, &turn.engine.lexicons)
        == Reading::Understood(Value::YesNo(true));
    let names_nothing = match answer::read(turn, step, text) {
        Reading::NotUnderstood | Reading::Understood(Value::Practice(PracticeAnswer::Unknown(_))) => true,
        Reading::Understood(_) | Reading::Propose(_) | Reading::NotAllowed => false,
    };
    says_yes && names_nothing
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
        // A yes chooses nothing here: trying again loses nothing. Where the question wants a yes, it answers that.
        None if !asks_yes_or_no(turn, step) && yes_or_no(turn, text) == Some(true) => {
            turn.ask_again();
            true
        }
        None => {
            turn.session.aside = None;
            let refused = turn.engine.definition.step(step).filter(|_| !may_skip);
            match refused.filter(|_| turn.command(text) == Some(Command::Skip)) {
                // Whoever refuses again is not told the same all over, but offered a person once more.
                Some(step) => answer::offer_instead(turn, step),
                None => return false,
            }
            true
        }
    }
}

fn asks_yes_or_no(turn: &Turn, step: &StepId) -> bool {
    match turn.engine.definition.step(step).map(|step| &step.kind) {
        Some(StepKind::Ask(question)) => question.answer == AnswerKind::YesOrNo,
        Some(StepKind::Check { .. }) => true,
        Some(StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish) | None => false,
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
        Some(true) => {
            answer::take(turn, defined, Value::Text(opening.clone()), &opening.0);
            // A bare yes is whole: nothing that follows goes on with it.
            turn.session.joining = None;
        }
        Some(false) => turn.ask_plainly(defined, question),
        None if turn.command(text).is_some() => return false,
        None => opened(turn, defined, question, &opening, text),
    }
    true
}

/// More than yes or no: "yes, and …" goes on with the first text, a no leaves it, and anything else answers by itself.
/// The first text is handed over in any case.
fn opened(turn: &mut Turn, step: &DefinedStep, question: &Question, opening: &Words, text: &str) {
    match reply::read(&turn.asking(&AnswerKind::YesOrNo, &[]), text, &turn.engine.lexicons) {
        Reading::Understood(Value::YesNo(true)) => {
            let together = format!("{}\n{text}", opening.0);
            answer::take(turn, step, Value::Text(Words(together.clone())), &together);
        }
        Reading::Understood(Value::YesNo(false)) => turn.ask_plainly(step, question),
        Reading::Understood(_) | Reading::Propose(_) | Reading::NotAllowed | Reading::NotUnderstood => {
            answer::take(turn, step, Value::Text(Words(text.to_owned())), text);
        }
    }
}
