//! The outbox and the schedule: what becomes of a text, whatever a provider does, and who is called.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use footbridge::channel::GiveUpReason;
use footbridge::channel::SendError;
use footbridge::channel::Sender;
use footbridge::channel::StopReason;
use footbridge::channel::simulator::Fault;
use footbridge::channel::simulator::Simulator;
use footbridge::channel::twilio::Twilio;
use footbridge::channel::twilio::status::Consequence;
use footbridge::channel::twilio::status::Report;
use footbridge::clock::Clock;
use footbridge::domain::account::OptOutMode;
use footbridge::domain::account::TwilioAccount;
use footbridge::domain::account::TwilioSender;
use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::ids::OutboxId;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::DeliveryStatus;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::referral::ReferralStatus;
use footbridge::domain::secret::Secret;
use footbridge::domain::time::Timestamp;
use footbridge::intake;
use footbridge::intake::House;
use footbridge::outbox::Outbox;
use footbridge::outbox::delivery;
use footbridge::schedule::Schedule;
use footbridge::store::Store;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::randomness::Randomness;
use footbridge::store::referral::Referral;
use footbridge::store::thread::SaidWhat;
use futures_util::FutureExt;
use sqlx::Connection;
use sqlx::Executor;
use sqlx::SqliteConnection;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::on_both_stores;
use crate::support::app::shipped;
use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::Answer;
use crate::support::fake_twilio::CREATED;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::fake_twilio::NUMBER;
use crate::support::fake_twilio::TOKEN;
use crate::support::people::Somebody;
use crate::support::people::at;
use crate::support::people::mobile;
use crate::support::people::reply;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::people::text;
use crate::support::people::token;
use crate::support::people::worker;
use crate::support::rows::Rows;
use crate::support::stores::TestStore;

const RETRY: SendError = SendError::Retry { after: None, code: Some(20429) };

/// A post office: a store, a clock that stands still, phones in memory, and what sends to them.
struct Post {
    store: Store,
    clock: Clock,
    phones: Simulator,
    outbox: Outbox,
}

impl Post {
    fn with_phones(store: &TestStore) -> Self {
        let phones = Simulator::new();
        Self::with(store, Sender::Simulator(phones.clone()), phones)
    }

    fn with_twilio(store: &TestStore, fake: &FakeTwilio) -> Self {
        Self::with(store, twilio(fake, TOKEN), Simulator::new())
    }

    fn with(store: &TestStore, sender: Sender, phones: Simulator) -> Self {
        let clock = Clock::settable(at(0));
        let outbox = outbox(store, clock.clone(), BTreeMap::from([(ChannelKind::Sms, sender)]));
        Self { store: store.handle(), clock, phones, outbox }
    }

    /// Puts a text for this number into the outbox, due now.
    async fn say(&self, number: u32, purpose: Purpose, words: &'static str) -> OutboxId {
        let now = self.clock.now();
        let said = self.store.write(move |tx| {
            async move {
                let to = somebody(tx, number).await?;
                let mut text = reply(&to, purpose, words);
                text.due_at = now;
                tx.append_text(&text, now).await
            }
            .boxed()
        });
        said.await.expect("what the test needs")
    }

    /// A person texts us, by Twilio.
    async fn hear(&self, fake: &FakeTwilio, number: u32, words: &'static str) {
        let sid = fake.receive(words);
        let heard = self.store.write(move |tx| {
            let inbound = text(&sid, number, words);
            async move {
                let arrival = tx.note_inbound(&inbound, &service()).await?.expect("a new message");
                let from = somebody(tx, number).await?;
                tx.place_inbound(arrival.id, from.person.id, Some(from.session.id), &inbound.content).await
            }
            .boxed()
        });
        heard.await.expect("what the test needs");
    }

    async fn send(&self) -> usize {
        self.outbox.run_once().await.expect("what the test needs")
    }

    async fn look(&self) -> usize {
        self.outbox.look_into_doubts().await.expect("what the test needs")
    }

    fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    fn fail(&self, error: SendError) {
        self.phones.fail_next(Fault::Lost(error));
    }

    /// What a phone shows.
    fn phone(&self, number: u32) -> Vec<String> {
        self.phones.messages(&mobile(number)).into_iter().map(|message| message.text.0).collect()
    }

