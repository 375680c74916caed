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
    let in_time = turn.session.is_live() && sequence == turn.session.sequence;
    match deadline {
        DeadlineKind::Remind if in_time => remind(turn),
        DeadlineKind::Close if in_time => close(turn),
        DeadlineKind::Remind | DeadlineKind::Close => {}
        // Counts from its question: other texts do not answer it.
        DeadlineKind::Unanswered => watch::nobody_answered(turn, sequence),
        // Erasing is the store's work; the engine has nothing to say to it.
        DeadlineKind::Erase => {}
    }
}

/// Whether anything may be said that was not asked for.
fn may_be_texted(turn: &Turn) -> bool {
    let standing = &turn.session.standing;
    !turn.is_silent() && !standing.texts_unsafe && !turn.asks_about_safety()
}

fn remind(turn: &mut Turn) {
    // Somebody who was asked nothing yet has nothing to be reminded of.
    if !may_be_texted(turn) || turn.session.asked.is_none() {
        return;
    }
    turn.say("reminder");
    turn.ask_again();
    turn.said_for(Purpose::Scheduled);
    turn.session.reminded = turn.session.reminded.saturating_add(1);
    let lengths = &turn.engine.definition.limits.remind_after;
    let next = usize::from(turn.session.reminded);
    if let (Some(last), Some(after)) = (lengths.get(next - 1), lengths.get(next)) {
        // A reminder that came late puts the next one off: two at once would be a nuisance.
        let after_this = turn.now.plus(after.saturating_sub(*last));
        turn.set_deadline(DeadlineKind::Remind, turn.session.heard_at.plus(*after).max(after_this));
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
