//! From what the store says to what the pages show.
//!
//! Invariant: plain values in, page out; everything that somebody else wrote becomes `Foreign` here.

use std::collections::BTreeMap;

use crate::content::Content;
use crate::conversation::session::Session;
use crate::directory::Directory;
use crate::domain::concern::NO_ANSWER;
use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StaffId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::message::LATE_FROM;
use crate::domain::message::Purpose;
use crate::domain::mobile::Mobile;
use crate::domain::referral::ReferralStatus;
use crate::domain::theme::Corrected;
use crate::domain::time::Timestamp;
use crate::handover::Entry;
use crate::handover::Summary;
use crate::inbox::agreed::agreed;
use crate::inbox::asked_safe::asked_safe;
use crate::inbox::contacts::Contacts;
use crate::inbox::contacts::contact_view;
use crate::inbox::glance::glance;
use crate::inbox::history::history;
use crate::inbox::keeping::keeping;
use crate::inbox::keeping::later_view;
use crate::inbox::labelling::Labels;
use crate::inbox::labelling::label_views;
use crate::inbox::lending::lending;
use crate::inbox::messages::message_view;
use crate::inbox::messages::safety_reply;
use crate::inbox::page::Moment;
use crate::inbox::page::day_words;
use crate::inbox::page::length_words;
use crate::inbox::page::whole_day_words;
use crate::inbox::presence::Presence;
use crate::inbox::queue::QueueRow;
use crate::inbox::queue::is_open;
use crate::inbox::referral::AnswerView;
use crate::inbox::referral::ConcernView;
use crate::inbox::referral::Done;
use crate::inbox::referral::Holder;
use crate::inbox::referral::MessageView;
use crate::inbox::referral::NoteView;
use crate::inbox::referral::PartView;
use crate::inbox::referral::ReferralPage;
use crate::inbox::referral::ThingView;
use crate::inbox::same;
use crate::inbox::same::same_view;
use crate::inbox::seen_by::Shared;
use crate::inbox::seen_by::seen_by;
use crate::inbox::shown::Foreign;
use crate::inbox::shown::marked;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::standing;
use crate::inbox::standing::Known;
use crate::inbox::standing::Reach;
use crate::inbox::standing::Standing;
use crate::inbox::themes::theme_labels;
use crate::inbox::themes::theme_views;
use crate::inbox::told::told_view;
use crate::inbox::who::Who;
use crate::inbox::writing::Writing;
use crate::store::address::Address;
use crate::store::audit::AuditLine;
use crate::store::concern::SavedConcern;
use crate::store::consent::Consent;
use crate::store::contact::Contact;
use crate::store::desk::OnDesk;
use crate::store::lent::Lent;
use crate::store::note::Note;
use crate::store::person::Person;
use crate::store::referral::Referral;
use crate::store::staff::StaffMember;
use crate::store::thread::Said;
use crate::store::thread::SaidWhat;
use crate::store::told::Told;

