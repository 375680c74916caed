//! Labels: a few words of a service, put on cases and taken off, by which cases are found.

use footbridge::domain::ids::PersonId;
use footbridge::domain::staff::Role;
use footbridge::store::erasure::Erasure;
use footbridge::store::outbox::Author;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::people::at;
use crate::support::worker::Worker;

const OURS: &str = "alder-vale";
const LABELS: &str = "/inbox/labels";

/// Keeps a new label of the service; says its id.
async fn new_label(lead: &Worker, name: &str) -> String {
    let page = lead.get(LABELS).await;
    let key = page.value(&format!("[data-labels-of={OURS}] [name=key]"));
    lead.post(LABELS, &[("key", &key), ("service", OURS), ("name", name)]).await.went_to(LABELS);
    let page = lead.get(LABELS).await;
    let lines = format!("[data-labels-of={OURS}] [data-label]");
    let at = page.all(&format!("{lines} h3")).iter().position(|shown| shown == name).expect("the label");
    page.attributes(&lines, "data-label").remove(at)
}

/// Presses a button of a label on the page of labels.
async fn change(lead: &Worker, id: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    let page = lead.get(LABELS).await;
    let version = page.value(&format!("form[action^='/inbox/labels/{id}'] [name=version]"));
    let fields = [&[("version", version.as_str()), ("key", "k")], fields].concat();
    lead.post(&format!("{LABELS}/{id}{act}"), &fields).await
}

fn on(page: &Page) -> Vec<String> {
    page.all("[data-part=labels] [data-label] .fb-label")
}

fn free(page: &Page) -> Vec<String> {
    page.attributes("form[action$='/label'] [name=label]", "value")
}

/// The cases that a list shows, with their labels.
fn listed(page: &Page) -> Vec<(String, String)> {
    assert_eq!(page.status, 200, "{}", page.body);
    let references = page.attributes("[data-referral]", "data-referral");
    references
        .into_iter()
        .map(|reference| {
            let labels = page.all(&format!("[data-referral={reference}] [data-row-labels] li")).join(", ");
            (reference, labels)
        })
        .collect()
}

async fn erase_everybody(app: &TestApp) {
    for (_, person) in app.rows.people_by_address().await {
        let erasure = Erasure { person: PersonId(person), erased_at: at(0) };
        app.house.store.erase(erasure, Author::System, at(0)).await.expect("erased");
    }
}

