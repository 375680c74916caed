//! Signing in: sessions of staff, failures that slow down guessing, and the link that sets up the first administrator.
//!
//! Invariant: a token stands here as a hash only.

use uuid::Uuid;

use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A session of somebody who works here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct StaffSession {
    /// Who.
    pub staff: StaffId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When they were seen last.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A browser in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenSession {
    /// The hash of its token, which opens nothing.
    pub token_hash: Vec<u8>,
    /// The kind of browser; none where it is older than this list.
    pub device: Option<String>,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When they were seen last.
    pub seen_at: Timestamp,
}

/// How often something has failed, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Failures {
    /// How often.
    pub count: i64,
    /// When last.
    pub last_at: Option<Timestamp>,
}

impl Reader {
    /// The session with this token, if it goes on and its owner may still sign in.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<StaffSession>, StoreError> {
        const SQL: &str = "
            SELECT t.staff, t.created_at, t.seen_at, t.expires_at
              FROM staff_session t JOIN staff s ON s.id = t.staff
             WHERE t.token_hash = $1 AND $2 < t.expires_at AND s.active";
        let hash = token_hash.to_vec();
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(hash).bind(now).fetch_optional(conn).await?))
    }

    /// The sessions of somebody that go on, the newest first: the hash of each token, and the kind of browser.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_sessions(
        &mut self,
        staff: StaffId,
        now: Timestamp,
    ) -> Result<Vec<OpenSession>, StoreError> {
        const SQL: &str = "
            SELECT token_hash, device, created_at, seen_at FROM staff_session
             WHERE staff = $1 AND $2 < expires_at ORDER BY created_at DESC, token_hash";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(staff).bind(now).fetch_all(conn).await?))
    }

    /// How often signing in with this e-mail address has failed since then, wherever from.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn failed_sign_ins(&mut self, email: &str, since: Timestamp) -> Result<Failures, StoreError> {
        const SQL: &str = "
            SELECT COUNT(*) AS count, MAX(failed_at) AS last_at FROM sign_in_failure
             WHERE lookup = $1 AND $2 <= failed_at";
        let lookup = self.email_lookup(email);
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(lookup).bind(since).fetch_one(conn).await?))
    }

    /// How often that came from there.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn failed_sign_ins_from(
        &mut self,
        email: &str,
        source: &str,
        since: Timestamp,
    ) -> Result<i64, StoreError> {
        const SQL: &str = "
            SELECT COUNT(*) FROM sign_in_failure WHERE lookup = $1 AND $2 <= failed_at AND source = $3";
        let (lookup, source) = (self.email_lookup(email), self.source_index(source));
        Ok(on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(lookup)
            .bind(since)
            .bind(source)
            .fetch_one(conn)
            .await?))
    }

    fn source_index(&self, source: &str) -> Vec<u8> {
        self.keyed_index("sign-in-source", source.as_bytes())
    }

    /// Whether this link still sets up the first administrator.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_up_link_works(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            SELECT EXISTS (SELECT 1 FROM set_up_link WHERE token_hash = $1 AND $2 < expires_at)";
        let hash = token_hash.to_vec();
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(hash).bind(now).fetch_one(conn).await?))
    }
}

impl Tx {
    /// Signs somebody in, in a browser of this kind: a word of a closed list. What ended by itself is cleared away.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn open_staff_session(
        &mut self,
        token_hash: &[u8; 32],
        staff: StaffId,
        device: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM staff_session WHERE expires_at <= $1";
        const SQL: &str = "
            INSERT INTO staff_session (token_hash, staff, created_at, seen_at, expires_at, device)
            VALUES ($1, $2, $3, $3, $4, $5)";
        const NOTE: &str = "UPDATE staff SET signed_in_at = $1 WHERE id = $2";
        on!(self, |conn| sqlx::query(CLEAR).bind(now).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(NOTE).bind(now).bind(staff).execute(conn).await.map(|_| ())?);
        let hash = token_hash.to_vec();
        on!(self, |conn| sqlx::query(SQL)
            .bind(hash)
            .bind(staff)
            .bind(now)
            .bind(expires_at)
            .bind(device)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Notes that somebody was seen, and lets their session go on until then.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn extend_staff_session(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE staff_session SET seen_at = $1, expires_at = $2 WHERE token_hash = $3";
        let hash = token_hash.to_vec();
        on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(expires_at)
            .bind(hash)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Signs somebody out here.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn close_staff_session(&mut self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM staff_session WHERE token_hash = $1";
        let hash = token_hash.to_vec();
        on!(self, |conn| sqlx::query(SQL).bind(hash).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Signs somebody out everywhere.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn close_staff_sessions(&mut self, staff: StaffId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM staff_session WHERE staff = $1";
        on!(self, |conn| sqlx::query(SQL).bind(staff).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Signs somebody out everywhere but here.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn close_other_staff_sessions(
        &mut self,
        staff: StaffId,
        here: &[u8; 32],
    ) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM staff_session WHERE staff = $1 AND token_hash <> $2";
        let here = here.to_vec();
        on!(self, |conn| sqlx::query(SQL).bind(staff).bind(here).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Notes that signing in with this e-mail address has failed, from there, whether anybody has it or not.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_failed_sign_in(
        &mut self,
        email: &str,
        source: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "INSERT INTO sign_in_failure (id, lookup, failed_at, source) VALUES ($1, $2, $3, $4)";
        let id = Uuid::from_bytes(self.random());
        let (lookup, source) = (self.email_lookup(email), source.map(|source| self.source_index(source)));
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(lookup)
            .bind(now)
            .bind(source)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Forgets the failures of this e-mail address, wherever from; says how many there were.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn forget_failed_sign_ins(&mut self, email: &str) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM sign_in_failure WHERE lookup = $1";
        let lookup = self.email_lookup(email);
        Ok(on!(self, |conn| sqlx::query(SQL).bind(lookup).execute(conn).await?.rows_affected()))
    }

    /// Forgets the failures of this e-mail address that came from there: its owner has signed in.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn forget_failed_sign_ins_from(&mut self, email: &str, source: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM sign_in_failure WHERE lookup = $1 AND source = $2";
        let (lookup, source) = (self.email_lookup(email), self.source_index(source));
        on!(self, |conn| sqlx::query(SQL).bind(lookup).bind(source).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Forgets the failures of all addresses before this time: they count no more, and whoever guesses at random
    /// addresses must not fill the disk.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn forget_failed_sign_ins_before(&mut self, before: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM sign_in_failure WHERE failed_at < $1";
        on!(self, |conn| sqlx::query(SQL).bind(before).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Makes a link that sets up the first administrator; it replaces the one before.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn put_set_up_link(
        &mut self,
        token_hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM set_up_link";
        const PUT: &str = "INSERT INTO set_up_link (token_hash, expires_at) VALUES ($1, $2)";
        let hash = token_hash.to_vec();
        on!(self, |conn| sqlx::query(CLEAR).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(PUT).bind(hash).bind(expires_at).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Uses the link up; false where it no longer works.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn use_set_up_link(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM set_up_link WHERE token_hash = $1 AND $2 < expires_at";
        let hash = token_hash.to_vec();
        Ok(on!(self, |conn| sqlx::query(SQL).bind(hash).bind(now).execute(conn).await?.rows_affected()) == 1)
    }
}