/// Everything that is known of a case.
#[derive(Debug)]
pub struct Case {
    /// The case.
    pub referral: Referral,
    /// Whose it is.
    pub person: Person,
    /// What they agreed to or refused, and the revision that asked.
    pub consents: Vec<(Consent, RevisionId)>,
    /// What was done with it, without who only looked.
    pub deeds: Vec<AuditLine>,
    /// Who else this may be, or is.
    pub same: same::Known,
    /// When their words were erased, where they were.
    pub erased_at: Option<Timestamp>,
    /// Where they write from, the last first.
    pub addresses: Vec<Address>,
    /// What they told, the newest conversation first.
    pub summaries: Vec<Summary>,
    /// What link workers said of the themes, in order.
    pub corrected: Vec<Corrected>,
    /// Its labels, and those that can be put on it.
    pub labels: Labels,
    /// What a human must see.
    pub concerns: Vec<SavedConcern>,
    /// Who was told of them.
    pub told: BTreeMap<ConcernId, Vec<Told>>,
    /// Their newest conversation, where it was not erased.
    pub session: Option<Session>,
    /// What was written, the oldest first.
    pub thread: Vec<Said>,
    /// When the person wrote last.
    pub heard_at: Option<Timestamp>,
    /// That they were rung, visited or written to, the oldest first.
    pub contacts: Vec<Contact>,
    /// Private notes, the oldest first.
    pub notes: Vec<Note>,
    /// Who works here.
    pub staff: Names,
    /// Who could have the case.
    pub colleagues: Vec<StaffId>,
    /// Who sees it.
    pub shared: Shared,
    /// Which volunteer champions can be asked to help.
    pub champions: Vec<StaffId>,
    /// Which of them helps.
    pub lent: Option<Lent>,
    /// Of when the oldest text is that did not arrive, where nothing tells that they were reached since.
    pub undelivered_since: Option<Timestamp>,
    /// By when a request to delete their information has to be answered.
    pub answer_by: Option<Timestamp>,
}

/// The names of those who work here.
#[derive(Debug)]
pub struct Names(BTreeMap<StaffId, Foreign>);

impl Names {
    /// Of all accounts, also of those who have left.
    #[must_use]
    pub fn of(staff: &[StaffMember]) -> Self {
        Self(staff.iter().map(|one| (one.id, Foreign::new(&one.name.0))).collect())
    }

    /// All of them, by their names.
    #[must_use]
    pub fn in_order(&self) -> Vec<(StaffId, Foreign)> {
        let mut all: Vec<_> = self.0.iter().map(|(id, name)| (*id, name.clone())).collect();
        all.sort_by_key(|(id, name)| (name.to_string().to_lowercase(), *id));
        all
    }

    /// The name of one of them.
    #[must_use]
    pub fn get(&self, id: StaffId) -> Foreign {
        self.0.get(&id).cloned().unwrap_or_else(|| Foreign::new("A colleague"))
    }
}

/// A part of a handover that always stands on the page, so that what was not said is seen too.
const ALWAYS: [&str; 4] = ["strengths", "access", "contact", "consent"];
/// The parts after the own words, in reading order.
pub const PARTS: [&str; 10] = [
    "six-things",
    "barriers",
    "strengths",
    "people",
    "access",
    "person",
    "writer",
    "contact",
    "consent",
    "other",
];

/// As much of the version of the rules as tells one from another.
const VERSION_SHOWN: usize = 8;

/// The page of a case.
#[must_use]
pub fn referral_page(
    worker: &SignedIn,
    case: &Case,
    content: &Content,
    (key, writing): (String, Writing),
    now: Timestamp,
) -> ReferralPage {
    // The rules are the same in every conversation.
    let any = content.conversations.values().next();
    let noted = |text: &str| any.map(|any| any.engine.safety.tags(text)).unwrap_or_default();
    let who = Who::of(&case.summaries);
    let entries = entries(&case.summaries);
    let concerns =
        as_read(&case.concerns).into_iter().map(|concern| concern_view(concern, case, now)).collect();
    ReferralPage {
        layout: worker.layout(case.referral.reference.as_str()),
        reference: case.referral.reference.clone(),
        version: case.referral.version,
        key,
        heard: case.heard_at.map_or(0, Timestamp::as_micros),
        reply_due: case.referral.reply_due,
        presence: Presence::default(),
        erased_at: case.erased_at.map(Moment),
        facts: facts(case, &content.directory, now),
        status: case.referral.status,
        holder: holder(worker, case),
        lending: lending(case),
        seen_by: seen_by(worker, case),
        keeping: keeping(worker, case, &content.directory, now),
        standing: standing_of(case),
        answer_by: case.answer_by.filter(|_| is_open(case.referral.status)).map(whole_day_words),
        reply_waits: reply_waits(case),
        same: same_view(case),
        glance: glance(case),
        agreed: agreed(case),
        history: history(case),
        concerns,
        own_words: own_words(case, &entries),
        labels: label_views(&case.labels, &case.staff),
        themes: theme_views(&case.summaries, &case.corrected, &case.staff),
        parts: PARTS.iter().filter_map(|part| part_view(part, &entries)).collect(),
        thread: timeline(case, |line| message_view(line, &who, &case.staff, &noted)),
        contacts: Contacts::of(case),
        writing,
        notes: case.notes.iter().map(|note| note_view(note, &case.staff)).collect(),
        who,
    }
}