on_both_stores! {
    async fn a_label_is_put_on_and_taken_off_in_one_press_and_finds_the_case(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, lee) = (app.worker("Sam").await, app.colleague("Lee", Role::DutyLead).await);
        let (joan, tom) = (handed_over(&mut app, JOAN, &sam).await, handed_over(&mut app, TOM, &sam).await);
        let case = format!("/inbox/referrals/{joan}");
        assert!(sam.case(&joan).await.all("[data-part=labels]").is_empty(), "a service without labels has none to show");
        assert!(sam.get("/inbox").await.all("#filter-label").is_empty());
        let (winter, choir) = (new_label(&lee, "Winter warmth").await, new_label(&lee, "Choir").await);
        assert_eq!(free(&sam.case(&joan).await), [choir.as_str(), &winter], "by their names");
        sam.press(&joan, "label", &[("label", &winter)]).await.went_to(&case);
        let page = sam.case(&joan).await;
        assert_eq!((on(&page), free(&page)), (vec!["Winter warmth".to_owned()], vec![choir.clone()]));
        assert!(page.all("[data-part=labels]").concat().contains("Sam"), "it says who put it on");
        assert_eq!(page.all("[data-labels] li"), ["Winter warmth"], "on top too");
        assert!(page.all("[data-part=history]").concat().contains("put a label on the case"), "{}", page.body);
        let mut rows = listed(&sam.get("/inbox?show=open").await);
        rows.sort();
        let mut expected = [(joan.clone(), "Winter warmth".to_owned()), (tom.clone(), String::new())];
        expected.sort();
        assert_eq!(rows, expected);
        assert_eq!(listed(&sam.get(&format!("/inbox?show=open&label={winter}")).await), [(joan.clone(), "Winter warmth".to_owned())]);
        assert!(listed(&sam.get(&format!("/inbox?show=open&label={choir}")).await).is_empty());
        sam.press(&joan, "label-off", &[("label", &winter)]).await.went_to(&case);
        assert!(on(&sam.case(&joan).await).is_empty());
        assert!(listed(&sam.get(&format!("/inbox?show=open&label={winter}")).await).is_empty());
        let deeds = app.rows.texts("SELECT action FROM audit WHERE action LIKE '%label%' ORDER BY number").await;
        assert_eq!(deeds, ["add-label", "add-label", "label", "label-off"]);
        app.assert_said(&[]);
    }

    async fn a_form_of_an_older_page_puts_no_label_on_and_one_sent_twice_counts_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, lee) = (app.worker("Sam").await, app.colleague("Lee", Role::DutyLead).await);
        let joan = handed_over(&mut app, JOAN, &sam).await;
        let (winter, choir) = (new_label(&lee, "Winter").await, new_label(&lee, "Choir").await);
        let page = sam.case(&joan).await;
        sam.press_on(&page, &joan, "label", &[("label", &winter)]).await.went_to(&format!("/inbox/referrals/{joan}"));
        sam.press_on(&page, &joan, "label", &[("label", &winter)]).await.went_to(&format!("/inbox/referrals/{joan}"));
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM audit WHERE action = 'label'").await, 1);
        let late = sam.press_on(&page, &joan, "label", &[("label", &choir)]).await;
        assert_eq!(late.status, 409, "{}", late.body);
        assert_eq!(on(&sam.case(&joan).await), ["Winter"]);
    }

    async fn labels_are_put_on_and_taken_off_many_cases_at_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, lee) = (app.worker("Sam").await, app.colleague("Lee", Role::DutyLead).await);
        let cases = [handed_over(&mut app, JOAN, &sam).await, handed_over(&mut app, TOM, &sam).await];
        let winter = new_label(&lee, "Winter").await;
        for (act, label, expected) in [("label", winter.as_str(), 2), ("label", "", 0), ("label-off", winter.as_str(), 2)] {
            let list = sam.get("/inbox?show=open").await;
            let hidden = ["key", "seen"].map(|name| (name, list.value(&format!("#bulk [name={name}]"))));
            let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let chosen = list.attributes("input[name=case][form=bulk]", "value");
            fields.extend(chosen.iter().map(|value| ("case", value.as_str())));
            fields.extend([("act", act), ("label", label)]);
            let done = sam.post("/inbox/bulk", &fields).await;
            assert_eq!(done.all("[data-bulk=done] li").len(), expected, "{}", done.body);
            for case in &cases {
                assert_eq!(on(&sam.case(case).await).is_empty(), act == "label-off", "{act} {label}");
            }
        }
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM audit WHERE action IN ('label', 'label-off')").await, 4, "each by itself");
    }

    async fn a_retired_label_stays_where_it_is_and_is_put_on_nothing_new(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, lee) = (app.worker("Sam").await, app.colleague("Lee", Role::DutyLead).await);
        let (joan, tom) = (handed_over(&mut app, JOAN, &sam).await, handed_over(&mut app, TOM, &sam).await);
        let winter = new_label(&lee, "Winter").await;
        sam.press(&joan, "label", &[("label", &winter)]).await.went_to(&format!("/inbox/referrals/{joan}"));
        change(&lee, &winter, "", &[("name", " Winter  warmth ")]).await.went_to(LABELS);
        change(&lee, &winter, "/retire", &[]).await.went_to(LABELS);
        assert_eq!(on(&sam.case(&joan).await), ["Winter warmth"], "and has its new name");
        assert!(free(&sam.case(&tom).await).is_empty());
        let refused = sam.press(&tom, "label", &[("label", &winter)]).await;
        assert!(refused.status == 422 && refused.body.contains("no longer used"), "{}", refused.body);
        let list = sam.get(&format!("/inbox?show=open&label={winter}")).await;
        assert_eq!(listed(&list).len(), 1, "cases are found by it");
        assert_eq!(list.all("#filter-label [selected]"), ["Winter warmth (no longer used)"]);
        assert!(list.all("#bulk-label").is_empty());
        sam.press(&joan, "label-off", &[("label", &winter)]).await.went_to(&format!("/inbox/referrals/{joan}"));
        change(&lee, &winter, "/use-again", &[]).await.went_to(LABELS);
        assert_eq!(free(&sam.case(&tom).await), [winter]);
    }

    async fn no_two_labels_are_called_the_same_and_a_name_is_short(store: TestStore) {
        let app = TestApp::on(store).await;
        let lee = app.colleague("Lee", Role::DutyLead).await;
        let (winter, _) = (new_label(&lee, "Winter").await, new_label(&lee, "Choir").await);
        for (name, why) in [("  winter ", "already"), ("", "Give it a name"), (&"x".repeat(41), "40 letters")] {
            let refused = lee.post(LABELS, &[("key", "k"), ("service", OURS), ("name", name)]).await;
            assert!(refused.status == 422 && refused.body.contains(why), "{name}: {}", refused.body);
            assert_eq!(refused.value("#new-name-alder-vale"), name, "what was typed stays");
        }
        assert_eq!(change(&lee, &winter, "", &[("name", "CHOIR")]).await.status, 422);
        change(&lee, &winter, "", &[("name", "WINTER")]).await.went_to(LABELS);
        let late = lee.post(&format!("{LABELS}/{winter}"), &[("version", "1"), ("name", "Cold homes")]).await;
        assert!(late.status == 409 && late.body.contains("before you"), "{}", late.body);
        for count in 2..30 {
            new_label(&lee, &format!("Label {count}")).await;
        }
        let refused = lee.post(LABELS, &[("key", "k"), ("service", OURS), ("name", "One more")]).await;
        assert!(refused.status == 422 && refused.body.contains("30 labels"), "{}", refused.body);
    }

    async fn a_label_of_another_service_is_for_none_of_our_cases_and_none_of_our_eyes(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.colleague_of("Sam", Role::LinkWorker, &[OURS]).await;
        let joan = handed_over(&mut app, JOAN, &sam).await;
        let far = app.colleague_of("Far", Role::DutyLead, &["dyffryn-gwern"]).await;
        far.post(LABELS, &[("key", "k"), ("service", "dyffryn-gwern"), ("name", "Theirs")]).await.went_to(LABELS);
        let theirs = far.get(LABELS).await.attributes("[data-label]", "data-label").remove(0);
        assert_eq!(far.post(LABELS, &[("key", "k"), ("service", OURS), ("name", "Ours")]).await.status, 404);
        let lee = app.colleague_of("Lee", Role::DutyLead, &[OURS]).await;
        assert!(!lee.get(LABELS).await.body.contains("Theirs"));
        let refused = sam.press(&joan, "label", &[("label", &theirs)]).await;
        assert!(refused.status == 422 && refused.body.contains("does not have that label"), "{}", refused.body);
        let list = sam.get(&format!("/inbox?label={theirs}")).await;
        assert_eq!(list.all("[data-filter-unknown]").len(), 1);
        assert!(!list.body.contains("Theirs"));
    }

    async fn joined_cases_have_the_labels_of_both_and_an_erasure_leaves_none(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, lee) = (app.worker("Sam").await, app.colleague("Lee", Role::DutyLead).await);
        let (joan, tom) = (handed_over(&mut app, JOAN, &sam).await, handed_over(&mut app, TOM, &sam).await);
        let (winter, choir) = (new_label(&lee, "Winter").await, new_label(&lee, "Choir").await);
        sam.press(&joan, "label", &[("label", &winter)]).await;
        for label in [&winter, &choir] {
            sam.press(&tom, "label", &[("label", label)]).await;
        }
        let both = sam.get(&format!("/inbox/referrals/{joan}/same?other={tom}")).await;
        let hidden = ["version", "key", "other", "other_version"]
            .map(|name| (name, both.value(&format!("form[action$='/merge'] [name={name}]"))));
        let fields = hidden.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(sam.post(&format!("/inbox/referrals/{joan}/merge"), &fields).await.status, 303);
        assert_eq!(on(&sam.case(&joan).await), ["Choir", "Winter"]);
        let list = format!("/inbox?show=open&label={choir}");
        assert_eq!(listed(&sam.get(&list).await), [(joan.clone(), "Choir, Winter".to_owned())]);
        sam.press(&joan, "label-off", &[("label", &choir)]).await.went_to(&format!("/inbox/referrals/{joan}"));
        assert_eq!(on(&sam.case(&joan).await), ["Winter"]);
        let ann = app.colleague("Ann", Role::Admin).await;
        let export = ann.post(&format!("/inbox/referrals/{joan}/export"), &[("format", "json")]).await;
        assert!(export.body.contains("\"label\": \"Winter\""), "{}", export.body);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM case_label").await, 2);
        erase_everybody(&app).await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM case_label").await, 0);
        app.forget_the_unsent();
    }

    async fn a_volunteer_champion_sees_no_label(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, lee) = (app.worker("Sam").await, app.colleague("Lee", Role::DutyLead).await);
        let vi = app.colleague("Vi", Role::VolunteerChampion).await;
        let joan = handed_over(&mut app, JOAN, &sam).await;
        let winter = new_label(&lee, "Winter").await;
        sam.press(&joan, "label", &[("label", &winter)]).await;
        let champion = sam.case(&joan).await.attributes("form[action$='/lend'] option[value]", "value").into_iter().find(|id| !id.is_empty()).expect("Vi");
        sam.press(&joan, "lend", &[("to", &champion), ("agreed", "yes")]).await.went_to(&format!("/inbox/referrals/{joan}"));
        for path in ["/inbox".to_owned(), format!("/inbox/referrals/{joan}")] {
            let page = vi.get(&path).await;
            assert!(page.status == 200 && !page.body.contains("Winter"), "{}", page.body);
        }
    }
}
