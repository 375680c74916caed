//! How often signing in may be tried: by whoever tries, and for each account.
//!
//! A browser in which somebody has signed in keeps a mark, and is counted by itself; everybody else is counted by the
//! address from which they come. Failures from everywhere together make everybody but such a browser wait for seconds.
//!
//! Invariant: nobody's guesses keep somebody out of a browser in which they have signed in before, and guesses from one
//! address keep nobody out at another.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use futures_util::FutureExt;

use crate::domain::caller::Caller;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::second_step::CODES_COUNT_FOR;
use crate::inbox::token::Token;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sign_in::Failures;

/// So many failures from one browser or address in this time, and it is not heard any more.
const MOST_FAILURES: i64 = 10;
const FAILURES_COUNT_FOR: Duration = Duration::from_secs(10 * 60);
/// So many from everywhere cost nobody a wait: a team behind several addresses mistypes less.
const FREE_FAILURES: i64 = 30;
/// Each further one lengthens the wait between two tries by this,
const WAIT_GROWS_BY: Duration = Duration::from_secs(2);
/// up to this: a thousand machines find no password in so few tries, and a human can wait for one.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Who tries: the mark of the browser, where it carries one, and the address, where the server knows it.
#[derive(Debug, Clone)]
pub struct Trier {
    mark: Option<Token>,
    caller: Option<Caller>,
}

impl FromRequestParts<Inbox> for Trier {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, inbox: &Inbox) -> Result<Self, Infallible> {
        let mark = inbox.mark_cookie().read(&parts.headers);
        Ok(Self { mark, caller: parts.extensions.get().copied() })
    }
}

impl Trier {
    /// What they are counted as, and whether this person has signed in with this browser before.
    fn counted_as(&self, store: &Store, staff: Option<StaffId>) -> (String, bool) {
        let is_known = |mark: &Token, staff| mark.hash() == mark_of(store, staff, mark.first_half()).hash();
        match (&self.mark, staff) {
            (Some(mark), Some(staff)) if is_known(mark, staff) => {
                (format!("browser {}", mark.reveal()), true)
            }
            _ => (self.caller.map_or_else(|| "somewhere".to_owned(), Caller::counted_as), false),
        }
    }
}

/// The mark of a browser in which somebody has signed in: half of it random, half what only this installation makes of
/// that for this person.
#[must_use]
pub fn mark_of(store: &Store, staff: StaffId, random: [u8; 16]) -> Token {
    let random_words: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let proof = store.proof(&format!("{staff} has signed in with browser {random_words}"));
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&random);
    for (byte, proven) in bytes[16..].iter_mut().zip(proof.bytes()) {
        *byte = proven;
    }
    Token::from_random(bytes)
}

/// A try that is allowed: it counts as failed until it has succeeded.
#[derive(Debug, Clone)]
pub struct Try {
    email: String,
    source: String,
}

/// What came of asking to try.
#[derive(Debug, Clone)]
pub enum Leave {
    /// It may be tried.
    Granted(Try),
    /// Too much has failed from here: not within `FAILURES_COUNT_FOR`.
    TooOftenHere,
    /// Too much has failed elsewhere: not within `LONGEST_WAIT`.
    TooOftenElsewhere,
}

