//! What is let in, what is refused, and what becomes of it when the store is away.

use std::time::Duration;
use std::time::Instant;

use footbridge::domain::account::OptOutMode;
use sqlx::Connection;
use sqlx::Executor;
use sqlx::SqliteConnection;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::support::app::TestApp;
use crate::support::app::shipped;
use crate::support::fake_twilio::TOKEN;
use crate::support::postgres::Cluster;
use crate::support::signed_post::SignedPost;
use crate::support::stores::TestStore;

/// Twilio waits fifteen seconds; its fallback must have time to speak.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

on_both_stores! {
    async fn a_message_that_comes_twice_is_answered_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let post = app.inbound(JOAN, "hello");
        for _ in 0..3 {
            let answer = app.post(&post).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, "<Response></Response>"));
        }
        app.settle().await;
        app.assert_said(&["welcome, for-whom"]);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM inbound").await, 1);
    }

    async fn two_deliveries_of_one_message_at_once_are_answered_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let post = app.inbound(JOAN, "hello");
        let answers = futures_util::future::join_all((0..8).map(|_| app.post(&post))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        app.settle().await;
        app.assert_said(&["welcome, for-whom"]);
    }

    async fn what_is_not_twilios_or_no_message_is_refused_and_not_kept(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let mut forged = app.inbound(JOAN, "hello");
        forged.body.push_str("&Extra=1");
        let mut unsigned = app.inbound(JOAN, "hello");
        unsigned.signature.clear();
        let foreign = app.inbound_with(&[
            ("From", "+447700900123"),
            ("Body", "hello"),
            ("AccountSid", "AC99999999999999999999999999999999"),
        ]);
        let no_id = app.inbound_with(&[("From", "+447700900123"), ("Body", "hello"), ("MessageSid", "-")]);
        let no_sender = app.inbound_with(&[("Body", "hello")]);
        let long = app.inbound(JOAN, &"a".repeat(70_000));
        let expected =
            [(forged, 403), (unsigned, 403), (foreign, 403), (no_id, 400), (no_sender, 400), (long, 413)];
        for (post, status) in expected {
            assert_eq!(app.post(&post).await.status, status, "{}", &post.body[..post.body.len().min(200)]);
        }
        assert_eq!(app.rows.people().await, 0);
    }

    async fn reports_come_early_late_and_twice(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.reports = false;
        app.sms(JOAN, "hello").await;
        let message = app.look().remove(0);
        let (sent, delivered) = (app.fake.report(&message, "sent", None), app.fake.report(&message, "delivered", None));
        for report in [&delivered, &delivered, &sent] {
            assert_eq!(app.post(report).await.status, 200);
        }
        let fate = "SELECT COUNT(*) FROM outbox WHERE delivery = 'delivered'";
        assert_eq!(app.rows.count(fate).await, 1, "a late `sent` takes nothing back");
        let unknown = SignedPost::new(TOKEN, &sent.url.replace("?o=", "?o=0"), &[("MessageSid", "SM9"), ("MessageStatus", "sent")]);
        assert_eq!(app.post(&unknown).await.status, 200, "a report on a text of somebody else's is none of ours");
    }

    async fn a_report_that_comes_before_the_answer_to_our_own_request_counts(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.reports = false;
        app.sms(JOAN, "hello").await;
        let message = app.look().remove(0);
        let early = app.fake.report(&message, "undelivered", Some("30005"));
        assert_eq!(app.post(&early).await.status, 200);
        let sam = app.worker("Sam").await;
        let queue = sam.queue("needs-reply").await;
        assert_eq!(queue.len(), 1, "a human hears that the text did not arrive");
    }

    async fn the_networks_stop_is_obeyed_and_not_answered(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &[("hello", "welcome, for-whom"), ("me", "age-band")]).await;
        app.sms(JOAN, "STOP").await;
        app.assert_said(&[]);
        app.wait(Duration::from_secs(8 * 24 * 3600)).await;
        app.assert_said(&[]);
        app.sms(JOAN, "START").await;
        app.assert_said(&[]);
        app.sms(JOAN, "hello again").await;
        app.assert_said(&["resume"]);
    }

    async fn we_answer_stop_where_nobody_else_does(store: TestStore) {
        let mut app = TestApp::with(store, OptOutMode::Footbridge, shipped()).await;
        app.talk(JOAN, &[("hello", "welcome, for-whom"), ("me", "age-band")]).await;
        app.talk(JOAN, &[("STOP", "stopped")]).await;
        app.sms(JOAN, "what about me").await;
        app.assert_said(&[]);
        app.talk(JOAN, &[("START", "started, resume")]).await;
    }

    async fn stopping_in_own_words_is_confirmed_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &[("hello", "welcome, for-whom"), ("me", "age-band")]).await;
        app.talk(JOAN, &[("please stop texting me", "stopped")]).await;
        app.sms(JOAN, "please stop texting me").await;
        app.assert_said(&[]);
        app.talk(JOAN, &[("i did not mean it", "after-a-stop")]).await;
        app.sms(JOAN, "is anybody there").await;
        app.assert_said(&[]);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM referral WHERE reply_due").await, 1);
    }

    async fn advanced_opt_out_is_obeyed_where_twilio_says_so(store: TestStore) {
        let mut app = TestApp::with(store, OptOutMode::Advanced, shipped()).await;
        app.talk(JOAN, &[("hello", "welcome, for-whom")]).await;
        app.clock.advance(Duration::from_secs(30));
        let from = ("From", "+447700900123");
        let stop = app.inbound_with(&[from, ("Body", "ARRET"), ("OptOutType", "STOP")]);
        assert_eq!(app.post(&stop).await.status, 200);
        app.settle().await;
        app.sms(JOAN, "are you there").await;
        app.assert_said(&[]);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM address WHERE opted_out").await, 1);
    }

    async fn a_person_who_cannot_be_texted_is_heard_all_the_same(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        for (count, sender) in ["+441632960999", "+48501234567", "NHSalert"].into_iter().enumerate() {
            app.sms(sender, "I would like somebody to talk to").await;
            app.assert_said(&[]);
            let queue = sam.queue("needs-reply").await;
            assert_eq!(queue.len(), count + 1, "{sender}");
            let page = sam.case(&queue[count].0).await;
            let warnings = page.attributes("[data-warning]", "data-warning");
            assert!(warnings.contains(&"cannot-be-texted".to_owned()), "{sender}: {warnings:?}");
            assert_eq!(page.all("[data-from=person] .fb-words"), ["I would like somebody to talk to"]);
            assert!(page.all("form[action$='/reply']").is_empty(), "there is nothing to send");
        }
        app.sms("+441632960999", "I want to end my life").await;
        app.assert_said(&[]);
        assert!(sam.queue("needs-reply").await[0].1.contains("Open concern"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgres_is_away_texts_are_turned_back_in_time_and_taken_when_it_is_back() {
    let cluster = Cluster::start();
    let mut app = TestApp::on(TestStore::of_cluster(&cluster).await).await;
    app.talk(JOAN, &[("hello", "welcome, for-whom")]).await;
    cluster.stop();
    let post = app.inbound(JOAN, "me");
    let begun = Instant::now();
    assert_eq!(app.post(&post).await.status, 503);
    assert!(begun.elapsed() < ANSWER_WITHIN, "{:?}", begun.elapsed());
    assert_eq!(app.get("/readyz").await.status, 503);
    assert_eq!(app.get("/healthz").await.status, 200);
    cluster.start_again();
    app.clock.advance(Duration::from_secs(30));
    assert_eq!(app.post(&post).await.status, 200);
    assert_eq!(app.get("/readyz").await.status, 200);
    app.settle().await;
    app.assert_said(&["age-band"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_somebody_else_holds_the_file_texts_are_turned_back_in_time_and_answered_once_later() {
    let mut app = TestApp::on(TestStore::sqlite().await).await;
    app.talk(JOAN, &[("hello", "welcome, for-whom")]).await;
    let mut other = SqliteConnection::connect(&app.rows.0).await.expect("the file");
    other.execute("BEGIN IMMEDIATE").await.expect("the lock");
    let post = app.inbound(JOAN, "me");
    let begun = Instant::now();
    assert_eq!(app.post(&post).await.status, 503);
    assert!(begun.elapsed() < ANSWER_WITHIN, "{:?}", begun.elapsed());
    other.execute("ROLLBACK").await.expect("the lock back");
    assert_eq!(app.post(&post).await.status, 200);
    app.settle().await;
    app.assert_said(&["age-band"]);
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM inbound").await, 2);
}