/// Messages and contacts, in the order in which they were.
fn timeline(case: &Case, message: impl Fn(&Said) -> MessageView) -> Vec<MessageView> {
    let contacts = case.contacts.iter().map(|contact| contact_view(contact, &case.staff));
    let mut lines: Vec<MessageView> = case.thread.iter().map(message).chain(contacts).collect();
    // Messages stand in their order already, and a sort keeps the order of what is equal.
    lines.sort_by_key(|line| line.at.0);
    lines
}

/// Whether a safety reply has not left yet: in a hold it waits for a worker who is replying.
#[must_use]
pub fn reply_waits(case: &Case) -> bool {
    let waits = |line: &Said| match &line.what {
        SaidWhat::Told { purpose, state, .. } => *purpose == Purpose::Safety && state == "ready",
        SaidWhat::Heard { .. } => false,
    };
    case.person.hold && case.thread.iter().any(waits)
}

/// The row of a case in the queue.
#[must_use]
pub fn queue_row(
    worker: &SignedIn,
    queued: &OnDesk,
    directory: &Directory,
    staff: &Names,
    now: Timestamp,
) -> QueueRow {
    let referral = &queued.referral;
    QueueRow {
        reference: referral.reference.clone(),
        version: referral.version,
        who: Who::of(&queued.summaries),
        words: queued.summaries.iter().find_map(first_words),
        themes: theme_labels(&queued.summaries, &queued.corrected),
        labels: Vec::new(),
        status: referral.status,
        concerns: usize::try_from(queued.open_concerns).unwrap_or(0),
        needs_reply: referral.reply_due,
        consent: standing::consent(&queued.summaries),
        reason: queued.summaries.first().map(|summary| summary.reason),
        age: age_words(queued, now),
        later: later_view(referral, now),
        given_by: referral.given.filter(|_| referral.owner == Some(worker.id)).map(|(by, _)| staff.get(by)),
        undelivered: queued.undelivered_since.is_some(),
        text_stopped: queued.text_stopped_since.is_some(),
        promised: referral.promised_on.filter(|_| is_open(referral.status)).map(day_words),
        answer_by: None,
        holder: referral.owner.map(|owner| staff.get(owner)),
        mine: referral.owner == Some(worker.id),
        channel: queued.channel.map_or("No messages", channel_words),
        practice: practice(referral, directory),
        language: (queued.language != Language::english()).then(|| queued.language.to_string()),
        erased: queued.erased,
    }
}

/// Says on the rows by when a request to delete somebody's information has to be answered.
pub fn mark_requests(rows: &mut [QueueRow], requests: &[(Reference, Timestamp)]) {
    for row in rows {
        let request = requests.iter().find(|(reference, _)| *reference == row.reference);
        row.answer_by = request.map(|(_, day)| whole_day_words(*day));
    }
}

/// What a row is ordered by, in words.
fn age_words(queued: &OnDesk, now: Timestamp) -> String {
    let referral = &queued.referral;
    let length = |since| length_words(now.since(since));
    let waits_for_reply = referral.reply_due || referral.status == ReferralStatus::New;
    match (queued.concern_since, queued.waits_since, referral.closed_at) {
        (Some(since), _, _) => format!("Concern open {}", length(since)),
        (None, Some(since), _) if waits_for_reply => format!("Waiting {}", length(since)),
        (None, Some(since), _) if queued.text_stopped_since.is_some() => {
            format!("Text held back {} ago", length(since))
        }
        (None, Some(since), _) if referral.later.is_some() => format!("Back for {}", length(since)),
        (None, Some(since), _) => format!("Given to you {} ago", length(since)),
        (None, None, Some(since)) => format!("Ended {} ago", length(since)),
        (None, None, None) => format!("Came {} ago", length(referral.opened_at)),
    }
}

