//! The same deed on several cases that were chosen from the list.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::worker::Worker;

const ANN: &str = "07700 900125";
const BEN: &str = "07700 900126";

/// Ticks every case of a list that was opened before, and presses a button.
async fn press(worker: &Worker, list: &Page, fields: &[(&str, &str)]) -> Page {
    let chosen = list.attributes("input[name=case][form=bulk]", "value");
    let hidden = ["key", "seen"].map(|name| (name, list.value(&format!("#bulk [name={name}]"))));
    let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.extend(chosen.iter().map(|value| ("case", value.as_str())));
    all.extend(fields);
    worker.post("/inbox/bulk", &all).await
}

/// What the page of results says of each case: those that were done, or those that were not.
fn results(page: &Page, group: &str) -> Vec<(String, String)> {
    assert_eq!(page.status, 200, "{}", page.body);
    let rows = format!("[data-bulk={group}] li");
    page.attributes(&rows, "data-referral").into_iter().zip(page.all(&rows)).collect()
}

fn of<'a>(results: &'a [(String, String)], reference: &str) -> &'a str {
    &results.iter().find(|(of, _)| of == reference).unwrap_or_else(|| panic!("{reference} in {results:?}")).1
}

async fn count(app: &TestApp, action: &str) -> i64 {
    app.rows.count(&format!("SELECT COUNT(*) FROM audit WHERE action = '{action}'")).await
}

on_both_stores! {
    async fn what_can_be_closed_is_closed_and_of_the_rest_it_is_said_why_not(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let (joan, tom) = (handed_over(&mut app, JOAN, &sam).await, handed_over(&mut app, TOM, &sam).await);
        let (ann, ben) = (handed_over(&mut app, ANN, &sam).await, handed_over(&mut app, BEN, &sam).await);
        app.sms(TOM, "I want to end my life").await;
        sam.press(&ann, "reply", &[("text", "May I ring you? Sam")]).await;
        app.settle().await;
        app.sms(ANN, "Yes please, after two").await;
        app.look();
        let list = sam.get("/inbox?show=open").await;
        assert!(list.all("label[for^=choose-]").iter().all(|label| label.starts_with("Choose FB-") && label.contains(", Joan")));
        priya.press(&ben, "claim", &[]).await;
        let page = press(&sam, &list, &[("act", "close"), ("outcome", "informed")]).await;
        let (done, left) = (results(&page, "done"), results(&page, "left"));
        assert_eq!((done.len(), left.len()), (1, 3), "{}", page.body);
        assert!(of(&done, &joan).contains("closed"));
        assert!(of(&left, &tom).contains("a concern is open"));
        assert!(page.attributes(&format!("[data-referral={tom}] a"), "href")[0].starts_with("/inbox/concerns/"));
        assert!(of(&left, &ann).contains("waits to be read"), "however old the text is");
        assert!(of(&left, &ben).contains("somebody has changed it"));
        assert_eq!(count(&app, "close").await, 1, "audited by itself");
        app.assert_said(&[]);
        let again = press(&sam, &list, &[("act", "close"), ("outcome", "informed")]).await;
        assert!(of(&results(&again, "done"), &joan).contains("closed"));
        assert_eq!(count(&app, "close").await, 1, "a form that is sent twice counts once");
    }

    async fn a_text_that_came_after_the_list_was_made_is_not_closed_over(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let joan = handed_over(&mut app, JOAN, &sam).await;
        let list = sam.get("/inbox?show=open").await;
        app.sms(JOAN, "One more thing").await;
        app.look();
        for act in [[("act", "close"), ("outcome", "informed")].as_slice(), &[("act", "put-aside"), ("day", "2026-05-29"), ("time", "06:00"), ("why", "agreed")]] {
            let page = press(&sam, &list, act).await;
            assert_eq!(results(&page, "left").len(), 1, "{}", page.body);
            assert!(sam.queue("needs-reply").await.iter().any(|(row, _)| *row == joan));
        }
    }

    async fn cases_are_taken_given_and_put_aside_together(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let cases = [handed_over(&mut app, JOAN, &sam).await, handed_over(&mut app, TOM, &sam).await];
        let list = sam.get("/inbox?show=unassigned").await;
        assert_eq!(results(&press(&sam, &list, &[("act", "claim")]).await, "done").len(), 2);
        assert_eq!(sam.queue("mine").await.len(), 2);
        let list = sam.get("/inbox?show=mine").await;
        let (names, ids) = (list.all("#bulk-to option"), list.attributes("#bulk-to option", "value"));
        assert_eq!(names, ["Choose a colleague", "Priya"]);
        let given = press(&sam, &list, &[("act", "transfer"), ("to", &ids[1])]).await;
        assert_eq!(results(&given, "done").len(), 2);
        let list = priya.get("/inbox?show=mine").await;
        let aside = [("act", "put-aside"), ("day", "2026-05-29"), ("time", "06:00"), ("why", "agreed")];
        assert_eq!(results(&press(&priya, &list, &aside).await, "done").len(), 2);
        assert_eq!(priya.queue("later").await.len(), 2);
        assert_eq!((count(&app, "claim").await, count(&app, "transfer").await, count(&app, "put-aside").await), (2, 2, 2));
        assert!(priya.get("/inbox?show=closed").await.all("#bulk").is_empty(), "what has ended is done with");
        app.assert_said(&[]);
        assert_eq!(cases.len(), 2);
        app.clock.advance(Duration::from_secs(1));
    }

    async fn nothing_is_done_with_a_foreign_case_or_without_a_choice(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let joan = handed_over(&mut app, JOAN, &sam).await;
        let list = sam.get("/inbox?show=open").await;
        let foreign = app.colleague_of("Kim", Role::LinkWorker, &["dyffryn-gwern"]).await;
        let refused = press(&foreign, &list, &[("act", "claim")]).await;
        assert_eq!(results(&refused, "left").len(), 1);
        assert!(of(&results(&refused, "left"), &joan).contains("no such case for you") && !refused.body.contains("Joan"));
        let nowhere = foreign.post("/inbox/bulk", &[("act", "claim"), ("seen", "0"), ("key", "k"), ("case", "FB-222222:1")]).await;
        assert_eq!(nowhere.body.replace("FB-222222", &joan), refused.body, "foreign is as not there");
        for fields in [
            [("act", "close"), ("outcome", "")].as_slice(),
            &[("act", "close"), ("outcome", "died")],
            &[("act", "close"), ("outcome", "do-not-contact")],
            &[("act", "transfer"), ("to", "")],
            &[("act", "put-aside"), ("day", "2020-01-01"), ("time", "06:00"), ("why", "agreed")],
            &[("act", "reply"), ("text", "Hello all")],
            &[],
        ] {
            assert_eq!(press(&sam, &list, fields).await.status, 422, "{fields:?}");
        }
        let many: Vec<(&str, &str)> = [("act", "claim"), ("seen", "0"), ("key", "k")].into_iter().chain([("case", "FB-222222:1"); 51]).collect();
        assert_eq!(sam.post("/inbox/bulk", &many).await.status, 422);
        assert_eq!(sam.post("/inbox/bulk", &[("act", "claim"), ("seen", "0"), ("key", "k")]).await.status, 422);
        assert_eq!(sam.queue("unassigned").await.len(), 1);
        app.assert_said(&[]);
    }
}
