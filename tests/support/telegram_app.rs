//! The whole program on a store, with Telegram before it: updates come in through the real route and texts leave through
//! the real outbox.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use footbridge::app;
use footbridge::app::Parts;
use footbridge::channel::Sender;
use footbridge::channel::telegram::Telegram;
use footbridge::clock::Clock;
use footbridge::config::SecondFactor;
use footbridge::content::Content;
use footbridge::domain::account::TelegramAccount;
use footbridge::domain::account::TelegramMode;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::secret::Secret;
use footbridge::http;
use footbridge::http::MetricsFor;
use footbridge::http::Outside;
use footbridge::http::telegram::Desk;
use footbridge::http::telegram::Notice;
use footbridge::inbox;
use footbridge::intake;
use footbridge::intake::House;
use footbridge::outbox::Outbox;
use footbridge::schedule::Schedule;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::randomness::Randomness;
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::sync::DropGuard;
use uuid::Uuid;

use crate::support::app::PUBLIC_URL;
use crate::support::app::shipped;
use crate::support::app::worker_at;
use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::Message;
use crate::support::fake_telegram::SECRET;
use crate::support::fake_telegram::TOKEN;
use crate::support::fake_telegram::tap;
use crate::support::fake_telegram::text;
use crate::support::page::Page;
use crate::support::people::at;
use crate::support::rows::Rows;
use crate::support::stores::TestStore;
use crate::support::worker::Worker;
use crate::support::worker::ask;

/// Where updates are posted.
pub const PATH: &str = "/channels/telegram/webhook";
/// A message and its answer take people about this long; less would join texts.
const PACE: Duration = Duration::from_secs(30);
/// More rounds than any test has texts for one person.
const ROUNDS: usize = 1_000;

/// Our account with the fake, with a webhook or without.
pub fn account(fake: &FakeTelegram, webhook: bool) -> TelegramAccount {
    let mode = if webhook {
        TelegramMode::Webhook { secret: Secret::from(SECRET.to_owned()) }
    } else {
        TelegramMode::Polling
    };
    TelegramAccount {
        token: Secret::from(TOKEN.to_owned()),
        mode,
        api_url: fake.url.parse().expect("an address"),
    }
}

/// Posts a body to our webhook with this secret.
pub async fn post_update(router: &Router, secret: Option<&str>, body: &str) -> Page {
    let request = Request::post(PATH).header("Content-Type", "application/json");
    let request = match secret {
        Some(secret) => request.header("X-Telegram-Bot-Api-Secret-Token", secret),
        None => request,
    };
    ask(router, request, body.to_owned()).await
}

/// Attends to Telegram until what is given back is dropped.
pub fn attend(house: &House, desk: &Desk, node: u128) -> DropGuard {
    let stop = CancellationToken::new();
    let (notice, desk) = (notice(&house.content.get()), desk.clone());
    tokio::spawn(desk.run(notice, Uuid::from_u128(node), stop.clone()));
    stop.drop_guard()
}

/// What Telegram has to know of us.
pub fn notice(content: &Content) -> Notice {
    app::telegram::notice(content, PUBLIC_URL.parse().expect("an address"))
}

/// The program.
pub struct TelegramApp {
    /// What intake works with.
    pub house: House,
    /// The tables.
    pub rows: Rows,
    /// Telegram.
    pub fake: FakeTelegram,
    /// The time, which stands still between two messages.
    pub clock: Clock,
    /// The way in.
    pub desk: Desk,
    /// The routes.
    pub router: Router,
    outbox: Outbox,
    schedule: Schedule,
    looked_at: usize,
    /// What asks Telegram, where it has no webhook.
    attending: Option<DropGuard>,
    _store: TestStore,
}

impl TelegramApp {
    /// The shipped conversations behind a webhook.
    pub async fn on(store: TestStore) -> Self {
        Self::with(store, true).await
    }

