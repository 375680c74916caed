//! Who watches the unassigned cases of each service.
//!
//! Invariant: an account counts that may sign in, belongs to the service, and has signed in since then. Administrators see
//! every service, and count where they belong to it only: whoever looks after the computers may never look at the cases.

use std::collections::BTreeMap;

use crate::domain::ids::ServiceId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

impl Reader {
    /// How many accounts watch each service; one that nobody watches is not among them.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn watchers(&mut self, since: Timestamp) -> Result<BTreeMap<ServiceId, i64>, StoreError> {
        const SQL: &str = "
            SELECT f.service, COUNT(*) FROM staff_service f JOIN staff s ON s.id = f.staff
             WHERE s.active AND $1 <= s.signed_in_at GROUP BY f.service";
        let rows: Vec<(ServiceId, i64)> =
            on!(self, |conn| sqlx::query_as(SQL).bind(since).fetch_all(conn).await?);
        Ok(rows.into_iter().collect())
    }
}
