//! Whatever is broken, and whatever came before: a cry for help is put before a human, and a stop is a stop.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use footbridge::channel::Sender;
use footbridge::channel::simulator::Simulator;
use footbridge::clock::Clock;
use footbridge::content::Content;
use footbridge::domain::ids::StaffId;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Content as Message;
use footbridge::domain::message::Words;
use footbridge::domain::referral::Folder;
use footbridge::domain::staff::Role;
use footbridge::intake;
use footbridge::intake::House;
use footbridge::intake::Outcome;
use footbridge::outbox::Outbox;
use footbridge::store::desk::OnDesk;
use footbridge::store::desk::Onlooker;
use footbridge::store::facet::Filter;
use footbridge::store::randomness::Randomness;
use footbridge::store::staff::NewStaff;
use futures_util::FutureExt;
use sqlx::AssertSqlSafe;
use sqlx::Connection;
use sqlx::Executor;
use sqlx::PgConnection;
use sqlx::SqliteConnection;
use tokio::sync::Notify;

use crate::on_both_stores;
use crate::support::people::at;
use crate::support::people::mobile;
use crate::support::people::text;
use crate::support::stores::TestStore;

const CRY: &str = "I want to end my life";

/// A house with everything in it, and phones.
struct Whole<'a> {
    store: &'a TestStore,
    house: House,
    phones: Simulator,
    outbox: Outbox,
    chief: StaffId,
}

impl<'a> Whole<'a> {
    async fn over(store: &'a TestStore) -> Self {
        let (content, problems) = Content::load(None, None, true, at(0)).expect("the embedded files");
        let house = House {
            store: store.handle(),
            clock: Clock::settable(at(0)),
            content: Arc::new(content.unwrap_or_else(|| panic!("{problems:?}"))).into(),
            wake: Arc::new(Notify::new()),
            base: "https://texts.example.org".into(),
        };
        intake::keep_revisions(&house).await.expect("what the test needs");
        let phones = Simulator::new();
        let senders = BTreeMap::from([(ChannelKind::Sms, Sender::Simulator(phones.clone()))]);
        let wake = Arc::clone(&house.wake);
        let outbox = Outbox::new(store.handle(), house.clock.clone(), senders, wake, Randomness::System);
        let chief = store.write(|tx| {
            let new = NewStaff {
                email: "chi@example.org".parse().expect("an address"),
                name: "Chi".parse().expect("a name"),
                role: Role::Admin,
                password_hash: Words("none".to_owned()),
                services: Vec::new(),
            };
            async move { tx.add_staff(&new, at(0)).await }.boxed()
        });
        let chief = chief.await.expect("what the test needs");
        Self { store, house, phones, outbox, chief }
    }

    /// Somebody texts; the id of the text is who, what and when.
    async fn hears(&self, number: u32, words: &str) -> Outcome {
        let id = format!("{number} {words} {:?}", self.house.clock.now());
        let mut inbound = text(&id, number, words);
        inbound.received_at = self.house.clock.now();
        intake::receive(&self.house, inbound).await.expect("taken")
    }

    async fn flood(&self, number: u32) {
        for count in 0..61 {
            self.hears(number, &format!("x{count}")).await;
        }
    }

    /// What a phone shows.
    async fn phone(&self, number: u32) -> Vec<String> {
        while 0 < self.outbox.run_once().await.expect("what the test needs") {}
        self.phones.messages(&mobile(number)).into_iter().map(|message| message.text.0).collect()
    }

    async fn desk(&self) -> Vec<OnDesk> {
        let mut reader = self.store.read().await.expect("what the test needs");
        let onlooker = Onlooker { staff: self.chief, now: self.house.clock.now(), ended_since: at(0) };
        let page = reader.desk(onlooker, &Filter::default(), Folder::Open, None, 50).await;
        page.expect("a desk").0
    }

    /// Something outside the program changes the database.
    async fn meddle(&self, sql: &str) {
        let url = &self.store.settings.database_url;
        let sql = AssertSqlSafe(sql.to_owned());
        if url.starts_with("sqlite") {
            SqliteConnection::connect(url)
                .await
                .expect("what the test needs")
                .execute(sql)
                .await
                .expect("what the test needs");
        } else {
            PgConnection::connect(url)
                .await
                .expect("what the test needs")
                .execute(sql)
                .await
                .expect("what the test needs");
        }
    }

    /// A person has come to the question on what matters, and the database is changed behind their back.
    async fn cry_after(&self, sql: &str) -> OnDesk {
        self.hears(1, "hi").await;
        self.meddle(sql).await;
        self.house.clock.advance(Duration::from_secs(60));
        assert_eq!(self.hears(1, CRY).await, Outcome::Taken);
        assert!(self.phone(1).await.last().is_some_and(|text| text.contains("999")));
        let [seen] = self.desk().await.try_into().expect("one case");
        seen
    }
}

