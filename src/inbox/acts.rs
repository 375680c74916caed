//! What link workers do with cases and concerns: forms in, deeds done, pages that say who was quicker.
//!
//! Invariant: what was typed is never lost: it is done, or it is on the page that says why not.

use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::again::Again;
use crate::inbox::again::EndAgain;
use crate::inbox::again::Offer;
use crate::inbox::again::Typed;
use crate::inbox::cases;
use crate::inbox::cases::LOOKED;
use crate::inbox::cases::read;
use crate::inbox::deed;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::doors::ConflictPage;
use crate::inbox::doors::RefusalPage;
use crate::inbox::form::AcknowledgeForm;
use crate::inbox::form::CloseForm;
use crate::inbox::form::DeclineForm;
use crate::inbox::form::Filled;
use crate::inbox::form::NoteForm;
use crate::inbox::form::ReplyForm;
use crate::inbox::form::Seen;
use crate::inbox::form::ThemesForm;
use crate::inbox::form::tidied;
use crate::inbox::later::When;
use crate::inbox::page::Moment;
use crate::inbox::page::length_words;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::store::audit::AuditLine;
use crate::store::error::StoreError;
use crate::store::sight::ConcernSight;
use crate::store::sight::Sight;
use axum::extract::Path;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use std::sync::Arc;

/// About ten parts on SMS.
const LONGEST_TEXT: usize = 1500;
pub(super) const LONGEST_NOTE: usize = 4000;
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
    let reason = form.reason.parse();
    let deed =
        Deed::Decline(reason.map_err(|_| not_chosen(&worker, "Choose a reason first.", &path, "decline"))?);
    let reference = read(&path)?;
    let order = Order { worker, reference, version: form.version, key: form.key, heard: form.heard, deed };
    carry_out(&inbox, order).await
}

/// `POST …/close`
pub async fn close(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<CloseForm>,
) -> Result<Response, Refusal> {
    let outcome = form.outcome.parse();
    let deed =
        Deed::Close(outcome.map_err(|_| not_chosen(&worker, "Choose an outcome first.", &path, "close"))?);
    let reference = read(&path)?;
    let order = Order { worker, reference, version: form.version, key: form.key, heard: form.heard, deed };
    carry_out(&inbox, order).await
}

/// `POST …/reply`
pub async fn reply(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<ReplyForm>,
) -> Result<Response, Refusal> {
    let (reference, now) = (read(&path)?, inbox.house.clock.now());
    let when = When::read(&form, now);
    let offer = match when {
        Ok(When::At(at)) => Offer::At(Moment(at)),
        Ok(When::Now | When::Surely) => Offer::AtOnce,
        Err(_) => Offer::Chosen { day: form.day, time: form.time },
    };
    let again = Again::on_case(&reference, Typed::Text, (form.version, &form.key), form.text);
    let again = Again { heard: form.heard, offer, ..again };
    let text = within(&worker, again.clone(), LONGEST_TEXT, &reference)?;
    let when = when.map_err(|sentence| not_taken(&worker, sentence, to_case(&reference), Some(again)))?;
    let reason = tidied(&form.reason).chars().take(LONGEST_REASON).collect();
    let deed = Deed::Reply { text: Words(text), reason: Words(reason), when };
    let order = Order { worker, reference, version: form.version, key: form.key, heard: form.heard, deed };
    carry_out(&inbox, order).await
}

/// `POST …/note`
pub async fn note(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<NoteForm>,
) -> Result<Response, Refusal> {
    let reference = read(&path)?;
    let again = Again::on_case(&reference, Typed::Note, (form.version, &form.key), form.text);
    let text = within(&worker, again, LONGEST_NOTE, &reference)?;
    let deed = Deed::Note(Words(text));
    carry_out(&inbox, Order { worker, reference, version: form.version, key: form.key, heard: None, deed })
        .await
}

/// `POST …/themes`
pub async fn correct_themes(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(fields): Filled<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let form = ThemesForm::read(&fields)?;
    let deed = Deed::CorrectThemes(form.said());
    simple(worker, &inbox, &path, Filled(form.seen), deed).await
}

