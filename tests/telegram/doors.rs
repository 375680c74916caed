//! What comes in, and what does not.

use std::collections::BTreeSet;
use std::time::Duration;

use footbridge::app;
use footbridge::config::Config;
use footbridge::store::singleton::Duty;
use futures_util::FutureExt;
use serde_json::json;
use uuid::Uuid;

use crate::on_both_stores;
use crate::support::app::changed;
use crate::support::app::shipped;
use crate::support::fake_telegram::Answer;
use crate::support::fake_telegram::BOT;
use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::SECRET;
use crate::support::fake_telegram::TOKEN;
use crate::support::fake_telegram::contact;
use crate::support::fake_telegram::member;
use crate::support::fake_telegram::message;
use crate::support::fake_telegram::tap;
use crate::support::fake_telegram::text;
use crate::support::process::Client;
use crate::support::process::KEY;
use crate::support::process::Server;
use crate::support::process::footbridge;
use crate::support::stores::TestStore;
use crate::support::telegram_app::TelegramApp;
use crate::support::telegram_app::attend;

const JOAN: i64 = 7_000_000_001;
const TOM: i64 = 7_000_000_002;

on_both_stores! {
    async fn only_telegram_is_heard(store: TestStore) {
        let app = TelegramApp::on(store).await;
        let update = app.fake.update(text(JOAN, "hello")).to_string();
        for secret in [None, Some(""), Some("another"), Some(&SECRET[1..]), Some("é")] {
            assert_eq!(app.post_as(secret, &update).await.status, 403, "{secret:?}");
        }
        assert_eq!(app.rows.people().await, 0);
        assert_eq!(app.post(&"x".repeat(300 * 1024)).await.status, 413);
        app.house.store.close().await;
        assert_eq!(app.post(&update).await.status, 503);
    }

    async fn an_update_that_comes_again_is_one(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        let update = app.fake.update(text(JOAN, "hello")).to_string();
        for _ in 0..3 {
            assert_eq!(app.post(&update).await.status, 200);
        }
        app.settle().await;
        app.look_at_one();
        assert_eq!(app.kept("text").await, 1);
        // After a week of silence Telegram goes on with any number, also a lower one.
        app.fake.number_from(12);
        app.says(JOAN, "me").await;
        app.look_at_one();
        assert_eq!(app.kept("text").await, 2);
    }

    async fn groups_channels_and_bots_are_not_for_us(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        let group = json!({ "id": -100_200, "type": "supergroup", "title": "canary group" });
        app.hears(message(JOAN, &json!({ "text": "canary hello all", "chat": group }))).await;
        app.hears(message(JOAN, &json!({ "text": "canary", "from": { "id": 9, "is_bot": true, "first_name": "B" } }))).await;
        let mut added = member(JOAN, "member");
        added["my_chat_member"]["chat"] = json!({ "id": -300, "type": "group", "title": "canary" });
        app.hears(added).await;
        let mut tapped = tap(JOAN, "for-whom:0:me");
        tapped["callback_query"]["message"]["chat"] = json!({ "id": -300, "type": "group", "title": "canary" });
        app.hears(tapped).await;
        assert!(app.look().is_empty());
        assert_eq!(app.rows.people().await, 0);
        app.fake.wait_until("both groups are left", |fake| 2 <= fake.calls_of("leaveChat").len()).await;
        let left: BTreeSet<_> =
            app.fake.calls_of("leaveChat").iter().filter_map(|call| call["chat_id"].as_i64()).collect();
        assert_eq!(left, BTreeSet::from([-100_200, -300]));
    }

    async fn what_cannot_be_used_is_answered_well_and_holds_up_nothing(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        for body in ["", "{", "[]", "null", "{}", r#"{"update_id":"x"}"#, r#"{"update_id":1}"#, "\u{0}"] {
            assert_eq!(app.post(body).await.status, 200, "{body}");
        }
        for kind in ["poll", "something_new", "message", "callback_query", "edited_message", "my_chat_member"] {
            let update = app.fake.update(json!({ kind: { "some": "thing" } }));
            assert_eq!(app.post(&update.to_string()).await.status, 200, "{kind}");
        }
        assert_eq!(app.rows.people().await, 0);
        // A person's message in a form that nobody knows yet: kept, and answered. Its words, where it has any, are read.
        app.hears(message(JOAN, &json!({ "hologram": { "file_id": "A" } }))).await;
        assert!(app.look_at_one().text.contains("only read text"));
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM inbound WHERE kind IN ('unreadable', 'media')").await, 1);
        app.hears(message(TOM, &json!({ "text": "I want to die", "entities": "of another kind" }))).await;
        assert!(app.look_at_one().text.contains("999"));
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM concern").await, 1);
    }

    async fn an_update_may_have_any_number(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        for number in [0, 1, i64::from(u32::MAX), i64::from(u32::MAX) + 7, i64::MAX - 1] {
            let mut update = text(JOAN, "AGAIN");
            update["update_id"] = number.into();
            assert_eq!(app.post(&update.to_string()).await.status, 200);
        }
        assert_eq!(app.kept("text").await, 5);
        app.settle().await;
        app.look();
    }

    async fn a_tap_is_told_that_it_was_heard(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.hears(tap(JOAN, "nothing of ours")).await;
        app.fake.wait_until("the tap is answered", |fake| fake.calls_of("answerCallbackQuery").len() == 1).await;
        app.look();
    }

    async fn a_shared_number_counts_only_where_it_is_their_own(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.hears(contact(JOAN, JOAN, "447700900123")).await;
        app.hears(contact(JOAN, TOM, "447700900124")).await;
        assert_eq!((app.kept("contact").await, app.kept("media").await), (1, 1));
        app.look();
    }

    async fn without_a_webhook_telegram_is_asked(store: TestStore) {
        let mut app = TelegramApp::with(store, false).await;
        assert_eq!(app.post("{}").await.status, 404, "there is no webhook");
        app.fake.hold(text(JOAN, "hello"));
        app.fake.hold(json!({ "message": { "chat": 5 } }));
        app.fake.hold(json!({ "update_kind_of_tomorrow": {} }));
        app.fake.hold(text(TOM, "hello"));
        // A webhook of before stands in the way, and Telegram is in trouble.
        app.fake.plan("getUpdates", Answer::Error(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"));
        app.fake.plan("getUpdates", Answer::RetryAfter(1));
        let attending = attend(&app.house, &app.desk, 1);
        app.fake.wait_until("all is confirmed", |fake| fake.waiting() == 0).await;
        app.settle().await;
        let said = app.look();
        assert_eq!(said.iter().map(|message| message.chat).collect::<BTreeSet<_>>(), BTreeSet::from([JOAN, TOM]));
        assert_eq!(app.fake.calls_of("deleteWebhook").len(), 1);
        for call in app.fake.calls_of("getUpdates") {
            assert_eq!(call["timeout"], 10);
            assert_eq!(call["allowed_updates"], json!(["message", "edited_message", "callback_query", "my_chat_member"]));
        }
        app.fake.hold(text(JOAN, "me"));
        app.fake.wait_until("the next is confirmed too", |fake| fake.waiting() == 0).await;
        drop(attending);
        app.settle().await;
        app.look_at_one();
    }

    async fn one_node_asks_at_a_time(store: TestStore) {
        let app = TelegramApp::with(store, false).await;
        let first = attend(&app.house, &app.desk, 1);
        app.fake.wait_until("the first asks", |fake| fake.calls_of("getUpdates").len() == 1).await;
        let second = attend(&app.house, &app.desk, 2);
        app.fake.hold(text(JOAN, "hello"));
        app.fake.wait_until("it is taken in", |fake| fake.waiting() == 0).await;
        // Two that ask at once would have put each other out.
        assert_eq!(app.fake.calls_of("getUpdates").len(), 2);
        // Whoever stops gives it up, and nobody waits for the end of the lease.
        drop(first);
        app.fake.hold(text(JOAN, "me"));
        app.fake.wait_until("the second goes on", |fake| fake.waiting() == 0).await;
        drop(second);
        assert_eq!(app.kept("text").await, 2);
    }

    async fn the_asking_of_a_node_that_has_died_is_taken_over_once_its_lease_is_over(store: TestStore) {
        let app = TelegramApp::with(store, false).await;
        let died = Duty { name: "telegram-polling", node: Uuid::from_u128(1), lease: Duration::from_secs(60) };
        let now = app.clock.now();
        let took = app.house.store.write(move |tx| async move { tx.take_duty(died, now).await }.boxed());
        assert!(took.await.expect("a write"));
        app.fake.hold(text(JOAN, "hello"));
        app.clock.advance(Duration::from_secs(60));
        let other = attend(&app.house, &app.desk, 2);
        app.fake.wait_until("another goes on", |fake| fake.waiting() == 0).await;
        drop(other);
        assert_eq!(app.kept("text").await, 1);
    }
}

#[test]
fn a_token_without_a_service_that_takes_messages_stops_the_start() {
    let environment = [("FOOTBRIDGE_TELEGRAM_TOKEN".into(), TOKEN.into())];
    let config =
        Config::read(environment, &|_| Err(std::io::ErrorKind::NotFound.into())).expect("a configuration");
    assert!(app::telegram::bot(&config, &shipped()).expect("a bot").is_some());
    let services = "conversations/services.yaml";
    let nobody = changed(&[
        (services, "    telegram: AlderValeBot\n", ""),
        (services, "    telegram: DyffrynGwernBot\n", ""),
    ]);
    let refused = app::telegram::bot(&config, &nobody).expect_err("nobody takes messages").to_string();
    assert!(refused.contains("no service in services.yaml takes messages by Telegram"), "{refused}");
    assert!(!refused.contains("canary"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_telegram_that_is_away_stops_nothing_and_no_token_is_logged() {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTelegram::start().await);
    for method in ["getMe", "getUpdates", "deleteWebhook", "setMyCommands"] {
        for answer in [Answer::Closed, Answer::Error(401, "Unauthorized"), Answer::Garbage, Answer::CutOff] {
            fake.plan(method, answer);
        }
    }
    let settings = [
        ("FOOTBRIDGE_LISTEN", "127.0.0.1:0"),
        ("FOOTBRIDGE_SECRET_KEY", KEY),
        ("FOOTBRIDGE_DATABASE_URL", "sqlite://fb.db"),
        ("FOOTBRIDGE_TELEGRAM_TOKEN", TOKEN),
        ("FOOTBRIDGE_TELEGRAM_API_URL", &fake.url),
    ];
    let server = Server::start(footbridge(folder.path(), &["serve"], &settings)).await;
    assert_eq!(Client::of(&server.base).get("/readyz").await.status, 200);
    fake.hold(text(JOAN, "canary hello"));
    fake.wait_until("the answer arrives", |fake| fake.messages().len() == 1).await;
    let logs = server.logs();
    assert!(logs.contains("getMe failed"), "{logs}");
    assert!(!logs.contains("canary") && !logs.contains("123456789:"), "{logs}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegram_learns_our_address_and_our_menu_whatever_fails_first() {
    let app = TelegramApp::on(TestStore::sqlite().await).await;
    app.fake.plan("getMe", Answer::Page(200, "Welcome"));
    app.fake.plan("setWebhook", Answer::RetryAfter(1));
    app.fake.plan("setMyCommands", Answer::Error(400, "Bad Request: something"));
    let attending = attend(&app.house, &app.desk, 1);
    app.fake.wait_until("all is told", |fake| fake.webhook().is_some() && fake.commands().len() == 3).await;
    app.fake.wait_until("the name is known", |fake| fake.calls_of("getMe").len() == 2).await;
    drop(attending);
    let webhook = app.fake.webhook().expect("a webhook");
    assert_eq!(webhook["url"], "https://texts.example.org/channels/telegram/webhook");
    assert_eq!(webhook["secret_token"], SECRET);
    assert_eq!(
        webhook["allowed_updates"],
        json!(["message", "edited_message", "callback_query", "my_chat_member"])
    );
    assert_eq!(webhook["drop_pending_updates"], false);
    let commands = app.fake.commands();
    assert_eq!(commands.keys().collect::<Vec<_>>(), ["", "cy", "en"]);
    let names = |language: &str| {
        let list = commands[language].as_array().cloned().unwrap_or_default();
        list.iter().map(|one| one["command"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["help", "stop", "language", "privacy", "delete"]);
    assert_eq!(names("cy"), names(""));
    assert_ne!(commands["cy"], commands["en"]);
    assert!(app.fake.calls_of("getUpdates").is_empty() && app.fake.calls_of("deleteWebhook").is_empty());
    assert_eq!(BOT, "AlderValeBot");
}
