//! Erasing a person: their key is destroyed, so that no copy of the data can be read; what this database holds of their
//! words is overwritten besides, so that no copy of the keys can open it.
//!
//! Invariant: erasing twice is the same as erasing once, and the first time counts.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use futures_util::FutureExt;

use crate::domain::ids::AddressId;
use crate::domain::ids::PersonId;
use crate::domain::referral::Outcome;
use crate::domain::referral::ReferralStatus;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::store::database::Database;
use crate::store::database::on;
use crate::store::erasure_ground::Ground;
use crate::store::erasure_list;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::same_person::whole_person;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// That somebody was erased: a line of the list that outlives every copy of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct Erasure {
    /// Who: an id that says nothing to anybody else.
    pub person: PersonId,
    /// When.
    pub erased_at: Timestamp,
}

impl fmt::Display for Erasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.erased_at, self.person)
    }
}

/// The text is no line of a list of erasures.
#[derive(Debug, thiserror::Error)]
#[error("not a time and an id")]
pub struct NotAnErasure;

impl FromStr for Erasure {
    type Err = NotAnErasure;

    fn from_str(line: &str) -> Result<Self, NotAnErasure> {
        let (time, person) = line.trim().split_once(' ').ok_or(NotAnErasure)?;
        let time: jiff::Timestamp = time.parse().map_err(|_| NotAnErasure)?;
        let person = person.parse().map_err(|_| NotAnErasure)?;
        Ok(Self { person, erased_at: Timestamp::from_jiff(time) })
    }
}

/// How much is held of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// Conversations.
    pub sessions: i64,
    /// Messages of theirs.
    pub heard: i64,
    /// Texts to them.
    pub told: i64,
    /// Texts to them that have not left.
    pub waiting: i64,
    /// Cases.
    pub referrals: i64,
    /// Notes of link workers.
    pub notes: i64,
    /// Concerns.
    pub concerns: i64,
    /// Those that nobody has acknowledged.
    pub open_concerns: i64,
    /// Choices about their information.
    pub consents: i64,
}

/// What one transaction erased: the keys of these people and addresses are to be destroyed.
#[derive(Debug, Default)]
struct Erased {
    people: Vec<Erasure>,
    addresses: Vec<AddressId>,
    taken_back: u64,
}

impl Store {
    /// Erases a person, whatever forbids it: for an operator. Says how many texts to them were taken back.
    ///
    /// # Errors
    /// Where the store fails; then the same call has to be made again, and may be.
    pub async fn erase(&self, erasure: Erasure, by: Author, now: Timestamp) -> Result<u64, StoreError> {
        let erased = self.erase_on(Ground::Order, erasure, by, now).await?;
        Ok(erased.unwrap_or_default())
    }

    /// Erases a person, and whoever is the same, where nothing forbids it on this ground: what is here is overwritten,
    /// texts to them are taken back, their case is closed, they are put on the list that outlives a restore, and then
    /// their key is destroyed, and those of their addresses that nobody else uses. Says how many texts were taken back;
    /// nothing where they were spared.
    ///
    /// # Errors
    /// Where the store fails; then the same call has to be made again, and may be.
    pub async fn erase_on(
        &self,
        ground: Ground,
        erasure: Erasure,
        by: Author,
        now: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        // Nobody is listed who may be spared yet, but nothing is erased either that could not be listed.
        self.list(&[])?;
        let erased = self.write(move |tx| {
            let ground = ground.clone();
            async move { tx.erase_whole(erasure, &ground, by, now).await }.boxed()
        });
        let Some(erased) = erased.await? else { return Ok(None) };
        self.finish(&erased).await?;
        self.empty_log().await;
        Ok(Some(erased.taken_back))
    }

    /// Erases exactly these, and nobody by a link.
    async fn erase_by_name(&self, all: &[Erasure], now: Timestamp) -> Result<(), StoreError> {
        self.list(&[])?;
        for erasure in all.iter().copied() {
            let erased = self.write(move |tx| {
                async move {
                    let mut erased = Erased::default();
                    tx.erase(erasure, Author::System, now, &mut erased).await?;
                    Ok(erased)
                }
                .boxed()
            });
            self.finish(&erased.await?).await?;
        }
        self.empty_log().await;
        Ok(())
    }

    fn list(&self, erasures: &[Erasure]) -> Result<(), StoreError> {
        let listed = erasure_list::add(&self.0.erasures, erasures);
        listed.map_err(|error| StoreError::List(Arc::new(error)))
    }

