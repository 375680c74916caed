//! Another secret key: each key of a person or an address is wrapped anew, and nothing that they seal is touched.
//!
//! It may run beside servers that accept both secret keys, may be stopped at any time, and goes on when it is run again:
//! what is wrapped anew already is looked at and left alone.
//!
//! Invariant: a wrapped key is replaced only by the same key, and only if it could be opened.

use futures_util::FutureExt;
use uuid::Uuid;

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::keys::Replaced;
use crate::store::migration::put_root;
use crate::store::seal::Rewrapped;

/// A server that makes a new key waits no longer than this many take: some tens of milliseconds.
const MOST_TOGETHER: u16 = 1_000;

/// What became of the keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Wrapped anew, by the secret key in force.
    pub now: u64,
    /// Wrapped by it already.
    pub before: u64,
    /// Opened by no secret key that is accepted, and left as they were.
    pub foreign: u64,
}

impl Rotated {
    /// All that were looked at.
    #[must_use]
    pub fn all(self) -> u64 {
        self.now + self.before + self.foreign
    }
}

impl Store {
    /// Wraps every key by the secret key in force. `heard` is told after each part how far it is.
    ///
    /// # Errors
    /// Where the store fails; then the same call may be made again, and goes on.
    pub async fn rotate(&self, mut heard: impl FnMut(Rotated) + Send) -> Result<Rotated, StoreError> {
        // First: it tells of a database of before which secret key it was made with, and only until its keys are wrapped
        // anew.
        self.write(|tx| put_root(tx).boxed()).await?;
        let (mut rotated, mut last) = (Rotated::default(), Uuid::nil());
        while let Some(owner) = self.rotate_after(last, &mut rotated).await? {
            last = owner;
            heard(rotated);
        }
        self.0.keys.scrub().await;
        Ok(rotated)
    }

    /// The next keys; says whose was the last, where there were any.
    async fn rotate_after(&self, last: Uuid, rotated: &mut Rotated) -> Result<Option<Uuid>, StoreError> {
        let keys = &self.0.keys;
        let wrapped = keys.wrapped_after(last, MOST_TOGETHER).await?;
        let last = wrapped.last().map(|(owner, _)| *owner);
        let (mut counted, mut replaced) = (*rotated, Vec::new());
        for (owner, before) in wrapped {
            match keys.secrets.rewrap(owner.as_bytes(), &before, keys.randomness.bytes()) {
                Rewrapped::Before => counted.before += 1,
                Rewrapped::Foreign => counted.foreign += 1,
                Rewrapped::Now(now) => {
                    counted.now += 1;
                    replaced.push(Replaced { owner, before, now });
                }
            }
        }
        if !replaced.is_empty() {
            keys.replace(&replaced).await?;
        }
        *rotated = counted;
        Ok(last)
    }
}
