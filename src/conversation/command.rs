//! What a person can ask for at any question, by a message of its own.

use crate::conversation::aside::Aside;
use crate::conversation::beside;
use crate::conversation::definition::StepKind;
use crate::conversation::session::Ending;
use crate::conversation::turn::Turn;
use crate::conversation::watch;
use crate::domain::ids::StepId;
use crate::domain::message::Purpose;
use crate::domain::referral::HandOverReason;
use crate::reply;
use crate::reply::Command;

/// Does what was asked for.
pub fn obey(turn: &mut Turn, command: Command, text: &str) {
    match command {
        // Stop and start were obeyed before anything else was read; here a start is a wish to go on.
        Command::Stop => {}
        Command::Start | Command::Again | Command::CarryOn => turn.ask_again(),
        Command::Help => turn.say("help"),
        Command::HelpNow => watch::asked_for_help_now(turn),
        Command::Who => turn.say("who"),
        Command::Back => back(turn),
        Command::Skip => skip(turn),
        Command::Person => person(turn),
        Command::Done => done(turn),
        Command::Delete => delete(turn),
        Command::Restart => {
            turn.open_aside(Aside::ConfirmRestart);
            turn.say_saying(crate::conversation::effect::Saying::of(
                crate::conversation::effect::MessageKey::of("confirm-restart"),
            ).with_yes_or_no());
        }
        Command::Language => language(turn, text),
    }
}

/// Takes the newest answer back, but not behind the hand over: what a link worker has read stays.
fn back(turn: &mut Turn) {
    let newest = turn.session.order.last().cloned().filter(|step| !is_before_hand_over(turn, step));
    match newest {
        Some(step) => {
            turn.take_back(&step);
            turn.ask_again();
        }
        None => turn.say("nothing-to-go-back"),
    }
}

/// Whether a step stands before a hand over that has happened.
fn is_before_hand_over(turn: &Turn, step: &StepId) -> bool {
    let steps = &turn.engine.definition.steps;
    let place = steps.iter().position(|defined| defined.id == *step);
    let handed = steps.iter().position(|defined| {
        matches!(defined.kind, StepKind::HandOver { .. }) && turn.session.answers.contains_key(&defined.id)
    });
    place < handed
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
        turn.say("cannot-skip");
    }
}

fn person(turn: &mut Turn) {
    match turn.session.handed_over {
        Some(_) => turn.update_handover(),
        None => turn.hand_over(HandOverReason::WantsAHuman),
    }
    turn.needs_reply();
    turn.said_for(Purpose::Receipt);
    turn.say("person-coming");
    turn.finish(Ending::WantsAHuman);
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
    turn.said_for(Purpose::Receipt);
    turn.say("deletion");
    turn.opt_out();
    if turn.session.is_live() {
        turn.finish(Ending::Stopped);
    }
}

/// A language by its name at once; else the list.
fn language(turn: &mut Turn, text: &str) {
    let names_one = reply::command::names_a_language(text, &turn.engine.lexicons);
    if names_one {
        beside::pick_language(turn, text);
        return;
    }
    turn.open_aside(Aside::PickLanguage);
    turn.say("pick-language");
}
