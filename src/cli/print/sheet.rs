//! What stands on the page: every step with its texts, then everything else that may be said.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::cli::print::plain;
use crate::cli::print::texts;
use crate::cli::print::texts::Text;
use crate::cli::print::texts::Texts;
use crate::content::Content;
use crate::content::Conversation;
use crate::conversation::definition::Definition;
use crate::conversation::definition::Part;
use crate::conversation::definition::Question;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::ReadBack;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Shown;
use crate::conversation::graph;
use crate::conversation::prove;
use crate::domain::answer::AnswerKind;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::domain::nation::Nation;

/// Everything on the page but the day of printing.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    pub title: String,
    pub conversation: String,
    pub revision: String,
    pub language: String,
    pub language_name: String,
    /// Who has reviewed the language, and when; `None` where nobody has.
    pub reviewed: Option<String>,
    /// The service whose name and numbers are filled in.
    pub service: String,
    pub limits: Vec<String>,
    pub steps: Vec<StepShown>,
    /// The questions whose answers are kept with the question as it was sent.
    pub consents: Vec<Text>,
    pub groups: Vec<Group>,
    pub nations: Vec<Numbers>,
    pub accepted: Vec<WordList>,
}

/// A step.
#[derive(Debug, Serialize)]
pub(super) struct StepShown {
    pub id: String,
    pub does: &'static str,
    /// When it applies.
    pub only_if: Option<String>,
    pub facts: Vec<String>,
    pub texts: Vec<Text>,
    pub words: Vec<WordList>,
    /// What can follow at once.
    pub next: Vec<String>,
}

/// Words that are accepted, and what for.
#[derive(Debug, Serialize)]
pub(super) struct WordList {
    pub key: String,
    pub label: String,
    pub words: String,
}

/// Messages of one file.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    pub title: &'static str,
    pub texts: Vec<Text>,
}

/// The helplines of a nation.
#[derive(Debug, Serialize)]
pub(super) struct Numbers {
    pub nation: &'static str,
    pub rows: Vec<NumberShown>,
}

/// A helpline.
#[derive(Debug, Serialize)]
pub(super) struct NumberShown {
    pub id: String,
    pub number: String,
    pub source: String,
    /// When it was read at its source; `None` where nobody has.
    pub verified_on: Option<String>,
}

impl Sheet {
    pub fn of(content: &Content, conversation: &Conversation, language: &Language) -> Self {
        let texts = Texts::of(content, conversation, language);
        let definition = &conversation.engine.definition;
        let about = content.wording.about(language);
        let steps = steps(&texts, definition);
        let unsaid = unsaid(&texts, &steps);
        Self {
            title: definition.title.clone(),
            conversation: definition.id.to_string(),
            revision: definition.revision.to_string(),
            language: language.to_string(),
            language_name: about.map_or_else(|| language.to_string(), |about| about.name.clone()),
            reviewed: about
                .and_then(|about| about.reviewed.as_ref())
                .map(|review| format!("{}, {}", review.by, review.on)),
            service: texts.service.name.clone(),
            limits: limits(definition),
            consents: consents(&texts, definition),
            groups: [
                ("Texts that may come at any time", file(&texts, "general")),
                ("Safety replies: each is a text of its own, before any other", file(&texts, "safety")),
                ("Words in the conversation's file that no step says", unsaid),
            ]
            .into_iter()
            .map(|(title, texts)| Group { title, texts })
            .filter(|group| !group.texts.is_empty())
            .collect(),
            steps,
            nations: Nation::ALL.into_iter().map(|nation| numbers(content, nation)).collect(),
            accepted: accepted(content, language),
        }
    }
}

fn limits(definition: &Definition) -> Vec<String> {
    let limits = &definition.limits;
    let reminders: Vec<String> = limits.remind_after.iter().copied().map(plain::length).collect();
    let reminders = if reminders.is_empty() { "never".to_owned() } else { reminders.join(" and ") };
    vec![
        format!(
            "After {} replies that are not understood: leave it out, try again, or a person.",
            limits.tries
        ),
        format!("Reminders after the person's last text: {reminders}."),
        format!(
            "The conversation closes after {}, and what was answered by then is handed over.",
            plain::length(limits.close_after)
        ),
        format!("After {} nothing is resumed.", plain::length(limits.forget_after)),
        format!("No message has more than {} parts.", limits.sms_parts),
    ]
}

fn steps(texts: &Texts<'_>, definition: &Definition) -> Vec<StepShown> {
    let arrows = prove::prove(&definition.steps).arrows;
    let shown = |(index, step): (usize, &Step)| {
        let following: Vec<usize> =
            arrows.iter().filter(|(from, _)| *from == index).map(|(_, to)| *to).collect();
        let next = following.iter().filter_map(|to| {
            let next = definition.steps.get(*to)?;
            Some(match &next.only_if {
                Some(guard) => format!("{}, if {}", next.id, plain::guard(texts, definition, guard)),
                None if 1 < following.len() => format!("{}, otherwise", next.id),
                None => next.id.to_string(),
            })
        });
        StepShown {
            id: step.id.to_string(),
            does: does(&step.kind),
            only_if: step.only_if.as_ref().map(|guard| plain::guard(texts, definition, guard)),
            facts: facts(texts, step),
            texts: texts_of(texts, step),
            words: words(texts, step),
            next: next.collect(),
        }
    };
    definition.steps.iter().enumerate().map(shown).collect()
}

