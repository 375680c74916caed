//! The figures of a month for a clinical safety officer: concerns, how long they waited, what the rules missed.
//!
//! Invariant: counts and lengths of time only, nothing about a person.

use std::fmt::Write;
use std::str::FromStr;
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::domain::concern::ConcernCategory;
use crate::domain::time::Timestamp;
use crate::store::figures::CountedConcern;

/// A month, such as 2026-11, in London's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(Date);

/// The text is no month.
#[derive(Debug, thiserror::Error)]
#[error("not a month: write the year and the month, such as 2026-11")]
pub struct NotAMonth;

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let first = (text.len() == 7).then(|| format!("{text}-01")).ok_or(NotAMonth)?;
        first.parse().map(Self).map_err(|_| NotAMonth)
    }
}

impl Month {
    /// From when until when it is.
    #[must_use]
    pub fn span(self) -> Option<(Timestamp, Timestamp)> {
        let begins =
            |day: Date| day.in_tz("Europe/London").ok().map(|there| Timestamp::from_jiff(there.timestamp()));
        begins(self.0).zip(begins(self.0.checked_add(1.month()).ok()?))
    }
}

/// The figures of one kind of concern, or of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// The category, or `all`.
    pub category: &'static str,
    /// How many were raised.
    pub raised: usize,
    /// How many of them nobody has acknowledged yet.
    pub open: usize,
    /// The middle of the times until somebody acknowledged one.
    pub median_seconds: Option<u64>,
    /// The longest of them.
    pub longest_seconds: Option<u64>,
    /// How many were no concern after all.
    pub no_concern: usize,
}

/// The figures of all concerns, then of each kind of which there were any. Those marked by hand are what rules missed.
#[must_use]
pub fn figures(concerns: &[CountedConcern]) -> Vec<Figures> {
    let kinds = ConcernCategory::ALL.into_iter().filter_map(|category| {
        let of_it: Vec<&CountedConcern> = concerns.iter().filter(|one| one.category == category).collect();
        (!of_it.is_empty()).then(|| counted(category.as_str(), &of_it))
    });
    let all: Vec<&CountedConcern> = concerns.iter().collect();
    std::iter::once(counted("all", &all)).chain(kinds).collect()
}

fn counted(category: &'static str, concerns: &[&CountedConcern]) -> Figures {
    let mut waits: Vec<u64> =
        concerns.iter().filter_map(|one| Some(one.acknowledged_at?.since(one.raised_at).as_secs())).collect();
    waits.sort_unstable();
    Figures {
        category,
        raised: concerns.len(),
        open: concerns.iter().filter(|one| one.acknowledged_at.is_none()).count(),
        median_seconds: median(&waits),
        longest_seconds: waits.last().copied(),
        no_concern: concerns.iter().filter(|one| one.was_false).count(),
    }
}

fn median(sorted: &[u64]) -> Option<u64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some(sorted[middle - 1].midpoint(upper)) }
}

/// The figures as a table for people.
#[must_use]
pub fn table(figures: &[Figures]) -> String {
    let mut table = format!(
        "{:<16}{:>7}{:>7}{:>14}{:>14}{:>12}\n",
        "concerns", "raised", "open", "median wait", "longest wait", "no concern"
    );
    for row in figures {
        let wait = |seconds: Option<u64>| seconds.map_or_else(|| "-".to_owned(), length);
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "{:<16}{:>7}{:>7}{:>14}{:>14}{:>12}",
            row.category,
            row.raised,
            row.open,
            wait(row.median_seconds),
            wait(row.longest_seconds),
            row.no_concern
        );
    }
    table.push_str("by-hand: colleagues marked the text, the rules had missed it.\n");
    table
}

fn length(seconds: u64) -> String {
    let minutes = Duration::from_secs(seconds).as_secs() / 60;
    match minutes {
        0 => format!("{seconds} s"),
        1..60 => format!("{minutes} min"),
        60.. => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concern(category: ConcernCategory, wait: Option<u64>, was_false: bool) -> CountedConcern {
        let raised_at = Timestamp::from_micros(0);
        let acknowledged_at = wait.map(|seconds| raised_at.plus(Duration::from_secs(seconds)));
        let service = "alder-vale".parse().expect("a name");
        CountedConcern { service, category, raised_at, acknowledged_at, was_false }
    }

    #[test]
    fn what_was_missed_what_waited_and_what_was_none_are_counted() {
        let concerns = [
            concern(ConcernCategory::Suicide, Some(60), false),
            concern(ConcernCategory::Suicide, Some(7200), true),
            concern(ConcernCategory::Suicide, Some(600), false),
            concern(ConcernCategory::ByHand, None, false),
        ];
        let told = table(&figures(&concerns));
        let lines: Vec<String> =
            told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(
            lines[..4],
            [
                "concerns raised open median wait longest wait no concern",
                "all 4 1 10 min 2 h 0 min 1",
                "suicide 3 0 10 min 2 h 0 min 1",
                "by-hand 1 1 - - 0",
            ]
        );
        assert_eq!(figures(&[])[0].raised, 0);
    }

    #[test]
    fn a_month_begins_and_ends_at_midnight_in_london() {
        let (from, until) = "2026-10".parse::<Month>().expect("a month").span().expect("a span");
        assert_eq!(from.to_string(), "2026-09-30T23:00:00Z");
        assert_eq!(until.to_string(), "2026-11-01T00:00:00Z");
        for wrong in ["2026", "2026-13", "november", "2026-11-01", "26-11"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }
}
