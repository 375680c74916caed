//! How well replies are read, held by messages with the answers that a person would give.
//!
//! Invariant: a wrong reading weighs more than one that is asked again.

use std::collections::BTreeMap;

use fluent_syntax::ast::Entry;
use fluent_syntax::ast::PatternElement;
use serde_json::Value as Json;

use crate::domain::answer::AnswerKind;
use crate::domain::answer::PracticeAnswer;
use crate::domain::answer::Value;
use crate::domain::message::NetworkWord;
use crate::domain::message::Words;
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
use crate::reply::command::plain_command;
use crate::reply::exact;
use crate::reply::lexicon::Lexicon;
use crate::reply::name::Whose;
use crate::reply::name_said;
use crate::reply::read;
use crate::reply::says_something;

const ENGLISH: &str = include_str!("../../locales/en-GB/replies.ftl");
const WELSH: &str = include_str!("../../locales/cy/replies.ftl");
const NASTY: &str = include_str!("../../tests/data/messages/nasty.jsonl");

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
        let practice = |id: &str, names: &[&str], postcode: &str| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            PracticeWords::new(id.parse().expect("an id"), names, postcode.parse().ok())
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
            language_names: Vec::new(),
        }
    }
}

fn asking<'a>(kind: &'a AnswerKind, choices: &'a [ChoiceWords]) -> Asking<'a> {
    let today = "2026-11-21".parse().expect("a date");
    Asking { kind, choices, today, numbers_only: false }
}

fn labelled(labels: &[&str]) -> Vec<ChoiceWords> {
    let words = |(at, label): (usize, &&str)| {
        let choice = format!("c{}", at + 1).parse().expect("an id");
        ChoiceWords::new(choice, (*label).to_owned(), Vec::new())
    };
    labels.iter().enumerate().map(words).collect()
}

#[test]
fn nothing_hostile_is_taken_for_an_answer() {
    let lexicons = Lexicons::embedded_for_tests();
    let offered = labelled(&["Home", "Money", "People"]);
    let kinds = [
        AnswerKind::YesOrNo,
        AnswerKind::ChooseOne,
        AnswerKind::ChooseSeveral { most: None },
        AnswerKind::Scale,
        AnswerKind::DateOfBirth,
        AnswerKind::Postcode,
        AnswerKind::Phone,
        AnswerKind::Name,
        AnswerKind::Practice,
        AnswerKind::OwnWords,
    ];
    for line in NASTY.lines() {
        let line: Json = serde_json::from_str(line).expect("a JSON line");
        let text = line["text"].as_str().expect("a text");
        let _ = (command(text, &lexicons), is_greeting(text, &lexicons), is_thanks(text, &lexicons));
        for kind in &kinds {
            let asking = asking(kind, &offered);
            if let Reading::Understood(value) = exact(&asking, text, &lexicons)
                .map_or_else(|| read(&asking, text, &lexicons), Reading::Understood)
                && !matches!(value, Value::Text(_) | Value::Practice(_))
            {
                println!("{kind:?}: {text:.60?} is {value:?}");
            }
        }
    }
}

#[test]
fn no_other_reading_wins_over_a_stop_word_of_the_networks() {
    let lexicons = Lexicons::embedded_for_tests();
    let offered = labelled(&["Stop", "End"]);
    for word in [
        "STOP",
        "stopall",
        "Unsubscribe.",
        " cancel ",
        "END",
        "quit!",
        "REVOKE",
        "optout",
        "ⓈⓉⓄⓅ",
        "s\u{200b}top",
    ] {
        assert_eq!(network_word(word), Some(NetworkWord::Stop), "{word}");
        assert_eq!(command(word, &lexicons), Some(Command::Stop), "{word}");
        let asking = asking(&AnswerKind::ChooseOne, &offered);
        assert_eq!(exact(&asking, word, &lexicons), None, "{word}");
        assert_eq!(read(&asking, word, &lexicons), Reading::NotUnderstood, "{word}");
    }
    assert_eq!(network_word("Yes."), Some(NetworkWord::Yes));
    assert_eq!(network_word("start"), Some(NetworkWord::Start));
    assert_eq!(network_word("INFO"), Some(NetworkWord::Help));
    for more in ["stop it hurts", "stop please", "sotp", "top", "yes please", ""] {
        assert_eq!(network_word(more), None, "{more}");
    }
}

