//! Three nodes on one database, one of them killed every few seconds and one frozen past its leases, under load: every
//! text is answered, none twice, and what is not brought by a webhook is swept.
//!
//! The provider keeps a journal in this process, which no kill reaches. `FOOTBRIDGE_NODES_SECONDS` says how long people
//! text.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;

use crate::binary::settings;
use crate::kills::drain;
use crate::kills::settle_doubts;
use crate::support::app::ENGLISH_NUMBER;
use crate::support::browser::Browser;
use crate::support::browser::Kind;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::journal::Event;
use crate::support::journal::check;
use crate::support::postgres::cluster;
use crate::support::process::Client;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::rows::Rows;
use crate::support::signed_post::SignedPost;

const USUAL_SECONDS: u64 = 12;
const NODES: usize = 3;
const SEED: u64 = 20_261_122;
/// People who text at once.
const AT_ONCE: u32 = 24;
/// What each of them says, one text after the other.
const LINES: [&str; 2] = ["hello", "me"];
/// A node is killed this often.
const KILL_EVERY: Duration = Duration::from_secs(3);
/// Longer than the leases of the schedule and of the sweep.
const FROZEN_FOR: Duration = Duration::from_secs(11);
/// What the provider takes to answer, so that a kill finds texts under way.
const LATENCY: Duration = Duration::from_millis(200);
/// A balancer turns to the next node after this.
const NODE_MUST_ANSWER: Duration = Duration::from_secs(1);
/// Nobody waits longer for an answer before they write again.
const PATIENCE: Duration = Duration::from_secs(4);

/// The nodes and what they stand on.
struct Nodes {
    folder: TempDir,
    fake: FakeTwilio,
    url: String,
    /// Where each node listens; each is replaced where it is killed.
    bases: RwLock<Vec<String>>,
    servers: Vec<Mutex<Server>>,
    dice: Mutex<StdRng>,
}

