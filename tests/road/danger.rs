//! A text about danger is heard in every state, and stands on top of the inbox.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::road::themes::at_the_terminal;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::UNTIL_THE_END;
use crate::support::worker::Worker;

const CRISIS: &str = "I want to die";
const REPLY: &str = "safety-suicide, are-you-safe";

/// Fails unless one concern is open, and its case stands above all others.
async fn assert_on_top(worker: &Worker, state: &str) {
    let queue = worker.queue("needs-reply").await;
    assert!(queue[0].1.contains("Open concern"), "{state}: {queue:?}");
    let page = worker.case(&queue[0].0).await;
    assert_eq!(page.all("[data-concern]").len(), 1, "{state}");
    assert_eq!(page.all("[data-concern] mark"), ["want to die"], "{state}");
}

on_both_stores! {
    async fn of_somebody_new(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        handed_over(&mut app, TOM, &sam).await;
        app.sms(JOAN, CRISIS).await;
        app.assert_said(&[REPLY]);
        assert_on_top(&sam, "fresh").await;
    }

    async fn the_terminal_tells_of_it_with_the_whole_text_and_the_case(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.sms(JOAN, "No more of this. I want to die").await;
        app.assert_said(&[REPLY]);
        let reference = sam.queue("needs-reply").await[0].0.clone();
        let told: Value = serde_json::from_str(&at_the_terminal(&app, &reference, "json")).expect("JSON");
        assert_eq!(told[0]["reference"], json!(reference));
        let concern = &told[0]["concerns"][0];
        assert_eq!((&concern["category"], &concern["found"]), (&json!("suicide"), &json!("want to die")));
        assert_eq!(concern["words"], json!("No more of this. I want to die"));
        assert_eq!(concern["acknowledged_at"], Value::Null);
        let text = at_the_terminal(&app, &reference, "text");
        assert!(text.starts_with("Concern (suicide, nobody has said that they saw it): "), "{text}");
    }

    async fn of_somebody_mid_way(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        handed_over(&mut app, TOM, &sam).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..6]).await;
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        assert_on_top(&sam, "mid-way").await;
        app.talk(JOAN, &[("1", "safe-noted, carry-on-hint"), ("GO", "carry-on, six"), ("3", "barriers")]).await;
        assert_on_top(&sam, "after saying that they are safe").await;
    }

    async fn of_somebody_who_talks_with_a_human(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        handed_over(&mut app, TOM, &sam).await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "take-over", &[]).await.went_to(&format!("/inbox/referrals/{reference}"));
        app.sms(JOAN, CRISIS).await;
        app.assert_said(&[]);
        assert_on_top(&sam, "hold").await;
        app.wait(Duration::from_secs(119)).await;
        app.assert_said(&[]);
        app.wait(Duration::from_secs(1)).await;
        app.assert_said(&[REPLY]);
    }

    async fn in_a_hold_whoever_says_that_they_are_replying_speaks_instead_of_the_fixed_reply(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "take-over", &[]).await.went_to(&format!("/inbox/referrals/{reference}"));
        assert!(sam.case(&reference).await.all("[data-hold] form[action$='/take-over']").is_empty());
        app.sms(JOAN, CRISIS).await;
        assert_eq!(sam.case(&reference).await.all("[data-hold] form[action$='/take-over']").len(), 1);
        sam.press(&reference, "take-over", &[]).await.went_to(&format!("/inbox/referrals/{reference}"));
        app.wait(Duration::from_secs(300)).await;
        app.assert_said(&[]);
        assert_on_top(&sam, "a worker replies").await;
    }

    async fn of_somebody_who_has_finished(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        handed_over(&mut app, TOM, &sam).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        app.talk(JOAN, &UNTIL_THE_END).await;
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        assert_on_top(&sam, "after the end").await;
    }

    async fn of_somebody_who_has_stopped(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        handed_over(&mut app, TOM, &sam).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..3]).await;
        app.sms(JOAN, "STOP").await;
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        assert_on_top(&sam, "opted out").await;
    }

    async fn of_somebody_who_was_closed(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        handed_over(&mut app, TOM, &sam).await;
        let closed = sam.press(&reference, "close", &[("outcome", "connected")]).await;
        closed.went_to(&format!("/inbox/referrals/{reference}"));
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        assert_on_top(&sam, "closed").await;
    }

    async fn no_case_ends_before_somebody_says_what_they_did_about_its_concern(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let case = format!("/inbox/referrals/{reference}");
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        let before = sam.case(&reference).await;
        let concern = before.attributes("[data-concern]", "data-concern").remove(0);
        let endings =
            [("close", ("outcome", "connected")), ("close", ("outcome", "died")), ("decline", ("reason", "not-wanted"))];
        for (action, choice) in endings {
            let refused = sam.press_on(&before, &reference, action, &[choice]).await;
            assert_eq!(refused.status, 422, "{choice:?}");
            let sentence = "There is an open concern. Say first what you have done about it.";
            assert!(refused.body.contains(sentence), "{}", refused.body);
            assert_eq!(refused.attributes("main a", "href"), [format!("/inbox/concerns/{concern}")]);
            assert_eq!(sam.case(&reference).await.all("main [data-warning]"), before.all("main [data-warning]"));
            assert_on_top(&sam, action).await;
        }
        let done = [("key", "k"), ("done", "Rang her")];
        sam.post(&format!("/inbox/concerns/{concern}/acknowledge"), &done).await.went_to(&case);
        // The very form that was refused counts now: nothing was done with it.
        sam.press_on(&before, &reference, "close", &[("outcome", "connected")]).await.went_to(&case);
        assert_eq!(sam.queue("closed").await.len(), 1);
    }

    async fn whoever_stops_after_a_text_about_danger_is_to_be_rung(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        app.sms(JOAN, "STOP").await;
        app.assert_said(&[]);
        let (reference, row) = sam.queue("needs-reply").await.remove(0);
        assert!(row.contains("2 open concerns"), "{row}");
        let concerns = sam.case(&reference).await.attributes("[data-concern]", "data-concern");
        let page = sam.get(&format!("/inbox/concerns/{}", concerns[1])).await;
        assert!(page.body.contains("Stopped all texts after a text about danger: somebody must ring"));
        assert_eq!(page.attributes("a[href^='tel:']", "href"), ["tel:+447700900123"]);
    }

    async fn of_somebody_over_the_limit_and_the_limit_is_said_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        handed_over(&mut app, TOM, &sam).await;
        app.pace = Duration::from_secs(2);
        for text in 0..60 {
            app.sms(JOAN, &format!("this is text number {text} of very many")).await;
        }
        let answered = app.look().len();
        assert!((1..60).contains(&answered), "{answered} answers");
        app.talk(JOAN, &[("one more", "slow-down")]).await;
        for _ in 0..5 {
            app.sms(JOAN, "and more").await;
            app.assert_said(&[]);
        }
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        assert_on_top(&sam, "over the limit").await;
        let heard = "SELECT COUNT(*) FROM inbound WHERE body_sealed IS NOT NULL";
        assert_eq!(app.rows.count(heard).await, 12 + 60 + 1 + 5 + 1, "every text is kept");
        app.wait(Duration::from_secs(3600)).await;
        app.look();
        app.sms(JOAN, "GO").await;
        assert!(!app.look().is_empty(), "an hour later they are answered again");
    }

    async fn a_concern_ends_only_when_somebody_says_what_they_did(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.sms(JOAN, CRISIS).await;
        app.assert_said(&[REPLY]);
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        let page = sam.case(&reference).await;
        let form = "form[action^='/inbox/concerns/']";
        let (path, key) = (page.attributes(form, "action").remove(0), page.value(&format!("{form} [name=key]")));
        assert_eq!(sam.post(&path, &[("key", &key), ("done", "")]).await.status, 422);
        let done = sam.post(&path, &[("key", &key), ("done", "Rang her")]).await;
        done.went_to(&format!("/inbox/referrals/{reference}"));
        assert!(!sam.queue("open").await[0].1.contains("Open concern"));
        // That nobody answered "are you safe?" is one of its own, and so is the next text.
        app.wait(Duration::from_secs(3600)).await;
        assert!(sam.queue("needs-reply").await[0].1.contains("Open concern"));
        let own_page = sam.case(&reference).await.attributes("[data-concern] h3 a", "href").remove(0);
        let own_page = sam.get(&own_page).await;
        assert!(own_page.body.contains("Our safety reply: arrived."), "the one that asked: {}", own_page.body);
        app.talk(JOAN, &[("I am going to kill myself", REPLY)]).await;
        assert!(sam.queue("needs-reply").await[0].1.contains("2 open concerns"));
    }

    async fn the_box_of_a_concern_tells_what_became_of_are_you_safe(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        app.wait(Duration::from_secs(120)).await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        let told = async || sam.case(&reference).await.all("[data-concern] [data-asked-safe]");
        let said = told().await;
        assert!(said[0].contains("We asked “Are you safe right now?”"), "{said:?}");
        assert!(said[0].contains("No answer for 2 minutes."), "{said:?}");
        app.sms(JOAN, "its all too much").await;
        app.look();
        let said = told().await;
        assert!(said[0].contains("They have not said. They wrote") && said[0].contains("“its all too much”"), "{said:?}");
        app.sms(JOAN, "yes i am safe").await;
        app.look();
        let said = told().await;
        assert!(said[0].contains("They said that they are safe") && said[0].contains("“yes i am safe”"), "{said:?}");
        let own_page = sam.case(&reference).await.attributes("[data-concern] h3 a", "href").remove(0);
        let said = sam.get(&own_page).await.all("[data-asked-safe]");
        assert!(said[0].contains("They said that they are safe"), "the page of the concern says the same: {said:?}");
        app.talk(TOM, &[(CRISIS, REPLY)]).await;
        app.sms(TOM, "2").await;
        app.look();
        let (reference, _) = sam.queue("needs-reply").await.remove(1);
        let said = sam.case(&reference).await.all("[data-concern] [data-asked-safe]");
        assert_eq!(said.len(), 2, "the concern before, and the one that the answer raised");
        assert!(said.iter().all(|said| said.contains("They said that they are not safe") && said.contains("“2”")), "{said:?}");
    }

    async fn what_is_over_or_said_of_somebody_else_is_noted_and_is_no_concern(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        assert!(sam.case(&reference).await.all("[data-tag], [data-noted]").is_empty());
        app.sms(JOAN, "I lost my dad to suicide in 1998").await;
        app.look();
        let page = sam.case(&reference).await;
        assert!(page.all("[data-concern]").is_empty());
        assert_eq!(page.attributes("[data-part=themes] [data-noted]", "data-noted"), ["bereavement", "past"]);
        assert_eq!(page.all("[data-from=person] [data-tag]").len(), 2, "beside the message that says it");
    }

    async fn nothing_is_said_to_a_phone_that_somebody_else_reads(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..6]).await;
        app.talk(JOAN, &[("my husband hits me", "safety-abuse, safe-to-text")]).await;
        app.sms(JOAN, "no").await;
        app.assert_said(&[]);
        app.wait(Duration::from_secs(8 * 24 * 3600)).await;
        app.assert_said(&[]);
        let sam = app.worker("Sam").await;
        let (reference, row) = sam.queue("needs-reply").await.remove(0);
        assert!(row.contains("Open concern"), "{row}");
        let page = sam.case(&reference).await;
        let warnings = page.attributes("[data-warning]", "data-warning");
        assert!(warnings.contains(&"do-not-text".to_owned()), "{warnings:?}");
        assert_eq!(sam.press(&reference, "reply", &[("text", "hello")]).await.status, 422, "a reason is asked for");
        app.settle().await;
        app.assert_said(&[]);
    }

    async fn whoever_asked_for_no_texts_is_heard_and_seen_whatever_they_write(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for text in ["no replies please, someone reads this", "hello? is anybody there", CRISIS] {
            app.sms(JOAN, text).await;
            app.wait(Duration::from_secs(3600)).await;
            app.assert_said(&[]);
        }
        let page = sam.case(&reference).await;
        let thread = page.all("[data-part=thread] [data-from=person]").join(" ");
        assert!(thread.contains("hello? is anybody there") && thread.contains(CRISIS), "{thread}");
        assert_on_top(&sam, "silent").await;
        assert!(page.attributes("[data-warning]", "data-warning").contains(&"do-not-text".to_owned()));
    }

    async fn a_text_to_a_silent_phone_needs_a_reply_also_without_danger(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        app.sms(JOAN, "someone might see, please dont text me").await;
        app.sms(JOAN, "hello? why does nobody answer").await;
        app.assert_said(&[]);
        assert!(sam.queue("needs-reply").await.iter().any(|(found, _)| *found == reference));
    }
}