    async fn person(&self, number: u32) -> Somebody {
        self.store.write(move |tx| somebody(tx, number).boxed()).await.expect("what the test needs")
    }

    async fn opted_out(&self, number: u32) -> bool {
        self.person(number).await.address.opted_out
    }

    /// What stands in the thread of a person: state, delivery, code.
    async fn fates(&self, number: u32) -> Vec<String> {
        let person = self.person(number).await.person.id;
        let said = self
            .store
            .read()
            .await
            .expect("what the test needs")
            .thread(person, 50)
            .await
            .expect("what the test needs");
        let fate = |what| match what {
            SaidWhat::Told { state, delivery, error_code, .. } => {
                [Some(state), delivery, error_code].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            SaidWhat::Heard { .. } => "heard".to_owned(),
        };
        said.into_iter().map(|said| fate(said.what)).collect()
    }

    async fn referral(&self, number: u32) -> Option<Referral> {
        let person = self.person(number).await.person.id;
        self.store
            .read()
            .await
            .expect("what the test needs")
            .open_referral_of(person)
            .await
            .expect("what the test needs")
    }

    /// Whether a human has been called to this person.
    async fn human_called(&self, number: u32) -> bool {
        self.referral(number).await.is_some_and(|referral| referral.reply_due)
    }

    async fn human_answers(&self, number: u32) {
        let sam = worker(&self.store, "sam@example.org").await;
        let (case, now) = (self.referral(number).await.expect("what the test needs"), self.clock.now());
        self.store
            .write(move |tx| tx.answer_referral(case.id, case.version, sam, now).boxed())
            .await
            .expect("what the test needs");
    }

    fn schedule(&self) -> Schedule {
        let content = shipped().into();
        let wake = Arc::new(Notify::new());
        let store = self.store.clone();
        let base = "https://texts.example.org".into();
        let house = House { store, clock: self.clock.clone(), content, wake, base };
        Schedule::new(house, Uuid::from_u128(1))
    }

    async fn report(
        &self,
        id: OutboxId,
        provider_id: &str,
        status: DeliveryStatus,
        consequence: Consequence,
    ) {
        let code = (status == DeliveryStatus::Undelivered).then_some(30003);
        let report =
            Report { outbox_id: Some(id), provider_id: provider_id.to_owned(), status, consequence, code };
        delivery::report(&self.store, &report, self.clock.now()).await.expect("what the test needs");
    }
}

fn outbox(store: &Store, clock: Clock, senders: BTreeMap<ChannelKind, Sender>) -> Outbox {
    Outbox::new(store.clone(), clock, senders, Arc::new(Notify::new()), Randomness::seeded(1))
}

fn twilio(fake: &FakeTwilio, token: &str) -> Sender {
    let account = TwilioAccount {
        sid: ACCOUNT_SID.to_owned(),
        tokens: vec![Secret::from(token.to_owned())],
        sender: TwilioSender::Number(NUMBER.to_owned()),
        api_url: fake.url.parse().expect("what the test needs"),
        opt_out: OptOutMode::Twilio,
    };
    Sender::Twilio(Box::new(
        Twilio::new(account, "https://texts.example.org".parse().expect("what the test needs"))
            .expect("what the test needs"),
    ))
}

fn undelivered(reason: GiveUpReason) -> Consequence {
    Consequence::GiveUp { reason }
}

const RETRY_IN_A_MINUTE: Consequence = Consequence::RetryOnce { after: Duration::from_secs(60) };

// Order.

/// Twilio takes a text, and so many seconds later loses another in the same words to the same number: the second stays in
/// doubt.
async fn the_same_words_are_lost_after(seconds: u64, store: &TestStore) {
    let fake = FakeTwilio::start().await;
    let post = Post::with_twilio(store, &fake);
    let listed =
        Timestamp::from_jiff(jiff::fmt::rfc2822::parse(CREATED).expect("what the test needs").timestamp());
    post.clock.advance(listed.since(at(10)));
    post.say(1, Purpose::Answer, "hello").await;
    post.say(1, Purpose::Answer, "hello").await;
    assert_eq!(post.send().await, 1);
    post.wait(seconds);
    fake.plan(Answer::Status(503));
    assert_eq!(post.send().await, 1);
    post.wait(60);
    assert_eq!(post.look().await, 1);
    assert_eq!(post.fates(1).await, ["sent sent", "in-doubt"]);
}

on_both_stores! {
    async fn sixteen_texts_to_one_phone_leave_one_at_a_time_and_in_order(store: TestStore) {
        const WORDS: [&str; 16] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];
        let post = Post::with_phones(&store);
        for words in WORDS {
            post.say(1, Purpose::Answer, words).await;
        }
        for sent in 1..=16 {
            assert_eq!(post.send().await, 1);
            assert_eq!(post.phone(1), WORDS[..sent]);
        }
        assert_eq!(post.send().await, 0);
    }

