//! What became of texts after they left, and which never did.
//!
//! Invariant: statuses come early, late, twice and in any order; the one that says most stays.

use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::ids::SessionId;
use crate::domain::message::DeliveryStatus;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::copy::COPY_KEPT_FOR;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A text, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTrace {
    /// Its row.
    pub id: OutboxId,
    /// To whom.
    pub person: Option<PersonId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// What it was for.
    pub purpose: Purpose,
    /// The provider's code, where it gave one.
    pub error_code: Option<String>,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct TraceRow {
    id: OutboxId,
    person: Option<PersonId>,
    session: Option<SessionId>,
    purpose: String,
    error_code: Option<String>,
    created_at: Timestamp,
}

impl TryFrom<TraceRow> for TextTrace {
    type Error = StoreError;

    fn try_from(row: TraceRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            person: row.person,
            session: row.session,
            purpose: read_code("outbox", "purpose", &row.purpose)?,
            error_code: row.error_code,
            created_at: row.created_at,
        })
    }
}

/// What the provider said of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryReport<'a> {
    /// The provider's id of the text.
    pub provider_id: &'a str,
    /// What became of it.
    pub status: DeliveryStatus,
    /// Why not, where the provider says so.
    pub error_code: Option<&'a str>,
}

impl Tx {
    /// Notes what the provider said of a text; nothing where more was known already, or the text is none of ours. It
    /// also settles a text whose fate is in doubt, or was: one that waits to be sent once more is not, and one that was
    /// given up in doubt has left after all. `id` is the row that the callback named, else the provider's id finds
    /// it; a row that is known to be another text of the provider's stays as it is.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_delivery(
        &mut self,
        id: Option<OutboxId>,
        report: DeliveryReport<'_>,
        now: Timestamp,
    ) -> Result<Option<TextTrace>, StoreError> {
        const SQL: &str = "
            UPDATE outbox
               SET delivery = $1, provider_id = COALESCE(provider_id, $3),
                   sent_at = COALESCE(sent_at, $4),
                   copy_due_at = CASE WHEN 0 < $6 THEN $4 ELSE COALESCE(copy_due_at, $7) END,
                   error_code = COALESCE($2, CASE WHEN state = 'gave-up' THEN NULL ELSE error_code END),
                   state = 'sent'
             WHERE id = $5 AND (provider_id IS NULL OR provider_id = $3)
               AND (state IN ('attempting', 'in-doubt', 'sent') OR (state = 'ready' AND again)
                    OR (state = 'gave-up' AND error_code = 'unknown'))
               AND CASE WHEN delivery IS NULL THEN -1 WHEN delivery = 'sent' THEN 0
                        WHEN delivery = 'undelivered' THEN 1 ELSE 2 END < $6
            RETURNING id, person, session, purpose, error_code, created_at";
        let id = match id {
            Some(id) => Some(id),
            None => self.text_of_provider(report.provider_id).await?,
        };
        let (code, rank) = match report.status {
            DeliveryStatus::Sent => ("sent", 0),
            DeliveryStatus::Undelivered => ("undelivered", 1),
            DeliveryStatus::Delivered => ("delivered", 2),
        };
        let row: Option<TraceRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(code)
            .bind(report.error_code)
            .bind(report.provider_id)
            .bind(now)
            .bind(id)
            .bind(rank)
            .bind(now.plus(COPY_KEPT_FOR))
            .fetch_optional(conn)
            .await?);
        row.map(TextTrace::try_from).transpose()
    }

    async fn text_of_provider(&mut self, provider_id: &str) -> Result<Option<OutboxId>, StoreError> {
        const SQL: &str = "SELECT id FROM outbox WHERE provider_id = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(provider_id).fetch_optional(conn).await?))
    }

    /// Marks the texts that have waited too long, and says which: somebody may have to know.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn expire_texts(&mut self, now: Timestamp) -> Result<Vec<TextTrace>, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'expired' WHERE state = 'ready' AND expires_at <= $1
            RETURNING id, person, session, purpose, error_code, created_at";
        let rows: Vec<TraceRow> = on!(self, |conn| sqlx::query_as(SQL).bind(now).fetch_all(conn).await?);
        rows.into_iter().map(TextTrace::try_from).collect()
    }
}

impl Reader {
    /// Whether what the provider calls so is known to be another text than this one.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn is_of_another(&mut self, text: OutboxId, provider_id: &str) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM outbox WHERE provider_id = $1 AND id <> $2)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(provider_id).bind(text).fetch_one(conn).await?))
    }

    /// Texts that will never arrive, the newest first: given up, expired, or not delivered.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn dead_texts(&mut self, since: Timestamp, limit: u16) -> Result<Vec<TextTrace>, StoreError> {
        const SQL: &str = "
            SELECT id, person, session, purpose, error_code, created_at FROM outbox
             WHERE $1 <= created_at AND (state IN ('gave-up', 'expired') OR delivery = 'undelivered')
             ORDER BY created_at DESC, id DESC LIMIT $2";
        let rows: Vec<TraceRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(since).bind(i64::from(limit)).fetch_all(conn).await?);
        rows.into_iter().map(TextTrace::try_from).collect()
    }

    /// Safety replies and alerts that were put into the outbox in this span and have not arrived, and nobody has been
    /// told of it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn unconfirmed_safety_texts(
        &mut self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<TextTrace>, StoreError> {
        const SQL: &str = "
            SELECT id, person, session, purpose, error_code, created_at FROM outbox
             WHERE $1 <= created_at AND created_at < $2 AND urgency <= 1 AND escalated_at IS NULL
               AND state <> 'cancelled' AND (delivery IS NULL OR delivery <> 'delivered')
             ORDER BY created_at, id";
        let rows: Vec<TraceRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(from).bind(until).fetch_all(conn).await?);
        rows.into_iter().map(TextTrace::try_from).collect()
    }
}
