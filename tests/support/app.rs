//! The whole program on a store, with a provider that we can look into and a clock that we move.
//!
//! Texts come in as signed webhooks through the real routes and leave through the real outbox; only ports are left out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use axum::http::header;
use footbridge::app;
use footbridge::app::Parts;
use footbridge::channel::Sender;
use footbridge::channel::telegram::Telegram;
use footbridge::channel::twilio::Twilio;
use footbridge::clock::Clock;
use footbridge::config::SecondFactor;
use footbridge::content::Content;
use footbridge::content::files::Files;
use footbridge::domain::account::BaseUrl;
use footbridge::domain::account::OptOutMode;
use footbridge::domain::account::TwilioAccount;
use footbridge::domain::account::TwilioSender;
use footbridge::domain::ids::ServiceId;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Words;
use footbridge::domain::mobile::Mobile;
use footbridge::domain::secret::Secret;
use footbridge::domain::staff::Role;
use footbridge::http;
use footbridge::http::MetricsFor;
use footbridge::http::Outside;
use footbridge::http::metrics::Metrics;
use footbridge::http::telegram::Desk;
use footbridge::inbox;
use footbridge::inbox::password::Passwords;
use footbridge::intake;
use footbridge::intake::House;
use footbridge::outbox::Outbox;
use footbridge::reading::problem::Problems;
use footbridge::schedule::Schedule;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::randomness::Randomness;
use footbridge::store::staff::NewStaff;
use footbridge::sweep::Sweep;
use futures_util::FutureExt;
use serde_json::Value;
use tokio::sync::Notify;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::SECRET;
use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::fake_twilio::Message;
use crate::support::fake_twilio::TOKEN;
use crate::support::page::Page;
use crate::support::people::at;
use crate::support::rows::Rows;
use crate::support::signed_post::SignedPost;
use crate::support::stores::TestStore;
use crate::support::telegram_app::account as telegram_account;
use crate::support::telegram_app::post_update;
use crate::support::worker::Worker;
use crate::support::worker::ask;

/// How the world reaches the program.
pub const PUBLIC_URL: &str = "https://texts.example.org";
/// The number of the service in England.
pub const ENGLISH_NUMBER: &str = "+447700900101";
/// The number of the service in Wales.
pub const WELSH_NUMBER: &str = "+447700900202";
/// What whoever reads `/metrics` must show.
pub const METRICS_TOKEN: &str = "metrics-token-of-the-tests";

/// A text and its answer take people about this long; less would join texts.
const PACE: Duration = Duration::from_secs(30);
/// More rounds than any test has texts for one person.
const ROUNDS: usize = 1_000;
const NODE: Uuid = Uuid::from_u128(1);
/// The password of every colleague.
pub const PASSWORD: &str = "three words here";

/// The way from the first text until the referral is in the queue: what they write, what we say.
pub const UNTIL_HANDED_OVER: [(&str, &str); 12] = [
    ("hello", "welcome, for-whom"),
    ("me", "age-band"),
    ("78", "name"),
    ("Joan", "practice"),
    ("Alder Vale Surgery", "matters"),
    ("I would like some company in the afternoons", "six"),
    ("3 4", "barriers"),
    ("1", "strengths"),
    ("I bake, and I used to teach", "pass-on"),
    ("yes", "reach"),
    ("1", "check"),
    ("yes", "handed-over, people"),
];

/// The rest of the way.
pub const UNTIL_THE_END: [(&str, &str); 7] = [
    ("My sister rings on Sundays", "good-week"),
    ("Tea with somebody, and the choir", "access"),
    ("1", "gp-copy"),
    ("yes", "figures"),
    ("yes", "give"),
    ("yes", "anything-else"),
    ("SKIP", "thanks"),
];

/// The shipped content without quiet hours, with every language offered.
pub fn shipped() -> Arc<Content> {
    static CONTENT: OnceLock<Arc<Content>> = OnceLock::new();
    Arc::clone(CONTENT.get_or_init(|| changed(&[])))
}

const SERVICES: &str = "conversations/services.yaml";

