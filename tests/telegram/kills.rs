//! `kill -9` at random moments while people write by Telegram: what was acknowledged is kept and answered, and what may
//! have left is said once more at most.
//!
//! Telegram's journal is written in this process, which no kill reaches. `FOOTBRIDGE_KILLS` says how many kills there are
//! for each database.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use footbridge::channel::Sender;
use footbridge::channel::telegram::Telegram;
use footbridge::domain::message::ChannelKind;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use crate::kills::drain;
use crate::kills::kills;
use crate::kills::settle_by;
use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::SECRET;
use crate::support::fake_telegram::TOKEN;
use crate::support::fake_telegram::text_at;
use crate::support::journal::Event;
use crate::support::journal::check;
use crate::support::postgres::cluster;
use crate::support::process::Client;
use crate::support::process::KEY;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::rows::Rows;
use crate::support::rows::tables_by_name;
use crate::support::telegram_app::account;

const USUAL_KILLS: u32 = 6;
const SEED: u64 = 20_261_122;
/// People who write at once.
const AT_ONCE: usize = 8;
/// A kill comes at most this long after the first text of a life was taken.
const LATEST_KILL_MS: u64 = 120;
/// What Telegram takes to answer, so that a kill finds texts under way.
const LATENCY: Duration = Duration::from_millis(40);

/// Everybody who writes, and Telegram, which keeps what was not acknowledged.
struct People {
    fake: FakeTelegram,
    next: AtomicI64,
}

impl People {
    /// Somebody new writes; Telegram posts it.
    async fn one_writes(&self, client: &Client) -> Option<Value> {
        let chat = 7_000_000_000 + self.next.fetch_add(1, Ordering::SeqCst);
        let update = self.fake.update(text_at(chat, "hello", 1_780_000_000));
        self.fake.note(Event::Texted { sid: update["update_id"].to_string(), from: chat.to_string() });
        if self.is_taken(client, &update).await { None } else { Some(update) }
    }

    async fn is_taken(&self, client: &Client, update: &Value) -> bool {
        let status = client.update(update).await;
        if status == Some(200) {
            self.fake.note(Event::Acknowledged { sid: update["update_id"].to_string() });
        }
        status == Some(200)
    }

    /// People write until the server is gone; gives what it has not acknowledged.
    async fn write_to(&self, base: &str) -> Vec<Value> {
        let writers = (0..AT_ONCE).map(|_| async {
            let client = Client::of(base);
            loop {
                if let Some(update) = self.one_writes(&client).await {
                    return update;
                }
            }
        });
        futures_util::future::join_all(writers).await
    }
}

async fn survive(url: &str, name: &str) {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTelegram::start().await);
    fake.answer_after(LATENCY);
    let settings = [
        ("FOOTBRIDGE_LISTEN", "127.0.0.1:0"),
        ("FOOTBRIDGE_PUBLIC_URL", "http://127.0.0.1:8080"),
        ("FOOTBRIDGE_SECRET_KEY", KEY),
        ("FOOTBRIDGE_DATABASE_URL", url),
        ("FOOTBRIDGE_TELEGRAM_TOKEN", TOKEN),
        ("FOOTBRIDGE_TELEGRAM_API_URL", &fake.url),
        ("FOOTBRIDGE_TELEGRAM_MODE", "webhook"),
        ("FOOTBRIDGE_TELEGRAM_WEBHOOK_SECRET", SECRET),
    ];
    let people = People { fake: fake.clone(), next: AtomicI64::new(0) };
    let (kills, mut dice, mut held) = (kills(USUAL_KILLS), StdRng::seed_from_u64(SEED), Vec::new());
    for _ in 0..kills {
        let mut server = Server::start(footbridge(folder.path(), &["serve"], &settings)).await;
        let (before, taken) = (fake.journal().len(), fake.messages().len());
        let base = server.base.clone();
        let kill = async {
            fake.wait_until("a text is taken", |fake| taken < fake.messages().len()).await;
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..=LATEST_KILL_MS))).await;
            server.kill();
        };
        let (not_taken, ()) = tokio::join!(people.write_to(&base), kill);
        held.extend(not_taken);
        fake.note(Event::Killed);
        fake.note_lost_since(before);
    }
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &settings)).await;
    let client = Client::of(&server.base);
    for update in &held {
        assert!(people.is_taken(&client, update).await, "Telegram brings it again");
    }
    let rows = Rows(url.to_owned());
    drain(&rows).await;
    server.ask_to_stop();
    assert!(server.end().await.success(), "{}", server.logs());
    let telegram = Sender::Telegram(Box::new(Telegram::new(account(&fake, true)).expect("a client")));
    let store = settle_by(BTreeMap::from([(ChannelKind::Telegram, telegram)]), url).await;
    let tables = tables_by_name(&rows, &store).await;
    assert_eq!(check(&fake.journal(), &tables), []);
    assert_eq!(
        i64::try_from(tables.inbound).expect("few"),
        people.next.load(Ordering::SeqCst),
        "all are kept"
    );
    tell(&fake, kills, name);
}

#[expect(clippy::print_stdout, reason = "the figures are what a long run is made for")]
fn tell(fake: &FakeTelegram, kills: u32, name: &str) {
    let texts = fake.messages();
    let chats: BTreeSet<i64> = texts.iter().map(|text| text.chat).collect();
    let twice = texts.len() - chats.len();
    println!(
        "{kills} kills on {name}, seed {SEED}: {} messages by Telegram, {twice} answered once more",
        chats.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_sqlite_no_message_is_lost_and_none_is_answered_a_third_time() {
    let folder = tempfile::tempdir().expect("a folder");
    survive(&format!("sqlite://{}", folder.path().join("fb.db").display()), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_postgres_no_message_is_lost_and_none_is_answered_a_third_time() {
    survive(&cluster().new_database().await, "PostgreSQL").await;
}
