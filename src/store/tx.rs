//! A connection that reads, and a transaction that also writes.
//!
//! Invariant: a `Tx` exists only inside `Store::write`; nobody else can begin or commit.

use std::ops::Deref;
use std::ops::DerefMut;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use sqlx::Postgres;
use sqlx::Sqlite;
use sqlx::SqliteConnection;
use sqlx::pool::PoolConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::store::database::Database;
use crate::store::error::StoreError;
use crate::store::keys::FreshKey;
use crate::store::keys::Keys;
use crate::store::randomness::Randomness;
use crate::store::seal::Cell;
use crate::store::seal::DataKey;

/// The owner of what belongs to the house: staff and settings.
pub(super) const HOUSE: Uuid = Uuid::nil();

/// A connection that reads: every method is one statement that sees what was committed.
pub struct Reader {
    conn: Connection,
    keys: Arc<Keys>,
    fresh: Vec<FreshKey>,
}

pub(super) enum Connection {
    Sqlite(SqliteConnection),
    SqlitePooled(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    pub(super) fn on(conn: Connection, keys: Arc<Keys>) -> Self {
        Self { conn, keys, fresh: Vec::new() }
    }

    pub(super) fn conn(&mut self) -> Database<&mut SqliteConnection, &mut PgConnection> {
        match &mut self.conn {
            Connection::Sqlite(conn) => Database::Sqlite(conn),
            Connection::SqlitePooled(conn) => Database::Sqlite(conn),
            Connection::Postgres(conn) => Database::Postgres(conn),
        }
    }

    /// A look-up value that nobody can compute without the secret key.
    pub(super) fn keyed_index(&self, purpose: &str, bytes: &[u8]) -> Vec<u8> {
        self.keys.secrets.keyed_index(purpose, bytes).to_vec()
    }

    /// The keyed hash of a line of the audit.
    pub(super) fn audit_seal(&self, line: &[u8]) -> Vec<u8> {
        self.keys.secrets.audit_seal(line).to_vec()
    }

    async fn key_of(&self, owner: Uuid) -> Result<DataKey, StoreError> {
        if owner == HOUSE {
            return Ok(self.keys.secrets.house().clone());
        }
        if let Some((_, key)) = self.fresh.iter().find(|(fresh, _)| *fresh == owner) {
            return Ok(key.clone());
        }
        self.keys.of(owner).await?.ok_or(StoreError::Erased)
    }

    /// The value that was sealed in this place for this owner.
    pub(super) async fn open<T: DeserializeOwned>(
        &self,
        cell: Cell,
        owner: Uuid,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<T, StoreError> {
        let corrupt = StoreError::Corrupt { table: cell.table, column: cell.column };
        let plain = self.key_of(owner).await?.open(cell, row, sealed);
        let value = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        value.ok_or(corrupt)
    }

    /// The same, of a column that may be empty.
    pub(super) async fn open_some<T: DeserializeOwned>(
        &self,
        cell: Cell,
        owner: Uuid,
        row: &[u8],
        sealed: Option<&[u8]>,
    ) -> Result<Option<T>, StoreError> {
        match sealed {
            Some(sealed) => self.open(cell, owner, row, sealed).await.map(Some),
            None => Ok(None),
        }
    }
}

/// A transaction: reads, and writes what `Store::write` commits.
pub struct Tx {
    reader: Reader,
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Tx {
    pub(super) fn on(conn: Connection, keys: Arc<Keys>) -> Self {
        Self { reader: Reader::on(conn, keys) }
    }

    /// Where random bytes come from.
    #[must_use]
    pub fn randomness(&self) -> &Randomness {
        &self.reader.keys.randomness
    }

    /// A new root of the house, or with none the one that is there, as the secret key in force wraps it.
    pub(super) fn wrapped_root(&self, new: Option<[u8; 32]>) -> Vec<u8> {
        let secrets = &self.reader.keys.secrets;
        match new {
            Some(root) => secrets.make_root(root, self.random()),
            None => secrets.wrap_root(self.random()),
        }
    }

    /// Random bytes.
    pub(super) fn random<const N: usize>(&self) -> [u8; N] {
        self.randomness().bytes()
    }

    /// Makes the key of a new owner; durable before the transaction is.
    pub(super) fn make_key(&mut self, owner: Uuid) {
        let key = self.reader.keys.make();
        self.reader.fresh.push((owner, key));
    }

    /// The same for an owner with a fixed name, whose key may be there since an earlier try.
    pub(super) async fn ensure_key(&mut self, owner: Uuid) -> Result<(), StoreError> {
        match self.reader.key_of(owner).await {
            Ok(_) => Ok(()),
            Err(StoreError::Erased) => {
                self.make_key(owner);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Seals a value for this place and this owner.
    pub(super) async fn seal<T: Serialize + ?Sized + Sync>(
        &self,
        cell: Cell,
        owner: Uuid,
        row: &[u8],
        value: &T,
    ) -> Result<Vec<u8>, StoreError> {
        let unwritable = |_| StoreError::Corrupt { table: cell.table, column: cell.column };
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(unwritable)?);
        Ok(self.key_of(owner).await?.seal(cell, row, self.random(), &plain))
    }

    /// Closes the connection, and does not return before the file is.
    pub(super) async fn close(self) {
        if let Connection::Sqlite(conn) = self.reader.conn {
            // There is nobody left to tell.
            let _ = sqlx::Connection::close(conn).await;
        }
    }

    /// How many new keys there are.
    pub(super) fn fresh_keys(&self) -> usize {
        self.reader.fresh.len()
    }

    /// Drops the new keys of a story that was rolled back.
    pub(super) fn drop_keys_after(&mut self, count: usize) {
        self.reader.fresh.truncate(count);
    }

    /// Makes the new keys durable.
    pub(super) async fn keep_keys(&mut self) -> Result<(), StoreError> {
        self.reader.keys.keep(&self.reader.fresh).await?;
        self.reader.fresh.clear();
        Ok(())
    }
}
