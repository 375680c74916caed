//! Who else has a case open, and whether its page is still the newest: said to the page while it is open.
//!
//! Invariant: never a lock: nothing is refused because somebody else is there. Names are told to whoever sees the case
//! only, and nobody is told of themselves.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;

use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::cases::read;
use crate::inbox::form::Filled;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::store::error::StoreError;
use crate::store::presence::Present;
use crate::store::tx::Reader;

/// Who has opened a page is there for this long: without JavaScript nothing tells that they still are.
const AFTER_A_LOOK: Duration = Duration::from_secs(120);
/// The page says every fifteen seconds that it is open: two of those may be lost.
const AFTER_A_WORD: Duration = Duration::from_secs(45);
/// What is written down already and holds for nearly as long is not written again.
const NEARLY: Duration = Duration::from_secs(10);

/// Who else is there, as the page shows it.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    /// Each colleague, and whether they are writing.
    pub others: Vec<(Foreign, bool)>,
    /// The newest of the open concerns that the reader sees, anybody's: when it was raised, and about whom.
    pub concern: Option<(Timestamp, PersonId)>,
}

impl Presence {
    /// When that was, for programs; 0 where there is none.
    pub(super) fn concern_at(&self) -> i64 {
        self.concern.map_or(0, |(raised_at, _)| raised_at.as_micros())
    }
}

/// What a page that is open says.
#[derive(Debug, Deserialize)]
pub struct HereForm {
    /// When the person had written last, as the page shows it, in microseconds.
    #[serde(default)]
    heard: i64,
    /// Whether somebody is writing.
    #[serde(default)]
    writing: bool,
    /// Whether the page is being closed.
    #[serde(default)]
    gone: bool,
}

/// What it is answered.
#[derive(Debug, Template)]
#[template(path = "inbox/here.html")]
struct HerePage {
    presence: Presence,
    /// How many texts the person has written since.
    new: i64,
    /// Whether the newest open concern is about this person.
    concern_here: bool,
}

/// `POST …/here`
pub async fn here(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<HereForm>,
) -> Result<Response, Refusal> {
    let (reference, now) = (read(&path)?, inbox.house.clock.now());
    let mut reader = inbox.house.store.read().await?;
    let referral = reader.referral(&reference).await?;
    if !worker.works_for(&referral.service) {
        return Err(Refusal::NotHere);
    }
    let present = reader.present_at(referral.id, now).await?;
    let presence = presence(&mut reader, &present, worker.id).await?;
    let page = HerePage {
        new: reader.heard_after(referral.person, Timestamp::from_micros(form.heard)).await?,
        concern_here: presence.concern.is_some_and(|(_, person)| person == referral.person),
        presence,
    };
    drop(reader);
    let known = present.into_iter().find(|present| present.staff == worker.id);
    note(&inbox, (referral.id, reference), (worker.id, known), &form, now).await?;
    Ok(respond(StatusCode::OK, &page))
}

/// Who is there beside whoever looks, and the newest open concern.
///
/// # Errors
/// Where the store fails.
pub async fn presence(
    reader: &mut Reader,
    present: &[Present],
    onlooker: StaffId,
) -> Result<Presence, StoreError> {
    let others: Vec<&Present> = present.iter().filter(|present| present.staff != onlooker).collect();
    let names = if others.is_empty() { Names::of(&[]) } else { Names::of(&reader.all_staff().await?) };
    Ok(Presence {
        others: others.into_iter().map(|other| (names.get(other.staff), other.writes)).collect(),
        concern: reader.newest_open_concern(onlooker).await?,
    })
}

/// Somebody who has just opened a page.
#[must_use]
pub fn has_looked(staff: StaffId, now: Timestamp) -> Present {
    Present { staff, writes: false, ends_at: now.plus(AFTER_A_LOOK) }
}

async fn note(
    inbox: &Inbox,
    (id, reference): (ReferralId, Reference),
    (staff, known): (StaffId, Option<Present>),
    form: &HereForm,
    now: Timestamp,
) -> Result<(), Refusal> {
    let present = Present { staff, writes: form.writing, ends_at: now.plus(AFTER_A_WORD) };
    let gone = form.gone;
    let holds = |known: Present| {
        let enough = present.ends_at.minus(NEARLY)..=present.ends_at;
        known.writes == present.writes && enough.contains(&known.ends_at)
    };
    if !gone && known.is_some_and(holds) {
        return Ok(());
    }
    let written = inbox.house.store.write(move |tx| {
        let reference = reference.clone();
        async move {
            if gone {
                tx.forget_present(id, staff).await
            } else {
                tx.note_present(&reference, present, now).await
            }
        }
        .boxed()
    });
    Ok(written.await?)
}
