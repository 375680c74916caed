//! Saved views: a folder and filters under a name, for whoever keeps them, and for colleagues where a lead shares them.

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::worker::Worker;

const OURS: &str = "alder-vale";
const VIEWS: &str = "/inbox/views";

/// Opens a list, and keeps it under a name.
async fn keep(worker: &Worker, list: &str, name: &str) -> Page {
    let page = worker.get(list).await;
    let form = "form[action='/inbox/views'] input[type=hidden]";
    let (names, values) = (page.attributes(form, "name"), page.attributes(form, "value"));
    let hidden = names.iter().zip(&values).map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("name", name)]).collect();
    worker.post(VIEWS, &fields).await
}

/// The views beside the folders: their names, and where they lead.
async fn beside(worker: &Worker) -> Vec<(String, String)> {
    let page = worker.get("/inbox").await;
    let links = "[data-views] a[href^='/inbox?']";
    page.all(links).into_iter().zip(page.attributes(links, "href")).collect()
}

async fn names(worker: &Worker) -> Vec<String> {
    beside(worker).await.into_iter().map(|(name, _)| name).collect()
}

/// Presses a button of a view that stands on somebody's page.
async fn change(worker: &Worker, name: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    let page = worker.get(VIEWS).await;
    let at = page.all("[data-view] h3").iter().position(|shown| shown == name).expect("the view");
    let id = page.attributes("[data-view]", "data-view").remove(at);
    let version = page.value(&format!("[data-view='{id}'] [name=version]"));
    let fields = [&[("version", version.as_str()), ("key", "k")], fields].concat();
    worker.post(&format!("{VIEWS}/{id}{act}"), &fields).await
}

/// Sends what a page would send that shows a view, as somebody whose page does not.
async fn change_unseen(worker: &Worker, id: &str, act: &str) -> u16 {
    let fields = [("version", "1"), ("key", "k"), ("name", "Mine now")];
    worker.post(&format!("{VIEWS}/{id}{act}"), &fields).await.status
}