#[test]
fn outside_our_languages_yes_and_no_are_numbers_only() {
    let lexicons = Lexicons::embedded_for_tests();
    let by_number = Asking { numbers_only: true, ..asking(&AnswerKind::YesOrNo, &[]) };
    assert_eq!(exact(&by_number, "1", &lexicons), Some(Value::YesNo(true)));
    assert_eq!(exact(&by_number, "२", &lexicons), Some(Value::YesNo(false)));
    for word in ["no", "tak", "yes", "no no"] {
        assert_eq!(exact(&by_number, word, &lexicons), None, "{word}");
        assert_eq!(read(&by_number, word, &lexicons), Reading::NotUnderstood, "{word}");
    }
}

#[test]
fn the_one_of_no_one_is_no_number() {
    let lexicons = Lexicons::embedded_for_tests();
    let yes_or_no = asking(&AnswerKind::YesOrNo, &[]);
    for text in [
        "no one is here",
        "no one",
        "any one",
        "one moment",
        "one moment please",
        "one of my sons",
        "some one",
    ] {
        assert_eq!(read(&yes_or_no, text, &lexicons), Reading::NotUnderstood, "{text}");
    }
    assert_eq!(read(&yes_or_no, "number one please", &lexicons), Reading::Understood(Value::YesNo(true)));
    let offered = labelled(&["Phone call", "Text message"]);
    let choice = asking(&AnswerKind::ChooseOne, &offered);
    assert_eq!(read(&choice, "no one is here", &lexicons), Reading::NotUnderstood);
}

#[test]
fn what_may_be_an_answer_is_no_plain_command() {
    let lexicons = Lexicons::embedded_for_tests();
    for text in
        ["someone to talk to", "I want to talk", "talk to somebody", "a phone call please", "moving on"]
    {
        assert_eq!(plain_command(text, &lexicons), None, "{text}");
        assert!(command(text, &lexicons).is_some(), "{text}");
    }
    for text in
        ["HUMAN", "talk to a person", "can i speak to a human", "can I talk to someone", "call me please"]
    {
        assert_eq!(plain_command(text, &lexicons), Some(Command::Person), "{text}");
    }
    assert_eq!(plain_command("stop", &lexicons), Some(Command::Stop));
    assert_eq!(plain_command("skip", &lexicons), Some(Command::Skip));
}

#[test]
fn exact_takes_numbers_labels_and_words_and_nothing_loose() {
    let lexicons = Lexicons::embedded_for_tests();
    let mut offered = labelled(&["Phone call", "Text message", "Prefer not to say"]);
    let words = vec!["blower".to_owned()];
    offered[0] = ChoiceWords::new(offered[0].choice.clone(), offered[0].label().to_owned(), words);
    let asking = asking(&AnswerKind::ChooseOne, &offered);
    let choice = |n: &str| Some(Value::Choice(n.parse().expect("an id")));
    for (text, expected) in [
        ("1", choice("c1")),
        ("(2)", choice("c2")),
        ("phone call", choice("c1")),
        ("Blower!", choice("c1")),
        ("rather not say", choice("c3")),
        ("phone call please mate", None),
        ("4", None),
        ("phone cal", None),
        ("-1", None),
        ("1/2", None),
    ] {
        assert_eq!(exact(&asking, text, &lexicons), expected, "{text}");
    }
    assert_eq!(read(&asking, "4", &lexicons), Reading::NotAllowed);
    assert!(matches!(read(&asking, "phnoe", &lexicons), Reading::Propose(_) | Reading::NotUnderstood));
}

#[test]
fn practices_are_known_near_elsewhere_or_unknown() {
    let lexicons = Lexicons::embedded_for_tests();
    let asking = asking(&AnswerKind::Practice, &[]);
    let said = |text: &str| read(&asking, text, &lexicons);
    let known = |id: &str| Value::Practice(PracticeAnswer::Known(id.parse().expect("an id")));
    assert_eq!(said("the Alder Vale surgery"), Reading::Understood(known("alder-vale")));
    assert_eq!(said("alder"), Reading::Propose(known("alder-vale")));
    assert_eq!(said("allder vale"), Reading::Propose(known("alder-vale")));
    assert!(matches!(said("mill"), Reading::Understood(Value::Practice(PracticeAnswer::Unknown(_)))));
    assert!(matches!(said("BN2 1AA"), Reading::Understood(Value::Practice(PracticeAnswer::InArea(_)))));
    assert!(matches!(said("G1 1AA"), Reading::Understood(Value::Practice(PracticeAnswer::OutOfArea(_)))));
    assert_eq!(said("I dont have one"), Reading::Understood(Value::Practice(PracticeAnswer::None)));
    assert_eq!(exact(&asking, "Mill Lane Surgery", &lexicons), Some(known("mill-lane")));
}

