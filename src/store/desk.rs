//! What an account sees of the cases: folders, how many stand in each, and the pages of one.
//!
//! Invariant: who waits for us stands in the first folder, or was put aside and stands in `later`; a case with an open
//! concern stands in the first folder, whether it was put aside, has ended or not; an account sees the cases
//! that `sight` lets it see, and no other.

use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::referral::Folder;
use crate::domain::theme::Corrected;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::facet::Filter;
use crate::store::handover::SUMMARY;
use crate::store::label::LabelOn;
use crate::store::place::Place;
use crate::store::referral::Referral;
use crate::store::referral::ReferralRow;
use crate::store::sight::sees;
use crate::store::tx::Reader;

/// A referral as the inbox lists it.
#[derive(Debug, Clone)]
pub struct OnDesk {
    /// The case.
    pub referral: Referral,
    /// What they told, the newest conversation first.
    pub summaries: Vec<Summary>,
    /// What link workers said of the themes, in order.
    pub corrected: Vec<Corrected>,
    /// Its labels, in the order in which they were put on.
    pub labels: Vec<LabelOn>,
    /// Concerns that nobody has acknowledged.
    pub open_concerns: i64,
    /// Since when the oldest of them is open.
    pub concern_since: Option<Timestamp>,
    /// Since when somebody waits for us: as a new case, for a reply, since a day, or since whoever looks was given it.
    pub waits_since: Option<Timestamp>,
    /// Of when the oldest text is that did not arrive, where nothing tells that they were reached since.
    pub undelivered_since: Option<Timestamp>,
    /// Since when the oldest text is held back that was to be sent later.
    pub text_stopped_since: Option<Timestamp>,
    /// The language of the texts.
    pub language: Language,
    /// How the person wrote last.
    pub channel: Option<ChannelKind>,
    /// Whether the person was erased.
    pub erased: bool,
}

/// Whose desk is looked at, and when.
#[derive(Debug, Clone, Copy)]
pub struct Onlooker {
    /// Who looks.
    pub staff: StaffId,
    /// When.
    pub now: Timestamp,
    /// What has ended before is shown no more, unless a concern is open.
    pub ended_since: Timestamp,
}

/// How many cases stand in each folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct FolderCounts {
    needs_reply: i64,
    unassigned: i64,
    mine: i64,
    later: i64,
    undelivered: i64,
    ongoing: i64,
    ended: i64,
    /// Of those that are mine, how many a colleague gave me and I have not opened.
    pub given: i64,
}

impl FolderCounts {
    /// How many stand in a folder.
    #[must_use]
    pub fn of(&self, folder: Folder) -> i64 {
        match folder {
            Folder::NeedsReply => self.needs_reply,
            Folder::Unassigned => self.unassigned,
            Folder::Mine => self.mine,
            Folder::Later => self.later,
            Folder::Undelivered => self.undelivered,
            Folder::Open => self.ongoing,
            Folder::Closed => self.ended,
        }
    }
}

/// How many cases a filter lets through, and how many not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those that it shows.
    pub shown: FolderCounts,
    /// Those that it hides.
    pub hidden: FolderCounts,
}

#[derive(sqlx::FromRow)]
struct CountsRow {
    fits: bool,
    #[sqlx(flatten)]
    counts: FolderCounts,
}

/// Of when the oldest text of a case `r` is that did not arrive, where nothing tells that they were reached since.
macro_rules! undelivered {
    () => {
        "
                       (SELECT MIN(x.created_at) FROM outbox x
                         WHERE x.person IN (SELECT q.id FROM person q WHERE q.id = r.person OR q.same_as = r.person)
                           AND (x.state IN ('gave-up', 'expired') OR x.delivery = 'undelivered')
                           AND COALESCE(r.undelivered_seen, 0) < x.created_at
                           AND NOT EXISTS (SELECT 1 FROM inbound i
                                            WHERE i.person = x.person AND x.created_at < i.received_at)
                           AND NOT EXISTS (SELECT 1 FROM outbox y
                                            WHERE y.person = x.person AND y.delivery = 'delivered'
                                              AND x.created_at < y.created_at))"
    };
}

