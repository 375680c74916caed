//! Days and opening hours as people read them: `Thursday 26 November`, `Monday-Friday 9:00-17:00`.

use jiff::civil::Date;
use jiff::civil::Time;

use crate::directory::hours::Hours;
use crate::directory::hours::Opening;

/// The names of days and months in one language: the messages `weekdays` (Monday first) and `months` of `general.ftl`.
pub(super) struct Calendar<'a> {
    weekdays: Vec<&'a str>,
    months: Vec<&'a str>,
}

impl<'a> Calendar<'a> {
    /// From two lists with commas; `None` where they are not seven days and twelve months.
    pub fn read(weekdays: &'a str, months: &'a str) -> Option<Self> {
        let list = |text: &'a str| {
            text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect::<Vec<_>>()
        };
        let (weekdays, months) = (list(weekdays), list(months));
        (weekdays.len() == 7 && months.len() == 12).then_some(Self { weekdays, months })
    }

    /// `Thursday 26 November`.
    pub fn day(&self, day: Date) -> String {
        let weekday = self.weekdays[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        let month = self.months[usize::from(day.month().unsigned_abs()) - 1];
        format!("{weekday} {} {month}", day.day())
    }

    /// `Monday-Friday 9:00-17:00, Saturday 10:00-12:00`: neighbouring days with the same hours together.
    pub fn hours(&self, opening: &Opening) -> String {
        let mut runs: Vec<(usize, usize, Hours)> = Vec::new();
        for (day, hours) in opening.week().iter().enumerate() {
            match (hours, runs.last_mut()) {
                (Some(hours), Some((_, last, same))) if *last + 1 == day && same == hours => *last = day,
                (Some(hours), _) => runs.push((day, day, *hours)),
                (None, _) => {}
            }
        }
        let shown: Vec<String> =
            runs.into_iter().map(|(first, last, hours)| self.run(first, last, hours)).collect();
        shown.join(", ")
    }

    fn run(&self, first: usize, last: usize, hours: Hours) -> String {
        let days = if first == last {
            self.weekdays[first].to_owned()
        } else {
            format!("{}-{}", self.weekdays[first], self.weekdays[last])
        };
        format!("{days} {}-{}", clock(hours.from), clock(hours.until))
    }
}

fn clock(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}
