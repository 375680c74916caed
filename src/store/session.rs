//! Sessions: where each person stands.
//!
//! Invariant: a session is saved only over the version that was read, and a person has one live session per channel.

use crate::conversation::session::Ending;
use crate::conversation::session::Session;
use crate::conversation::session::Standing;
use crate::conversation::session::Status;
use crate::domain::ids::AddressId;
use crate::domain::ids::PersonId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::SessionId;
use crate::domain::message::ChannelKind;
use crate::domain::time::Timestamp;
use crate::store::address::Address;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::person::Person;
use crate::store::same_person::whole_person;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A session as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSession {
    /// Its row.
    pub id: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// Where it goes on.
    pub address: AddressId,
    /// The service that it belongs to.
    pub service: ServiceId,
    /// How often it has been saved.
    pub version: i64,
    /// Where the person stands; its standing is the default until `with_standing` sets it.
    pub session: Session,
}

impl SavedSession {
    /// The same, with what belongs to the person.
    #[must_use]
    pub fn with_standing(mut self, standing: Standing) -> Self {
        self.session.standing = standing;
        self
    }
}

const STATE: Cell = Cell::new("session", "state_sealed");

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: SessionId,
    person: PersonId,
    address: AddressId,
    service: ServiceId,
    version: i64,
    state_sealed: Vec<u8>,
}

impl Reader {
    /// The session with this id.
    ///
    /// # Errors
    /// `NotFound` (also where its words were erased), or where the store fails.
    pub async fn session(&mut self, id: SessionId) -> Result<SavedSession, StoreError> {
        const SQL: &str = "
            SELECT id, person, address, service, version, state_sealed
              FROM session WHERE id = $1 AND state_sealed IS NOT NULL";
        let row: Option<SessionRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_optional(conn).await?);
        self.read_session(row).await?.ok_or(StoreError::NotFound)
    }

    /// The live session of this person on this channel.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn live_session(
        &mut self,
        person: PersonId,
        channel: ChannelKind,
    ) -> Result<Option<SavedSession>, StoreError> {
        const SQL: &str = "
            SELECT id, person, address, service, version, state_sealed
              FROM session
             WHERE person = $1 AND channel = $2 AND status = 'live' AND state_sealed IS NOT NULL";
        let row: Option<SessionRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(person)
            .bind(channel.as_str())
            .fetch_optional(conn)
            .await?);
        self.read_session(row).await
    }

    /// The newest session of this person, live or not; none where its words were erased.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn latest_session(&mut self, person: PersonId) -> Result<Option<SavedSession>, StoreError> {
        const SQL: &str = "
            SELECT id, person, address, service, version, state_sealed
              FROM session
             WHERE person = $1 AND state_sealed IS NOT NULL
             ORDER BY started_at DESC, id DESC LIMIT 1";
        let row: Option<SessionRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_optional(conn).await?);
        self.read_session(row).await
    }

    /// The newest session of a person, from whichever phone; none where its words were erased.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn latest_session_anywhere(
        &mut self,
        person: PersonId,
    ) -> Result<Option<SavedSession>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, person, address, service, version, state_sealed
              FROM session
             WHERE state_sealed IS NOT NULL AND person IN ",
            whole_person!("$1"),
            "
             ORDER BY started_at DESC, id DESC LIMIT 1"
        );
        let row: Option<SessionRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_optional(conn).await?);
        self.read_session(row).await
    }

    /// Every session of a person, the oldest first; without those whose words were erased or cannot be read.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sessions_of(&mut self, person: PersonId) -> Result<Vec<SavedSession>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, person, address, service, version, state_sealed
              FROM session WHERE state_sealed IS NOT NULL AND person IN ",
            whole_person!("$1"),
            " ORDER BY started_at, id"
        );
        let rows: Vec<SessionRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_all(conn).await?);
        let mut sessions = Vec::with_capacity(rows.len());
        for row in rows {
            sessions.extend(if_readable(self.read_session(Some(row)).await)?.flatten());
        }
        Ok(sessions)
    }

    async fn read_session(&self, row: Option<SessionRow>) -> Result<Option<SavedSession>, StoreError> {
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(SavedSession {
            id: row.id,
            person: row.person,
            address: row.address,
            service: row.service,
            version: row.version,
            session: self.open(STATE, row.person.0, row.id.0.as_bytes(), &row.state_sealed).await?,
        }))
    }
}

