//! Who has a case, until when it is put aside, and to whom it can be given.
//!
//! Invariant: nothing here is said to the person; a note that goes with it is for colleagues only.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::civil::Time;

use crate::directory::Directory;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::referral::LaterReason;
use crate::domain::time::Timestamp;
use crate::inbox::away::AwayView;
use crate::inbox::away::to_choose;
use crate::inbox::filters::this_time_before;
use crate::inbox::page::Moment;
use crate::inbox::page::london;
use crate::inbox::queue::is_open;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Case;
use crate::inbox::words::later_words;
use crate::store::desk::OnDesk;
use crate::store::referral::Referral;

/// Nothing is put aside for longer: who is forgotten for a year was not put aside.
const LONGEST_ASIDE_DAYS: i64 = 366;

/// What the page of a case says of who has it, beside the name.
#[derive(Debug, Clone)]
pub struct Keeping {
    /// Which colleague gave it to whoever looks, until they open it.
    pub given_by: Option<Foreign>,
    /// Until when it is put aside, or was.
    pub later: Option<LaterView>,
    /// The day that is proposed for putting it aside: the next working day.
    pub proposed_day: String,
    /// Of when the oldest text is that did not arrive, where nothing tells that they were reached since.
    pub undelivered_since: Option<Moment>,
    /// Who can be given the case, beside who has it and who looks.
    pub colleagues: Vec<(StaffId, Foreign)>,
    /// Whether whoever has it is away.
    pub away: Option<AwayView>,
}

/// Until when a case is put aside, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaterView {
    /// Until when.
    pub until: Moment,
    /// Why.
    pub why: &'static str,
    /// Whether the day has come, and nobody has seen to it yet.
    pub has_come: bool,
}

impl LaterView {
    /// What the button says that ends it.
    #[must_use]
    pub fn back_words(&self) -> &'static str {
        if self.has_come { "I have seen to it" } else { "Bring it back now" }
    }
}

impl Keeping {
    /// Every reason for putting a case aside, with its words.
    #[must_use]
    pub fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        LaterReason::ALL.iter().map(|reason| (reason.as_str(), later_words(*reason))).collect()
    }
}

/// Until when a case is put aside, or was.
#[must_use]
pub fn later_view(referral: &Referral, now: Timestamp) -> Option<LaterView> {
    let (until, reason) = referral.later?;
    Some(LaterView { until: Moment(until), why: later_words(reason), has_come: until <= now })
}

/// For how many working days nothing was done with a case that somebody has, where its service finds that too long. What is
/// put aside rests on purpose, and an open concern says more.
#[must_use]
pub fn no_action_for(queued: &OnDesk, directory: &Directory, now: Timestamp) -> Option<u8> {
    let referral = &queued.referral;
    let service = directory.service(&referral.service)?;
    let days = service.no_action_after?;
    let rests = referral.later.is_some_and(|(until, _)| now < until);
    let is_kept = referral.owner.is_some() && is_open(referral.status) && queued.open_concerns == 0;
    let is_long = queued.acted_at < this_time_before(days, service.nation, directory, now);
    (is_kept && is_long && !rests).then_some(days)
}

/// What the page of a case says of who has it, beside the name.
#[must_use]
pub fn keeping(worker: &SignedIn, case: &Case, directory: &Directory, now: Timestamp) -> Keeping {
    let referral = &case.referral;
    let given = referral.given.filter(|_| referral.owner == Some(worker.id));
    let others = case.colleagues.iter().filter(|id| referral.owner != Some(**id) && worker.id != **id);
    Keeping {
        given_by: given.map(|(by, _)| case.staff.get(by)),
        later: later_view(referral, now),
        proposed_day: next_working_day(directory, &referral.service, now).to_string(),
        undelivered_since: case.undelivered_since.map(Moment),
        colleagues: others.map(|id| (*id, to_choose(*id, &case.staff, &case.absences, now))).collect(),
        away: case
            .away
            .filter(|_| referral.closed_at.is_none())
            .zip(referral.owner)
            .map(|(away, owner)| AwayView::of(away, owner, &case.staff, worker.id)),
    }
}

/// The working day that comes next, where this service is.
pub(super) fn next_working_day(directory: &Directory, service: &ServiceId, now: Timestamp) -> Date {
    let today = now.to_jiff().to_zoned(london()).date();
    let Some(service) = directory.service(service) else { return today.saturating_add(1.day()) };
    directory.holidays().working_days_after(today, 1, service.nation)
}

/// The point that a form names by its day and time, in London; nothing where there is none, it has been, or it lies
/// more than a year ahead.
#[must_use]
pub fn read_until(day: &str, time: &str, now: Timestamp) -> Option<Timestamp> {
    let (day, time): (Date, Time) = (day.trim().parse().ok()?, time.trim().parse().ok()?);
    let point = Timestamp::from_jiff(day.to_datetime(time).to_zoned(london()).ok()?.timestamp());
    (now < point && is_within_a_year(point, now)).then_some(point)
}

/// Whether a point lies no more than a year ahead.
#[must_use]
pub fn is_within_a_year(point: Timestamp, now: Timestamp) -> bool {
    let last = now.to_jiff().to_zoned(london()).saturating_add(LONGEST_ASIDE_DAYS.days()).timestamp();
    point <= Timestamp::from_jiff(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_time_are_those_of_london_and_still_to_come() {
        // Sun 21 Jun 2026, 01:00 in London.
        let now = Timestamp::from_micros(1_782_000_000_000_000);
        let read = |day, time| read_until(day, time, now).map(|point| point.to_string());
        assert_eq!(read("2026-06-22", "09:00").as_deref(), Some("2026-06-22T08:00:00Z"));
        assert_eq!(read(" 2026-12-01 ", "16:30").as_deref(), Some("2026-12-01T16:30:00Z"));
        for (day, time) in [
            ("2026-06-21", "01:00"),
            ("2025-06-22", "09:00"),
            ("2027-06-23", "09:00"),
            ("", "09:00"),
            ("2026-06-22", ""),
        ] {
            assert_eq!(read(day, time), None, "{day} {time}");
        }
    }
}
