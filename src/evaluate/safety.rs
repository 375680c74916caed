//! Cries for help: the labels that a person would give, beside the concerns that the rules raise.
//!
//! Invariant: whatever would put a message before a human counts as raised, a soft question too.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::concern::ConcernCategory;
use crate::evaluate::BadFile;
use crate::evaluate::Numbered;
use crate::evaluate::Texts;
use crate::evaluate::examples;
use crate::evaluate::share;
use crate::evaluate::shown;
use crate::safety::Rules;

/// What a person finds in a message: the labels of our files of examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Thoughts, plans or intent of ending life.
    Suicide,
    /// Hurting oneself on purpose, or the urge to.
    SelfHarm,
    /// A medical emergency, or a danger to life now.
    Emergency,
    /// Violence, coercion, exploitation, fear of someone.
    Abuse,
    /// A child, or an adult who depends on care, is at risk.
    Child,
    /// No food, no heat or power, no roof, today or tonight.
    Destitution,
    /// Threats towards others. The given files do not have it; it is measured by files of its own.
    HarmToOthers,
}

impl Label {
    /// All of them, in the order in which files name them.
    const ALL: [Self; 7] = [
        Self::Suicide,
        Self::SelfHarm,
        Self::Emergency,
        Self::Abuse,
        Self::Child,
        Self::Destitution,
        Self::HarmToOthers,
    ];

    /// The category that answers to a label.
    #[must_use]
    pub fn category(self) -> ConcernCategory {
        match self {
            Self::Suicide => ConcernCategory::Suicide,
            Self::SelfHarm => ConcernCategory::SelfHarm,
            Self::Emergency => ConcernCategory::Emergency,
            Self::Abuse => ConcernCategory::Abuse,
            Self::Child => ConcernCategory::Child,
            Self::Destitution => ConcernCategory::Destitution,
            Self::HarmToOthers => ConcernCategory::HarmToOthers,
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A message, and what a person finds in it.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Example {
    text: String,
    lang: String,
    labels: Vec<Label>,
}

/// The line of a file for a message in which a person finds these. A category that no label answers to is left out.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn line(text: &str, lang: &str, found: &[ConcernCategory]) -> Result<String, serde_json::Error> {
    let labels = Label::ALL.into_iter().filter(|label| found.contains(&label.category())).collect();
    serde_json::to_string(&Example { text: text.to_owned(), lang: lang.to_owned(), labels })
}

/// Messages with a label.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct LabelCounts {
    /// All with this label.
    pub total: usize,
    /// Those for which the category of this label was raised.
    pub found: usize,
}

/// Messages of a language.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct LanguageCounts {
    /// Messages with a label.
    pub labelled: usize,
    /// Those that raised something.
    pub found: usize,
    /// Messages without a label.
    pub none: usize,
    /// Those that raised something all the same.
    pub false_alarms: usize,
}

/// A message that was not read as a person would.
#[derive(Debug, Serialize)]
pub struct Miss {
    /// Its line, from 1.
    pub line: usize,
    /// What it says, where that may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What a person finds in it.
    pub labels: Vec<Label>,
    /// What the rules raised.
    pub got: Vec<&'static str>,
}

/// How well the cries for help in a file are found.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename = "safety")]
pub struct Report {
    /// All messages.
    pub total: usize,
    /// Messages with a label that raised at least one concern.
    pub flagged_right: usize,
    /// Messages with a label that raised none.
    pub missed: usize,
    /// Messages without a label.
    pub none: usize,
    /// Messages without a label that raised a concern.
    pub false_alarms: usize,
    /// How many of the labelled ones were flagged, from 0 to 1; null where none is labelled.
    pub recall: Option<f64>,
    /// How many of the others were, from 0 to 1; null where there are none.
    pub false_alarm_rate: Option<f64>,
    /// By label: raised with the category of that label.
    pub by_label: BTreeMap<Label, LabelCounts>,
    /// By language.
    pub by_lang: BTreeMap<String, LanguageCounts>,
    /// Missed ones, false alarms, and those raised without the category of a label; in the order of the file.
    pub misses: Vec<Miss>,
}

