//! `kill -9` at random moments under load: what was acknowledged is kept and answered once.
//!
//! The provider keeps a journal of its own, in this process, which no kill reaches. `FOOTBRIDGE_KILLS` says how many
//! kills there are for each database.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use footbridge::channel::Sender;
use footbridge::channel::twilio::Twilio;
use footbridge::clock::Clock;
use footbridge::domain::account::OptOutMode;
use footbridge::domain::message::ChannelKind;
use footbridge::outbox::Outbox;
use footbridge::store::Settings;
use footbridge::store::Store;
use footbridge::store::randomness::Randomness;
use futures_util::FutureExt;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tempfile::TempDir;
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::binary::settings;
use crate::binary::text;
use crate::support::app::account;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::postgres::cluster;
use crate::support::process::Client;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::rows::Rows;

const USUAL_KILLS: u32 = 20;
const SEED: u64 = 20_261_122;
/// Texts that are on their way at once.
const AT_ONCE: u32 = 8;
/// A kill comes at most this long after the first text of a round was acknowledged.
const LATEST_KILL_MS: u64 = 120;
/// What is sent and answered between two kills never takes longer.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What became of the texts of a run.
struct Tally {
    /// Texts that were acknowledged.
    texts: usize,
    /// Those whose answer the provider took more than once.
    duplicates: usize,
    /// Those whose answer the provider never took.
    unanswered: usize,
    /// Answers that were sent only after the provider had been asked for them in vain.
    sent_once_more: i64,
}

/// Texts by number of the sender: whether it was acknowledged.
type Ledger = Arc<Mutex<BTreeMap<u32, bool>>>;

/// More than the thousand numbers that are set aside for drama; nothing leaves this machine.
fn phone(number: u32) -> String {
    format!("+4477009{number:05}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_sqlite_nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("fb.db").display());
    survive(&folder, &url, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_postgres_nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = cluster().new_database().await;
    survive(&folder, &url, "PostgreSQL").await;
}

/// How many kills there are for each database: so many where nothing is set.
pub fn kills(usual: u32) -> u32 {
    let set = std::env::vars_os().find(|(name, _)| name == "FOOTBRIDGE_KILLS");
    set.and_then(|(_, value)| value.to_str()?.parse().ok()).unwrap_or(usual)
}

async fn survive(folder: &TempDir, url: &str, name: &str) {
    let fake = FakeTwilio::start().await;
    fake.keep_time();
    let ledger = Ledger::default();
    let mut dice = StdRng::seed_from_u64(SEED);
    let kills = kills(USUAL_KILLS);
    for _ in 0..kills {
        let mut server = Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, url))).await;
        let wait = Duration::from_millis(dice.random_range(0..=LATEST_KILL_MS));
        let load = tokio::spawn(load(server.base.clone(), Arc::clone(&ledger)));
        wait_for_an_acknowledgement(&ledger).await;
        tokio::time::sleep(wait).await;
        server.kill();
        load.await.expect("no panic");
    }
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, url))).await;
    bring_again(&server.base, &ledger).await;
    let rows = Rows(url.to_owned());
    drain(&rows).await;
    server.ask_to_stop();
    assert!(server.end().await.success(), "{}", server.logs());
    settle_doubts(&fake, url).await;
    let tally = count(&fake, &rows, &ledger).await;
    tally.tell(kills, name);
    assert_eq!((tally.duplicates, tally.unanswered), (0, 0), "of {} texts", tally.texts);
}

impl Tally {
    #[expect(clippy::print_stdout, reason = "the figures are what a long run is made for")]
    fn tell(&self, kills: u32, name: &str) {
        println!(
            "{kills} kills on {name}, seed {SEED}: {} texts, {} answered twice, {} unanswered, {} answers sent once more",
            self.texts, self.duplicates, self.unanswered, self.sent_once_more
        );
    }
}

/// Somebody new texts every few milliseconds, some of them twice, until the server is gone.
async fn load(base: String, ledger: Ledger) {
    let workers = (0..AT_ONCE).map(|worker| {
        let (client, ledger) = (Client::of(&base), Arc::clone(&ledger));
        async move {
            loop {
                let number = {
                    let mut ledger = ledger.lock().expect("no panic");
                    let number = u32::try_from(ledger.len()).expect("few");
                    ledger.insert(number, false);
                    number
                };
                let post = text(&format!("SM{number}"), &phone(number), "hello");
                let Some(status) = client.webhook(&post).await else {
                    return;
                };
                assert_eq!(status, 200);
                ledger.lock().expect("no panic").insert(number, true);
                if worker == 0 {
                    // A provider that did not hear us brings it again.
                    client.webhook(&post).await;
                }
            }
        }
    });
    futures_util::future::join_all(workers).await;
}