    async fn a_safety_reply_overtakes_and_a_text_tried_again_keeps_its_place(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "first").await;
        post.say(1, Purpose::Answer, "second").await;
        post.fail(RETRY);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.send().await, 0, "the second waits for the first");
        post.say(1, Purpose::Safety, "safety").await;
        assert_eq!(post.send().await, 1);
        post.wait(2);
        assert_eq!((post.send().await, post.send().await), (1, 1));
        assert_eq!(post.phone(1), ["safety", "first", "second"]);
    }

    async fn texts_keep_their_distance_where_reports_come(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        let first = post.say(1, Purpose::Answer, "long").await;
        post.say(1, Purpose::Answer, "short").await;
        post.say(1, Purpose::Answer, "last").await;
        assert_eq!((post.send().await, post.send().await), (1, 0));
        post.report(first, &fake.messages()[0].sid, DeliveryStatus::Delivered, Consequence::None).await;
        assert_eq!((post.send().await, post.send().await), (1, 0), "the first has arrived");
        assert_eq!(post.send().await, 0, "nothing is known of the second");
        post.say(1, Purpose::Safety, "safety").await;
        assert_eq!(post.send().await, 1, "safety does not wait");
        assert_eq!(post.send().await, 0, "what follows it does");
        post.wait(1);
        assert_eq!(post.send().await, 1);
        let left: Vec<_> = fake.messages().into_iter().map(|message| message.body).collect();
        assert_eq!(left, ["long", "short", "safety", "last"]);
    }

    async fn forty_people_are_texted_by_two_claims(store: TestStore) {
        let post = Post::with_phones(&store);
        for number in 0..40 {
            post.say(number, Purpose::Answer, "hello").await;
        }
        assert_eq!((post.send().await, post.send().await, post.send().await), (32, 8, 0));
        assert!((0..40).all(|number| post.phone(number) == ["hello"]));
        assert_eq!(post.fates(7).await, ["sent delivered"]);
    }
}

// What a provider may answer.

