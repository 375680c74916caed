//! The second step of signing in: a code, after the password was right.
//!
//! Invariant: nobody who has a second factor is signed in before it was shown, and no code opens twice.

use std::time::Duration;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;

use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::device::Device;
use crate::inbox::entry;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::token::Token;
use crate::inbox::totp::SecondStep;
use crate::inbox::totp::TotpSecret;
use crate::inbox::tries;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::tx::Tx;

/// Long enough to look for the phone, and to type a recovery code from paper.
const TICKET_GOOD_FOR: Duration = Duration::from_secs(10 * 60);
/// Three codes of a million are right at any time: so many tries find one in four years.
const MOST_CODES: i64 = 10;
/// How long a wrong code counts.
pub const CODES_COUNT_FOR: Duration = Duration::from_secs(3600);

/// Where the code is asked for.
#[derive(Template)]
#[template(path = "inbox/second_step.html")]
pub struct SecondStepPage {
    /// The frame.
    pub layout: Layout,
    /// What the password has earned.
    pub ticket: String,
    /// What was wrong, in a sentence.
    pub problem: Option<&'static str>,
}

const WRONG: &str =
    "That code is not right, or was used before. Wait for the next one, or use a recovery code.";
const TOO_OFTEN: &str = "That was tried too often. Wait an hour, then try once more.";
const TOO_LATE: &str = "That took longer than ten minutes. Please begin again.";

/// The password was right: asks for the code, or reads it where it came with the password.
///
/// # Errors
/// Where the store is away.
pub async fn ask(inbox: &Inbox, staff: StaffId, device: Device, code: &str) -> Result<Response, Refusal> {
    let token = Token::from_random(inbox.randomness.bytes());
    let (hash, now) = (token.hash(), inbox.house.clock.now());
    let until = now.plus(TICKET_GOOD_FOR);
    let written = inbox
        .house
        .store
        .write(move |tx| async move { tx.put_sign_in_ticket(&hash, staff, now, until).await }.boxed());
    written.await?;
    if !code.is_empty() {
        return show(inbox, &token.reveal(), device, code).await;
    }
    Ok(respond(StatusCode::OK, &page(token.reveal(), None)))
}

/// Somebody shows the code that their password has earned them to be asked for.
///
/// # Errors
/// Where the store is away.
pub async fn show(inbox: &Inbox, ticket: &str, device: Device, code: &str) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let Some((hash, staff)) = awaited(inbox, ticket, now).await? else {
        return Ok(entry::refuse(StatusCode::UNAUTHORIZED, String::new(), TOO_LATE));
    };
    if !may_try(inbox, staff, now).await? {
        return Ok(respond(StatusCode::TOO_MANY_REQUESTS, &page(ticket.to_owned(), Some(TOO_OFTEN))));
    }
    let typed = SecondStep::read(code);
    let written = inbox.house.store.write(move |tx| {
        let typed = typed.clone();
        async move {
            let right = is_right(tx, staff, &typed, now).await?;
            Ok(right && tx.use_sign_in_ticket(&hash, now).await?)
        }
        .boxed()
    });
    if !written.await? {
        return Ok(respond(StatusCode::UNAUTHORIZED, &page(ticket.to_owned(), Some(WRONG))));
    }
    Ok(entry::into_inbox(entry::open_session(inbox, staff, &device).await?))
}

/// Whose code is awaited, while they may still sign in.
async fn awaited(
    inbox: &Inbox,
    ticket: &str,
    now: Timestamp,
) -> Result<Option<([u8; 32], StaffId)>, StoreError> {
    let Ok(token) = ticket.parse::<Token>() else { return Ok(None) };
    let mut reader = inbox.house.store.read().await?;
    let Some(staff) = reader.sign_in_ticket(&token.hash(), now).await? else { return Ok(None) };
    let active = reader.staff(staff).await?.staff.active;
    Ok(active.then_some((token.hash(), staff)))
}

/// Whether somebody's codes may be tried now. A try counts as wrong until it was right.
///
/// # Errors
/// Where the store is away.
pub async fn may_try(inbox: &Inbox, staff: StaffId, now: Timestamp) -> Result<bool, StoreError> {
    tries::may_try(inbox, &counted_as(staff), (MOST_CODES, CODES_COUNT_FOR), now).await
}

/// Whether this is a code of theirs, which is thereby used up; right ones forget the wrong ones before.
///
/// # Errors
/// Where the store fails.
pub async fn is_right(
    tx: &mut Tx,
    staff: StaffId,
    typed: &SecondStep,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let right = match typed {
        SecondStep::Code(code) => match step_of(tx, staff, code, now).await? {
            Some(step) => tx.take_code_of(staff, step).await?,
            None => false,
        },
        SecondStep::Recovery(code) => tx.use_recovery_code(staff, code).await?,
    };
    if !right {
        return Ok(false);
    }
    tx.forget_failed_sign_ins(&counted_as(staff)).await?;
    if let SecondStep::Recovery(_) = typed {
        tx.audit(Author::Staff(staff), "use-recovery-code", "staff", &staff.to_string(), now).await?;
    }
    Ok(true)
}

async fn step_of(tx: &mut Tx, staff: StaffId, code: &str, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let kept = tx.staff(staff).await?.second_factor;
    let secret = kept.and_then(|words| words.0.parse::<TotpSecret>().ok());
    Ok(secret.and_then(|secret| secret.step_of(code, now)))
}

/// Forgets what anybody has tried with this person's e-mail address, and their codes; says how many failures that were.
///
/// # Errors
/// Where the store fails.
pub async fn forget_tries(tx: &mut Tx, staff: StaffId, email: &str) -> Result<u64, StoreError> {
    let codes = tx.forget_failed_sign_ins(&counted_as(staff)).await?;
    Ok(codes + tx.forget_failed_sign_ins(email).await?)
}

/// Under what wrong codes are counted: no e-mail address, which has an @.
fn counted_as(staff: StaffId) -> String {
    format!("code of {staff}")
}

fn page(ticket: String, problem: Option<&'static str>) -> SecondStepPage {
    SecondStepPage { layout: Layout::outside("Your code"), ticket, problem }
}
