//! The hold on sending: a restored copy sends nothing until an operator says so.
//!
//! Invariant: while it is set, no node claims a text; nothing but an operator's word lifts it.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
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

impl Tx {
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
