//! Texts that no webhook brought are found at the provider and taken in, once, in order, and as late as they are.

use std::time::Duration;

use footbridge::domain::message::ChannelKind;
use footbridge::intake;
use footbridge::store::singleton::Duty;
use footbridge::sweep::Sweep;
use footbridge::sweep::SweepError;
use footbridge::sweep::Swept;
use futures_util::FutureExt;
use uuid::Uuid;

use crate::on_both_stores;
use crate::support::app::ENGLISH_NUMBER;
use crate::support::app::TestApp;
use crate::support::app::WELSH_NUMBER;
use crate::support::app::changed;
use crate::support::fake_twilio::written;
use crate::support::people::text;

const JOAN: &str = "+447700900123";
const TOM: &str = "+447700900124";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

impl TestApp {
    /// Somebody texts, and our webhook does not answer.
    fn missed(&self, from: &str, words: &str) -> String {
        self.missed_at(from, ENGLISH_NUMBER, words)
    }

    fn missed_at(&self, from: &str, to: &str, words: &str) -> String {
        self.fake.receive_from(from, to, words, &written(self.clock.now().to_jiff()))
    }

    /// Time passes without us.
    fn away(&self, length: Duration) {
        self.clock.advance(length);
    }

    /// A sweep, and everything that follows.
    async fn swept(&mut self, sweep: &mut Sweep) -> Swept {
        let swept = sweep.run_once().await.expect("a sweep");
        self.settle().await;
        swept.expect("it was time")
    }

    async fn inbound_rows(&self) -> i64 {
        self.rows.count("SELECT COUNT(*) FROM inbound").await
    }
}

fn took(count: u64) -> Swept {
    Swept { taken: count, lost: 0 }
}

