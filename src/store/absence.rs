//! Who is away, until when, and who covers for them.
//!
//! Invariant: an absence ends by its time, whatever nobody does; and whoever covers sees by it no case that they do not
//! see without it.

use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::sight::sees;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Somebody is away, or will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Absence {
    /// Who.
    pub staff: StaffId,
    /// From when.
    pub begins_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Who covers, where somebody does.
    pub cover: Option<StaffId>,
}

/// That whoever has a case is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerAway {
    /// Until when.
    pub until: Timestamp,
    /// Who covers it: somebody who may sign in, is here, and sees the case.
    pub covered_by: Option<StaffId>,
}

impl Absence {
    /// Whether they are away at this time.
    #[must_use]
    pub fn is_at(&self, now: Timestamp) -> bool {
        self.begins_at <= now && now < self.ends_at
    }
}

impl OwnerAway {
    pub(super) fn of(until: Option<Timestamp>, covered_by: Option<StaffId>) -> Option<Self> {
        until.map(|until| Self { until, covered_by })
    }
}

/// Until when the owner of the case `r` is away at `$now`; nothing where they are here, or nobody has it.
macro_rules! away_until {
    ($now:literal) => {
        concat!(
            "
                       (SELECT a.ends_at FROM absence a
                         WHERE a.staff = r.owner AND a.begins_at <= ",
            $now,
            " AND ",
            $now,
            " < a.ends_at)"
        )
    };
}

/// Who covers the case `r` of an owner who is away at `$now`: where they may sign in, are not away themselves, and see it.
macro_rules! covered_by {
    ($now:literal) => {
        concat!(
            "
                       (SELECT a.cover FROM absence a JOIN staff y ON y.id = a.cover
                         WHERE a.staff = r.owner AND a.begins_at <= ",
            $now,
            " AND ",
            $now,
            " < a.ends_at
                           AND y.active
                           AND NOT EXISTS (SELECT 1 FROM absence e
                                            WHERE e.staff = a.cover AND e.begins_at <= ",
            $now,
            " AND ",
            $now,
            " < e.ends_at)
                           AND ",
            $crate::store::sight::sees!("a.cover"),
            ")"
        )
    };
}

pub(super) use away_until;
pub(super) use covered_by;

impl Reader {
    /// Who is away, or will be, the first first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn absences(&mut self, now: Timestamp) -> Result<Vec<Absence>, StoreError> {
        const SQL: &str = "
            SELECT staff, begins_at, ends_at, cover FROM absence WHERE $1 < ends_at ORDER BY begins_at, staff";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(now).fetch_all(conn).await?))
    }

    /// Whether whoever has a case is away.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn owner_away(
        &mut self,
        referral: &Referral,
        now: Timestamp,
    ) -> Result<Option<OwnerAway>, StoreError> {
        const SQL: &str =
            concat!("SELECT", away_until!("$2"), ",", covered_by!("$2"), " FROM referral r WHERE r.id = $1");
        let (until, covered_by) =
            on!(self, |conn| sqlx::query_as(SQL).bind(referral.id).bind(now).fetch_one(conn).await?);
        Ok(OwnerAway::of(until, covered_by))
    }

    /// How many open cases of somebody who is away, or will be, are kept from whoever covers for them.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn kept_from_cover(&mut self, staff: StaffId) -> Result<i64, StoreError> {
        const SQL: &str = concat!(
            "SELECT COUNT(*) FROM absence a JOIN referral r ON r.owner = a.staff
              WHERE a.staff = $1 AND a.cover IS NOT NULL AND r.closed_at IS NULL AND NOT ",
            sees!("a.cover")
        );
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).fetch_one(conn).await?))
    }
}

impl Tx {
    /// Somebody is away, or will be; what was said of them before counts no more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_absence(&mut self, absence: &Absence) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO absence (staff, begins_at, ends_at, cover) VALUES ($1, $2, $3, $4)
            ON CONFLICT (staff) DO UPDATE
               SET begins_at = excluded.begins_at, ends_at = excluded.ends_at, cover = excluded.cover";
        on!(self, |conn| sqlx::query(SQL)
            .bind(absence.staff)
            .bind(absence.begins_at)
            .bind(absence.ends_at)
            .bind(absence.cover)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Somebody is here again, or will not be away; false where nothing was said of them.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn end_absence(&mut self, staff: StaffId) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM absence WHERE staff = $1";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(staff).execute(conn).await?.rows_affected()) == 1)
    }
}
