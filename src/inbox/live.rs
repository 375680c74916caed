//! Tells an open page that something has changed, as soon as it has: server-sent events.
//!
//! What comes is the word of `/inbox/changes`, which says neither what has changed nor about whom: the page asks for
//! itself again, and gets what its reader may see.
//!
//! Invariant: a stream tells nothing after its session, ends when the server stops, and keeps nobody signed in; no session
//! has more than `STREAMS` of them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse::Event;
use axum::response::sse::KeepAlive;
use axum::response::sse::Sse;
use futures_util::stream::unfold;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::inbox::Inbox;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::store::error::StoreError;

/// Where the streams are. A browser can send no header of ours there, so the place itself says that nobody is at the desk.
pub const EVENTS: &str = "/inbox/events";
/// A browser has six connections to a server: with more streams it could open no page any more.
const STREAMS: usize = 4;
/// What changes within this is told together.
const TOGETHER: Duration = Duration::from_millis(300);
/// What other servers have changed is looked for this often, and whether the session goes on.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A page that hears nothing for some of these knows that the line is dead.
const TELL_AT_LEAST_EVERY: Duration = Duration::from_secs(20);
/// For proxies: a line that says nothing is cut by many of them after a minute.
const COMMENT_EVERY: Duration = Duration::from_secs(15);

/// What the streams of a server share.
#[derive(Clone, Default)]
pub struct Live {
    /// The newest word, and from when on it held: however many streams there are, the store is asked once.
    newest: Arc<tokio::sync::Mutex<Option<(Instant, String)>>>,
    /// How many streams each session has.
    open: Arc<Mutex<HashMap<[u8; 32], usize>>>,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Live(…)")
    }
}

impl Live {
    /// Counts a stream in; none where the session has enough.
    fn enter(&self, session: [u8; 32]) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(session).or_default();
        if STREAMS <= *count {
            return None;
        }
        *count += 1;
        Some(Place { live: self.clone(), session })
    }

    /// The word that holds now. Whoever waits `TOGETHER` after a commit is never told one from before it.
    async fn word(&self, inbox: &Inbox) -> Result<String, StoreError> {
        let mut newest = self.newest.lock().await;
        if let Some((_, word)) = newest.as_ref().filter(|(read_at, _)| read_at.elapsed() < TOGETHER) {
            return Ok(word.clone());
        }
        let read_at = Instant::now();
        let word = inbox.house.store.read().await?.changes(inbox.house.clock.now()).await?;
        *newest = Some((read_at, word.clone()));
        Ok(word)
    }
}

/// One stream of a session, until it is dropped.
struct Place {
    live: Live,
    session: [u8; 32],
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.live.open.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.get(&self.session).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            open.remove(&self.session);
        } else {
            open.insert(self.session, left);
        }
    }
}

/// `GET /inbox/events`
pub async fn events(
    worker: SignedIn,
    stop: Option<Extension<CancellationToken>>,
    State(inbox): State<Inbox>,
) -> Result<Response, Refusal> {
    let Some(place) = inbox.live.enter(worker.token_hash) else {
        return Ok(StatusCode::TOO_MANY_REQUESTS.into_response());
    };
    let stop = stop.map_or_else(CancellationToken::new, |Extension(stop)| stop);
    let stream = Stream { bell: inbox.house.store.bell(), inbox, place, told: None };
    let events = unfold((stream, stop), |(mut stream, stop)| async {
        let word = stop.run_until_cancelled(stream.next()).await.flatten()?;
        Some((Ok::<_, Infallible>(Event::default().data(word)), (stream, stop)))
    });
    let comments = KeepAlive::new().interval(COMMENT_EVERY);
    // Some proxies keep what they pass on until it is enough.
    let headers = [(CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(events).keep_alive(comments)).into_response())
}

/// What one open page is told.
struct Stream {
    inbox: Inbox,
    place: Place,
    bell: watch::Receiver<()>,
    /// The word that was told last, and when.
    told: Option<(String, Instant)>,
}

impl Stream {
    /// The next word that is worth telling: the first at once. None where the session is over, or the store is away: the
    /// page then says that it is not live, and asks again.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.told.is_some() {
                self.wait().await;
            }
            self.session_goes_on().await?;
            let word = self.inbox.live.word(&self.inbox).await.ok()?;
            let is_known =
                |(told, at): &(String, Instant)| *told == word && at.elapsed() < TELL_AT_LEAST_EVERY;
            if !self.told.as_ref().is_some_and(is_known) {
                self.told = Some((word.clone(), Instant::now()));
                return Some(word);
            }
        }
    }

    async fn wait(&mut self) {
        if let Ok(Ok(())) = tokio::time::timeout(LOOK_EVERY, self.bell.changed()).await {
            tokio::time::sleep(TOGETHER).await;
        }
    }

    async fn session_goes_on(&self) -> Option<()> {
        let now = self.inbox.house.clock.now();
        let mut reader = self.inbox.house.store.read().await.ok()?;
        reader.staff_session(&self.place.session, now).await.ok()?.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_so_many_streams_and_no_more() {
        let live = Live::default();
        let mut places: Vec<Place> = (0..STREAMS).filter_map(|_| live.enter([1; 32])).collect();
        assert_eq!(places.len(), STREAMS);
        assert!(live.enter([1; 32]).is_none());
        assert!(live.enter([2; 32]).is_some(), "another is not kept out");
        places.pop();
        assert!(live.enter([1; 32]).is_some());
        drop(places);
        assert!(live.open.lock().expect("no panic").is_empty());
    }
}
