//! What link workers said of the themes of a case.
//!
//! Invariant: rows are added, never changed, and the answer of the rules stays in the handover as it was.

use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::theme::Corrected;
use crate::domain::theme::Correction;
use crate::domain::theme::Theme;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

#[derive(sqlx::FromRow)]
struct CorrectedRow {
    theme: String,
    correction: String,
    staff: StaffId,
    corrected_at: Timestamp,
}

impl TryFrom<CorrectedRow> for Corrected {
    type Error = StoreError;

    fn try_from(row: CorrectedRow) -> Result<Self, StoreError> {
        Ok(Self {
            theme: read_code("theme_correction", "theme", &row.theme)?,
            correction: read_code("theme_correction", "correction", &row.correction)?,
            by: row.staff,
            at: row.corrected_at,
        })
    }
}

impl Tx {
    /// Keeps what a link worker said of the themes of a case, each at most once, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed the case since, or where the store fails.
    pub async fn correct_themes(
        &mut self,
        referral: ReferralId,
        seen: i64,
        said: &[(Theme, Correction)],
        staff: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const CASE: &str = "
            UPDATE referral SET version = version + 1, updated_at = $1 WHERE id = $2 AND version = $3
            RETURNING person";
        const SQL: &str = "
            INSERT INTO theme_correction (referral, version, theme, correction, staff, corrected_at)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let person: Option<PersonId> = on!(self, |conn| sqlx::query_scalar(CASE)
            .bind(now)
            .bind(referral)
            .bind(seen)
            .fetch_optional(conn)
            .await?);
        let person = person.ok_or(StoreError::TooLate)?;
        for (theme, correction) in said {
            on!(self, |conn| sqlx::query(SQL)
                .bind(referral)
                .bind(seen)
                .bind(theme.as_str())
                .bind(correction.as_str())
                .bind(staff)
                .bind(now)
                .execute(conn)
                .await
                .map(|_| ())?);
        }
        self.make_findable(person).await
    }
}

impl Reader {
    /// What was said of the themes of a case, in that order.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn theme_corrections_of(&mut self, referral: ReferralId) -> Result<Vec<Corrected>, StoreError> {
        const SQL: &str = "
            SELECT theme, correction, staff, corrected_at FROM theme_correction
             WHERE referral = $1 ORDER BY version, theme";
        let rows: Vec<CorrectedRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(referral).fetch_all(conn).await?);
        rows.into_iter().map(Corrected::try_from).collect()
    }
}
