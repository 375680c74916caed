//! Somebody is away: their cases stand with whoever covers, or where everybody sees them.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::rights::id_of;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::app::email_of;
use crate::support::page::Page;
use crate::support::worker::Worker;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The day that is so many days from now.
fn day(app: &TestApp, days: u32) -> String {
    app.clock.now().plus(DAY * days).to_string()[..10].to_owned()
}

/// The id of a colleague, as the page of absences has it.
async fn colleague(worker: &Worker, name: &str) -> String {
    let page = worker.get("/inbox/away").await;
    let at = page.all("#away-cover option").iter().position(|shown| shown == name).expect("the colleague");
    page.attributes("#away-cover option", "value")[at].clone()
}

/// Says that somebody is away from today on, for five days.
async fn away(app: &TestApp, by: &Worker, (who, cover): (&str, Option<&str>)) -> Page {
    let who = colleague(by, who).await;
    let cover = match cover {
        Some(cover) => colleague(by, cover).await,
        None => String::new(),
    };
    let (from, back) = (day(app, 0), day(app, 5));
    by.post("/inbox/away", &[("who", &who), ("from", &from), ("back", &back), ("cover", &cover)]).await
}

async fn stands_in(worker: &Worker, folder: &str, reference: &str) -> bool {
    worker.queue(folder).await.iter().any(|(row, _)| row == reference)
}

async fn marks(worker: &Worker, folder: &str) -> Vec<String> {
    worker.get(&format!("/inbox?show={folder}")).await.all("[data-away]")
}

