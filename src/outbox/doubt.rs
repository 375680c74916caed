//! Texts of which nobody knows whether they left: the provider is asked.
//!
//! Invariant: a text that the provider may have taken is sent again once, only where it must arrive, and only after two
//! looks in vain where the provider can be asked at all.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;

use crate::channel::Receipt;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::outbox::Outbox;
use crate::outbox::mark::AddressFate;
use crate::outbox::mark::Mark;
use crate::outbox::sending::outgoing;
use crate::store::error::StoreError;
use crate::store::leased::LeasedText;
use crate::store::sending::TextEnd;

/// Asked about at once: more would be felt by the texts that are being sent.
const MOST_LOOKS: u16 = 32;
/// Before that a text that is not on the provider's list may still come up there.
const NOT_FOUND_COUNTS_AFTER: Duration = Duration::from_secs(600);
/// Between two looks, and after one that the provider did not answer.
const NEXT_LOOK: Duration = Duration::from_secs(60);
/// Looks in vain after which a text was not taken.
const LOOKS: i16 = 2;
/// The code of a text that may or may not have left.
const UNKNOWN: &str = "unknown";

impl Outbox {
    /// Asks for the texts in doubt that should be looked into now; says how many.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn look_into_doubts(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let texts = self.store.write(move |tx| tx.texts_in_doubt(now, MOST_LOOKS).boxed()).await?;
        let looks = join_all(texts.iter().map(|text| self.look(text, now))).await;
        looks.into_iter().collect::<Result<Vec<()>, _>>()?;
        if !texts.is_empty() {
            // What waited behind them may leave now.
            self.wake.notify_one();
        }
        Ok(texts.len())
    }

    async fn look(&self, text: &LeasedText, now: Timestamp) -> Result<(), StoreError> {
        let tried_at = text.leased_at.unwrap_or(text.created_at);
        let Some(sender) = self.senders.get(&text.channel) else {
            return self.write_mark(text, Mark::InDoubt { look_at: now.plus(NEXT_LOOK) }).await;
        };
        if !sender.can_find() {
            return self.cannot_be_asked(text, now).await;
        }
        match sender.find(&outgoing(text, now), tried_at).await {
            Ok(found) => match self.of_no_other(text, found).await? {
                Some(provider_id) => {
                    let mark = Mark::Sent { provider_id, arrived: !sender.reports_delivery() };
                    self.write_mark(text, mark).await
                }
                None => self.not_found(text, tried_at.plus(NOT_FOUND_COUNTS_AFTER), now).await,
            },
            Err(_) => self.write_mark(text, Mark::InDoubt { look_at: now.plus(NEXT_LOOK) }).await,
        }
    }

    /// The first of these that is not known to be another text: two answers may say the same within moments.
    async fn of_no_other(
        &self,
        text: &LeasedText,
        found: Vec<Receipt>,
    ) -> Result<Option<String>, StoreError> {
        let mut reader = self.store.read().await?;
        for receipt in found {
            if !reader.is_of_another(text.lease.id, &receipt.provider_id).await? {
                return Ok(Some(receipt.provider_id));
            }
        }
        Ok(None)
    }

    async fn not_found(
        &self,
        text: &LeasedText,
        counts_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lease = text.lease;
        if now < counts_at {
            return self.write_mark(text, Mark::InDoubt { look_at: counts_at }).await;
        }
        if text.looks + 1 < LOOKS {
            let (looks, look_at) = (text.looks, now.plus(NEXT_LOOK));
            return self.store.write(move |tx| tx.note_look(lease, looks, look_at).boxed()).await.map(|_| ());
        }
        self.not_taken(text, now).await
    }

    /// A provider that knows no list, such as Telegram. Whoever has written since has been answered since: an answer to
    /// what came before would only stand in the way.
    async fn cannot_be_asked(&self, text: &LeasedText, now: Timestamp) -> Result<(), StoreError> {
        let lease = text.lease;
        let heard = self.store.read().await?.was_heard_after(lease.id).await?;
        if text.purpose == Purpose::Answer && heard {
            let cancel = self.store.write(move |tx| tx.end_text(lease, TextEnd::Cancelled).boxed());
            return cancel.await.map(|_| ());
        }
        self.not_taken(text, now).await
    }

    /// Says a text once more, where it must arrive; else it is given up.
    async fn not_taken(&self, text: &LeasedText, now: Timestamp) -> Result<(), StoreError> {
        let lease = text.lease;
        let fresh = text.expires_at.is_none_or(|expires_at| now < expires_at);
        if text.purpose.must_arrive() && !text.again && fresh {
            tracing::warn!(outbox.id = %lease.id, "The provider may never have taken a text that must arrive; sending it once more");
            return self.store.write(move |tx| tx.send_once_more(lease, now).boxed()).await.map(|_| ());
        }
        tracing::warn!(outbox.id = %lease.id, "A text may not have left, and is not sent again");
        self.write_mark(text, Mark::GaveUp { code: UNKNOWN.to_owned(), address: AddressFate::AsBefore }).await
    }
}
