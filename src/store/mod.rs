//! The store: everything that must not be lost, and the only SQL.
//!
//! `Store::write` runs a story in one durable transaction; `Store::read` gives a connection that only reads. Rows of
//! people are sealed (`seal.rs`) by keys that live in a second database (`keys.rs`).
//!
//! Invariant: what was acknowledged is on the disk, and every column is either plain by a closed list or sealed.

pub mod absence;
pub mod address;
pub mod alike;
pub mod audit;
pub mod audit_seal;
pub mod backup;
pub mod changes;
pub mod concern;
pub mod concern_try;
pub mod consent;
pub mod contact;
pub mod copy;
pub mod deadline;
pub mod delivery;
pub mod desk;
pub mod draft;
pub mod duty;
pub mod erasure;
pub mod erasure_ground;
pub mod erasure_list;
pub mod erasure_request;
pub mod error;
pub mod example;
pub mod facet;
pub mod figures;
pub mod follow_up;
pub mod handover;
pub mod health;
pub mod hold;
pub mod idempotency;
pub mod inbound;
pub mod inbox;
pub mod invitation;
pub mod label;
pub mod later_text;
pub mod leased;
pub mod lent;
pub mod message_word;
pub mod note;
pub mod outbox;
pub mod owned;
pub mod person;
pub mod place;
pub mod presence;
pub mod randomness;
pub mod ready_text;
pub mod referral;
pub mod restricted;
pub mod retention;
pub mod revision;
pub mod rotation;
pub mod same_person;
pub mod saved_view;
pub mod scope;
pub mod search;
pub mod second_factor;
pub mod sending;
pub mod session;
pub mod setting;
pub mod sight;
pub mod sign_in;
pub mod singleton;
pub mod staff;
pub mod swept;
pub mod theme;
pub mod thread;
pub mod told;
pub mod tx;
pub mod watchers;

mod database;
mod keys;
mod migration;
mod postgres_tools;
mod seal;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::PgPool;
use sqlx::SqlitePool;
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::store::database::Addresses;
use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::keys::Keys;
use crate::store::randomness::Randomness;
use crate::store::seal::Secrets;
use crate::store::tx::Connection;
use crate::store::tx::Reader;
use crate::store::tx::Tx;
use crate::store::writer::Writer;

/// Where the store is, and what unlocks it.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite://footbridge.db` or `postgres://…`.
    pub database_url: String,
    /// Where the keys of people live; beside the data where it is not set.
    pub keys_database_url: Option<String>,
    /// Wraps every key.
    pub secret_key: Zeroizing<[u8; 32]>,
    /// Those that are accepted besides, while one replaces another.
    pub other_secret_keys: Vec<Zeroizing<[u8; 32]>>,
    /// The list of who was erased, which outlives both databases.
    pub erasures: PathBuf,
    /// Where ids, keys and references come from.
    pub randomness: Randomness,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may hold a password.
        f.write_str("Settings(…)")
    }
}

impl Settings {
    /// Where the data lives, for people: never the name or the password that opens it.
    ///
    /// # Errors
    /// `WrongUrl`.
    pub fn place(&self) -> Result<String, StoreError> {
        Ok(Addresses::read(&self.database_url, self.keys_database_url.as_deref())?.place())
    }
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inside>);

struct Inside {
    addresses: Addresses,
    pool: Database<SqlitePool, PgPool>,
    keys: Arc<Keys>,
    writer: Writer,
    erasures: PathBuf,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.pool {
            Database::Sqlite(_) => "Store(SQLite)",
            Database::Postgres(_) => "Store(PostgreSQL)",
        })
    }
}

impl Store {
    /// Connects; creates an SQLite file that is missing. Writes nothing: `migrate` does.
    ///
    /// # Errors
    /// `WrongUrl`, `Away`, `NoKeys` where there is data and no database of keys, and `WrongKey` where the data was made
    /// with another secret key or other keys.
    pub async fn connect(settings: &Settings) -> Result<Self, StoreError> {
        let addresses = Addresses::read(&settings.database_url, settings.keys_database_url.as_deref())?;
        // Before anything is made: an empty file of keys would look as if they had been lost long ago.
        if !database::may_be_there(&addresses.keys) && has_data(&addresses).await? {
            return Err(StoreError::NoKeys);
        }
        let store = Self::open(settings, addresses).await?;
        store.check_key().await?;
        Ok(store)
    }

