//! Themes: what a person's own words are about.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
