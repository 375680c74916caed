//! The sweep: asks Twilio for the texts that it has received for us, and takes in those whose webhook did not get
//! through. Twilio tries for some seconds and then gives up; without this, whoever texts while we are down is lost.
//!
//! One node sweeps for all, when it starts and every minute. A text is taken in as by its webhook, in the same
//! transaction that knows it by its id, so that a webhook at the same moment doubles nothing.
//!
//! Invariant: what was sent before a line was first served is never answered; a sweep that fails is told and tried
//! again, and stops nothing else.

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::channel::SendError;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::received::Line;
use crate::domain::message::Inbound;
use crate::domain::time::Timestamp;
use crate::intake;
use crate::intake::House;
use crate::intake::Outcome;
use crate::store::error::StoreError;
use crate::store::singleton::Duty;
use crate::store::swept::SweepLog;
use crate::store::tx::Tx;

/// A node that has died holds the sweep up for this long at most.
const LEASE: Duration = Duration::from_secs(10);
/// Often enough that the lease is kept, and taken over soon.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// From one sweep to the next.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// A sweep looks back this far: a text that Twilio shows late is still seen.
const LOOKS_BACK: Duration = Duration::from_secs(24 * 3600);
/// And further where no sweep went well for longer, but no further than this: a long weekend without the program.
const LOOKS_BACK_AT_MOST: Duration = Duration::from_secs(7 * 24 * 3600);

/// Why a sweep did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// Twilio's list could not be had.
    #[error("the list of received texts could not be read")]
    List(#[source] SendError),
    /// Twilio's list did not come to its end.
    #[error("the list of received texts is too long to be read to its end")]
    NotWhole,
    /// Some texts could not be taken in: a mistake of ours. They are tried again, and hold up no others.
    #[error("{0} of the received texts could not be taken in")]
    NotTaken(usize),
    /// The store is away.
    #[error("the store cannot be used")]
    Store(#[from] StoreError),
}

/// What a sweep has done.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Swept {
    /// Texts that nobody had brought.
    pub taken: u64,
    /// Texts that we never had and whose words are not at Twilio any more.
    pub lost: usize,
}

/// The sweep of one node.
pub struct Sweep {
    house: House,
    twilio: Twilio,
    lines: Vec<Line>,
    duty: Duty,
    /// Texts that are in the store for certain: the list brings them again every minute.
    known: BTreeSet<String>,
    /// When this node last began a sweep.
    tried_at: Option<Timestamp>,
    /// How many lost texts were told of.
    told_lost: usize,
}

impl Sweep {
    /// The sweep of this node, which works while no other node's does.
    #[must_use]
    pub fn new(house: House, twilio: Twilio, node: Uuid) -> Self {
        let (lines, duty) = (lines(&house, &twilio), Duty { name: "sweep", node, lease: LEASE });
        Self { house, twilio, lines, duty, known: BTreeSet::new(), tried_at: None, told_lost: 0 }
    }

