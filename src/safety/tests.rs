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
            let by: Vec<_> = rules
                .scan(&message.text)
                .into_iter()
                .map(|f| format!("{} {:?}", f.rule, &message.text[f.words]))
                .collect();
            measure.report += &format!(
                "{} {:?} wanted {:?}, found {found:?} by {by:?}\n",
                message.lang, message.text, message.labels
            );
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

#[test]
fn threats_to_others_are_told_from_idioms() {
    let rules = rules();
    let threat =
        |text: &str| rules.scan(text).iter().any(|finding| finding.category == ConcernCategory::HarmToOthers);
    let wrong: Vec<String> = messages("harm-to-others.jsonl")
        .into_iter()
        .filter(|message| threat(&message.text) == message.labels.is_empty())
        .map(|message| message.text)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn soft_questions_are_not_asked_of_everybody() {
    let rules = rules();
    let quiet: Vec<Message> =
        messages("messages/safety.jsonl").into_iter().filter(|message| message.labels.is_empty()).collect();
    let asked: Vec<&str> = quiet
        .iter()
        .filter(|message| !rules.scan(&message.text).is_empty())
        .map(|message| message.text.as_str())
        .collect();
    assert!(100 * asked.len() <= 4 * quiet.len(), "{}", asked.join("\n"));
}

#[test]
fn what_is_over_or_said_of_others_is_noted() {
    let rules = rules();
    assert_eq!(rules.tags("lost my dad to suicide in 1998"), [Tag::Past, Tag::Bereavement]);
    assert_eq!(rules.tags("my wife keeps saying she wants to die"), [Tag::ThirdPerson]);
    assert_eq!(rules.tags("fuck off you useless robot"), [Tag::AtStaff]);
    assert_eq!(rules.tags("just some company really"), []);
}

#[test]
fn whoever_worries_about_another_is_told_from_whoever_speaks_of_themselves() {
    let rules = rules();
    for text in [
        "my mother is not coping since dad died",
        "hi its about my dad. he cant cope any more",
        "my wife keeps saying she wants to die",
        "my son is suicidal and my mum is not coping",
        "my brother is going to kill himself",
        "my mate has taken an overdose",
        "Dave has taken all his tablets",
        "Our Kelly wants to die",
        "our zbigniew wants to kill himself",
        "my daughter is being hit by her boyfriend",
    ] {
        assert!(!rules.scan(text).is_empty() && rules.is_of_another(text), "{text}");
    }
    for text in [
        "i cant cope any more",
        "my mum is not coping. i cant cope either, i want to die",
        "lost my wife cant cope",
        "my mum cant cope since i told her i want to die",
        "I miss who she is. Not coping",
        "my wife wants to die, me too i want to die",
        "mum i want to die",
        "she wants me dead",
        "my husband says he will kill himself and me if i leave, i want to end it",
        "cant cope",
        "Dave has taken all my tablets",
        "Dave has taken all his tablets and so have i, i took an overdose",
        "Just wants to die",
        "part of me wants to die",
        "my dad hits my mum and me",
        "",
    ] {
        assert!(!rules.is_of_another(text), "{text}");
    }
}

#[test]
fn a_finding_points_at_the_words_that_were_typed() {
    let text = "Ahh… ѕuісіdе, I think";
    let findings = rules().scan(text);
    assert_eq!(&text[findings[0].words.clone()], "ѕuісіdе");
}

#[test]
fn safety_replies_are_chosen_by_the_first_finding() {
    let found: Vec<_> =
        rules().scan("i want to die and i took an overdose").into_iter().map(|f| f.category).collect();
    assert_eq!(found.first(), Some(&ConcernCategory::Emergency));
    assert!(found.contains(&ConcernCategory::Suicide));
}

#[test]
fn help_now_is_heard_in_every_language() {
    let rules = rules();
    for text in [
        "HELP NOW",
        "help me now!!",
        "HELPNOW",
        "helpwch fi nawr",
        "ayuda ahora",
        "ਮੇਰੀ ਮਦਦ ਕਰੋ ਹੁਣੇ",
        "допоможіть зараз",
        "Hilfe sofort",
    ] {
        assert!(rules.scan(text).iter().any(|f| f.category == ConcernCategory::HelpNow), "{text}");
    }
}

#[test]
fn every_denial_is_short() {
    let rules = rules();
    assert!(rules.scan("no. i want to die").iter().any(|f| f.category == ConcernCategory::Suicide));
    assert!(rules.scan("im not ok. suicidal").iter().any(|f| f.category == ConcernCategory::Suicide));
    assert!(rules.scan("im not suicidal").is_empty());
}

#[test]
fn hostile_texts_are_read_without_harm() {
    #[derive(serde::Deserialize)]
    struct Nasty {
        text: String,
    }
    let rules = rules();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/messages/nasty.jsonl");
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let nasty: Nasty = serde_json::from_str(line).unwrap();
        for finding in rules.scan(&nasty.text) {
            assert!(nasty.text.get(finding.words).is_some_and(|words| !words.is_empty()));
        }
        assert!(rules.tags(&nasty.text).len() <= 4);
    }
}

