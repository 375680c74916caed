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

use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::referral::Folder;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::inbox::Inbox;
use crate::inbox::beside::beside;
use crate::inbox::champion;
use crate::inbox::filters::Asked;
use crate::inbox::filters::filters;
use crate::inbox::history::deeds;
use crate::inbox::labelling::Labels;
use crate::inbox::labels::mark_labels;
use crate::inbox::me::duty_lines;
use crate::inbox::page::respond;
use crate::inbox::presence::has_looked;
use crate::inbox::presence::presence;
use crate::inbox::queue::QueueRow;
use crate::inbox::queue::folder_named;
use crate::inbox::queue::queue_page;
use crate::inbox::refusal::Refusal;
use crate::inbox::same;
use crate::inbox::same::Known;
use crate::inbox::seen_by::Shared;
use crate::inbox::seen_by::for_leads;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view;
use crate::inbox::view::Case;
use crate::inbox::view::Names;
use crate::inbox::words::folder_words;
use crate::inbox::writing::Writing;
use crate::store::concern::SavedConcern;
use crate::store::desk::Onlooker;
use crate::store::error::StoreError;
use crate::store::place::Place;
use crate::store::referral::Referral;
use crate::store::sight::ConcernSight;
use crate::store::sight::Sight;
use crate::store::tx::Reader;

/// As many rows as one looks through before one turns the page.
const ROWS: u16 = 50;
/// More than a link worker scrolls through.
const MOST_MESSAGES: u16 = 400;
/// What has ended is shown for a quarter.
const ENDED_SHOWN_FOR: Duration = Duration::from_secs(92 * 24 * 3600);
/// The action that a look at a case is audited as.
pub const LOOKED: &str = "read-referral";

/// Which folder is asked for, and from where on.
#[derive(Debug, Deserialize)]
pub struct Show {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

/// Which ready-made text is to stand in the box of a case, by its id.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    ready: String,
}

/// `GET /inbox`
pub async fn queue(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Query(query): Query<Show>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    if worker.role.only_helps() {
        return champion::list(&worker, &inbox).await;
    }
    let folder = folder_named(&query.show);
    let after = query.after.parse::<Place>().ok();
    let onlooker = onlooker(&worker, now);
    let content = inbox.house.content.get();
    let mut reader = inbox.house.store.read().await?;
    let labels = reader.all_labels().await?;
    let (filters, filter) = filters(&asked, &worker, (&content, &labels), now);
    let counts = reader.folder_counts(onlooker, &filter).await?;
    let (desk, next) = reader.desk(onlooker, &filter, folder, after, ROWS).await?;
    let names = Names::of(&reader.all_staff().await?);
    let directory = &content.directory;
    let mut rows: Vec<QueueRow> =
        desk.iter().map(|queued| view::queue_row(&worker, queued, directory, &names, now)).collect();
    mark_labels(&mut rows, &desk, &labels);
    view::mark_requests(&mut rows, &reader.erasure_requests().await?);
    let on_duty = reader.all_on_duty(now).await?;
    let mut page = queue_page(worker.layout(folder_words(folder)), folder, counts, rows);
    page.for_leads = for_leads(&mut reader, &worker, &names, now).await?;
    page.duty = duty_lines(&worker, &on_duty, directory, &names);
    (page.first, page.next, page.filters) = (after.is_none(), next, filters);
    page.beside = beside(&worker, &inbox, &content, (&mut reader, &names, &labels), now).await?;
    page.beside.bar.take_if(|_| folder == Folder::Closed || page.rows.is_empty());
    Ok(respond(StatusCode::OK, &page))
}

/// Somebody who looks at the list of cases now.
#[must_use]
pub fn onlooker(worker: &SignedIn, now: Timestamp) -> Onlooker {
    Onlooker { staff: worker.id, now, ended_since: now.minus(ENDED_SHOWN_FOR) }
}

/// `GET /inbox/changes`: another word after each change, on whichever node it was made.
pub async fn changes(_: SignedIn, State(inbox): State<Inbox>) -> Result<String, Refusal> {
    let now = inbox.house.clock.now();
    Ok(inbox.house.store.read().await?.changes(now).await?)
}

/// `GET /inbox/referrals/{REF}`
pub async fn show(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let (case, seen) = gather(&inbox, &worker, &read(&reference)?).await?;
    if let Some(onward) = same::onward(&inbox, &case.referral).await? {
        return Ok(onward);
    }
    note_look(&inbox, &worker, case.referral.reference.clone(), now).await?;
    let content = inbox.house.content.get();
    Ok(match seen {
        Sight::Nothing => return Err(Refusal::NotHere),
        Sight::Helps => respond(StatusCode::OK, &champion::case_page(&worker, &case, inbox.form_key())),
        Sight::Whole => {
            let writing = Writing::of(&inbox, &worker, &case, &chosen.ready).await?;
            let mut page = view::referral_page(&worker, &case, &content, (inbox.form_key(), writing), now);
            let mut reader = inbox.house.store.read().await?;
            let present = reader.present_at(case.referral.id, now).await?;
            page.presence = presence(&mut reader, &present, worker.id).await?;
            respond(StatusCode::OK, &page)
        }
    })
}