on_both_stores! {
    async fn who_texts_while_we_are_down_for_five_minutes_is_answered_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        assert_eq!(app.swept(&mut app.sweep(1)).await, took(0));
        for minute in 0..5 {
            app.away(MINUTE);
            for person in 0..4 {
                app.missed(&format!("+44770090{:04}", 100 + minute * 4 + person), "hello");
            }
        }
        let mut after = app.sweep(1);
        assert_eq!(app.swept(&mut after).await, took(20));
        app.assert_said(&["welcome, for-whom"; 20]);
        app.away(MINUTE);
        assert_eq!(app.swept(&mut after).await, took(0));
        assert_eq!(app.inbound_rows().await, 20);
        let metrics = app.metrics().await;
        assert!(metrics.contains("footbridge_sweep_taken 20") && metrics.contains("footbridge_sweep_age_seconds 0"), "{metrics}");
    }

    async fn the_texts_of_one_person_are_taken_in_their_order(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let mut sweep = app.sweep(1);
        app.swept(&mut sweep).await;
        app.fake.shorten_lists(3);
        for (words, other) in [("hello", "hello"), ("me", "for my mother"), ("78", "yes")] {
            app.away(MINUTE);
            app.missed(JOAN, words);
            app.missed(TOM, other);
        }
        app.away(MINUTE);
        assert_eq!(app.swept(&mut sweep).await, took(6));
        let mut said: Vec<(String, String)> = app.look().into_iter().map(|message| (message.to, message.body)).collect();
        said.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(said.len(), 6);
        assert!(said[0].1.starts_with("Hello from") && said[2].1.contains("name"), "{said:?}");
    }

    async fn a_webhook_at_the_same_moment_doubles_nothing(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let mut sweep = app.sweep(1);
        app.swept(&mut sweep).await;
        app.away(MINUTE);
        let webhooks: Vec<_> = (0..10).map(|person| {
            let from = format!("+44770090{:04}", 100 + person);
            let sid = app.missed(&from, "hello");
            app.inbound_with(&[("MessageSid", &sid), ("From", &from), ("To", ENGLISH_NUMBER), ("Body", "hello")])
        }).collect();
        let both = tokio::join!(
            sweep.run_once(),
            futures_util::future::join_all(webhooks.iter().map(|webhook| app.post(webhook))),
        );
        both.0.expect("a sweep");
        assert!(both.1.iter().all(|answer| answer.status == 200));
        app.settle().await;
        app.assert_said(&["welcome, for-whom"; 10]);
        assert_eq!(app.inbound_rows().await, 10);
    }

    async fn what_came_before_the_number_was_first_served_is_not_answered(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.missed(JOAN, "an old text, to whoever had the number before");
        app.away(10 * MINUTE);
        let mut sweep = app.sweep(1);
        assert_eq!(app.swept(&mut sweep).await, took(0));
        app.away(MINUTE);
        app.missed(JOAN, "hello");
        app.missed_at(TOM, "+447700900555", "this is for somebody else on the same account");
        app.missed_at(TOM, WELSH_NUMBER, "hello");
        assert_eq!(app.swept(&mut sweep).await, took(2));
        app.assert_said(&["welcome, for-whom", "welcome, for-whom"]);
    }

    async fn a_number_that_files_name_later_is_swept_from_then_on(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let mut sweep = app.sweep(1);
        app.swept(&mut sweep).await;
        let (another, services) = ("+447700900303", "conversations/services.yaml");
        app.missed_at(TOM, another, "nobody serves this number yet");
        let named = changed(&[(services, "[\"+447700900101\"]", "[\"+447700900101\", \"+447700900303\"]")]);
        intake::put_in_force(&app.house, named).await.expect("in force");
        app.away(MINUTE);
        assert_eq!(app.swept(&mut sweep).await, took(0));
        app.away(MINUTE);
        app.missed_at(TOM, another, "hello");
        app.away(MINUTE);
        assert_eq!(app.swept(&mut sweep).await, took(1));
        app.assert_said(&["welcome, for-whom"]);
    }

    async fn after_three_days_without_us_all_of_them_are_looked_at(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.swept(&mut app.sweep(1)).await;
        app.away(MINUTE);
        app.missed(JOAN, "hello");
        app.away(3 * DAY);
        assert_eq!(app.swept(&mut app.sweep(2)).await, took(1));
        app.assert_said(&["late, welcome, for-whom"]);
        app.missed(TOM, "hello");
        app.away(8 * DAY);
        assert_eq!(app.swept(&mut app.sweep(3)).await, took(0), "nobody waits for us for a week");
        app.assert_said(&["reminder, for-whom"]);
    }

    async fn a_text_whose_words_are_gone_is_no_empty_text(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let mut sweep = app.sweep(1);
        app.swept(&mut sweep).await;
        app.away(MINUTE);
        app.missed(JOAN, "");
        assert_eq!(app.swept(&mut sweep).await, Swept { taken: 0, lost: 1 });
        assert_eq!(app.inbound_rows().await, 0);
    }

    async fn a_list_that_fails_is_told_and_asked_for_again(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let mut sweep = app.sweep(1);
        app.swept(&mut sweep).await;
        app.away(MINUTE);
        app.missed(JOAN, "hello");
        app.fake.fail_lists(1);
        assert!(matches!(sweep.run_once().await, Err(SweepError::List(_))));
        assert!(app.metrics().await.contains("footbridge_sweep_age_seconds 60"));
        assert_eq!(app.get("/readyz").await.status, 200);
        app.away(MINUTE / 2);
        assert_eq!(sweep.run_once().await.expect("no sweep"), None, "the provider is spared");
        app.away(MINUTE / 2);
        assert_eq!(app.swept(&mut sweep).await, took(1));
        app.assert_said(&["welcome, for-whom"]);
    }

    async fn what_is_read_late_is_told_so_and_its_concern_shows_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let worker = app.worker("Sam").await;
        app.swept(&mut app.sweep(1)).await;
        app.away(MINUTE);
        app.missed(JOAN, "I want to end my life");
        app.away(40 * MINUTE);
        assert_eq!(app.swept(&mut app.sweep(1)).await, took(1));
        app.assert_said(&["safety-suicide, late, are-you-safe"]);
        let (reference, _) = worker.queue("open").await.remove(0);
        assert_eq!(worker.case(&reference).await.all("[data-late]").len(), 1);
    }

    async fn a_stop_that_was_missed_is_a_stop(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let mut sweep = app.sweep(1);
        app.swept(&mut sweep).await;
        app.sms(JOAN, "hello").await;
        app.assert_said(&["welcome, for-whom"]);
        app.away(MINUTE);
        app.missed(JOAN, "STOP");
        assert_eq!(app.swept(&mut sweep).await, took(1));
        app.assert_said(&[]);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM address WHERE opted_out").await, 1);
    }

    async fn one_node_sweeps_and_another_takes_over(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (mut first, mut second) = (app.sweep(1), app.sweep(2));
        app.swept(&mut first).await;
        app.away(MINUTE);
        app.missed(JOAN, "hello");
        assert_eq!(app.swept(&mut second).await, took(1), "the first has died");
        app.assert_said(&["welcome, for-whom"]);
        app.away(Duration::from_secs(9));
        assert_eq!(first.run_once().await.expect("no sweep"), None, "it has lost the duty");
        app.away(Duration::from_secs(1));
        assert_eq!(app.swept(&mut first).await, took(0), "and takes it again, and looks at once");
    }

    async fn who_was_frozen_past_the_lease_takes_nothing_in(store: TestStore) {
        let app = TestApp::on(store).await;
        let duty = Duty { name: "sweep", node: Uuid::from_u128(1), lease: Duration::from_secs(10) };
        let other = Duty { node: Uuid::from_u128(2), ..duty };
        let now = app.clock.now();
        let take = |duty, now| app.house.store.write(move |tx| async move { tx.take_duty(duty, now).await }.boxed());
        assert!(take(duty, now).await.expect("a write"));
        app.away(Duration::from_secs(10));
        let thawed = intake::receive_for(&app.house, text("SM1", 1, "hello"), Some(duty)).await.expect("a write");
        assert_eq!(thawed, None);
        assert!(take(other, app.clock.now()).await.expect("a write"));
        assert!(intake::receive_for(&app.house, text("SM1", 1, "hello"), Some(other)).await.expect("a write").is_some());
        assert_eq!(app.inbound_rows().await, 1);
        assert!(app.house.store.read().await.expect("a read").has_inbound(ChannelKind::Sms, "SM1").await.expect("a read"));
        // Whoever stops gives it up, and nobody waits.
        app.house.store.write(move |tx| async move { tx.give_up_duty(other).await }.boxed()).await.expect("a write");
        assert!(take(duty, app.clock.now()).await.expect("a write"));
    }
}
