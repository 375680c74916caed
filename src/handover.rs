//! The summary that a link worker reads: the person's own words first, then the rest in the shape of the PRSB social
//! prescribing referral headings (reference: Social Prescribing Information Standard v1.1).
//!
//! Invariant: plain values in, plain values out. Every text of the person stands here as they wrote it.

use serde::{Deserialize, Serialize};

use crate::conversation::definition::Definition;
use crate::conversation::definition::Part;
use crate::conversation::definition::Question;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::conversation::session::Answer;
use crate::conversation::session::Session;
use crate::conversation::way::Way;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::RuleId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::domain::message::Words;
use crate::domain::referral::HandOverReason;
use crate::domain::theme::Theme;

/// What lands in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The conversation that was had.
    pub conversation: ConversationId,
    /// Which revision of it.
    pub revision: RevisionId,
    /// Why it was handed over.
    pub reason: HandOverReason,
    /// Whether the person was asked to agree to be passed on, and answered. Where not: first contact only.
    pub consent_asked: bool,
    /// Whether the person said no to being passed on: whoever sees this sees it because of a concern.
    #[serde(default)]
    pub consent_refused: bool,
    /// The language of the texts.
    pub language: Language,
    /// What the person speaks, where it is none of ours: an interpreter is needed.
    pub speaks: Option<Words>,
    /// A first text that was a story.
    pub opening_words: Option<Words>,
    /// The answers, by part and then in the order of the questions.
    pub entries: Vec<Entry>,
    /// What the own words are about, with the words that say so.
    pub themes: Vec<ThemeWords>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Under which heading it stands.
    pub part: Part,
    /// The question.
    pub step: StepId,
    /// The question's short name.
    pub label: String,
    /// What the reply meant, in words; empty where it was left out.
    pub shown: String,
    /// What the person wrote.
    pub words: Words,
    /// Whether the person left it out.
    pub skipped: bool,
    /// For questions with several choices: each one, and whether it was chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChosenOrNot>,
}

/// One of several choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenOrNot {
    /// The choice.
    pub choice: ChoiceId,
    /// Its label.
    pub label: String,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// A theme, and the words that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeWords {
    /// The theme.
    pub theme: Theme,
    /// The question that was answered.
    pub step: StepId,
    /// The rule that found it.
    pub rule: RuleId,
    /// The words.
    pub words: Words,
}

/// Names for what a summary shows: the wording and the directory know them.
pub struct Names<'a> {
    /// The text of a message in the link workers' language.
    pub message: &'a dyn Fn(&MessageKey) -> String,
    /// The name of a practice.
    pub practice: &'a dyn Fn(&PracticeId) -> String,
}

/// Makes the summary of a session.
#[must_use]
pub fn summarise(definition: &Definition, session: &Session, names: &Names<'_>) -> Summary {
    let way = Way::of(definition, session);
    let answered = way.answered().filter_map(|(step, answer)| match &step.kind {
        StepKind::Ask(question) => Some((&step.id, question, answer)),
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => None,
    });
    let answered: Vec<_> = answered.collect();
    let mut entries: Vec<Entry> =
        answered.iter().map(|(id, question, answer)| entry(id, question, answer, names)).collect();
    entries.extend(session.number.as_ref().and_then(|number| number_entry(number, names)));
    entries.sort_by_key(|entry| entry.part);
    let themes = answered.iter().flat_map(|(id, _, answer)| theme_words(id, answer)).collect();
    let consent_asked = answered.iter().any(|(_, question, answer)| {
        question.part == Part::Consent && matches!(answer.value, Some(Value::YesNo(_) | Value::Choice(_)))
    });
    // The first question of consent is the one about being passed on; the later ones are about copies and figures.
    let first_consent = answered.iter().find(|(_, question, _)| question.part == Part::Consent);
    let consent_refused =
        first_consent.is_some_and(|(_, _, answer)| answer.value == Some(Value::YesNo(false)));
    Summary {
        conversation: session.conversation.clone(),
        revision: session.revision.clone(),
        reason: session.handed_over.unwrap_or(HandOverReason::Concern),
        consent_asked,
        consent_refused,
        language: session.standing.language.clone(),
        speaks: session.standing.speaks.clone().map(Words),
        opening_words: session.opening_words.clone(),
        entries,
        themes,
    }
}

