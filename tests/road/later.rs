//! Sending later: a text waits for its time, leaves once, and never unseen after they wrote; quiet hours.

use std::sync::Arc;
use std::time::Duration;

use footbridge::content::Content;
use footbridge::domain::account::OptOutMode;
use footbridge::intake;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::changed;
use crate::support::page::Page;
use crate::support::worker::Worker;

const BOX: &str = "#reply";
const HOUR: Duration = Duration::from_secs(3600);
/// The day after the one on which the tests begin, in the evening of which the clock stands.
const TOMORROW: [(&str, &str); 3] = [("when", "chosen"), ("day", "2026-05-29"), ("time", "09:00")];
const WAITS: &str = "Waiting to be sent on Fri 29 May at 09:00.";

/// The services sleep from nine until eight.
fn sleepy() -> Arc<Content> {
    let before = "    reply within: 2 working days\n";
    let after = format!("    quiet hours: 21:00 to 08:00\n{before}");
    changed(&[("conversations/services.yaml", before, &after)])
}

async fn for_tomorrow(worker: &Worker, reference: &str, text: &str) -> Page {
    worker.press(reference, "reply", &[&[("text", text)], &TOMORROW[..]].concat()).await
}

/// What the page says of the texts that wait.
fn told(page: &Page) -> Vec<String> {
    page.all("[data-waits-words]")
}

/// Presses a button of the only text that waits.
async fn press_waiting(worker: &Worker, page: &Page, reference: &str, act: &str) -> Page {
    let field = |name: &str| page.value(&format!("[data-waits] [name={name}]"));
    let (heard, later) = (field("heard"), field("later"));
    worker.press_on(page, reference, "later", &[("heard", &heard), ("later", &later), ("what", act)]).await
}

async fn stands_in(worker: &Worker, folder: &str, reference: &str) -> bool {
    worker.queue(folder).await.iter().any(|(row, _)| row == reference)
}

async fn waiting(app: &TestApp) -> i64 {
    app.rows.count("SELECT COUNT(*) FROM later_text").await
}

fn bodies(app: &mut TestApp) -> Vec<String> {
    app.look().into_iter().map(|text| text.body).collect()
}

