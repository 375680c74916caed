//! What only one node may do at a time: poll a channel, run the schedule, sweep.
//!
//! Invariant: two nodes whose clocks differ by less than a lease never hold the same one; and whoever was stopped past
//! its lease finds out in the transaction in which it would act.

use std::time::Duration;

use uuid::Uuid;

use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

/// Something that one node does for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// Its name.
    pub name: &'static str,
    /// The node that would do it.
    pub node: Uuid,
    /// For how long it is taken, or kept, at a time: so long after a node has died another takes over.
    pub lease: Duration,
}

impl Tx {
    /// Takes, or keeps, a duty. False where another node has it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_duty(&mut self, duty: Duty, now: Timestamp) -> Result<bool, StoreError> {
        self.hold_singleton(duty.name, duty.node, now, duty.lease).await
    }

    /// Keeps a duty that this node has, so that until this transaction is over no other can take it. False where its
    /// lease has run out: whatever was read before may have been done by somebody else.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn keep_duty(&mut self, duty: Duty, now: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE singleton SET held_until = $3 WHERE name = $1 AND holder = $2 AND $4 < held_until";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(duty.name)
            .bind(duty.node)
            .bind(now.plus(duty.lease))
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// Gives a duty up, if this node has it: another need not wait for the end of its lease.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn give_up_duty(&mut self, duty: Duty) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM singleton WHERE name = $1 AND holder = $2";
        on!(self, |conn| sqlx::query(SQL).bind(duty.name).bind(duty.node).execute(conn).await.map(|_| ())?);
        Ok(())
    }

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
        // Not written down before half of it is over: an idle server writes seldom.
        if self.holds_until(name, holder).await?.is_some_and(|until| now.plus(length / 2) < until) {
            return Ok(true);
        }
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

    async fn holds_until(&mut self, name: &str, holder: Uuid) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "SELECT held_until FROM singleton WHERE name = $1 AND holder = $2";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(name).bind(holder).fetch_optional(conn).await?))
    }
}