impl Tx {
    /// Opens a session; the person must have no live one on this channel.
    ///
    /// # Errors
    /// `Conflict` where they have, or where the store fails.
    pub async fn open_session(
        &mut self,
        person: &Person,
        address: &Address,
        session: Session,
        now: Timestamp,
    ) -> Result<SavedSession, StoreError> {
        const SQL: &str = "
            INSERT INTO session (id, person, address, channel, service, conversation, revision, status, version,
                                 state_sealed, started_at, heard_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11)";
        let id = SessionId::new(now, self.random());
        let sealed = self.seal(STATE, person.id.0, id.0.as_bytes(), &session).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(person.id)
            .bind(address.id)
            .bind(address.channel.as_str())
            .bind(&person.service)
            .bind(&session.conversation)
            .bind(&session.revision)
            .bind(status_code(&session.status))
            .bind(sealed)
            .bind(session.started_at)
            .bind(session.heard_at)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(SavedSession {
            id,
            person: person.id,
            address: address.id,
            service: person.service.clone(),
            version: 1,
            session,
        })
    }

    /// Saves the session, unless somebody else has moved it since it was read.
    ///
    /// # Errors
    /// `Conflict` where they have, or where the store fails.
    pub async fn save_session(
        &mut self,
        read: &SavedSession,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE session
               SET revision = $1, status = $2, version = version + 1, state_sealed = $3, heard_at = $4, ended_at = $5
             WHERE id = $6 AND version = $7";
        let sealed = self.seal(STATE, read.person.0, read.id.0.as_bytes(), session).await?;
        let ended_at = (!session.is_live()).then_some(now);
        let saved = on!(self, |conn| sqlx::query(SQL)
            .bind(&session.revision)
            .bind(status_code(&session.status))
            .bind(sealed)
            .bind(session.heard_at)
            .bind(ended_at)
            .bind(read.id)
            .bind(read.version)
            .execute(conn)
            .await?
            .rows_affected());
        if saved == 1 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Erases the words of a session: answers and texts in both directions. What
    /// happened and when stays; concerns, and texts that are still to be sent, stay.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn erase_session_words(&mut self, session: SessionId) -> Result<(), StoreError> {
        const WORDS: [&str; 5] = [
            "DELETE FROM message_word
              WHERE message IN (SELECT id FROM inbound WHERE session = $1
                                UNION ALL SELECT id FROM outbox WHERE session = $1)",
            "UPDATE inbound SET body_sealed = NULL WHERE session = $1",
            "UPDATE outbox SET body_sealed = NULL
              WHERE session = $1 AND state NOT IN ('ready', 'leased', 'attempting', 'in-doubt')",
            "UPDATE session SET state_sealed = NULL, version = version + 1 WHERE id = $1",
            "DELETE FROM deadline WHERE session = $1",
        ];
        for sql in WORDS {
            on!(self, |conn| sqlx::query(sql).bind(session).execute(conn).await.map(|_| ())?);
        }
        Ok(())
    }
}

/// The code in the table.
fn status_code(status: &Status) -> &'static str {
    match status {
        Status::Live => "live",
        Status::Ended(Ending::Finished(_)) => "finished",
        Status::Ended(Ending::SentEarly) => "sent-early",
        Status::Ended(Ending::WantsAHuman) => "wants-a-human",
        Status::Ended(Ending::Restarted) => "restarted",
        Status::Ended(Ending::Expired) => "expired",
        Status::Ended(Ending::Stopped) => "stopped",
    }
}
