//! Whether a reply says more than the answer that it was taken for: "call but not Tuesdays" is more than "Call".
//!
//! Invariant: a number, a label, a plain yes or no and politeness are no more than the answer; any other word is.

use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::reply::Asking;
use crate::reply::ChoiceWords;
use crate::reply::Lexicons;
use crate::reply::heard::Heard;
use crate::reply::lexicon::ALL;
use crate::reply::lexicon::AND;
use crate::reply::lexicon::BOTH;
use crate::reply::lexicon::GREETING;
use crate::reply::lexicon::NO;
use crate::reply::lexicon::NO_ALONE;
use crate::reply::lexicon::NO_FIRST;
use crate::reply::lexicon::NONE;
use crate::reply::lexicon::NUMBER_BEFORE;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::PRACTICE_GENERIC;
use crate::reply::lexicon::SMALL;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::lexicon::YES;
use crate::reply::lexicon::YES_FIRST;
use crate::reply::numbers::number_at;
use crate::reply::options::units;
use crate::reply::text::Folded;

/// Words that stand around an answer and add nothing to it.
const AROUND: Tags =
    NUMBER_BEFORE.with(POLITE).with(THANKS).with(SMALL).with(GREETING).with(AND).with(ALL).with(BOTH);

/// The answers that are one of these in words.
const PLAIN: Tags = YES.with(YES_FIRST).with(NO).with(NO_FIRST).with(NO_ALONE).with(NONE);

/// Whether a reply says more than this answer, which it was taken for.
#[must_use]
pub fn says_more(asking: &Asking, value: &Value, text: &str, lexicons: &Lexicons) -> bool {
    let label = |chosen: &ChoiceId| asking.choices.iter().find(|words| words.choice == *chosen);
    let (names, counted, around): (Vec<&str>, u32, Tags) = match value {
        Value::Choice(choice) => (label(choice).map(ChoiceWords::label).into_iter().collect(), 9, AROUND),
        Value::Choices(choices) => {
            (choices.iter().filter_map(label).map(ChoiceWords::label).collect(), u32::MAX, AROUND)
        }
        Value::YesNo(_) => (Vec::new(), 2, AROUND),
        Value::Scale(_) | Value::Number(_) | Value::Phone(_) | Value::Postcode(_) | Value::Date(_) => {
            (Vec::new(), u32::MAX, AROUND)
        }
        Value::Practice(PracticeAnswer::Known(id)) => {
            let practice = lexicons.practices.iter().filter(|practice| practice.id == *id);
            let names = practice.flat_map(|practice| practice.names.iter().map(String::as_str));
            (names.collect(), u32::MAX, AROUND | PRACTICE_GENERIC)
        }
        Value::Practice(PracticeAnswer::InArea(_) | PracticeAnswer::OutOfArea(_)) => {
            (Vec::new(), u32::MAX, AROUND | PRACTICE_GENERIC)
        }
        // What is shown are the words themselves.
        Value::Text(_)
        | Value::Name(_)
        | Value::Practice(PracticeAnswer::Unknown(_) | PracticeAnswer::None) => {
            return false;
        }
    };
    let known: Vec<u64> = names.iter().flat_map(|name| keys(name, lexicons)).collect();
    has_more(&Heard::new(text, lexicons), &known, counted, around | PLAIN)
}

fn keys(name: &str, lexicons: &Lexicons) -> Vec<u64> {
    units(&Heard::folded(Folded::whole(name), lexicons)).iter().map(|unit| unit.key).collect()
}

/// Whether a word stands here that is none of these; `counted` is the highest number that may be an answer.
fn has_more(heard: &Heard, known: &[u64], counted: u32, around: Tags) -> bool {
    let units = units(heard);
    let mut at = 0;
    while at < heard.len() {
        let unit = units.iter().find(|unit| unit.from == at && known.contains(&unit.key));
        let number = number_at(heard, at).filter(|number| number.value <= counted);
        let digits = counted == u32::MAX && heard.word(at).contains(|c: char| c.is_ascii_digit());
        at = match (unit, heard.longest(at, around), number) {
            (Some(unit), ..) => unit.to,
            (None, Some(found), _) => found.to,
            (None, None, Some(number)) => number.to,
            (None, None, None) if digits || heard.is_picture(at) => at + 1,
            (None, None, None) => return true,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::AnswerKind;

    fn more(kind: &AnswerKind, labels: &[&str], value: &Value, text: &str) -> bool {
        let words = labels.iter().enumerate();
        let choices: Vec<ChoiceWords> = words
            .map(|(at, label)| {
                ChoiceWords::new(format!("c{at}").parse().unwrap(), (*label).to_owned(), vec![])
            })
            .collect();
        let asking = Asking { kind, choices: &choices, today: jiff::civil::Date::ZERO, numbers_only: false };
        says_more(&asking, value, text, &Lexicons::embedded_for_tests())
    }

    #[test]
    fn what_goes_beyond_the_label_is_more() {
        let call = Value::Choice("c0".parse().unwrap());
        let one = |label, text| more(&AnswerKind::ChooseOne, &[label], &call, text);
        for (label, text) in [
            ("Call, no voicemail", "call but not Tuesdays"),
            ("Getting about", "getting about, my hip is bad"),
            ("Someone I know", "my mum"),
            ("18 to 64", "42"),
            ("No more texts", "not safe"),
            ("Call, no voicemail", "2 after 5"),
        ] {
            assert!(one(label, text), "{text}");
        }
        for (label, text) in [
            ("Call, no voicemail", "call"),
            ("Call, no voicemail", "Call me please"),
            ("Call, no voicemail", "number 2, thanks"),
            ("Me", "myself"),
            ("Text", "texts pls"),
            ("Yes, they agree", "yes"),
        ] {
            assert!(!one(label, text), "{text}");
        }
    }

    #[test]
    fn yes_no_and_numbers_say_more_only_with_more_words() {
        let yes = Value::YesNo(true);
        assert!(more(&AnswerKind::YesOrNo, &[], &yes, "yes but dont tell my doctor"));
        assert!(!more(&AnswerKind::YesOrNo, &[], &yes, "yes please, thats fine"));
        assert!(more(&AnswerKind::Scale, &[], &Value::Scale(4), "4, my hip is bad"));
        assert!(!more(&AnswerKind::Scale, &[], &Value::Scale(4), "maybe a 4 today"));
        let phone = Value::Phone(crate::domain::message::Words("+441632960101".into()));
        assert!(more(&AnswerKind::Phone, &[], &phone, "01632 960101 after 6 only when hes out"));
        assert!(!more(&AnswerKind::Phone, &[], &phone, "its 01632 960101"));
    }
}