    /// Sweeps until it is told to stop; then gives the duty up.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut failing = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                swept = self.run_once() => failing = tell(swept, failing),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        let duty = self.duty;
        if let Err(error) = self.house.store.write(move |tx| tx.give_up_duty(duty).boxed()).await {
            tracing::warn!(error = &error as &dyn Error, "Another node takes the sweep over a little later");
        }
    }

    /// Sweeps, where it is time and this node has the duty; nothing where not.
    ///
    /// # Errors
    /// Where Twilio or the store could not be asked: it is tried again.
    pub async fn run_once(&mut self) -> Result<Option<Swept>, SweepError> {
        let now = self.house.clock.now();
        // The files may have been read again, and name another number.
        self.lines = lines(&self.house, &self.twilio);
        let Some(log) = self.begin(now).await? else {
            // Whoever has the duty now knows more: on taking it over, everything is looked at anew.
            self.tried_at = None;
            return Ok(None);
        };
        if self.tried_at.is_some_and(|at| now.since(at) < SWEEP_EVERY) {
            return Ok(None);
        }
        self.tried_at = Some(now);
        let swept = self.sweep(&log, now).await;
        if let Err(SweepError::Store(_)) = &swept {
            // Twilio has answered: there is no need to spare it.
            self.tried_at = None;
        }
        swept.map(Some)
    }

    /// Takes or keeps the duty, and notes when each line is served for the first time.
    async fn begin(&self, now: Timestamp) -> Result<Option<SweepLog>, StoreError> {
        let duty = self.duty;
        let names: Arc<[String]> = self.lines.iter().map(|line| line.name.clone()).collect();
        let begin = self.house.store.write(move |tx| {
            let names = Arc::clone(&names);
            async move { begin(tx, duty, &names, now).await }.boxed()
        });
        begin.await
    }

    async fn sweep(&mut self, log: &SweepLog, now: Timestamp) -> Result<Swept, SweepError> {
        let (mut texts, mut empty, mut whole) = (Vec::new(), BTreeSet::new(), true);
        for line in &self.lines {
            let since = looks_back_to(log, line, now);
            let received = self.twilio.received(line, since, now).await.map_err(SweepError::List)?;
            texts.extend(received.texts);
            empty.extend(received.empty);
            whole &= received.whole;
        }
        texts.sort_by_key(|text| text.sent_at);
        let seen = texts.iter().map(|text| text.provider_id.clone()).chain(empty.iter().cloned());
        let seen: BTreeSet<String> = seen.collect();
        // The list may have taken longer than the lease.
        if self.begin(self.house.clock.now()).await?.is_none() {
            return Ok(Swept::default());
        }
        let (mut swept, mut not_taken) = (Swept::default(), 0);
        for text in texts {
            match self.take(text).await {
                Ok(Some(taken)) => swept.taken += u64::from(taken),
                Ok(None) => return Ok(swept),
                Err(error @ (StoreError::Away(_) | StoreError::Busy)) => return Err(error.into()),
                Err(_) => not_taken += 1,
            }
        }
        for id in empty {
            swept.lost += usize::from(!self.is_known(&id).await?);
        }
        self.known.retain(|id| seen.contains(id));
        self.tell_lost(swept.lost);
        self.end(now, swept.taken, whole && not_taken == 0).await?;
        match (whole, not_taken) {
            (true, 0) => Ok(swept),
            (_, 1..) => Err(SweepError::NotTaken(not_taken)),
            (false, 0) => Err(SweepError::NotWhole),
        }
    }

    /// Whether a text had not been here; none where the duty was lost.
    async fn take(&mut self, mut text: Inbound) -> Result<Option<bool>, StoreError> {
        if self.is_known(&text.provider_id).await? {
            return Ok(Some(false));
        }
        let id = text.provider_id.clone();
        text.received_at = self.house.clock.now();
        let Some(outcome) = intake::receive_for(&self.house, text, Some(self.duty)).await? else {
            return Ok(None);
        };
        self.known.insert(id);
        Ok(Some(outcome == Outcome::Taken))
    }

    async fn is_known(&mut self, id: &str) -> Result<bool, StoreError> {
        if self.known.contains(id) {
            return Ok(true);
        }
        let known = self.house.store.read().await?.has_inbound(Twilio::CHANNEL, id).await?;
        if known {
            self.known.insert(id.to_owned());
        }
        Ok(known)
    }

    fn tell_lost(&mut self, lost: usize) {
        if self.told_lost < lost {
            tracing::error!(
                count = lost,
                "Texts that were never taken in have no words at the provider any more; its log has their senders"
            );
        }
        self.told_lost = lost;
    }

    async fn end(&self, began_at: Timestamp, taken: u64, whole: bool) -> Result<(), StoreError> {
        if 0 < taken {
            tracing::warn!(count = taken, "Took in texts whose webhook had not come through");
        }
        if !whole && taken == 0 {
            return Ok(());
        }
        let end = self.house.store.write(move |tx| {
            async move {
                let mut log = tx.sweep_log().await?;
                log.taken += taken;
                if whole {
                    log.swept_at = log.swept_at.max(Some(began_at));
                }
                tx.set_sweep_log(&log).await
            }
            .boxed()
        });
        end.await
    }
}

/// The lines of the services that are in force.
fn lines(house: &House, twilio: &Twilio) -> Vec<Line> {
    let content = house.content.get();
    let services = content.directory.services().iter();
    let numbers = services.flat_map(|service| &service.numbers).map(|number| number.as_str().to_owned());
    twilio.lines(numbers.collect())
}

async fn begin(
    tx: &mut Tx,
    duty: Duty,
    names: &[String],
    now: Timestamp,
) -> Result<Option<SweepLog>, StoreError> {
    if !tx.take_duty(duty, now).await? {
        return Ok(None);
    }
    let mut log = tx.sweep_log().await?;
    let before = log.since.len();
    for name in names {
        log.since.entry(name.clone()).or_insert(now);
    }
    if before < log.since.len() {
        tx.set_sweep_log(&log).await?;
    }
    Ok(Some(log))
}

/// A day; longer where no sweep went well for longer; never before the line was first served.
fn looks_back_to(log: &SweepLog, line: &Line, now: Timestamp) -> Timestamp {
    let day = now.minus(LOOKS_BACK);
    let last = log.swept_at.map_or(day, |swept_at| swept_at.min(day));
    let served = log.since.get(&line.name).copied().unwrap_or(now);
    last.max(now.minus(LOOKS_BACK_AT_MOST)).max(served)
}

/// Says once that the sweep fails, and once that it works again; whether it fails.
fn tell(swept: Result<Option<Swept>, SweepError>, failing: bool) -> bool {
    match swept {
        Ok(None) => failing,
        Ok(Some(_)) => {
            if failing {
                tracing::info!("The sweep of received texts works again");
            }
            false
        }
        Err(error) => {
            if !failing {
                let what = "A sweep of received texts failed; it goes on trying";
                tracing::error!(error = &error as &dyn Error, "{what}");
            }
            true
        }
    }
}