#[test]
fn a_doctor_in_a_street_is_no_practice_of_ours_because_the_street_is_called_so() {
    let lexicons = Lexicons::embedded_for_tests();
    let asking = asking(&AnswerKind::Practice, &[]);
    let said = |text: &str| read(&asking, text, &lexicons);
    for text in ["Dr Patel's on the lane", "Dr Jones High Lane", "the doctors in Park Laen"] {
        assert!(
            matches!(said(text), Reading::Understood(Value::Practice(PracticeAnswer::Unknown(_)))),
            "{text}"
        );
    }
    let proposed = |text: &str| matches!(said(text), Reading::Propose(Value::Practice(_)));
    assert!(proposed("dr jones, alder surgery") && proposed("Dr Okafor on the high street"));
}

#[test]
fn a_number_a_yes_and_our_own_words_are_no_practice_but_short_names_are() {
    let lexicons = Lexicons::embedded_for_tests();
    let asking = asking(&AnswerKind::Practice, &[]);
    for text in [
        "1",
        "0",
        "yes",
        "no thanks",
        "NAME",
        "name please",
        "ok",
        "hi",
        "me",
        "refer",
        "01632 960456",
        "YES that is what I said",
        "yes like i told you",
        "as I said before",
    ] {
        assert_eq!(read(&asking, text, &lexicons), Reading::NotUnderstood, "{text}");
    }
    for text in ["The Elms", "Dr Patel's", "Park Rd", "One Medical", "New Court", "the doctors"] {
        let read = read(&asking, text, &lexicons);
        assert!(matches!(read, Reading::Understood(Value::Practice(PracticeAnswer::Unknown(_)))), "{text}");
    }
}

/// What is taken for an answer, its place or places in the list; `None` is asked again.
fn taken(kind: &AnswerKind, labels: &[&str], text: &str) -> Option<Vec<usize>> {
    let choices = labelled(labels);
    let place = |chosen: &_| choices.iter().position(|words| words.choice == *chosen).map(|place| place + 1);
    match read(&asking(kind, &choices), text, &Lexicons::embedded_for_tests()) {
        Reading::Understood(Value::Choice(choice)) => place(&choice).map(|place| vec![place]),
        Reading::Understood(Value::Choices(choices)) => choices.iter().map(place).collect(),
        _ => None,
    }
}

#[test]
fn a_label_is_itself_where_another_means_the_same() {
    let often = ["All of the time", "Often", "Rarely", "Never"];
    for (text, place) in [("never", 4), ("Rarely", 3), ("hardly ever", 3), ("all the time", 1)] {
        assert_eq!(taken(&AnswerKind::ChooseOne, &often, text), Some(vec![place]), "{text}");
    }
    let better = ["Much better", "Better", "A bit worse"];
    for (text, place) in [("a lot better", 1), ("better", 2), ("slightly worse", 3)] {
        assert_eq!(taken(&AnswerKind::ChooseOne, &better, text), Some(vec![place]), "{text}");
    }
    let talks = ["In a group", "1 to 1", "Not at all"];
    for (text, place) in [("1 to 1", 2), ("one to one", 2), ("groups", 1), ("not at all", 3)] {
        assert_eq!(taken(&AnswerKind::ChooseOne, &talks, text), Some(vec![place]), "{text}");
    }
}

#[test]
fn days_from_one_to_another_are_all_of_them() {
    let kind = AnswerKind::ChooseSeveral { most: None };
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    for (text, places) in [
        ("mon to thurs", vec![1, 2, 3, 4]),
        ("any day but friday", vec![1, 2, 3, 4]),
        ("whenever", vec![1, 2, 3, 4, 5]),
        ("monday or wednesday", vec![1, 3]),
        ("2 most of all but 3 too", vec![2, 3]),
    ] {
        assert_eq!(taken(&kind, &days, text), Some(places), "{text}");
    }
}

