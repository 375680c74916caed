//! What is plain and what is sealed, and what a key opens.

use std::collections::BTreeSet;

use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::message::Content;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::referral::HandOverReason;
use footbridge::domain::staff::Role;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::consent::Consent;
use footbridge::store::error::StoreError;
use footbridge::store::invitation::NewInvitation;
use footbridge::store::staff::NewStaff;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::SqliteConnection;
use zeroize::Zeroizing;

use crate::on_both_stores;
use crate::support::people::at;
use crate::support::people::reply;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::people::text;
use crate::support::stores::TestStore;

/// Every column that is not sealed, and why it may be plain: an id, a time, a number, a flag, a hash, or a word from a
/// closed list. A new column belongs here only if it never holds words, names or numbers of people.
const PLAIN: &str = include_str!("plain_columns.txt");

/// Words that stand in no list of ours.
const CANARY: &str = "zzcanaryzz";

/// Puts the canary everywhere a person's words can go.
async fn write_canaries(tx: &mut Tx) -> Result<(), StoreError> {
    let words = || Words(CANARY.to_owned());
    let noted = tx.note_inbound(&text(CANARY, 1, CANARY), &service()).await?;
    let ann = somebody(tx, 1).await?;
    let noted = noted.ok_or(StoreError::NotFound)?;
    let content = Content::Text { body: words(), network: None };
    tx.place_inbound(noted.id, ann.person.id, Some(ann.session.id), &content).await?;
    tx.set_language(ann.person.id, &ann.person.language, Some(CANARY)).await?;
    let mut session = ann.session.session.clone();
    session.opening_words = Some(words());
    tx.save_session(&ann.session, &session, at(1)).await?;
    tx.append_text(&reply(&ann, Purpose::Answer, CANARY), at(1)).await?;
    let referral = tx.find_or_open_referral(ann.person.id, &service(), at(1)).await?;
    tx.save_handover(&ann.session, referral.id, HandOverReason::Agreed, &CANARY, at(1)).await?;
    let concern = NewConcern {
        person: ann.person.id,
        session: Some(ann.session.id),
        inbound: Some(noted.id),
        service: service(),
        category: ConcernCategory::Distress,
        rule: "s7-low".parse().expect("a name"),
        rules_version: "1".to_owned(),
        words: ConcernWords { text: words(), found: 0..6 },
    };
    let concern = tx.raise_concern(&concern, at(1)).await?;
    let anybody = footbridge::domain::ids::StaffId::new(at(0), [1; 10]);
    tx.note_try(concern, anybody, &words(), at(2), at(2)).await?;
    tx.acknowledge_concern(concern, anybody, &words(), at(2)).await?;
    let consent = Consent {
        person: ann.person.id,
        session: ann.session.id,
        step: "pass-on".parse().expect("a name"),
        value: "yes".to_owned(),
        text: words(),
        given_at: at(1),
    };
    tx.record_consent(&consent).await.map(|_| ())
}

/// The same for colleagues: their names, their addresses, what lets them in.
async fn write_canaries_of_staff(tx: &mut Tx) -> Result<(), StoreError> {
    let words = || Words(CANARY.to_owned());
    let new = NewStaff {
        email: format!("sam.{CANARY}@example.org").parse().expect("an address"),
        name: CANARY.parse().expect("a name"),
        role: Role::LinkWorker,
        password_hash: Words("a hash".to_owned()),
        services: vec![service()],
    };
    let sam = tx.add_staff(&new, at(1)).await?;
    tx.set_second_factor(sam, Some(&words())).await?;
    tx.put_recovery_codes(sam, &[CANARY.to_owned()]).await?;
    let new = NewInvitation {
        email: format!("{CANARY}@example.org").parse().expect("an address"),
        role: Role::LinkWorker,
        services: vec![service()],
        practices: vec![(service(), "quayside".parse().expect("a name"))],
        invited_by: Some(sam),
        expires_at: at(100),
    };
    tx.invite(&new, &[4; 32], at(1)).await.map(|_| ())
}

/// The columns of a store: `table.column`, and whether it holds bytes.
async fn columns(settings: &Settings, folder: &std::path::Path) -> BTreeSet<String> {
    const SQLITE: &str = "
        SELECT m.name || '.' || c.name || CASE WHEN upper(c.type) = 'BYTEA' THEN ' bytes' ELSE '' END
          FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    const POSTGRES: &str = "
        SELECT table_name || '.' || column_name || CASE WHEN data_type = 'bytea' THEN ' bytes' ELSE '' END
          FROM information_schema.columns WHERE table_schema IN ('public', 'footbridge_keys')";
    let mut found: Vec<String> = Vec::new();
    if settings.database_url.starts_with("sqlite") {
        for file in ["footbridge.db", "footbridge-keys.db"] {
            let url = format!("sqlite://{}", folder.join(file).display());
            let mut conn = SqliteConnection::connect(&url).await.expect("what the test needs");
            found.extend(
                sqlx::query_scalar::<_, String>(SQLITE)
                    .fetch_all(&mut conn)
                    .await
                    .expect("what the test needs"),
            );
        }
    } else {
        let mut conn = PgConnection::connect(&settings.database_url).await.expect("what the test needs");
        found.extend(
            sqlx::query_scalar::<_, String>(POSTGRES)
                .fetch_all(&mut conn)
                .await
                .expect("what the test needs"),
        );
    }
    found.retain(|column| !column.starts_with("_sqlx_migrations"));
    found.into_iter().collect()
}

