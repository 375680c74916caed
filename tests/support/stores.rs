//! A fresh store of each kind, and the macro that runs a test on both.

use std::ops::Deref;

use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::randomness::Randomness;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::support::postgres::Cluster;
use crate::support::postgres::cluster;

/// The secret key of every such store, as a program that opens it is told.
pub const SECRET_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// A store of its own for one test.
pub struct TestStore {
    store: Store,
    /// How it was reached.
    pub settings: Settings,
    /// Where its files are, on SQLite.
    pub folder: TempDir,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    /// An empty one in two files.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("footbridge.db").display());
        Self::at(url, folder).await
    }

    /// An empty one on PostgreSQL.
    pub async fn postgres() -> Self {
        let url = cluster().new_database().await;
        Self::at(url, tempfile::tempdir().expect("a folder")).await
    }

    /// An empty one on a cluster of one's own.
    pub async fn of_cluster(cluster: &Cluster) -> Self {
        let url = cluster.new_database().await;
        Self::at(url, tempfile::tempdir().expect("a folder")).await
    }

    async fn at(database_url: String, folder: TempDir) -> Self {
        let settings = Settings {
            database_url,
            keys_database_url: None,
            secret_key: Zeroizing::new([7; 32]),
            other_secret_keys: Vec::new(),
            erasures: folder.path().join("footbridge-erasures.txt"),
            randomness: Randomness::System,
        };
        let store = Store::connect(&settings).await.expect("connecting");
        store.migrate().await.expect("migrating");
        Self { store, settings, folder }
    }

    /// The address of a database of the same kind with nothing in it.
    pub async fn empty_url_like(store: &Self) -> String {
        if store.settings.database_url.starts_with("sqlite") {
            format!("sqlite://{}", store.folder.path().join("empty.db").display())
        } else {
            cluster().new_database().await
        }
    }

    /// The store, to be moved into a task.
    pub fn handle(&self) -> Store {
        self.store.clone()
    }
}

/// Runs each test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both_stores {
    ($($(#[$doc:meta])* async fn $name:ident($store:ident: TestStore) $body:block)*) => {$(
        $(#[$doc])*
        async fn $name($store: $crate::support::stores::TestStore) $body

        mod $name {
            use $crate::support::stores::TestStore;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(TestStore::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name(TestStore::postgres().await).await;
            }
        }
    )*};
}
