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
/// The allocator and the pools have come to rest by then.
const IDLE: Duration = Duration::from_secs(60);

fn main() {
    let size = std::fs::metadata(PROGRAM).expect("the program").len();
    println!("the program: {:.1} MB", size as f64 / 1e6);
    demo();
    let filled = filled();
    starts("a new database", || tempfile::tempdir().expect("a folder"));
    starts("10,000 sessions", || copy(filled.path()));
    idle("a new database", tempfile::tempdir().expect("a folder").path());
    idle("10,000 sessions", filled.path());
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
            .spawn()
            .expect("a process");
        let line = line_with(&mut child, "listening on http://");
        let listening = begun.elapsed();
        let address = line.rsplit('/').next().expect("an address").trim().to_owned();
        while !is_ready(&address) {
            std::thread::sleep(Duration::from_millis(1));
        }
        Self { child, listening, ready: begun.elapsed() }
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
