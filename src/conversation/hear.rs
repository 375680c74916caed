//! What follows from a text of the person, in a fixed order: safety; stop; hold; the open aside; an exact answer of
//! the question last asked; commands; the rest of the answer; ask again.
//!
//! Invariant: whatever a text is taken for, it has been scanned first.

use crate::conversation::aside::Aside;
use crate::conversation::beside;
use crate::conversation::command;
use crate::conversation::definition::Question;
use crate::conversation::definition::Step as DefinedStep;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Shown;
use crate::conversation::input::DeadlineKind;
use crate::conversation::session::Ending;
use crate::conversation::session::Joining;
use crate::conversation::session::Repeated;
use crate::conversation::session::Status;
use crate::conversation::turn::JOINS_OPENING_WITHIN;
use crate::conversation::turn::SAFETY_SILENCE;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;
use crate::domain::message::NetworkWord;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::reply;
use crate::reply::Command;
use crate::reply::Reading;
use crate::reply::text::TextKind;
use crate::reply::text::Tidied;

/// A first text of at least this many words is a story, not a greeting.
const STORY_WORDS: usize = 4;

/// The same long text this often is answered no more.
const REPEATS_MOST: u8 = 3;

/// The person wrote.
pub fn heard(turn: &mut Turn, raw: &str, network: Option<NetworkWord>) {
    turn.session.sequence += 1;
    turn.session.reminded = 0;
    turn.session.heard_at = turn.now;
    let tidied = reply::text::tidy(raw);
    let pause = watch::scan(turn, raw);
    respond(turn, tidied, network, pause.is_some());
    if let Some(aside) = pause {
        watch::pause(turn, aside);
    }
    turn.set_deadlines();
}

/// Everything after the scan. Where a safety reply pauses the flow, words are kept and nothing is asked.
fn respond(turn: &mut Turn, tidied: Tidied<'_>, network: Option<NetworkWord>, paused: bool) {
    if obeys_the_network(turn, tidied.text, network) {
        return;
    }
    if turn.session.standing.hold || turn.session.standing.opted_out {
        return turn.needs_reply();
    }
    if tidied.kind != TextKind::Plain {
        return;
    }
    if paused {
        return keep_words(turn, tidied.text);
    }
    if repeats_itself(turn, tidied.text) {
        return;
    }
    match turn.session.status.clone() {
        Status::Live => live(turn, tidied.text),
        Status::Ended(ending) => after_the_end(turn, tidied.text, &ending),
    }
}

/// A long text that comes for the third time without leading anywhere is a machine, or somebody who is stuck: a human
/// is told, and we fall silent. Short texts may repeat: "1" is a good answer to three questions.
fn repeats_itself(turn: &mut Turn, text: &str) -> bool {
    let is_long = STORY_WORDS <= text.split_whitespace().count();
    let before = turn.session.repeated.take().filter(|before| before.text.0 == text);
    if !is_long {
        return false;
    }
    let times = before.map_or(1, |before| before.times.saturating_add(1));
    turn.session.repeated = Some(Repeated { text: Words(text.to_owned()), times });
    if times < REPEATS_MOST {
        return false;
    }
    turn.needs_reply();
    if times == REPEATS_MOST {
        turn.say("too-many-answers");
    }
    true
}

/// Stop and start, by the network's words or by ours; help, where the network has answered. No other reading wins
/// over a stop word.
fn obeys_the_network(turn: &mut Turn, text: &str, network: Option<NetworkWord>) -> bool {
    let own = reply::command::command(text, &turn.engine.lexicons);
    let out = turn.session.standing.opted_out;
    match (network, own) {
        (Some(NetworkWord::Stop), _) => stop(turn),
        (Some(NetworkWord::Help), _) => {}
        (Some(NetworkWord::Start | NetworkWord::Yes), _) | (None, Some(Command::Start)) if out => {
            turn.opt_in();
            if network.is_none() {
                turn.say("started");
            }
        }
        (None, Some(Command::Stop)) => {
            if !out {
                // The last text: it leaves although the person has just stopped all others.
                turn.said_for(Purpose::Receipt);
                turn.say("stopped");
            }
            stop(turn);
        }
        (Some(NetworkWord::Start | NetworkWord::Yes) | None, _) => return false,
    }
    true
}