on_both_stores! {
    async fn a_text_is_tried_six_times_and_then_a_human_is_called(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "hello").await;
        for longest_wait in [2, 8, 30, 120, 300] {
            post.fail(RETRY);
            assert_eq!(post.send().await, 1, "before a wait of {longest_wait}");
            post.wait(longest_wait);
        }
        assert!(!post.human_called(1).await);
        post.fail(RETRY);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.fates(1).await, ["gave-up 20429"]);
        assert!(post.human_called(1).await);
        assert!(post.phone(1).is_empty());
    }

    async fn a_provider_that_names_a_wait_is_not_asked_before(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "hello").await;
        post.fail(SendError::Retry { after: Some(Duration::from_secs(600)), code: None });
        post.send().await;
        post.wait(599);
        assert_eq!(post.send().await, 0);
        // The wait itself, and up to a second more.
        post.wait(2);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.phone(1), ["hello"]);
    }

    async fn no_text_is_tried_again_after_its_time(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "hello").await;
        post.wait(3599);
        post.fail(SendError::Retry { after: Some(Duration::from_secs(1)), code: None });
        assert_eq!(post.send().await, 1);
        assert_eq!(post.fates(1).await, ["expired"]);
        assert!(post.human_called(1).await);
    }

    async fn a_text_says_how_long_it_is_good_for(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "hello").await;
        post.say(2, Purpose::Safety, "safety").await;
        post.wait(600);
        post.send().await;
        assert_eq!(post.phones.messages(&mobile(1))[0].good_for, Duration::from_secs(3000));
        assert_eq!(post.phones.messages(&mobile(2))[0].good_for, Duration::from_secs(24 * 3600));
    }

    async fn a_text_that_is_refused_calls_a_human_and_an_opt_out_is_kept(store: TestStore) {
        let post = Post::with_phones(&store);
        for (number, reason, code) in [(1, GiveUpReason::OptedOut, Some(21610)), (2, GiveUpReason::BadNumber, None)] {
            post.say(number, Purpose::Answer, "hello").await;
            post.fail(SendError::GiveUp { reason, code });
            post.send().await;
            assert!(post.human_called(number).await);
        }
        assert_eq!((post.opted_out(1).await, post.opted_out(2).await), (true, false));
        assert_eq!(post.fates(1).await, ["gave-up 21610"]);
        assert_eq!(post.fates(2).await, ["gave-up bad-number"]);
        assert_eq!(post.referral(2).await.expect("what the test needs").status, ReferralStatus::New);
    }

    async fn a_provider_that_lets_us_send_nothing_is_left_alone_for_a_minute(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "first").await;
        // More often than a text is tried: none of these counts as a try.
        for _ in 0..8 {
            post.fail(SendError::Stopped { reason: StopReason::WrongCredentials, code: Some(20003) });
            assert_eq!(post.send().await, 1);
            post.say(2, Purpose::Safety, "later").await;
            post.send().await;
            post.wait(59);
            assert_eq!(post.send().await, 0);
            assert!(post.phone(2).is_empty(), "all sending stops");
            post.wait(1);
            post.store.write(|tx| async move {
                let to = somebody(tx, 2).await?;
                tx.cancel_all_texts(to.address.id).await
            }.boxed()).await.expect("what the test needs");
        }
        post.fail(RETRY);
        assert_eq!(post.send().await, 1);
        post.wait(2);
        assert_eq!(post.send().await, 1, "it has all its tries left");
        assert_eq!(post.phone(1), ["first"]);
    }

    async fn texts_of_a_channel_that_is_not_set_up_wait(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "hello").await;
        let without = outbox(&store, post.clock.clone(), BTreeMap::new());
        assert_eq!(without.run_once().await.expect("what the test needs"), 1);
        assert_eq!(without.run_once().await.expect("what the test needs"), 0);
        assert_eq!(post.fates(1).await, ["ready"]);
        post.wait(60);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.phone(1), ["hello"]);
    }
}

// Judged again when it is sent.

on_both_stores! {
    async fn a_scheduled_text_that_is_out_of_place_is_cancelled_and_safety_always_goes(store: TestStore) {
        let post = Post::with_phones(&store);
        for number in 1..=5 {
            post.say(number, Purpose::Safety, "safety").await;
            post.say(number, Purpose::Scheduled, "reminder").await;
        }
        post.store.write(|tx| async move {
            let (hold, concern) = (somebody(tx, 1).await?, somebody(tx, 2).await?);
            let (out, not_safe) = (somebody(tx, 3).await?, somebody(tx, 4).await?);
            tx.set_hold(hold.person.id, true).await?;
            tx.raise_concern(&NewConcern {
                person: concern.person.id,
                session: None,
                inbound: None,
                service: service(),
                category: ConcernCategory::Distress,
                rule: "s7-low".parse().expect("what the test needs"),
                rules_version: "1".to_owned(),
                words: ConcernWords { text: Words("low".to_owned()), found: 0..3 },
            }, at(0)).await?;
            tx.set_opted_out(out.address.id, true).await?;
            tx.set_texts_unsafe(not_safe.person.id, true).await
        }.boxed()).await.expect("what the test needs");
        assert_eq!((post.send().await, post.send().await), (5, 5));
        for number in 1..=4 {
            assert_eq!(post.phone(number), ["safety"], "{number}");
            assert_eq!(post.fates(number).await, ["sent delivered", "cancelled"], "{number}");
            assert!(!post.human_called(number).await);
        }
        assert_eq!(post.phone(5), ["safety", "reminder"]);
    }

    async fn nobody_who_has_stopped_is_answered_and_a_link_worker_hears_of_it(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "answer").await;
        post.say(2, Purpose::LinkWorker, "by hand").await;
        post.store.write(|tx| async move {
            for number in [1, 2] {
                let to = somebody(tx, number).await?;
                tx.set_opted_out(to.address.id, true).await?;
            }
            Ok(())
        }.boxed()).await.expect("what the test needs");
        assert_eq!(post.send().await, 2);
        assert_eq!(post.fates(1).await, ["gave-up opted-out"]);
        assert_eq!((post.human_called(1).await, post.human_called(2).await), (false, true));
        assert!(post.phone(2).is_empty());
    }
}

