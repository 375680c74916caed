//! Who may see a case: the one clause that every list, count, search, page and deed asks.
//!
//! Invariant: what an account may not see is for it as what is not there; what nobody sees by the rules,
//! every administrator sees, and an open concern is seen by whoever leads, whichever practices they are kept to.

use crate::domain::ids::ConcernId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::same_person::first_of;
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

/// Whether the case `r` is of a practice that the account `$who` may see, of the services that it works for: a condition of
/// SQL, never unknown. Who is kept to no practice of the service sees all of it. Everybody of the service sees whoever has
/// no known practice, and a practice that nobody who is active was given and nobody sees who is kept to none; whoever has
/// the case sees it, and whoever was named as one who alone may.
macro_rules! in_scope {
    ($($who:literal),+) => {
        concat!(
            "(r.service NOT IN (SELECT k.service FROM staff_practice k WHERE k.staff = ",
            $($who,)+
            ")
               OR r.practice IS NULL
               OR COALESCE(r.owner = ",
            $($who,)+
            ", FALSE)
               OR (r.service, r.practice) IN (SELECT k.service, k.practice FROM staff_practice k WHERE k.staff = ",
            $($who,)+
            ")
               OR r.person IN (SELECT x.person FROM restriction x WHERE x.staff = ",
            $($who,)+
            ")
               OR (r.service NOT IN (SELECT g.service FROM staff_service g JOIN staff h ON h.id = g.staff
                                      WHERE h.active AND h.role NOT IN ('volunteer-champion', 'auditor')
                                        AND NOT EXISTS (SELECT 1 FROM staff_practice k
                                                         WHERE k.staff = g.staff AND k.service = g.service))
                   AND (r.service, r.practice) NOT IN (SELECT k.service, k.practice
                                                         FROM staff_practice k JOIN staff h ON h.id = k.staff
                                                        WHERE h.active)))"
        )
    };
}

/// Whether the account `$v` of the table `staff` could see the case `r`: it works for the service and is kept to no other
/// practices, and has not stepped back. A condition of SQL.
macro_rules! could_see {
    ($v:literal) => {
        concat!(
            "((",
            $v,
            ".role = 'admin'
                OR (",
            $v,
            ".role IN ('link-worker', 'duty-lead', 'safeguarding-lead')
                    AND EXISTS (SELECT 1 FROM staff_service w WHERE w.staff = ",
            $v,
            ".id AND w.service = r.service)
                    AND ",
            $crate::store::sight::in_scope!($v, ".id"),
            "))
               AND NOT EXISTS (SELECT 1 FROM stepped_back b
                                WHERE b.person = r.person AND b.staff = ",
            $v,
            ".id AND NOT b.waits))"
        )
    };
}

/// Whether it does by the rules: nobody was named who alone may, or it is one of them; leads do where nobody who was named
/// can sign in any more.
macro_rules! sees_by_rule {
    ($v:literal) => {
        concat!(
            "(",
            $crate::store::sight::could_see!($v),
            "
               AND (NOT EXISTS (SELECT 1 FROM restriction x WHERE x.person = r.person)
                    OR EXISTS (SELECT 1 FROM restriction x WHERE x.person = r.person AND x.staff = ",
            $v,
            ".id)
                    OR (",
            $v,
            ".role IN ('admin', 'duty-lead', 'safeguarding-lead')
                        AND NOT EXISTS (SELECT 1 FROM restriction x JOIN staff n ON n.id = x.staff
                                         WHERE x.person = r.person AND n.active))))"
        )
    };
}

/// Whether an account sees the case `r`: a condition of SQL. `$who` names the account, in SQL. What nobody sees by the rules,
/// every administrator sees.
///
/// Nearly nobody is restricted or stepped back from: for everybody else two lists, which are made once, decide; the rules are
/// asked of the few.
macro_rules! sees {
    ($who:literal) => {
        concat!(
            "((r.person NOT IN (SELECT x.person FROM restriction x UNION SELECT b.person FROM stepped_back b)
               AND (r.service IN (SELECT w.service FROM staff_service w JOIN staff v ON v.id = w.staff
                                   WHERE w.staff = ",
            $who,
            " AND v.role IN ('link-worker', 'duty-lead', 'safeguarding-lead'))
                       AND ",
            $crate::store::sight::in_scope!($who),
            "
                    OR EXISTS (SELECT 1 FROM staff v WHERE v.id = ",
            $who,
            " AND v.role = 'admin')))
              OR (r.person IN (SELECT x.person FROM restriction x UNION SELECT b.person FROM stepped_back b)
                  AND EXISTS (SELECT 1 FROM staff v WHERE v.id = ",
            $who,
            " AND (",
            $crate::store::sight::sees_by_rule!("v"),
            "
                      OR (v.role = 'admin'
                          AND NOT EXISTS (SELECT 1 FROM staff u WHERE u.active AND ",
            $crate::store::sight::sees_by_rule!("u"),
            "))))))"
        )
    };
}

/// Whether the account `v` leads in the service of `$of`, which has a service and a person: whoever does sees its open
/// concerns, unless they have stepped back.
macro_rules! leads {
    ($of:literal) => {
        concat!(
            "((v.role = 'admin'
                OR (v.role IN ('duty-lead', 'safeguarding-lead')
                    AND EXISTS (SELECT 1 FROM staff_service w WHERE w.staff = v.id AND w.service = ",
            $of,
            ".service)))
               AND NOT EXISTS (SELECT 1 FROM stepped_back b
                                WHERE b.person = ",
            $of,
            ".person AND b.staff = v.id AND NOT b.waits))"
        )
    };
}

/// Whether the account `v`, which is `$1`, is told of the concern `c`: as a lead, or because they see the newest case of whom
/// it is about.
macro_rules! hears_of {
    () => {
        concat!(
            "(",
            $crate::store::sight::leads!("c"),
            "
                     OR EXISTS (SELECT 1 FROM referral r
                                 WHERE r.id = (SELECT n.id FROM referral n WHERE n.person = ",
            $crate::store::same_person::first_of!("c.person"),
            "
                                                ORDER BY n.opened_at DESC, n.id DESC LIMIT 1)
                                   AND ",
            $crate::store::sight::sees!("$1"),
            "))"
        )
    };
}

pub(super) use could_see;
pub(super) use hears_of;
pub(super) use in_scope;
pub(super) use leads;
pub(super) use sees;
pub(super) use sees_by_rule;

/// How much of a concern somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConcernSight {
    /// Nothing: for them it is not there.
    Nothing,
    /// The concern, because they lead in the service; not its case.
    Alone,
    /// The concern and its case.
    Whole,
}

/// An open concern of a case that a lead does not see.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ConcernBeyond {
    /// Which.
    pub id: ConcernId,
    /// Since when it is open.
    pub raised_at: Timestamp,
}

/// More than anybody reads above a list.
const MOST_BEYOND: i64 = 20;

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
                                 WHERE l.referral = r.id AND l.champion = $1 AND v.role = 'volunteer-champion'
                                   AND NOT EXISTS (SELECT 1 FROM restriction x WHERE x.person = r.person)
                                   AND NOT EXISTS (SELECT 1 FROM stepped_back b
                                                    WHERE b.person = r.person AND b.staff = $1 AND NOT b.waits))
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

    /// How much of a concern somebody may see: a lead sees it while it is open, or where they have dealt with it, also where
    /// its case is kept from them.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn concern_sight(
        &mut self,
        staff: StaffId,
        concern: ConcernId,
    ) -> Result<ConcernSight, StoreError> {
        const SQL: &str = concat!(
            "SELECT EXISTS (SELECT 1 FROM referral r
                             WHERE r.id = (SELECT n.id FROM referral n WHERE n.person = ",
            first_of!("c.person"),
            "
                                            ORDER BY n.opened_at DESC, n.id DESC LIMIT 1)
                               AND ",
            sees!("$1"),
            ") AS whole,
                    (c.acknowledged_at IS NULL OR c.acknowledged_by = $1)
                    AND EXISTS (SELECT 1 FROM staff v WHERE v.id = $1 AND ",
            leads!("c"),
            ") AS alone
               FROM concern c WHERE c.id = $2"
        );
        let (whole, alone): (bool, bool) =
            on!(self, |conn| sqlx::query_as(SQL).bind(staff).bind(concern).fetch_one(conn).await?);
        Ok(match (whole, alone) {
            (true, _) => ConcernSight::Whole,
            (false, true) => ConcernSight::Alone,
            (false, false) => ConcernSight::Nothing,
        })
    }

    /// The open concerns that somebody sees as a lead although their cases are kept from them, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn concerns_beyond(&mut self, staff: StaffId) -> Result<Vec<ConcernBeyond>, StoreError> {
        const SQL: &str = concat!(
            "SELECT c.id, c.raised_at FROM concern c CROSS JOIN staff v
              WHERE v.id = $1 AND c.acknowledged_at IS NULL AND ",
            leads!("c"),
            "
                AND NOT EXISTS (SELECT 1 FROM referral r
                                 WHERE r.id = (SELECT n.id FROM referral n WHERE n.person = ",
            first_of!("c.person"),
            "
                                                ORDER BY n.opened_at DESC, n.id DESC LIMIT 1)
                                   AND ",
            sees!("$1"),
            ")
              ORDER BY c.raised_at, c.id LIMIT $2"
        );
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(staff).bind(MOST_BEYOND).fetch_all(conn).await?))
    }

    /// The active accounts that could see a case if it were not restricted, in the order in which they came.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn could_see(&mut self, referral: &Referral) -> Result<Vec<StaffId>, StoreError> {
        const SQL: &str = concat!(
            "SELECT v.id FROM staff v CROSS JOIN referral r WHERE r.id = $1 AND v.active AND ",
            could_see!("v"),
            " ORDER BY v.created_at, v.id"
        );
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(referral.id).fetch_all(conn).await?))
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
