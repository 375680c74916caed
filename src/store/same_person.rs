//! One human behind several people of ours: who wrote from another phone, or was referred by somebody else, and of whom
//! a link worker said that they are the same.
//!
//! A link, no copy: each keeps their rows and their key, so the link can be taken away again. Only the case is one.
//!
//! Invariant: nobody is linked but by a named link worker, nobody is linked to somebody who is linked themselves, and a
//! link weakens neither a hold, nor a stop, nor that texts are not safe.

use crate::domain::ids::AddressId;
use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::referral::ReferralStatus;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::in_time;
use crate::store::person::Person;
use crate::store::referral::Referral;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// The one whose case it is, of whoever is the same as this person: mostly themselves.
macro_rules! first_of {
    ($who:literal) => {
        concat!("(SELECT COALESCE(s.same_as, s.id) FROM person s WHERE s.id = ", $who, ")")
    };
}

/// Everybody who is the same as this person, themselves too.
macro_rules! whole_person {
    ($who:literal) => {
        concat!(
            "(SELECT q.id FROM person q WHERE q.id = ",
            $crate::store::same_person::first_of!($who),
            " OR q.same_as = ",
            $crate::store::same_person::first_of!($who),
            ")"
        )
    };
}

pub(super) use first_of;
pub(super) use whole_person;

/// How a case ends that goes on in another.
const MERGED: &str = "merged";

impl Reader {
    /// The one whose case it is, of whoever is the same as this person.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn first_of(&mut self, person: PersonId) -> Result<PersonId, StoreError> {
        const SQL: &str = "SELECT COALESCE(same_as, id) FROM person WHERE id = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_one(conn).await?))
    }

    /// Everybody who is the same as this person, themselves too; the one whose case it is first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn everybody_who_is(&mut self, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = concat!(
            "SELECT id FROM person WHERE id IN ",
            whole_person!("$1"),
            " ORDER BY CASE WHEN same_as IS NULL THEN 0 ELSE 1 END, id"
        );
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_all(conn).await?))
    }

    /// A person as their case has them: what forbids anything on one of their phones forbids it.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn whole_person(&mut self, person: PersonId) -> Result<Person, StoreError> {
        let first = self.first_of(person).await?;
        let mut whole = self.person(first).await?;
        for other in self.everybody_who_is(first).await? {
            let other = self.person(other).await?;
            whole.hold |= other.hold;
            whole.texts_unsafe |= other.texts_unsafe;
            whole.speaks = whole.speaks.or(other.speaks);
        }
        Ok(whole)
    }

    /// Who of them writes from this address: the last who did.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn who_writes_from(
        &mut self,
        address: AddressId,
        person: PersonId,
    ) -> Result<PersonId, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT person FROM person_address WHERE address = $1 AND person IN ",
            whole_person!("$2"),
            " ORDER BY last_used_at DESC, person LIMIT 1"
        );
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(address).bind(person).fetch_one(conn).await?))
    }

    /// The case in which this one goes on, where a link worker said so.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn goes_on_in(&mut self, referral: ReferralId) -> Result<Option<Reference>, StoreError> {
        const SQL: &str = "
            SELECT into_it.reference FROM referral r JOIN referral into_it ON into_it.id = r.merged_into
             WHERE r.id = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(referral).fetch_optional(conn).await?))
    }
}

impl Tx {
    /// Two cases are of one person, over the versions that were seen: the one that was opened first stays, the other
    /// ends and goes on in it. Says which stays. A case that has ended already stays as it is.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed one of them since, or no case of theirs is open, or they are one already; or
    /// where the store fails.
    pub async fn merge_cases(
        &mut self,
        one: (&Referral, i64),
        other: (&Referral, i64),
        now: Timestamp,
    ) -> Result<ReferralId, StoreError> {
        for person in [one.0.person, other.0.person] {
            self.refuse_erased(person).await?;
        }
        let rank = |referral: &Referral| (referral.closed_at.is_some(), referral.opened_at, referral.id);
        let (stays, goes) = if rank(one.0) <= rank(other.0) { (one, other) } else { (other, one) };
        let (first, second) = (self.first_of(stays.0.person).await?, self.first_of(goes.0.person).await?);
        // Only the open case of somebody is theirs to be merged, so that no second stays open.
        let is_open = self.open_referral_of(first).await?.map(|open| open.id) == Some(stays.0.id);
        let hides_another = self.open_referral_of(second).await?.is_some_and(|open| open.id != goes.0.id);
        if first == second || !is_open || hides_another || stays.0.service != goes.0.service {
            return Err(StoreError::TooLate);
        }
        for person in [first, second] {
            self.stop_later_texts_of(person, now).await?;
        }
        if goes.0.closed_at.is_none() {
            self.end_in(stays.0.id, goes, now).await?;
        }
        self.take_in(stays, goes.0, now).await?;
        self.link(first, second).await?;
        self.make_findable(first).await?;
        Ok(stays.0.id)
    }

