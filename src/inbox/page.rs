//! What every page has: the frame around it, times as people read them, and the way to an answer.

use std::fmt;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;
use jiff::tz::TimeZone;

use crate::domain::time::Timestamp;
use crate::inbox::brand::Brand;
use crate::inbox::shown::Foreign;

/// The frame around a page.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The title of the page.
    pub title: String,
    /// Who is signed in.
    pub worker: Option<Foreign>,
    /// Whether they look after the people who work here.
    pub people: bool,
    /// Whether they read the audit.
    pub audit: bool,
    /// Whether they keep the ready-made texts.
    pub texts: bool,
    /// Whether they lead: only they make examples.
    pub leads: bool,
    /// Whether this is the demo: says so on top, and looks for news by itself.
    pub demo: bool,
    /// Whether nothing is sent, after a restore or by an operator's word.
    pub held: bool,
}

impl Layout {
    /// Whose inbox it is.
    #[must_use]
    pub fn brand(&self) -> Brand {
        Brand::here()
    }

    /// A frame for somebody who is not signed in.
    #[must_use]
    pub fn outside(title: &str) -> Self {
        Self { title: title.to_owned(), ..Self::default() }
    }
}

/// A point in time as link workers read it: `Mon 20 Nov 2026, 09:12`, in London.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl Moment {
    /// The point for programs.
    #[must_use]
    pub fn iso(self) -> String {
        self.0.to_string()
    }

    /// The time first: `08:00, Tue 24 Nov`.
    #[must_use]
    pub fn clock(self) -> String {
        self.0.to_jiff().to_zoned(london()).strftime("%H:%M, %a %-d %b").to_string()
    }

    /// The day first: `Tue 24 Nov at 08:00`.
    #[must_use]
    pub fn day_and_time(self) -> String {
        self.0.to_jiff().to_zoned(london()).strftime("%a %-d %b at %H:%M").to_string()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let there = self.0.to_jiff().to_zoned(london());
        write!(f, "{}", there.strftime("%a %-d %b %Y, %H:%M"))
    }
}

/// The zone of the whole service. It is bundled, so that UTC is for a broken build only.
#[must_use]
pub fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

/// A day as link workers read it: `Wed 25 Nov`.
#[must_use]
pub fn day_words(day: Timestamp) -> String {
    day.to_jiff().to_zoned(london()).strftime("%a %-d %b").to_string()
}

/// A day that may lie in another year: `22 December 2026`.
#[must_use]
pub fn whole_day_words(day: Timestamp) -> String {
    day.to_jiff().to_zoned(london()).strftime("%-d %B %Y").to_string()
}

/// How long something has waited, in words.
#[must_use]
pub fn length_words(length: std::time::Duration) -> String {
    let minutes = length.as_secs() / 60;
    let (number, unit) = match minutes {
        0 => return "less than a minute".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        1440.. => (minutes / 1440, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

/// Answers with a page.
pub fn respond(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(error = %error, "Could not write a page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_those_of_london() {
        let summer = Moment(Timestamp::from_micros(1_782_000_000_000_000));
        assert_eq!(summer.to_string(), "Sun 21 Jun 2026, 01:00");
        assert_eq!(summer.iso(), "2026-06-21T00:00:00Z");
    }

    #[test]
    fn waiting_is_told_in_the_largest_whole_unit() {
        for (seconds, words) in
            [(59, "less than a minute"), (60, "1 minute"), (7300, "2 hours"), (200_000, "2 days")]
        {
            assert_eq!(length_words(Duration::from_secs(seconds)), words);
        }
    }
}
