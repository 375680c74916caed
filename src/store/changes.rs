//! Whether anything has changed that the inbox shows, and what an open page is told of at once.
//!
//! A counter that every story moves on would make all of them wait for each other; the newest of each change says the
//! same, on whichever node it was made.
//!
//! Invariant: nothing here says what has changed, or about whom.

use crate::domain::ids::PersonId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::same_person::whole_person;
use crate::store::sight::hears_of;
use crate::store::tx::Reader;

/// Enough that two words are never the same by chance.
const WORD_BYTES: usize = 8;

impl Reader {
    /// What is another word after each change, and when the day of a case that was put aside has come: opaque, to be
    /// compared only.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn changes(&mut self, now: Timestamp) -> Result<String, StoreError> {
        const SQL: &str = "
            SELECT (SELECT MAX(updated_at) FROM referral), (SELECT MAX(updated_at) FROM handover),
                   (SELECT MAX(raised_at) FROM concern),
                   (SELECT MAX(acknowledged_at) FROM concern WHERE acknowledged_at IS NOT NULL),
                   (SELECT MAX(later_until) FROM referral WHERE later_until <= $1)";
        type Newest =
            (Option<Timestamp>, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>);
        let (referral, handover, raised, acknowledged, woken): Newest =
            on!(self, |conn| sqlx::query_as(SQL).bind(now).fetch_one(conn).await?);
        let newest =
            [referral, handover, raised, acknowledged, woken].map(|at| at.map_or(0, Timestamp::as_micros));
        // A time would tell whoever may not see a concern when it was raised, and when somebody dealt with it.
        let word = self.keyed_index("changes", &newest.map(i64::to_be_bytes).concat());
        Ok(word.iter().take(WORD_BYTES).map(|byte| format!("{byte:02x}")).collect())
    }

    /// The newest of the open concerns that an account sees: when it was raised, and about whom.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn newest_open_concern(
        &mut self,
        staff: StaffId,
    ) -> Result<Option<(Timestamp, PersonId)>, StoreError> {
        const SQL: &str = concat!(
            "SELECT c.raised_at, c.person FROM concern c CROSS JOIN staff v
              WHERE v.id = $1 AND c.acknowledged_at IS NULL
                AND ",
            hears_of!(),
            "
              ORDER BY c.raised_at DESC, c.id DESC LIMIT 1"
        );
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(staff).fetch_optional(conn).await?))
    }

    /// How many open concerns of a service an account is told of.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn count_open_concerns(
        &mut self,
        service: &ServiceId,
        staff: StaffId,
    ) -> Result<i64, StoreError> {
        const SQL: &str = concat!(
            "SELECT COUNT(*) FROM concern c CROSS JOIN staff v
              WHERE v.id = $1 AND c.service = $2 AND c.acknowledged_at IS NULL
                AND ",
            hears_of!()
        );
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).bind(service).fetch_one(conn).await?))
    }

    /// How many texts a person has written after this time.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn heard_after(&mut self, person: PersonId, after: Timestamp) -> Result<i64, StoreError> {
        const SQL: &str = concat!(
            "SELECT COUNT(*) FROM inbound WHERE person IN ",
            whole_person!("$1"),
            " AND $2 < received_at"
        );
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).bind(after).fetch_one(conn).await?))
    }
}
