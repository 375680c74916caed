//! How long it takes to understand one text: the safety scan, the theme scan, and reading it as a reply (exactly, as a
//! command, and loosely), together; and how much more a text of ten times the length takes. Figures, never assertions.
//!
//! Each line of `tests/data/messages` is read as the reply that it was written as; a line that was written as none, as
//! own words. The long texts hold 1,600 characters: one that says the same thing over and over, and one that joins the
//! lines about safety, in which nearly everything is a concern.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#![expect(clippy::unwrap_used, reason = "a bench may stop")]

use std::fs;
use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

use footbridge::content::Content;
use footbridge::conversation::step::Engine;
use footbridge::domain::answer::AnswerKind;
use footbridge::domain::time::Timestamp;
use footbridge::reply;
use footbridge::reply::Asking;
use footbridge::reply::ChoiceWords;
use serde_json::Value as Json;

/// The median of so many runs counts for a text.
const RUNS: usize = 101;

/// As long as a text may be: ten parts of an SMS.
const LONG: usize = 1_600;

/// A Tuesday in September.
const START: Timestamp = Timestamp::from_micros(1_789_459_200_000_000);

/// A text, and what it replies to.
struct Line {
    text: String,
    kind: AnswerKind,
    choices: Vec<ChoiceWords>,
}

/// How long it took to understand a text.
#[derive(Default, Clone, Copy)]
struct Times {
    safety: Duration,
    themes: Duration,
    reply: Duration,
    together: Duration,
}

fn main() {
    let (content, problems) = Content::load(None, None, true, START).expect("the embedded files can be read");
    let content = content.unwrap_or_else(|| panic!("{} problems", problems.len()));
    let engine = &content.conversations.iter().next().expect("conversations are shipped").1.engine;
    for file in ["safety", "themes", "answers", "nasty"] {
        let lines = lines(file);
        let mut times: Vec<(Times, &str)> =
            lines.iter().map(|line| (measure(engine, line), line.text.as_str())).collect();
        println!("{file}.jsonl, {} lines: the median, and the slowest", lines.len());
        report("half of them within", middle(&mut times, |times| times.together).0);
        let (slowest, text) = times.last().expect("there are lines");
        report(&format!("{:.40}", format!("{text:?}")), *slowest);
    }
    println!("{LONG} characters");
    let said_often = "I would love a bit of company, perhaps a walking group here. ".repeat(27);
    report("one thing over and over", measure(engine, &own_words(&said_often)));
    let grave: Vec<String> = lines("safety").into_iter().map(|line| line.text).collect();
    report("about safety", measure(engine, &own_words(&grave.join(". "))));
    let themes: Vec<String> = lines("themes").into_iter().map(|line| line.text).collect();
    report("about what matters", measure(engine, &own_words(&themes.join(". "))));
    println!("ten times as long: how many times as much a text takes");
    let hostile = [
        "kill ",
        "not ",
        "i will not kill myself ",
        "dont want to die. ",
        "alone bridge ",
        "a",
        "💊",
        "e\u{301}",
    ];
    hostile.into_iter().chain([said_often.as_str()]).for_each(|words| report_growth(engine, words));
}

/// A text of the longest length and one ten times as long, which no channel lets through.
fn report_growth(engine: &Engine, words: &str) {
    let text = |length: usize| Line {
        text: words.chars().cycle().take(length).collect(),
        kind: AnswerKind::OwnWords,
        choices: Vec::new(),
    };
    let (long, longer) = (text(LONG), text(10 * LONG));
    let least = |line: &Line| (0..RUNS / 10).map(|_| once(engine, line).together).min().unwrap_or_default();
    let (short, tenfold) = (least(&long), least(&longer));
    let times = tenfold.as_secs_f64() / short.as_secs_f64();
    println!("  {:<42} {times:>7.1} times {:.1} µs", format!("{words:.40?}"), short.as_secs_f64() * 1e6);
}

fn own_words(text: &str) -> Line {
    let text = text.chars().take(LONG).collect();
    Line { text, kind: AnswerKind::OwnWords, choices: Vec::new() }
}

fn lines(file: &str) -> Vec<Line> {
    let path = format!("{}/tests/data/messages/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).unwrap().lines().map(line).collect()
}

fn line(json: &str) -> Line {
    let json: Json = serde_json::from_str(json).unwrap();
    let kind = match json["kind"].as_str().unwrap_or_default() {
        "yes_no" => AnswerKind::YesOrNo,
        "scale" => AnswerKind::Scale,
        "date_of_birth" => AnswerKind::DateOfBirth,
        "postcode" => AnswerKind::Postcode,
        "choice" => AnswerKind::ChooseOne,
        "multi_choice" => AnswerKind::ChooseSeveral { most: None },
        "name" => AnswerKind::Name,
        "phone" => AnswerKind::Phone,
        _ => AnswerKind::OwnWords,
    };
    let options = json["options"].as_array().map_or(&[][..], Vec::as_slice);
    let choice = |(at, label): (usize, &Json)| {
        let id = format!("option-{at}").parse().unwrap();
        ChoiceWords::new(id, label.as_str().unwrap().to_owned(), Vec::new())
    };
    let text = json["text"].as_str().unwrap().to_owned();
    Line { text, kind, choices: options.iter().enumerate().map(choice).collect() }
}

/// The median of many runs, each part by itself.
fn measure(engine: &Engine, line: &Line) -> Times {
    let mut runs: Vec<(Times, &str)> = (0..RUNS).map(|_| (once(engine, line), "")).collect();
    Times {
        safety: middle(&mut runs, |times| times.safety).0.safety,
        themes: middle(&mut runs, |times| times.themes).0.themes,
        reply: middle(&mut runs, |times| times.reply).0.reply,
        together: middle(&mut runs, |times| times.together).0.together,
    }
}

/// Sorts by one of the times; the one in the middle.
fn middle<'t>(times: &mut [(Times, &'t str)], of: impl Fn(&Times) -> Duration) -> (Times, &'t str) {
    times.sort_by_key(|(times, _)| of(times));
    times[times.len() / 2]
}

fn once(engine: &Engine, line: &Line) -> Times {
    let text = line.text.as_str();
    let began = Instant::now();
    black_box(engine.safety.scan(black_box(text)));
    let safety = began.elapsed();
    black_box(engine.themes.find(black_box(text)));
    let themes = began.elapsed();
    read(engine, line);
    let together = began.elapsed();
    Times { safety, themes: themes - safety, reply: together - themes, together }
}

/// As a reply to a question is read, where nothing exact was said.
fn read(engine: &Engine, line: &Line) {
    let today = jiff::civil::date(2026, 11, 21);
    let asking = Asking { kind: &line.kind, choices: &line.choices, today, numbers_only: false };
    let text = black_box(line.text.as_str());
    black_box(reply::exact(&asking, text, &engine.lexicons));
    black_box(reply::command::command(text, &engine.lexicons));
    black_box(reply::read(&asking, text, &engine.lexicons));
}

fn report(what: &str, times: Times) {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    println!(
        "  {what:<42} {:>7.2} µs: safety {:.2}, themes {:.2}, reply {:.2}",
        micros(times.together),
        micros(times.safety),
        micros(times.themes),
        micros(times.reply)
    );
}
