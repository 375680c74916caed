//! What really happened, written down by the provider and the people, and what must be true of it.
//!
//! The program writes nothing here, and no kill reaches it: it is held against what the program's tables say in the end.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use uuid::Uuid;

/// One thing that happened, in the order in which it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A person has sent a text.
    Texted {
        /// The provider's id of it.
        sid: String,
        /// Who.
        from: String,
    },
    /// The program has said that it took this text.
    Acknowledged {
        /// The provider's id of it.
        sid: String,
    },
    /// The program asks the provider to send.
    Began {
        /// The program's id of the text.
        text: Uuid,
        /// To whom.
        to: String,
    },
    /// The provider takes it.
    Took {
        /// The program's id of the text.
        text: Uuid,
        /// To whom.
        to: String,
    },
    /// The provider reports that it has arrived: from here on the next may leave, whether the request was answered or not.
    Reported {
        /// The program's id of the text.
        text: Uuid,
        /// To whom.
        to: String,
    },
    /// The provider answers, or does not, and is done with it.
    Ended {
        /// The program's id of the text.
        text: Uuid,
        /// To whom.
        to: String,
    },
    /// The provider took it, nobody was told so, and nobody can ask: such a text may be said once more.
    Lost {
        /// The program's id of the text.
        text: Uuid,
        /// To whom.
        to: String,
    },
    /// What a person has texted speaks of danger.
    Cried {
        /// The provider's id of it.
        sid: String,
    },
    /// The program has ended without a goodbye: nothing of it is under way any more.
    Killed,
}

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub text: Uuid,
    /// How it stands.
    pub state: String,
    /// Its place among all that is said to this address.
    pub sequence: i64,
    /// Whether a human was called because of it.
    pub human_called: bool,
    /// Whether it answers a text about danger.
    pub safety: bool,
    /// To whom, where the provider cannot be asked for it.
    pub to: Option<String>,
}

impl Row {
    fn is_with_a_human(&self) -> bool {
        self.state != "sent" && self.human_called
    }
}

/// What the tables say in the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tables {
    /// How many texts of people are kept.
    pub inbound: usize,
    /// Every text to people.
    pub outbox: Vec<Row>,
}

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violation {
    /// Fewer texts are kept than were acknowledged.
    AcknowledgedAndLost,
    /// More texts are kept than were sent.
    KeptTwice,
    /// A person's text has no answer, and no human was called.
    Unanswered(String),
    /// A person has more answers than texts.
    AnsweredTwice(String),
    /// The provider took the same text more than once.
    SentTwice(Uuid),
    /// The provider took a later text of ours before an earlier one to the same person.
    OutOfOrder(String),
    /// Two texts to the same person were under way at once.
    TwoInFlight(String),
    /// The tables say that a text was sent, and the provider never took it.
    MarkedAndNotSent(Uuid),
    /// The provider took a text that the tables do not have.
    SentAndNotKept(Uuid),
    /// A text is neither sent nor given up.
    Stuck(Uuid),
    /// A text was given up, and no human was called.
    GivenUpInSilence(Uuid),
    /// Somebody got a text who never wrote.
    Stranger(String),
    /// Somebody spoke of danger, and something else was said to them first.
    SafetyWaited(String),
}

/// Everything that is wrong.
pub fn check(journal: &[Event], tables: &Tables) -> Vec<Violation> {
    let seen = Seen::of(journal);
    let rows: BTreeMap<Uuid, &Row> = tables.outbox.iter().map(|row| (row.text, row)).collect();
    let mut wrong = Vec::new();
    if tables.inbound < seen.acknowledged.len() {
        wrong.push(Violation::AcknowledgedAndLost);
    }
    if seen.texted.values().map(BTreeSet::len).sum::<usize>() < tables.inbound {
        wrong.push(Violation::KeptTwice);
    }
    people(&seen, &rows, &mut wrong);
    texts(&seen, tables, &rows, &mut wrong);
    wrong.extend(safety_waited(journal, &rows).into_iter().map(Violation::SafetyWaited));
    wrong.extend(seen.two_in_flight.into_iter().map(Violation::TwoInFlight));
    wrong.sort();
    wrong
}

