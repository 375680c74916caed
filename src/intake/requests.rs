//! The clock of a request to have one's information deleted: a month, of which the leads are told before it is over.
//!
//! Invariant: the leads of a service are told of each request once, and nothing about the person.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::directory::Directory;
use crate::domain::staff::Role;
use crate::domain::time::Timestamp;
use crate::intake::House;
use crate::intake::duty;
use crate::store::erasure_request::DueRequest;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

/// Long enough to find out what is held, and to ask whoever knows.
const TOLD_BEFORE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Of one round: the next comes within a second.
const MOST_REQUESTS: u16 = 16;
/// What the outbox calls such an alert.
const ALERT: &str = "alert-of-a-request";

/// The end of the day that is a month after this one, where the people are.
#[must_use]
pub fn answer_by(now: Timestamp) -> Option<Timestamp> {
    let zone = TimeZone::get("Europe/London").ok()?;
    let day = now.to_jiff().to_zoned(zone.clone()).date().checked_add(1.month()).ok()?;
    let end = day.at(23, 59, 59, 0).to_zoned(zone).ok()?;
    Some(Timestamp::from_jiff(end.timestamp()))
}

/// Tells the leads of requests that must be answered within a week. Says how many reached nobody.
///
/// # Errors
/// Where the store is away: it stays due.
pub async fn round(house: &House) -> Result<usize, StoreError> {
    let (content, base, now) = (house.content.get(), Arc::clone(&house.base), house.clock.now());
    if !house.store.read().await?.has_due_requests(now.plus(TOLD_BEFORE)).await? {
        return Ok(0);
    }
    let unheard = house.store.write(move |tx| {
        let (content, base) = (Arc::clone(&content), Arc::clone(&base));
        async move {
            let mut unheard = 0;
            for due in tx.take_due_requests(now.plus(TOLD_BEFORE), now, MOST_REQUESTS).await? {
                unheard += usize::from(!tell(tx, &content.directory, &due, &base, now).await?);
            }
            Ok(unheard)
        }
        .boxed()
    });
    let unheard = unheard.await?;
    house.wake.notify_one();
    Ok(unheard)
}

/// Whether there is a lead with a phone.
async fn tell(
    tx: &mut Tx,
    directory: &Directory,
    due: &DueRequest,
    base: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let name = directory.service(&due.service).map_or(due.service.as_str(), |service| &service.name);
    let mut heard = false;
    for staff in tx.staff_in_role(&due.service, Role::DutyLead).await? {
        if let Some(phone) = tx.staff_phone(staff).await? {
            duty::append(tx, phone.id, ALERT, words(name, due.answer_by, base), now).await?;
            heard = true;
        }
    }
    Ok(heard)
}

fn words(service: &str, answer_by: Timestamp, base: &str) -> String {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let day = answer_by.to_jiff().to_zoned(zone).strftime("%-d %B").to_string();
    format!(
        "Footbridge, {service}: a request to delete information must be answered by {day}. Please look: {base}/inbox"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_jiff(text.parse().expect("a time"))
    }

    #[test]
    fn a_request_is_answered_within_a_calendar_month_of_london() {
        for (asked, by) in [
            ("2026-11-22T09:00:00Z", "2026-12-22T23:59:59Z"),
            ("2026-05-31T23:30:00Z", "2026-07-01T22:59:59Z"),
            ("2027-01-31T12:00:00Z", "2027-02-28T23:59:59Z"),
        ] {
            assert_eq!(answer_by(at(asked)), Some(at(by)), "{asked}");
        }
    }

    #[test]
    fn an_alert_tells_the_day_and_nothing_of_the_person() {
        let text = words("Alder Vale", at("2026-12-22T23:59:59Z"), "https://a.example");
        assert_eq!(
            text,
            "Footbridge, Alder Vale: a request to delete information must be answered by 22 December. Please look: https://a.example/inbox"
        );
    }
}
