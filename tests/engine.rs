//! What holds whatever happens, and in whatever order: long random conversations with the engine.
//!
//! People text nonsense, tap old buttons, stop, fall silent, come back; link workers take over; flows are edited below
//! live sessions. The engine never fails, never strands anybody, and never lets a crisis pass.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use footbridge::content::Content;
use footbridge::conversation::aside::Aside;
use footbridge::conversation::definition::Definition;
use footbridge::conversation::effect::Effect;
use footbridge::conversation::effect::Shown;
use footbridge::conversation::effect::Step;
use footbridge::conversation::effect::Utterance;
use footbridge::conversation::input::DeadlineKind;
use footbridge::conversation::input::Input;
use footbridge::conversation::read;
use footbridge::conversation::session::Session;
use footbridge::conversation::session::Standing;
use footbridge::conversation::step;
use footbridge::conversation::step::Engine;
use footbridge::conversation::way::Way;
use footbridge::domain::answer::Value;
use footbridge::domain::language::Language;
use footbridge::domain::message::NetworkWord;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::time::Timestamp;
use footbridge::handover::Consent;
use footbridge::reading::problem::Problems;
use footbridge::reading::source::Source;
use proptest::prelude::*;
use proptest::sample::Index;

/// Enough that each run meets every aside; few enough for a few seconds without optimisation.
const CASES: u32 = 96;

/// As long as a patient person's way through the long conversation.
const INPUTS_MOST: usize = 40;

const START: Timestamp = Timestamp::from_micros(1_789_459_200_000_000);

const CRISIS: &str = "I want to kill myself";

/// Plausible replies, more of those that lead on.
const TEXTS: &[&str] = &[
    "1",
    "2",
    "3",
    "4",
    "1",
    "2",
    "3",
    "1 3",
    "yes",
    "no",
    "yes",
    "1",
    "0",
    "9",
    "45",
    "78",
    "Joan",
    "Mrs Patel",
    "Alder Vale Surgery",
    "BN1 1AA",
    "SW1A 1AA",
    "Dr Patel's",
    "not sure",
    "none",
    "me",
    "someone else",
    "text",
    "call",
    "not this phone",
    "please dont reply he reads my phone",
    "you can text me again",
    "my name is Maggie",
    "my knees",
    "none of your business",
    "I would like some company in the afternoons",
    "back",
    "back",
    "skip",
    "done",
    "person",
    "restart",
    "language",
    "polish",
    "cymraeg",
    "English",
    "again",
    "go",
    "carry on",
    "who is this",
    "help",
    "HELP NOW",
    "delete",
    "stop",
    "start",
    "leave me alone",
    "thanks x",
    "ok",
    "maybe",
    "hi",
    "my husband hits me",
    "I want to die",
    "we have no food tonight",
    "safe",
    "not safe",
    "07700 900123",
    "ring me on 01273 555123",
    "Dear sir, my Arthur is gone and I miss him so",
    "",
    " ",
    "👍",
    "Liked “welcome”",
    "99999999999999999999",
    "ＹＥＳ",
    "1\n2",
    "{ $reference }",
    "\u{202e}oof\u{0}",
];

/// Those of `TEXTS` that ask to carry on.
const GOES_ON: [&str; 4] = ["go", "carry on", "start", "you can text me again"];

static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let (content, problems) = Content::load(None, None, true, START).expect("what the test needs");
    content.unwrap_or_else(|| panic!("{} problems", problems.len()))
});

