//! Everything that can go wrong with both providers, at once, under load, with a server that is killed in the middle:
//! every message is answered once all the same.
//!
//! A day of trouble is run through with a clock that is moved; the providers and the people keep a journal of their own,
//! and what must be true is read from that (`support/journal.rs`, which is tested with planted mistakes itself).
//! `FOOTBRIDGE_FAULTS` says how many people write: every other one by text message, and every other one by Telegram.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::time::Duration;

use footbridge::domain::time::Timestamp;
use footbridge::store::audit_seal::Verified;
use footbridge::sweep::Sweep;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::on_both_stores;
use crate::support::app::ENGLISH_NUMBER;
use crate::support::app::TestApp;
use crate::support::fake_telegram;
use crate::support::fake_telegram::Answer;
use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_twilio::Message;
use crate::support::journal::Event;
use crate::support::journal::check;
use crate::support::replay::replayed;
use crate::support::replay::stands;
use crate::support::rows::tables_by_name;
use crate::support::signed_post::SignedPost;
use crate::support::stores::TestStore;
use crate::support::telegram_app::notice;

const USUAL_PEOPLE: u32 = 80;
const SEED: u64 = 20_261_122;
/// What each of them says, one text after the other; one in five speaks of danger at the end.
const LINES: [&str; 3] = ["hello", "me", "78"];
const CRY: &str = "I want to end my life";
/// Time goes in steps of this length while people text.
const STEP: Duration = Duration::from_secs(5);
/// And of this length once nobody does.
const MINUTE: Duration = Duration::from_secs(60);
/// Longer than the longest doubt, twice: not found counts after ten minutes, and is looked at once more.
const UNTIL_ALL_IS_SETTLED: u32 = 60;
/// A machine that was killed is back after this: longer than any lease of what one does for all.
const BACK_AFTER: Duration = Duration::from_secs(61);
/// The server is killed once in so many rounds.
const ROUNDS_OF_A_LIFE: u32 = 25;
/// A kill comes within this time after a round began.
const LATEST_KILL_MICROS: u64 = 8_000;
/// What costs real time is done once, to these texts together: three are taken and two are not.
const STORM: [Answer; 5] = [
    Answer::Silence,
    Answer::TakenThenPage(502),
    Answer::Page(500, "Internal Server Error"),
    Answer::Silence,
    Answer::Page(503, "Service Unavailable"),
];

/// A run of trouble.
struct Trouble {
    app: TestApp,
    telegram: FakeTelegram,
    posts: bool,
    sweep: Sweep,
    dice: StdRng,
    /// Webhooks on their way, some of them more than once.
    webhooks: Vec<(String, SignedPost)>,
    /// Reports on their way.
    reports: Vec<SignedPost>,
    /// Texts on which there will be no further report.
    reported: usize,
    /// Updates that Telegram has not handed out yet.
    updates: Vec<Value>,
    /// Updates that it posts, in order: messages of a chat, and taps of a person.
    queues: BTreeMap<(i64, bool), VecDeque<Value>>,
    /// What asks Telegram.
    attending: Option<JoinHandle<()>>,
    /// How many lines each person has said.
    said: BTreeMap<u32, usize>,
    cries: i64,
    lives: u128,
    /// When what fell due was looked for.
    ticks: Vec<Timestamp>,
}

impl Trouble {
    async fn on(store: TestStore, posts: bool) -> Self {
        let mut app = TestApp::on(store).await.with_telegram(posts).await;
        app.reports = false;
        app.fake.keep_time_by(app.clock.clone());
        app.fake.mix(SEED);
        let telegram = app.bot.as_ref().expect("a bot").fake.clone();
        telegram.mix(SEED);
        let mut sweep = app.sweep(1);
        // The first time of service must be known before the first text.
        while sweep.run_once().await.is_err() {
            app.clock.advance(MINUTE);
        }
        app.clock.advance(MINUTE);
        let mut trouble = Self {
            app,
            telegram,
            posts,
            sweep,
            dice: StdRng::seed_from_u64(SEED),
            webhooks: Vec::new(),
            reports: Vec::new(),
            reported: 0,
            updates: Vec::new(),
            queues: BTreeMap::new(),
            attending: None,
            said: BTreeMap::new(),
            cries: 0,
            lives: 1,
            ticks: Vec::new(),
        };
        trouble.attend();
        trouble
    }

