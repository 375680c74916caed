//! The real binary: starting, refusing to start, setting up, stopping.

use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::app::ENGLISH_NUMBER;
use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::fake_twilio::TOKEN;
use crate::support::process::Client;
use crate::support::process::KEY;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::rows::Rows;
use crate::support::signed_post::SignedPost;

/// How the world reaches the server of `settings`.
pub const PUBLIC_URL: &str = "http://127.0.0.1:8080";
const LISTEN: (&str, &str) = ("FOOTBRIDGE_LISTEN", "127.0.0.1:0");
const SECRET: (&str, &str) = ("FOOTBRIDGE_SECRET_KEY", KEY);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The settings of a server that texts by this provider.
pub fn settings<'a>(fake: &'a FakeTwilio, database_url: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        LISTEN,
        SECRET,
        ("FOOTBRIDGE_PUBLIC_URL", PUBLIC_URL),
        ("FOOTBRIDGE_DATABASE_URL", database_url),
        ("FOOTBRIDGE_TWILIO_ACCOUNT_SID", ACCOUNT_SID),
        ("FOOTBRIDGE_TWILIO_AUTH_TOKEN", TOKEN),
        ("FOOTBRIDGE_TWILIO_FROM", ENGLISH_NUMBER),
        ("FOOTBRIDGE_TWILIO_API_URL", &fake.url),
    ]
}

fn refused(folder: &Path, settings: &[(&str, &str)]) -> (i32, String) {
    outcome(footbridge(folder, &["serve"], settings))
}

#[test]
fn without_a_secret_key_it_says_so_and_does_not_start() {
    let folder = folder();
    let (code, said) = refused(folder.path(), &[LISTEN]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("FOOTBRIDGE_SECRET_KEY") && said.contains("openssl rand -base64 32"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing was made");
}

#[test]
fn an_unknown_key_is_an_error_with_a_suggestion() {
    let folder = folder();
    let (code, said) = refused(folder.path(), &[("FOOTBRIDGE_LISTN", "127.0.0.1:0"), SECRET]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("FOOTBRIDGE_LISTN:") && said.contains("FOOTBRIDGE_LISTEN`"), "{said}");
}

#[test]
fn a_bad_definition_is_refused_with_every_problem_and_its_line() {
    let folder = folder();
    let (code, said) = outcome(footbridge(folder.path(), &["unpack", "."], &[]));
    assert_eq!(code, 0, "{said}");
    let flow = folder.path().join("conversations/what-matters/flow.yaml");
    let text = std::fs::read_to_string(&flow).expect("the flow");
    let broken = text
        .replacen("only if: for-whom is wrong-number", "only if: for-whom is wrong-numbr", 1)
        .replacen("    answer: practice", "    answer: practise", 1);
    std::fs::write(&flow, &broken).expect("writing");
    let conversations = folder.path().join("conversations");
    let conversations = ("FOOTBRIDGE_CONVERSATIONS", conversations.to_str().expect("a path"));
    let (code, said) = refused(folder.path(), &[LISTEN, SECRET, conversations]);
    assert_eq!(code, 1, "{said}");
    for wrong in ["wrong-numbr", "practise"] {
        let line = 1 + broken.lines().position(|line| line.contains(wrong)).expect("it");
        assert!(
            said.contains(&format!("flow.yaml:{line}:")) && said.contains(wrong),
            "{wrong} on {line}: {said}"
        );
    }
    assert!(!folder.path().join("footbridge.db").exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_starts_with_made_up_services_and_says_that_they_are() {
    let (folder, fake) = (folder(), FakeTwilio::start().await);
    let mut server =
        Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, "sqlite://fb.db"))).await;
    server.line_with("set-up link: ").await;
    let warnings = server.printed.iter().filter(|line| line.contains("not ready for the public"));
    let warnings: Vec<&String> = warnings.collect();
    assert!(warnings.len() == 1 && warnings[0].contains("alder-vale and dyffryn-gwern"), "{warnings:?}");
    server.ask_to_stop();
    assert!(server.end().await.success());
    let mut own = settings(&fake, "sqlite://fb.db");
    own.retain(|(name, _)| *name != "FOOTBRIDGE_TWILIO_FROM");
    own.push(("FOOTBRIDGE_TWILIO_FROM", "+447700123456"));
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &own)).await;
    let warning = server.line_with("no service names").await;
    assert!(warning.contains("ends in 456") && warning.contains("`numbers`"), "{warning}");
    assert!(!warning.contains("123456"), "{warning}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_key_is_refused_and_nothing_is_overwritten() {
    let folder = folder();
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &[LISTEN, SECRET])).await;
    let link = server.line_with("set-up link: ").await;
    set_up(&server.base, &link).await;
    server.ask_to_stop();
    assert!(server.end().await.success());
    let other = ("FOOTBRIDGE_SECRET_KEY", "/////////////////////////////////////////38=");
    let (code, said) = refused(folder.path(), &[LISTEN, other]);
    assert_eq!(code, 2, "{said}");
    let cause = "footbridge: FOOTBRIDGE_SECRET_KEY is not the key that this database was made with";
    assert!(said.lines().any(|line| line.starts_with(cause)), "the cause stands first: {said}");
    assert!(said.contains("Put back the key that you keep in a safe place"), "{said}");
    let server = Server::start(footbridge(folder.path(), &["serve"], &[LISTEN, SECRET])).await;
    assert!(server.printed.iter().all(|line| !line.contains("set-up link")), "there is an administrator");
    let mut ann = Client::of(&server.base);
    let signed_in =
        ann.post("/sign-in", &[("email", "ann@example.org"), ("password", "three words here")]).await;
    signed_in.went_to("/inbox");
}

