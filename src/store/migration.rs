//! Bringing the tables up to date, and telling a wrong key before anything is written with it.
//!
//! Invariant: a database that was made with one secret key is never written to with another.

use futures_util::FutureExt;
use sqlx::ConnectOptions;
use sqlx::Connection;
use sqlx::Executor;
use sqlx::PgConnection;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use uuid::Uuid;

use crate::store::Store;
use crate::store::database::Database;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

static TABLES: Migrator = sqlx::migrate!("src/store/migrations");
static KEY_TABLES: Migrator = sqlx::migrate!("src/store/migrations/keys");

/// The owner of the canary: its key must be in the database of keys, wrapped by our secret key.
const CANARY_OWNER: Uuid = Uuid::max();
const CANARY_NAME: &str = "canary";
/// The setting that holds the root of the house, wrapped by the secret key.
const ROOT_NAME: &str = "root";
const CANARY: &str = "sings";
const VALUE: Cell = Cell::new("setting", "value_sealed");

/// Brings both databases up to date.
pub(super) async fn migrate(store: &Store) -> Result<(), StoreError> {
    run(&KEY_TABLES, &store.0.addresses.keys, true).await?;
    run(&TABLES, &store.0.addresses.data, false).await?;
    store.write(|tx| put_canary(tx).boxed()).await?;
    find_root(store).await?;
    check_key(store).await?;
    make_all_findable(store).await
}

/// As many people as are made findable together: well within what one story may take.
const MOST_TOGETHER: u16 = 50;

/// Whoever came before there was a search is found too. Each is so after it, or was erased, so this comes to an end.
async fn make_all_findable(store: &Store) -> Result<(), StoreError> {
    loop {
        let people = store.read().await?.not_findable(MOST_TOGETHER).await?;
        if people.is_empty() {
            return Ok(());
        }
        let made = store.write(move |tx| {
            let people = people.clone();
            async move {
                for person in people {
                    tx.make_findable(person).await?;
                }
                Ok(())
            }
            .boxed()
        });
        made.await?;
    }
}

/// How many migrations the tables of this program need.
pub(super) fn needed() -> usize {
    TABLES.iter().count()
}

/// On a connection of its own, without the time limits of everyday work.
async fn run(
    migrator: &Migrator,
    address: &Database<SqliteConnectOptions, PgConnectOptions>,
    is_keys: bool,
) -> Result<(), StoreError> {
    match address {
        Database::Sqlite(options) => {
            let mut conn = options.connect().await?;
            migrator.run(&mut conn).await?;
            conn.close().await?;
        }
        Database::Postgres(options) => {
            let mut conn = options.connect().await?;
            if is_keys {
                make_schema(&mut conn).await?;
            }
            migrator.run(&mut conn).await?;
            conn.close().await?;
        }
    }
    Ok(())
}

