//! The demo's sample people: their texts go through the real conversation, each at its time before the demo starts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use uuid::Uuid;

use crate::app::announce;
use crate::channel::Sender;
use crate::channel::simulator::Simulator;
use crate::channel::simulator::Typed;
use crate::clock::Clock;
use crate::content::files::Files;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::mobile::Mobile;
use crate::domain::time::Timestamp;
use crate::intake;
use crate::intake::House;
use crate::outbox::Outbox;
use crate::reading;
use crate::reading::item::Item;
use crate::reading::problem::Problems;
use crate::reading::source::Source;
use crate::schedule::Schedule;
use crate::store::randomness::Randomness;

/// The file that holds them.
const FILE: &str = "conversations/demo.yaml";

/// Between two texts of a sample person.
const BETWEEN_TEXTS: Duration = Duration::from_secs(75);

/// How many texts go by between two words on how far it is.
const TELL_EVERY: usize = 20;

struct SamplePerson {
    phone: Mobile,
    begins: Duration,
    texts: Vec<String>,
}

/// One text of a sample person.
struct Written {
    at: Timestamp,
    phone: Handle,
    id: String,
    text: String,
}

/// Lets everybody text, in the order of time, and shows how far it is.
pub async fn move_in(house: &House, simulator: &Simulator, randomness: &Randomness) -> anyhow::Result<()> {
    let people = read()?;
    let now = house.clock.now();
    let mut written: Vec<Written> = people.iter().flat_map(|person| texts_of(person, now)).collect();
    written.sort_by_key(|text| text.at);
    let Some(first) = written.first() else { return Ok(()) };
    let clock = Clock::settable(first.at);
    let past = House { clock: clock.clone(), ..house.clone() };
    let outbox = outbox_of(&past, simulator, randomness);
    let schedule = Schedule::new(past.clone(), Uuid::from_bytes(randomness.bytes()));
    let number = number_texted(house)?;
    let total = written.len();
    for (index, text) in written.into_iter().enumerate() {
        clock.advance(text.at.since(clock.now()));
        schedule.run_once().await?;
        let typed = Typed {
            channel: ChannelKind::Sms,
            id: &text.id,
            from: &text.phone,
            to: &number,
            text: &text.text,
        };
        intake::receive(&past, simulator.hear(typed, text.at)).await?;
        outbox.run_once().await?;
        if index % TELL_EVERY == 0 {
            announce(&format!("Making sample people: {index} of {total} texts …"));
        }
    }
    clock.advance(now.since(clock.now()));
    schedule.run_once().await?;
    outbox.run_once().await?;
    Ok(())
}

fn outbox_of(past: &House, simulator: &Simulator, randomness: &Randomness) -> Outbox {
    let senders = BTreeMap::from([(ChannelKind::Sms, Sender::Simulator(simulator.clone()))]);
    Outbox::new(past.store.clone(), past.clock.clone(), senders, Arc::clone(&past.wake), randomness.clone())
}

fn texts_of(person: &SamplePerson, now: Timestamp) -> impl Iterator<Item = Written> {
    let (begins, phone) = (now.minus(person.begins), person.phone.as_str().to_owned());
    person.texts.clone().into_iter().zip(0_u32..).map(move |(text, index)| Written {
        at: begins.plus(BETWEEN_TEXTS * index),
        phone: Handle(phone.clone()),
        id: format!("demo-{phone}-{index}"),
        text,
    })
}

/// The number that the demo's phones text: the first of the first service.
pub fn number_texted(house: &House) -> anyhow::Result<String> {
    let content = house.content.get();
    let service = &content.directory.services()[0];
    let number = service.numbers.first().context("the first service has no number to text")?;
    Ok(number.as_str().to_owned())
}

fn read() -> anyhow::Result<Vec<SamplePerson>> {
    let files = Files::load(None, None)?;
    let source = Source::new(FILE, files.get(FILE).context("the sample people are missing")?);
    let mut problems = Problems::default();
    let people = reading::yaml(&source, &mut problems, |item| {
        item.map(&["people"])?.require("people")?.each(sample_person)
    });
    people.with_context(|| format!("the sample people have errors\n{problems}"))
}

fn sample_person(item: Item<'_>) -> Option<SamplePerson> {
    let map = item.map(&["phone", "begins", "texts"])?;
    let phone = map.require("phone").and_then(Item::parsed::<Mobile>);
    let begins = map.require("begins").and_then(Item::length);
    let texts = map.require("texts").and_then(|item| item.each(Item::string));
    Some(SamplePerson { phone: phone?, begins: begins?, texts: texts? })
}
