//! Sending: claiming texts, and marking what became of them.
//!
//! A text goes `ready → leased → attempting → sent`, or back to `ready` at a later time, or to `in-doubt`, `gave-up`,
//! `expired`, `cancelled`. `attempting` is committed before the provider is called.
//!
//! Invariant: one text per address is in flight, the next keeps its distance, and only whoever holds a lease can mark it.

use std::time::Duration;

use uuid::Uuid;

use crate::domain::ids::OutboxId;
use crate::domain::time::Timestamp;
use crate::store::copy::COPY_KEPT_FOR;
use crate::store::database::Database;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::leased::LeasedText;
use crate::store::tx::Tx;

/// How long a text waits for a report on the one before it to the same address: long and short texts sent in quick
/// succession arrive swapped (nyaruka/courier, issue 362). Shorter than the outbox's poll: whoever answers at once, to
/// a provider that reports nothing, still hears from us within the two seconds that are promised.
const SPACE: Duration = Duration::from_millis(800);

/// What marks a text as ours for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The text.
    pub id: OutboxId,
    /// Who leased it.
    pub token: Uuid,
}

/// The claim: the first text of each address that has none in flight, and none that left a moment ago and of which
/// nothing is known; safety texts overtake, also those in doubt, and neither they nor alerts wait for a report. The one
/// statement with a hole: on PostgreSQL two workers must not wait for, or take, the same rows.
macro_rules! claim {
    ($hole:literal) => {
        concat!(
            "WITH picked AS MATERIALIZED (
                SELECT o.id FROM outbox o
                 WHERE o.state = 'ready' AND o.due_at <= $1 AND (o.expires_at IS NULL OR $1 < o.expires_at)
                   AND NOT EXISTS (SELECT 1 FROM outbox f
                                    WHERE f.address = o.address AND f.state IN ('leased', 'attempting'))
                   AND NOT EXISTS (SELECT 1 FROM outbox d
                                    WHERE d.address = o.address AND d.state = 'in-doubt' AND 0 < o.urgency)
                   AND NOT EXISTS (SELECT 1 FROM outbox s
                                    WHERE s.address = o.address AND s.state = 'sent' AND s.delivery = 'sent'
                                      AND $5 < s.sent_at AND 1 < o.urgency)
                   AND NOT EXISTS (SELECT 1 FROM outbox b
                                    WHERE b.address = o.address AND b.state = 'ready'
                                      AND (b.urgency, b.sequence) < (o.urgency, o.sequence)
                                      AND (b.due_at <= $1 OR 0 < b.attempts)
                                      AND (b.expires_at IS NULL OR $1 < b.expires_at))
                 ORDER BY o.urgency, o.due_at, o.sequence
                 LIMIT $2 ",
            $hole,
            ")
            UPDATE outbox SET state = 'leased', leased_at = $1, leased_until = $3, lease_token = $4
             WHERE id IN (SELECT id FROM picked)"
        )
    };
}

impl Tx {
    /// Leases the texts that should be sent now, at most `limit`, the most urgent first. The token is the caller's: whoever
    /// does not learn whether a claim was committed can ask for its texts by it.
    ///
    /// # Errors
    /// `Conflict` where another worker was quicker, or where the store fails.
    pub async fn claim_texts(
        &mut self,
        token: Uuid,
        limit: u16,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Vec<LeasedText>, StoreError> {
        const SQLITE: &str = claim!("");
        const POSTGRES: &str = claim!("FOR UPDATE OF o SKIP LOCKED");
        let (limit, until, spaced) = (i64::from(limit), now.plus(lease), now.minus(SPACE));
        let claimed = match self.conn() {
            Database::Sqlite(conn) => {
                let claim = sqlx::query(SQLITE).bind(now).bind(limit).bind(until).bind(token);
                claim.bind(spaced).execute(conn).await?.rows_affected()
            }
            Database::Postgres(conn) => {
                let claim = sqlx::query(POSTGRES).bind(now).bind(limit).bind(until).bind(token);
                claim.bind(spaced).execute(conn).await?.rows_affected()
            }
        };
        if claimed == 0 {
            return Ok(Vec::new());
        }
        self.leased_by(token).await
    }

    /// The texts of an earlier claim whose attempts were begun and never made, because its answer was lost; the lease
    /// begins anew.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn resume_claim(
        &mut self,
        token: Uuid,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Vec<LeasedText>, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET leased_at = $2, leased_until = $3 WHERE lease_token = $1 AND state = 'attempting'";
        let resumed = on!(self, |conn| sqlx::query(SQL)
            .bind(token)
            .bind(now)
            .bind(now.plus(lease))
            .execute(conn)
            .await?
            .rows_affected());
        if resumed == 0 {
            return Ok(Vec::new());
        }
        let mut texts = self.leased_by(token).await?;
        for text in &mut texts {
            text.attempts -= 1;
        }
        Ok(texts)
    }

    /// Says that the provider is about to be called. Commit this before calling.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn begin_attempt(&mut self, lease: Lease) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'attempting', attempts = attempts + 1
             WHERE id = $1 AND lease_token = $2 AND state = 'leased'";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// The provider took it. A delivery status that came earlier stays.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn mark_sent(
        &mut self,
        lease: Lease,
        provider_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox
               SET state = 'sent', provider_id = $3, sent_at = COALESCE(sent_at, $4),
                   delivery = COALESCE(delivery, 'sent'), copy_due_at = COALESCE(copy_due_at, $5),
                   leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('attempting', 'in-doubt', 'sent')";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(provider_id)
            .bind(now)
            .bind(now.plus(COPY_KEPT_FOR))
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// It goes back into the outbox, to be tried at this time.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn retry_text(&mut self, lease: Lease, at: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'ready', due_at = $3, leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('leased', 'attempting', 'in-doubt')";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(at)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// Nobody knows whether the provider took it; look again at this time. The lease stays ours.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours, or a status has settled it.
    pub async fn mark_in_doubt(&mut self, lease: Lease, look_at: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'in-doubt', due_at = $3, leased_until = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('attempting', 'in-doubt')";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(look_at)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// It will not be sent, and why.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn end_text(&mut self, lease: Lease, end: TextEnd<'_>) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = $3, error_code = $4, leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('leased', 'attempting', 'in-doubt')";
        let (state, code) = match end {
            TextEnd::GaveUp { code } => ("gave-up", Some(code)),
            TextEnd::Expired => ("expired", None),
            TextEnd::Cancelled => ("cancelled", None),
        };
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(state)
            .bind(code)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// Takes back the leases of workers that are gone: what was not tried is ready again, what may have been sent is in
    /// doubt.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn reclaim_stale_leases(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        const READY: &str = "
            UPDATE outbox SET state = 'ready', leased_until = NULL, lease_token = NULL
             WHERE state IN ('leased', 'attempting') AND state = 'leased' AND leased_until <= $1";
        const DOUBT: &str = "
            UPDATE outbox SET state = 'in-doubt', due_at = $1, leased_until = NULL
             WHERE state IN ('leased', 'attempting') AND state = 'attempting' AND leased_until <= $1";
        let mut reclaimed = 0;
        for sql in [READY, DOUBT] {
            reclaimed += on!(self, |conn| sqlx::query(sql).bind(now).execute(conn).await?.rows_affected());
        }
        Ok(reclaimed)
    }
}

/// Why a text will not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEnd<'a> {
    /// The provider will not take it; its code.
    GaveUp {
        /// The code, such as `21610`.
        code: &'a str,
    },
    /// It is too old to be worth sending.
    Expired,
    /// It must not be sent any more.
    Cancelled,
}
