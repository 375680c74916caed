//! `/metrics`: what an operator's alarms are made of.
//!
//! Invariant: a label is one of a few words of ours, never anything about a person.

use std::fmt;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::EncodeLabelValue;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// What the server counts.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    webhooks: Family<Webhook, Counter>,
    outbox_waiting: Gauge,
    outbox_oldest_seconds: Gauge,
    concerns_open: Gauge,
}

/// Which webhook, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Webhook {
    /// Which one.
    pub route: WebhookRoute,
    /// What became of it.
    pub outcome: WebhookOutcome,
}

/// The webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum WebhookRoute {
    /// A text came in by Twilio.
    TwilioInbound,
    /// Twilio reports on a text of ours.
    TwilioStatus,
    /// Somebody rings.
    TwilioVoice,
    /// Something came in by Telegram.
    Telegram,
}

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum WebhookOutcome {
    /// It is stored.
    Taken,
    /// It had been stored before.
    Duplicate,
    /// Its signature or account is wrong.
    Refused,
    /// It could not be understood.
    NotUnderstood,
    /// It was nothing for us, such as a message in a group; nothing of it is kept.
    NotForUs,
    /// The store is away.
    StoreAway,
}

/// What only the store knows, at the time of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Texts that are due and not sent.
    pub outbox: i64,
    /// How long the oldest of them has been due, in seconds.
    pub outbox_oldest_seconds: i64,
    /// Concerns that nobody has acknowledged.
    pub concerns: i64,
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("footbridge"),
            webhooks: Family::default(),
            outbox_waiting: Gauge::default(),
            outbox_oldest_seconds: Gauge::default(),
            concerns_open: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("webhooks", "Webhooks, by what became of them", metrics.webhooks.clone());
        let waiting = "Texts that are due and not sent";
        registry.register("outbox_waiting", waiting, metrics.outbox_waiting.clone());
        let oldest = "How long the oldest of them has been due";
        registry.register("outbox_oldest_seconds", oldest, metrics.outbox_oldest_seconds.clone());
        let concerns = "Concerns that nobody has acknowledged";
        registry.register("concerns_open", concerns, metrics.concerns_open.clone());
        metrics
    }

    /// Counts a webhook.
    pub fn count(&self, route: WebhookRoute, outcome: WebhookOutcome) {
        self.webhooks.get_or_create(&Webhook { route, outcome }).inc();
    }

    /// Everything, in the text format that Prometheus reads.
    ///
    /// # Errors
    /// Never, in truth: writing to a string cannot fail.
    pub fn render(&self, waiting: Waiting) -> Result<String, fmt::Error> {
        self.outbox_waiting.set(waiting.outbox);
        self.outbox_oldest_seconds.set(waiting.outbox_oldest_seconds);
        self.concerns_open.set(waiting.concerns);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told_in_prometheus_text() {
        let metrics = Metrics::new();
        metrics.count(WebhookRoute::TwilioInbound, WebhookOutcome::Taken);
        metrics.count(WebhookRoute::TwilioInbound, WebhookOutcome::Taken);
        metrics.count(WebhookRoute::TwilioStatus, WebhookOutcome::Refused);
        let waiting = Waiting { outbox: 3, outbox_oldest_seconds: 12, concerns: 1 };
        let text = metrics.render(waiting).expect("text");
        for line in [
            r#"footbridge_webhooks_total{route="TwilioInbound",outcome="Taken"} 2"#,
            r#"footbridge_webhooks_total{route="TwilioStatus",outcome="Refused"} 1"#,
            "footbridge_outbox_waiting 3",
            "footbridge_outbox_oldest_seconds 12",
            "footbridge_concerns_open 1",
            "# EOF",
        ] {
            assert!(text.lines().any(|given| given == line), "{line} is not in\n{text}");
        }
    }
}
