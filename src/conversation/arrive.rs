//! What follows from what is not a text: a tap, a picture or a voice, and a human who hands back.
//!
//! Invariant: nothing here closes a safety question but its own answers and a human.

use crate::conversation::answer;
use crate::conversation::aside::Aside;
use crate::conversation::asked::button_text;
use crate::conversation::beside;
use crate::conversation::hear;
use crate::conversation::session::Status;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;

/// A tap on a button. Numbers bind to the list last sent, and so do buttons: an old one asks where they stand now.
pub fn pressed(turn: &mut Turn, step: &StepId, revision: &RevisionId, choice: &ChoiceId) {
    turn.wrote();
    if turn.is_silent() || (turn.session.standing.texts_unsafe && !turn.asks_about_safety()) {
        turn.needs_reply();
    } else {
        tapped(turn, step, revision, choice);
    }
    turn.set_deadlines();
}

fn tapped(turn: &mut Turn, step: &StepId, revision: &RevisionId, choice: &ChoiceId) {
    if beside::pressed(turn, step, choice) {
        return;
    }
    if turn.asks_about_safety() {
        // Not a tap that answers it: the question stays, and so does the pause.
        beside::heard(turn, "");
        return;
    }
    match turn.session.status.clone() {
        Status::Live => {
            let current =
                turn.asked().filter(|asked| asked.id == *step && turn.session.revision == *revision);
            match current {
                Some(step) => answer::answer(turn, step, &button_text(step, choice)),
                None => turn.ask_again(),
            }
        }
        Status::Ended(ending) => {
            hear::offers_to_resume(turn, &ending);
        }
    }
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
