//! Themes: what a person's own words are about, by the rules and by link workers.
//!
//! Invariant: what a link worker said of a theme counts over what the rules found, then and later.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;

/// One of the ten themes; what each covers stands in `conversations/themes.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// A safe warm home, repairs, neighbours, housing.
    Home,
    /// Bills, debt, benefits, food and travel costs.
    Money,
    /// Loneliness, friends, family, belonging.
    People,
    /// Somebody has died.
    Bereavement,
    /// Looking after somebody, unpaid.
    Caring,
    /// Work, volunteering, learning, creativity, faith and meaning.
    Purpose,
    /// Exercise, fresh air, gardens, nature.
    Activity,
    /// Peace of mind, stress, low mood, sleep, confidence.
    Mind,
    /// Conditions, pain, mobility, eating well, smoking, drinking.
    Health,
    /// Transport, forms, services, digital, language, legal advice.
    Access,
}

impl Theme {
    /// All ten, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Home,
        Self::Money,
        Self::People,
        Self::Bereavement,
        Self::Caring,
        Self::Purpose,
        Self::Activity,
        Self::Mind,
        Self::Health,
        Self::Access,
    ];

    /// The code in data files and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Money => "money",
            Self::People => "people",
            Self::Bereavement => "bereavement",
            Self::Caring => "caring",
            Self::Purpose => "purpose",
            Self::Activity => "activity",
            Self::Mind => "mind",
            Self::Health => "health",
            Self::Access => "access",
        }
    }
}

/// The text names no theme.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "not a theme: one of home, money, people, bereavement, caring, purpose, activity, mind, health, access"
)]
pub struct NotATheme;

impl FromStr for Theme {
    type Err = NotATheme;

    fn from_str(text: &str) -> Result<Self, NotATheme> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).ok_or(NotATheme)
    }
}

/// What a link worker says of a theme of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Correction {
    /// It is about this.
    Added,
    /// It is not.
    Removed,
}

impl Correction {
    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// The text names no correction.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a correction: one of added, removed")]
pub struct NotACorrection;

impl FromStr for Correction {
    type Err = NotACorrection;

    fn from_str(text: &str) -> Result<Self, NotACorrection> {
        let mut known = [Self::Added, Self::Removed].into_iter();
        known.find(|correction| correction.as_str() == text).ok_or(NotACorrection)
    }
}

/// A correction that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrected {
    /// Of which theme.
    pub theme: Theme,
    /// What was said of it.
    pub correction: Correction,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

/// What a link worker said last of a theme; `all` stands in the order in which it was said.
#[must_use]
pub fn last_said(theme: Theme, all: &[Corrected]) -> Option<&Corrected> {
    all.iter().rfind(|corrected| corrected.theme == theme)
}

/// The themes that count, each once and in their order: by what a link worker said last, else by what the rules found.
#[must_use]
pub fn as_corrected(found: &[Theme], all: &[Corrected]) -> Vec<Theme> {
    let counts = |theme: &Theme| match last_said(*theme, all).map(|said| said.correction) {
        Some(Correction::Added) => true,
        Some(Correction::Removed) => false,
        None => found.contains(theme),
    };
    Theme::ALL.into_iter().filter(counts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(theme: Theme, correction: Correction) -> Corrected {
        let at = Timestamp::from_micros(1);
        Corrected { theme, correction, by: StaffId::new(at, [1; 10]), at }
    }

    #[test]
    fn what_was_said_last_counts_over_what_the_rules_found() {
        let (added, removed) = (Correction::Added, Correction::Removed);
        let found = [Theme::People, Theme::Home, Theme::People];
        assert_eq!(as_corrected(&found, &[]), [Theme::Home, Theme::People]);
        let all = [said(Theme::Home, removed), said(Theme::Money, added)];
        assert_eq!(as_corrected(&found, &all), [Theme::Money, Theme::People]);
        let back = [all[0], all[1], said(Theme::Home, added), said(Theme::Money, removed)];
        assert_eq!(as_corrected(&found, &back), [Theme::Home, Theme::People]);
        assert_eq!(as_corrected(&[], &back), [Theme::Home]);
    }

    #[test]
    fn every_correction_is_read_back_from_its_code() {
        for correction in [Correction::Added, Correction::Removed] {
            assert_eq!(correction.as_str().parse(), Ok(correction));
        }
        assert_eq!("changed".parse::<Correction>(), Err(NotACorrection));
    }
}
