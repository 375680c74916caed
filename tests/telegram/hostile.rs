//! Malformed updates against the running program: answered, of no consequence, and never in a log.

use rand::Rng;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;
use serde_json::json;

use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::SECRET;
use crate::support::fake_telegram::TOKEN;
use crate::support::fake_telegram::contact;
use crate::support::fake_telegram::edit;
use crate::support::fake_telegram::member;
use crate::support::fake_telegram::tap;
use crate::support::fake_telegram::text;
use crate::support::fake_telegram::voice;
use crate::support::process::Client;
use crate::support::process::KEY;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::rows::Rows;
use crate::support::telegram_app::PATH;

const UPDATES: usize = 10_000;
const AT_ONCE: usize = 8;
const SEED: u64 = 20_261_122;
/// Buffers and pools of a program that is warm grow a little, and then no more.
const MOST_GROWTH_KB: u64 = 16 * 1024;
/// Stands in every text, name and chat id that is sent.
const CANARY: &str = "canary";

/// One bad request: what it shows, its body, and what it must get.
struct Bad {
    secret: Option<&'static str>,
    body: Vec<u8>,
    status: u16,
}

/// An update as it should be, from one of few people.
fn good(dice: &mut StdRng) -> Value {
    let (chat, words) = (7_000_000_000 + dice.random_range(0..3), "canary I want to die");
    let mut update = match dice.random_range(0..6) {
        0 => edit(chat, words),
        1 => tap(chat, "canary:0123:me"),
        2 => contact(chat, chat, "447700900123"),
        3 => voice(chat),
        4 => member(chat, "member"),
        _ => text(chat, words),
    };
    update["update_id"] = dice.random_range(0..u32::MAX).into();
    update
}

/// Something that never stands where it is put.
fn junk(dice: &mut StdRng) -> Value {
    match dice.random_range(0..9) {
        0 => Value::Null,
        1 => json!("canary\u{0}\u{202e}💥"),
        2 => json!(-1.5e300),
        3 => json!([]),
        4 => json!({ "canary": ["canary"] }),
        5 => json!(true),
        6 => json!([[[[[[{ "chat": { "id": 1, "type": "private" } }]]]]]]),
        7 => json!("a".repeat(3_000)),
        _ => json!({}),
    }
}

/// An update that lacks what makes it somebody's: nothing of it may be kept.
fn nobodys(dice: &mut StdRng) -> Value {
    let mut update = good(dice);
    let junk = junk(dice);
    if dice.random_range(0..4) == 0 {
        update["update_id"] = junk;
        return update;
    }
    let all: Vec<String> = update.as_object().expect("an object").keys().cloned().collect();
    let kind = all.into_iter().find(|kind| kind != "update_id").expect("a kind");
    let inner = &mut update[kind.as_str()];
    match (dice.random_range(0..3), kind.as_str()) {
        (0, _) => *inner = junk,
        (1, "callback_query") | (_, "callback_query") => inner["from"] = junk,
        (1, _) => inner["chat"] = junk,
        _ => {
            inner["chat"]["id"] = junk.clone();
            inner["from"] = junk;
        }
    }
    update
}

/// A message of somebody in a form that nobody knows: it is kept as one that cannot be read.
fn unreadable(dice: &mut StdRng) -> Value {
    let mut update = text(7_000_000_000 + dice.random_range(0..3), CANARY);
    update["update_id"] = dice.random_range(0..u32::MAX).into();
    let message = update["message"].as_object_mut().expect("an object");
    message.remove("text");
    message.insert(format!("thing_of_tomorrow_{}", dice.random_range(0..9)), junk(dice));
    update
}

/// A good update, cut or changed until it is no JSON.
fn torn(dice: &mut StdRng) -> Vec<u8> {
    loop {
        let mut bytes = good(dice).to_string().into_bytes();
        for _ in 0..dice.random_range(1..=6) {
            let at = dice.random_range(0..bytes.len());
            match dice.random_range(0..4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] ^= 1 << (at % 8),
                2 => bytes.insert(at, [b'{', b'"', 0, 0xff][at % 4]),
                _ => drop(bytes.drain(at..(at + 9).min(bytes.len()))),
            }
            if bytes.is_empty() {
                break;
            }
        }
        if serde_json::from_slice::<Value>(&bytes).is_err() {
            return bytes;
        }
    }
}

