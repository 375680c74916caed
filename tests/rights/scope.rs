//! Accounts that are kept to some practices of a service.

use footbridge::domain::staff::Role;
use futures_util::FutureExt;

use crate::on_both_stores;
use crate::rights::audited;
use crate::rights::id_of;
use crate::support::app::PASSWORD;
use crate::support::app::PUBLIC_URL;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::people::at;
use crate::support::worker::Worker;

const JOAN: &str = "+447700900123";
const BOB: &str = "+447700900777";

/// An administrator keeps somebody to these practices.
async fn keep(ann: &Worker, name: &str, practices: &[&str]) {
    let path = format!("/inbox/people/{}/practices", id_of(ann, name).await);
    let fields: Vec<(&str, &str)> = practices.iter().map(|practice| ("practice", *practice)).collect();
    ann.post(&path, &fields).await.went_to("/inbox/people");
}

/// Whether somebody sees a case: on its page, in the list and by search alike, and counted.
async fn sees(worker: &Worker, reference: &str) -> bool {
    let page = worker.get(&format!("/inbox/referrals/{reference}")).await;
    let open = worker.queue("open").await;
    let listed = open.iter().any(|(row, _)| row == reference);
    let counted = worker.get("/inbox?show=open").await.all("[data-folder=open]").remove(0);
    assert!(counted.contains(&format!("({})", open.len())), "{counted}");
    let found = worker.post("/inbox/search", &[("find", reference)]).await;
    let found = found.attributes("[data-referral]", "data-referral").iter().any(|row| row == reference);
    assert_eq!((page.status == 200, listed), (listed, found), "{reference}");
    listed
}

/// A case that became known by the conversation: Joan, of Alder Vale Surgery.
async fn joan(app: &mut TestApp, sees_it: &Worker) -> String {
    app.talk(JOAN, &UNTIL_HANDED_OVER).await;
    sees_it.queue("open").await.remove(0).0
}

/// Whose practice nobody knows yet.
async fn bob(app: &mut TestApp, sees_it: &Worker, but: &str) -> String {
    app.sms(BOB, "PERSON").await;
    app.look();
    let open = sees_it.queue("open").await;
    open.into_iter().map(|(row, _)| row).find(|row| row != but).expect("another case")
}