/// The shipped content without quiet hours, with some words of its files replaced: file, before, after.
pub fn changed(changes: &[(&str, &str, &str)]) -> Arc<Content> {
    let mut files = Files::load(None, None).expect("the shipped files");
    // The clock of the tests begins at night: those about quiet hours say so.
    let services =
        files.get(SERVICES).expect("a shipped file").replace("    quiet hours: 21:00 to 08:00\n", "");
    files.add(SERVICES.to_owned(), services);
    for (path, before, after) in changes {
        let text = files.get(path).expect("a shipped file").to_owned();
        assert!(text.contains(before), "{path} does not hold {before}");
        files.add((*path).to_owned(), text.replacen(before, after, 1));
    }
    let mut problems = Problems::default();
    let content = Content::read(&files, true, at(0), &mut problems);
    Arc::new(content.unwrap_or_else(|| panic!("{problems}")))
}

/// The program.
pub struct TestApp {
    /// What intake works with.
    pub house: House,
    /// The tables.
    pub rows: Rows,
    /// The provider.
    pub fake: FakeTwilio,
    /// The time, which stands still between two texts.
    pub clock: Clock,
    /// How long a text and its answer take.
    pub pace: Duration,
    /// Whether the provider reports that texts have arrived.
    pub reports: bool,
    /// Telegram, where the test has it too.
    pub bot: Option<Bot>,
    mode: OptOutMode,
    second_factor: SecondFactor,
    router: Router,
    outbox: Outbox,
    schedule: Schedule,
    ids: u32,
    reported: usize,
    looked_at: usize,
    unsent: i64,
    store: TestStore,
}

/// A bot on Telegram before the same program.
#[derive(Clone)]
pub struct Bot {
    /// Telegram.
    pub fake: FakeTelegram,
    /// The way in.
    pub desk: Desk,
    webhook: bool,
}

impl TestApp {
    /// The shipped conversations, where Twilio answers STOP by itself.
    pub async fn on(store: TestStore) -> Self {
        Self::with(store, OptOutMode::Twilio, shipped()).await
    }

    /// Any conversations, and any way of stopping.
    pub async fn with(store: TestStore, mode: OptOutMode, content: Arc<Content>) -> Self {
        store.handle().close().await;
        let settings = Settings { randomness: Randomness::seeded(7), ..store.settings.clone() };
        let fake = FakeTwilio::start().await;
        let clock = Clock::settable(at(0));
        let opened = Store::connect(&settings).await.expect("the store again");
        let house = House {
            store: opened,
            clock: clock.clone(),
            content: content.into(),
            wake: Arc::new(Notify::new()),
            base: Arc::from(PUBLIC_URL),
        };
        let second_factor = SecondFactor::Offered;
        let (router, outbox) =
            wired(&house, &fake, (mode, second_factor), Randomness::seeded(11), None).await;
        Self {
            rows: Rows(settings.database_url.clone()),
            schedule: Schedule::new(house.clone(), NODE),
            house,
            fake,
            clock,
            pace: PACE,
            reports: true,
            bot: None,
            mode,
            second_factor,
            router,
            outbox,
            ids: 0,
            reported: 0,
            looked_at: 0,
            unsent: 0,
            store,
        }
    }

    /// Telegram comes to the same program, by its webhook or by being asked.
    pub async fn with_telegram(mut self, webhook: bool) -> Self {
        let fake = FakeTelegram::start().await;
        self.bot = Some(bot(&self.house, fake, webhook));
        let randomness = Randomness::seeded(11);
        (self.router, self.outbox) =
            wired(&self.house, &self.fake, (self.mode, self.second_factor), randomness, self.bot.as_ref())
                .await;
        self
    }

    /// The program has ended without a goodbye, and starts anew on the same store.
    pub async fn start_again(&mut self) {
        self.house.store.close().await;
        let store = Store::connect(&self.store.settings).await.expect("the store again");
        self.house = House { store, wake: Arc::new(Notify::new()), ..self.house.clone() };
        self.bot = self.bot.take().map(|before| bot(&self.house, before.fake, before.webhook));
        let randomness = Randomness::System;
        (self.router, self.outbox) =
            wired(&self.house, &self.fake, (self.mode, self.second_factor), randomness, self.bot.as_ref())
                .await;
        self.schedule = Schedule::new(self.house.clone(), NODE);
    }

