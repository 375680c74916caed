//! The hold on sending: a restored copy sends nothing until an operator says so.
//!
//! Invariant: while it is set, no node claims a text; nothing but an operator's word lifts it.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::ids::AddressId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::message::Handle;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::address;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Why nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Since when.
    pub since: Timestamp,
}

/// What waits for the end of the hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// Texts that leave as soon as it is lifted.
    pub fresh: i64,
    /// People whose case waits for a human.
    pub to_call: i64,
}

/// An answer that waits, to a text that was sent before the hold began and taken in after: whoever answered before may
/// have answered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapAnswer {
    /// The answer.
    pub id: OutboxId,
    /// To whom.
    pub person: Option<PersonId>,
    /// Their number.
    pub to: Handle,
    /// When they sent what it answers.
    pub asked_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct GapRow {
    id: OutboxId,
    person: Option<PersonId>,
    address: AddressId,
    handle_sealed: Vec<u8>,
    asked_at: Timestamp,
}

/// The setting that holds when the last backup was made.
pub const LAST_BACKUP: &str = "last-backup";

const NAME: &str = "sending-held";
/// The code of a text of which a copy cannot know whether it left after the copy was made.
const RESTORED: &str = "restored";

impl Reader {
    /// Whether sending is held.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sending_held(&mut self) -> Result<Option<Hold>, StoreError> {
        Ok(self.setting::<Option<Hold>>(NAME).await?.flatten())
    }

    /// What waits for the end of the hold.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn held(&mut self, now: Timestamp) -> Result<Held, StoreError> {
        const SQL: &str = "
            SELECT (SELECT COUNT(*) FROM outbox
                     WHERE state = 'ready' AND due_at <= $1 AND (expires_at IS NULL OR $1 < expires_at)) AS fresh,
                   (SELECT COUNT(DISTINCT person) FROM referral WHERE reply_due AND closed_at IS NULL) AS to_call";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(now).fetch_one(conn).await?))
    }
}

impl Reader {
    /// The automatic answers that wait and may have been given before the hold. Only text messages: Telegram hands out
    /// nothing a second time.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn answers_of_the_gap(&mut self, held_since: Timestamp) -> Result<Vec<GapAnswer>, StoreError> {
        const SQL: &str = "
            SELECT o.id, o.person, o.address, a.handle_sealed, i.sent_at AS asked_at
              FROM outbox o
              JOIN address a ON a.id = o.address
              JOIN inbound i ON i.address = o.address
             WHERE o.state = 'ready' AND o.purpose <> 'scheduled' AND o.author IN ('bot', 'system') AND a.channel = 'sms'
               AND i.sequence = (SELECT MAX(j.sequence) FROM inbound j
                                  WHERE j.address = o.address AND j.sequence < o.sequence)
               AND $1 <= i.received_at AND i.sent_at < $1
             ORDER BY o.created_at, o.id";
        let rows: Vec<GapRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(held_since).fetch_all(conn).await?);
        let mut answers = Vec::with_capacity(rows.len());
        for row in rows {
            let address = row.address.0;
            let to = self.open(address::HANDLE, address, address.as_bytes(), &row.handle_sealed).await?;
            answers.push(GapAnswer { id: row.id, person: row.person, to, asked_at: row.asked_at });
        }
        Ok(answers)
    }
}

impl Tx {
    /// Somebody had this answer before the hold: it does not leave, and a human looks at their case.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn end_answer_of_the_gap(
        &mut self,
        answer: &GapAnswer,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE outbox SET state = 'gave-up', error_code = $1 WHERE id = $2 AND state = 'ready'";
        on!(self, |conn| sqlx::query(SQL).bind(RESTORED).bind(answer.id).execute(conn).await.map(|_| ())?);
        self.call_human(answer.id, answer.person, now).await.map(|_| ())
    }

    /// Holds all sending.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn hold_sending(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.set_setting(NAME, &Some(Hold { since: now })).await
    }

    /// Lets texts leave again.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn resume_sending(&mut self) -> Result<(), StoreError> {
        self.set_setting(NAME, &None::<Hold>).await
    }

    /// Takes back texts that had not left when the copy was made, at most so many, and calls a human for whoever waits
    /// for one of them: nobody knows which have left since. What only falls due later stays. Says how many there were.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_back_restored(&mut self, now: Timestamp, limit: u16) -> Result<usize, StoreError> {
        const SQL: &str = "
            SELECT id, person, purpose FROM outbox
             WHERE (state = 'ready' AND due_at <= $1) OR state IN ('leased', 'attempting', 'in-doubt')
             ORDER BY created_at, id LIMIT $2";
        const END: &str = "
            UPDATE outbox SET state = 'gave-up', error_code = $1, leased_until = NULL, lease_token = NULL
             WHERE id = $2";
        let rows: Vec<(OutboxId, Option<PersonId>, String)> =
            on!(self, |conn| sqlx::query_as(SQL).bind(now).bind(i64::from(limit)).fetch_all(conn).await?);
        for (id, person, purpose) in &rows {
            on!(self, |conn| sqlx::query(END).bind(RESTORED).bind(id).execute(conn).await.map(|_| ())?);
            if read_code::<Purpose>("outbox", "purpose", purpose)? != Purpose::Scheduled {
                self.call_human(*id, *person, now).await?;
            }
        }
        Ok(rows.len())
    }
}