/// What the journal says, by person and by text.
#[derive(Default)]
struct Seen {
    texted: BTreeMap<String, BTreeSet<String>>,
    acknowledged: BTreeSet<String>,
    /// What the provider took for each person, in order.
    took: BTreeMap<String, Vec<Uuid>>,
    /// Texts that the provider took again without a reason.
    sent_twice: BTreeSet<Uuid>,
    /// What the provider was asked to send.
    tried: BTreeSet<Uuid>,
    two_in_flight: BTreeSet<String>,
}

impl Seen {
    fn of(journal: &[Event]) -> Self {
        let mut seen = Self::default();
        let mut under_way: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
        let (mut times, mut lost) = (BTreeMap::<Uuid, usize>::new(), BTreeSet::new());
        for event in journal {
            match event {
                Event::Texted { sid, from } => {
                    seen.texted.entry(from.clone()).or_default().insert(sid.clone());
                }
                Event::Acknowledged { sid } => {
                    seen.acknowledged.insert(sid.clone());
                }
                Event::Began { text, to } => {
                    seen.tried.insert(*text);
                    let texts = under_way.entry(to).or_default();
                    let is_new = texts.insert(*text);
                    if !is_new || 1 < texts.len() {
                        seen.two_in_flight.insert(to.clone());
                    }
                }
                Event::Took { text, to } => {
                    let times = times.entry(*text).or_default();
                    *times += 1;
                    // Once more where nobody could know of the first; never a third time.
                    if 2 < *times || (*times == 2 && !lost.contains(text)) {
                        seen.sent_twice.insert(*text);
                    }
                    seen.took.entry(to.clone()).or_default().push(*text);
                }
                Event::Reported { text, to } | Event::Ended { text, to } => {
                    under_way.entry(to).or_default().remove(text);
                }
                Event::Lost { text, .. } => {
                    lost.insert(*text);
                }
                Event::Cried { .. } => {}
                Event::Killed => under_way.clear(),
            }
        }
        seen
    }
}

fn people(seen: &Seen, rows: &BTreeMap<Uuid, &Row>, wrong: &mut Vec<Violation>) {
    for (to, took) in &seen.took {
        let texts = seen.texted.get(to).map_or(0, BTreeSet::len);
        let answers: BTreeSet<&Uuid> = took.iter().collect();
        match texts {
            0 => wrong.push(Violation::Stranger(to.clone())),
            _ if texts < answers.len() => wrong.push(Violation::AnsweredTwice(to.clone())),
            _ => {}
        }
        // What answers danger overtakes what was to be said before.
        let usual = took.iter().filter_map(|text| rows.get(text)).filter(|row| !row.safety);
        let places: Vec<i64> = usual.map(|row| row.sequence).collect();
        if !places.is_sorted() {
            wrong.push(Violation::OutOfOrder(to.clone()));
        }
    }
    // A text message that was given up before a human names nobody here: as many people may lack an answer.
    let called = rows.values().filter(|row| row.is_with_a_human() && row.to.is_none()).count();
    let lacking = seen.texted.iter().filter(|(from, texts)| {
        let mut answers: BTreeSet<&Uuid> = seen.took.get(*from).into_iter().flatten().collect();
        answers.extend(written_over(from, seen, rows));
        let theirs = rows.values().filter(|row| row.to.as_ref() == Some(*from) && row.is_with_a_human());
        answers.extend(theirs.map(|row| &row.text));
        answers.len() < texts.len()
    });
    let (phones, chats): (Vec<_>, Vec<_>) = lacking.partition(|(from, _)| from.starts_with('+'));
    let lacking = chats.into_iter().chain(phones.into_iter().skip(called));
    wrong.extend(lacking.map(|(from, _)| Violation::Unanswered(from.clone())));
}

/// Where nobody can say whether a text to somebody left, and they have written since, it is not said again: what comes
/// after it answers them.
fn written_over<'a>(from: &str, seen: &Seen, rows: &'a BTreeMap<Uuid, &Row>) -> Vec<&'a Uuid> {
    let theirs = || rows.values().filter(|row| row.to.as_deref() == Some(from));
    let last = theirs().filter(|row| seen.tried.contains(&row.text)).map(|row| row.sequence).max();
    let over =
        theirs().filter(|row| row.state == "cancelled" && last.is_some_and(|last| row.sequence < last));
    over.map(|row| &row.text).collect()
}

