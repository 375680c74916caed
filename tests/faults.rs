//! Everything that can go wrong with the provider, at once, under load: every text is answered once all the same.
//!
//! A day of trouble is run through with a clock that is moved; the provider and the people keep a journal of their own,
//! and what must be true is read from that (`support/journal.rs`, which is tested with planted mistakes itself).
//! `FOOTBRIDGE_FAULTS` says how many people text.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::on_both_stores;
use crate::support::app::ENGLISH_NUMBER;
use crate::support::app::TestApp;
use crate::support::fake_twilio::Message;
use crate::support::journal::Event;
use crate::support::journal::check;
use crate::support::signed_post::SignedPost;

const USUAL_PEOPLE: u32 = 120;
const SEED: u64 = 20_261_122;
/// What each of them says, one text after the other.
const LINES: [&str; 3] = ["hello", "me", "78"];
/// Time goes in steps of this length while people text.
const STEP: Duration = Duration::from_secs(5);
/// And of this length once nobody does.
const MINUTE: Duration = Duration::from_secs(60);
/// Longer than the longest doubt, twice: not found counts after ten minutes, and is looked at once more.
const UNTIL_ALL_IS_SETTLED: u32 = 60;

/// A run of trouble.
struct Trouble {
    app: TestApp,
    dice: StdRng,
    /// Webhooks on their way, some of them more than once.
    webhooks: Vec<(String, SignedPost)>,
    /// Reports on their way.
    reports: Vec<SignedPost>,
    /// Texts on which there will be no further report.
    reported: usize,
    /// How many lines each person has said.
    said: BTreeMap<u32, usize>,
}

impl Trouble {
    fn chance(&mut self, percent: u32) -> bool {
        self.dice.random_range(0..100) < percent
    }

    /// Some people text. Of their webhooks some are lost, some come twice.
    fn people_text(&mut self, people: u32) {
        for _ in 0..self.dice.random_range(1..=4) {
            let person = self.dice.random_range(0..people);
            let said = self.said.entry(person).or_default();
            let Some(words) = LINES.get(*said) else { continue };
            *said += 1;
            let from = format!("+4477009{person:05}");
            let sid = self.app.fake.texted(&from, ENGLISH_NUMBER, words);
            let fields =
                [("MessageSid", sid.as_str()), ("From", &from), ("To", ENGLISH_NUMBER), ("Body", words)];
            let post = self.app.inbound_with(&fields);
            let times = match self.dice.random_range(0..10) {
                0 => 0,
                1 | 2 => 2,
                _ => 1,
            };
            self.webhooks.extend(std::iter::repeat_n((sid, post), times));
        }
    }

    /// What is on its way arrives, in any order, and some of it later.
    async fn arrives(&mut self) {
        self.webhooks.shuffle(&mut self.dice);
        self.reports.shuffle(&mut self.dice);
        let later = self.webhooks.len() / 4;
        let webhooks = self.webhooks.split_off(later);
        let answers = webhooks.iter().map(|(_, post)| self.app.post(post));
        let answers = futures_util::future::join_all(answers).await;
        for ((sid, _), answer) in webhooks.into_iter().zip(answers) {
            assert_eq!(answer.status, 200);
            self.app.fake.note(Event::Acknowledged { sid });
        }
        let later = self.reports.len() / 4;
        for report in self.reports.split_off(later) {
            assert_eq!(self.app.post(&report).await.status, 200);
        }
    }

    /// Sends what is due. Where the provider's answer waits, its report comes before.
    async fn send(&mut self) -> usize {
        let app = &self.app;
        let early = async {
            loop {
                match app.fake.next_held() {
                    Some(text) => {
                        app.fake.note_report(&text);
                        assert_eq!(app.post(&app.fake.report(&text, "delivered", None)).await.status, 200);
                        app.fake.let_go();
                    }
                    None => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            }
        };
        tokio::select! {
            sent = app.send() => sent,
            () = early => 0,
        }
    }

    /// The provider reports on what it took: mostly once, sometimes twice or never.
    fn provider_reports(&mut self) {
        let new: Vec<Message> = self.app.fake.messages().split_off(self.reported);
        self.reported += new.len();
        for text in new {
            if self.chance(10) {
                continue;
            }
            let twice = self.chance(10);
            for status in ["sent", "delivered"] {
                self.reports.push(self.app.fake.report(&text, status, None));
            }
            if twice {
                self.reports.push(self.app.fake.report(&text, "delivered", None));
            }
        }
    }

    /// One round of everything that the program does by itself.
    async fn round(&mut self, sweep: &mut footbridge::sweep::Sweep, length: Duration) {
        self.app.clock.advance(length);
        self.arrives().await;
        // The provider's list may fail: then it is asked again a minute later.
        let _ = sweep.run_once().await;
        self.app.due().await;
        while 0 < self.send().await {
            self.provider_reports();
        }
        self.app.wait_for_looks(Duration::ZERO).await;
    }
}

fn people() -> u32 {
    let set = std::env::vars_os().find(|(name, _)| name == "FOOTBRIDGE_FAULTS");
    set.and_then(|(_, value)| value.to_str()?.parse().ok()).unwrap_or(USUAL_PEOPLE)
}

#[expect(clippy::print_stdout, reason = "the figures are what a long run is made for")]
fn tell(trouble: &Trouble, people: u32, texts: usize, again: i64, swept: u64) {
    let took = trouble.app.fake.messages().len();
    println!(
        "{people} people, seed {SEED}: {texts} texts, {took} answers, {again} sent once more, {swept} swept"
    );
}

on_both_stores! {
    async fn in_all_trouble_at_once_every_text_is_answered_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.reports = false;
        app.fake.keep_time_by(app.clock.clone());
        app.fake.mix(SEED);
        let mut sweep = app.sweep(1);
        // The first time of service must be known before the first text.
        while sweep.run_once().await.is_err() {
            app.clock.advance(MINUTE);
        }
        app.clock.advance(MINUTE);
        let people = people();
        let mut trouble = Trouble {
            app,
            dice: StdRng::seed_from_u64(SEED),
            webhooks: Vec::new(),
            reports: Vec::new(),
            reported: 0,
            said: BTreeMap::new(),
        };
        for _ in 0..people {
            trouble.people_text(people);
            trouble.round(&mut sweep, STEP).await;
        }
        for minute in 0..UNTIL_ALL_IS_SETTLED {
            if minute == 5 {
                trouble.app.fake.be_well();
            }
            trouble.round(&mut sweep, MINUTE).await;
        }
        let journal = trouble.app.fake.journal();
        let tables = trouble.app.rows.tables().await;
        assert_eq!(check(&journal, &tables), []);
        let texts = journal.iter().filter(|event| matches!(event, Event::Texted { .. })).count();
        assert_eq!(tables.inbound, texts, "every text is kept, however it came");
        let again = trouble.app.rows.count("SELECT COUNT(*) FROM outbox WHERE again").await;
        let swept = trouble.app.house.store.read().await.expect("a read").sweep_log().await.expect("a log").taken;
        assert!(0 < again && 0 < swept, "the trouble was real");
        tell(&trouble, people, texts, again, swept);
        trouble.app.look();
    }
}
