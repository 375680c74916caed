//! What a case is about: what the rules found in which words, and what link workers said of it.
//!
//! Invariant: every theme stands here, so that each can be ticked; what the rules found is told, also where it was taken out.

use crate::domain::theme::Corrected;
use crate::domain::theme::Theme;
use crate::domain::theme::as_corrected;
use crate::domain::theme::last_said;
use crate::handover::Summary;
use crate::inbox::page::Moment;
use crate::inbox::shown::Foreign;
use crate::inbox::view::Names;
use crate::inbox::words::theme_words;

/// A theme of a case.
#[derive(Debug, Clone)]
pub struct ThemeView {
    /// Which.
    pub theme: Theme,
    /// Whether the case is about it, as corrected.
    pub counts: bool,
    /// The words in which the rules found it, each once.
    pub found: Vec<Foreign>,
    /// What a link worker said of it last.
    pub said: Option<SaidBy>,
}

/// Who corrected a theme.
#[derive(Debug, Clone)]
pub struct SaidBy {
    /// By whom.
    pub by: Foreign,
    /// When.
    pub at: Moment,
}

impl ThemeView {
    pub(super) fn code(&self) -> &'static str {
        self.theme.as_str()
    }

    pub(super) fn words(&self) -> &'static str {
        theme_words(self.theme)
    }

    /// Whether there is anything to tell: a colleague's slip that was taken back is not.
    pub(super) fn is_told(&self) -> bool {
        self.counts || (self.said.is_some() && !self.found.is_empty())
    }
}

/// Every theme, in order.
#[must_use]
pub fn theme_views(summaries: &[Summary], corrected: &[Corrected], staff: &Names) -> Vec<ThemeView> {
    let counting = counting(summaries, corrected);
    let view = |theme| ThemeView {
        theme,
        counts: counting.contains(&theme),
        found: found(summaries, theme),
        said: last_said(theme, corrected).map(|said| SaidBy { by: staff.get(said.by), at: Moment(said.at) }),
    };
    Theme::ALL.into_iter().map(view).collect()
}

/// What a case is about, in words.
#[must_use]
pub fn theme_labels(summaries: &[Summary], corrected: &[Corrected]) -> Vec<&'static str> {
    counting(summaries, corrected).into_iter().map(theme_words).collect()
}

/// What a case is about, as corrected.
#[must_use]
pub fn counting(summaries: &[Summary], corrected: &[Corrected]) -> Vec<Theme> {
    let found: Vec<Theme> =
        summaries.iter().flat_map(|summary| &summary.themes).map(|found| found.theme).collect();
    as_corrected(&found, corrected)
}

fn found(summaries: &[Summary], theme: Theme) -> Vec<Foreign> {
    let mut each: Vec<Foreign> = Vec::new();
    let found = summaries.iter().flat_map(|summary| &summary.themes).filter(|found| found.theme == theme);
    for words in found.map(|found| Foreign::new(&found.words.0)) {
        if !each.contains(&words) {
            each.push(words);
        }
    }
    each
}
