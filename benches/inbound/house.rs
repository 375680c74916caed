//! The real server on a free port, and the webhooks that it gets.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use footbridge::channel::Sender;
use footbridge::channel::simulator::Simulator;
use footbridge::channel::twilio::Twilio;
use footbridge::clock::Clock;
use footbridge::content::Content;
use footbridge::domain::account::OptOutMode;
use footbridge::domain::account::TwilioAccount;
use footbridge::domain::account::TwilioSender;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::secret::Secret;
use footbridge::http;
use footbridge::http::MetricsFor;
use footbridge::http::Outside;
use footbridge::intake;
use footbridge::intake::House;
use footbridge::outbox::Outbox;
use footbridge::store::randomness::Randomness;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::TOKEN;
use crate::support::signed_post::SignedPost;
use crate::support::stores::TestStore;

const PUBLIC_URL: &str = "https://texts.example.org";
const PATH: &str = "/channels/twilio/inbound";
const NUMBER: &str = "+447700900101";
/// Longer than any round: a text that is not delivered by then never will be.
const LONGEST_DELIVERY: Duration = Duration::from_secs(120);

/// A running server. Its outbox stands still but for `deliver`.
pub struct TestHouse {
    pub address: SocketAddr,
    store: TestStore,
    house: House,
    simulator: Simulator,
    stop: CancellationToken,
}

impl TestHouse {
    /// A server on this empty store.
    pub async fn on(store: TestStore) -> Self {
        let clock = Clock::System;
        let (content, _) = Content::load(None, None, false, clock.now()).expect("the embedded files");
        let house = House {
            store: store.handle(),
            clock,
            content: Arc::new(content.expect("sound files")).into(),
            wake: Arc::new(Notify::new()),
            base: "https://texts.example.org".into(),
        };
        intake::keep_revisions(&house).await.expect("a store");
        let twilio = Twilio::new(account(), PUBLIC_URL.parse().expect("an address")).expect("a client");
        let router = http::router(Outside::of(house.clone(), Some(Arc::new(twilio)), MetricsFor::Nobody));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let stopping = stop.clone();
        tokio::spawn(async move { http::server::serve(listener, router, &[], stopping).await });
        Self { address, store, house, simulator: Simulator::new(), stop }
    }

    /// For each of these people these texts, as requests ready to be written; `from` counts the texts before them.
    pub fn posts(&self, people: Range<u32>, texts: &[&str], from: usize) -> Vec<Vec<Vec<u8>>> {
        let post = |person: u32, number: usize, text: &str| request(person, number + from, text);
        people
            .map(|person| texts.iter().enumerate().map(|(number, text)| post(person, number, text)).collect())
            .collect()
    }

    /// Lets the outbox give everything that has gathered to the simulator; says how many texts a second.
    pub async fn deliver(&mut self) -> f64 {
        let waiting = self
            .house
            .store
            .read()
            .await
            .expect("a store")
            .waiting(self.house.clock.now())
            .await
            .expect("a count");
        let waiting = usize::try_from(waiting.texts).expect("a count");
        let senders = [(ChannelKind::Sms, Sender::Simulator(self.simulator.clone()))].into();
        let wake = Arc::clone(&self.house.wake);
        let outbox = Outbox::new(self.house.store.clone(), Clock::System, senders, wake, Randomness::System);
        let mut network = self.simulator.subscribe();
        let wanted = network.borrow().all().len() + waiting;
        let (begun, stop) = (Instant::now(), CancellationToken::new());
        let sending = tokio::spawn(outbox.run(stop.clone()));
        let all = network.wait_for(|network| wanted <= network.all().len());
        tokio::time::timeout(LONGEST_DELIVERY, all).await.expect("all texts").expect("a network");
        let length = begun.elapsed();
        stop.cancel();
        sending.await.expect("an end");
        waiting as f64 / length.as_secs_f64()
    }

    /// Stops, and gives the folder of an SQLite database.
    pub async fn close(self) -> TempDir {
        self.stop.cancel();
        self.store.close().await;
        self.store.folder
    }
}

fn account() -> TwilioAccount {
    TwilioAccount {
        sid: ACCOUNT_SID.to_owned(),
        tokens: vec![Secret::from(TOKEN.to_owned())],
        sender: TwilioSender::Number(NUMBER.to_owned()),
        api_url: "https://api.twilio.com".parse().expect("an address"),
        opt_out: OptOutMode::Twilio,
    }
}

/// A webhook with the fields that Twilio sends, signed by the test's own hand.
fn request(person: u32, number: usize, text: &str) -> Vec<u8> {
    let from = format!("+4477009{person:05}");
    let sid = format!("SM{person:016x}{number:016x}");
    let pairs = [
        ("ToCountry", "GB"),
        ("ToState", ""),
        ("SmsMessageSid", &sid),
        ("NumMedia", "0"),
        ("ToCity", ""),
        ("FromZip", ""),
        ("SmsSid", &sid),
        ("FromState", ""),
        ("SmsStatus", "received"),
        ("FromCity", ""),
        ("Body", text),
        ("FromCountry", "GB"),
        ("To", NUMBER),
        ("ToZip", ""),
        ("NumSegments", "1"),
        ("MessageSid", &sid),
        ("AccountSid", ACCOUNT_SID),
        ("From", &from),
        ("ApiVersion", "2010-04-01"),
    ];
    let post = SignedPost::new(TOKEN, &format!("{PUBLIC_URL}{PATH}"), &pairs);
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: texts.example.org\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n\
         Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nX-Twilio-Signature: {}\r\n\
         I-Twilio-Idempotency-Token: {sid}\r\nContent-Length: {}\r\n\r\n{}",
        post.signature,
        post.body.len(),
        post.body
    )
    .into_bytes()
}
