//! Malformed webhooks against the running program: refused, not kept, and nothing grows.

use std::time::Duration;

use rand::Rng;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::binary::settings;
use crate::binary::text;
use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::fake_twilio::TOKEN;
use crate::support::process::Client;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::rows::Rows;
use crate::support::signed_post::SignedPost;
use crate::support::signed_post::sign;

const BODIES: usize = 10_000;
const AT_ONCE: usize = 8;
const SEED: u64 = 20_261_122;
const ROUTES: [&str; 2] =
    ["/channels/twilio/inbound", "/channels/twilio/status?o=0198f0c2-7b1e-7c3a-9d4e-5f60718293a4"];
const PUBLIC_URL: &str = "http://127.0.0.1:8080";
/// Buffers and pools of a program that is warm grow a little, and then no more.
const MOST_GROWTH_KB: u64 = 16 * 1024;
const SPICES: [&[u8]; 12] = [
    b"&",
    b"=",
    b"%",
    b"%0",
    b"%00",
    b"%FF%FE",
    b"\x00",
    b"\xff\xfe",
    b"+",
    b"%F0%9F",
    b"#?&&===",
    b"&NumMedia=99999999999",
];

fn nasty(dice: &mut StdRng) -> String {
    let lines: Vec<&str> = include_str!("data/messages/nasty.jsonl").lines().collect();
    let line: serde_json::Value =
        serde_json::from_str(lines[dice.random_range(0..lines.len())]).expect("a line");
    line["text"].as_str().expect("a text").to_owned()
}

/// A good form, changed in one to eight places.
fn mangled(dice: &mut StdRng) -> Vec<u8> {
    let mut bytes =
        text("SM0123456789abcdef0123456789abcdef", "+447700900123", &nasty(dice)).body.into_bytes();
    for _ in 0..dice.random_range(1..=8) {
        let at = dice.random_range(0..=bytes.len());
        let end = (at + dice.random_range(0..40)).min(bytes.len());
        match dice.random_range(0..5) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at.max(1)),
            2 => drop(bytes.splice(at..at, SPICES[dice.random_range(0..SPICES.len())].iter().copied())),
            3 => bytes[at..end].iter_mut().for_each(|byte| *byte ^= 1 << (at % 8)),
            _ => bytes.extend(bytes[at..end].to_vec()),
        }
    }
    bytes
}

/// Noise that was never a form.
fn noise(dice: &mut StdRng) -> Vec<u8> {
    let mut bytes = vec![0; dice.random_range(0..2_000)];
    dice.fill_bytes(&mut bytes);
    bytes
}

/// A form that Twilio might have signed, but that is no message for us, with the status that it must get.
fn signed(dice: &mut StdRng, route: &str) -> (SignedPost, u16) {
    let words = nasty(dice);
    let id = ("MessageSid", "SM1");
    let (from, body) = (("From", "+447700900123"), ("Body", words.as_str()));
    let (pairs, status) = match dice.random_range(0..4) {
        0 => (vec![("AccountSid", "AC0"), id, from, body], 403),
        1 => (vec![("AccountSid", ACCOUNT_SID), body], 400),
        2 => (
            vec![("AccountSid", ACCOUNT_SID), ("MessageSid", "\n"), from, body, ("MessageStatus", "sent")],
            400,
        ),
        _ => (vec![("AccountSid", ACCOUNT_SID), ("From", "\u{200b}\u{202e}"), body], 400),
    };
    (SignedPost::new(TOKEN, &format!("{PUBLIC_URL}{route}"), &pairs), status)
}

/// One bad request: route, signature, body, and what it must get.
struct Bad {
    route: &'static str,
    signature: Option<String>,
    body: Vec<u8>,
    status: u16,
}

fn bad(dice: &mut StdRng) -> Bad {
    let route = ROUTES[dice.random_range(0..ROUTES.len())];
    let right_for_another = || Some(sign(TOKEN, PUBLIC_URL, &[]));
    match dice.random_range(0..10) {
        0..4 => Bad { route, signature: right_for_another(), body: mangled(dice), status: 403 },
        4 => Bad { route, signature: None, body: mangled(dice), status: 403 },
        5 => Bad { route, signature: Some("é'\"<>".to_owned()), body: noise(dice), status: 403 },
        6 if dice.random_range(0..20) == 0 => {
            Bad { route, signature: right_for_another(), body: vec![b'a'; 65 * 1024], status: 413 }
        }
        _ => {
            let (post, status) = signed(dice, route);
            Bad { route, signature: Some(post.signature), body: post.body.into_bytes(), status }
        }
    }
}

async fn post_all(base: &str, bad: Vec<Bad>) {
    let http = reqwest011::Client::builder().no_proxy().build().expect("a client");
    let lanes = bad.chunks(bad.len().div_ceil(AT_ONCE)).map(|lane| post_one_by_one(&http, base, lane));
    futures_util::future::join_all(lanes).await;
}

async fn post_one_by_one(http: &reqwest011::Client, base: &str, lane: &[Bad]) {
    for bad in lane {
        let request = http.post(format!("{base}{}", bad.route)).body(bad.body.clone());
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        let request = match &bad.signature {
            Some(signature) => request.header("X-Twilio-Signature", signature.as_bytes()),
            None => request,
        };
        let status = request.send().await.expect("an answer").status().as_u16();
        assert_eq!(status, bad.status, "{}: {}", bad.route, String::from_utf8_lossy(&bad.body));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_malformed_bodies_are_refused_and_leave_nothing_behind() {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    let server =
        Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, "sqlite://fb.db"))).await;
    let mut dice = StdRng::seed_from_u64(SEED);
    let mut bodies: Vec<Bad> = (0..BODIES).map(|_| bad(&mut dice)).collect();
    let rest = bodies.split_off(BODIES / 5);
    post_all(&server.base, bodies).await;
    let warm = server.memory_kb();
    post_all(&server.base, rest).await;
    let grown = server.memory_kb().saturating_sub(warm);
    println!("{BODIES} malformed bodies: {warm} KB when warm, {grown} KB more at the end");
    assert!(grown < MOST_GROWTH_KB, "{grown} KB");
    let rows = Rows(format!("sqlite://{}", folder.path().join("fb.db").display()));
    assert_eq!(rows.people().await, 0);
    // It asks for what it may have missed; nothing is sent.
    assert!(fake.requests().iter().all(|request| request.method == "GET"));
    assert!(!server.logs().contains("panicked"), "{}", server.logs());
    assert_eq!(Client::of(&server.base).get("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_no_http_end_their_own_connection_only() {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    let server =
        Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, "sqlite://fb.db"))).await;
    let address = server.base.trim_start_matches("http://");
    let mut dice = StdRng::seed_from_u64(SEED);
    for _ in 0..200 {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let mut bytes = noise(&mut dice);
        if dice.random() {
            bytes
                .splice(0..0, *b"POST /channels/twilio/inbound HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n");
        }
        // The server may close before it has read everything.
        let _ = stream.write_all(&bytes).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "the connection stays open");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(!server.logs().contains("panicked"), "{}", server.logs());
    assert_eq!(Client::of(&server.base).get("/healthz").await.status, 200);
}
