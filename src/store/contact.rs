//! Contacts: that a link worker rang, visited or wrote to somebody, and what came of it.
//!
//! Invariant: rows are added, never changed, and a contact has no way into the outbox.

use crate::domain::contact::ContactKind;
use crate::domain::contact::ContactResult;
use crate::domain::ids::ContactId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::referral::Referral;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A contact that is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// How it was tried.
    pub kind: ContactKind,
    /// What came of it.
    pub result: ContactResult,
    /// What colleagues should know; may be empty.
    pub note: Words,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Who tried.
    pub staff: StaffId,
    /// What was tried; the note is empty where it was erased or cannot be read.
    pub what: NewContact,
    /// When it was written down.
    pub made_at: Timestamp,
}

const NOTE: Cell = Cell::new("contact", "note_sealed");

#[derive(sqlx::FromRow)]
struct ContactRow {
    id: ContactId,
    staff: StaffId,
    kind: String,
    result: String,
    note_sealed: Option<Vec<u8>>,
    made_at: Timestamp,
}

impl Reader {
    /// The contacts of a case, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn contacts_of(&mut self, referral: &Referral) -> Result<Vec<Contact>, StoreError> {
        const SQL: &str = "
            SELECT id, staff, kind, result, note_sealed, made_at FROM contact
             WHERE referral = $1 ORDER BY made_at, id";
        let rows: Vec<ContactRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(referral.id).fetch_all(conn).await?);
        let mut contacts = Vec::with_capacity(rows.len());
        for row in rows {
            let sealed = row.note_sealed.as_deref();
            let note = self.open_some(NOTE, referral.person.0, row.id.0.as_bytes(), sealed).await;
            let note = if_readable(note)?.flatten().unwrap_or_default();
            let kind = read_code("contact", "kind", &row.kind)?;
            let result = read_code("contact", "result", &row.result)?;
            let what = NewContact { kind, result, note };
            contacts.push(Contact { staff: row.staff, what, made_at: row.made_at });
        }
        Ok(contacts)
    }

    /// The contacts of a case, and of those that go on in it, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn all_contacts_of(&mut self, referral: &Referral) -> Result<Vec<Contact>, StoreError> {
        let mut contacts = self.contacts_of(referral).await?;
        for other in self.merged_into(referral.id).await? {
            contacts.extend(self.contacts_of(&other).await?);
        }
        contacts.sort_by_key(|contact| contact.made_at);
        Ok(contacts)
    }
}

impl Tx {
    /// Writes a contact down.
    ///
    /// # Errors
    /// `Erased` where the person was, or where the store fails.
    pub async fn add_contact(
        &mut self,
        referral: &Referral,
        staff: StaffId,
        contact: &NewContact,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO contact (id, referral, staff, kind, result, note_sealed, made_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        self.refuse_erased(referral.person).await?;
        let id = ContactId::new(now, self.random());
        let sealed = if contact.note.0.is_empty() {
            None
        } else {
            Some(self.seal(NOTE, referral.person.0, id.0.as_bytes(), &contact.note).await?)
        };
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(referral.id)
            .bind(staff)
            .bind(contact.kind.as_str())
            .bind(contact.result.as_str())
            .bind(sealed)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }
}
