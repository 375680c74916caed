//! Reads an `ask`: a question, of which every key is checked.
//!
//! Invariant: a key that a kind of answer has no use for is an error here, never ignored.

use crate::conversation::definition::Part;
use crate::conversation::definition::Question;
use crate::domain::answer::AnswerKind;
use crate::domain::ids::ChoiceId;
use crate::reading;
use crate::reading::item::Item;
use crate::reading::item::Map;

/// More choices than this do not fit a text message and a person's patience.
pub const CHOICES_MOST: usize = 9;

/// The kinds of answer, as authors write them.
pub const ANSWERS: [&str; 12] = [
    "yes or no",
    "choose one",
    "choose several",
    "scale",
    "whole number",
    "own words",
    "short text",
    "name",
    "postcode",
    "date of birth",
    "phone",
    "practice",
];

/// Longer numbers are typing slips: nobody has so many of anything that we ask about.
const NUMBER_MOST: u32 = 9_999;

/// The keys that only some kinds of answer have.
const KEYS_OF: [(&str, &[&str]); 9] = [
    ("choices", &["choose one", "choose several"]),
    ("alone", &["choose several"]),
    ("no texts if", &["choose one"]),
    ("a phone number means", &["choose one"]),
    ("joins within", &["own words", "short text"]),
    ("takes opening words", &["own words", "short text"]),
    ("takes own words", &["choose several"]),
    ("at least", &["whole number"]),
    ("at most", &["whole number", "choose several"]),
];

/// Reads a question.
pub fn read(map: Map<'_>) -> Option<Question> {
    let kind = map.require("answer").and_then(|item| item.one_of(&ANSWERS.map(|answer| (answer, answer))));
    let choices = match kind {
        Some("choose one" | "choose several") => map.require("choices").and_then(choices),
        Some(_) => Some(Vec::new()),
        None => None,
    };
    if let Some(kind) = kind {
        fitting_keys(map, kind)?;
    }
    let some_of = |key: &str| match map.find(key) {
        Some(item) => item.each(|item| one_choice(item, choices.as_deref().unwrap_or_default())),
        None => Some(Vec::new()),
    };
    let alone = some_of("alone");
    let no_texts_if = some_of("no texts if");
    let phone_means = match map.find("a phone number means") {
        Some(item) => Some(one_choice(item, choices.as_deref().unwrap_or_default())?),
        None => None,
    };
    let flag = |key: &str| map.find(key).map_or(Some(false), Item::yes_no);
    let (may_skip, takes_opening_words) = (flag("may skip"), flag("takes opening words"));
    let takes_own_words = flag("takes own words");
    let joins_within = match map.find("joins within") {
        Some(item) => Some(item.length()?),
        None => None,
    };
    let part =
        map.find("part").map_or(Some(Part::Other), |item| item.one_of(&Part::ALL.map(|p| (p.as_str(), p))));
    Some(Question {
        answer: answer_kind(map, kind?)?,
        choices: choices?,
        alone: alone?,
        may_skip: may_skip?,
        joins_within,
        takes_opening_words: takes_opening_words?,
        takes_own_words: takes_own_words?,
        part: part?,
        no_texts_if: no_texts_if?,
        phone_means,
    })
}

fn choices(item: Item<'_>) -> Option<Vec<ChoiceId>> {
    let choices = item.parsed_list::<ChoiceId>()?;
    let twice = choices.iter().enumerate().find(|(index, choice)| choices[..*index].contains(choice));
    if let Some((_, choice)) = twice {
        item.error("same-choice", &format!("`{choice}` stands twice"), "Give each choice a name of its own.");
    }
    for choice in choices.iter().filter(|choice| is_taken(choice.as_str())) {
        let message = format!("`{choice}` is the name of something else that a question has words for");
        item.error("taken-name", &message, "Give the choice another name.");
    }
    if choices.len() < 2 || CHOICES_MOST < choices.len() {
        let message = format!("{} choices", choices.len());
        item.error("choices-number", &message, "Offer from 2 to 9 choices: more do not fit a text message.");
    }
    Some(choices)
}

fn one_choice(item: Item<'_>, choices: &[ChoiceId]) -> Option<ChoiceId> {
    let choice = item.parsed::<ChoiceId>()?;
    if choices.contains(&choice) {
        return Some(choice);
    }
    let names = choices.iter().map(ChoiceId::as_str);
    let remedy = match reading::did_you_mean(choice.as_str(), names) {
        Some(name) => format!("Did you mean `{name}`?"),
        None => "Name one of this step's `choices`.".to_owned(),
    };
    item.error("unknown-choice", &format!("`{choice}` is no choice of this step"), &remedy);
    None
}

/// Whether a name would stand for something else in the Fluent file: attributes of a question share one room.
fn is_taken(name: &str) -> bool {
    ["label", "retry", "not-allowed", "explain"].contains(&name) || name.ends_with("-words")
}

/// Notes keys that this kind of answer has no use for: silently unused, they would promise what does not happen.
fn fitting_keys(map: Map<'_>, kind: &str) -> Option<()> {
    let mut fit = Some(());
    for (key, kinds) in KEYS_OF {
        if let Some(item) = map.find(key).filter(|_| !kinds.contains(&kind)) {
            let remedy = format!(
                "Remove it: it belongs to {}.",
                kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(" and ")
            );
            item.error("wrong-key", &format!("an answer `{kind}` has no `{key}`"), &remedy);
            fit = None;
        }
    }
    fit
}

fn answer_kind(map: Map<'_>, kind: &str) -> Option<AnswerKind> {
    Some(match kind {
        "yes or no" => AnswerKind::YesOrNo,
        "choose one" => AnswerKind::ChooseOne,
        "choose several" => AnswerKind::ChooseSeveral {
            most: match map.find("at most") {
                Some(item) => Some(item.number(1..=9)?),
                None => None,
            },
        },
        "scale" => AnswerKind::Scale,
        "whole number" => whole_number(map)?,
        "own words" => AnswerKind::OwnWords,
        "short text" => AnswerKind::ShortText,
        "name" => AnswerKind::Name,
        "postcode" => AnswerKind::Postcode,
        "date of birth" => AnswerKind::DateOfBirth,
        "phone" => AnswerKind::Phone,
        _ => AnswerKind::Practice,
    })
}

fn whole_number(map: Map<'_>) -> Option<AnswerKind> {
    let bound = |key: &str, otherwise: u32| {
        map.find(key).map_or(Some(otherwise), |item| item.number(0..=NUMBER_MOST))
    };
    let (least, most) = (bound("at least", 0)?, bound("at most", NUMBER_MOST)?);
    if most < least {
        map.error("bounds", "no number is at least and at most this", "Write `at least` below `at most`.");
    }
    Some(AnswerKind::WholeNumber { least, most })
}
