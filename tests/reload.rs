//! Files that are changed while the program runs.

use std::path::Path;

use tempfile::TempDir;

use crate::binary::settings;
use crate::binary::text;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::process::Client;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::process::outcome;

const WORDS: &str = "locales/en-GB/what-matters.ftl";
const FLOW: &str = "conversations/what-matters/flow.yaml";

/// A running server with files of its own.
struct Running {
    folder: TempDir,
    fake: FakeTwilio,
    server: Server,
    client: Client,
    texts: usize,
}

impl Running {
    async fn start() -> Self {
        let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
        let (code, said) = outcome(footbridge(folder.path(), &["unpack", "."], &[]));
        assert_eq!(code, 0, "{said}");
        let mut settings = settings(&fake, "sqlite://fb.db");
        settings.extend([("FOOTBRIDGE_CONVERSATIONS", "conversations"), ("FOOTBRIDGE_LOCALES", "locales")]);
        let server = Server::start(footbridge(folder.path(), &["serve"], &settings)).await;
        let client = Client::of(&server.base);
        Self { folder, fake, server, client, texts: 0 }
    }

    fn change(&self, file: &str, before: &str, after: &str) {
        let path = self.folder.path().join(Path::new(file));
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(before), "{file} does not hold {before}");
        std::fs::write(&path, text.replace(before, after)).expect("writing");
    }

    /// Somebody texts; the answer.
    async fn says(&mut self, from: &str, words: &str) -> String {
        self.texts += 1;
        let post = text(&format!("SM{}", self.texts), from, words);
        assert_eq!(self.client.webhook(&post).await, Some(200));
        self.fake.wait_for_texts(self.texts).await.1
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_word_is_said_from_the_next_text_on_and_a_broken_file_changes_nothing() {
    let mut running = Running::start().await;
    assert!(running.says("+447700900301", "hello").await.contains("Hello from"), "as it was");
    running.change(WORDS, "Hello from", "Hi from");
    assert!(running.says("+447700900302", "hello").await.contains("Hello from"), "nobody has asked yet");
    running.server.ask_to_read_again();
    running.server.logged("are in force", 1).await;
    running.server.logged("People mid-way in the newest revision of what-matters: 2", 1).await;
    let said = running.says("+447700900303", "hello").await;
    assert!(said.contains("Hi from"), "{said}; {}", running.server.logs());

    running.change(WORDS, "Hi from", "Hi { $servce");
    running.server.ask_to_read_again();
    running.server.logged("everything stays as it was", 1).await;
    let line = line_of(running.folder.path(), WORDS, "Hi {");
    running.server.logged(&format!("{WORDS}:{line}: "), 1).await;
    assert!(running.says("+447700900304", "hello").await.contains("Hi from"), "still");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_flow_is_for_whoever_begins_after_it_and_goes_live_only_where_its_chats_hold() {
    let mut running = Running::start().await;
    running.says("+447700900301", "hello").await;
    running.change(FLOW, "sms parts: 3", "sms parts: 4");
    running.server.ask_to_read_again();
    running.server.logged("People mid-way in an older revision of what-matters: 1", 1).await;
    assert!(running.says("+447700900301", "me").await.len() > 10, "the old revision goes on");

    running.change(FLOW, "  - ask: age-band", "  - ask: age-bands");
    running.server.ask_to_read_again();
    running.server.logged("everything stays as it was", 1).await;
    let chat = running.folder.path().join("conversations/what-matters/chats/a.chat");
    running.change(FLOW, "  - ask: age-bands", "  - ask: age-band");
    std::fs::write(chat, "chat: never so    sms, en-GB\nthem: hello\nus: thanks\n").expect("writing");
    running.server.ask_to_read_again();
    running.server.logged("everything stays as it was", 2).await;
    running.server.logged("conversations/what-matters/chats/a.chat:3: here", 1).await;
}

fn line_of(folder: &Path, file: &str, words: &str) -> usize {
    let text = std::fs::read_to_string(folder.join(file)).expect("a file");
    1 + text.lines().position(|line| line.contains(words)).expect("the words")
}
