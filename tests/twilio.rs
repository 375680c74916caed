//! Text messages by Twilio, against a server that speaks as Twilio does and fails as servers do.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use footbridge::channel::GiveUpReason;
use footbridge::channel::SendError;
use footbridge::channel::Sender;
use footbridge::channel::StopReason;
use footbridge::channel::twilio::Twilio;
use footbridge::channel::twilio::signature;
use footbridge::channel::twilio::status::Report;
use footbridge::channel::twilio::webhook::Refused;
use footbridge::domain::account::OptOutMode;
use footbridge::domain::account::TwilioAccount;
use footbridge::domain::account::TwilioSender;
use footbridge::domain::ids::OutboxId;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Content;
use footbridge::domain::message::DeliveryStatus;
use footbridge::domain::message::Handle;
use footbridge::domain::message::Inbound;
use footbridge::domain::message::Outgoing;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::secret::Secret;
use footbridge::domain::time::Timestamp;
use serde::Deserialize;

use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::Answer;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::fake_twilio::NUMBER;
use crate::support::fake_twilio::TOKEN;
use crate::support::signed_post::SignedPost;
use crate::support::signed_post::sign;

const PUBLIC_URL: &str = "https://texts.example.org";
const PERSON: &str = "+447700900123";

fn account(api_url: &str) -> TwilioAccount {
    TwilioAccount {
        sid: ACCOUNT_SID.to_owned(),
        tokens: vec![Secret::from(TOKEN.to_owned()), Secret::from("an-older-token".to_owned())],
        sender: TwilioSender::Number(NUMBER.to_owned()),
        api_url: api_url.parse().expect("an address"),
        opt_out: OptOutMode::Twilio,
    }
}

fn twilio(account: TwilioAccount, public_url: &str) -> Twilio {
    Twilio::new(account, public_url.parse().expect("an address")).expect("a client")
}

fn sender(fake: &FakeTwilio) -> Sender {
    Sender::Twilio(Box::new(twilio(account(&fake.url), PUBLIC_URL)))
}

fn message(to: &str) -> Outgoing {
    Outgoing {
        id: OutboxId::new(Timestamp::from_micros(1_000_000), [3; 10]),
        channel: ChannelKind::Sms,
        to: Handle(to.to_owned()),
        text: Words("What matters to you? £ 👍\n1 Home".to_owned()),
        buttons: Vec::new(),
        purpose: Purpose::Answer,
        good_for: Duration::from_secs(3600),
    }
}

fn retry(after: Option<Duration>, code: Option<u32>) -> SendError {
    SendError::Retry { after, code }
}

fn give_up(reason: GiveUpReason, code: Option<u32>) -> SendError {
    SendError::GiveUp { reason, code }
}

