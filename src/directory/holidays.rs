//! Bank holidays, as `holidays.yaml` names them, and working days.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::civil::Weekday;

use crate::domain::nation::Nation;
use crate::reading::item::Item;

/// The bank holidays of the four nations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holidays(BTreeMap<Date, Vec<Nation>>);

impl Holidays {
    /// Reads `holidays.yaml`.
    pub(super) fn read(item: Item<'_>) -> Option<Self> {
        let mut days: BTreeMap<Date, Vec<Nation>> = BTreeMap::new();
        item.map(&["holidays"])?.require("holidays")?.each(|row| {
            let map = row.map(&["day", "name", "nations"])?;
            let day = map.require("day").and_then(Item::day);
            let name = map.require("name").and_then(Item::text);
            let nations = map.require("nations").and_then(nations);
            name?;
            let (day, nations) = (day?, nations?);
            if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                row.error(
                    "weekend-holiday",
                    &format!("{day} is a weekend"),
                    "Write the substitute day instead.",
                );
            }
            days.entry(day).or_default().extend(nations);
            Some(())
        })?;
        Some(Self(days))
    }

    /// Whether this day is a bank holiday there.
    #[must_use]
    pub fn is_holiday(&self, day: Date, nation: Nation) -> bool {
        self.0.get(&day).is_some_and(|nations| nations.contains(&nation))
    }

    /// Whether this day is neither a weekend nor a bank holiday there.
    #[must_use]
    pub fn is_working_day(&self, day: Date, nation: Nation) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.is_holiday(day, nation)
    }

    /// The day that is this many working days after `day`.
    #[must_use]
    pub fn working_days_after(&self, day: Date, count: u8, nation: Nation) -> Date {
        let mut after = day;
        let mut left = count;
        while 0 < left {
            // Only the last day of the calendar has no tomorrow.
            let Ok(next) = after.tomorrow() else {
                break;
            };
            after = next;
            if self.is_working_day(after, nation) {
                left -= 1;
            }
        }
        after
    }

    /// The day that is this many working days before `day`.
    #[must_use]
    pub fn working_days_before(&self, day: Date, count: u8, nation: Nation) -> Date {
        let mut before = day;
        let mut left = count;
        while 0 < left {
            // Only the first day of the calendar has no yesterday.
            let Ok(last) = before.yesterday() else {
                break;
            };
            before = last;
            if self.is_working_day(before, nation) {
                left -= 1;
            }
        }
        before
    }

    /// The last day that the file knows: later bank holidays are counted as working days.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.0.last_key_value().map(|(day, _)| *day)
    }
}

/// Reads `all`, or a list of nations.
pub(super) fn nations(item: Item<'_>) -> Option<Vec<Nation>> {
    if item.is("all") { Some(Nation::ALL.to_vec()) } else { item.parsed_list() }
}
