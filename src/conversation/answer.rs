//! What follows from a reply to the open question: an exact answer, a command, the rest of the answer, or ask again.
//!
//! Invariant: an answer is recorded only where it is one that the question offers today.

use crate::conversation::aside::Aside;
use crate::conversation::beside;
use crate::conversation::command;
use crate::conversation::definition::Part;
use crate::conversation::definition::Question;
use crate::conversation::definition::Step as DefinedStep;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::hear::STORY_WORDS;
use crate::conversation::shown;
use crate::conversation::turn::Turn;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::StepId;
use crate::domain::message::Words;
use crate::reply;
use crate::reply::Reading;
use crate::reply::name::Whose;

/// An answer of the open question, a command, or something that has to be asked again.
pub fn answer(turn: &mut Turn, step: &DefinedStep, text: &str) {
    if let Some(value) = exact(turn, step, text) {
        return take(turn, step, value, text);
    }
    if takes_phone_number(turn, step, text) {
        return;
    }
    if let Some(asked) = turn.command(text) {
        return command::obey(turn, asked, text);
    }
    if changes_a_name(turn, step, text) {
        return;
    }
    if takes_own_words(step) && reply::asks_for_something_else(text, &turn.engine.lexicons) {
        turn.needs_reply();
    }
    match read(turn, step, text) {
        Reading::Understood(value) if is_no_practice(turn, &value, text) => {
            keep_story(turn, text);
            ask_once_more(turn, step, "retry");
        }
        Reading::Understood(value) => take(turn, step, value, text),
        Reading::Propose(value) => propose(turn, step, value, text),
        Reading::NotAllowed => ask_once_more(turn, step, "not-allowed"),
        Reading::NotUnderstood if is_in_own_words(turn, step, text) => {
            // Nobody but a human knows whether it was an answer.
            turn.needs_reply();
            take(turn, step, Value::Choices(Vec::new()), text);
        }
        Reading::NotUnderstood => {
            // A greeting first and the story second is as good as the story first.
            let is_story = STORY_WORDS <= text.split_whitespace().count();
            if is_story && turn.session.order.is_empty() && turn.session.opening_words.is_none() {
                keep_story(turn, text);
            }
            ask_once_more(turn, step, "retry");
        }
    }
}

/// Whether a list takes this as an answer in the person's own words: it stands beside none of the choices. A lone word
/// counts where it is one of a theme's: others may be a slip of the thumb.
fn is_in_own_words(turn: &Turn, step: &DefinedStep, text: &str) -> bool {
    let lexicons = &turn.engine.lexicons;
    let says_something =
        || reply::says_something(text, lexicons) || !turn.engine.themes.find(text).is_empty();
    takes_own_words(step) && !reply::asks_for_something_else(text, lexicons) && says_something()
}

/// Whether it is a list that takes own words.
fn takes_own_words(step: &DefinedStep) -> bool {
    matches!(&step.kind, StepKind::Ask(Question { takes_own_words: true, .. }))
}

/// Whether the words for a practice are a story that belongs somewhere else.
pub fn is_no_practice(turn: &Turn, value: &Value, text: &str) -> bool {
    let unknown = matches!(value, Value::Practice(PracticeAnswer::Unknown(_)));
    unknown && reply::is_no_practice(text, &turn.engine.lexicons)
}

/// Keeps a story that answers something else: it is offered where it may be an answer, else a human is told.
pub fn keep_story(turn: &mut Turn, text: &str) {
    let takes_it =
        |step: &DefinedStep| matches!(&step.kind, StepKind::Ask(question) if question.takes_opening_words);
    let answered = |step: &DefinedStep| turn.session.answers.contains_key(&step.id);
    let passed = turn.engine.definition.steps.iter().any(|step| takes_it(step) && answered(step));
    if passed || turn.session.opening_offered {
        turn.needs_reply();
    } else {
        turn.keep_opening(text);
    }
}

