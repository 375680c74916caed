//! How well texts are understood, measured on messages that people have labelled: replies, cries for help, themes.
//!
//! Invariant: a message is read here by the same readers and rules as one that comes in.

use serde::de::DeserializeOwned;

pub mod answers;
pub mod safety;
pub mod themes;

/// A file of labelled messages that cannot be measured with.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    /// A line that is no such message. What it says is not repeated: it may be somebody's words.
    #[error("line {line} is no labelled message: {problem} (column {column})")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// Which column, from 1.
        column: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// There is nothing to measure.
    #[error("it holds no labelled message")]
    Empty,
}

/// A labelled message and the line on which it stands, from 1.
struct Numbered<T> {
    line: usize,
    example: T,
}

/// Reads one message from each line; empty lines count, but hold none.
fn examples<T: DeserializeOwned>(file: &str) -> Result<Vec<Numbered<T>>, BadFile> {
    let lines = file.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(index, line): (usize, &str)| {
        let bad = |error: serde_json::Error| BadFile::Line {
            line: index + 1,
            column: error.column(),
            problem: match error.classify() {
                serde_json::error::Category::Data => {
                    "a field is missing, is not known, or has a value of another type"
                }
                serde_json::error::Category::Syntax
                | serde_json::error::Category::Eof
                | serde_json::error::Category::Io => "it is not JSON",
            },
        };
        Ok(Numbered { line: index + 1, example: serde_json::from_str(line).map_err(bad)? })
    };
    let examples = lines.map(read).collect::<Result<Vec<_>, _>>()?;
    if examples.is_empty() { Err(BadFile::Empty) } else { Ok(examples) }
}

/// Whether messages may stand in what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// They may.
    Shown,
    /// They may not: only lines and labels are named.
    LeftOut,
}

impl Texts {
    fn of<T>(self, value: impl Into<T>) -> Option<T> {
        match self {
            Self::Shown => Some(value.into()),
            Self::LeftOut => None,
        }
    }
}

/// `part` of `whole`, from 0 to 1; nothing where there is no whole.
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole != 0).then(|| part as f64 / whole as f64)
}

/// A share as a table shows it.
fn shown(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

#[cfg(test)]
mod tests;
