//! Copies of both databases, and putting them back.
//!
//! The data is copied first and the keys second: a key is durable before anything that it sealed, so the copy of the
//! keys opens everything in the copy of the data.
//!
//! Invariant: nothing that is there is ever overwritten, and no server can send from what was restored before an
//! operator says so.

use std::fs;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

use futures_util::FutureExt;
use sqlx::ConnectOptions;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnectOptions;

use crate::domain::time::Timestamp;
use crate::store::Settings;
use crate::store::Store;
use crate::store::database::Addresses;
use crate::store::database::Database;
use crate::store::erasure::Erasure;
use crate::store::error::StoreError;
use crate::store::postgres_tools as tools;
use crate::store::postgres_tools::ToolError;
use crate::store::seal::Secrets;

/// What the files of a copy are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copies {
    /// The data: worth nothing without the keys.
    pub data: PathBuf,
    /// The keys, each wrapped by the secret key.
    pub keys: PathBuf,
}

/// Which kind of database a copy is of; one cannot be put into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Two files.
    Sqlite,
    /// Two dumps of `pg_dump`.
    Postgres,
}

/// Why there is no copy, or why it was not put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store says why.
    #[error("the database could not be used")]
    Store(#[from] StoreError),
    /// The copy is in its place, and somebody in it who was erased is not.
    #[error(
        "not everybody who was erased is erased again: start no server before `footbridge admin replay-erasures` has ended well"
    )]
    NotErased(#[source] StoreError),
    /// A file cannot be read or written.
    #[error("could not read or write {0}")]
    File(PathBuf, #[source] io::Error),
    /// There is something where the copy would go.
    #[error("there is a database already ({0}); nothing was overwritten")]
    NotEmpty(&'static str),
    /// A copy is damaged.
    #[error("{0} is damaged")]
    Damaged(PathBuf),
    /// A tool of PostgreSQL's is missing or failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Taken back by one transaction.
const MOST_TOGETHER: u16 = 500;

/// Which kind of database these settings name.
///
/// # Errors
/// `WrongUrl`.
pub fn kind(settings: &Settings) -> Result<Kind, StoreError> {
    Ok(match addresses(settings)?.data {
        Database::Sqlite(_) => Kind::Sqlite,
        Database::Postgres(_) => Kind::Postgres,
    })
}

fn addresses(settings: &Settings) -> Result<Addresses, StoreError> {
    Addresses::read(&settings.database_url, settings.keys_database_url.as_deref())
}

/// Copies both databases into new files, while anybody writes.
///
/// # Errors
/// Where a database is away, a file is there already, or a tool fails.
pub async fn copy(settings: &Settings, to: &Copies) -> Result<(), BackupError> {
    let Addresses { data, keys } = addresses(settings)?;
    match &data {
        Database::Sqlite(options) => copy_file(options, &to.data).await?,
        Database::Postgres(_) => dump(&settings.database_url, tools::Part::Data, &to.data)?,
    }
    match &keys {
        Database::Sqlite(options) => copy_file(options, &to.keys).await?,
        Database::Postgres(_) => {
            let url = settings.keys_database_url.as_ref().unwrap_or(&settings.database_url);
            dump(url, tools::Part::Keys, &to.keys)?;
        }
    }
    Ok(())
}

fn dump(url: &str, part: tools::Part, to: &Path) -> Result<(), BackupError> {
    // `pg_dump` writes into a file that is there, and leaves it its owner's.
    new_private_file(to)?;
    Ok(tools::dump(url, part, to)?)
}

async fn copy_file(from: &SqliteConnectOptions, to: &Path) -> Result<(), BackupError> {
    // SQLite writes into an empty file, and nobody else can read what it writes.
    new_private_file(to)?;
    let mut conn = from.clone().create_if_missing(false).connect().await?;
    sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().into_owned()).execute(&mut conn).await?;
    conn.close().await?;
    let file = fs::File::open(to).and_then(|file| file.sync_all());
    file.map_err(|error| BackupError::File(to.to_owned(), error))?;
    is_whole(to).await
}

/// Reads every page of a copy.
async fn is_whole(file: &Path) -> Result<(), BackupError> {
    let mut conn =
        SqliteConnectOptions::new().filename(file).read_only(true).immutable(true).connect().await?;
    let found: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await?;
    conn.close().await?;
    if found == "ok" { Ok(()) } else { Err(BackupError::Damaged(file.to_owned())) }
}

fn new_private_file(path: &Path) -> Result<(), BackupError> {
    let new = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    new.map(|_| ()).map_err(|error| BackupError::File(path.to_owned(), error))
}

/// What a restore came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// How many texts had not left.
    pub taken_back: usize,
    /// How many people were erased.
    pub erased: usize,
}

/// Puts a copy where these settings say, holds all sending, erases again whoever was erased since the copy was made, and
/// takes back what had not left.
///
/// # Errors
/// Where there is something already, a copy is damaged, or does not belong to this secret key.
pub async fn restore(
    settings: &Settings,
    from: &Copies,
    erasures: &[Erasure],
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let Addresses { data, keys } = addresses(settings)?;
    must_be_empty(&data, "setting", "the data").await?;
    must_be_empty(&keys, "data_key", "the keys").await?;
    let store = match (&data, &keys) {
        (Database::Sqlite(data), Database::Sqlite(keys)) => {
            put_files(settings, [data, keys], from, now).await?
        }
        (Database::Postgres(_), Database::Postgres(_)) => put_dumps(settings, from, now).await?,
        (Database::Sqlite(_), Database::Postgres(_)) | (Database::Postgres(_), Database::Sqlite(_)) => {
            return Err(StoreError::WrongUrl.into());
        }
    };
    store.migrate().await?;
    let erased = store.replay_erasures(erasures, now).await.map_err(BackupError::NotErased)?;
    store.write(move |tx| tx.stop_restored_later_texts(now).boxed()).await?;
    let mut taken_back = 0;
    loop {
        let taken = store.write(move |tx| tx.take_back_restored(now, MOST_TOGETHER).boxed()).await?;
        taken_back += taken;
        if taken < usize::from(MOST_TOGETHER) {
            break;
        }
    }
    store.close().await;
    Ok(Restored { taken_back, erased })
}

async fn must_be_empty(
    place: &Database<SqliteConnectOptions, sqlx::postgres::PgConnectOptions>,
    table: &str,
    what: &'static str,
) -> Result<(), BackupError> {
    let is_there = match place {
        Database::Sqlite(options) => leftovers(options.get_filename()).iter().any(|file| file.exists()),
        Database::Postgres(options) => {
            let mut conn = options.connect().await?;
            let found = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(table);
            let found: bool = found.fetch_one(&mut conn).await?;
            conn.close().await?;
            found
        }
    };
    if is_there { Err(BackupError::NotEmpty(what)) } else { Ok(()) }
}

/// The file, and what SQLite keeps beside it: an old log would be played into a new file.
fn leftovers(file: &Path) -> Vec<PathBuf> {
    let beside = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    ["", "-wal", "-shm", "-journal"].map(beside).into()
}

/// Two files: beside their places first, where no server looks; with the hold in them they are put in place, the keys
/// first.
async fn put_files(
    settings: &Settings,
    [data, keys]: [&SqliteConnectOptions; 2],
    from: &Copies,
    now: Timestamp,
) -> Result<Store, BackupError> {
    let (data_aside, keys_aside) = (aside(data), aside(keys));
    for (copy, place) in [(&from.data, &data_aside), (&from.keys, &keys_aside)] {
        new_private_file(place)?;
        // A copy takes the rights of what is copied, and that may have come from anywhere.
        let copied =
            fs::copy(copy, place).and_then(|_| fs::set_permissions(place, Permissions::from_mode(0o600)));
        copied.map_err(|error| BackupError::File(copy.clone(), error))?;
        is_whole(place).await?;
    }
    let places = Addresses {
        data: Database::Sqlite(data.clone().filename(&data_aside)),
        keys: Database::Sqlite(keys.clone().filename(&keys_aside)),
    };
    let held = hold(settings, places, now).await;
    let put = held.and_then(|()| {
        put_in_place(&keys_aside, keys.get_filename())?;
        put_in_place(&data_aside, data.get_filename())
    });
    if put.is_err() {
        for file in [&data_aside, &keys_aside] {
            // What was made here is of no use; the copies are where they were.
            let _ = fs::remove_file(file);
        }
    }
    put?;
    Ok(Store::connect(settings).await?)
}

async fn hold(settings: &Settings, places: Addresses, now: Timestamp) -> Result<(), BackupError> {
    let store = Store::open(settings, places).await?;
    store.check_key().await?;
    store.write(move |tx| tx.hold_sending(now).boxed()).await?;
    store.close().await;
    Ok(())
}

/// `footbridge.db` → `footbridge.db.restoring`.
fn aside(place: &SqliteConnectOptions) -> PathBuf {
    let mut name = place.get_filename().as_os_str().to_owned();
    name.push(".restoring");
    PathBuf::from(name)
}

fn put_in_place(from: &Path, to: &Path) -> Result<(), BackupError> {
    let synced = fs::File::open(from).and_then(|file| file.sync_all());
    synced.and_then(|()| fs::rename(from, to)).map_err(|error| BackupError::File(to.to_owned(), error))
}

/// Two dumps: the data, the hold in it, and only then the keys, without which no server starts.
async fn put_dumps(settings: &Settings, from: &Copies, now: Timestamp) -> Result<Store, BackupError> {
    tools::put_back(&settings.database_url, &from.data)?;
    let store = Store::open(settings, addresses(settings)?).await?;
    store.write(move |tx| tx.hold_sending(now).boxed()).await?;
    store.close().await;
    let url = settings.keys_database_url.as_ref().unwrap_or(&settings.database_url);
    tools::put_back(url, &from.keys)?;
    Ok(Store::connect(settings).await?)
}

/// What only this secret key says of a text: whether a copy belongs to a key can be told before anything is touched.
#[must_use]
pub fn proof(settings: &Settings, of: &str) -> String {
    Secrets::derive(&settings.secret_key, &[]).proof(of)
}

/// The same settings with the secret key in force that said this of a text; none where no accepted one did.
#[must_use]
pub fn with_the_key_of(settings: &Settings, of: &str, said: &str) -> Option<Settings> {
    let mut settings = settings.clone();
    for at in 0..=settings.other_secret_keys.len() {
        if proof(&settings, of) == said {
            return Some(settings);
        }
        if let Some(other) = settings.other_secret_keys.get_mut(at) {
            std::mem::swap(&mut settings.secret_key, other);
        }
    }
    None
}