/// Who spoke of danger, was heard, and was told something else before the answer to it was even tried.
fn safety_waited(journal: &[Event], rows: &BTreeMap<Uuid, &Row>) -> BTreeSet<String> {
    let (mut waiting, mut heard, mut waited) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    let mut senders: BTreeMap<&str, &str> = BTreeMap::new();
    for event in journal {
        match event {
            Event::Texted { sid, from } => {
                senders.insert(sid, from);
            }
            Event::Cried { sid } => {
                waiting.insert(senders.get(sid.as_str()).copied().unwrap_or_default(), sid.as_str());
            }
            Event::Acknowledged { sid } => {
                heard.insert(sid.as_str());
            }
            Event::Began { text, to } => match rows.get(text) {
                Some(row) if row.safety => {
                    waiting.remove(to.as_str());
                }
                Some(_) | None => {
                    let cry = waiting.get(to.as_str());
                    waited.extend(cry.filter(|sid| heard.contains(*sid)).map(|_| to.clone()));
                }
            },
            Event::Took { .. }
            | Event::Reported { .. }
            | Event::Ended { .. }
            | Event::Lost { .. }
            | Event::Killed => {}
        }
    }
    waited
}

fn texts(seen: &Seen, tables: &Tables, rows: &BTreeMap<Uuid, &Row>, wrong: &mut Vec<Violation>) {
    wrong.extend(seen.sent_twice.iter().copied().map(Violation::SentTwice));
    let took: BTreeSet<Uuid> = seen.took.values().flatten().copied().collect();
    let not_kept = took.iter().filter(|text| !rows.contains_key(text));
    wrong.extend(not_kept.copied().map(Violation::SentAndNotKept));
    for row in &tables.outbox {
        match row.state.as_str() {
            "sent" if !took.contains(&row.text) => wrong.push(Violation::MarkedAndNotSent(row.text)),
            "sent" | "cancelled" => {}
            "gave-up" | "expired" if row.human_called => {}
            "gave-up" | "expired" => wrong.push(Violation::GivenUpInSilence(row.text)),
            _ => wrong.push(Violation::Stuck(row.text)),
        }
    }
}

mod planted {
    //! The checker must find every mistake that it is there for: each test plants one in a story that is right.

    use uuid::Uuid;

    use super::Event;
    use super::Row;
    use super::Tables;
    use super::Violation;
    use super::check;

    const JOAN: &str = "+447700900123";
    const TOM: &str = "+447700900124";

    fn sent(number: u128, to: &str) -> [Event; 3] {
        let (text, to) = (Uuid::from_u128(number), to.to_owned());
        [
            Event::Began { text, to: to.clone() },
            Event::Took { text, to: to.clone() },
            Event::Ended { text, to },
        ]
    }

    fn texted(sid: &str, from: &str) -> [Event; 2] {
        [
            Event::Texted { sid: sid.to_owned(), from: from.to_owned() },
            Event::Acknowledged { sid: sid.to_owned() },
        ]
    }

    fn row(number: u128, sequence: i64) -> Row {
        let state = "sent".to_owned();
        Row { text: Uuid::from_u128(number), state, sequence, human_called: false, safety: false, to: None }
    }

    /// Joan has sent two texts and Tom one; each has an answer.
    fn story() -> (Vec<Event>, Tables) {
        let mut journal = texted("SM1", JOAN).to_vec();
        journal.extend(texted("SM2", TOM));
        journal.extend(sent(1, JOAN));
        journal.extend(sent(2, TOM));
        journal.extend(texted("SM3", JOAN));
        journal.extend(sent(3, JOAN));
        (journal, Tables { inbound: 3, outbox: vec![row(1, 2), row(2, 2), row(3, 4)] })
    }

    #[track_caller]
    fn finds(plant: impl FnOnce(&mut Vec<Event>, &mut Tables), expected: &[Violation]) {
        let (mut journal, mut tables) = story();
        assert_eq!(check(&journal, &tables), [], "the story is right");
        plant(&mut journal, &mut tables);
        assert_eq!(check(&journal, &tables), expected);
    }

    #[test]
    fn an_acknowledgement_before_the_commit() {
        finds(
            |journal, tables| {
                tables.inbound = 2;
                tables.outbox.pop();
                journal.truncate(journal.len() - 3);
            },
            &[Violation::AcknowledgedAndLost, Violation::Unanswered(JOAN.to_owned())],
        );
    }

