//! Problems of data files: what is wrong, where, and what to do about it.

use std::fmt;
use std::path::Path;

use serde::{Serialize, Serializer};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used; somebody should look.
    Warning,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, as authors know it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// How bad it is.
    pub severity: Severity,
    /// The name of the rule that found it; stable.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// The line as it stands in the file.
    #[serde(skip)]
    pub excerpt: String,
}

/// The widest excerpt that is shown: Fluent lines can be long.
const EXCERPT_WIDTH: usize = 100;

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let Self { file, line, column, message, remedy, .. } = self;
        if self.excerpt.trim().is_empty() && (*line, *column) == (1, 1) {
            // The file as a whole, or something that is not there.
            writeln!(f, "{file}: {severity}: {message}")?;
        } else {
            writeln!(f, "{file}:{line}:{column}: {severity}: {message}")?;
        }
        if !self.excerpt.trim().is_empty() {
            let (excerpt, caret) = self.window();
            let gutter = line.to_string().len();
            writeln!(f, "  {line} | {excerpt}")?;
            writeln!(f, "  {:gutter$} | {:caret$}^", "", "")?;
        }
        write!(f, "  {remedy}")
    }
}

impl Problem {
    /// The part of the line that is shown, and how many characters of it stand before the caret.
    fn window(&self) -> (String, usize) {
        let before = self.column.saturating_sub(1);
        let hidden = (before + EXCERPT_WIDTH / 4).saturating_sub(EXCERPT_WIDTH);
        let shown = self.excerpt.chars().skip(hidden).take(EXCERPT_WIDTH);
        let shown = shown.map(|c| if c == '\t' { ' ' } else { c }).collect();
        (shown, before - hidden)
    }
}

/// The folder of the language from which all others are translated.
const ENGLISH: &str = "locales/en-GB/";

/// All problems that were found, of one file or of many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Notes one more.
    pub fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Notes all of these.
    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// Whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Only what stops: for whoever wants to start, not to polish.
    #[must_use]
    pub fn errors(&self) -> Self {
        Self(self.0.iter().filter(|problem| problem.severity == Severity::Error).cloned().collect())
    }

    /// Whether there is none at all, not even a warning.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them, as they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// The same, where a folder was read from another place than its usual one: so that editors find the files.
    #[must_use]
    pub fn found_in(mut self, usual: &str, folder: &Path) -> Self {
        for problem in &mut self.0 {
            if let Ok(below) = Path::new(&problem.file).strip_prefix(usual) {
                problem.file = folder.join(below).display().to_string();
            }
        }
        self
    }

    /// The same in the order in which an author works: what stops first; a flow before its words, and those in English
    /// before their translations, since one is often the cause of the next; then by file, line and column.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        let order = |problem: &Problem| {
            let file = problem.file.as_str();
            let is_translation = file.starts_with("locales/") && !file.starts_with(ENGLISH);
            (problem.severity, is_translation, problem.file.clone(), problem.line, problem.column)
        };
        self.0.sort_by_cached_key(order);
        self
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            write!(f, "{gap}{problem}")?;
        }
        Ok(())
    }
}

/// As `check --format json` prints them: `{"problems": […]}`.
impl Serialize for Problems {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shape<'a> {
            problems: &'a [Problem],
        }
        Shape { problems: &self.0 }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(column: usize, excerpt: &str) -> Problem {
        Problem {
            file: "general.ftl".into(),
            line: 7,
            column,
            severity: Severity::Warning,
            rule: "long-sentence",
            message: "a sentence has 31 words".into(),
            remedy: "Cut it in two.".into(),
            excerpt: excerpt.into(),
        }
    }

    #[test]
    fn programs_read_exactly_the_documented_keys() {
        let mut problems = Problems::default();
        problems.add(problem(1, "welcome = Hello"));
        assert_eq!(
            serde_json::to_string(&problems).unwrap(),
            r#"{"problems":[{"file":"general.ftl","line":7,"column":1,"severity":"warning","rule":"long-sentence","message":"a sentence has 31 words","remedy":"Cut it in two."}]}"#
        );
    }

    #[test]
    fn a_long_line_is_shown_around_its_caret() {
        let line = format!("{}X{}", "a".repeat(300), "b".repeat(300));
        let shown = problem(301, &line).to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[1].chars().count(), "  7 | ".len() + EXCERPT_WIDTH);
        assert_eq!(lines[1].find('X'), lines[2].find('^'));
    }

    #[test]
    fn causes_come_before_what_follows_from_them() {
        let mut problems = Problems::default();
        for (file, severity) in [
            ("conversations/a.yaml", Severity::Warning),
            ("locales/cy/short.ftl", Severity::Error),
            ("locales/en-GB/short.ftl", Severity::Error),
            ("conversations/short/flow.yaml", Severity::Error),
        ] {
            problems.add(Problem { file: file.into(), severity, ..problem(1, "") });
        }
        let files: Vec<String> = problems.sorted().iter().map(|problem| problem.file.clone()).collect();
        assert_eq!(
            files,
            [
                "conversations/short/flow.yaml",
                "locales/en-GB/short.ftl",
                "locales/cy/short.ftl",
                "conversations/a.yaml"
            ]
        );
    }
}
