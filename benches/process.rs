//! What the program costs by itself: its size, how soon it serves, and what it takes while nothing happens.
//!
//! `cargo bench --bench process`. Every start is a process of its own, once on a database that is not there yet, once
//! on one with 10,000 live sessions.

#![expect(clippy::print_stdout, reason = "figures are printed")]

#[path = "inbound/callers.rs"]
#[expect(dead_code, reason = "only the filling is needed")]
mod callers;
#[path = "inbound/house.rs"]
mod house;
#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::house::TestHouse;
use crate::support::stores::TestStore;

const PROGRAM: &str = env!("CARGO_BIN_EXE_footbridge");
const SESSIONS: u32 = 10_000;
const STARTS: usize = 7;
const STREAMS: usize = 50;
/// As many as a session may have.
const STREAMS_PER_SESSION: usize = 4;
/// The allocator and the pools have come to rest by then.
const IDLE: Duration = Duration::from_secs(60);

fn main() {
    let size = std::fs::metadata(PROGRAM).expect("the program").len();
    println!("the program: {:.1} MB", size as f64 / 1e6);
    streams(tempfile::tempdir().expect("a folder").path());
    demo();
    let filled = filled();
    starts("a new database", || tempfile::tempdir().expect("a folder"));
    starts("10,000 sessions", || copy(filled.path()));
    idle("a new database", tempfile::tempdir().expect("a folder").path());
    idle("10,000 sessions", filled.path());
}

/// What open pages cost that listen for changes, four to each of their sessions.
fn streams(folder: &Path) {
    let server = Server::start(folder);
    let session = |number: usize| server.sign_in(number == 0);
    let sessions: Vec<String> = (0..STREAMS.div_ceil(STREAMS_PER_SESSION)).map(session).collect();
    let before = server.status("VmRSS");
    let open: Vec<TcpStream> =
        (0..STREAMS).map(|number| server.listen(&sessions[number / STREAMS_PER_SESSION])).collect();
    std::thread::sleep(Duration::from_secs(5));
    let (after, begun) = (server.status("VmRSS"), Instant::now());
    println!("serve, {STREAMS} open streams: {:.1} MB more than without ({before:.1} MB)", after - before);
    server.stop();
    println!("serve, {STREAMS} open streams: stopped after {:.0?}", begun.elapsed());
    drop(open);
}

/// A folder with a database of many people, each with a question to answer.
fn filled() -> tempfile::TempDir {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut house = TestHouse::on(TestStore::sqlite().await).await;
        callers::tell(house.address, &house.posts(0..SESSIONS, &["hello", "me"], 0), 50).await;
        house.deliver().await;
        house.close().await
    })
}

fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        std::fs::copy(entry.path(), to.path().join(entry.file_name())).expect("a copy");
    }
    to
}

/// From the start of the process to the line `listening`, and to the first 200 of `/readyz`.
fn starts(what: &str, mut folder: impl FnMut() -> tempfile::TempDir) {
    let (mut listening, mut ready) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let folder = folder();
        let server = Server::start(folder.path());
        listening.push(server.listening);
        ready.push(server.ready);
        server.stop();
    }
    println!("serve, {what}: listening after {}, ready after {}", spread(listening), spread(ready));
}

fn idle(what: &str, folder: &Path) {
    let server = Server::start(folder);
    let before = server.processor_time();
    std::thread::sleep(IDLE);
    let used = server.processor_time() - before;
    println!(
        "serve, {what}, idle for {IDLE:?}: {:.1} MB resident (most, at the start: {:.1} MB), {:.2} % of a processor",
        server.status("VmRSS"),
        server.status("VmHWM"),
        used.as_secs_f64() / IDLE.as_secs_f64() * 100.0
    );
    server.stop();
}