#[tokio::test]
async fn a_text_is_sent_with_all_that_twilio_must_know() {
    let fake = FakeTwilio::start().await;
    let message = message(PERSON);
    let receipt = sender(&fake).send(&message).await.expect("sent");
    assert_eq!(receipt.provider_id, fake.messages()[0].sid);
    let request = &fake.requests()[0];
    assert_eq!(request.path, format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"));
    let mut form = request.form.clone();
    form.sort();
    let callback = format!("{PUBLIC_URL}/channels/twilio/status?o={}", message.id);
    let expected = [
        ("Body", message.text.0.as_str()),
        ("From", NUMBER),
        ("StatusCallback", &callback),
        ("To", PERSON),
        ("ValidityPeriod", "3600"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn a_messaging_service_sends_in_place_of_a_number() {
    let fake = FakeTwilio::start().await;
    let mut account = account(&fake.url);
    account.sender = TwilioSender::Service("MG0123456789abcdef0123456789abcdef".to_owned());
    let sender = Sender::Twilio(Box::new(twilio(account, PUBLIC_URL)));
    sender.send(&message(PERSON)).await.expect("sent");
    let request = &fake.requests()[0];
    assert_eq!(request.get("MessagingServiceSid"), Some("MG0123456789abcdef0123456789abcdef"));
    assert_eq!(request.get("From"), None);
}

#[tokio::test]
async fn a_text_is_kept_no_longer_than_twilio_keeps_one() {
    let fake = FakeTwilio::start().await;
    for (seconds, expected) in [(0, "1"), (1, "1"), (36_000, "36000"), (90_000, "36000"), (u64::MAX, "36000")]
    {
        let mut message = message(PERSON);
        message.good_for = Duration::from_secs(seconds);
        sender(&fake).send(&message).await.expect("sent");
        assert_eq!(
            fake.requests().last().and_then(|r| r.get("ValidityPeriod").map(str::to_owned)).as_deref(),
            Some(expected)
        );
    }
}

#[tokio::test]
async fn only_uk_mobiles_are_texted() {
    let fake = FakeTwilio::start().await;
    for to in
        ["+441632960001", "+48500100200", "INFO", "", "60777", "whatsapp:+447700900123", "+447000000000"]
    {
        let error = sender(&fake).send(&message(to)).await;
        assert_eq!(error, Err(give_up(GiveUpReason::BadNumber, None)), "{to}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn every_answer_of_twilio_has_its_meaning() {
    let fake = FakeTwilio::start().await;
    let sender = sender(&fake);
    let stopped = |reason, code| SendError::Stopped { reason, code };
    for (answer, expected) in [
        (Answer::CreatedByteByByte, None),
        (Answer::CutOff, Some(SendError::Unknown)),
        (Answer::WithoutSid, Some(SendError::Unknown)),
        (Answer::Garbage, Some(SendError::Unknown)),
        (Answer::Redirect, Some(SendError::Unknown)),
        (Answer::Closed, Some(SendError::Unknown)),
        (Answer::Status(500), Some(SendError::Unknown)),
        (Answer::Status(503), Some(SendError::Unknown)),
        (Answer::Error(503, 20003), Some(SendError::Unknown)),
        (Answer::Error(429, 20429), Some(retry(None, Some(20429)))),
        (Answer::Status(429), Some(retry(None, None))),
        (Answer::Error(400, 21611), Some(retry(Some(Duration::from_secs(600)), Some(21611)))),
        (Answer::Error(400, 21610), Some(give_up(GiveUpReason::OptedOut, Some(21610)))),
        (Answer::Error(400, 21211), Some(give_up(GiveUpReason::BadNumber, Some(21211)))),
        (Answer::Error(400, 21612), Some(give_up(GiveUpReason::NotAllowed, Some(21612)))),
        (Answer::Error(400, 77777), Some(give_up(GiveUpReason::Refused, Some(77777)))),
        (Answer::Status(400), Some(give_up(GiveUpReason::Refused, None))),
        (Answer::Error(400, 21606), Some(stopped(StopReason::WrongSender, Some(21606)))),
        (Answer::Error(401, 20003), Some(stopped(StopReason::WrongCredentials, Some(20003)))),
        (Answer::Created, None),
    ] {
        let before = fake.requests().len();
        fake.plan(answer.clone());
        assert_eq!(sender.send(&message(PERSON)).await.err(), expected, "{answer:?}");
        assert_eq!(fake.requests().len(), before + 1, "{answer:?} must be asked for once");
    }
}

#[tokio::test]
async fn a_wrong_token_stops_the_sending() {
    let fake = FakeTwilio::start().await;
    let mut account = account(&fake.url);
    account.tokens.reverse();
    let error = twilio(account, PUBLIC_URL);
    let error = Sender::Twilio(Box::new(error)).send(&message(PERSON)).await;
    let reason = StopReason::WrongCredentials;
    assert_eq!(error, Err(SendError::Stopped { reason, code: Some(20003) }));
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_was_not_asked() {
    // A port that was free a moment ago, and on which nobody listens.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let twilio = twilio(account(&format!("http://127.0.0.1:{port}")), PUBLIC_URL);
    let error = Sender::Twilio(Box::new(twilio)).send(&message(PERSON)).await;
    assert_eq!(error, Err(retry(None, None)));
}

#[tokio::test]
async fn after_fifteen_seconds_of_silence_the_fate_is_unknown() {
    let fake = FakeTwilio::start().await;
    fake.plan(Answer::Silence);
    let sender = sender(&fake);
    let sending = tokio::spawn(async move { sender.send(&message(PERSON)).await });
    fake.wait_for_requests(1).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(14)).await;
    assert!(!sending.is_finished());
    tokio::time::advance(Duration::from_secs(2)).await;
    // The clock is paused: where nothing ends the wait, this does, at once.
    let ended = tokio::time::timeout(Duration::from_secs(60), sending).await.expect("an end");
    assert_eq!(ended.expect("no panic"), Err(SendError::Unknown));
}

#[tokio::test]
async fn the_words_of_a_text_are_removed_from_twilio() {
    let fake = FakeTwilio::start().await;
    let sender = sender(&fake);
    let receipt = sender.send(&message(PERSON)).await.expect("sent");
    assert!(!fake.messages()[0].body.is_empty());
    for _ in 0..2 {
        sender.redact(&receipt.provider_id).await.expect("removed");
        assert_eq!(fake.messages()[0].body, "");
        assert_eq!(
            fake.requests().last().map(|r| r.form.clone()),
            Some(vec![("Body".to_owned(), String::new())])
        );
    }
    sender.redact("SM00000000000000000000000000000bad").await.expect("nothing to remove");
}

fn at(time: &str) -> Timestamp {
    Timestamp::from_jiff(time.parse().expect("a time"))
}

#[tokio::test]
async fn a_text_whose_answer_was_lost_is_found_again() {
    let fake = FakeTwilio::start().await;
    let sender = sender(&fake);
    let message = message(PERSON);
    let tried_at = at("2026-11-21T09:00:01.5Z");
    assert_eq!(sender.find(&message, tried_at).await, Ok(Vec::new()));
    for lost in [Answer::CutOff, Answer::Closed, Answer::Garbage] {
        fake.plan(lost);
        assert_eq!(sender.send(&message).await, Err(SendError::Unknown));
        let found = sender.find(&message, tried_at).await.expect("a list");
        let newest = fake.messages().last().map(|message| message.sid.clone());
        assert_eq!(found.into_iter().next().map(|receipt| receipt.provider_id), newest);
    }
}

#[tokio::test]
async fn no_other_text_is_taken_for_the_lost_one() {
    let fake = FakeTwilio::start().await;
    let sender = sender(&fake);
    let sent = message(PERSON);
    sender.send(&sent).await.expect("sent");
    let (before, later) = (at("2026-11-21T09:00:00Z"), at("2026-11-21T09:00:06Z"));
    assert!(!sender.find(&sent, before).await.expect("a list").is_empty());
    assert_eq!(sender.find(&sent, later).await, Ok(Vec::new()), "made before we tried");
    assert_eq!(sender.find(&message("+447700900124"), before).await, Ok(Vec::new()), "to somebody else");
    let mut other = message(PERSON);
    other.text = Words("Something else".to_owned());
    assert_eq!(sender.find(&other, before).await, Ok(Vec::new()), "other words");
}

/// A server that keeps what the channel reads in reports, as the real route will.
async fn reports() -> (String, Arc<Mutex<Vec<Report>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let channel = twilio(account("http://127.0.0.1:1"), &url);
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    let route = move |headers: axum::http::HeaderMap, uri: axum::http::Uri, body: axum::body::Bytes| async move {
        let signature = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok());
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        match channel.receive_status(signature, path, &body) {
            Ok(report) => keep.lock().expect("no panic").push(report),
            Err(_) => return axum::http::StatusCode::FORBIDDEN,
        }
        axum::http::StatusCode::OK
    };
    let router = axum::Router::new().route("/channels/twilio/status", axum::routing::post(route));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, kept)
}

#[tokio::test]
async fn reports_are_matched_to_our_text_early_late_twice_and_reversed() {
    let fake = FakeTwilio::start().await;
    let (public_url, reports) = reports().await;
    let sender = Sender::Twilio(Box::new(twilio(account(&fake.url), &public_url)));
    fake.plan(Answer::CreatedAfterReport("sent"));
    let message = message(PERSON);
    let receipt = sender.send(&message).await.expect("sent");
    assert_eq!(reports.lock().expect("no panic").len(), 1, "the report came before the answer");
    let sent = fake.messages()[0].clone();
    let delivered = fake.report(&sent, "delivered", None);
    let undelivered = fake.report(&sent, "undelivered", Some("30003"));
    for post in [&delivered, &delivered, &undelivered, &fake.report(&sent, "sending", None)] {
        assert_eq!(post.send().await, 200);
    }
    let mut forged = delivered.clone();
    forged.body = forged.body.replace("delivered", "failed");
    assert_eq!(forged.send().await, 403);
    let reports = reports.lock().expect("no panic");
    assert!(reports.iter().all(|report| report.outbox_id == Some(message.id)));
    assert!(reports.iter().all(|report| report.provider_id == receipt.provider_id));
    let fates: Vec<DeliveryStatus> = reports.iter().map(|report| report.status).collect();
    let expected = [
        DeliveryStatus::Sent,
        DeliveryStatus::Delivered,
        DeliveryStatus::Delivered,
        DeliveryStatus::Undelivered,
        DeliveryStatus::Sent,
    ];
    assert_eq!(fates, expected);
}

#[derive(Deserialize)]
struct Vector {
    token: String,
    url: String,
    body: String,
    signature: String,
}

fn pairs(body: &[u8]) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(body).collect()
}

fn signed_by_the_tests(token: &str, url: &str, body: &[u8]) -> String {
    let pairs = pairs(body);
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    sign(token, url, &pairs)
}

#[test]
fn two_hundred_signatures_of_twilios_own_library_are_ours_too() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("data/twilio-signatures.json")).expect("vectors");
    assert_eq!(vectors.len(), 200);
    for vector in vectors {
        let token = Secret::from(vector.token.clone());
        let ours = signature::expected(&token, &vector.url, &pairs(vector.body.as_bytes()));
        assert_eq!(ours, vector.signature, "{}", vector.url);
        let tests = signed_by_the_tests(&vector.token, &vector.url, vector.body.as_bytes());
        assert_eq!(tests, vector.signature, "{}", vector.url);
    }
}

#[test]
fn the_tests_sign_as_twilios_documentation_does() {
    let call = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
        ("Caller", "+14158675309"),
    ];
    let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    assert_eq!(sign("12345", url, &call), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    let twice = [("K", "2"), ("K", "1"), ("K", "1")];
    assert_eq!(sign(TOKEN, "https://sp.example.org/h", &twice), "f2aZlkp1KhVKpBM450aNvlhCdZQ=");
}

fn receive(twilio: &Twilio, post: &SignedPost) -> Result<Inbound, Refused> {
    let now = Timestamp::from_micros(1);
    twilio.receive(Some(&post.signature), post.path_and_query(), post.body.as_bytes(), now)
}

#[derive(Deserialize)]
struct Nasty {
    text: String,
}

#[tokio::test]
async fn every_nasty_text_comes_in_and_can_be_stored() {
    let fake = FakeTwilio::start().await;
    let twilio = twilio(account(&fake.url), PUBLIC_URL);
    for line in include_str!("data/messages/nasty.jsonl").lines() {
        let nasty: Nasty = serde_json::from_str(line).expect("a line");
        let post = fake.inbound(PUBLIC_URL, "SM1", PERSON, &nasty.text);
        let inbound = receive(&twilio, &post).expect("a text");
        let Content::Text { body, .. } = inbound.content else {
            panic!("not a text: {line}");
        };
        assert!(is_storable(&body.0), "{line}");
    }
}

fn is_storable(text: &str) -> bool {
    text.chars().all(|c| ' ' <= c || c == '\n' || c == '\t')
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 32).expect("32 bits") % limit
    }
}

