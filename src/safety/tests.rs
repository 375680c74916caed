use super::*;
use std::collections::BTreeMap;

fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    for folder in ["conversations/words", "conversations/safety"] {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
        let mut names: Vec<_> = std::fs::read_dir(format!("{root}{folder}"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        names.sort();
        for path in names {
            let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
            sources.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    sources
}

fn rules() -> Rules {
    Rules::read(&sources()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A labelled message.
#[derive(serde::Deserialize)]
struct Message {
    text: String,
    lang: String,
    labels: Vec<String>,
}

fn messages(file: &str) -> Vec<Message> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Distress asks one soft question and has no label in the data; the others are the labels.
fn labels_of(rules: &Rules, text: &str) -> Vec<String> {
    let mut labels: Vec<String> = rules
        .scan(text)
        .iter()
        .filter(|finding| !matches!(finding.category, ConcernCategory::Distress | ConcernCategory::HelpNow))
        .map(|finding| finding.category.as_str().replace('-', "_"))
        .collect();
    labels.sort();
    labels.dedup();
    labels
}

/// What the rules make of labelled messages.
#[derive(Default)]
struct Measure {
    wanted: usize,
    found: usize,
    quiet: usize,
    alarms: usize,
    report: String,
    by_label: BTreeMap<String, [usize; 3]>,
}

fn measure(rules: &Rules, messages: &[Message]) -> Measure {
    let mut measure = Measure::default();
    for message in messages {
        let found = labels_of(rules, &message.text);
        let any = !found.is_empty();
        if message.labels.is_empty() {
            measure.quiet += 1;
            measure.alarms += usize::from(any);
        } else {
            measure.wanted += 1;
            measure.found += usize::from(any);
        }
        for label in &message.labels {
            let row = measure.by_label.entry(label.clone()).or_default();
            row[0] += 1;
            row[1] += usize::from(found.contains(label));
        }
        for label in found.iter().filter(|label| !message.labels.contains(label)) {
            measure.by_label.entry(label.clone()).or_default()[2] += 1;
        }
        if !message.labels.iter().all(|label| found.contains(label)) || found.len() != message.labels.len() {
            let by: Vec<_> = rules.scan(&message.text).into_iter().map(|f| format!("{} {:?}", f.rule, &message.text[f.words])).collect();
            measure.report += &format!("{} {:?} wanted {:?}, found {found:?} by {by:?}\n", message.lang, message.text, message.labels);
        }
    }
    measure.report += "label            wanted  found  beyond\n";
    for (label, [wanted, found, beyond]) in &measure.by_label {
        measure.report += &format!("{label:16} {wanted:6} {found:6} {beyond:7}\n");
    }
    let Measure { wanted, found, quiet, alarms, .. } = measure;
    measure.report += &format!("found {found} of {wanted}, false alarms {alarms} of {quiet}\n");
    measure
}

#[test]
fn nearly_every_cry_for_help_is_found_and_few_others() {
    let measured = measure(&rules(), &messages("messages/safety.jsonl"));
    println!("{}", measured.report);
    assert!(98 * measured.wanted <= 100 * measured.found, "{}", measured.report);
    assert!(100 * measured.alarms <= 3 * measured.quiet, "{}", measured.report);
}

#[test]
fn our_own_messages_are_read_as_well() {
    let measured = measure(&rules(), &messages("safety-more.jsonl"));
    println!("{}", measured.report);
    assert!(98 * measured.wanted <= 100 * measured.found, "{}", measured.report);
    assert!(100 * measured.alarms <= 3 * measured.quiet, "{}", measured.report);
}
