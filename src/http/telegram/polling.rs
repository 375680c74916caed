//! Asks Telegram for what came in, again and again.
//!
//! Invariant: one node asks at a time, and no request says that an update is done with before it is committed.

use std::error::Error;
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::Value;
use uuid::Uuid;

use crate::channel::SendError;
use crate::channel::telegram::poll::after;
use crate::domain::time::Timestamp;
use crate::http::metrics::WebhookOutcome;
use crate::http::telegram::Desk;
use crate::store::singleton::Duty;

/// Longer than a request is held and its updates take; another node asks that long after this one has died.
const LEASE: Duration = Duration::from_secs(60);
/// How soon a node without the right looks whether it can have it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// The first wait after a failure; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// After a week without updates Telegram goes on with a random number, which may lie below the last. Whoever still says
/// "from this number on" hears nothing more; so after a day of silence we say no number. All is confirmed by then.
const NUMBERS_HOLD_FOR: Duration = Duration::from_secs(24 * 3600);

/// How far the asking is.
#[derive(Default)]
struct Progress {
    offset: Option<i32>,
    heard_at: Option<Timestamp>,
    failures: u32,
}

/// What a round came to.
enum Round {
    /// Updates were asked for and taken in, if there were any.
    Done,
    /// Another node asks.
    NotOurs,
    /// Telegram could not be asked, or says how long to wait.
    Failed(SendError),
    /// The store is away.
    StoreAway,
}

/// Asks until it is dropped.
pub(super) async fn run(desk: &Desk, node: Uuid) {
    let mut progress = Progress::default();
    loop {
        let wait = match round(desk, node, &mut progress).await {
            Round::Done => {
                progress.failures = 0;
                continue;
            }
            Round::NotOurs => LOOK_AGAIN,
            Round::StoreAway => progress.back_off(None),
            Round::Failed(error) => {
                if progress.failures == 0 {
                    tracing::warn!(?error, "Telegram could not be asked for messages; trying again");
                }
                progress.back_off(Some(error))
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Gives the asking up: whoever is left, or starts next, asks at once.
pub(super) async fn give_up(desk: &Desk, node: Uuid) {
    let duty = duty_of(node);
    if let Err(error) = desk.house.store.write(move |tx| tx.give_up_duty(duty).boxed()).await {
        let error = &error as &dyn Error;
        tracing::warn!(error, "Another node asks Telegram for messages a little later");
    }
}

/// What one node does for all.
fn duty_of(node: Uuid) -> Duty {
    Duty { name: "telegram-polling", node, lease: LEASE }
}

impl Progress {
    /// How long to wait after one more failure: as long as Telegram says, else twice as long as before.
    fn back_off(&mut self, error: Option<SendError>) -> Duration {
        let doubled = FIRST_WAIT.saturating_mul(1 << self.failures.min(6)).min(LONGEST_WAIT);
        self.failures = self.failures.saturating_add(1);
        match error {
            Some(SendError::Retry { after: Some(told), .. }) => told,
            Some(_) | None => doubled,
        }
    }

    /// The number from which on updates are asked for.
    fn offset(&self, now: Timestamp) -> Option<i32> {
        let is_fresh = |heard_at| now.since(heard_at) < NUMBERS_HOLD_FOR;
        self.offset.filter(|_| self.heard_at.is_some_and(is_fresh))
    }
}

async fn round(desk: &Desk, node: Uuid, progress: &mut Progress) -> Round {
    let now = desk.house.clock.now();
    let duty = duty_of(node);
    let held = desk.house.store.write(move |tx| async move { tx.take_duty(duty, now).await }.boxed()).await;
    match held {
        Ok(true) => {}
        Ok(false) => return Round::NotOurs,
        Err(_) => return Round::StoreAway,
    }
    match desk.telegram.updates(progress.offset(now)).await {
        Ok(updates) => take_all(desk, &updates, progress).await,
        Err(error) => Round::Failed(error),
    }
}

/// Takes updates in, one after the other: Telegram has them in order.
async fn take_all(desk: &Desk, updates: &[Value], progress: &mut Progress) -> Round {
    for update in updates {
        let now = desk.house.clock.now();
        if desk.take(desk.telegram.read(update, now)).await == WebhookOutcome::StoreAway {
            return Round::StoreAway;
        }
        progress.heard_at = Some(now);
        progress.offset = after(update).or(progress.offset);
    }
    // Updates without a number would come again at once, and for ever.
    let stuck = !updates.is_empty() && updates.iter().all(|update| after(update).is_none());
    if stuck { Round::Failed(SendError::Unknown) } else { Round::Done }
}
