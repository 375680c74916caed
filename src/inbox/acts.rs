//! What link workers do with cases and concerns: forms in, deeds done, pages that say who was quicker.
//!
//! Invariant: what was typed is never lost: it is done, or it is on the page that says why not.

use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::cases::LOOKED;
use crate::inbox::cases::read;
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
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::store::audit::AuditLine;
use crate::store::error::StoreError;
use axum::extract::Path;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use std::sync::Arc;

/// About ten parts on SMS.
const LONGEST_TEXT: usize = 1500;
const LONGEST_NOTE: usize = 4000;
const LONGEST_DONE: usize = 2000;
const LONGEST_REASON: usize = 300;
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
    let seen = Seen { version: form.version, key: form.key };
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
    let seen = Seen { version: form.version, key: form.key };
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
    let text =
        within(&form.text, LONGEST_TEXT, "A text needs words: 1,500 letters at the most.", &reference)?;
    let reason = tidied(&form.reason).chars().take(LONGEST_REASON).collect();
    let deed = Deed::Reply { text: Words(text), reason: Words(reason) };
    carry_out(&inbox, Order { worker, reference, version: form.version, key: form.key, deed }).await
}

/// `POST …/note`
pub async fn note(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<NoteForm>,
) -> Result<Response, Refusal> {
    let reference = read(&path)?;
    let text =
        within(&form.text, LONGEST_NOTE, "A note needs words: 4,000 letters at the most.", &reference)?;
    let deed = Deed::Note(Words(text));
    carry_out(&inbox, Order { worker, reference, version: form.version, key: form.key, deed }).await
}

/// `POST /inbox/concerns/{ID}/acknowledge`
pub async fn acknowledge(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<AcknowledgeForm>,
) -> Result<Response, Refusal> {
    let id: ConcernId = id.parse().map_err(|_| Refusal::NotHere)?;
    let reference = case_of(&inbox, &worker, id).await?;
    let done = within(
        &form.done,
        LONGEST_DONE,
        "Please say what you have done: 2,000 letters at the most.",
        &reference,
    )?;
    let was_false = form.was_false.is_some();
    match note_done(&inbox, &worker, (id, was_false), (&form.key, &done)).await {
        Ok(()) => Ok(Redirect::to(&address_of(&reference)).into_response()),
        Err(StoreError::TooLate) => {
            let again = Some(("note", done, form.key));
            Err(conflict(&inbox, &worker, reference, ("concern", id.to_string()), again).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The case in which a concern is shown.
async fn case_of(inbox: &Inbox, worker: &SignedIn, id: ConcernId) -> Result<Reference, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let concern = reader.concern(id).await?;
    if !worker.works_for(&concern.raised.service) {
        return Err(Refusal::NotHere);
    }
    // Intake opens a case with every concern.
    let referral = reader.newest_referral_of(concern.raised.person).await?;
    referral.map(|referral| referral.reference).ok_or(Refusal::NotHere)
}

async fn note_done(
    inbox: &Inbox,
    worker: &SignedIn,
    (id, was_false): (ConcernId, bool),
    (key, done): (&str, &str),
) -> Result<(), StoreError> {
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let (token, done) = (format!("{id}:acknowledge:{key}:{done}"), Words(done.to_owned()));
    let written = inbox.house.store.write(move |tx| {
        let (token, done) = (token.clone(), done.clone());
        async move {
            if tx.use_form_token(staff, &token, now).await? {
                tx.acknowledge_concern(id, staff, &done, now).await?;
                if was_false {
                    tx.mark_false(id).await?;
                }
                tx.audit(author, "acknowledge", "concern", &id.to_string(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    written.await
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
    carry_out(inbox, Order { worker, reference, version: seen.version, key: seen.key, deed }).await
}

async fn carry_out(inbox: &Inbox, order: Order) -> Result<Response, Refusal> {
    let (content, now) = (Arc::clone(&inbox.house.content), inbox.house.clock.now());
    let order = Arc::new(order);
    let ordered = Arc::clone(&order);
    let written = inbox.house.store.write(move |tx| {
        let (content, order) = (Arc::clone(&content), Arc::clone(&ordered));
        async move { deed::carry_out(tx, &content, &order, now).await }.boxed()
    });
    let typed = order.deed.typed().to_owned();
    let reference = order.reference.clone();
    match written.await {
        Ok(Carried::Out) => {
            inbox.house.wake.notify_one();
            Ok(Redirect::to(&address_of(&reference)).into_response())
        }
        Ok(Carried::CannotBeTexted) => {
            Err(not_taken("No text reaches this person. It was not sent.", Some(reference), &typed))
        }
        Ok(Carried::NeedsAReason) => Err(not_taken(
            "Texts may not be safe for this person: say why it is right to send one. It was not sent.",
            Some(reference),
            &typed,
        )),
        Err(StoreError::TooLate) => {
            let again = (!typed.is_empty()).then(|| (order.deed.as_str(), typed, order.key.clone()));
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
    let quicker =
        lines.iter().rev().find(|line| line.action != LOOKED && line.actor != worker.id.to_string());
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
    let who = line.actor.parse().map_or_else(|_| "Somebody".to_owned(), |id| names.get(id).to_string());
    format!("{who} {did} {} ago.", length_words(now.since(line.happened_at)))
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
    Refusal::NotTaken { sentence, reference, typed: typed.to_owned() }
}
