//! Concerns: what a human must see now.
//!
//! Invariant: nothing but a named human's acknowledgement closes a concern.

use std::ops::Range;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ConcernId;
use crate::domain::ids::InboundId;
use crate::domain::ids::PersonId;
use crate::domain::ids::RuleId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::SessionId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::in_time;
use crate::store::error::read_code;
use crate::store::same_person::whole_person;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A concern to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConcern {
    /// About whom.
    pub person: PersonId,
    /// In which session.
    pub session: Option<SessionId>,
    /// In which message.
    pub inbound: Option<InboundId>,
    /// The service that answers for it.
    pub service: ServiceId,
    /// What it is about.
    pub category: ConcernCategory,
    /// The rule that found it.
    pub rule: RuleId,
    /// The version of the rules.
    pub rules_version: String,
    /// The message, and which bytes of it made the concern.
    pub words: ConcernWords,
}

/// The message, and which bytes of it made the concern; empty where it was erased or cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernWords {
    /// The message.
    pub text: Words,
    /// The bytes.
    pub found: Range<usize>,
}

/// A concern as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedConcern {
    /// Its row.
    pub id: ConcernId,
    /// What was raised.
    pub raised: NewConcern,
    /// When.
    pub raised_at: Timestamp,
    /// When the message was sent, where the provider says so.
    pub sent_at: Option<Timestamp>,
    /// When staff was told.
    pub alerted_at: Option<Timestamp>,
    /// When they are tried again, who could not be reached.
    pub try_at: Option<Timestamp>,
    /// Who has seen it, when, and what they did.
    pub acknowledged: Option<Acknowledged>,
}

/// Who has seen a concern, when, and what they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// Who.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// What they did; empty where it was erased or cannot be read.
    pub done: Words,
}

const WORDS: Cell = Cell::new("concern", "words_sealed");
const DONE: Cell = Cell::new("concern", "done_sealed");

#[derive(sqlx::FromRow)]
struct ConcernRow {
    id: ConcernId,
    person: PersonId,
    session: Option<SessionId>,
    inbound: Option<InboundId>,
    service: ServiceId,
    category: String,
    rule: RuleId,
    rules_version: String,
    words_sealed: Vec<u8>,
    raised_at: Timestamp,
    alerted_at: Option<Timestamp>,
    acknowledged_at: Option<Timestamp>,
    acknowledged_by: Option<StaffId>,
    done_sealed: Option<Vec<u8>>,
    sent_at: Option<Timestamp>,
    try_at: Option<Timestamp>,
}

impl Tx {
    /// Raises a concern; its clock begins, and a case that was put aside is no longer.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn raise_concern(
        &mut self,
        concern: &NewConcern,
        now: Timestamp,
    ) -> Result<ConcernId, StoreError> {
        const SQL: &str = "
            INSERT INTO concern (id, person, session, inbound, service, category, rule, rules_version, words_sealed,
                                 raised_at, duty_from, duty_due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)";
        let id = ConcernId::new(now, self.random());
        let sealed = self.seal(WORDS, concern.person.0, id.0.as_bytes(), &concern.words).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(concern.person)
            .bind(concern.session)
            .bind(concern.inbound)
            .bind(&concern.service)
            .bind(concern.category.as_str())
            .bind(&concern.rule)
            .bind(&concern.rules_version)
            .bind(sealed)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        self.wake(concern.person, now).await?;
        Ok(id)
    }

    /// Notes that staff was told; false where they had been.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn mark_alerted(&mut self, id: ConcernId, now: Timestamp) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE concern SET alerted_at = $1 WHERE id = $2 AND alerted_at IS NULL";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(now).bind(id).execute(conn).await?.rows_affected()) == 1)
    }

    /// A human has seen it, and says what they did.
    ///
    /// # Errors
    /// `TooLate` where somebody else had, or where the store fails.
    pub async fn acknowledge_concern(
        &mut self,
        id: ConcernId,
        staff: StaffId,
        done: &Words,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const PERSON: &str = "SELECT person FROM concern WHERE id = $1";
        const SQL: &str = "
            UPDATE concern SET acknowledged_at = $1, acknowledged_by = $2, done_sealed = $3
             WHERE id = $4 AND acknowledged_at IS NULL";
        let person: PersonId = on!(self, |conn| sqlx::query_scalar(PERSON).bind(id).fetch_one(conn).await?);
        // Who was erased has no key any more; that somebody has seen the concern counts all the same.
        let sealed = if_readable(self.seal(DONE, person.0, id.0.as_bytes(), done).await)?;
        let acknowledged = on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(staff)
            .bind(sealed)
            .bind(id)
            .execute(conn)
            .await?
            .rows_affected());
        in_time(acknowledged)
    }
}

