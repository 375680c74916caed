//! Invitations: making a link, and following it.
//!
//! Invariant: a GET uses nothing up; a link makes one account, for the address, role, services and practices that it was
//! made for.

use std::time::Duration;

use askama::Template;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;
use zeroize::Zeroizing;

use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::staff::EmailAddress;
use crate::domain::staff::Role;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::account_form::AcceptForm;
use crate::inbox::device::Device;
use crate::inbox::entry;
use crate::inbox::entry::LinkQuery;
use crate::inbox::form::Filled;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::password;
use crate::inbox::refusal::Refusal;
use crate::inbox::token::Token;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::invitation::Accepted;
use crate::store::invitation::Invitation;
use crate::store::invitation::NewInvitation;
use crate::store::outbox::Author;
use crate::store::randomness::Randomness;
use crate::store::scope::Practices;

/// Long enough for a colleague who starts next week, too short to lie about in a mailbox for ever.
pub const LINK_GOOD_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// Where somebody who was invited makes their account.
#[derive(Template)]
#[template(path = "inbox/invitation.html")]
pub struct InvitationPage {
    /// The frame.
    pub layout: Layout,
    /// The token of the link.
    pub token: String,
    /// The e-mail address that the account will have.
    pub email: String,
    /// What was typed.
    pub name: String,
    /// What was wrong, in a sentence.
    pub problem: Option<&'static str>,
}

/// Who is to be invited.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The e-mail address.
    pub email: EmailAddress,
    /// What they will be able to do.
    pub role: Role,
    /// The services whose queues they will see.
    pub services: Vec<ServiceId>,
    /// The practices to which they will be kept.
    pub practices: Practices,
    /// Who invites; none at the terminal.
    pub by: Option<StaffId>,
}

/// Makes a link for somebody; an older one for the same address works no more.
///
/// # Errors
/// `TooLate` where somebody has that address, or where the store is away.
pub async fn make_link(
    store: &Store,
    randomness: &Randomness,
    base: &str,
    wanted: Wanted,
    now: Timestamp,
) -> Result<String, StoreError> {
    let token = Token::from_random(randomness.bytes());
    let (hash, author) = (token.hash(), wanted.by.map_or(Author::System, Author::Staff));
    let new = NewInvitation {
        email: wanted.email,
        role: wanted.role,
        services: wanted.services,
        practices: wanted.practices,
        invited_by: wanted.by,
        expires_at: now.plus(LINK_GOOD_FOR),
    };
    let written = store.write(move |tx| {
        let new = new.clone();
        async move {
            let id = tx.invite(&new, &hash, now).await?;
            tx.audit(author, "invite", "invitation", &id.to_string(), now).await?;
            for (_, practice) in &new.practices {
                tx.audit(author, "add-practice", "practice", practice.as_str(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    written.await?;
    Ok(format!("{base}/invitation?token={}", token.reveal()))
}

/// `GET /invitation`
pub async fn page(State(inbox): State<Inbox>, Query(query): Query<LinkQuery>) -> Result<Response, Refusal> {
    let (_, invitation) = still_good(&inbox, &query.token).await?;
    Ok(respond(StatusCode::OK, &again(query.token, invitation, String::new(), None)))
}

/// `POST /invitation`
pub async fn accept(
    State(inbox): State<Inbox>,
    device: Device,
    Filled(form): Filled<AcceptForm>,
) -> Result<Response, Refusal> {
    let (hash, invitation) = still_good(&inbox, &form.token).await?;
    let name = entry::read_name(&form.name).and_then(|name| {
        let problem = password::problem(&form.password, &[&form.name, &invitation.email.0]);
        problem.map_or(Ok(name), Err)
    });
    let name = match name {
        Ok(name) => name,
        Err(problem) => {
            let page = again(form.token, invitation, form.name, Some(problem));
            return Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let password_hash = inbox.passwords.hash(Zeroizing::new(form.password), inbox.randomness.bytes()).await?;
    let accepted = Accepted { name, password_hash: Words(password_hash) };
    let now = inbox.house.clock.now();
    let written = inbox.house.store.write(move |tx| {
        let accepted = accepted.clone();
        async move {
            let staff = tx.accept_invitation(&hash, &accepted, now).await?;
            let subject = invitation.id.to_string();
            tx.audit(Author::Staff(staff), "accept-invitation", "invitation", &subject, now).await?;
            Ok(staff)
        }
        .boxed()
    });
    match written.await {
        Ok(staff) => Ok(entry::into_inbox(entry::open_session(&inbox, staff, &device).await?)),
        Err(StoreError::TooLate) => Err(Refusal::InvitationOver),
        Err(error) => Err(error.into()),
    }
}

async fn still_good(inbox: &Inbox, token: &str) -> Result<([u8; 32], Invitation), Refusal> {
    let hash = token.parse::<Token>().map_err(|_| Refusal::InvitationOver)?.hash();
    let now = inbox.house.clock.now();
    let invitation = inbox.house.store.read().await?.invitation(&hash, now).await?;
    invitation.map(|invitation| (hash, invitation)).ok_or(Refusal::InvitationOver)
}

fn again(
    token: String,
    invitation: Invitation,
    name: String,
    problem: Option<&'static str>,
) -> InvitationPage {
    InvitationPage {
        layout: Layout::outside("Make your account"),
        token,
        email: invitation.email.0,
        name,
        problem,
    }
}
