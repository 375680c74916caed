//! What a clinical safety officer counts: concerns without anything about the people.
//!
//! Invariant: no row here leads to a person.

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ServiceId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::tx::Reader;

/// A concern, as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedConcern {
    /// The service that answers for it.
    pub service: ServiceId,
    /// What it is about.
    pub category: ConcernCategory,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When somebody acknowledged it; nothing where it is open.
    pub acknowledged_at: Option<Timestamp>,
    /// Whoever acknowledged it said that it was no concern.
    pub was_false: bool,
}

#[derive(sqlx::FromRow)]
struct CountedRow {
    service: ServiceId,
    category: String,
    raised_at: Timestamp,
    acknowledged_at: Option<Timestamp>,
    was_false: bool,
}

impl Reader {
    /// The concerns that were raised in this span, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn concerns_raised(
        &mut self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<CountedConcern>, StoreError> {
        const SQL: &str = "
            SELECT service, category, raised_at, acknowledged_at, was_false FROM concern
             WHERE $1 <= raised_at AND raised_at < $2 ORDER BY raised_at, id";
        let rows: Vec<CountedRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(from).bind(until).fetch_all(conn).await?);
        let read = |row: CountedRow| {
            Ok(CountedConcern {
                service: row.service,
                category: read_code("concern", "category", &row.category)?,
                raised_at: row.raised_at,
                acknowledged_at: row.acknowledged_at,
                was_false: row.was_false,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