/// `POST /inbox/concerns/{ID}/acknowledge`
pub async fn acknowledge(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<AcknowledgeForm>,
) -> Result<Response, Refusal> {
    let id: ConcernId = id.parse().map_err(|_| Refusal::NotHere)?;
    let (reference, onward) = case_of(&inbox, &worker, id).await?;
    let again = Again::on_concern(id, &form.key, form.done);
    let done = within(&worker, again, LONGEST_DONE, &reference)?;
    let was_false = form.was_false.is_some();
    match note_done(&inbox, &worker, (id, was_false), (&form.key, &done)).await {
        Ok(()) => Ok(Redirect::to(&onward).into_response()),
        Err(StoreError::TooLate) => {
            let again = Some(Again::on_case(&reference, Typed::Note, (0, &form.key), done));
            Err(conflict(&inbox, &worker, reference, ("concern", id.to_string()), again).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The case in which a concern is shown, and where whoever has dealt with it goes on.
async fn case_of(inbox: &Inbox, worker: &SignedIn, id: ConcernId) -> Result<(Reference, String), Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let concern = reader.concern(id).await?;
    let (referral, sight) = cases::concern_seen(&mut reader, worker, &concern).await?;
    let onward = match sight {
        ConcernSight::Whole => address_of(&referral.reference),
        ConcernSight::Alone | ConcernSight::Nothing => "/inbox".to_owned(),
    };
    Ok((referral.reference, onward))
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

pub(super) async fn simple(
    worker: SignedIn,
    inbox: &Inbox,
    path: &str,
    form: Filled<Seen>,
    deed: Deed,
) -> Result<Response, Refusal> {
    let Filled(seen) = form;
    let reference = read(path)?;
    carry_out(inbox, Order { worker, reference, version: seen.version, key: seen.key, heard: None, deed })
        .await
}

pub(super) async fn carry_out(inbox: &Inbox, order: Order) -> Result<Response, Refusal> {
    let (content, now) = (inbox.house.content.get(), inbox.house.clock.now());
    let order = Arc::new(order);
    let ordered = Arc::clone(&order);
    let written = inbox.house.store.write(move |tx| {
        let (content, order) = (Arc::clone(&content), Arc::clone(&ordered));
        async move { deed::carry_out(tx, &content, &order, now).await }.boxed()
    });
    let typed = order.deed.typed().map(|(kind, words)| (kind, words.to_owned()));
    let reference = order.reference.clone();
    let again = |sentence, kind| {
        let seen = (order.version, order.key.as_str());
        let words = typed.clone().unzip().1.unwrap_or_default();
        let again = Again::on_case(&reference, kind, seen, words);
        let again = match kind {
            Typed::Text => Again { needs_reason: true, heard: order.heard, offer: offered(&order), ..again },
            Typed::Note | Typed::Done => again,
        };
        not_taken(&order.worker, sentence, to_case(&reference), Some(again))
    };
    match written.await {
        Ok(Carried::Out) => {
            inbox.house.wake.notify_one();
            Ok(Redirect::to(&address_after(inbox, &order).await?).into_response())
        }
        Ok(Carried::CannotBeTexted) => Err(again(
            "No text reaches this person, so it was not sent. You can keep it as a note.",
            Typed::Note,
        )),
        Ok(Carried::NeedsAReason) => Err(again(
            "It was not sent: texts may not be safe for this person. Say why it is right to send one.",
            Typed::Text,
        )),
        Ok(Carried::Quiet(until)) => {
            let sentence = "Nothing is sent yet: these are quiet hours, and they have not just written. It can wait until they end.";
            let again = kept(&order).map(|again| Again { offer: Offer::At(Moment(until)), ..again });
            Err(not_taken(&order.worker, sentence, to_case(&reference), again))
        }
        Ok(Carried::ConcernOpen(id)) => {
            let sentence = "There is an open concern. Say first what you have done about it.";
            let onward = (format!("/inbox/concerns/{id}"), "Go to the concern");
            Err(not_taken(&order.worker, sentence, onward, kept(&order)))
        }
        Ok(Carried::Refused(sentence)) => {
            Err(not_taken(&order.worker, sentence, to_case(&reference), kept(&order)))
        }
        Ok(Carried::NotRead(at)) => Err(Refusal::Conflict(Box::new(ConflictPage {
            layout: order.worker.layout("They have written since"),
            reference,
            sentence: "A text of theirs came in that you have not seen yet.".to_owned(),
            again: kept(&order),
            ending: EndAgain::of(&order, at),
        }))),
        Err(StoreError::TooLate) => {
            let about = ("referral", reference.to_string());
            Err(conflict(inbox, &order.worker, reference, about, kept(&order)).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// What was typed with an order that was not carried out, ready to be kept by itself.
fn kept(order: &Order) -> Option<Again> {
    let (kind, words) = order.deed.typed()?;
    let seen = (order.version, order.key.as_str());
    let again = Again::on_case(&order.reference, kind, seen, words.to_owned());
    Some(Again { heard: order.heard, offer: offered(order), ..again })
}

/// When a text was to go that was not taken: brought back, it must not leave at once by mistake.
fn offered(order: &Order) -> Offer {
    if let Deed::Reply { when: When::At(at), .. } = order.deed {
        return Offer::At(Moment(at));
    }
    Offer::AtOnce
}

/// The page that says who was quicker, with what was typed.
async fn conflict(
    inbox: &Inbox,
    worker: &SignedIn,
    reference: Reference,
    (kind, subject): (&str, String),
    again: Option<Again>,
) -> Result<Refusal, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let version = reader.referral(&reference).await?.version;
    let lines = reader.audit_of(kind, &subject).await?;
    let names = Names::of(&reader.all_staff().await?);
    let quicker =
        lines.iter().rev().find(|line| line.action != LOOKED && line.actor != worker.id.to_string());
    let now = inbox.house.clock.now();
    let again = again.map(|again| Again { version: Some(version), ..again });
    Ok(Refusal::Conflict(Box::new(ConflictPage {
        layout: worker.layout("Somebody was quicker"),
        reference,
        sentence: quicker.map_or_else(
            || "This has been changed since you opened it.".to_owned(),
            |line| told(line, &names, now),
        ),
        again,
        ending: None,
    })))
}

/// Who did what, and when: "Priya Nair wrote to them 10 minutes ago."
fn told(line: &AuditLine, names: &Names, now: Timestamp) -> String {
    let did = match line.action.as_str() {
        "claim" | "take-over" => "took this",
        "reply" | "send-now" => "wrote to them",
        "reply-later" => "wrote a text for later",
        "take-text-back" | "keep-text-as-note" => "took a waiting text back",
        "let-text-wait" => "looked at a waiting text",
        "release" => "put this back into the queue",
        "transfer" => "gave this to a colleague",
        "put-aside" => "put this aside",
        "bring-back" => "brought this back",
        "lend" => "asked a volunteer to help",
        "give-back" => "gave this back",
        "restrict" | "lift-restriction" | "let-back" => "changed who may see this",
        "reached" => "reached them in another way",
        "contact" => "logged a contact",
        "accept" => "accepted this",
        "decline" => "declined this",
        "close" => "closed this",
        "merge" => "joined this with another case",
        "split" => "took this and another case apart",
        "correct-themes" => "corrected what this is about",
        "label" => "put a label on this",
        "label-off" => "took a label off this",
        "acknowledge" => "dealt with this",
        _ => "changed this",
    };
    let who = line.actor.parse().map_or_else(|_| "Somebody".to_owned(), |id| names.get(id).to_string());
    format!("{who} {did} {} ago.", length_words(now.since(line.happened_at)))
}

/// Where whoever has done something goes on: to the case, as long as they see it.
async fn address_after(inbox: &Inbox, order: &Order) -> Result<String, StoreError> {
    let mut reader = inbox.house.store.read().await?;
    let referral = reader.referral(&order.reference).await?;
    Ok(match reader.sight(order.worker.id, &referral).await? {
        Sight::Nothing => "/inbox".to_owned(),
        Sight::Helps | Sight::Whole => address_of(&order.reference),
    })
}

fn address_of(reference: &Reference) -> String {
    format!("/inbox/referrals/{reference}")
}

/// The words, tidied, where there are some and not too many; else the page on which they can be mended.
fn within(worker: &SignedIn, again: Again, longest: usize, reference: &Reference) -> Result<String, Refusal> {
    let text = tidied(&again.words);
    let sentence = match (text.chars().count(), again.kind) {
        (0, Typed::Text) => "There is no text yet: nothing was sent.",
        (0, Typed::Note) => "There is no note yet: nothing was kept.",
        (0, Typed::Done) => "Say what you have done. The concern stays open until then.",
        (length, _) if length <= longest => return Ok(text),
        (_, Typed::Text) => "It was not sent: a text can have 1,500 letters at the most.",
        (_, Typed::Note) => "It was not kept: a note can have 4,000 letters at the most.",
        (_, Typed::Done) => "It was not kept: this can have 2,000 letters at the most.",
    };
    Err(not_taken(worker, sentence, to_case(reference), Some(again)))
}

/// Nothing was chosen from a list: leads back to it.
fn not_chosen(worker: &SignedIn, sentence: &'static str, reference: &str, list: &str) -> Refusal {
    match read(reference) {
        Ok(reference) => {
            let (case, words) = to_case(&reference);
            not_taken(worker, sentence, (format!("{case}#{list}"), words), None)
        }
        Err(refusal) => refusal,
    }
}

pub(super) fn to_case(reference: &Reference) -> (String, &'static str) {
    (address_of(reference), "Go back to the case")
}

pub(super) fn not_taken(
    worker: &SignedIn,
    sentence: &'static str,
    (onward, onward_words): (String, &'static str),
    again: Option<Again>,
) -> Refusal {
    Refusal::NotTaken(Box::new(RefusalPage {
        layout: worker.layout("That was not done yet"),
        sentence,
        again,
        onward,
        onward_words,
    }))
}
