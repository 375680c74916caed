//! How well replies are read, held by messages with the answers that a person would give.
//!
//! Invariant: a wrong reading weighs more than one that is asked again.

use std::collections::BTreeMap;

use fluent_syntax::ast::Entry;
use fluent_syntax::ast::PatternElement;
use jiff::civil::Date;
use serde_json::Value as Json;
use serde_json::json;

use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::message::NetworkWord;
use crate::reply::Asking;
use crate::reply::ChoiceWords;
use crate::reply::Command;
use crate::reply::Lexicons;
use crate::reply::PracticeWords;
use crate::reply::Reading;
use crate::reply::command::command;
use crate::reply::command::is_greeting;
use crate::reply::command::is_thanks;
use crate::reply::command::network_word;
use crate::reply::exact;
use crate::reply::lexicon::Lexicon;
use crate::reply::nhs_number::nhs_number;
use crate::reply::read;

const ENGLISH: &str = include_str!("../../locales/en-GB/replies.ftl");
const WELSH: &str = include_str!("../../locales/cy/replies.ftl");
const ANSWERS: &str = include_str!("../../tests/data/messages/answers.jsonl");
const NASTY: &str = include_str!("../../tests/data/messages/nasty.jsonl");
const OURS: &str = include_str!("../../tests/data/replies.jsonl");

fn lexicon(source: &str) -> Lexicon {
    let resource = fluent_syntax::parser::parse(source).expect("a Fluent file");
    let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let pattern = message.value.as_ref().expect("every message has a value");
        let text: String = pattern
            .elements
            .iter()
            .map(|element| match element {
                PatternElement::TextElement { value } => *value,
                PatternElement::Placeable { .. } => panic!("no placeables in replies.ftl"),
            })
            .collect();
        let words = text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
        entries.insert(message.id.name.to_owned(), words.collect());
    }
    Lexicon::new(&entries).unwrap_or_else(|problems| panic!("{}", problems.join("\n")))
}

impl Lexicons {
    /// Both languages that ship, and three practices.
    pub(crate) fn embedded_for_tests() -> Self {
        let practice = |id: &str, names: &[&str], postcode: &str| PracticeWords {
            id: id.parse().expect("an id"),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            postcode: postcode.parse().ok(),
        };
        Self {
            languages: [("en-GB", ENGLISH), ("cy", WELSH)]
                .map(|(tag, source)| (tag.parse().expect("a language"), lexicon(source)))
                .into(),
            practices: vec![
                practice("alder-vale", &["Alder Vale Medical Centre"], "BN1 1AA"),
                practice("mill-lane", &["Mill Lane Surgery", "Dr Okafor"], "BN2 3CD"),
                practice("mill-road", &["Mill Road Health Centre"], "BN3 3AB"),
            ],
            areas: vec!["BN1".to_owned(), "BN2".to_owned()],
        }
    }
}

fn kind_of(name: &str) -> Option<AnswerKind> {
    Some(match name {
        "yes_no" => AnswerKind::YesOrNo,
        "scale" => AnswerKind::Scale,
        "choice" => AnswerKind::ChooseOne,
        "multi_choice" => AnswerKind::ChooseSeveral { most: None },
        "date_of_birth" => AnswerKind::DateOfBirth,
        "postcode" => AnswerKind::Postcode,
        "name" => AnswerKind::Name,
        "phone" => AnswerKind::Phone,
        "practice" => AnswerKind::Practice,
        _ => return None,
    })
}

fn choices(line: &Json) -> Vec<ChoiceWords> {
    let options = line["options"].as_array().cloned().unwrap_or_default();
    let words = |(at, label): (usize, &Json)| ChoiceWords {
        choice: format!("c{}", at + 1).parse().expect("an id"),
        label: label.as_str().expect("a label").to_owned(),
        words: Vec::new(),
    };
    options.iter().enumerate().map(words).collect()
}