/// No more texts, and no more questions. What was handed over stays; a concern stays.
fn stop(turn: &mut Turn) {
    turn.opt_out();
    if turn.session.is_live() {
        turn.finish(Ending::Stopped);
    }
}

/// A text that raised a concern is kept as the answer where the open question wants words; nothing is asked.
fn keep_words(turn: &mut Turn, text: &str) {
    let wants_words = turn.asked().is_some_and(|step| match &step.kind {
        StepKind::Ask(question) => matches!(question.answer, AnswerKind::OwnWords | AnswerKind::ShortText),
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => false,
    });
    match turn.asked() {
        Some(step) if wants_words && turn.session.is_live() => {
            turn.record(&step.id, Some(Value::Text(Words(text.to_owned()))), text);
        }
        Some(_) | None if turn.session.asked.is_none() => {
            turn.session.opening_words = Some(Words(text.to_owned()));
            turn.needs_reply();
        }
        Some(_) | None => turn.needs_reply(),
    }
}

fn live(turn: &mut Turn, text: &str) {
    if turn.session.asked.is_none() && turn.session.aside.is_none() {
        return first(turn, text);
    }
    if let Some(joining) = continues(turn, text) {
        return turn.join(&joining, text);
    }
    if turn.session.aside.is_some() && beside::heard(turn, text) {
        return;
    }
    match turn.asked() {
        Some(step) => answer(turn, step, text),
        // The step that was asked is gone or answered: say where they stand now.
        None => turn.ask_again(),
    }
}

/// The first text: a greeting, a command, or a story that is kept.
fn first(turn: &mut Turn, text: &str) {
    let lexicons = &turn.engine.lexicons;
    match reply::command::command(text, lexicons) {
        Some(asked @ (Command::Help | Command::Who | Command::Person | Command::Language | Command::Delete)) => {
            return command::obey(turn, asked, text);
        }
        Some(_) | None => {}
    }
    let is_story = STORY_WORDS <= text.split_whitespace().count() && !reply::command::is_greeting(text, lexicons);
    if is_story {
        turn.session.opening_words = Some(Words(text.to_owned()));
        turn.session.joining = Some(Joining { step: None, until: turn.now.plus(JOINS_OPENING_WITHIN) });
    }
    turn.advance();
}

/// Where a text follows an own-words answer at once and plainly answers nothing else, it continues that answer.
fn continues(turn: &Turn, text: &str) -> Option<Joining> {
    let joining = turn.session.joining.clone()?;
    let in_time = turn.now < joining.until;
    let is_command = reply::command::command(text, &turn.engine.lexicons).is_some();
    let answers = turn.asked().is_some_and(|step| plainly_answers(turn, step, text));
    let answers_aside = turn.session.aside.as_ref().is_some_and(|open| beside::is_exact(turn, &open.aside, text));
    (in_time && !is_command && !answers && !answers_aside).then_some(joining)
}

