//! Setting up a second factor, making new recovery codes for it, taking it away.
//!
//! Invariant: a second factor counts from its first right code on; recovery codes are shown once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::AppendHeaders;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use zeroize::Zeroizing;

use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::inbox::Inbox;
use crate::inbox::account;
use crate::inbox::account::Problem;
use crate::inbox::account_form::CodeForm;
use crate::inbox::account_form::EnrolForm;
use crate::inbox::account_form::RemoveFactorForm;
use crate::inbox::device::Device;
use crate::inbox::entry;
use crate::inbox::form::Filled;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::password;
use crate::inbox::refusal::Refusal;
use crate::inbox::second_step;
use crate::inbox::signed_in::AtTheDoor;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::totp;
use crate::inbox::totp::RECOVERY_CODES;
use crate::inbox::totp::SecondStep;
use crate::inbox::totp::TotpSecret;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

/// Where somebody sets up their second factor.
#[derive(Template)]
#[template(path = "inbox/second_factor.html")]
pub struct EnrolPage {
    /// The frame.
    pub layout: Layout,
    /// What is typed into an app.
    pub secret: String,
    /// The link that an app on the same phone opens.
    pub link: String,
    /// Whether nothing else opens before it is set up.
    pub required: bool,
    /// What was wrong, in a sentence.
    pub problem: Option<&'static str>,
}

/// The recovery codes, once.
#[derive(Template)]
#[template(path = "inbox/recovery_codes.html")]
pub struct RecoveryPage {
    /// The frame.
    pub layout: Layout,
    /// The codes, in groups.
    pub codes: Vec<String>,
}

const WRONG_CODE: &str = "That code is not right. Type the one that your app shows now. If it goes wrong again, look whether your phone's clock is right.";
const NOT_TAKEN: &str =
    "The password or the code is not right, or the code was used before. Nothing was changed.";
const TOO_OFTEN: &str = "That was tried too often. Wait an hour, then try once more.";

/// `GET /second-factor`
pub async fn page(AtTheDoor(worker): AtTheDoor, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    if worker.has_second_factor {
        return Ok(Redirect::to("/inbox/account").into_response());
    }
    let secret = TotpSecret::from_random(inbox.randomness.bytes());
    enrol_page(&inbox, &worker, &secret, None).await
}

