//! What goes out: every answer of Telegram has its meaning.

use std::time::Duration;

use footbridge::channel::GiveUpReason;
use footbridge::channel::SendError;
use footbridge::channel::Sender;
use footbridge::channel::StopReason;
use footbridge::channel::telegram::Telegram;
use footbridge::domain::account::TelegramAccount;
use footbridge::domain::ids::OutboxId;
use footbridge::domain::message::Button;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Handle;
use footbridge::domain::message::Outgoing;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::secret::Secret;
use footbridge::domain::time::Timestamp;

use crate::support::fake_telegram::Answer;
use crate::support::fake_telegram::FakeTelegram;
use crate::support::telegram_app::account;

const JOAN: i64 = 7_000_000_001;

fn sender_of(account: TelegramAccount) -> Sender {
    Sender::Telegram(Box::new(Telegram::new(account).expect("a client")))
}

fn message(text: &str) -> Outgoing {
    Outgoing {
        id: OutboxId::new(Timestamp::from_micros(1_000_000), [3; 10]),
        channel: ChannelKind::Telegram,
        to: Handle(JOAN.to_string()),
        text: Words(text.to_owned()),
        buttons: vec![Button { label: "Me".to_owned(), data: "for-whom:01234567:me".to_owned() }],
        purpose: Purpose::Answer,
        good_for: Duration::from_secs(3600),
    }
}

fn retry(after: Option<u64>, code: Option<u32>) -> SendError {
    SendError::Retry { after: after.map(Duration::from_secs), code }
}

fn give_up(reason: GiveUpReason, code: u32) -> SendError {
    SendError::GiveUp { reason, code: Some(code) }
}

#[tokio::test]
async fn a_text_is_sent_as_it_stands_with_its_buttons() {
    let fake = FakeTelegram::start().await;
    let receipt =
        sender_of(account(&fake, true)).send(&message("What <b>matters</b>? *you*")).await.expect("sent");
    assert_eq!(receipt.provider_id, "telegram-1");
    let sent = &fake.messages()[0];
    assert_eq!((sent.chat, sent.text.as_str()), (JOAN, "What <b>matters</b>? *you*"));
    assert_eq!(sent.button("Me"), Some("for-whom:01234567:me"));
    let call = &fake.calls_of("sendMessage")[0];
    assert!(call["parse_mode"].is_null(), "{call}");
    assert_eq!(call["link_preview_options"]["is_disabled"], true);
}

#[tokio::test]
async fn a_long_text_leaves_in_pieces_and_the_buttons_stand_under_the_last() {
    let fake = FakeTelegram::start().await;
    let text = format!("{}\n\n{}", "a ".repeat(1_500), "b ".repeat(1_500));
    sender_of(account(&fake, true)).send(&message(&text)).await.expect("sent");
    let sent = fake.messages();
    assert_eq!(sent.len(), 2);
    assert!(sent[0].buttons.is_empty() && sent[0].text.ends_with('a'));
    assert!(sent[1].buttons.len() == 1 && sent[1].text.starts_with('b'));
    // The second piece is refused after the first has left.
    fake.plan("sendMessage", Answer::Well);
    fake.plan("sendMessage", Answer::RetryAfter(3));
    assert_eq!(sender_of(account(&fake, true)).send(&message(&text)).await, Err(SendError::Unknown));
}

#[tokio::test]
async fn every_answer_of_telegram_has_its_meaning() {
    let fake = FakeTelegram::start().await;
    let sender = sender_of(account(&fake, true));
    let blocked = || Some(give_up(GiveUpReason::Blocked, 403));
    for (answer, expected) in [
        (Answer::Newer, None),
        (Answer::RetryAfter(17), Some(retry(Some(17), Some(429)))),
        (Answer::Error(429, "Too Many Requests: retry later"), Some(retry(Some(30), Some(429)))),
        (Answer::Page(429, "Too Many Requests"), Some(retry(Some(30), Some(429)))),
        (Answer::Error(403, "Forbidden: bot was blocked by the user"), blocked()),
        (Answer::Error(403, "Forbidden: user is deactivated"), blocked()),
        (Answer::Error(403, "Forbidden: bot can't initiate conversation with a user"), blocked()),
        (Answer::Error(403, "Forbidden: something that nobody has seen yet"), blocked()),
        (Answer::Error(400, "Bad Request: chat not found"), Some(give_up(GiveUpReason::BadNumber, 400))),
        (Answer::Error(400, "Bad Request: message is too long"), Some(give_up(GiveUpReason::TooLong, 400))),
        (Answer::Error(400, "Bad Request: BUTTON_DATA_INVALID"), Some(give_up(GiveUpReason::Refused, 400))),
        (
            Answer::Error(400, "Bad Request: can't parse entities: no"),
            Some(give_up(GiveUpReason::Refused, 400)),
        ),
        (Answer::Error(400, "Bad Request: nobody knows"), Some(give_up(GiveUpReason::Refused, 400))),
        (Answer::Garbage, Some(SendError::Unknown)),
        (Answer::CutOff, Some(SendError::Unknown)),
        (Answer::Closed, Some(SendError::Unknown)),
        (Answer::Redirect, Some(SendError::Unknown)),
        (Answer::Well, None),
    ] {
        let before = fake.calls().len();
        fake.plan("sendMessage", answer.clone());
        assert_eq!(sender.send(&message("hello")).await.err(), expected, "{answer:?}");
        assert_eq!(fake.calls().len(), before + 1, "{answer:?} must be asked for once");
    }
}

#[tokio::test]
async fn a_server_in_trouble_may_have_sent_the_text() {
    let fake = FakeTelegram::start().await;
    let sender = sender_of(account(&fake, true));
    let hello = message("hello");
    fake.plan("sendMessage", Answer::Page(502, "Bad Gateway"));
    fake.plan("sendMessage", Answer::Error(500, "Internal Server Error"));
    fake.plan("sendMessage", Answer::Silence);
    let outcomes = tokio::join!(sender.send(&hello), sender.send(&hello), sender.send(&hello));
    let unknown = || Err(SendError::Unknown);
    assert_eq!(outcomes, (unknown(), unknown(), unknown()));
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_was_not_asked() {
    let fake = FakeTelegram::start().await;
    // A port that was free a moment ago, and on which nobody listens.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let away = TelegramAccount {
        api_url: format!("http://127.0.0.1:{port}").parse().expect("one"),
        ..account(&fake, true)
    };
    assert_eq!(sender_of(away).send(&message("hello")).await, Err(retry(None, None)));
}

#[tokio::test]
async fn a_wrong_token_stops_the_sending_and_a_chat_that_is_none_does_not() {
    let fake = FakeTelegram::start().await;
    let wrong = TelegramAccount { token: Secret::from("1:canary-wrong".to_owned()), ..account(&fake, true) };
    let (reason, sender) = (StopReason::WrongCredentials, sender_of(wrong));
    assert_eq!(sender.send(&message("hello")).await, Err(SendError::Stopped { reason, code: Some(401) }));
    assert!(!format!("{sender:?}").contains("canary"), "{sender:?}");
    let to = Handle("@joan".to_owned());
    let nobody = sender_of(account(&fake, true)).send(&Outgoing { to, ..message("hello") }).await;
    assert_eq!(nobody, Err(SendError::GiveUp { reason: GiveUpReason::BadNumber, code: None }));
    assert!(fake.messages().is_empty());
}