/// An exact answer, or a short text that a question which does not want words understands.
fn plainly_answers(turn: &Turn, step: &DefinedStep, text: &str) -> bool {
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

/// An answer of the open question, a command, or something that has to be asked again.
pub fn answer(turn: &mut Turn, step: &DefinedStep, text: &str) {
    if let Some(value) = exact(turn, step, text) {
        return take(turn, step, value, text);
    }
    if let Some(asked) = reply::command::command(text, &turn.engine.lexicons) {
        return command::obey(turn, asked, text);
    }
    match read(turn, step, text) {
        Reading::Understood(value) => take(turn, step, value, text),
        Reading::Propose(value) => propose(turn, step, value),
        Reading::NotAllowed => ask_once_more(turn, step, "not-allowed"),
        Reading::NotUnderstood => ask_once_more(turn, step, "retry"),
    }
}

/// What an exact number, label or accepted word of a step means.
fn exact(turn: &Turn, step: &DefinedStep, text: &str) -> Option<Value> {
    let sent = turn.session.asked.as_ref().map_or(&[][..], |asked| asked.choices.as_slice());
    match &step.kind {
        StepKind::Ask(question) => {
            let choices = turn.choice_words(&turn.engine.definition.id, &step.id, sent);
            reply::exact(&turn.asking(&question.answer, &choices), text, &turn.engine.lexicons)
        }
        StepKind::Check { shows } => exact_check(turn, shows, text),
        StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => None,
    }
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

fn read(turn: &Turn, step: &DefinedStep, text: &str) -> Reading {
    let sent = turn.session.asked.as_ref().map_or(&[][..], |asked| asked.choices.as_slice());
    match &step.kind {
        StepKind::Ask(question) => {
            let choices = turn.choice_words(&turn.engine.definition.id, &step.id, sent);
            reply::read(&turn.asking(&question.answer, &choices), text, &turn.engine.lexicons)
        }
        StepKind::Check { .. } => match reply::read(&turn.asking(&AnswerKind::YesOrNo, &[]), text, &turn.engine.lexicons) {
            Reading::Understood(value) if !text.chars().any(char::is_numeric) => Reading::Understood(value),
            Reading::Understood(_) | Reading::Propose(_) | Reading::NotAllowed | Reading::NotUnderstood => {
                Reading::NotUnderstood
            }
        },
        StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => Reading::NotUnderstood,
    }
}

/// Takes an understood answer and goes on.
pub fn take(turn: &mut Turn, step: &DefinedStep, value: Value, text: &str) {
    turn.session.aside = None;
    match (&step.kind, value) {
        (StepKind::Check { .. }, Value::YesNo(true)) => turn.record(&step.id, None, text),
        (StepKind::Check { .. }, Value::YesNo(false)) => return ask_once_more(turn, step, "retry"),
        (StepKind::Check { shows }, Value::Number(line)) => return change(turn, shows, line),
        (StepKind::Ask(question), Value::Choices(choices)) if not_alone(question, &choices) => {
            return ask_once_more(turn, step, "not-allowed");
        }
        (
            StepKind::Ask(_) | StepKind::Check { .. } | StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish,
            value,
        ) => turn.record(&step.id, Some(value), text),
    }
    turn.advance();
}

/// Whether "none of these" stands beside other choices.
fn not_alone(question: &Question, choices: &[ChoiceId]) -> bool {
    1 < choices.len() && choices.iter().any(|choice| question.alone.contains(choice))
}

/// Takes the answer of a line back, which asks it again; the check follows once more.
fn change(turn: &mut Turn, shows: &[StepId], line: u32) {
    let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
    let Some(step) = turn.checked(shows).get(index).map(|step| (*step).clone()) else { return };
    turn.take_back(&step);
    turn.say("check-change");
    turn.advance();
}

fn propose(turn: &mut Turn, step: &DefinedStep, value: Value) {
    let guess = guess_of(step, &value);
    turn.open_aside(Aside::Proposal { step: step.id.clone(), value });
    let saying = Saying::of(MessageKey::of("proposal")).with_yes_or_no();
    turn.say_saying(Saying { guess: Some(guess), ..saying });
}

fn guess_of(step: &DefinedStep, value: &Value) -> Shown {
    let label = |choice: &ChoiceId| MessageKey::part(step.id.as_str(), choice.as_str());
    match value {
        Value::YesNo(yes) => Shown::Labels(vec![MessageKey::of(if *yes { "yes-label" } else { "no-label" })]),
        Value::Choice(choice) => Shown::Labels(vec![label(choice)]),
        Value::Choices(choices) => Shown::Labels(choices.iter().map(label).collect()),
        Value::Practice(practice) => match practice {
            crate::domain::answer::PracticeAnswer::Known(id) => Shown::Practice(id.clone()),
            crate::domain::answer::PracticeAnswer::InArea(place)
            | crate::domain::answer::PracticeAnswer::OutOfArea(place) => Shown::Plain(place.as_str().to_owned()),
            crate::domain::answer::PracticeAnswer::Unknown(words) => Shown::Plain(words.0.clone()),
            crate::domain::answer::PracticeAnswer::None => Shown::NotShown,
        },
        Value::Scale(n) => Shown::Plain(n.to_string()),
        Value::Number(n) => Shown::Plain(n.to_string()),
        Value::Date(date) => Shown::Plain(date.strftime("%d/%m/%Y").to_string()),
        Value::Postcode(postcode) => Shown::Plain(postcode.as_str().to_owned()),
        Value::Text(words) | Value::Name(words) | Value::Phone(words) => Shown::Plain(words.0.clone()),
    }
}

/// Asks again in other words; after some tries, offers to leave it out or to have a person.
pub fn ask_once_more(turn: &mut Turn, step: &DefinedStep, part: &'static str) {
    turn.session.tries += 1;
    if turn.engine.definition.limits.tries <= turn.session.tries {
        return stuck(turn, step);
    }
    let kind = match &step.kind {
        StepKind::Ask(question) => kind_word(&question.answer),
        StepKind::Check { .. } | StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => "yes-or-no",
    };
    turn.say_saying(Saying {
        otherwise: Some(MessageKey::of(&format!("{part}-{kind}"))),
        ..Saying::of(MessageKey::part(step.id.as_str(), part))
    });
}

fn stuck(turn: &mut Turn, step: &DefinedStep) {
    let may_skip = match &step.kind {
        StepKind::Ask(question) => question.may_skip,
        StepKind::Check { .. } | StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => false,
    };
    let choices = beside::stuck_choices(may_skip);
    turn.open_aside(Aside::SkipOrPerson { step: step.id.clone() });
    turn.say_saying(Saying::of(MessageKey::of("stuck")).with_choices("stuck", &choices));
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

/// A text after the end: thanks start nothing, everything else is a message that needs a reply.
fn after_the_end(turn: &mut Turn, text: &str, ending: &Ending) {
    if turn.session.aside.is_some() && beside::heard(turn, text) {
        return;
    }
    if let Some(asked @ (Command::Restart | Command::Help | Command::Who | Command::Delete | Command::Language)) =
        reply::command::command(text, &turn.engine.lexicons)
    {
        return command::obey(turn, asked, text);
    }
    if reply::command::is_thanks(text, &turn.engine.lexicons) {
        return;
    }
    turn.needs_reply();
    let left_open = matches!(ending, Ending::Expired | Ending::Stopped);
    let unfinished = left_open && turn.position().is_some();
    if unfinished {
        turn.open_aside(Aside::Resume);
        let choices = beside::resume_choices();
        return turn.say_saying(Saying::of(MessageKey::of("resume")).with_choices("resume", &choices));
    }
    turn.say("message-kept");
}

/// A tap on a button. Numbers bind to the list last sent, and so do buttons: an old one asks where they stand now.
pub fn pressed(turn: &mut Turn, step: &StepId, revision: &RevisionId, choice: &ChoiceId) {
    turn.session.sequence += 1;
    turn.session.reminded = 0;
    turn.session.heard_at = turn.now;
    if turn.session.standing.hold {
        return turn.needs_reply();
    }
    let current = turn.asked().filter(|asked| asked.id == *step && turn.session.revision == *revision);
    let beside_it = turn.session.aside.is_some() && beside::pressed(turn, step, choice);
    match current {
        Some(_) if beside_it => {}
        Some(step) => {
            let text = turn.button_text(step, choice);
            answer(turn, step, &text);
        }
        None if beside_it || !turn.session.is_live() => {}
        None => turn.ask_again(),
    }
    turn.set_deadlines();
}

/// The person sent something that is not text: say so, and let a human know that nobody has heard it.
pub fn media(turn: &mut Turn, caption: &str) {
    turn.session.sequence += 1;
    turn.session.heard_at = turn.now;
    let pause = watch::scan(turn, caption);
    turn.needs_reply();
    match pause {
        Some(aside) => watch::pause(turn, aside),
        None if turn.session.standing.hold || turn.session.standing.opted_out => {}
        None => turn.say("only-text"),
    }
    turn.set_deadlines();
}

/// A human hands back: the open question is asked again, and its time begins anew.
pub fn handed_back(turn: &mut Turn) {
    turn.session.standing.hold = false;
    turn.session.sequence += 1;
    if turn.session.aside.as_ref().is_some_and(|open| open.aside.is_safety()) {
        turn.set_deadline(DeadlineKind::Unanswered, turn.now.plus(SAFETY_SILENCE));
    }
    if turn.session.is_live() && !turn.session.standing.opted_out {
        turn.say("handed-back");
        turn.ask_again();
        turn.set_deadlines();
    }
}
