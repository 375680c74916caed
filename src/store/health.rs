//! Whether the store works, and what waits in it.
//!
//! Invariant: nothing here reads a word of a person.

use crate::domain::ids::OutboxId;
use crate::domain::ids::ServiceId;
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
        let seconds_since = |at: Option<Timestamp>| {
            at.map_or(0, |at| i64::try_from(now.since(at).as_secs()).unwrap_or(i64::MAX))
        };
        let sweep = self.sweep_log().await?;
        let held = self.sending_held().await?.is_some();
        Ok(Waiting {
            texts,
            oldest_text_seconds: seconds_since(oldest),
            concerns,
            sweep_age_seconds: seconds_since(sweep.swept_at.or(sweep.since.values().min().copied())),
            sweep_taken: i64::try_from(sweep.taken).unwrap_or(i64::MAX),
            held,
        })
    }
}

/// Where a text stands, as its row says.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TextFate {
    /// `ready`, `sent`, `gave-up` …
    pub state: String,
    /// What the provider reported.
    pub delivery: Option<String>,
    /// Why it was given up.
    pub error_code: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
}

impl Reader {
    /// Where a text stands.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn text_fate(&mut self, id: OutboxId) -> Result<TextFate, StoreError> {
        const SQL: &str = "SELECT state, delivery, error_code, attempts FROM outbox WHERE id = $1";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_one(conn).await?))
    }

    /// How many texts have been due since then, or were tried in vain so often.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stuck_texts(&mut self, since: Timestamp, tries: i32) -> Result<i64, StoreError> {
        const SQL: &str = "
            SELECT COUNT(*) FROM outbox WHERE state = 'ready' AND (due_at <= $1 OR $2 <= attempts)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(since).bind(tries).fetch_one(conn).await?))
    }

    /// How many migrations the tables have seen.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn migrations_done(&mut self) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM _sqlx_migrations WHERE success";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).fetch_one(conn).await?))
    }

    /// Whether anybody active works for this service, so that its concerns are seen and can be acknowledged.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn has_staff(&mut self, service: &ServiceId) -> Result<bool, StoreError> {
        const SQL: &str = "
            SELECT EXISTS (SELECT 1 FROM staff s JOIN staff_service w ON w.staff = s.id
                            WHERE s.active AND s.role <> 'volunteer-champion' AND w.service = $1)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(service).fetch_one(conn).await?))
    }

    /// How many active accounts have no second factor.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn without_second_factor(&mut self) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM staff WHERE active AND second_factor_sealed IS NULL";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).fetch_one(conn).await?))
    }
}

impl Tx {
    /// Takes back a text that has not left; false where it has, or is leaving.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_back(&mut self, id: OutboxId) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE outbox SET state = 'cancelled' WHERE id = $1 AND state = 'ready'";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(id).execute(conn).await?.rows_affected()) == 1)
    }

    /// Writes a word, so that a full or read-only disk is seen before a person's text is lost on it.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub async fn prove_writable(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.set_setting("last-proved-writable", &now).await
    }
}