    /// What is committed is listed, and only then are the keys destroyed: where it breaks off in between, the keys say so.
    async fn finish(&self, erased: &Erased) -> Result<(), StoreError> {
        self.list(&erased.people)?;
        for address in &erased.addresses {
            self.forget_key(address.0).await?;
        }
        // The last thing of all: while it is there, something may be left.
        for erasure in &erased.people {
            self.forget_key(erasure.person.0).await?;
        }
        Ok(())
    }

    /// Finishes what broke off: erases again whoever was erased, or stands on the list, and has their key still. Says how
    /// many people that were.
    ///
    /// # Errors
    /// Where the store fails; then the same call has to be made again, and may be.
    pub async fn finish_erasures(&self, now: Timestamp) -> Result<usize, StoreError> {
        let listed = erasure_list::read(&self.0.erasures);
        let mut all = listed.map_err(|error| StoreError::List(Arc::new(error)))?;
        all.extend(self.read().await?.erasures().await?);
        all.sort_by_key(|erasure| (erasure.person, erasure.erased_at));
        all.dedup_by_key(|erasure| erasure.person);
        let mut broken_off = Vec::new();
        for erasure in all {
            if self.has_key(erasure.person).await? {
                broken_off.push(erasure);
            }
        }
        if !broken_off.is_empty() {
            self.erase_by_name(&broken_off, now).await?;
        }
        Ok(broken_off.len())
    }

    /// Whether what is held of a person can be read still: of somebody who was erased, that it broke off.
    ///
    /// # Errors
    /// Where the keys are away.
    pub async fn has_key(&self, person: PersonId) -> Result<bool, StoreError> {
        Ok(self.0.keys.wrapped(person.0).await?.is_some())
    }

    /// What was overwritten still stands in the file of SQLite until its log is written back; where the file is too busy
    /// for that now, the database does it by itself later.
    async fn empty_log(&self) {
        let Ok(mut reader) = self.read().await else { return };
        match reader.conn() {
            Database::Sqlite(conn) => {
                let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(conn).await;
            }
            Database::Postgres(_) => {}
        }
    }

    /// Erases again whoever was erased: of these lists and of the database's own. For what was restored from a copy that
    /// was made before. Says how many people that were.
    ///
    /// # Errors
    /// Where the store fails; then the same call has to be made again, and may be.
    pub async fn replay_erasures(&self, listed: &[Erasure], now: Timestamp) -> Result<usize, StoreError> {
        let mut all = self.read().await?.erasures().await?;
        all.extend_from_slice(listed);
        all.sort_by_key(|erasure| (erasure.person, erasure.erased_at));
        all.dedup_by_key(|erasure| erasure.person);
        // By name, and nobody by a link: a copy may still join people who were told apart since.
        self.erase_by_name(&all, now).await?;
        Ok(all.len())
    }
}

