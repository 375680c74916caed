//! A concern on a page of its own, fit for one screen of a phone: what was written, whom to ring, what was sent, and what
//! was done. And concerns that a human raises by hand.
//!
//! Invariant: only "I have dealt with this" ends a concern; "could not reach them" keeps it open, with a time.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::directory::Directory;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ConcernId;
use crate::domain::ids::InboundId;
use crate::domain::ids::Reference;
use crate::domain::message::ChannelKind;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::mobile::Mobile;
use crate::domain::nation::Nation;
use crate::domain::time::Timestamp;
use crate::handover::Entry;
use crate::inbox::Inbox;
use crate::inbox::acts::acted_for;
use crate::inbox::asked_safe::SafeAnswer;
use crate::inbox::cases;
use crate::inbox::form::Filled;
use crate::inbox::form::KeyForm;
use crate::inbox::form::NotReachedForm;
use crate::inbox::form::tidied;
use crate::inbox::messages::fate;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::respond;
use crate::inbox::referral::ConcernView;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view;
use crate::inbox::view::Case;
use crate::inbox::who::Who;
use crate::inbox::words::fate_words;
use crate::store::concern::ConcernWords;
use crate::store::concern::NewConcern;
use crate::store::concern::SavedConcern;
use crate::store::concern_try::Tried;
use crate::store::error::StoreError;
use crate::store::sight::ConcernSight;
use crate::store::thread::Said;
use crate::store::thread::SaidWhat;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/concern.html")]
pub struct ConcernPage {
    /// The frame.
    pub layout: Layout,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// The case.
    pub reference: Reference,
    /// Whether whoever looks sees the case too.
    pub sees_case: bool,
    /// Who writes, and about whom.
    pub who: Who,
    /// When their words were erased, where they were.
    pub erased_at: Option<Moment>,
    /// The concern.
    pub concern: ConcernView,
    /// The numbers to ring: as a phone dials them, and as people read them.
    pub numbers: Vec<(String, Foreign)>,
    /// What must be known before anybody rings or writes.
    pub warnings: Vec<&'static str>,
    /// How to reach them, what they need, where they are.
    pub facts: Vec<(Foreign, Foreign)>,
    /// The state of the case that this page was made from.
    pub version: i64,
    /// A safety reply waits for somebody who says that they are replying.
    pub reply_waits: bool,
    /// What we sent them for safety since.
    pub sent: Vec<SentView>,
    /// What was tried.
    pub tried: Vec<TriedView>,
    /// When they are tried again.
    pub try_at: Option<Moment>,
    /// What was typed of what was tried, where it could not be taken.
    pub typed: Option<String>,
}

/// A safety reply, and what became of it.
#[derive(Debug)]
pub struct SentView {
    /// When.
    pub at: Moment,
    /// What it said.
    pub text: Foreign,
    /// What became of it.
    pub fate: &'static str,
}

/// What was tried.
#[derive(Debug)]
pub struct TriedView {
    /// By whom.
    pub by: Foreign,
    /// When.
    pub at: Moment,
    /// What.
    pub what: Foreign,
}

/// What is sent in this time after a text belongs to its concern.
const SENT_WITHIN: Duration = Duration::from_secs(3600);
const LONGEST_TRY: usize = 500;
/// The minutes after which somebody tries again, as the page offers them.
const TRY_AFTER_MINUTES: [u16; 4] = [15, 60, 240, 720];

impl ConcernPage {
    fn choices(&self) -> Vec<(u16, String)> {
        let words = |minutes: u16| match minutes {
            60 => "in an hour".to_owned(),
            0..60 => format!("in {minutes} minutes"),
            61.. => format!("in {} hours", minutes / 60),
        };
        TRY_AFTER_MINUTES.map(|minutes| (minutes, words(minutes))).into()
    }
}

/// `GET /inbox/concerns/{ID}`
pub async fn show(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    look(&worker, &inbox, id.parse().map_err(|_| Refusal::NotHere)?, None).await
}

async fn look(
    worker: &SignedIn,
    inbox: &Inbox,
    id: ConcernId,
    typed: Option<String>,
) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let concern = reader.concern(id).await?;
    let (referral, sight) = cases::concern_seen(&mut reader, worker, &concern).await?;
    let case = cases::gather_from(&mut reader, referral, now).await?;
    let tried = reader.tries_of(&concern).await?;
    drop(reader);
    cases::note_look(inbox, worker, case.referral.reference.clone(), now).await?;
    let content = inbox.house.content.get();
    let directory = &content.directory;
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let sees_case = sight == ConcernSight::Whole;
    let page = ConcernPage {
        typed,
        sees_case,
        ..page(worker, &case, (&concern, &tried), directory, (inbox.form_key(), now))
    };
    Ok(respond(status, &page))
}

