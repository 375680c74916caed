//! Coming in and going out: the set-up link, signing in, signing out.
//!
//! Invariant: a GET uses nothing up; a wrong password and an unknown address look the same and take as long; who has a
//! second factor is not signed in by a password.

use std::time::Duration;

use axum::extract::Query;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::AppendHeaders;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::staff::EmailAddress;
use crate::domain::staff::NotAStaffName;
use crate::domain::staff::NotAnEmailAddress;
use crate::domain::staff::Role;
use crate::domain::staff::StaffName;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::account_form::SetUpForm;
use crate::inbox::account_form::SignInForm;
use crate::inbox::device::Device;
use crate::inbox::doors::SetUpPage;
use crate::inbox::doors::SignInPage;
use crate::inbox::doors::SignedOutPage;
use crate::inbox::form::Filled;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::password;
use crate::inbox::password::NoHash;
use crate::inbox::refusal::Refusal;
use crate::inbox::second_step;
use crate::inbox::signed_in;
use crate::inbox::signed_in::AtTheDoor;
use crate::inbox::token::Token;
use crate::inbox::tries;
use crate::inbox::tries::Leave;
use crate::inbox::tries::Trier;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::randomness::Randomness;
use crate::store::staff::NewStaff;

/// Long enough to fetch the mail with the link, too short to lie about.
const LINK_GOOD_FOR: Duration = Duration::from_secs(30 * 60);
impl From<NoHash> for Refusal {
    fn from(_: NoHash) -> Self {
        Self::Away
    }
}

/// Makes a set-up link, unless there is an administrator. Older links work no more.
///
/// # Errors
/// Where the store is away.
pub async fn make_set_up_link(
    store: &Store,
    randomness: &Randomness,
    now: Timestamp,
    base: &str,
) -> Result<Option<String>, StoreError> {
    if store.read().await?.has_administrator().await? {
        return Ok(None);
    }
    let token = Token::from_random(randomness.bytes());
    let (hash, expires_at) = (token.hash(), now.plus(LINK_GOOD_FOR));
    store.write(move |tx| async move { tx.put_set_up_link(&hash, expires_at).await }.boxed()).await?;
    Ok(Some(format!("{}/set-up?token={}", base, token.reveal())))
}

/// The cookies that a browser carries once somebody has signed in: the one that opens the inbox, and its mark.
pub type Cookies = [(HeaderName, String); 2];

/// Signs a browser in; says the cookies that it is to carry.
///
/// # Errors
/// Where the store is away.
pub async fn open_session(inbox: &Inbox, staff: StaffId, device: &Device) -> Result<Cookies, StoreError> {
    let token = Token::from_random(inbox.randomness.bytes());
    let (hash, now, device) = (token.hash(), inbox.house.clock.now(), device.clone());
    let written = inbox.house.store.write(move |tx| {
        let device = device.clone();
        async move {
            tx.open_staff_session(&hash, staff, &device.0, now, signed_in::ends(now, now)).await?;
            tx.audit(Author::Staff(staff), "sign-in", "staff", &staff.to_string(), now).await
        }
        .boxed()
    });
    written.await?;
    let mark = tries::mark_of(&inbox.house.store, staff, inbox.randomness.bytes());
    Ok([(SET_COOKIE, inbox.cookie().set(&token)), (SET_COOKIE, inbox.mark_cookie().set(&mark))])
}

/// What a set-up link or an invitation carries.
#[derive(Deserialize)]
pub struct LinkQuery {
    /// The token.
    #[serde(default)]
    pub token: String,
}

/// `GET /set-up`
pub async fn set_up_page(
    State(inbox): State<Inbox>,
    Query(query): Query<LinkQuery>,
) -> Result<Response, Refusal> {
    link_must_work(&inbox, &query.token).await?;
    let form =
        SetUpForm { token: query.token, name: String::new(), email: String::new(), password: String::new() };
    Ok(respond(StatusCode::OK, &set_up_again(form, None)))
}

/// `POST /set-up`
pub async fn set_up(
    State(inbox): State<Inbox>,
    device: Device,
    Filled(form): Filled<SetUpForm>,
) -> Result<Response, Refusal> {
    let token_hash = link_must_work(&inbox, &form.token).await?;
    let (email, name) = match first_account(&form) {
        Ok(account) => account,
        Err(problem) => {
            return Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &set_up_again(form, Some(problem))));
        }
    };
    let password_hash = inbox.passwords.hash(Zeroizing::new(form.password), inbox.randomness.bytes()).await?;
    let content = inbox.house.content.get();
    let services = content.directory.services();
    let new = NewStaff {
        email,
        name,
        role: Role::Admin,
        password_hash: Words(password_hash),
        services: services.iter().map(|service| service.id.clone()).collect(),
    };
    let now = inbox.house.clock.now();
    let written = inbox.house.store.write(move |tx| {
        let new = new.clone();
        async move {
            if tx.has_administrator().await? || !tx.use_set_up_link(&token_hash, now).await? {
                return Err(StoreError::TooLate);
            }
            tx.add_staff(&new, now).await
        }
        .boxed()
    });
    match written.await {
        Ok(staff) => Ok(into_inbox(open_session(&inbox, staff, &device).await?)),
        Err(StoreError::TooLate) => Err(Refusal::LinkOver),
        Err(error) => Err(error.into()),
    }
}

