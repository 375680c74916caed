//! The audit: who did what, and who read what. No contents.
//!
//! Invariant: rows are added, never changed; their numbers have no gaps, and each bears a keyed hash (`audit_seal.rs`).

use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditLine {
    /// Its number.
    pub number: i64,
    /// When.
    pub happened_at: Timestamp,
    /// Who: `bot`, `system`, or an id of staff.
    pub actor: String,
    /// What, such as `read-referral`.
    pub action: String,
    /// The kind of thing, such as `referral`.
    pub subject_kind: String,
    /// Its id.
    pub subject: String,
}

impl Tx {
    /// Adds a line. Call it last in a story: on PostgreSQL it makes other stories that are audited wait for the COMMIT.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn audit(
        &mut self,
        actor: Author,
        action: &str,
        subject_kind: &str,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const NUMBER: &str =
            "UPDATE audit_counter SET last = last + 1 WHERE name = 'audit' RETURNING last, seal";
        const SQL: &str = "
            INSERT INTO audit (number, happened_at, actor, action, subject_kind, subject, seal)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        const LAST: &str = "UPDATE audit_counter SET seal = $1 WHERE name = 'audit'";
        let (number, before): (i64, Option<Vec<u8>>) =
            on!(self, |conn| sqlx::query_as(NUMBER).fetch_one(conn).await?);
        let line = AuditLine::new(number, &actor.to_string(), action, (subject_kind, subject), now);
        let seal = self.seal_of(&line, before.as_deref());
        on!(self, |conn| sqlx::query(SQL)
            .bind(line.number)
            .bind(line.happened_at)
            .bind(&line.actor)
            .bind(&line.action)
            .bind(&line.subject_kind)
            .bind(&line.subject)
            .bind(&seal)
            .execute(conn)
            .await
            .map(|_| ())?);
        on!(self, |conn| sqlx::query(LAST).bind(&seal).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}

impl Reader {
    /// The audit before this number, or its end, the newest line first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn audit_before(
        &mut self,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<AuditLine>, StoreError> {
        const SQL: &str = "
            SELECT number, happened_at, actor, action, subject_kind, subject FROM audit
             WHERE number < $1 ORDER BY number DESC LIMIT $2";
        let before = before.unwrap_or(i64::MAX);
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(before).bind(i64::from(limit)).fetch_all(conn).await?))
    }

    /// The audit of a thing, the oldest line first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn audit_of(
        &mut self,
        subject_kind: &str,
        subject: &str,
    ) -> Result<Vec<AuditLine>, StoreError> {
        const SQL: &str = "
            SELECT number, happened_at, actor, action, subject_kind, subject FROM audit
             WHERE subject_kind = $1 AND subject = $2 ORDER BY number";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(subject_kind).bind(subject).fetch_all(conn).await?))
    }
}
