//! Opening hours: when somebody works at a service, in London's time.

use std::time::Duration;

use jiff::Zoned;
use jiff::civil::Date;
use jiff::civil::Time;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::directory::holidays::Holidays;
use crate::domain::nation::Nation;
use crate::domain::time::Timestamp;
use crate::reading::item::Item;

/// From when until when a service is open on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// It opens at this time.
    pub from: Time,
    /// It closes at this time.
    pub until: Time,
}

/// The opening hours of a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening([Option<Hours>; 7]);

/// The hours of the night in which people are not texted unasked; they may begin on one day and end on the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    until: Time,
}

impl QuietHours {
    pub(super) fn read(item: Item<'_>) -> Option<Self> {
        let text = item.text()?;
        let (from, until) = text.split_once(" to ").unwrap_or_default();
        let quiet = match (time(from), time(until)) {
            (Some(from), Some(until)) if from != until => Some(Self { from, until }),
            (Some(_) | None, Some(_) | None) => None,
        };
        if quiet.is_none() {
            let message = format!("`{text}` are not hours");
            item.error("wrong-value", &message, "Write `21:00 to 08:00`: from when, to when.");
        }
        quiet
    }

    /// When they end that hold at this time; nothing where none do.
    pub(super) fn end_after(self, at: Timestamp) -> Option<Timestamp> {
        let (there, is_overnight) = (in_london(at), self.until < self.from);
        let (has_begun, has_not_ended) = (self.from <= there.time(), there.time() < self.until);
        let day = match (is_overnight, has_begun, has_not_ended) {
            (true, _, true) | (false, true, true) => there.date(),
            (true, true, false) => there.date().tomorrow().ok()?,
            (true, false, false) | (false, _, _) => return None,
        };
        let end = day.to_datetime(self.until).to_zoned(london()).ok()?;
        Some(Timestamp::from_jiff(end.timestamp()))
    }
}

/// The days of the week as data files name them, Monday first.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// How far ahead the next opening is looked for: longer than any run of holidays.
const DAYS_AHEAD: usize = 31;

impl Opening {
    pub(super) fn read(item: Item<'_>) -> Option<Self> {
        let map = item.map(&WEEKDAYS)?;
        let days = WEEKDAYS.map(|weekday| map.find(weekday).and_then(hours));
        if days.iter().all(Option::is_none) {
            item.error(
                "never-open",
                "the service is never open",
                "Write at least one day, such as `monday: 09:00 to 17:00`.",
            );
            return None;
        }
        Some(Self(days))
    }

    /// The hours of each day of a week, Monday first.
    #[must_use]
    pub fn week(&self) -> &[Option<Hours>; 7] {
        &self.0
    }

    /// The hours of one day of the week.
    #[must_use]
    pub fn on(&self, weekday: Weekday) -> Option<Hours> {
        self.0[usize::from(weekday.to_monday_zero_offset().unsigned_abs())]
    }

    pub(super) fn is_open(&self, at: Timestamp, holidays: &Holidays, nation: Nation) -> bool {
        let now = in_london(at);
        !holidays.is_holiday(now.date(), nation)
            && self
                .on(now.weekday())
                .is_some_and(|hours| hours.from <= now.time() && now.time() < hours.until)
    }

    /// When the service will have been open for this long since then.
    pub(super) fn after_open(
        &self,
        from: Timestamp,
        length: Duration,
        holidays: &Holidays,
        nation: Nation,
    ) -> Option<Timestamp> {
        let (mut at, mut left) = (from, length);
        for _ in 0..DAYS_AHEAD {
            let opens = self.next_open(at, holidays, nation)?;
            let there = in_london(opens);
            let closes = there.date().to_datetime(self.on(there.weekday())?.until).to_zoned(london()).ok()?;
            let closes = Timestamp::from_jiff(closes.timestamp());
            if left <= closes.since(opens) {
                return Some(opens.plus(left));
            }
            left -= closes.since(opens);
            at = closes;
        }
        None
    }

    pub(super) fn next_open(
        &self,
        from: Timestamp,
        holidays: &Holidays,
        nation: Nation,
    ) -> Option<Timestamp> {
        if self.is_open(from, holidays, nation) {
            return Some(from);
        }
        let today = in_london(from).date();
        today.series(jiff::Span::new().days(1)).take(DAYS_AHEAD).find_map(|day| {
            let hours = self.on(day.weekday()).filter(|_| !holidays.is_holiday(day, nation))?;
            let opens = day.to_datetime(hours.from).to_zoned(london()).ok()?;
            let opens = Timestamp::from_jiff(opens.timestamp());
            (from < opens).then_some(opens)
        })
    }
}

/// The day that it is in London.
#[must_use]
pub fn day_in_london(at: Timestamp) -> Date {
    in_london(at).date()
}

fn in_london(at: Timestamp) -> Zoned {
    at.to_jiff().to_zoned(london())
}

fn london() -> TimeZone {
    TimeZone::get("Europe/London").expect("the zones are compiled in")
}

fn hours(item: Item<'_>) -> Option<Hours> {
    let text = item.text()?;
    let (from, until) = text.split_once(" to ").unwrap_or_default();
    let hours = match (time(from), time(until)) {
        (Some(from), Some(until)) if from < until => Some(Hours { from, until }),
        (Some(_) | None, Some(_) | None) => None,
    };
    if hours.is_none() {
        item.error(
            "wrong-value",
            &format!("`{text}` are not hours"),
            "Write `09:00 to 17:00`, the earlier time first.",
        );
    }
    hours
}

/// A time of the day, as hours and minutes: `09:00`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) =
        text.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
