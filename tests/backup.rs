//! Copies of a running database, and what is restored from them.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use footbridge::channel::Sender;
use footbridge::channel::simulator::Simulator;
use footbridge::clock::Clock;
use footbridge::domain::ids::StaffId;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Purpose;
use footbridge::outbox::Outbox;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::backup;
use footbridge::store::backup::BackupError;
use footbridge::store::backup::Copies;
use footbridge::store::later_text::Reply;
use footbridge::store::later_text::Waiting;
use futures_util::FutureExt;
use tokio::sync::Notify;

use crate::binary::PUBLIC_URL;
use crate::binary::set_up_by;
use crate::binary::settings;
use crate::binary::text;
use crate::on_both_stores;
use crate::support::app::ENGLISH_NUMBER;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::people::at;
use crate::support::people::mobile;
use crate::support::people::reply;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::postgres::cluster;
use crate::support::process::Client;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::rows::Rows;
use crate::support::rows::TABLES_OF_PEOPLE;
use crate::support::stores::TestStore;

/// Writes somebody new, with a text that is due and one that is due in an hour.
async fn write_somebody(store: &Store, number: u32) {
    let written = store.write(move |tx| {
        async move {
            let to = somebody(tx, number).await?;
            tx.append_text(&reply(&to, Purpose::Answer, "hello"), at(0)).await?;
            let mut later = reply(&to, Purpose::Scheduled, "still there?");
            later.due_at = at(3600);
            tx.append_text(&later, at(0)).await
        }
        .boxed()
    });
    written.await.expect("what the test needs");
}