impl Nodes {
    async fn start() -> Arc<Self> {
        let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
        fake.keep_time();
        fake.answer_after(LATENCY);
        let url = cluster().new_database().await;
        let start = || Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, &url)));
        // All at once on an empty database, as containers do: one of them makes the tables, and nobody fails.
        let (first, second, third) = tokio::join!(start(), start(), start());
        let servers = [first, second, third];
        let bases = RwLock::new(servers.iter().map(|server| server.base.clone()).collect());
        let servers = servers.into_iter().map(Mutex::new).collect();
        let dice = Mutex::new(StdRng::seed_from_u64(SEED));
        Arc::new(Self { folder, fake, url, bases, servers, dice })
    }

    async fn roll(&self, below: u32) -> u32 {
        self.dice.lock().await.random_range(0..below)
    }

    /// A node somewhere behind the balancer.
    async fn any(&self) -> usize {
        usize::try_from(self.roll(3).await).expect("small") % NODES
    }

    async fn start_again(&self, node: usize) {
        let settings = settings(&self.fake, &self.url);
        let server = Server::start(footbridge(self.folder.path(), &["serve"], &settings)).await;
        self.bases.write().await[node].clone_from(&server.base);
        *self.servers[node].lock().await = server;
    }

    /// Posts to one node after another, as a provider with three tries behind a balancer does.
    async fn post(&self, post: &SignedPost) -> bool {
        let first = self.any().await;
        for node in (first..first + NODES).map(|node| node % NODES) {
            let base = self.bases.read().await[node].clone();
            let client = Client::of(&base);
            let sent = tokio::time::timeout(NODE_MUST_ANSWER, client.webhook(post));
            if let Ok(Some(200)) = sent.await {
                return true;
            }
        }
        false
    }

    /// Somebody new texts. One webhook in ten is lost, one in five comes to two nodes at once.
    async fn somebody_texts(&self, number: u32) {
        let from = format!("+4477009{number:05}");
        for (said, words) in LINES.iter().enumerate() {
            let sid = self.fake.texted(&from, ENGLISH_NUMBER, words);
            let post = crate::binary::text(&sid, &from, words);
            let acknowledged = match self.roll(10).await {
                0 => false,
                1 | 2 => {
                    let both = tokio::join!(self.post(&post), self.post(&post));
                    both.0 || both.1
                }
                _ => self.post(&post).await,
            };
            if acknowledged {
                self.fake.note(Event::Acknowledged { sid });
            }
            self.wait_for_answers(&from, said + 1).await;
        }
    }

    async fn wait_for_answers(&self, to: &str, count: usize) {
        let begun = Instant::now();
        let answers = || self.fake.messages().iter().filter(|message| message.to == to).count();
        while answers() < count && begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The provider reports what arrived.
    async fn report(&self, stop: &CancellationToken) {
        let mut reported = 0;
        while !stop.is_cancelled() {
            for text in self.fake.messages().split_off(reported) {
                reported += 1;
                self.fake.note_report(&text);
                self.post(&self.fake.report(&text, "delivered", None)).await;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills one node after another, and starts it again; says how many.
    async fn kill_some(&self, stop: &CancellationToken) -> u32 {
        let mut kills = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => return kills,
                () = tokio::time::sleep(KILL_EVERY) => {}
            }
            // The first is the one that is frozen.
            let node = 1 + usize::try_from(self.roll(2).await).expect("small");
            self.servers[node].lock().await.kill();
            kills += 1;
            self.start_again(node).await;
        }
    }

    async fn freeze_one(&self) {
        let server = self.servers[0].lock().await;
        server.signal("STOP");
        tokio::time::sleep(FROZEN_FOR).await;
        server.signal("CONT");
    }

    /// One node starts after all the others have stopped, sweeps, and sends what is left.
    async fn end(&self) {
        for server in &self.servers {
            let mut server = server.lock().await;
            server.ask_to_stop();
            assert!(server.end().await.success(), "{}", server.logs());
        }
        let rows = Rows(self.url.clone());
        self.start_again(0).await;
        let texts = self.fake.journal().iter().filter(|event| matches!(event, Event::Texted { .. })).count();
        let begun = Instant::now();
        while rows.tables().await.inbound < texts {
            assert!(begun.elapsed() < Duration::from_secs(60), "texts are missing");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        drain(&rows).await;
        let mut server = self.servers[0].lock().await;
        server.ask_to_stop();
        assert!(server.end().await.success(), "{}", server.logs());
        settle_doubts(&self.fake, &self.url).await;
    }
}

fn seconds() -> Duration {
    let set = std::env::vars_os().find(|(name, _)| name == "FOOTBRIDGE_NODES_SECONDS");
    Duration::from_secs(set.and_then(|(_, value)| value.to_str()?.parse().ok()).unwrap_or(USUAL_SECONDS))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_of_which_some_die_and_one_freezes_answer_every_text_once() {
    let nodes = Nodes::start().await;
    let stop = CancellationToken::new();
    let (length, people) = (seconds(), std::sync::atomic::AtomicU32::new(0));
    let load = futures_util::future::join_all((0..AT_ONCE).map(|_| async {
        let begun = Instant::now();
        while begun.elapsed() < length {
            nodes.somebody_texts(people.fetch_add(1, std::sync::atomic::Ordering::SeqCst)).await;
        }
    }));
    let people_text = async {
        load.await;
        stop.cancel();
    };
    let ((), kills, (), ()) =
        tokio::join!(people_text, nodes.kill_some(&stop), nodes.freeze_one(), nodes.report(&stop));
    nodes.end().await;
    let (journal, tables) = (nodes.fake.journal(), Rows(nodes.url.clone()).tables().await);
    assert_eq!(check(&journal, &tables), []);
    let count = Rows(nodes.url.clone());
    let again = count.count("SELECT COUNT(*) FROM outbox WHERE again").await;
    println!(
        "{} nodes, {kills} kills, one frozen for {FROZEN_FOR:?}, seed {SEED}: {} texts, {} answers, {again} sent once more",
        NODES,
        tables.inbound,
        nodes.fake.messages().len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_list_on_one_node_shows_who_texts_another() {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    let url = cluster().new_database().await;
    let first = Server::start(footbridge(folder.path(), &["serve"], &settings(&fake, &url))).await;
    let mut own = settings(&fake, &url);
    // The pages must know their own address: the forms of any other are refused.
    own.retain(|(name, _)| !name.starts_with("FOOTBRIDGE_TWILIO") && *name != "FOOTBRIDGE_PUBLIC_URL");
    let mut second = Server::start(footbridge(folder.path(), &["serve"], &own)).await;
    let link = second.line_with("set-up link: ").await.replace("set-up link: ", "");
    let browser = Browser::start(Kind::Wide).await;
    browser.open(&link).await;
    browser.write("#name", "Ann").await;
    browser.write("#email", "ann@example.org").await;
    browser.write("#password", "three words here").await;
    browser.click("main form button").await;
    browser.wait_for(".fb-empty").await;
    let post = crate::binary::text("SM1", "+447700900123", "I want to end my life");
    assert_eq!(Client::of(&first.base).webhook(&post).await, Some(200));
    browser.wait_for("[data-news] button").await;
    assert_eq!(browser.texts("[data-news] button").await, ["A new concern is open: show"]);
    assert!(browser.texts("[data-referral]").await.is_empty(), "nothing moves by itself");
    browser.click("[data-news] button").await;
    browser.wait_for("[data-referral]").await;
}