/// The shipped flows, and the long one as somebody could have edited it: a step renamed, one removed, lists changed.
static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(|| {
    let long = &CONTENT.conversations[&"what-matters".parse().expect("what the test needs")];
    let short = &CONTENT.conversations[&"short".parse().expect("what the test needs")];
    let strengths = "  - ask: strengths\n    answer: own words\n    joins within: 20 seconds\n    part: strengths\n    may skip: yes\n    only if: for-whom is me\n";
    let edits = [
        ("ask: matters\n", "ask: what-counts\n"),
        (strengths, ""),
        (
            "[text, call, voicemail, not-this-phone, another-number]",
            "[not-this-phone, call, text, another-number, letter]",
        ),
        ("  - ask: six\n    answer: choose several\n", "  - ask: six\n    answer: choose one\n"),
    ];
    let edited = |count: usize| {
        let edit = |text: String, (from, to): &(&str, &str)| {
            assert!(text.contains(from), "the flow has changed: {from}");
            let text = text.replace(from, to);
            let several_only = ["    alone: [none]\n", "    takes own words: yes\n"];
            let gone = if to.contains("choose one") { &several_only[..] } else { &[] };
            gone.iter().fold(text, |text, line| text.replacen(line, "", 1))
        };
        let text = edits[..count].iter().fold(long.source.text.clone(), edit);
        let text = text.replace("when-to-call\n", "when-to-ring\n").replace("call or voicemail", "call");
        let mut problems = Problems::default();
        let definition = read::read(&Source::new("flow.yaml", &text), &mut problems);
        assert!(!problems.has_errors(), "{:?}", problems.iter().map(ToString::to_string).collect::<Vec<_>>());
        Engine { definition: definition.expect("what the test needs").into(), ..long.engine.clone() }
    };
    let shipped = [long.engine.clone(), short.engine.clone()];
    shipped.into_iter().chain((1..=edits.len()).map(edited)).collect()
});

/// The shipped flows come first in `ENGINES`; the edits are of the first.
const SHIPPED: usize = 2;

static NASTY: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = include_str!("data/messages/nasty.jsonl").lines();
    let text = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).expect("what the test needs")["text"]
            .as_str()
            .map(str::to_owned)
    };
    lines.filter_map(text).chain([format!("{} end", "word ".repeat(2_000))]).collect()
});

#[derive(Debug, Clone)]
enum Event {
    Text(Index),
    Nasty(Index),
    Network(NetworkWord),
    Tap(Index, Index),
    Edited(Index),
    Media,
    OptedOut,
    Due(DeadlineKind, u32),
    Hold,
    HandedBack,
    Flow(Index),
}

fn event() -> impl Strategy<Value = Event> {
    let words = [NetworkWord::Stop, NetworkWord::Start, NetworkWord::Yes, NetworkWord::Help];
    prop_oneof![
        40 => any::<Index>().prop_map(Event::Text),
        4 => any::<Index>().prop_map(Event::Nasty),
        2 => prop::sample::select(words.to_vec()).prop_map(Event::Network),
        4 => (any::<Index>(), any::<Index>()).prop_map(|(step, choice)| Event::Tap(step, choice)),
        1 => any::<Index>().prop_map(Event::Edited),
        1 => Just(Event::Media),
        1 => Just(Event::OptedOut),
        5 => (prop::sample::select(DeadlineKind::ALL.to_vec()), 0..3_u32).prop_map(|(kind, late)| Event::Due(kind, late)),
        1 => Just(Event::Hold),
        2 => Just(Event::HandedBack),
        2 => any::<Index>().prop_map(Event::Flow),
    ]
}

/// How long passes before an event, mostly a moment.
fn pause() -> impl Strategy<Value = Duration> {
    let seconds = [5, 5, 30, 60, 60, 60, 60, 2_400, 90_000, 8 * 86_400, 31 * 86_400];
    prop::sample::select(seconds.to_vec()).prop_map(Duration::from_secs)
}

struct Talk {
    engine: Engine,
    /// Whether the flow is as it was shipped: edited ones have no words for what is new in them.
    shipped: bool,
    /// Whether the flow was edited since the last question.
    edited: bool,
    session: Session,
    now: Timestamp,
}

impl Talk {
    fn new(flow: usize) -> Self {
        let engine = ENGINES[flow].clone();
        let session = begin(&engine.definition, Standing::default(), START);
        Self { engine, shipped: true, edited: false, session, now: START }
    }

