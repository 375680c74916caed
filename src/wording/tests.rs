//! What people are sent, and what authors of words see.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Offered;
use crate::conversation::effect::ReadBack;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Shown;
use crate::conversation::effect::Utterance;
use crate::directory::Directory;
use crate::directory::Files;
use crate::domain::ids::ConversationId;
use crate::domain::ids::Reference;
use crate::domain::ids::RevisionId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Purpose;
use crate::domain::nation::Nation;
use crate::domain::time::Timestamp;
use crate::reading::problem::Problems;
use crate::reading::source::Source;
use crate::wording::Wording;
use crate::wording::last_resort::LAST_RESORT;
use crate::wording::locale::LocaleFiles;
use crate::wording::render::Facts;
use crate::wording::render::Place;
use crate::wording::render::Rendered;
use crate::wording::sms::Encoding;

const TALK: &str = "\
welcome = Hello from { $service }. Ring { $phone }. We\u{2019}re here { $hours }.
welcome-nation = Call { $emergency }.
    .wales = Call { $emergency } or { $nhs-111 }.
for-whom = Who is this for?
    .me = Me
    .me-words = myself, for me,
        mine
    .someone-else = Someone else
    .retry = Please reply 1 or 2.
    .label = For
done = Your reference is { $reference }. Somebody gets in touch by { $promised }.
check = Is this right?
only-english = English only.
guess = Did you mean { $guess }?
languages = Reply with a number:
    { $languages }
general-too = From the conversation.
";

const GENERAL: &str = "\
weekdays = Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday
months = January, February, March, April, May, June, July, August, September, October, November, December
not-shown = (not shown)
general-too = From general.
";

const SAFETY: &str = "safe = If life is at risk call { $emergency }.
    .northern-ireland = Call { $emergency } or { $lifeline }.
";

const REPLIES: &str = "yes = yes, yep,
    aye
no = no, nope
";

const ARABIC: &str =
    "welcome = \u{645}\u{631}\u{62d}\u{628}\u{627} { $service }\nguess = { $guess }\u{61f}\n";

fn locale(language: &str, about: &str, files: &[(&str, &str)]) -> LocaleFiles {
    let source = |name: &str, text| Source::new(&format!("locales/{language}/{name}"), text);
    LocaleFiles {
        language: language.parse().unwrap(),
        about: source("language.yaml", about),
        messages: files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), source(&format!("{name}.ftl"), text)))
            .collect(),
    }
}

fn english(talk: &str) -> LocaleFiles {
    let files = [("talk", talk), ("general", GENERAL), ("safety", SAFETY), ("replies", REPLIES)];
    let about = "name: English\nreviewed by: Us\nreviewed on: 2026-11-22\nhard words:\n  prior to: before\n  should: ask\n";
    locale("en-GB", about, &files)
}

fn house() -> (Directory, Wording) {
    let mut problems = Problems::default();
    let welsh = [
        ("talk", "for-whom = I bwy?\n    .me = Fi\n"),
        (
            "general",
            "weekdays = Dydd Llun, Dydd Mawrth, Dydd Mercher, Dydd Iau, Dydd Gwener, Dydd Sadwrn, Dydd Sul\nmonths = Ionawr, Chwefror, Mawrth, Ebrill, Mai, Mehefin, Gorffennaf, Awst, Medi, Hydref, Tachwedd, Rhagfyr\n",
        ),
    ];
    let files = [
        locale("ar", "name: \u{627}\u{644}\u{639}\u{631}\u{628}\u{64a}\u{629}", &[("talk", ARABIC)]),
        locale("cy", "name: Cymraeg\nreviewed by: Us\nreviewed on: 2026-11-22\n", &welsh),
        english(TALK),
    ];
    let wording = Wording::read(&files, &mut problems);
    assert!(!problems.has_errors(), "{problems}");
    (directory(), wording.unwrap())
}

fn directory() -> Directory {
    let files = Files {
        services: &Source::new("services.yaml", include_str!("../../conversations/services.yaml")),
        helplines: &Source::new("helplines.yaml", include_str!("../../conversations/helplines.yaml")),
        holidays: &Source::new("holidays.yaml", include_str!("../../conversations/holidays.yaml")),
    };
    Directory::read(files, Date::constant(2026, 11, 22), &mut Problems::default()).unwrap()
}

