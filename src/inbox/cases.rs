//! The queue and the cases: showing them, and doing what a link worker asks.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;

use crate::domain::ids::Reference;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::inbox::Inbox;
use crate::inbox::me::duty_lines;
use crate::inbox::page::respond;
use crate::inbox::queue::View;
use crate::inbox::queue::queue_page;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view;
use crate::inbox::view::Case;
use crate::inbox::view::Names;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::tx::Reader;

/// More than a team can look through; the rest shows when these are done.
const MOST_ROWS: u16 = 500;
/// More than a link worker scrolls through.
const MOST_MESSAGES: u16 = 400;
/// What has ended is shown for a quarter.
const ENDED_SHOWN_FOR: Duration = Duration::from_secs(92 * 24 * 3600);
/// The action that a look at a case is audited as.
pub const LOOKED: &str = "read-referral";

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
    let all = reader.desk(worker.id, now.minus(ENDED_SHOWN_FOR), MOST_ROWS).await?;
    let names = Names::of(&reader.all_staff().await?);
    let content = inbox.house.content.get();
    let directory = &content.directory;
    let rows = all.iter().map(|queued| view::queue_row(&worker, queued, directory, &names, now)).collect();
    let on_duty = reader.all_on_duty(now).await?;
    let mut page = queue_page(worker.layout("Inbox"), View::named(&query.show), rows);
    page.duty = duty_lines(&worker, &on_duty, directory, &names);
    Ok(respond(StatusCode::OK, &page))
}

/// `GET /inbox/changes`: another word after each change, on whichever node it was made.
pub async fn changes(_: SignedIn, State(inbox): State<Inbox>) -> Result<String, Refusal> {
    Ok(inbox.house.store.read().await?.changes().await?)
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
    let content = inbox.house.content.get();
    let page = view::referral_page(&worker, &case, &content, inbox.form_key(), now);
    Ok(respond(StatusCode::OK, &page))
}

async fn gather(inbox: &Inbox, worker: &SignedIn, reference: &Reference) -> Result<Case, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let referral = reader.referral(reference).await?;
    if !worker.works_for(&referral.service) {
        return Err(Refusal::NotHere);
    }
    Ok(gather_from(&mut reader, referral).await?)
}

/// Everything that is known of a case.
///
/// # Errors
/// Where the store fails.
pub async fn gather_from(reader: &mut Reader, referral: Referral) -> Result<Case, StoreError> {
    let handovers = reader.handovers_of::<Summary>(referral.id).await?;
    let concerns = reader.concerns_of(referral.person).await?;
    let mut told = BTreeMap::new();
    for concern in &concerns {
        told.insert(concern.id, reader.told_of(concern.id).await?);
    }
    Ok(Case {
        person: reader.person(referral.person).await?,
        erased_at: reader.erased_at(referral.person).await?,
        addresses: reader.addresses_of(referral.person).await?,
        summaries: handovers.into_iter().map(|handover| handover.summary).collect(),
        corrected: reader.theme_corrections_of(referral.id).await?,
        concerns,
        told,
        heard_at: reader.heard_last(referral.person).await?,
        session: reader.conversation_to_show(referral.person).await?,
        thread: reader.thread(referral.person, MOST_MESSAGES).await?,
        notes: reader.notes_of(&referral).await?,
        staff: Names::of(&reader.all_staff().await?),
        referral,
    })
}

/// Writes down that somebody has looked at a case.
///
/// # Errors
/// Where the store is away.
pub async fn note_look(
    inbox: &Inbox,
    worker: &SignedIn,
    reference: Reference,
    now: Timestamp,
) -> Result<(), Refusal> {
    let author = worker.author();
    let written = inbox.house.store.write(move |tx| {
        let reference = reference.clone();
        async move { tx.audit(author, LOOKED, "referral", reference.as_str(), now).await }.boxed()
    });
    Ok(written.await?)
}

/// The reference in an address.
///
/// # Errors
/// `NotHere` where it is none.
pub fn read(reference: &str) -> Result<Reference, Refusal> {
    reference.parse().map_err(|_| Refusal::NotHere)
}
