//! Answers as they are shown to the person: read back at a check, or guessed at in a proposal.
//!
//! Invariant: a read-back never shows own words, names, themes or whole phone numbers, for the sake of whoever else reads this phone.

use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Shown;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::StepId;

/// An answer as a check reads it back.
pub fn read_back(step: &StepId, value: &Value) -> Shown {
    match value {
        Value::Practice(PracticeAnswer::Unknown(_)) => {
            Shown::Labels(vec![MessageKey::part("not-shown", "looked-up")])
        }
        Value::Text(_) | Value::Name(_) => Shown::Labels(vec![MessageKey::part("not-shown", "given")]),
        Value::Phone(number) => Shown::Plain(end_of(&number.0)),
        Value::YesNo(_)
        | Value::Choice(_)
        | Value::Choices(_)
        | Value::Scale(_)
        | Value::Number(_)
        | Value::Postcode(_)
        | Value::Date(_)
        | Value::Practice(_) => guessed(step, value),
    }
}

/// The last digits of a number: whoever gave it knows it again, and nobody else learns it.
fn end_of(number: &str) -> String {
    const DIGITS: usize = 3;
    let hidden = number.chars().count().saturating_sub(DIGITS);
    format!("...{}", number.chars().skip(hidden).collect::<String>())
}

/// An answer as a proposal guesses it, a moment after it was given.
pub fn guessed(step: &StepId, value: &Value) -> Shown {
    let label = |choice: &ChoiceId| MessageKey::part(step.as_str(), choice.as_str());
    match value {
        Value::YesNo(true) => Shown::Labels(vec![MessageKey::of("yes-label")]),
        Value::YesNo(false) => Shown::Labels(vec![MessageKey::of("no-label")]),
        Value::Choice(choice) => Shown::Labels(vec![label(choice)]),
        Value::Choices(choices) => Shown::Labels(choices.iter().map(label).collect()),
        Value::Scale(n) => Shown::Plain(n.to_string()),
        Value::Number(n) => Shown::Plain(n.to_string()),
        Value::Postcode(postcode) => Shown::Plain(postcode.as_str().to_owned()),
        Value::Date(date) => Shown::Plain(date.strftime("%d/%m/%Y").to_string()),
        Value::Practice(PracticeAnswer::Known(practice)) => Shown::Practice(practice.clone()),
        Value::Practice(PracticeAnswer::InArea(place) | PracticeAnswer::OutOfArea(place)) => {
            Shown::Plain(place.as_str().to_owned())
        }
        Value::Practice(PracticeAnswer::None) => Shown::NotShown,
        Value::Practice(PracticeAnswer::Unknown(words))
        | Value::Text(words)
        | Value::Name(words)
        | Value::Phone(words) => Shown::Plain(words.0.clone()),
    }
}
