//! What is in somebody's name.
//!
//! Invariant: nothing here changes whose it is.

use crate::domain::ids::StaffId;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

/// How many open cases somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Owned {
    /// All of them.
    pub cases: i64,
    /// Those with a concern that nobody has acknowledged.
    pub with_concern: i64,
}

impl Reader {
    /// How many open cases are in the name of this member of staff.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn owned_by(&mut self, staff: StaffId) -> Result<Owned, StoreError> {
        const SQL: &str = "
            SELECT COUNT(*) AS cases,
                   COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM concern c
                                                   WHERE c.acknowledged_at IS NULL AND c.person IN
                                                         (SELECT q.id FROM person q
                                                           WHERE q.id = r.person OR q.same_as = r.person)))
                       AS with_concern
              FROM referral r WHERE r.owner = $1 AND r.closed_at IS NULL";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(staff).fetch_one(conn).await?))
    }
}
