//! Examples: words of messages that somebody has made nameless, with what a person finds in them, for measuring.
//!
//! Invariant: sealed by the house's key, and belongs to no person: nothing here says whose words they were.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ExampleId;
use crate::domain::ids::ServiceId;
use crate::domain::language::Language;
use crate::domain::message::Words;
use crate::domain::theme::Theme;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::in_time;
use crate::store::seal::Cell;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// An example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Its row.
    pub id: ExampleId,
    /// Whose list it stands in.
    pub service: ServiceId,
    /// What it says, and what a person finds in it.
    pub body: ExampleBody,
}

/// What an example says, and what a person finds in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExampleBody {
    /// The words.
    pub text: Words,
    /// The language in which they are.
    pub language: Language,
    /// What a human would want to see urgently in them; none where nothing is.
    pub concerns: Vec<ConcernCategory>,
    /// What they are about; none where they fit no theme.
    pub themes: Vec<Theme>,
}

const BODY: Cell = Cell::new("example", "body_sealed");

#[derive(sqlx::FromRow)]
struct ExampleRow {
    id: ExampleId,
    service: ServiceId,
    body_sealed: Vec<u8>,
}

impl Reader {
    /// Every example of every service, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn examples(&mut self) -> Result<Vec<Example>, StoreError> {
        const SQL: &str = "SELECT id, service, body_sealed FROM example ORDER BY id";
        let rows: Vec<ExampleRow> = on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await?);
        let mut examples = Vec::with_capacity(rows.len());
        for row in rows {
            let body = self.open(BODY, HOUSE, row.id.0.as_bytes(), &row.body_sealed).await?;
            examples.push(Example { id: row.id, service: row.service, body });
        }
        Ok(examples)
    }
}

impl Tx {
    /// Keeps an example.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn add_example(
        &mut self,
        service: &ServiceId,
        body: &ExampleBody,
        now: Timestamp,
    ) -> Result<ExampleId, StoreError> {
        const SQL: &str = "INSERT INTO example (id, service, body_sealed) VALUES ($1, $2, $3)";
        let id = ExampleId::new(now, self.random());
        let body = self.seal(BODY, HOUSE, id.0.as_bytes(), body).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(service)
            .bind(body)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(id)
    }

    /// Takes an example away for good.
    ///
    /// # Errors
    /// `TooLate` where it is gone already, or where the store fails.
    pub async fn remove_example(&mut self, id: ExampleId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM example WHERE id = $1";
        in_time(on!(self, |conn| sqlx::query(SQL).bind(id).execute(conn).await?.rows_affected()))
    }
}
