//! The schedule: what falls due becomes an input, and what was left lying is taken up.
//!
//! One node does it for all, by a lease; a node that was stopped past its lease does no harm, for each row is taken in
//! the transaction that acts on it.
//!
//! Invariant: everything here may be done twice, or by two nodes at once, and has its effect once.

use std::error::Error;
use std::time::Duration;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::intake;
use crate::intake::House;
use crate::store::deadline::DueDeadline;
use crate::store::delivery::TextTrace;
use crate::store::error::StoreError;
use crate::store::singleton::Duty;
use crate::store::tx::Tx;

/// What fell due is taken up within two seconds.
const ROUND_EVERY: Duration = Duration::from_secs(1);
/// Deadlines of one round: a crowd of them must not hold up stale leases and unheard safety replies.
const MOST_DEADLINES: u16 = 64;
/// Messages of before that are made findable in one round: some tens of milliseconds, for which a text that comes in waits.
const MOST_FILLED: u16 = 200;
/// A node that has died holds up what falls due for this long at most; one that is stopped gives it up at once.
const LEASE: Duration = Duration::from_secs(6);
/// What could not be done is tried again after this, and holds up nothing meanwhile.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(300);
/// A safety reply of which nobody knows after this that it arrived is treated as one that did not.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(300);
/// Longer than any weekend on which the program did not run.
const UNCONFIRMED_SINCE: Duration = Duration::from_secs(7 * 24 * 3600);

/// What watches the time.
#[derive(Clone)]
pub struct Schedule {
    /// What it works with.
    pub house: House,
    duty: Duty,
}

impl Schedule {
    /// The schedule of this node, which works while no other node's does.
    #[must_use]
    pub fn new(house: House, node: Uuid) -> Self {
        Self { house, duty: Duty { name: "schedule", node, lease: LEASE } }
    }

    /// Watches the time until it is told to stop. A store that is away is waited out.
    pub async fn run(self, stop: CancellationToken) {
        let mut away = false;
        while !stop.is_cancelled() {
            let full = match self.run_once().await {
                Ok(done) => {
                    away = false;
                    done == usize::from(MOST_DEADLINES)
                }
                Err(error) => {
                    if !away {
                        let error = &error as &dyn Error;
                        tracing::error!(error, "The schedule cannot use the store; it goes on trying");
                    }
                    away = true;
                    false
                }
            };
            if full {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(ROUND_EVERY) => {}
            }
        }
        let duty = self.duty;
        if let Err(error) = self.house.store.write(move |tx| tx.give_up_duty(duty).boxed()).await {
            tracing::warn!(
                error = &error as &dyn Error,
                "Another node takes the schedule over a little later"
            );
        }
    }

    /// Does all that is due, at most a round of it; says how many deadlines there were. Nothing where another node does.
    ///
    /// # Errors
    /// Where the store is away: it stays due.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let (now, duty) = (self.house.clock.now(), self.duty);
        let left_lying = self.house.store.write(move |tx| take_up(tx, duty, now).boxed()).await?;
        let Some(left_lying) = left_lying else { return Ok(0) };
        if 0 < left_lying.leases {
            tracing::warn!(
                count = left_lying.leases,
                "Took back texts that were being sent by a program that is gone"
            );
            self.house.wake.notify_one();
        }
        for text in left_lying.unheard {
            tracing::error!(outbox.id = %text.id, purpose = text.purpose.as_str(), "A text that must arrive may not have");
        }
        self.tell_of_concerns().await?;
        intake::later::round(&self.house).await?;
        let erased = intake::retention::round(&self.house).await?;
        if 0 < erased {
            tracing::info!(count = erased, "Erased people whose cases ended long enough ago");
        }
        let unheard = intake::requests::round(&self.house).await?;
        if 0 < unheard {
            tracing::error!(
                count = unheard,
                "Requests to delete information must be answered within a week, and no duty lead has a phone here"
            );
        }
        self.fill_message_words().await?;
        let due = self.house.store.read().await?.due_deadlines(now, MOST_DEADLINES).await?;
        let count = due.len();
        for deadline in due {
            self.do_due(deadline, now).await?;
        }
        Ok(count)
    }

    /// Messages of before there was a search over their words are found too, a few in each round.
    async fn fill_message_words(&self) -> Result<(), StoreError> {
        if self.house.store.read().await?.message_words_are_filled().await? {
            return Ok(());
        }
        let (duty, clock) = (self.duty, self.house.clock.clone());
        let filled = self.house.store.write(move |tx| {
            let clock = clock.clone();
            async move {
                match tx.keep_duty(duty, clock.now()).await? {
                    true => tx.fill_message_words(MOST_FILLED).await.map(|_| ()),
                    false => Ok(()),
                }
            }
            .boxed()
        });
        filled.await
    }

    /// Concerns that nobody has acknowledged: whoever is next is told.
    async fn tell_of_concerns(&self) -> Result<(), StoreError> {
        let round = intake::duty::round(&self.house).await?;
        if 0 < round.failed {
            tracing::warn!(
                count = round.failed,
                "Alerts did not reach whoever they were for; the next in line is told, where one is left"
            );
        }
        if 0 < round.unheard {
            tracing::error!(count = round.unheard, "Concerns are open, and there is nobody to tell");
        }
        Ok(())
    }

    async fn do_due(&self, deadline: DueDeadline, now: Timestamp) -> Result<(), StoreError> {
        let (id, kind) = (deadline.id, deadline.kind);
        match intake::due(&self.house, deadline).await {
            Err(error @ (StoreError::Away(_) | StoreError::Busy)) => Err(error),
            Err(error) => {
                let what = "What fell due could not be done; it is tried again later";
                tracing::error!(deadline.id = %id, kind = kind.as_str(), error = &error as &dyn Error, "{what}");
                let at = now.plus(TRY_AGAIN_AFTER);
                self.house.store.write(move |tx| tx.postpone_deadline(id, at).boxed()).await
            }
            Ok(()) => Ok(()),
        }
    }
}

/// What was left lying.
struct LeftLying {
    /// Leases of programs that are gone.
    leases: u64,
    /// Safety replies and alerts of which nobody knows whether they arrived.
    unheard: Vec<TextTrace>,
}

/// Takes up what was left lying, and texts that grew too old. Nothing where another node has the duty.
async fn take_up(tx: &mut Tx, duty: Duty, now: Timestamp) -> Result<Option<LeftLying>, StoreError> {
    if !tx.take_duty(duty, now).await? {
        return Ok(None);
    }
    let leases = tx.reclaim_stale_leases(now).await?;
    for text in tx.expire_texts(now).await? {
        if text.purpose != Purpose::Scheduled {
            tx.call_human(text.id, text.person, now).await?;
        }
    }
    let (since, until) = (now.minus(UNCONFIRMED_SINCE), now.minus(CONFIRMED_WITHIN));
    let unheard = tx.unconfirmed_safety_texts(since, until).await?;
    for text in &unheard {
        tx.call_human(text.id, text.person, now).await?;
    }
    Ok(Some(LeftLying { leases, unheard }))
}
