//! Finding messages by their words: whole ones, within one's own services, opened first, and gone with the person.

use std::time::Duration;

use footbridge::domain::ids::PersonId;
use footbridge::domain::staff::Role;
use footbridge::store::erasure::Erasure;
use footbridge::store::outbox::Author;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::page::Page;
use crate::support::people::at;
use crate::support::rows::Rows;
use crate::support::worker::Worker;

const JOAN: &str = "+447700900123";
const KEYS: &str = "SELECT COUNT(*) FROM message_word";

/// What is found in messages, and the words that are marked there.
async fn hits(worker: &Worker, typed: &str) -> (usize, Vec<String>) {
    let page = worker.post("/inbox/search", &[("find", typed)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    (page.all("[data-hit]").len(), page.all("[data-hit] mark"))
}

fn marked(words: &[&str]) -> (usize, Vec<String>) {
    (1, words.iter().map(|&word| word.to_owned()).collect())
}

async fn joan_with_a_worker(app: &mut TestApp) -> (Worker, String) {
    app.talk(JOAN, &UNTIL_HANDED_OVER).await;
    let sam = app.worker("Sam").await;
    let (reference, _) = sam.queue("needs-us").await.remove(0);
    (sam, reference)
}

on_both_stores! {
    async fn a_message_is_found_by_all_its_words_whoever_wrote_it_also_when_the_case_has_ended(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, reference) = joan_with_a_worker(&mut app).await;
        sam.press(&reference, "claim", &[]).await;
        sam.press(&reference, "reply", &[("text", "Shall we meet at the Caf\u{e9} on Thursday?")]).await;
        sam.press(&reference, "note", &[("text", "Her knee hurts on stairs.")]).await;
        for closed in [false, true] {
            assert_eq!(hits(&sam, "afternoons COMPANY").await, marked(&["company", "afternoons"]), "{closed}");
            assert_eq!(hits(&sam, "cafe").await, marked(&["Caf\u{e9}"]), "{closed}");
            assert_eq!(hits(&sam, "her knee").await, marked(&["Her", "knee"]), "{closed}");
            for typed in ["afternoon", "company knee", "comp", "the", "her"] {
                assert_eq!(hits(&sam, typed).await.0, 0, "{typed}");
            }
            if !closed {
                sam.press(&reference, "close", &[("outcome", "connected")]).await.went_to(&format!("/inbox/referrals/{reference}"));
            }
        }
        app.forget_the_unsent();
    }

    async fn nobody_finds_messages_of_another_service_or_as_an_auditor(store: TestStore) {
        let mut app = TestApp::on(store).await;
        joan_with_a_worker(&mut app).await;
        for (name, role, service, sees) in [
            ("Own", Role::LinkWorker, "alder-vale", 1),
            ("Other", Role::LinkWorker, "dyffryn-gwern", 0),
            ("Eve", Role::Auditor, "alder-vale", 0),
            ("Ann", Role::Admin, "dyffryn-gwern", 1),
        ] {
            let worker = app.colleague_of(name, role, &[service]).await;
            assert_eq!(hits(&worker, "afternoons").await.0, sees, "{name}");
        }
    }

    async fn a_word_that_shares_its_hash_shows_nothing_that_does_not_hold_it(store: TestStore) {
        const SHARED: &str = "
            INSERT INTO message_word (hash, written_at, message, kind)
            SELECT w.hash, w.written_at + 1, i.id, 'heard' FROM message_word w, inbound i WHERE i.id <> w.message
            ON CONFLICT DO NOTHING RETURNING 'put'";
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        let (sam, _) = joan_with_a_worker(&mut app).await;
        assert!(!rows.texts(SHARED).await.is_empty());
        assert_eq!(hits(&sam, "afternoons").await, marked(&["afternoons"]));
    }

    async fn an_erasure_takes_the_words_and_one_server_more_does_not_bring_them_back(store: TestStore) {
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        let (sam, reference) = joan_with_a_worker(&mut app).await;
        sam.press(&reference, "note", &[("text", "Her knee hurts on stairs.")]).await;
        assert!(0 < rows.count(KEYS).await);
        let person = PersonId(rows.people_by_address().await[0].1);
        let erasure = Erasure { person, erased_at: at(0) };
        app.house.store.erase(erasure, Author::System, at(0)).await.expect("erased");
        assert_eq!((rows.count(KEYS).await, hits(&sam, "knee").await.0), (0, 0));
        rows.texts("DELETE FROM message_word_fill RETURNING kind").await;
        app.wait(Duration::from_secs(60)).await;
        assert_eq!(rows.count(KEYS).await, 0);
        app.forget_the_unsent();
    }

    async fn what_was_said_before_there_was_such_a_search_is_found_in_time(store: TestStore) {
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        let (sam, reference) = joan_with_a_worker(&mut app).await;
        sam.press(&reference, "claim", &[]).await;
        sam.press(&reference, "reply", &[("text", "Shall we meet on Thursday?")]).await;
        sam.press(&reference, "note", &[("text", "Her knee hurts on stairs.")]).await;
        let keys = rows.texts("SELECT CAST(hash AS TEXT) FROM message_word ORDER BY hash, message").await;
        rows.texts("DELETE FROM message_word RETURNING kind").await;
        rows.texts("DELETE FROM message_word_fill RETURNING kind").await;
        assert_eq!(hits(&sam, "knee").await.0, 0);
        app.wait(Duration::from_secs(60)).await;
        app.look();
        let filled = rows.texts("SELECT CAST(hash AS TEXT) FROM message_word ORDER BY hash, message").await;
        assert_eq!(filled, keys);
        assert_eq!(rows.count("SELECT COUNT(*) FROM message_word_fill WHERE done").await, 3);
        app.forget_the_unsent();
    }

    async fn one_looks_further_back_page_by_page(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, reference) = joan_with_a_worker(&mut app).await;
        for number in 0..25 {
            app.clock.advance(Duration::from_secs(1));
            sam.press(&reference, "note", &[("text", &format!("Knee again, number {number}."))]).await;
        }
        let first = sam.post("/inbox/search", &[("find", "knee")]).await;
        assert_eq!(first.all("[data-messages-found]"), ["20 messages"]);
        assert!(said(&first)[0].contains("number 24"), "the newest first");
        let before = first.value("[name=before]");
        let second = sam.post("/inbox/search", &[("find", "knee"), ("before", &before)]).await;
        assert_eq!(second.all("[data-messages-found]"), ["5 messages"]);
        assert!(said(&second)[0].contains("number 4") && said(&second)[4].contains("number 0"));
        assert_eq!((second.all("[name=before]").len(), second.all("[data-found]").len()), (0, 0));
    }
}

fn said(page: &Page) -> Vec<String> {
    page.all("[data-hit] blockquote")
}
