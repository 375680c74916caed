//! Texts of link workers that wait for a time of their own.
//!
//! Invariant: a text leaves this table in the transaction in which it goes into the outbox, into a draft or into a note, so
//! that it is in one place at any time; and it is taken only as it was seen.

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::ids::LaterTextId;
use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::referral::WhyNotSent;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::in_time;
use crate::store::error::read_code;
use crate::store::referral::Referral;
use crate::store::same_person::whole_person;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// What a link worker sends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reply {
    /// What it says.
    pub text: Words,
    /// Why it is right to text somebody whose phone is not safe; may be empty.
    pub reason: Words,
}

/// When a text is to leave, and what was known when that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Who wrote it.
    pub staff: StaffId,
    /// When it is to leave.
    pub due_at: Timestamp,
    /// Up to when its sender had seen what the person wrote.
    pub seen_at: Timestamp,
    /// Since when the person had waited for it, where they did.
    pub waited_since: Option<Timestamp>,
}

/// A text that waits for its time, or was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterText {
    /// Its row.
    pub id: LaterTextId,
    /// In which case it was written.
    pub reference: Reference,
    /// When it is to leave.
    pub waiting: Waiting,
    /// What it says; nothing where that cannot be read.
    pub reply: Option<Reply>,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it was held back, and why.
    pub stopped: Option<(Timestamp, WhyNotSent)>,
}

#[derive(sqlx::FromRow)]
struct LaterRow {
    id: LaterTextId,
    reference: Reference,
    sealed_for: Uuid,
    staff: StaffId,
    body_sealed: Vec<u8>,
    due_at: Timestamp,
    seen_at: Timestamp,
    waited_since: Option<Timestamp>,
    written_at: Timestamp,
    stopped_at: Option<Timestamp>,
    why: Option<String>,
}

const BODY: Cell = Cell::new("later_text", "body_sealed");

impl Reader {
    /// One that waits or was not sent; nothing where it has left.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn later_text(&mut self, id: LaterTextId) -> Result<Option<LaterText>, StoreError> {
        const SQL: &str = "
            SELECT t.id, r.reference, t.sealed_for, t.staff, t.body_sealed, t.due_at, t.seen_at, t.waited_since,
                   t.written_at, t.stopped_at, t.why
              FROM later_text t JOIN referral r ON r.id = t.referral WHERE t.id = $1";
        let row: Option<LaterRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_optional(conn).await?);
        match row {
            Some(row) => self.read_later(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Those of a case and of the cases that go on in it, in the order in which they are to leave.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn later_texts_of(&mut self, referral: ReferralId) -> Result<Vec<LaterText>, StoreError> {
        const SQL: &str = "
            SELECT t.id, r.reference, t.sealed_for, t.staff, t.body_sealed, t.due_at, t.seen_at, t.waited_since,
                   t.written_at, t.stopped_at, t.why
              FROM later_text t JOIN referral r ON r.id = t.referral
             WHERE t.referral IN (SELECT q.id FROM referral q WHERE q.id = $1 OR q.merged_into = $1)
             ORDER BY t.due_at, t.id";
        let rows: Vec<LaterRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(referral).fetch_all(conn).await?);
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            texts.push(self.read_later(row).await?);
        }
        Ok(texts)
    }

    /// Those whose time has come, and those that have to be looked at again before: the person wrote, or the case has
    /// ended. Only what waits stands in the table, so that it is short.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn later_texts_to_judge(
        &mut self,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<LaterTextId>, StoreError> {
        const SQL: &str = "
            SELECT t.id FROM later_text t JOIN referral r ON r.id = t.referral
             WHERE t.stopped_at IS NULL
               AND (t.due_at <= $1 OR t.written_at <= r.closed_at
                    OR EXISTS (SELECT 1 FROM inbound i
                                WHERE i.person IN (SELECT q.id FROM person q WHERE q.id = r.person OR q.same_as = r.person)
                                  AND t.seen_at < i.received_at))
             ORDER BY t.due_at, t.id LIMIT $2";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(now).bind(i64::from(limit)).fetch_all(conn).await?))
    }

    /// Whether a link worker has written to the person of a case after this time.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn was_written_to_since(
        &mut self,
        referral: ReferralId,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            SELECT EXISTS (SELECT 1 FROM outbox
                            WHERE referral = $1 AND purpose = 'link-worker' AND $2 <= created_at)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(referral).bind(since).fetch_one(conn).await?))
    }

    async fn read_later(&self, row: LaterRow) -> Result<LaterText, StoreError> {
        let reply = self.open(BODY, row.sealed_for, row.id.0.as_bytes(), &row.body_sealed).await;
        let why = row.why.as_deref().map(|code| read_code("later_text", "why", code)).transpose()?;
        Ok(LaterText {
            id: row.id,
            reference: row.reference,
            waiting: Waiting {
                staff: row.staff,
                due_at: row.due_at,
                seen_at: row.seen_at,
                waited_since: row.waited_since,
            },
            reply: if_readable(reply)?,
            written_at: row.written_at,
            stopped: row.stopped_at.zip(why),
        })
    }
}

