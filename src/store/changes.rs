//! Whether anything has changed that the inbox shows.
//!
//! A counter that every story moves on would make all of them wait for each other; the newest of each change says the
//! same, on whichever node it was made.
//!
//! Invariant: nothing here says what has changed, or about whom.

use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

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
        let word = |newest: Option<Timestamp>| format!("{:x}", newest.map_or(0, Timestamp::as_micros));
        Ok([referral, handover, raised, acknowledged, woken].map(word).join("-"))
    }
}
