//! The copies of our texts that a provider keeps, until they are removed.
//!
//! Invariant: a copy is removed once the fate of its text is known, or a day after it left, whatever happens here
//! meanwhile.

use std::time::Duration;

use crate::domain::ids::OutboxId;
use crate::domain::message::ChannelKind;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Many networks never say what became of a text; what has not been said within a day never will.
pub(super) const COPY_KEPT_FOR: Duration = Duration::from_secs(24 * 3600);

/// A provider's copy of a text that is to be removed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderCopy {
    /// The text.
    pub id: OutboxId,
    /// Whose copy it is.
    pub channel: ChannelKind,
    /// The provider's id of the text.
    pub provider_id: String,
    /// How often it was tried in vain.
    pub tries: i16,
}

#[derive(sqlx::FromRow)]
struct CopyRow {
    id: OutboxId,
    channel: String,
    provider_id: String,
    copy_tries: i16,
}

impl TryFrom<CopyRow> for ProviderCopy {
    type Error = StoreError;

    fn try_from(row: CopyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            channel: read_code("address", "channel", &row.channel)?,
            provider_id: row.provider_id,
            tries: row.copy_tries,
        })
    }
}

impl Reader {
    /// The copies that are to be removed now, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn copies_due(&mut self, now: Timestamp, limit: u16) -> Result<Vec<ProviderCopy>, StoreError> {
        const SQL: &str = "
            SELECT o.id, a.channel, o.provider_id, o.copy_tries FROM outbox o JOIN address a ON a.id = o.address
             WHERE o.copy_due_at <= $1 AND o.provider_id IS NOT NULL ORDER BY o.copy_due_at LIMIT $2";
        let rows: Vec<CopyRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(now)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(ProviderCopy::try_from).collect()
    }
}

impl Tx {
    /// The provider has removed its copy of this text.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn copy_is_removed(&mut self, id: OutboxId) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET copy_due_at = NULL WHERE id = $1";
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// The provider has not removed its copy of this text: it is tried again at this time, or not at all.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn copy_remains(&mut self, id: OutboxId, next_at: Option<Timestamp>) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET copy_due_at = $1, copy_tries = copy_tries + 1 WHERE id = $2";
        on!(self, |conn| sqlx::query(SQL)
            .bind(next_at)
            .bind(id)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }
}
