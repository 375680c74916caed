//! The same deed on several cases that were chosen from the list.
//!
//! Invariant: each case is judged by itself, by the rules of a deed on one, and audited by itself; nothing is typed here, so
//! that nothing can be sent; a case whose text nobody has answered is neither closed nor put aside from a list.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;

use crate::directory::Directory;
use crate::domain::ids::LabelId;
use crate::domain::ids::Reference;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::referral::LaterReason;
use crate::domain::referral::Outcome;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::inbox::Inbox;
use crate::inbox::acts::not_taken;
use crate::inbox::deed;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::form::Filled;
use crate::inbox::keeping::next_working_day;
use crate::inbox::keeping::read_until;
use crate::inbox::labelling::Labelling;
use crate::inbox::labels::in_use;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Searching;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::inbox::who::Who;
use crate::inbox::words::later_words;
use crate::inbox::words::outcome_words;
use crate::store::error::StoreError;
use crate::store::label::Label;
use crate::store::sight::Sight;
use crate::store::tx::Reader;

/// As many as stand on a page of the list.
const MOST: usize = 50;

/// What can be done with the chosen.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// When the list was made: what somebody writes later stands on nobody's page yet.
    pub seen: i64,
    /// To whom they can be given.
    pub colleagues: Vec<(StaffId, Foreign)>,
    /// Which labels can be put on them, or taken off.
    pub labels: Vec<(LabelId, Foreign)>,
    /// The day that is proposed for putting them aside.
    pub proposed_day: String,
}

impl Bar {
    pub(super) fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        LaterReason::ALL.iter().map(|reason| (reason.as_str(), later_words(*reason))).collect()
    }

    pub(super) fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        let many = Outcome::ALL.iter().filter(|outcome| !deed::silences(**outcome));
        many.map(|outcome| (outcome.as_str(), outcome_words(*outcome))).collect()
    }
}

/// What somebody can do with the cases of their list.
///
/// # Errors
/// Where the store fails.
pub async fn bar(
    worker: &SignedIn,
    key: String,
    directory: &Directory,
    (reader, names, labels): (&mut Reader, &Names, &[Label]),
    now: Timestamp,
) -> Result<Bar, StoreError> {
    let mine: Vec<_> =
        directory.services().iter().map(|service| &service.id).filter(|id| worker.works_for(id)).collect();
    let mut colleagues: Vec<StaffId> = Vec::new();
    for service in &mine {
        colleagues.extend(reader.staff_of(service).await?);
    }
    colleagues.retain(|colleague| *colleague != worker.id);
    let in_order = names.in_order().into_iter().filter(|(id, _)| colleagues.contains(id));
    Ok(Bar {
        key,
        seen: now.as_micros(),
        colleagues: in_order.collect(),
        labels: in_use(worker, labels, directory),
        proposed_day: mine
            .first()
            .map(|id| next_working_day(directory, id, now).to_string())
            .unwrap_or_default(),
    })
}

/// What came of it.
#[derive(Debug, Template)]
#[template(path = "inbox/bulk.html")]
pub struct BulkPage {
    /// The frame.
    pub layout: Layout,
    /// What was done.
    pub done: Vec<Line>,
    /// What was not, and why.
    pub left: Vec<Line>,
}

impl BulkPage {
    fn groups(&self) -> Vec<(&'static str, String, &[Line])> {
        let groups = [("left", "Not done", &self.left), ("done", "Done", &self.done)];
        let some = groups.into_iter().filter(|(_, _, lines)| !lines.is_empty());
        some.map(|(code, words, lines)| (code, format!("{words} ({})", lines.len()), lines.as_slice()))
            .collect()
    }
}

/// What came of it for one case.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which.
    pub reference: Reference,
    /// Who writes, where that may be said.
    pub who: Option<Who>,
    /// What was done, or why not.
    pub words: &'static str,
    /// Where to go on.
    pub onward: String,
}

/// What the form carries.
struct Chosen {
    key: String,
    seen: i64,
    cases: Vec<(Reference, i64)>,
    deed: Deed,
}

impl Chosen {
    fn read(worker: &SignedIn, fields: &[(String, String)], now: Timestamp) -> Result<Self, Refusal> {
        let one = |name: &str| {
            fields.iter().find(|field| field.0 == name).map(|field| field.1.as_str()).unwrap_or_default()
        };
        let cases = fields.iter().filter(|field| field.0 == "case").map(|field| {
            let (reference, version) = field.1.split_once(':').ok_or(Refusal::Unreadable)?;
            let version = version.parse().map_err(|_| Refusal::Unreadable)?;
            Ok((reference.parse().map_err(|_| Refusal::Unreadable)?, version))
        });
        let cases = cases.collect::<Result<Vec<_>, Refusal>>()?;
        let refused = |words| not_taken(worker, words, ("/inbox".to_owned(), "Go back to the inbox"), None);
        match cases.len() {
            0 => return Err(refused("Nothing was done: tick the cases first.")),
            1..=MOST => {}
            _ => return Err(refused("Nothing was done: choose 50 cases at the most.")),
        }
        let deed = deed_of(&one, now).map_err(refused)?;
        let seen = one("seen").parse().map_err(|_| Refusal::Unreadable)?;
        Ok(Self { key: one("key").to_owned(), seen, cases, deed })
    }
}

