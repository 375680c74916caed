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
use crate::domain::mobile::Mobile;
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
    /// The name of the person whom it is about, as it was given.
    #[serde(default)]
    pub name: Option<Words>,
    /// Who writes, where it is somebody else.
    #[serde(default)]
    pub writer: Option<Writer>,
    /// What was said about being passed on.
    #[serde(default)]
    pub consent: Consent,
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

/// Who writes for somebody else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// Their own name, as they gave it.
    pub name: Option<Words>,
    /// Who they are to the person, in words.
    pub relationship: Option<String>,
}

/// What was said about being passed on: the first question of consent. The later ones are about copies and figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// The question was not asked.
    #[default]
    NotAsked,
    /// It was asked, and not answered.
    NotAnswered,
    /// Yes.
    Agreed,
    /// No.
    Refused,
    /// Whoever writes for them says something else than yes, in words.
    NotYet(String),
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
    /// Whether what they wrote says more than what it meant.
    #[serde(default)]
    pub says_more: bool,
    /// Whether the person left it out.
    pub skipped: bool,
    /// For questions with several choices: each one, and whether it was chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChosenOrNot>,
}

impl Entry {
    /// What was answered: in our words where there are any, else in the person's.
    #[must_use]
    pub fn said(&self) -> &str {
        if self.shown.is_empty() { &self.words.0 } else { &self.shown }
    }

    /// The person's own words beside that, where they say more.
    #[must_use]
    pub fn beside(&self) -> Option<&str> {
        self.says_more.then_some(self.words.0.as_str()).filter(|words| *words != self.said())
    }
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
    Summary {
        conversation: session.conversation.clone(),
        revision: session.revision.clone(),
        reason: session.handed_over.unwrap_or(HandOverReason::Concern),
        name: name(&answered, Part::Person),
        writer: writer(&way, &answered, &entries),
        consent: consent(&way, session, &entries),
        language: session.standing.language.clone(),
        speaks: session.standing.speaks.clone().map(Words),
        opening_words: session.opening_words.clone(),
        entries,
        themes,
    }
}

/// The number that the person may be rung on, where it is no answer of the conversation.
fn number_entry(number: &Words, names: &Names<'_>) -> Option<Entry> {
    const MESSAGE: &str = "your-number";
    Some(Entry {
        part: Part::Contact,
        step: MESSAGE.parse().ok()?,
        label: (names.message)(&MessageKey::part(MESSAGE, "label")),
        shown: number.0.clone(),
        words: number.clone(),
        says_more: false,
        skipped: false,
        choices: Vec::new(),
    })
}

type Answered<'a> = (&'a StepId, &'a Question, &'a Answer);

/// The name that was given under this part.
fn name(answered: &[Answered<'_>], part: Part) -> Option<Words> {
    answered.iter().filter(|(_, question, _)| question.part == part).find_map(|(_, _, answer)| match &answer
        .value
    {
        Some(Value::Name(name)) => Some(name.clone()),
        Some(_) | None => None,
    })
}

/// Somebody else writes where the questions about a writer apply, answered or not.
fn writer(way: &Way<'_, '_>, answered: &[Answered<'_>], entries: &[Entry]) -> Option<Writer> {
    questions_of(way, Part::Writer).next()?;
    let is_name = |entry: &Entry| {
        answered.iter().any(|(id, question, _)| **id == entry.step && question.answer == AnswerKind::Name)
    };
    let about = |entry: &&Entry| entry.part == Part::Writer && !entry.skipped && !is_name(entry);
    Some(Writer {
        name: name(answered, Part::Writer),
        relationship: entries.iter().find(about).map(|entry| entry.shown.clone()),
    })
}

fn consent(way: &Way<'_, '_>, session: &Session, entries: &[Entry]) -> Consent {
    let Some((step, question)) = questions_of(way, Part::Consent).next() else { return Consent::NotAsked };
    let Some(answer) = way.answer(step) else {
        let asked = session.asked.as_ref().is_some_and(|asked| asked.step == *step);
        return if asked { Consent::NotAnswered } else { Consent::NotAsked };
    };
    match &answer.value {
        None => Consent::NotAnswered,
        Some(Value::YesNo(true)) => Consent::Agreed,
        Some(Value::YesNo(false)) => Consent::Refused,
        // Of choices, the first is the yes.
        Some(Value::Choice(choice)) if question.choices.first() == Some(choice) => Consent::Agreed,
        Some(_) => {
            let entry = entries.iter().find(|entry| entry.step == *step);
            Consent::NotYet(entry.map(|entry| entry.shown.clone()).unwrap_or_default())
        }
    }
}

/// The questions of a part that apply, in order.
fn questions_of<'d>(way: &Way<'d, '_>, part: Part) -> impl Iterator<Item = (&'d StepId, &'d Question)> {
    way.applying().filter_map(move |step| match &step.kind {
        StepKind::Ask(question) if question.part == part => Some((&step.id, question)),
        StepKind::Ask(_)
        | StepKind::Say
        | StepKind::Check { .. }
        | StepKind::HandOver { .. }
        | StepKind::Finish => None,
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
        says_more: answer.says_more,
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
        Value::Text(words) | Value::Name(words) | Value::Practice(PracticeAnswer::Unknown(words)) => {
            words.0.clone()
        }
        Value::Phone(words) => as_dialled(&words.0),
        Value::Postcode(postcode) => postcode.as_str().to_owned(),
        Value::Date(date) => date.to_string(),
        Value::Practice(PracticeAnswer::Known(practice)) => (names.practice)(practice),
        Value::Practice(PracticeAnswer::InArea(place) | PracticeAnswer::OutOfArea(place)) => {
            place.as_str().to_owned()
        }
        Value::Practice(PracticeAnswer::None) => String::new(),
    }
}

/// A number as people in this country write it.
fn as_dialled(number: &str) -> String {
    match (number.parse::<Mobile>(), number.strip_prefix("+44")) {
        (Ok(mobile), _) => mobile.spaced(),
        (Err(_), Some(national)) => format!("0{national}"),
        (Err(_), None) => number.to_owned(),
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
