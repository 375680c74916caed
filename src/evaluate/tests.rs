//! How the measuring counts, and how well the labelled messages are read.
//!
//! Invariant: a wrong reading weighs more than one that is asked again.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::evaluate::Texts;
use crate::evaluate::answers;
use crate::evaluate::answers::Question;
use crate::evaluate::answers::Read;
use crate::evaluate::safety;
use crate::evaluate::themes;
use crate::reply::Lexicons;

fn today() -> jiff::civil::Date {
    "2026-11-21".parse().unwrap()
}

fn answers(file: &str, texts: Texts) -> serde_json::Value {
    let lexicons = Lexicons::embedded_for_tests();
    serde_json::to_value(answers::evaluate(file, &lexicons, today(), texts).unwrap()).unwrap()
}

const REPLIES: &str = r#"
{"kind": "yes_no", "text": "yes please", "today": "2026-11-21", "expect": "yes"}
{"kind": "yes_no", "text": "maybe", "expect": "no"}
{"kind": "scale", "text": "7", "expect": 3}
{"kind": "choice", "text": "2", "options": ["Home", "Money"], "expect": 2}
{"kind": "multi_choice", "text": "both", "options": ["Home", "Money"], "expect": [1, 2]}
{"kind": "command", "text": "I want to stop smoking", "expect": null}
{"kind": "command", "text": "STOP", "expect": "stop"}
"#;

#[test]
fn a_value_that_is_asked_for_again_is_no_wrong_one() {
    let report = answers(REPLIES, Texts::Shown);
    let counts = |of: &serde_json::Value| {
        ["total", "right", "asked_again", "wrong"].map(|name| of[name].as_u64().unwrap())
    };
    assert_eq!(report["kind"], "answers");
    assert_eq!(counts(&report), [7, 5, 1, 1]);
    assert_eq!(counts(&report["by_kind"]["yes_no"]), [2, 1, 1, 0]);
    assert_eq!(counts(&report["by_kind"]["command"]), [2, 2, 0, 0]);
    let expected = serde_json::json!([
        {"line": 3, "kind": "yes_no", "text": "maybe", "expected": "no", "got": null},
        {"line": 4, "kind": "scale", "text": "7", "expected": 3, "got": 7},
    ]);
    assert_eq!(report["misses"], expected);
}

#[test]
fn texts_can_be_left_out() {
    let report = answers(REPLIES, Texts::LeftOut);
    assert_eq!(
        report["misses"],
        serde_json::json!([{"line": 3, "kind": "yes_no"}, {"line": 4, "kind": "scale"}])
    );
    let lexicons = Lexicons::embedded_for_tests();
    let table = answers::evaluate(REPLIES, &lexicons, today(), Texts::LeftOut).unwrap().to_string();
    assert!(!table.contains("maybe"), "{table}");
}

#[test]
fn a_bad_line_is_named_and_not_repeated() {
    let refused = |file: &str| {
        answers::evaluate(file, &Lexicons::default(), today(), Texts::Shown).unwrap_err().to_string()
    };
    assert_eq!(refused("\n\n"), "it holds no labelled message");
    let wrong = refused("\n{\"kind\": \"yes_no\", \"text\": \"secret\"}\n");
    assert!(wrong.starts_with("line 2 is no labelled message: a field is missing"), "{wrong}");
    assert!(refused("{secret").starts_with("line 1 is no labelled message: it is not JSON"));
    assert!(!wrong.contains("secret"));
}

const SAFETY: &str = "
language: en
reviewed by: nobody yet
author: the Footbridge team
date: 2026-11-22
source: made up for this test
rules:
  - id: dying
    is: suicide
    phrases: |
      want to die
    finds: |
      i want to die
    leaves: |
      i want a cup of tea
  - id: low
    is: distress
    phrases: |
      had enough
    finds: |
      i have had enough
    leaves: |
      i want a cup of tea
";

