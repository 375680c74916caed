//! The time for which ended cases are kept: whoever was kept long enough is erased, as by hand. The same round finishes
//! what broke off while somebody was erased.
//!
//! Invariant: before somebody is erased the audit says by which rule, in the transaction that finds that they may be and erases them; and
//! a service that names no time erases nobody.

use std::time::Duration;

use futures_util::FutureExt;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::directory::service::Service;
use crate::domain::time::Timestamp;
use crate::intake::House;
use crate::store::erasure::Erasure;
use crate::store::erasure_ground::Ground;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::retention::Ended;

/// Whether anybody was kept long enough is asked so often, by one server: a day more or less of years matters to nobody.
const EVERY: Duration = Duration::from_secs(3600);
/// Each takes some transactions, and destroys a key: the others go in the next round.
const MOST_ERASED: u16 = 20;
/// What only one server does at a time.
const NAME: &str = "retention";

/// Nothing may have happened since then; nothing where the service names no time, or one before all calendars.
#[must_use]
pub fn ended_before(service: &Service, now: Timestamp) -> Option<Timestamp> {
    let years = service.keep_ended?;
    let there = now.to_jiff().to_zoned(TimeZone::get("Europe/London").ok()?);
    let then = there.checked_sub(i64::from(years).years()).ok()?;
    Some(Timestamp::from_jiff(then.timestamp()))
}

/// Finishes what broke off, and erases whoever was kept long enough, some at a time, where it is time to look. Says how
/// many.
///
/// # Errors
/// Where the store is away: they stay due.
pub async fn round(house: &House) -> Result<usize, StoreError> {
    let now = house.clock.now();
    let is_time = house.store.write(move |tx| {
        async move {
            // A holder of its own each time, so that this server too looks no sooner.
            let holder = Uuid::from_bytes(tx.randomness().bytes());
            tx.hold_singleton(NAME, holder, now, EVERY).await
        }
        .boxed()
    });
    if !is_time.await? {
        return Ok(0);
    }
    let mut erased = house.store.finish_erasures(now).await?;
    let content = house.content.get();
    for service in content.directory.services() {
        let Some(before) = ended_before(service, now) else { continue };
        let ended = house.store.read().await?.ended_before(&service.id, before, MOST_ERASED).await?;
        for one in ended {
            erased += usize::from(erase(house, service, one, before, now).await?);
        }
    }
    Ok(erased)
}

async fn erase(
    house: &House,
    service: &Service,
    ended: Ended,
    before: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let erasure = Erasure { person: ended.person, erased_at: now };
    let ground = Ground::Rule(service.id.clone(), ended, before);
    Ok(house.store.erase_on(ground, erasure, Author::System, now).await?.is_some())
}