impl Reader {
    /// Everybody who was erased, the first first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn erasures(&mut self) -> Result<Vec<Erasure>, StoreError> {
        const SQL: &str = "SELECT person, erased_at FROM erasure ORDER BY erased_at, person";
        Ok(on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await?))
    }

    /// When a person was erased; nothing where they were not.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn erased_at(&mut self, person: PersonId) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "SELECT erased_at FROM erasure WHERE person = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_optional(conn).await?))
    }

    /// Everybody who writes from this address, the last first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn people_at(&mut self, address: AddressId) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "
            SELECT person FROM person_address WHERE address = $1 ORDER BY last_used_at DESC, person";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(address).fetch_all(conn).await?))
    }

    /// How much is held of a person.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn held_of(&mut self, person: PersonId) -> Result<Held, StoreError> {
        const SQL: &str = concat!(
            "
            WITH whole AS ",
            whole_person!("$1"),
            "
            SELECT (SELECT COUNT(*) FROM session WHERE person IN (SELECT id FROM whole)) AS sessions,
                   (SELECT COUNT(*) FROM inbound WHERE person IN (SELECT id FROM whole)) AS heard,
                   (SELECT COUNT(*) FROM outbox WHERE person IN (SELECT id FROM whole)) AS told,
                   (SELECT COUNT(*) FROM outbox
                     WHERE person IN (SELECT id FROM whole)
                       AND state IN ('ready', 'leased', 'attempting', 'in-doubt'))
                   + (SELECT COUNT(*) FROM later_text WHERE sealed_for IN (SELECT id FROM whole)) AS waiting,
                   (SELECT COUNT(*) FROM referral WHERE person IN (SELECT id FROM whole)) AS referrals,
                   (SELECT COUNT(*) FROM note n JOIN referral r ON r.id = n.referral
                     WHERE r.person IN (SELECT id FROM whole)) AS notes,
                   (SELECT COUNT(*) FROM concern WHERE person IN (SELECT id FROM whole)) AS concerns,
                   (SELECT COUNT(*) FROM concern
                     WHERE person IN (SELECT id FROM whole) AND acknowledged_at IS NULL) AS open_concerns,
                   (SELECT COUNT(*) FROM consent WHERE person IN (SELECT id FROM whole)) AS consents"
        );
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_one(conn).await?))
    }

    /// Where only this person writes from, and nobody who works here is told of concerns.
    async fn addresses_of_nobody_else(&mut self, person: PersonId) -> Result<Vec<AddressId>, StoreError> {
        const SQL: &str = "
            SELECT a.id FROM address a
             WHERE a.id IN (SELECT address FROM person_address WHERE person = $1
                            UNION SELECT address FROM session WHERE person = $1)
               AND NOT EXISTS (SELECT 1 FROM person_address o WHERE o.address = a.id AND o.person <> $1)
               AND NOT EXISTS (SELECT 1 FROM staff_phone s WHERE s.address = a.id)
             ORDER BY a.id";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_all(conn).await?))
    }

    /// The cases of this one alone: whoever is the same person is erased by a deed of its own.
    async fn references_of(&mut self, person: PersonId) -> Result<Vec<String>, StoreError> {
        const SQL: &str = "SELECT reference FROM referral WHERE person = $1 ORDER BY opened_at, id";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_all(conn).await?))
    }
}

/// What takes back texts that have not left. One that is on its way at this moment cannot be called back.
const TAKE_BACK: &str = "
    UPDATE outbox SET state = 'cancelled', leased_until = NULL, lease_token = NULL
     WHERE person = $1 AND state IN ('ready', 'leased', 'in-doubt')";

/// What overwrites the words of a person, and parts them from their addresses. That something was written, and when,
/// stays; so do the kinds of concerns, for the figures, and what staff did.
const OVERWRITE: [&str; 27] = [
    "UPDATE inbound SET body_sealed = NULL WHERE person = $1",
    "UPDATE outbox SET body_sealed = NULL, message_keys = '' WHERE person = $1",
    "UPDATE session
        SET state_sealed = NULL, version = version + 1, ended_at = COALESCE(ended_at, heard_at),
            status = CASE WHEN status = 'live' THEN 'stopped' ELSE status END
      WHERE person = $1",
    "DELETE FROM deadline WHERE session IN (SELECT id FROM session WHERE person = $1)",
    "UPDATE handover SET summary_sealed = '' WHERE person = $1",
    "UPDATE consent SET text_sealed = '' WHERE person = $1",
    "UPDATE concern_try SET what_sealed = '' WHERE concern IN (SELECT id FROM concern WHERE person = $1)",
    "UPDATE concern SET words_sealed = '', done_sealed = NULL WHERE person = $1",
    "UPDATE note SET body_sealed = '' WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM draft WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM later_text WHERE sealed_for = $1",
    "UPDATE contact SET note_sealed = NULL WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM theme_correction WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM case_label WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "UPDATE referral
        SET practice = NULL, reply_due = FALSE, waiting_since = NULL, later_until = NULL, later_reason = NULL
      WHERE person = $1",
    "UPDATE person SET speaks_sealed = NULL WHERE id = $1",
    "DELETE FROM lent WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM presence WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM erasure_request WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM not_same WHERE person = $1 OR other = $1",
    "DELETE FROM restriction WHERE person = $1",
    "DELETE FROM stepped_back WHERE person = $1",
    "DELETE FROM search_key WHERE person = $1",
    "DELETE FROM case_facet WHERE referral IN (SELECT id FROM referral WHERE person = $1)",
    "DELETE FROM message_word
      WHERE message IN (SELECT id FROM inbound WHERE person = $1 UNION ALL SELECT id FROM outbox WHERE person = $1
                        UNION ALL SELECT n.id FROM note n JOIN referral r ON r.id = n.referral
                                   WHERE r.person = $1)",
    "DELETE FROM retention_hold WHERE person = $1",
    "DELETE FROM person_address WHERE person = $1",
];

