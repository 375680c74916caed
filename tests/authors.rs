//! What authors are told who change the shipped files, as `check` tells them.

use footbridge::content::Content;
use footbridge::content::files::Files;
use footbridge::conversation::effect::MessageKey;
use footbridge::conversation::effect::Saying;
use footbridge::conversation::effect::Utterance;
use footbridge::domain::ids::StepId;
use footbridge::domain::language::Language;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Purpose;
use footbridge::domain::time::Timestamp;
use footbridge::reading::problem::Problem;
use footbridge::reading::problem::Problems;
use footbridge::reading::problem::Severity;
use footbridge::wording::render::Facts;
use footbridge::wording::render::Place;

/// 22 November 2026, before any helpline is a year old.
const NOW: Timestamp = Timestamp::from_micros(1_795_348_800_000_000);

const FLOW: &str = "conversations/short/flow.yaml";
const ENGLISH: &str = "locales/en-GB/short.ftl";
const WELSH: &str = "locales/cy/short.ftl";

/// The shipped files, in which each of these is replaced once.
fn changed(changes: &[(&str, &str, &str)]) -> Files {
    let mut files = Files::load(None, None).expect("the shipped files");
    for (path, old, new) in changes {
        let text = files.get(path).expect("a shipped file");
        assert!(text.contains(old), "{path} holds {old}");
        let text = text.replacen(old, new, 1);
        files.add((*path).to_owned(), text);
    }
    files
}

/// What is told beside the helplines and the safety texts that nobody has looked at.
fn told(files: &Files) -> Vec<Problem> {
    let mut problems = Problems::default();
    let _content = Content::read(files, true, NOW, &mut problems);
    let beside = |problem: &&Problem| !matches!(problem.rule, "unverified-helpline" | "unreviewed");
    problems.sorted().iter().filter(beside).cloned().collect()
}

fn line_of(files: &Files, path: &str, part: &str) -> usize {
    let text = files.get(path).expect("a shipped file");
    1 + text.lines().position(|line| line.contains(part)).expect("a line with it")
}

const NEW_QUESTION: &str = "  - ask: when-to-call
    answer: choose one
    choices: [morning, afternoon, any-time]
    part: contact
    may skip: yes
    only if: reach is call or voicemail

";

/// A new question in the short conversation, before its last step.
fn new_question() -> (&'static str, &'static str, String) {
    (FLOW, "  - finish: thanks", format!("{NEW_QUESTION}  - finish: thanks"))
}

const ITS_WORDS: &str = "when-to-call = When is a good time to ring you?
    .morning = Morning
    .morning-words = mornings, am
    .afternoon = Afternoon
    .afternoon-words = afternoons, pm
    .any-time = Any time
    .any-time-words = anytime, whenever
    .label = When to ring
";

#[test]
fn a_new_question_without_words_is_one_problem_in_each_language_english_first() {
    let (path, old, new) = new_question();
    let told = told(&changed(&[(path, old, &new)]));
    let shown: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "locales/en-GB/short.ftl: error: the message `when-to-call` is missing
  Add to this file:
    when-to-call = …
        .morning = …
        .afternoon = …
        .any-time = …
        .label = …",
            "locales/cy/short.ftl: warning: the message `when-to-call` is missing
  Add to this file:
    when-to-call = …
        .morning = …
        .afternoon = …
        .any-time = …
        .label = …
  Until then people read it in English.",
        ]
    );
}

#[test]
fn the_words_of_the_authors_page_are_all_that_a_new_question_needs() {
    let (path, old, new) = new_question();
    let mut files = changed(&[(path, old, &new)]);
    let words = format!("{}\n{ITS_WORDS}", files.get(ENGLISH).expect("a shipped file"));
    files.add(ENGLISH.to_owned(), words);
    let told = told(&files);
    assert!(told.iter().all(|problem| problem.severity == Severity::Warning), "{told:#?}");
    let page = include_str!("../docs/authors.md");
    assert!(page.contains(NEW_QUESTION.trim_end()) && page.contains(ITS_WORDS), "the page says the same");
}

#[test]
fn a_choice_without_its_word_is_told_where_the_question_stands() {
    let files = changed(&[(ENGLISH, "    .wrong-number = Wrong number\n", "")]);
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].message, "the message `for-whom` lacks `.wrong-number`");
    assert_eq!((told[0].line, told[0].column), (line_of(&files, ENGLISH, "for-whom = "), 1));
    assert!(!told[0].remedy.contains("English"), "{}", told[0].remedy);
}

#[test]
fn a_word_that_means_two_choices_is_refused_and_both_places_are_named() {
    let files = changed(&[(ENGLISH, ".call-words = call, phone", ".call-words = call, Sms, phone")]);
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:#?}");
    let here = line_of(&files, ENGLISH, "call, Sms, phone");
    let there = line_of(&files, ENGLISH, ".text-words = texts, sms");
    assert_eq!(told[0].message, "`Sms` means both `text` and `call`");
    assert_eq!((told[0].line, told[0].column), (here, 25));
    assert_eq!(told[0].remedy, format!("Keep it here, or on line {there} (character 26)."));
}

#[test]
fn a_word_that_the_networks_act_on_is_refused_where_it_stands() {
    let files = changed(&[(WELSH, ".me-words = ", ".me-words = Stop, ")]);
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((told[0].rule, told[0].file.as_str()), ("swallowed-word", WELSH));
    assert_eq!((told[0].line, told[0].column), (line_of(&files, WELSH, ".me-words"), 17));
}

#[test]
fn a_general_word_that_means_two_things_is_told_where_it_stands() {
    let path = "locales/en-GB/replies.ftl";
    let files = changed(&[(path, "command-skip = ", "command-skip = go back, ")]);
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].line, line_of(&files, path, "command-skip = "), "{told:#?}");
}

