//! The messages of a person: what came in and what went out, in one list.
//!
//! Invariant: nothing is left out because of what it holds; words that were erased are told as erased.

use crate::domain::ids::InboundId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::message::Content;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::inbound;
use crate::store::outbox;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::tx::Reader;

/// One message.
#[derive(Debug, Clone)]
pub struct Line {
    /// When it came, or was written.
    pub at: Timestamp,
    /// Which way.
    pub way: Way,
}

/// Which way a message went.
#[derive(Debug, Clone)]
pub enum Way {
    /// From the person.
    In {
        /// Its row.
        id: InboundId,
        /// What it held; nothing where it was erased.
        content: Option<Content>,
    },
    /// To the person.
    Out {
        /// Its row.
        id: OutboxId,
        /// Who says it.
        author: Author,
        /// What it is for.
        purpose: Purpose,
        /// What it says; nothing where it was erased.
        body: Option<Body>,
        /// What became of it.
        fate: Fate,
    },
}

/// What became of a text that we sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Not sent yet.
    Waiting,
    /// Handed to the network.
    Sent,
    /// It has arrived.
    Arrived,
    /// It did not arrive.
    DidNotArrive,
    /// Not known whether it was sent.
    Unknown,
    /// It was too late, or no longer right, to send it.
    NotSent,
}

#[derive(sqlx::FromRow)]
struct InRow {
    id: InboundId,
    sealed_for: uuid::Uuid,
    body_sealed: Option<Vec<u8>>,
    received_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct OutRow {
    id: OutboxId,
    author: String,
    purpose: String,
    sealed_for: uuid::Uuid,
    body_sealed: Option<Vec<u8>>,
    state: String,
    delivery: Option<String>,
    created_at: Timestamp,
}

impl Reader {
    /// The newest messages of a person, the oldest of them first: at most `limit` each way.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn thread(&mut self, person: PersonId, limit: u16) -> Result<Vec<Line>, StoreError> {
        const IN: &str = "
            SELECT id, sealed_for, body_sealed, received_at FROM inbound
             WHERE person = $1 ORDER BY received_at DESC, sequence DESC LIMIT $2";
        const OUT: &str = "
            SELECT id, author, purpose, sealed_for, body_sealed, state, delivery, created_at FROM outbox
             WHERE person = $1 ORDER BY created_at DESC, sequence DESC LIMIT $2";
        let limit = i64::from(limit);
        let came: Vec<InRow> =
            on!(self, |conn| sqlx::query_as(IN).bind(person).bind(limit).fetch_all(conn).await?);
        let went: Vec<OutRow> =
            on!(self, |conn| sqlx::query_as(OUT).bind(person).bind(limit).fetch_all(conn).await?);
        let mut lines = Vec::with_capacity(came.len() + went.len());
        // Oldest first, and at the same moment what came before what answers it.
        for row in came.into_iter().rev() {
            lines.push(self.read_in(row).await?);
        }
        for row in went.into_iter().rev() {
            lines.push(self.read_out(row).await?);
        }
        lines.sort_by_key(|line| line.at);
        Ok(lines)
    }

    async fn read_in(&self, row: InRow) -> Result<Line, StoreError> {
        let sealed = row.body_sealed.as_deref();
        let content = self.open_some(inbound::BODY, row.sealed_for, row.id.0.as_bytes(), sealed).await;
        Ok(Line {
            at: row.received_at,
            way: Way::In {
                id: row.id,
                content: unless_erased(content)?,
            },
        })
    }

    async fn read_out(&self, row: OutRow) -> Result<Line, StoreError> {
        let sealed = row.body_sealed.as_deref();
        let body = self.open_some(outbox::BODY, row.sealed_for, row.id.0.as_bytes(), sealed).await;
        Ok(Line {
            at: row.created_at,
            way: Way::Out {
                id: row.id,
                author: read_code("outbox", "author", &row.author)?,
                purpose: read_code("outbox", "purpose", &row.purpose)?,
                body: unless_erased(body)?,
                fate: fate(&row.state, row.delivery.as_deref())?,
            },
        })
    }
}

fn unless_erased<T>(opened: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match opened {
        Err(StoreError::Erased) => Ok(None),
        opened => opened,
    }
}

fn fate(state: &str, delivery: Option<&str>) -> Result<Fate, StoreError> {
    Ok(match (state, delivery) {
        (_, Some("delivered")) => Fate::Arrived,
        (_, Some("undelivered")) | ("gave-up", _) => Fate::DidNotArrive,
        ("sent", _) => Fate::Sent,
        ("ready" | "leased" | "attempting", _) => Fate::Waiting,
        ("in-doubt", _) => Fate::Unknown,
        ("expired" | "cancelled", _) => Fate::NotSent,
        (_, _) => {
            return Err(StoreError::Corrupt {
                table: "outbox",
                column: "state",
            });
        }
    })
}
