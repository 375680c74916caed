//! The commands for authors and clinical safety officers, as they call them.

use std::path::Path;

use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::process::outcome_told;

fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    outcome(footbridge(folder, arguments, &[]))
}

#[test]
fn labelled_messages_are_measured_as_a_table_and_as_one_object() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = concat!(
        "{\"text\": \"i want to kill myself\", \"lang\": \"en\", \"labels\": [\"suicide\"]}\n",
        "{\"text\": \"zebra crossings please\", \"lang\": \"en\", \"labels\": [\"abuse\"]}\n",
    );
    std::fs::write(folder.path().join("ours.jsonl"), file).expect("a file");
    let (code, table) = run(folder.path(), &["evaluate", "safety", "ours.jsonl"]);
    assert_eq!(code, 0, "{table}");
    assert!(table.contains("line 2: \"zebra crossings please\" labelled abuse, raised nothing"), "{table}");
    assert!(
        table.contains("Of 2 messages with a label 1 raised a concern, and 1 were missed: 50.0 %."),
        "{table}"
    );
    let (code, object) =
        run(folder.path(), &["evaluate", "safety", "ours.jsonl", "--format", "json", "--no-text"]);
    let object: serde_json::Value = serde_json::from_str(&object).expect("one object");
    assert_eq!((code, &object["missed"]), (0, &serde_json::json!(1)));
    assert_eq!(object["misses"], serde_json::json!([{"line": 2, "labels": ["abuse"], "got": []}]));
}

#[test]
fn a_line_that_cannot_be_measured_with_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ours.jsonl"), "{\"text\": \"words of somebody\"}\n").expect("a file");
    let (code, said) = run(folder.path(), &["evaluate", "themes", "ours.jsonl"]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("ours.jsonl: line 1 is no labelled message") && !said.contains("somebody"),
        "{said}"
    );
}

#[test]
fn a_reader_who_goes_away_is_no_crash() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut graph =
        footbridge(folder.path(), &["graph", "--format", "json"], &[]).spawn().expect("a process");
    drop(graph.stdout.take());
    let ended = graph.wait_with_output().expect("an end");
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(141), ""));
}

#[test]
fn explain_names_the_words_and_the_rule_and_what_says_that_it_is_not_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, said) = run(folder.path(), &["explain", "i want to kill myself", "--kind", "yes_no"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("suicide: \"kill myself\", by rule `")
            || said.contains("suicide: \"want to kill myself\", by rule `"),
        "{said}"
    );
    assert!(said.contains("yes_no: not understood; asks again"), "{said}");
    let (_, said) = run(folder.path(), &["explain", "i dont want to kill myself"]);
    assert!(said.contains("does not count: suicide") && said.contains("says that it is not meant"), "{said}");
    let (_, said) =
        run(folder.path(), &["explain", "the secnd one", "--kind", "choice", "--options", "Home|Money"]);
    assert!(said.contains("choice: "), "{said}");
    let (code, said) = run(folder.path(), &["explain", "yes", "--lang", "xx"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("there are no words in `xx`"), "{said}");
}

#[test]
fn a_talk_from_a_file_with_a_line_that_cannot_be_followed_does_not_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let chat = || footbridge(folder.path(), &["chat"], &[]);
    let (code, said) = outcome_told(chat(), "hi\n/wait 2 days\n/button me\n");
    assert_eq!(code, 0, "{said}");
    let (code, said) = outcome_told(chat(), "hi\n/wait banana\nme\n");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("/wait: ") && said.contains("1 of the lines that begin with /"), "{said}");
    assert!(said.contains("How old are you?"), "the rest was followed: {said}");
}
