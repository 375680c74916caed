//! Duty: who is told of a concern that nobody has acknowledged, after how long, as `services.yaml` says it.
//!
//! Invariant: there is at least one step, and no step comes sooner than the one before.

use std::time::Duration;

use crate::domain::time::parse_length;
use crate::reading::item::Item;

/// Who is told of a concern, step by step, until somebody acknowledges it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// How long somebody who has signed on for duty stays so; nobody forgets to sign off for days.
    pub signed_on_for: Duration,
    /// The steps, in order. Never empty.
    pub steps: Vec<DutyStep>,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyStep {
    /// Who is told.
    pub who: Watch,
    /// How long after the concern was raised.
    pub after: Duration,
    /// Whether only opening hours count, or every hour does.
    pub counts: Counts,
}

/// Who is told of a concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// Whoever has signed on for duty.
    OnDuty,
    /// Every duty lead of the service.
    DutyLeads,
    /// Every safeguarding lead of the service.
    SafeguardingLeads,
    /// Everybody who works for the service.
    Everybody,
}

impl Watch {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnDuty => "on-duty",
            Self::DutyLeads => "duty-leads",
            Self::SafeguardingLeads => "safeguarding-leads",
            Self::Everybody => "everybody",
        }
    }
}

/// Which hours count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Every hour.
    Always,
    /// Those in which the service is open.
    OpeningHours,
}

/// Longer than any shift; whoever stays longer signs on again.
pub const SIGNED_ON_AT_MOST: Duration = Duration::from_secs(24 * 3600);

/// How long somebody stays on duty where the file does not say.
pub const SIGNED_ON_FOR: Duration = Duration::from_secs(12 * 3600);

/// The steps that were taken are kept as bits; and nobody needs so many.
const MOST_STEPS: usize = 20;

/// After a week of silence nobody would be told in time.
const LONGEST_WAIT: Duration = Duration::from_secs(7 * 24 * 3600);

impl Duty {
    pub(super) fn read(item: Item<'_>) -> Option<Self> {
        let map = item.map(&["signed on for", "steps"])?;
        let signed_on_for = match map.find("signed on for") {
            Some(item) => item.length().filter(|length| is_a_shift(item, *length)),
            None => Some(SIGNED_ON_FOR),
        };
        let rows = map.require("steps")?;
        let mut before = Duration::ZERO;
        let steps = rows.each(|row| {
            let step = step(row, before)?;
            before = step.after;
            Some(step)
        })?;
        if MOST_STEPS < steps.len() {
            let remedy = format!("Write {MOST_STEPS} at the most.");
            rows.error("wrong-value", "these are too many steps", &remedy);
            return None;
        }
        if steps.is_empty() {
            rows.error(
                "no-duty",
                "nobody is told of a concern",
                "Write at least one step: who, and after how long.",
            );
            return None;
        }
        Some(Self { signed_on_for: signed_on_for?, steps })
    }
}

fn is_a_shift(item: Item<'_>, length: Duration) -> bool {
    let right = Duration::ZERO < length && length <= SIGNED_ON_AT_MOST;
    if !right {
        item.error(
            "wrong-value",
            "nobody is on duty for so long",
            "Write up to `24 hours`, such as `12 hours`.",
        );
    }
    right
}

fn step(item: Item<'_>, before: Duration) -> Option<DutyStep> {
    const WHO: [(&str, Watch); 4] = [
        ("lead on duty", Watch::OnDuty),
        ("duty leads", Watch::DutyLeads),
        ("safeguarding lead", Watch::SafeguardingLeads),
        ("everybody", Watch::Everybody),
    ];
    const COUNTS: [(&str, Counts); 2] = [("always", Counts::Always), ("opening hours", Counts::OpeningHours)];
    let map = item.map(&["who", "after", "counts"])?;
    let who = map.require("who").and_then(|who| who.one_of(&WHO));
    let after = map.require("after").and_then(|item| wait(item, before));
    let counts = map.find("counts").map_or(Some(Counts::Always), |counts| counts.one_of(&COUNTS));
    Some(DutyStep { who: who?, after: after?, counts: counts? })
}

/// Reads `at once`, or a length of time that is no shorter than that of the step before.
fn wait(item: Item<'_>, before: Duration) -> Option<Duration> {
    let text = item.text()?;
    let length = if text == "at once" { Ok(Duration::ZERO) } else { parse_length(text) };
    let Ok(after) = length else {
        let remedy = "Write `at once`, or a number and seconds, minutes or hours, such as `10 minutes`.";
        item.error("wrong-value", &format!("`{text}` is not a length of time"), remedy);
        return None;
    };
    if after < before {
        let remedy =
            "Put the steps in the order in which people are told: the time counts from the text itself.";
        item.error("duty-order", &format!("`{text}` is sooner than the step before"), remedy);
        return None;
    }
    if LONGEST_WAIT < after {
        item.error(
            "wrong-value",
            &format!("`{text}` is too late"),
            "Write a week at the most, better minutes.",
        );
        return None;
    }
    Some(after)
}
