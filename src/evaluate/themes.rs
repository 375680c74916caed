//! Themes: what a person says that own words are about, beside what the rules find.
//!
//! Invariant: each theme counts once for a message, however many words give it. A file that never labels a bereavement
//! files it under people, and so do we for it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::theme::Theme;
use crate::evaluate::BadFile;
use crate::evaluate::Numbered;
use crate::evaluate::Texts;
use crate::evaluate::examples;
use crate::evaluate::share;
use crate::evaluate::shown;
use crate::themes::Rules;

/// Own words, and what a person says they are about.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Example {
    text: String,
    #[serde(rename = "lang")]
    _language: String,
    themes: Vec<Theme>,
}

/// The line of a file for own words of which a person says that they are about these.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn line(text: &str, language: &str, themes: &[Theme]) -> Result<String, serde_json::Error> {
    let themes = themes.to_vec();
    serde_json::to_string(&Example { text: text.to_owned(), _language: language.to_owned(), themes })
}

/// How often a theme was found rightly, beyond, and not.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Counts {
    right: usize,
    beyond: usize,
    missed: usize,
}

impl Counts {
    fn precision(self) -> Option<f64> {
        share(self.right, self.right + self.beyond)
    }

    fn recall(self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }

    fn f1(self) -> Option<f64> {
        share(2 * self.right, 2 * self.right + self.beyond + self.missed)
    }
}

/// How well one theme is found, each from 0 to 1; null where it was never found, or never wanted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shares {
    /// How many of those found are right.
    pub precision: Option<f64>,
    /// How many of those wanted are found.
    pub recall: Option<f64>,
}

/// Own words that were not filed as a person would.
#[derive(Debug, Serialize)]
pub struct Miss {
    /// Their line, from 1.
    pub line: usize,
    /// What they say, where that may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What a person says they are about.
    pub themes: Vec<Theme>,
    /// What the rules found.
    pub got: Vec<Theme>,
}

/// How well the own words of a file are filed, over all themes of all messages.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename = "themes")]
pub struct Report {
    /// All messages.
    pub total: usize,
    /// How many of the themes found are right, from 0 to 1.
    pub precision: Option<f64>,
    /// How many of the themes wanted are found, from 0 to 1.
    pub recall: Option<f64>,
    /// The harmonic mean of both, from 0 to 1.
    pub f1: Option<f64>,
    /// The same by theme.
    pub by_theme: BTreeMap<Theme, Shares>,
    /// What was filed otherwise, in the order of the file.
    pub misses: Vec<Miss>,
}

/// Files every message of a file.
///
/// # Errors
/// Where a line is no labelled message, or there is none.
pub fn evaluate(file: &str, rules: &Rules, texts: Texts) -> Result<Report, BadFile> {
    let examples = examples::<Example>(file)?;
    let total = examples.len();
    let labels_bereavement = examples.iter().any(|one| one.example.themes.contains(&Theme::Bereavement));
    let mut by_theme: BTreeMap<Theme, Counts> = BTreeMap::new();
    let mut misses = Vec::new();
    for Numbered { line, example } in examples {
        let mut got: Vec<Theme> = rules.find(&example.text).into_iter().map(|found| found.theme).collect();
        if !labels_bereavement {
            got.iter_mut().for_each(|theme| *theme = with_people(*theme));
        }
        got.sort();
        got.dedup();
        let mut whole = true;
        for theme in Theme::ALL {
            let (wanted, found) = (example.themes.contains(&theme), got.contains(&theme));
            let counts = by_theme.entry(theme).or_default();
            counts.right += usize::from(wanted && found);
            counts.beyond += usize::from(!wanted && found);
            counts.missed += usize::from(wanted && !found);
            whole &= wanted == found;
        }
        if !whole {
            misses.push(Miss { line, text: texts.of(example.text), themes: example.themes, got });
        }
    }
    let all = by_theme.values().fold(Counts::default(), |all, one| Counts {
        right: all.right + one.right,
        beyond: all.beyond + one.beyond,
        missed: all.missed + one.missed,
    });
    let shares = |counts: Counts| Shares { precision: counts.precision(), recall: counts.recall() };
    Ok(Report {
        total,
        precision: all.precision(),
        recall: all.recall(),
        f1: all.f1(),
        by_theme: by_theme.into_iter().map(|(theme, counts)| (theme, shares(counts))).collect(),
        misses,
    })
}

/// Where nobody labels a bereavement by itself, it stands under people.
fn with_people(theme: Theme) -> Theme {
    if theme == Theme::Bereavement { Theme::People } else { theme }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |themes: &[Theme]| match themes {
            [] => "nothing".to_owned(),
            some => some.iter().map(|theme| theme.as_str()).collect::<Vec<_>>().join(", "),
        };
        for Miss { line, text, themes, got } in &self.misses {
            let text = text.as_ref().map(|text| format!(" {text:?}")).unwrap_or_default();
            writeln!(f, "line {line}:{text} is about {}, found {}", listed(themes), listed(got))?;
        }
        writeln!(f, "\n{:12}{:>11}{:>10}", "theme", "precision", "recall")?;
        for (theme, Shares { precision, recall }) in &self.by_theme {
            writeln!(f, "{:12}{:>11}{:>10}", theme.as_str(), shown(*precision), shown(*recall))?;
        }
        let (precision, recall) = (shown(self.precision), shown(self.recall));
        let f1 = self.f1.map_or_else(|| "-".to_owned(), |f1| format!("{f1:.3}"));
        writeln!(f, "\n{} messages: precision {precision}, recall {recall}, F1 {f1}.", self.total)
    }
}