    /// Posts an update, as Telegram does.
    pub async fn update(&self, update: &Value) -> Page {
        post_update(&self.router, Some(SECRET), &update.to_string()).await
    }

    /// Starts anew on the same store with other content, as after an edit.
    pub async fn start_again_with(&mut self, content: Arc<Content>) {
        self.house = House { content: content.into(), ..self.house.clone() };
        let (randomness, set) = (Randomness::seeded(11), (self.mode, self.second_factor));
        (self.router, self.outbox) = wired(&self.house, &self.fake, set, randomness, self.bot.as_ref()).await;
        self.schedule = Schedule::new(self.house.clone(), NODE);
    }

    /// Nobody works without a second factor from now on.
    pub async fn require_second_factor(&mut self) {
        self.second_factor = SecondFactor::Required;
        let content = self.house.content.get();
        self.start_again_with(content).await;
    }

    // What comes in.

    /// Somebody texts the service in England, and everything that follows is done.
    pub async fn sms(&mut self, from: &str, text: &str) {
        self.clock.advance(self.pace);
        let post = self.inbound(from, text);
        assert_eq!(self.post(&post).await.status, 200, "{text}");
        self.settle().await;
    }

    /// Somebody says all this, and hears all that.
    pub async fn talk(&mut self, from: &str, lines: &[(&str, &str)]) {
        for (them, us) in lines {
            self.sms(from, them).await;
            self.assert_said(&[us]);
        }
    }

    /// The webhook of a new text to the service in England.
    pub fn inbound(&mut self, from: &str, text: &str) -> SignedPost {
        self.inbound_with(&[("From", &e164(from)), ("To", ENGLISH_NUMBER), ("Body", text)])
    }

    /// The webhook of a new text with these fields, beside those that are always there.
    pub fn inbound_with(&mut self, fields: &[(&str, &str)]) -> SignedPost {
        self.ids += 1;
        let id = format!("SM{:032x}", self.ids);
        let mut pairs = vec![("MessageSid", id.as_str()), ("AccountSid", ACCOUNT_SID), ("NumMedia", "0")];
        pairs.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        pairs.extend(fields.iter().filter(|(_, value)| *value != "-"));
        SignedPost::new(TOKEN, &format!("{PUBLIC_URL}/channels/twilio/inbound"), &pairs)
    }

    /// Posts a webhook.
    pub async fn post(&self, post: &SignedPost) -> Page {
        let request = Request::post(post.path_and_query())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
            .header("X-Twilio-Signature", &post.signature);
        ask(&self.router, request, post.body.clone()).await
    }

    /// Gets a page as a stranger.
    pub async fn get(&self, path: &str) -> Page {
        ask(&self.router, Request::get(path), String::new()).await
    }

    /// What is counted.
    pub async fn metrics(&self) -> String {
        let request =
            Request::get("/metrics").header(header::AUTHORIZATION, format!("Bearer {METRICS_TOKEN}"));
        ask(&self.router, request, String::new()).await.body
    }

    /// Time passes, and what falls due is done.
    pub async fn wait(&mut self, length: Duration) {
        self.clock.advance(length);
        self.settle().await;
    }

    /// The sweep of a node.
    pub fn sweep(&self, node: u128) -> Sweep {
        let base: BaseUrl = PUBLIC_URL.parse().expect("an address");
        let twilio = Twilio::new(account(&self.fake, self.mode), base).expect("a client");
        Sweep::new(self.house.clone(), twilio, Uuid::from_u128(node))
    }

    /// What falls due is done.
    pub async fn due(&self) {
        while 0 < self.schedule.run_once().await.expect("the schedule") {}
    }

    /// One round of the outbox; says how many texts it claimed.
    pub async fn send(&self) -> usize {
        self.outbox.run_once().await.expect("the outbox")
    }

