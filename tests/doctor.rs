//! `doctor`, asked of the real program, with a Twilio that we can set.

use std::net::TcpListener;

use footbridge::clock::Clock;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::binary::set_up;
use crate::support::app::ENGLISH_NUMBER;
use crate::support::fake_telegram::BOT;
use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::SECRET;
use crate::support::fake_telegram::TOKEN as BOT_TOKEN;
use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::fake_twilio::TOKEN;
use crate::support::process::Client;
use crate::support::process::KEY;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::signed_post::SignedPost;

/// An installation that is reached by its own address, and what the provider knows of it.
struct Installation {
    folder: TempDir,
    fake: FakeTwilio,
    listen: String,
    base: String,
}

impl Installation {
    async fn new() -> Self {
        // Taken, so that it is free, and given back: the public address must be known before the server starts.
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port").port();
        let installation = Self {
            folder: tempfile::tempdir().expect("a folder"),
            fake: FakeTwilio::start().await,
            listen: format!("127.0.0.1:{port}"),
            base: format!("http://127.0.0.1:{port}"),
        };
        installation.fake.tell("", json!({ "sid": ACCOUNT_SID, "status": "active" }));
        installation.fake.tell("Balance", json!({ "balance": "41.50", "currency": "GBP" }));
        installation.number(&format!("{}/channels/twilio/inbound#rc=3&rp=ct,rt,5xx", installation.base));
        installation
    }

    /// What Twilio does with texts; calls and fallbacks are right.
    fn number(&self, texts: &str) {
        let number = json!({
            "phone_number": ENGLISH_NUMBER,
            "sms_url": texts,
            "sms_method": "POST",
            "sms_fallback_url": "https://handler.twilio.com/twiml/EH1",
            "voice_url": format!("{}/channels/twilio/voice#rc=3&rp=ct,rt,5xx", self.base),
            "voice_fallback_url": "https://handler.twilio.com/twiml/EH2",
        });
        self.fake.tell("IncomingPhoneNumbers", json!({ "incoming_phone_numbers": [number] }));
    }

    fn settings<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut settings = vec![
            ("FOOTBRIDGE_LISTEN", self.listen.as_str()),
            ("FOOTBRIDGE_PUBLIC_URL", &self.base),
            ("FOOTBRIDGE_SECRET_KEY", KEY),
            ("FOOTBRIDGE_TWILIO_ACCOUNT_SID", ACCOUNT_SID),
            ("FOOTBRIDGE_TWILIO_AUTH_TOKEN", TOKEN),
            ("FOOTBRIDGE_TWILIO_FROM", ENGLISH_NUMBER),
            ("FOOTBRIDGE_TWILIO_API_URL", &self.fake.url),
        ];
        settings.retain(|(name, _)| more.iter().all(|(given, _)| given != name));
        settings.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        settings
    }

    async fn serve(&self) -> Server {
        Server::start(footbridge(self.folder.path(), &["serve"], &self.settings(&[]))).await
    }

    fn run(&self, arguments: &[&str], more: &[(&str, &str)]) -> (i32, String) {
        let output =
            footbridge(self.folder.path(), arguments, &self.settings(more)).output().expect("running it");
        (output.status.code().expect("a code"), String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What it finds: exit code, and each check with its outcome and what was found.
    fn doctor(&self, more: &[(&str, &str)]) -> (i32, Found) {
        let (code, said) = self.run(&["doctor", "--format", "json"], more);
        (code, Found(serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))))
    }
}

struct Found(Value);