/// Where a channel is named.
fn channel_words(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::Sms => "Text message",
        ChannelKind::Telegram => "Telegram",
    }
}

/// The practice's name, where it is known.
#[must_use]
pub fn practice(referral: &Referral, directory: &Directory) -> Option<Foreign> {
    let (_, practice) = directory.practice(referral.practice.as_ref()?)?;
    Some(Foreign::new(&practice.name))
}

fn first_words(summary: &Summary) -> Option<Foreign> {
    let is_own = |entry: &&Entry| entry.part.as_str() == "own-words" && !entry.skipped;
    let entry = summary.entries.iter().find(is_own).map(|entry| &entry.words);
    entry.or(summary.opening_words.as_ref()).map(|words| Foreign::new(&words.0))
}

/// Each answer once: the newest conversation counts.
#[must_use]
pub fn entries(summaries: &[Summary]) -> Vec<&Entry> {
    let mut known: Vec<&Entry> = Vec::new();
    for entry in summaries.iter().flat_map(|summary| &summary.entries) {
        if !known.iter().any(|other| other.step == entry.step) {
            known.push(entry);
        }
    }
    known
}

fn own_words(case: &Case, entries: &[&Entry]) -> Vec<AnswerView> {
    let opening =
        case.summaries.iter().filter_map(|summary| summary.opening_words.as_ref()).map(|words| AnswerView {
            step: "opening-words".to_owned(),
            label: "Their first text".to_owned(),
            said: Some(Foreign::new(&words.0)),
            beside: None,
        });
    let told =
        entries.iter().filter(|entry| entry.part.as_str() == "own-words").map(|entry| answer_view(entry));
    told.chain(opening).collect()
}

fn part_view(part: &'static str, entries: &[&Entry]) -> Option<PartView> {
    let within: Vec<&Entry> = entries.iter().copied().filter(|entry| entry.part.as_str() == part).collect();
    if within.is_empty() && !ALWAYS.contains(&part) {
        return None;
    }
    // The picture says what the answer says; "none of these" and what was left out have no picture.
    let is_picture = |entry: &Entry| part == "six-things" && entry.choices.iter().any(|choice| choice.chosen);
    let (pictures, written): (Vec<&Entry>, Vec<&Entry>) =
        within.into_iter().partition(|entry| is_picture(entry));
    let choices = pictures.iter().flat_map(|entry| &entry.choices);
    // What a picture cannot say: the words beside the choices.
    let beside = |entry: &Entry| AnswerView {
        said: entry.beside().map(Foreign::new),
        beside: None,
        ..answer_view(entry)
    };
    let words = pictures.iter().map(|entry| beside(entry)).filter(|answer| answer.said.is_some());
    Some(PartView {
        part,
        things: choices
            .map(|choice| ThingView { label: choice.label.clone(), hard: choice.chosen })
            .collect(),
        answers: words.chain(written.into_iter().map(answer_view)).collect(),
    })
}

fn answer_view(entry: &Entry) -> AnswerView {
    let words = if entry.part.as_str() == "own-words" { &entry.words.0 } else { entry.said() };
    let said = (!entry.skipped).then(|| Foreign::new(words));
    let beside = entry.beside().map(Foreign::new);
    AnswerView { step: entry.step.to_string(), label: entry.label.clone(), said, beside }
}