    fn meets(&mut self, event: &Event, after: Duration) {
        self.now = self.now.plus(after);
        match event {
            Event::Hold => self.session.standing.hold = true,
            Event::Flow(which) if self.engine.definition.id.as_str() == "what-matters" => {
                let edits = ENGINES.len() - SHIPPED;
                self.engine = ENGINES[SHIPPED + which.index(edits)].clone();
                (self.shipped, self.edited) = (false, true);
            }
            Event::Flow(_) => {}
            Event::Text(_)
            | Event::Nasty(_)
            | Event::Network(_)
            | Event::Tap(..)
            | Event::Edited(_)
            | Event::Media
            | Event::OptedOut
            | Event::Due(..)
            | Event::HandedBack => self.takes(&self.input(event)),
        }
    }

    fn input(&self, event: &Event) -> Input {
        let words = |text: &str| Words(text.to_owned());
        let text = |index: &Index| words(TEXTS[index.index(TEXTS.len())]);
        match event {
            Event::Text(index) => Input::Heard { text: text(index), network: None },
            Event::Nasty(index) => {
                Input::Heard { text: words(&NASTY[index.index(NASTY.len())]), network: None }
            }
            Event::Network(word) => Input::Heard { text: words("STOP"), network: Some(*word) },
            Event::Tap(step, choice) => self.tap(step, choice),
            Event::Edited(index) => Input::Edited { text: text(index) },
            Event::Media => Input::Media { caption: Words::default() },
            Event::OptedOut => Input::OptedOut,
            Event::Due(deadline, late) => {
                Input::Due { deadline: *deadline, sequence: self.session.sequence.saturating_sub(*late) }
            }
            Event::HandedBack | Event::Hold | Event::Flow(_) => Input::HandedBack,
        }
    }

    /// A button of any step, or of any of our own questions.
    fn tap(&self, step: &Index, choice: &Index) -> Input {
        let ours = [
            "are-you-safe",
            "safe-to-text",
            "stuck",
            "resume",
            "proposal",
            "confirm-restart",
            "opening-words",
        ];
        let choices =
            ["yes", "no", "safe", "not-safe", "skip", "try", "person", "carry-on", "restart", "me", "text"];
        let steps = self.engine.definition.steps.iter().map(|step| step.id.as_str()).chain(ours);
        let steps: Vec<_> = steps.collect();
        Input::Pressed {
            shown_at: self.now,
            step: step.get(&steps).parse().expect("what the test needs"),
            revision: self.session.revision.clone(),
            choice: choice.get(&choices).parse().expect("what the test needs"),
        }
    }

    fn takes(&mut self, input: &Input) {
        let of_the_person = matches!(input, Input::Heard { .. } | Input::Pressed { .. });
        if of_the_person && !step::belongs(&self.engine, &self.session, input, self.now) {
            self.session = begin(&self.engine.definition, self.session.standing.clone(), self.now);
        }
        let before = self.session.clone();
        let step = step::step(&self.engine, before.clone(), input, self.now);
        self.check(&before, input, &step);
        let again = step.effects.contains(&Effect::BeginAgain);
        self.session = step.session;
        if again {
            let step = step::begin_again(&self.engine, self.session.standing.clone(), self.now);
            self.check(&step.session.clone(), input, &step);
            self.session = step.session;
            self.edited = false;
        }
        self.is_whole();
    }