on_both_stores! {
    async fn who_is_kept_to_practices_sees_theirs_and_whoever_has_no_known_practice(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (ann, sam) = (app.colleague("Ann", Role::Admin).await, app.worker("Sam").await);
        let (kim, pia) = (app.worker("Kim").await, app.worker("Pia").await);
        let case = joan(&mut app, &sam).await;
        assert!(sees(&kim, &case).await && sees(&pia, &case).await, "nothing changes for who is kept to none");
        keep(&ann, "Kim", &["alder-vale-surgery", "st-oswin"]).await;
        keep(&ann, "Pia", &["quayside"]).await;
        let other = bob(&mut app, &sam, &case).await;
        for (worker, seen) in [(&ann, true), (&sam, true), (&kim, true), (&pia, false)] {
            assert_eq!(sees(worker, &case).await, seen);
            assert!(sees(worker, &other).await, "whose practice is not known is seen by everybody");
        }
        assert!(!sam.case(&case).await.all("#give-to option").iter().any(|name| name.contains("Pia")));
        let people = ann.get("/inbox/people").await.all("[data-staff]");
        assert!(people.iter().any(|line| line.contains("Only The Quayside Practice.")), "{people:?}");
        keep(&ann, "Pia", &[]).await;
        assert!(sees(&pia, &case).await);
        let done = audited(&app).await;
        for (action, count) in [("choose-practices", 3), ("add-practice", 3), ("take-practice", 1)] {
            assert_eq!(done.iter().filter(|done| *done == action).count(), count, "{action}");
        }
    }

    async fn whoever_has_a_case_keeps_it_when_its_practice_becomes_known_until_they_put_it_back(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (ann, pia) = (app.colleague("Ann", Role::Admin).await, app.worker("Pia").await);
        app.worker("Sam").await;
        keep(&ann, "Pia", &["quayside"]).await;
        let case = bob(&mut app, &pia, "").await;
        pia.press(&case, "claim", &[]).await;
        let reference = case.parse().expect("a reference");
        let learned = app.house.store.write(move |tx| {
            let reference = std::clone::Clone::clone(&reference);
            async move {
                let id = tx.referral(&reference).await?.id;
                tx.route_referral(id, Some(&"alder-vale-surgery".parse().expect("a name")), None, at(0)).await
            }
            .boxed()
        });
        learned.await.expect("learned");
        assert!(sees(&pia, &case).await);
        pia.press(&case, "note", &[("text", "Rang him")]).await.went_to(&format!("/inbox/referrals/{case}"));
        pia.press(&case, "release", &[]).await.went_to("/inbox");
        assert!(!sees(&pia, &case).await && sees(&ann, &case).await);
    }

    async fn a_practice_that_nobody_was_given_is_seen_by_everybody_of_the_service(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (ann, sam) = (app.colleague_of("Ann", Role::Admin, &[]).await, app.worker("Sam").await);
        let (kim, pia) = (app.worker("Kim").await, app.worker("Pia").await);
        let case = joan(&mut app, &sam).await;
        keep(&ann, "Pia", &["quayside"]).await;
        keep(&ann, "Kim", &["alder-vale-surgery"]).await;
        assert!(sees(&kim, &case).await && !sees(&pia, &case).await);
        let sams = id_of(&ann, "Sam").await;
        ann.post(&format!("/inbox/people/{sams}/stop"), &[]).await.went_to("/inbox/people");
        assert!(!sees(&pia, &case).await, "Kim has it");
        let kims = id_of(&ann, "Kim").await;
        ann.post(&format!("/inbox/people/{kims}/stop"), &[]).await.went_to("/inbox/people");
        assert!(sees(&pia, &case).await, "nobody else who can sign in was given it");
    }

    async fn a_lead_who_is_kept_to_another_practice_sees_every_open_concern(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (ann, sam) = (app.colleague("Ann", Role::Admin).await, app.worker("Sam").await);
        let (dot, pia) = (app.colleague("Dot", Role::DutyLead).await, app.worker("Pia").await);
        let case = joan(&mut app, &sam).await;
        keep(&ann, "Dot", &["quayside"]).await;
        keep(&ann, "Pia", &["quayside"]).await;
        app.sms(JOAN, "I want to die").await;
        app.look();
        assert!(!sees(&dot, &case).await && !sees(&pia, &case).await);
        let beyond = dot.get("/inbox").await.attributes("[data-beyond] a", "href");
        assert_eq!(beyond.len(), 1);
        assert_eq!((dot.get(&beyond[0]).await.status, pia.get(&beyond[0]).await.status), (200, 404));
        assert!(pia.get("/inbox").await.all("[data-beyond]").is_empty());
    }

    async fn somebody_is_invited_for_some_practices(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (ann, sam) = (app.colleague("Ann", Role::Admin).await, app.worker("Sam").await);
        let case = joan(&mut app, &sam).await;
        let common = [("email", "kim@example.org"), ("role", "link-worker"), ("practice", "quayside")];
        let refused = ann.post("/inbox/people/invite", &[&common[..], &[("service", "dyffryn-gwern")]].concat()).await;
        assert!(refused.status == 422 && refused.body.contains("but not its service"), "{}", refused.body);
        let page = ann.post("/inbox/people/invite", &[&common[..], &[("service", "alder-vale")]].concat()).await;
        let link = page.value("[data-invitation-link]");
        let token = link.strip_prefix(PUBLIC_URL).and_then(|path| path.split_once("token=")).expect("a link").1;
        let mut kim = app.stranger();
        let made = kim.post("/invitation", &[("token", token), ("name", "Kim"), ("password", PASSWORD)]).await;
        made.went_to("/inbox");
        kim.keep(&made);
        assert!(!sees(&kim, &case).await && sees(&sam, &case).await);
        let ticked = ann.get(&format!("/inbox/people/{}/practices", id_of(&ann, "Kim").await)).await;
        assert_eq!(ticked.attributes("[name=practice][checked]", "value"), ["quayside"]);
    }
}
