//! Restricted cases, and "I know this person".

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::rights::audited;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::page::Page;
use crate::support::worker::Worker;

const JOAN: &str = "+447700900123";

/// The id under which the page of a case names a colleague who could see it.
fn id_of(case: &Page, name: &str) -> String {
    let ids = case.attributes("form[action$='/restrict'] [name=who]", "value");
    let names = case.all("form[action$='/restrict'] label");
    let at = names.iter().position(|shown| shown.contains(name)).expect("the colleague");
    ids[at].clone()
}

/// Whether somebody finds a case: on its page, in the list, and by searching; the same everywhere.
async fn sees(worker: &Worker, reference: &str) -> bool {
    let page = worker.get(&format!("/inbox/referrals/{reference}")).await.status == 200;
    let listed = worker.queue("open").await.iter().any(|(row, _)| row == reference);
    let searched = worker.post("/inbox/search", &[("find", reference)]).await;
    let found = searched.attributes("[data-referral]", "data-referral").contains(&reference.to_owned());
    assert!([listed, found] == [page; 2], "{page} {listed} {found}");
    page
}

async fn a_case(app: &mut TestApp, worker: &Worker) -> String {
    app.talk(JOAN, &UNTIL_HANDED_OVER).await;
    worker.queue("needs-reply").await.remove(0).0
}