// In doubt.

on_both_stores! {
    async fn a_text_that_arrived_unheard_is_found_and_not_doubled(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "first").await;
        post.say(1, Purpose::Answer, "second").await;
        post.phones.fail_next(Fault::ArrivedUnheard);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.send().await, 0, "nothing is sent past a doubt");
        assert_eq!(post.look().await, 0, "a report may still settle it");
        post.wait(60);
        assert_eq!(post.look().await, 1);
        assert_eq!(post.send().await, 1);
        assert_eq!(post.phone(1), ["first", "second"]);
        assert_eq!(post.fates(1).await, ["sent delivered", "sent delivered"]);
        assert!(!post.human_called(1).await);
    }

    async fn a_text_that_must_arrive_is_sent_once_more_after_two_looks_in_vain(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Safety, "safety").await;
        for round in 0..2 {
            post.fail(SendError::Unknown);
            assert_eq!(post.send().await, 1);
            for wait in [60, 540, 60] {
                assert_eq!(post.send().await, 0);
                post.wait(wait);
                assert_eq!(post.look().await, 1, "round {round}, {wait}");
            }
        }
        assert_eq!(post.send().await, 0, "there is no third");
        assert_eq!(post.fates(1).await, ["gave-up unknown"]);
        assert!(post.human_called(1).await);
    }

    async fn a_safety_reply_that_was_lost_arrives_at_the_second_try(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Safety, "safety").await;
        post.fail(SendError::Unknown);
        post.send().await;
        for wait in [60, 540, 60] {
            post.wait(wait);
            post.look().await;
        }
        assert_eq!(post.send().await, 1);
        assert_eq!(post.phone(1), ["safety"]);
    }

    async fn what_a_link_worker_wrote_and_may_not_have_left_goes_back_to_them(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::LinkWorker, "Shall I ring you?").await;
        post.fail(SendError::Unknown);
        post.send().await;
        for wait in [60, 540, 60] {
            assert!(!post.human_called(1).await);
            post.wait(wait);
            assert_eq!(post.look().await, 1);
        }
        assert_eq!(post.send().await, 0);
        assert_eq!(post.fates(1).await, ["gave-up unknown"]);
        assert!(post.human_called(1).await);
    }

    async fn a_report_settles_a_doubt(store: TestStore) {
        let post = Post::with_phones(&store);
        let id = post.say(1, Purpose::Answer, "answer").await;
        post.fail(SendError::Unknown);
        post.send().await;
        post.report(id, "SM1", DeliveryStatus::Sent, Consequence::None).await;
        post.wait(600);
        assert_eq!(post.look().await, 0);
        assert_eq!(post.fates(1).await, ["sent sent"]);
    }

    async fn an_earlier_text_with_the_same_words_is_not_taken_for_the_lost_one(store: TestStore) {
        the_same_words_are_lost_after(20, &store).await;
    }

    async fn the_same_words_a_moment_earlier_are_not_taken_for_the_lost_ones(store: TestStore) {
        the_same_words_are_lost_after(4, &store).await;
    }

    async fn a_crash_between_the_call_and_the_mark_doubles_nothing(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        post.say(1, Purpose::Answer, "hello").await;
        fake.plan(Answer::Silence);
        tokio::select! {
            _ = post.outbox.run_once() => panic!("Twilio has not answered"),
            () = fake.wait_for_requests(1) => {}
        }
        // The process is gone; another takes over.
        let after = Post::with_twilio(&store, &fake);
        let schedule = after.schedule();
        after.wait(89);
        schedule.run_once().await.expect("what the test needs");
        assert_eq!((after.send().await, after.look().await), (0, 0));
        after.wait(1);
        schedule.run_once().await.expect("what the test needs");
        assert_eq!((after.send().await, after.look().await), (0, 1));
        assert_eq!(after.fates(1).await, ["sent sent"]);
        assert_eq!(fake.messages().len(), 1);
        assert_eq!(after.send().await, 0);
    }
}

