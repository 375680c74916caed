//! Drafts: what a link worker has typed on a case and neither sent nor kept yet.
//!
//! Invariant: a draft is bound to its worker, its case and its kind: a note that was begun can never be read as a text.

use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::referral::Referral;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftKind {
    /// A text for the person.
    Text,
    /// A note for colleagues.
    Note,
}

/// Something that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who writes it.
    pub staff: StaffId,
    /// What it says.
    pub body: Words,
    /// When it was kept last.
    pub kept_at: Timestamp,
}

impl DraftKind {
    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Note => "note",
        }
    }

    /// What a draft is bound to.
    fn place(self, staff: StaffId, referral: ReferralId) -> Vec<u8> {
        [staff.0.as_bytes().as_slice(), referral.0.as_bytes(), self.as_str().as_bytes()].concat()
    }
}

const BODY: Cell = Cell::new("draft", "body_sealed");

#[derive(sqlx::FromRow)]
struct DraftRow {
    staff: StaffId,
    body_sealed: Vec<u8>,
    kept_at: Timestamp,
}

impl Reader {
    /// What was begun on a case, by everybody, the oldest first. What was erased or cannot be read is not there.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn drafts_of(
        &mut self,
        referral: &Referral,
        kind: DraftKind,
    ) -> Result<Vec<Draft>, StoreError> {
        const SQL: &str = "
            SELECT staff, body_sealed, kept_at FROM draft WHERE referral = $1 AND kind = $2
             ORDER BY kept_at, staff";
        let rows: Vec<DraftRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(referral.id)
            .bind(kind.as_str())
            .fetch_all(conn)
            .await?);
        let mut drafts = Vec::with_capacity(rows.len());
        for DraftRow { staff, body_sealed, kept_at } in rows {
            let place = kind.place(staff, referral.id);
            let body = if_readable(self.open(BODY, referral.person.0, &place, &body_sealed).await)?;
            drafts.extend(body.map(|body| Draft { staff, body, kept_at }));
        }
        Ok(drafts)
    }
}

impl Tx {
    /// Keeps what somebody has begun, in place of what they had begun before.
    ///
    /// # Errors
    /// `Erased` where the person was, or where the store fails.
    pub async fn keep_draft(
        &mut self,
        referral: &Referral,
        (staff, kind): (StaffId, DraftKind),
        body: &Words,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO draft (staff, referral, kind, body_sealed, kept_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (staff, referral, kind)
            DO UPDATE SET body_sealed = excluded.body_sealed, kept_at = excluded.kept_at";
        self.refuse_erased(referral.person).await?;
        let place = kind.place(staff, referral.id);
        let sealed = self.seal(BODY, referral.person.0, &place, body).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(staff)
            .bind(referral.id)
            .bind(kind.as_str())
            .bind(sealed)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Throws away what somebody has begun, where there is something.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn drop_draft(
        &mut self,
        referral: ReferralId,
        (staff, kind): (StaffId, DraftKind),
    ) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM draft WHERE staff = $1 AND referral = $2 AND kind = $3";
        on!(self, |conn| sqlx::query(SQL)
            .bind(staff)
            .bind(referral)
            .bind(kind.as_str())
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }
}
