//! Health: alive, ready, and what is counted.

use std::sync::PoisonError;
use std::time::Duration;

use axum::extract::Query;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::http::MetricsFor;
use crate::http::Outside;
use crate::http::metrics::Waiting;
use crate::store::error::StoreError;

/// A proof that the store takes writes holds this long, so that asking often costs nothing.
const PROOF_HOLDS: Duration = Duration::from_secs(2);

/// Longer than a write ever takes where the store is well.
const PROOF_TIMEOUT: Duration = Duration::from_secs(5);

/// What proxies add to a request that they pass on.
const PROXY_HEADERS: [&str; 4] = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];

/// What a proof may be asked for: letters and digits, no more than `doctor` sends.
const LONGEST_NONCE: usize = 64;

/// What whoever wants to know whose server this is has made up.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    nonce: String,
}

/// The process listens. Whoever sends a nonce hears what only this installation says of it.
pub async fn alive(State(outside): State<Outside>, Query(asked): Query<Asked>) -> String {
    let nonce = &asked.nonce;
    let right = nonce.len() <= LONGEST_NONCE && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if nonce.is_empty() || !right {
        return "alive\n".to_owned();
    }
    format!("alive {}\n", outside.house.store.proof(&format!("healthz {nonce}")))
}

/// Migrated and definitions read (or the server would not listen), and the store takes writes. Never depends on a
/// provider.
pub async fn ready(State(outside): State<Outside>) -> (StatusCode, &'static str) {
    if is_writable(&outside).await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be written\n")
    }
}

async fn is_writable(outside: &Outside) -> bool {
    let now = outside.house.clock.now();
    let known = *outside.writable.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, writable)) = known
        && now.since(at) < PROOF_HOLDS
    {
        return writable;
    }
    let proof = outside.house.store.write(move |tx| tx.prove_writable(now).boxed());
    let writable = matches!(tokio::time::timeout(PROOF_TIMEOUT, proof).await, Ok(Ok(())));
    *outside.writable.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, writable));
    writable
}

/// What is counted, for whoever may read it.
pub async fn metrics(State(outside): State<Outside>, headers: HeaderMap) -> Response {
    if !may_read(&outside.metrics_for, &headers) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match waiting(&outside).await.map(|waiting| outside.metrics.render(waiting)) {
        Ok(Ok(text)) => {
            ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
                .into_response()
        }
        Ok(Err(_)) | Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn may_read(metrics_for: &MetricsFor, headers: &HeaderMap) -> bool {
    match metrics_for {
        MetricsFor::Token(token) => {
            let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
            let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
            bool::from(token.expose().as_bytes().ct_eq(shown.as_bytes()))
        }
        // A proxy on this machine speaks for the world, and says so.
        MetricsFor::ThisMachine => !PROXY_HEADERS.iter().any(|name| headers.contains_key(*name)),
        MetricsFor::Nobody => false,
    }
}

async fn waiting(outside: &Outside) -> Result<Waiting, StoreError> {
    let waiting = outside.house.store.read().await?.waiting(outside.house.clock.now()).await?;
    Ok(Waiting {
        outbox: waiting.texts,
        outbox_oldest_seconds: waiting.oldest_text_seconds,
        concerns: waiting.concerns,
        sweep_age_seconds: waiting.sweep_age_seconds,
        sweep_taken: waiting.sweep_taken,
        held: waiting.held,
    })
}