/// A phone number instead of a choice: the choice that it means, and the answer of the question for a number that
/// follows. Whether it was one.
fn takes_phone_number(turn: &mut Turn, step: &DefinedStep, text: &str) -> bool {
    let StepKind::Ask(Question { phone_means: Some(choice), .. }) = &step.kind else { return false };
    let number = reply::read(&turn.asking(&AnswerKind::Phone, &[]), text, &turn.engine.lexicons);
    let Reading::Understood(number) = number else { return false };
    turn.session.aside = None;
    turn.record(&step.id, Some(Value::Choice(choice.clone())), text);
    if let Some(next) = number_after(turn, &step.id) {
        turn.record(&next, Some(number), text);
    }
    turn.advance();
    true
}

/// The question for a number that follows a question which a number may answer.
fn number_after(turn: &Turn, step: &StepId) -> Option<StepId> {
    let steps = &turn.engine.definition.steps;
    let at = steps.iter().position(|known| known.id == *step)?;
    let (StepKind::Ask(question), StepKind::Ask(next)) = (&steps.get(at)?.kind, &steps.get(at + 1)?.kind)
    else {
        return None;
    };
    let takes_it = question.phone_means.is_some() && next.answer == AnswerKind::Phone;
    takes_it.then(|| steps[at + 1].id.clone())
}

/// A name instead of a yes at a check that does not read it back. Nobody who holds the phone learns which. Whether it
/// was one.
fn changes_a_name(turn: &mut Turn, step: &DefinedStep, text: &str) -> bool {
    let StepKind::Check { changes, .. } = &step.kind else { return false };
    let Some((whose, name)) = reply::name_said(text, &turn.engine.lexicons) else { return false };
    let part = |id: &StepId| {
        turn.engine.definition.question(id).filter(|q| q.answer == AnswerKind::Name).map(|q| q.part)
    };
    let names: Vec<&StepId> = turn.checked(changes).into_iter().filter(|id| part(id).is_some()).collect();
    let of_writer = |id: &&&StepId| part(id) == Some(Part::Writer);
    let named = match (names.as_slice(), whose) {
        // Who writes for themselves has one name.
        ([only], Whose::Writer | Whose::Unclear) => Some(*only),
        (several, Whose::Writer) => several.iter().find(of_writer).copied(),
        (several, Whose::SomebodyElse) => several.iter().find(|id| !of_writer(id)).copied(),
        (_, Whose::Unclear) => None,
    };
    let Some(named) = named else { return false };
    turn.record(named, Some(name), text);
    turn.say("check-changed");
    turn.advance();
    true
}

/// An exact answer, or a short text that a question which does not want words understands.
pub fn is_plain(turn: &Turn, step: &DefinedStep, text: &str) -> bool {
    let is_short = text.split_whitespace().count() < STORY_WORDS;
    let wants_words = match &step.kind {
        StepKind::Ask(question) => {
            matches!(question.answer, AnswerKind::OwnWords | AnswerKind::ShortText | AnswerKind::Name)
        }
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => false,
    };
    let understood = || matches!(read(turn, step, text), Reading::Understood(_));
    exact(turn, step, text).is_some() || (is_short && !wants_words && understood())
}

/// What an exact number, label or accepted word of a step means.
fn exact(turn: &Turn, step: &DefinedStep, text: &str) -> Option<Value> {
    match &step.kind {
        StepKind::Ask(question) => {
            let choices = turn.choice_words(&turn.engine.definition.id, &step.id, turn.sent());
            reply::exact(&turn.asking(&question.answer, &choices), text, &turn.engine.lexicons)
                .or_else(|| none_of_these(turn, question, text))
        }
        StepKind::Check { shows, .. } => {
            exact_check(turn, shows, text).or_else(|| named_question(turn, step, text))
        }
        StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => None,
    }
}

/// A bare 0 where a list has a choice that means none of them.
fn none_of_these(turn: &Turn, question: &Question, text: &str) -> Option<Value> {
    let none = question.alone.first()?;
    let zero = AnswerKind::WholeNumber { least: 0, most: 0 };
    let is_zero = reply::exact(&turn.asking(&zero, &[]), text, &turn.engine.lexicons).is_some();
    is_zero.then(|| Value::Choices(vec![none.clone()]))
}

