//! Who may see a case: the one clause that every list, count, search, page and deed asks.
//!
//! Invariant: what an account may not see is for it as what is not there; an administrator sees every service, so that
//! nothing is seen by nobody.

use crate::domain::ids::StaffId;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::tx::Reader;

/// How much of a case somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Nothing: for them it is not there.
    Nothing,
    /// The little that a volunteer champion needs who was asked to help.
    Helps,
    /// All of it.
    Whole,
}

/// Whether an account sees the case `r`: a condition of SQL. `$who` names the account, in SQL.
macro_rules! sees {
    ($who:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM staff v WHERE v.id = ",
            $who,
            "
                      AND (v.role = 'admin'
                           OR (v.role IN ('link-worker', 'duty-lead', 'safeguarding-lead')
                               AND EXISTS (SELECT 1 FROM staff_service w
                                            WHERE w.staff = v.id AND w.service = r.service))))"
        )
    };
}

pub(super) use sees;

impl Reader {
    /// How much of a case somebody may see. A volunteer champion sees what they help with until it ends.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sight(&mut self, staff: StaffId, referral: &Referral) -> Result<Sight, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            sees!("$1"),
            " AS whole,
                    r.closed_at IS NULL
                    AND EXISTS (SELECT 1 FROM lent l
                                  JOIN staff v ON v.id = l.champion
                                  JOIN staff_service w ON w.staff = v.id AND w.service = r.service
                                 WHERE l.referral = r.id AND l.champion = $1 AND v.role = 'volunteer-champion')
                        AS helps
               FROM referral r WHERE r.id = $2"
        );
        let (whole, helps): (bool, bool) =
            on!(self, |conn| sqlx::query_as(SQL).bind(staff).bind(referral.id).fetch_one(conn).await?);
        Ok(match (whole, helps) {
            (true, _) => Sight::Whole,
            (false, true) => Sight::Helps,
            (false, false) => Sight::Nothing,
        })
    }

    /// The active accounts that see all of a case, in the order in which they came.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn seers(&mut self, referral: &Referral) -> Result<Vec<StaffId>, StoreError> {
        const SQL: &str = concat!(
            "SELECT s.id FROM staff s CROSS JOIN referral r WHERE r.id = $1 AND s.active AND ",
            sees!("s.id"),
            " ORDER BY s.created_at, s.id"
        );
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(referral.id).fetch_all(conn).await?))
    }
}
