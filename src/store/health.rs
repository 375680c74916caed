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
    /// How long ago the last sweep began that went well, or the first was due, in seconds.
    pub sweep_age_seconds: i64,
    /// How many texts were taken in by a sweep.
    pub sweep_taken: i64,
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
        let seconds_since = |at: Option<Timestamp>| {
            at.map_or(0, |at| i64::try_from(now.since(at).as_secs()).unwrap_or(i64::MAX))
        };
        let sweep = self.sweep_log().await?;
        Ok(Waiting {
            texts,
            oldest_text_seconds: seconds_since(oldest),
            concerns,
            sweep_age_seconds: seconds_since(sweep.swept_at.or(sweep.since.values().min().copied())),
            sweep_taken: i64::try_from(sweep.taken).unwrap_or(i64::MAX),
        })
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