    /// The shipped conversations, behind a webhook or without.
    pub async fn with(store: TestStore, webhook: bool) -> Self {
        store.handle().close().await;
        let settings = Settings { randomness: Randomness::seeded(7), ..store.settings.clone() };
        let (fake, clock) = (FakeTelegram::start().await, Clock::settable(at(0)));
        let opened = Store::connect(&settings).await.expect("the store again");
        let wake = Arc::new(Notify::new());
        let house = House {
            store: opened,
            clock: clock.clone(),
            content: shipped().into(),
            wake: Arc::clone(&wake),
            base: Arc::from("https://texts.example.org"),
        };
        intake::keep_revisions(&house).await.expect("revisions");
        let telegram = Arc::new(Telegram::new(account(&fake, webhook)).expect("a client"));
        let senders =
            BTreeMap::from([(ChannelKind::Telegram, Sender::Telegram(Box::new(telegram.as_ref().clone())))]);
        let randomness = Randomness::seeded(11);
        let outbox = Outbox::new(house.store.clone(), clock.clone(), senders, wake, randomness.clone());
        let mut outside = Outside::of(house.clone(), None, MetricsFor::Nobody);
        let desk = Desk::new(telegram, house.clone(), Arc::clone(&outside.metrics));
        outside.telegram = Some(desk.clone());
        let parts = Parts {
            house: house.clone(),
            senders: BTreeMap::new(),
            randomness,
            alarms: None,
            proxies: Vec::new(),
        };
        let base = PUBLIC_URL.parse().expect("an address");
        let pages = app::inbox_of(&parts, &base, SecondFactor::Offered).expect("the inbox");
        Self {
            rows: Rows(settings.database_url.clone()),
            schedule: Schedule::new(house.clone(), Uuid::from_u128(7)),
            router: http::router(outside).merge(inbox::router(pages)),
            house,
            fake,
            clock,
            desk,
            outbox,
            looked_at: 0,
            attending: None,
            _store: store,
        }
    }

    /// The shipped conversations: behind a webhook, or asking Telegram all the while.
    pub async fn attending(store: TestStore, webhook: bool) -> Self {
        let mut app = Self::with(store, webhook).await;
        app.attending = (!webhook).then(|| attend(&app.house, &app.desk, 1));
        app
    }

    /// Somebody writes, and everything that follows is done.
    pub async fn says(&mut self, chat: i64, words: &str) {
        self.hears(text(chat, words)).await;
    }

    /// Somebody says all this, and hears texts that begin with all that.
    pub async fn talk(&mut self, chat: i64, lines: &[(&str, &str)]) {
        for (them, us) in lines {
            self.says(chat, them).await;
            let said = self.look();
            assert!(said.iter().any(|message| message.text.contains(us)), "{them}: {us} is not in {said:?}");
        }
    }

    /// Somebody taps the newest button of this label, and everything that follows is done.
    pub async fn taps(&mut self, chat: i64, label: &str) {
        let messages = self.fake.messages();
        let newest = messages.iter().rev().filter(|message| message.chat == chat);
        let data = newest.filter_map(|message| message.button(label)).next();
        let data = data.unwrap_or_else(|| panic!("nobody was offered {label}: {messages:?}")).to_owned();
        self.hears(tap(chat, &data)).await;
    }

    /// Something comes in, and everything that follows is done.
    pub async fn hears(&mut self, what: Value) {
        self.clock.advance(PACE);
        let update = self.fake.update(what);
        if self.attending.is_some() {
            self.fake.queue(update);
            self.fake.wait_until("it is confirmed", |fake| fake.waiting() == 0).await;
        } else {
            let page = self.post(&update.to_string()).await;
            assert_eq!((page.status, page.body.as_str()), (200, ""), "{update}");
        }
        self.settle().await;
    }

    /// Posts a body as Telegram does.
    pub async fn post(&self, body: &str) -> Page {
        self.post_as(Some(SECRET), body).await
    }

    /// Posts a body with this secret.
    pub async fn post_as(&self, secret: Option<&str>, body: &str) -> Page {
        post_update(&self.router, secret, body).await
    }

    /// Time passes, and what falls due is done.
    pub async fn wait(&mut self, length: Duration) {
        self.clock.advance(length);
        self.settle().await;
    }

    /// Does everything that is due, until nothing is.
    pub async fn settle(&mut self) {
        for _ in 0..ROUNDS {
            let due = self.schedule.run_once().await.expect("the schedule");
            let sent = self.outbox.run_once().await.expect("the outbox");
            let doubts = self.outbox.look_into_doubts().await.expect("the outbox");
            if due + sent + doubts == 0 {
                return;
            }
        }
        panic!("it never ends");
    }

    /// The texts that nobody has looked at yet, which thereby were.
    pub fn look(&mut self) -> Vec<Message> {
        let messages = self.fake.messages();
        let new = messages[self.looked_at..].to_vec();
        self.looked_at = messages.len();
        new
    }

    /// The one text that nobody has looked at yet.
    #[track_caller]
    pub fn look_at_one(&mut self) -> Message {
        let mut new = self.look();
        assert_eq!(new.len(), 1, "{new:?}");
        new.remove(0)
    }

    /// A link worker of all services, signed in.
    pub async fn worker(&self, name: &str) -> Worker {
        worker_at(&self.house, &self.router, name).await
    }

    /// How many messages this kind of content came in with.
    pub async fn kept(&self, kind: &str) -> i64 {
        self.rows.count(&format!("SELECT COUNT(*) FROM inbound WHERE kind = '{kind}'")).await
    }
}