fn deed_of<'f>(field: &impl Fn(&str) -> &'f str, now: Timestamp) -> Result<Deed, &'static str> {
    let note = Words(String::new());
    match field("act") {
        "claim" => Ok(Deed::Claim),
        "transfer" => {
            let to = field("to").parse();
            Ok(Deed::Transfer { to: to.map_err(|_| "Nothing was done: choose a colleague first.")?, note })
        }
        "put-aside" => {
            let until = read_until(field("day"), field("time"), now);
            let until = until
                .ok_or("Nothing was done: choose a day and a time that are still to come, within a year.")?;
            let reason = field("why").parse().map_err(|_| "Nothing was done: choose a reason first.")?;
            Ok(Deed::PutAside { until, reason, note })
        }
        "label" => labelling(field, Labelling::PutOn),
        "label-off" => labelling(field, Labelling::TakeOff),
        "close" => {
            let outcome: Option<Outcome> = field("outcome").parse().ok();
            let outcome = outcome.ok_or("Nothing was done: choose an outcome first.")?;
            if deed::silences(outcome) {
                return Err(
                    "Nothing was done: this outcome ends all texts, so close each case on its own page.",
                );
            }
            Ok(Deed::Close(outcome))
        }
        _ => Err("Nothing was done: choose what is to be done first."),
    }
}

fn labelling<'f>(
    field: &impl Fn(&str) -> &'f str,
    deed: impl Fn(LabelId) -> Labelling,
) -> Result<Deed, &'static str> {
    let label = field("label").parse().map_err(|_| "Nothing was done: choose a label first.")?;
    Ok(Deed::Label(deed(label)))
}

/// `POST /inbox/bulk`
pub async fn act(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Filled(fields): Filled<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let chosen = Chosen::read(&worker, &fields, inbox.house.clock.now())?;
    let mut page = BulkPage { layout: worker.layout("What was done"), done: Vec::new(), left: Vec::new() };
    for (reference, version) in chosen.cases {
        let order = Order {
            worker: worker.clone(),
            reference: reference.clone(),
            version,
            key: chosen.key.clone(),
            heard: Some(chosen.seen),
            deed: chosen.deed.clone(),
        };
        let (is_done, words, onward) = said(carry_out(&inbox, order).await, &chosen.deed)?;
        let onward = onward.unwrap_or_else(|| format!("/inbox/referrals/{reference}"));
        let who = who(&inbox, &worker, &reference).await?;
        let lines = if is_done { &mut page.done } else { &mut page.left };
        lines.push(Line { reference, who, words, onward });
    }
    inbox.house.wake.notify_one();
    Ok(respond(StatusCode::OK, &page))
}

/// One case, in a transaction of its own.
async fn carry_out(inbox: &Inbox, order: Order) -> Result<Carried, StoreError> {
    let (content, now, order) = (inbox.house.content.get(), inbox.house.clock.now(), Arc::new(order));
    let written = inbox.house.store.write(move |tx| {
        let (content, order) = (Arc::clone(&content), Arc::clone(&order));
        async move {
            // A list shows no messages: a text that waits for a reply was read by nobody here, however old it is.
            let waits = tx.referral(&order.reference).await?.reply_due;
            let order = Order { heard: if waits { Some(0) } else { order.heard }, ..order.as_ref().clone() };
            deed::carry_out(tx, &content, &order, now).await
        }
        .boxed()
    });
    written.await
}

/// Whether it was done, in words, and where to go on if not to the case.
fn said(
    carried: Result<Carried, StoreError>,
    deed: &Deed,
) -> Result<(bool, &'static str, Option<String>), Refusal> {
    let left = |words| Ok((false, words, None));
    match carried {
        Ok(Carried::Out) => Ok((true, done_words(deed), None)),
        Ok(Carried::ConcernOpen(id)) => Ok((
            false,
            "a concern is open. Say first what you have done about it.",
            Some(format!("/inbox/concerns/{id}")),
        )),
        Ok(Carried::NotRead(_)) => left("a text of theirs waits to be read and answered."),
        Ok(Carried::Refused(words)) => left(words),
        Ok(Carried::CannotBeTexted | Carried::NeedsAReason | Carried::Quiet(_)) => {
            left("no text is sent from here.")
        }
        Err(StoreError::TooLate) => left("somebody has changed it since you saw the list."),
        Err(StoreError::NotFound) => left("there is no such case for you."),
        Err(StoreError::Erased) => left("this person was erased."),
        Err(StoreError::Busy | StoreError::Conflict) => left("it could not be kept just now. Try again."),
        Err(error) => Err(error.into()),
    }
}

fn done_words(deed: &Deed) -> &'static str {
    match deed {
        Deed::Claim => "it is yours.",
        Deed::Transfer { .. } => "given to your colleague.",
        Deed::PutAside { .. } => "put aside.",
        Deed::Close(_) => "closed.",
        Deed::Label(Labelling::PutOn(_)) => "it has the label.",
        Deed::Label(Labelling::TakeOff(_)) => "it has the label no more.",
        Deed::TakeOver
        | Deed::HandBack
        | Deed::Release
        | Deed::BringBack
        | Deed::Reached
        | Deed::Contact(_)
        | Deed::Reply { .. }
        | Deed::Later(_)
        | Deed::Note(_)
        | Deed::CorrectThemes(_)
        | Deed::Share(_)
        | Deed::Accept
        | Deed::Decline(_)
        | Deed::Same(_) => "done.",
    }
}

/// Who writes; nobody is named of a foreign case, or of one that is not there or was erased.
async fn who(inbox: &Inbox, worker: &SignedIn, reference: &Reference) -> Result<Option<Who>, StoreError> {
    let mut reader = inbox.house.store.read().await?;
    let referral = match reader.referral(reference).await {
        Ok(referral) if reader.sight(worker.id, &referral).await? == Sight::Whole => referral,
        Ok(_) | Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    if reader.erased_at(referral.person).await?.is_some() {
        return Ok(None);
    }
    let handovers = reader.handovers_of::<Summary>(referral.id).await?;
    let summaries: Vec<Summary> = handovers.into_iter().map(|handover| handover.summary).collect();
    Ok(Some(Who::of(&summaries)))
}