    /// What must hold of every step.
    fn check(&self, before: &Session, input: &Input, step: &Step) {
        let said: Vec<&Utterance> = step.effects.iter().filter_map(said).collect();
        assert!(said.len() <= 2, "{} texts at once", said.len());
        let raised = step.effects.iter().any(|effect| matches!(effect, Effect::Raise(_)));
        // Also where the very text asks for silence, as in "dont reply he reads my phone".
        let asides = [before.aside.as_ref(), step.session.aside.as_ref()];
        let quiet = asides.into_iter().flatten().any(|open| open.aside == Aside::Quiet);
        // Whoever stops after a text about danger is to be rung: that is raised, and no text reaches them.
        let stopped = before.standing.opted_out || step.session.standing.opted_out;
        let silent = quiet || stopped || before.standing.hold || matches!(input, Input::Due { .. });
        let safety = said.iter().any(|utterance| utterance.purpose == Purpose::Safety);
        assert!(!raised || safety || silent, "silence after a concern: {:?} {input:?}", before.aside);
        let unasked = said.iter().all(|utterance| utterance.purpose == Purpose::Safety);
        assert!(unasked || !step.session.standing.texts_unsafe, "a text to a phone that is not safe");
        let asked_about_safety = before.aside.as_ref().is_some_and(|open| open.aside.waits_for_a_human());
        let goes_on = said.iter().flat_map(|utterance| &utterance.sayings).any(|saying| {
            self.engine.definition.steps.iter().any(|step| step.id.as_str() == saying.key.message)
        });
        // Whoever is asked whether they are safe may say themselves that they want to go on.
        let are_you_safe = before.aside.as_ref().is_some_and(|open| open.aside == Aside::AreYouSafe);
        let says_so = matches!(input, Input::Heard { text, .. } if GOES_ON.contains(&text.0.as_str()));
        let goes_on = goes_on && !(are_you_safe && says_so);
        assert!(!asked_about_safety || !goes_on, "the flow goes on over {:?} after {input:?}", before.aside);
        if self.shipped {
            said.iter().for_each(|utterance| self.has_words(utterance));
        }
    }

    fn has_words(&self, utterance: &Utterance) {
        let english = Language::english();
        let has = |key| CONTENT.wording.has(&self.engine.definition.id, key, &english);
        for saying in &utterance.sayings {
            let found = has(&saying.key) || saying.otherwise.as_ref().is_some_and(has);
            assert!(found, "no words for {}", saying.key);
            let labels = saying.choices.iter().map(|offered| &offered.label);
            let labels = labels.chain(saying.lines.iter().map(|line| &line.label));
            let shown = saying.lines.iter().map(|line| &line.shown).chain(&saying.guess);
            let shown = shown.flat_map(|shown| match shown {
                Shown::Labels(labels) => labels.as_slice(),
                Shown::Practice(_) | Shown::Plain(_) | Shown::NotShown => &[],
            });
            labels.chain(shown).for_each(|label| assert!(has(label), "no words for {label}"));
        }
    }

    /// What must hold between any two inputs.
    fn is_whole(&mut self) {
        let session = &self.session;
        let json = serde_json::to_string(session).expect("what the test needs");
        let mut back: Session = serde_json::from_str(&json).expect("what the test needs");
        back.standing = session.standing.clone();
        assert!(back == *session, "a session changes when it is kept");

        let position = first_open(&self.engine.definition, session);
        let by_way = Way::of(&self.engine.definition, session).open().next().map(|step| step.id.as_str());
        assert_eq!(by_way, position, "the position is the first open step");

        let asked = session.asked.as_ref().map(|asked| asked.step.as_str());
        self.edited &= asked != position;
        let standing = &session.standing;
        let waits = self.edited || standing.hold || standing.opted_out || standing.texts_unsafe;
        if session.is_live() && session.aside.is_none() && asked.is_some() && !waits {
            assert_eq!(
                asked, position,
                "live, and the question that stands open is not the one that was asked"
            );
        }
        assert!(!session.is_live() || position.is_some(), "live, and nothing to ask");

        let step = step::step(
            &self.engine,
            session.clone(),
            &Input::Heard { text: Words(CRISIS.to_owned()), network: None },
            self.now,
        );
        let raised = step.effects.iter().any(|effect| matches!(effect, Effect::Raise(_)));
        assert!(raised, "a crisis went by");
    }

