//! What is done about a text that did not simply leave and arrive: it is put back, looked for, sent once more, or a
//! human is called.
//!
//! Invariant: a text that may have left is sent once more at most, and a human is called once for each text.

use uuid::Uuid;

use crate::domain::ids::AddressId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::SessionId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::outbox;
use crate::store::outbox::Body;
use crate::store::outbox::NewText;
use crate::store::sending::Lease;
use crate::store::tx::Tx;

#[derive(sqlx::FromRow)]
struct SentRow {
    address: AddressId,
    person: Option<PersonId>,
    session: Option<SessionId>,
    referral: Option<ReferralId>,
    author: String,
    purpose: String,
    message_keys: String,
    sealed_for: Uuid,
    body_sealed: Option<Vec<u8>>,
    parts: i16,
    expires_at: Option<Timestamp>,
}

impl Tx {
    /// It was not tried after all: it goes back into the outbox until then, as if nothing had been.
    ///
    /// # Errors
    /// Where the store fails. False where the lease is no longer ours.
    pub async fn put_back(&mut self, lease: Lease, until: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox
               SET state = 'ready', attempts = attempts - 1, due_at = $3, leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state = 'attempting'";
        self.update_leased(SQL, lease, until).await
    }

    /// The provider does not know this text in doubt, which had been looked for so often before; look again at this
    /// time.
    ///
    /// # Errors
    /// Where the store fails. False where the doubt is settled, or another node has looked at the same moment.
    pub async fn note_look(
        &mut self,
        lease: Lease,
        looks: i16,
        look_at: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox SET looks = looks + 1, due_at = $3
             WHERE id = $1 AND lease_token = $2 AND state = 'in-doubt' AND looks = $4";
        Ok(on!(self, |conn| sqlx::query(SQL)
            .bind(lease.id)
            .bind(lease.token)
            .bind(look_at)
            .bind(looks)
            .execute(conn)
            .await?
            .rows_affected())
            == 1)
    }

    /// The provider never took this text in doubt: it is sent once more, in its old place.
    ///
    /// # Errors
    /// Where the store fails. False where the doubt is settled, or this was the second try already.
    pub async fn send_once_more(&mut self, lease: Lease, at: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            UPDATE outbox
               SET state = 'ready', again = TRUE, looks = 0, due_at = $3, leased_until = NULL, lease_token = NULL
             WHERE id = $1 AND lease_token = $2 AND state = 'in-doubt' AND NOT again";
        self.update_leased(SQL, lease, at).await
    }

    async fn update_leased(
        &mut self,
        sql: &'static str,
        lease: Lease,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let updated = on!(self, |conn| sqlx::query(sql)
            .bind(lease.id)
            .bind(lease.token)
            .bind(at)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(updated == 1)
    }

    /// Puts a text that left and did not arrive into the outbox once more, as a row of its own: what became of the
    /// first stays on record, and late reports of it cannot be taken for reports of the second. None where this was the
    /// second already, its time would be over, or its words are gone.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn append_again(
        &mut self,
        id: OutboxId,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<OutboxId>, StoreError> {
        const SQL: &str = "
            SELECT address, person, session, referral, author, purpose, message_keys, sealed_for, body_sealed, parts,
                   expires_at
              FROM outbox WHERE id = $1 AND NOT again AND (expires_at IS NULL OR $2 < expires_at)";
        const AGAIN: &str = "UPDATE outbox SET again = TRUE, expires_at = $1 WHERE id = $2";
        let row: Option<SentRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(id).bind(due_at).fetch_optional(conn).await?);
        let Some(row) = row else { return Ok(None) };
        let sealed = row.body_sealed.as_deref();
        let body = self.open_some(outbox::BODY, row.sealed_for, id.0.as_bytes(), sealed).await;
        let Some(body) = if_readable(body)?.flatten() else {
            return Ok(None);
        };
        let expires_at = row.expires_at;
        let text = row.into_text(body, due_at)?;
        let again = self.append_text(&text, now).await?;
        on!(self, |conn| sqlx::query(AGAIN).bind(expires_at).bind(again).execute(conn).await.map(|_| ())?);
        Ok(Some(again))
    }

    /// Whoever got this text wants no more of them.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn opt_out_receiver(&mut self, id: OutboxId) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE address SET opted_out = TRUE WHERE id = (SELECT address FROM outbox WHERE id = $1)";
        on!(self, |conn| sqlx::query(SQL).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Calls a human, once, because this text did not reach the person: their referral, opened where there is none,
    /// waits for a reply. False where a human was called before.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn call_human(
        &mut self,
        id: OutboxId,
        person: Option<PersonId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const CALL: &str = "UPDATE outbox SET escalated_at = $1 WHERE id = $2 AND escalated_at IS NULL";
        const SERVICE: &str = "SELECT service FROM person WHERE id = $1";
        let called =
            on!(self, |conn| sqlx::query(CALL).bind(now).bind(id).execute(conn).await?.rows_affected());
        if called == 0 {
            return Ok(false);
        }
        if let Some(person) = person {
            let service: ServiceId =
                on!(self, |conn| sqlx::query_scalar(SERVICE).bind(person).fetch_one(conn).await?);
            let referral = self.find_or_open_referral(person, &service, now).await?;
            self.mark_reply_due(referral.id, now).await?;
        }
        Ok(true)
    }
}

impl SentRow {
    fn into_text(self, body: Body, due_at: Timestamp) -> Result<NewText, StoreError> {
        Ok(NewText {
            address: self.address,
            person: self.person,
            session: self.session,
            referral: self.referral,
            author: read_code("outbox", "author", &self.author)?,
            purpose: read_code("outbox", "purpose", &self.purpose)?,
            message_keys: self.message_keys,
            body,
            parts: u16::try_from(self.parts).unwrap_or(u16::MAX),
            due_at,
        })
    }
}