#[test]
fn a_bare_yes_or_no_names_a_choice_only_where_it_is_all_of_a_label() {
    let lexicons = Lexicons::embedded_for_tests();
    let (reach, plain) = (labelled(&["Me", "No more texts"]), labelled(&["Yes", "No", "Not yet"]));
    for kind in [AnswerKind::ChooseOne, AnswerKind::ChooseSeveral { most: None }] {
        for text in ["no", "No.", "nope", "no thanks", "yes", "yes please"] {
            assert_eq!(read(&asking(&kind, &reach), text, &lexicons), Reading::NotUnderstood, "{text}");
        }
        assert!(matches!(read(&asking(&kind, &plain), "no thanks", &lexicons), Reading::Understood(_)));
        assert!(matches!(read(&asking(&kind, &reach), "no more", &lexicons), Reading::Understood(_)));
    }
}

#[test]
fn a_time_beside_a_choice_is_no_number_of_another() {
    let lexicons = Lexicons::embedded_for_tests();
    let offered = labelled(&["Text", "Call", "Letter"]);
    let said = |text: &str| read(&asking(&AnswerKind::ChooseOne, &offered), text, &lexicons);
    let call = Reading::Understood(Value::Choice("c2".parse().expect("an id")));
    for text in ["phone me but not before ten", "call me after 3", "ring between 1 and 3", "call, not at 2"] {
        assert_eq!(said(text), call, "{text}");
    }
    for text in ["call not 2", "call or 3", "call 1", "text or ring after 5"] {
        assert!(!matches!(said(text), Reading::Understood(_)), "{text}");
    }
}

#[test]
fn an_age_in_round_figures_is_one_choice_or_is_asked_again() {
    let lexicons = Lexicons::embedded_for_tests();
    let band = |id: &str, label: &str, ages: std::ops::RangeInclusive<u8>| {
        ChoiceWords::new(
            id.parse().expect("an id"),
            label.to_owned(),
            ages.map(|age| age.to_string()).collect(),
        )
    };
    let offered = [
        band("child", "Under 16", 10..=15),
        band("young", "16 or 17", 16..=17),
        band("adult", "18 to 64", 18..=64),
        band("old", "65 or over", 65..=100),
    ];
    let today = jiff::civil::date(2026, 11, 21);
    let said = |text: &str| {
        let kind = AnswerKind::ChooseOne;
        read(&Asking { kind: &kind, choices: &offered, today, numbers_only: false }, text, &lexicons)
    };
    for (text, id) in [
        ("in my fifties", "adult"),
        ("im in my 70s", "old"),
        ("early sixties", "adult"),
        ("late sixties love", "old"),
        ("forty-odd", "adult"),
        ("im 70 something", "old"),
        ("nearly 80", "old"),
        ("nearly 65", "adult"),
        ("nearly 18", "young"),
        ("79 going on 80", "old"),
        ("over 70", "old"),
        ("born 1960", "old"),
        ("I was born in 1971", "adult"),
        ("born in 48", "old"),
        ("1948", "old"),
        ("12/3/1948", "old"),
        ("born 22 november 1961", "adult"),
        ("20 november 1961", "old"),
        ("she is in her eighties", "old"),
        ("yn fy saithdegau", "old"),
    ] {
        assert_eq!(said(text), Reading::Understood(Value::Choice(id.parse().expect("an id"))), "{text}");
    }
    for text in
        ["in my sixties", "sixty odd", "mid sixties", "over 60", "born 1961", "born in 12", "under 65"]
    {
        assert_eq!(said(text), Reading::NotUnderstood, "{text}");
    }
    let other = labelled(&["Home", "Money"]);
    assert_ne!(
        read(&asking(&AnswerKind::ChooseOne, &other), "in my fifties", &lexicons),
        said("in my fifties")
    );
}

#[test]
fn a_reason_says_no_to_a_yes_or_no_question_and_is_an_answer_at_a_list() {
    let lexicons = Lexicons::embedded_for_tests();
    let said = |text: &str| read(&asking(&AnswerKind::YesOrNo, &[]), text, &lexicons);
    for text in ["I am too old", "not with my knees", "too poorly for that love", "no im too old", "rhy hen"]
    {
        assert_eq!(said(text), Reading::Understood(Value::YesNo(false)), "{text}");
    }
    for text in ["yes if im not too old", "am I too old?", "yes but im too tired"] {
        assert_eq!(said(text), Reading::NotUnderstood, "{text}");
    }
    assert!(says_something("I am too old", &lexicons) && says_something("not with my knees", &lexicons));
}

