//! What a person can ask for at any question, by a message of its own.

use crate::conversation::answer;
use crate::conversation::aside::Aside;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::language;
use crate::conversation::number;
use crate::conversation::session::Ending;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::ids::StepId;
use crate::domain::message::Purpose;
use crate::domain::referral::HandOverReason;
use crate::reply::Command;

/// Does what was asked for.
pub fn obey(turn: &mut Turn, command: Command, text: &str) {
    match command {
        // Stop and start were obeyed before anything else was read; here a start is a wish to go on.
        Command::Stop => {}
        Command::Start | Command::Again | Command::CarryOn => turn.ask_again(),
        Command::Help => turn.say("help"),
        Command::Explain => explain(turn),
        Command::HelpNow => watch::asked_for_help_now(turn),
        Command::Who => who(turn),
        Command::Privacy => turn.say("privacy"),
        Command::Back => back(turn),
        Command::Skip => skip(turn),
        Command::Person => end_with_a_human(turn, "person-coming"),
        Command::Done => done(turn),
        Command::Delete => delete(turn),
        Command::Restart => {
            turn.open_aside(Aside::ConfirmRestart);
            turn.ask_yes_or_no(Saying::of(MessageKey::of("confirm-restart")));
        }
        Command::Language => language::asked_for(turn, text),
    }
}

/// The question that stands open, with nothing else asked beside it.
fn open_question<'a>(turn: &Turn<'a>) -> Option<&'a Step> {
    turn.asked().filter(|_| turn.session.is_live() && turn.session.aside.is_none())
}

/// Says the question in other words; after some tries, offers to leave it out or to have a person.
fn explain(turn: &mut Turn) {
    match open_question(turn) {
        Some(step) => answer::explain(turn, step),
        None => turn.say("help"),
    }
}

/// Says who we are. The open question then stands again, so that nobody has to look for it.
fn who(turn: &mut Turn) {
    turn.say("who");
    if open_question(turn).is_some() {
        turn.ask_again();
    }
}

/// Takes the newest answer that counts back, but not behind the hand over: what a link worker has read stays.
fn back(turn: &mut Turn) {
    match newest(turn) {
        Some(step) => {
            turn.take_back(&step);
            turn.ask_again();
        }
        None => turn.say("nothing-to-go-back"),
    }
}

fn newest(turn: &Turn) -> Option<StepId> {
    let way = turn.way();
    let answered: Vec<_> = way.answered().map(|(step, _)| step).collect();
    let handed = answered.iter().rposition(|step| matches!(step.kind, StepKind::HandOver { .. }));
    let since = answered.get(handed.map_or(0, |at| at + 1)..).unwrap_or_default();
    turn.session.order.iter().rev().find(|id| since.iter().any(|step| step.id == **id)).cloned()
}

fn skip(turn: &mut Turn) {
    let Some(step) = turn.asked() else { return turn.ask_again() };
    let may_skip = match &step.kind {
        StepKind::Ask(question) => question.may_skip,
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => false,
    };
    if may_skip {
        turn.session.aside = None;
        turn.record(&step.id, None, "");
        turn.advance();
    } else {
        answer::refused(turn, step);
    }
}

/// Puts what there is before a human, ends the questions and says `message`.
pub fn end_with_a_human(turn: &mut Turn, message: &str) {
    match turn.session.handed_over {
        Some(_) => turn.update_handover(),
        None => turn.hand_over(HandOverReason::WantsAHuman),
    }
    turn.needs_reply();
    turn.said_for(Purpose::Receipt);
    turn.say(message);
    if let Some(number) = number::question(turn) {
        turn.say_saying(number);
    }
    if turn.session.is_live() {
        turn.finish(Ending::WantsAHuman);
    }
}

/// DONE means "send what I have".
fn done(turn: &mut Turn) {
    match turn.session.handed_over {
        Some(_) => turn.update_handover(),
        None => turn.hand_over(HandOverReason::PartFinished),
    }
    turn.said_for(Purpose::Receipt);
    turn.say("sent-early");
    turn.finish(Ending::SentEarly);
}

/// DELETE stops all texts and asks a human to deal with it; it destroys nothing by itself, because whoever holds the
/// phone may be the one that the person wrote about.
fn delete(turn: &mut Turn) {
    turn.hand_over(HandOverReason::Deletion);
    turn.needs_reply();
    turn.said_for(Purpose::Goodbye);
    turn.say("deletion");
    turn.opt_out();
    if turn.session.is_live() {
        turn.finish(Ending::Stopped);
    }
}