#[test]
fn a_soft_question_counts_as_raised() {
    let rules = crate::safety::Rules::read(&[("s.yaml".to_owned(), SAFETY.to_owned())])
        .unwrap_or_else(|p| panic!("{p}"));
    let file = r#"{"text": "i want to die", "lang": "en", "labels": ["suicide"]}
{"text": "i have had enough", "lang": "en", "labels": ["suicide"]}
{"text": "chest pains", "lang": "en", "labels": ["emergency"]}
{"text": "had enough of this weather", "lang": "en", "labels": []}
{"text": "dzień dobry", "lang": "pl", "labels": []}"#;
    let report = serde_json::to_value(safety::evaluate(file, &rules, Texts::LeftOut).unwrap()).unwrap();
    let expected = serde_json::json!({
        "kind": "safety", "total": 5, "flagged_right": 2, "missed": 1, "none": 2, "false_alarms": 1,
        "recall": 2.0 / 3.0, "false_alarm_rate": 0.5,
        "by_label": {"suicide": {"total": 2, "found": 1}, "emergency": {"total": 1, "found": 0}},
        "by_lang": {
            "en": {"labelled": 3, "found": 2, "none": 1, "false_alarms": 1},
            "pl": {"labelled": 0, "found": 0, "none": 1, "false_alarms": 0},
        },
        "misses": [
            {"line": 2, "labels": ["suicide"], "got": ["distress"]},
            {"line": 3, "labels": ["emergency"], "got": []},
            {"line": 4, "labels": [], "got": ["distress"]},
        ],
    });
    assert_eq!(report, expected);
}

#[test]
fn themes_are_counted_over_all_messages() {
    let source = SAFETY.replace("is: suicide", "is: home").replace("is: distress", "is: mind");
    let rules =
        crate::themes::Rules::read(&[("t.yaml".to_owned(), source)]).unwrap_or_else(|p| panic!("{p}"));
    let file = r#"{"text": "i want to die", "lang": "en", "themes": ["home", "money"]}
{"text": "i have had enough", "lang": "en", "themes": []}"#;
    let report = serde_json::to_value(themes::evaluate(file, &rules, Texts::Shown).unwrap()).unwrap();
    assert_eq!(report["precision"], 0.5);
    assert_eq!(report["recall"], 0.5);
    assert_eq!(report["f1"], 0.5);
    assert_eq!(report["by_theme"]["home"], serde_json::json!({"precision": 1.0, "recall": 1.0}));
    assert_eq!(report["by_theme"]["money"], serde_json::json!({"precision": null, "recall": 0.0}));
    assert_eq!(report["misses"].as_array().unwrap().len(), 2);
}

const ANSWERS: &str = include_str!("../../tests/data/messages/answers.jsonl");
const OURS: &str = include_str!("../../tests/data/replies.jsonl");

/// What we make of a line: the answer, and whether it would be proposed first.
fn read(line: &Json, lexicons: &Lexicons) -> (Json, bool) {
    let options: Vec<String> = serde_json::from_value(line["options"].clone()).unwrap_or_default();
    let question = Question {
        kind: serde_json::from_value(line["kind"].clone()).expect("a known kind"),
        options: &options,
        today: line["today"].as_str().unwrap_or("2026-11-21").parse().expect("a date"),
        numbers_only: false,
    };
    match answers::read(&question, line["text"].as_str().expect("a text"), lexicons) {
        Read::Taken(value) => (value, false),
        Read::Proposed(value) => (value, true),
        Read::NotAllowed | Read::NotUnderstood => (Json::Null, false),
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
        let (got, proposed) = read(&line, &lexicons);
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

#[test]
fn further_replies_are_read_as_a_person_would() {
    let counts = measure(OURS);
    let all = &counts["all"];
    assert!(all.wrong * 100 <= all.all, "{} wrong of {}", all.wrong, all.all);
    assert!(all.all * 95 <= (all.right + all.proposed_right) * 100, "{} right of {}", all.right, all.all);
}