    /// Connects without asking whether the key is the right one.
    async fn open(settings: &Settings, addresses: Addresses) -> Result<Self, StoreError> {
        let pool = database::connect_data(&addresses.data).await?;
        let keys_pool = database::connect_keys(&addresses.keys).await?;
        let secrets = Secrets::derive(&settings.secret_key, &settings.other_secret_keys);
        let keys = Arc::new(Keys::new(secrets, settings.randomness.clone(), keys_pool));
        let writer = match (&pool, &addresses.data) {
            (Database::Postgres(pool), _) => Writer::postgres(pool.clone(), Arc::clone(&keys)),
            (Database::Sqlite(_), Database::Sqlite(options)) => {
                Writer::sqlite(options.clone(), Arc::clone(&keys))
            }
            (Database::Sqlite(_), Database::Postgres(_)) => return Err(StoreError::WrongUrl),
        };
        let store =
            Self(Arc::new(Inside { addresses, pool, keys, writer, erasures: settings.erasures.clone() }));
        migration::find_root(&store).await?;
        Ok(store)
    }

    async fn check_key(&self) -> Result<(), StoreError> {
        migration::check_key(self).await
    }

    /// Connects to a database that has its tables already; makes and changes nothing. `None` where there is none yet.
    ///
    /// # Errors
    /// As `connect`.
    pub async fn connect_to_what_is_there(settings: &Settings) -> Result<Option<Self>, StoreError> {
        let addresses = Addresses::read(&settings.database_url, settings.keys_database_url.as_deref())?;
        if has_data(&addresses).await? { Self::connect(settings).await.map(Some) } else { Ok(None) }
    }

    /// Brings the tables up to date; does nothing where they are.
    ///
    /// # Errors
    /// Where the database is away, or holds tables of a newer program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migration::migrate(self).await
    }

    /// Runs a story in one durable transaction, and returns after the COMMIT. The story may run several times. Whoever
    /// stops waiting does not stop the story.
    ///
    /// # Errors
    /// What the story says; `Busy` and `Away` where it is worth another try later. After `Away` the story may have been
    /// done all the same: a lost answer does not say.
    pub async fn write<T, F>(&self, story: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + Sync + 'static,
    {
        self.0.writer.write(story).await
    }

    /// A bell that rings after a story of this process was committed. What others commit, and what a caller did not wait
    /// for, it does not tell: whoever must know looks now and then, too.
    #[must_use]
    pub fn bell(&self) -> watch::Receiver<()> {
        self.0.writer.bell()
    }

    /// A connection that reads what was committed; give it back soon.
    ///
    /// # Errors
    /// `Away` where there is none to be had.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        let conn = match &self.0.pool {
            Database::Sqlite(pool) => Connection::SqlitePooled(pool.acquire().await?),
            Database::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
        };
        Ok(Reader::on(conn, Arc::clone(&self.0.keys)))
    }

    /// Destroys the key of a person or an address: what it sealed is unreadable from now on, here and in every backup of
    /// the data. Another node may keep it in its memory until it stops: `erase` overwrites what it could read.
    ///
    /// # Errors
    /// `Away` where the database of keys is.
    pub async fn forget_key(&self, owner: uuid::Uuid) -> Result<(), StoreError> {
        self.0.keys.forget(owner).await
    }

    /// Whether the tables are those of this program; `migrate` brings them up to date.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn is_up_to_date(&self) -> Result<bool, StoreError> {
        let done = self.read().await?.migrations_done().await?;
        Ok(usize::try_from(done).is_ok_and(|done| migration::needed() <= done))
    }

    /// What only this installation says of a text: shows whoever holds the same secret key that it is the same.
    #[must_use]
    pub fn proof(&self, of: &str) -> String {
        self.0.keys.secrets.proof(of)
    }

    /// Takes no more writes, finishes those that were taken, and closes the connections.
    pub async fn close(&self) {
        self.0.writer.close().await;
        match &self.0.pool {
            Database::Sqlite(pool) => pool.close().await,
            Database::Postgres(pool) => pool.close().await,
        }
        self.0.keys.close().await;
    }
}

/// Whether the database has its tables; makes nothing.
async fn has_data(addresses: &Addresses) -> Result<bool, StoreError> {
    Ok(database::may_be_there(&addresses.data) && migration::has_been_run(&addresses.data).await?)
}

#[cfg(test)]
impl Store {
    /// A store of a test, with its tables.
    pub(crate) async fn new_in(folder: &std::path::Path) -> Self {
        let settings = Settings {
            database_url: format!("sqlite://{}", folder.join("footbridge.db").display()),
            keys_database_url: None,
            secret_key: zeroize::Zeroizing::new([7; 32]),
            other_secret_keys: Vec::new(),
            erasures: folder.join("erasures.txt"),
            randomness: randomness::Randomness::seeded(1),
        };
        let store = Self::connect(&settings).await.expect("a store");
        store.migrate().await.expect("tables");
        store
    }
}