async fn link_must_work(inbox: &Inbox, token: &str) -> Result<[u8; 32], Refusal> {
    let hash = token.parse::<Token>().map_err(|_| Refusal::LinkOver)?.hash();
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    if reader.set_up_link_works(&hash, now).await? && !reader.has_administrator().await? {
        Ok(hash)
    } else {
        Err(Refusal::LinkOver)
    }
}

fn first_account(form: &SetUpForm) -> Result<(EmailAddress, StaffName), &'static str> {
    let (name, email) = (read_name(&form.name)?, read_email(&form.email)?);
    match password::problem(&form.password, &[&form.name, &form.email]) {
        None => Ok((email, name)),
        Some(problem) => Err(problem),
    }
}

/// The name of somebody who is to work here.
///
/// # Errors
/// Where it is none, in a sentence.
pub fn read_name(name: &str) -> Result<StaffName, &'static str> {
    name.parse().map_err(|NotAStaffName| "Please write your name, in at most 80 letters.")
}

/// The e-mail address of somebody who is to work here.
///
/// # Errors
/// Where it is none, in a sentence.
pub fn read_email(email: &str) -> Result<EmailAddress, &'static str> {
    email.parse().map_err(|NotAnEmailAddress| "Please write an email address, such as sam@example.org.")
}

fn set_up_again(form: SetUpForm, problem: Option<&'static str>) -> SetUpPage {
    SetUpPage {
        layout: Layout::outside("Set up Footbridge"),
        token: form.token,
        name: form.name,
        email: form.email,
        problem,
    }
}

/// `GET /sign-in`
pub async fn sign_in_page() -> Response {
    respond(StatusCode::OK, &sign_in_again(String::new(), None))
}

const TOO_OFTEN_HERE: &str = "That was tried too often from here. Wait ten minutes, then try once more.";
const TOO_OFTEN_ELSEWHERE: &str = "Somebody has tried this too often, perhaps not you. Wait a minute, then try once more. In a browser in which you have signed in before, other people's tries do not count.";

/// `POST /sign-in`
pub async fn sign_in(
    State(inbox): State<Inbox>,
    device: Device,
    trier: Trier,
    Filled(form): Filled<SignInForm>,
) -> Result<Response, Refusal> {
    if !form.ticket.is_empty() {
        return second_step::show(&inbox, &form.ticket, device, &form.code).await;
    }
    let (email, now) = (form.email.trim(), inbox.house.clock.now());
    let mut reader = inbox.house.store.read().await?;
    let account = reader.staff_by_email(email).await?.filter(|proof| proof.staff.active);
    drop(reader);
    let staff = account.as_ref().map(|proof| proof.staff.id);
    let too_often = |problem| Ok(refuse(StatusCode::TOO_MANY_REQUESTS, form.email.clone(), problem));
    let tried = match tries::may_sign_in(&inbox, &trier, (email, staff), now).await? {
        Leave::Granted(tried) => tried,
        Leave::TooOftenHere => return too_often(TOO_OFTEN_HERE),
        Leave::TooOftenElsewhere => return too_often(TOO_OFTEN_ELSEWHERE),
    };
    let stored = account.as_ref().map(|proof| proof.password_hash.clone());
    // Nothing longer was ever set; argon2 need not work on it.
    let right = form.password.len() <= password::LONGEST
        && inbox.passwords.is_right(Zeroizing::new(form.password), stored).await?;
    let Some(proof) = account.filter(|_| right) else {
        let problem = "The email address or the password is not right.";
        return Ok(refuse(StatusCode::UNAUTHORIZED, form.email, problem));
    };
    tries::succeeded(&inbox, tried).await?;
    match proof.second_factor {
        Some(_) => second_step::ask(&inbox, proof.staff.id, device, &form.code).await,
        None => Ok(into_inbox(open_session(&inbox, proof.staff.id, &device).await?)),
    }
}

/// The door once more, with what was wrong.
#[must_use]
pub fn refuse(status: StatusCode, email: String, problem: &'static str) -> Response {
    respond(status, &sign_in_again(email, Some(problem)))
}

fn sign_in_again(email: String, problem: Option<&'static str>) -> SignInPage {
    SignInPage { layout: Layout::outside("Sign in"), email, problem }
}

/// `POST /sign-out`
pub async fn sign_out(AtTheDoor(worker): AtTheDoor, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    let hash = worker.token_hash;
    inbox.house.store.write(move |tx| async move { tx.close_staff_session(&hash).await }.boxed()).await?;
    Ok(([(SET_COOKIE, inbox.cookie().take_away())], Redirect::to("/signed-out")).into_response())
}

/// `GET /signed-out`
pub async fn signed_out() -> Response {
    respond(StatusCode::OK, &SignedOutPage { layout: Layout::outside("Signed out") })
}

/// Into the inbox, with the cookies that open it.
#[must_use]
pub fn into_inbox(cookies: Cookies) -> Response {
    (AppendHeaders(cookies), Redirect::to("/inbox")).into_response()
}
