//! On what ground somebody is erased, and what forbids it.
//!
//! Invariant: what forbids an erasure is asked in the transaction that erases, while nothing more can come in about them;
//! and the same transaction writes the reason into the audit.

use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::ids::ServiceId;
use crate::domain::time::Timestamp;
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::retention::Ended;
use crate::store::same_person::whole_person;
use crate::store::tx::Tx;

/// On what ground somebody is erased.
#[derive(Debug, Clone)]
pub enum Ground {
    /// An operator says so, or the list of who was erased before: nothing forbids it.
    Order,
    /// An administrator says so, for this reason: not while a concern is open, or a colleague keeps them.
    Reason(&'static str, Reference),
    /// They were kept long enough: a service, its case that ended, and since when nothing may have happened.
    Rule(ServiceId, Ended, Timestamp),
}

impl Tx {
    /// Whether nothing forbids it; then the reason stands in the audit. What comes in about them waits from here on.
    pub(super) async fn may_erase(
        &mut self,
        person: PersonId,
        ground: &Ground,
        by: Author,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.hold_back_what_comes_in(person).await?;
        match ground {
            Ground::Order => Ok(true),
            Ground::Rule(service, ended, before) => {
                self.note_erasure_by_rule(service, ended, *before, now).await
            }
            Ground::Reason(reason, reference) => {
                let is_spared =
                    self.held_of(person).await?.open_concerns > 0 || self.kept(person).await?.is_some();
                // Whoever was erased already, where it broke off, is spared by nothing.
                if is_spared && self.erased_at(person).await?.is_none() {
                    return Ok(false);
                }
                self.audit(by, reason, "referral", reference.as_str(), now).await?;
                Ok(true)
            }
        }
    }

    /// Whoever writes a row that names this person waits until this is committed; one that was begun before is awaited
    /// here. `SQLite` has one writer anyhow.
    async fn hold_back_what_comes_in(&mut self, person: PersonId) -> Result<(), StoreError> {
        const LOCK: &str =
            concat!("SELECT id FROM person WHERE id IN ", whole_person!("$1"), " ORDER BY id FOR UPDATE");
        match self.conn() {
            Database::Sqlite(_) => {}
            Database::Postgres(conn) => {
                sqlx::query(LOCK).bind(person).execute(conn).await?;
            }
        }
        Ok(())
    }
}
