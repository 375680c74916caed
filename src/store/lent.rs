//! Cases with which a volunteer champion was asked to help.
//!
//! Invariant: the case stays with its link worker, and in every folder in which it stood.

use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::in_time;
use crate::store::referral::Referral;
use crate::store::referral::ReferralRow;
use crate::store::same_person::whole_person;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// More than any volunteer helps with at once.
const MOST_HELPED: i64 = 100;

/// Who helps with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Lent {
    /// The volunteer champion.
    pub champion: StaffId,
    /// The link worker who asked them.
    pub lent_by: StaffId,
    /// When.
    pub lent_at: Timestamp,
}

impl Reader {
    /// Who helps with a case.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn lent(&mut self, referral: ReferralId) -> Result<Option<Lent>, StoreError> {
        const SQL: &str = "SELECT champion, lent_by, lent_at FROM lent WHERE referral = $1";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(referral).fetch_optional(conn).await?))
    }

    /// The active volunteer champions who can be asked to help with a case: nobody where it is restricted.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn champions_for(&mut self, referral: &Referral) -> Result<Vec<StaffId>, StoreError> {
        const SQL: &str = "
            SELECT s.id FROM staff s JOIN staff_service w ON w.staff = s.id AND w.service = $1
             WHERE s.active AND s.role = 'volunteer-champion'
               AND NOT EXISTS (SELECT 1 FROM restriction x WHERE x.person = $2)
               AND NOT EXISTS (SELECT 1 FROM stepped_back b WHERE b.person = $2 AND b.staff = s.id)
             ORDER BY s.created_at, s.id";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(&referral.service)
            .bind(referral.person)
            .fetch_all(conn)
            .await?))
    }

    /// The open cases with which a volunteer champion helps, the newest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn helped_by(&mut self, champion: StaffId) -> Result<Vec<Referral>, StoreError> {
        const SQL: &str = "
            SELECT r.id, r.reference, r.person, r.service, r.practice, r.status, r.owner, r.version, r.reply_due,
                   r.waiting_since, r.opened_at, r.promised_on, r.updated_at, r.closed_at, r.ending, r.later_until,
                   r.later_reason, r.given_by, r.given_at
              FROM lent l
              JOIN referral r ON r.id = l.referral
              JOIN staff_service w ON w.staff = l.champion AND w.service = r.service
             WHERE l.champion = $1 AND r.closed_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM restriction x WHERE x.person = r.person)
               AND NOT EXISTS (SELECT 1 FROM stepped_back b
                                WHERE b.person = r.person AND b.staff = $1 AND NOT b.waits)
             ORDER BY l.lent_at DESC, r.id LIMIT $2";
        let rows: Vec<ReferralRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(champion).bind(MOST_HELPED).fetch_all(conn).await?);
        rows.into_iter().map(Referral::try_from).collect()
    }
}

impl Tx {
    /// Asks a volunteer champion to help with a case, over the version that was seen; whoever helped before does so
    /// no more.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn lend(
        &mut self,
        id: ReferralId,
        seen: i64,
        (by, champion): (StaffId, StaffId),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO lent (referral, champion, lent_by, lent_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (referral) DO UPDATE
               SET champion = excluded.champion, lent_by = excluded.lent_by, lent_at = excluded.lent_at";
        self.touch(id, seen, now).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(champion)
            .bind(by)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Nobody helps with a case any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn end_lending(&mut self, id: ReferralId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM lent WHERE referral = $1";
        on!(self, |conn| sqlx::query(SQL).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Nobody helps any more with any case of a person.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn end_lending_of(&mut self, person: PersonId) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "DELETE FROM lent WHERE referral IN (SELECT r.id FROM referral r WHERE r.person IN ",
            whole_person!("$1"),
            ")"
        );
        on!(self, |conn| sqlx::query(SQL).bind(person).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Something about a case changes that stands beside it, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn touch(&mut self, id: ReferralId, seen: i64, now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral SET version = version + 1, updated_at = $1
             WHERE id = $2 AND version = $3";
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }
}
