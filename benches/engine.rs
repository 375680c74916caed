//! How long one turn of the pure engine takes: every text of every chat of the long conversation, with the safety scan,
//! and the session to and from JSON, as intake does it. Figures, never assertions.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

use footbridge::content::Content;
use footbridge::content::Conversation;
use footbridge::conversation::chat::Chat;
use footbridge::conversation::chat::Line;
use footbridge::conversation::input::Input;
use footbridge::conversation::session::Session;
use footbridge::conversation::session::Standing;
use footbridge::conversation::step;
use footbridge::domain::message::Words;
use footbridge::domain::time::Timestamp;

/// Enough rounds that the slowest hundredth is not one accident.
const ROUNDS: usize = 60;

/// Enough to see what kind of reply is slow.
const SLOWEST_SHOWN: usize = 12;

/// A Tuesday in September.
const START: Timestamp = Timestamp::from_micros(1_789_459_200_000_000);

#[derive(Default)]
struct Times {
    turn: Vec<Duration>,
    by_text: BTreeMap<String, Vec<Duration>>,
    safety: Vec<Duration>,
    to_json: Vec<Duration>,
    from_json: Vec<Duration>,
}

fn main() {
    let (content, problems) = Content::load(None, None, true, START).expect("the embedded files can be read");
    let content = content.unwrap_or_else(|| panic!("{} problems", problems.len()));
    let conversation = content
        .conversations
        .iter()
        .find_map(|(id, conversation)| (id.as_str() == "what-matters").then_some(conversation))
        .expect("the long conversation is shipped");
    let mut times = Times::default();
    for _ in 0..ROUNDS {
        for chat in conversation.chats.iter().flat_map(|(_, chats)| chats) {
            talk(conversation, chat, &mut times);
        }
    }
    println!("{} turns of {} chats, {ROUNDS} times", times.turn.len() / ROUNDS, chats(conversation));
    report("turn, with safety scan", &mut times.turn);
    report("safety scan alone", &mut times.safety);
    report("session to JSON", &mut times.to_json);
    report("session from JSON", &mut times.from_json);
    slowest(&mut times.by_text);
}

/// The texts that take longest, by the median of their turns.
fn slowest(by_text: &mut BTreeMap<String, Vec<Duration>>) {
    let median = |(text, times): (&String, &mut Vec<Duration>)| {
        times.sort_unstable();
        (times.get(times.len() / 2).copied().unwrap_or_default(), text.clone())
    };
    let mut medians: Vec<_> = by_text.iter_mut().map(median).collect();
    medians.sort_unstable();
    for (took, text) in medians.iter().rev().take(SLOWEST_SHOWN) {
        println!("{:>8.2} µs   {text}", took.as_secs_f64() * 1e6);
    }
}

fn chats(conversation: &Conversation) -> usize {
    conversation.chats.iter().map(|(_, chats)| chats.len()).sum()
}

/// One chat, without its deadlines: the texts of the person and the time between them.
fn talk(conversation: &Conversation, chat: &Chat, times: &mut Times) {
    let engine = &conversation.engine;
    let definition = &engine.definition;
    let standing = Standing { language: chat.language.clone(), ..Standing::default() };
    let mut now = START;
    let mut session = Session::begin(definition.id.clone(), definition.revision.clone(), standing, now);
    for (_, line) in &chat.lines {
        match line {
            Line::Them(text) => session = one_turn(conversation, session, text, now, times),
            Line::Wait(length) => now = now.plus(*length),
            Line::Late(..)
            | Line::Button(..)
            | Line::Network(_)
            | Line::Us(_)
            | Line::Nothing
            | Line::Contains(_)
            | Line::Hold(_)
            | Line::Expect(_) => {}
        }
    }
}

fn one_turn(
    conversation: &Conversation,
    session: Session,
    text: &str,
    now: Timestamp,
    times: &mut Times,
) -> Session {
    let engine = &conversation.engine;
    let input = Input::Heard { text: Words(text.to_owned()), network: None };
    let step = timed(&mut times.turn, || step::step(engine, session, &input, now));
    let took = times.turn.last().copied().unwrap_or_default();
    times.by_text.entry(text.to_owned()).or_default().push(took);
    timed(&mut times.safety, || black_box(engine.safety.scan(text)));
    let json = timed(&mut times.to_json, || serde_json::to_string(&step.session).expect("a session is data"));
    let mut session: Session =
        timed(&mut times.from_json, || serde_json::from_str(&json).expect("what we wrote"));
    session.standing = step.session.standing.clone();
    session
}

fn timed<T>(times: &mut Vec<Duration>, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    times.push(began.elapsed());
    done
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| {
        let index = (times.len() as f64 * share) as usize;
        times.get(index.min(times.len().saturating_sub(1))).copied().unwrap_or_default().as_secs_f64() * 1e6
    };
    println!("{what:<24} median {:>7.2} µs   p99 {:>7.2} µs", at(0.5), at(0.99));
}
