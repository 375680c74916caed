//! The accept loop: takes connections, within limits, and lets them finish when the server stops.
//!
//! `axum::serve` sets no timer, so with it a client that sends its headers byte by byte keeps a connection for ever.
//!
//! Invariant: a connection that says nothing ends after `HEADER_TIMEOUT`; no more than `CONNECTIONS` are open, nor
//! more than `CONNECTIONS_PER_ADDRESS` from one address elsewhere that is no proxy of ours; nobody but such a proxy says for
//! whom it speaks.

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
use axum::http::HeaderMap;
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

use crate::domain::caller::Caller;
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

/// Serves until `stop`, then lets open requests finish. `proxies` are the addresses from which proxies of ours come.
pub async fn serve(listener: TcpListener, router: Router, proxies: &[IpAddr], stop: CancellationToken) {
    let open = TaskTracker::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let addresses = Addresses::default();
    while let Some((place, stream, peer)) = next(&listener, &places, &stop).await {
        let peer = Peer::known(peer.ip(), proxies);
        let Some(visit) = addresses.enter(peer) else {
            continue;
        };
        let (router, stop) = (router.clone(), stop.clone());
        open.spawn(async move {
            converse(stream, peer, router, stop).await;
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
async fn converse(stream: TcpStream, peer: Peer, router: Router, stop: CancellationToken) {
    // An answer that goes on for as long as somebody listens must hear of the end, too.
    let stopping = stop.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(SlowBody::new);
        let caller = peer.caller(request.headers());
        request.extensions_mut().insert(caller);
        request.extensions_mut().insert(stopping.clone());
        router.clone().oneshot(request)
    });
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

/// Who is at the other end of a connection.
#[derive(Clone, Copy)]
struct Peer {
    address: IpAddr,
    is_proxy: bool,
}

const SPEAKS_FOR: &str = "x-forwarded-for";

impl Peer {
    fn known(address: IpAddr, proxies: &[IpAddr]) -> Self {
        let address = address.to_canonical();
        Self { address, is_proxy: proxies.contains(&address) }
    }

    /// From where a request comes. A proxy adds the address for which it speaks at the end: what stands before that
    /// anybody may have written.
    fn caller(self, headers: &HeaderMap) -> Caller {
        let said = headers.get_all(SPEAKS_FOR).iter().next_back().filter(|_| self.is_proxy);
        let last = said.and_then(|said| Caller::read(said.to_str().ok()?.rsplit(',').next()?));
        last.unwrap_or_else(|| Caller::at(self.address))
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
    /// Counts a connection in; none where the address has too many. This machine is not limited, nor is a proxy of ours
    /// elsewhere: they speak for everybody.
    fn enter(&self, peer: Peer) -> Option<Visit> {
        let address = peer.address;
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if CONNECTIONS_PER_ADDRESS <= *count && !address.is_loopback() && !peer.is_proxy {
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

    fn peer(address: [u8; 4], proxies: &[IpAddr]) -> Peer {
        Peer::known(address.into(), proxies)
    }

    #[test]
    fn an_address_elsewhere_has_so_many_connections_and_no_more() {
        let addresses = Addresses::default();
        let far = peer([192, 0, 2, 1], &[]);
        let mut visits: Vec<Visit> =
            (0..CONNECTIONS_PER_ADDRESS).filter_map(|_| addresses.enter(far)).collect();
        assert_eq!(visits.len(), CONNECTIONS_PER_ADDRESS);
        assert!(addresses.enter(far).is_none());
        assert!(addresses.enter(peer([192, 0, 2, 2], &[])).is_some());
        visits.pop();
        assert!(addresses.enter(far).is_some());
        drop(visits);
        assert!(addresses.0.lock().expect("no panic").is_empty());
    }

    #[test]
    fn a_proxy_on_this_machine_or_one_that_is_named_is_not_limited() {
        for proxy in [peer([127, 0, 0, 1], &[]), peer([172, 30, 0, 2], &[[172, 30, 0, 2].into()])] {
            let addresses = Addresses::default();
            let visits: Vec<_> = (0..=CONNECTIONS_PER_ADDRESS).map(|_| addresses.enter(proxy)).collect();
            assert!(visits.iter().all(Option::is_some));
        }
    }

    #[test]
    fn only_a_proxy_that_is_named_is_believed_and_only_what_it_adds_itself() {
        let named: [IpAddr; 1] = [[127, 0, 0, 1].into()];
        let said = |peer: Peer, lines: &[&'static str]| {
            let lines =
                lines.iter().map(|line| (SPEAKS_FOR.parse().expect("a name"), line.parse().expect("text")));
            peer.caller(&lines.collect::<HeaderMap>()).counted_as()
        };
        let proxy = peer([127, 0, 0, 1], &named);
        assert_eq!(said(proxy, &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(said(proxy, &["198.51.100.9", "198.51.100.8, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(said(proxy, &["198.51.100.9, 192.0.2.7:443"]), "192.0.2.7");
        assert_eq!(said(proxy, &[]), "127.0.0.1");
        assert_eq!(said(proxy, &["nonsense"]), "127.0.0.1");
        assert_eq!(said(peer([127, 0, 0, 1], &[]), &["192.0.2.7"]), "127.0.0.1");
        assert_eq!(said(peer([192, 0, 2, 1], &named), &["192.0.2.7"]), "192.0.2.1");
    }
}