fn does(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Say => "We say",
        StepKind::Ask(_) => "We ask",
        StepKind::Check { .. } => "We read back",
        StepKind::HandOver { .. } => "We put it into the team's queue, and say",
        StepKind::Finish => "We say, and end",
    }
}

fn facts(texts: &Texts<'_>, step: &Step) -> Vec<String> {
    match &step.kind {
        StepKind::Say | StepKind::Finish => Vec::new(),
        StepKind::HandOver { reason } => {
            vec![format!("The team reads the reason \u{201c}{}\u{201d}.", reason.as_str())]
        }
        StepKind::Check { shows, changes } => {
            let labels = |steps: &[StepId]| {
                steps.iter().map(|step| plain::label(texts, step)).collect::<Vec<_>>().join(", ")
            };
            let mut facts = vec![
                format!("Reads back what was answered of: {}.", labels(shows)),
                "Own words and names are not shown, and of a phone number the last digits only.".to_owned(),
                "Yes or 0 goes on; the number of a line changes that answer.".to_owned(),
            ];
            if !changes.is_empty() {
                facts.push(format!("A word changes what is not read back: {}.", labels(changes)));
            }
            facts
        }
        StepKind::Ask(question) => facts_of(texts, &step.id, question),
    }
}

fn facts_of(texts: &Texts<'_>, step: &StepId, question: &Question) -> Vec<String> {
    let skip = if question.may_skip { "May be left out with SKIP." } else { "Must be answered." };
    let mut facts = vec![plain::answer(&question.answer), skip.to_owned()];
    facts.push(format!(
        "The team reads the answer under {}, in the part \u{201c}{}\u{201d}.",
        plain::label(texts, step),
        question.part.as_str()
    ));
    if question.part == Part::Consent {
        facts.push("The answer is kept with this question as it was sent.".to_owned());
    }
    if !question.alone.is_empty() {
        facts.push(format!("Not beside others: {}.", plain::choices(texts, step, &question.alone)));
    }
    if !question.no_texts_if.is_empty() {
        let choices = plain::choices(texts, step, &question.no_texts_if);
        facts.push(format!("Nothing automatic is sent any more, but safety replies, after: {choices}."));
    }
    if let Some(within) = question.joins_within {
        facts.push(format!("A further text within {} is part of the answer.", plain::length(within)));
    }
    if question.takes_own_words {
        facts.push("Own words that name none of the choices are kept as the answer.".to_owned());
    }
    if question.takes_opening_words {
        facts.push("A first text that was a story is offered as the answer (opening-words).".to_owned());
    }
    facts
}

fn texts_of(texts: &Texts<'_>, step: &Step) -> Vec<Text> {
    let id = step.id.as_str();
    let saying = Saying::of(MessageKey::of(id));
    match &step.kind {
        StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => texts.message(&saying),
        StepKind::Check { shows, .. } => {
            let line = |step: &StepId| ReadBack {
                label: MessageKey::part(step.as_str(), "label"),
                shown: Shown::Plain("...".to_owned()),
            };
            let lines = shows.iter().map(line).collect();
            let mut said = texts.message(&Saying { lines, ..saying });
            said.push(again(texts, id, "retry", "check", "When a reply is not understood"));
            said.push(again(texts, id, "explain", "check", EXPLAINS));
            said
        }
        StepKind::Ask(question) => {
            let saying = match question.answer {
                AnswerKind::YesOrNo => saying.with_yes_or_no(),
                _ => saying.with_choices(id, &question.choices),
            };
            let kind = kind_of(texts, &step.id);
            let mut said = texts.message(&saying);
            said.push(again(texts, id, "retry", kind, "When a reply is not understood"));
            said.push(again(texts, id, "not-allowed", kind, "When a reply cannot be taken"));
            said.push(again(texts, id, "explain", kind, EXPLAINS));
            said.push(texts.part(&MessageKey::part(id, "label")));
            said
        }
    }
}

