//! Who alone may see the cases of a person, and who has stepped back from them.
//!
//! Invariant: both belong to the person, so that they hold for what is opened later too, and to everybody who a link worker
//! said is the same.

use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::same_person::whole_person;
use crate::store::sight::leads;
use crate::store::sight::sees;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Somebody who knows a person, and sees their cases no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct SteppedBack {
    /// Who.
    pub staff: StaffId,
    /// When.
    pub stepped_at: Timestamp,
    /// Whether it waits, because nobody else saw the cases.
    pub waits: bool,
}

/// The same, for the leads of a service.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SteppedLately {
    /// Who.
    pub staff: StaffId,
    /// When.
    pub stepped_at: Timestamp,
    /// Whether it waits, because nobody else saw the cases.
    pub waits: bool,
    /// The newest case.
    pub reference: Reference,
    /// Whether the lead sees it.
    pub seen: bool,
}

/// More than anybody reads above a list.
const MOST_LATELY: i64 = 20;

impl Reader {
    /// Who alone may see the cases of a person; nobody where they are not restricted.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn restricted_to(&mut self, person: PersonId) -> Result<Vec<StaffId>, StoreError> {
        const SQL: &str = "
            SELECT x.staff FROM restriction x JOIN staff s ON s.id = x.staff
             WHERE x.person = $1 ORDER BY s.created_at, s.id";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_all(conn).await?))
    }

    /// Who has stepped back from the cases of a person, or asked to, the first first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stepped_back(&mut self, person: PersonId) -> Result<Vec<SteppedBack>, StoreError> {
        const SQL: &str = "
            SELECT staff, stepped_at, waits FROM stepped_back WHERE person = $1 ORDER BY stepped_at, staff";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_all(conn).await?))
    }

    /// Who has stepped back since then, for a lead: of cases that the lead sees, or that nobody else sees. The last first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn stepped_lately(
        &mut self,
        lead: StaffId,
        since: Timestamp,
    ) -> Result<Vec<SteppedLately>, StoreError> {
        const SQL: &str = concat!(
            "SELECT y.staff, y.stepped_at, y.waits, y.reference, y.seen
               FROM (SELECT k.staff, k.stepped_at, k.waits, r.reference, ",
            sees!("$1"),
            " AS seen
                       FROM stepped_back k
                       JOIN referral r ON r.id = (SELECT n.id FROM referral n WHERE n.person = k.person
                                                   ORDER BY n.opened_at DESC, n.id DESC LIMIT 1)
                       JOIN staff v ON v.id = $1
                      WHERE k.staff <> $1 AND $2 <= k.stepped_at AND ",
            leads!("r"),
            ") y
              WHERE y.seen OR y.waits
              ORDER BY y.stepped_at DESC, y.staff LIMIT $3"
        );
        Ok(on!(self, |conn| sqlx::query_as(SQL)
            .bind(lead)
            .bind(since)
            .bind(MOST_LATELY)
            .fetch_all(conn)
            .await?))
    }
}

impl Tx {
    /// These accounts alone see the cases of a person from now on; nobody in particular lifts the restriction.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn restrict(&mut self, person: PersonId, to: &[StaffId]) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM restriction WHERE person = $1";
        const SQL: &str = "
            INSERT INTO restriction (person, staff) VALUES ($1, $2) ON CONFLICT (person, staff) DO NOTHING";
        for person in self.everybody_who_is(person).await? {
            on!(self, |conn| sqlx::query(CLEAR).bind(person).execute(conn).await.map(|_| ())?);
            for staff in to {
                on!(self, |conn| sqlx::query(SQL)
                    .bind(person)
                    .bind(staff)
                    .execute(conn)
                    .await
                    .map(|_| ())?);
            }
        }
        Ok(())
    }

    /// Somebody knows a person and sees their cases no more; where it waits, they still do.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn step_back(
        &mut self,
        person: PersonId,
        staff: StaffId,
        waits: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO stepped_back (person, staff, stepped_at, waits) VALUES ($1, $2, $3, $4)
            ON CONFLICT (person, staff) DO UPDATE SET stepped_at = excluded.stepped_at, waits = excluded.waits";
        // Who was named to see them is no longer: a restriction must not hang on somebody who has left.
        const UNNAME: &str = "DELETE FROM restriction WHERE person = $1 AND staff = $2 AND NOT $3";
        for person in self.everybody_who_is(person).await? {
            on!(self, |conn| sqlx::query(SQL)
                .bind(person)
                .bind(staff)
                .bind(now)
                .bind(waits)
                .execute(conn)
                .await
                .map(|_| ())?);
            on!(self, |conn| sqlx::query(UNNAME)
                .bind(person)
                .bind(staff)
                .bind(waits)
                .execute(conn)
                .await
                .map(|_| ())?);
        }
        Ok(())
    }

    /// Somebody who has stepped back may see the cases of a person again.
    ///
    /// # Errors
    /// `TooLate` where they had not stepped back, or where the store fails.
    pub async fn let_back(&mut self, person: PersonId, staff: StaffId) -> Result<(), StoreError> {
        const SQL: &str =
            concat!("DELETE FROM stepped_back WHERE person IN ", whole_person!("$1"), " AND staff = $2");
        let done =
            on!(self, |conn| sqlx::query(SQL).bind(person).bind(staff).execute(conn).await?.rows_affected());
        if 1 <= done { Ok(()) } else { Err(StoreError::TooLate) }
    }
}
