//! Callers who post signed webhooks, one after the other, each on a connection that stays open.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// What was posted, and how long each answer took.
pub struct Told {
    length: Duration,
    pub waits: Vec<Duration>,
}

impl Told {
    pub fn per_second(&self) -> f64 {
        self.waits.len() as f64 / self.length.as_secs_f64()
    }
}

/// Posts these requests, each person's in their order: `posts` holds a list for each person. The clock starts when
/// every caller is connected.
pub async fn tell(to: SocketAddr, posts: &[Vec<Vec<u8>>], callers: u32) -> Told {
    let callers = usize::try_from(callers).expect("a few");
    let start = Arc::new(Barrier::new(callers + 1));
    let mut telling = JoinSet::new();
    for people in posts.chunks(posts.len().div_ceil(callers)) {
        telling.spawn(call(to, in_turns(people), Arc::clone(&start)));
    }
    assert_eq!(telling.len(), callers, "every caller has people");
    start.wait().await;
    let begun = Instant::now();
    let waits = telling.join_all().await.into_iter().flatten().collect();
    Told { length: begun.elapsed(), waits }
}

/// Everybody's first, everybody's second, and so on: nobody answers before the question could be read.
fn in_turns(people: &[Vec<Vec<u8>>]) -> Vec<Vec<u8>> {
    let texts = people.iter().map(Vec::len).max().unwrap_or_default();
    let turn = |number: usize| people.iter().filter_map(move |posts| posts.get(number).cloned());
    (0..texts).flat_map(turn).collect()
}

async fn call(to: SocketAddr, posts: Vec<Vec<u8>>, start: Arc<Barrier>) -> Vec<Duration> {
    let mut stream = TcpStream::connect(to).await.expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let mut waits = Vec::with_capacity(posts.len());
    let mut answer = Vec::with_capacity(1024);
    start.wait().await;
    for post in posts {
        let asked = Instant::now();
        stream.write_all(&post).await.expect("written");
        read_answer(&mut stream, &mut answer).await;
        waits.push(asked.elapsed());
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    waits
}

/// An answer ends with the one body that a webhook gets.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    while !answer.ends_with(b"</Response>") {
        let read = stream.read_buf(answer).await.expect("an answer");
        assert!(0 < read, "closed after {}", String::from_utf8_lossy(answer));
    }
}