const SPICES: [&[u8]; 18] = [
    b"&",
    b"=",
    b"%",
    b"%0",
    b"%00",
    b"%FF%FE",
    b"\x00",
    b"\xff",
    b"+",
    b"&MessageSid=",
    b"&From=",
    b"&Body=",
    b"&AccountSid=AC9",
    b"%F0%9F",
    b"#",
    b"?o=1",
    b"&&&===",
    b"&NumMedia=99999999999",
];

/// Changes a form in one to six places.
fn mangled(form: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = form.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(24)).min(bytes.len());
        match dice.below(5) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..at, SPICES[dice.below(SPICES.len())].iter().copied())),
            3 => {
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, again));
            }
            _ => bytes[at..end].iter_mut().for_each(|byte| *byte ^= 1 << (at % 8)),
        }
    }
    bytes
}

/// What must become of a signed form, told from its pairs alone.
fn expected_refusal(pairs: &[(Cow<'_, str>, Cow<'_, str>)]) -> Option<Refused> {
    let first = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_ref());
    let is_id = |id: &str| (1..=64).contains(&id.len()) && id.chars().all(|c| ('!'..='~').contains(&c));
    let is_name = |from: &str| from.chars().any(|c| ' ' < c && !c.is_whitespace());
    if first("AccountSid").is_some_and(|sid| sid != ACCOUNT_SID) {
        Some(Refused::ForeignAccount)
    } else if first("MessageSid").is_some_and(is_id) && first("From").is_some_and(is_name) {
        None
    } else {
        Some(Refused::NotUnderstood)
    }
}