fn page(
    worker: &SignedIn,
    case: &Case,
    (concern, tried): (&SavedConcern, &[Tried]),
    directory: &Directory,
    (key, now): (String, Timestamp),
) -> ConcernPage {
    ConcernPage {
        layout: worker.layout("Concern"),
        key,
        reference: case.referral.reference.clone(),
        sees_case: true,
        who: Who::of(&case.summaries),
        erased_at: case.erased_at.map(Moment),
        concern: view::concern_view(concern, case, now),
        numbers: numbers(case),
        warnings: warnings(case),
        facts: facts(case, directory),
        version: case.referral.version,
        reply_waits: view::reply_waits(case),
        sent: case.thread.iter().filter_map(|line| sent_view(line, concern)).collect(),
        tried: tried
            .iter()
            .map(|one| TriedView {
                by: case.staff.get(one.staff),
                at: Moment(one.tried_at),
                what: Foreign::new(&one.what.0),
            })
            .collect(),
        try_at: concern.try_at.map(Moment),
        typed: None,
    }
}

fn told<'a>(case: &'a Case, part: &'a str) -> impl Iterator<Item = &'a Entry> {
    let entries = case.summaries.iter().flat_map(|summary| &summary.entries);
    entries.filter(move |entry| entry.part.as_str() == part && !entry.skipped)
}

pub(super) fn numbers(case: &Case) -> Vec<(String, Foreign)> {
    let texted = case.addresses.iter().filter(|address| address.channel == ChannelKind::Sms);
    let texted = texted.map(|address| address.handle.0.clone());
    // The ids of the shipped steps are stable.
    let is_number = |step: &str| step.ends_with("phone") || step == "ring-number";
    let given = told(case, "contact").filter(|entry| is_number(entry.step.as_str()));
    let mut numbers: Vec<(String, Foreign)> = Vec::new();
    for number in texted.chain(given.map(|entry| entry.words.0.clone())) {
        let mobile: Option<Mobile> = number.parse().ok();
        let shown = mobile.as_ref().map_or_else(|| number.clone(), Mobile::spaced);
        let dialled = mobile.map_or_else(|| digits(&number), |mobile| mobile.as_str().to_owned());
        if 5 <= dialled.len() && numbers.iter().all(|(known, _)| *known != dialled) {
            numbers.push((dialled, Foreign::new(&shown)));
        }
    }
    numbers
}

fn digits(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

fn warnings(case: &Case) -> Vec<&'static str> {
    let stopped = case.addresses.iter().any(|address| address.textable)
        && case.addresses.iter().all(|address| !address.textable || address.opted_out);
    let known = [
        (stopped, "They have stopped all texts: somebody must ring."),
        (
            case.person.texts_unsafe,
            "Do not text: somebody else may read this phone. Take care when you ring, too.",
        ),
    ];
    known.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words).collect()
}

fn facts(case: &Case, directory: &Directory) -> Vec<(Foreign, Foreign)> {
    let told = told(case, "contact").chain(told(case, "access"));
    let told = told.map(|entry| {
        let beside = entry.beside().map_or_else(String::new, |words| format!(" “{words}”"));
        (Foreign::new(&entry.label), Foreign::new(&format!("{}{beside}", entry.said())))
    });
    let practice = case.referral.practice.as_ref();
    let service = directory.service(&case.referral.service);
    let nation = service.map(|service| nation_words(directory.nation(service, practice)));
    let practice = practice.and_then(|id| directory.practice(id)).map(|(_, practice)| practice.name.as_str());
    let known = [
        ("Practice", Some(practice.unwrap_or("not known"))),
        ("Nation", nation),
        ("Speaks", case.person.speaks.as_deref()),
    ];
    let known =
        known.into_iter().filter_map(|(label, words)| Some((Foreign::new(label), Foreign::new(words?))));
    let mut facts: Vec<(Foreign, Foreign)> = Vec::new();
    for fact in told.chain(known) {
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    // The ids of the shipped steps are stable.
    if !self::told(case, "contact").any(|entry| entry.step.as_str() == "reach") {
        let unsaid = "they have not said whether we may ring or leave a message";
        facts.insert(0, (Foreign::new("Contact by"), Foreign::new(unsaid)));
    }
    facts
}

fn nation_words(nation: Nation) -> &'static str {
    match nation {
        Nation::England => "England",
        Nation::Wales => "Wales",
        Nation::Scotland => "Scotland",
        Nation::NorthernIreland => "Northern Ireland",
    }
}

