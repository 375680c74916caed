//! Sending: claiming texts, and marking what became of them.
//!
//! A text goes `ready → leased → attempting → sent`, or back to `ready` at a later time, or to `in-doubt`, `gave-up`,
//! `expired`, `cancelled`. `attempting` is committed before the provider is called.
//!
//! Invariant: one text per address is in flight, and only whoever holds its lease can mark it.

use std::time::Duration;

use uuid::Uuid;

use crate::domain::ids::AddressId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::ids::SessionId;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::address;
use crate::store::database::Database;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::outbox;
use crate::store::outbox::Body;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// What marks a text as ours for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The text.
    pub id: OutboxId,
    /// Who leased it.
    pub token: Uuid,
}

/// A text to be sent now, with what decides whether it still may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedText {
    /// What marks it as ours.
    pub lease: Lease,
    /// Where it goes.
    pub address: AddressId,
    /// The channel.
    pub channel: ChannelKind,
    /// The number or chat.
    pub handle: Handle,
    /// To whom.
    pub person: Option<PersonId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// What it is for.
    pub purpose: Purpose,
    /// What it says.
    pub body: Body,
    /// How often it was tried before.
    pub attempts: i32,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
    /// When it is no longer worth sending.
    pub expires_at: Option<Timestamp>,
    /// The address can be texted.
    pub textable: bool,
    /// The address has stopped all texts.
    pub opted_out: bool,
    /// A human is speaking with the person.
    pub hold: bool,
    /// Nothing automatic may be sent to the person.
    pub texts_unsafe: bool,
    /// The person has a concern that nobody has acknowledged.
    pub open_concern: bool,
}

#[derive(sqlx::FromRow)]
struct LeasedRow {
    id: OutboxId,
    lease_token: Uuid,
    address: AddressId,
    channel: String,
    handle_sealed: Vec<u8>,
    person: Option<PersonId>,
    session: Option<SessionId>,
    purpose: String,
    sealed_for: Uuid,
    body_sealed: Vec<u8>,
    attempts: i32,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    textable: bool,
    opted_out: bool,
    hold: Option<bool>,
    texts_unsafe: Option<bool>,
    open_concern: bool,
}

/// The claim: the first text of each address that has none in flight; safety texts overtake, also those in doubt. The
/// one statement with a hole: on PostgreSQL two workers must not wait for, or take, the same rows.
macro_rules! claim {
    ($hole:literal) => {
        concat!(
            "WITH picked AS MATERIALIZED (
                SELECT o.id FROM outbox o
                 WHERE o.state = 'ready' AND o.due_at <= $1 AND (o.expires_at IS NULL OR $1 < o.expires_at)
                   AND NOT EXISTS (SELECT 1 FROM outbox f
                                    WHERE f.address = o.address AND f.state IN ('leased', 'attempting'))
                   AND NOT EXISTS (SELECT 1 FROM outbox d
                                    WHERE d.address = o.address AND d.state = 'in-doubt' AND 0 < o.urgency)
                   AND NOT EXISTS (SELECT 1 FROM outbox b
                                    WHERE b.address = o.address AND b.state = 'ready'
                                      AND (b.urgency, b.sequence) < (o.urgency, o.sequence)
                                      AND (b.due_at <= $1 OR 0 < b.attempts)
                                      AND (b.expires_at IS NULL OR $1 < b.expires_at))
                 ORDER BY o.urgency, o.due_at, o.sequence
                 LIMIT $2 ",
            $hole,
            ")
            UPDATE outbox SET state = 'leased', leased_until = $3, lease_token = $4
             WHERE id IN (SELECT id FROM picked)"
        )
    };
}

impl Tx {
    /// Leases the texts that should be sent now, at most `limit`, the most urgent first.
    ///
    /// # Errors
    /// `Conflict` where another worker was quicker, or where the store fails.
    pub async fn claim_texts(
        &mut self,
        limit: u16,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Vec<LeasedText>, StoreError> {
        const SQLITE: &str = claim!("");
        const POSTGRES: &str = claim!("FOR UPDATE OF o SKIP LOCKED");
        let token = Uuid::from_bytes(self.random());
        let (limit, until) = (i64::from(limit), now.plus(lease));
        let claimed = match self.conn() {
            Database::Sqlite(conn) => {
                let claim = sqlx::query(SQLITE).bind(now).bind(limit).bind(until).bind(token);
                claim.execute(conn).await?.rows_affected()
            }
            Database::Postgres(conn) => {
                let claim = sqlx::query(POSTGRES).bind(now).bind(limit).bind(until).bind(token);
                claim.execute(conn).await?.rows_affected()
            }
        };
        if claimed == 0 {
            return Ok(Vec::new());
        }
        self.leased_by(token).await
    }

    async fn leased_by(&mut self, token: Uuid) -> Result<Vec<LeasedText>, StoreError> {
        const SQL: &str = "
            SELECT o.id, o.lease_token, o.address, a.channel, a.handle_sealed, o.person, o.session, o.purpose,
                   o.sealed_for, o.body_sealed, o.attempts, o.created_at, o.expires_at, a.textable, a.opted_out,
                   p.hold, p.texts_unsafe,
                   EXISTS (SELECT 1 FROM concern c
                            WHERE c.person = o.person AND c.acknowledged_at IS NULL) AS open_concern
              FROM outbox o
              JOIN address a ON a.id = o.address
              LEFT JOIN person p ON p.id = o.person
             WHERE o.state IN ('leased', 'attempting') AND o.lease_token = $1
             ORDER BY o.urgency, o.due_at, o.sequence";
        let rows: Vec<LeasedRow> = on!(self, |conn| sqlx::query_as(SQL).bind(token).fetch_all(conn).await?);
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            texts.push(self.read_leased(row).await?);
        }
        Ok(texts)
    }

