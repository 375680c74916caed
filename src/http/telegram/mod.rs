//! What comes in by Telegram: by a webhook, or by asking for it.
//!
//! Invariant: an update is answered for, here or by the next request's offset, only after what it brought is committed;
//! one that we cannot use holds up no other.

mod polling;
mod registration;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::IntoResponse;
use axum::response::Response;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::channel::telegram::Telegram;
use crate::channel::telegram::courtesy::Courtesy;
use crate::channel::telegram::register::Menu;
use crate::channel::telegram::update::Received;
use crate::channel::telegram::update::What;
use crate::channel::telegram::webhook::SECRET_HEADER;
use crate::domain::account::BaseUrl;
use crate::domain::account::TelegramMode;
use crate::http::metrics::Metrics;
use crate::http::metrics::WebhookOutcome;
use crate::http::metrics::WebhookRoute;
use crate::http::webhooks::in_time;
use crate::intake;
use crate::intake::House;

/// A long message that quotes a long one, with every letter escaped, is a third of this.
pub const LARGEST_UPDATE: usize = 256 * 1024;

/// Courtesies under way at once: where Telegram is slow, good manners must not pile up.
const MOST_COURTESIES: usize = 64;

/// The way in from Telegram.
#[derive(Clone)]
pub struct Desk {
    telegram: Arc<Telegram>,
    house: House,
    metrics: Arc<Metrics>,
    courtesies: Arc<Semaphore>,
}

/// What Telegram has to know of us, beside the account.
pub struct Notice {
    /// How Telegram reaches us.
    pub public_url: BaseUrl,
    /// What the bot's menu offers.
    pub menus: Vec<Menu>,
    /// The bots that services name: one of them is ours.
    pub bots: Vec<String>,
}

impl Desk {
    /// The way in from this bot to this house.
    #[must_use]
    pub fn new(telegram: Arc<Telegram>, house: House, metrics: Arc<Metrics>) -> Self {
        Self { telegram, house, metrics, courtesies: Arc::new(Semaphore::new(MOST_COURTESIES)) }
    }

    /// Whether Telegram posts what comes in.
    #[must_use]
    pub fn has_webhook(&self) -> bool {
        matches!(self.telegram.mode(), TelegramMode::Webhook { .. })
    }

    /// Makes us known to Telegram, and asks for what comes in where it has no webhook; until it is told to stop. Nothing
    /// that goes wrong here ends the program. `node` is this program among all that use the store.
    pub async fn run(self, notice: Notice, node: Uuid, stop: CancellationToken) {
        let polls = !self.has_webhook();
        let registration = registration::run(&self.telegram, &notice);
        let polling = async {
            if polls {
                polling::run(&self, node).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            _ = async { tokio::join!(registration, polling) } => {}
        }
        if polls {
            polling::give_up(&self, node).await;
        }
    }

    /// Takes one update in; says what became of it.
    async fn take(&self, received: Received) -> WebhookOutcome {
        let outcome = match received.what {
            What::Message(inbound) => in_time(intake::receive(&self.house, *inbound)).await,
            What::NotForUs => WebhookOutcome::NotForUs,
            What::NotUnderstood => WebhookOutcome::NotUnderstood,
        };
        self.metrics.count(WebhookRoute::Telegram, outcome);
        if outcome != WebhookOutcome::StoreAway
            && let Some(courtesy) = received.courtesy
        {
            self.oblige(courtesy);
        }
        outcome
    }

    fn oblige(&self, courtesy: Courtesy) {
        // Where there are too many, a phone shows its clock a little longer.
        let Ok(place) = Arc::clone(&self.courtesies).try_acquire_owned() else { return };
        let telegram = Arc::clone(&self.telegram);
        tokio::spawn(async move {
            telegram.oblige(&courtesy).await;
            drop(place);
        });
    }
}

/// Something came in by Telegram. The answer is empty: Telegram would take a body for a request, whose outcome nobody
/// sees.
pub async fn webhook(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    let secret = headers.get(SECRET_HEADER).map(axum::http::HeaderValue::as_bytes);
    let outcome = match desk.telegram.receive(secret, &body, desk.house.clock.now()) {
        Ok(received) => desk.take(received).await,
        Err(_) => {
            desk.metrics.count(WebhookRoute::Telegram, WebhookOutcome::Refused);
            WebhookOutcome::Refused
        }
    };
    match outcome {
        WebhookOutcome::Taken
        | WebhookOutcome::Duplicate
        | WebhookOutcome::NotForUs
        | WebhookOutcome::NotUnderstood => StatusCode::OK.into_response(),
        WebhookOutcome::Refused => StatusCode::FORBIDDEN.into_response(),
        WebhookOutcome::StoreAway => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")]).into_response(),
    }
}
