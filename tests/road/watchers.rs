//! Fewer than three people watch the unassigned cases of a service: administrators are told.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::rights::id_of;
use crate::support::app::TestApp;

on_both_stores! {
    async fn administrators_are_told_of_a_service_that_fewer_than_three_watch(store: TestStore) {
        let app = TestApp::on(store).await;
        let ann = app.colleague_of("Ann", Role::Admin, &["alder-vale"]).await;
        let told = async || ann.get("/inbox").await.all("[data-unwatched]");
        let first = told().await;
        assert!(first[0].contains("Only one person of this service has signed in"), "{first:?}");
        assert!(first[1].contains("Nobody of this service has"), "an administrator of another does not count: {first:?}");
        app.colleague_of("Sam", Role::LinkWorker, &["alder-vale"]).await;
        app.colleague_of("Kim", Role::Auditor, &["alder-vale"]).await;
        assert!(told().await[0].contains("Only two people of this service have"), "an auditor sees no case");
        let priya = app.colleague_of("Priya", Role::DutyLead, &["alder-vale"]).await;
        assert_eq!(told().await.len(), 1, "three watch the first");
        assert!(priya.get("/inbox").await.all("[data-unwatched]").is_empty(), "others could do nothing about it");
        app.clock.advance(Duration::from_secs(6 * 24 * 3600));
        app.worker("Zed").await;
        app.clock.advance(Duration::from_secs(24 * 3600 + 1));
        let bo = app.colleague("Bo", Role::Admin).await;
        let later = bo.get("/inbox").await.all("[data-unwatched]");
        assert!(later.len() == 2 && later.iter().all(|line| line.contains("Only two people")), "{later:?}");
    }

    async fn administrators_are_told_of_the_practices_that_fewer_than_three_watch(store: TestStore) {
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        for name in ["Sam", "Kim", "Priya"] {
            app.worker(name).await;
        }
        let told = async || ann.get("/inbox").await.all("[data-unwatched]");
        assert!(told().await.is_empty(), "four watch all of it");
        for name in ["Kim", "Priya"] {
            let id = id_of(&ann, name).await;
            let path = format!("/inbox/people/{id}/practices");
            ann.post(&path, &[("practice", "quayside"), ("practice", "st-oswin")]).await.went_to("/inbox/people");
        }
        let [line] = &told().await[..] else { panic!("one line") };
        assert!(line.contains("Alder Vale Surgery, Beauchamp Street Medical Practice."), "{line}");
        assert!(!line.contains("Quayside"), "{line}");
    }
}
