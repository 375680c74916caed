//! Texts to be sent: how they get into the outbox, and how they are taken out again unsent.
//!
//! Invariant: the words of a text stand in its row as they will be sent; nothing is rendered later.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::ids::AddressId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::SessionId;
use crate::domain::ids::StaffId;
use crate::domain::message::Button;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::message_word::Message;
use crate::store::message_word::MessageKind;
use crate::store::same_person::whole_person;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A text to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// Where it goes.
    pub address: AddressId,
    /// To whom; nobody for an alert to staff.
    pub person: Option<PersonId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// In which case.
    pub referral: Option<ReferralId>,
    /// Who says it.
    pub author: Author,
    /// What it is for.
    pub purpose: Purpose,
    /// The messages of the locale files that it says, separated by commas.
    pub message_keys: String,
    /// What it says.
    pub body: Body,
    /// How many parts it has on SMS.
    pub parts: u16,
    /// When it may leave.
    pub due_at: Timestamp,
}

/// What a text says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The words.
    pub text: Words,
    /// Buttons, on channels that have them.
    pub buttons: Vec<Button>,
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Author {
    /// The conversation.
    Bot,
    /// The program, outside a conversation.
    System,
    /// A link worker.
    Staff(StaffId),
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bot => f.write_str("bot"),
            Self::System => f.write_str("system"),
            Self::Staff(id) => id.fmt(f),
        }
    }
}

/// The text names no author.
#[derive(Debug, thiserror::Error)]
#[error("not an author")]
pub struct NotAnAuthor;

impl FromStr for Author {
    type Err = NotAnAuthor;

    fn from_str(text: &str) -> Result<Self, NotAnAuthor> {
        match text {
            "bot" => Ok(Self::Bot),
            "system" => Ok(Self::System),
            id => id.parse().map(Self::Staff).map_err(|_| NotAnAuthor),
        }
    }
}

/// How many automatic texts an address got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct AutomaticTexts {
    /// Safety replies: they have a limit of their own.
    pub safety: i64,
    /// All others.
    pub other: i64,
}

pub(super) const BODY: Cell = Cell::new("outbox", "body_sealed");

impl Tx {
    /// Puts a text into the outbox, behind everything that its address has there.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn append_text(&mut self, text: &NewText, now: Timestamp) -> Result<OutboxId, StoreError> {
        const SQL: &str = "
            INSERT INTO outbox (id, address, sequence, person, session, referral, author, purpose, urgency,
                                message_keys, sealed_for, body_sealed, parts, state, due_at, expires_at, attempts,
                                created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'ready', $14, $15, 0, $16)";
        let id = OutboxId::new(now, self.random());
        let sequence = self.next_sequence(text.address).await?;
        let owner = text.person.map_or(text.address.0, |person| person.0);
        let sealed = self.seal(BODY, owner, id.0.as_bytes(), &text.body).await?;
        let expires_at = text.purpose.good_for().map(|good_for| text.due_at.plus(good_for));
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(text.address)
            .bind(sequence)
            .bind(text.person)
            .bind(text.session)
            .bind(text.referral)
            .bind(text.author.to_string())
            .bind(text.purpose.as_str())
            .bind(text.purpose.order())
            .bind(&text.message_keys)
            .bind(owner)
            .bind(sealed)
            .bind(i16::try_from(text.parts).unwrap_or(i16::MAX))
            .bind(text.due_at)
            .bind(expires_at)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        if let (Author::Staff(_), Some(person)) = (text.author, text.person) {
            let (kind, text) = (MessageKind::Told, &text.body.text.0);
            self.index_words(Message { id: id.0, kind, person, text, written_at: now }).await?;
        }
        Ok(id)
    }

    /// Takes back the scheduled texts that this address has waiting.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn cancel_scheduled(&mut self, address: AddressId) -> Result<u64, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'cancelled'
             WHERE address = $1 AND purpose = 'scheduled' AND state = 'ready'";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(address).execute(conn).await?.rows_affected()))
    }

    /// Takes back the safety replies to a person that still wait for a worker: one is replying.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn cancel_waiting_safety(
        &mut self,
        person: PersonId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        const SQL: &str = concat!(
            "
            UPDATE outbox SET state = 'cancelled'
             WHERE purpose = 'safety' AND state = 'ready' AND attempts = 0 AND $2 < due_at AND person IN ",
            whole_person!("$1")
        );
        Ok(on!(self, |conn| sqlx::query(SQL).bind(person).bind(now).execute(conn).await?.rows_affected()))
    }

    /// Takes back everything that this address has waiting, safety replies too: for those who have died, or asked not
    /// to be contacted.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn cancel_all_texts(&mut self, address: AddressId) -> Result<u64, StoreError> {
        const SQL: &str = "UPDATE outbox SET state = 'cancelled' WHERE address = $1 AND state = 'ready'";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(address).execute(conn).await?.rows_affected()))
    }
}

impl Reader {
    /// How many automatic texts were put into the outbox for this address since then.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn count_automatic_texts(
        &mut self,
        address: AddressId,
        since: Timestamp,
    ) -> Result<AutomaticTexts, StoreError> {
        const SQL: &str = "
            SELECT COUNT(*) FILTER (WHERE purpose = 'safety') AS safety,
                   COUNT(*) FILTER (WHERE purpose <> 'safety') AS other
              FROM outbox
             WHERE address = $1 AND $2 <= created_at AND author IN ('bot', 'system')";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(address).bind(since).fetch_one(conn).await?))
    }
}
