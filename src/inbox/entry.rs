//! Coming in and going out: the set-up link, signing in, signing out.
//!
//! Invariant: a GET uses nothing up; a wrong password and an unknown address look the same and take as long.

use std::time::Duration;

use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::staff::Role;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::doors::SetUpPage;
use crate::inbox::doors::SignInPage;
use crate::inbox::doors::SignedOutPage;
use crate::inbox::form::Filled;
use crate::inbox::form::SetUpForm;
use crate::inbox::form::SignInForm;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::password;
use crate::inbox::password::NoHash;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::token::Token;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::randomness::Randomness;
use crate::store::staff::NewStaff;

/// Long enough to fetch the mail with the link, too short to lie about.
const LINK_GOOD_FOR: Duration = Duration::from_secs(30 * 60);
/// After this many failures in this time an address is not tried any more, so that nobody can guess on.
const MOST_FAILURES: i64 = 10;
const FAILURES_COUNT_FOR: Duration = Duration::from_secs(10 * 60);

const LONGEST_NAME: usize = 80;
/// The longest that mail allows.
const LONGEST_EMAIL: usize = 254;

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

/// Signs a browser in; says the cookie that it is to carry.
///
/// # Errors
/// Where the store is away.
pub async fn open_session(inbox: &Inbox, staff: StaffId) -> Result<String, StoreError> {
    let token = Token::from_random(inbox.randomness.bytes());
    let (hash, now) = (token.hash(), inbox.house.clock.now());
    let written = inbox.house.store.write(move |tx| {
        async move {
            tx.open_staff_session(&hash, staff, now, signed_in::ends(now, now)).await?;
            tx.audit(Author::Staff(staff), "sign-in", "staff", &staff.to_string(), now).await
        }
        .boxed()
    });
    written.await?;
    Ok(inbox.cookie().set(&token))
}

/// What a set-up link carries.
#[derive(Deserialize)]
pub struct LinkQuery {
    #[serde(default)]
    token: String,
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
    Filled(form): Filled<SetUpForm>,
) -> Result<Response, Refusal> {
    let token_hash = link_must_work(&inbox, &form.token).await?;
    if let Some(problem) = problem_of(&form) {
        return Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &set_up_again(form, Some(problem))));
    }
    let password_hash = inbox.passwords.hash(Zeroizing::new(form.password), inbox.randomness.bytes()).await?;
    let content = inbox.house.content.get();
    let services = content.directory.services();
    let new = NewStaff {
        email: Words(form.email.trim().to_owned()),
        name: Words(form.name.trim().to_owned()),
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
        Ok(staff) => Ok(into_inbox(open_session(&inbox, staff).await?)),
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

fn problem_of(form: &SetUpForm) -> Option<&'static str> {
    let name = form.name.trim().chars().count();
    let email = form.email.trim();
    if name == 0 || LONGEST_NAME < name {
        Some("Please write your name, in at most 80 letters.")
    } else if !email.contains('@') || LONGEST_EMAIL < email.len() {
        Some("Please write your email address, such as sam@example.org.")
    } else if form.password.chars().count() < password::SHORTEST {
        Some("The password is too short: it needs at least 12 characters.")
    } else if password::LONGEST < form.password.len() {
        Some("The password is too long: 256 characters are the most.")
    } else {
        None
    }
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

/// `POST /sign-in`
pub async fn sign_in(
    State(inbox): State<Inbox>,
    Filled(form): Filled<SignInForm>,
) -> Result<Response, Refusal> {
    let (email, now) = (form.email.trim().to_owned(), inbox.house.clock.now());
    if !may_try(&inbox, &email, now).await? {
        let problem = "That was tried too often. Wait ten minutes, then try once more.";
        return Ok(respond(StatusCode::TOO_MANY_REQUESTS, &sign_in_again(form.email, Some(problem))));
    }
    let mut reader = inbox.house.store.read().await?;
    let account = reader.staff_by_email(&email).await?.filter(|proof| proof.staff.active);
    drop(reader);
    let stored = account.as_ref().map(|proof| proof.password_hash.clone());
    // Nothing longer was ever set; argon2 need not work on it.
    let right = form.password.len() <= password::LONGEST
        && inbox.passwords.is_right(Zeroizing::new(form.password), stored).await?;
    match account.filter(|_| right) {
        Some(proof) => {
            let written = inbox.house.store.write(move |tx| {
                let email = email.clone();
                async move { tx.forget_failed_sign_ins(&email).await }.boxed()
            });
            written.await?;
            Ok(into_inbox(open_session(&inbox, proof.staff.id).await?))
        }
        None => {
            let problem = "The email address or the password is not right.";
            Ok(respond(StatusCode::UNAUTHORIZED, &sign_in_again(form.email, Some(problem))))
        }
    }
}

/// Whether this address may be tried now. A try counts as failed until it has succeeded: a thousand at once are no more
/// than a thousand one after the other.
async fn may_try(inbox: &Inbox, email: &str, now: Timestamp) -> Result<bool, StoreError> {
    let (email, since) = (email.to_owned(), now.minus(FAILURES_COUNT_FOR));
    let written = inbox.house.store.write(move |tx| {
        let email = email.clone();
        async move {
            tx.forget_failed_sign_ins_before(since).await?;
            if MOST_FAILURES <= tx.failed_sign_ins(&email, since).await? {
                return Ok(false);
            }
            tx.note_failed_sign_in(&email, now).await?;
            Ok(true)
        }
        .boxed()
    });
    written.await
}

fn sign_in_again(email: String, problem: Option<&'static str>) -> SignInPage {
    SignInPage { layout: Layout::outside("Sign in"), email, problem }
}

/// `POST /sign-out`
pub async fn sign_out(worker: SignedIn, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    let hash = worker.token_hash;
    inbox.house.store.write(move |tx| async move { tx.close_staff_session(&hash).await }.boxed()).await?;
    Ok(([(SET_COOKIE, inbox.cookie().take_away())], Redirect::to("/signed-out")).into_response())
}

/// `GET /signed-out`
pub async fn signed_out() -> Response {
    respond(StatusCode::OK, &SignedOutPage { layout: Layout::outside("Signed out") })
}

fn into_inbox(cookie: String) -> Response {
    ([(SET_COOKIE, cookie)], Redirect::to("/inbox")).into_response()
}
