//! What authors are told about a broken flow or chat, word for word: one file per rule, beside it what `check` says.
//!
//! `REWRITE_GOLDEN=1` writes what is said today; the difference is then read in the diff.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use footbridge::content::files::Files;
use footbridge::conversation::chat;
use footbridge::conversation::read;
use footbridge::conversation::schema;
use footbridge::reading::problem::Problems;
use footbridge::reading::source::Source;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Compares a file with what it should hold, or writes it.
fn golden(path: &Path, text: &str) {
    if std::env::var_os("REWRITE_GOLDEN").is_some() {
        fs::write(path, text).expect("what the test needs");
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, written, "{}: REWRITE_GOLDEN=1 writes what is said today", path.display());
}

/// The rules that a file breaks, and what is said about it.
fn problems_of(path: &Path) -> (BTreeSet<&'static str>, String) {
    let name = path.file_name().expect("what the test needs").to_str().expect("what the test needs");
    let source = Source::new(name, &fs::read_to_string(path).expect("what the test needs"));
    let mut problems = Problems::default();
    if name.ends_with(".chat") {
        let _chats = chat::read(&source, &mut problems);
    } else {
        let _definition = read::read(&source, &mut problems);
    }
    let said = problems.iter().map(|problem| format!("{problem}\n\n")).collect();
    (problems.iter().map(|problem| problem.rule).collect(), said)
}

#[test]
fn every_rule_of_a_flow_and_a_chat_says_what_is_wrong_where_and_what_to_do() {
    let folder = root().join("tests/data/flows");
    let mut rules = BTreeSet::new();
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("what the test needs")
        .map(|entry| entry.expect("what the test needs").path())
        .collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().expect("what the test needs") != "problems") {
        let (broken, said) = problems_of(path);
        assert_eq!(said.is_empty(), path.ends_with("sound.yaml"), "{}", path.display());
        rules.extend(broken);
        golden(&path.with_extension("problems"), &said);
    }
    let ours = [
        "always-holds",
        "bounds",
        "chat",
        "choices-number",
        "guard",
        "limits-out-of-order",
        "never-holds",
        "never-reached",
        "no-end",
        "no-steps",
        "same-choice",
        "same-name",
        "step-kind",
        "taken-name",
        "too-many-ways",
        "unknown-choice",
        "unknown-step",
        "unknown-value",
        "wrong-key",
    ];
    let missing: Vec<_> = ours.iter().filter(|rule| !rules.contains(**rule)).collect();
    assert!(missing.is_empty(), "no file breaks {missing:?}");
}

#[test]
fn the_schema_in_docs_is_the_one_that_is_printed() {
    let printed = serde_json::to_string_pretty(&schema::schema()).expect("what the test needs") + "\n";
    golden(&root().join("docs/flow.schema.json"), &printed);
}

/// The keys of a step, as one of the forms that the schema allows.
fn fits_one_form(step: &Value, forms: &[Value]) -> bool {
    let fits = |form: &&Value| {
        let keys = step.as_object().expect("what the test needs").keys();
        let required = form["required"].as_array().expect("what the test needs");
        let all_known = keys.clone().all(|key| form["properties"].get(key).is_some());
        all_known && required.iter().all(|key| step.get(key.as_str().expect("what the test needs")).is_some())
    };
    forms.iter().filter(fits).count() == 1
}

#[test]
fn the_shipped_flows_have_the_keys_that_the_schema_names() {
    let schema = schema::schema();
    let files = Files::load(None, None).expect("what the test needs");
    let mut steps = 0;
    for (path, text) in files.below("conversations/", "/flow.yaml") {
        let flow: Value = serde_saphyr::from_str(text).expect("what the test needs");
        let named = |value: &Value| {
            value.as_object().expect("what the test needs").keys().cloned().collect::<BTreeSet<_>>()
        };
        assert_eq!(named(&flow), named(&schema["properties"]), "{path}");
        assert_eq!(named(&flow["limits"]), named(&schema["properties"]["limits"]["properties"]), "{path}");
        let forms = schema["properties"]["steps"]["items"]["oneOf"].as_array().expect("what the test needs");
        for step in flow["steps"].as_array().expect("what the test needs") {
            assert!(fits_one_form(step, forms), "{path}: {step}");
            steps += 1;
        }
    }
    assert!(0 < steps);
}
