//! What was said by and to a person, in the order in which it was said.
//!
//! Invariant: nothing that came in is left out, also where it could not be read.

use uuid::Uuid;

use crate::domain::ids::InboundId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::ids::SessionId;
use crate::domain::message::Content;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::inbound;
use crate::store::outbox;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::same_person::whole_person;
use crate::store::tx::Reader;

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When: received, or put into the outbox.
    pub at: Timestamp,
    /// In which session.
    pub session: Option<SessionId>,
    /// By whom, and what.
    pub what: SaidWhat,
    /// The place in the one order of its address.
    sequence: i64,
}

/// By whom something was said, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaidWhat {
    /// The person wrote.
    Heard {
        /// Its row.
        id: InboundId,
        /// What; nothing where it was erased or cannot be read.
        content: Option<Content>,
        /// When it was sent, where the provider says so.
        sent_at: Option<Timestamp>,
    },
    /// A text to the person.
    Told {
        /// Its row.
        id: OutboxId,
        /// Who wrote it.
        author: Author,
        /// What it is for.
        purpose: Purpose,
        /// The messages of the locale files that it says, separated by commas.
        message_keys: String,
        /// What; nothing where it was erased or cannot be read.
        body: Option<Body>,
        /// Where it stands: `ready`, `sent`, `gave-up` …
        state: String,
        /// What the provider said: `sent`, `undelivered`, `delivered`.
        delivery: Option<String>,
        /// Why not.
        error_code: Option<String>,
    },
}

#[derive(sqlx::FromRow)]
struct HeardRow {
    id: InboundId,
    sequence: i64,
    session: Option<SessionId>,
    sealed_for: Uuid,
    body_sealed: Option<Vec<u8>>,
    sent_at: Option<Timestamp>,
    received_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ToldRow {
    id: OutboxId,
    sequence: i64,
    session: Option<SessionId>,
    author: String,
    purpose: String,
    message_keys: String,
    sealed_for: Uuid,
    body_sealed: Option<Vec<u8>>,
    state: String,
    delivery: Option<String>,
    error_code: Option<String>,
    created_at: Timestamp,
}

impl Reader {
    /// What was said by and to a person: the newest `limit` of each, in order. What they said to the end and wished
    /// to be passed on to nobody is not there.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn thread(&mut self, person: PersonId, limit: u16) -> Result<Vec<Said>, StoreError> {
        self.said(person, i64::from(limit), false).await
    }

    /// Everything that was said by and to a person, in order: for themselves.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn everything_said(&mut self, person: PersonId) -> Result<Vec<Said>, StoreError> {
        self.said(person, i64::MAX, true).await
    }

    /// When a person wrote last, also what is shown to nobody; nothing where they never did.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn heard_last(&mut self, person: PersonId) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str =
            concat!("SELECT MAX(received_at) FROM inbound WHERE person IN ", whole_person!("$1"));
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_one(conn).await?))
    }

    async fn said(&mut self, person: PersonId, limit: i64, whole: bool) -> Result<Vec<Said>, StoreError> {
        let mut thread = self.heard(person, limit, whole).await?;
        thread.extend(self.told(person, limit, whole).await?);
        thread.sort_by_key(|said| (said.at, said.sequence));
        Ok(thread)
    }

    async fn heard(&mut self, person: PersonId, limit: i64, whole: bool) -> Result<Vec<Said>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, sequence, session, sealed_for, body_sealed, sent_at, received_at
              FROM inbound
             WHERE person IN ",
            whole_person!("$1"),
            "
               AND ($3 OR NOT EXISTS (SELECT 1 FROM session
                                WHERE session.id = inbound.session AND session.status = 'finished'
                                  AND NOT EXISTS (SELECT 1 FROM handover WHERE handover.session = session.id)))
             ORDER BY received_at DESC, sequence DESC LIMIT $2"
        );
        let rows: Vec<HeardRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(person)
            .bind(limit)
            .bind(whole)
            .fetch_all(conn)
            .await?);
        let mut heard = Vec::with_capacity(rows.len());
        for row in rows {
            let sealed = row.body_sealed.as_deref();
            let content = self.open_some(inbound::BODY, row.sealed_for, row.id.0.as_bytes(), sealed).await;
            let content = if_readable(content)?.flatten();
            heard.push(Said {
                at: row.received_at,
                session: row.session,
                sequence: row.sequence,
                what: SaidWhat::Heard { id: row.id, content, sent_at: row.sent_at },
            });
        }
        Ok(heard)
    }

    async fn told(&mut self, person: PersonId, limit: i64, whole: bool) -> Result<Vec<Said>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, sequence, session, author, purpose, message_keys, sealed_for, body_sealed, state, delivery,
                   error_code, created_at
              FROM outbox
             WHERE person IN ",
            whole_person!("$1"),
            "
               AND ($3 OR NOT EXISTS (SELECT 1 FROM session
                                WHERE session.id = outbox.session AND session.status = 'finished'
                                  AND NOT EXISTS (SELECT 1 FROM handover WHERE handover.session = session.id)))
             ORDER BY created_at DESC, sequence DESC LIMIT $2"
        );
        let rows: Vec<ToldRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(person)
            .bind(limit)
            .bind(whole)
            .fetch_all(conn)
            .await?);
        let mut told = Vec::with_capacity(rows.len());
        for row in rows {
            let sealed = row.body_sealed.as_deref();
            let body = self.open_some(outbox::BODY, row.sealed_for, row.id.0.as_bytes(), sealed).await;
            let body = if_readable(body)?.flatten();
            told.push(Said {
                at: row.created_at,
                session: row.session,
                sequence: row.sequence,
                what: SaidWhat::Told {
                    id: row.id,
                    author: read_code("outbox", "author", &row.author)?,
                    purpose: read_code("outbox", "purpose", &row.purpose)?,
                    message_keys: row.message_keys,
                    body,
                    state: row.state,
                    delivery: row.delivery,
                    error_code: row.error_code,
                },
            });
        }
        Ok(told)
    }
}