fn sent_view(line: &Said, concern: &SavedConcern) -> Option<SentView> {
    let SaidWhat::Told { purpose: Purpose::Safety, body, state, delivery, .. } = &line.what else {
        return None;
    };
    let belongs = concern.raised_at <= line.at && line.at.since(concern.raised_at) < SENT_WITHIN;
    belongs.then(|| SentView {
        at: Moment(line.at),
        text: Foreign::new(body.as_ref().map_or("", |body| &body.text.0)),
        fate: fate_words(fate(state, delivery.as_deref())),
    })
}

/// `POST /inbox/concerns/{ID}/not-reached`
pub async fn not_reached(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<NotReachedForm>,
) -> Result<Response, Refusal> {
    let id: ConcernId = id.parse().map_err(|_| Refusal::NotHere)?;
    let mut reader = inbox.house.store.read().await?;
    let concern = reader.concern(id).await?;
    cases::concern_seen(&mut reader, &worker, &concern).await?;
    drop(reader);
    let what = tidied(&form.tried);
    let right =
        !what.is_empty() && what.chars().count() <= LONGEST_TRY && TRY_AFTER_MINUTES.contains(&form.minutes);
    if !right {
        return look(&worker, &inbox, id, Some(what)).await;
    }
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let try_at = now.plus(Duration::from_secs(u64::from(form.minutes) * 60));
    let (what, token) = (Words(what), format!("{id}:not-reached:{}", form.key));
    let written = inbox.house.store.write(move |tx| {
        let (what, token) = (what.clone(), token.clone());
        async move {
            tx.refuse_erased(concern.raised.person).await?;
            if tx.use_form_token(staff, &token, now).await? {
                tx.note_try(id, staff, &what, try_at, now).await?;
                acted_for(tx, id, now).await?;
                tx.audit(author, "not-reached", "concern", &id.to_string(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    match written.await {
        // A colleague has dealt with it meanwhile: the page says so.
        Ok(()) | Err(StoreError::TooLate) => {
            Ok(Redirect::to(&format!("/inbox/concerns/{id}")).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /inbox/messages/{ID}/concern`
pub async fn by_hand(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<KeyForm>,
) -> Result<Response, Refusal> {
    let id: InboundId = id.parse().map_err(|_| Refusal::NotHere)?;
    let concern = marked(&inbox, &worker, id).await?;
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let token = format!("{id}:by-hand:{}", form.key);
    let written = inbox.house.store.write(move |tx| {
        let (concern, token) = (concern.clone(), token.clone());
        async move {
            tx.refuse_erased(concern.person).await?;
            // A colleague may have marked the same message: there is one concern of it, with one clock.
            if let Some(known) = tx.concern_by_hand(id).await? {
                return Ok(known);
            }
            tx.use_form_token(staff, &token, now).await?;
            tx.find_or_open_referral(concern.person, &concern.service, now).await?;
            let raised = tx.raise_concern(&concern, now).await?;
            tx.audit(author, "raise-by-hand", "concern", &raised.to_string(), now).await?;
            Ok(raised)
        }
        .boxed()
    });
    let raised = written.await?;
    Ok(Redirect::to(&format!("/inbox/concerns/{raised}")).into_response())
}

/// The concern that a marked message is.
async fn marked(inbox: &Inbox, worker: &SignedIn, id: InboundId) -> Result<NewConcern, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let message = reader.inbound(id).await?;
    let person = message.person.ok_or(Refusal::NotHere)?;
    cases::case_seen(&mut reader, worker, person).await?;
    drop(reader);
    let content = inbox.house.content.get();
    let rules = content.conversations.values().next().map(|any| any.engine.safety.version().to_owned());
    let text = message.content.as_ref().and_then(|content| content.words()).unwrap_or_default().to_owned();
    Ok(NewConcern {
        person,
        session: message.session,
        inbound: Some(id),
        service: message.service,
        category: ConcernCategory::ByHand,
        rule: "by-hand".parse().map_err(|_| Refusal::Mistake)?,
        rules_version: rules.unwrap_or_default(),
        words: ConcernWords { found: 0..text.len(), text: Words(text) },
    })
}
