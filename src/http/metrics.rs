//! `/metrics`: what an operator's alarms are made of.
//!
//! Invariant: a label is one of a few words of ours, never anything about a person.

use std::fmt;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::EncodeLabelValue;
use prometheus_client::encoding::LabelValueEncoder;
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
    sweep_age_seconds: Gauge,
    sweep_taken: Gauge,
    sending_held: Gauge,
    alarms: Family<AlarmLabel, Gauge>,
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

/// What an operator must be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Alarm {
    /// The database cannot be used.
    StoreAway,
    /// Texts that are due do not leave.
    TextsWait,
    /// Nothing is sent, after a restore or by an operator's word.
    SendingHeld,
    /// A provider lets us send nothing.
    ChannelStopped,
    /// The disk of the database is nearly full.
    DiskFills,
    /// A service has no active account that could acknowledge a concern, or is open and no lead has signed on for duty.
    NobodyOnDuty,
}

impl Alarm {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::StoreAway,
        Self::TextsWait,
        Self::SendingHeld,
        Self::ChannelStopped,
        Self::DiskFills,
        Self::NobodyOnDuty,
    ];

    /// Its code, as it is told.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StoreAway => "store-away",
            Self::TextsWait => "texts-wait",
            Self::SendingHeld => "sending-held",
            Self::ChannelStopped => "channel-stopped",
            Self::DiskFills => "disk-fills",
            Self::NobodyOnDuty => "nobody-on-duty",
        }
    }
}

impl EncodeLabelValue for Alarm {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> Result<(), fmt::Error> {
        self.as_str().encode(encoder)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AlarmLabel {
    alarm: Alarm,
}

/// What only the store knows, at the time of asking.
#[derive(Default, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Texts that are due and not sent.
    pub outbox: i64,
    /// How long the oldest of them has been due, in seconds.
    pub outbox_oldest_seconds: i64,
    /// Concerns that nobody has acknowledged.
    pub concerns: i64,
    /// How long ago the last sweep of received texts began that went well, or the first was due, in seconds.
    pub sweep_age_seconds: i64,
    /// How many texts were taken in by a sweep, and not by webhook.
    pub sweep_taken: i64,
    /// Whether nothing is sent until an operator says so.
    pub held: bool,
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
            sweep_age_seconds: Gauge::default(),
            sweep_taken: Gauge::default(),
            sending_held: Gauge::default(),
            alarms: Family::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("webhooks", "Webhooks, by what became of them", metrics.webhooks.clone());
        let waiting = "Texts that are due and not sent";
        registry.register("outbox_waiting", waiting, metrics.outbox_waiting.clone());
        let oldest = "How long the oldest of them has been due";
        registry.register("outbox_oldest_seconds", oldest, metrics.outbox_oldest_seconds.clone());
        let concerns = "Concerns that nobody has acknowledged";
        registry.register("concerns_open", concerns, metrics.concerns_open.clone());
        let age = "How long ago the last sweep of received texts began that went well, or the first was due";
        registry.register("sweep_age_seconds", age, metrics.sweep_age_seconds.clone());
        let taken = "Texts that no webhook brought and a sweep took in";
        registry.register("sweep_taken", taken, metrics.sweep_taken.clone());
        let held = "1 while nothing is sent until an operator says so";
        registry.register("sending_held", held, metrics.sending_held.clone());
        let alarms = "1 while an operator must act, by what is the matter";
        registry.register("alarm", alarms, metrics.alarms.clone());
        metrics
    }

    /// Notes whether something is the matter.
    pub fn set_alarm(&self, alarm: Alarm, is_so: bool) {
        self.alarms.get_or_create(&AlarmLabel { alarm }).set(is_so.into());
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
        self.sweep_age_seconds.set(waiting.sweep_age_seconds);
        self.sweep_taken.set(waiting.sweep_taken);
        self.sending_held.set(waiting.held.into());
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
        let waiting = Waiting {
            outbox: 3,
            outbox_oldest_seconds: 12,
            concerns: 1,
            sweep_age_seconds: 61,
            sweep_taken: 2,
            held: true,
        };
        let text = metrics.render(waiting).expect("text");
        for line in [
            r#"footbridge_webhooks_total{route="TwilioInbound",outcome="Taken"} 2"#,
            r#"footbridge_webhooks_total{route="TwilioStatus",outcome="Refused"} 1"#,
            "footbridge_outbox_waiting 3",
            "footbridge_outbox_oldest_seconds 12",
            "footbridge_concerns_open 1",
            "footbridge_sweep_age_seconds 61",
            "footbridge_sweep_taken 2",
            "footbridge_sending_held 1",
            "# EOF",
        ] {
            assert!(text.lines().any(|given| given == line), "{line} is not in\n{text}");
        }
    }
}