    /// Ends a case that goes on in another, and all that had ended in it.
    async fn end_in(
        &mut self,
        into: ReferralId,
        (goes, seen): (&Referral, i64),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const END: &str = "
            UPDATE referral
               SET status = $1, ending = $2, closed_at = $3, merged_into = $4, reply_due = FALSE, waiting_since = NULL,
                   later_until = NULL, later_reason = NULL, given_by = NULL, given_at = NULL, version = version + 1,
                   updated_at = $3
             WHERE id = $5 AND version = $6 AND closed_at IS NULL";
        const FOLLOW: &str = "UPDATE referral SET merged_into = $1 WHERE merged_into = $2";
        // The month in which to answer a request to delete goes on, from whichever was asked first.
        const REQUEST: &str = "
            INSERT INTO erasure_request (referral, asked_at, answer_by)
            SELECT $1, asked_at, answer_by FROM erasure_request WHERE referral = $2
            ON CONFLICT (referral) DO UPDATE
               SET told_at = CASE WHEN excluded.answer_by < erasure_request.answer_by THEN NULL
                                  ELSE erasure_request.told_at END,
                   asked_at = CASE WHEN excluded.answer_by < erasure_request.answer_by THEN excluded.asked_at
                                   ELSE erasure_request.asked_at END,
                   answer_by = CASE WHEN excluded.answer_by < erasure_request.answer_by THEN excluded.answer_by
                                    ELSE erasure_request.answer_by END";
        const MOVE: &str = "UPDATE handover SET referral = $1, updated_at = $3 WHERE referral = $2";
        in_time(on!(self, |conn| sqlx::query(END)
            .bind(ReferralStatus::Closed.as_str())
            .bind(MERGED)
            .bind(now)
            .bind(into)
            .bind(goes.id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))?;
        on!(self, |conn| sqlx::query(FOLLOW).bind(into).bind(goes.id).execute(conn).await.map(|_| ())?);
        self.end_lending(goes.id).await?;
        on!(self, |conn| sqlx::query(REQUEST).bind(into).bind(goes.id).execute(conn).await.map(|_| ())?);
        // A handover is sealed for its session, wherever it is filed.
        on!(self, |conn| sqlx::query(MOVE)
            .bind(into)
            .bind(goes.id)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// The case that stays waits for whatever the other waited for, since then, and has its owner where it had nobody.
    async fn take_in(
        &mut self,
        (stays, seen): (&Referral, i64),
        goes: &Referral,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET reply_due = $1, waiting_since = $2, promised_on = $3, owner = $4, practice = COALESCE(practice, $5),
                   status = CASE WHEN status = 'new' AND $4 IS NOT NULL THEN 'in-hand' ELSE status END,
                   later_until = NULL, later_reason = NULL, version = version + 1, updated_at = $6
             WHERE id = $7 AND version = $8 AND closed_at IS NULL";
        let open = goes.closed_at.is_none();
        let goes_waiting = goes.waiting_since.filter(|_| open);
        let goes_promised = goes.promised_on.filter(|_| open);
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(stays.reply_due || (open && goes.reply_due))
            .bind(earlier(stays.waiting_since, goes_waiting))
            .bind(earlier(stays.promised_on, goes_promised))
            .bind(stays.owner.or(goes.owner.filter(|_| open)))
            .bind(&goes.practice)
            .bind(now)
            .bind(stays.id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// What holds of one of them holds of all: somebody speaks with them, and texts are not safe.
    async fn link(&mut self, first: PersonId, second: PersonId) -> Result<(), StoreError> {
        const LINK: &str = "UPDATE person SET same_as = $1 WHERE id = $2 OR same_as = $2";
        const STRICTER: &str = concat!(
            "
            UPDATE person
               SET hold = EXISTS (SELECT 1 FROM person o WHERE o.hold AND o.id IN ",
            whole_person!("$1"),
            "),
                   texts_unsafe = EXISTS (SELECT 1 FROM person o WHERE o.texts_unsafe AND o.id IN ",
            whole_person!("$1"),
            ")
             WHERE id IN ",
            whole_person!("$1")
        );
        on!(self, |conn| sqlx::query(LINK).bind(first).bind(second).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(STRICTER).bind(first).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// They were two people after all: the one who has this ended case stands on their own again, with what they told,
    /// and with an open case, so that a human looks at it.
    ///
    /// # Errors
    /// `TooLate` where they are on their own already, or where the store fails.
    pub async fn split_case(
        &mut self,
        from: (&Referral, i64),
        other: &Referral,
        now: Timestamp,
    ) -> Result<Referral, StoreError> {
        const UNLINK: &str = "UPDATE person SET same_as = NULL WHERE id = $1 AND same_as = $2";
        const TOUCH: &str =
            "UPDATE referral SET version = version + 1, updated_at = $1 WHERE id = $2 AND version = $3";
        let leaves = other.person;
        self.stop_later_texts_of(leaves, now).await?;
        in_time(on!(self, |conn| sqlx::query(UNLINK)
            .bind(leaves)
            .bind(from.0.person)
            .execute(conn)
            .await?
            .rows_affected()))?;
        in_time(on!(self, |conn| sqlx::query(TOUCH)
            .bind(now)
            .bind(from.0.id)
            .bind(from.1)
            .execute(conn)
            .await?
            .rows_affected()))?;
        self.open_what_was_merged(leaves, now).await?;
        let service = self.person(leaves).await?.service;
        let case = self.find_or_open_referral(leaves, &service, now).await?;
        self.take_out(leaves, case.id, now).await?;
        self.make_findable(leaves).await?;
        self.make_findable(from.0.person).await?;
        Ok(case)
    }

    /// The case that had ended in another is in the queue again, and waits to be looked at; the newest, where there are
    /// several, for one person has one open case.
    async fn open_what_was_merged(&mut self, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
        const OPEN: &str = "
            UPDATE referral
               SET status = $1, ending = NULL, closed_at = NULL, merged_into = NULL, owner = NULL, version = version + 1,
                   updated_at = $2
             WHERE id = (SELECT r.id FROM referral r WHERE r.person = $3 AND r.merged_into IS NOT NULL
                          ORDER BY r.opened_at DESC, r.id DESC LIMIT 1)";
        const LEAVE: &str = "UPDATE referral SET merged_into = NULL WHERE person = $1";
        on!(self, |conn| sqlx::query(OPEN)
            .bind(ReferralStatus::New.as_str())
            .bind(now)
            .bind(person)
            .execute(conn)
            .await
            .map(|_| ())?);
        on!(self, |conn| sqlx::query(LEAVE).bind(person).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// What somebody told goes back to their own case, but for what they had told to other cases of their own.
    async fn take_out(
        &mut self,
        person: PersonId,
        into: ReferralId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE handover SET referral = $1, updated_at = $2
             WHERE person = $3
               AND NOT EXISTS (SELECT 1 FROM referral r WHERE r.id = handover.referral AND r.person = $3)";
        on!(self, |conn| sqlx::query(SQL)
            .bind(into)
            .bind(now)
            .bind(person)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Two people look alike and are not the same.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn say_not_same(
        &mut self,
        one: PersonId,
        other: PersonId,
        staff: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO not_same (person, other, staff, said_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (person, other) DO NOTHING";
        on!(self, |conn| sqlx::query(SQL)
            .bind(one.min(other))
            .bind(one.max(other))
            .bind(staff)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
