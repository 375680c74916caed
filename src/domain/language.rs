//! Languages that people read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language as the folders under `locales/` name it: `en-GB`, `cy`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(transparent)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// The text names no language.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a language: write it as the folders under locales do, such as `en-GB` or `cy`")]
pub struct NotALanguage;

impl Language {
    /// British English: the language of the last resort.
    #[must_use]
    pub fn english() -> Self {
        Self("en-GB".to_owned())
    }

    /// The tag, such as `cy`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        matches!(self.0.split('-').next(), Some("ar" | "ckb" | "fa" | "ps" | "ur"))
    }
}

impl FromStr for Language {
    type Err = NotALanguage;

    fn from_str(text: &str) -> Result<Self, NotALanguage> {
        let (language, region) = match text.split_once('-') {
            Some((language, region)) => (language, Some(region)),
            None => (text, None),
        };
        let language_right =
            (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
        let region_right = region.is_none_or(|r| r.len() == 2 && r.bytes().all(|b| b.is_ascii_uppercase()));
        if language_right && region_right { Ok(Self(text.to_owned())) } else { Err(NotALanguage) }
    }
}

impl TryFrom<String> for Language {
    type Error = NotALanguage;

    fn try_from(text: String) -> Result<Self, NotALanguage> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_look_like_folders() {
        assert!("en-GB".parse::<Language>().is_ok());
        assert!("ckb".parse::<Language>().is_ok());
        for wrong in ["", "EN", "en_GB", "english", "en-gb"] {
            assert_eq!(wrong.parse::<Language>(), Err(NotALanguage), "{wrong}");
        }
    }
}
