//! Referrals: the cases of people with a service.
//!
//! Invariant: a person has one open referral, it has one owner, and a change is made over the version that was seen.

use crate::domain::ids::PersonId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::referral::DeclineReason;
use crate::domain::referral::LaterReason;
use crate::domain::referral::Outcome;
use crate::domain::referral::ReferralStatus;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::in_time;
use crate::store::error::read_code;
use crate::store::same_person::first_of;
use crate::store::same_person::whole_person;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// The case of a person with a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Its row.
    pub id: ReferralId,
    /// What the person quotes when they ring.
    pub reference: Reference,
    /// Whose it is.
    pub person: PersonId,
    /// The service.
    pub service: ServiceId,
    /// The practice, where it is one of ours.
    pub practice: Option<PracticeId>,
    /// Where it stands.
    pub status: ReferralStatus,
    /// Who works on it.
    pub owner: Option<StaffId>,
    /// How often it has been changed.
    pub version: i64,
    /// A text of the person waits for a human's reply.
    pub reply_due: bool,
    /// Since when.
    pub waiting_since: Option<Timestamp>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The day by which somebody gets in touch, as it was promised.
    pub promised_on: Option<Timestamp>,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// When it was closed or declined.
    pub closed_at: Option<Timestamp>,
    /// The reason or outcome with which it was closed or declined.
    pub ending: Option<String>,
    /// Until when it was put aside, and why; a day that has come stays until somebody has seen to it.
    pub later: Option<(Timestamp, LaterReason)>,
    /// Which colleague gave it to its owner, who has not opened it since, and when.
    pub given: Option<(StaffId, Timestamp)>,
}

#[derive(sqlx::FromRow)]
pub(super) struct ReferralRow {
    pub(super) id: ReferralId,
    reference: Reference,
    person: PersonId,
    service: ServiceId,
    practice: Option<PracticeId>,
    status: String,
    owner: Option<StaffId>,
    version: i64,
    reply_due: bool,
    waiting_since: Option<Timestamp>,
    opened_at: Timestamp,
    promised_on: Option<Timestamp>,
    updated_at: Timestamp,
    closed_at: Option<Timestamp>,
    ending: Option<String>,
    later_until: Option<Timestamp>,
    later_reason: Option<String>,
    given_by: Option<StaffId>,
    given_at: Option<Timestamp>,
}

impl TryFrom<ReferralRow> for Referral {
    type Error = StoreError;

    fn try_from(row: ReferralRow) -> Result<Self, StoreError> {
        let reason = row.later_reason.as_deref();
        let later_reason = reason.map(|code| read_code("referral", "later_reason", code)).transpose()?;
        Ok(Self {
            id: row.id,
            reference: row.reference,
            person: row.person,
            service: row.service,
            practice: row.practice,
            status: read_code("referral", "status", &row.status)?,
            owner: row.owner,
            version: row.version,
            reply_due: row.reply_due,
            waiting_since: row.waiting_since,
            opened_at: row.opened_at,
            promised_on: row.promised_on,
            updated_at: row.updated_at,
            closed_at: row.closed_at,
            ending: row.ending,
            later: row.later_until.zip(later_reason),
            given: row.given_by.zip(row.given_at),
        })
    }
}

impl Reader {
    /// The open referral of a person.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn open_referral_of(&mut self, person: PersonId) -> Result<Option<Referral>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
                   opened_at, promised_on, updated_at, closed_at, ending, later_until, later_reason, given_by,
                   given_at
              FROM referral WHERE closed_at IS NULL AND person = ",
            first_of!("$1")
        );
        let row: Option<ReferralRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_optional(conn).await?);
        row.map(Referral::try_from).transpose()
    }

    /// Every referral of a person, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn referrals_of(&mut self, person: PersonId) -> Result<Vec<Referral>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
                   opened_at, promised_on, updated_at, closed_at, ending, later_until, later_reason, given_by,
                   given_at
              FROM referral WHERE person IN ",
            whole_person!("$1"),
            " ORDER BY opened_at, id"
        );
        let rows: Vec<ReferralRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_all(conn).await?);
        rows.into_iter().map(Referral::try_from).collect()
    }

    /// The referrals that go on in this one, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn merged_into(&mut self, id: ReferralId) -> Result<Vec<Referral>, StoreError> {
        const SQL: &str = "
            SELECT id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
                   opened_at, promised_on, updated_at, closed_at, ending, later_until, later_reason, given_by,
                   given_at
              FROM referral WHERE merged_into = $1 ORDER BY opened_at, id";
        let rows: Vec<ReferralRow> = on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_all(conn).await?);
        rows.into_iter().map(Referral::try_from).collect()
    }

    /// The referral with this reference.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn referral(&mut self, reference: &Reference) -> Result<Referral, StoreError> {
        const SQL: &str = "
            SELECT id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
                   opened_at, promised_on, updated_at, closed_at, ending, later_until, later_reason, given_by,
                   given_at
              FROM referral WHERE reference = $1";
        let row: ReferralRow = on!(self, |conn| sqlx::query_as(SQL).bind(reference).fetch_one(conn).await?);
        row.try_into()
    }
}

