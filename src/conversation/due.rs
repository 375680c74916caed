//! What falls due, and what follows from it.
//!
//! Invariant: a deadline that was set for an older text, or for a safety question that is closed, does nothing.

use std::time::Duration;

use crate::conversation::effect::Effect;
use crate::conversation::input::DeadlineKind;
use crate::conversation::session::Ending;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::message::Purpose;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;

/// How long a safety question waits before a human is told that nobody answered it (domain 8.1, P7).
const SAFETY_SILENCE: Duration = Duration::from_secs(30 * 60);

/// Something fell due.
pub fn due(turn: &mut Turn, deadline: DeadlineKind, sequence: u32) {
    let in_time = turn.session.is_live() && sequence == turn.session.sequence;
    match deadline {
        DeadlineKind::Remind if in_time => remind(turn),
        DeadlineKind::Close if in_time => close(turn),
        // Counts from its question: other texts do not answer it.
        DeadlineKind::Unanswered => watch::nobody_answered(turn, sequence),
        // Too late; and erasing is the store's work, to which the engine has nothing to say.
        DeadlineKind::Remind | DeadlineKind::Close | DeadlineKind::Erase => {}
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

impl Turn<'_> {
    /// Sets when a human is told that nobody has answered the safety question that was asked at `sequence`.
    pub fn set_unanswered(&mut self, sequence: u32) {
        let at = self.now.plus(SAFETY_SILENCE);
        self.effects.push(Effect::SetDeadline { deadline: DeadlineKind::Unanswered, at, sequence });
    }

    fn set_deadline(&mut self, deadline: DeadlineKind, at: Timestamp) {
        self.effects.push(Effect::SetDeadline { deadline, at, sequence: self.session.sequence });
    }

    /// Sets when to remind and when to close, counted from the person's last text.
    pub fn set_deadlines(&mut self) {
        self.set_deadlines_from(self.session.heard_at);
    }

    /// Sets when to remind and when to close, counted from here.
    pub fn set_deadlines_from(&mut self, from: Timestamp) {
        if !self.session.is_live() {
            return;
        }
        let limits = &self.engine.definition.limits;
        if let Some(after) = limits.remind_after.get(usize::from(self.session.reminded)) {
            self.set_deadline(DeadlineKind::Remind, from.plus(*after));
        }
        self.set_deadline(DeadlineKind::Close, from.plus(limits.close_after));
    }
}
