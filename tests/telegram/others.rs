//! The stand-in for Telegram is proven with a client that others wrote: what it takes for a Bot API, we may too.
//!
//! It runs where `FOOTBRIDGE_PTB_PYTHON` names a Python with python-telegram-bot; elsewhere `tests/run` says that it
//! did not.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::TOKEN;
use crate::support::fake_telegram::contact;
use crate::support::fake_telegram::edit;
use crate::support::fake_telegram::member;
use crate::support::fake_telegram::tap;
use crate::support::fake_telegram::text;
use crate::support::fake_telegram::voice;

const JOAN: i64 = 7_000_000_001;
/// Whoever has blocked the bot.
const TOM: i64 = 5;
/// The client makes itself known so often before it listens as a program does.
const KNOWN_BEFORE_IT_LISTENS: usize = 3;

fn python() -> Option<OsString> {
    std::env::vars_os().find(|(name, _)| name == "FOOTBRIDGE_PTB_PYTHON").map(|(_, python)| python)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_others_wrote_takes_the_stand_in_for_a_bot_api() {
    let Some(python) = python() else {
        println!(
            "FOOTBRIDGE_PTB_PYTHON is not set: the stand-in for Telegram was not held against another client"
        );
        return;
    };
    let fake = FakeTelegram::start().await;
    fake.block(TOM, true);
    for update in [
        text(JOAN, "hello"),
        contact(JOAN, JOAN, "447700900123"),
        voice(JOAN),
        tap(JOAN, "a:b:c"),
        edit(JOAN, "hello again"),
        member(JOAN, "kicked"),
    ] {
        fake.hold(update);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/telegram-client.py");
    let mut client = Command::new(python);
    client.arg(script).args([&fake.url, TOKEN]);
    let client = tokio::task::spawn_blocking(move || client.output());
    fake.wait_until("it listens", |fake| KNOWN_BEFORE_IT_LISTENS <= fake.calls_of("getMe").len()).await;
    fake.hold(text(JOAN, "me"));
    let output = client.await.expect("a client").expect("running it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", String::from_utf8_lossy(&output.stdout).trim());
    assert_eq!(fake.messages().last().map(|message| message.text.clone()).as_deref(), Some("you too"));
}