/// At a check a number names a line, 0 or yes says that all is right.
fn exact_check(turn: &Turn, shows: &[StepId], text: &str) -> Option<Value> {
    let lines = u32::try_from(turn.checked(shows).len()).unwrap_or(0);
    let number = AnswerKind::WholeNumber { least: 0, most: lines };
    let number = reply::exact(&turn.asking(&number, &[]), text, &turn.engine.lexicons);
    match number {
        Some(Value::Number(0)) => Some(Value::YesNo(true)),
        Some(line) => Some(line),
        None => reply::exact(&turn.asking(&AnswerKind::YesOrNo, &[]), text, &turn.engine.lexicons)
            .filter(|_| !text.chars().any(char::is_numeric)),
    }
}

/// At a check a word may name a question that is not read back.
fn named_question(turn: &Turn, step: &DefinedStep, text: &str) -> Option<Value> {
    let words = turn.choice_words(&turn.engine.definition.id, &step.id, &step.kind.named());
    let by_word = !text.chars().any(char::is_numeric);
    reply::exact(&turn.asking(&AnswerKind::ChooseOne, &words), text, &turn.engine.lexicons)
        .filter(|_| by_word)
}

/// What a text means as a reply to a step.
pub fn read(turn: &Turn, step: &DefinedStep, text: &str) -> Reading {
    match &step.kind {
        StepKind::Ask(_)
            if takes_own_words(step) && reply::refuses_questions(text, &turn.engine.lexicons) =>
        {
            Reading::NotUnderstood
        }
        StepKind::Ask(question) => {
            let choices = turn.choice_words(&turn.engine.definition.id, &step.id, turn.sent());
            reply::read(&turn.asking(&question.answer, &choices), text, &turn.engine.lexicons)
        }
        StepKind::Check { .. } => {
            match reply::read(&turn.asking(&AnswerKind::YesOrNo, &[]), text, &turn.engine.lexicons) {
                Reading::Understood(value) if !text.chars().any(char::is_numeric) => {
                    Reading::Understood(value)
                }
                Reading::Understood(_)
                | Reading::Propose(_)
                | Reading::NotAllowed
                | Reading::NotUnderstood => Reading::NotUnderstood,
            }
        }
        StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => Reading::NotUnderstood,
    }
}

/// Takes an understood answer and goes on.
pub fn take(turn: &mut Turn, step: &DefinedStep, value: Value, text: &str) {
    turn.session.aside = None;
    match (&step.kind, value) {
        (StepKind::Check { .. }, Value::YesNo(true)) => turn.record(&step.id, None, text),
        (StepKind::Check { .. }, Value::YesNo(false)) => return ask_once_more(turn, step, "retry"),
        (StepKind::Check { shows, .. }, Value::Number(line)) => {
            let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
            let shown = turn.checked(shows).get(index).map(|step| (*step).clone());
            return change(turn, step, shown.as_ref());
        }
        (StepKind::Check { changes, .. }, Value::Choice(named)) => {
            let named = turn.checked(changes).into_iter().find(|step| step.as_str() == named.as_str());
            return change(turn, step, named);
        }
        (StepKind::Ask(question), value) if !Turn::is_offered(question, &value) => return turn.ask_again(),
        (StepKind::Ask(question), Value::Choices(choices)) if is_all(question, &choices) => {
            let all = choices.into_iter().filter(|choice| !question.alone.contains(choice)).collect();
            turn.record(&step.id, Some(Value::Choices(all)), text);
        }
        (StepKind::Ask(question), Value::Choices(choices)) if not_alone(question, &choices) => {
            return ask_once_more(turn, step, "not-allowed");
        }
        (
            StepKind::Ask(_)
            | StepKind::Check { .. }
            | StepKind::Say
            | StepKind::HandOver { .. }
            | StepKind::Finish,
            value,
        ) => turn.record(&step.id, Some(value), text),
    }
    turn.advance();
}

/// Whether every choice was taken: nobody who says "all of them" means "none of these" as well.
fn is_all(question: &Question, choices: &[ChoiceId]) -> bool {
    1 < choices.len() && question.choices.iter().all(|choice| choices.contains(choice))
}

/// Whether "none of these" stands beside other choices.
fn not_alone(question: &Question, choices: &[ChoiceId]) -> bool {
    1 < choices.len() && choices.iter().any(|choice| question.alone.contains(choice))
}