    #[test]
    fn a_webhook_that_comes_twice_and_is_taken_twice() {
        finds(
            |journal, tables| {
                tables.inbound = 4;
                tables.outbox.push(row(4, 6));
                journal.extend(sent(4, TOM));
            },
            &[Violation::KeptTwice, Violation::AnsweredTwice(TOM.to_owned())],
        );
    }

    #[test]
    fn a_text_that_nobody_swept() {
        finds(
            |journal, _| journal.push(Event::Texted { sid: "SM4".to_owned(), from: TOM.to_owned() }),
            &[Violation::Unanswered(TOM.to_owned())],
        );
    }

    #[test]
    fn a_doubt_that_was_settled_by_sending_again() {
        finds(|journal, _| journal.extend(sent(2, TOM)), &[Violation::SentTwice(Uuid::from_u128(2))]);
    }

    #[test]
    fn a_text_that_overtakes_another() {
        finds(|_, tables| tables.outbox[0].sequence = 9, &[Violation::OutOfOrder(JOAN.to_owned())]);
    }

    #[test]
    fn two_nodes_that_send_to_one_person_at_once() {
        finds(
            |journal, _| {
                let [began, ..] = sent(3, JOAN);
                journal.insert(4, began);
            },
            &[Violation::TwoInFlight(JOAN.to_owned())],
        );
    }

    #[test]
    fn two_nodes_that_send_the_same_text_at_once() {
        finds(
            |journal, _| {
                let [began, ..] = sent(3, JOAN);
                journal.insert(journal.len() - 1, began);
            },
            &[Violation::TwoInFlight(JOAN.to_owned())],
        );
    }

    #[test]
    fn a_mark_before_the_sending() {
        finds(
            |journal, _| {
                journal.retain(
                    |event| !matches!(event, Event::Took { text, .. } if *text == Uuid::from_u128(2)),
                );
            },
            &[Violation::Unanswered(TOM.to_owned()), Violation::MarkedAndNotSent(Uuid::from_u128(2))],
        );
    }

    #[test]
    fn a_sending_before_the_commit() {
        finds(
            |_, tables| {
                tables.outbox.remove(1);
            },
            &[Violation::SentAndNotKept(Uuid::from_u128(2))],
        );
    }

    #[test]
    fn a_lease_that_nobody_takes_back() {
        finds(
            |_, tables| tables.outbox[1].state = "attempting".to_owned(),
            &[Violation::Stuck(Uuid::from_u128(2))],
        );
    }

    #[test]
    fn a_text_that_is_given_up_and_nobody_hears_of_it() {
        finds(
            |_, tables| tables.outbox[1].state = "expired".to_owned(),
            &[Violation::GivenUpInSilence(Uuid::from_u128(2))],
        );
    }

    #[test]
    fn an_answer_to_somebody_else() {
        finds(
            |journal, _| {
                for event in journal.iter_mut() {
                    if let Event::Took { text, to } = event
                        && *text == Uuid::from_u128(2)
                    {
                        *to = "+447700900125".to_owned();
                    }
                }
            },
            &[Violation::Unanswered(TOM.to_owned()), Violation::Stranger("+447700900125".to_owned())],
        );
    }

    #[test]
    fn a_text_that_a_human_was_called_for_is_no_mistake() {
        let (mut journal, mut tables) = story();
        journal.retain(|event| !matches!(event, Event::Took { text, .. } if *text == Uuid::from_u128(2)));
        tables.outbox[1].state = "gave-up".to_owned();
        tables.outbox[1].human_called = true;
        assert_eq!(check(&journal, &tables), []);
    }

    const ANN: &str = "7000000001";
    const BEN: &str = "7000000002";

