//! Writing: once, together, and never half.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use footbridge::domain::message::ChannelKind;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::error::StoreError;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;
use futures_util::future::join_all;

use crate::on_both_stores;
use crate::support::people::at;
use crate::support::people::mobile;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::people::text;
use crate::support::stores::TestStore;

/// Takes a message; says whether it was new.
async fn take(store: &Store, id: &str, from: u32) -> Result<bool, StoreError> {
    let inbound = text(id, from, "hello");
    store
        .write(move |tx| {
            let inbound = inbound.clone();
            async move { Ok(tx.note_inbound(&inbound, &service()).await?.is_some()) }.boxed()
        })
        .await
}

/// Opens an address, then does what the test wants.
async fn open_address(tx: &mut Tx, number: u32) -> Result<(), StoreError> {
    tx.find_or_open_address(ChannelKind::Sms, &mobile(number), at(0)).await.map(|_| ())
}

async fn knows(store: &Store, number: u32) -> bool {
    let mut reader = store.read().await.expect("what the test needs");
    reader.address_of(ChannelKind::Sms, &mobile(number)).await.expect("what the test needs").is_some()
}

on_both_stores! {
    async fn only_a_database_with_its_tables_is_there(store: TestStore) {
        let empty = TestStore::empty_url_like(&store).await;
        let settings = Settings { database_url: empty, ..store.settings.clone() };
        let none = Store::connect_to_what_is_there(&settings).await.expect("what the test needs");
        assert!(none.is_none());
        let files = std::fs::read_dir(store.folder.path()).expect("what the test needs");
        let made = files.filter_map(Result::ok).filter(|file| file.file_name().to_string_lossy().starts_with("empty"));
        assert_eq!(made.count(), 0, "nothing was made");
        let found = Store::connect_to_what_is_there(&store.settings).await.expect("what the test needs");
        assert_eq!(found.expect("a database").read().await.expect("what the test needs").revisions().await.expect("what the test needs"), []);
    }

    async fn a_message_is_taken_once(store: TestStore) {
        assert!(take(&store, "SM1", 1).await.expect("what the test needs"));
        assert!(!take(&store, "SM1", 1).await.expect("what the test needs"));
        assert!(take(&store, "SM2", 1).await.expect("what the test needs"));
    }

    async fn a_message_that_comes_sixteen_times_at_once_is_taken_once(store: TestStore) {
        for round in 0..10 {
            let id = format!("SM{round}");
            let takes = (0..16).map(|_| take(&store, &id, round));
            let taken: Vec<bool> = join_all(takes).await.into_iter().map(Result::unwrap).collect();
            assert_eq!(taken.iter().filter(|new| **new).count(), 1, "{id}");
        }
    }

    async fn a_session_is_saved_only_over_the_version_that_was_read(store: TestStore) {
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        let read = ann.session.clone();
        let save = || {
            let read = read.clone();
            store.write(move |tx| {
                let read = read.clone();
                async move { tx.save_session(&read, &read.session, at(1)).await }.boxed()
            })
        };
        save().await.expect("what the test needs");
        assert!(matches!(save().await, Err(StoreError::Conflict)));
    }

    async fn saves_at_the_same_time_are_all_counted(store: TestStore) {
        store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        let saves = (0..16).map(|_| store.write(|tx| async move {
            let ann = somebody(tx, 1).await?;
            let mut session = ann.session.session.clone();
            session.sequence += 1;
            tx.save_session(&ann.session, &session, at(1)).await
        }.boxed()));
        for saved in join_all(saves).await {
            saved.expect("what the test needs");
        }
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        assert_eq!(ann.session.session.sequence, 16);
        assert_eq!(ann.session.version, 17);
    }

    async fn a_story_that_fails_rolls_back_alone(store: TestStore) {
        let stories = (0..200_u32).map(|number| store.write(move |tx| async move {
            open_address(tx, number).await?;
            if number % 3 == 0 { Err(StoreError::NotFound) } else { Ok(()) }
        }.boxed()));
        let told = join_all(stories).await;
        for (number, told) in (0..200_u32).zip(told) {
            assert_eq!(told.is_ok(), number % 3 != 0, "{number}");
            assert_eq!(knows(&store, number).await, number % 3 != 0, "{number}");
        }
    }

    async fn a_story_that_panics_fails_alone(store: TestStore) {
        let panics = store.write::<(), _>(|tx| async move {
            open_address(tx, 1).await?;
            panic!("as expected in this test")
        }.boxed());
        let other = store.write(|tx| open_address(tx, 2).boxed());
        let (panics, other) = tokio::join!(panics, other);
        assert!(matches!(panics, Err(StoreError::Refused(_))));
        other.expect("what the test needs");
        assert!(!knows(&store, 1).await);
        assert!(knows(&store, 2).await);
    }

    async fn a_story_is_run_again_after_a_conflict(store: TestStore) {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        store.write(move |tx| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                open_address(tx, run).await?;
                if run < 2 { Err(StoreError::Conflict) } else { Ok(()) }
            }.boxed()
        }).await.expect("what the test needs");
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        assert!(!knows(&store, 0).await);
        assert!(knows(&store, 2).await);
    }

    async fn a_story_that_swallows_an_error_of_the_database_is_not_acknowledged(store: TestStore) {
        // The second session of one person on one channel is refused; the story says that all is well. PostgreSQL has
        // then lost the whole transaction, SQLite only the statement.
        let told = store.write(|tx| async move {
            let ann = somebody(tx, 1).await?;
            let session = ann.session.session.clone();
            let _ = tx.open_session(&ann.person, &ann.address, session, at(0)).await;
            Ok(())
        }.boxed()).await;
        assert_eq!(told.is_ok(), knows(&store, 1).await);
    }

    /// 300 rounds of giving up at every point in time: whatever was acknowledged is there, and so is everything that
    /// was begun.
    async fn callers_who_stop_waiting_lose_nothing(store: TestStore) {
        let mut acknowledged = Vec::new();
        for round in 0..300_u32 {
            let given_up = store.write(move |tx| open_address(tx, 10_000 + round).boxed());
            let patience = Duration::from_micros(u64::from(round % 60) * 50);
            let _ = tokio::time::timeout(patience, given_up).await;
            let kept = store.write(move |tx| open_address(tx, round).boxed());
            if kept.await.is_ok() {
                acknowledged.push(round);
            }
        }
        assert_eq!(acknowledged.len(), 300);
        store.close().await;
        let again = Store::connect(&store.settings).await.expect("what the test needs");
        for round in acknowledged {
            assert!(knows(&again, round).await, "{round} was acknowledged and lost");
        }
        // The first poll hands the story over, so a caller who never polled is the only one who began nothing.
        for round in (0..300).filter(|round| 0 < round % 60) {
            assert!(knows(&again, 10_000 + round).await, "{round} was begun and lost");
        }
    }

    async fn more_than_can_wait_is_refused_at_once(store: TestStore) {
        let all = (0..4_000_u32).map(|_| store.write(|tx| open_address(tx, 1).boxed()));
        let told = join_all(all).await;
        let busy = told.iter().filter(|told| matches!(told, Err(StoreError::Busy))).count();
        assert!(0 < busy, "nothing was refused");
        assert!(told.iter().any(Result::is_ok), "nothing was done");
        store.write(|tx| open_address(tx, 2).boxed()).await.expect("what the test needs");
    }

    async fn closing_finishes_what_was_begun_and_takes_nothing_new(store: TestStore) {
        let handle = store.handle();
        let writes: Vec<_> = (0..100_u32).map(|number| {
            let handle = handle.clone();
            tokio::spawn(async move { handle.write(move |tx| open_address(tx, number).boxed()).await })
        }).collect();
        tokio::time::sleep(Duration::from_millis(5)).await;
        store.close().await;
        let mut done = Vec::new();
        for (number, write) in (0..100_u32).zip(writes) {
            if write.await.expect("what the test needs").is_ok() {
                done.push(number);
            }
        }
        assert!(store.write(|tx| open_address(tx, 999).boxed()).await.is_err());
        let again = Store::connect(&store.settings).await.expect("what the test needs");
        for number in done {
            assert!(knows(&again, number).await, "{number}");
        }
    }
}
