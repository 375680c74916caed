//! Who watches the unassigned cases of each service, and of each of its practices.
//!
//! Invariant: an account counts that may sign in, belongs to the service, sees the practice, and has signed in since then.
//! Administrators see every service, and count where they belong to it only: whoever looks after the computers may never
//! look at the cases.

use std::collections::BTreeSet;

use crate::domain::ids::PracticeId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

/// The accounts that may sign in and belong to a service.
#[derive(Debug, Clone, Default)]
pub struct Watchers(Vec<Watcher>);

/// One account at one service, once for each practice to which it is kept there.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Watcher {
    service: ServiceId,
    staff: StaffId,
    /// None: all of the service.
    practice: Option<PracticeId>,
    lately: bool,
}

impl Watchers {
    /// How many watch a service, or a part of it.
    #[must_use]
    pub fn of(&self, service: &ServiceId) -> usize {
        self.count(|watcher| watcher.service == *service)
    }

    /// How many watch a practice of a service; one that nobody was given is watched by everybody, as `sight` has it.
    #[must_use]
    pub fn of_practice(&self, service: &ServiceId, practice: &PracticeId) -> usize {
        let has_it = |watcher: &Watcher| {
            let sees = watcher.practice.as_ref().is_none_or(|kept_to| kept_to == practice);
            watcher.service == *service && sees
        };
        if self.0.iter().any(has_it) { self.count(has_it) } else { self.of(service) }
    }

    fn count(&self, counts: impl Fn(&Watcher) -> bool) -> usize {
        let watching = self.0.iter().filter(|watcher| watcher.lately && counts(watcher));
        watching.map(|watcher| watcher.staff).collect::<BTreeSet<_>>().len()
    }
}

impl Reader {
    /// Who watches, where they have signed in since then.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn watchers(&mut self, since: Timestamp) -> Result<Watchers, StoreError> {
        const SQL: &str = "
            SELECT f.service, f.staff, k.practice, COALESCE($1 <= s.signed_in_at, FALSE) AS lately
              FROM staff_service f JOIN staff s ON s.id = f.staff
              LEFT JOIN staff_practice k ON k.staff = f.staff AND k.service = f.service
             WHERE s.active AND s.role <> 'volunteer-champion'";
        Ok(Watchers(on!(self, |conn| sqlx::query_as(SQL).bind(since).fetch_all(conn).await?)))
    }
}
