//! What a link worker's desk needs: the queue, notes, who has a case, and forms that count once.
//!
//! Invariant: a note stands in a table of its own, which nothing that sends ever reads.

use crate::domain::ids::NoteId;
use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Words;
use crate::domain::referral::ReferralStatus;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::handover::SUMMARY;
use crate::store::referral::Referral;
use crate::store::referral::ReferralRow;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A referral as the queue shows it.
#[derive(Debug, Clone)]
pub struct Queued {
    /// The case.
    pub referral: Referral,
    /// The newest handover, where there is one.
    pub summary: Option<Summary>,
    /// Concerns about the person that nobody has acknowledged.
    pub open_concerns: i64,
    /// The language of the texts.
    pub language: Language,
    /// How the person wrote last.
    pub channel: Option<ChannelKind>,
}

/// A private note.
#[derive(Debug, Clone)]
pub struct Note {
    /// Its row.
    pub id: NoteId,
    /// Who wrote it.
    pub author: StaffId,
    /// What it says.
    pub text: Words,
    /// When.
    pub written_at: Timestamp,
}

const NOTE: Cell = Cell::new("note", "body_sealed");

#[derive(sqlx::FromRow)]
struct QueuedRow {
    #[sqlx(flatten)]
    referral: ReferralRow,
    session: Option<uuid::Uuid>,
    summary_sealed: Option<Vec<u8>>,
    open_concerns: i64,
    language: Language,
    channel: Option<String>,
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: NoteId,
    author: StaffId,
    body_sealed: Vec<u8>,
    written_at: Timestamp,
}

impl Reader {
    /// The referrals that this account may see, the oldest first: of its services, or of all for an administrator.
    /// Ended ones are told since `ended_since`, and as long as a concern about the person is open.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn queue(
        &mut self,
        staff: StaffId,
        ended_since: Timestamp,
        limit: u16,
    ) -> Result<Vec<Queued>, StoreError> {
        const SQL: &str = "
            SELECT r.id, r.reference, r.person, r.service, r.practice, r.status, r.owner, r.version, r.reply_due,
                   r.waiting_since, r.opened_at, r.promised_on, r.updated_at, r.closed_at, r.ending,
                   h.session, h.summary_sealed, p.language,
                   (SELECT COUNT(*) FROM concern c WHERE c.person = r.person AND c.acknowledged_at IS NULL)
                       AS open_concerns,
                   (SELECT a.channel FROM person_address pa JOIN address a ON a.id = pa.address
                     WHERE pa.person = r.person ORDER BY pa.last_used_at DESC, pa.address LIMIT 1) AS channel
              FROM referral r
              JOIN person p ON p.id = r.person
              LEFT JOIN handover h ON h.id = (SELECT n.id FROM handover n WHERE n.referral = r.id
                                               ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
             WHERE (r.closed_at IS NULL OR $2 <= r.closed_at
                    OR (EXISTS (SELECT 1 FROM concern c WHERE c.person = r.person AND c.acknowledged_at IS NULL)
                        AND NOT EXISTS (SELECT 1 FROM referral n WHERE n.person = r.person
                                           AND r.opened_at < n.opened_at)))
               AND (EXISTS (SELECT 1 FROM staff_service s WHERE s.staff = $1 AND s.service = r.service)
                    OR EXISTS (SELECT 1 FROM staff s WHERE s.id = $1 AND s.role = 'admin'))
             ORDER BY open_concerns DESC, r.reply_due DESC, r.opened_at, r.id
             LIMIT $3";
        let rows: Vec<QueuedRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(staff)
            .bind(ended_since)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?);
        let mut queue = Vec::with_capacity(rows.len());
        for row in rows {
            queue.push(self.read_queued(row).await?);
        }
        Ok(queue)
    }

    async fn read_queued(&mut self, row: QueuedRow) -> Result<Queued, StoreError> {
        let referral = Referral::try_from(row.referral)?;
        let summary = match (row.session, row.summary_sealed) {
            (Some(session), Some(sealed)) => {
                match self.open(SUMMARY, referral.person.0, session.as_bytes(), &sealed).await {
                    Ok(summary) => Some(summary),
                    // The person asked for it; the case itself stays to be counted.
                    Err(StoreError::Erased) => None,
                    Err(error) => return Err(error),
                }
            }
            (None, _) | (_, None) => None,
        };
        Ok(Queued {
            referral,
            summary,
            open_concerns: row.open_concerns,
            language: row.language,
            channel: row.channel.map(|code| read_code("address", "channel", &code)).transpose()?,
        })
    }

    /// The newest referral of a person, ended or not.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn newest_referral_of(&mut self, person: PersonId) -> Result<Option<Referral>, StoreError> {
        const SQL: &str = "
            SELECT id, reference, person, service, practice, status, owner, version, reply_due, waiting_since,
                   opened_at, promised_on, updated_at, closed_at, ending
              FROM referral WHERE person = $1 ORDER BY opened_at DESC, id DESC LIMIT 1";
        let row: Option<ReferralRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_optional(conn).await?);
        row.map(Referral::try_from).transpose()
    }

    /// The private notes on a case, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn notes_of(&mut self, referral: &Referral) -> Result<Vec<Note>, StoreError> {
        const SQL: &str = "
            SELECT id, author, body_sealed, written_at FROM note WHERE referral = $1 ORDER BY written_at, id";
        let rows: Vec<NoteRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(referral.id).fetch_all(conn).await?);
        let mut notes = Vec::with_capacity(rows.len());
        for row in rows {
            notes.push(Note {
                id: row.id,
                author: row.author,
                text: self.open(NOTE, referral.person.0, row.id.0.as_bytes(), &row.body_sealed).await?,
                written_at: row.written_at,
            });
        }
        Ok(notes)
    }
}