// Reports.

on_both_stores! {
    async fn a_text_that_did_not_arrive_is_sent_once_more_and_then_a_human_is_called(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        let id = post.say(1, Purpose::Answer, "hello").await;
        post.send().await;
        let first = fake.messages()[0].sid.clone();
        for _ in 0..2 {
            post.report(id, &first, DeliveryStatus::Undelivered, RETRY_IN_A_MINUTE).await;
        }
        assert!(!post.human_called(1).await);
        assert_eq!(post.send().await, 0);
        post.wait(60);
        assert_eq!((post.send().await, post.send().await), (1, 0));
        let callback = fake.messages()[1].status_callback.clone().expect("what the test needs");
        let again = callback.split_once("?o=").expect("what the test needs").1.parse().expect("what the test needs");
        assert_ne!(id, again);
        post.report(again, &fake.messages()[1].sid, DeliveryStatus::Undelivered, RETRY_IN_A_MINUTE).await;
        post.wait(60);
        assert_eq!(post.send().await, 0);
        assert_eq!(post.fates(1).await, ["sent undelivered 30003", "sent undelivered 30003"]);
        assert!(post.human_called(1).await);
    }

    async fn a_text_whose_time_is_over_is_not_sent_once_more(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        let id = post.say(1, Purpose::Answer, "hello").await;
        post.send().await;
        post.wait(3540);
        post.report(id, &fake.messages()[0].sid, DeliveryStatus::Undelivered, RETRY_IN_A_MINUTE).await;
        assert!(post.human_called(1).await);
        assert_eq!(post.fates(1).await.len(), 1);
    }

    async fn an_undelivered_safety_reply_calls_a_human_at_once_and_is_sent_once_more(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        let id = post.say(1, Purpose::Safety, "safety").await;
        post.send().await;
        post.report(id, &fake.messages()[0].sid, DeliveryStatus::Undelivered, RETRY_IN_A_MINUTE).await;
        assert!(post.human_called(1).await);
        post.wait(60);
        assert_eq!(post.send().await, 1);
        assert_eq!(fake.messages().len(), 2);
    }

    async fn a_report_of_an_opt_out_is_kept_and_calls_a_human(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        let id = post.say(1, Purpose::Answer, "hello").await;
        post.send().await;
        let sid = &fake.messages()[0].sid;
        post.report(id, sid, DeliveryStatus::Undelivered, undelivered(GiveUpReason::OptedOut)).await;
        assert!(post.human_called(1).await && post.opted_out(1).await);
        post.human_answers(1).await;
        post.report(id, sid, DeliveryStatus::Undelivered, undelivered(GiveUpReason::OptedOut)).await;
        assert!(!post.human_called(1).await, "once");
    }
}

// The provider's copies.

on_both_stores! {
    async fn the_provider_keeps_no_words_once_it_has_delivered_them(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        let id = post.say(1, Purpose::Answer, "hello").await;
        post.say(2, Purpose::Answer, "you too").await;
        post.send().await;
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 0);
        let sid = |words| fake.messages().iter().find(|message| message.body == words).expect("what the test needs").sid.clone();
        post.report(id, &sid("hello"), DeliveryStatus::Delivered, Consequence::None).await;
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 1);
        let mut kept: Vec<_> = fake.messages().into_iter().map(|message| message.body).collect();
        kept.sort();
        assert_eq!(kept, ["", "you too"]);
        post.wait(24 * 3600);
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 1, "nothing was ever reported of the other");
        assert!(fake.messages().iter().all(|message| message.body.is_empty()));
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 0);
    }

    async fn a_copy_that_cannot_be_removed_is_tried_six_times(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        post.say(1, Purpose::Answer, "hello").await;
        post.send().await;
        let refused = outbox(&store, post.clock.clone(), BTreeMap::from([(ChannelKind::Sms, twilio(&fake, "wrong"))]));
        post.wait(24 * 3600);
        let before = fake.requests().len();
        for wait in [60, 300, 1800, 7200, 21_600, 1_000_000] {
            assert_eq!(refused.remove_copies().await.expect("what the test needs"), 1);
            assert_eq!(refused.remove_copies().await.expect("what the test needs"), 0);
            post.wait(wait);
        }
        assert_eq!(refused.remove_copies().await.expect("what the test needs"), 0);
        assert_eq!(fake.requests().len(), before + 6);
    }
}

