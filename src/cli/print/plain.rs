//! Conditions and kinds of answer in plain words.

use crate::cli::print::texts::Texts;
use crate::conversation::definition::Definition;
use crate::conversation::definition::Question;
use crate::conversation::effect::MessageKey;
use crate::conversation::guard::Condition;
use crate::conversation::guard::Guard;
use crate::conversation::guard::Test;
use crate::domain::answer::AnswerKind;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::StepId;

/// The label of a question, in quotes.
pub(super) fn label(texts: &Texts<'_>, step: &StepId) -> String {
    format!("\u{201c}{}\u{201d}", texts.alone(&MessageKey::part(step.as_str(), "label")))
}

/// A guard as a sentence: `“Support for” is “Me”`.
pub(super) fn guard(texts: &Texts<'_>, definition: &Definition, guard: &Guard) -> String {
    let conditions: Vec<String> = guard.0.iter().map(|condition| one(texts, definition, condition)).collect();
    conditions.join(", and ")
}

fn one(texts: &Texts<'_>, definition: &Definition, condition: &Condition) -> String {
    let step = label(texts, &condition.step);
    let question = definition.question(&condition.step);
    let list = |words: &[String]| {
        let words: Vec<String> =
            words.iter().map(|word| value(texts, &condition.step, question, word)).collect();
        words.join(" or ")
    };
    match &condition.test {
        Test::Is(words) => format!("{step} is {}", list(words)),
        Test::IsNot(words) => format!("{step} was answered, and not with {}", list(words)),
        Test::AtLeast(number) => format!("{step} is {number} or more"),
        Test::AtMost(number) => format!("{step} is {number} or less"),
        Test::Answered => format!("{step} was answered"),
        Test::Skipped => format!("{step} was left out"),
    }
}

/// A value that a guard names, as the person reads it.
fn value(texts: &Texts<'_>, step: &StepId, question: Option<&Question>, word: &str) -> String {
    let key = match question.map(|question| &question.answer) {
        Some(AnswerKind::Practice) => return practice(word).to_owned(),
        Some(AnswerKind::YesOrNo) => MessageKey::of(&format!("{word}-label")),
        _ => MessageKey::part(step.as_str(), word),
    };
    format!("\u{201c}{}\u{201d}", texts.alone(&key))
}

fn practice(word: &str) -> &str {
    match word {
        "known" => "one of our practices",
        "in-area" => "a postcode in our area",
        "out-of-area" => "a postcode outside our area",
        "unknown" => "a practice that we do not know",
        "none" => "none, or the person does not know",
        other => other,
    }
}

/// What counts as an answer.
pub(super) fn answer(kind: &AnswerKind) -> String {
    match kind {
        AnswerKind::YesOrNo => "Yes or no.".to_owned(),
        AnswerKind::ChooseOne => "One of the choices.".to_owned(),
        AnswerKind::ChooseSeveral { most: None } => "One or several of the choices.".to_owned(),
        AnswerKind::ChooseSeveral { most: Some(most) } => {
            format!("One or several of the choices, at most {most}.")
        }
        AnswerKind::Scale => "A number from 0 to 10.".to_owned(),
        AnswerKind::WholeNumber { least, most } => format!("A number from {least} to {most}."),
        AnswerKind::OwnWords => "The person's own words.".to_owned(),
        AnswerKind::ShortText => "A few words.".to_owned(),
        AnswerKind::Name => "A name.".to_owned(),
        AnswerKind::Postcode => "A postcode.".to_owned(),
        AnswerKind::DateOfBirth => "A date of birth.".to_owned(),
        AnswerKind::Phone => "A phone number of the UK.".to_owned(),
        AnswerKind::Practice => "A GP practice, or a postcode.".to_owned(),
    }
}

/// The labels of some choices of a question, in quotes.
pub(super) fn choices(texts: &Texts<'_>, step: &StepId, choices: &[ChoiceId]) -> String {
    let label = |choice: &ChoiceId| {
        format!("\u{201c}{}\u{201d}", texts.alone(&MessageKey::part(step.as_str(), choice.as_str())))
    };
    choices.iter().map(label).collect::<Vec<_>>().join(", ")
}

/// A length of time: `3 days`.
pub(super) fn length(length: std::time::Duration) -> String {
    let seconds = length.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let unit = units.into_iter().find(|(unit, _)| seconds != 0 && seconds.is_multiple_of(*unit));
    let (unit, name) = unit.unwrap_or((1, "second"));
    let number = seconds / unit;
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}
