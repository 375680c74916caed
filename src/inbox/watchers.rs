//! The services and practices whose unassigned cases too few people watch: told to administrators, who can change that.
//!
//! Invariant: watchers are counted, never named.

use crate::directory::Directory;
use crate::directory::service::Practice;
use crate::directory::service::Service;
use crate::domain::time::Timestamp;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::LONGEST;
use crate::inbox::signed_in::SignedIn;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::watchers::Watchers;

/// Of three, one may be away and one be busy.
pub const ENOUGH: usize = 3;

/// Since when somebody must have signed in to count: every session ends within a week, so whoever uses the inbox has.
#[must_use]
pub fn counts_since(now: Timestamp) -> Timestamp {
    now.minus(LONGEST)
}

/// A service that fewer than `ENOUGH` people watch, or some of whose practices they do.
#[derive(Debug, Clone)]
pub struct Unwatched {
    /// Its name.
    pub name: Foreign,
    /// How many watch it.
    pub count: usize,
    /// The practices that too few watch, where enough watch the service; else none.
    pub practices: Vec<Foreign>,
}

/// The practices of a service that fewer than `ENOUGH` people watch.
pub fn few_watch<'a>(service: &'a Service, watchers: &'a Watchers) -> impl Iterator<Item = &'a Practice> {
    service.practices.iter().filter(|practice| watchers.of_practice(&service.id, &practice.id) < ENOUGH)
}

impl Unwatched {
    pub(super) fn who_has(&self) -> &'static str {
        match self.count {
            0 => "Nobody of this service has",
            1 => "Only one person of this service has",
            _ => "Only two people of this service have",
        }
    }
}

/// What an administrator is told; everybody else can do nothing about it, and in the demo there is nobody else.
///
/// # Errors
/// Where the store fails.
pub async fn unwatched(
    worker: &SignedIn,
    reader: &mut Reader,
    directory: &Directory,
    now: Timestamp,
) -> Result<Vec<Unwatched>, StoreError> {
    if !worker.role.looks_after_staff() || worker.is_demo() {
        return Ok(Vec::new());
    }
    let watchers = reader.watchers(counts_since(now)).await?;
    let all = directory.services().iter().map(|service| {
        let count = watchers.of(&service.id);
        let few = few_watch(service, &watchers).filter(|_| ENOUGH <= count);
        let practices = few.map(|practice| Foreign::new(&practice.name)).collect();
        Unwatched { name: Foreign::new(&service.name), count, practices }
    });
    Ok(all.filter(|service| service.count < ENOUGH || !service.practices.is_empty()).collect())
}