on_both_stores! {
    async fn the_provider_keeps_a_persons_own_words_for_a_day_and_an_hour(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        post.hear(&fake, 1, "my own words").await;
        post.say(2, Purpose::Answer, "hello").await;
        post.send().await;
        post.wait(25 * 3600 - 1);
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 1, "only our own");
        assert_eq!(fake.words_received(), ["my own words"]);
        post.wait(1);
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 1);
        assert_eq!(fake.words_received(), [""]);
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 0);
    }

    async fn whoever_is_erased_here_is_removed_there_all_the_same(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        for number in [1, 2] {
            post.hear(&fake, number, "my own words").await;
        }
        let (words, person) = (post.person(1).await, post.person(2).await);
        post.store.write(move |tx| tx.erase_session_words(words.session.id).boxed()).await.expect("what the test needs");
        post.store.forget_key(person.person.id.0).await.expect("what the test needs");
        post.store.forget_key(person.address.id.0).await.expect("what the test needs");
        post.wait(25 * 3600);
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 2);
        assert_eq!(fake.words_received(), ["", ""]);
    }

    async fn a_copy_of_a_persons_words_that_cannot_be_removed_is_tried_six_times(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with(&store, twilio(&fake, "wrong"), Simulator::new());
        post.hear(&fake, 1, "my own words").await;
        post.wait(25 * 3600);
        for wait in [60, 300, 1800, 7200, 21_600, 1_000_000] {
            assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 1);
            assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 0);
            post.wait(wait);
        }
        assert_eq!(post.outbox.remove_copies().await.expect("what the test needs"), 0);
        assert_eq!(fake.requests().len(), 6);
        assert_eq!(fake.words_received(), ["my own words"]);
    }
}

// The schedule.

on_both_stores! {
    async fn what_waited_too_long_expires_and_a_human_is_called_but_not_for_a_reminder(store: TestStore) {
        let post = Post::with_phones(&store);
        post.say(1, Purpose::Answer, "answer").await;
        post.say(2, Purpose::Scheduled, "reminder").await;
        let schedule = post.schedule();
        post.wait(4 * 3600);
        assert_eq!(post.send().await, 0);
        schedule.run_once().await.expect("what the test needs");
        assert_eq!(post.fates(1).await, ["expired"]);
        assert_eq!(post.fates(2).await, ["expired"]);
        assert_eq!((post.human_called(1).await, post.human_called(2).await), (true, false));
    }

    async fn a_safety_reply_that_is_not_confirmed_within_five_minutes_calls_a_human_once(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        let schedule = post.schedule();
        let confirmed = post.say(1, Purpose::Safety, "safety").await;
        post.say(2, Purpose::Safety, "safety").await;
        post.say(3, Purpose::Answer, "answer").await;
        post.send().await;
        let sid = fake.messages().iter().find(|message| message.to == mobile(1).0).expect("what the test needs").sid.clone();
        post.report(confirmed, &sid, DeliveryStatus::Delivered, Consequence::None).await;
        post.wait(300);
        schedule.run_once().await.expect("what the test needs");
        assert!(!post.human_called(2).await);
        post.wait(1);
        schedule.run_once().await.expect("what the test needs");
        let called = [post.human_called(1).await, post.human_called(2).await, post.human_called(3).await];
        assert_eq!(called, [false, true, false]);
        post.human_answers(2).await;
        schedule.run_once().await.expect("what the test needs");
        assert!(!post.human_called(2).await, "once");
    }

    async fn what_falls_due_becomes_an_input(store: TestStore) {
        let post = Post::with_phones(&store);
        let schedule = post.schedule();
        intake::keep_revisions(&schedule.house).await.expect("what the test needs");
        intake::receive(&schedule.house, text("SM1", 1, "hello")).await.expect("what the test needs");
        post.send().await;
        let said = post.phone(1).len();
        assert!(0 < said);
        let next = "SELECT MIN(due_at) FROM deadline WHERE NOT done";
        let due = Timestamp::from_micros(Rows(store.settings.database_url.clone()).count(next).await);
        post.wait(due.since(post.clock.now()).as_secs() - 1);
        assert_eq!(schedule.run_once().await.expect("what the test needs"), 0);
        post.wait(1);
        assert!(0 < schedule.run_once().await.expect("what the test needs"));
        assert_eq!(schedule.run_once().await.expect("what the test needs"), 0, "once");
        assert_eq!(post.send().await, 1);
        assert_eq!(post.phone(1).len(), said + 1, "a reminder");
    }
}

