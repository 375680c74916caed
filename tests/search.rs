//! Finding a case in the inbox: by beginnings, within one's own services, and nobody who was erased.

use footbridge::domain::ids::PersonId;
use footbridge::domain::staff::Role;
use footbridge::store::erasure::Erasure;
use footbridge::store::outbox::Author;
use futures_util::FutureExt;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::people::at;
use crate::support::rows::Rows;
use crate::support::worker::Worker;

const JOAN: &str = "+447700900123";

/// The references that a search finds, and what the page says of it.
async fn find(worker: &Worker, typed: &str) -> (Vec<String>, String) {
    let page = worker.post("/inbox/search", &[("find", typed)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.value("[name=find]"), typed.trim());
    (page.attributes("[data-referral]", "data-referral"), page.all("[data-found]").concat())
}

on_both_stores! {
    async fn a_case_is_found_by_the_beginning_of_a_name_a_number_or_a_reference(store: TestStore) {
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let (reference, _) = sam.queue("needs-us").await.remove(0);
        for typed in ["joan", " Joa", "07700 900", "+44 7700 900123", &reference, &reference[3..6], "Joan 07700 900123"] {
            assert_eq!(find(&sam, typed).await, (vec![reference.clone()], "1 case".to_owned()), "{typed}");
        }
        for typed in ["oan", "Joanna", "07700 9002", "Joan 07700 9002", "FB-222222", "jo"] {
            assert_eq!(find(&sam, typed).await.0, Vec::<String>::new(), "{typed}");
        }
        assert!(find(&sam, "077").await.1.starts_with("No case was looked for"));
        assert!(find(&sam, "- ,").await.1.starts_with("Nothing was looked for"));
        assert_eq!(sam.get("/inbox/search").await.attributes("[data-referral]", "data-referral"), Vec::<String>::new());
        let looked = rows.texts("SELECT subject_kind || ' ' || subject FROM audit WHERE action = 'search'").await;
        assert_eq!(looked.len(), 14, "each search, and none that looked for nothing");
        assert!(looked.iter().all(|subject| subject == "inbox cases"), "never what was looked for: {looked:?}");
    }

    async fn nobody_is_found_from_another_service_or_by_an_auditor(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        for (name, role, service, sees) in [
            ("Own", Role::LinkWorker, "alder-vale", 1),
            ("Other", Role::LinkWorker, "dyffryn-gwern", 0),
            ("Eve", Role::Auditor, "alder-vale", 0),
            ("Ann", Role::Admin, "dyffryn-gwern", 1),
        ] {
            let worker = app.colleague_of(name, role, &[service]).await;
            assert_eq!(find(&worker, "joan").await.0.len(), sees, "{name}");
        }
    }

    async fn what_is_true_no_more_finds_nobody_and_an_erasure_takes_all(store: TestStore) {
        const STRAY: &str = "
            INSERT INTO search_key (hash, person)
            SELECT provider_lookup, person FROM inbound WHERE person IS NOT NULL ORDER BY sequence LIMIT 1
            RETURNING 'put'";
        const KEYS: &str = "SELECT COUNT(*) FROM search_key";
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let (keys, _) = (rows.count(KEYS).await, rows.texts(STRAY).await);
        assert_eq!(rows.count(KEYS).await, keys + 1);
        app.talk(JOAN, &[("My sister rings on Sundays", "good-week")]).await;
        assert_eq!(rows.count(KEYS).await, keys, "each handover says anew what somebody is found by");
        assert_eq!(find(&sam, "joan").await.0.len(), 1);
        let person = PersonId(rows.people_by_address().await[0].1);
        let erasure = Erasure { person, erased_at: at(0) };
        app.house.store.erase(erasure, Author::System, at(0)).await.expect("erased");
        assert_eq!(find(&sam, "joan").await.0.len(), 0);
        assert_eq!(rows.count(KEYS).await, 0);
        app.house.store.write(move |tx| tx.make_findable(person).boxed()).await.expect("nothing");
        assert_eq!(rows.count(KEYS).await, 0, "nor by a server that still has their key");
        app.forget_the_unsent();
    }

    async fn whoever_came_before_there_was_a_search_is_found_after_an_update(store: TestStore) {
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        rows.texts("DELETE FROM search_key RETURNING 'gone'").await;
        assert_eq!(find(&sam, "joan").await.0.len(), 0);
        app.house.store.migrate().await.expect("up to date");
        assert_eq!(find(&sam, "joan").await.0.len(), 1);
    }
}
