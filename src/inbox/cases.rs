//! The queue and the cases: showing them, and doing what a link worker asks.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;

use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::inbox::Inbox;
use crate::inbox::deed;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::doors::Again;
use crate::inbox::doors::ConflictPage;
use crate::inbox::form::AcknowledgeForm;
use crate::inbox::form::CloseForm;
use crate::inbox::form::DeclineForm;
use crate::inbox::form::Filled;
use crate::inbox::form::NoteForm;
use crate::inbox::form::ReplyForm;
use crate::inbox::form::Seen;
use crate::inbox::form::tidied;
use crate::inbox::page::length_words;
use crate::inbox::page::respond;
use crate::inbox::queue::View;
use crate::inbox::queue::queue_page;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view;
use crate::inbox::view::Case;
use crate::inbox::view::Names;
use crate::store::audit::AuditLine;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::tx::Reader;

/// More than a team can look through; the rest shows when these are done.
const MOST_ROWS: u16 = 500;
/// More than a link worker scrolls through.
const MOST_MESSAGES: u16 = 400;
/// What has ended is shown for a quarter.
const ENDED_SHOWN_FOR: Duration = Duration::from_secs(92 * 24 * 3600);
/// About ten parts on SMS.
const LONGEST_TEXT: usize = 1500;
const LONGEST_NOTE: usize = 4000;
const LONGEST_DONE: usize = 2000;
const LONGEST_REASON: usize = 300;
/// The action that a look at a case is audited as.
const LOOKED: &str = "read-referral";

/// Which part of the inbox is asked for.
#[derive(Debug, Deserialize)]
pub struct Show {
    #[serde(default)]
    show: String,
}

/// `GET /inbox`
pub async fn queue(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Query(query): Query<Show>,
) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let all = reader
        .desk(worker.id, now.minus(ENDED_SHOWN_FOR), MOST_ROWS)
        .await?;
    let names = Names::of(&reader.all_staff().await?);
    let directory = &inbox.house.content.directory;
    let rows = all
        .iter()
        .map(|queued| view::queue_row(&worker, queued, directory, &names, now))
        .collect();
    Ok(respond(
        StatusCode::OK,
        &queue_page(worker.layout("Inbox"), View::named(&query.show), rows),
    ))
}

/// `GET /inbox/referrals/{REF}`
pub async fn show(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let case = gather(&inbox, &worker, &read(&reference)?).await?;
    note_look(&inbox, &worker, case.referral.reference.clone(), now).await?;
    let page = view::referral_page(
        &worker,
        &case,
        &inbox.house.content.directory,
        inbox.form_key(),
        now,
    );
    Ok(respond(StatusCode::OK, &page))
}

/// `POST …/claim`
pub async fn claim(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::Claim).await
}

/// `POST …/take-over`
pub async fn take_over(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::TakeOver).await
}

/// `POST …/hand-back`
pub async fn hand_back(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::HandBack).await
}

/// `POST …/release`
pub async fn release(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::Release).await
}

/// `POST …/accept`
pub async fn accept(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::Accept).await
}

/// `POST …/decline`
pub async fn decline(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<DeclineForm>,
) -> Result<Response, Refusal> {
    let deed = Deed::Decline(form.reason.parse().map_err(|_| Refusal::Unreadable)?);
    let seen = Seen {
        version: form.version,
        key: form.key,
    };
    simple(worker, &inbox, &path, Filled(seen), deed).await
}

/// `POST …/close`
pub async fn close(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<CloseForm>,
) -> Result<Response, Refusal> {
    let deed = Deed::Close(form.outcome.parse().map_err(|_| Refusal::Unreadable)?);
    let seen = Seen {
        version: form.version,
        key: form.key,
    };
    simple(worker, &inbox, &path, Filled(seen), deed).await
}

/// `POST …/reply`
pub async fn reply(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<ReplyForm>,
) -> Result<Response, Refusal> {
    let reference = read(&path)?;
    let text = within(
        &form.text,
        LONGEST_TEXT,
        "A text needs words: 1,500 letters at the most.",
        &reference,
    )?;
    let reason = tidied(&form.reason).chars().take(LONGEST_REASON).collect();
    let deed = Deed::Reply {
        text: Words(text),
        reason: Words(reason),
    };
    carry_out(
        &inbox,
        Order {
            worker,
            reference,
            version: form.version,
            key: form.key,
            deed,
        },
    )
    .await
}