/// A part of the cases that an account sees. What is asked for each row by itself is asked of few: of open concerns and of
/// texts that did not arrive, the lists of whom they are about are made once, and SQLite looks into them by an index, which
/// it would not make for a join.
macro_rules! seen {
    ($from:literal) => {
        concat!(
            "
                SELECT r.id, r.person, r.service, r.practice, r.owner, r.status, r.reply_due, r.opened_at, r.closed_at, r.later_until, r.given_at,
                       CASE WHEN r.person IN (SELECT o.person FROM worried o)
                            THEN (SELECT o.open_concerns FROM worried o WHERE o.person = r.person)
                            ELSE 0 END AS open_concerns,
                       CASE WHEN r.person IN (SELECT o.person FROM worried o)
                            THEN (SELECT o.concern_since FROM worried o WHERE o.person = r.person) END AS concern_since,
                       CASE WHEN r.status = 'new' THEN r.opened_at
                            WHEN r.reply_due THEN COALESCE(r.waiting_since, r.opened_at)
                            WHEN r.id IN (SELECT k.referral FROM stopped k)
                            THEN (SELECT k.stopped_since FROM stopped k WHERE k.referral = r.id)
                            WHEN r.later_until <= $2 THEN r.later_until
                            WHEN r.owner = $1 THEN r.given_at END AS waits_since,
                       CASE WHEN r.closed_at IS NULL
                             AND (r.person IN (SELECT x.person FROM outbox x
                                                WHERE x.state IN ('gave-up', 'expired') OR x.delivery = 'undelivered')
                                  OR r.person IN (SELECT q.same_as FROM person q WHERE q.same_as IS NOT NULL)) THEN ",
            undelivered!(),
            " END AS undelivered_since,
                       r.later_until IS NOT NULL AND $2 < r.later_until
                           AND r.person NOT IN (SELECT o.person FROM worried o)
                           AND r.id NOT IN (SELECT k.referral FROM stopped k) AS aside,
                       r.id IN (SELECT k.referral FROM stopped k) AS text_stopped
                  FROM ",
            $from,
            "
                   AND ",
            sees!("$1")
        )
    };
}

/// Every case that an account sees, whether it stands in each folder, and whether a filter lets it through, as it does
/// each open concern. $1 who looks, $2 now, $3 ended since, $4 to $10 the filter.
///
/// What is open, what has ended since, and what ended before and has an open concern: each is found by an index. With `OR`
/// between them both databases would read every case that ever was, and so would SQLite for the last, did `CROSS JOIN`
/// not tell it to begin with the concerns. What is materialised is asked for once, however often it is named.
macro_rules! over_desk {
    ($rest:expr) => {
        concat!(
            "
            WITH worried AS MATERIALIZED (
                SELECT COALESCE(q.same_as, q.id) AS person, COUNT(*) AS open_concerns,
                       MIN(c.raised_at) AS concern_since
                  FROM concern c JOIN person q ON q.id = c.person
                 WHERE c.acknowledged_at IS NULL GROUP BY COALESCE(q.same_as, q.id)
            ), stopped AS MATERIALIZED (
                SELECT COALESCE(q.merged_into, q.id) AS referral, MIN(t.stopped_at) AS stopped_since
                  FROM later_text t JOIN referral q ON q.id = t.referral
                 WHERE t.stopped_at IS NOT NULL GROUP BY COALESCE(q.merged_into, q.id)
            ), seen AS MATERIALIZED (",
            seen!(
                "referral r
                 WHERE r.closed_at IS NULL"
            ),
            "
                UNION ALL",
            seen!(
                "referral r
                 WHERE $3 <= r.closed_at"
            ),
            "
                UNION ALL",
            seen!(
                "worried a CROSS JOIN referral r
                 WHERE r.person = a.person AND r.closed_at < $3
                   AND NOT EXISTS (SELECT 1 FROM referral n WHERE n.person = r.person AND r.opened_at < n.opened_at)"
            ),
            "
            ), desk AS (
                SELECT d.id, d.opened_at, d.closed_at, d.later_until, d.given_at, d.open_concerns, d.concern_since,
                       d.waits_since, d.undelivered_since,
                       0 < d.open_concerns OR d.text_stopped
                           OR (NOT d.aside AND (d.status = 'new' OR d.reply_due
                                                OR (d.later_until IS NOT NULL AND d.later_until <= $2))) AS needs_reply,
                       d.closed_at IS NULL AND d.owner IS NULL AS unassigned,
                       d.closed_at IS NULL AND d.owner IS NOT NULL AND d.owner = $1 AND NOT d.aside AS mine,
                       d.closed_at IS NULL AND d.aside AS later,
                       d.undelivered_since IS NOT NULL AS undelivered,
                       d.closed_at IS NULL AS ongoing,
                       d.closed_at IS NOT NULL AS ended,
                       0 < d.open_concerns
                           OR (($4 IS NULL OR d.service = $4) AND ($5 IS NULL OR COALESCE(d.practice, '') = $5)
                               AND ($6 IS NULL OR EXISTS (SELECT 1 FROM person p WHERE p.id = d.person AND p.language = $6))
                               AND ($7 IS NULL OR COALESCE(d.waits_since < $7, FALSE))
                               AND ($8 IS NULL OR EXISTS (SELECT 1 FROM case_facet f
                                                           WHERE f.referral = d.id AND f.hash = $8))
                               AND ($9 IS NULL OR EXISTS (SELECT 1 FROM case_facet f
                                                           WHERE f.referral = d.id AND f.hash = $9))
                               AND ($10 IS NULL OR d.id IN (SELECT COALESCE(m.merged_into, m.id)
                                                              FROM case_label l JOIN referral m ON m.id = l.referral
                                                             WHERE l.label = $10))) AS fits
                  FROM seen d
            )",
            $rest
        )
    };
}

