//! The two databases, and how we connect to them.
//!
//! Invariant: SQL is written once. What differs stands here, in `writer.rs` and in the outbox's claim.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use futures_util::FutureExt;
use sqlx::Executor;
use sqlx::PgPool;
use sqlx::SqlitePool;
use sqlx::postgres::PgConnectOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::sqlite::SqliteSynchronous;

use crate::store::error::StoreError;

/// One of the two databases.
#[derive(Debug, Clone)]
pub(super) enum Database<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// Runs the same words on whichever database there is.
macro_rules! on {
    ($self:expr, |$conn:ident| $body:expr) => {
        match $self.conn() {
            $crate::store::database::Database::Sqlite($conn) => $body,
            $crate::store::database::Database::Postgres($conn) => $body,
        }
    };
}
pub(super) use on;

/// Two processors and fsync are the ceiling long before connections are.
const POSTGRES_CONNECTIONS: u32 = 8;
/// Keys are fetched once per person and kept in memory.
const KEY_CONNECTIONS: u32 = 2;
/// Pages only read, and SQLite reads at memory's speed.
const SQLITE_READERS: u32 = 4;
/// A webhook must be answered; a pool that is this late is as good as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// Another process (a backup, an administrator's command) may hold the file for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Where the data lives, and where the keys live.
pub(super) struct Addresses {
    pub(super) data: Database<SqliteConnectOptions, PgConnectOptions>,
    pub(super) keys: Database<SqliteConnectOptions, PgConnectOptions>,
}

impl Addresses {
    /// Reads the two addresses; without the second, the keys live beside the data: in a second file or schema.
    pub(super) fn read(data_url: &str, keys_url: Option<&str>) -> Result<Self, StoreError> {
        let data = read_url(data_url)?;
        let keys = match (keys_url, &data) {
            (Some(url), _) => read_url(url)?,
            (None, Database::Sqlite(options)) => {
                Database::Sqlite(sqlite_options(options.clone()).filename(keys_file(options.get_filename())))
            }
            (None, Database::Postgres(options)) => Database::Postgres(options.clone()),
        };
        let keys = match keys {
            // A key that was deleted must not be found in a free page of the file.
            Database::Sqlite(options) => Database::Sqlite(options.pragma("secure_delete", "ON")),
            Database::Postgres(options) => {
                Database::Postgres(options.options([("search_path", KEYS_SCHEMA)]))
            }
        };
        Ok(Self { data, keys })
    }

    /// Where the data lives, for people: never the name or the password that opens it.
    pub(super) fn place(&self) -> String {
        match &self.data {
            Database::Sqlite(options) => {
                let file = std::path::absolute(options.get_filename());
                format!("SQLite, {}", file.as_deref().unwrap_or(options.get_filename()).display())
            }
            Database::Postgres(options) => {
                let database = options.get_database().unwrap_or(options.get_username());
                format!("PostgreSQL, {}:{}/{database}", options.get_host(), options.get_port())
            }
        }
    }
}

/// The schema of the keys on PostgreSQL.
pub(super) const KEYS_SCHEMA: &str = "footbridge_keys";

fn read_url(url: &str) -> Result<Database<SqliteConnectOptions, PgConnectOptions>, StoreError> {
    if url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(url).map_err(|_| StoreError::WrongUrl)?;
        Ok(Database::Sqlite(sqlite_options(options)))
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::WrongUrl)?;
        // `after_release` rolls back what is mostly nothing: the server need not warn of that each time.
        let options = options.application_name("footbridge").options([("client_min_messages", "error")]);
        Ok(Database::Postgres(options))
    } else {
        Err(StoreError::WrongUrl)
    }
}

fn sqlite_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
}

/// `footbridge.db` → `footbridge-keys.db`.
fn keys_file(data: &Path) -> std::path::PathBuf {
    let stem = data.file_stem().unwrap_or_default().to_string_lossy();
    let extension = data.extension().unwrap_or("db".as_ref()).to_string_lossy();
    data.with_file_name(format!("{stem}-keys.{extension}"))
}