/// Who is spoken to, for tests: an English speaker by text message unless said otherwise.
struct To {
    language: &'static str,
    channel: ChannelKind,
    nation: Option<Nation>,
    reference: Option<Reference>,
}

const SOMEBODY: To = To { language: "en-GB", channel: ChannelKind::Sms, nation: None, reference: None };

fn talk() -> ConversationId {
    "talk".parse().unwrap()
}

fn say_all(sayings: Vec<Saying>, purpose: Purpose, to: &To) -> Rendered {
    let (directory, wording) = house();
    let language: Language = to.language.parse().unwrap();
    let place = Place {
        conversation: &talk(),
        revision: &RevisionId("0123456789abcdef".into()),
        language: &language,
        channel: to.channel,
        directory: &directory,
        service: directory.service_texted(""),
        nation: to.nation,
        facts: Facts {
            reference: to.reference.as_ref(),
            promised: Some(Date::constant(2026, 11, 26)),
            erased: None,
            watched: false,
        },
        offer_unreviewed: false,
        now: Timestamp::from_micros(0),
    };
    wording.render(&Utterance { purpose, sayings }, &place)
}

fn saying(key: &str) -> Saying {
    let key = match key.split_once('.') {
        Some((message, attribute)) => MessageKey::part(message, attribute),
        None => MessageKey::of(key),
    };
    Saying { key, otherwise: None, choices: Vec::new(), several: false, lines: Vec::new(), guess: None }
}

fn say(key: &str, to: &To) -> String {
    say_all(vec![saying(key)], Purpose::Answer, to).text.0
}

fn for_whom() -> Saying {
    let offered = |choice: &str| Offered {
        choice: choice.parse().unwrap(),
        label: MessageKey::part("for-whom", choice),
    };
    Saying { choices: vec![offered("me"), offered("someone-else")], ..saying("for-whom") }
}

#[test]
fn a_text_message_has_plain_letters_and_numbered_lines() {
    let said = say_all(vec![saying("welcome"), for_whom()], Purpose::Answer, &SOMEBODY);
    assert_eq!(
        said.text.0,
        "Hello from Alder Vale Social Prescribing. Ring 01632 960101. We're here Monday-Wednesday 9:00-17:00, \
         Thursday 9:00-19:00, Friday 9:00-16:30.\nWho is this for?\n1 Me\n2 Someone else"
    );
    assert_eq!((said.parts, said.encoding, said.buttons), (2, Some(Encoding::Gsm7), vec![]));
}

#[test]
fn telegram_has_buttons_instead_of_numbers() {
    let said = say_all(
        vec![saying("check"), for_whom()],
        Purpose::Answer,
        &To { channel: ChannelKind::Telegram, ..SOMEBODY },
    );
    assert_eq!(said.text.0, "Is this right?\n\nWho is this for?");
    let buttons: Vec<(&str, &str)> =
        said.buttons.iter().map(|b| (b.label.as_str(), b.data.as_str())).collect();
    assert_eq!(
        buttons,
        [("Me", "for-whom:01234567.0:me"), ("Someone else", "for-whom:01234567.0:someone-else")]
    );
}

#[test]
fn a_nations_own_wording_is_used_there() {
    let in_nation = |nation| say("welcome-nation", &To { nation, ..SOMEBODY });
    assert_eq!(in_nation(Some(Nation::Wales)), "Call 999 or 111.");
    assert_eq!(in_nation(Some(Nation::England)), "Call 999.");
    assert_eq!(in_nation(None), "Call 999.");
    assert_eq!(
        say("safe", &To { nation: Some(Nation::NorthernIreland), ..SOMEBODY }),
        "Call 999 or 0808 808 8000."
    );
}

#[test]
fn days_are_named_in_the_persons_language() {
    let reference: Reference = "FB-7GH2QX".parse().unwrap();
    let to = To { reference: Some(reference.clone()), ..SOMEBODY };
    assert_eq!(
        say("done", &to),
        "Your reference is FB-7GH2QX. Somebody gets in touch by Thursday 26 November."
    );
    let welsh = say("done", &To { language: "cy", reference: Some(reference), ..SOMEBODY });
    assert_eq!(welsh, "Your reference is FB-7GH2QX. Somebody gets in touch by Dydd Iau 26 Tachwedd.");
}