impl Tx {
    /// Uses the key of a form: false where it was used before, so that a form that is sent twice counts once.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn use_form(&mut self, staff: StaffId, key: &str, now: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "
            INSERT INTO idempotency (staff, token, used_at) VALUES ($1, $2, $3)
            ON CONFLICT (staff, token) DO NOTHING";
        let used =
            on!(self, |conn| sqlx::query(SQL).bind(staff).bind(key).bind(now).execute(conn).await?.rows_affected());
        Ok(used == 1)
    }

    /// Adds a private note to a case.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn add_note(
        &mut self,
        referral: &Referral,
        author: StaffId,
        text: &Words,
        now: Timestamp,
    ) -> Result<NoteId, StoreError> {
        const SQL: &str = "
            INSERT INTO note (id, referral, author, body_sealed, written_at) VALUES ($1, $2, $3, $4, $5)";
        let id = NoteId::new(now, self.random());
        let sealed = self.seal(NOTE, referral.person.0, id.0.as_bytes(), text).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(referral.id)
            .bind(author)
            .bind(sealed)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(id)
    }

    /// A human replies, over the version that was seen: nothing waits any more, and who had nobody has them.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed the case since, or where the store fails.
    pub async fn answer_referral(
        &mut self,
        id: ReferralId,
        seen: i64,
        staff: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET owner = COALESCE(owner, $1), status = CASE WHEN status = $2 THEN $3 ELSE status END,
                   reply_due = $4, waiting_since = NULL, version = version + 1, updated_at = $5
             WHERE id = $6 AND version = $7";
        let answered = on!(self, |conn| sqlx::query(SQL)
            .bind(staff)
            .bind(ReferralStatus::New.as_str())
            .bind(ReferralStatus::InHand.as_str())
            .bind(false)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected());
        if answered == 1 { Ok(()) } else { Err(StoreError::TooLate) }
    }

    /// Gives an open case to somebody, or back into the queue, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since or it has ended, or where the store fails.
    pub async fn set_owner(
        &mut self,
        id: ReferralId,
        seen: i64,
        owner: Option<StaffId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE referral
               SET owner = $1, status = CASE WHEN status = $2 THEN $3 ELSE status END,
                   version = version + 1, updated_at = $4
             WHERE id = $5 AND version = $6 AND closed_at IS NULL";
        // A case in the queue is new again, unless it was accepted.
        let (from, to) = match owner {
            Some(_) => (ReferralStatus::New, ReferralStatus::InHand),
            None => (ReferralStatus::InHand, ReferralStatus::New),
        };
        let given = on!(self, |conn| sqlx::query(SQL)
            .bind(owner)
            .bind(from.as_str())
            .bind(to.as_str())
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected());
        if given == 1 { Ok(()) } else { Err(StoreError::TooLate) }
    }
}
