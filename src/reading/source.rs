//! A data file: its name and its text, and where things stand in it.

use crate::reading::problem::Problem;
use crate::reading::problem::Severity;

/// A data file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name as authors know it, such as `conversations/services.yaml`.
    pub file: String,
    /// What it says.
    pub text: String,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl Place {
    /// The beginning of a file, for what is wrong with it as a whole.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl Source {
    /// A file of this name and text.
    #[must_use]
    pub fn new(file: &str, text: &str) -> Self {
        Self {
            file: file.to_owned(),
            // Editors on Windows write a mark that is no part of the text.
            text: text.trim_start_matches('\u{feff}').to_owned(),
        }
    }

    /// The line of this number, from 1; empty where there is none.
    #[must_use]
    pub fn line(&self, number: usize) -> &str {
        self.text.lines().nth(number.saturating_sub(1)).unwrap_or_default()
    }

    /// Where this byte of the text stands.
    #[must_use]
    pub fn place_of_byte(&self, offset: usize) -> Place {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[line_start..]).chars().count() + 1;
        Place { line, column }
    }

    /// Where a part of the text stands; the beginning of the file for text from elsewhere.
    #[must_use]
    pub fn place_of(&self, part: &str) -> Place {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        match offset {
            Some(offset) if offset <= self.text.len() => self.place_of_byte(offset),
            Some(_) | None => Place::START,
        }
    }

    /// Where a word first stands by itself after a place; the place itself where it does not.
    #[must_use]
    pub fn place_after(&self, place: Place, word: &str) -> Place {
        let lines = self.text.split_inclusive('\n').take(place.line.saturating_sub(1));
        let from = lines.map(str::len).sum::<usize>();
        let rest = self.text.get(from..).unwrap_or_default();
        let indent: usize = rest.chars().take(place.column.saturating_sub(1)).map(char::len_utf8).sum();
        let stands_alone = |at: &usize| {
            let before = rest[..*at].chars().next_back();
            let after = rest[at + word.len()..].chars().next();
            [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric() && c != '-')
        };
        let mut found = rest.match_indices(word).map(|(at, _)| at).filter(|at| indent <= *at);
        found.find(stands_alone).map_or(place, |at| self.place_of_byte(from + at))
    }

    /// Something at this place that must be corrected.
    #[must_use]
    pub fn error(&self, place: Place, rule: &'static str, message: &str, remedy: &str) -> Problem {
        self.problem(Severity::Error, place, rule, [message, remedy])
    }

    /// Something at this place that should be looked at.
    #[must_use]
    pub fn warning(&self, place: Place, rule: &'static str, message: &str, remedy: &str) -> Problem {
        self.problem(Severity::Warning, place, rule, [message, remedy])
    }

    fn problem(&self, severity: Severity, at: Place, rule: &'static str, words: [&str; 2]) -> Problem {
        let [message, remedy] = words.map(str::to_owned);
        Problem {
            file: self.file.clone(),
            line: at.line,
            column: at.column,
            severity,
            rule,
            message,
            remedy,
            excerpt: self.line(at.line).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_after_the_name_under_which_it_stands() {
        let source = Source::new("a.ftl", "stop = a\n    .stop-words = quit,\n        Stopped, Stop\n");
        let words = source.place_of(&source.text[14..]);
        assert_eq!(source.place_after(words, "Stop"), Place { line: 3, column: 18 });
        assert_eq!(source.place_after(words, "nowhere"), words);
    }

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let source = Source::new("a.ftl", "\u{feff}hi = Héllo\nbye = Ta-ra\n");
        assert_eq!(source.place_of_byte(0), Place { line: 1, column: 1 });
        assert_eq!(source.place_of(&source.text[8..]), Place { line: 1, column: 8 });
        assert_eq!(source.place_of(&source.text[12..]), Place { line: 2, column: 1 });
        assert_eq!(source.place_of_byte(9_999), Place { line: 3, column: 1 });
        assert_eq!(source.place_of("from elsewhere"), Place::START);
    }
}
