//! Streams that tell an open page of changes, over a real connection.

use std::time::Duration;

use footbridge::http::server::serve;
use footbridge::inbox::token::Token;
use futures_util::FutureExt;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::worker::Worker;

const JOAN: &str = "07700 900123";
/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The app, listening.
struct Listening {
    address: std::net::SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Listening {
    async fn of(app: &TestApp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let (address, stop) = (listener.local_addr().expect("an address"), CancellationToken::new());
        let (router, stopping) = (app.router(), stop.clone());
        let serving = tokio::spawn(async move { serve(listener, router, &[], stopping).await });
        Self { address, stop, serving }
    }

    async fn open(&self, cookie: &str) -> Stream {
        let mut line = TcpStream::connect(self.address).await.expect("a connection");
        let ask = format!("GET /inbox/events HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n");
        line.write_all(ask.as_bytes()).await.expect("written");
        Stream { line, heard: String::new() }
    }
}

/// A stream, and what came of it so far.
struct Stream {
    line: TcpStream,
    heard: String,
}

impl Stream {
    /// Reads until so many words have come; gives them.
    async fn words(&mut self, count: usize) -> Vec<String> {
        while self.told().len() < count {
            assert!(self.more().await, "it ended: {}", self.heard);
        }
        self.told()
    }

    fn told(&self) -> Vec<String> {
        let whole = self.heard.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
        whole.lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect()
    }

    /// Reads what comes next; false where the connection has ended.
    async fn more(&mut self) -> bool {
        let mut part = [0; 4096];
        let read =
            tokio::time::timeout(PATIENCE, self.line.read(&mut part)).await.expect("something to hear");
        let read = read.unwrap_or(0);
        self.heard.push_str(&String::from_utf8_lossy(&part[..read]));
        0 < read && !self.heard.ends_with("0\r\n\r\n")
    }

    async fn end(mut self) {
        while self.more().await {}
    }
}

fn cookie(worker: &Worker) -> &str {
    worker.cookie().expect("somebody who is signed in")
}

on_both_stores! {
    async fn a_stream_tells_that_something_has_changed_and_not_what(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let worker = app.worker("Sam").await;
        let listening = Listening::of(&app).await;
        let mut stream = listening.open(cookie(&worker)).await;
        let before = worker.get("/inbox/changes").await.body;
        assert_eq!(stream.words(1).await, [before.clone()], "the word that holds now comes at once");
        assert!(stream.heard.starts_with("HTTP/1.1 200 OK") && stream.heard.contains("text/event-stream"));
        assert!(stream.heard.contains("no-store") && stream.heard.contains("x-accel-buffering: no"));
        app.sms(JOAN, "I want to end my life").await;
        app.look();
        let words = stream.words(2).await;
        assert_eq!(words.last(), Some(&worker.get("/inbox/changes").await.body));
        assert_ne!(words[1], before);
        assert!(!stream.heard.contains("end my life") && !stream.heard.contains("7700900"), "{}", stream.heard);
    }

    async fn a_stream_ends_with_its_session(store: TestStore) {
        let app = TestApp::on(store).await;
        let mut ends = Vec::new();
        let (out, late, stopped) = (app.worker("Sam").await, app.worker("Kim").await, app.worker("Zed").await);
        let listening = Listening::of(&app).await;
        for worker in [&out, &late, &stopped] {
            let mut stream = listening.open(cookie(worker)).await;
            stream.words(1).await;
            ends.push(stream);
        }
        let [out_stream, late_stream, stopped_stream]: [Stream; 3] = ends.try_into().ok().expect("three");
        out.post("/sign-out", &[]).await.went_to("/signed-out");
        out_stream.end().await;
        let house = app.house.clone();
        let zed = house.store.read().await.expect("the store").staff_by_email("zed@example.org").await;
        let zed = zed.expect("the store").expect("Zed").staff.id;
        house.store.write(move |tx| async move { tx.set_active(zed, false).await }.boxed()).await.expect("stopped");
        stopped_stream.end().await;
        app.clock.advance(Duration::from_secs(13 * 3600));
        late_stream.end().await;
    }

    async fn a_session_has_four_streams_at_most_and_whoever_is_not_signed_in_none(store: TestStore) {
        let app = TestApp::on(store).await;
        let worker = app.worker("Sam").await;
        let listening = Listening::of(&app).await;
        let mut open = Vec::new();
        for _ in 0..4 {
            let mut stream = listening.open(cookie(&worker)).await;
            stream.words(1).await;
            open.push(stream);
        }
        let mut fifth = listening.open(cookie(&worker)).await;
        fifth.more().await;
        assert!(fifth.heard.starts_with("HTTP/1.1 429 "), "{}", fifth.heard);
        let mut stranger = listening.open("footbridge=none").await;
        stranger.more().await;
        assert!(stranger.heard.starts_with("HTTP/1.1 303 "), "{}", stranger.heard);
        listening.stop.cancel();
    }

    async fn a_stream_keeps_nobody_signed_in(store: TestStore) {
        let app = TestApp::on(store).await;
        let worker = app.worker("Sam").await;
        let listening = Listening::of(&app).await;
        for _ in 0..13 {
            app.clock.advance(Duration::from_secs(3600));
            let mut stream = listening.open(cookie(&worker)).await;
            stream.more().await;
        }
        assert_ne!(worker.get("/inbox").await.status, 200);
    }

    async fn a_server_with_fifty_open_streams_stops_at_once(store: TestStore) {
        const STREAMS: u8 = 50;
        let app = TestApp::on(store).await;
        app.worker("Sam").await;
        let sam = app.house.store.read().await.expect("the store").staff_by_email("sam@example.org").await;
        let sam = sam.expect("the store").expect("Sam").staff.id;
        let (listening, mut open) = (Listening::of(&app).await, Vec::new());
        for number in 0..STREAMS {
            let token = Token::from_random([number; 32]);
            let (hash, now) = (token.hash(), app.clock.now());
            let ends = now.plus(Duration::from_secs(3600));
            let session = app.house.store.write(move |tx| {
                async move { tx.open_staff_session(&hash, sam, "Firefox", now, ends).await }.boxed()
            });
            session.await.expect("a session");
            let mut stream = listening.open(&format!("__Host-footbridge={}", token.reveal())).await;
            stream.words(1).await;
            open.push(stream);
        }
        let begun = std::time::Instant::now();
        listening.stop.cancel();
        listening.serving.await.expect("no panic");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        for stream in open {
            stream.end().await;
        }
    }
}
