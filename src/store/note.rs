//! Notes of link workers.
//!
//! Invariant: a note has no way into the outbox.

use crate::domain::ids::NoteId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::message_word::Message;
use crate::store::message_word::MessageKind;
use crate::store::referral::Referral;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A note of a link worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its row.
    pub id: NoteId,
    /// Who wrote it.
    pub author: StaffId,
    /// What it says; empty where it was erased or cannot be read.
    pub body: Words,
    /// When.
    pub written_at: Timestamp,
}

pub(super) const BODY: Cell = Cell::new("note", "body_sealed");

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: NoteId,
    author: StaffId,
    body_sealed: Vec<u8>,
    written_at: Timestamp,
}

impl Tx {
    /// Adds a note to a referral.
    ///
    /// # Errors
    /// `Erased` where the person was, or where the store fails.
    pub async fn add_note(
        &mut self,
        referral: &Referral,
        author: StaffId,
        body: &Words,
        now: Timestamp,
    ) -> Result<NoteId, StoreError> {
        const SQL: &str = "
            INSERT INTO note (id, referral, author, body_sealed, written_at) VALUES ($1, $2, $3, $4, $5)";
        self.refuse_erased(referral.person).await?;
        let id = NoteId::new(now, self.random());
        let sealed = self.seal(BODY, referral.person.0, id.0.as_bytes(), body).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(referral.id)
            .bind(author)
            .bind(sealed)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        let (kind, person) = (MessageKind::Note, referral.person);
        self.index_words(Message { id: id.0, kind, person, text: &body.0, written_at: now }).await?;
        Ok(id)
    }
}

impl Reader {
    /// The notes of a referral and of those that go on in it, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn all_notes_of(&mut self, referral: &Referral) -> Result<Vec<Note>, StoreError> {
        let mut notes = self.notes_of(referral).await?;
        for other in self.merged_into(referral.id).await? {
            notes.extend(self.notes_of(&other).await?);
        }
        notes.sort_by_key(|note| (note.written_at, note.id));
        Ok(notes)
    }

    /// The notes of a referral, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn notes_of(&mut self, referral: &Referral) -> Result<Vec<Note>, StoreError> {
        const SQL: &str = "
            SELECT id, author, body_sealed, written_at FROM note WHERE referral = $1 ORDER BY written_at, id";
        let (id, owner): (ReferralId, _) = (referral.id, referral.person.0);
        let rows: Vec<NoteRow> = on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_all(conn).await?);
        let mut notes = Vec::with_capacity(rows.len());
        for row in rows {
            let body = if_readable(self.open(BODY, owner, row.id.0.as_bytes(), &row.body_sealed).await)?;
            notes.push(Note {
                id: row.id,
                author: row.author,
                body: body.unwrap_or_default(),
                written_at: row.written_at,
            });
        }
        Ok(notes)
    }
}