fn copies_in(folder: &Path) -> Copies {
    Copies { data: folder.join("data"), keys: folder.join("keys") }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

async fn restored(store: &TestStore, from: &Copies) -> (Settings, Store, usize) {
    let settings =
        Settings { database_url: TestStore::empty_url_like(store).await, ..store.settings.clone() };
    let taken_back = backup::restore(&settings, from, &[], at(10)).await.expect("a restored copy").taken_back;
    let there = Store::connect(&settings).await.expect("the restored copy");
    (settings, there, taken_back)
}

fn outbox(store: &Store, phones: &Simulator) -> (Outbox, Clock) {
    let clock = Clock::settable(at(20));
    let senders = BTreeMap::from([(ChannelKind::Sms, Sender::Simulator(phones.clone()))]);
    let randomness = footbridge::store::randomness::Randomness::seeded(3);
    (Outbox::new(store.clone(), clock.clone(), senders, Arc::new(Notify::new()), randomness), clock)
}

on_both_stores! {
    async fn a_copy_made_while_everybody_writes_opens_whole(store: TestStore) {
        let (folder, writing, written) =
            (tempfile::tempdir().expect("a folder"), Arc::new(AtomicBool::new(true)), Arc::new(AtomicU32::new(0)));
        write_somebody(&store, 0).await;
        let (to, still, count) = (store.handle(), Arc::clone(&writing), Arc::clone(&written));
        let writer = tokio::spawn(async move {
            while still.load(Ordering::SeqCst) {
                write_somebody(&to, count.fetch_add(1, Ordering::SeqCst) + 1).await;
            }
        });
        while written.load(Ordering::SeqCst) < 20 {
            tokio::task::yield_now().await;
        }
        let before = written.load(Ordering::SeqCst) - 1;
        let copies = copies_in(folder.path());
        backup::copy(&store.settings, &copies).await.expect("a copy");
        let after = written.load(Ordering::SeqCst) + 1;
        writing.store(false, Ordering::SeqCst);
        writer.await.expect("the writer");
        assert_eq!((mode(&copies.data), mode(&copies.keys)), (0o600, 0o600));

        let (settings, there, _) = restored(&store, &copies).await;
        let people = Rows(settings.database_url).count("SELECT COUNT(*) FROM person").await;
        assert!((i64::from(before)..=i64::from(after)).contains(&people), "{before} {people} {after}");
        let mut reader = there.read().await.expect("a reader");
        for number in 0..u32::try_from(people).expect("a number") {
            let found = reader.address_of(ChannelKind::Sms, &mobile(number)).await;
            assert_eq!(found.expect("its key").map(|address| address.handle), Some(mobile(number)));
        }
    }

    async fn what_is_restored_equals_what_was_copied(store: TestStore) {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..5 {
            write_somebody(&store, number).await;
        }
        let copies = copies_in(folder.path());
        backup::copy(&store.settings, &copies).await.expect("a copy");
        let (settings, _there, _) = restored(&store, &copies).await;
        let (old, new) = (Rows(store.settings.database_url.clone()), Rows(settings.database_url));
        for table in TABLES_OF_PEOPLE.iter().filter(|table| **table != "referral") {
            let count = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(old.count(&count).await, new.count(&count).await, "{table}");
        }
    }

    async fn nothing_leaves_a_restored_copy_until_told_and_nothing_old_ever_does(store: TestStore) {
        let folder = tempfile::tempdir().expect("a folder");
        write_somebody(&store, 1).await;
        let copies = copies_in(folder.path());
        backup::copy(&store.settings, &copies).await.expect("a copy");
        let (settings, there, taken_back) = restored(&store, &copies).await;
        let rows = Rows(settings.database_url);
        assert_eq!(taken_back, 1, "the answer; the reminder is not due yet");
        assert_eq!(rows.count("SELECT COUNT(*) FROM referral WHERE reply_due").await, 1, "a person to call");

        write_somebody(&there, 2).await;
        let phones = Simulator::new();
        let (outbox, clock) = outbox(&there, &phones);
        assert_eq!(outbox.run_once().await.expect("the outbox"), 0);
        clock.advance(Duration::from_secs(30));
        assert_eq!(outbox.run_once().await.expect("the outbox"), 0);
        let waiting = there.read().await.expect("a reader").waiting(at(50)).await.expect("what waits");
        assert!(waiting.held && waiting.texts == 1);

        there.write(|tx| tx.resume_sending().boxed()).await.expect("resuming");
        outbox.run_once().await.expect("the outbox");
        assert_eq!(phones.messages(&mobile(2)).len(), 1, "what came since");
        assert_eq!(phones.messages(&mobile(1)).len(), 0, "nobody knows whether it left before");
    }

    async fn a_text_for_later_waits_in_a_copy_for_somebody_who_looks(store: TestStore) {
        let folder = tempfile::tempdir().expect("a folder");
        store
            .write(|tx| {
                async move {
                    let person = somebody(tx, 1).await?.person.id;
                    let referral = tx.find_or_open_referral(person, &service(), at(0)).await?;
                    let staff = StaffId::new(at(0), [3; 10]);
                    let waiting = Waiting { staff, due_at: at(5_000), seen_at: at(0), waited_since: None };
                    tx.keep_for_later(&referral, &Reply::default(), waiting, at(0)).await.map(|_| ())
                }
                .boxed()
            })
            .await
            .expect("written");
        let copies = copies_in(folder.path());
        backup::copy(&store.settings, &copies).await.expect("a copy");
        let (_settings, there, _) = restored(&store, &copies).await;
        let due = |store: Store| async move {
            store.read().await.expect("a reader").later_texts_to_judge(at(9_000), 9).await.expect("the texts").len()
        };
        assert_eq!((due(store.handle().clone()).await, due(there).await), (1, 0));
    }

    async fn nothing_is_overwritten(store: TestStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let copies = copies_in(folder.path());
        backup::copy(&store.settings, &copies).await.expect("a copy");
        let again = backup::restore(&store.settings, &copies, &[], at(10)).await;
        assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
        let copied = std::fs::read(&copies.data).expect("the copy");
        assert!(backup::copy(&store.settings, &copies).await.is_err());
        assert_eq!(std::fs::read(&copies.data).expect("the copy"), copied);
    }
}

/// The whole way, with the real program.
async fn backed_up_and_restored(database_url: String, restored_url: String) {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    let old = settings(&fake, &database_url);
    let run = |arguments: &[&str], settings: &[(&str, &str)]| {
        outcome(footbridge(folder.path(), arguments, settings))
    };
    let (code, said) = run(&["backup", "copy"], &old);
    assert!(code == 1 && said.contains("there is no database"), "{said}");
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &old)).await;
    let link = server.line_with("set-up link: ").await;
    set_up_by(Client::known_as(&server.base, PUBLIC_URL), &link).await;
    assert_eq!(Client::of(&server.base).webhook(&text("SM1", "+447700900123", "hello")).await, Some(200));
    fake.wait_for_requests(1).await;
    let (code, said) = run(&["backup", "copy"], &old);
    assert!(code == 0 && said.contains("keep them apart"), "{said}");
    let (code, said) = run(&["backup", "copy"], &old);
    assert!(code == 1 && said.contains("not empty"), "{said}");
    server.kill();

    let (code, said) = run(&["restore", "copy"], &old);
    assert!(code == 1 && said.contains("nothing was overwritten"), "{said}");
    let mut new = settings(&fake, &restored_url);
    let (code, said) =
        run(&["restore", "copy"], &[&new[..], &[("FOOTBRIDGE_SECRET_KEY", OTHER_KEY)]].concat());
    assert!(code == 1 && said.contains("another FOOTBRIDGE_SECRET_KEY"), "{said}");
    std::fs::rename(folder.path().join("copy/keys"), folder.path().join("elsewhere"))
        .expect("moving the keys");
    let (code, said) = run(&["restore", "copy"], &new);
    assert!(
        code == 1 && said.contains("copy/keys/footbridge-keys.") && said.contains("--keys FOLDER"),
        "{said}"
    );
    let (code, said) = run(&["restore", "copy", "--keys", "elsewhere"], &new);
    assert!(code == 0 && said.contains("resume-sending"), "{said}");

    new.push(("FOOTBRIDGE_METRICS_TOKEN", "token"));
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &new)).await;
    server.line_with("sending is held since").await;
    let mut ann = Client::known_as(&server.base, PUBLIC_URL);
    ann.post("/sign-in", &[("email", "ann@example.org"), ("password", "three words here")])
        .await
        .went_to("/inbox");
    assert!(ann.get("/inbox").await.body.contains("data-sending-held"));
    let metrics = ann.get_with("/metrics", &[("authorization", "Bearer token")]).await.body;
    assert!(metrics.contains("footbridge_sending_held 1"), "{metrics}");
    assert_eq!(ann.webhook(&text("SM2", "+447700900124", "hello")).await, Some(200));
    let (code, said) = run(&["admin", "resume-sending"], &new);
    assert!(code == 0 && said.contains("Texts leave again: 1 now."), "{said}: it waited until now");
    fake.wait_for_requests(2).await;
    assert!(!ann.get("/inbox").await.body.contains("data-sending-held"));
    let (code, said) = run(&["admin", "resume-sending"], &new);
    assert!(code == 1 && said.contains("not held"), "{said}");
    let (code, said) = run(&["admin", "hold-sending"], &new);
    assert!(code == 0 && said.contains("No text leaves"), "{said}");
    assert!(ann.get("/inbox").await.body.contains("data-sending-held"));
}

