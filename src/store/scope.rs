//! The practices of a service to which an account is kept. What follows from it for a case says `sight`.
//!
//! Invariant: an account that is kept to no practice of a service sees all of it, and an administrator always does.

use crate::domain::ids::PracticeId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Practices, each with the service that works for it.
pub type Practices = Vec<(ServiceId, PracticeId)>;

impl Reader {
    /// The practices to which somebody is kept, in order; none where they see all of their services.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn practices_of(&mut self, staff: StaffId) -> Result<Practices, StoreError> {
        const SQL: &str = "SELECT service, practice FROM staff_practice WHERE staff = $1";
        let mut practices: Practices =
            on!(self, |conn| sqlx::query_as(SQL).bind(staff).fetch_all(conn).await?);
        practices.sort();
        Ok(practices)
    }
}

impl Tx {
    /// The practices to which somebody is kept, from now on.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_practices(
        &mut self,
        staff: StaffId,
        practices: &[(ServiceId, PracticeId)],
    ) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM staff_practice WHERE staff = $1";
        const SET: &str = "
            INSERT INTO staff_practice (staff, service, practice) VALUES ($1, $2, $3)
            ON CONFLICT (staff, service, practice) DO NOTHING";
        on!(self, |conn| sqlx::query(CLEAR).bind(staff).execute(conn).await.map(|_| ())?);
        for (service, practice) in practices {
            on!(self, |conn| sqlx::query(SET)
                .bind(staff)
                .bind(service)
                .bind(practice)
                .execute(conn)
                .await
                .map(|_| ())?);
        }
        Ok(())
    }
}