/// How many stand in each folder of the desk `d`.
macro_rules! counted {
    ($fits:literal, $by:literal) => {
        concat!(
            " SELECT ",
            $fits,
            ", COUNT(*) FILTER (WHERE d.needs_reply) AS needs_reply,
                     COUNT(*) FILTER (WHERE d.unassigned) AS unassigned,
                     COUNT(*) FILTER (WHERE d.mine) AS mine, COUNT(*) FILTER (WHERE d.later) AS later,
                     COUNT(*) FILTER (WHERE d.undelivered) AS undelivered,
                     COUNT(*) FILTER (WHERE d.ongoing) AS ongoing, COUNT(*) FILTER (WHERE d.ended) AS ended,
                     COUNT(*) FILTER (WHERE d.mine AND d.given_at IS NOT NULL) AS given
                FROM desk d",
            $by
        )
    };
}

/// What is listed of the cases of `page`, which says which they are and in which order.
macro_rules! desk_rows {
    () => {
        concat!(
            "
            SELECT r.id, r.reference, r.person, r.service, r.practice, r.status, r.owner, r.version, r.reply_due,
                   r.waiting_since, r.opened_at, r.promised_on, r.updated_at, r.closed_at, r.ending, r.later_until,
                   r.later_reason, r.given_by, r.given_at, h.session, h.person AS told_by, h.summary_sealed, p.language,
                   (SELECT COUNT(*) FROM handover n WHERE n.referral = r.id) AS handovers,
                   (SELECT COUNT(*) FROM theme_correction t WHERE t.referral = r.id) AS corrections,
                   (SELECT COUNT(*) FROM case_label l WHERE l.referral IN ",
            $crate::store::label::with_merged!("r.id"),
            ") AS labels,
                   d.open_concerns, d.concern_since, d.waits_since, d.major, d.minor,
                   ",
            undelivered!(),
            " AS undelivered_since,
                   (SELECT MIN(t.stopped_at) FROM later_text t
                     WHERE t.referral IN (SELECT q.id FROM referral q WHERE q.id = r.id OR q.merged_into = r.id))
                       AS text_stopped_since,
                   (SELECT a.channel FROM person_address pa JOIN address a ON a.id = pa.address
                     WHERE pa.person IN (SELECT q.id FROM person q WHERE q.id = r.person OR q.same_as = r.person)
                     ORDER BY pa.last_used_at DESC, pa.address LIMIT 1) AS channel,
                   EXISTS (SELECT 1 FROM erasure e WHERE e.person = r.person) AS erased
              FROM page d
              JOIN referral r ON r.id = d.id
              JOIN person p ON p.id = r.person
              LEFT JOIN handover h ON h.id = (SELECT n.id FROM handover n WHERE n.referral = r.id
                                               ORDER BY n.created_at DESC, n.id DESC LIMIT 1)
             ORDER BY d.major, d.minor, r.id"
        )
    };
}

pub(super) use desk_rows;
pub(super) use undelivered;

#[derive(sqlx::FromRow)]
pub(super) struct DeskRow {
    #[sqlx(flatten)]
    referral: ReferralRow,
    session: Option<uuid::Uuid>,
    told_by: Option<uuid::Uuid>,
    summary_sealed: Option<Vec<u8>>,
    handovers: i64,
    corrections: i64,
    labels: i64,
    open_concerns: i64,
    concern_since: Option<Timestamp>,
    waits_since: Option<Timestamp>,
    undelivered_since: Option<Timestamp>,
    text_stopped_since: Option<Timestamp>,
    language: Language,
    channel: Option<String>,
    erased: bool,
    major: i64,
    minor: i64,
}

impl Reader {
    /// A page of a folder, and the place behind which the next begins, where there is one: open concerns first, the
    /// oldest of them on top, however many there are; then who waits, the longest first; then who does not, the oldest
    /// first. `later` is in the order of its days, what has ended begins with the last.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn desk(
        &mut self,
        onlooker: Onlooker,
        filter: &Filter,
        folder: Folder,
        after: Option<Place>,
        limit: u16,
    ) -> Result<(Vec<OnDesk>, Option<Place>), StoreError> {
        // Who does not wait stands behind everybody who does: no clock comes to such times.
        const SQL: &str = concat!(
            over_desk!(
                ", placed AS (
                SELECT d.id, d.open_concerns, d.concern_since, d.waits_since,
                       COALESCE(d.concern_since, 8000000000000000000) AS major,
                       CASE WHEN $11 = 'later' THEN d.later_until
                            WHEN $11 = 'undelivered' THEN d.undelivered_since
                            WHEN d.closed_at IS NOT NULL THEN 8000000000000000000 - d.closed_at
                            ELSE COALESCE(d.waits_since, 4000000000000000000 + d.opened_at) END AS minor
                  FROM desk d
                 WHERE d.fits AND CASE $11 WHEN 'needs-reply' THEN d.needs_reply WHEN 'unassigned' THEN d.unassigned
                               WHEN 'mine' THEN d.mine WHEN 'later' THEN d.later
                               WHEN 'undelivered' THEN d.undelivered WHEN 'open' THEN d.ongoing
                               ELSE d.ended END
            ), page AS (
                SELECT d.id, d.open_concerns, d.concern_since, d.waits_since, d.major, d.minor
                  FROM placed d
                 WHERE $12 IS NULL OR (d.major, d.minor, d.id) > ($12, $13, $14)
                 ORDER BY d.major, d.minor, d.id LIMIT $15
            )
            "
            ),
            desk_rows!()
        );
        let (theme, need) = self.facet_hashes(filter);
        let mut rows: Vec<DeskRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(onlooker.staff)
            .bind(onlooker.now)
            .bind(onlooker.ended_since)
            .bind(&filter.service)
            .bind(&filter.practice)
            .bind(&filter.language)
            .bind(filter.waits_before)
            .bind(theme)
            .bind(need)
            .bind(filter.label)
            .bind(folder.as_str())
            .bind(after.map(|place| place.major))
            .bind(after.map(|place| place.minor))
            .bind(after.map(|place| place.id))
            .bind(i64::from(limit) + 1)
            .fetch_all(conn)
            .await?);
        let more = usize::from(limit) < rows.len();
        rows.truncate(usize::from(limit));
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| Place { major: row.major, minor: row.minor, id: row.referral.id });
        Ok((self.read_desk(rows).await?, next))
    }

    /// How many cases stand in each folder: those that a filter lets through, and those that it hides.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn folder_counts(&mut self, onlooker: Onlooker, filter: &Filter) -> Result<Counts, StoreError> {
        const FITTING: &str = over_desk!(counted!("d.fits", " GROUP BY d.fits"));
        // Sorting the rows by whether they fit takes SQLite as long as finding them.
        const ALL: &str = over_desk!(counted!("TRUE AS fits", ""));
        let sql = if *filter == Filter::default() { ALL } else { FITTING };
        let (theme, need) = self.facet_hashes(filter);
        let rows: Vec<CountsRow> = on!(self, |conn| sqlx::query_as(sql)
            .bind(onlooker.staff)
            .bind(onlooker.now)
            .bind(onlooker.ended_since)
            .bind(&filter.service)
            .bind(&filter.practice)
            .bind(&filter.language)
            .bind(filter.waits_before)
            .bind(theme)
            .bind(need)
            .bind(filter.label)
            .fetch_all(conn)
            .await?);
        let of = |fits| rows.iter().find(|row| row.fits == fits).map(|row| row.counts).unwrap_or_default();
        Ok(Counts { shown: of(true), hidden: of(false) })
    }

    /// Of when the oldest text of a case is that did not arrive, where nothing tells that they were reached since.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn undelivered_since(&mut self, id: ReferralId) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = concat!("SELECT", undelivered!(), "FROM referral r WHERE r.id = $1");
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(id).fetch_one(conn).await?))
    }

    pub(super) async fn read_desk(&mut self, rows: Vec<DeskRow>) -> Result<Vec<OnDesk>, StoreError> {
        let mut desk = Vec::with_capacity(rows.len());
        for row in rows {
            desk.push(self.read_row(row).await?);
        }
        Ok(desk)
    }

    async fn read_row(&mut self, row: DeskRow) -> Result<OnDesk, StoreError> {
        let referral = Referral::try_from(row.referral)?;
        let summaries = match (row.session.zip(row.told_by), row.summary_sealed) {
            (Some((session, told_by)), Some(sealed)) if row.handovers == 1 => {
                // Erased, or of a form that this program does not know: the case itself stays to be seen.
                let summary = self.open(SUMMARY, told_by, session.as_bytes(), &sealed).await;
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
        let labels = match row.labels {
            0 => Vec::new(),
            _ => self.labels_on(referral.id).await?,
        };
        Ok(OnDesk {
            referral,
            summaries,
            corrected,
            labels,
            open_concerns: row.open_concerns,
            concern_since: row.concern_since,
            waits_since: row.waits_since,
            undelivered_since: row.undelivered_since,
            text_stopped_since: row.text_stopped_since,
            language: row.language,
            channel: row.channel.map(|code| read_code("address", "channel", &code)).transpose()?,
            erased: row.erased,
        })
    }
}