impl Tx {
    /// Whoever acknowledges it says that it was no concern.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn mark_false(&mut self, id: ConcernId) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE concern SET was_false = TRUE WHERE id = $1";
        on!(self, |conn| sqlx::query(SQL).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}

impl Reader {
    /// The concern that somebody has made of this message by hand.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn concern_by_hand(&mut self, inbound: InboundId) -> Result<Option<ConcernId>, StoreError> {
        const SQL: &str = "
            SELECT id FROM concern WHERE inbound = $1 AND category = 'by-hand' ORDER BY raised_at LIMIT 1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(inbound).fetch_optional(conn).await?))
    }

    /// The concerns about a person, the newest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn concerns_of(&mut self, person: PersonId) -> Result<Vec<SavedConcern>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, person, session, inbound, service, category, rule, rules_version, words_sealed, raised_at,
                   alerted_at, acknowledged_at, acknowledged_by, done_sealed, try_at,
                   (SELECT i.sent_at FROM inbound i WHERE i.id = concern.inbound) AS sent_at
              FROM concern WHERE person IN ",
            whole_person!("$1"),
            " ORDER BY raised_at DESC, id DESC"
        );
        let rows: Vec<ConcernRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_all(conn).await?);
        self.read_concerns(rows).await
    }

    /// The concern with this id.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn concern(&mut self, id: ConcernId) -> Result<SavedConcern, StoreError> {
        const SQL: &str = "
            SELECT id, person, session, inbound, service, category, rule, rules_version, words_sealed, raised_at,
                   alerted_at, acknowledged_at, acknowledged_by, done_sealed, try_at,
                   (SELECT i.sent_at FROM inbound i WHERE i.id = concern.inbound) AS sent_at
              FROM concern WHERE id = $1";
        let row: ConcernRow = on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_one(conn).await?);
        self.read_concern(row).await
    }

    /// The concerns that nobody has acknowledged, the oldest first, of all services.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn open_concerns(&mut self, limit: u16) -> Result<Vec<SavedConcern>, StoreError> {
        const SQL: &str = "
            SELECT id, person, session, inbound, service, category, rule, rules_version, words_sealed, raised_at,
                   alerted_at, acknowledged_at, acknowledged_by, done_sealed, try_at,
                   (SELECT i.sent_at FROM inbound i WHERE i.id = concern.inbound) AS sent_at
              FROM concern WHERE acknowledged_at IS NULL ORDER BY raised_at, id LIMIT $1";
        let rows: Vec<ConcernRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(i64::from(limit)).fetch_all(conn).await?);
        self.read_concerns(rows).await
    }

    async fn read_concerns(&self, rows: Vec<ConcernRow>) -> Result<Vec<SavedConcern>, StoreError> {
        let mut concerns = Vec::with_capacity(rows.len());
        for row in rows {
            concerns.push(self.read_concern(row).await?);
        }
        Ok(concerns)
    }

    async fn read_concern(&self, row: ConcernRow) -> Result<SavedConcern, StoreError> {
        let (owner, id) = (row.person.0, row.id.0);
        let done = if_readable(self.open_some(DONE, owner, id.as_bytes(), row.done_sealed.as_deref()).await)?
            .flatten();
        let acknowledged = row.acknowledged_by.zip(row.acknowledged_at).map(|(by, at)| Acknowledged {
            by,
            at,
            done: done.unwrap_or_default(),
        });
        Ok(SavedConcern {
            id: row.id,
            raised: NewConcern {
                person: row.person,
                session: row.session,
                inbound: row.inbound,
                service: row.service,
                category: read_code("concern", "category", &row.category)?,
                rule: row.rule,
                rules_version: row.rules_version,
                words: if_readable(self.open(WORDS, owner, id.as_bytes(), &row.words_sealed).await)?
                    .unwrap_or_default(),
            },
            raised_at: row.raised_at,
            sent_at: row.sent_at,
            alerted_at: row.alerted_at,
            try_at: row.try_at,
            acknowledged,
        })
    }
}
