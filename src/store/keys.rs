//! The keys of people and addresses: kept wrapped in a database of their own, and unwrapped for a while in memory.
//!
//! Invariant: a key is durable before anything that it sealed is.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use sqlx::Connection;
use sqlx::PgPool;
use sqlx::SqlitePool;
use uuid::Uuid;

use crate::store::database::Database;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::randomness::Randomness;
use crate::store::seal::DataKey;
use crate::store::seal::Secrets;

/// Enough for the people of a busy month, in some 2 MB; a key is 32 bytes, fetching it again is one statement.
const MOST_IN_MEMORY: usize = 16_384;

/// The keys of people and addresses.
pub(super) struct Keys {
    pub(super) secrets: Secrets,
    pub(super) randomness: Randomness,
    database: Database<SqlitePool, PgPool>,
    memory: Mutex<HashMap<Uuid, DataKey>>,
}

/// A key that was made in a story, and is not durable yet.
pub(super) type FreshKey = (Uuid, DataKey);

/// A wrapped key that takes the place of another.
pub(super) struct Replaced {
    pub(super) owner: Uuid,
    pub(super) before: Vec<u8>,
    pub(super) now: Vec<u8>,
}

impl Keys {
    pub(super) fn new(
        secrets: Secrets,
        randomness: Randomness,
        database: Database<SqlitePool, PgPool>,
    ) -> Self {
        Self { secrets, randomness, database, memory: Mutex::default() }
    }

    fn conn(&self) -> Database<&SqlitePool, &PgPool> {
        match &self.database {
            Database::Sqlite(pool) => Database::Sqlite(pool),
            Database::Postgres(pool) => Database::Postgres(pool),
        }
    }

    /// A new key, not durable yet.
    pub(super) fn make(&self) -> DataKey {
        DataKey::from_random(self.randomness.bytes())
    }

    /// The key of an owner; none where the owner was erased.
    pub(super) async fn of(&self, owner: Uuid) -> Result<Option<DataKey>, StoreError> {
        if let Some(key) = self.remembered(owner) {
            return Ok(Some(key));
        }
        let Some(wrapped) = self.wrapped(owner).await? else {
            return Ok(None);
        };
        let key = self.secrets.unwrap(owner.as_bytes(), &wrapped).ok_or(StoreError::WrongKey)?;
        self.remember(owner, key.clone());
        Ok(Some(key))
    }

    /// The key of an owner as it is kept.
    pub(super) async fn wrapped(&self, owner: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT wrapped FROM data_key WHERE owner = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(owner).fetch_optional(conn).await?))
    }

    /// The next keys, in the order of their owners, as they are kept.
    pub(super) async fn wrapped_after(
        &self,
        owner: Uuid,
        limit: u16,
    ) -> Result<Vec<(Uuid, Vec<u8>)>, StoreError> {
        const SQL: &str = "SELECT owner, wrapped FROM data_key WHERE $1 < owner ORDER BY owner LIMIT $2";
        Ok(on!(self, |conn| sqlx::query_as(SQL).bind(owner).bind(i64::from(limit)).fetch_all(conn).await?))
    }

    /// Replaces wrapped keys by the same ones wrapped anew, all or none; a key that was destroyed meanwhile stays so.
    pub(super) async fn replace(&self, keys: &[Replaced]) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE data_key SET wrapped = $1 WHERE owner = $2 AND wrapped = $3";
        on!(self, |pool| {
            let mut conn = pool.acquire().await?;
            let mut transaction = conn.begin().await?;
            for Replaced { owner, before, now } in keys {
                sqlx::query(SQL).bind(now).bind(owner).bind(before).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        });
        Ok(())
    }

    /// Makes new keys durable, all or none.
    pub(super) async fn keep(&self, fresh: &[FreshKey]) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO data_key (owner, wrapped) VALUES ($1, $2)";
        if fresh.is_empty() {
            return Ok(());
        }
        on!(self, |pool| {
            let mut conn = pool.acquire().await?;
            let mut transaction = conn.begin().await?;
            for (owner, key) in fresh {
                let wrapped = self.secrets.wrap(owner.as_bytes(), key, self.randomness.bytes());
                sqlx::query(SQL).bind(owner).bind(wrapped).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
        });
        for (owner, key) in fresh {
            self.remember(*owner, key.clone());
        }
        Ok(())
    }

    /// Deletes the key of an owner: everything that it sealed, here and in every backup of the data, is gone.
    pub(super) async fn forget(&self, owner: Uuid) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM data_key WHERE owner = $1";
        on!(self, |conn| sqlx::query(SQL).bind(owner).execute(conn).await.map(|_| ())?);
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).remove(&owner);
        self.scrub().await;
        Ok(())
    }

    /// What was deleted or replaced may stand in the log, or in its old place, for a while; the database tidies up by
    /// itself where it is too busy for it now.
    pub(super) async fn scrub(&self) {
        let scrub = match &self.database {
            Database::Sqlite(_) => "PRAGMA wal_checkpoint(TRUNCATE)",
            Database::Postgres(_) => "VACUUM data_key",
        };
        let _ = on!(self, |conn| sqlx::query(scrub).execute(conn).await.map(|_| ()));
    }

    /// Closes the connections.
    pub(super) async fn close(&self) {
        on!(self, |pool| pool.close().await);
    }

    fn remembered(&self, owner: Uuid) -> Option<DataKey> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).get(&owner).cloned()
    }

    fn remember(&self, owner: Uuid, key: DataKey) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST_IN_MEMORY <= memory.len() {
            memory.clear();
        }
        memory.insert(owner, key);
    }
}