/// The number that the person may be rung on, where it is no answer of the conversation.
fn number_entry(number: &Words, names: &Names<'_>) -> Option<Entry> {
    const MESSAGE: &str = "ring-number";
    Some(Entry {
        part: Part::Contact,
        step: MESSAGE.parse().ok()?,
        label: (names.message)(&MessageKey::part(MESSAGE, "label")),
        shown: number.0.clone(),
        words: number.clone(),
        skipped: false,
        choices: Vec::new(),
    })
}

/// The name that the person gave.
#[must_use]
pub fn name(definition: &Definition, session: &Session) -> Option<Words> {
    definition.steps.iter().find_map(|step| {
        match (&step.kind, session.answers.get(&step.id)?.value.as_ref()?) {
            (StepKind::Ask(question), Value::Name(name)) if question.part == Part::Person => {
                Some(name.clone())
            }
            _ => None,
        }
    })
}

/// The practice that the person named, if we know it.
#[must_use]
pub fn practice(definition: &Definition, session: &Session) -> Option<PracticeId> {
    Way::of(definition, session).answered().find_map(|(_, answer)| match &answer.value {
        Some(Value::Practice(PracticeAnswer::Known(practice))) => Some(practice.clone()),
        Some(_) | None => None,
    })
}

fn entry(step: &StepId, question: &Question, answer: &Answer, names: &Names<'_>) -> Entry {
    let label_of = |choice: &ChoiceId| (names.message)(&MessageKey::part(step.as_str(), choice.as_str()));
    let chosen = |choice: &ChoiceId| match &answer.value {
        Some(Value::Choices(choices)) => choices.contains(choice),
        Some(_) | None => false,
    };
    let several = matches!(question.answer, AnswerKind::ChooseSeveral { .. });
    let listed = question.choices.iter().filter(|choice| several && !question.alone.contains(choice));
    Entry {
        part: question.part,
        step: step.clone(),
        label: (names.message)(&MessageKey::part(step.as_str(), "label")),
        shown: answer.value.as_ref().map_or_else(String::new, |value| shown(value, &label_of, names)),
        words: answer.words.clone(),
        skipped: answer.value.is_none(),
        choices: listed
            .map(|choice| ChosenOrNot {
                choice: choice.clone(),
                label: label_of(choice),
                chosen: chosen(choice),
            })
            .collect(),
    }
}

fn shown(value: &Value, label_of: &dyn Fn(&ChoiceId) -> String, names: &Names<'_>) -> String {
    match value {
        Value::YesNo(yes) => (names.message)(&MessageKey::of(if *yes { "yes-label" } else { "no-label" })),
        Value::Choice(choice) => label_of(choice),
        Value::Choices(choices) => choices.iter().map(label_of).collect::<Vec<_>>().join(", "),
        Value::Scale(n) => n.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Text(words)
        | Value::Name(words)
        | Value::Phone(words)
        | Value::Practice(PracticeAnswer::Unknown(words)) => words.0.clone(),
        Value::Postcode(postcode) => postcode.as_str().to_owned(),
        Value::Date(date) => date.to_string(),
        Value::Practice(PracticeAnswer::Known(practice)) => (names.practice)(practice),
        Value::Practice(PracticeAnswer::InArea(place) | PracticeAnswer::OutOfArea(place)) => {
            place.as_str().to_owned()
        }
        Value::Practice(PracticeAnswer::None) => String::new(),
    }
}

fn theme_words<'a>(step: &'a StepId, answer: &'a Answer) -> impl Iterator<Item = ThemeWords> + 'a {
    let text = match &answer.value {
        Some(Value::Text(words)) => words.0.as_str(),
        Some(_) | None => "",
    };
    answer.themes.iter().map(move |found| ThemeWords {
        theme: found.theme,
        step: step.clone(),
        rule: found.rule.clone(),
        words: Words(text.get(found.words.clone()).unwrap_or_default().to_owned()),
    })
}
