//! Points in time and lengths of time.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A point in time: microseconds since 1970-01-01 UTC, because PostgreSQL keeps no more and equality after a
/// round trip must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This long after; saturates at the end of time.
    #[must_use]
    pub fn plus(self, length: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(length.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This long before; saturates at the beginning of time.
    #[must_use]
    pub fn minus(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(length.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero where it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The same point for `jiff`, which knows zones and calendars.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// The same point from `jiff`, cut to microseconds.
    #[must_use]
    pub fn from_jiff(point: jiff::Timestamp) -> Self {
        Self(point.as_microsecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

/// The text is no length of time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "not a length of time: write a number and seconds, minutes, hours, days or weeks, such as `20 seconds`"
)]
pub struct NotALength;

/// Reads a length of time as data files and the terminal write it: `20 seconds`, `1 day`, `2 weeks`.
///
/// # Errors
/// Where the text is no whole number with a known unit.
pub fn parse_length(text: &str) -> Result<Duration, NotALength> {
    let (number, unit) = text.trim().split_once(' ').ok_or(NotALength)?;
    let number: u32 = number.parse().map_err(|_| NotALength)?;
    let seconds: u64 = match unit.trim().trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 604_800,
        _ => return Err(NotALength),
    };
    Ok(Duration::from_secs(u64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        assert_eq!(parse_length("20 seconds"), Ok(Duration::from_secs(20)));
        assert_eq!(parse_length("1 day"), Ok(Duration::from_secs(86_400)));
        assert_eq!(parse_length("2 weeks"), Ok(Duration::from_secs(1_209_600)));
        for wrong in ["", "day", "-1 day", "1", "1.5 days", "2 fortnights"] {
            assert_eq!(parse_length(wrong), Err(NotALength), "{wrong}");
        }
    }

    #[test]
    fn a_point_prints_as_a_date_in_utc() {
        assert_eq!(Timestamp::from_micros(0).to_string(), "1970-01-01T00:00:00Z");
    }
}