#[tokio::test]
async fn ten_thousand_mangled_forms_are_refused_rightly_or_read() {
    const FORMS: usize = 10_000;
    let fake = FakeTwilio::start().await;
    let twilio = twilio(account(&fake.url), PUBLIC_URL);
    let good =
        fake.inbound(PUBLIC_URL, "SM0123456789abcdef0123456789abcdef", PERSON, "Yes please £ 👍\nline 2");
    let path = good.path_and_query().to_owned();
    let now = Timestamp::from_micros(1);
    let mut dice = Dice(20_261_121);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..FORMS {
        let body = mangled(good.body.as_bytes(), &mut dice);
        let mangled_pairs = pairs(&body);
        let signature = signed_by_the_tests(TOKEN, &good.url, &body);
        match twilio.receive(Some(&signature), &path, &body, now) {
            Ok(inbound) => {
                assert_eq!(expected_refusal(&mangled_pairs), None);
                assert!(
                    is_storable(inbound.content.words().unwrap_or_default()) && is_storable(&inbound.from.0)
                );
                read += 1;
            }
            Err(refusal) => {
                assert_eq!(expected_refusal(&mangled_pairs), Some(refusal));
                refused += 1;
            }
        }
        // The signature of the form as it was fits no form with other names or values.
        if signature != good.signature {
            let forged = twilio.receive(Some(&good.signature), &path, &body, now);
            assert_eq!(forged, Err(Refused::NotSigned));
        }
    }
    assert!(
        1_000 < read && 1_000 < refused,
        "{read} read, {refused} refused: too one-sided to show anything"
    );
}