/// From the start of `footbridge demo` to the link that it prints.
fn demo() {
    let mut links = Vec::new();
    for _ in 0..STARTS {
        // Told to stop before it minds the signal, the demo leaves its folder behind: it gets one of ours.
        let folder = tempfile::tempdir().expect("a folder");
        let begun = Instant::now();
        let arguments = ["demo", "--listen", "127.0.0.1:0"];
        let mut child = program().args(arguments).env("TMPDIR", folder.path()).spawn().expect("a process");
        line_with(&mut child, "/demo/enter?token=");
        links.push(begun.elapsed());
        stop(child);
    }
    println!("demo: its link after {}", spread(links));
}

struct Server {
    child: Child,
    address: String,
    token: String,
    listening: Duration,
    ready: Duration,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let begun = Instant::now();
        let mut child = program()
            .arg("serve")
            .env("FOOTBRIDGE_DATABASE_URL", format!("sqlite://{}", folder.join("footbridge.db").display()))
            .env("FOOTBRIDGE_SECRET_KEY", STANDARD.encode([7_u8; 32]))
            .env("FOOTBRIDGE_LISTEN", "127.0.0.1:0")
            .env("FOOTBRIDGE_SECOND_FACTOR", "offered")
            .spawn()
            .expect("a process");
        // One reader for both lines: what it has read ahead would be lost with it.
        let said = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
        let mut lines = said.map_while(Result::ok);
        let line = lines.find(|line| line.contains("listening on http://")).expect("the line");
        let listening = begun.elapsed();
        let link = lines.find(|line| line.contains("set-up?token=")).expect("the link");
        let address = line.rsplit('/').next().expect("an address").trim().to_owned();
        let token = link.rsplit('=').next().expect("a token").trim().to_owned();
        while !is_ready(&address) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let ready = begun.elapsed();
        Self { child, address, token, listening, ready }
    }

    /// Signs the first administrator in: the first time by making the account.
    fn sign_in(&self, new: bool) -> String {
        const WHO: &str = "email=ann%40example.org&password=three+words+here";
        let (path, body) = if new {
            ("/set-up", format!("token={}&name=Ann&{WHO}", self.token))
        } else {
            ("/sign-in", WHO.to_owned())
        };
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: a\r\nOrigin: http://{}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let cookies = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: footbridge="));
        let cookie = cookies.filter_map(|line| line.split(';').next()).next();
        format!("footbridge={}", cookie.unwrap_or_else(|| panic!("no cookie: {answer}")))
    }

    /// A stream that has told its first word.
    fn listen(&self, cookie: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(stream, "GET /inbox/events HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n").expect("written");
        let (mut heard, mut part) = (String::new(), [0; 1024]);
        while !heard.contains("data: ") {
            let read = stream.read(&mut part).expect("something to hear");
            assert!(0 < read, "it ended: {heard}");
            heard.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        stream
    }

    /// A line of the process's status, in megabytes.
    fn status(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
        let kilobytes: f64 = line.split_whitespace().nth(1).expect("a number").parse().expect("a number");
        kilobytes * 1024.0 / 1e6
    }

    /// What the process has used of the processors, by the kernel's ticks of 10 ms.
    fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        let after_name = stat.rsplit(')').next().expect("fields");
        let ticks = after_name
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|ticks| ticks.parse::<u64>().expect("a number"));
        Duration::from_millis(10 * ticks.sum::<u64>())
    }

    fn stop(self) {
        stop(self.child);
    }
}

fn program() -> Command {
    let mut program = Command::new(PROGRAM);
    program.env_clear().current_dir(std::env::temp_dir()).stdout(Stdio::piped()).stderr(Stdio::null());
    program
}

/// Waits for the line that holds this.
fn line_with(child: &mut Child, wanted: &str) -> String {
    let lines = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
    lines.map_while(Result::ok).find(|line| line.contains(wanted)).expect("the line")
}

fn is_ready(address: &str) -> bool {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.starts_with("HTTP/1.1 200")
}

/// Asks the process to stop, as a service manager would.
fn stop(mut child: Child) {
    let asked = Command::new("kill").arg(child.id().to_string()).status().expect("running kill");
    assert!(asked.success(), "there is a process");
    child.wait().expect("an end");
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    format!("{:.0?} ({:.0?} to {:.0?})", times[times.len() / 2], times[0], times[times.len() - 1])
}