/// Several nodes may start at once on an empty database. `IF NOT EXISTS` looks before it makes, so whoever comes second at
/// the same moment is told of a duplicate: then the schema is there.
async fn make_schema(conn: &mut PgConnection) -> Result<(), StoreError> {
    let made = conn.execute("CREATE SCHEMA IF NOT EXISTS footbridge_keys").await;
    match made.map_err(StoreError::from) {
        Ok(_) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn put_canary(tx: &mut Tx) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO setting (name, value_sealed) VALUES ($1, $2)";
    if sealed_setting(tx, CANARY_NAME).await?.is_some() {
        return Ok(());
    }
    tx.ensure_key(CANARY_OWNER).await?;
    let sealed = tx.seal(VALUE, CANARY_OWNER, CANARY_NAME.as_bytes(), CANARY).await?;
    // Its own, and not the secret key, so that a secret key that was replaced opens nothing that is written later.
    let root = tx.wrapped_root(Some(tx.random()));
    for (name, sealed) in [(CANARY_NAME, sealed), (ROOT_NAME, root)] {
        on!(tx, |conn| sqlx::query(SQL).bind(name).bind(sealed).execute(conn).await.map(|_| ())?);
    }
    Ok(())
}

/// Wraps the root by the secret key in force.
pub(super) async fn put_root(tx: &mut Tx) -> Result<(), StoreError> {
    const SQL: &str = "
        INSERT INTO setting (name, value_sealed) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value_sealed = excluded.value_sealed";
    let root = tx.wrapped_root(None);
    on!(tx, |conn| sqlx::query(SQL).bind(ROOT_NAME).bind(root).execute(conn).await.map(|_| ())?);
    Ok(())
}

/// Takes the root of the house from the database, where it is made. The databases of before have none: there the secret
/// key that they were made with is the root.
pub(super) async fn find_root(store: &Store) -> Result<(), StoreError> {
    let mut reader = store.read().await?;
    if !has_tables(&mut reader).await? {
        return Ok(());
    }
    let keys = &store.0.keys;
    if let Some(sealed) = sealed_setting(&mut reader, ROOT_NAME).await? {
        return if keys.secrets.take_root(&sealed) { Ok(()) } else { Err(StoreError::WrongKey) };
    }
    match keys.wrapped(CANARY_OWNER).await {
        Ok(Some(wrapped)) => keys.secrets.take_root_of(CANARY_OWNER.as_bytes(), &wrapped),
        Err(error) if error.is_away() => return Err(error),
        // Nothing was made yet, or the keys are still to be put back: whoever needs them is told by `check_key`.
        Ok(None) | Err(_) => {}
    }
    Ok(())
}

async fn sealed_setting(reader: &mut Reader, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    const SQL: &str = "SELECT value_sealed FROM setting WHERE name = $1";
    Ok(on!(reader, |conn| sqlx::query_scalar(SQL).bind(name).fetch_optional(conn).await?))
}

/// Opens the canary, where there is one.
pub(super) async fn check_key(store: &Store) -> Result<(), StoreError> {
    let mut reader = store.read().await?;
    if !has_tables(&mut reader).await? {
        return Ok(());
    }
    let Some(sealed) = sealed_setting(&mut reader, CANARY_NAME).await? else {
        return Ok(());
    };
    let opened: Result<String, _> = reader.open(VALUE, CANARY_OWNER, CANARY_NAME.as_bytes(), &sealed).await;
    match opened {
        Ok(song) if song == CANARY => Ok(()),
        Err(error) if error.is_away() => Err(error),
        // No such key, another secret key, or no table of keys at all: all mean the same.
        Ok(_) | Err(_) => Err(StoreError::WrongKey),
    }
}

const HAS_TABLES_SQLITE: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'setting')";
const HAS_TABLES_POSTGRES: &str = "SELECT to_regclass('setting') IS NOT NULL";

async fn has_tables(reader: &mut Reader) -> Result<bool, StoreError> {
    Ok(match reader.conn() {
        Database::Sqlite(conn) => sqlx::query_scalar(HAS_TABLES_SQLITE).fetch_one(conn).await?,
        Database::Postgres(conn) => sqlx::query_scalar(HAS_TABLES_POSTGRES).fetch_one(conn).await?,
    })
}

/// Whether the database has its tables; on a connection of its own that makes no file.
pub(super) async fn has_been_run(
    address: &Database<SqliteConnectOptions, PgConnectOptions>,
) -> Result<bool, StoreError> {
    Ok(match address {
        Database::Sqlite(options) => {
            // An empty file would be given a header, were its journal set.
            let mut conn = SqliteConnectOptions::new().filename(options.get_filename()).connect().await?;
            let has_tables = sqlx::query_scalar(HAS_TABLES_SQLITE).fetch_one(&mut conn).await?;
            conn.close().await?;
            has_tables
        }
        Database::Postgres(options) => {
            let mut conn = options.connect().await?;
            let has_tables = sqlx::query_scalar(HAS_TABLES_POSTGRES).fetch_one(&mut conn).await?;
            conn.close().await?;
            has_tables
        }
    })
}
