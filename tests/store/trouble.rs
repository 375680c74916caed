//! The database is away, and it comes back.

use std::time::Duration;
use std::time::Instant;

use footbridge::domain::message::ChannelKind;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::error::StoreError;
use footbridge::store::randomness::Randomness;
use futures_util::FutureExt;
use sqlx::Connection;
use sqlx::Executor;
use sqlx::SqliteConnection;
use zeroize::Zeroizing;

use crate::support::people::at;
use crate::support::people::mobile;
use crate::support::postgres::Cluster;
use crate::support::stores::TestStore;

async fn open_address(store: &Store, number: u32) -> Result<(), StoreError> {
    store
        .write(move |tx| {
            async move { tx.find_or_open_address(ChannelKind::Sms, &mobile(number), at(0)).await.map(|_| ()) }
                .boxed()
        })
        .await
}

/// A webhook must be answered within seconds, whatever the database does.
const SOON: Duration = Duration::from_millis(5_500);

#[tokio::test(flavor = "multi_thread")]
async fn while_postgresql_is_away_writes_fail_soon_and_then_work_again() {
    let cluster = Cluster::start();
    let settings = Settings {
        database_url: cluster.new_database().await,
        keys_database_url: None,
        secret_key: Zeroizing::new([7; 32]),
        other_secret_keys: Vec::new(),
        erasures: std::env::temp_dir().join("footbridge-no-erasures.txt"),
        randomness: Randomness::System,
    };
    let store = Store::connect(&settings).await.expect("what the test needs");
    store.migrate().await.expect("what the test needs");
    open_address(&store, 1).await.expect("what the test needs");

    cluster.stop();
    let begun = Instant::now();
    assert!(matches!(open_address(&store, 2).await, Err(StoreError::Away(_))));
    assert!(store.read().await.is_err());
    assert!(begun.elapsed() < 2 * SOON, "{:?}", begun.elapsed());

    cluster.start_again();
    let back = Instant::now();
    while let Err(error) = open_address(&store, 2).await {
        assert!(matches!(error, StoreError::Away(_)), "{error}");
        assert!(back.elapsed() < Duration::from_secs(10), "it does not recover");
    }
    let mut reader = store.read().await.expect("what the test needs");
    assert!(reader.address_of(ChannelKind::Sms, &mobile(1)).await.expect("what the test needs").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_holds_the_file_writes_fail_soon_and_then_work_again() {
    let store = TestStore::sqlite().await;
    let url = store.settings.database_url.clone();
    let mut other = SqliteConnection::connect(&url).await.expect("what the test needs");
    other.execute("BEGIN IMMEDIATE").await.expect("what the test needs");
    let begun = Instant::now();
    assert!(matches!(open_address(&store, 1).await, Err(StoreError::Away(_))));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    other.execute("ROLLBACK").await.expect("what the test needs");
    open_address(&store, 2).await.expect("what the test needs");
}