fn bad(dice: &mut StdRng) -> Bad {
    let well = |body: Vec<u8>| Bad { secret: Some(SECRET), body, status: 200 };
    match dice.random_range(0..100) {
        0..40 => well(nobodys(dice).to_string().into_bytes()),
        40..75 => well(torn(dice)),
        75..80 => well(unreadable(dice).to_string().into_bytes()),
        80..84 => well(junk(dice).to_string().into_bytes()),
        84..86 => well(vec![b'['; dice.random_range(1..60_000)]),
        86..88 => {
            let mut noise = vec![0; dice.random_range(0..2_000)];
            dice.fill_bytes(&mut noise);
            well(noise)
        }
        88 => Bad { secret: Some(SECRET), body: vec![b' '; 257 * 1024], status: 413 },
        89..94 => Bad { secret: None, body: good(dice).to_string().into_bytes(), status: 403 },
        _ => Bad { secret: Some("another-secret"), body: good(dice).to_string().into_bytes(), status: 403 },
    }
}

async fn post_all(base: &str, bad: &[Bad]) {
    let http = reqwest011::Client::builder().no_proxy().build().expect("a client");
    let lanes = bad.chunks(bad.len().div_ceil(AT_ONCE)).map(|lane| post_one_by_one(&http, base, lane));
    futures_util::future::join_all(lanes).await;
}

async fn post_one_by_one(http: &reqwest011::Client, base: &str, lane: &[Bad]) {
    for bad in lane {
        let request = http.post(format!("{base}{PATH}")).body(bad.body.clone());
        let request = match bad.secret {
            Some(secret) => request.header("X-Telegram-Bot-Api-Secret-Token", secret),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        let shown = String::from_utf8_lossy(&bad.body);
        assert_eq!(answer.status().as_u16(), bad.status, "{shown}");
        // Telegram would take a body for a request of ours.
        assert!(bad.status != 200 || answer.bytes().await.expect("a body").is_empty(), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_malformed_updates_are_answered_and_leave_nothing_but_unreadable_messages() {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTelegram::start().await);
    let settings = [
        ("FOOTBRIDGE_LISTEN", "127.0.0.1:0"),
        ("FOOTBRIDGE_SECRET_KEY", KEY),
        ("FOOTBRIDGE_DATABASE_URL", "sqlite://fb.db"),
        ("FOOTBRIDGE_TELEGRAM_TOKEN", TOKEN),
        ("FOOTBRIDGE_TELEGRAM_MODE", "webhook"),
        ("FOOTBRIDGE_TELEGRAM_WEBHOOK_SECRET", SECRET),
        ("FOOTBRIDGE_TELEGRAM_API_URL", &fake.url),
    ];
    let server = Server::start(footbridge(folder.path(), &["serve"], &settings)).await;
    let mut dice = StdRng::seed_from_u64(SEED);
    let mut updates: Vec<Bad> = (0..UPDATES).map(|_| bad(&mut dice)).collect();
    let rest = updates.split_off(UPDATES / 5);
    post_all(&server.base, &updates).await;
    let warm = server.memory_kb();
    post_all(&server.base, &rest).await;
    let grown = server.memory_kb().saturating_sub(warm);
    println!("{UPDATES} malformed updates: {warm} KB when warm, {grown} KB more at the end");
    assert!(grown < MOST_GROWTH_KB, "{grown} KB");
    let rows = Rows(format!("sqlite://{}", folder.path().join("fb.db").display()));
    let kept = rows.count("SELECT COUNT(*) FROM inbound").await;
    assert!(0 < kept, "messages that cannot be read are kept");
    let read = "SELECT COUNT(*) FROM inbound WHERE kind <> 'unreadable'";
    assert_eq!(rows.count(read).await, 0);
    assert_eq!(rows.count("SELECT COUNT(*) FROM concern").await, 0);
    let logs = server.logs();
    assert!(!logs.contains("panicked"), "{logs}");
    for secret in [CANARY, "want to die", "7000000000", "7700900123", SECRET, TOKEN] {
        assert!(!logs.contains(secret), "{secret} stands in the log:\n{logs}");
    }
    assert_eq!(Client::of(&server.base).get("/readyz").await.status, 200);
}