/// A text of between the backup and the restore is answered once: by the old server, or by the restored one.
async fn the_gap_is_answered_once(database_url: String, restored_url: String) {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    fake.keep_time();
    let (old, new) = (settings(&fake, &database_url), settings(&fake, &restored_url));
    let run = |arguments: &[&str], settings: &[(&str, &str)]| {
        outcome(footbridge(folder.path(), arguments, settings))
    };
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &old)).await;
    // The first look at the list says from when on the number is ours.
    fake.wait_for_requests(1).await;
    Rows(database_url.clone()).until("SELECT COUNT(*) FROM setting WHERE name = 'sweep'", 1).await;
    assert_eq!(run(&["backup", "copy"], &old).0, 0);
    let (answered, waiting) = ("+447700900123", "+447700900124");
    let sid = fake.texted(answered, ENGLISH_NUMBER, "hello");
    assert_eq!(Client::of(&server.base).webhook(&text(&sid, answered, "hello")).await, Some(200));
    fake.wait_for_texts(1).await;
    server.kill();
    fake.texted(waiting, ENGLISH_NUMBER, "hello");
    let (code, said) = run(&["restore", "copy"], &new);
    assert_eq!(code, 0, "{said}");
    let server = Server::start(footbridge(folder.path(), &["serve"], &new)).await;
    server.logged("Took in texts whose webhook had not come through", 1).await;
    let rows = Rows(restored_url.clone());
    assert_eq!(rows.count("SELECT COUNT(*) FROM outbox WHERE state = 'ready'").await, 2);
    fake.fail_lists(1_000);
    let (code, said) = run(&["admin", "resume-sending"], &new);
    assert!(code == 1 && said.contains("--without-asking"), "{said}");
    fake.fail_lists(0);
    let (code, said) = run(&["admin", "resume-sending"], &new);
    assert!(
        code == 0 && said.contains("Answers that do not leave: 1.") && said.contains("again: 1 now"),
        "{said}"
    );
    rows.until("SELECT COUNT(*) FROM outbox WHERE state = 'sent'", 1).await;
    let told: Vec<String> = fake.messages().into_iter().map(|message| message.to).collect();
    assert_eq!(told, [answered, waiting], "each once");
    let looked_at = "SELECT COUNT(*) FROM referral WHERE reply_due";
    assert_eq!(rows.count(looked_at).await, 1, "and a human looks at whoever was answered before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_between_backup_and_restore_is_answered_once_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    the_gap_is_answered_once(url("old.db"), url("new.db")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_between_backup_and_restore_is_answered_once_on_postgres() {
    the_gap_is_answered_once(cluster().new_database().await, cluster().new_database().await).await;
}

