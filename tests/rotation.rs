//! Another secret key: everything opens as before, the old key opens nothing new, and nobody's key is ever lost.

use footbridge::domain::ids::PersonId;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::search::Query;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::audit_seal::Verified;
use footbridge::store::error::StoreError;
use footbridge::store::rotation::Rotated;
use futures_util::FutureExt;
use zeroize::Zeroizing;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::people::at;
use crate::support::people::mobile;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::people::worker;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::rows::Rows;
use crate::support::stores::SECRET_KEY;

const NEW_KEY: &str = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";

/// The same database with these secret keys, the first in force.
fn with(settings: &Settings, keys: &[u8]) -> Settings {
    let mut keys = keys.iter().map(|byte| Zeroizing::new([*byte; 32]));
    let secret_key = keys.next().expect("a key");
    Settings { secret_key, other_secret_keys: keys.collect(), ..settings.clone() }
}

async fn connected(settings: &Settings, keys: &[u8]) -> Store {
    Store::connect(&with(settings, keys)).await.expect("a store")
}

async fn is_refused(settings: &Settings, keys: &[u8]) -> bool {
    matches!(Store::connect(&with(settings, keys)).await, Err(StoreError::WrongKey))
}

/// Somebody with this number who speaks Polish, as a sealed column says.
async fn come(store: &Store, number: u32) -> PersonId {
    let written = store.write(move |tx| {
        async move {
            let person = somebody(tx, number).await?.person;
            tx.set_language(person.id, &person.language, Some("Polish")).await?;
            tx.find_or_open_referral(person.id, &service(), at(0)).await?;
            Ok(person.id)
        }
        .boxed()
    });
    written.await.expect("a person")
}

/// Everything that was sealed or indexed under another secret key is there.
async fn finds_all(store: &Store, people: &[(u32, PersonId)]) {
    let mut reader = store.read().await.expect("a reader");
    let sam = reader.staff_by_email("sam@example.org").await.expect("read").expect("Sam").staff;
    assert_eq!(sam.name.0, "Sam");
    for (number, person) in people {
        assert_eq!(reader.person(*person).await.expect("read").speaks.as_deref(), Some("Polish"));
        let address =
            reader.address_of(ChannelKind::Sms, &mobile(*number)).await.expect("read").expect("an address");
        assert_eq!(address.handle, mobile(*number));
        let query = Query::read(&mobile(*number).0).expect("a number");
        let found = reader.search(sam.id, &query, 5, at(100)).await.expect("read");
        assert_eq!(found.iter().map(|case| case.referral.person).collect::<Vec<_>>(), [*person]);
    }
    assert!(matches!(reader.verify_audit(1).await.expect("read"), Verified::Whole { .. }));
}

async fn rotate(store: &Store) -> Rotated {
    store.rotate(|_| ()).await.expect("wrapped anew")
}

/// Every wrapped key, as it stands in the database of keys.
async fn wrapped(settings: &Settings) -> Vec<String> {
    let on_postgres = settings.database_url.starts_with("postgres");
    let url = settings.database_url.replace("footbridge.db", "footbridge-keys.db");
    let sql = if on_postgres {
        "SELECT encode(wrapped, 'hex') FROM footbridge_keys.data_key ORDER BY owner"
    } else {
        "SELECT hex(wrapped) FROM data_key ORDER BY owner"
    };
    Rows(url).texts(sql).await
}