on_both_stores! {
    async fn a_text_for_tomorrow_is_shown_as_waiting_and_leaves_once_at_its_time(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        app.look();
        let (case, page) = (format!("/inbox/referrals/{reference}"), sam.case(&reference).await);
        for _ in 0..2 {
            let fields = [&[("text", "See you on Tuesday")], &TOMORROW[..]].concat();
            sam.press_on(&page, &reference, "reply", &fields).await.went_to(&case);
        }
        assert_eq!(waiting(&app).await, 1, "a second click counts once");
        let page = priya.case(&reference).await;
        assert_eq!(told(&page), [WAITS]);
        assert!(page.all("[data-waits]")[0].contains("See you on Tuesday") && page.all("[data-waits]")[0].contains("Sam"));
        assert_eq!(page.all("[data-warning=text-waits] strong"), ["A text of ours:"]);
        assert_eq!(sam.case(&reference).await.all(BOX), [""]);
        assert!(!stands_in(&sam, "needs-reply", &reference).await && stands_in(&sam, "mine", &reference).await);
        assert_eq!(sam.get("/inbox/search").await.status, 200);
        app.wait(10 * HOUR).await;
        assert_eq!(bodies(&mut app), [""; 0], "it is not time yet");
        app.start_again().await;
        app.wait(2 * HOUR).await;
        app.wait(HOUR).await;
        assert_eq!(bodies(&mut app), ["See you on Tuesday"]);
        assert_eq!(waiting(&app).await, 0);
        let page = app.worker("Kim").await.case(&reference).await;
        assert!(told(&page).is_empty() && page.all("[data-from=link-worker]")[0].contains("See you on Tuesday"));
        assert!(page.body.contains("The text that waited was sent."));
    }

    async fn two_servers_that_look_at_the_same_moment_send_it_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for_tomorrow(&sam, &reference, "Good morning").await;
        app.clock.advance(12 * HOUR);
        let (one, other) = tokio::join!(intake::later::round(&app.house), intake::later::round(&app.house));
        assert_eq!(one.expect("a round") + other.expect("a round"), 1);
        app.settle().await;
        assert_eq!(bodies(&mut app).iter().filter(|body| *body == "Good morning").count(), 1);
    }

    async fn nothing_is_sent_unseen_after_they_wrote(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for_tomorrow(&sam, &reference, "See you on Tuesday").await;
        app.sms(JOAN, "I cannot come on Tuesday").await;
        app.wait(Duration::from_secs(1)).await;
        app.look();
        let before = sam.case(&reference).await;
        assert_eq!(told(&before), ["Held back: they wrote before it went. Look at it again."]);
        let rows = sam.queue("needs-reply").await;
        assert!(rows.iter().any(|(row, words)| *row == reference && words.contains("Text held back")), "{rows:?}");
        app.wait(13 * HOUR).await;
        assert_eq!(bodies(&mut app), [""; 0], "its time has passed, and it waits for somebody");
        let sam = app.worker("Kim").await;
        app.sms(JOAN, "Wednesday is fine").await;
        app.wait(Duration::from_secs(1)).await;
        app.look();
        let refused = press_waiting(&sam, &before, &reference, "send").await;
        assert_eq!(refused.status, 409, "a text of theirs was not on that page");
        let page = sam.case(&reference).await;
        press_waiting(&sam, &page, &reference, "send").await.went_to(&format!("/inbox/referrals/{reference}"));
        press_waiting(&sam, &page, &reference, "send").await.went_to(&format!("/inbox/referrals/{reference}"));
        app.settle().await;
        assert_eq!(bodies(&mut app), ["See you on Tuesday"]);
        assert!(!stands_in(&sam, "needs-reply", &reference).await);
        assert_eq!(press_waiting(&sam, &before, &reference, "take-back").await.status, 409, "it has left");
    }

    async fn who_has_looked_again_may_leave_it_for_its_time(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for_tomorrow(&sam, &reference, "See you on Tuesday").await;
        app.sms(JOAN, "Thank you").await;
        app.wait(Duration::from_secs(1)).await;
        let page = sam.case(&reference).await;
        assert!(page.body.contains("Leave it for Fri 29 May at 09:00"));
        press_waiting(&sam, &page, &reference, "keep").await.went_to(&format!("/inbox/referrals/{reference}"));
        assert_eq!(told(&sam.case(&reference).await), [WAITS]);
        app.look();
        app.wait(12 * HOUR).await;
        assert_eq!(bodies(&mut app), ["See you on Tuesday"]);
    }

    async fn what_is_taken_back_is_a_draft_again_and_who_waited_waits_again(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "reply", &[("text", "Hello")]).await;
        app.wait(HOUR).await;
        app.sms(JOAN, "Can you ring me?").await;
        for_tomorrow(&sam, &reference, "I will ring").await;
        assert!(!stands_in(&sam, "needs-reply", &reference).await);
        priya.press(&reference, "reply/draft", &[("text", "Dear Joan")]).await;
        let page = priya.case(&reference).await;
        press_waiting(&priya, &page, &reference, "take-back").await.went_to(&format!("/inbox/referrals/{reference}"));
        assert_eq!(priya.case(&reference).await.all(BOX), ["Dear Joan\nI will ring"]);
        assert!(stands_in(&sam, "needs-reply", &reference).await && waiting(&app).await == 0);
        app.look();
        app.wait(13 * HOUR).await;
        assert_eq!(bodies(&mut app), [""; 0]);
    }

    async fn nothing_is_sent_to_who_stopped_texts_and_the_words_are_kept(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for_tomorrow(&sam, &reference, "See you on Tuesday").await;
        app.sms(JOAN, "STOP").await;
        app.wait(13 * HOUR).await;
        assert!(bodies(&mut app).iter().all(|body| body != "See you on Tuesday"));
        let sam = app.worker("Kim").await;
        assert!(stands_in(&sam, "needs-reply", &reference).await);
        let page = sam.case(&reference).await;
        assert_eq!(told(&page), ["Not sent: they stopped all texts."]);
        assert!(page.all("[data-waits]")[0].contains("See you on Tuesday"));
        assert_eq!(page.attributes("[data-waits] button", "value"), ["note"]);
        assert_eq!(press_waiting(&sam, &page, &reference, "send").await.status, 422);
        press_waiting(&sam, &page, &reference, "note").await;
        let page = sam.case(&reference).await;
        assert_eq!(page.all("[data-note] .fb-words"), ["A text that was not sent: See you on Tuesday"]);
        assert!(told(&page).is_empty());
    }

    async fn nothing_is_sent_of_a_case_that_has_ended_or_to_a_phone_that_became_unsafe(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for_tomorrow(&sam, &reference, "See you on Tuesday").await;
        app.rows.texts("UPDATE person SET texts_unsafe = TRUE RETURNING 'done'").await;
        app.look();
        app.wait(12 * HOUR).await;
        let sam = app.worker("Kim").await;
        assert_eq!(told(&sam.case(&reference).await), ["Not sent: texts may not be safe for them."]);
        app.rows.texts("UPDATE person SET texts_unsafe = FALSE RETURNING 'done'").await;
        let page = sam.case(&reference).await;
        press_waiting(&sam, &page, &reference, "take-back").await;
        let on = [("text", "Again"), ("when", "chosen"), ("day", "2026-05-30"), ("time", "09:00")];
        sam.press(&reference, "reply", &on).await;
        sam.press(&reference, "close", &[("outcome", "informed")]).await;
        app.wait(Duration::from_secs(1)).await;
        assert_eq!(told(&sam.case(&reference).await), ["Not sent: the case has ended."]);
        assert!(stands_in(&sam, "needs-reply", &reference).await, "somebody is told");
        app.wait(24 * HOUR).await;
        assert!(!bodies(&mut app).contains(&"Again".to_owned()));
        let sam = app.worker("Priya").await;
        let page = sam.case(&reference).await;
        press_waiting(&sam, &page, &reference, "take-back").await;
        assert!(!stands_in(&sam, "needs-reply", &reference).await && waiting(&app).await == 0);
    }

    async fn a_day_that_has_been_is_asked_for_again_with_the_words(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        app.look();
        for (when, day) in [("chosen", "2026-05-27"), ("chosen", ""), ("chosen", "2028-01-01"), ("soon", "")] {
            let fields = [("text", "Hello"), ("when", when), ("day", day), ("time", "09:00")];
            let refused = sam.press(&reference, "reply", &fields).await;
            assert_eq!((refused.status, refused.all("textarea")), (422, vec!["Hello".to_owned()]), "{when} {day}");
            assert_eq!(refused.attributes("main [name=when]", "value"), ["chosen", "now"]);
        }
        app.settle().await;
        assert_eq!(bodies(&mut app), [""; 0]);
        assert_eq!(waiting(&app).await, 0);
    }

    async fn at_night_it_is_asked_whether_a_text_can_wait_but_who_just_wrote_is_answered(store: TestStore) {
        let mut app = TestApp::with(store, OptOutMode::Twilio, sleepy()).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let case = format!("/inbox/referrals/{reference}");
        assert_eq!(sam.case(&reference).await.all("[data-quiet]"), ["These are quiet hours, but they have just written: you can answer now."]);
        sam.press(&reference, "reply", &[("text", "Hello")]).await.went_to(&case);
        app.settle().await;
        assert_eq!(bodies(&mut app).pop().as_deref(), Some("Hello"), "an answer is not asked about");
        app.wait(HOUR).await;
        let page = sam.case(&reference).await;
        assert_eq!(page.attributes("[data-quiet] ~ button", "value"), ["2026-05-29T07:00:00Z", "now"]);
        let asked = sam.press_on(&page, &reference, "reply", &[("text", "Good night")]).await;
        assert_eq!((asked.status, asked.all("textarea")), (422, vec!["Good night".to_owned()]));
        assert_eq!(asked.all("main form button"), ["Send at 08:00, Fri 29 May", "Send it now"]);
        app.settle().await;
        assert_eq!(bodies(&mut app), [""; 0]);
        let offered = asked.attributes("main [name=when]", "value");
        sam.press_on(&page, &reference, "reply", &[("text", "Good night"), ("when", &offered[0])]).await.went_to(&case);
        assert_eq!(told(&sam.case(&reference).await), ["Waiting to be sent on Fri 29 May at 08:00."]);
        sam.press(&reference, "reply", &[("text", "It cannot wait"), ("when", "now")]).await.went_to(&case);
        app.settle().await;
        assert_eq!(bodies(&mut app), ["It cannot wait"]);
        app.wait(11 * HOUR).await;
        assert_eq!(bodies(&mut app), ["Good night"]);
        sam.press(&reference, "reply", &[("text", "By day nobody asks")]).await.went_to(&case);
        app.settle().await;
        assert_eq!(bodies(&mut app), ["By day nobody asks"]);
    }

    async fn nobody_is_reminded_at_night_nor_in_the_morning_where_they_wrote_meanwhile(store: TestStore) {
        let mut app = TestApp::with(store, OptOutMode::Twilio, sleepy()).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..6]).await;
        app.wait(25 * HOUR).await;
        app.assert_said(&[]);
        app.wait(10 * HOUR).await;
        app.assert_said(&["reminder, six"]);
        app.talk(JOAN, &[("3 4", "barriers")]).await;
        app.wait(37 * HOUR).await;
        app.assert_said(&[]);
        app.talk(JOAN, &[("1", "strengths")]).await;
        app.wait(10 * HOUR).await;
        app.assert_said(&[]);
    }
}