on_both_stores! {
    async fn what_is_kept_is_a_link_that_shows_the_same_folder_and_filters(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        handed_over(&mut app, JOAN, &sam).await;
        let list = "/inbox?show=open&practice=alder-vale-surgery&theme=people";
        keep(&sam, list, "  Company in  Alder Vale ").await.went_to(list);
        keep(&sam, "/inbox?show=later", "Aside").await.went_to("/inbox?show=later");
        assert_eq!(beside(&sam).await, [("Aside".to_owned(), "/inbox?show=later".to_owned()), ("Company in Alder Vale".to_owned(), list.to_owned())]);
        let page = sam.get(list).await;
        assert_eq!(page.all("[data-views] [aria-current]"), ["Company in Alder Vale"]);
        assert_eq!(page.attributes("[data-referral]", "data-referral").len(), 1);
        assert!(names(&priya).await.is_empty(), "for them alone");
        let told = sam.get(VIEWS).await.all("[data-view] p").concat();
        assert!(told.contains("All open · Practice: Alder Vale Surgery · About: People"), "{told}");
        change(&sam, "Aside", "", &[("name", "For later")]).await.went_to(VIEWS);
        assert_eq!(names(&sam).await, ["Company in Alder Vale", "For later"]);
        change(&sam, "For later", "/remove", &[]).await.went_to(VIEWS);
        assert_eq!(names(&sam).await, ["Company in Alder Vale"]);
        let deeds = app.rows.texts("SELECT action FROM audit WHERE subject_kind = 'view' ORDER BY number").await;
        assert_eq!(deeds, ["add-view", "add-view", "rename-view", "remove-view"]);
    }

    async fn a_lead_shares_a_view_with_colleagues_and_each_sees_in_it_what_they_may(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.colleague_of("Sam", Role::LinkWorker, &[OURS]).await;
        let lee = app.colleague_of("Lee", Role::SafeguardingLead, &[OURS]).await;
        let far = app.colleague_of("Far", Role::LinkWorker, &["dyffryn-gwern"]).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let (joan, tom) = (handed_over(&mut app, JOAN, &sam).await, handed_over(&mut app, TOM, &sam).await);
        keep(&lee, "/inbox?show=open&theme=people", "Company").await;
        keep(&sam, "/inbox?show=mine", "Sam's own").await;
        let id = lee.get(VIEWS).await.attributes("[data-view]", "data-view").remove(0);
        let own = sam.get(VIEWS).await.attributes("[data-view]", "data-view").remove(0);
        for act in ["", "/remove", "/share"] {
            assert_eq!(change_unseen(&sam, &id, act).await, 404, "nobody's but Lee's: {act}");
            assert_eq!(change_unseen(&lee, &own, act).await, 404, "nobody's but Sam's: {act}");
        }
        assert_eq!(change(&sam, "Sam's own", "/share", &[]).await.status, 404, "a link worker does not share");
        change(&lee, "Company", "/share", &[]).await.went_to(VIEWS);
        assert_eq!(names(&sam).await, ["Company", "Sam's own"]);
        assert_eq!((names(&ann).await, names(&far).await), (vec!["Company".to_owned()], Vec::new()), "not for another service");
        assert!(sam.get(VIEWS).await.all("[data-view]").concat().contains("Shared by Lee"));
        assert_eq!(change_unseen(&sam, &id, "/remove").await, 404, "they look, and change nothing");
        sam.press(&tom, "step-back", &[]).await.went_to("/inbox");
        let link = beside(&sam).await.remove(0).1;
        assert_eq!(sam.get(&link).await.attributes("[data-referral]", "data-referral"), [joan]);
        assert_eq!(lee.get(&link).await.attributes("[data-referral]", "data-referral").len(), 2);
        change(&ann, "Company", "", &[("name", "For company")]).await.went_to(VIEWS);
        change(&ann, "For company", "/unshare", &[]).await.went_to(VIEWS);
        assert_eq!(names(&sam).await, ["Sam's own"]);
        assert_eq!((names(&lee).await, names(&ann).await), (vec!["For company".to_owned()], Vec::new()));
        keep(&ann, "/inbox?show=open", "Everything").await;
        change(&ann, "Everything", "/share", &[]).await.went_to(VIEWS);
        assert_eq!(names(&far).await, ["Everything"], "an administrator's is for everybody");
    }

    async fn a_view_whose_filter_is_gone_says_so_and_shows_the_rest(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.colleague_of("Sam", Role::LinkWorker, &[OURS]).await;
        handed_over(&mut app, JOAN, &sam).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        keep(&ann, "/inbox?show=open&practice=offa-bridge&theme=people", "Offa Bridge").await;
        change(&ann, "Offa Bridge", "/share", &[]).await.went_to(VIEWS);
        let line = sam.get(VIEWS).await.all("[data-missing]").concat();
        assert!(line.contains("Not there any more: Practice"), "{line}");
        let page = sam.get(&beside(&sam).await.remove(0).1).await;
        let said = page.all("[data-filter-unknown]").concat();
        assert!(said.contains("Practice") && said.contains("the rest is shown"), "{said}");
        assert_eq!(page.attributes("#filter-theme [selected]", "value"), ["people"]);
        assert_eq!(page.attributes("[data-referral]", "data-referral").len(), 1);
    }

    async fn only_codes_are_kept_and_a_name_is_there_and_short(store: TestStore) {
        let app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let fields = [("key", "k"), ("name", "Odd"), ("show", "Joan Smith"), ("theme", "Joan Smith"), ("practice", "quayside\" onclick=\"x")];
        sam.post(VIEWS, &fields).await.went_to("/inbox?show=needs-reply");
        sam.post(VIEWS, &fields).await.went_to("/inbox?show=needs-reply");
        assert_eq!(names(&sam).await, ["Odd"], "a form that is sent twice counts once");
        for (name, why) in [(" ", "give the view a name"), (&"x".repeat(61), "60 letters")] {
            let refused = keep(&sam, "/inbox", name).await;
            assert!(refused.status == 422 && refused.body.contains(why), "{}", refused.body);
        }
        change(&sam, "Odd", "", &[("name", "Even")]).await.went_to(VIEWS);
        let id = sam.get(VIEWS).await.attributes("[data-view]", "data-view").remove(0);
        let late = sam.post(&format!("{VIEWS}/{id}"), &[("version", "1"), ("name", "Odd again")]).await;
        assert!(late.status == 409 && late.body.contains("before you"), "{}", late.body);
        for count in 1..20 {
            keep(&sam, "/inbox", &format!("View {count}")).await.went_to("/inbox?show=needs-reply");
        }
        let refused = keep(&sam, "/inbox", "One more").await;
        assert!(refused.status == 422 && refused.body.contains("20 views"), "{}", refused.body);
    }
}