async fn enrol_page(
    inbox: &Inbox,
    worker: &SignedIn,
    secret: &TotpSecret,
    problem: Option<&'static str>,
) -> Result<Response, Refusal> {
    let email = inbox.house.store.read().await?.staff(worker.id).await?.staff.email;
    let page = EnrolPage {
        layout: worker.layout("Set up your second step"),
        secret: secret.reveal(),
        link: secret.link(&email.0),
        required: inbox.second_factor_required,
        problem,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

/// `POST /second-factor`
pub async fn enrol(
    AtTheDoor(worker): AtTheDoor,
    State(inbox): State<Inbox>,
    device: Device,
    Filled(form): Filled<EnrolForm>,
) -> Result<Response, Refusal> {
    let secret: TotpSecret = form.secret.parse().map_err(|_| Refusal::Unreadable)?;
    let now = inbox.house.clock.now();
    let step = match SecondStep::read(&form.code) {
        SecondStep::Code(code) => secret.step_of(&code, now),
        SecondStep::Recovery(_) => None,
    };
    let Some(step) = step else { return enrol_page(&inbox, &worker, &secret, Some(WRONG_CODE)).await };
    let (staff, author, codes) = (worker.id, worker.author(), recovery_codes(&inbox));
    let (kept, hashed) = (Words(secret.reveal()), codes.clone());
    let written = inbox.house.store.write(move |tx| {
        let (kept, codes) = (kept.clone(), hashed.clone());
        async move {
            if tx.staff(staff).await?.second_factor.is_some() {
                return Ok(false);
            }
            tx.set_second_factor(staff, Some(&kept)).await?;
            tx.take_code_of(staff, step).await?;
            tx.put_recovery_codes(staff, &codes).await?;
            // What was opened by a password alone is open no more.
            tx.close_staff_sessions(staff).await?;
            tx.audit(author, "set-up-second-factor", "staff", &staff.to_string(), now).await?;
            Ok(true)
        }
        .boxed()
    });
    if !written.await? {
        return Ok(Redirect::to("/inbox/account").into_response());
    }
    let cookies = entry::open_session(&inbox, staff, &device).await?;
    Ok((AppendHeaders(cookies), show_once(&worker, &codes)).into_response())
}

/// `POST /inbox/account/recovery-codes`
pub async fn new_recovery_codes(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Filled(form): Filled<CodeForm>,
) -> Result<Response, Refusal> {
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    if !second_step::may_try(&inbox, staff, now).await? {
        return account::page(&worker, &inbox, Some(Problem::of_factor(TOO_OFTEN))).await;
    }
    let (typed, codes) = (SecondStep::read(&form.code), recovery_codes(&inbox));
    let hashed = codes.clone();
    let written = inbox.house.store.write(move |tx| {
        let (typed, codes) = (typed.clone(), hashed.clone());
        async move {
            if !second_step::is_right(tx, staff, &typed, now).await? {
                return Ok(false);
            }
            tx.put_recovery_codes(staff, &codes).await?;
            tx.audit(author, "new-recovery-codes", "staff", &staff.to_string(), now).await?;
            Ok(true)
        }
        .boxed()
    });
    if written.await? {
        Ok(show_once(&worker, &codes))
    } else {
        account::page(&worker, &inbox, Some(Problem::of_factor(NOT_TAKEN))).await
    }
}

/// `POST /inbox/account/remove-second-factor`
pub async fn remove(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Filled(form): Filled<RemoveFactorForm>,
) -> Result<Response, Refusal> {
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    if !second_step::may_try(&inbox, staff, now).await? {
        return account::page(&worker, &inbox, Some(Problem::of_factor(TOO_OFTEN))).await;
    }
    let stored = inbox.house.store.read().await?.staff(staff).await?.password_hash;
    let right = form.password.len() <= password::LONGEST
        && inbox.passwords.is_right(Zeroizing::new(form.password), Some(stored)).await?;
    let (typed, here) = (SecondStep::read(&form.code), worker.token_hash);
    let removed = right && {
        let written = inbox.house.store.write(move |tx| {
            let typed = typed.clone();
            async move {
                if !second_step::is_right(tx, staff, &typed, now).await? {
                    return Ok(false);
                }
                tx.set_second_factor(staff, None).await?;
                tx.close_other_staff_sessions(staff, &here).await?;
                tx.audit(author, "remove-second-factor", "staff", &staff.to_string(), now).await?;
                Ok(true)
            }
            .boxed()
        });
        written.await?
    };
    if removed {
        Ok(Redirect::to("/second-factor").into_response())
    } else {
        account::page(&worker, &inbox, Some(Problem::of_factor(NOT_TAKEN))).await
    }
}

fn recovery_codes(inbox: &Inbox) -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| totp::recovery_code(inbox.randomness.bytes())).collect()
}

fn show_once(worker: &SignedIn, codes: &[String]) -> Response {
    let codes = codes.iter().map(|code| totp::in_groups(code)).collect();
    respond(StatusCode::OK, &RecoveryPage { layout: worker.layout("Your recovery codes"), codes })
}

/// Takes away the second factor of somebody who has lost it, and signs them out everywhere.
///
/// # Errors
/// `TooLate` where they have none, or where the store fails.
pub async fn take_away(tx: &mut Tx, staff: StaffId) -> Result<(), StoreError> {
    if tx.staff(staff).await?.second_factor.is_none() {
        return Err(StoreError::TooLate);
    }
    tx.set_second_factor(staff, None).await?;
    tx.drop_sign_in_tickets(staff).await?;
    tx.close_staff_sessions(staff).await
}
