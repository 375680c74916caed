//! The accept loop: takes connections, within limits, and lets them finish when the server stops.
//!
//! `axum::serve` sets no timer, so with it a client that sends its headers byte by byte keeps a connection for ever.
//!
//! Invariant: a connection that says nothing ends after `HEADER_TIMEOUT`; no more than `CONNECTIONS` are open, nor
//! more than `CONNECTIONS_PER_ADDRESS` from one address elsewhere.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::http::slow_body::SlowBody;

/// For a request's headers, and for silence between two requests.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Browsers and Twilio send a dozen.
const HEADERS: usize = 100;
/// For all headers of a request together.
const HEADER_BYTES: usize = 16 * 1024;
/// Below the usual limit of 4,096 open files, with room for the database.
const CONNECTIONS: usize = 2_000;
/// A whole practice may stand behind one address.
const CONNECTIONS_PER_ADDRESS: usize = 256;
/// The open requests finish within this when the server stops: as long as Twilio waits for an answer.
const GRACE: Duration = Duration::from_secs(15);
/// When no file can be opened for a connection, one that ends must come first.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(100);

/// Serves until `stop`, then lets open requests finish.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let open = TaskTracker::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let addresses = Addresses::default();
    while let Some((place, stream, peer)) = next(&listener, &places, &stop).await {
        let Some(visit) = addresses.enter(peer.ip()) else {
            continue;
        };
        let (router, stop) = (router.clone(), stop.clone());
        open.spawn(async move {
            converse(stream, router, stop).await;
            drop((visit, place));
        });
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(GRACE, open.wait()).await.is_err() {
        tracing::warn!(http.connections = open.len(), "Stopped with requests still open");
    }
}

/// Waits for a place and then for a connection; none once the server stops.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(tokio::sync::OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let accepted = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        let (stream, peer) = accept(listener).await;
        Some((place, stream, peer))
    };
    stop.run_until_cancelled(accepted).await.flatten()
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(error = %error, "Could not accept a connection");
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Answers the requests of one connection, one after the other.
async fn converse(stream: TcpStream, router: Router, stop: CancellationToken) {
    let service =
        service_fn(move |request: Request<Incoming>| router.clone().oneshot(request.map(SlowBody::new)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // A client that goes away, or speaks no HTTP, concerns nobody else: its error is not worth a line.
    let ended = stop.run_until_cancelled(connection.as_mut()).await;
    if ended.is_none() {
        connection.as_mut().graceful_shutdown();
        connection.await.ok();
    }
}

/// How many connections each address has.
#[derive(Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection of an address, until it is dropped.
struct Visit {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    /// Counts a connection in; none where the address has too many. This machine is not limited: a proxy on it speaks
    /// for everybody.
    fn enter(&self, address: IpAddr) -> Option<Visit> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if CONNECTIONS_PER_ADDRESS <= *count && !address.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Visit { addresses: self.clone(), address })
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut counts = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = counts.get(&self.address).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            counts.remove(&self.address);
        } else {
            counts.insert(self.address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_elsewhere_has_so_many_connections_and_no_more() {
        let addresses = Addresses::default();
        let far = IpAddr::from([192, 0, 2, 1]);
        let mut visits: Vec<Visit> =
            (0..CONNECTIONS_PER_ADDRESS).filter_map(|_| addresses.enter(far)).collect();
        assert_eq!(visits.len(), CONNECTIONS_PER_ADDRESS);
        assert!(addresses.enter(far).is_none());
        assert!(addresses.enter(IpAddr::from([192, 0, 2, 2])).is_some());
        visits.pop();
        assert!(addresses.enter(far).is_some());
        drop(visits);
        assert!(addresses.0.lock().expect("no panic").is_empty());
    }

    #[test]
    fn a_proxy_on_this_machine_is_not_limited() {
        let addresses = Addresses::default();
        let visits: Vec<_> =
            (0..=CONNECTIONS_PER_ADDRESS).map(|_| addresses.enter(IpAddr::from([127, 0, 0, 1]))).collect();
        assert!(visits.iter().all(Option::is_some));
    }
}
