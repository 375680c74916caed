//! What follows when something falls due.
//!
//! Invariant: a deadline that was set for an older text does nothing.

use crate::conversation::input::DeadlineKind;
use crate::conversation::session::Ending;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::message::Purpose;
use crate::domain::referral::HandOverReason;

/// Something fell due.
pub fn due(turn: &mut Turn, deadline: DeadlineKind, sequence: u32) {
    if sequence != turn.session.sequence {
        return;
    }
    let live = turn.session.is_live();
    match deadline {
        DeadlineKind::Remind if live => remind(turn),
        DeadlineKind::Close if live => close(turn),
        DeadlineKind::Remind | DeadlineKind::Close => {}
        DeadlineKind::Unanswered => watch::nobody_answered(turn),
        // Erasing is the store's work; the engine has nothing to say to it.
        DeadlineKind::Erase => {}
    }
}

/// Whether anything may be said that was not asked for.
fn may_be_texted(turn: &Turn) -> bool {
    let standing = &turn.session.standing;
    let safety_open = turn.session.aside.as_ref().is_some_and(|open| open.aside.is_safety());
    !standing.hold && !standing.opted_out && !standing.texts_unsafe && !safety_open
}

fn remind(turn: &mut Turn) {
    if !may_be_texted(turn) {
        return;
    }
    turn.said_for(Purpose::Scheduled);
    turn.say("reminder");
    turn.ask_again();
    turn.said_for(Purpose::Scheduled);
    let reminders = &turn.engine.definition.limits.remind_after;
    let waited = reminders.get(usize::from(turn.session.reminded)).copied().unwrap_or_default();
    turn.session.reminded = turn.session.reminded.saturating_add(1);
    if let Some(after) = reminders.get(usize::from(turn.session.reminded)) {
        turn.set_deadline(DeadlineKind::Remind, turn.now.plus(after.saturating_sub(waited)));
    }
}

/// Hands over what there is, marked as part-finished.
fn close(turn: &mut Turn) {
    let has_words = !turn.session.order.is_empty() || turn.session.opening_words.is_some();
    if has_words && turn.session.handed_over.is_none() {
        turn.hand_over(HandOverReason::PartFinished);
        if may_be_texted(turn) {
            turn.said_for(Purpose::Scheduled);
            turn.say("closed");
        }
    }
    turn.finish(Ending::Expired);
}
