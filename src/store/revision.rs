//! Revisions: each flow that a session was begun with, and a copy of the wording it uses.
//!
//! Invariant: a revision is written before any session uses it, and never changed.

use crate::domain::ids::ConversationId;
use crate::domain::ids::RevisionId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A flow and the wording it uses, as they were written.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Revision {
    /// The conversation.
    pub conversation: ConversationId,
    /// The revision.
    pub id: RevisionId,
    /// The flow.
    pub flow: String,
    /// The wording.
    pub wording: String,
}

impl Tx {
    /// Keeps a revision; does nothing where it is kept.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn keep_revision(&mut self, revision: &Revision, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO revision (id, conversation, flow, wording, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (conversation, id) DO NOTHING";
        on!(self, |conn| sqlx::query(SQL)
            .bind(&revision.id)
            .bind(&revision.conversation)
            .bind(&revision.flow)
            .bind(&revision.wording)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }
}

impl Reader {
    /// A revision of a conversation.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn revision(
        &mut self,
        conversation: &ConversationId,
        id: &RevisionId,
    ) -> Result<Revision, StoreError> {
        const SQL: &str = "
            SELECT conversation, id, flow, wording FROM revision WHERE conversation = $1 AND id = $2";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(conversation).bind(id).fetch_one(conn).await?))
    }

    /// Every revision that is kept, and how many live sessions use it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn revisions(&mut self) -> Result<Vec<(ConversationId, RevisionId, i64)>, StoreError> {
        const SQL: &str = "
            SELECT revision.conversation, revision.id, COUNT(session.id)
              FROM revision
              LEFT JOIN session ON session.conversation = revision.conversation
                   AND session.revision = revision.id AND session.status = 'live'
             GROUP BY revision.conversation, revision.id
             ORDER BY revision.conversation, revision.id";
        Ok(on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await?))
    }
}