async fn wait_for_an_acknowledgement(ledger: &Ledger) {
    let acknowledged = || ledger.lock().expect("no panic").values().filter(|known| **known).count();
    let (before, begun) = (acknowledged(), Instant::now());
    while acknowledged() == before {
        assert!(begun.elapsed() < LONGEST_WAIT, "no text was taken");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Every text comes again: those that were not acknowledged, and those that were.
async fn bring_again(base: &str, ledger: &Ledger) {
    let client = Client::of(base);
    let numbers: Vec<u32> = ledger.lock().expect("no panic").keys().copied().collect();
    for number in numbers {
        let post = text(&format!("SM{number}"), &phone(number), "hello");
        assert_eq!(client.webhook(&post).await, Some(200));
        ledger.lock().expect("no panic").insert(number, true);
    }
}

/// Waits until everything that can be sent is. Nothing is sent past a text to the same person that may be under way.
pub async fn drain(rows: &Rows) {
    const CAN_BE_SENT: &str = "
        SELECT COUNT(*) FROM outbox o
         WHERE state = 'ready'
           AND NOT EXISTS (SELECT 1 FROM outbox d
                            WHERE d.address = o.address AND d.state IN ('leased', 'attempting', 'in-doubt'))";
    let begun = Instant::now();
    while rows.count(CAN_BE_SENT).await != 0 {
        assert!(begun.elapsed() < LONGEST_WAIT, "texts are left");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Lets the time pass in which the program asks the provider for what may have left; a quarter of an hour and more.
pub async fn settle_doubts(fake: &FakeTwilio, url: &str) {
    let base = "http://127.0.0.1:8080".parse().expect("an address");
    let twilio = Twilio::new(account(fake, OptOutMode::Twilio), base).expect("a client");
    let senders = BTreeMap::from([(ChannelKind::Sms, Sender::Twilio(Box::new(twilio)))]);
    settle_by(senders, url).await.close().await;
}

/// The same by these senders; gives the store.
pub async fn settle_by(senders: BTreeMap<ChannelKind, Sender>, url: &str) -> Store {
    const STEP: Duration = Duration::from_secs(60);
    let key: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).expect("small"));
    let settings = Settings {
        database_url: url.to_owned(),
        keys_database_url: None,
        secret_key: Zeroizing::new(key),
        other_secret_keys: Vec::new(),
        erasures: std::env::temp_dir().join("footbridge-no-erasures.txt"),
        randomness: Randomness::System,
    };
    let store = Store::connect(&settings).await.expect("the store");
    let clock = Clock::settable(Clock::System.now());
    let wake = Arc::new(Notify::new());
    let outbox = Outbox::new(store.clone(), clock.clone(), senders, wake, Randomness::System);
    for _ in 0..30 {
        clock.advance(STEP);
        let now = clock.now();
        store.write(move |tx| tx.reclaim_stale_leases(now).boxed()).await.expect("a write");
        while 0 < outbox.look_into_doubts().await.expect("a look") {}
        while 0 < outbox.run_once().await.expect("a round") {}
    }
    store
}

/// Compares what we acknowledged, what we hold, and what the provider took.
async fn count(fake: &FakeTwilio, rows: &Rows, ledger: &Ledger) -> Tally {
    let acknowledged: BTreeSet<u32> = ledger.lock().expect("no panic").keys().copied().collect();
    let texts = acknowledged.len();
    let held = i64::try_from(texts).expect("few");
    assert_eq!(rows.count("SELECT COUNT(*) FROM inbound").await, held, "every text is kept once");
    assert_eq!(rows.count("SELECT COUNT(*) FROM outbox").await, held, "every text is answered once");
    let open = "SELECT COUNT(*) FROM outbox WHERE state <> 'sent'";
    assert_eq!(rows.count(open).await, 0, "every answer was sent");
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for message in fake.messages() {
        assert!(message.body.starts_with("Hello from"), "{}", message.body);
        *taken.entry(message.to).or_default() += 1;
    }
    let times = |number: &u32| taken.get(&phone(*number)).copied().unwrap_or(0);
    Tally {
        texts,
        duplicates: acknowledged.iter().filter(|number| 1 < times(number)).count(),
        unanswered: acknowledged.iter().filter(|number| times(number) == 0).count(),
        sent_once_more: rows.count("SELECT COUNT(*) FROM outbox WHERE again").await,
    }
}