    /// Time passes, and the provider is asked for the texts in doubt; nothing is sent.
    pub async fn wait_for_looks(&self, length: Duration) {
        self.clock.advance(length);
        self.outbox.look_into_doubts().await.expect("the outbox");
    }

    /// Does everything that is due, until nothing is.
    pub async fn settle(&mut self) {
        for _ in 0..ROUNDS {
            let due = self.schedule.run_once().await.expect("the schedule");
            let sent = self.outbox.run_once().await.expect("the outbox");
            let reported = self.report_arrivals().await;
            if due + sent + reported == 0 {
                break;
            }
        }
        let unsent = format!(
            "SELECT COUNT(*) FROM outbox
              WHERE state IN ('leased', 'attempting', 'in-doubt') OR (state = 'ready' AND due_at <= {})",
            self.clock.now().as_micros()
        );
        self.unsent = self.rows.count(&unsent).await;
    }

    async fn report_arrivals(&mut self) -> usize {
        let messages = self.fake.messages();
        let new = messages.get(self.reported..).unwrap_or_default();
        self.reported = messages.len();
        if !self.reports {
            return 0;
        }
        for message in new {
            let report = self.fake.report(message, "delivered", None);
            assert_eq!(self.post(&report).await.status, 200);
        }
        new.len()
    }

    // What went out.

    /// The texts that nobody has looked at yet, which thereby were.
    pub fn look(&mut self) -> Vec<Message> {
        let messages = self.fake.messages();
        let new = messages[self.looked_at..].to_vec();
        self.looked_at = messages.len();
        new
    }

    /// Says that texts are meant to be left unsent.
    pub fn forget_the_unsent(&mut self) {
        self.unsent = 0;
    }

    /// Fails unless exactly these texts went out since somebody looked: the messages of each, or what a link worker
    /// wrote, in quotation marks.
    #[track_caller]
    pub fn assert_said(&mut self, expected: &[&str]) {
        let (rows, new) = (self.rows.clone(), self.look());
        let said = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async move { names(&rows, &new).await })
        });
        assert_eq!(said, expected);
    }

    // Link workers.

    /// A link worker of both services, signed in.
    pub async fn worker(&self, name: &str) -> Worker {
        worker_at(&self.house, &self.router, name).await
    }

    /// All the routes.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Somebody in a browser who is not signed in.
    pub fn stranger(&self) -> Worker {
        Worker::stranger(self.router.clone())
    }

    /// Somebody of this role in these services, signed in.
    pub async fn colleague_of(&self, name: &str, role: Role, services: &[&str]) -> Worker {
        let services = services.iter().map(|service| service.parse().expect("a name")).collect();
        add_colleague(&self.house, name, role, services).await;
        Worker::signed_in(self.router.clone(), &email_of(name), PASSWORD).await
    }

    /// Somebody of this role in both services, signed in.
    pub async fn colleague(&self, name: &str, role: Role) -> Worker {
        colleague_at(&self.house, &self.router, name, role).await
    }
}

/// A link worker of all services of a house, signed in.
pub async fn worker_at(house: &House, router: &Router, name: &str) -> Worker {
    colleague_at(house, router, name, Role::LinkWorker).await
}

async fn colleague_at(house: &House, router: &Router, name: &str, role: Role) -> Worker {
    add_colleague(house, name, role, all_services(house)).await;
    Worker::signed_in(router.clone(), &email_of(name), PASSWORD).await
}

/// The address with which somebody of this name signs in.
pub fn email_of(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

fn all_services(house: &House) -> Vec<ServiceId> {
    house.content.get().directory.services().iter().map(|service| service.id.clone()).collect()
}

async fn add_colleague(house: &House, name: &str, role: Role, services: Vec<ServiceId>) {
    let new = NewStaff {
        email: email_of(name).parse().expect("an address"),
        name: name.parse().expect("a name"),
        role,
        password_hash: Words(password_hash().await),
        services,
    };
    let added = house.store.write(move |tx| {
        let new = new.clone();
        async move { tx.add_staff(&new, at(0)).await }.boxed()
    });
    added.await.expect("an account");
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert_eq!(self.unsent, 0, "the outbox holds texts that were not sent");
        let unseen: Vec<String> = self.look().into_iter().map(|message| message.body).collect();
        assert!(unseen.is_empty(), "nobody looked at {unseen:?}");
    }
}

