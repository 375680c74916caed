//! Removes what a provider keeps of texts, ours and theirs.
//!
//! Invariant: nothing here holds up a text; removing a copy twice does no harm.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;

use crate::outbox::Outbox;
use crate::store::copy::CopyOf;
use crate::store::copy::ProviderCopy;
use crate::store::error::StoreError;

/// Asked for at once, of each kind: nobody waits for it.
const MOST_COPIES: u16 = 16;
/// The waits after each try in vain; there is one try more than there are waits.
const BACKOFF_SECONDS: [u64; 5] = [60, 300, 1800, 7200, 21_600];

impl Outbox {
    /// Has the copies removed whose time has come; says how many.
    ///
    /// # Errors
    /// Where the store fails: they are removed once more, which does no harm.
    pub async fn remove_copies(&self) -> Result<usize, StoreError> {
        let copies = self.store.read().await?.copies_due(self.clock.now(), MOST_COPIES).await?;
        let removals = join_all(copies.iter().map(|copy| self.remove(copy))).await;
        removals.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(copies.len())
    }

    async fn remove(&self, copy: &ProviderCopy) -> Result<(), StoreError> {
        let of = copy.of;
        let removed = match (self.senders.get(&copy.channel), &copy.provider_id) {
            (Some(sender), Some(provider_id)) => sender.redact(provider_id).await.is_ok(),
            (None, _) | (_, None) => false,
        };
        if removed {
            return self.store.write(move |tx| tx.copy_is_removed(of).boxed()).await;
        }
        let wait = usize::try_from(copy.tries).ok().and_then(|tries| BACKOFF_SECONDS.get(tries));
        let next_at = wait.map(|seconds| self.clock.now().plus(Duration::from_secs(*seconds)));
        if next_at.is_none() {
            say_that_it_stays(of);
        }
        self.store.write(move |tx| tx.copy_remains(of, next_at).boxed()).await
    }
}

fn say_that_it_stays(of: CopyOf) {
    match of {
        CopyOf::Sent(id) => {
            tracing::error!(outbox.id = %id, "The provider keeps its copy of a text: please remove it by hand");
        }
        CopyOf::Received(id) => {
            tracing::error!(inbound.id = %id, "The provider keeps its copy of a person's text: please remove it by hand");
        }
    }
}
