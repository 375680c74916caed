//! The outside: the server, its webhooks, health and metrics.
//!
//! Invariant: a webhook is answered with 200 only after what it brought is committed, and nothing here logs a body.

pub mod health;
pub mod metrics;
pub mod server;
mod slow_body;
pub mod telegram;
pub mod webhooks;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::any;
use axum::routing::get;
use axum::routing::post;

use crate::channel::telegram::register::PATH;
use crate::channel::twilio::Twilio;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;
use crate::http::metrics::Metrics;
use crate::http::telegram::Desk;
use crate::http::telegram::LARGEST_UPDATE;
use crate::intake::House;

/// Twilio's largest forms are a few kilobytes; more is no webhook.
const LARGEST_WEBHOOK: usize = 64 * 1024;

/// Who may read `/metrics`.
#[derive(Debug, Clone)]
pub enum MetricsFor {
    /// Whoever shows this token.
    Token(Secret),
    /// Whoever asks from this machine, but nobody through a proxy.
    ThisMachine,
    /// Nobody.
    Nobody,
}

impl MetricsFor {
    /// With a token, whoever shows it; without one, this machine, where the server listens on loopback only.
    #[must_use]
    pub fn of(token: Option<Secret>, listening: SocketAddr) -> Self {
        match token {
            Some(token) => Self::Token(token),
            None if listening.ip().is_loopback() => Self::ThisMachine,
            None => Self::Nobody,
        }
    }
}

/// What the routes of the outside work with.
#[derive(Clone)]
pub struct Outside {
    /// Where everything happens.
    pub house: House,
    /// Text messages, where they are set up.
    pub twilio: Option<Arc<Twilio>>,
    /// Telegram, where it is set up.
    pub telegram: Option<Desk>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Who may read `/metrics`.
    pub metrics_for: MetricsFor,
    /// When the store was last seen to take a write.
    pub writable: Arc<Mutex<Option<(Timestamp, bool)>>>,
}

impl Outside {
    /// The outside of a house.
    #[must_use]
    pub fn of(house: House, twilio: Option<Arc<Twilio>>, metrics_for: MetricsFor) -> Self {
        let metrics = Arc::new(Metrics::new());
        Self { house, twilio, telegram: None, metrics, metrics_for, writable: Arc::default() }
    }
}

/// The routes of the outside. The route of a channel that is not set up is not there.
pub fn router(outside: Outside) -> Router {
    let health = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics));
    let channels = match outside.twilio {
        Some(_) => Router::new()
            .route("/channels/twilio/inbound", post(webhooks::twilio_inbound))
            .route("/channels/twilio/status", post(webhooks::twilio_status))
            .route("/channels/twilio/voice", post(webhooks::twilio_voice)),
        None => Router::new(),
    };
    let updates = outside.telegram.clone().filter(Desk::has_webhook).map(|desk| {
        Router::new()
            .route(PATH, post(telegram::webhook))
            .layer(DefaultBodyLimit::max(LARGEST_UPDATE))
            .with_state(desk)
    });
    // What is no channel of ours is not there, whoever asks: the inbox's fence must not speak for it.
    let elsewhere = Router::new().route("/channels/{*channel}", any(async || StatusCode::NOT_FOUND));
    let small = health.merge(channels).merge(elsewhere).layer(DefaultBodyLimit::max(LARGEST_WEBHOOK));
    small.with_state(outside).merge(updates.unwrap_or_default())
}