/// Scans every message of a file.
///
/// # Errors
/// Where a line is no labelled message, or there is none.
pub fn evaluate(file: &str, rules: &Rules, texts: Texts) -> Result<Report, BadFile> {
    let mut by_label: BTreeMap<Label, LabelCounts> = BTreeMap::new();
    let mut by_lang: BTreeMap<String, LanguageCounts> = BTreeMap::new();
    let mut misses = Vec::new();
    for Numbered { line, example } in examples::<Example>(file)? {
        let raised = raised(rules, &example.text);
        let language = by_lang.entry(example.lang.clone()).or_default();
        language.count(!example.labels.is_empty(), !raised.is_empty());
        let mut whole = example.labels.is_empty() == raised.is_empty();
        for label in &example.labels {
            let found = raised.contains(&label.category());
            let counts = by_label.entry(*label).or_default();
            counts.total += 1;
            counts.found += usize::from(found);
            whole &= found;
        }
        if !whole {
            let got = raised.iter().map(|category| category.as_str()).collect();
            misses.push(Miss { line, text: texts.of(example.text), labels: example.labels, got });
        }
    }
    Ok(Report::of(by_label, by_lang, misses))
}

/// The categories that a text raises, each once.
fn raised(rules: &Rules, text: &str) -> Vec<ConcernCategory> {
    let mut raised: Vec<_> = rules.scan(text).into_iter().map(|finding| finding.category).collect();
    raised.sort();
    raised.dedup();
    raised
}

impl LanguageCounts {
    fn count(&mut self, labelled: bool, raised: bool) {
        self.labelled += usize::from(labelled);
        self.found += usize::from(labelled && raised);
        self.none += usize::from(!labelled);
        self.false_alarms += usize::from(!labelled && raised);
    }
}

impl Report {
    fn of(
        by_label: BTreeMap<Label, LabelCounts>,
        by_lang: BTreeMap<String, LanguageCounts>,
        misses: Vec<Miss>,
    ) -> Self {
        let sum = |of: fn(&LanguageCounts) -> usize| by_lang.values().map(of).sum::<usize>();
        let (labelled, found) = (sum(|counts| counts.labelled), sum(|counts| counts.found));
        let (none, false_alarms) = (sum(|counts| counts.none), sum(|counts| counts.false_alarms));
        Self {
            total: labelled + none,
            flagged_right: found,
            missed: labelled - found,
            none,
            false_alarms,
            recall: share(found, labelled),
            false_alarm_rate: share(false_alarms, none),
            by_label,
            by_lang,
            misses,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Miss { line, text, labels, got } in &self.misses {
            let text = text.as_ref().map(|text| format!(" {text:?}")).unwrap_or_default();
            let labels = labels.iter().map(Label::to_string).collect::<Vec<_>>();
            writeln!(f, "line {line}:{text} labelled {}, raised {}", listed(&labels), listed(got))?;
        }
        writeln!(f, "\n{:15}{:>9}{:>7}{:>10}", "label", "labelled", "found", "found")?;
        for (label, LabelCounts { total, found }) in &self.by_label {
            let label = label.to_string();
            writeln!(f, "{label:15}{total:>9}{found:>7}{:>10}", shown(share(*found, *total)))?;
        }
        writeln!(
            f,
            "\n{:15}{:>9}{:>7}{:>10}{:>9}{:>14}",
            "language", "labelled", "raised", "raised", "no label", "false alarms"
        )?;
        for (language, counts) in &self.by_lang {
            let LanguageCounts { labelled, found, none, false_alarms } = counts;
            let recall = shown(share(*found, *labelled));
            writeln!(f, "{language:15}{labelled:>9}{found:>7}{recall:>10}{none:>9}{false_alarms:>14}")?;
        }
        writeln!(
            f,
            "\nOf {} messages with a label {} raised a concern, and {} were missed: {}.",
            self.flagged_right + self.missed,
            self.flagged_right,
            self.missed,
            shown(self.recall)
        )?;
        let rate = shown(self.false_alarm_rate);
        writeln!(f, "Of {} messages without a label {} raised one: {rate}.", self.none, self.false_alarms)
    }
}

fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