impl Tx {
    /// The open referral of a person; a new one where there is none, with a reference that nobody has.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn find_or_open_referral(
        &mut self,
        person: PersonId,
        service: &ServiceId,
        now: Timestamp,
    ) -> Result<Referral, StoreError> {
        const SQL: &str = "
            INSERT INTO referral (id, reference, person, service, status, version, reply_due, opened_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $7)
            RETURNING id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
                      opened_at, promised_on, updated_at, closed_at, ending, later_until, later_reason, given_by,
                      given_at";
        if let Some(referral) = self.open_referral_of(person).await? {
            return Ok(referral);
        }
        let person = self.first_of(person).await?;
        let id = ReferralId::new(now, self.random());
        let reference = Reference::from_random(self.random());
        let row: ReferralRow = on!(self, |conn| sqlx::query_as(SQL)
            .bind(id)
            .bind(&reference)
            .bind(person)
            .bind(service)
            .bind(ReferralStatus::New.as_str())
            .bind(false)
            .bind(now)
            .fetch_one(conn)
            .await?);
        self.make_findable(person).await?;
        row.try_into()
    }

    /// Sets what the conversation has learned: the practice, and the day that was promised.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn route_referral(
        &mut self,
        id: ReferralId,
        practice: Option<&PracticeId>,
        promised_on: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET practice = COALESCE($1, practice), promised_on = COALESCE($2, promised_on), updated_at = $3
             WHERE id = $4";
        on!(self, |conn| sqlx::query(SQL)
            .bind(practice)
            .bind(promised_on)
            .bind(now)
            .bind(id)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Somebody who works here did something with a case.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_acted(&mut self, id: ReferralId, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE referral SET acted_at = $1 WHERE id = $2";
        on!(self, |conn| sqlx::query(SQL).bind(now).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// A text of the person waits for a human's reply; the first that waits counts.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn mark_reply_due(&mut self, id: ReferralId, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET reply_due = $1, waiting_since = COALESCE(waiting_since, $2), updated_at = $2,
                   later_until = NULL, later_reason = NULL
             WHERE id = $3";
        on!(self, |conn| sqlx::query(SQL).bind(true).bind(now).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Moves a referral on, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since or it is closed, or where the store fails.
    pub async fn move_referral(
        &mut self,
        id: ReferralId,
        seen: i64,
        to: Move,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET status = $1, ending = $2, closed_at = $3, version = version + 1, updated_at = $4,
                   reply_due = reply_due AND $3 IS NULL, given_by = NULL, given_at = NULL,
                   later_until = CASE WHEN $3 IS NULL THEN later_until END,
                   later_reason = CASE WHEN $3 IS NULL THEN later_reason END
             WHERE id = $5 AND version = $6 AND closed_at IS NULL";
        let (status, ending) = match to {
            Move::Accept => (ReferralStatus::Accepted, None),
            Move::Decline(reason) => (ReferralStatus::Declined, Some(reason.as_str())),
            Move::Close(outcome) => (ReferralStatus::Closed, Some(outcome.as_str())),
        };
        let closed_at = ending.map(|_| now);
        let moved = on!(self, |conn| sqlx::query(SQL)
            .bind(status.as_str())
            .bind(ending)
            .bind(closed_at)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected());
        in_time(moved)
    }
}

/// What a link worker does with a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The service takes it on.
    Accept,
    /// The service does not.
    Decline(DeclineReason),
    /// The case ends.
    Close(Outcome),
}