/// `POST …/note`
pub async fn note(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<NoteForm>,
) -> Result<Response, Refusal> {
    let reference = read(&path)?;
    let text = within(
        &form.text,
        LONGEST_NOTE,
        "A note needs words: 4,000 letters at the most.",
        &reference,
    )?;
    let deed = Deed::Note(Words(text));
    carry_out(
        &inbox,
        Order {
            worker,
            reference,
            version: form.version,
            key: form.key,
            deed,
        },
    )
    .await
}

/// `POST /inbox/concerns/{ID}/acknowledge`
pub async fn acknowledge(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<AcknowledgeForm>,
) -> Result<Response, Refusal> {
    let id: ConcernId = id.parse().map_err(|_| Refusal::NotHere)?;
    let mut reader = inbox.house.store.read().await?;
    let concern = reader.concern(id).await?;
    if !worker.works_for(&concern.raised.service) {
        return Err(Refusal::NotHere);
    }
    let referral = reader.newest_referral_of(concern.raised.person).await?;
    drop(reader);
    let reference = referral.map(|referral| referral.reference);
    let onward = reference.as_ref().map_or_else(|| "/inbox".to_owned(), address_of);
    let too_long = || {
        not_taken(
            "Please say what you have done: 2,000 letters at the most.",
            reference.clone(),
            &form.done,
        )
    };
    let done = Words(checked(&form.done, LONGEST_DONE).ok_or_else(too_long)?);
    let (now, key) = (inbox.house.clock.now(), form.key.clone());
    let typed = done.0.clone();
    let (staff, author) = (worker.id, worker.author());
    let written = inbox.house.store.write(move |tx| {
        let (done, key) = (done.clone(), format!("{id}:acknowledge:{key}"));
        async move {
            if tx.use_form_token(staff, &key, now).await? {
                tx.acknowledge_concern(id, staff, &done, now).await?;
                tx.audit(author, "acknowledge", "concern", &id.to_string(), now)
                    .await?;
            }
            Ok(())
        }
        .boxed()
    });
    match (written.await, reference) {
        (Ok(()), _) => Ok(Redirect::to(&onward).into_response()),
        (Err(StoreError::TooLate), Some(reference)) => {
            let again = Some(("note", typed, form.key));
            Err(conflict(&inbox, &worker, reference, ("concern", id.to_string()), again).await?)
        }
        (Err(error), _) => Err(error.into()),
    }
}

async fn simple(
    worker: SignedIn,
    inbox: &Inbox,
    path: &str,
    form: Filled<Seen>,
    deed: Deed,
) -> Result<Response, Refusal> {
    let Filled(seen) = form;
    let reference = read(path)?;
    carry_out(
        inbox,
        Order {
            worker,
            reference,
            version: seen.version,
            key: seen.key,
            deed,
        },
    )
    .await
}

