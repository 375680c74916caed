//! How many texts of people are taken in and answered, durably, from the signed webhook to the 200.
//!
//! `cargo bench --bench inbound`. The server is the real one (accept loop, router, intake, store) in this process; so
//! are its 64 callers, each on a connection that it keeps. Everybody is in the middle of the long conversation, so
//! that each text is an answer and each answer brings the next question. Beside it runs a bare loop of the same SQL with
//! the same grouping, on a database of the same kind on the same disk; the two take turns (ABBA). Then the outbox
//! gives what has gathered to a simulator.
//!
//! `cargo bench --bench inbound -- statements` prints the SQL of one answer, to hold the bare loop against.

#![expect(clippy::print_stdout, reason = "figures are printed")]

#[path = "inbound/bare.rs"]
mod bare;
#[path = "inbound/callers.rs"]
mod callers;
#[path = "inbound/house.rs"]
mod house;
#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;

use std::time::Duration;

use crate::bare::Bare;
use crate::callers::Told;
use crate::house::TestHouse;
use crate::support::stores::TestStore;

/// As many as a busy hour of a large region would never bring at once.
const CALLERS: u32 = 64;
/// Fresh people in each round: a person who texts too much is not answered.
const PEOPLE: u32 = 12 * CALLERS;
/// What brings a person to the middle of the conversation, not counted.
const OPENING: [&str; 2] = ["hello", "me"];
/// What each then texts, counted.
const ANSWERS: [&str; 6] = [
    "3",
    "Ann Example",
    "Alder Vale Surgery",
    "I have been on my own a lot since Arthur died, and the garden has got away from me",
    "1 and 3",
    "2",
];
const ROUNDS: u32 = 5;

#[tokio::main]
async fn main() {
    if std::env::args().any(|argument| argument == "statements") {
        return statements().await;
    }
    compare("SQLite", TestStore::sqlite().await, TestStore::sqlite().await).await;
    compare("PostgreSQL", TestStore::postgres().await, TestStore::postgres().await).await;
}

/// What one answer costs, statement by statement.
async fn statements() {
    let house = TestHouse::on(TestStore::sqlite().await).await;
    callers::tell(house.address, &house.posts(0..1, &OPENING, 0), 1).await;
    tracing_subscriber::fmt().with_env_filter("sqlx::query=debug").with_target(false).init();
    callers::tell(house.address, &house.posts(0..1, &["3"], 9), 1).await;
    house.close().await;
}

/// Five rounds of both arms on this kind of database, each arm first in turn.
async fn compare(name: &str, store: TestStore, beside: TestStore) {
    let mut house = TestHouse::on(store).await;
    let bare = Bare::on(&beside, PEOPLE).await;
    let mut figures = Figures::default();
    for round in 0..ROUNDS {
        let house_first = round % 2 == 0;
        if !house_first {
            figures.note_bare(bare.tell(round).await);
        }
        figures.note_webhooks(webhooks(&house, round).await);
        if house_first {
            figures.note_bare(bare.tell(round).await);
        }
        figures.delivered.push(house.deliver().await);
    }
    figures.print(name, bare.largest_group());
    house.close().await;
}

/// One round: fresh people are brought to the middle of the conversation, and then each caller goes on with its own.
async fn webhooks(house: &TestHouse, round: u32) -> Told {
    let people = round * PEOPLE..(round + 1) * PEOPLE;
    callers::tell(house.address, &house.posts(people.clone(), &OPENING, 0), CALLERS).await;
    callers::tell(house.address, &house.posts(people, &ANSWERS, OPENING.len()), CALLERS).await
}

#[derive(Default)]
struct Figures {
    webhooks: Vec<f64>,
    bare: Vec<f64>,
    shares: Vec<f64>,
    delivered: Vec<f64>,
    waits: Vec<Duration>,
}

impl Figures {
    fn note_webhooks(&mut self, told: Told) {
        self.webhooks.push(told.per_second());
        self.waits.extend(told.waits);
        self.note_share();
    }

    fn note_bare(&mut self, per_second: f64) {
        self.bare.push(per_second);
        self.note_share();
    }

    /// Each round's share, once both arms have run.
    fn note_share(&mut self) {
        if let (Some(webhooks), Some(bare)) = (self.webhooks.last(), self.bare.last())
            && self.webhooks.len() == self.bare.len()
        {
            self.shares.push(webhooks / bare);
        }
    }

    fn print(mut self, name: &str, largest_group: usize) {
        self.waits.sort_unstable();
        let wait = |hundredth: usize| self.waits[(self.waits.len() - 1) * hundredth / 100];
        println!("{name}, {CALLERS} callers, {} answers in {ROUNDS} rounds", self.waits.len());
        println!("  webhooks answered a second   {}", spread(&mut self.webhooks, 0));
        println!("    half within {:.1?}, 99 of 100 within {:.1?}", wait(50), wait(99));
        println!(
            "  bare loop of the same SQL    {} (up to {largest_group} together)",
            spread(&mut self.bare, 0)
        );
        println!("  the first by the second      {}", spread(&mut self.shares, 2));
        println!("  texts delivered a second     {}", spread(&mut self.delivered, 0));
    }
}

/// The median, and the least and most.
fn spread(values: &mut [f64], digits: usize) -> String {
    values.sort_unstable_by(f64::total_cmp);
    let (least, most) = (values[0], values[values.len() - 1]);
    format!("{:>7.digits$}  ({least:.digits$} to {most:.digits$})", values[values.len() / 2])
}