#[test]
fn what_a_language_lacks_is_said_in_english() {
    let to = To { language: "cy", ..SOMEBODY };
    assert_eq!(say_all(vec![for_whom()], Purpose::Answer, &to).text.0, "I bwy?\n1 Fi\n2 Someone else");
    assert_eq!(say("only-english", &to), "English only.");
    assert_eq!(say("only-english", &To { language: "pl", ..SOMEBODY }), "English only.");
}

#[test]
fn the_conversations_own_file_comes_before_general() {
    assert_eq!(say("general-too", &SOMEBODY), "From the conversation.");
    assert_eq!(say("not-shown", &SOMEBODY), "(not shown)");
}

#[test]
fn answers_are_read_back_on_numbered_lines_without_what_may_not_be_shown() {
    let line = |shown| ReadBack { label: MessageKey::part("for-whom", "label"), shown };
    let lines = vec![
        line(Shown::Labels(vec![
            MessageKey::part("for-whom", "me"),
            MessageKey::part("for-whom", "someone-else"),
        ])),
        line(Shown::Practice("quayside".parse().unwrap())),
        line(Shown::Plain("ZE98 1AA".into())),
        line(Shown::NotShown),
    ];
    let said = say_all(vec![Saying { lines, ..saying("check") }], Purpose::Answer, &SOMEBODY);
    assert_eq!(
        said.text.0,
        "Is this right?\n1 For: Me, Someone else\n2 For: The Quayside Practice\n3 For: ZE98 1AA\n4 For: (not shown)"
    );
}

#[test]
fn languages_are_numbered_english_first_and_unreviewed_ones_left_out() {
    assert_eq!(say("languages", &SOMEBODY), "Reply with a number:\n1 English\n2 Cymraeg");
    let (_, wording) = house();
    let tags =
        |unreviewed| wording.languages(unreviewed).into_iter().map(Language::as_str).collect::<Vec<_>>();
    assert_eq!(tags(false), ["en-GB", "cy"]);
    assert_eq!(tags(true), ["en-GB", "ar", "cy"]);
}

#[test]
fn values_are_kept_in_one_piece_from_right_to_left_but_not_paid_for_in_text_messages() {
    let guess = Saying { guess: Some(Shown::Plain("3".into())), ..saying("guess") };
    let telegram = To { language: "ar", channel: ChannelKind::Telegram, ..SOMEBODY };
    assert_eq!(say_all(vec![guess.clone()], Purpose::Answer, &telegram).text.0, "\u{2068}3\u{2069}\u{61f}");
    let sms = To { language: "ar", ..SOMEBODY };
    assert_eq!(say_all(vec![guess], Purpose::Answer, &sms).text.0, "3\u{61f}");
}

#[test]
fn half_a_message_is_never_said() {
    // The reference is not known yet.
    assert_eq!(say("done", &SOMEBODY), LAST_RESORT);
    assert_eq!(say("nobody-wrote-this", &SOMEBODY), LAST_RESORT);
    let said = say_all(vec![saying("check"), saying("done")], Purpose::Answer, &SOMEBODY);
    assert_eq!(said.text.0, "Is this right?");
}

#[test]
fn a_safety_reply_with_a_gap_ends_with_the_last_resort() {
    let said = say_all(vec![saying("safe"), saying("nobody-wrote-this")], Purpose::Safety, &SOMEBODY);
    assert_eq!(said.text.0, format!("If life is at risk call 999.\n{LAST_RESORT}"));
}

