//! The real program in a process of its own.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use tokio::sync::mpsc;

use crate::support::fake_telegram::SECRET;
use crate::support::page::Page;
use crate::support::signed_post::SignedPost;

/// A debug build on a busy machine reads its conversations in a few seconds.
const LONGEST_START: Duration = Duration::from_secs(90);
/// Longer than the program gives open requests and sends.
const LONGEST_STOP: Duration = Duration::from_secs(60);

/// A secret key, in base64.
pub const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The program with these arguments and settings, and nothing else in its environment.
pub fn footbridge(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_footbridge"));
    // Most tests are not about codes; a setting of the test's own wins.
    command.args(arguments).env_clear().env("FOOTBRIDGE_SECOND_FACTOR", "offered");
    command.envs(settings.iter().copied()).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a run that ends by itself came to: exit code, and all that it said.
pub fn outcome(mut command: Command) -> (i32, String) {
    let output = command.output().expect("running the program");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code().expect("an exit code"), said.concat())
}

/// The same, of a program that is told something at its terminal.
pub fn outcome_told(mut command: Command, told: &str) -> (i32, String) {
    let mut child = command.stdin(Stdio::piped()).spawn().expect("running the program");
    let mut terminal = child.stdin.take().expect("its terminal");
    // A program that needs nothing does not listen.
    let _ = std::io::Write::write_all(&mut terminal, told.as_bytes());
    drop(terminal);
    let output = child.wait_with_output().expect("its end");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code().expect("an exit code"), said.concat())
}

/// A running server. It ends with the test.
pub struct Server {
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    logs: Arc<Mutex<String>>,
    /// What it printed so far.
    pub printed: Vec<String>,
    /// Its address, such as `http://127.0.0.1:41234`.
    pub base: String,
}

impl Server {
    /// Starts it, and waits until it listens.
    pub async fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("starting the program");
        let (told, lines) = mpsc::unbounded_channel();
        let out = BufReader::new(child.stdout.take().expect("its output"));
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                // Nobody listens any more once the test is over.
                let _ = told.send(line);
            }
        });
        let logs = Arc::new(Mutex::new(String::new()));
        let (kept, err) = (Arc::clone(&logs), child.stderr.take().expect("its logs"));
        std::thread::spawn(move || keep(err, &kept));
        let mut server = Self { child, lines, logs, printed: Vec::new(), base: String::new() };
        let line = server.line_with("listening on ").await;
        server.base = line.trim_start_matches("listening on ").to_owned();
        server
    }

    /// The next line that holds this, or one that was printed before.
    pub async fn line_with(&mut self, part: &str) -> String {
        if let Some(line) = self.printed.iter().find(|line| line.contains(part)) {
            return line.clone();
        }
        let begun = Instant::now();
        while let Some(left) = LONGEST_START.checked_sub(begun.elapsed()) {
            match tokio::time::timeout(left, self.lines.recv()).await {
                Ok(Some(line)) => self.printed.push(line),
                Ok(None) | Err(_) => break,
            }
            if let Some(line) = self.printed.last().filter(|line| line.contains(part)) {
                return line.clone();
            }
        }
        panic!("no line with `{part}`; it printed {:?} and logged {}", self.printed, self.logs());
    }

    /// What it logged so far.
    pub fn logs(&self) -> String {
        self.logs.lock().expect("no panic").clone()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The memory that it holds, in kilobytes.
    pub fn memory_kb(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.id())).expect("a running program");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("its memory");
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
    }

    /// Kills it at once, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("killing it");
        self.child.wait().expect("its end");
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        self.signal("TERM");
    }

    /// Asks it to read its files again.
    pub fn ask_to_read_again(&self) {
        self.signal("HUP");
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let asked = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "the signal");
    }

    /// Waits until its logs hold this so many times.
    pub async fn logged(&self, part: &str, times: usize) {
        let begun = Instant::now();
        while self.logs().matches(part).count() < times {
            assert!(begun.elapsed() < LONGEST_START, "no `{part}` in {}", self.logs());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for its end.
    pub async fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        while begun.elapsed() < LONGEST_STOP {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it does not stop: {}", self.logs());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keep(mut from: impl Read, into: &Mutex<String>) {
    let mut part = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut part) {
        into.lock().expect("no panic").push_str(&String::from_utf8_lossy(&part[..read]));
    }
}

/// A plain HTTP client with a cookie, as a script would be.
pub struct Client {
    http: reqwest011::Client,
    base: String,
    /// What its browser says where its forms are from.
    origin: String,
    /// The cookie that it sends back.
    pub cookie: Option<String>,
}

impl Client {
    /// A client for the server at this address.
    pub fn of(base: &str) -> Self {
        Self::known_as(base, base)
    }

    /// A client for a server that the world reaches by another address.
    pub fn known_as(base: &str, origin: &str) -> Self {
        let http = reqwest011::Client::builder()
            .no_proxy()
            .redirect(reqwest011::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client");
        Self { http, base: base.to_owned(), origin: origin.to_owned(), cookie: None }
    }

    /// The page at this path, asked for with these headers.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Page {
        let request = self.http.get(format!("{}{path}", self.base));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request).await.expect("an answer")
    }

    /// Gets a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.get_with(path, &[]).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}{path}", self.base)).header("Origin", &self.origin);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded").body(body);
        self.send(request).await.expect("an answer")
    }

    /// Posts a webhook; none where no answer came.
    pub async fn webhook(&self, post: &SignedPost) -> Option<u16> {
        let request = self.http.post(format!("{}{}", self.base, post.path_and_query()));
        let request = request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Twilio-Signature", &post.signature)
            .body(post.body.clone());
        request.send().await.ok().map(|answer| answer.status().as_u16())
    }

    /// Posts an update as Telegram does; none where no answer came.
    pub async fn update(&self, update: &Value) -> Option<u16> {
        let request = self.http.post(format!("{}/channels/telegram/webhook", self.base));
        let request = request
            .header("Content-Type", "application/json")
            .header("X-Telegram-Bot-Api-Secret-Token", SECRET)
            .body(update.to_string());
        request.send().await.ok().map(|answer| answer.status().as_u16())
    }

    async fn send(&mut self, request: reqwest011::RequestBuilder) -> Result<Page, reqwest011::Error> {
        let request = match &self.cookie {
            Some(cookie) => request.header("Cookie", cookie),
            None => request,
        };
        let answer = request.send().await?;
        let told = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, location) = (answer.status().as_u16(), told("location").unwrap_or_default());
        let cookie = told("set-cookie").and_then(|cookie| cookie.split(';').next().map(str::to_owned));
        self.cookie = cookie.clone().or(self.cookie.take());
        Ok(Page { status, location, cookie, body: answer.text().await? })
    }
}
