//! Search: people with a case are found by keyed hashes of the beginnings of their names, numbers, postcodes and
//! references.
//!
//! Invariant: whoever has a case is found by what was handed over last, whoever was erased by nothing, and nobody
//! without the secret key can try a name.

use std::collections::BTreeSet;

use crate::domain::ids::PersonId;
use crate::domain::ids::StaffId;
use crate::domain::message::ChannelKind;
use crate::domain::search::Field;
use crate::domain::search::Findable;
use crate::domain::search::Query;
use crate::domain::search::Term;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::store::absence::away_until;
use crate::store::absence::covered_by;
use crate::store::database::on;
use crate::store::desk::DeskRow;
use crate::store::desk::OnDesk;
use crate::store::desk::desk_rows;
use crate::store::desk::undelivered;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::sight::sees;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Half of what HMAC-SHA256 gives: two of a billion words do not share it, and the table is half as large.
pub(super) const HASH_BYTES: usize = 16;

impl Reader {
    /// The cases that this account may see of whoever is found by these words, the open ones first, then the newest.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn search(
        &mut self,
        staff: StaffId,
        query: &Query,
        limit: u16,
        now: Timestamp,
    ) -> Result<Vec<OnDesk>, StoreError> {
        const SQL: &str = concat!(
            "
            WITH found AS (
                SELECT r.id,
                       CAST(CASE WHEN r.closed_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS major,
                       8000000000000000000 - COALESCE(r.closed_at, r.opened_at) AS minor
                  FROM referral r
                 WHERE r.merged_into IS NULL
                   AND r.person IN (SELECT person FROM search_key WHERE hash IN ($1, $2))
                   AND EXISTS (SELECT 1 FROM search_key k WHERE k.person = r.person AND k.hash IN ($3, $4))
                   AND EXISTS (SELECT 1 FROM search_key k WHERE k.person = r.person AND k.hash IN ($5, $6))
                   AND ",
            sees!("$7"),
            "
                 ORDER BY major, minor, r.id
                 LIMIT $8
            ), page AS (
                SELECT f.id, f.major, f.minor,
                       (SELECT COUNT(*) FROM concern c
                         WHERE c.acknowledged_at IS NULL
                           AND c.person IN (SELECT q.id FROM person q WHERE q.id = r.person OR q.same_as = r.person))
                           AS open_concerns,
                       (SELECT MIN(c.raised_at) FROM concern c
                         WHERE c.acknowledged_at IS NULL
                           AND c.person IN (SELECT q.id FROM person q WHERE q.id = r.person OR q.same_as = r.person))
                           AS concern_since,
                       CASE WHEN r.status = 'new' THEN r.opened_at
                            WHEN r.reply_due THEN COALESCE(r.waiting_since, r.opened_at) END AS waits_since
                  FROM found f JOIN referral r ON r.id = f.id
            )",
            desk_rows!("$9")
        );
        let [[a, b], [c, d], [e, f]] = query.terms();
        let hashes = [a, b, c, d, e, f].map(|term| self.search_hash(term));
        let [a, b, c, d, e, f] = hashes;
        let rows: Vec<DeskRow> = on!(self, |conn| sqlx::query_as(SQL)
            .bind(a)
            .bind(b)
            .bind(c)
            .bind(d)
            .bind(e)
            .bind(f)
            .bind(staff)
            .bind(i64::from(limit))
            .bind(now)
            .fetch_all(conn)
            .await?);
        self.read_desk(rows).await
    }

    /// Each field has an index of its own, so that a name and a postcode that begin alike do not look alike.
    pub(super) fn search_hash(&self, term: &Term) -> Vec<u8> {
        let purpose = match term.field {
            Field::Name => "search name",
            Field::Phone => "search phone",
            Field::Postcode => "search postcode",
            Field::Reference => "search reference",
        };
        let mut hash = self.keyed_index(purpose, term.letters.as_bytes());
        hash.truncate(HASH_BYTES);
        hash
    }

    async fn search_keys_of(&mut self, person: PersonId) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT hash FROM search_key WHERE person = $1";
        let kept: Vec<Vec<u8>> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_all(conn).await?);
        Ok(kept.into_iter().collect())
    }

    /// People with a case who are found by nothing yet: they came before there was a search.
    pub(super) async fn not_findable(&mut self, limit: u16) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "
            SELECT DISTINCT r.person FROM referral r
             WHERE NOT EXISTS (SELECT 1 FROM search_key k WHERE k.person = r.person)
               AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.person = r.person)
             LIMIT $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(i64::from(limit)).fetch_all(conn).await?))
    }
}

impl Tx {
    /// Lets somebody with a case be found, and their cases be filtered, by what is known of them now, and by nothing else.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn make_findable(&mut self, person: PersonId) -> Result<(), StoreError> {
        const ADD: &str = "
            INSERT INTO search_key (hash, person) VALUES ($1, $2) ON CONFLICT (hash, person) DO NOTHING";
        const REMOVE: &str = "DELETE FROM search_key WHERE hash = $1 AND person = $2";
        if self.erased_at(person).await?.is_some() {
            return Ok(());
        }
        let findable = self.gather_findable(person).await?;
        // In the order of the hashes, so that the order of the rows does not tell which beginnings are of one word.
        let wanted: BTreeSet<Vec<u8>> = findable.terms().map(|term| self.search_hash(term)).collect();
        for person in self.everybody_who_is(person).await? {
            let kept = self.search_keys_of(person).await?;
            for (sql, hashes) in [(ADD, wanted.difference(&kept)), (REMOVE, kept.difference(&wanted))] {
                for hash in hashes {
                    on!(self, |conn| sqlx::query(sql)
                        .bind(hash.as_slice())
                        .bind(person)
                        .execute(conn)
                        .await
                        .map(|_| ())?);
                }
            }
        }
        Ok(())
    }

    /// By what somebody is found: what was handed over of them, and where they write from. Each case says anew by what it
    /// is filtered.
    async fn gather_findable(&mut self, person: PersonId) -> Result<Findable, StoreError> {
        let mut findable = Findable::default();
        for referral in self.referrals_of(person).await? {
            findable.add_reference(referral.reference.as_str());
            let handovers = self.handovers_of::<Summary>(referral.id).await?;
            let summaries: Vec<Summary> = handovers.into_iter().map(|handover| handover.summary).collect();
            summaries.iter().for_each(|summary| add_summary(&mut findable, summary));
            self.keep_facets(referral.id, &summaries).await?;
        }
        // One that cannot be read must not stop what is handed over.
        for address in if_readable(self.addresses_of(person).await)?.unwrap_or_default() {
            match address.channel {
                ChannelKind::Sms => findable.add_phone(&address.handle.0),
                ChannelKind::Telegram => {}
            }
        }
        Ok(findable)
    }
}

fn add_summary(findable: &mut Findable, summary: &Summary) {
    let writer = summary.writer.as_ref().and_then(|writer| writer.name.as_ref());
    for name in summary.name.iter().chain(writer) {
        findable.add_name(name);
    }
    for entry in summary.entries.iter().filter(|entry| !entry.skipped) {
        findable.add_phone(&entry.shown);
        findable.add_postcode(&entry.shown);
    }
}
