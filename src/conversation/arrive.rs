//! What follows from what is not a text: a tap, a picture or a voice, and a human who hands back.
//!
//! Invariant: nothing here closes a safety question but its own answers and a human.

use crate::conversation::answer;
use crate::conversation::aside::Aside;
use crate::conversation::asked::button_text;
use crate::conversation::beside;
use crate::conversation::definition::Step as DefinedStep;
use crate::conversation::definition::StepKind;
use crate::conversation::hear;
use crate::conversation::number;
use crate::conversation::session::Status;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;
use crate::domain::time::Timestamp;

/// A tap on a button.
pub struct Tap<'a> {
    /// The step or aside under which the button stood.
    pub step: &'a StepId,
    /// The revision of the flow.
    pub revision: &'a RevisionId,
    /// When the button was shown.
    pub shown_at: Timestamp,
    /// The choice.
    pub choice: &'a ChoiceId,
}

/// A tap on a button. Numbers bind to the list last sent, and so do buttons: an old one is told so, and they hear where
/// they stand now.
pub fn pressed(turn: &mut Turn, tap: &Tap<'_>) {
    turn.wrote();
    let standing = &turn.session.standing;
    let speaks_with_a_human = standing.hold && !standing.opted_out && !standing.texts_unsafe;
    if turn.is_silent() || (standing.texts_unsafe && !turn.asks_about_safety()) {
        turn.needs_reply();
        if speaks_with_a_human {
            turn.say("person-is-here");
        }
    } else {
        tapped(turn, tap);
    }
    turn.set_deadlines();
}

fn tapped(turn: &mut Turn, tap: &Tap<'_>) {
    if beside::pressed(turn, tap) {
        return;
    }
    if turn.asks_about_safety() {
        // Not a tap that answers it: the question stays, and so does the pause.
        beside::heard(turn, "");
        return;
    }
    match turn.session.status.clone() {
        Status::Live => {
            let ours =
                turn.session.revision == *tap.revision && not_before(tap.shown_at, turn.session.started_at);
            match turn.asked().filter(|asked| ours && asked.id == *tap.step) {
                Some(step) => answer::answer(turn, step, &button_text(step, tap.choice)),
                None => {
                    turn.say("old-button");
                    turn.ask_again();
                }
            }
        }
        Status::Ended(ending) => {
            if !hear::offers_to_resume(turn, &ending) {
                turn.say("old-button");
            }
        }
    }
}

/// Whether a button was shown at this time or later; a button knows its time to the second.
pub fn not_before(shown_at: Timestamp, at: Timestamp) -> bool {
    at.as_micros() / SECOND <= shown_at.as_micros() / SECOND
}

const SECOND: i64 = 1_000_000;

/// The person begins by a link, which may name their practice, or by the channel's own button: as if they had written
/// so. Anybody can write such a link, so that the practice is read back like every answer.
pub fn started(turn: &mut Turn, practice: Option<&PracticeId>) {
    if let Some(practice) = practice.filter(|_| turn.session.asked.is_none()) {
        let asks = |step: &&DefinedStep| match &step.kind {
            StepKind::Ask(question) => question.answer == AnswerKind::Practice,
            StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => false,
        };
        let named = Value::Practice(PracticeAnswer::Known(practice.clone()));
        for step in turn.engine.definition.steps.iter().filter(asks) {
            turn.record(&step.id, Some(named.clone()), "");
        }
    }
    hear::heard(turn, hear::START, None);
}

/// The person shares their own number.
pub fn contact(turn: &mut Turn, phone: &str) {
    if !turn.is_silent() && !turn.session.standing.texts_unsafe && !number::shared(turn, phone) {
        return hear::heard(turn, phone, None);
    }
    turn.wrote();
    if turn.is_silent() || turn.session.standing.texts_unsafe {
        turn.needs_reply();
    }
    turn.set_deadlines();
}

/// The person sent something that is not text: say so, and let a human know that nobody has heard it.
pub fn media(turn: &mut Turn, caption: &str) {
    turn.wrote();
    let pause = watch::scan(turn, caption);
    turn.needs_reply();
    match pause {
        Some(aside) => watch::pause(turn, aside),
        None if turn.is_silent() => {}
        None => turn.say("only-text"),
    }
    turn.set_deadlines();
}

/// A human hands back: the open question is asked again. Where a safety question is open, the human has looked; the
/// flow waits for the person to carry on, and stays silent where texts are not safe.
pub fn handed_back(turn: &mut Turn) {
    turn.session.standing.hold = false;
    let standing = &turn.session.standing;
    if !turn.session.is_live() || standing.opted_out || standing.texts_unsafe {
        return;
    }
    if turn.asks_about_safety() {
        turn.say("carry-on-hint");
        return turn.open_aside(Aside::CarryOn);
    }
    turn.say("handed-back");
    turn.ask_again();
    // While a human spoke nobody waited for an answer: the time to give one begins now.
    turn.session.sequence = turn.session.sequence.saturating_add(1);
    turn.set_deadlines_from(turn.now);
}