    /// Says that the provider is about to be called. Commit this before calling.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn begin_attempt(&mut self, lease: Lease) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'attempting', attempts = attempts + 1
             WHERE id = $1 AND lease_token = $2 AND state = 'leased'";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// The provider took it. A delivery status that came earlier stays.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn mark_sent(
        &mut self,
        lease: Lease,
        provider_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox
               SET state = 'sent', provider_id = $3, sent_at = COALESCE(sent_at, $4),
                   delivery = COALESCE(delivery, 'sent'), leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('attempting', 'in-doubt', 'sent')";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(provider_id)
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// It goes back into the outbox, to be tried at this time.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn retry_text(&mut self, lease: Lease, at: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'ready', due_at = $3, leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('leased', 'attempting', 'in-doubt')";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(at)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// Nobody knows whether the provider took it; look again at this time. The lease stays ours.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours, or a status has settled it.
    pub async fn mark_in_doubt(&mut self, lease: Lease, look_at: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = 'in-doubt', due_at = $3, leased_until = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('attempting', 'in-doubt')";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(look_at)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// It will not be sent, and why.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn end_text(&mut self, lease: Lease, end: TextEnd<'_>) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET state = $3, error_code = $4, leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state IN ('leased', 'attempting', 'in-doubt')";
        let (state, code) = match end {
            TextEnd::GaveUp { code } => ("gave-up", Some(code)),
            TextEnd::Expired => ("expired", None),
            TextEnd::Cancelled => ("cancelled", None),
        };
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(state)
            .bind(code)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// Takes back the leases of workers that are gone: what was not tried is ready again, what may have been sent is in
    /// doubt.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn reclaim_stale_leases(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        const READY: &str = "
            UPDATE outbox SET state = 'ready', leased_until = NULL, lease_token = NULL
             WHERE state IN ('leased', 'attempting') AND state = 'leased' AND leased_until <= $1";
        const DOUBT: &str = "
            UPDATE outbox SET state = 'in-doubt', due_at = $1, leased_until = NULL
             WHERE state IN ('leased', 'attempting') AND state = 'attempting' AND leased_until <= $1";
        let mut reclaimed = 0;
        for sql in [READY, DOUBT] {
            reclaimed += on!(self, |conn| sqlx::query(sql).bind(now).execute(conn).await?.rows_affected());
        }
        Ok(reclaimed)
    }
}

/// Why a text will not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEnd<'a> {
    /// The provider will not take it; its code.
    GaveUp {
        /// The code, such as `21610`.
        code: &'a str,
    },
    /// It is too old to be worth sending.
    Expired,
    /// It must not be sent any more.
    Cancelled,
}

impl Reader {
    /// Texts in doubt that should be looked into now, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn texts_in_doubt(&mut self, now: Timestamp, limit: u16) -> Result<Vec<LeasedText>, StoreError> {
        const SQL: &str = "
            SELECT o.id, o.lease_token, o.address, a.channel, a.handle_sealed, o.person, o.session, o.purpose,
                   o.sealed_for, o.body_sealed, o.attempts, o.created_at, o.expires_at, a.textable, a.opted_out,
                   p.hold, p.texts_unsafe,
                   EXISTS (SELECT 1 FROM concern c
                            WHERE c.person = o.person AND c.acknowledged_at IS NULL) AS open_concern
              FROM outbox o
              JOIN address a ON a.id = o.address
              LEFT JOIN person p ON p.id = o.person
             WHERE o.state = 'in-doubt' AND o.due_at <= $1
             ORDER BY o.due_at, o.id LIMIT $2";
        let rows: Vec<LeasedRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(now)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?);
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            texts.push(self.read_leased(row).await?);
        }
        Ok(texts)
    }

    /// When the next text that waits falls due.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn next_text_due(&mut self) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "SELECT MIN(due_at) FROM outbox WHERE state = 'ready'";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).fetch_one(conn).await?))
    }

    async fn read_leased(&self, row: LeasedRow) -> Result<LeasedText, StoreError> {
        let handle_row = row.address.0;
        Ok(LeasedText {
            lease: Lease {
                id: row.id,
                token: row.lease_token,
            },
            address: row.address,
            channel: read_code("address", "channel", &row.channel)?,
            handle: self
                .open(address::HANDLE, handle_row, handle_row.as_bytes(), &row.handle_sealed)
                .await?,
            person: row.person,
            session: row.session,
            purpose: read_code("outbox", "purpose", &row.purpose)?,
            body: self.open(outbox::BODY, row.sealed_for, row.id.0.as_bytes(), &row.body_sealed).await?,
            attempts: row.attempts,
            created_at: row.created_at,
            expires_at: row.expires_at,
            textable: row.textable,
            opted_out: row.opted_out,
            hold: row.hold.unwrap_or(false),
            texts_unsafe: row.texts_unsafe.unwrap_or(false),
            open_concern: row.open_concern,
        })
    }
}