/// Makes the first administrator by the printed link, and stays signed in.
pub async fn set_up(base: &str, line: &str) -> Client {
    set_up_by(Client::of(base), line).await
}

/// The same, in this browser.
pub async fn set_up_by(mut ann: Client, line: &str) -> Client {
    let path = line.split_once("/set-up?").expect("the link").1;
    let page = ann.get(&format!("/set-up?{path}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let token = page.value("input[name=token]");
    let form = [
        ("token", token.as_str()),
        ("name", "Ann"),
        ("email", "ann@example.org"),
        ("password", "three words here"),
    ];
    ann.post("/set-up", &form).await.went_to("/inbox");
    ann
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_set_up_link_to_the_inbox_and_back() {
    let folder = folder();
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &[LISTEN, SECRET])).await;
    let link = server.line_with("set-up link: ").await;
    assert!(link.contains(&format!("{}/set-up?token=", server.base)), "{link}");
    let mut ann = set_up(&server.base, &link).await;
    assert_eq!(ann.get("/inbox").await.status, 200);
    ann.post("/sign-out", &[]).await.went_to("/signed-out");
    ann.get("/inbox").await.went_to("/sign-in");
    let wrong =
        ann.post("/sign-in", &[("email", "ann@example.org"), ("password", "another three words")]).await;
    assert_eq!(wrong.status, 401);
    ann.post("/sign-in", &[("email", "ann@example.org"), ("password", "three words here")])
        .await
        .went_to("/inbox");
    assert_eq!(ann.get("/inbox").await.status, 200);
    assert_eq!(ann.get("/healthz").await.status, 200);
    assert_eq!(ann.get("/readyz").await.status, 200);
    assert_eq!(ann.get("/metrics").await.status, 200, "this machine reads the figures");
    let through_a_proxy = ann.get_with("/metrics", &[("x-forwarded-for", "203.0.113.9")]).await;
    assert_eq!(through_a_proxy.status, 404, "without a token nobody else does");
    assert_eq!(ann.post("/channels/twilio/inbound", &[]).await.status, 404, "no channel, no route");
}

/// A text to the service, as Twilio posts it.
pub fn text(id: &str, from: &str, body: &str) -> SignedPost {
    let pairs = [
        ("MessageSid", id),
        ("AccountSid", ACCOUNT_SID),
        ("From", from),
        ("To", ENGLISH_NUMBER),
        ("NumMedia", "0"),
        ("Body", body),
    ];
    SignedPost::new(TOKEN, &format!("{PUBLIC_URL}/channels/twilio/inbound"), &pairs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_leaves_within_two_seconds_also_to_whoever_answers_at_once() {
    let (folder, fake) = (folder(), FakeTwilio::start().await);
    let server =
        Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, "sqlite://fb.db"))).await;
    let client = Client::of(&server.base);
    for (count, words) in ["hello", "me", "3", "Arthur"].into_iter().enumerate() {
        let post = text(&format!("SM{count}"), "+447700900100", words);
        assert_eq!(client.webhook(&post).await, Some(200));
        let sent = fake.wait_for_requests(count + 1);
        tokio::time::timeout(Duration::from_secs(2), sent).await.expect("a reply within two seconds");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_it_finishes_the_open_request_first() {
    let (folder, fake) = (folder(), FakeTwilio::start().await);
    let mut server =
        Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, "sqlite://fb.db"))).await;
    let post = text("SM1", "+447700900123", "hello");
    let mut stream =
        TcpStream::connect(server.base.trim_start_matches("http://")).await.expect("a connection");
    let (first, rest) = post.body.split_at(10);
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: {}\r\nContent-Length: {}\r\n\r\n{first}",
        post.path_and_query(),
        post.signature,
        post.body.len(),
    );
    stream.write_all(head.as_bytes()).await.expect("written");
    // An answer on a second connection shows that the first was taken up before.
    assert_eq!(Client::of(&server.base).get("/healthz").await.status, 200);
    server.ask_to_stop();
    wait_until_nobody_listens(&server.base).await;
    stream.write_all(rest.as_bytes()).await.expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(server.end().await.success(), "{}", server.logs());
    let rows = Rows(format!("sqlite://{}", folder.path().join("fb.db").display()));
    assert_eq!(rows.count("SELECT COUNT(*) FROM inbound").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_it_ends_every_open_stream_and_does_not_wait_for_them() {
    const STREAMS: usize = 50;
    const OF_ONE_SESSION: usize = 4;
    let folder = folder();
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &[LISTEN, SECRET])).await;
    let link = server.line_with("set-up link: ").await;
    let mut ann = set_up(&server.base, &link).await;
    let mut open = Vec::new();
    while open.len() < STREAMS {
        if !open.is_empty() && open.len().is_multiple_of(OF_ONE_SESSION) {
            let form = [("email", "ann@example.org"), ("password", "three words here")];
            ann.post("/sign-in", &form).await.went_to("/inbox");
        }
        open.push(listen(&server.base, ann.cookie.as_deref().expect("a session")).await);
    }
    let begun = Instant::now();
    server.ask_to_stop();
    for mut stream in open {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.expect("an end, and no broken connection");
        assert!(rest.ends_with(b"0\r\n\r\n"), "{}", String::from_utf8_lossy(&rest));
    }
    assert!(server.end().await.success(), "{}", server.logs());
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

/// An open page's stream that has told its first word.
async fn listen(base: &str, cookie: &str) -> TcpStream {
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).await.expect("a connection");
    let ask = format!("GET /inbox/events HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.expect("written");
    let (mut heard, mut part) = (String::new(), [0; 1024]);
    while !(heard.contains("data: ") && heard.ends_with("\n\n\r\n")) {
        let read = stream.read(&mut part).await.expect("something to hear");
        assert!(0 < read, "it ended: {heard}");
        heard.push_str(&String::from_utf8_lossy(&part[..read]));
    }
    stream
}

async fn wait_until_nobody_listens(base: &str) {
    let address = base.trim_start_matches("http://");
    let gone = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("an end of listening");
}
