//! Who was kept long enough: whose cases have all ended, whom nothing keeps, and whom somebody does.
//!
//! Invariant: nobody is named here who wrote since, has a case that goes on or a concern that is open, was under 16, or is
//! kept by a colleague; and whether that still holds is asked in the transaction that writes the rule into the audit.

use crate::domain::ids::PersonId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::audit::AuditLine;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::outbox::Author;
use crate::store::same_person::whole_person;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// The action of the audit, and so the proof: the rule by which somebody was erased.
pub const RULE: &str = "erase-by-rule-ended-cases";

const WHY: Cell = Cell::new("retention_hold", "why_sealed");

/// Somebody whose cases have all ended.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Ended {
    /// Who.
    pub person: PersonId,
    /// The reference of a case of theirs.
    pub reference: String,
    /// When the last of their cases ended, or they wrote last.
    pub last_at: Timestamp,
}

/// That somebody is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Who of the staff said so.
    pub by: StaffId,
    /// Why; empty where it cannot be read.
    pub why: Words,
    /// Since when.
    pub since: Timestamp,
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    person: PersonId,
    staff: StaffId,
    why_sealed: Vec<u8>,
    held_at: Timestamp,
}

/// Who may be erased by the rule: $1 the service, $2 that nothing has happened since. Whoever a link worker has joined
/// with somebody else would go with them: nobody who is joined is erased by time.
macro_rules! ended {
    ($and:literal) => {
        concat!(
            "
            SELECT r.person, MAX(r.reference) AS reference,
                   CASE WHEN MAX(r.closed_at)
                             < COALESCE((SELECT MAX(i.received_at) FROM inbound i WHERE i.person = r.person), 0)
                        THEN (SELECT MAX(i.received_at) FROM inbound i WHERE i.person = r.person)
                        ELSE MAX(r.closed_at) END AS last_at
              FROM referral r
             WHERE r.service = $1 AND r.closed_at < $2
               AND NOT EXISTS (SELECT 1 FROM referral o
                                WHERE o.person = r.person AND (o.closed_at IS NULL OR $2 <= o.closed_at))
               AND NOT EXISTS (SELECT 1 FROM inbound i WHERE i.person = r.person AND $2 <= i.received_at)
               AND NOT EXISTS (SELECT 1 FROM concern c WHERE c.person = r.person AND c.acknowledged_at IS NULL)
               AND NOT EXISTS (SELECT 1 FROM referral u JOIN handover h ON h.referral = u.id
                                WHERE u.person = r.person AND h.reason = 'under-16')
               AND NOT EXISTS (SELECT 1 FROM retention_hold k WHERE k.person = r.person)
               AND NOT EXISTS (SELECT 1 FROM person f
                                WHERE (f.id = r.person AND f.same_as IS NOT NULL) OR f.same_as = r.person)
               AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.person = r.person)",
            $and,
            "
             GROUP BY r.person ORDER BY MAX(r.closed_at), r.person LIMIT $3"
        )
    };
}

impl Reader {
    /// People of a service about whom nothing has happened since then, who may be erased; who ended first, first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn ended_before(
        &mut self,
        service: &ServiceId,
        before: Timestamp,
        limit: u16,
    ) -> Result<Vec<Ended>, StoreError> {
        const SQL: &str = ended!("");
        Ok(on!(self, |conn| sqlx::query_as(SQL)
            .bind(service)
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?))
    }

    /// How many people of a service are kept, although nothing else keeps them: by a colleague, or as they were under 16.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn kept_in(&mut self, service: &ServiceId) -> Result<i64, StoreError> {
        const SQL: &str = "
            SELECT COUNT(*) FROM retention_hold k
             WHERE EXISTS (SELECT 1 FROM referral r WHERE r.person = k.person AND r.service = $1)
               AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.person = k.person)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(service).fetch_one(conn).await?))
    }

    /// The lines of the audit that tell who was erased by the rule, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn erased_by_rule(&mut self) -> Result<Vec<AuditLine>, StoreError> {
        const SQL: &str = "
            SELECT number, happened_at, actor, action, subject_kind, subject FROM audit
             WHERE action = $1 ORDER BY number";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(RULE).fetch_all(conn).await?))
    }

    /// Whether a colleague keeps somebody, or whoever is the same person, and why.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn kept(&mut self, person: PersonId) -> Result<Option<Kept>, StoreError> {
        const SQL: &str = concat!(
            "SELECT person, staff, why_sealed, held_at FROM retention_hold WHERE person IN ",
            whole_person!("$1"),
            " ORDER BY held_at, person LIMIT 1"
        );
        let row: Option<KeptRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_optional(conn).await?);
        let Some(KeptRow { person, staff, why_sealed, held_at }) = row else { return Ok(None) };
        let why = if_readable(self.open(WHY, person.0, person.0.as_bytes(), &why_sealed).await)?;
        Ok(Some(Kept { by: staff, why: why.unwrap_or_default(), since: held_at }))
    }
}

impl Tx {
    /// Writes down that somebody is erased by the rule, if they still may be. False where something keeps them by now.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_erasure_by_rule(
        &mut self,
        service: &ServiceId,
        ended: &Ended,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = ended!(" AND r.person = $4");
        let still: Option<Ended> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(service)
            .bind(before)
            .bind(1_i64)
            .bind(ended.person)
            .fetch_optional(conn)
            .await?);
        if still.is_none() {
            return Ok(false);
        }
        self.audit(Author::System, RULE, "referral", &ended.reference, now).await?;
        Ok(true)
    }

    /// Keeps somebody from being erased by the rule; once more says it anew.
    ///
    /// # Errors
    /// `Erased` where they were, or where the store fails.
    pub async fn keep_person(
        &mut self,
        person: PersonId,
        staff: StaffId,
        why: &Words,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO retention_hold (person, staff, why_sealed, held_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (person) DO UPDATE
               SET staff = excluded.staff, why_sealed = excluded.why_sealed, held_at = excluded.held_at";
        self.refuse_erased(person).await?;
        let sealed = self.seal(WHY, person.0, person.0.as_bytes(), why).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(person)
            .bind(staff)
            .bind(sealed)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Keeps them no longer.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn keep_person_no_longer(&mut self, person: PersonId) -> Result<(), StoreError> {
        const SQL: &str = concat!("DELETE FROM retention_hold WHERE person IN ", whole_person!("$1"));
        on!(self, |conn| sqlx::query(SQL).bind(person).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}
