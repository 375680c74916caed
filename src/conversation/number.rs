//! The number that a person may be rung on, where the channel shows none.
//!
//! Invariant: it is asked for once, and never stands between a person and the next question.

use crate::conversation::definition::Part;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::turn::Turn;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::message::Words;
use crate::reply;
use crate::reply::Reading;

/// More letters than stand around a number that is sent for its own sake: "you can ring me on …".
const LETTERS_AROUND: usize = 24;

/// Asks for a number, where none is known and none was asked for; `None` else.
pub fn question(turn: &mut Turn) -> Option<Saying> {
    let session = &mut turn.session;
    if !session.standing.no_number || session.number.is_some() || session.number_asked {
        return None;
    }
    let given = session.answers.values().any(|answer| matches!(answer.value, Some(Value::Phone(_))));
    let for_another = session.answers.iter().any(|(step, answer)| {
        answer.value.is_some()
            && turn.engine.definition.question(step).is_some_and(|q| q.part == Part::Writer)
    });
    // The number in an answer is the person's own, unless they write for somebody else.
    if given && !for_another {
        return None;
    }
    session.number_asked = true;
    Some(Saying::of(MessageKey::of("your-number")))
}

/// Keeps the number that a text holds, once it was asked for; whether the text is that and nothing else.
pub fn heard(turn: &mut Turn, text: &str) -> bool {
    if !turn.session.number_asked || turn.session.number.is_some() || asks_for_a_number(turn) {
        return false;
    }
    let asking = turn.asking(&AnswerKind::Phone, &[]);
    let Reading::Understood(Value::Phone(number)) = reply::read(&asking, text, &turn.engine.lexicons) else {
        return false;
    };
    keep(turn, number);
    text.chars().filter(|c| c.is_alphabetic()).count() <= LETTERS_AROUND
}

/// The person shares their own number: an answer where a number is asked for, else kept all the same.
pub fn shared(turn: &mut Turn, phone: &str) -> bool {
    if asks_for_a_number(turn) {
        return false;
    }
    let read = reply::read(&turn.asking(&AnswerKind::Phone, &[]), phone, &turn.engine.lexicons);
    let number = match read {
        Reading::Understood(Value::Phone(number)) => number,
        // A number from abroad is theirs as well.
        Reading::Understood(_) | Reading::Propose(_) | Reading::NotAllowed | Reading::NotUnderstood => {
            Words(phone.to_owned())
        }
    };
    keep(turn, number);
    true
}

fn asks_for_a_number(turn: &Turn) -> bool {
    let asked = turn.asked().and_then(|step| turn.engine.definition.question(&step.id));
    turn.session.aside.is_none() && asked.is_some_and(|question| question.answer == AnswerKind::Phone)
}

fn keep(turn: &mut Turn, number: Words) {
    turn.session.number = Some(number);
    turn.update_handover();
    if turn.is_silent() || turn.session.standing.texts_unsafe {
        turn.needs_reply();
    } else {
        turn.say("number-noted");
    }
}
