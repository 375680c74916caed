//! What somebody needs to look after their own account: where they are signed in, their password, their second step.
//!
//! Invariant: nobody sees or ends a session that is not theirs; a new password ends every other session.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use zeroize::Zeroizing;

use crate::inbox::Inbox;
use crate::inbox::account_form::PasswordForm;
use crate::inbox::account_form::SessionForm;
use crate::inbox::form::Filled;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::respond;
use crate::inbox::password;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::tries;
use crate::store::sign_in::OpenSession;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/account.html")]
pub struct AccountPage {
    /// The frame.
    pub layout: Layout,
    /// The e-mail address, for the browser's store of passwords.
    pub email: String,
    /// Where they are signed in, here first.
    pub sessions: Vec<SessionView>,
    /// How many recovery codes are left, where there is a second factor.
    pub recovery_codes: Option<i64>,
    /// What was wrong.
    pub problem: Option<Problem>,
}

impl AccountPage {
    /// Whether a part of the page stands open, because something in it was wrong.
    fn is_open(&self, part: &str) -> bool {
        self.problem.is_some_and(|problem| problem.part == part)
    }
}

/// A browser in which they are signed in.
#[derive(Debug)]
pub struct SessionView {
    /// Names it in the form; opens nothing.
    pub id: String,
    /// The kind of browser.
    pub device: String,
    /// When they signed in.
    pub since: Moment,
    /// When they were seen last.
    pub seen: Moment,
    /// Whether it is this one.
    pub here: bool,
}

/// What was wrong with a form of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// What, in a sentence.
    pub sentence: &'static str,
    /// The part of the page.
    pub part: &'static str,
}

impl Problem {
    /// Of the second step.
    #[must_use]
    pub fn of_factor(sentence: &'static str) -> Self {
        Self { sentence, part: "second-step" }
    }

    fn of_password(sentence: &'static str) -> Self {
        Self { sentence, part: "password" }
    }
}

/// So many wrong passwords in so long end the trying.
const PASSWORD_TRIES: (i64, Duration) = (10, Duration::from_secs(10 * 60));

/// `GET /inbox/account`
pub async fn show(worker: SignedIn, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    page(&worker, &inbox, None).await
}

/// The page, with what was wrong.
///
/// # Errors
/// Where the store is away.
pub async fn page(worker: &SignedIn, inbox: &Inbox, problem: Option<Problem>) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let proof = reader.staff(worker.id).await?;
    let open = reader.staff_sessions(worker.id, now).await?;
    let recovery_codes = match proof.second_factor {
        Some(_) => Some(reader.recovery_codes_left(worker.id).await?),
        None => None,
    };
    drop(reader);
    let mut sessions: Vec<SessionView> =
        open.into_iter().map(|session| session_view(session, &worker.token_hash)).collect();
    sessions.sort_by_key(|session| !session.here);
    let page = AccountPage {
        layout: worker.layout("Your account"),
        email: proof.staff.email.0,
        sessions,
        recovery_codes,
        problem,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

fn session_view(session: OpenSession, here: &[u8; 32]) -> SessionView {
    SessionView {
        id: name_of(&session.token_hash),
        device: session.device.unwrap_or_else(|| "A browser".to_owned()),
        since: Moment(session.created_at),
        seen: Moment(session.seen_at),
        here: session.token_hash == here,
    }
}

/// Enough of the hash to tell a session from somebody's others.
fn name_of(token_hash: &[u8]) -> String {
    token_hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `POST /inbox/account/end-session`
pub async fn end_session(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Filled(form): Filled<SessionForm>,
) -> Result<Response, Refusal> {
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let open = inbox.house.store.read().await?.staff_sessions(staff, now).await?;
    let meant = open.into_iter().find(|session| name_of(&session.token_hash) == form.session);
    let hash: Option<[u8; 32]> = meant.and_then(|session| session.token_hash.try_into().ok());
    if let Some(hash) = hash {
        let written = inbox.house.store.write(move |tx| {
            async move {
                tx.close_staff_session(&hash).await?;
                tx.audit(author, "end-session", "staff", &staff.to_string(), now).await
            }
            .boxed()
        });
        written.await?;
    }
    // Where it had ended already the page shows so.
    Ok(Redirect::to("/inbox/account").into_response())
}

/// `POST /inbox/account/end-others`
pub async fn end_others(worker: SignedIn, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let here = worker.token_hash;
    let written = inbox.house.store.write(move |tx| {
        async move {
            tx.close_other_staff_sessions(staff, &here).await?;
            tx.audit(author, "end-other-sessions", "staff", &staff.to_string(), now).await
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to("/inbox/account").into_response())
}

/// `POST /inbox/account/password`
pub async fn change_password(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Filled(form): Filled<PasswordForm>,
) -> Result<Response, Refusal> {
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let tried = format!("password of {staff}");
    if !tries::may_try(&inbox, &tried, PASSWORD_TRIES, now).await? {
        let problem = Problem::of_password("That was tried too often. Wait ten minutes, then try once more.");
        return page(&worker, &inbox, Some(problem)).await;
    }
    let proof = inbox.house.store.read().await?.staff(staff).await?;
    let right = form.current.len() <= password::LONGEST
        && inbox.passwords.is_right(Zeroizing::new(form.current), Some(proof.password_hash)).await?;
    if !right {
        let problem = Problem::of_password("The password until now is not right. Nothing was changed.");
        return page(&worker, &inbox, Some(problem)).await;
    }
    if let Some(problem) = password::problem(&form.password, &[&proof.staff.name.0, &proof.staff.email.0]) {
        return page(&worker, &inbox, Some(Problem::of_password(problem))).await;
    }
    let hash = inbox.passwords.hash(Zeroizing::new(form.password), inbox.randomness.bytes()).await?;
    let here = worker.token_hash;
    let written = inbox.house.store.write(move |tx| {
        let (hash, tried) = (hash.clone(), tried.clone());
        async move {
            tx.set_password(staff, &hash).await?;
            tx.close_other_staff_sessions(staff, &here).await?;
            tx.forget_failed_sign_ins(&tried).await?;
            tx.audit(author, "change-password", "staff", &staff.to_string(), now).await
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to("/inbox/account").into_response())
}