on_both_stores! {
    async fn every_column_is_on_the_list_of_plain_ones_or_sealed(store: TestStore) {
        let found = columns(&store.settings, store.folder.path()).await;
        let plain: BTreeSet<&str> = PLAIN.lines().filter(|line| !line.is_empty()).collect();
        for column in &found {
            let sealed = column.ends_with("_sealed bytes");
            assert!(sealed || plain.contains(column.as_str()), "{column} is neither plain by the list nor sealed");
        }
        for column in plain {
            assert!(found.contains(column), "{column} is on the list and not in the database");
        }
    }

    async fn migrations_run_twice_change_nothing(store: TestStore) {
        let before = columns(&store.settings, store.folder.path()).await;
        store.migrate().await.expect("what the test needs");
        Store::connect(&store.settings).await.expect("what the test needs").migrate().await.expect("what the test needs");
        assert_eq!(columns(&store.settings, store.folder.path()).await, before);
    }

    async fn another_secret_key_is_refused_and_nothing_is_overwritten(store: TestStore) {
        store.write(|tx| write_canaries(tx).boxed()).await.expect("what the test needs");
        let mut wrong = store.settings.clone();
        wrong.secret_key = Zeroizing::new([8; 32]);
        assert!(matches!(Store::connect(&wrong).await, Err(StoreError::WrongKey)));
        let again = Store::connect(&store.settings).await.expect("what the test needs");
        let ann = again.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        assert_eq!(ann.session.session.opening_words, Some(Words(CANARY.to_owned())));
    }

    async fn a_lost_database_of_keys_is_told_before_anything_is_written(store: TestStore) {
        store.close().await;
        let mut lost = store.settings.clone();
        lost.keys_database_url = Some(TestStore::empty_url_like(&store).await);
        assert!(matches!(Store::connect(&lost).await, Err(StoreError::WrongKey | StoreError::NoKeys)));
        Store::connect(&store.settings).await.expect("what the test needs");
    }

    async fn without_their_key_the_words_of_a_person_are_gone(store: TestStore) {
        store.write(|tx| write_canaries(tx).boxed()).await.expect("what the test needs");
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        store.forget_key(ann.person.id.0).await.expect("what the test needs");
        let mut reader = store.read().await.expect("what the test needs");
        assert!(matches!(reader.session(ann.session.id).await, Err(StoreError::Erased)));
        assert!(matches!(reader.consents_of(ann.person.id).await, Err(StoreError::Erased)));
    }

    async fn the_words_of_a_session_can_be_erased_and_concerns_stay(store: TestStore) {
        store.write(|tx| write_canaries(tx).boxed()).await.expect("what the test needs");
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        store.write(move |tx| tx.erase_session_words(ann.session.id).boxed()).await.expect("what the test needs");
        let mut reader = store.read().await.expect("what the test needs");
        assert!(matches!(reader.session(ann.session.id).await, Err(StoreError::NotFound)));
        assert!(reader.latest_session(ann.person.id).await.expect("what the test needs").is_none());
        assert_eq!(reader.concerns_of(ann.person.id).await.expect("what the test needs").len(), 1);
    }
}

/// On SQLite everything that we keep stands in these files; on PostgreSQL a dump must do.
#[tokio::test]
async fn no_word_of_a_person_stands_in_the_files() {
    let store = TestStore::sqlite().await;
    store.write(|tx| write_canaries(tx).boxed()).await.expect("what the test needs");
    store.write(|tx| write_canaries_of_staff(tx).boxed()).await.expect("what the test needs");
    let files = || {
        std::fs::read_dir(store.folder.path())
            .expect("what the test needs")
            .map(|file| file.expect("what the test needs").path())
    };
    assert!(files().count() >= 4, "data, keys, and their logs");
    for file in files().collect::<Vec<_>>() {
        assert_clean(&std::fs::read(&file).expect("what the test needs"), &file.display().to_string());
    }
    store.close().await;
    for file in files().collect::<Vec<_>>() {
        assert_clean(&std::fs::read(&file).expect("what the test needs"), &file.display().to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_person_stands_in_the_tables_of_postgresql() {
    let store = TestStore::postgres().await;
    store.write(|tx| write_canaries(tx).boxed()).await.expect("what the test needs");
    let mut conn = PgConnection::connect(&store.settings.database_url).await.expect("what the test needs");
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables
          WHERE table_schema IN ('public', 'footbridge_keys')",
    )
    .fetch_all(&mut conn)
    .await
    .expect("what the test needs");
    assert!(tables.len() > 20);
    for table in tables {
        // Bytes print as hexadecimal, so look for that too.
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT t::text FROM {table} t")))
                .fetch_all(&mut conn)
                .await
                .expect("what the test needs");
        let all = rows.join("\n");
        let hex: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!all.contains(&hex), "{table}");
        assert_clean(all.as_bytes(), &table);
    }
}

fn assert_clean(bytes: &[u8], place: &str) {
    for canary in [CANARY, "447700900001", "7700900001"] {
        let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} stands in {place}");
    }
}