async fn carry_out(inbox: &Inbox, order: Order) -> Result<Response, Refusal> {
    let (content, now) = (Arc::clone(&inbox.house.content), inbox.house.clock.now());
    let order = Arc::new(order);
    let ordered = Arc::clone(&order);
    let written = inbox.house.store.write(move |tx| {
        let (content, order) = (Arc::clone(&content), Arc::clone(&ordered));
        async move { deed::carry_out(tx, &content, &order, now).await }.boxed()
    });
    let typed = match &order.deed {
        Deed::Reply { text, .. } | Deed::Note(text) => text.0.clone(),
        Deed::Claim
        | Deed::TakeOver
        | Deed::HandBack
        | Deed::Release
        | Deed::Accept
        | Deed::Decline(_)
        | Deed::Close(_) => String::new(),
    };
    let reference = order.reference.clone();
    match written.await {
        Ok(Carried::Out) => {
            inbox.house.wake.notify_one();
            Ok(Redirect::to(&address_of(&reference)).into_response())
        }
        Ok(Carried::CannotBeTexted) => Err(not_taken(
            "No text reaches this person. It was not sent.",
            Some(reference),
            &typed,
        )),
        Ok(Carried::NeedsAReason) => Err(not_taken(
            "Texts may not be safe for this person: say why it is right to send one. It was not sent.",
            Some(reference),
            &typed,
        )),
        Err(StoreError::TooLate) => {
            let again = (!typed.is_empty()).then(|| ("reply", typed, order.key.clone()));
            let about = ("referral", reference.to_string());
            Err(conflict(inbox, &order.worker, reference, about, again).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The page that says who was quicker, with what was typed.
async fn conflict(
    inbox: &Inbox,
    worker: &SignedIn,
    reference: Reference,
    (kind, subject): (&str, String),
    again: Option<(&'static str, String, String)>,
) -> Result<Refusal, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let version = reader.referral(&reference).await?.version;
    let lines = reader.audit_of(kind, &subject).await?;
    let names = Names::of(&reader.all_staff().await?);
    let quicker = lines
        .iter()
        .rev()
        .find(|line| line.action != LOOKED && line.actor != worker.id.to_string());
    let now = inbox.house.clock.now();
    Ok(Refusal::Conflict(Box::new(ConflictPage {
        layout: worker.layout("Somebody was quicker"),
        reference,
        sentence: quicker.map_or_else(
            || "This has been changed since you opened it.".to_owned(),
            |line| told(line, &names, now),
        ),
        again: again.map(|(action, typed, key)| Again {
            action,
            is_note: action == "note",
            version,
            key,
            typed,
        }),
    })))
}

/// Who did what, and when: "Priya Nair wrote to them 10 minutes ago."
fn told(line: &AuditLine, names: &Names, now: Timestamp) -> String {
    let did = match line.action.as_str() {
        "claim" | "take-over" => "took this",
        "reply" => "wrote to them",
        "release" => "put this back into the queue",
        "accept" => "accepted this",
        "decline" => "declined this",
        "close" => "closed this",
        "acknowledge" => "dealt with this",
        _ => "changed this",
    };
    let who = line
        .actor
        .parse()
        .map_or_else(|_| "Somebody".to_owned(), |id| names.get(id).to_string());
    format!("{who} {did} {} ago.", length_words(now.since(line.happened_at)))
}

async fn gather(inbox: &Inbox, worker: &SignedIn, reference: &Reference) -> Result<Case, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let referral = reader.referral(reference).await?;
    if !worker.works_for(&referral.service) {
        return Err(Refusal::NotHere);
    }
    Ok(gather_from(&mut reader, referral).await?)
}

async fn gather_from(reader: &mut Reader, referral: Referral) -> Result<Case, StoreError> {
    let handovers = reader.handovers_of::<Summary>(referral.id).await?;
    Ok(Case {
        person: reader.person(referral.person).await?,
        addresses: reader.addresses_of(referral.person).await?,
        summaries: handovers.into_iter().map(|handover| handover.summary).collect(),
        concerns: reader.concerns_of(referral.person).await?,
        thread: reader.thread(referral.person, MOST_MESSAGES).await?,
        notes: reader.notes_of(&referral).await?,
        staff: Names::of(&reader.all_staff().await?),
        referral,
    })
}

async fn note_look(
    inbox: &Inbox,
    worker: &SignedIn,
    reference: Reference,
    now: Timestamp,
) -> Result<(), Refusal> {
    let author = worker.author();
    let written = inbox.house.store.write(move |tx| {
        let reference = reference.clone();
        async move {
            tx.audit(author, LOOKED, "referral", reference.as_str(), now)
                .await
        }
        .boxed()
    });
    Ok(written.await?)
}

fn read(reference: &str) -> Result<Reference, Refusal> {
    reference.parse().map_err(|_| Refusal::NotHere)
}

fn address_of(reference: &Reference) -> String {
    format!("/inbox/referrals/{reference}")
}

/// The words, tidied, where there are some and not too many.
fn checked(text: &str, longest: usize) -> Option<String> {
    let text = tidied(text);
    let length = text.chars().count();
    (0 < length && length <= longest).then_some(text)
}

fn within(
    text: &str,
    longest: usize,
    sentence: &'static str,
    reference: &Reference,
) -> Result<String, Refusal> {
    checked(text, longest).ok_or_else(|| not_taken(sentence, Some(reference.clone()), text))
}

fn not_taken(sentence: &'static str, reference: Option<Reference>, typed: &str) -> Refusal {
    Refusal::NotTaken {
        sentence,
        reference,
        typed: typed.to_owned(),
    }
}