impl Tx {
    /// Nothing is done any more for who was erased. A server that has run since before may still have their key in its
    /// memory: this asks the list.
    ///
    /// # Errors
    /// `Erased` where they were, or where the store fails.
    pub async fn refuse_erased(&mut self, person: PersonId) -> Result<(), StoreError> {
        match self.erased_at(person).await? {
            Some(_) => Err(StoreError::Erased),
            None => Ok(()),
        }
    }

    /// Whoever is the same person goes with them; nothing where this ground forbids it.
    async fn erase_whole(
        &mut self,
        erasure: Erasure,
        ground: &Ground,
        by: Author,
        now: Timestamp,
    ) -> Result<Option<Erased>, StoreError> {
        if !self.may_erase(erasure.person, ground, by, now).await? {
            return Ok(None);
        }
        let mut everybody: BTreeSet<_> = self.everybody_who_is(erasure.person).await?.into_iter().collect();
        // A database that was restored may not know them: they are listed all the same.
        everybody.insert(erasure.person);
        let mut erased = Erased::default();
        for person in everybody {
            self.erase(Erasure { person, ..erasure }, by, now, &mut erased).await?;
        }
        Ok(Some(erased))
    }

    async fn erase(
        &mut self,
        erasure: Erasure,
        by: Author,
        now: Timestamp,
        erased: &mut Erased,
    ) -> Result<(), StoreError> {
        let addresses = self.addresses_of_nobody_else(erasure.person).await?;
        erased.taken_back += self.erase_person(erasure, &addresses).await?;
        erased.addresses.extend(addresses);
        erased.people.push(erasure);
        self.audit_erasure(erasure.person, by, now).await
    }

    async fn erase_person(&mut self, erasure: Erasure, addresses: &[AddressId]) -> Result<u64, StoreError> {
        const NOTE: &str = "
            INSERT INTO erasure (person, erased_at) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING";
        const CLOSE: &str = "
            UPDATE referral SET status = $1, ending = $2, closed_at = $3, version = version + 1, updated_at = $3
             WHERE person = $4 AND closed_at IS NULL";
        const UNFIND: &str =
            "UPDATE address SET lookup = $1, handle_sealed = '', textable = FALSE WHERE id = $2";
        let Erasure { person, erased_at } = erasure;
        on!(self, |conn| sqlx::query(NOTE).bind(person).bind(erased_at).execute(conn).await.map(|_| ())?);
        let taken_back =
            on!(self, |conn| sqlx::query(TAKE_BACK).bind(person).execute(conn).await?.rows_affected());
        on!(self, |conn| sqlx::query(CLOSE)
            .bind(ReferralStatus::Closed.as_str())
            .bind(Outcome::DoNotContact.as_str())
            .bind(erased_at)
            .bind(person)
            .execute(conn)
            .await
            .map(|_| ())?);
        for sql in OVERWRITE {
            on!(self, |conn| sqlx::query(sql).bind(person).execute(conn).await.map(|_| ())?);
        }
        for address in addresses {
            let nobodys: [u8; 32] = self.random();
            on!(self, |conn| sqlx::query(UNFIND)
                .bind(nobodys.to_vec())
                .bind(address)
                .execute(conn)
                .await
                .map(|_| ())?);
        }
        Ok(taken_back)
    }

    /// By reference, so that whoever reads the audit of a case finds it; by id where there is no case.
    async fn audit_erasure(
        &mut self,
        person: PersonId,
        by: Author,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "erase-person";
        let references = self.references_of(person).await?;
        for reference in &references {
            self.audit(by, ACTION, "referral", reference, now).await?;
        }
        if references.is_empty() {
            self.audit(by, ACTION, "person", &person.to_string(), now).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_line_of_the_list_reads_back_as_it_was_written() {
        let erasure = Erasure {
            person: PersonId(Uuid::from_u128(7)),
            erased_at: Timestamp::from_micros(1_700_000_000_123_456),
        };
        assert_eq!(erasure.to_string().parse::<Erasure>().expect("a line"), erasure);
        for wrong in ["", "2026-11-22T10:00:00Z", "now 0192", "2026-11-22T10:00:00Z Joan"] {
            assert!(wrong.parse::<Erasure>().is_err(), "{wrong}");
        }
    }
}