/// Takes an answer back, which asks it again; the check follows once more.
fn change(turn: &mut Turn, check: &DefinedStep, changed: Option<&StepId>) {
    let Some(step) = changed else { return ask_once_more(turn, check, "retry") };
    turn.take_back(step);
    if let Some(number) = number_after(turn, step) {
        turn.take_back(&number);
    }
    turn.say("check-change");
    turn.advance();
}

/// Asks "did you mean …?"; after some tries, offers to leave it out or to have a person.
pub fn propose(turn: &mut Turn, step: &DefinedStep, value: Value, text: &str) {
    if is_stuck(turn) {
        return stuck(turn, step);
    }
    let guess = shown::guessed(&step.id, &value);
    turn.open_aside(Aside::Proposal { step: step.id.clone(), value, words: Words(text.to_owned()) });
    turn.ask_yes_or_no(Saying { guess: Some(guess), ..Saying::of(MessageKey::of("proposal")) });
}

/// Counts a reply that was not understood; whether that was one too many.
fn is_stuck(turn: &mut Turn) -> bool {
    turn.session.tries = turn.session.tries.saturating_add(1);
    turn.engine.definition.limits.tries <= turn.session.tries
}

/// Asks again in other words; after some tries, offers to leave it out or to have a person. A list that has changed
/// since it was sent is sent anew.
pub fn ask_once_more(turn: &mut Turn, step: &DefinedStep, part: &'static str) {
    if is_stuck(turn) {
        return stuck(turn, step);
    }
    if let StepKind::Ask(question) = &step.kind
        && turn.sent() != question.choices
    {
        return turn.ask_plainly(step, question);
    }
    turn.say_saying(by_kind(step, part));
}

/// Says what a question means, and asks it again: for somebody who does not understand it. This counts as a try.
pub fn explain(turn: &mut Turn, step: &DefinedStep) {
    if is_stuck(turn) {
        return stuck(turn, step);
    }
    let tries = turn.session.tries;
    turn.say_saying(by_kind(step, "explain"));
    turn.ask_again();
    turn.session.tries = tries;
}

/// A part of a step's message, or else the general one for its kind of answer.
fn by_kind(step: &DefinedStep, part: &str) -> Saying {
    let kind = match &step.kind {
        StepKind::Ask(question) => kind_word(&question.answer),
        StepKind::Check { .. } | StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => "check",
    };
    Saying {
        otherwise: Some(MessageKey::of(&format!("{part}-{kind}"))),
        ..Saying::of(MessageKey::part(step.id.as_str(), part))
    }
}

fn stuck(turn: &mut Turn, step: &DefinedStep) {
    offer(turn, step, MessageKey::of("stuck"));
}

/// A question that may not be left out was refused: says so, and after some tries offers a person.
pub fn refused(turn: &mut Turn, step: &DefinedStep) {
    if is_stuck(turn) { offer_instead(turn, step) } else { turn.say("cannot-skip") }
}

/// Offers a person to somebody who does not want to answer.
pub fn offer_instead(turn: &mut Turn, step: &DefinedStep) {
    offer(turn, step, MessageKey::of("cannot-skip-stuck"));
}

fn offer(turn: &mut Turn, step: &DefinedStep, message: MessageKey) {
    let may_skip = match &step.kind {
        StepKind::Ask(question) => question.may_skip,
        StepKind::Check { .. } | StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => false,
    };
    let choices = beside::stuck_choices(may_skip);
    turn.open_aside(Aside::SkipOrPerson { step: step.id.clone() });
    turn.say_saying(Saying::of(message).with_choices("stuck", &choices));
}

/// The word for a kind of answer in the names of general messages.
#[must_use]
pub fn kind_word(kind: &AnswerKind) -> &'static str {
    match kind {
        AnswerKind::YesOrNo => "yes-or-no",
        AnswerKind::ChooseOne => "choose-one",
        AnswerKind::ChooseSeveral { .. } => "choose-several",
        AnswerKind::Scale => "scale",
        AnswerKind::WholeNumber { .. } => "whole-number",
        AnswerKind::OwnWords => "own-words",
        AnswerKind::ShortText => "short-text",
        AnswerKind::Name => "name",
        AnswerKind::Postcode => "postcode",
        AnswerKind::DateOfBirth => "date-of-birth",
        AnswerKind::Phone => "phone",
        AnswerKind::Practice => "practice",
    }
}