/// Connects for everyday work.
pub(super) async fn connect_data(
    address: &Database<SqliteConnectOptions, PgConnectOptions>,
) -> Result<Database<SqlitePool, PgPool>, StoreError> {
    Ok(match address {
        Database::Sqlite(options) => Database::Sqlite(sqlite_pool(options, SQLITE_READERS).await?),
        Database::Postgres(options) => {
            Database::Postgres(postgres_pool(options, POSTGRES_CONNECTIONS).await?)
        }
    })
}

/// Connects to where the keys live.
pub(super) async fn connect_keys(
    address: &Database<SqliteConnectOptions, PgConnectOptions>,
) -> Result<Database<SqlitePool, PgPool>, StoreError> {
    Ok(match address {
        Database::Sqlite(options) => Database::Sqlite(sqlite_pool(options, KEY_CONNECTIONS).await?),
        Database::Postgres(options) => Database::Postgres(postgres_pool(options, KEY_CONNECTIONS).await?),
    })
}

/// Whether it may hold anything: a file that is not there holds nothing, a server has to be asked.
pub(super) fn may_be_there(address: &Database<SqliteConnectOptions, PgConnectOptions>) -> bool {
    match address {
        Database::Sqlite(options) => options.get_filename().is_file(),
        Database::Postgres(_) => true,
    }
}

/// Makes a file that is missing, for the eyes of its owner only; the files that SQLite keeps beside it follow suit.
fn make_private(file: &Path) {
    let new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    // It is there already, or cannot be made: connecting says so.
    drop(new);
}

async fn sqlite_pool(options: &SqliteConnectOptions, connections: u32) -> Result<SqlitePool, StoreError> {
    make_private(options.get_filename());
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options.clone())
        .await?;
    Ok(pool)
}

async fn postgres_pool(options: &PgConnectOptions, connections: u32) -> Result<PgPool, StoreError> {
    let bounded = options.clone().options([
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        // It takes a page's query of 40 ms for one that is worth 300 ms of compiling.
        ("jit", "off"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // Whatever was left open on a connection, the next borrower must not inherit it (sqlx 0.9.0 leaves a
        // transaction open where a `begin` was cancelled).
        .after_release(|conn, _| async move { conn.execute("ROLLBACK").await.map(|_| true) }.boxed())
        .connect_with(bounded)
        .await?;
    Ok(pool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_live_in_a_file_beside_the_data() {
        assert_eq!(keys_file("data/footbridge.db".as_ref()), Path::new("data/footbridge-keys.db"));
        assert_eq!(keys_file("footbridge".as_ref()), Path::new("footbridge-keys.db"));
    }

    #[tokio::test]
    async fn a_new_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("footbridge.db").display());
        let addresses = Addresses::read(&url, None).unwrap();
        let _data = connect_data(&addresses.data).await.unwrap();
        let _keys = connect_keys(&addresses.keys).await.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            assert_eq!(
                file.metadata().unwrap().permissions().mode() & 0o777,
                0o600,
                "{:?}",
                file.file_name()
            );
        }
    }

    #[tokio::test]
    async fn sqlite_waits_for_the_disk_at_each_commit_of_data_and_of_keys() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("footbridge.db").display());
        let addresses = Addresses::read(&url, None).unwrap();
        let both =
            [connect_data(&addresses.data).await.unwrap(), connect_keys(&addresses.keys).await.unwrap()];
        for database in both {
            let Database::Sqlite(pool) = database else { panic!("not SQLite") };
            let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pool).await.unwrap();
            let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&pool).await.unwrap();
            assert_eq!((journal.as_str(), synchronous), ("wal", 2), "2 is FULL");
        }
    }

    #[test]
    fn a_place_is_told_without_what_opens_it() {
        let place = |url: &str| Addresses::read(url, None).map(|addresses| addresses.place()).unwrap();
        let secret = "postgres://sam:hunter2@db.example.org:5433/texts?password=hunter3";
        assert_eq!(place(secret), "PostgreSQL, db.example.org:5433/texts");
        assert_eq!(place("sqlite:///srv/footbridge.db"), "SQLite, /srv/footbridge.db");
        let here = std::env::current_dir().unwrap().join("footbridge.db");
        assert_eq!(place("sqlite://footbridge.db"), format!("SQLite, {}", here.display()));
    }

    #[test]
    fn an_address_of_another_kind_is_refused() {
        assert!(matches!(Addresses::read("mysql://x", None), Err(StoreError::WrongUrl)));
    }
}
