//! What only one node may do at a time: poll a channel, run the schedule.
//!
//! Invariant: two nodes whose clocks differ by less than a lease never hold the same one.

use std::time::Duration;

use uuid::Uuid;

use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

impl Tx {
    /// Takes, or keeps, the right to do what `name` says, for so long. False where another node has it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn hold_singleton(
        &mut self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        length: Duration,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO singleton (name, holder, held_until) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
             WHERE singleton.holder = excluded.holder OR singleton.held_until <= $4";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(name)
            .bind(holder)
            .bind(now.plus(length))
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }
}