    /// What a provider that nobody can ask may do: Ann's first answer was lost and said once more; Ben's first was tried
    /// in vain, and then Ben wrote again; Ann speaks of danger, and is answered before what was tried for her and failed.
    fn story_of_telegram() -> (Vec<Event>, Tables) {
        let mut journal = texted("1", ANN).to_vec();
        let [began, took, ended] = sent(11, ANN);
        let lost = Event::Lost { text: Uuid::from_u128(11), to: ANN.to_owned() };
        journal.extend([began, took, lost, ended]);
        journal.extend(sent(11, ANN));
        journal.extend(texted("2", BEN));
        let [began, _, ended] = sent(12, BEN);
        journal.extend([began, ended]);
        journal.extend(texted("3", BEN));
        journal.extend(sent(13, BEN));
        journal.extend(texted("4", ANN));
        let [began, _, ended] = sent(14, ANN);
        journal.extend([began, ended]);
        let [wrote, heard] = texted("5", ANN);
        journal.extend([wrote, Event::Cried { sid: "5".to_owned() }, heard]);
        journal.extend(sent(15, ANN));
        journal.extend(sent(14, ANN));
        let mut outbox = vec![row(11, 2), row(12, 2), row(13, 4), row(14, 4), row(15, 6)];
        outbox[1].state = "cancelled".to_owned();
        for (row, to) in outbox.iter_mut().zip([ANN, BEN, BEN, ANN, ANN]) {
            row.to = Some(to.to_owned());
        }
        outbox[4].safety = true;
        (journal, Tables { inbound: 5, outbox })
    }

    #[track_caller]
    fn finds_by_telegram(plant: impl FnOnce(&mut Vec<Event>, &mut Tables), expected: &[Violation]) {
        let (mut journal, mut tables) = story_of_telegram();
        assert_eq!(check(&journal, &tables), [], "the story is right");
        plant(&mut journal, &mut tables);
        assert_eq!(check(&journal, &tables), expected);
    }

    #[test]
    fn an_update_that_is_answered_twice() {
        finds_by_telegram(
            |journal, tables| {
                tables.inbound = 6;
                tables.outbox.push(row(16, 6));
                journal.extend(sent(16, BEN));
                journal.extend(sent(17, BEN));
                tables.outbox.push(row(17, 7));
            },
            &[Violation::KeptTwice, Violation::AnsweredTwice(BEN.to_owned())],
        );
    }

    #[test]
    fn an_update_that_is_confirmed_and_lost() {
        finds_by_telegram(
            |journal, tables| {
                tables.inbound = 4;
                tables.outbox.remove(2);
                journal.retain(|event| !matches!(event, Event::Took { to, .. } if to == BEN));
            },
            &[Violation::AcknowledgedAndLost, Violation::Unanswered(BEN.to_owned())],
        );
    }

    #[test]
    fn two_texts_to_one_chat_at_once() {
        finds_by_telegram(
            |journal, _| {
                let [began, ..] = sent(15, ANN);
                journal.insert(4, began);
            },
            &[Violation::TwoInFlight(ANN.to_owned())],
        );
    }

    #[test]
    fn a_text_that_is_said_a_third_time() {
        finds_by_telegram(
            |journal, _| journal.extend(sent(11, ANN)),
            &[Violation::SentTwice(Uuid::from_u128(11)), Violation::OutOfOrder(ANN.to_owned())],
        );
    }

    #[test]
    fn a_text_that_was_heard_and_is_said_once_more() {
        finds_by_telegram(
            |journal, _| journal.retain(|event| !matches!(event, Event::Lost { .. })),
            &[Violation::SentTwice(Uuid::from_u128(11))],
        );
    }

    #[test]
    fn a_cry_that_is_answered_after_something_else() {
        finds_by_telegram(
            |journal, _| {
                let earlier = journal.split_off(journal.len() - 3);
                let cry = journal.split_off(journal.len() - 3);
                journal.extend(earlier);
                journal.extend(cry);
            },
            &[Violation::SafetyWaited(ANN.to_owned())],
        );
    }

    #[test]
    fn a_text_that_is_cancelled_while_somebody_waits_for_it() {
        finds_by_telegram(
            |journal, tables| {
                tables.outbox[2].state = "cancelled".to_owned();
                journal.retain(|event| !matches!(event, Event::Took { to, .. } if to == BEN));
            },
            &[Violation::Unanswered(BEN.to_owned())],
        );
    }

    #[test]
    fn an_answer_to_a_chat_that_never_wrote() {
        finds_by_telegram(
            |journal, tables| {
                journal.extend(sent(18, "7000000003"));
                tables.outbox.push(row(18, 1));
            },
            &[Violation::Stranger("7000000003".to_owned())],
        );
    }
}
