//! Webhooks: verify, take in, answer. The answer comes after the commit.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::OriginalUri;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::header::RETRY_AFTER;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::channel::twilio::voice;
use crate::channel::twilio::webhook::Refused;
use crate::http::Outside;
use crate::http::metrics::WebhookOutcome;
use crate::http::metrics::WebhookRoute;
use crate::intake;
use crate::intake::Outcome;
use crate::outbox::delivery;
use crate::store::error::StoreError;

/// Twilio waits 15 s at most; a 503 before that makes its fallback speak.
const ANSWER_WITHIN: Duration = Duration::from_secs(9);

/// A person's text by Twilio.
pub async fn twilio_inbound(
    State(outside): State<Outside>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(twilio) = &outside.twilio else { return StatusCode::NOT_FOUND.into_response() };
    let now = outside.house.clock.now();
    let read = twilio.receive(signature(&headers), path_and_query(&uri), &body, now);
    let outcome = match read {
        Ok(inbound) => in_time(intake::receive(&outside.house, inbound)).await,
        Err(refused) => refusal(refused),
    };
    outside.metrics.count(WebhookRoute::TwilioInbound, outcome);
    answer(outcome)
}

/// What became of a text of ours, by Twilio.
pub async fn twilio_status(
    State(outside): State<Outside>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(twilio) = &outside.twilio else { return StatusCode::NOT_FOUND.into_response() };
    let now = outside.house.clock.now();
    let outcome = match twilio.receive_status(signature(&headers), path_and_query(&uri), &body) {
        Ok(report) => {
            let noted = delivery::report(&outside.house.store, &report, now);
            in_time(async { noted.await.map(|()| Outcome::Taken) }).await
        }
        Err(refused) => refusal(refused),
    };
    if outcome == WebhookOutcome::Taken {
        outside.house.wake.notify_one();
    }
    outside.metrics.count(WebhookRoute::TwilioStatus, outcome);
    answer(outcome)
}

/// Somebody rings our number, by Twilio: it is noted, and a voice says what the number is for.
pub async fn twilio_voice(
    State(outside): State<Outside>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(twilio) = &outside.twilio else { return StatusCode::NOT_FOUND.into_response() };
    let now = outside.house.clock.now();
    let (outcome, spoken) = match twilio.receive_call(signature(&headers), path_and_query(&uri), &body, now) {
        Ok(call) => {
            let spoken = intake::spoken(&outside.house, &call.to);
            (in_time(intake::receive(&outside.house, call)).await, spoken)
        }
        Err(refused) => (refusal(refused), Vec::new()),
    };
    outside.metrics.count(WebhookRoute::TwilioVoice, outcome);
    match outcome {
        WebhookOutcome::Taken | WebhookOutcome::Duplicate => {
            ([(CONTENT_TYPE, "text/xml")], voice::answer(&spoken)).into_response()
        }
        WebhookOutcome::Refused
        | WebhookOutcome::NotUnderstood
        | WebhookOutcome::NotForUs
        | WebhookOutcome::StoreAway => answer(outcome),
    }
}

fn signature(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-twilio-signature").and_then(|value| value.to_str().ok())
}

/// The path and query exactly as they came: the signature covers them.
fn path_and_query(uri: &axum::http::Uri) -> &str {
    uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str)
}

fn refusal(refused: Refused) -> WebhookOutcome {
    match refused {
        Refused::NotSigned | Refused::ForeignAccount => WebhookOutcome::Refused,
        Refused::NotUnderstood => WebhookOutcome::NotUnderstood,
    }
}

/// Waits for the commit, but not longer than the provider does. Whoever stops waiting does not stop the commit.
pub(super) async fn in_time(taking: impl Future<Output = Result<Outcome, StoreError>>) -> WebhookOutcome {
    match tokio::time::timeout(ANSWER_WITHIN, taking).await {
        Ok(Ok(Outcome::Taken)) => WebhookOutcome::Taken,
        Ok(Ok(Outcome::Duplicate)) => WebhookOutcome::Duplicate,
        Ok(Err(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "Could not take a webhook in");
            WebhookOutcome::StoreAway
        }
        Err(_) => {
            tracing::error!("Could not take a webhook in within {ANSWER_WITHIN:?}");
            WebhookOutcome::StoreAway
        }
    }
}

/// The answer is empty: a reply goes by REST, where its fate can be followed.
fn answer(outcome: WebhookOutcome) -> Response {
    match outcome {
        WebhookOutcome::Taken | WebhookOutcome::Duplicate | WebhookOutcome::NotForUs => {
            ([(CONTENT_TYPE, "text/xml")], "<Response></Response>").into_response()
        }
        WebhookOutcome::Refused => StatusCode::FORBIDDEN.into_response(),
        WebhookOutcome::NotUnderstood => StatusCode::BAD_REQUEST.into_response(),
        WebhookOutcome::StoreAway => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")]).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_store_that_never_answers_is_away_before_ten_seconds_are_over() {
        let ten_seconds = std::time::Duration::from_secs(10);
        let outcome = tokio::time::timeout(ten_seconds, in_time(std::future::pending())).await;
        assert_eq!(outcome, Ok(WebhookOutcome::StoreAway));
    }
}