#[test]
fn any_text_can_be_read() {
    let rules = rules();
    const TEXT: &str = "((want|to|die|not|i|he|hits|me|no|food|[0-9]{1,4}|\\PC{0,12}|[\\.,!?\n'’ ]|[a-zё]{1,30}|ⓚ|💊|़|́) ?){0,40}";
    proptest::proptest!(proptest::test_runner::Config::with_cases(400), |(text in TEXT)| {
        for finding in rules.scan(&text) {
            proptest::prop_assert!(text.get(finding.words).is_some_and(|words| !words.is_empty()));
        }
        proptest::prop_assert!(rules.tags(&text).len() <= 4);
    });
}

#[test]
fn a_bad_rule_file_names_every_problem_with_its_line() {
    let file = "\
language: en
reviewed by: nobody
author: us
date: 2026-11-22
source: tests
rules:
  - id: one
    is: suicde
    phrases: |
      want (to die
    finds: |
      x
  - id: two
    is: suicide
    phrases: |
      want to die
      {nobody-knows}
      really?
    finds: |
      i want to die
silences:
  - id: quiet
    where: over
    phrases: |
      die
    finds: |
      die
";
    let problems = Rules::read(&[("bad.yaml".to_owned(), file.to_owned())]).unwrap_err();
    let lines: Vec<(usize, &str)> = problems.iter().map(|problem| (problem.line, problem.rule)).collect();
    assert_eq!(lines, [(22, "unreviewed-silence")]);
    let reviewed = file.replace("by: nobody", "by: a speaker");
    let problems = Rules::read(&[("bad.yaml".to_owned(), reviewed)]).unwrap_err();
    let lines: Vec<(usize, &str)> = problems.iter().map(|problem| (problem.line, problem.rule)).collect();
    assert_eq!(lines, [(8, "wrong-value"), (17, "phrase"), (18, "phrase")]);
}

#[test]
fn a_family_that_two_files_name_is_a_problem_and_not_the_luck_of_the_order() {
    let file = |means: &str| {
        format!(
            "language: en\nreviewed by: us\nauthor: us\ndate: 2026-11-22\nsource: tests\nfamilies:\n  ill: |\n    {means}\n"
        )
    };
    let files = [("one.yaml".to_owned(), file("poorly")), ("two.yaml".to_owned(), file("sick"))];
    let problems = Rules::read(&files).unwrap_err();
    let seen: Vec<(&str, usize, &str)> =
        problems.iter().map(|problem| (problem.file.as_str(), problem.line, problem.rule)).collect();
    assert_eq!(seen, [("two.yaml", 7, "twofold-family")]);
}

#[test]
fn another_spelling_never_ties_a_word_to_a_stem_of_another_language() {
    let english = "language: en\nreviewed by: us\nauthor: us\ndate: 2026-11-22\nsource: tests\nmeans: |\n  sewerslide, suiside = suicidal\nrules:\n  - id: said\n    is: suicide\n    phrases: |\n      suicidal\n    finds: |\n      suicidal\n      suiside\n";
    let other = "language: gu\nreviewed by: nobody\nauthor: us\ndate: 2026-11-22\nsource: tests\nrules:\n  - id: sleep\n    is: destitution\n    phrases: |\n      suis* nathi\n    finds: |\n      suis nathi\n    leaves: |\n      suicidal nathi\n";
    let files = [("en.yaml".to_owned(), english.to_owned()), ("gu.yaml".to_owned(), other.to_owned())];
    for _ in 0..20 {
        assert!(Rules::read(&files).is_ok());
    }
}

#[test]
fn a_dropped_g_is_heard() {
    let rules = rules();
    assert_eq!(labels_of(&rules, "been cuttin maself agen"), ["self_harm"]);
}

#[test]
fn an_example_that_fails_is_a_problem_at_its_line() {
    let file = "\
language: en
reviewed by: nobody
author: us
date: 2026-11-22
source: tests
rules:
  - id: one
    is: suicide
    phrases: |
      want to die
    finds: |
      i want to die
      goodbye
    leaves: |
      he wanted to die
      we want to die
";
    let problems = Rules::read(&[("rules.yaml".to_owned(), file.to_owned())]).unwrap_err();
    let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [13, 16]);
}