fn facts(case: &Case, directory: &Directory, now: Timestamp) -> Vec<Foreign> {
    let referral = &case.referral;
    let addresses = case.addresses.iter().map(address_words);
    let practice = practice(referral, directory);
    let service = directory.service(&referral.service).map(|service| Foreign::new(&service.name));
    let opened = Foreign::new(&format!("came {} ago", length_words(now.since(referral.opened_at))));
    let promised = referral.promised_on.map(|day| Foreign::new(&format!("promised by {}", day_words(day))));
    let contacts = Contacts::of(case).count.map(|count| Foreign::new(&count));
    addresses.chain(practice).chain(service).chain([opened]).chain(promised).chain(contacts).collect()
}

/// Where somebody writes from.
#[must_use]
pub fn address_words(address: &Address) -> Foreign {
    match address.channel {
        ChannelKind::Sms if address.handle.0 == Handle::WITHHELD => Foreign::new("The number was withheld"),
        ChannelKind::Sms => {
            let number =
                address.handle.0.parse::<Mobile>().map_or_else(|_| address.handle.0.clone(), |m| m.spaced());
            Foreign::new(&format!("Text message from {number}"))
        }
        ChannelKind::Telegram => Foreign::new("Telegram"),
    }
}

fn holder(worker: &SignedIn, case: &Case) -> Holder {
    match case.referral.owner {
        None => Holder::Nobody,
        Some(owner) if owner == worker.id => Holder::Me,
        Some(owner) => Holder::Colleague(case.staff.get(owner)),
    }
}

fn standing_of(case: &Case) -> Standing {
    let textable = case.addresses.iter().any(|address| address.textable);
    // Who stopped texts where they wrote from last has stopped them.
    let last = case.addresses.iter().find(|address| address.textable);
    let opted_out = last.is_none_or(|address| address.opted_out);
    let outcome = case.referral.ending.as_deref().and_then(|ending| ending.parse().ok());
    Standing::of(&Known {
        summaries: &case.summaries,
        session: case.session.as_ref(),
        concern: !case.concerns.is_empty(),
        hold: case.person.hold,
        reach: Reach::of(textable, opted_out, case.person.texts_unsafe, outcome),
        speaks: case.person.speaks.as_deref(),
    })
}

/// In the order in which somebody reads them: first what is open, the oldest first, as the queue has it, but silence below
/// what the person wrote; then what was dealt with, the newest first, as the store has them all.
fn as_read(concerns: &[SavedConcern]) -> Vec<&SavedConcern> {
    let (done, mut open): (Vec<_>, Vec<_>) =
        concerns.iter().partition(|concern| concern.acknowledged.is_some());
    open.reverse();
    open.sort_by_key(|concern| concern.raised.rule.as_str() == NO_ANSWER);
    open.into_iter().chain(done).collect()
}

/// A concern as pages show it.
#[must_use]
pub fn concern_view(concern: &SavedConcern, case: &Case, now: Timestamp) -> ConcernView {
    let words = &concern.raised.words;
    let told = case.told.get(&concern.id).map(Vec::as_slice).unwrap_or_default();
    ConcernView {
        id: concern.id,
        category: concern.raised.category,
        rule: concern.raised.rule.clone(),
        said: marked(&words.text.0, &words.found),
        raised_at: Moment(concern.raised_at),
        sent_at: concern.sent_at.filter(|sent_at| LATE_FROM <= concern.raised_at.since(*sent_at)).map(Moment),
        reply: Some(safety_reply(concern, &case.thread)),
        asked_safe: asked_safe(concern, &case.thread, now),
        rules_version: concern.raised.rules_version.chars().take(VERSION_SHOWN).collect(),
        told: told.iter().map(|told| told_view(told, &case.staff)).collect(),
        done: concern.acknowledged.as_ref().map(|seen| Done {
            by: case.staff.get(seen.by),
            at: Moment(seen.at),
            what: Foreign::new(&seen.done.0),
        }),
    }
}

fn note_view(note: &Note, staff: &Names) -> NoteView {
    NoteView { by: staff.get(note.author), at: Moment(note.written_at), text: Foreign::new(&note.body.0) }
}