#[test]
fn a_copy_says_what_todays_files_lack_and_nothing_else() {
    let (directory, old) = house();
    let copy = Wording::of_copy(&old.copy(&talk()), &talk()).unwrap();
    let today = Wording::read(&[english("check = Today.\n")], &mut Problems::default()).unwrap();
    let place = Place {
        conversation: &talk(),
        revision: &RevisionId("0".into()),
        language: &Language::english(),
        channel: ChannelKind::Sms,
        directory: &directory,
        service: directory.service_texted(""),
        nation: None,
        facts: Facts::default(),
        offer_unreviewed: false,
        now: Timestamp::from_micros(0),
    };
    let say = |key: &str| {
        let utterance = Utterance { purpose: Purpose::Answer, sayings: vec![saying(key)] };
        today.render_or_copy(&utterance, &place, Some(&copy)).text.0
    };
    assert_eq!(say("check"), "Today.");
    assert_eq!(say("only-english"), "English only.");
    assert_eq!(say("general-too"), "From general.");
}

#[test]
fn accepted_words_come_by_language_with_english_where_a_label_is_english() {
    let (_, wording) = house();
    let cy: Language = "cy".parse().unwrap();
    let asked =
        [(talk(), "for-whom".parse().unwrap(), vec!["me".parse().unwrap(), "someone-else".parse().unwrap()])];
    let words = |language: &Language| {
        let questions = wording.questions(language, &asked);
        let row = &questions[&talk()][&"for-whom".parse().unwrap()];
        row.iter().map(|choice| (choice.label().to_owned(), choice.words().join("|"))).collect::<Vec<_>>()
    };
    let pair = |label: &str, words: &str| (label.to_owned(), words.to_owned());
    assert_eq!(words(&Language::english()), [pair("Me", "myself|for me|mine"), pair("Someone else", "")]);
    assert_eq!(words(&cy), [pair("Fi", "myself|for me|mine"), pair("Someone else", "")]);
    let replies = wording.replies(&Language::english());
    assert_eq!(replies["yes"], ["yes", "yep", "aye"]);
    assert_eq!(wording.replies(&cy), BTreeMap::new());
}

#[test]
fn messages_and_their_variables_can_be_asked_for() {
    let (_, wording) = house();
    let english = Language::english();
    let key = MessageKey::part("welcome-nation", "wales");
    assert!(wording.has(&talk(), &key, &english));
    assert!(!wording.has(&talk(), &MessageKey::part("for-whom", "retry"), &"cy".parse().unwrap()));
    assert!(wording.has(&talk(), &MessageKey::of("safe"), &english));
    assert_eq!(
        wording.variables(&talk(), &key, &english).into_iter().collect::<Vec<_>>(),
        ["emergency", "nhs-111"]
    );
}

fn what_the_author_sees(talk: &str) -> String {
    let mut problems = Problems::default();
    if let Some(wording) = Wording::read(&[english(talk)], &mut problems) {
        wording.check(&directory(), &mut problems);
    }
    problems.sorted().to_string()
}

#[test]
fn wrong_fluent_is_shown_with_its_line() {
    let seen = what_the_author_sees("hello = Hi { $name\nbye = Bye\nhello = Hi\n");
    assert!(seen.starts_with("locales/en-GB/talk.ftl:2:1: error: a `}` is missing before this\n"), "{seen}");
    assert!(seen.contains("\n  2 | bye = Bye\n    | ^\n"), "{seen}");
    assert_eq!(
        what_the_author_sees("hello = Hi\nbye = Bye\n    .label = A\n    .label = B\nhello = Hi\n"),
        "\
locales/en-GB/talk.ftl:4:6: error: `bye.label` stands twice
  4 |     .label = B
    |      ^
  Keep one of the two.

locales/en-GB/talk.ftl:5:1: error: `hello` stands twice
  5 | hello = Hi
    | ^
  Keep one of the two."
    );
}

#[test]
fn a_letter_that_makes_a_text_dear_is_named_with_its_place_and_the_plain_one() {
    let seen = what_the_author_sees(
        "hello = Hi there,\n    d\u{175}r \u{1f600}\n    .telegram = \u{1f600}\n    .me-words = \u{1f600}\n",
    );
    assert_eq!(
        seen,
        "\
locales/en-GB/talk.ftl:2:6: warning: `hello` has \u{201c}\u{175}\u{201d}, which phones' own alphabet lacks: each part of the whole text then holds 70 letters, not 160
  2 |     d\u{175}r \u{1f600}
    |      ^
  Write \"w\" instead.

locales/en-GB/talk.ftl:2:9: warning: `hello` has \u{201c}\u{1f600}\u{201d}, which phones' own alphabet lacks: each part of the whole text then holds 70 letters, not 160
  2 |     d\u{175}r \u{1f600}
    |         ^
  Leave it out, or say it in words."
    );
    assert_eq!(
        what_the_author_sees("hello = It\u{2019}s \u{201c}fine\u{201d} \u{2013} caf\u{e9}\n"),
        "",
        "made plain by itself"
    );
}

