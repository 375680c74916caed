//! The numbers that a question names in its own words, as in "Not safe to text? Reply 4".
//!
//! Invariant: such a number is counted from the choices. One that is written by hand would stand for another choice as
//! soon as an author moves them, in the one text that must not be wrong.

use crate::content::Content;
use crate::content::check::at;
use crate::conversation::definition::Definition;
use crate::conversation::definition::Question;
use crate::conversation::effect::MessageKey;
use crate::domain::answer::AnswerKind;
use crate::domain::ids::ChoiceId;
use crate::domain::language::Language;
use crate::domain::nation::Nation;
use crate::reading::did_you_mean;
use crate::reading::problem::Problems;
use crate::wording::render::NUMBER_OF;

/// Notes numbers of choices that are written by hand, and variables for numbers that there are not.
pub(super) fn check(
    content: &Content,
    definition: &Definition,
    language: &Language,
    problems: &mut Problems,
) {
    for key in content.wording.keys(definition.id.as_str(), language) {
        let question = key.message.parse().ok().and_then(|step| definition.question(&step));
        let question = question.filter(|question| !question.choices.is_empty());
        let mut note = |rule, message: &str, remedy: &str| {
            at(content, &definition.id, &key, language).note(true, rule, message, remedy, problems);
        };
        // Only the question itself has the list under it.
        let choices = question.filter(|_| asks(&key)).map(|question| question.choices.as_slice());
        for variable in content.wording.variables(&definition.id, &key, language) {
            let Some(named) = variable.strip_prefix(NUMBER_OF) else { continue };
            let choices = choices.unwrap_or_default();
            if !choices.iter().any(|choice| choice.as_str() == named) {
                let message = format!("`{key}` names the number of `{named}`, which has none there");
                note("number-of-nothing", &message, &remedy_for(named, choices));
            }
        }
        let plain = content.wording.plain(&definition.id, &key, language).unwrap_or_default();
        if let Some(choice) = question.filter(|_| is_said(&key)).and_then(|question| by_hand(question, plain))
        {
            let message = format!("`{key}` has the number of a choice written by hand");
            let remedy = format!(
                "Write {{ ${NUMBER_OF}{choice} }}, which follows the choices, or the number in letters if it \
                 counts something else. A retry does without."
            );
            note("number-by-hand", &message, &remedy);
        }
    }
}

fn remedy_for(named: &str, choices: &[ChoiceId]) -> String {
    match did_you_mean(named, choices.iter().map(ChoiceId::as_str)) {
        Some(meant) => format!("Did you mean `${NUMBER_OF}{meant}`?"),
        None => "Use it in a question itself, with one of its `choices`.".to_owned(),
    }
}

/// Whether a message asks the question, for everybody or for some.
fn asks(key: &MessageKey) -> bool {
    let only_for = |attribute: &String| attribute == "telegram" || attribute.parse::<Nation>().is_ok();
    key.attribute.as_ref().is_none_or(only_for)
}

/// Whether a message asks the question, or says why it is asked again.
fn is_said(key: &MessageKey) -> bool {
    let again = |attribute: &String| {
        ["retry", "not-allowed", "explain"].iter().any(|part| attribute.starts_with(part))
    };
    asks(key) || key.attribute.as_ref().is_some_and(again)
}

/// The choice whose number stands in these words by itself. Several numbers in a row, where several may be chosen, are
/// an example of how to answer.
fn by_hand<'a>(question: &'a Question, plain: &str) -> Option<&'a ChoiceId> {
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let numbers: Vec<Option<usize>> = words.map(|word| word.parse().ok()).collect();
    let several = matches!(question.answer, AnswerKind::ChooseSeveral { .. });
    let mut runs = numbers.chunk_by(|one, other| one.is_some() == other.is_some());
    runs.find_map(|run| {
        let is_example = several && 1 < run.len();
        let number = run.iter().flatten().find(|_| !is_example)?;
        question.choices.get(number.checked_sub(1)?)
    })
}