// As it runs.

on_both_stores! {
    async fn a_reply_leaves_within_two_seconds_of_its_commit_and_sooner_where_somebody_rings(store: TestStore) {
        let (phones, wake) = (Simulator::new(), Arc::new(Notify::new()));
        let senders = BTreeMap::from([(ChannelKind::Sms, Sender::Simulator(phones.clone()))]);
        let outbox =
            Outbox::new(store.handle(), Clock::System, senders, Arc::clone(&wake), Randomness::System);
        let stop = CancellationToken::new();
        let running = tokio::spawn(outbox.run(stop.clone()));
        let mut arrivals = phones.subscribe();
        for (rings, within) in [(false, 2_000), (true, 500)] {
            let before = arrivals.borrow_and_update().all().len();
            store.write(|tx| async move {
                let to = somebody(tx, 1).await?;
                let now = Clock::System.now();
                let mut text = reply(&to, Purpose::Answer, "hello");
                text.due_at = now;
                tx.append_text(&text, now).await
            }.boxed()).await.expect("what the test needs");
            let committed = Instant::now();
            if rings {
                wake.notify_one();
            }
            let arrival = arrivals.wait_for(|network| before < network.all().len());
            tokio::time::timeout(Duration::from_secs(10), arrival).await.expect("an arrival").expect("what the test needs");
            assert!(committed.elapsed() < Duration::from_millis(within), "{:?}", committed.elapsed());
        }
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), running).await.expect("an end").expect("what the test needs");
    }

    async fn whoever_is_told_to_stop_finishes_what_is_under_way(store: TestStore) {
        let fake = FakeTwilio::start().await;
        let post = Post::with_twilio(&store, &fake);
        post.say(1, Purpose::Answer, "hello").await;
        fake.plan(Answer::CreatedByteByByte);
        let stop = CancellationToken::new();
        let running = tokio::spawn(post.outbox.run(stop.clone()));
        fake.wait_for_requests(1).await;
        stop.cancel();
        tokio::time::timeout(Duration::from_secs(10), running).await.expect("an end").expect("what the test needs");
        assert_eq!(Post::with_phones(&store).fates(1).await, ["sent sent"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_away_is_waited_out() {
    let store = TestStore::sqlite().await;
    let post = Post::with_phones(&store);
    post.say(1, Purpose::Answer, "hello").await;
    let (schedule, phones) = (post.schedule(), post.phones.clone());
    let mut other =
        SqliteConnection::connect(&store.settings.database_url).await.expect("what the test needs");
    other.execute("BEGIN IMMEDIATE").await.expect("what the test needs");
    let stop = CancellationToken::new();
    let running = tokio::spawn(post.outbox.run(stop.clone()));
    let watching = tokio::spawn(schedule.run(stop.clone()));
    let written = store.write(|tx| tx.claim_texts(token(), 0, at(0), Duration::ZERO).boxed()).await;
    assert!(written.is_err() && phones.messages(&mobile(1)).is_empty());
    other.execute("ROLLBACK").await.expect("what the test needs");
    let mut arrivals = phones.subscribe();
    let arrival = arrivals.wait_for(|network| !network.all().is_empty());
    tokio::time::timeout(Duration::from_secs(20), arrival)
        .await
        .expect("an arrival")
        .expect("what the test needs");
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), running)
        .await
        .expect("an end")
        .expect("what the test needs");
    tokio::time::timeout(Duration::from_secs(10), watching)
        .await
        .expect("an end")
        .expect("what the test needs");
}