on_both_stores! {
    async fn a_restricted_case_is_not_there_for_anybody_who_was_not_named(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, kim) = (app.worker("Sam").await, app.worker("Kim").await);
        let (dot, ann) = (app.colleague("Dot", Role::DutyLead).await, app.colleague("Ann", Role::Admin).await);
        let reference = a_case(&mut app, &sam).await;
        assert!(sam.case(&reference).await.all("form[action$='/restrict']").is_empty(), "who has no case, and leads not");
        let case = dot.case(&reference).await;
        assert_eq!(dot.press(&reference, "restrict", &[]).await.status, 422, "somebody must see it");
        let (sams, dots) = (id_of(&case, "Sam"), id_of(&case, "Dot"));
        let here = format!("/inbox/referrals/{reference}");
        dot.press(&reference, "restrict", &[("who", &sams), ("who", &dots)]).await.went_to(&here);
        for (worker, seen) in [(&sam, true), (&dot, true), (&kim, false), (&ann, false)] {
            assert_eq!(sees(worker, &reference).await, seen);
        }
        assert!(kim.get("/inbox?show=open").await.all("[data-folder=open]")[0].contains("(0)"), "nor counted");
        assert_eq!(ann.get(&format!("{here}/person")).await.status, 404);
        assert!(sam.case(&reference).await.all("[data-restricted]")[0].contains("Sam"));
        sam.press(&reference, "lift", &[]).await.went_to(&here);
        assert!(sees(&kim, &reference).await && sees(&ann, &reference).await);
        let done = audited(&app).await;
        assert_eq!(done.iter().filter(|action| *action == "restrict-to").count(), 2);
        assert!(done.contains(&"restrict".to_owned()) && done.contains(&"lift-restriction".to_owned()));
    }

    async fn what_is_kept_to_some_is_found_in_no_message_and_joined_to_nothing(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, kim) = (app.worker("Sam").await, app.worker("Kim").await);
        let dot = app.colleague("Dot", Role::DutyLead).await;
        let reference = a_case(&mut app, &sam).await;
        app.sms(JOAN, "I saw a heron by the lake").await;
        app.look();
        let other = {
            app.sms("+447700900777", "PERSON").await;
            app.look();
            let open = sam.queue("open").await;
            open.into_iter().map(|(row, _)| row).find(|row| *row != reference).expect("another case")
        };
        let finds = async |worker: &Worker| {
            worker.post("/inbox/search", &[("find", "heron")]).await.body.contains("by the lake")
        };
        assert!(finds(&sam).await && finds(&kim).await);
        let sams = id_of(&dot.case(&reference).await, "Sam");
        dot.press(&reference, "restrict", &[("who", &sams)]).await.went_to("/inbox");
        assert!(finds(&sam).await && !finds(&kim).await && !finds(&dot).await);
        let merge = [("other", reference.as_str()), ("other_version", "1")];
        assert_eq!(kim.press(&other, "merge", &merge).await.status, 404);
        let refused = sam.press(&other, "merge", &merge).await;
        assert!(refused.status == 422 && refused.body.contains("kept to named colleagues"), "{}", refused.body);
        assert!(sees(&sam, &reference).await && !sees(&kim, &reference).await && sees(&kim, &other).await);
        assert_eq!(kim.post(&format!("/inbox/referrals/{reference}/reply/draft"), &[("text", "a")]).await.status, 404);
    }

    async fn a_lead_sees_the_concern_of_a_case_that_is_kept_from_them_and_nothing_else(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, kim) = (app.worker("Sam").await, app.worker("Kim").await);
        let dot = app.colleague("Dot", Role::DutyLead).await;
        let reference = a_case(&mut app, &sam).await;
        let sams = id_of(&dot.case(&reference).await, "Sam");
        dot.press(&reference, "restrict", &[("who", &sams)]).await.went_to("/inbox");
        app.sms(JOAN, "I want to die").await;
        app.look();
        assert!(!sees(&dot, &reference).await && !sees(&kim, &reference).await);
        let beyond = dot.get("/inbox").await.attributes("[data-beyond] a", "href");
        assert!(beyond.len() == 1 && kim.get("/inbox").await.all("[data-beyond]").is_empty());
        let page = dot.get(&beyond[0]).await;
        assert!(page.body.contains("I want to die") || page.body.contains("want to die"), "{}", page.body);
        assert!(page.body.contains("tel:+447700900123"));
        assert!(page.attributes("a", "href").iter().all(|href| !href.contains("/inbox/referrals/")));
        assert_eq!(kim.get(&beyond[0]).await.status, 404);
        let form = [("key", page.value("[name=key]")), ("done", "Rang her, she is safe".to_owned())];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        for _ in 0..2 {
            dot.post(&format!("{}/acknowledge", beyond[0]), &form).await.went_to("/inbox");
        }
        assert!(dot.get("/inbox").await.all("[data-beyond]").is_empty());
        assert!(sam.case(&reference).await.body.contains("Rang her, she is safe"));
    }

    async fn where_nobody_who_was_named_can_sign_in_leads_see_the_case_again(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, kim) = (app.worker("Sam").await, app.worker("Kim").await);
        let (dot, ann) = (app.colleague("Dot", Role::DutyLead).await, app.colleague("Ann", Role::Admin).await);
        let reference = a_case(&mut app, &sam).await;
        let sams = id_of(&dot.case(&reference).await, "Sam");
        dot.press(&reference, "restrict", &[("who", &sams)]).await.went_to("/inbox");
        assert!(!sees(&dot, &reference).await && !sees(&ann, &reference).await);
        ann.post(&format!("/inbox/people/{sams}/stop"), &[]).await.went_to("/inbox/people");
        assert!(sees(&dot, &reference).await && sees(&ann, &reference).await && !sees(&kim, &reference).await);
        dot.press(&reference, "lift", &[]).await;
        assert!(sees(&kim, &reference).await);
    }

    async fn whoever_knows_the_person_is_taken_off_at_once_and_leads_are_told_who_and_not_why(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, kim) = (app.worker("Sam").await, app.worker("Kim").await);
        let dot = app.colleague("Dot", Role::DutyLead).await;
        let reference = a_case(&mut app, &sam).await;
        sam.press(&reference, "claim", &[]).await;
        let row = sam.case(&reference).await;
        let form = "form[action$='/step-back']";
        let fields = ["version", "key"].map(|name| (name, row.value(&format!("{form} [name={name}]"))));
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        for _ in 0..2 {
            sam.post(&format!("/inbox/referrals/{reference}/step-back"), &fields).await.went_to("/inbox");
        }
        assert!(!sees(&sam, &reference).await && sees(&kim, &reference).await);
        assert!(kim.queue("unassigned").await.iter().any(|(row, _)| *row == reference), "back in the queue");
        let told = dot.get("/inbox").await.all("[data-for-leads] [data-stepped-back]");
        assert!(told.len() == 1 && told[0].contains("Sam stepped back"), "{told:?}");
        assert!(kim.get("/inbox").await.all("[data-for-leads]").is_empty());
        assert!(kim.case(&reference).await.all("[data-stepped-back]").is_empty());
        // What is opened later is kept from them too.
        kim.press(&reference, "close", &[("outcome", "informed")]).await;
        app.sms(JOAN, "are you still there").await;
        app.look();
        let [(later, _)] = &kim.queue("open").await[..] else { panic!("one case") };
        assert!(!sees(&sam, later).await);
        let who = dot.case(later).await.value("form[action$='/let-back'] [name=who]");
        dot.press(later, "let-back", &[("who", &who)]).await;
        assert!(sees(&sam, later).await, "it was a mistake");
        let done = audited(&app).await;
        assert!(done.contains(&"step-back".to_owned()) && done.contains(&"let-back".to_owned()));
    }

    async fn an_administrator_who_stepped_back_reads_nothing_of_the_case_in_the_audit(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, ann) = (app.worker("Sam").await, app.colleague("Ann", Role::Admin).await);
        let olu = app.colleague("Olu", Role::Auditor).await;
        let reference = a_case(&mut app, &sam).await;
        sam.case(&reference).await;
        let lines = async |who: &Worker, query: &str| {
            let lines = who.get(&format!("/inbox/audit{query}")).await.all("[data-audit]");
            lines.iter().filter(|line| line.contains(&reference)).count()
        };
        let about = format!("?about={reference}");
        assert!(0 < lines(&ann, "").await && 0 < lines(&ann, &about).await);
        ann.press(&reference, "step-back", &[]).await.went_to("/inbox");
        assert_eq!((lines(&ann, "").await, lines(&ann, &about).await), (0, 0));
        assert!(0 < lines(&olu, "").await && 0 < lines(&olu, &about).await);
    }

    async fn nobody_steps_back_from_a_case_that_nobody_else_sees_and_leads_are_told(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, dot) = (app.worker("Sam").await, app.colleague("Dot", Role::DutyLead).await);
        let reference = a_case(&mut app, &sam).await;
        let case = dot.case(&reference).await;
        let (sams, dots) = (id_of(&case, "Sam"), id_of(&case, "Dot"));
        dot.press(&reference, "restrict", &[("who", &sams)]).await;
        let page = sam.press(&reference, "step-back", &[]).await;
        assert!(page.status == 422 && page.body.contains("Ask your duty lead or an administrator"), "{}", page.body);
        assert!(sees(&sam, &reference).await);
        let told = dot.get("/inbox").await.all("[data-for-leads] [data-stepped-back]");
        assert!(told.len() == 1 && told[0].contains("wants to step back"), "{told:?}");
        sam.press(&reference, "restrict", &[("who", &sams), ("who", &dots)]).await;
        sam.press(&reference, "step-back", &[]).await.went_to("/inbox");
        assert!(!sees(&sam, &reference).await && sees(&dot, &reference).await);
    }
}
