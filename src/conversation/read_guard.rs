//! Reads `only if`: a guard over earlier steps, of which every word is checked.
//!
//! Invariant: a misspelt value is an error here, never false later.

use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::guard::Condition;
use crate::conversation::guard::Guard;
use crate::conversation::guard::Test;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::ids::StepId;
use crate::reading;
use crate::reading::item::Item;

/// How a condition is written.
const HOW: &str = "Write `step is choice`, `step is a or b`, `step is not choice`, `step is at least 3`, \
                   `step was answered` or `step was skipped`, joined by `and`.";

/// What can be said of a step's answer.
enum Vocabulary {
    /// One of these words.
    Words(Vec<String>),
    /// A number.
    Number,
    /// Only whether it was answered.
    Answered,
}

/// Reads a guard; `earlier` are the steps that it may name.
pub fn read(item: Item<'_>, earlier: &[Step]) -> Option<Guard> {
    let text = item.text()?;
    let conditions: Vec<Option<Condition>> =
        text.split(" and ").map(|condition| one(item, condition.trim(), earlier)).collect();
    conditions.into_iter().collect::<Option<Vec<_>>>().map(Guard)
}

fn one(item: Item<'_>, text: &str, earlier: &[Step]) -> Option<Condition> {
    let Some((name, rest)) = text.split_once(' ') else {
        item.error("guard", &format!("`{text}` is no condition"), HOW);
        return None;
    };
    let Some((at, step)) = earlier.iter().enumerate().find(|(_, step)| step.id.as_str() == name) else {
        let names = earlier.iter().map(|step| step.id.as_str());
        let remedy = match reading::did_you_mean(name, names) {
            Some(name) => format!("Did you mean `{name}`?"),
            None => "Name a question that stands above this step.".to_owned(),
        };
        item.error("unknown-step", &format!("`{name}` is no earlier step"), &remedy);
        return None;
    };
    let test = test(item, step, rest.trim())?;
    Some(Condition { at, step: step.id.clone(), test })
}

fn test(item: Item<'_>, step: &Step, text: &str) -> Option<Test> {
    let Some(vocabulary) = vocabulary(&step.kind) else {
        item.error("guard", &format!("`{}` asks nothing", step.id), "Name a question.");
        return None;
    };
    match text {
        "was answered" => return Some(Test::Answered),
        "was skipped" => return Some(Test::Skipped),
        _ => {}
    }
    if let Some(number) = text.strip_prefix("is at least ") {
        return bound(item, &step.id, &vocabulary, number).map(Test::AtLeast);
    }
    if let Some(number) = text.strip_prefix("is at most ") {
        return bound(item, &step.id, &vocabulary, number).map(Test::AtMost);
    }
    if let Some(list) = text.strip_prefix("is not ") {
        return words(item, &step.id, &vocabulary, list).map(Test::IsNot);
    }
    match text.strip_prefix("is ") {
        Some(list) => words(item, &step.id, &vocabulary, list).map(Test::Is),
        None => {
            item.error("guard", &format!("`{} {text}` is no condition", step.id), HOW);
            None
        }
    }
}

fn vocabulary(kind: &StepKind) -> Option<Vocabulary> {
    let StepKind::Ask(question) = kind else { return None };
    Some(match question.answer {
        AnswerKind::YesOrNo => Vocabulary::Words(vec!["yes".to_owned(), "no".to_owned()]),
        AnswerKind::ChooseOne | AnswerKind::ChooseSeveral { .. } => {
            Vocabulary::Words(question.choices.iter().map(ToString::to_string).collect())
        }
        AnswerKind::Practice => Vocabulary::Words(PracticeAnswer::GUARD_WORDS.map(str::to_owned).to_vec()),
        AnswerKind::Scale | AnswerKind::WholeNumber { .. } => Vocabulary::Number,
        AnswerKind::OwnWords
        | AnswerKind::ShortText
        | AnswerKind::Name
        | AnswerKind::Postcode
        | AnswerKind::DateOfBirth
        | AnswerKind::Phone => Vocabulary::Answered,
    })
}

fn bound(item: Item<'_>, step: &StepId, vocabulary: &Vocabulary, number: &str) -> Option<u32> {
    match (vocabulary, number.parse()) {
        (Vocabulary::Number, Ok(number)) => Some(number),
        (Vocabulary::Number, Err(_)) => {
            item.error("guard", &format!("`{number}` is no whole number"), HOW);
            None
        }
        (Vocabulary::Words(_) | Vocabulary::Answered, _) => {
            item.error(
                "guard",
                &format!("the answer of `{step}` is no number"),
                "Write `is` and one of its values.",
            );
            None
        }
    }
}

fn words(item: Item<'_>, step: &StepId, vocabulary: &Vocabulary, list: &str) -> Option<Vec<String>> {
    let Vocabulary::Words(known) = vocabulary else {
        let message = format!("the answer of `{step}` has no fixed values");
        item.error("guard", &message, &format!("Write `{step} was answered` or `{step} was skipped`."));
        return None;
    };
    let read = list.split(" or ").map(str::trim).map(|word| {
        if known.iter().any(|one| one == word) {
            return Some(word.to_owned());
        }
        let remedy = match reading::did_you_mean(word, known.iter().map(String::as_str)) {
            Some(name) => format!("Did you mean `{name}`?"),
            None => format!("It can be {}.", known.join(", ")),
        };
        item.error("unknown-value", &format!("`{step}` cannot be `{word}`"), &remedy);
        None
    });
    read.collect::<Vec<_>>().into_iter().collect()
}
