//! Forms that are sent twice.
//!
//! Invariant: a form's token works once per member of staff. It may hold what was typed: only its keyed index is kept.

use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

impl Tx {
    /// Uses a form's token; false where it has been used.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn use_form_token(
        &mut self,
        staff: StaffId,
        token: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO idempotency (token, staff, used_at) VALUES ($1, $2, $3)
            ON CONFLICT (staff, token) DO NOTHING";
        let index = self.keyed_index("form", token.as_bytes());
        let token: String = index.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(token)
            .bind(staff)
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// Forgets the tokens that were used before this time: no form is open that long.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn forget_form_tokens(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM idempotency WHERE used_at < $1";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(before).execute(conn).await?.rows_affected()))
    }
}
