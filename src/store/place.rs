//! A place in a list: where its next page begins.
//!
//! Invariant: what is written into an address reads back as the same place, and tells nothing of anybody.

use std::fmt;
use std::str::FromStr;

use crate::domain::ids::ReferralId;

/// A place in a list: the next page begins behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub(super) major: i64,
    pub(super) minor: i64,
    pub(super) id: ReferralId,
}

/// The text is no place in a list.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a place in a list")]
pub struct NotAPlace;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{:x}.{}", self.major, self.minor, self.id)
    }
}

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(NotAPlace);
        let number = |text| i64::from_str_radix(text, 16).map_err(|_| NotAPlace);
        let (major, minor) = (number(part()?)?, number(part()?)?);
        Ok(Self { major, minor, id: part()?.parse().map_err(|_| NotAPlace)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        let place =
            Place { major: i64::MAX, minor: 1_780_000_000_000_000, id: ReferralId(uuid::Uuid::from_u128(7)) };
        assert_eq!(place.to_string().parse(), Ok(place));
        for wrong in ["", "1.2", "1.2.x", "g.1.00000000-0000-0000-0000-000000000007"] {
            assert_eq!(wrong.parse::<Place>(), Err(NotAPlace), "{wrong}");
        }
    }
}
