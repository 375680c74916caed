//! The copies that a provider keeps of texts, ours and theirs, until they are removed.
//!
//! Invariant: a copy of a text of ours is removed once its fate is known, or a day after it left; a copy of a person's
//! own words soon after a day; whatever happens here meanwhile. What is erased here is still removed there.

use std::time::Duration;

use crate::domain::ids::InboundId;
use crate::domain::ids::OutboxId;
use crate::domain::message::ChannelKind;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::seal::Cell;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Many networks never say what became of a text; what has not been said within a day never will.
pub(super) const COPY_KEPT_FOR: Duration = Duration::from_secs(24 * 3600);
/// A sweep of the provider's last 24 hours must still be able to read a text that we missed, or that a restored
/// database has lost; the hour more is for the time that the sweep itself takes.
pub(super) const RECEIVED_COPY_KEPT_FOR: Duration = Duration::from_secs(25 * 3600);

/// The house's own key seals it: whoever erases a person must not lose the way to what the provider keeps of them.
pub(super) const PROVIDER_ID: Cell = Cell::new("inbound", "provider_id_sealed");

/// A provider's copy of a text that is to be removed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderCopy {
    /// Of which text.
    pub of: CopyOf,
    /// Whose copy it is.
    pub channel: ChannelKind,
    /// The provider's id of the text; none where it cannot be read any more.
    pub provider_id: Option<String>,
    /// How often it was tried in vain.
    pub tries: i16,
}

/// Which text was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyOf {
    /// One that we sent.
    Sent(OutboxId),
    /// One that a person sent.
    Received(InboundId),
}

#[derive(sqlx::FromRow)]
struct SentRow {
    id: OutboxId,
    channel: String,
    provider_id: String,
    copy_tries: i16,
}

impl TryFrom<SentRow> for ProviderCopy {
    type Error = StoreError;

    fn try_from(row: SentRow) -> Result<Self, StoreError> {
        Ok(Self {
            of: CopyOf::Sent(row.id),
            channel: read_code("address", "channel", &row.channel)?,
            provider_id: Some(row.provider_id),
            tries: row.copy_tries,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ReceivedRow {
    id: InboundId,
    channel: String,
    provider_id_sealed: Vec<u8>,
    copy_tries: i16,
}

impl Reader {
    /// The copies that are to be removed now: at most `limit` of each kind, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn copies_due(&mut self, now: Timestamp, limit: u16) -> Result<Vec<ProviderCopy>, StoreError> {
        let mut copies = self.copies_of_sent(now, limit).await?;
        copies.extend(self.copies_of_received(now, limit).await?);
        Ok(copies)
    }

    async fn copies_of_sent(&mut self, now: Timestamp, limit: u16) -> Result<Vec<ProviderCopy>, StoreError> {
        const SQL: &str = "
            SELECT o.id, a.channel, o.provider_id, o.copy_tries FROM outbox o JOIN address a ON a.id = o.address
             WHERE o.copy_due_at <= $1 AND o.provider_id IS NOT NULL ORDER BY o.copy_due_at LIMIT $2";
        let rows: Vec<SentRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(now).bind(i64::from(limit)).fetch_all(conn).await?);
        rows.into_iter().map(ProviderCopy::try_from).collect()
    }

    async fn copies_of_received(
        &mut self,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<ProviderCopy>, StoreError> {
        const SQL: &str = "
            SELECT id, channel, provider_id_sealed, copy_tries FROM inbound
             WHERE copy_due_at <= $1 ORDER BY copy_due_at LIMIT $2";
        let rows: Vec<ReceivedRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(now).bind(i64::from(limit)).fetch_all(conn).await?);
        let mut copies = Vec::with_capacity(rows.len());
        for row in rows {
            copies.push(self.read_received(&row).await?);
        }
        Ok(copies)
    }

    async fn read_received(&self, row: &ReceivedRow) -> Result<ProviderCopy, StoreError> {
        let id = row.id.0.as_bytes();
        let provider_id = self.open(PROVIDER_ID, HOUSE, id, &row.provider_id_sealed).await;
        Ok(ProviderCopy {
            of: CopyOf::Received(row.id),
            channel: read_code("inbound", "channel", &row.channel)?,
            provider_id: if_readable(provider_id)?,
            tries: row.copy_tries,
        })
    }
}

impl Tx {
    /// The provider has removed its copy of this text.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn copy_is_removed(&mut self, of: CopyOf) -> Result<(), StoreError> {
        let (sql, id) = match of {
            CopyOf::Sent(id) => ("UPDATE outbox SET copy_due_at = NULL WHERE id = $1", id.0),
            CopyOf::Received(id) => ("UPDATE inbound SET copy_due_at = NULL WHERE id = $1", id.0),
        };
        on!(self, |conn| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// The provider has not removed its copy of this text: it is tried again at this time, or not at all.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn copy_remains(&mut self, of: CopyOf, next_at: Option<Timestamp>) -> Result<(), StoreError> {
        const SENT: &str = "UPDATE outbox SET copy_due_at = $1, copy_tries = copy_tries + 1 WHERE id = $2";
        const RECEIVED: &str =
            "UPDATE inbound SET copy_due_at = $1, copy_tries = copy_tries + 1 WHERE id = $2";
        let (sql, id) = match of {
            CopyOf::Sent(id) => (SENT, id.0),
            CopyOf::Received(id) => (RECEIVED, id.0),
        };
        on!(self, |conn| sqlx::query(sql).bind(next_at).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}
