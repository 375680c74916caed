//! Own words to themes: what an answer to "what matters to you?" is about.
//!
//! The rules are data (`conversations/themes/`), and a human can change every theme that was found.
//!
//! Invariant: what a text denies is not found, and themes come in the order in which they are shown.

use std::ops::Range;

use crate::domain::ids::RuleId;
use crate::domain::theme::Theme;
use crate::phrases::book::Book;
use crate::reading::problem::Problems;

/// The theme rules of every language.
#[derive(Debug)]
pub struct Rules {
    book: Book<Theme>,
}

/// A theme in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which theme.
    pub theme: Theme,
    /// The rule that found it.
    pub rule: RuleId,
    /// Which bytes of the original text made it, on character boundaries.
    pub words: Range<usize>,
}

impl Rules {
    /// Reads the rule files: pairs of file name and YAML.
    ///
    /// # Errors
    /// Everything that is wrong in any of the files, failing examples too.
    pub fn read(sources: &[(String, String)]) -> Result<Self, Problems> {
        let kinds = Theme::ALL.map(|theme| (theme.as_str(), theme));
        Book::read(sources, &kinds).map(|book| Self { book })
    }

    /// The hash of the files.
    #[must_use]
    pub fn version(&self) -> &str {
        self.book.version()
    }

    /// The themes in a text, in their order; each rule at most once.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Found> {
        let counted = self.book.matches(text).into_iter().filter(|found| found.silenced.is_empty());
        let mut themes: Vec<Found> =
            counted.map(|found| Found { theme: found.finds, rule: found.rule, words: found.words }).collect();
        themes.sort_by_key(|found| (found.theme, found.words.start));
        themes
    }
}

#[cfg(test)]
mod tests;