const OTHER_KEY: &str = "/////////////////////////////////////////38=";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_backup_to_restore_and_back_to_sending_on_sqlite() {
    backed_up_and_restored("sqlite://old.db".to_owned(), "sqlite://new.db".to_owned()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_backup_to_restore_and_back_to_sending_on_postgres() {
    backed_up_and_restored(cluster().new_database().await, cluster().new_database().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_restored_is_its_owners_and_an_old_log_is_never_played_into_it() {
    let (store, folder) = (TestStore::sqlite().await, tempfile::tempdir().expect("a folder"));
    write_somebody(&store, 1).await;
    let copies = copies_in(folder.path());
    backup::copy(&store.settings, &copies).await.expect("a copy");
    for file in [&copies.data, &copies.keys] {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).expect("opening it to all");
    }
    let place = folder.path().join("new.db");
    let settings =
        Settings { database_url: format!("sqlite://{}", place.display()), ..store.settings.clone() };
    let log = folder.path().join("new.db-wal");
    std::fs::write(&log, "of another database").expect("writing");
    let refused = backup::restore(&settings, &copies, &[], at(10)).await;
    assert!(matches!(refused, Err(BackupError::NotEmpty("the data"))), "{refused:?}");
    std::fs::remove_file(&log).expect("removing it");
    backup::restore(&settings, &copies, &[], at(10)).await.expect("a restored copy");
    assert_eq!((mode(&place), mode(&folder.path().join("new-keys.db"))), (0o600, 0o600));
    let mut there: Vec<String> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    there.sort();
    assert_eq!(there, ["data", "keys", "new-keys.db", "new.db"], "nothing is left lying");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_copy_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let fake = FakeTwilio::start().await;
    let run = |arguments: &[&str], settings: &[(&str, &str)]| {
        outcome(footbridge(folder.path(), arguments, settings))
    };
    let (code, said) = run(&["migrate"], &settings(&fake, "sqlite://old.db"));
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&["backup", "copy"], &settings(&fake, "sqlite://old.db"));
    assert_eq!(code, 0, "{said}");
    let data = folder.path().join("copy/data/footbridge.db");
    let mut bytes = std::fs::read(&data).expect("the copy");
    bytes[5000] ^= 1;
    std::fs::write(&data, bytes).expect("damaging it");
    let (code, said) = run(&["restore", "copy"], &settings(&fake, "sqlite://new.db"));
    assert!(code == 1 && said.contains("damaged"), "{said}");
    assert!(!folder.path().join("new.db").exists());
    std::fs::remove_file(folder.path().join("copy/manifest.json")).expect("removing it");
    let (code, said) = run(&["restore", "copy"], &settings(&fake, "sqlite://new.db"));
    assert!(code == 1 && said.contains("no whole backup"), "{said}");
}
