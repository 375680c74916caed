//! The clock of concerns: which steps of the duty were taken, who was told, and whether it reached them.
//!
//! Invariant: a step is taken once, whatever many nodes do at the same moment, and an acknowledged concern has no clock.

use uuid::Uuid;

use crate::domain::ids::ConcernId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// An open concern whose clock says that somebody must be told now.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DueConcern {
    /// Which.
    pub id: ConcernId,
    /// The service that answers for it.
    pub service: ServiceId,
    /// From when its clock counts.
    pub duty_from: Timestamp,
    /// The steps that were taken: one bit each, the first the lowest.
    pub duty_taken: i64,
}

/// That somebody was told of a concern, or that there was nobody to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTold {
    /// Of which concern.
    pub concern: ConcernId,
    /// Which watch it was, as a word of the program.
    pub who: &'static str,
    /// Who; nobody where there was nobody to tell.
    pub staff: Option<StaffId>,
    /// By which text; none where they have given no phone.
    pub outbox: Option<OutboxId>,
}

/// Who was told of a concern, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Told {
    /// Which watch it was.
    pub who: String,
    /// Who; nobody where there was nobody to tell.
    pub staff: Option<StaffId>,
    /// Where the text stands; nothing where they have given no phone.
    pub state: Option<String>,
    /// What the provider said of it.
    pub delivery: Option<String>,
    /// When.
    pub told_at: Timestamp,
    /// When it was taken for one that does not arrive.
    pub failed_at: Option<Timestamp>,
}

impl Tx {
    /// The concerns whose clock says that somebody must be told now, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn due_concerns(&mut self, now: Timestamp, limit: u16) -> Result<Vec<DueConcern>, StoreError> {
        const SQL: &str = "
            SELECT id, service, COALESCE(duty_from, raised_at) AS duty_from, duty_taken FROM concern
             WHERE acknowledged_at IS NULL AND duty_due_at IS NOT NULL AND duty_due_at <= $1
             ORDER BY duty_due_at, id LIMIT $2";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(now).bind(i64::from(limit)).fetch_all(conn).await?))
    }

    /// Notes which steps are taken now, and when to look again: false where another node was quicker, or somebody has
    /// acknowledged it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_duty_steps(
        &mut self,
        due: &DueConcern,
        taken: i64,
        look_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE concern SET duty_taken = $1, duty_due_at = $2
             WHERE id = $3 AND duty_taken = $4 AND acknowledged_at IS NULL";
        let taken = on!(self, |conn| sqlx::query(SQL)
            .bind(taken)
            .bind(look_at)
            .bind(due.id)
            .bind(due.duty_taken)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(taken == 1)
    }

    /// Notes that somebody was told, or that there was nobody to tell.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_told(&mut self, told: &NewTold, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO told (id, concern, place, who, staff, outbox, told_at)
            VALUES ($1, $2, (SELECT COUNT(*) FROM told WHERE concern = $2), $3, $4, $5, $6)";
        let id = Uuid::from_bytes(self.random());
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(told.concern)
            .bind(told.who)
            .bind(told.staff)
            .bind(told.outbox)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        if told.outbox.is_some() {
            self.mark_alerted(told.concern, now).await?;
        }
        Ok(())
    }

    /// Marks the alerts of this span that will not arrive, or of which nobody knew in time that they did, and says of
    /// which concerns they were.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn fail_alerts(
        &mut self,
        since: Timestamp,
        unconfirmed_before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<ConcernId>, StoreError> {
        const SQL: &str = "
            UPDATE told SET failed_at = $1
             WHERE outbox IS NOT NULL AND failed_at IS NULL AND $2 <= told_at
               AND EXISTS (SELECT 1 FROM outbox o
                            WHERE o.id = told.outbox
                              AND (o.state IN ('gave-up', 'expired', 'cancelled') OR o.delivery = 'undelivered'
                                   OR (told.told_at <= $3 AND (o.delivery IS NULL OR o.delivery <> 'delivered'))))
            RETURNING concern";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(now)
            .bind(since)
            .bind(unconfirmed_before)
            .fetch_all(conn)
            .await?))
    }

    /// Nobody who was told has heard: the next step is due now, where one is left and no other alert still stands.
    ///
    /// # Errors
    /// Where the store fails. False where there is nothing to hasten.
    pub async fn hasten_duty(&mut self, concern: ConcernId, now: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE concern SET duty_due_at = $1
             WHERE id = $2 AND acknowledged_at IS NULL AND $1 < duty_due_at
               AND NOT EXISTS (SELECT 1 FROM told t
                                WHERE t.concern = concern.id AND t.outbox IS NOT NULL AND t.failed_at IS NULL
                                  AND COALESCE(concern.duty_from, concern.raised_at) <= t.told_at)";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(now).bind(concern).execute(conn).await?.rows_affected())
            == 1)
    }
}

impl Reader {
    /// Who was told of a concern, in order.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn told_of(&mut self, concern: ConcernId) -> Result<Vec<Told>, StoreError> {
        const SQL: &str = "
            SELECT t.who, t.staff, o.state, o.delivery, t.told_at, t.failed_at
              FROM told t LEFT JOIN outbox o ON o.id = t.outbox
             WHERE t.concern = $1 ORDER BY t.place, t.id";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(concern).fetch_all(conn).await?))
    }
}
