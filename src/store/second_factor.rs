//! The second factor of staff: its secret, the codes that were taken, and what lets somebody in who has lost it.
//!
//! Invariant: a code is taken once; a recovery code stands here as a keyed hash only.

use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::staff::SECOND_FACTOR;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

impl Reader {
    /// How many recovery codes somebody has left.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn recovery_codes_left(&mut self, staff: StaffId) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM recovery_code WHERE staff = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).fetch_one(conn).await?))
    }

    /// Whose password was right, where their code is still awaited under this token.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sign_in_ticket(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<StaffId>, StoreError> {
        const SQL: &str = "SELECT staff FROM sign_in_ticket WHERE token_hash = $1 AND $2 < expires_at";
        let hash = token_hash.to_vec();
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(hash).bind(now).fetch_optional(conn).await?))
    }

    fn recovery_hash(&self, staff: StaffId, code: &str) -> Vec<u8> {
        self.keyed_index("recovery-code", &[staff.0.as_bytes(), code.as_bytes()].concat())
    }
}

impl Tx {
    /// Another second factor, or none. Codes of the one before, and its recovery codes, work no more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_second_factor(
        &mut self,
        staff: StaffId,
        secret: Option<&Words>,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE staff SET second_factor_sealed = $1, second_factor_step = NULL WHERE id = $2";
        let sealed = match secret {
            Some(secret) => Some(self.seal(SECOND_FACTOR, HOUSE, staff.0.as_bytes(), secret).await?),
            None => None,
        };
        on!(self, |conn| sqlx::query(SQL).bind(sealed).bind(staff).execute(conn).await.map(|_| ())?);
        self.put_recovery_codes(staff, &[]).await
    }

    /// Takes the code of this half minute; false where it, or one after it, was taken before.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_code_of(&mut self, staff: StaffId, step: i64) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE staff SET second_factor_step = $1
             WHERE id = $2 AND second_factor_sealed IS NOT NULL
               AND (second_factor_step IS NULL OR second_factor_step < $1)";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(step).bind(staff).execute(conn).await?.rows_affected())
            == 1)
    }

    /// These recovery codes, and no others, from now on.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn put_recovery_codes(&mut self, staff: StaffId, codes: &[String]) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM recovery_code WHERE staff = $1";
        const PUT: &str = "INSERT INTO recovery_code (staff, code_hash) VALUES ($1, $2)";
        on!(self, |conn| sqlx::query(CLEAR).bind(staff).execute(conn).await.map(|_| ())?);
        for code in codes {
            let hash = self.recovery_hash(staff, code);
            on!(self, |conn| sqlx::query(PUT).bind(staff).bind(hash).execute(conn).await.map(|_| ())?);
        }
        Ok(())
    }

    /// Uses a recovery code up; false where it is none of theirs, or was used.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn use_recovery_code(&mut self, staff: StaffId, code: &str) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM recovery_code WHERE staff = $1 AND code_hash = $2";
        let hash = self.recovery_hash(staff, code);
        Ok(on!(self, |conn| sqlx::query(SQL).bind(staff).bind(hash).execute(conn).await?.rows_affected())
            == 1)
    }

    /// Notes that somebody's password was right, and that their code is awaited under this token. Old ones are
    /// forgotten.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn put_sign_in_ticket(
        &mut self,
        token_hash: &[u8; 32],
        staff: StaffId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM sign_in_ticket WHERE expires_at <= $1";
        const PUT: &str = "INSERT INTO sign_in_ticket (token_hash, staff, expires_at) VALUES ($1, $2, $3)";
        let hash = token_hash.to_vec();
        on!(self, |conn| sqlx::query(CLEAR).bind(now).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(PUT)
            .bind(hash)
            .bind(staff)
            .bind(expires_at)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Uses a ticket up; false where it was used or is over.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn use_sign_in_ticket(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM sign_in_ticket WHERE token_hash = $1 AND $2 < expires_at";
        let hash = token_hash.to_vec();
        Ok(on!(self, |conn| sqlx::query(SQL).bind(hash).bind(now).execute(conn).await?.rows_affected()) == 1)
    }

    /// Forgets whose code is awaited: their password has changed, or they work here no more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn drop_sign_in_tickets(&mut self, staff: StaffId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM sign_in_ticket WHERE staff = $1";
        on!(self, |conn| sqlx::query(SQL).bind(staff).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}