impl Found {
    #[track_caller]
    fn says(&self, check: &str, outcome: &str, part: &str) {
        let checks = self.0["checks"].as_array().expect("checks");
        let of_it: Vec<&Value> = checks.iter().filter(|one| one["check"] == check).collect();
        let right = |one: &&&Value| {
            one["outcome"] == outcome && one["found"].as_str().is_some_and(|found| found.contains(part))
        };
        let found =
            of_it.iter().find(right).unwrap_or_else(|| panic!("{check}, {outcome}, {part}: {of_it:?}"));
        assert_eq!(found["remedy"] == "", outcome == "ok", "{found}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_first_start_it_says_what_is_missing_and_makes_nothing() {
    let here = Installation::new().await;
    let (code, found) = here.doctor(&[]);
    assert_eq!(code, 1);
    found.says("database", "problem", "none yet");
    found.says("public address", "problem", "nobody answers");
    found.says("clock", "ok", "0 seconds");
    assert_eq!(std::fs::read_dir(here.folder.path()).expect("a folder").count(), 0, "nothing was made");
    let (code, found) = here.doctor(&[("FOOTBRIDGE_SECRET_KEY", "")]);
    assert_eq!(code, 1);
    found.says("secret key", "problem", "there is none");
    assert_eq!(here.run(&["doctor"], &[("FOOTBRIDGE_TWILIO_FROM", "nonsense")]).0, 2, "wrong configuration");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_ready_is_told_so() {
    let here = Installation::new().await;
    let more = [
        ("FOOTBRIDGE_SECOND_FACTOR", "offered"),
        ("FOOTBRIDGE_ALERT_WEBHOOK", "http://127.0.0.1:9/alert?token=1"),
    ];
    let mut server =
        Server::start(footbridge(here.folder.path(), &["serve"], &here.settings(&more[..1]))).await;
    let link = server.line_with("set-up link: ").await;
    let mut ann = set_up(&server.base, &link).await;
    let (code, found) = here.doctor(&more);
    assert_eq!(code, 1);
    found.says("backup", "problem", "none was ever made");
    found.says("duty, numbers", "problem", "nobody is told of a concern, at alder-vale, dyffryn-gwern");
    found.says("duty, leads", "warning", "no duty lead at alder-vale");
    found.says("duty, now", "warning", "nobody has signed on at alder-vale");
    found.says("duty, watchers", "warning", "within a week at alder-vale (1), dyffryn-gwern (1)");
    assert_eq!(here.run(&["backup", "copy"], &[]).0, 0);
    ann.post("/inbox/me/phone", &[("phone", "07700 900124")]).await.went_to("/inbox/me");
    ann.post("/inbox/duty/on", &[("service", "dyffryn-gwern")]).await.went_to("/inbox");
    let (code, found) = here.doctor(&more);
    assert_eq!(code, 0, "{}", found.0);
    for (check, part) in [
        ("conversations", "without errors"),
        ("secret key", "belongs to this database"),
        ("database", "up to date"),
        ("backup", "the last was made"),
        ("duty", "can acknowledge"),
        ("disk", "MB free"),
        ("clock", "0 seconds"),
        ("public address", "this very installation"),
        ("Twilio account", "active"),
        ("Twilio balance", "41.50 GBP"),
        ("texts", "tried again"),
        ("texts, fallback", "elsewhere"),
        ("calls", "tried again"),
        ("calls, fallback", "elsewhere"),
        ("number", "a service names it"),
        ("STOP and HELP", "Twilio answers"),
        ("alarms", "is called"),
    ] {
        found.says(check, "ok", part);
    }
    found.says("languages", "warning", "cy");
    found.says("helplines", "warning", "not verified");
    found.says("services", "warning", "made-up numbers");
    found.says("second factor", "warning", "without one: 1");
    let now = found.0["checks"].as_array().and_then(|all| all.iter().find(|one| one["check"] == "duty, now"));
    assert_eq!(now.expect("of duty")["found"], "nobody has signed on at alder-vale", "Ann is at the other");
    found.says("public address", "warning", "this machine only");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_at_the_provider_is_named() {
    let here = Installation::new().await;
    let _server = here.serve().await;
    here.fake.tell("Balance", json!({ "balance": "-0.10", "currency": "GBP" }));
    here.number("https://elsewhere.example.org/sms");
    let (code, found) = here.doctor(&[("FOOTBRIDGE_TWILIO_OPT_OUT", "advanced")]);
    assert_eq!(code, 1);
    found.says("Twilio balance", "problem", "no text leaves");
    found.says("texts", "problem", "another address");
    found.says("STOP and HELP", "problem", "no Advanced Opt-Out");
    found.says("duty", "problem", "nobody would see a concern at alder-vale, dyffryn-gwern");
    here.number(&format!("{}/channels/twilio/inbound", here.base));
    here.doctor(&[]).1.says("texts", "warning", "tried once");
    here.fake.tell("IncomingPhoneNumbers", json!({ "incoming_phone_numbers": [] }));
    here.doctor(&[]).1.says("texts", "problem", "not this account's");
    here.fake.tell("", json!({ "sid": ACCOUNT_SID, "status": "suspended" }));
    here.doctor(&[]).1.says("Twilio account", "problem", "suspended");
    let wrong = here.doctor(&[("FOOTBRIDGE_TWILIO_AUTH_TOKEN", "another")]).1;
    wrong.says("Twilio account", "problem", "does not know these credentials");
    let unnamed = here.doctor(&[("FOOTBRIDGE_TWILIO_FROM", "+447700123456")]).1;
    unnamed.says("number", "warning", "no service names the number that ends in 456");
    let other_key =
        here.doctor(&[("FOOTBRIDGE_SECRET_KEY", "/////////////////////////////////////////38=")]).1;
    other_key.says("database", "problem", "does not belong to this database");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_messaging_service_is_looked_at_by_its_own_settings() {
    let here = Installation::new().await;
    let service = "MG0123456789abcdef0123456789abcdef";
    let more = [("FOOTBRIDGE_TWILIO_FROM", ""), ("FOOTBRIDGE_TWILIO_MESSAGING_SERVICE_SID", service)];
    here.doctor(&more).1.says("texts", "problem", "not this account's");
    let url = format!("{}/channels/twilio/inbound#rc=3&rp=5xx", here.base);
    here.fake.tell(
        service,
        json!({ "inbound_request_url": url, "inbound_method": "POST", "fallback_url": here.base,
                "use_inbound_webhook_on_number": false }),
    );
    let (_, found) = here.doctor(&more);
    found.says("texts", "ok", "tried again");
    found.says("texts, fallback", "problem", "down when it is");
    here.fake.tell(service, json!({ "use_inbound_webhook_on_number": true }));
    here.doctor(&more).1.says("texts", "warning", "as its numbers say");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_text_goes_by_the_server_and_its_report_is_waited_for() {
    let here = Installation::new().await;
    assert_eq!(here.run(&["migrate"], &[]).0, 0);
    let server = here.serve().await;
    let fake = here.fake.clone();
    let client = Client::of(&server.base);
    let phone = tokio::spawn(async move {
        let mut asked = 0;
        let message = loop {
            asked += 1;
            fake.wait_for_requests(asked).await;
            if let Some(message) = fake.messages().pop() {
                break message;
            }
        };
        let url = message.status_callback.clone().expect("where to report");
        let pairs = [
            ("MessageSid", message.sid.as_str()),
            ("AccountSid", ACCOUNT_SID),
            ("MessageStatus", "delivered"),
        ];
        assert_eq!(client.webhook(&SignedPost::new(TOKEN, &url, &pairs)).await, Some(200));
        message
    });
    let (_, said) = here.run(&["doctor", "--send-test", "07700 900456"], &[]);
    let message = phone.await.expect("the phone");
    assert_eq!(message.to, "+447700900456");
    assert!(message.body.contains("test text"), "{}", message.body);
    assert!(said.contains("ok       test text: it arrived"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_on_telegram_is_looked_at_whichever_way_messages_come() {
    let (here, telegram) = (Installation::new().await, FakeTelegram::start().await);
    let asked = [("FOOTBRIDGE_TELEGRAM_TOKEN", BOT_TOKEN), ("FOOTBRIDGE_TELEGRAM_API_URL", &telegram.url)];
    let posted = [("FOOTBRIDGE_TELEGRAM_MODE", "webhook"), ("FOOTBRIDGE_TELEGRAM_WEBHOOK_SECRET", SECRET)];
    let posted = [&asked[..], &posted].concat();
    let found = here.doctor(&asked).1;
    found.says("Telegram bot", "ok", BOT);
    found.says("Telegram service", "ok", "names the bot");
    found.says("Telegram notice", "ok", "what Telegram keeps");
    found.says("Telegram messages", "ok", "asked for; waiting: 0");
    let alone =
        ["_ACCOUNT_SID", "_AUTH_TOKEN", "_FROM", "_API_URL"].map(|name| format!("FOOTBRIDGE_TWILIO{name}"));
    let alone = [&asked[..], &alone.each_ref().map(|name| (name.as_str(), ""))].concat();
    here.doctor(&alone).1.says("text messages", "problem", "nobody is told");
    here.doctor(&posted).1.says("Telegram messages", "problem", "nowhere");
    telegram.post_to("https://elsewhere.example.org/hook");
    here.doctor(&asked).1.says("Telegram messages", "problem", "cannot be asked");
    here.doctor(&posted).1.says("Telegram messages", "problem", "another address");
    telegram.post_to(&format!("{}/channels/telegram/webhook", here.base));
    for _ in 0..21 {
        telegram.hold(json!({}));
    }
    telegram.fail_to_post(1_000, "Connection refused");
    let found = here.doctor(&posted).1;
    found.says("Telegram messages", "ok", "posted to us; waiting: 21");
    found.says("Telegram messages", "warning", "many wait");
    assert!(!found.0.to_string().contains("Connection refused"), "it was long ago");
    telegram.fail_to_post(Clock::System.now().as_micros() / 1_000_000 - 60, "Wrong response: 503");
    here.doctor(&posted).1.says(
        "Telegram messages",
        "warning",
        "1 minutes ago Telegram could not post one: Wrong",
    );
    let unknown = here.doctor(&[asked[1], ("FOOTBRIDGE_TELEGRAM_TOKEN", "1:another")]).1;
    unknown.says("Telegram bot", "problem", "does not know this token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_no_service_names_and_a_notice_that_is_silent_are_told() {
    let (here, telegram) = (Installation::new().await, FakeTelegram::start().await);
    assert_eq!(here.run(&["unpack", "mine"], &[]).0, 0);
    let change = |file: &str, before: &str, after: &str| {
        let file = here.folder.path().join("mine").join(file);
        let text = std::fs::read_to_string(&file).expect("a file");
        assert!(text.contains(before), "{before}");
        std::fs::write(file, text.replace(before, after)).expect("writing");
    };
    let more = [
        ("FOOTBRIDGE_TELEGRAM_TOKEN", BOT_TOKEN),
        ("FOOTBRIDGE_TELEGRAM_API_URL", &telegram.url),
        ("FOOTBRIDGE_CONVERSATIONS", "mine/conversations"),
        ("FOOTBRIDGE_LOCALES", "mine/locales"),
    ];
    let services = "conversations/services.yaml";
    change(services, "telegram: AlderValeBot", "telegram: SomebodyElsesBot");
    change("locales/en-GB/general.ftl", "Telegram keeps our chat on its own servers, and can read it. ", "");
    let found = here.doctor(&more).1;
    found.says("Telegram service", "warning", "the first that names one");
    found.says("Telegram notice", "problem", "en-GB");
    change(services, "    telegram: SomebodyElsesBot\n", "");
    change(services, "    telegram: DyffrynGwernBot\n", "");
    here.doctor(&more).1.says("Telegram service", "problem", "does not start");
}