on_both_stores! {
    async fn a_cry_is_heard_where_the_revision_is_of_a_form_that_nobody_can_read(store: TestStore) {
        let whole = Whole::over(&store).await;
        let seen = whole.cry_after(
            "UPDATE revision SET flow = 'no flow at all'; UPDATE session SET revision = 'an older one'",
        ).await;
        assert_eq!(seen.open_concerns, 1);
    }

    async fn a_cry_is_heard_where_the_session_cannot_be_read(store: TestStore) {
        let whole = Whole::over(&store).await;
        let seen = whole.cry_after("UPDATE session SET state_sealed = handle_sealed FROM address").await;
        assert_eq!(seen.open_concerns, 1);
        assert!(seen.referral.reply_due);
        // The next one too, whatever it says.
        whole.hears(1, "are you there").await;
        assert_eq!(whole.desk().await.len(), 1);
    }

    async fn one_handover_that_cannot_be_read_hides_nobody(store: TestStore) {
        let whole = Whole::over(&store).await;
        whole.hears(1, "hi").await;
        whole.hears(1, CRY).await;
        whole.hears(2, CRY).await;
        whole.meddle("UPDATE handover SET summary_sealed = handle_sealed FROM address").await;
        whole.meddle("UPDATE inbound SET body_sealed = handle_sealed FROM address").await;
        let desk = whole.desk().await;
        assert_eq!(desk.iter().map(|row| row.open_concerns).collect::<Vec<_>>(), [1, 1]);
        let mut reader = store.read().await.expect("what the test needs");
        let thread = reader.thread(desk[0].referral.person, 50).await.expect("what the test needs");
        assert!(2 <= thread.len());
    }

    async fn over_the_limit_a_cry_is_heard_and_a_stop_is_a_stop(store: TestStore) {
        let whole = Whole::over(&store).await;
        whole.flood(1).await;
        whole.hears(1, CRY).await;
        assert_eq!(whole.desk().await[0].open_concerns, 1);
        let mut stop = text("stop", 1, "STOP");
        stop.received_at = whole.house.clock.now();
        intake::receive(&whole.house, stop).await.expect("what the test needs");
        assert!(whole.store.read().await.expect("what the test needs").address_of(ChannelKind::Sms, &mobile(1)).await.expect("what the test needs").expect("what the test needs").opted_out);
    }

    async fn where_the_phone_is_not_safe_a_flood_is_not_answered(store: TestStore) {
        let whole = Whole::over(&store).await;
        whole.hears(1, "my husband hits me and reads my phone").await;
        whole.hears(1, "no").await;
        let before = whole.phone(1).await;
        whole.flood(1).await;
        assert_eq!(whole.phone(1).await, before);
    }

    async fn a_text_that_waited_does_not_leave_once_the_phone_is_not_safe(store: TestStore) {
        let whole = Whole::over(&store).await;
        whole.hears(1, "hi").await;
        let desk_is_empty = whole.desk().await.is_empty();
        whole.meddle("UPDATE person SET texts_unsafe = TRUE").await;
        assert!(whole.phone(1).await.is_empty() && desk_is_empty);
    }

    async fn who_stops_in_words_is_told_so_and_nothing_follows(store: TestStore) {
        let whole = Whole::over(&store).await;
        whole.hears(1, "hi").await;
        whole.phone(1).await;
        whole.hears(1, "please stop texting me").await;
        let told = whole.phone(1).await;
        assert!(told.last().is_some_and(|text| text.starts_with("We have stopped.")), "{told:?}");
        whole.hears(1, "ok").await;
        assert_eq!(whole.phone(1).await, told);
    }

    async fn who_asks_for_deletion_is_told_so(store: TestStore) {
        let whole = Whole::over(&store).await;
        whole.hears(1, "hi").await;
        whole.hears(1, "DELETE").await;
        let told = whole.phone(1).await;
        assert!(told.last().is_some_and(|text| text.starts_with("You asked us to delete.")), "{told:?}");
    }

    async fn a_machine_that_repeats_a_cry_is_not_answered_for_ever(store: TestStore) {
        let whole = Whole::over(&store).await;
        for _ in 0..50 {
            whole.house.clock.advance(Duration::from_secs(30));
            whole.hears(1, CRY).await;
        }
        let answered = whole.phone(1).await.len();
        assert!((30..35).contains(&answered), "{answered}");
        assert_eq!(whole.desk().await[0].open_concerns, 50);
    }

    async fn a_cry_in_pieces_is_heard(store: TestStore) {
        let whole = Whole::over(&store).await;
        whole.hears(1, "hi").await;
        for piece in ["some days I just want to", "kill", "myself"] {
            assert!(whole.desk().await.is_empty());
            whole.house.clock.advance(Duration::from_secs(20));
            whole.hears(1, piece).await;
        }
        assert_eq!(whole.desk().await[0].open_concerns, 1);
        assert!(whole.phone(1).await.iter().any(|text| text.contains("116 123")));
    }

    async fn a_caption_is_read(store: TestStore) {
        let whole = Whole::over(&store).await;
        let mut photo = text("photo", 1, "");
        photo.content = Message::Media { kind: "photo".to_owned(), caption: Words(CRY.to_owned()) };
        intake::receive(&whole.house, photo).await.expect("what the test needs");
        assert_eq!(whole.desk().await[0].open_concerns, 1);
    }

    async fn parts_that_follow_for_hours_do_not_grow_for_ever(store: TestStore) {
        let whole = Whole::over(&store).await;
        let story = "and then I went out to the garden and sat there ".repeat(30);
        let cry = "he hits me and then I went to the garden ".repeat(35);
        for _ in 0..20 {
            whole.hears(1, &story).await;
            whole.hears(2, &cry).await;
            whole.house.clock.advance(Duration::from_secs(11));
        }
        let people = whole.desk().await;
        assert_eq!(people.iter().map(|one| one.open_concerns).filter(|open| 0 < *open).count(), 1);
        for one in people {
            let mut reader = store.read().await.expect("what the test needs");
            let session = reader.latest_session(one.referral.person).await.expect("what the test needs");
            let words = session.expect("what the test needs").session.opening_words;
            assert!(words.expect("what the test needs").0.len() < 10_000);
        }
    }
}