    fn attend(&mut self) {
        let desk = self.app.bot.as_ref().expect("a bot").desk.clone();
        let notice = notice(&self.app.house.content.get());
        let node = Uuid::from_u128(self.lives);
        self.attending = Some(tokio::spawn(desk.run(notice, node, CancellationToken::new())));
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.dice.random_range(0..100) < percent
    }

    /// Some people write, by text message and by Telegram.
    fn people_write(&mut self, people: u32) {
        for _ in 0..self.dice.random_range(1..=4) {
            let person = self.dice.random_range(0..people);
            let said = self.said.entry(person).or_default();
            let Some(words) = LINES.get(*said) else { continue };
            *said += 1;
            let is_cry = *said == LINES.len() && person % 5 == 0;
            let words = if is_cry { CRY } else { words };
            self.cries += i64::from(is_cry);
            if person % 2 == 0 { self.texts(person, words) } else { self.writes(person, words) }
        }
    }

    /// Of the webhooks of text messages some are lost, some come twice.
    fn texts(&mut self, person: u32, words: &str) {
        let from = format!("+4477009{person:05}");
        let sid = self.app.fake.texted(&from, ENGLISH_NUMBER, words);
        if words == CRY {
            self.app.fake.note(Event::Cried { sid: sid.clone() });
        }
        let fields = [("MessageSid", sid.as_str()), ("From", &from), ("To", ENGLISH_NUMBER), ("Body", words)];
        let post = self.app.inbound_with(&fields);
        let times = match self.dice.random_range(0..10) {
            0 => 0,
            1 | 2 => 2,
            _ => 1,
        };
        self.webhooks.extend(std::iter::repeat_n((sid, post), times));
    }

    /// By Telegram some tap where there is a button.
    fn writes(&mut self, person: u32, words: &str) {
        let chat = 7_000_000_000 + i64::from(person);
        let messages = self.telegram.messages();
        let newest = messages.iter().rev().find(|message| message.chat == chat);
        let button = newest.and_then(|message| message.button("Me")).filter(|_| words == "me");
        let update = match button {
            Some(data) if self.chance(50) => fake_telegram::tap(chat, data),
            Some(_) | None => {
                fake_telegram::text_at(chat, words, self.app.clock.now().as_micros() / 1_000_000)
            }
        };
        let update = self.telegram.update(update);
        let sid = number_of(&update);
        self.telegram.note(Event::Texted { sid: sid.clone(), from: chat.to_string() });
        if words == CRY {
            self.telegram.note(Event::Cried { sid });
        }
        self.updates.push(update);
    }

    /// Telegram hands out what it has, some of it twice. Whoever asks gets it in the order of its numbers; what is posted
    /// keeps an order only among the messages of one chat.
    fn telegram_hands_out(&mut self) {
        for update in std::mem::take(&mut self.updates) {
            if self.posts {
                self.queues.entry(queue_of(&update)).or_default().push_back(update);
                continue;
            }
            if self.chance(10) {
                self.telegram.queue(update.clone());
            }
            self.telegram.queue(update);
        }
    }

    /// What is on its way arrives, in any order, and some of it later.
    async fn arrives(&mut self) {
        self.telegram_hands_out();
        if self.posts {
            for _ in 0..self.dice.random_range(1..=4) {
                self.telegram_posts().await;
            }
        } else {
            self.telegram.wait_until("all is confirmed", |fake| fake.waiting() == 0).await;
        }
        self.webhooks.shuffle(&mut self.dice);
        self.reports.shuffle(&mut self.dice);
        let later = self.webhooks.len() / 4;
        let webhooks = self.webhooks.split_off(later);
        let answers = webhooks.iter().map(|(_, post)| self.app.post(post));
        let answers = futures_util::future::join_all(answers).await;
        for ((sid, _), answer) in webhooks.into_iter().zip(answers) {
            assert_eq!(answer.status, 200);
            self.app.fake.note(Event::Acknowledged { sid });
        }
        let later = self.reports.len() / 4;
        for report in self.reports.split_off(later) {
            assert_eq!(self.app.post(&report).await.status, 200);
        }
    }

