//! Duty: who has signed on, and on which phone somebody who works here is told of concerns.
//!
//! Invariant: nobody is on duty for longer than they said, and an account that may not sign in is never on duty.

use uuid::Uuid;

use crate::domain::ids::AddressId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::staff::Role;
use crate::domain::time::Timestamp;
use crate::store::address::Address;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Somebody who has signed on for duty.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OnDuty {
    /// For which service.
    pub service: ServiceId,
    /// Who.
    pub staff: StaffId,
    /// Until when.
    pub ends_at: Timestamp,
}

/// What became of a text to somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StaffText {
    /// Its row.
    pub id: OutboxId,
    /// Where it stands: `ready`, `sent`, `gave-up` …
    pub state: String,
    /// What the provider said: `sent`, `undelivered`, `delivered`.
    pub delivery: Option<String>,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
}

impl Tx {
    /// Somebody signs on for duty, until then; who was signed on stays so until the new end.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sign_on(
        &mut self,
        staff: StaffId,
        service: &ServiceId,
        ends_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const END: &str = "UPDATE duty SET ends_at = $1 WHERE staff = $2 AND service = $3 AND $1 < ends_at";
        const SQL: &str = "
            INSERT INTO duty (id, service, staff, began_at, ends_at) VALUES ($1, $2, $3, $4, $5)";
        let id = Uuid::from_bytes(self.random());
        on!(self, |conn| {
            sqlx::query(END).bind(now).bind(staff).bind(service).execute(&mut *conn).await?;
            let begin = sqlx::query(SQL).bind(id).bind(service).bind(staff).bind(now).bind(ends_at);
            begin.execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Somebody signs off, from all services.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sign_off(&mut self, staff: StaffId, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE duty SET ends_at = $1 WHERE staff = $2 AND $1 < ends_at";
        on!(self, |conn| sqlx::query(SQL).bind(now).bind(staff).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// The phone on which somebody is told of concerns from now on; none takes it away.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_staff_phone(
        &mut self,
        staff: StaffId,
        address: Option<AddressId>,
    ) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM staff_phone WHERE staff = $1";
        const SET: &str = "INSERT INTO staff_phone (staff, address) VALUES ($1, $2)";
        on!(self, |conn| {
            sqlx::query(CLEAR).bind(staff).execute(&mut *conn).await?;
            if let Some(address) = address {
                sqlx::query(SET).bind(staff).bind(address).execute(&mut *conn).await?;
            }
        });
        Ok(())
    }
}

impl Reader {
    /// Who is on duty now, for all services, who signed on last first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn all_on_duty(&mut self, now: Timestamp) -> Result<Vec<OnDuty>, StoreError> {
        const SQL: &str = "
            SELECT d.service, d.staff, d.ends_at FROM duty d JOIN staff s ON s.id = d.staff
             WHERE $1 < d.ends_at AND s.active ORDER BY d.began_at DESC, d.id";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(now).fetch_all(conn).await?))
    }

    /// Who is on duty for this service now.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn on_duty(&mut self, service: &ServiceId, now: Timestamp) -> Result<Vec<StaffId>, StoreError> {
        const SQL: &str = "
            SELECT d.staff FROM duty d JOIN staff s ON s.id = d.staff
             WHERE d.service = $1 AND $2 < d.ends_at AND s.active ORDER BY d.began_at DESC, d.id";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(service).bind(now).fetch_all(conn).await?))
    }

    /// The active accounts of this role in a service.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_in_role(
        &mut self,
        service: &ServiceId,
        role: Role,
    ) -> Result<Vec<StaffId>, StoreError> {
        const SQL: &str = "
            SELECT s.id FROM staff s
             WHERE s.active AND s.role = $1
               AND EXISTS (SELECT 1 FROM staff_service f WHERE f.staff = s.id AND f.service = $2)
             ORDER BY s.created_at, s.id";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(role.as_str())
            .bind(service)
            .fetch_all(conn)
            .await?))
    }

    /// The active accounts that answer people of this service: its own, and every administrator.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_of(&mut self, service: &ServiceId) -> Result<Vec<StaffId>, StoreError> {
        const SQL: &str = "
            SELECT s.id FROM staff s
             WHERE s.active
               AND (s.role = 'admin'
                    OR (s.role IN ('link-worker', 'duty-lead', 'safeguarding-lead')
                        AND EXISTS (SELECT 1 FROM staff_service f WHERE f.staff = s.id AND f.service = $1)))
             ORDER BY s.created_at, s.id";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(service).fetch_all(conn).await?))
    }

    /// The phone on which somebody is told of concerns.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_phone(&mut self, staff: StaffId) -> Result<Option<Address>, StoreError> {
        const SQL: &str = "SELECT address FROM staff_phone WHERE staff = $1";
        let address: Option<AddressId> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).fetch_optional(conn).await?);
        match address {
            Some(address) => self.address(address).await.map(Some),
            None => Ok(None),
        }
    }

    /// The newest text to this address that says these messages and belongs to nobody who writes to us.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn newest_staff_text(
        &mut self,
        address: AddressId,
        message_keys: &str,
    ) -> Result<Option<StaffText>, StoreError> {
        const SQL: &str = "
            SELECT id, state, delivery, created_at FROM outbox
             WHERE address = $1 AND message_keys = $2 AND person IS NULL
             ORDER BY created_at DESC, id DESC LIMIT 1";
        Ok(on!(self, |conn| sqlx::query_as(SQL)
            .bind(address)
            .bind(message_keys)
            .fetch_optional(conn)
            .await?))
    }
}
