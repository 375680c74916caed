//! The outbox: claims what is due, sends it, and marks what became of it.
//!
//! A claim judges each text and begins its attempt in one transaction; the provider is called after the commit, and the
//! outcome is marked in a transaction of its own. Whatever breaks in between leaves a text in doubt, and the provider is
//! asked before anything is sent twice.
//!
//! Invariant: no provider is called inside a transaction, and none is called for a text whose attempt is not committed.

pub mod delivery;

mod copies;
mod doubt;
mod judge;
mod mark;
mod sending;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::channel::Sender;
use crate::clock::Clock;
use crate::domain::message::ChannelKind;
use crate::domain::time::Timestamp;
use crate::outbox::judge::Doors;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::randomness::Randomness;

/// Longer than a provider's whole call, so that a slow send is never claimed a second time.
const LEASE: Duration = Duration::from_secs(90);
/// Taken by one transaction: more would make the first wait for the last.
const MOST_CLAIMED: u16 = 32;
/// How long nothing is sent by a channel that refuses us altogether: time for an operator, without hammering.
const PAUSE: Duration = Duration::from_secs(60);
/// Work is found this often even where nobody rings; the rest of the second is chance, so that nodes do not march in step.
const POLL_AT_LEAST_MS: u64 = 900;
const POLL_SPREAD_MS: u64 = 200;
/// A store that is away is asked again after this.
const STORE_AWAY: Duration = Duration::from_secs(1);

/// What sends.
pub struct Outbox {
    store: Store,
    clock: Clock,
    senders: BTreeMap<ChannelKind, Sender>,
    wake: Arc<Notify>,
    randomness: Randomness,
    /// Until when nothing is sent by a channel.
    shut: ShutDoors,
    /// Claims of which we never learned whether they were committed, and when they were made.
    unheard: Mutex<Vec<(Uuid, Timestamp)>>,
    /// Channels that have texts and no sender, and of which it was said.
    missed: Mutex<BTreeSet<ChannelKind>>,
}

/// The channels on which nothing is sent, and until when.
#[derive(Debug, Clone, Default)]
pub struct ShutDoors(Arc<Mutex<BTreeMap<ChannelKind, Timestamp>>>);

impl ShutDoors {
    /// Whether a provider lets us send nothing. After the pause one text tries the door: until it has, the door counts
    /// as shut.
    #[must_use]
    pub fn is_any_shut(&self, now: Timestamp) -> bool {
        self.lock().values().any(|until| now < until.plus(PAUSE))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ChannelKind, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outbox {
    /// An outbox that sends by these; `wake` is rung after each commit that may have put something into it.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        senders: BTreeMap<ChannelKind, Sender>,
        wake: Arc<Notify>,
        randomness: Randomness,
    ) -> Self {
        Self {
            store,
            clock,
            senders,
            wake,
            randomness,
            shut: ShutDoors::default(),
            unheard: Mutex::default(),
            missed: Mutex::default(),
        }
    }

    /// The channels on which nothing is sent: stays true while the outbox runs.
    #[must_use]
    pub fn shut_doors(&self) -> ShutDoors {
        self.shut.clone()
    }

    /// Sends until it is told to stop; then begins nothing new, and finishes what is under way.
    pub async fn run(self, stop: CancellationToken) {
        let outbox = Arc::new(self);
        tokio::join!(Arc::clone(&outbox).keep_sending(&stop), outbox.keep_following_up(&stop));
    }

    /// Claims what is due, sends it all at once and marks each; says how many were claimed.
    ///
    /// # Errors
    /// Where the store could not be asked for them.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let claim = self.claim(MOST_CLAIMED).await?;
        self.note_missed(&claim);
        futures_util::future::join_all(claim.to_send.into_iter().map(|text| self.send(text))).await;
        Ok(claim.count)
    }

    /// Doubts and copies have a road of their own: a provider that is slow to answer them holds up no text.
    async fn keep_following_up(&self, stop: &CancellationToken) {
        let mut store = StoreWatch::default();
        loop {
            let round = async {
                store.note(self.look_into_doubts().await);
                store.note(self.remove_copies().await);
                tokio::time::sleep(self.poll()).await;
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = round => {}
            }
        }
    }

    /// The channels by which texts can leave now.
    fn doors(&self, now: Timestamp) -> Doors {
        let shut = self.shut.lock();
        Doors {
            senders: self.senders.keys().copied().collect(),
            shut: shut
                .iter()
                .filter(|(_, until)| now < **until)
                .map(|(kind, until)| (*kind, *until))
                .collect(),
            otherwise: now.plus(PAUSE),
        }
    }

    /// Sends nothing by this channel for a while; true where that is new.
    fn shut(&self, channel: ChannelKind, now: Timestamp) -> (Timestamp, bool) {
        let mut shut = self.shut.lock();
        match shut.get(&channel) {
            Some(until) if now < *until => (*until, false),
            Some(_) | None => {
                let until = now.plus(PAUSE);
                shut.insert(channel, until);
                (until, true)
            }
        }
    }

    /// The time until the next look, somewhat different each time.
    fn poll(&self) -> Duration {
        Duration::from_millis(POLL_AT_LEAST_MS + self.up_to(POLL_SPREAD_MS))
    }

    /// A number from zero to this, each as likely as the others.
    fn up_to(&self, most: u64) -> u64 {
        u64::from_be_bytes(self.randomness.bytes()) % (most + 1)
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("senders", &self.senders.keys()).finish_non_exhaustive()
    }
}

/// Says once that the store is away, and once that it is back.
#[derive(Default)]
struct StoreWatch {
    away: bool,
}

impl StoreWatch {
    /// What was asked for, or nothing where the store could not be asked.
    fn note<T>(&mut self, asked: Result<T, StoreError>) -> Option<T> {
        match asked {
            Ok(answer) => {
                if self.away {
                    tracing::info!("The outbox can use the store again");
                }
                self.away = false;
                Some(answer)
            }
            Err(error) => {
                if !self.away {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "The outbox cannot use the store; it goes on trying"
                    );
                }
                self.away = true;
                None
            }
        }
    }
}
