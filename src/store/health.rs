//! Whether the store works, and what waits in it.
//!
//! Invariant: nothing here reads a word of a person.

use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// What waits, for whoever watches over the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Texts that are due and not sent.
    pub texts: i64,
    /// How long the oldest of them has been due, in seconds.
    pub oldest_text_seconds: i64,
    /// Concerns that nobody has acknowledged.
    pub concerns: i64,
    /// Whether nothing is sent until an operator says so.
    pub held: bool,
}

impl Reader {
    /// What waits now.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn waiting(&mut self, now: Timestamp) -> Result<Waiting, StoreError> {
        const TEXTS: &str = "SELECT COUNT(*), MIN(due_at) FROM outbox WHERE state = 'ready' AND due_at <= $1";
        const CONCERNS: &str = "SELECT COUNT(*) FROM concern WHERE acknowledged_at IS NULL";
        let (texts, oldest): (i64, Option<Timestamp>) =
            on!(self, |conn| sqlx::query_as(TEXTS).bind(now).fetch_one(conn).await?);
        let concerns: i64 = on!(self, |conn| sqlx::query_scalar(CONCERNS).fetch_one(conn).await?);
        let oldest_text_seconds =
            oldest.map_or(0, |due| i64::try_from(now.since(due).as_secs()).unwrap_or(i64::MAX));
        let held = self.sending_held().await?.is_some();
        Ok(Waiting { texts, oldest_text_seconds, concerns, held })
    }
}

impl Tx {
    /// Writes a word, so that a full or read-only disk is seen before a person's text is lost on it.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub async fn prove_writable(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.set_setting("last-proved-writable", &now).await
    }
}
