//! The list of an open inbox learns of changes, on whichever node they were made.

use std::time::Duration;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;

on_both_stores! {
    async fn each_change_is_another_word_and_nothing_else_is(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let worker = app.worker("Sam").await;
        let mut words = Vec::new();
        let before = worker.get("/inbox/changes").await.body;
        assert_eq!(worker.get("/inbox/changes").await.body, before);
        words.push(before);
        let reference = handed_over(&mut app, JOAN, &worker).await;
        words.push(worker.get("/inbox/changes").await.body);
        app.sms(TOM, "I want to end my life").await;
        words.push(worker.get("/inbox/changes").await.body);
        app.look();
        app.clock.advance(Duration::from_secs(1));
        worker.press(&reference, "claim", &[]).await;
        words.push(worker.get("/inbox/changes").await.body);
        let concern = worker.queue("open").await.remove(0).0;
        let id = worker.case(&concern).await.attributes("[data-concern]", "data-concern").remove(0);
        worker.post(&format!("/inbox/concerns/{id}/acknowledge"), &[("done", "rang him"), ("key", "k1")]).await;
        words.push(worker.get("/inbox/changes").await.body);
        let different: std::collections::BTreeSet<&String> = words.iter().collect();
        assert_eq!(different.len(), 5, "{words:?}");
        assert_ne!(app.get("/inbox/changes").await.status, 200, "for whoever is signed in");
    }

    async fn a_page_that_looks_by_itself_keeps_nobody_signed_in(store: TestStore) {
        let app = TestApp::on(store).await;
        let worker = app.worker("Sam").await;
        for _ in 0..13 {
            app.clock.advance(Duration::from_secs(3600));
            worker.get_with("/inbox/changes", ("X-Footbridge-Live", "1")).await;
        }
        assert_ne!(worker.get("/inbox").await.status, 200);
    }
}