    /// Nobody writes any more: everything that is due falls due. How many texts that makes.
    fn falls_silent(&mut self) -> usize {
        let mut due: BTreeMap<DeadlineKind, (Timestamp, u32)> = BTreeMap::new();
        let mut texts = 0;
        let mut input = Input::Heard { text: Words("hello".to_owned()), network: None };
        for _ in 0..20 {
            let step = step::step(&self.engine, self.session.clone(), &input, self.now);
            for effect in &step.effects {
                match effect {
                    Effect::SetDeadline { deadline, at, sequence } => {
                        due.insert(*deadline, (*at, *sequence));
                    }
                    Effect::End(_) => due.clear(),
                    _ => {}
                }
            }
            texts += step.effects.iter().filter_map(said).count();
            self.session = step.session;
            let Some((kind, (at, sequence))) =
                due.iter().min_by_key(|(_, (at, _))| *at).map(|(k, v)| (*k, *v))
            else {
                return texts;
            };
            due.remove(&kind);
            self.now = at.max(self.now);
            input = Input::Due { deadline: kind, sequence };
        }
        panic!("something is due for ever")
    }
}

fn begin(definition: &Definition, standing: Standing, now: Timestamp) -> Session {
    Session::begin(definition.id.clone(), definition.revision.clone(), standing, now)
}

fn said(effect: &Effect) -> Option<&Utterance> {
    match effect {
        Effect::Say(utterance) => Some(utterance),
        _ => None,
    }
}

/// The first open step, as docs/format.md says it and without the engine's own help.
fn first_open<'a>(definition: &'a Definition, session: &Session) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, Option<&Value>> = BTreeMap::new();
    for step in &definition.steps {
        let conditions = step.only_if.iter().flat_map(|guard| &guard.0);
        let holds = |name: &str, test: &footbridge::conversation::guard::Test| {
            counts.get(name).is_some_and(|value| test.holds(*value))
        };
        if !conditions.into_iter().all(|condition| holds(condition.step.as_str(), &condition.test)) {
            continue;
        }
        match session.answers.get(&step.id) {
            Some(answer) => counts.insert(step.id.as_str(), answer.value.as_ref()),
            None => return Some(step.id.as_str()),
        };
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_engine_keeps_its_promises(
        flow in 0..SHIPPED,
        events in prop::collection::vec((event(), pause()), 1..INPUTS_MOST),
    ) {
        let mut talk = Talk::new(flow);
        for (event, after) in &events {
            talk.meets(event, *after);
        }
        let reminders = talk.engine.definition.limits.remind_after.len();
        // The answer to the last text (two where a concern was raised), every reminder, and the closing.
        prop_assert!(talk.falls_silent() <= 2 + reminders + 1);
    }
}

/// A session after these texts.
fn asked(engine: &Engine, texts: &[&str]) -> Session {
    let session = begin(&engine.definition, Standing::default(), START);
    texts.iter().fold(session, |session, text| hears(engine, session, text).session)
}

fn hears(engine: &Engine, session: Session, text: &str) -> Step {
    step::step(engine, session, &Input::Heard { text: Words((*text).to_owned()), network: None }, START)
}

fn value(session: &Session, step: &str) -> Option<Value> {
    session.answers.get(&step.parse().expect("what the test needs")).and_then(|answer| answer.value.clone())
}

/// Up to "how may we reach you?".
const TO_REACH: [&str; 10] =
    ["hi", "me", "78", "Joan", "Alder Vale Surgery", "some company", "3", "1", "I bake a bit", "yes"];

