//! One human on two phones: found by what both told, joined by a link worker, and taken apart again.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::UNTIL_THE_END;
use crate::support::page::Page;
use crate::support::worker::Worker;

/// Joan's new phone.
const NEW_PHONE: &str = "07700 900188";

fn place(reference: &str) -> String {
    format!("/inbox/referrals/{reference}")
}

/// Refers herself again from another phone, and asks to be rung at her old number; says the reference of that case.
async fn from_another_phone(app: &mut TestApp, worker: &Worker) -> String {
    let before = worker.queue("open").await;
    for (them, _) in &UNTIL_HANDED_OVER[..10] {
        app.sms(NEW_PHONE, them).await;
    }
    for them in ["5", JOAN, "yes"] {
        app.sms(NEW_PHONE, them).await;
    }
    app.look();
    let after = worker.queue("open").await;
    let new = after.into_iter().find(|(reference, _)| before.iter().all(|(known, _)| known != reference));
    new.expect("a second case").0
}

/// Looks at both, and says that they are one person.
async fn join(worker: &Worker, here: &str, there: &str) -> Page {
    let both = worker.get(&format!("{}/same?other={there}", place(here))).await;
    assert_eq!(both.status, 200, "{}", both.body);
    let field = |name: &str| both.value(&format!("form[action$='/merge'] [name={name}]"));
    let fields = [
        ("version", field("version")),
        ("key", field("key")),
        ("other", field("other")),
        ("other_version", field("other_version")),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    worker.post(&format!("{}/merge", place(here)), &fields).await
}

async fn two_cases(app: &mut TestApp, worker: &Worker) -> (String, String) {
    let old = handed_over(app, JOAN, worker).await;
    (old, from_another_phone(app, worker).await)
}

async fn found(worker: &Worker, typed: &str) -> Vec<String> {
    let page = worker.post("/inbox/search", &[("find", typed)]).await;
    page.attributes("[data-referral]", "data-referral")
}

/// What was written, by whom it was.
fn heard(page: &Page, words: &str) -> usize {
    page.all("[data-from=person]").iter().filter(|message| message.contains(words)).count()
}

on_both_stores! {
    async fn somebody_on_a_new_phone_is_found_joined_and_has_one_case_from_then_on(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        handed_over(&mut app, TOM, &sam).await;
        for (here, there) in [(&old, &new), (&new, &old)] {
            let page = sam.case(here).await;
            assert_eq!(page.attributes("[data-alike]", "data-alike"), [there.as_str()], "{here}");
            let told = page.all("[data-alike]").concat();
            assert!(told.contains("Joan") && told.contains("the same phone number"), "{told}");
        }
        sam.press(&old, "note", &[("text", "Bakes")]).await.went_to(&place(&old));
        sam.press(&new, "note", &[("text", "New phone")]).await.went_to(&place(&new));
        let both = sam.get(&format!("{}/same?other={}", place(&new), old.to_lowercase())).await;
        assert_eq!(both.attributes("[data-side]", "data-side"), [new.as_str(), old.as_str()]);
        join(&sam, &new, &old).await.went_to(&place(&new));
        sam.get(&place(&new)).await.went_to(&place(&old));
        app.assert_said(&[]);

        let page = sam.case(&old).await;
        assert!(page.attributes("[data-alike]", "data-alike").is_empty());
        assert!(page.all("[data-joined]").concat().contains(&new));
        assert_eq!(page.all("[data-note] .fb-words"), ["Bakes", "New phone"]);
        assert_eq!(heard(&page, "hello"), 2, "the messages of both");
        let open: Vec<String> = sam.queue("open").await.into_iter().map(|(reference, _)| reference).collect();
        assert!(open.contains(&old) && !open.contains(&new), "{open:?}");

        // Whichever phone they write from, it is this case; and the answer goes there.
        for (phone, to) in [(JOAN, "+447700900123"), (NEW_PHONE, "+447700900188")] {
            app.sms(phone, "It is me again").await;
            app.look();
            assert!(sam.case(&old).await.all("[data-texts-go-to]").concat().contains(&to[8..]));
            sam.press(&old, "reply", &[("text", "May I ring you?")]).await.went_to(&place(&old));
            app.settle().await;
            let sent = app.look();
            assert_eq!(sent.last().map(|text| (text.to.as_str(), text.body.as_str())), Some((to, "May I ring you?")));
        }
        assert_eq!(sam.queue("open").await.len(), 2, "no third case");
        for typed in ["07700 900123", "07700 900188", &old, &new] {
            assert_eq!(found(&sam, typed).await, [old.as_str()], "{typed}");
        }
        let actions = app.rows.texts("SELECT subject FROM audit WHERE action = 'merge' ORDER BY subject").await;
        let mut subjects = [old.clone(), new.clone()];
        subjects.sort();
        assert_eq!(actions, subjects, "audited at both");
        assert_eq!(sam.press_on(&page, &new, "note", &[("text", "late")]).await.status, 409, "it goes on elsewhere");
    }

    async fn who_is_not_the_same_is_not_asked_about_again(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        sam.press(&old, "not-same", &[("other", &new)]).await.went_to(&place(&old));
        for reference in [&old, &new] {
            let page = sam.case(reference).await;
            assert!(page.attributes("[data-alike]", "data-alike").is_empty(), "{reference}");
        }
        assert_eq!(sam.queue("open").await.len(), 2);
        app.look();
    }

    async fn joined_cases_are_taken_apart_with_what_each_phone_told(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        join(&sam, &old, &new).await.went_to(&place(&old));
        app.sms(NEW_PHONE, "The bus is late").await;
        app.sms(JOAN, "The tea is cold").await;
        app.look();
        let page = sam.case(&old).await;
        assert!(heard(&page, "The bus is late") == 1 && heard(&page, "The tea is cold") == 1);
        assert_eq!(page.all("[data-step=ring-number]").len(), 1, "what the new phone told");
        sam.press(&old, "split", &[("other", &new)]).await.went_to(&place(&old));
        let (old_page, new_page) = (sam.case(&old).await, sam.case(&new).await);
        assert_eq!((heard(&old_page, "The bus is late"), heard(&old_page, "The tea is cold")), (0, 1));
        assert_eq!((heard(&new_page, "The bus is late"), heard(&new_page, "The tea is cold")), (1, 0));
        assert_eq!((old_page.all("[data-step=ring-number]").len(), new_page.all("[data-step=ring-number]").len()), (0, 1));
        let waiting: Vec<String> = sam.queue("needs-reply").await.into_iter().map(|(reference, _)| reference).collect();
        assert!(waiting.contains(&new), "a human looks at it");
        app.sms(NEW_PHONE, "Hello?").await;
        app.look();
        assert_eq!(heard(&sam.case(&new).await, "Hello?"), 1);
        assert_eq!(sam.queue("open").await.len(), 2);
        assert_eq!(found(&sam, "07700 900188").await, [new.as_str()]);
    }

    async fn a_text_that_waits_is_held_back_where_cases_are_joined_and_where_they_are_taken_apart(store: TestStore) {
        const WORDS: &str = "Not sent: two cases were joined, or taken apart.";
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        let tomorrow = [("text", "About the drinking"), ("when", "chosen"), ("day", "2026-05-29"), ("time", "09:00")];
        sam.press(&old, "reply", &tomorrow).await.went_to(&place(&old));
        join(&sam, &old, &new).await.went_to(&place(&old));
        assert_eq!(sam.case(&old).await.all("[data-waits-words]"), [WORDS]);
        sam.press(&old, "reply", &tomorrow).await.went_to(&place(&old));
        sam.press(&old, "split", &[("other", &new)]).await.went_to(&place(&old));
        assert_eq!(sam.case(&old).await.all("[data-waits-words]"), [WORDS; 2]);
        app.wait(Duration::from_secs(24 * 3600)).await;
        assert!(app.look().iter().all(|text| !text.body.contains("drinking")), "it leaves for nobody");
    }

    async fn what_forbids_something_on_one_phone_forbids_it_for_the_person(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        app.sms(NEW_PHONE, "he is here now, please dont text me").await;
        app.look();
        sam.press(&new, "take-over", &[]).await.went_to(&place(&new));
        assert!(sam.case(&new).await.attributes("[data-warning]", "data-warning").contains(&"do-not-text".to_owned()));
        assert!(!sam.case(&old).await.attributes("[data-warning]", "data-warning").contains(&"do-not-text".to_owned()));
        join(&sam, &old, &new).await.went_to(&place(&old));
        let page = sam.case(&old).await;
        assert!(page.attributes("[data-warning]", "data-warning").contains(&"do-not-text".to_owned()));
        assert_eq!(page.attributes("[data-hold]", "data-hold"), ["on"]);
        assert_eq!(sam.press(&old, "reply", &[("text", "Hello")]).await.status, 422, "a reason is asked for");
        app.sms(JOAN, "hello").await;
        app.assert_said(&[]);
        // Apart again, what was stricter stays until somebody says otherwise.
        sam.press(&old, "split", &[("other", &new)]).await.went_to(&place(&old));
        app.sms(JOAN, "hello").await;
        app.assert_said(&[]);
    }

    async fn who_stopped_texts_last_on_one_phone_gets_none_on_the_other(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        app.sms(JOAN, "STOP").await;
        app.look();
        join(&sam, &old, &new).await.went_to(&place(&old));
        let page = sam.case(&old).await;
        assert!(page.attributes("[data-warning]", "data-warning").contains(&"opted-out".to_owned()));
        let refused = sam.press(&old, "reply", &[("text", "Hello")]).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        // Who writes from the other phone since wants an answer there, and there only.
        app.sms(NEW_PHONE, "I stopped the old one, write here").await;
        app.look();
        sam.press(&old, "reply", &[("text", "I will")]).await.went_to(&place(&old));
        app.settle().await;
        assert_eq!(app.look().last().map(|text| text.to.clone()), Some("+447700900188".to_owned()));
    }

    async fn an_open_concern_of_either_stands_with_the_case_and_both_are_told_and_erased_as_one(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, ann) = (app.worker("Sam").await, app.colleague("Ann", Role::Admin).await);
        let (old, new) = two_cases(&mut app, &sam).await;
        app.sms(NEW_PHONE, "I want to die").await;
        app.look();
        join(&sam, &old, &new).await.went_to(&place(&old));
        let (top, row) = sam.queue("needs-reply").await.remove(0);
        assert!(top == old && row.contains("Open concern"), "{row}");
        assert_eq!(sam.press(&old, "close", &[("outcome", "informed")]).await.status, 422, "the concern first");
        let concern = sam.case(&old).await.attributes("[data-concern] h3 a", "href").remove(0);
        assert!(sam.get(&concern).await.body.contains(&old), "the concern leads to the case that stays");
        sam.post(&format!("{concern}/acknowledge"), &[("key", "c"), ("done", "Rang her")]).await.went_to(&place(&old));
        let copy = ann.post(&format!("{}/export", place(&old)), &[("format", "json")]).await.body;
        for held in ["+447700900123", "+447700900188", &old, &new, "I want to die"] {
            assert!(copy.contains(held), "{held}");
        }
        let erase = [("again", old.as_str()), ("reason", "erase-as-they-asked"), ("days", "14")];
        let erased = ann.post(&format!("{}/erase", place(&old)), &erase).await;
        assert!(erased.status == 200 || erased.status == 303, "{}", erased.body);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM erasure").await, 2);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM person_address").await, 0);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM inbound WHERE body_sealed IS NOT NULL").await, 0);
        assert!(found(&sam, "joan").await.is_empty());
        app.sms(NEW_PHONE, "hello").await;
        app.look();
        assert_eq!(sam.queue("open").await.len(), 0, "whoever writes next is new");
    }

    async fn joining_loses_neither_the_month_of_a_request_nor_who_was_rung(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        app.sms(NEW_PHONE, "DELETE").await;
        app.look();
        sam.press(&new, "contact", &[("kind", "call"), ("result", "no-answer")]).await.went_to(&place(&new));
        let answer_by = sam.case(&new).await.all("[data-answer-by]");
        assert!(answer_by.len() == 1 && sam.case(&old).await.all("[data-answer-by]").is_empty());
        join(&sam, &old, &new).await.went_to(&place(&old));
        let both = sam.case(&old).await;
        assert_eq!(both.all("[data-answer-by]"), answer_by);
        assert!(both.body.contains("1 no answer"));
        app.forget_the_unsent();
    }

    async fn nobody_who_is_joined_is_erased_by_time(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, ann) = (app.worker("Sam").await, app.colleague("Ann", Role::Admin).await);
        let (old, new) = two_cases(&mut app, &sam).await;
        sam.press(&old, "close", &[("outcome", "connected")]).await.went_to(&place(&old));
        join(&sam, &new, &old).await.went_to(&place(&new));
        ann.post(&format!("{}/keep", place(&new)), &[("why", "An inquest")]).await;
        let erase = [("again", old.as_str()), ("reason", "erase-as-they-asked"), ("days", "14")];
        let refused = ann.post(&format!("{}/erase", place(&old)), &erase).await;
        assert_eq!(refused.status, 422, "kept by the other case too: {}", refused.body);
        ann.post(&format!("{}/keep-no-longer", place(&new)), &[]).await;
        app.wait(std::time::Duration::from_secs(9 * 366 * 24 * 3600)).await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM erasure").await, 0, "the new case is open");
        app.look();
        app.forget_the_unsent();
    }

    async fn nobody_is_joined_unseen_twice_or_across_services(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let (old, new) = two_cases(&mut app, &sam).await;
        let kim = app.colleague_of("Kim", Role::LinkWorker, &["dyffryn-gwern"]).await;
        for path in [format!("{}/same?other={new}", place(&old)), place(&new)] {
            assert_eq!(kim.get(&path).await.status, 404);
        }
        let nobody = sam.get(&format!("{}/same?other=FB-222222", place(&old))).await;
        assert_eq!(nobody.status, 422);
        assert_eq!(sam.get(&format!("{}/same?other={old}", place(&old))).await.status, 422, "with itself");
        let seen = sam.case(&old).await;
        sam.press(&new, "note", &[("text", "x")]).await.went_to(&place(&new));
        sam.press(&new, "claim", &[]).await.went_to(&place(&new));
        let stale = [("other", new.as_str()), ("other_version", "1")];
        assert_eq!(sam.press_on(&seen, &old, "merge", &stale).await.status, 409, "somebody took it meanwhile");
        join(&sam, &old, &new).await.went_to(&place(&old));
        let owner = sam.case(&old).await.all("[data-part=what-next]").concat();
        assert!(owner.contains("You."), "who had the other has this: {owner}");
        assert!(sam.get(&format!("{}/same?other={new}", place(&old))).await.body.contains("data-not-joined"));
        app.look();
    }

    async fn who_comes_back_on_the_same_phone_adds_to_the_open_case(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        app.talk(JOAN, &UNTIL_THE_END).await;
        sam.press(&reference, "claim", &[]).await.went_to(&place(&reference));
        app.sms(JOAN, "RESTART").await;
        for them in ["yes", "me", "78", "Joan", "Alder Vale Surgery", "My boiler is broken now"] {
            app.sms(JOAN, them).await;
        }
        app.look();
        assert_eq!(sam.queue("open").await.len(), 1, "the same case");
        let page = sam.case(&reference).await;
        assert_eq!(heard(&page, "My boiler is broken now"), 1);
    }
}