fn bot(house: &House, fake: FakeTelegram, webhook: bool) -> Bot {
    let telegram = Telegram::new(telegram_account(&fake, webhook)).expect("a client");
    let desk = Desk::new(Arc::new(telegram), house.clone(), Arc::new(Metrics::new()));
    Bot { fake, desk, webhook }
}

async fn wired(
    house: &House,
    fake: &FakeTwilio,
    (mode, second_factor): (OptOutMode, SecondFactor),
    randomness: Randomness,
    bot: Option<&Bot>,
) -> (Router, Outbox) {
    intake::keep_revisions(house).await.expect("revisions");
    let base: BaseUrl = PUBLIC_URL.parse().expect("an address");
    let twilio = Arc::new(Twilio::new(account(fake, mode), base.clone()).expect("a client"));
    let mut senders = BTreeMap::from([(ChannelKind::Sms, Sender::Twilio(Box::new(twilio.as_ref().clone())))]);
    if let Some(bot) = bot {
        let telegram = Telegram::new(telegram_account(&bot.fake, bot.webhook)).expect("a client");
        senders.insert(ChannelKind::Telegram, Sender::Telegram(Box::new(telegram)));
    }
    let outbox = Outbox::new(
        house.store.clone(),
        house.clock.clone(),
        senders,
        Arc::clone(&house.wake),
        randomness.clone(),
    );
    let parts = Parts {
        house: house.clone(),
        senders: BTreeMap::new(),
        randomness,
        alarms: None,
        proxies: Vec::new(),
    };
    let metrics_for = MetricsFor::Token(Secret::from(METRICS_TOKEN.to_owned()));
    let mut outside = Outside::of(house.clone(), Some(twilio), metrics_for);
    outside.telegram = bot.map(|bot| bot.desk.clone());
    let pages = app::inbox_of(&parts, &base, second_factor).expect("the inbox");
    (http::router(outside).merge(inbox::router(pages)), outbox)
}

/// Our account with the fake.
pub fn account(fake: &FakeTwilio, opt_out: OptOutMode) -> TwilioAccount {
    TwilioAccount {
        sid: ACCOUNT_SID.to_owned(),
        tokens: vec![Secret::from(TOKEN.to_owned())],
        sender: TwilioSender::Number(ENGLISH_NUMBER.to_owned()),
        api_url: fake.url.parse().expect("an address"),
        opt_out,
    }
}

/// A UK mobile as networks write it; everything else stays as it is.
fn e164(number: &str) -> String {
    number.parse::<Mobile>().map_or_else(|_| number.to_owned(), |mobile| mobile.as_str().to_owned())
}

async fn names(rows: &Rows, messages: &[Message]) -> Vec<String> {
    let outbox = rows.outbox().await;
    let name = |message: &Message| {
        let callback = message.status_callback.as_deref().unwrap_or_default();
        let id = callback.split_once("?o=").map(|(_, id)| id).unwrap_or_default();
        let row = outbox.iter().find(|(row, _, _)| row.to_string() == id);
        match row.map(|(_, keys, _)| keys.as_str()) {
            Some("") => format!("\"{}\"", message.body),
            Some(keys) => keys.to_owned(),
            None => format!("a text that is not in the outbox: {}", message.body),
        }
    };
    messages.iter().map(name).collect()
}

/// One hash for every account: making it takes a while, by intent.
async fn password_hash() -> String {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    let make = || async {
        let passwords = Passwords::new([9; 32]).expect("argon2");
        passwords.hash(Zeroizing::new(PASSWORD.to_owned()), [3; 16]).await.expect("a hash")
    };
    HASH.get_or_init(make).await.clone()
}