#[test]
fn a_number_stands_for_the_choice_that_was_sent_with_it_though_the_list_has_changed() {
    let (sent, edited) = (&ENGINES[0], &ENGINES[SHIPPED + 2]);
    let session = asked(sent, &TO_REACH);
    assert_eq!(session.asked.as_ref().expect("what the test needs").step.as_str(), "reach");
    // The edited list begins with "not this phone"; the person saw "text" there.
    let mut session = session;
    let answer = session.answers[&"matters".parse().expect("what the test needs")].clone();
    session.answers.insert("what-counts".parse().expect("what the test needs"), answer);
    let first = hears(edited, session.clone(), "1");
    assert_eq!(
        value(&first.session, "reach"),
        Some(Value::Choice("text".parse().expect("what the test needs")))
    );
    // "Voicemail" was third, and is gone: the list is sent anew, and nothing is taken.
    let third = hears(edited, session, "3");
    assert_eq!(value(&third.session, "reach"), None);
    assert!(third.effects.iter().any(|effect| said(effect).is_some()));
    assert_eq!(third.session.asked.expect("what the test needs").choices.len(), 5);
}

#[test]
fn a_hand_over_leaves_out_answers_whose_questions_no_longer_apply() {
    let engine = &ENGINES[0];
    let mut session = asked(engine, &TO_REACH);
    let name = session.answers[&"name".parse().expect("what the test needs")].clone();
    session.answers.insert("their-name".parse().expect("what the test needs"), name);
    let summary = CONTENT.summary(&engine.definition, &session);
    let steps: Vec<_> = summary.entries.iter().map(|entry| entry.step.as_str()).collect();
    assert!(steps.contains(&"name") && !steps.contains(&"their-name"), "{steps:?}");
}

#[test]
fn a_hand_over_says_what_was_said_about_being_passed_on() {
    let engine = &ENGINES[0];
    let to_pass_on = &TO_REACH[..TO_REACH.len() - 1];
    let words = |words: &str| Consent::NotYet(words.to_owned());
    for (texts, consent) in [
        (vec!["hi"], Consent::NotAsked),
        (to_pass_on[..4].to_vec(), Consent::NotAsked),
        (to_pass_on.to_vec(), Consent::NotAnswered),
        ([to_pass_on, &["yes"]].concat(), Consent::Agreed),
        ([to_pass_on, &["yes", "BACK"]].concat(), Consent::NotAnswered),
        ([to_pass_on, &["no"]].concat(), Consent::Refused),
        (vec!["hi", "someone else", "78"], Consent::NotAnswered),
        (vec!["hi", "someone else", "78", "1"], Consent::Agreed),
        (vec!["hi", "someone else", "78", "2"], words("No, or not yet")),
        (vec!["hi", "someone else", "78", "3"], words("They are not able to say")),
    ] {
        let session = asked(engine, &texts);
        assert_eq!(CONTENT.summary(&engine.definition, &session).consent, consent, "{texts:?}");
    }
}

#[test]
fn a_hand_over_tells_who_writes_apart_from_whom_it_is_about() {
    let engine = &ENGINES[0];
    let who = |texts: &[&str]| {
        let summary = CONTENT.summary(&engine.definition, &asked(engine, texts));
        let writer = summary.writer.map(|writer| (writer.name.map(|name| name.0), writer.relationship));
        (writer, summary.name.map(|name| name.0))
    };
    let own = |text: &str| Some(text.to_owned());
    assert_eq!(who(&["hi"]), (None, None));
    assert_eq!(who(&["hi", "me", "78", "Joan"]), (None, own("Joan")));
    assert_eq!(who(&["hi", "my mum"]), (Some((None, None)), None));
    let until_agreed = ["hi", "my mum", "78", "1"];
    assert_eq!(who(&[&until_agreed[..], &["daughter"]].concat()), (Some((None, own("Family"))), None));
    assert_eq!(
        who(&[&until_agreed[..], &["daughter", "Sue", "Doreen"]].concat()),
        (Some((own("Sue"), own("Family"))), own("Doreen"))
    );
    assert_eq!(
        who(&[&until_agreed[..], &["daughter", "SKIP", "Doreen"]].concat()),
        (Some((None, own("Family"))), own("Doreen"))
    );
}