on_both_stores! {
    async fn the_cases_of_whoever_is_away_stand_with_their_cover_until_they_are_back(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (priya, sam, kim) = (app.worker("Priya").await, app.worker("Sam").await, app.worker("Kim").await);
        let case = handed_over(&mut app, JOAN, &kim).await;
        // A human speaks: what is written now waits for one.
        priya.press(&case, "take-over", &[]).await;
        away(&app, &priya, ("Priya", Some("Sam"))).await.went_to("/inbox/away");
        assert!(stands_in(&priya, "mine", &case).await && stands_in(&sam, "mine", &case).await);
        assert!(!stands_in(&kim, "mine", &case).await && !stands_in(&kim, "unassigned", &case).await);
        let mark = marks(&sam, "mine").await.remove(0);
        assert!(mark.starts_with("For Priya, away until "), "{mark}");
        assert!(marks(&kim, "open").await[0].contains("Sam covers"));
        assert!(sam.case(&case).await.all("[data-away]")[0].contains("You cover for them"));
        assert!(priya.get("/inbox").await.all("[data-i-am-away]")[0].contains("Sam covers for you"));
        app.sms(JOAN, "Is Priya there").await;
        app.look();
        assert!(stands_in(&sam, "needs-reply", &case).await);
        assert!(marks(&sam, "needs-reply").await[0].starts_with("For Priya"));
        let other = handed_over(&mut app, TOM, &kim).await;
        let offered = kim.case(&other).await.all("#give-to option");
        assert!(offered.iter().any(|name| name.starts_with("Priya (away until ") && name.ends_with(", Sam covers)")), "{offered:?}");
        assert!(kim.get("/inbox?show=open").await.all("#bulk-to option").iter().any(|name| name.contains("Sam covers")));
        app.clock.advance(DAY * 5);
        let sam = Worker::signed_in(app.router(), &email_of("Sam"), PASSWORD).await;
        assert!(!stands_in(&sam, "mine", &case).await, "it ends by itself");
        assert!(marks(&sam, "open").await.is_empty() && sam.get("/inbox/away").await.all("[data-absence]").is_empty());
    }

    async fn where_nobody_covers_who_sees_a_case_it_stands_with_the_unassigned(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (priya, sam) = (app.worker("Priya").await, app.worker("Sam").await);
        let (dot, ann) = (app.colleague("Dot", Role::DutyLead).await, app.colleague("Ann", Role::Admin).await);
        let case = handed_over(&mut app, JOAN, &sam).await;
        priya.press(&case, "claim", &[]).await;
        assert!(!stands_in(&dot, "unassigned", &case).await);
        away(&app, &dot, ("Priya", None)).await.went_to("/inbox/away");
        assert!(stands_in(&dot, "unassigned", &case).await && stands_in(&sam, "unassigned", &case).await);
        assert!(marks(&dot, "unassigned").await[0].contains("Nobody covers"));
        away(&app, &dot, ("Priya", Some("Sam"))).await.went_to("/inbox/away");
        assert!(stands_in(&sam, "mine", &case).await && !stands_in(&dot, "unassigned", &case).await);
        // Sam is kept to another practice, and does not see it any more.
        let sams = id_of(&ann, "Sam").await;
        ann.post(&format!("/inbox/people/{sams}/practices"), &[("practice", "quayside")]).await.went_to("/inbox/people");
        assert!(!stands_in(&sam, "mine", &case).await && !stands_in(&sam, "open", &case).await);
        assert!(stands_in(&dot, "unassigned", &case).await);
        assert!(dot.get("/inbox/away").await.all("[data-kept-from-cover]")[0].starts_with("One open case is not seen"));
        ann.post(&format!("/inbox/people/{sams}/practices"), &[]).await.went_to("/inbox/people");
        assert!(stands_in(&sam, "mine", &case).await);
        // A restricted case is not opened by cover either.
        let priyas = colleague(&dot, "Priya").await;
        let dots = colleague(&dot, "Dot").await;
        dot.press(&case, "restrict", &[("who", &priyas), ("who", &dots)]).await;
        assert!(!stands_in(&sam, "mine", &case).await && stands_in(&dot, "unassigned", &case).await);
        // Nobody covers who is away too.
        dot.press(&case, "lift", &[]).await;
        assert_eq!(away(&app, &dot, ("Dot", Some("Sam"))).await.status, 303);
        assert!(stands_in(&sam, "mine", &case).await);
        away(&app, &dot, ("Sam", None)).await.went_to("/inbox/away");
        assert!(stands_in(&dot, "unassigned", &case).await && !stands_in(&sam, "mine", &case).await);
        dot.post("/inbox/away/end", &[("who", &sams)]).await.went_to("/inbox/away");
        assert!(stands_in(&sam, "mine", &case).await);
    }

    async fn everybody_says_it_of_themselves_and_leads_of_colleagues(store: TestStore) {
        let app = TestApp::on(store).await;
        let (priya, kim) = (app.worker("Priya").await, app.worker("Kim").await);
        let dot = app.colleague_of("Dot", Role::DutyLead, &["dyffryn-gwern"]).await;
        let eve = app.colleague_of("Eve", Role::DutyLead, &["alder-vale"]).await;
        app.colleague_of("Una", Role::LinkWorker, &["alder-vale"]).await;
        assert_eq!(away(&app, &kim, ("Priya", None)).await.status, 404);
        assert_eq!(away(&app, &kim, ("Kim", Some("Kim"))).await.status, 422);
        let unas = colleague(&eve, "Una").await;
        let (from, back) = (day(&app, 0), day(&app, 5));
        let of = [("who", unas.as_str()), ("from", &from), ("back", &back), ("cover", "")];
        assert_eq!(dot.post("/inbox/away", &of).await.status, 404, "of another service");
        eve.post("/inbox/away", &of).await.went_to("/inbox/away");
        let kims = colleague(&kim, "Kim").await;
        let of = [("who", kims.as_str()), ("from", &from), ("back", &back), ("cover", &unas)];
        assert_eq!(kim.post("/inbox/away", &of).await.status, 422, "who is away covers for nobody");
        away(&app, &eve, ("Priya", Some("Kim"))).await.went_to("/inbox/away");
        assert_eq!(kim.post("/inbox/away/end", &[("who", &unas)]).await.status, 404);
        let priyas = colleague(&priya, "Priya").await;
        priya.post("/inbox/away/end", &[("who", &priyas)]).await.went_to("/inbox/away");
        let listed = priya.get("/inbox/away").await.all("[data-absence]");
        assert!(listed.len() == 1 && listed[0].contains("Una"), "{listed:?}");
        let done = app.rows.texts("SELECT action FROM audit WHERE action LIKE '%absence' OR action = 'covered-by' ORDER BY number").await;
        assert_eq!(done, ["set-absence", "set-absence", "covered-by", "end-absence"]);
    }
}
