//! The four nations: numbers, holidays and duties differ.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A nation of the United Kingdom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nation {
    /// England.
    England,
    /// Wales: the first text is bilingual.
    Wales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

impl Nation {
    /// All four.
    pub const ALL: [Self; 4] = [Self::England, Self::Wales, Self::Scotland, Self::NorthernIreland];

    /// The word in data files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::England => "england",
            Self::Wales => "wales",
            Self::Scotland => "scotland",
            Self::NorthernIreland => "northern-ireland",
        }
    }
}

/// The text names no nation.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a nation: write england, wales, scotland or northern-ireland")]
pub struct NotANation;

impl FromStr for Nation {
    type Err = NotANation;

    fn from_str(text: &str) -> Result<Self, NotANation> {
        Self::ALL.into_iter().find(|nation| nation.as_str() == text).ok_or(NotANation)
    }
}