/// The case with this reference, where somebody sees all of it.
///
/// # Errors
/// `NotHere` where they do not, or where the store fails.
pub async fn gather_whole(inbox: &Inbox, worker: &SignedIn, reference: &Reference) -> Result<Case, Refusal> {
    match gather(inbox, worker, reference).await? {
        (case, Sight::Whole) => Ok(case),
        (_, Sight::Helps | Sight::Nothing) => Err(Refusal::NotHere),
    }
}

async fn gather(inbox: &Inbox, worker: &SignedIn, reference: &Reference) -> Result<(Case, Sight), Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let referral = reader.referral(reference).await?;
    match reader.sight(worker.id, &referral).await? {
        Sight::Nothing => Err(Refusal::NotHere),
        seen @ (Sight::Helps | Sight::Whole) => {
            let mut case = gather_from(&mut reader, referral).await?;
            case.same.keep_seen(&mut reader, worker.id).await?;
            Ok((case, seen))
        }
    }
}

/// The newest case of a person, where somebody sees all of it: what is shown of a person is shown in a case.
///
/// # Errors
/// `NotHere` where they do not, or where the store fails.
pub async fn case_seen(
    reader: &mut Reader,
    worker: &SignedIn,
    person: PersonId,
) -> Result<Referral, Refusal> {
    let referral = reader.newest_referral_of(person).await?.ok_or(Refusal::NotHere)?;
    match reader.sight(worker.id, &referral).await? {
        Sight::Whole => Ok(referral),
        Sight::Helps | Sight::Nothing => Err(Refusal::NotHere),
    }
}

/// The newest case of the person of a concern, and how much of both somebody sees.
///
/// # Errors
/// `NotHere` where they see nothing, or where the store fails.
pub async fn concern_seen(
    reader: &mut Reader,
    worker: &SignedIn,
    concern: &SavedConcern,
) -> Result<(Referral, ConcernSight), Refusal> {
    match reader.concern_sight(worker.id, concern.id).await? {
        ConcernSight::Nothing => Err(Refusal::NotHere),
        sight @ (ConcernSight::Alone | ConcernSight::Whole) => {
            // Intake opens a case with every concern.
            let referral = reader.newest_referral_of(concern.raised.person).await?;
            Ok((referral.ok_or(Refusal::NotHere)?, sight))
        }
    }
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
        person: reader.whole_person(referral.person).await?,
        consents: reader.consents_to_show(referral.person).await?,
        deeds: deeds(reader, &referral).await?,
        same: Known::of(reader, &referral).await?,
        erased_at: reader.erased_at(referral.person).await?,
        addresses: reader.addresses_of(referral.person).await?,
        summaries: handovers.into_iter().map(|handover| handover.summary).collect(),
        corrected: reader.theme_corrections_of(referral.id).await?,
        labels: Labels::of(reader, &referral).await?,
        concerns,
        told,
        heard_at: reader.heard_last(referral.person).await?,
        session: reader.conversation_to_show(referral.person).await?,
        thread: reader.thread(referral.person, MOST_MESSAGES).await?,
        contacts: reader.all_contacts_of(&referral).await?,
        notes: reader.all_notes_of(&referral).await?,
        staff: Names::of(&reader.all_staff().await?),
        colleagues: reader.seers(&referral).await?,
        champions: reader.champions_for(&referral).await?,
        lent: reader.lent(referral.id).await?,
        shared: Shared {
            named: reader.restricted_to(referral.person).await?,
            could: reader.could_see(&referral).await?,
            stepped: reader.stepped_back(referral.person).await?,
        },
        undelivered_since: reader.undelivered_since(referral.id).await?,
        answer_by: reader.answer_by(referral.id).await?,
        referral,
    })
}

/// Writes down that somebody has looked at a case. What a colleague gave them is no longer new to them.
///
/// # Errors
/// Where the store is away.
pub async fn note_look(
    inbox: &Inbox,
    worker: &SignedIn,
    reference: Reference,
    now: Timestamp,
) -> Result<(), Refusal> {
    let (author, staff) = (worker.author(), worker.id);
    let written = inbox.house.store.write(move |tx| {
        let reference = reference.clone();
        async move {
            tx.mark_opened(&reference, staff, now).await?;
            tx.note_present(&reference, has_looked(staff, now), now).await?;
            tx.audit(author, LOOKED, "referral", reference.as_str(), now).await
        }
        .boxed()
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