#[test]
fn variables_and_helplines_are_checked_where_they_stand() {
    assert_eq!(
        what_the_author_sees("a = Hi { $servce }\nb = Call { $lifeline }\n    .wales = Call { $lifeline }\n"),
        "\
locales/en-GB/talk.ftl:1:11: error: there is no variable `$servce`
  1 | a = Hi { $servce }
    |           ^
  Did you mean `$service`?

locales/en-GB/talk.ftl:2:13: error: `$lifeline` does not hold everywhere
  2 | b = Call { $lifeline }
    |             ^
  Use it in `.northern-ireland` only.

locales/en-GB/talk.ftl:3:22: error: `$lifeline` does not hold in wales
  3 |     .wales = Call { $lifeline }
    |                      ^
  Use it in `.northern-ireland` only."
    );
}

#[test]
fn a_message_that_another_names_must_be_there() {
    assert_eq!(
        what_the_author_sees("a = { b } { safe } { safe.northern-ireland } { -team }\n"),
        "\
locales/en-GB/talk.ftl:1:7: error: there is no message `b`
  1 | a = { b } { safe } { safe.northern-ireland } { -team }
    |       ^
  Write it in this file, in general.ftl or in safety.ftl.

locales/en-GB/talk.ftl:1:49: error: there is no message `-team`
  1 | a = { b } { safe } { safe.northern-ireland } { -team }
    |                                                 ^
  Write it in this file, in general.ftl or in safety.ftl."
    );
}

#[test]
fn hard_words_are_named_with_plain_ones_and_only_as_whole_words() {
    assert_eq!(
        what_the_author_sees("a = You\n    Should ring. A shoulder is fine.\n    .label = Prior to it\n"),
        "\
locales/en-GB/talk.ftl:1:1: warning: `a` says \"should\"
  1 | a = You
    | ^
  Instead: ask. The list stands in language.yaml.

locales/en-GB/talk.ftl:3:6: warning: `a.label` says \"prior to\"
  3 |     .label = Prior to it
    |      ^
  Instead: before. The list stands in language.yaml."
    );
}

#[test]
fn safety_texts_that_nobody_has_signed_are_a_warning() {
    let mut problems = Problems::default();
    let files = locale("pl", "name: Polski\n", &[("safety", "safe = 999\n")]);
    Wording::read(&[english("a = Hi\n"), files], &mut problems).unwrap().check(&directory(), &mut problems);
    let seen = problems.sorted().to_string();
    assert!(
        seen.contains("locales/pl/safety.ftl:1:1: warning: nobody has reviewed the safety texts in `pl`"),
        "{seen}"
    );
    assert!(!seen.contains("in `en-GB`"), "{seen}");
}

#[test]
fn texts_that_are_hard_to_read_are_warnings() {
    let long = "a = We read what you send and we keep it and we show it to the team and to the people who help them on the day you ask.\n";
    let hard = "b = Your personal information is processed electronically. Confidentiality regulations necessitate authorisation.\n    Participation is entirely discretionary.\n";
    let seen = what_the_author_sees(&format!("{long}{hard}"));
    assert!(seen.contains("talk.ftl:1:1: warning: `a` has a sentence of 28 words"), "{seen}");
    assert!(seen.contains("talk.ftl:2:1: warning: `b` has a reading age of "), "{seen}");
    assert!(!seen.contains("error"), "{seen}");
}

#[test]
fn a_language_is_needed_that_everybody_falls_back_to() {
    let files = [locale("cy", "name: Cymraeg", &[])];
    let mut problems = Problems::default();
    assert!(Wording::read(&files, &mut problems).is_none());
    assert!(problems.has_errors());
}

#[test]
fn wording_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Wording>();
}
