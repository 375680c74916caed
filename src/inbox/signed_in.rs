//! Who is signed in: the check that stands before every page of the inbox.
//!
//! Invariant: without a session that is known, fresh and of an active account, no handler runs; where a second factor is
//! required, none but those that set it up runs without one.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use futures_util::FutureExt;

use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::staff::Role;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::live::EVENTS;
use crate::inbox::page::Layout;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::store::outbox::Author;

/// A session ends when nothing was done with it for this long: a working day and its evening.
pub const IDLE: Duration = Duration::from_secs(12 * 3600);
/// A session ends after this in any case.
pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// That somebody was there is written down at most this often.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// Said by a page that looks for news by itself: that nobody is at the desk must still end the session.
const LOOKS_BY_ITSELF: &str = "x-footbridge-live";

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Their account.
    pub id: StaffId,
    /// Their name, as colleagues see it.
    pub name: Foreign,
    /// What they may do.
    pub role: Role,
    /// The services that they work for.
    pub services: Vec<ServiceId>,
    /// Their session.
    pub(super) token_hash: [u8; 32],
    /// Whether they have a second factor, and so have shown it.
    pub has_second_factor: bool,
    demo: bool,
    held: bool,
}

/// Who is signed in, also without the second factor that they need: for the pages that set it up, and for signing out.
#[derive(Debug, Clone)]
pub struct AtTheDoor(pub SignedIn);

/// An administrator who is signed in. For everybody else there is no such page.
#[derive(Debug, Clone)]
pub struct Administrator(pub SignedIn);

/// Somebody who is signed in and may look for cases. For a volunteer champion there is no such page.
#[derive(Debug, Clone)]
pub struct Searching(pub SignedIn);

/// Somebody who is signed in and helps with cases as a volunteer champion. For everybody else there is no such page.
#[derive(Debug, Clone)]
pub struct Helping(pub SignedIn);

/// Somebody who is signed in and leads. For everybody else there is no such page.
#[derive(Debug, Clone)]
pub struct Leading(pub SignedIn);

/// Somebody who is signed in and reads the audit. For everybody else there is no such page.
#[derive(Debug, Clone)]
pub struct Auditing(pub SignedIn);

/// Somebody who is signed in and keeps ready-made texts and labels. For everybody else there is no such page.
#[derive(Debug, Clone)]
pub struct KeepsTexts(pub SignedIn);

impl SignedIn {
    /// The frame of a page for them.
    #[must_use]
    pub fn layout(&self, title: &str) -> Layout {
        Layout {
            title: title.to_owned(),
            worker: Some(self.name.clone()),
            people: self.role.looks_after_staff(),
            audit: self.role.reads_audit(),
            texts: self.role.keeps_texts(),
            leads: self.role.leads(),
            demo: self.demo,
            held: self.held,
        }
    }

    /// Whether this is the demo.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.demo
    }

    /// Them, as the author of a text or the actor of the audit.
    #[must_use]
    pub fn author(&self) -> Author {
        Author::Staff(self.id)
    }

    /// Whether they may see what belongs to this service: an administrator sees all, so that nothing is seen by nobody.
    #[must_use]
    pub fn works_for(&self, service: &ServiceId) -> bool {
        self.role == Role::Admin || (self.role.answers_people() && self.services.contains(service))
    }
}

impl FromRequestParts<Inbox> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        let worker = who(parts, inbox).await?;
        if worker.has_second_factor || !inbox.second_factor_required {
            return Ok(worker);
        }
        Err(match parts.method {
            Method::GET | Method::HEAD => Refusal::EnrolFirst,
            _ => Refusal::NotEnrolled,
        })
    }
}

impl FromRequestParts<Inbox> for AtTheDoor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        who(parts, inbox).await.map(Self)
    }
}

impl FromRequestParts<Inbox> for Administrator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        let worker = SignedIn::from_request_parts(parts, inbox).await?;
        if worker.role.looks_after_staff() { Ok(Self(worker)) } else { Err(Refusal::NotHere) }
    }
}

impl FromRequestParts<Inbox> for Searching {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        let worker = SignedIn::from_request_parts(parts, inbox).await?;
        if worker.role.only_helps() { Err(Refusal::NotHere) } else { Ok(Self(worker)) }
    }
}

impl FromRequestParts<Inbox> for Helping {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        let worker = SignedIn::from_request_parts(parts, inbox).await?;
        if worker.role.only_helps() { Ok(Self(worker)) } else { Err(Refusal::NotHere) }
    }
}

impl FromRequestParts<Inbox> for Leading {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        let worker = SignedIn::from_request_parts(parts, inbox).await?;
        if worker.role.leads() { Ok(Self(worker)) } else { Err(Refusal::NotHere) }
    }
}

impl FromRequestParts<Inbox> for Auditing {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        let worker = SignedIn::from_request_parts(parts, inbox).await?;
        if worker.role.reads_audit() { Ok(Self(worker)) } else { Err(Refusal::NotHere) }
    }
}

impl FromRequestParts<Inbox> for KeepsTexts {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Refusal> {
        let worker = SignedIn::from_request_parts(parts, inbox).await?;
        if worker.role.keeps_texts() { Ok(Self(worker)) } else { Err(Refusal::NotHere) }
    }
}

/// The session that a request carries, and whose it is.
async fn who(parts: &Parts, inbox: &Inbox) -> Result<SignedIn, Refusal> {
    let nobody = || match parts.method {
        Method::GET | Method::HEAD => Refusal::SignInFirst,
        // What was typed is still in the browser: the page says how to get it back.
        _ => Refusal::SignedOutMeanwhile,
    };
    let token = inbox.cookie().read(&parts.headers).ok_or_else(nobody)?;
    let token_hash = token.hash();
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let session = reader.staff_session(&token_hash, now).await?.ok_or_else(nobody)?;
    let proof = reader.staff(session.staff).await?;
    let services = reader.services_of(session.staff).await?;
    let held = reader.sending_held().await?.is_some();
    drop(reader);
    let by_itself = parts.headers.contains_key(LOOKS_BY_ITSELF) || parts.uri.path() == EVENTS;
    if !by_itself && NOTED_EVERY <= now.since(session.seen_at) {
        note_seen(inbox, token_hash, now, ends(session.created_at, now)).await?;
    }
    Ok(SignedIn {
        id: proof.staff.id,
        name: Foreign::new(&proof.staff.name.0),
        role: proof.staff.role,
        services,
        token_hash,
        has_second_factor: proof.second_factor.is_some(),
        demo: inbox.demo,
        held,
    })
}

/// When a session ends that began then, and in which something was done now.
#[must_use]
pub fn ends(began_at: Timestamp, now: Timestamp) -> Timestamp {
    began_at.plus(LONGEST).min(now.plus(IDLE))
}

async fn note_seen(
    inbox: &Inbox,
    token_hash: [u8; 32],
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<(), Refusal> {
    let written = inbox
        .house
        .store
        .write(move |tx| async move { tx.extend_staff_session(&token_hash, now, ends_at).await }.boxed());
    Ok(written.await?)
}