on_both_stores! {
    async fn after_a_rotation_everything_opens_with_the_new_key_and_nothing_with_the_old(store: TestStore) {
        worker(&store, "sam@example.org").await;
        let ann = come(&store, 1).await;
        // One server has the new key in force already, the other still the old one: each reads what the other writes.
        let (ahead, behind) = (connected(&store.settings, &[8, 7]).await, connected(&store.settings, &[7, 8]).await);
        let bob = come(&ahead, 2).await;
        let cat = come(&behind, 3).await;
        let all = [(1, ann), (2, bob), (3, cat)];
        for server in [&ahead, &behind] {
            finds_all(server, &all).await;
        }
        let rotated = rotate(&ahead).await;
        // Each has a key, and so has each address; the canary has one.
        assert_eq!(rotated, Rotated { now: 5, before: 2, foreign: 0 });
        assert_eq!(rotate(&ahead).await, Rotated { now: 0, before: 7, foreign: 0 });
        finds_all(&ahead, &all).await;
        assert!(is_refused(&store.settings, &[7]).await);
        let only_new = connected(&store.settings, &[8]).await;
        only_new.migrate().await.expect("nothing to do");
        finds_all(&only_new, &all).await;
        come(&only_new, 4).await;
    }

    async fn a_rotation_that_broke_off_goes_on(store: TestStore) {
        worker(&store, "sam@example.org").await;
        let mut all = Vec::new();
        for number in 1..=3 {
            all.push((number, come(&store, number).await));
        }
        let before = wrapped(&store.settings).await;
        let new = connected(&store.settings, &[8, 7]).await;
        rotate(&new).await;
        // Put back as they were, so that some are of the old key again: as if it had stopped after the first.
        put_back(&store.settings, 1, &before[1..]).await;
        finds_all(&connected(&store.settings, &[8, 7]).await, &all).await;
        let Rotated { now, before, foreign } = rotate(&new).await;
        assert_eq!((now, before, foreign), (6, 1, 0));
        finds_all(&connected(&store.settings, &[8]).await, &all).await;
    }

    async fn a_database_of_before_there_was_a_root_keeps_its_indexes(store: TestStore) {
        Rows(store.settings.database_url.clone()).texts("DELETE FROM setting WHERE name = 'root' RETURNING name").await;
        let old = connected(&store.settings, &[7]).await;
        old.migrate().await.expect("nothing to do");
        worker(&old, "sam@example.org").await;
        let ann = come(&old, 1).await;
        let new = connected(&store.settings, &[8, 7]).await;
        finds_all(&new, &[(1, ann)]).await;
        assert_eq!(rotate(&new).await.now, 3);
        finds_all(&connected(&store.settings, &[8]).await, &[(1, ann)]).await;
    }

    async fn a_wrong_key_changes_nothing_and_a_foreign_one_is_named(store: TestStore) {
        let settings = store.settings.clone();
        let folder = tempfile::tempdir().expect("a folder");
        let mut app = TestApp::on(store).await;
        app.talk("+447700900123", &UNTIL_HANDED_OVER).await;
        let before = wrapped(&settings).await;
        let run = |key: &str, others: &str| {
            let set = [
                ("FOOTBRIDGE_DATABASE_URL", settings.database_url.as_str()),
                ("FOOTBRIDGE_SECRET_KEY", key),
                ("FOOTBRIDGE_OTHER_SECRET_KEYS", others),
            ];
            outcome(footbridge(folder.path(), &["admin", "rotate-key"], &set))
        };
        let (code, said) = run(NEW_KEY, "");
        assert!(code != 0 && said.contains("is not the key that this database was made with"), "{code} {said}");
        let (code, said) = run(NEW_KEY, "CQkJ");
        assert!(code == 2 && said.contains("FOOTBRIDGE_OTHER_SECRET_KEYS") && !said.contains("CQkJ"), "{said}");
        assert_eq!(wrapped(&settings).await, before);

        let (code, said) = run(NEW_KEY, SECRET_KEY);
        assert!(code == 0 && said.contains("Keys wrapped anew: 3."), "{said}");
        let after = wrapped(&settings).await;
        assert!(before.iter().all(|old| !after.contains(old)));
        put_back(&settings, 0, &before[..1]).await;
        let (code, said) = run(NEW_KEY, "");
        assert!(code == 1 && said.contains("1 keys are opened neither by"), "{code} {said}");
        assert_eq!(wrapped(&settings).await[0], before[0], "left as it was");
        let (code, said) = run(NEW_KEY, SECRET_KEY);
        assert!(code == 0 && said.contains("Keys wrapped anew: 1."), "{said}");
        let noted = Rows(settings.database_url.clone()).count("SELECT COUNT(*) FROM audit WHERE action = 'rotate-key'").await;
        assert_eq!(noted, 2);
        app.forget_the_unsent();
    }
}

/// Writes keys as they were: the first of them for the owner at this place, and so on.
async fn put_back(settings: &Settings, first: usize, keys: &[String]) {
    let on_postgres = settings.database_url.starts_with("postgres");
    let rows = Rows(settings.database_url.replace("footbridge.db", "footbridge-keys.db"));
    let all = wrapped(settings).await;
    for (now, before) in all.iter().skip(first).zip(keys) {
        let sql = if on_postgres {
            format!(
                "UPDATE footbridge_keys.data_key SET wrapped = decode('{before}', 'hex') WHERE encode(wrapped, 'hex') = '{now}' RETURNING 'put'"
            )
        } else {
            format!("UPDATE data_key SET wrapped = x'{before}' WHERE hex(wrapped) = '{now}' RETURNING 'put'")
        };
        assert_eq!(rows.texts(&sql).await.len(), 1);
    }
}
