//! The queue that link workers see.
//!
//! Invariant: whoever has an open concern stands above all others.

use serde::de::DeserializeOwned;

use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::SessionId;
use crate::domain::ids::StaffId;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::handover::SUMMARY;
use crate::store::referral::Referral;
use crate::store::referral::ReferralRow;
use crate::store::tx::Reader;

/// A line of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow<S> {
    /// The referral.
    pub referral: Referral,
    /// Why it was handed over last.
    pub reason: Option<HandOverReason>,
    /// What was handed over last; nothing where it was erased or cannot be read.
    pub summary: Option<S>,
    /// Concerns that nobody has acknowledged.
    pub open_concerns: i64,
    /// Since when the oldest of them is open.
    pub concern_since: Option<Timestamp>,
}

/// Which part of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueView {
    /// Everything that is open.
    Open,
    /// Nobody has it.
    Unclaimed,
    /// The reader has it.
    Mine,
    /// A text of the person waits for a human's reply.
    ReplyDue,
    /// Closed or declined.
    Closed,
}

impl QueueView {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unclaimed => "unclaimed",
            Self::Mine => "mine",
            Self::ReplyDue => "reply-due",
            Self::Closed => "closed",
        }
    }
}

#[derive(sqlx::FromRow)]
struct QueuedRow {
    #[sqlx(flatten)]
    referral: ReferralRow,
    open_concerns: i64,
    concern_since: Option<Timestamp>,
    handover_session: Option<SessionId>,
    handover_person: Option<PersonId>,
    handover_reason: Option<String>,
    summary_sealed: Option<Vec<u8>>,
}

impl Reader {
    /// The referrals of the services that this member of staff belongs to: open concerns first, then the
    /// oldest; of the closed ones those that were closed last.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn queue<S: DeserializeOwned>(
        &mut self,
        staff: StaffId,
        view: QueueView,
        limit: u16,
    ) -> Result<Vec<QueueRow<S>>, StoreError> {
        const SQL: &str = "
            SELECT r.id, r.reference, r.person, r.service, r.practice, r.status, r.owner, r.version, r.reply_due,
                   r.waiting_since, r.opened_at, r.promised_on, r.updated_at, r.closed_at, r.ending,
                   COALESCE(c.open_concerns, 0) AS open_concerns, c.concern_since,
                   h.session AS handover_session, h.person AS handover_person, h.reason AS handover_reason,
                   h.summary_sealed
              FROM referral r
              JOIN staff_service s ON s.service = r.service AND s.staff = $1
              LEFT JOIN (SELECT person, COUNT(*) AS open_concerns, MIN(raised_at) AS concern_since
                           FROM concern WHERE acknowledged_at IS NULL GROUP BY person) c ON c.person = r.person
              LEFT JOIN handover h ON h.id = (SELECT n.id FROM handover n WHERE n.referral = r.id
                                               ORDER BY n.updated_at DESC, n.id DESC LIMIT 1)
             WHERE (r.closed_at IS NULL) = ($2 <> 'closed')
               AND ($2 <> 'unclaimed' OR r.owner IS NULL)
               AND ($2 <> 'mine' OR r.owner = $1)
               AND ($2 <> 'reply-due' OR r.reply_due)
             ORDER BY CASE WHEN c.person IS NULL THEN 1 ELSE 0 END, COALESCE(r.closed_at, 0) DESC, r.opened_at, r.id
             LIMIT $3";
        let rows: Vec<QueuedRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(staff)
            .bind(view.as_str())
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?);
        let mut queue = Vec::with_capacity(rows.len());
        for row in rows {
            queue.push(self.read_queued(row).await?);
        }
        Ok(queue)
    }

    async fn read_queued<S: DeserializeOwned>(&self, row: QueuedRow) -> Result<QueueRow<S>, StoreError> {
        let summary = match (row.handover_person, row.handover_session) {
            (Some(person), Some(session)) => {
                let sealed = row.summary_sealed.as_deref();
                if_readable(self.open_some(SUMMARY, person.0, session.0.as_bytes(), sealed).await)?.flatten()
            }
            (Some(_) | None, _) => None,
        };
        let reason = row.handover_reason.as_deref();
        Ok(QueueRow {
            referral: row.referral.try_into()?,
            reason: reason.map(|code| read_code("handover", "reason", code)).transpose()?,
            summary,
            open_concerns: row.open_concerns,
            concern_since: row.concern_since,
        })
    }

    /// Whether this member of staff belongs to the service of this referral.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn may_see(&mut self, staff: StaffId, referral: ReferralId) -> Result<bool, StoreError> {
        const SQL: &str = "
            SELECT EXISTS (SELECT 1 FROM referral r JOIN staff_service s ON s.service = r.service
                            WHERE r.id = $1 AND s.staff = $2)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(referral).bind(staff).fetch_one(conn).await?))
    }
}
