//! Requests to have one's information deleted: the law gives a month to answer them.
//!
//! Invariant: the clock of a case starts with its first request, and nothing but the end of the case stops it.

use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::ids::ServiceId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A request that must be answered soon, and of which nobody was told yet.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DueRequest {
    /// The case.
    pub referral: ReferralId,
    /// Its service.
    pub service: ServiceId,
    /// The end of the last day on which to answer.
    pub answer_by: Timestamp,
}

impl Tx {
    /// Starts the clock of a request; one that runs goes on.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_erasure_request(
        &mut self,
        referral: ReferralId,
        answer_by: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO erasure_request (referral, asked_at, answer_by) VALUES ($1, $2, $3)
            ON CONFLICT (referral) DO NOTHING";
        on!(self, |conn| sqlx::query(SQL)
            .bind(referral)
            .bind(now)
            .bind(answer_by)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Takes the next requests of open cases that must be answered before then, each once.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_due_requests(
        &mut self,
        before: Timestamp,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<DueRequest>, StoreError> {
        const SQL: &str = "
            SELECT q.referral, r.service, q.answer_by
              FROM erasure_request q JOIN referral r ON r.id = q.referral
             WHERE q.told_at IS NULL AND q.answer_by < $1 AND r.closed_at IS NULL ORDER BY q.answer_by LIMIT $2";
        const TAKE: &str = "UPDATE erasure_request SET told_at = $1 WHERE referral = $2 AND told_at IS NULL";
        let due: Vec<DueRequest> =
            on!(self, |conn| sqlx::query_as(SQL).bind(before).bind(i64::from(limit)).fetch_all(conn).await?);
        for request in &due {
            on!(self, |conn| sqlx::query(TAKE)
                .bind(now)
                .bind(request.referral)
                .execute(conn)
                .await
                .map(|_| ())?);
        }
        Ok(due)
    }
}

impl Reader {
    /// By when a request of this case has to be answered, where there is one.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn answer_by(&mut self, referral: ReferralId) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "SELECT answer_by FROM erasure_request WHERE referral = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(referral).fetch_optional(conn).await?))
    }

    /// Whether a request of an open case must be answered before then, and nobody was told.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn has_due_requests(&mut self, before: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            SELECT EXISTS (SELECT 1 FROM erasure_request q JOIN referral r ON r.id = q.referral
                            WHERE q.told_at IS NULL AND q.answer_by < $1 AND r.closed_at IS NULL)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(before).fetch_one(conn).await?))
    }

    /// Every open case with a request, and by when it has to be answered.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn erasure_requests(&mut self) -> Result<Vec<(Reference, Timestamp)>, StoreError> {
        const SQL: &str = "
            SELECT r.reference, q.answer_by FROM erasure_request q JOIN referral r ON r.id = q.referral
             WHERE r.closed_at IS NULL ORDER BY q.answer_by, r.reference";
        Ok(on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await?))
    }
}