#[test]
fn a_name_is_heard_where_none_is_asked_for_only_in_words_that_say_one() {
    let lexicons = Lexicons::embedded_for_tests();
    let said = |text: &str| name_said(text, &lexicons);
    let name = |whose: Whose, name: &str| Some((whose, Value::Name(Words(name.to_owned()))));
    assert_eq!(said("no, my name is maggie smith"), name(Whose::Writer, "Maggie Smith"));
    assert_eq!(said("her name is June"), name(Whose::SomebodyElse, "June"));
    for text in ["its Maggie", "It's Maggie", "call me Maggie please", "No its Maggie"] {
        assert_eq!(said(text), name(Whose::Unclear, "Maggie"), "{text}");
    }
    for text in [
        "Maggie",
        "its rubbish",
        "Its Wrong",
        "my name is wrong",
        "my name is dead",
        "its Dead",
        "call me Tuesday",
        "call me later",
        "yes",
    ] {
        assert_eq!(said(text), None, "{text}");
    }
}

#[test]
fn words_at_a_list_say_something_where_they_are_more_than_one_and_no_question() {
    let lexicons = Lexicons::embedded_for_tests();
    for text in ["my knees", "the stairs", "I cant drive", "my husband", "i have no car"] {
        assert!(says_something(text, &lexicons), "{text}");
    }
    for text in [
        "asdf",
        "?",
        "dont know",
        "not really",
        "no thanks",
        "why do you ask",
        "10 99",
        "hello there",
        "skip it",
    ] {
        assert!(!says_something(text, &lexicons), "{text}");
    }
}

#[test]
fn first_texts_that_knock_and_last_texts_that_thank_are_known() {
    let lexicons = Lexicons::embedded_for_tests();
    for knock in [
        "hi",
        "Hello there!",
        "START",
        "join please",
        "WELLBEING",
        "Bridge2".to_uppercase().trim_end_matches('2'),
        "Helo",
        "good morning",
    ] {
        assert!(is_greeting(knock, &lexicons), "{knock}");
    }
    for story in ["hello my name is Jo and im lonely", "im lonely", "", "STOP", "my husband died in May"] {
        assert!(!is_greeting(story, &lexicons), "{story}");
    }
    for thanks in ["thanks x", "ok thank you 👍", "cheers", "Diolch yn fawr", "👍", "ok bye"] {
        assert!(is_thanks(thanks, &lexicons), "{thanks}");
    }
    for more in ["thanks but i need more help", "no", "when will you ring", "", "7"] {
        assert!(!is_thanks(more, &lexicons), "{more}");
    }
}

#[test]
fn counts_and_limits_of_a_question_are_kept() {
    let lexicons = Lexicons::embedded_for_tests();
    let offered = labelled(&["Home", "Money", "People"]);
    let two = AnswerKind::ChooseSeveral { most: Some(2) };
    assert_eq!(read(&asking(&two, &offered), "1 2 3", &lexicons), Reading::NotAllowed);
    let any = AnswerKind::ChooseSeveral { most: None };
    let several = |text: &str| read(&asking(&any, &offered), text, &lexicons);
    let chosen = |all: &[&str]| {
        Reading::Understood(Value::Choices(all.iter().map(|id| id.parse().expect("an id")).collect()))
    };
    assert_eq!(several("all of them really, mainly the people"), chosen(&["c1", "c2", "c3"]));
    assert_eq!(several("yes, all of them. Money most"), chosen(&["c1", "c2", "c3"]));
    assert_ne!(several("all day long, no people"), chosen(&["c1", "c2", "c3"]));
    assert_ne!(several("all of them, not money"), chosen(&["c1", "c2", "c3"]));
    assert_eq!(several("all of it is about money"), chosen(&["c2"]));
    let age = AnswerKind::WholeNumber { least: 1, most: 20 };
    assert_eq!(read(&asking(&age, &[]), "about twelve", &lexicons), Reading::Understood(Value::Number(12)));
    assert_eq!(read(&asking(&age, &[]), "twenty one", &lexicons), Reading::NotAllowed);
    assert_eq!(exact(&asking(&age, &[]), "20", &lexicons), Some(Value::Number(20)));
    assert_eq!(read(&asking(&AnswerKind::OwnWords, &[]), "Loved “x”", &lexicons), Reading::NotUnderstood);
    assert!(matches!(
        read(&asking(&AnswerKind::OwnWords, &[]), "my dog", &lexicons),
        Reading::Understood(Value::Text(_))
    ));
}
