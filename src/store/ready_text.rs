//! Ready-made texts: what the link workers of a service can put into the box for a text, sealed by the house's key.
//!
//! Invariant: nothing here belongs to a person, and nothing here is ever sent by itself.

use crate::domain::ids::ReadyTextId;
use crate::domain::ids::ServiceId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::in_time;
use crate::store::seal::Cell;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A ready-made text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyText {
    /// Its row.
    pub id: ReadyTextId,
    /// Whose it is.
    pub service: ServiceId,
    /// How often it was changed, and one more.
    pub version: i64,
    /// What it says.
    pub words: ReadyWords,
}

/// What a ready-made text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyWords {
    /// By what link workers choose it.
    pub title: Words,
    /// The text, with its blanks.
    pub text: Words,
}

const TITLE: Cell = Cell::new("ready_text", "title_sealed");
const TEXT: Cell = Cell::new("ready_text", "text_sealed");

#[derive(sqlx::FromRow)]
struct ReadyTextRow {
    id: ReadyTextId,
    service: ServiceId,
    version: i64,
    title_sealed: Vec<u8>,
    text_sealed: Vec<u8>,
}

impl Reader {
    /// The ready-made texts of a service, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn ready_texts_of(&mut self, service: &ServiceId) -> Result<Vec<ReadyText>, StoreError> {
        const SQL: &str = "
            SELECT id, service, version, title_sealed, text_sealed FROM ready_text
             WHERE service = $1 ORDER BY created_at, id";
        let rows: Vec<ReadyTextRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(service).fetch_all(conn).await?);
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            texts.push(self.open_ready_text(row).await?);
        }
        Ok(texts)
    }

    /// A ready-made text.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn ready_text(&mut self, id: ReadyTextId) -> Result<ReadyText, StoreError> {
        const SQL: &str = "
            SELECT id, service, version, title_sealed, text_sealed FROM ready_text WHERE id = $1";
        let row: Option<ReadyTextRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_optional(conn).await?);
        self.open_ready_text(row.ok_or(StoreError::NotFound)?).await
    }

    async fn open_ready_text(&self, row: ReadyTextRow) -> Result<ReadyText, StoreError> {
        let place = row.id.0.as_bytes();
        let title = self.open(TITLE, HOUSE, place, &row.title_sealed).await?;
        let text = self.open(TEXT, HOUSE, place, &row.text_sealed).await?;
        Ok(ReadyText {
            id: row.id,
            service: row.service,
            version: row.version,
            words: ReadyWords { title, text },
        })
    }
}

impl Tx {
    /// Keeps a new ready-made text.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn add_ready_text(
        &mut self,
        service: &ServiceId,
        words: &ReadyWords,
        now: Timestamp,
    ) -> Result<ReadyTextId, StoreError> {
        const SQL: &str = "
            INSERT INTO ready_text (id, service, version, title_sealed, text_sealed, created_at, changed_at)
            VALUES ($1, $2, 1, $3, $4, $5, $5)";
        let id = ReadyTextId::new(now, self.random());
        let (title, text) = self.seal_ready_text(id, words).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(service)
            .bind(title)
            .bind(text)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(id)
    }

    /// Changes a ready-made text, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn change_ready_text(
        &mut self,
        id: ReadyTextId,
        seen: i64,
        words: &ReadyWords,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE ready_text SET title_sealed = $1, text_sealed = $2, version = version + 1, changed_at = $3
             WHERE id = $4 AND version = $5";
        let (title, text) = self.seal_ready_text(id, words).await?;
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(title)
            .bind(text)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// Takes a ready-made text away, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn remove_ready_text(&mut self, id: ReadyTextId, seen: i64) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM ready_text WHERE id = $1 AND version = $2";
        in_time(on!(self, |conn| sqlx::query(SQL).bind(id).bind(seen).execute(conn).await?.rows_affected()))
    }

    async fn seal_ready_text(
        &self,
        id: ReadyTextId,
        words: &ReadyWords,
    ) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
        let place = id.0.as_bytes();
        Ok((
            self.seal(TITLE, HOUSE, place, &words.title).await?,
            self.seal(TEXT, HOUSE, place, &words.text).await?,
        ))
    }
}
