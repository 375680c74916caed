//! What the inbox needs beside the verbs of each noun: one list of all that an account may see, and who has a case.
//!
//! Invariant: a case with an open concern is told, whether it has ended or not.

use crate::conversation::session::Session;
use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::referral::ReferralStatus;
use crate::domain::theme::Corrected;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::in_time;
use crate::store::error::read_code;
use crate::store::handover::SUMMARY;
use crate::store::referral::Referral;
use crate::store::referral::ReferralRow;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A referral as the inbox lists it.
#[derive(Debug, Clone)]
pub struct OnDesk {
    /// The case.
    pub referral: Referral,
    /// What they told, the newest conversation first.
    pub summaries: Vec<Summary>,
    /// What link workers said of the themes, in order.
    pub corrected: Vec<Corrected>,
    /// Concerns about the person that nobody has acknowledged.
    pub open_concerns: i64,
    /// Since when the oldest of them is open.
    pub concern_since: Option<Timestamp>,
    /// Since when somebody waits for us, as a new case or for a reply; nothing where nobody does.
    pub waits_since: Option<Timestamp>,
    /// The language of the texts.
    pub language: Language,
    /// How the person wrote last.
    pub channel: Option<ChannelKind>,
    /// Whether the person was erased.
    pub erased: bool,
}

#[derive(sqlx::FromRow)]
pub(super) struct DeskRow {
    #[sqlx(flatten)]
    referral: ReferralRow,
    session: Option<uuid::Uuid>,
    summary_sealed: Option<Vec<u8>>,
    handovers: i64,
    corrections: i64,
    open_concerns: i64,
    concern_since: Option<Timestamp>,
    waits_since: Option<Timestamp>,
    language: Language,
    channel: Option<String>,
    erased: bool,
}

/// The words that select what the inbox lists of a case, with those that say which cases and in which order. `$1` is the
/// status of a new case.
macro_rules! desk_rows {
    ($which:literal) => {
        concat!(
            "
            SELECT r.id, r.reference, r.person, r.service, r.practice, r.status, r.owner, r.version, r.reply_due,
                   r.waiting_since, r.opened_at, r.promised_on, r.updated_at, r.closed_at, r.ending,
                   h.session, h.summary_sealed, p.language,
                   (SELECT COUNT(*) FROM handover n WHERE n.referral = r.id) AS handovers,
                   (SELECT COUNT(*) FROM theme_correction t WHERE t.referral = r.id) AS corrections,
                   COALESCE(o.open_concerns, 0) AS open_concerns, o.concern_since,
                   CASE WHEN r.status = $1 THEN r.opened_at
                        WHEN r.reply_due THEN COALESCE(r.waiting_since, r.opened_at) END AS waits_since,
                   (SELECT a.channel FROM person_address pa JOIN address a ON a.id = pa.address
                     WHERE pa.person = r.person ORDER BY pa.last_used_at DESC, pa.address LIMIT 1) AS channel,
                   EXISTS (SELECT 1 FROM erasure e WHERE e.person = r.person) AS erased
              FROM referral r
              JOIN person p ON p.id = r.person
              LEFT JOIN (SELECT person, COUNT(*) AS open_concerns, MIN(raised_at) AS concern_since
                           FROM concern WHERE acknowledged_at IS NULL GROUP BY person) o ON o.person = r.person
              LEFT JOIN handover h ON h.id = (SELECT n.id FROM handover n WHERE n.referral = r.id
                                               ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
",
            $which
        )
    };
}
pub(super) use desk_rows;

impl Reader {
    /// The referrals that this account may see, of its services, or of all for an administrator: open concerns first,
    /// the oldest of them on top, however many there are; then who waits, the longest first; then who does not; the
    /// ended last. Ended ones are told since `ended_since`, and as long as a concern about the person is open.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn desk(
        &mut self,
        staff: StaffId,
        ended_since: Timestamp,
        limit: u16,
    ) -> Result<Vec<OnDesk>, StoreError> {
        const SQL: &str = desk_rows!(
            "
             WHERE (r.closed_at IS NULL OR $3 <= r.closed_at
                    OR (o.person IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM referral n WHERE n.person = r.person
                                           AND r.opened_at < n.opened_at)))
               AND (EXISTS (SELECT 1 FROM staff_service s WHERE s.staff = $2 AND s.service = r.service)
                    OR EXISTS (SELECT 1 FROM staff s WHERE s.id = $2 AND s.role = 'admin'))
             ORDER BY o.concern_since NULLS LAST, waits_since NULLS LAST, r.closed_at DESC NULLS FIRST, r.opened_at, r.id
             LIMIT $4"
        );
        let rows: Vec<DeskRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(ReferralStatus::New.as_str())
            .bind(staff)
            .bind(ended_since)
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?);
        let mut desk = Vec::with_capacity(rows.len());
        for row in rows {
            desk.push(self.read_desk(row).await?);
        }
        Ok(desk)
    }

    pub(super) async fn read_desk(&mut self, row: DeskRow) -> Result<OnDesk, StoreError> {
        let referral = Referral::try_from(row.referral)?;
        let summaries = match (row.session, row.summary_sealed) {
            (Some(session), Some(sealed)) if row.handovers == 1 => {
                // Erased, or of a form that this program does not know: the case itself stays to be seen.
                let summary = self.open(SUMMARY, referral.person.0, session.as_bytes(), &sealed).await;
                if_readable(summary)?.into_iter().collect()
            }
            (Some(_), Some(_)) => {
                let all = self.handovers_of::<Summary>(referral.id).await?;
                all.into_iter().map(|handover| handover.summary).collect()
            }
            (None, _) | (_, None) => Vec::new(),
        };
        let corrected = match row.corrections {
            0 => Vec::new(),
            _ => self.theme_corrections_of(referral.id).await?,
        };
        Ok(OnDesk {
            referral,
            summaries,
            corrected,
            open_concerns: row.open_concerns,
            concern_since: row.concern_since,
            waits_since: row.waits_since,
            language: row.language,
            channel: row.channel.map(|code| read_code("address", "channel", &code)).transpose()?,
            erased: row.erased,
        })
    }

    /// The newest conversation of a person, to be shown: none where it was erased or cannot be read.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn conversation_to_show(&mut self, person: PersonId) -> Result<Option<Session>, StoreError> {
        let saved = if_readable(self.latest_session(person).await)?.flatten();
        Ok(saved.map(|saved| saved.session))
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
}

impl Tx {
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
        in_time(answered)
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
        in_time(given)
    }
}
