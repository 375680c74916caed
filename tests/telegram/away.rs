//! While we are away messages wait at Telegram: all of them are answered once we are back, in order, and as late as they
//! are.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::fake_telegram::FakeTelegram;
use crate::support::fake_telegram::text_at;
use crate::support::stores::TestStore;
use crate::support::telegram_app::attend;

const MINUTE: Duration = Duration::from_secs(60);
const JOAN: i64 = 7_000_000_001;

/// A program that is away, and what Telegram holds for it meanwhile.
struct Away {
    app: TestApp,
    fake: FakeTelegram,
    webhook: bool,
    held: Vec<Value>,
}

impl Away {
    async fn from(store: TestStore, webhook: bool) -> Self {
        let app = TestApp::on(store).await.with_telegram(webhook).await;
        let fake = app.bot.as_ref().expect("a bot").fake.clone();
        app.house.store.close().await;
        Self { app, fake, webhook, held: Vec::new() }
    }

    /// Somebody writes. Telegram posts it in vain, and keeps it.
    async fn writes(&mut self, chat: i64, words: &str) {
        let date = self.app.clock.now().as_micros() / 1_000_000;
        let update = self.fake.update(text_at(chat, words, date));
        if self.webhook {
            assert_eq!(self.app.update(&update).await.status, 503, "it is not taken");
        } else {
            self.fake.queue(update.clone());
        }
        self.held.push(update);
    }

    /// The program is back, and gets what Telegram holds; what is posted comes again where the answer comes late.
    async fn ends(&mut self) {
        self.app.start_again().await;
        let held = std::mem::take(&mut self.held);
        if self.webhook {
            for update in held.iter().chain(&held) {
                assert_eq!(self.app.update(update).await.status, 200);
            }
        } else {
            let attending = attend(&self.app.house, &self.app.bot.as_ref().expect("a bot").desk, 1);
            self.fake.wait_until("all is confirmed", |fake| fake.waiting() == 0).await;
            drop(attending);
        }
        self.app.settle().await;
    }

    /// What was said to each chat, in order.
    fn said(&self) -> BTreeMap<i64, Vec<String>> {
        let mut said: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for message in self.fake.messages() {
            said.entry(message.chat).or_default().push(message.text);
        }
        said
    }
}

async fn away_for_five_minutes(store: TestStore, webhook: bool) {
    let mut away = Away::from(store, webhook).await;
    for minute in 0..5 {
        away.app.clock.advance(MINUTE);
        for person in 0..4 {
            away.writes(JOAN + minute * 4 + person, "hello").await;
        }
    }
    away.writes(JOAN, "me").await;
    away.ends().await;
    let said = away.said();
    assert_eq!(said.len(), 20);
    for (chat, texts) in &said {
        assert!(texts[0].starts_with("Hello from"), "{texts:?}");
        assert_eq!(texts.len(), if *chat == JOAN { 2 } else { 1 }, "each is answered once: {texts:?}");
    }
    assert!(said[&JOAN][1].contains("How old"), "{:?}", said[&JOAN]);
    away.app.wait(MINUTE).await;
    assert_eq!(away.fake.messages().len(), 21, "and nothing follows");
    assert_eq!(away.app.rows.count("SELECT COUNT(*) FROM inbound").await, 21);
}

async fn away_for_longer(store: TestStore, webhook: bool) {
    let mut away = Away::from(store, webhook).await;
    away.writes(JOAN, "I want to end my life").await;
    away.app.clock.advance(40 * MINUTE);
    away.ends().await;
    let told = &away.said()[&JOAN];
    assert!(told.len() == 1 && told[0].contains("999"), "{told:?}");
    let keys = away.app.rows.outbox().await.remove(0).1;
    assert!(keys.contains("late"), "they are told that we read it late: {keys}");
    assert_eq!(away.app.rows.count("SELECT COUNT(*) FROM concern").await, 1);
}

on_both_stores! {
    async fn who_writes_while_we_are_down_for_five_minutes_is_answered_once_by_webhook(store: TestStore) {
        away_for_five_minutes(store, true).await;
    }

    async fn who_writes_while_we_are_down_for_five_minutes_is_answered_once_where_telegram_is_asked(store: TestStore) {
        away_for_five_minutes(store, false).await;
    }

    async fn what_waited_for_longer_is_told_so_by_webhook(store: TestStore) {
        away_for_longer(store, true).await;
    }

    async fn what_waited_for_longer_is_told_so_where_telegram_is_asked(store: TestStore) {
        away_for_longer(store, false).await;
    }
}
