//! What people wrote, taken once more through a house in which nothing fails, in the order in which it was kept.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use footbridge::clock::Clock;
use footbridge::domain::ids::AddressId;
use footbridge::domain::ids::PersonId;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Inbound;
use footbridge::domain::time::Timestamp;
use footbridge::intake;
use footbridge::intake::House;
use footbridge::intake::Outcome;
use footbridge::schedule::Schedule;
use footbridge::store::Store;
use footbridge::store::thread::SaidWhat;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::support::app::ENGLISH_NUMBER;
use crate::support::app::shipped;
use crate::support::fake_telegram::BOT;
use crate::support::rows::Rows;
use crate::support::stores::TestStore;

/// More than anybody says in a test.
const MOST_SAID: u16 = 200;

/// Where people stand: by number or chat, each of their sessions as it is kept.
pub type Stands = BTreeMap<String, Vec<String>>;

/// What happened, in the order of time; texts come before what falls due at the same moment.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Heard(usize),
    Due,
}

/// Where everybody stands, but whoever the channel has shut out: that is no text of theirs.
pub async fn stands(store: &Store, rows: &Rows) -> Stands {
    let mut stands = Stands::new();
    for (address, person) in rows.people_by_address().await {
        let mut reader = store.read().await.expect("a read");
        let address = reader.address(AddressId(address)).await.expect("an address");
        if !address.opted_out {
            let sessions = reader.sessions_of(PersonId(person)).await.expect("sessions");
            let as_kept = |saved| serde_json::to_string(&saved).expect("as it is kept");
            let sessions = sessions.into_iter().map(|saved| as_kept(saved.session)).collect();
            stands.insert(address.handle.0, sessions);
        }
    }
    stands
}

/// Where everybody would stand who wrote what these tables hold, had nothing failed; what fell due was done at `ticks`.
pub async fn replayed(store: &Store, rows: &Rows, ticks: &[Timestamp]) -> Stands {
    let mut happened: Vec<(Timestamp, Kind)> = ticks.iter().map(|at| (*at, Kind::Due)).collect();
    let mut texts = heard(store, rows).await;
    happened.extend(texts.iter().enumerate().map(|(index, text)| (text.received_at, Kind::Heard(index))));
    happened.sort();
    let elsewhere = TestStore::sqlite().await;
    let clock = Clock::settable(happened.first().expect("something").0);
    let house = House {
        store: elsewhere.handle(),
        clock: clock.clone(),
        content: shipped().into(),
        wake: Arc::new(Notify::new()),
        base: Arc::from("https://texts.example.org"),
    };
    intake::keep_revisions(&house).await.expect("the revisions");
    let schedule = Schedule::new(house.clone(), Uuid::from_u128(1));
    for (at, kind) in happened {
        clock.advance(at.since(clock.now()).max(Duration::ZERO));
        match kind {
            Kind::Heard(index) => {
                texts[index].provider_id = format!("again {index}");
                let outcome = intake::receive(&house, texts[index].clone()).await.expect("an answer");
                assert_eq!(outcome, Outcome::Taken, "text {index}, kept at {at}");
            }
            Kind::Due => while 0 < schedule.run_once().await.expect("what falls due") {},
        }
    }
    let again = Rows(elsewhere.settings.database_url.clone());
    stands(&house.store, &again).await
}

/// Every text as it was kept, each person's in their order.
async fn heard(store: &Store, rows: &Rows) -> Vec<Inbound> {
    let mut texts = Vec::new();
    for (address, person) in rows.people_by_address().await {
        let mut reader = store.read().await.expect("a read");
        let address = reader.address(AddressId(address)).await.expect("an address");
        for said in reader.thread(PersonId(person), MOST_SAID).await.expect("a thread") {
            let SaidWhat::Heard { content: Some(content), sent_at, .. } = said.what else { continue };
            let to = match address.channel {
                ChannelKind::Sms => ENGLISH_NUMBER,
                ChannelKind::Telegram => BOT,
            };
            texts.push(Inbound {
                channel: address.channel,
                provider_id: String::new(),
                from: address.handle.clone(),
                to: to.to_owned(),
                content,
                sent_at,
                received_at: said.at,
            });
        }
    }
    texts
}