/// The word for a kind of answer in the names of general messages.
fn kind_of(texts: &Texts<'_>, step: &StepId) -> &'static str {
    let drawn = graph::draw(&texts.conversation.engine.definition).steps;
    drawn.iter().find(|drawn| drawn.id == step.as_str()).and_then(|drawn| drawn.answer).unwrap_or_default()
}

const EXPLAINS: &str = "Before the question is asked again, when somebody does not understand it";

/// What is said instead of the question, when a reply was no answer.
fn again(texts: &Texts<'_>, step: &str, part: &str, kind: &str, when: &str) -> Text {
    let own = MessageKey::part(step, part);
    let otherwise = MessageKey::of(&format!("{part}-{kind}"));
    let key = if texts.has(&own) { own.clone() } else { otherwise.clone() };
    let saying = Saying { otherwise: Some(otherwise), ..Saying::of(own) };
    texts.text(&saying, &key, when, None)
}

/// The choices of a step, with the other words that mean them.
fn words(texts: &Texts<'_>, step: &Step) -> Vec<WordList> {
    let engine = &texts.conversation.engine;
    let lexicon = engine.lexicons.languages.get(texts.language);
    let accepted = lexicon.and_then(|lexicon| lexicon.questions.get(&engine.definition.id)?.get(&step.id));
    let of = |choice: &ChoiceId| {
        let found = accepted?.iter().find(|words| words.choice == *choice)?;
        Some(found.words().join(", "))
    };
    let shown = |choice: &ChoiceId| {
        let key = MessageKey::part(step.id.as_str(), choice.as_str());
        let label = match &step.kind {
            StepKind::Check { .. } => texts.alone(&MessageKey::part(choice.as_str(), "label")),
            StepKind::Ask(_) | StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => {
                texts.alone(&key)
            }
        };
        WordList { label, key: key.to_string(), words: of(choice).unwrap_or_default() }
    };
    step.kind.named().iter().map(shown).collect()
}

/// The questions of consent, in the words in which they are asked.
fn consents(texts: &Texts<'_>, definition: &Definition) -> Vec<Text> {
    let is_consent = |step: &&Step| match &step.kind {
        StepKind::Ask(question) => question.part == Part::Consent,
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => false,
    };
    let asked = |step: &Step| {
        let own = step.id.as_str();
        let is_asked = |text: &Text| {
            let attribute = text.key.strip_prefix(own).and_then(|rest| rest.strip_prefix('.'));
            text.key == own || attribute.is_some_and(|attribute| attribute.parse::<Nation>().is_ok())
        };
        texts_of(texts, step).into_iter().filter(is_asked).collect::<Vec<_>>()
    };
    definition.steps.iter().filter(is_consent).flat_map(asked).collect()
}

/// The messages of a file, in the order of the English one; then those that only this language has.
fn keys(texts: &Texts<'_>, file: &str) -> Vec<MessageKey> {
    let wording = &texts.content.wording;
    let english = wording.keys(file, &Language::english());
    let known: BTreeSet<MessageKey> = english.iter().cloned().collect();
    let own = wording.keys(file, texts.language).into_iter().filter(|key| !known.contains(key));
    english.iter().cloned().chain(own).collect()
}

/// Every message of a file, each as it is said.
fn file(texts: &Texts<'_>, file: &str) -> Vec<Text> {
    keys(texts, file).iter().flat_map(|key| said(texts, key)).collect()
}

/// A message as it is said; an attribute by itself, but for the wording of a nation, which stands with its message.
fn said(texts: &Texts<'_>, key: &MessageKey) -> Vec<Text> {
    match &key.attribute {
        None => texts.general(key),
        Some(attribute) if attribute.parse::<Nation>().is_ok() => Vec::new(),
        Some(attribute) if attribute == "again" => {
            vec![texts.text(&Saying::of(key.clone()), key, "When it comes again", None)]
        }
        Some(_) => vec![texts.part(key)],
    }
}

/// What stands in the conversation's file, and in none of its steps.
fn unsaid(texts: &Texts<'_>, steps: &[StepShown]) -> Vec<Text> {
    let of_texts = steps.iter().flat_map(|step| &step.texts).map(|text| text.key.clone());
    let of_words = steps.iter().flat_map(|step| &step.words);
    let of_words = of_words.flat_map(|list| [list.key.clone(), format!("{}-words", list.key)]);
    let shown: BTreeSet<String> = of_texts.chain(of_words).collect();
    let keys = keys(texts, texts.conversation.engine.definition.id.as_str());
    keys.iter().filter(|key| !shown.contains(&key.to_string())).flat_map(|key| said(texts, key)).collect()
}

fn numbers(content: &Content, nation: Nation) -> Numbers {
    let rows = content.directory.helplines(Some(nation)).into_iter().map(|(id, helpline)| NumberShown {
        id: id.to_string(),
        number: match &helpline.textphone {
            Some(textphone) => format!("{} (textphone {textphone})", helpline.number),
            None => helpline.number.clone(),
        },
        source: helpline.source.clone(),
        verified_on: helpline.verified_on.map(|day| day.to_string()),
    });
    Numbers { nation: texts::name(nation), rows: rows.collect() }
}

/// The words that are accepted at every question.
fn accepted(content: &Content, language: &Language) -> Vec<WordList> {
    let lists = content.wording.replies(language).into_iter();
    lists.map(|(key, words)| WordList { key, label: String::new(), words: words.join(", ") }).collect()
}
