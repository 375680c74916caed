//! The accept loop, spoken to byte by byte.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::get;
use axum::routing::post;
use footbridge::http::server::serve;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    /// Told when a slow request has begun.
    begun: Arc<Notify>,
    /// Lets a slow request end.
    release: Arc<Notify>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, begun, release) =
            (CancellationToken::new(), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (Arc::clone(&begun), Arc::clone(&release));
        let slow = move || async move {
            tell.notify_one();
            wait.notified().await;
            "done"
        };
        let router = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/slow", get(slow))
            .route("/echo", post(|body: Bytes| async { body }));
        let serving = tokio::spawn({
            let stop = stop.clone();
            async move { serve(listener, router, &[], stop).await }
        });
        Self { address, stop, serving, begun, release }
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        stream.write_all(text.as_bytes()).await.expect("written");
        stream
    }
}

/// Everything until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection that is reset has ended too.
    let end = stream.read_to_end(&mut bytes);
    tokio::time::timeout(Duration::from_secs(60), end).await.expect("an end").ok();
    String::from_utf8(bytes).expect("text")
}

#[tokio::test]
async fn a_request_is_answered() {
    let server = Server::start().await;
    let stream = server.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("here"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn headers_that_do_not_end_are_not_waited_for() {
    let server = Server::start().await;
    let begin = Instant::now();
    let answer = rest(server.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await).await;
    let waited = begin.elapsed();
    assert!(!answer.contains("here"), "{answer}");
    assert!((Duration::from_secs(10)..Duration::from_secs(11)).contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_more_is_closed() {
    let server = Server::start().await;
    let begin = Instant::now();
    let answer = rest(server.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await).await;
    assert!(answer.ends_with("here"), "{answer}");
    assert!(begin.elapsed() < Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_end_is_not_waited_for() {
    let server = Server::start().await;
    let begin = Instant::now();
    let answer =
        rest(server.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf").await).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(begin.elapsed() < Duration::from_secs(21));
}

#[tokio::test]
async fn a_whole_body_arrives_however_it_is_cut() {
    let server = Server::start().await;
    let mut stream = server
        .send("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\n")
        .await;
    for byte in b"0123456789" {
        stream.write_all(&[*byte]).await.expect("written");
        stream.flush().await.expect("flushed");
        tokio::task::yield_now().await;
    }
    let answer = rest(stream).await;
    assert!(answer.ends_with("0123456789"), "{answer}");
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_refused() {
    let server = Server::start().await;
    let many = "X-A: b\r\n".repeat(101);
    let long = format!("X-A: {}\r\n", "b".repeat(17 * 1024));
    for headers in [many, long] {
        let answer = rest(server.send(&format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n")).await).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn an_open_request_finishes_when_the_server_stops() {
    let server = Server::start().await;
    let open = server.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let idle = server.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    server.begun.notified().await;
    server.stop.cancel();
    // Sooner than silence alone would close it.
    let idle = tokio::time::timeout(Duration::from_secs(5), rest(idle)).await.expect("an end at once");
    assert!(idle.is_empty() || idle.ends_with("here"), "{idle}");
    assert!(!server.serving.is_finished());
    server.release.notify_one();
    assert!(rest(open).await.ends_with("done"));
    server.serving.await.expect("no panic");
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_ends_does_not_keep_the_server() {
    let server = Server::start().await;
    let _open = server.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    server.begun.notified().await;
    let begin = Instant::now();
    server.stop.cancel();
    server.serving.await.expect("no panic");
    assert!((Duration::from_secs(15)..Duration::from_secs(16)).contains(&begin.elapsed()));
}