fn place(choice: &str) -> u64 {
    choice[1..].parse().expect("c1 to c9")
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::YesNo(yes) => json!(if *yes { "yes" } else { "no" }),
        Value::Choice(choice) => json!(place(choice.as_str())),
        Value::Choices(choices) => json!(choices.iter().map(|c| place(c.as_str())).collect::<Vec<_>>()),
        Value::Scale(n) => json!(n),
        Value::Number(n) => json!(n),
        Value::Text(words) | Value::Name(words) | Value::Phone(words) => json!(words.0),
        Value::Postcode(postcode) => json!(postcode.as_str()),
        Value::Date(date) => json!(date.to_string()),
        Value::Practice(PracticeAnswer::Known(id)) => json!(id.as_str()),
        Value::Practice(PracticeAnswer::InArea(postcode) | PracticeAnswer::OutOfArea(postcode)) => json!(postcode.as_str()),
        Value::Practice(other) => json!(other.as_guard_word()),
    }
}

fn command_name(command: Command) -> &'static str {
    match command {
        Command::Stop => "stop",
        Command::Start => "start",
        Command::Help | Command::HelpNow => "help",
        Command::Back => "back",
        Command::Skip => "skip",
        Command::Person => "human",
        Command::Restart => "restart",
        Command::Language => "language",
        Command::Done => "done",
        Command::Who => "who",
        Command::Again => "again",
        Command::CarryOn => "carry-on",
        Command::Delete => "delete",
    }
}

/// What we make of a line: the answer, and whether it would be proposed first.
fn ours(line: &Json, lexicons: &Lexicons) -> (Json, bool) {
    let text = line["text"].as_str().expect("a text");
    let name = line["kind"].as_str().expect("a kind");
    match name {
        "command" => return (command(text, lexicons).map_or(Json::Null, |c| json!(command_name(c))), false),
        "nhs_number" => return (nhs_number(text, lexicons).map_or(Json::Null, |digits| json!(digits)), false),
        _ => {}
    }
    let choices = choices(line);
    let today: Date = line["today"].as_str().unwrap_or("2026-11-21").parse().expect("a date");
    let asking = Asking { kind: &kind_of(name).expect("a known kind"), choices: &choices, today, numbers_only: false };
    if let Some(value) = exact(&asking, text, lexicons) {
        return (as_json(&value), false);
    }
    match read(&asking, text, lexicons) {
        Reading::Understood(value) => (as_json(&value), false),
        Reading::Propose(value) => (as_json(&value), true),
        Reading::NotAllowed | Reading::NotUnderstood => (Json::Null, false),
    }
}

#[derive(Default)]
struct Count {
    all: usize,
    right: usize,
    proposed_right: usize,
    wrong: usize,
}

/// Counts a file, printing what was missed: it is seen where the test fails.
fn measure(source: &str) -> BTreeMap<String, Count> {
    let lexicons = Lexicons::embedded_for_tests();
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let line: Json = serde_json::from_str(line).expect("a JSON line");
        let (got, proposed) = ours(&line, &lexicons);
        let expected = &line["expect"];
        let kind = line["kind"].as_str().unwrap_or("").to_owned();
        for name in [kind.as_str(), "all"] {
            let count = counts.entry(name.to_owned()).or_default();
            count.all += 1;
            count.right += usize::from(if proposed { expected.is_null() } else { got == *expected });
            count.proposed_right += usize::from(proposed && got == *expected);
            count.wrong += usize::from(!proposed && !got.is_null() && got != *expected);
        }
        if got != *expected {
            let word = if proposed { "proposed" } else { "got" };
            println!("{kind}: {} expected {expected} {word} {got} {}", line["text"], line["options"]);
        }
    }
    for (kind, count) in &counts {
        let Count { all, right, proposed_right, wrong } = count;
        println!("{kind}: {right} of {all} right, {proposed_right} rightly proposed, {wrong} wrong");
    }
    counts
}

#[test]
fn the_messages_are_read_as_a_person_would() {
    let counts = measure(ANSWERS);
    let all = &counts["all"];
    assert!(all.wrong * 100 <= all.all, "{} wrong of {}", all.wrong, all.all);
    assert!(all.all * 95 <= (all.right + all.proposed_right) * 100, "{} right of {}", all.right, all.all);
}

