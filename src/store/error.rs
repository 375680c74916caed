//! What can go wrong with the store, by what a caller can do about it.
//!
//! Invariant: no error holds a value that was stored or bound.

use std::str::FromStr;
use std::sync::Arc;

use crate::store::erasure_list::ListError;

/// What went wrong.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is too slow, or its disk is full: the same call may work later.
    #[error("the database is away")]
    Away(#[source] Option<Arc<sqlx::Error>>),
    /// More is waiting to be written than can be written soon: the same call may work later.
    #[error("too much is waiting to be written")]
    Busy,
    /// Somebody else changed it meanwhile: the story is run again by itself.
    #[error("somebody else changed it first")]
    Conflict,
    /// Somebody else was quicker, and it would be wrong to do it over again: a human decides.
    #[error("somebody else was quicker")]
    TooLate,
    /// There is no such row.
    #[error("there is no such thing")]
    NotFound,
    /// The words were erased on purpose, and nothing can bring them back.
    #[error("the words have been erased")]
    Erased,
    /// What is stored cannot be read as what it should be.
    #[error("what stands in {table}.{column} cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The secret key, or the database of keys, belongs to another database.
    #[error("the secret key or the database of keys does not belong to this database")]
    WrongKey,
    /// There is data, and what opens it is not there.
    #[error("there is data, but not the database of its keys")]
    NoKeys,
    /// The list of who was erased, a file, cannot be read or written: no key was destroyed.
    #[error("the list of erasures cannot be used; no key was destroyed")]
    List(#[source] Arc<ListError>),
    /// The address of the database cannot be understood.
    #[error("the address of the database is wrong: write sqlite://footbridge.db or postgres://…")]
    WrongUrl,
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date")]
    Migration(#[source] Arc<sqlx::migrate::MigrateError>),
    /// The database refused a statement, or a story broke off: a mistake of ours.
    #[error("the database refused a statement")]
    Refused(#[source] Option<Arc<sqlx::Error>>),
}

impl StoreError {
    /// Whether the database itself is in trouble, so that nothing else can be written just now either.
    pub(super) fn is_away(&self) -> bool {
        matches!(self, Self::Away(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Self::Conflict,
            sqlx::Error::Database(refusal) => match refusal.code().as_deref() {
                Some(code) if is_conflict(code) => Self::Conflict,
                Some(code) if is_trouble(code) => Self::Away(Some(Arc::new(error))),
                Some(_) | None => Self::Refused(Some(Arc::new(error))),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Away(Some(Arc::new(error))),
            sqlx::Error::RowNotFound => Self::NotFound,
            _ => Self::Refused(Some(Arc::new(error))),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(Arc::new(error))
    }
}

/// Nothing where the words were erased or cannot be read: one such row must not hide, or hold up, all others.
pub(super) fn if_readable<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::Erased | StoreError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a code in a table stands for.
pub(super) fn read_code<T: FromStr>(
    table: &'static str,
    column: &'static str,
    code: &str,
) -> Result<T, StoreError> {
    code.parse().map_err(|_| StoreError::Corrupt { table, column })
}

/// PostgreSQL: serialization failure, deadlock, lock not available.
fn is_conflict(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "55P03")
}

/// The server or the disk is in trouble.
fn is_trouble(code: &str) -> bool {
    // PostgreSQL's codes have five letters: connection, resources (disk full, too many connections), operator
    // intervention (shutting down, statement timeout), system error, and a transaction that idled too long.
    let postgres = code.len() == 5
        && (["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) || code == "25P03");
    // SQLite's codes are numbers, the primary one in the low byte: perm 3, busy 5, locked 6, readonly 8, ioerr 10,
    // corrupt 11, full 13, cantopen 14, notadb 26.
    let sqlite = code.len() < 5
        && code
            .parse::<u32>()
            .is_ok_and(|code| matches!(code & 0xff, 3 | 5 | 6 | 8 | 10 | 11 | 13 | 14 | 26));
    postgres || sqlite
}

/// What an update of one row over a version that was seen has come to, by the rows that it changed.
///
/// # Errors
/// `TooLate` where it changed none: somebody else was quicker.
pub(super) const fn in_time(changed: u64) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::TooLate) }
}