#[test]
fn a_new_language_is_told_file_by_file() {
    let mut files = changed(&[]);
    files.add("locales/pl/language.yaml".to_owned(), "name: Polski\nother names: [Polish]\n".to_owned());
    files.add("locales/pl/short.ftl".to_owned(), ITS_WORDS.to_owned());
    let told = told(&files);
    assert!(told.iter().all(|problem| problem.severity == Severity::Warning), "{told:#?}");
    let missing = told.iter().filter(|problem| problem.rule == "missing-file");
    let missing: Vec<&str> = missing.map(|problem| problem.file.as_str()).collect();
    let expected =
        ["general", "replies", "safety", "what-matters"].map(|name| format!("locales/pl/{name}.ftl"));
    assert_eq!(missing, expected);
}

#[test]
fn a_folder_of_words_that_is_no_language_is_told() {
    let mut files = changed(&[]);
    files.add("locales/pl/short.ftl".to_owned(), ITS_WORDS.to_owned());
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((told[0].file.as_str(), told[0].rule), ("locales/pl/language.yaml", "missing-file"));
}

#[test]
fn a_name_of_two_practices_is_told_at_the_second() {
    let path = "conversations/services.yaml";
    let files = changed(&[(path, "[Beauchamp Street, ", "[The Vale, Beauchamp Street, ")]);
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:#?}");
    let first = line_of(&files, path, "the Vale]");
    assert_eq!(told[0].message, format!("`The Vale` is a name of `alder-vale-surgery` too, on line {first}"));
    assert_eq!(told[0].line, line_of(&files, path, "[The Vale"));
}

#[test]
fn a_day_of_another_shape_is_told_with_the_right_one() {
    let files = changed(&[(
        "locales/cy/language.yaml",
        "name: Cymraeg",
        "name: Cymraeg\nreviewed by: Ann\nreviewed on: 1.2.2026",
    )]);
    let told = told(&files);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].message, "`1.2.2026` is not a day");
    assert_eq!(told[0].remedy, "Write year, month and day, such as 2026-11-21.");
}

const CHOICES: &str = "choices: [text, call, voicemail, not-this-phone, another-number]";
const MOVED: &str = "choices: [not-this-phone, text, call, voicemail, another-number]";

/// What a person reads who is asked how to reach them.
fn asked_how_to_reach(files: &Files, language: &str, channel: ChannelKind) -> String {
    let mut problems = Problems::default();
    let content = Content::read(files, true, NOW, &mut problems).expect("files in order");
    let conversation =
        content.conversations.values().find(|known| known.engine.definition.id.as_str() == "short");
    let definition = &conversation.expect("the short conversation").engine.definition;
    let reach: StepId = "reach".parse().expect("a name");
    let question = definition.question(&reach).expect("a question");
    let language: Language = language.parse().expect("a language");
    let service = &content.directory.services()[0];
    let place = Place {
        conversation: &definition.id,
        revision: &definition.revision,
        language: &language,
        channel,
        directory: &content.directory,
        service,
        nation: None,
        facts: Facts::default(),
        offer_unreviewed: true,
        now: NOW,
    };
    let saying = Saying::of(MessageKey::of("reach")).with_choices("reach", &question.choices);
    let utterance = Utterance { purpose: Purpose::Answer, sayings: vec![saying] };
    content.wording.render(&utterance, &place).text.0
}

#[test]
fn the_number_for_a_phone_that_is_not_safe_follows_the_choices() {
    let (as_shipped, moved) = (changed(&[]), changed(&[(FLOW, CHOICES, MOVED)]));
    for (language, reply) in [("en-GB", "Reply"), ("cy", "Atebwch")] {
        let before = asked_how_to_reach(&as_shipped, language, ChannelKind::Sms);
        assert!(before.contains(&format!("{reply} 4,")) && before.contains("\n4 "), "{before}");
        let after = asked_how_to_reach(&moved, language, ChannelKind::Sms);
        assert!(after.contains(&format!("{reply} 1,")) && after.contains("\n1 "), "{after}");
    }
    let tapped = asked_how_to_reach(&moved, "en-GB", ChannelKind::Telegram);
    assert!(tapped.contains("tap No more texts and ring"), "{tapped}");
}

#[test]
fn a_number_of_a_choice_that_is_written_by_hand_is_an_error() {
    for (path, by_hand) in [(ENGLISH, "Reply 4, and"), (WELSH, "Atebwch 4, ff")] {
        let variable = by_hand.replace('4', "{ $number-not-this-phone }");
        let files = changed(&[(path, &variable, by_hand)]);
        let told = told(&files);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].rule, told[0].severity), ("number-by-hand", Severity::Error));
        assert_eq!(told[0].line, line_of(&files, path, by_hand));
        assert!(told[0].remedy.contains("$number-not-this-phone"), "{}", told[0].remedy);
    }
    let retry = told(&changed(&[(ENGLISH, "one number from the list, or", "one number, 1 to 4, or")]));
    assert_eq!(retry.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["number-by-hand"]);
}

#[test]
fn a_number_that_no_choice_has_is_an_error() {
    let misspelt = told(&changed(&[(ENGLISH, "$number-not-this-phone", "$number-not-that-phone")]));
    assert_eq!(misspelt.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["number-of-nothing"]);
    assert!(misspelt[0].remedy.contains("$number-not-this-phone"), "{}", misspelt[0].remedy);
    let elsewhere = told(&changed(&[(ENGLISH, "What number may we ring?", "{ $number-text } What number?")]));
    assert_eq!(elsewhere.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["number-of-nothing"]);
}