/// Whether signing in may be tried now; `staff` is who has this e-mail address. A try counts as failed until it has
/// succeeded: a thousand at once are no more than a thousand one after the other.
///
/// # Errors
/// Where the store is away.
pub async fn may_sign_in(
    inbox: &Inbox,
    trier: &Trier,
    (email, staff): (&str, Option<StaffId>),
    now: Timestamp,
) -> Result<Leave, StoreError> {
    let (source, is_known) = trier.counted_as(&inbox.house.store, staff);
    let tried = Try { email: email.to_owned(), source };
    let written = inbox.house.store.write(move |tx| {
        let tried = tried.clone();
        async move {
            let Try { email, source } = &tried;
            let since = now.minus(FAILURES_COUNT_FOR);
            tx.forget_failed_sign_ins_before(now.minus(CODES_COUNT_FOR)).await?;
            if MOST_FAILURES <= tx.failed_sign_ins_from(email, source, since).await? {
                return Ok(Leave::TooOftenHere);
            }
            if !is_known && must_wait(tx.failed_sign_ins(email, since).await?, now) {
                return Ok(Leave::TooOftenElsewhere);
            }
            tx.note_failed_sign_in(email, Some(source), now).await?;
            Ok(Leave::Granted(tried))
        }
        .boxed()
    });
    written.await
}

/// Whether so many failures from everywhere make the next try too early.
fn must_wait(failures: Failures, now: Timestamp) -> bool {
    let more = u32::try_from(failures.count - FREE_FAILURES + 1).unwrap_or(0);
    let wait = WAIT_GROWS_BY.saturating_mul(more).min(LONGEST_WAIT);
    failures.last_at.is_some_and(|last_at| now.since(last_at) < wait)
}

/// It has succeeded: what failed from there before counts no more. What others have tried still does.
///
/// # Errors
/// Where the store is away.
pub async fn succeeded(inbox: &Inbox, tried: Try) -> Result<(), StoreError> {
    let written = inbox.house.store.write(move |tx| {
        let Try { email, source } = tried.clone();
        async move { tx.forget_failed_sign_ins_from(&email, &source).await }.boxed()
    });
    written.await
}

/// Whether this may be tried now, at most so often in so long, wherever from. A try counts as failed until it has
/// succeeded.
///
/// # Errors
/// Where the store is away.
pub async fn may_try(
    inbox: &Inbox,
    what: &str,
    (most, count_for): (i64, Duration),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (what, since) = (what.to_owned(), now.minus(count_for));
    let written = inbox.house.store.write(move |tx| {
        let what = what.clone();
        async move {
            tx.forget_failed_sign_ins_before(now.minus(CODES_COUNT_FOR)).await?;
            if most <= tx.failed_sign_ins(&what, since).await?.count {
                return Ok(false);
            }
            tx.note_failed_sign_in(&what, None, now).await?;
            Ok(true)
        }
        .boxed()
    });
    written.await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_by_seconds_and_never_beyond_a_minute() {
        let now = Timestamp::from_micros(3_600_000_000);
        let waits = |count, ago| {
            let last_at = Some(now.minus(Duration::from_secs(ago)));
            must_wait(Failures { count, last_at }, now)
        };
        assert!(!waits(FREE_FAILURES - 1, 0));
        assert!(waits(FREE_FAILURES, 1) && !waits(FREE_FAILURES, 2));
        assert!(waits(FREE_FAILURES + 9, 19) && !waits(FREE_FAILURES + 9, 20));
        assert!(waits(1_000_000, 59) && !waits(1_000_000, 60));
        assert!(!must_wait(Failures { count: 0, last_at: None }, now));
    }

    #[tokio::test]
    async fn a_mark_is_worth_something_only_for_whom_it_was_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new_in(folder.path()).await;
        let [sam, ann] = [1, 2].map(|n| StaffId::new(Timestamp::from_micros(0), [n; 10]));
        let random = [9; 16];
        let caller = Some(Caller::at([192, 0, 2, 7].into()));
        let here = Trier { mark: Some(mark_of(&store, sam, random)), caller };
        assert!(here.counted_as(&store, Some(sam)).1);
        let elsewhere = ("192.0.2.7".to_owned(), false);
        assert_eq!(here.counted_as(&store, Some(ann)), elsewhere);
        assert_eq!(here.counted_as(&store, None), elsewhere);
        let forged = Trier { mark: Some(Token::from_random([9; 32])), caller };
        assert_eq!(forged.counted_as(&store, Some(sam)), elsewhere);
    }
}
