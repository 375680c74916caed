//! Forms that are sent twice.
//!
//! Invariant: a form's token works once per member of staff. It may hold what was typed: only its keyed index is kept.

use std::time::Duration;

use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// How long a token is remembered: a form comes twice by a second click or a reload, within minutes.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

impl Tx {
    /// Uses a form's token; false where it has been used. Those of long ago are forgotten.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn use_form_token(
        &mut self,
        staff: StaffId,
        token: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const FORGET: &str = "DELETE FROM idempotency WHERE used_at < $1";
        const SQL: &str = "
            INSERT INTO idempotency (token, staff, used_at) VALUES ($1, $2, $3)
            ON CONFLICT (staff, token) DO NOTHING";
        let before = now.minus(REMEMBERED);
        on!(self, |conn| sqlx::query(FORGET).bind(before).execute(conn).await.map(|_| ())?);
        let token = self.form_index(token);
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(token)
            .bind(staff)
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }
}

impl Reader {
    /// Whether a form's token has been used.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn form_token_is_used(&mut self, staff: StaffId, token: &str) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM idempotency WHERE staff = $1 AND token = $2)";
        let token = self.form_index(token);
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).bind(token).fetch_one(conn).await?))
    }

    fn form_index(&self, token: &str) -> String {
        let index = self.keyed_index("form", token.as_bytes());
        index.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