#[test]
fn rules_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Rules>();
}

/// What was found once is found again: these were first sight once, so the figure says nothing of new messages.
#[test]
fn messages_written_after_the_rules_are_read_as_well() {
    for file in ["safety-blind.jsonl", "safety-unseen.jsonl", "safety-everyday.jsonl"] {
        let measured = measure(&rules(), &messages(file));
        println!("{file}\n{}", measured.report);
        assert!(98 * measured.wanted <= 100 * measured.found, "{}", measured.report);
        assert!(100 * measured.alarms <= 3 * measured.quiet, "{}", measured.report);
    }
}

/// Here every label counts, and a quiet text is to raise nothing at all, not even a soft question.
#[test]
fn tablets_falls_cold_and_the_dead_are_heard_in_other_words() {
    let rules = rules();
    let (mut wanted, mut missed, mut quiet, mut alarms) = (0, 0, 0, 0);
    let mut report = String::new();
    for message in messages("safety-fresh.jsonl") {
        let found = rules.scan(&message.text);
        let heard: Vec<_> = found.iter().map(|finding| finding.category.as_str().replace('-', "_")).collect();
        let unheard = message.labels.iter().filter(|label| !heard.contains(label)).count();
        let alarm = message.labels.is_empty() && !heard.is_empty();
        wanted += message.labels.len();
        missed += unheard;
        quiet += usize::from(message.labels.is_empty());
        alarms += usize::from(alarm);
        if alarm || 0 < unheard {
            let by: Vec<_> = found.iter().map(|finding| finding.rule.as_str()).collect();
            report += &format!("{:?} wanted {:?}, found {by:?}\n", message.text, message.labels);
        }
    }
    println!("{report}missed {missed} of {wanted}, false alarms {alarms} of {quiet}");
    assert!(100 * missed <= 2 * wanted, "{report}");
    assert!(100 * alarms <= 3 * quiet, "{report}");
}

/// Whoever tries the demo sees one concern on top of the queue, and not a queue of them.
#[test]
fn of_the_people_in_the_demo_one_is_in_danger() {
    let (rules, people) = (
        rules(),
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/conversations/demo.yaml")).unwrap(),
    );
    let texts = people.lines().filter_map(|line| line.trim().strip_prefix("- "));
    let grave: Vec<&str> = texts.filter(|text| !rules.scan(text.trim_matches('"')).is_empty()).collect();
    assert_eq!(grave.len(), 1, "{grave:?}");
}