    /// The next update of each queue, some of them twice at once; where the answer is lost, it comes again.
    async fn telegram_posts(&mut self) {
        let next: Vec<Value> = self.queues.values().filter_map(|queue| queue.front().cloned()).collect();
        let twice: Vec<&Value> = next.iter().filter(|_| self.dice.random_range(0..100) < 20).collect();
        let posts = next.iter().chain(twice).map(|update| self.app.update(update));
        let answers = futures_util::future::join_all(posts).await;
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.body.is_empty()));
        for update in &next {
            self.telegram.note(Event::Acknowledged { sid: number_of(update) });
            if !self.chance(10) {
                self.queues.entry(queue_of(update)).or_default().pop_front();
            }
        }
    }

    /// Sends what is due, as two that work at once. Where the provider's answer waits, its report comes before.
    async fn send(&self) -> usize {
        let app = &self.app;
        let early = async {
            loop {
                match app.fake.next_held() {
                    Some(text) => {
                        app.fake.note_report(&text);
                        assert_eq!(app.post(&app.fake.report(&text, "delivered", None)).await.status, 200);
                        app.fake.let_go();
                    }
                    None => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            }
        };
        tokio::select! {
            (one, other) = async { tokio::join!(app.send(), app.send()) } => one + other,
            () = early => 0,
        }
    }

    /// The provider reports on what it took: mostly once, sometimes twice or never.
    fn provider_reports(&mut self) {
        let new: Vec<Message> = self.app.fake.messages().split_off(self.reported);
        self.reported += new.len();
        for text in new {
            if self.chance(10) {
                continue;
            }
            let twice = self.chance(10);
            for status in ["sent", "delivered"] {
                self.reports.push(self.app.fake.report(&text, status, None));
            }
            if twice {
                self.reports.push(self.app.fake.report(&text, "delivered", None));
            }
        }
    }

    /// One round of everything that the program does by itself.
    async fn round(&mut self, length: Duration) {
        self.app.clock.advance(length);
        self.arrives().await;
        // The provider's list may fail: then it is asked again a minute later.
        let _ = self.sweep.run_once().await;
        self.ticks.push(self.app.clock.now());
        self.app.due().await;
        while 0 < self.send().await {
            self.provider_reports();
        }
        self.app.wait_for_looks(Duration::ZERO).await;
    }

    /// The server is killed while it takes in and sends, and starts again a minute later.
    async fn is_killed(&mut self) {
        self.app.clock.advance(STEP);
        self.telegram_hands_out();
        let heads: Vec<Value> = self.queues.values().filter_map(|queue| queue.front().cloned()).collect();
        let before = self.telegram.journal().len();
        let moment = Duration::from_micros(self.dice.random_range(0..LATEST_KILL_MICROS));
        let posts = futures_util::future::join_all(heads.iter().map(|update| self.app.update(update)));
        // Whatever is under way ends here; what was taken in counts once it was acknowledged.
        let _ = tokio::time::timeout(moment, async { tokio::join!(self.send(), posts) }).await;
        if let Some(attending) = self.attending.take() {
            attending.abort();
            // With a webhook it is done once Telegram knows us.
            let _ = attending.await;
        }
        self.app.clock.advance(BACK_AFTER);
        self.app.start_again().await;
        self.app.fake.note(Event::Killed);
        self.telegram.note(Event::Killed);
        self.telegram.note_lost_since(before);
        self.lives += 1;
        self.sweep = self.app.sweep(self.lives);
        self.attend();
    }

    /// Telegram says nothing, or speaks of errors of its own, to several at once.
    async fn storm(&mut self, people: u32) {
        for _ in 0..4 {
            self.people_write(people);
            self.arrives().await;
        }
        for answer in STORM {
            self.telegram.plan("sendMessage", answer);
        }
        self.send().await;
        self.telegram.forget_plans();
    }

    /// What else must be true of the tables, whatever the journal says.
    async fn check_tables(&self, sqlite: bool) {
        let rows = &self.app.rows;
        for (never, sql) in [
            ("sent when it was too old", "SELECT COUNT(*) FROM outbox WHERE expires_at < sent_at"),
            ("handed over twice", "SELECT COUNT(*) - COUNT(DISTINCT session) FROM handover"),
            (
                "two live sessions",
                "SELECT COUNT(*) - COUNT(DISTINCT person) FROM session WHERE status = 'live'",
            ),
            (
                "a text or a deadline that took its session no step on, or more than one",
                "SELECT COUNT(*) FROM session s
                  WHERE s.version <> 1 + (SELECT COUNT(*) FROM inbound i WHERE i.session = s.id)
                                       + (SELECT COUNT(*) FROM deadline d WHERE d.session = s.id AND d.done)",
            ),
            ("a gap in the audit", "SELECT COUNT(*) - COALESCE(MAX(number), 0) FROM audit"),
        ] {
            assert_eq!(rows.count(sql).await, 0, "{never}");
        }
        let mut reader = self.app.house.store.read().await.expect("a read");
        let audit = reader.verify_audit(1).await.expect("an audit");
        assert!(matches!(audit, Verified::Whole { .. }), "the audit is as it was written: {audit:?}");
        let cries = "SELECT COUNT(DISTINCT inbound) FROM concern";
        assert_eq!(rows.count(cries).await, self.cries, "each cry is put before a human");
        if sqlite {
            let broken = "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'";
            assert_eq!(rows.count(broken).await, 0);
        }
    }

    /// All texts, taken once more through a house in which nothing fails, lead to the same sessions, byte for byte.
    async fn check_replay(&self) {
        let (store, rows) = (&self.app.house.store, &self.app.rows);
        let (stand, again) = (stands(store, rows).await, replayed(store, rows, &self.ticks).await);
        assert!(!stand.is_empty());
        for (handle, sessions) in stand {
            assert_eq!(again.get(&handle), Some(&sessions), "{handle}");
        }
    }

    #[expect(clippy::print_stdout, reason = "the figures are what a long run is made for")]
    async fn tell(&self, people: u32, journal: &[Event]) {
        let count = |wanted: fn(&Event) -> bool| journal.iter().filter(|event| wanted(event)).count();
        let texts = count(|event| matches!(event, Event::Texted { .. }));
        let took = count(|event| matches!(event, Event::Took { .. }));
        let again = self.app.rows.count("SELECT COUNT(*) FROM outbox WHERE again").await;
        let ended = self.app.rows.count("SELECT COUNT(*) FROM outbox WHERE state <> 'sent'").await;
        let swept =
            self.app.house.store.read().await.expect("a read").sweep_log().await.expect("a log").taken;
        assert!(0 < again && 0 < swept, "the trouble was real");
        let (way, kills, cries) =
            (if self.posts { "webhook" } else { "polling" }, self.lives - 1, self.cries);
        println!(
            "{people} people, Telegram by {way}, seed {SEED}, {kills} kills: {texts} messages, {cries} of danger; \
             {took} answers taken, {again} sent once more, {ended} not sent; {swept} swept"
        );
    }
}

