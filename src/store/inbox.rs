//! What the inbox needs beside the verbs of each noun: who has a case, until when it is put aside, and to whom it is given.
//!
//! Invariant: every change is made over the version that was seen.

use crate::conversation::session::Session;
use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::referral::LaterReason;
use crate::domain::referral::ReferralStatus;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::in_time;
use crate::store::referral::Referral;
use crate::store::referral::ReferralRow;
use crate::store::same_person::first_of;
use crate::store::same_person::whole_person;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

impl Reader {
    /// The newest conversation of a person, to be shown: none where it was erased or cannot be read.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn conversation_to_show(&mut self, person: PersonId) -> Result<Option<Session>, StoreError> {
        let saved = if_readable(self.latest_session_anywhere(person).await)?.flatten();
        Ok(saved.map(|saved| saved.session))
    }

    /// The newest referral of a person, ended or not; never one that goes on in another.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn newest_referral_of(&mut self, person: PersonId) -> Result<Option<Referral>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
                   opened_at, promised_on, updated_at, closed_at, ending, later_until, later_reason, given_by,
                   given_at
              FROM referral WHERE person = ",
            first_of!("$1"),
            " ORDER BY opened_at DESC, id DESC LIMIT 1"
        );
        let row: Option<ReferralRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_optional(conn).await?);
        row.map(Referral::try_from).transpose()
    }
}

impl Tx {
    /// A human replies, over the version that was seen: nothing waits any more, and who had nobody has them.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed the case since, or where the store fails.
    pub async fn answer_referral(
        &mut self,
        id: ReferralId,
        seen: i64,
        staff: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET owner = COALESCE(owner, $1), status = CASE WHEN status = $2 THEN $3 ELSE status END,
                   reply_due = $4, waiting_since = NULL, later_until = NULL, later_reason = NULL, given_by = NULL,
                   given_at = NULL, version = version + 1, updated_at = $5
             WHERE id = $6 AND version = $7";
        let answered = on!(self, |conn| sqlx::query(SQL)
            .bind(staff)
            .bind(ReferralStatus::New.as_str())
            .bind(ReferralStatus::InHand.as_str())
            .bind(false)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected());
        in_time(answered)
    }

    /// Gives an open case to somebody, or back into the queue, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since or it has ended, or where the store fails.
    pub async fn set_owner(
        &mut self,
        id: ReferralId,
        seen: i64,
        owner: Option<StaffId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET owner = $1, status = CASE WHEN status = $2 THEN $3 ELSE status END, later_until = NULL,
                   later_reason = NULL, given_by = NULL, given_at = NULL, version = version + 1, updated_at = $4
             WHERE id = $5 AND version = $6 AND closed_at IS NULL";
        // A case in the queue is new again, unless it was accepted.
        let (from, to) = match owner {
            Some(_) => (ReferralStatus::New, ReferralStatus::InHand),
            None => (ReferralStatus::InHand, ReferralStatus::New),
        };
        let given = on!(self, |conn| sqlx::query(SQL)
            .bind(owner)
            .bind(from.as_str())
            .bind(to.as_str())
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected());
        in_time(given)
    }

    /// Gives an open case to a colleague, for whom it is new until they open it, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since or it has ended, or where the store fails.
    pub async fn give_referral(
        &mut self,
        id: ReferralId,
        seen: i64,
        (from, to): (StaffId, StaffId),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE referral SET given_by = $1, given_at = $2 WHERE id = $3";
        self.set_owner(id, seen, Some(to), now).await?;
        on!(self, |conn| sqlx::query(SQL).bind(from).bind(now).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// The owner has opened a case that a colleague gave them.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn mark_opened(
        &mut self,
        reference: &Reference,
        staff: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral SET given_by = NULL, given_at = NULL, updated_at = $1
             WHERE reference = $2 AND owner = $3 AND given_at IS NOT NULL";
        on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(reference)
            .bind(staff)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Puts an open case aside until then, over the version that was seen. Who had nobody has whoever does it, so that
    /// nobody is put aside by nobody.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since or it has ended, or where the store fails.
    pub async fn put_aside(
        &mut self,
        id: ReferralId,
        seen: i64,
        (until, reason): (Timestamp, LaterReason),
        staff: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET later_until = $1, later_reason = $2, owner = COALESCE(owner, $3),
                   status = CASE WHEN status = $4 THEN $5 ELSE status END,
                   version = version + 1, updated_at = $6
             WHERE id = $7 AND version = $8 AND closed_at IS NULL";
        let put = on!(self, |conn| sqlx::query(SQL)
            .bind(until)
            .bind(reason.as_str())
            .bind(staff)
            .bind(ReferralStatus::New.as_str())
            .bind(ReferralStatus::InHand.as_str())
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected());
        in_time(put)
    }

    /// Brings back what was put aside, or says that its day was seen to, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn bring_back(&mut self, id: ReferralId, seen: i64, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET later_until = NULL, later_reason = NULL, version = version + 1, updated_at = $1
             WHERE id = $2 AND version = $3";
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// Something has come from a person, or was raised about them: their case is no longer aside.
    ///
    /// # Errors
    /// Where the store fails.
    pub(super) async fn wake(&mut self, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "
            UPDATE referral SET later_until = NULL, later_reason = NULL, updated_at = $1
             WHERE closed_at IS NULL AND later_until IS NOT NULL AND person = ",
            first_of!("$2")
        );
        on!(self, |conn| sqlx::query(SQL).bind(now).bind(person).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Somebody has reached the person in another way: what has not arrived until now is dealt with.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed the case since, or where the store fails.
    pub async fn mark_reached(
        &mut self,
        id: ReferralId,
        seen: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "
            UPDATE referral
               SET undelivered_seen = (SELECT MAX(o.created_at) FROM outbox o
                                        WHERE o.person IN ",
            whole_person!("referral.person"),
            "
                                          AND (o.state IN ('gave-up', 'expired') OR o.delivery = 'undelivered')),
                   version = version + 1, updated_at = $1
             WHERE id = $2 AND version = $3"
        );
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }
}
