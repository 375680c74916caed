//! Filters above the list of cases: by codes alone, across pages and folders, and never over an open concern.

use footbridge::domain::ids::PersonId;
use footbridge::domain::staff::Role;
use footbridge::store::erasure::Erasure;
use footbridge::store::outbox::Author;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::UNTIL_THE_END;
use crate::support::people::at;
use crate::support::rows::Rows;
use crate::support::worker::Worker;

const JOAN: &str = "+447700900123";
const ANN: &str = "+447700900124";

/// Joan wants company, and has been handed over; Ann has said that she wants to die.
async fn joan_and_ann(app: &mut TestApp) {
    app.talk(JOAN, &UNTIL_HANDED_OVER).await;
    app.talk(JOAN, &UNTIL_THE_END).await;
    app.sms(ANN, "I want to kill myself").await;
    app.look();
}

/// How many cases are listed, and what the page says of the filters.
async fn listed(worker: &Worker, path: &str) -> (usize, String) {
    let page = worker.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let said = page.all("[data-live=filtered]").concat();
    (page.attributes("[data-referral]", "data-referral").len(), said)
}

on_both_stores! {
    async fn a_filter_hides_who_does_not_fit_but_never_an_open_concern_and_says_so(store: TestStore) {
        let mut app = TestApp::on(store).await;
        joan_and_ann(&mut app).await;
        let sam = app.worker("Sam").await;
        assert_eq!(listed(&sam, "/inbox").await, (2, String::new()));
        let fits = ["service=alder-vale", "practice=alder-vale-surgery", "theme=people", "need=large-print", "language=en-GB"];
        for filter in fits.into_iter().chain(["practice=alder-vale-surgery&theme=people&need="]) {
            let (rows, said) = listed(&sam, &format!("/inbox?show=needs-reply&{filter}")).await;
            assert!(rows == 2 && said.starts_with("Showing 2 of 2: clear filters."), "{filter}: {said}");
        }
        let hides = ["service=dyffryn-gwern", "practice=quayside", "theme=money", "need=braille", "language=cy", "waiting=2"];
        for filter in hides.into_iter().chain(["practice=alder-vale-surgery&theme=money"]) {
            let (rows, said) = listed(&sam, &format!("/inbox?show=needs-reply&{filter}")).await;
            assert_eq!(rows, 1, "{filter}: who may be in danger stays");
            assert!(said.starts_with("Showing 1 of 2"), "{filter}: {said}");
            assert!(said.contains("hide 1 of those who need a reply"), "{filter}: {said}");
        }
        let (rows, said) = listed(&sam, "/inbox?show=mine&theme=money").await;
        assert!(rows == 0 && said.contains("hide 1 of those who need a reply"), "in every folder: {said}");
    }

    async fn filters_stay_in_the_links_and_a_code_that_nobody_knows_is_left_out(store: TestStore) {
        let mut app = TestApp::on(store).await;
        joan_and_ann(&mut app).await;
        let sam = app.worker("Sam").await;
        let page = sam.get("/inbox?show=open&theme=money&language=cy").await;
        let links = page.attributes("[data-folder]", "href");
        assert!(links.iter().all(|link| link.ends_with("&theme=money&language=cy")), "{links:?}");
        assert_eq!(page.attributes("#filter-theme option[selected]", "value"), ["money"]);
        assert_eq!(page.attributes(".fb-filters[open]", "open").len(), 1);
        for wrong in ["theme=gold", "practice=%27%3B--", "need=none", "language=xx", "waiting=99", "service=nowhere"] {
            let page = sam.get(&format!("/inbox?{wrong}")).await;
            assert_eq!(page.status, 200, "{wrong}");
            assert_eq!(page.attributes("[data-referral]", "data-referral").len(), 2, "{wrong}");
            assert!(page.all("[data-filter-unknown]").concat().contains("left out"), "{wrong}");
        }
        let own = app.colleague_of("Own", Role::LinkWorker, &["dyffryn-gwern"]).await;
        let page = own.get("/inbox?practice=alder-vale-surgery").await;
        assert_eq!(page.all("[data-filter-unknown]").len(), 1, "no practice of a service that is not theirs");
        assert_eq!(page.all("#filter-service").len(), 0, "one service is no choice");
    }

    async fn corrected_themes_count_and_an_erasure_takes_every_facet(store: TestStore) {
        const FACETS: &str = "SELECT COUNT(*) FROM case_facet";
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        sam.press(&reference, "themes", &[("was", "people"), ("theme", "money")]).await.went_to(&format!("/inbox/referrals/{reference}"));
        assert_eq!(listed(&sam, "/inbox?theme=money").await.0, 1);
        assert_eq!(listed(&sam, "/inbox?theme=people").await.0, 0);
        assert!(0 < rows.count(FACETS).await);
        let person = PersonId(rows.people_by_address().await[0].1);
        let erasure = Erasure { person, erased_at: at(0) };
        app.house.store.erase(erasure, Author::System, at(0)).await.expect("erased");
        assert_eq!(rows.count(FACETS).await, 0);
        app.forget_the_unsent();
    }
}