fn number_of(update: &Value) -> String {
    update["update_id"].to_string()
}

/// Telegram keeps the order within these: the messages of a chat, and what a person taps.
fn queue_of(update: &Value) -> (i64, bool) {
    let message = update.pointer("/message/chat/id").and_then(Value::as_i64);
    let tap = update.pointer("/callback_query/from/id").and_then(Value::as_i64);
    (message.or(tap).expect("an update of a person"), tap.is_some())
}

fn people() -> u32 {
    let set = std::env::vars_os().find(|(name, _)| name == "FOOTBRIDGE_FAULTS");
    set.and_then(|(_, value)| value.to_str()?.parse().ok()).unwrap_or(USUAL_PEOPLE)
}

async fn in_all_trouble(store: TestStore, posts: bool) {
    let sqlite = store.settings.database_url.starts_with("sqlite");
    let (people, mut trouble) = (people(), Trouble::on(store, posts).await);
    for round in 1..=people {
        trouble.people_write(people);
        // It costs a quarter of a minute, and is the same whichever way messages come in.
        if round == people / 2 && (posts || USUAL_PEOPLE < people) {
            trouble.storm(people).await;
        }
        if round % ROUNDS_OF_A_LIFE == 0 {
            trouble.is_killed().await;
        }
        trouble.round(STEP).await;
    }
    for minute in 0..UNTIL_ALL_IS_SETTLED {
        if minute == 5 {
            trouble.app.fake.be_well();
            trouble.telegram.be_well();
        }
        trouble.round(MINUTE).await;
    }
    let journal = [trouble.app.fake.journal(), trouble.telegram.journal()].concat();
    let tables = tables_by_name(&trouble.app.rows, &trouble.app.house.store).await;
    assert_eq!(check(&journal, &tables), []);
    let texts = journal.iter().filter(|event| matches!(event, Event::Texted { .. })).count();
    assert_eq!(tables.inbound, texts, "every message is kept, however it came");
    trouble.check_tables(sqlite).await;
    trouble.check_replay().await;
    trouble.tell(people, &journal).await;
    trouble.app.look();
}

on_both_stores! {
    async fn in_all_trouble_at_once_with_telegram_asked_every_message_is_answered_once(store: TestStore) {
        in_all_trouble(store, false).await;
    }

    async fn in_all_trouble_at_once_with_telegrams_webhook_every_message_is_answered_once(store: TestStore) {
        in_all_trouble(store, true).await;
    }
}