impl Tx {
    /// Keeps a text until its time.
    ///
    /// # Errors
    /// `Erased` where the person was, or where the store fails.
    pub async fn keep_for_later(
        &mut self,
        referral: &Referral,
        reply: &Reply,
        waiting: Waiting,
        now: Timestamp,
    ) -> Result<LaterTextId, StoreError> {
        const SQL: &str = "
            INSERT INTO later_text (id, referral, sealed_for, staff, body_sealed, due_at, seen_at, waited_since,
                                    written_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        self.refuse_erased(referral.person).await?;
        let id = LaterTextId::new(now, self.random());
        let sealed = self.seal(BODY, referral.person.0, id.0.as_bytes(), reply).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(referral.id)
            .bind(referral.person)
            .bind(waiting.staff)
            .bind(sealed)
            .bind(waiting.due_at)
            .bind(waiting.seen_at)
            .bind(waiting.waited_since)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(id)
    }

    /// Takes a text out, as it was seen, to put it where it goes. False where somebody else was quicker.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_later_text(&mut self, seen: &LaterText) -> Result<bool, StoreError> {
        const SQL: &str = "
            DELETE FROM later_text WHERE id = $1 AND seen_at = $2 AND COALESCE(stopped_at, 0) = $3";
        let stopped_at = seen.stopped.map_or(0, |(at, _)| at.as_micros());
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(seen.id)
            .bind(seen.waiting.seen_at)
            .bind(stopped_at)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// Holds a text back that waits: somebody has to look at it. False where it does not wait any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stop_later_text(
        &mut self,
        id: LaterTextId,
        why: WhyNotSent,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const STOP: &str = "
            UPDATE later_text SET stopped_at = $1, why = $2 WHERE id = $3 AND stopped_at IS NULL";
        const TELL: &str = "
            UPDATE referral SET updated_at = $1 WHERE id = (SELECT referral FROM later_text WHERE id = $2)";
        let stopped = on!(self, |conn| sqlx::query(STOP)
            .bind(now)
            .bind(why.as_str())
            .bind(id)
            .execute(conn)
            .await?
            .rows_affected());
        on!(self, |conn| sqlx::query(TELL).bind(now).bind(id).execute(conn).await.map(|_| ())?);
        Ok(stopped == 1)
    }

    /// Holds back all that wait: this is a copy, and nobody knows which have left since it was made.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stop_restored_later_texts(&mut self, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE later_text SET stopped_at = $1, why = $2 WHERE stopped_at IS NULL";
        let why = WhyNotSent::Restored.as_str();
        on!(self, |conn| sqlx::query(SQL).bind(now).bind(why).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Holds back whatever waits for a person, because cases were joined or taken apart: it was written for somebody else,
    /// or would leave for another phone.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stop_later_texts_of(&mut self, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "UPDATE later_text SET stopped_at = $1, why = $2
              WHERE stopped_at IS NULL AND referral IN (SELECT r.id FROM referral r WHERE r.person IN ",
            whole_person!("$3"),
            ")"
        );
        let why = WhyNotSent::Parted.as_str();
        on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(why)
            .bind(person)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Somebody has looked at a text that was held back, and lets it wait for its time.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn let_later_text_wait(
        &mut self,
        id: LaterTextId,
        seen_at: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE later_text SET stopped_at = NULL, why = NULL, seen_at = $1 WHERE id = $2";
        on!(self, |conn| sqlx::query(SQL).bind(seen_at).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Something was done about a text of an open case, over the version that was seen; the person waits again where
    /// they had waited for it.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed the case since, or where the store fails.
    pub async fn see_to_later_text(
        &mut self,
        referral: ReferralId,
        seen: i64,
        waits_since: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET version = version + 1, updated_at = $1,
                   reply_due = reply_due OR (closed_at IS NULL AND $2 IS NOT NULL),
                   waiting_since = CASE WHEN closed_at IS NULL THEN COALESCE($2, waiting_since)
                                        ELSE waiting_since END
             WHERE id = $3 AND version = $4";
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(waits_since)
            .bind(referral)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }
}
