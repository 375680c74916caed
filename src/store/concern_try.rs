//! What was tried about a concern that stays open.
//!
//! Invariant: a try never ends a concern; it sets the time at which its clock begins anew.

use uuid::Uuid;

use crate::domain::ids::ConcernId;
use crate::domain::ids::PersonId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::concern::SavedConcern;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::in_time;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Something that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// By whom.
    pub staff: StaffId,
    /// What; empty where it was erased or cannot be read.
    pub what: Words,
    /// When.
    pub tried_at: Timestamp,
}

const WHAT: Cell = Cell::new("concern_try", "what_sealed");

#[derive(sqlx::FromRow)]
struct TryRow {
    id: Uuid,
    staff: StaffId,
    what_sealed: Vec<u8>,
    tried_at: Timestamp,
}

impl Tx {
    /// They could not be reached: what was tried, and when somebody tries again. Its clock begins anew then.
    ///
    /// # Errors
    /// `TooLate` where somebody has acknowledged it, or where the store fails.
    pub async fn note_try(
        &mut self,
        id: ConcernId,
        staff: StaffId,
        what: &Words,
        try_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const CLOCK: &str = "
            UPDATE concern SET try_at = $1, duty_from = $1, duty_taken = 0, duty_due_at = $1
             WHERE id = $2 AND acknowledged_at IS NULL";
        const PERSON: &str = "SELECT person FROM concern WHERE id = $1";
        const SQL: &str = "
            INSERT INTO concern_try (id, concern, staff, what_sealed, tried_at) VALUES ($1, $2, $3, $4, $5)";
        let set =
            on!(self, |conn| sqlx::query(CLOCK).bind(try_at).bind(id).execute(conn).await?.rows_affected());
        in_time(set)?;
        let person: PersonId = on!(self, |conn| sqlx::query_scalar(PERSON).bind(id).fetch_one(conn).await?);
        let row = Uuid::from_bytes(self.random());
        let sealed = self.seal(WHAT, person.0, row.as_bytes(), what).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(row)
            .bind(id)
            .bind(staff)
            .bind(sealed)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }
}

impl Reader {
    /// What was tried about a concern, in order.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn tries_of(&mut self, concern: &SavedConcern) -> Result<Vec<Tried>, StoreError> {
        const SQL: &str = "
            SELECT id, staff, what_sealed, tried_at FROM concern_try WHERE concern = $1 ORDER BY tried_at, id";
        let rows: Vec<TryRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(concern.id).fetch_all(conn).await?);
        let mut tries = Vec::with_capacity(rows.len());
        for row in rows {
            let what = self.open(WHAT, concern.raised.person.0, row.id.as_bytes(), &row.what_sealed).await;
            let what = if_readable(what)?.unwrap_or_default();
            tries.push(Tried { staff: row.staff, what, tried_at: row.tried_at });
        }
        Ok(tries)
    }
}
