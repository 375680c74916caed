//! What Twilio reports of our texts, early, late, twice and in any order, by its signed webhooks.

use std::time::Duration;

use crate::on_both_stores;
use crate::support::app::ENGLISH_NUMBER;
use crate::support::app::PUBLIC_URL;
use crate::support::app::TestApp;
use crate::support::fake_twilio::Answer;
use crate::support::fake_twilio::CREATED;
use crate::support::fake_twilio::Message;

const JOAN: &str = "+447700900123";

impl TestApp {
    /// Joan texts; her answer is due and has not left.
    async fn asked(&mut self) {
        self.reports = false;
        let post = self.inbound(JOAN, "hello");
        assert_eq!(self.post(&post).await.status, 200);
    }

    /// Joan texts and her answer leaves.
    async fn answered(&mut self) -> Message {
        self.asked().await;
        self.settle().await;
        self.assert_said(&["welcome, for-whom"]);
        self.fake.messages().remove(0)
    }

    async fn reported(&self, text: &Message, status: &str, code: Option<&str>) {
        let report = self.fake.report(text, status, code);
        assert_eq!(self.post(&report).await.status, 200);
    }

    /// Our text as Twilio took it without telling anybody, not even by its list.
    async fn taken_unlisted(&self) -> Message {
        let id = self.rows.outbox().await.remove(0).0;
        Message {
            sid: "SMlate".to_owned(),
            from: ENGLISH_NUMBER.to_owned(),
            to: JOAN.to_owned(),
            body: String::new(),
            status_callback: Some(format!("{PUBLIC_URL}/channels/twilio/status?o={id}")),
            created: CREATED.to_owned(),
        }
    }

    /// How many texts stand so.
    async fn texts_that(&self, condition: &str) -> i64 {
        self.rows.count(&format!("SELECT COUNT(*) FROM outbox WHERE {condition}")).await
    }

    async fn waits_for_a_human(&self) -> bool {
        self.rows.count("SELECT COUNT(*) FROM referral WHERE reply_due").await == 1
    }
}

on_both_stores! {
    async fn a_report_before_the_answer_counts_and_the_answer_changes_nothing(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.asked().await;
        app.fake.plan(Answer::CreatedWhenTold);
        let early = async {
            while app.fake.messages().is_empty() {
                tokio::task::yield_now().await;
            }
            app.reported(&app.fake.messages()[0], "delivered", None).await;
            assert_eq!(app.texts_that("state = 'sent' AND delivery = 'delivered'").await, 1);
            app.fake.let_go();
        };
        let (sent, ()) = tokio::join!(app.send(), early);
        assert_eq!(sent, 1);
        assert_eq!(app.texts_that("state = 'sent' AND delivery = 'delivered'").await, 1);
        app.assert_said(&["welcome, for-whom"]);
    }

    async fn a_report_before_an_answer_that_is_lost_settles_the_doubt(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.asked().await;
        app.fake.plan(Answer::Closed);
        assert_eq!(app.send().await, 1);
        assert_eq!(app.texts_that("state = 'in-doubt'").await, 1);
        let text = app.fake.messages().remove(0);
        app.reported(&text, "sent", None).await;
        app.wait(Duration::from_secs(3600)).await;
        assert_eq!(app.texts_that("state = 'sent' AND delivery = 'sent'").await, 1);
        app.assert_said(&["welcome, for-whom"]);
    }

    async fn reports_in_the_wrong_order_leave_the_best_that_is_known(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let text = app.answered().await;
        for status in ["delivered", "sent", "queued", "delivered", "sending"] {
            app.reported(&text, status, None).await;
        }
        app.reported(&text, "undelivered", Some("30005")).await;
        assert_eq!(app.texts_that("delivery = 'delivered' AND error_code IS NULL").await, 1);
        assert!(!app.waits_for_a_human().await);
    }

    async fn a_report_that_comes_twice_has_its_effect_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let text = app.answered().await;
        for _ in 0..3 {
            app.reported(&text, "undelivered", Some("30008")).await;
        }
        assert_eq!(app.texts_that("TRUE").await, 2, "it is to be sent once more, once");
        app.reported(&text, "delivered", None).await;
        assert_eq!(app.texts_that("delivery = 'delivered'").await, 1, "a late delivery counts");
        app.forget_the_unsent();
    }

    async fn a_report_on_another_text_changes_nothing(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let text = app.answered().await;
        let other = Message { sid: "SMother".to_owned(), ..text.clone() };
        app.reported(&other, "undelivered", Some("30005")).await;
        assert_eq!(app.texts_that("delivery = 'undelivered'").await, 0);
        assert!(!app.waits_for_a_human().await);
        app.reported(&text, "delivered", None).await;
        assert_eq!(app.texts_that("delivery = 'delivered'").await, 1);
    }

    async fn a_late_report_keeps_a_text_from_being_sent_twice(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.asked().await;
        app.fake.plan(Answer::Status(503));
        assert_eq!(app.send().await, 1);
        for _ in 0..3 {
            app.wait_for_looks(Duration::from_secs(600)).await;
        }
        assert_eq!(app.texts_that("state = 'ready' AND again").await, 1, "it is about to be sent once more");
        // Twilio had it all the same, and its list was late.
        app.reported(&app.taken_unlisted().await, "delivered", None).await;
        app.settle().await;
        app.assert_said(&[]);
        assert_eq!(app.texts_that("state = 'sent' AND delivery = 'delivered'").await, 1);
    }

    async fn a_text_that_was_given_up_in_doubt_and_arrived_is_shown_as_arrived(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.asked().await;
        for _ in 0..2 {
            app.fake.plan(Answer::Status(503));
            assert_eq!(app.send().await, 1);
            for _ in 0..3 {
                app.wait_for_looks(Duration::from_secs(600)).await;
            }
        }
        assert_eq!(app.texts_that("state = 'gave-up' AND error_code = 'unknown'").await, 1);
        assert!(app.waits_for_a_human().await);
        app.reported(&app.taken_unlisted().await, "delivered", None).await;
        assert_eq!(app.texts_that("state = 'sent' AND delivery = 'delivered' AND error_code IS NULL").await, 1);
    }
}
