//! Handovers: one per session and case, updated in place. A case that has ended keeps its own as it was.
//!
//! Invariant: a handover is written together with the answers that it tells.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::HandoverId;
use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::SessionId;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::seal::Cell;
use crate::store::session::SavedSession;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A handover with its summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedHandover<S> {
    /// Its row.
    pub id: HandoverId,
    /// The session that it tells.
    pub session: SessionId,
    /// Why it was handed over.
    pub reason: HandOverReason,
    /// How often it was written.
    pub version: i64,
    /// What it says.
    pub summary: S,
    /// When it was written first.
    pub created_at: Timestamp,
    /// When it was written last.
    pub updated_at: Timestamp,
}

pub(super) const SUMMARY: Cell = Cell::new("handover", "summary_sealed");

#[derive(sqlx::FromRow)]
struct HandoverRow {
    id: HandoverId,
    session: SessionId,
    person: PersonId,
    reason: String,
    version: i64,
    summary_sealed: Vec<u8>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Tx {
    /// Writes the handover of a session to a case, the first time or anew; says which version it is now.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn save_handover<S: Serialize + Sync>(
        &mut self,
        session: &SavedSession,
        referral: ReferralId,
        reason: HandOverReason,
        summary: &S,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        const SQL: &str = "
            INSERT INTO handover (id, session, referral, person, reason, version, summary_sealed, created_at,
                                  updated_at)
            VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $7)
            ON CONFLICT (session, referral) DO UPDATE
               SET reason = excluded.reason, version = handover.version + 1, summary_sealed = excluded.summary_sealed,
                   updated_at = excluded.updated_at
            RETURNING version";
        let id = HandoverId::new(now, self.random());
        // Bound to the session, whose handover it is, because an update keeps the first id.
        let sealed = self.seal(SUMMARY, session.person.0, session.id.0.as_bytes(), summary).await?;
        Ok(on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(id)
            .bind(session.id)
            .bind(referral)
            .bind(session.person)
            .bind(reason.as_str())
            .bind(sealed)
            .bind(now)
            .fetch_one(conn)
            .await?))
    }
}

impl Tx {
    /// Whether anything of a session was ever put before the team.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn was_handed_over(&mut self, session: SessionId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM handover WHERE session = $1)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(session).fetch_one(conn).await?))
    }
}

impl Reader {
    /// The handovers of a referral, the newest first; without those that were erased or cannot be read.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn handovers_of<S: DeserializeOwned>(
        &mut self,
        referral: ReferralId,
    ) -> Result<Vec<SavedHandover<S>>, StoreError> {
        const SQL: &str = "
            SELECT id, session, person, reason, version, summary_sealed, created_at, updated_at
              FROM handover WHERE referral = $1 ORDER BY created_at DESC, id DESC";
        let rows: Vec<HandoverRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(referral).fetch_all(conn).await?);
        let mut handovers = Vec::with_capacity(rows.len());
        for row in rows {
            let session = row.session.0;
            let summary = self.open(SUMMARY, row.person.0, session.as_bytes(), &row.summary_sealed).await;
            let Some(summary) = if_readable(summary)? else { continue };
            handovers.push(SavedHandover {
                id: row.id,
                session: row.session,
                reason: read_code("handover", "reason", &row.reason)?,
                version: row.version,
                summary,
                created_at: row.created_at,
                updated_at: row.updated_at,
            });
        }
        Ok(handovers)
    }
}
