//! From hand to hand: cases put aside, given to a colleague, and texts that did not arrive.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::worker::Worker;

/// What a link worker fills in to put a case aside until the morning after the tests begin.
const ASIDE: [(&str, &str); 4] =
    [("day", "2026-05-29"), ("time", "06:00"), ("why", "agreed"), ("text", "Ring her on Monday")];

/// How many stand in a folder, as its link says.
async fn count(worker: &Worker, folder: &str) -> String {
    worker.get("/inbox").await.all(&format!("[data-folder={folder}]")).remove(0)
}

async fn stands_in(worker: &Worker, folder: &str, reference: &str) -> bool {
    worker.queue(folder).await.iter().any(|(row, _)| row == reference)
}

/// The value of the colleague of this name in the list on a case.
async fn colleague(worker: &Worker, reference: &str, name: &str) -> String {
    let page = worker.case(reference).await;
    let names = page.all("#give-to option");
    let at = names.iter().position(|shown| shown == name).expect("the colleague");
    page.attributes("#give-to option", "value").remove(at)
}

fn place(reference: &str) -> String {
    format!("/inbox/referrals/{reference}")
}

on_both_stores! {
    async fn a_case_that_is_put_aside_comes_back_on_its_day_and_stays_until_it_is_seen_to(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "put-aside", &ASIDE).await.went_to(&place(&reference));
        for folder in ["needs-reply", "unassigned", "mine"] {
            assert!(!stands_in(&sam, folder, &reference).await, "{folder}");
        }
        let (_, row) = priya.queue("later").await.remove(0);
        assert!(row.contains("Put aside until Fri 29 May 2026, 06:00"), "{row}");
        assert!(row.contains("Agreed with them") && row.contains("With Sam"), "{row}");
        assert_eq!(count(&priya, "later").await, "Later (1)");
        assert!(stands_in(&priya, "open", &reference).await);
        assert_eq!(sam.case(&reference).await.all("[data-note] .fb-words"), ["Ring her on Monday"]);
        app.assert_said(&[]);
        app.wait(Duration::from_secs(9 * 3600)).await;
        app.look();
        let (_, row) = sam.queue("needs-reply").await.remove(0);
        assert!(row.contains("Was put aside until Fri 29 May 2026, 06:00"), "{row}");
        assert!(stands_in(&sam, "mine", &reference).await && !stands_in(&sam, "later", &reference).await);
        sam.press(&reference, "bring-back", &[]).await.went_to(&place(&reference));
        assert!(!stands_in(&sam, "needs-reply", &reference).await);
        let actions = app.rows.texts("SELECT action FROM audit WHERE action IN ('put-aside', 'bring-back') ORDER BY number").await;
        assert_eq!(actions, ["put-aside", "bring-back"]);
    }

    async fn whoever_writes_or_is_in_danger_is_no_longer_put_aside(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "reply", &[("text", "I will ring on Monday. Sam")]).await.went_to(&place(&reference));
        app.settle().await;
        for (text, sign) in [("Can it be Tuesday?", "Waits for a reply"), ("I want to end my life", "Open concern")] {
            sam.press(&reference, "put-aside", &ASIDE).await.went_to(&place(&reference));
            assert!(stands_in(&sam, "later", &reference).await);
            app.sms(JOAN, text).await;
            assert!(!stands_in(&sam, "later", &reference).await, "{text}");
            assert!(sam.queue("needs-reply").await[0].1.contains(sign), "{text}");
        }
        let refused = sam.press(&reference, "put-aside", &ASIDE).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("There is an open concern"), "{}", refused.body);
        assert_eq!(refused.all("textarea"), ["Ring her on Monday"], "what was typed is not lost");
        app.look();
        app.forget_the_unsent();
    }

    async fn a_day_that_has_been_is_refused_and_the_note_is_kept(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for (day, why) in [("2026-05-01", "agreed"), ("tomorrow", "agreed"), ("2026-06-01", "no such reason")] {
            let fields = [("day", day), ("time", "09:00"), ("why", why), ("text", "Ring her")];
            let refused = sam.press(&reference, "put-aside", &fields).await;
            assert_eq!((refused.status, refused.all("textarea")), (422, vec!["Ring her".to_owned()]), "{day}");
        }
        assert!(stands_in(&sam, "needs-reply", &reference).await);
    }

    async fn a_case_that_a_colleague_gives_is_theirs_and_new_until_they_open_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let to = colleague(&sam, &reference, "Priya").await;
        let fields = [("to", to.as_str()), ("text", "She likes to be rung after two")];
        sam.press(&reference, "transfer", &fields).await.went_to(&place(&reference));
        assert_eq!(count(&priya, "mine").await, "Mine (1, 1 new)");
        let (_, row) = priya.queue("mine").await.remove(0);
        assert!(row.contains("New to you") && row.contains("From Sam"), "{row}");
        sam.case(&reference).await;
        assert_eq!(count(&priya, "mine").await, "Mine (1, 1 new)", "a look of somebody else does not count");
        let page = priya.case(&reference).await;
        assert_eq!(page.all("[data-given]"), ["Sam gave this to you."]);
        assert_eq!(page.all("[data-note] .fb-words"), ["She likes to be rung after two"]);
        assert_eq!(count(&priya, "mine").await, "Mine (1)");
        assert!(priya.case(&reference).await.all("[data-given]").is_empty());
        assert!(app.fake.messages().iter().all(|message| !message.body.contains("rung after two")));
        let audited = app.rows.texts("SELECT subject FROM audit WHERE action = 'transfer-to'").await;
        assert_eq!(audited, [to]);
    }

    async fn who_gives_a_case_too_late_is_told_who_was_quicker_and_keeps_the_note(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let to = colleague(&sam, &reference, "Priya").await;
        let opened = sam.case(&reference).await;
        priya.press(&reference, "claim", &[]).await.went_to(&place(&reference));
        let fields = [("to", to.as_str()), ("text", "Known to us")];
        let late = sam.press_on(&opened, &reference, "transfer", &fields).await;
        assert_eq!(late.status, 409);
        assert!(late.body.contains("Priya"), "{}", late.body);
        assert_eq!(late.all("textarea"), ["Known to us"]);
        let late = sam.press_on(&opened, &reference, "put-aside", &ASIDE).await;
        assert_eq!((late.status, late.all("textarea")), (409, vec!["Ring her on Monday".to_owned()]));
    }

    async fn a_case_is_given_only_to_who_may_see_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let ann = app.colleague("Ann", Role::Admin).await;
        app.colleague_of("Gwen", Role::LinkWorker, &["dyffryn-gwern"]).await;
        app.colleague_of("Olu", Role::Auditor, &["alder-vale"]).await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let listed = sam.case(&reference).await.all("#give-to option");
        assert_eq!(listed, ["Choose a colleague", "Ann"]);
        let people = ann.get("/inbox/people").await;
        let at = people.all("[data-staff]").iter().position(|shown| shown.contains("Gwen")).expect("Gwen");
        let gwen = people.attributes("[data-staff]", "data-staff").remove(at);
        for to in [gwen.as_str(), "", "no id", "00000000-0000-0000-0000-000000000007"] {
            let refused = sam.press(&reference, "transfer", &[("to", to), ("text", "For Gwen")]).await;
            assert_eq!((refused.status, refused.all("textarea")), (422, vec!["For Gwen".to_owned()]), "{to}");
        }
        assert!(stands_in(&sam, "unassigned", &reference).await);
    }

    async fn a_text_that_did_not_arrive_is_in_a_folder_until_they_are_reached(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let other = handed_over(&mut app, TOM, &sam).await;
        for case in [&reference, &other] {
            app.reports = false;
            sam.press(case, "reply", &[("text", "May I ring you?")]).await.went_to(&place(case));
            app.settle().await;
            let sent = app.look().remove(0);
            let report = app.fake.report(&sent, "undelivered", Some("30005"));
            app.post(&report).await;
            app.clock.advance(Duration::from_secs(60));
            assert!(stands_in(&sam, "undelivered", case).await);
        }
        assert_eq!(count(&sam, "undelivered").await, "Not delivered (2)");
        assert_eq!(sam.case(&reference).await.attributes("[data-warning=undelivered]", "data-warning").len(), 1);
        sam.press(&reference, "reached", &[]).await.went_to(&place(&reference));
        assert!(!stands_in(&sam, "undelivered", &reference).await, "somebody said so");
        app.sms(TOM, "Yes please").await;
        assert!(!stands_in(&sam, "undelivered", &other).await, "they wrote");
        sam.press(&reference, "reply", &[("text", "Once more")]).await.went_to(&place(&reference));
        app.settle().await;
        let sent = app.look().pop().expect("the text");
        app.post(&app.fake.report(&sent, "undelivered", Some("30005"))).await;
        assert!(stands_in(&sam, "undelivered", &reference).await, "the next one that does not arrive counts anew");
    }

    async fn a_folder_shows_fifty_cases_and_leads_on_to_the_next(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        for number in 0..51 {
            app.sms(&format!("07700 900{:03}", 200 + number), "I want to end my life").await;
        }
        app.look();
        app.forget_the_unsent();
        let first = sam.get("/inbox").await;
        assert_eq!(first.attributes("[data-referral]", "data-referral").len(), 50);
        assert!(first.all("[data-folder=needs-reply]")[0].contains("(51)"));
        let next = first.attributes("a[rel=next]", "href").remove(0);
        let second = sam.get(&next).await;
        let last = second.attributes("[data-referral]", "data-referral");
        assert_eq!(last.len(), 1);
        assert!(!first.attributes("[data-referral]", "data-referral").contains(&last[0]));
        assert!(second.attributes("a[rel=next]", "href").is_empty());
        assert_eq!(sam.get("/inbox?after=nonsense").await.status, 200);
    }
}
