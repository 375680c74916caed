//! Who has a case open now, so that two colleagues do not answer the same person.
//!
//! Invariant: ids and times only, gone when their time is over; nothing is ever refused because of them.

use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Somebody who has a case open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Present {
    /// Who.
    pub staff: StaffId,
    /// Whether they are writing.
    pub writes: bool,
    /// Until when they count as being there.
    pub ends_at: Timestamp,
}

impl Reader {
    /// Who has a case open now, the oldest account first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn present_at(&mut self, id: ReferralId, now: Timestamp) -> Result<Vec<Present>, StoreError> {
        const SQL: &str = "
            SELECT p.staff, p.writes, p.ends_at FROM presence p JOIN staff s ON s.id = p.staff
             WHERE p.referral = $1 AND $2 < p.ends_at AND s.active
             ORDER BY s.created_at, s.id";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(id).bind(now).fetch_all(conn).await?))
    }
}

impl Tx {
    /// Somebody has a case open, until then. Whoever's time is over is cleared away, from every case.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_present(
        &mut self,
        reference: &Reference,
        present: Present,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM presence WHERE ends_at <= $1";
        const SQL: &str = "
            INSERT INTO presence (referral, staff, writes, ends_at)
            SELECT id, $1, $2, $3 FROM referral WHERE reference = $4
            ON CONFLICT (referral, staff) DO UPDATE SET writes = excluded.writes, ends_at = excluded.ends_at";
        on!(self, |conn| {
            sqlx::query(CLEAR).bind(now).execute(&mut *conn).await?;
            let note = sqlx::query(SQL).bind(present.staff).bind(present.writes).bind(present.ends_at);
            note.bind(reference).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Somebody has closed a case's page.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn forget_present(&mut self, id: ReferralId, staff: StaffId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM presence WHERE referral = $1 AND staff = $2";
        on!(self, |conn| sqlx::query(SQL).bind(id).bind(staff).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}
