//! Alarms without Prometheus: an address is told when texts stop, again every hour while it lasts, and when it is over.
//!
//! Invariant: what is told holds nothing about a person; one node tells what all can see.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::disk;
use crate::channel::web::Web;
use crate::config::Config;
use crate::directory::Directory;
use crate::directory::duty::Watch;
use crate::directory::service::Service;
use crate::domain::account::BaseUrl;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;
use crate::http::metrics::Alarm;
use crate::http::metrics::Metrics;
use crate::intake::House;
use crate::outbox::ShutDoors;
use crate::store::error::StoreError;
use crate::store::randomness::Randomness;

/// Soon enough for an operator; nothing that the server would feel.
const ROUND_EVERY: Duration = Duration::from_secs(5);
/// While it lasts it is told again this often.
const REMIND_EVERY: Duration = Duration::from_secs(3600);
/// Longer than a few rounds, so that the right to tell does not wander between nodes.
const LEASE: Duration = Duration::from_secs(30);
/// A text leaves within two seconds; this long means that none does.
const WAITED_TOO_LONG: Duration = Duration::from_secs(120);
/// Whoever begins their day signs on within this.
const TO_SIGN_ON: Duration = Duration::from_secs(15 * 60);
/// The first three tries take forty seconds: after that it is no slip.
const TRIED_TOO_OFTEN: i32 = 3;

/// Whom to tell.
#[derive(Debug, Clone)]
struct Address {
    base: BaseUrl,
    query: String,
}

impl Address {
    fn of(secret: &Secret) -> Option<Self> {
        let (base, query) =
            secret.expose().split_at(secret.expose().find('?').unwrap_or(secret.expose().len()));
        Some(Self { base: base.parse().ok()?, query: query.to_owned() })
    }
}

/// What watches, and tells.
pub struct Alarms {
    house: House,
    metrics: Arc<Metrics>,
    doors: ShutDoors,
    disk: Option<PathBuf>,
    telling: Option<(Web, Address)>,
    /// How the world reaches this installation.
    installation: BaseUrl,
    node: Uuid,
    log: Log,
    /// The last post did not get through.
    failing: bool,
}

/// What is told.
#[derive(Debug, Serialize)]
struct Notice<'a> {
    footbridge: &'a str,
    alarm: &'static str,
    state: &'static str,
    since: String,
    text: &'static str,
}

/// What is the matter, and what was told of it.
#[derive(Debug, Default)]
struct Log(BTreeMap<Alarm, Matter>);

#[derive(Debug, Clone, Copy)]
struct Matter {
    since: Timestamp,
    told_at: Option<Timestamp>,
    is_over: bool,
}

/// Something to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Due {
    alarm: Alarm,
    state: State,
    since: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begins,
    Lasts,
    Over,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Begins => "begins",
            Self::Lasts => "lasts",
            Self::Over => "over",
        }
    }
}

impl Alarms {
    /// The alarms of a house, as the configuration says.
    ///
    /// # Errors
    /// Where TLS is not to be had on this machine.
    pub fn new(
        house: House,
        metrics: Arc<Metrics>,
        config: &Config,
        installation: BaseUrl,
    ) -> anyhow::Result<Self> {
        let address = config.alert_webhook.as_ref().and_then(Address::of);
        let telling = address.map(|address| anyhow::Ok((Web::new()?, address))).transpose()?;
        let node = Uuid::from_bytes(Randomness::System.bytes());
        let disk = disk::folder_of(config);
        let (doors, log) = (ShutDoors::default(), Log::default());
        Ok(Self { house, metrics, doors, disk, telling, installation, node, log, failing: false })
    }

    /// The same, watching over these channels too.
    #[must_use]
    pub fn over(self, doors: ShutDoors) -> Self {
        Self { doors, ..self }
    }

    /// Watches until it is told to stop.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            self.round().await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(ROUND_EVERY) => {}
            }
        }
    }

    /// Looks once, and tells what has to be told.
    pub async fn round(&mut self) {
        let now = self.house.clock.now();
        let (found, is_ours) = match self.look(now).await {
            Ok(looked) => looked,
            // Nobody else may be able to tell.
            Err(_) => (BTreeSet::from([Alarm::StoreAway]), true),
        };
        for alarm in Alarm::ALL {
            self.metrics.set_alarm(alarm, found.contains(&alarm));
        }
        if !is_ours {
            self.log = Log::default();
            return;
        }
        for due in self.log.note(&found, now) {
            let posted = self.post(due).await;
            say(due, &posted, self.failing);
            self.failing = posted.is_err();
            if posted.is_ok() {
                self.log.told(due, now);
            }
        }
    }

    /// What is the matter, and whether this node is the one that tells.
    async fn look(&self, now: Timestamp) -> Result<(BTreeSet<Alarm>, bool), StoreError> {
        let (store, node) = (&self.house.store, self.node);
        let hold = store.write(move |tx| tx.hold_singleton("alarms", node, now, LEASE).boxed());
        let is_ours = hold.await?;
        let mut reader = store.read().await?;
        let stuck = reader.stuck_texts(now.minus(WAITED_TOO_LONG), TRIED_TOO_OFTEN).await?;
        let held = reader.sending_held().await?.is_some();
        let mut unseen = false;
        let content = self.house.content.get();
        for service in content.directory.services() {
            unseen |= !reader.has_staff(&service.id).await?;
            unseen |= needs_a_lead(&content.directory, service, now)
                && reader.on_duty(&service.id, now).await?.is_empty();
        }
        let full =
            self.disk.as_deref().and_then(disk::free_bytes).is_some_and(|free| free < disk::TOO_LITTLE);
        let all = [
            (Alarm::TextsWait, 0 < stuck && !held),
            (Alarm::SendingHeld, held),
            (Alarm::ChannelStopped, self.doors.is_any_shut(now)),
            (Alarm::DiskFills, full),
            (Alarm::NobodyOnDuty, unseen),
        ];
        Ok((all.into_iter().filter(|(_, is_so)| *is_so).map(|(alarm, _)| alarm).collect(), is_ours))
    }

    /// Tells the address, where there is one.
    async fn post(&self, due: Due) -> Result<(), String> {
        let Some((web, address)) = &self.telling else { return Ok(()) };
        let notice = Notice {
            footbridge: self.installation.as_str(),
            alarm: due.alarm.as_str(),
            state: due.state.as_str(),
            since: due.since.to_string(),
            text: words(due.alarm),
        };
        let json = serde_json::to_string(&notice).unwrap_or_default();
        match web.post_json(&address.base, &address.query, json).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
            Ok(answer) => Err(format!("it answers with status {}", answer.status)),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The log is told too, of a post that fails once and not at each try.
fn say(due: Due, posted: &Result<(), String>, failed_before: bool) {
    if posted.is_err() && failed_before {
        return;
    }
    let (alarm, state, text) = (due.alarm.as_str(), due.state.as_str(), words(due.alarm));
    match due.state {
        State::Begins | State::Lasts => tracing::error!(alarm, state, "{text}"),
        State::Over => tracing::info!(alarm, state, "It is over: {text}"),
    }
    if let Err(why) = posted {
        tracing::warn!(why, "The address of the alarms could not be told; it is tried again");
    }
}

/// Whether a lead is to be on duty at this service now: those who are told first work in opening hours.
fn needs_a_lead(directory: &Directory, service: &Service, now: Timestamp) -> bool {
    let steps = service.duty.iter().flat_map(|duty| &duty.steps);
    let is_open = |at| directory.is_open(service, at);
    steps.into_iter().any(|step| step.who == Watch::OnDuty) && is_open(now) && is_open(now.minus(TO_SIGN_ON))
}

/// What is the matter, for whoever is called.
fn words(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::StoreAway => "The database cannot be used: no text is taken or sent.",
        Alarm::TextsWait => "Texts do not leave.",
        Alarm::SendingHeld => {
            "Sending is held, by a restore or an operator. `footbridge admin resume-sending` ends it."
        }
        Alarm::ChannelStopped => {
            "The provider lets us send nothing: look at credentials, number and account."
        }
        Alarm::DiskFills => "The disk of the database is nearly full.",
        Alarm::NobodyOnDuty => {
            "A service has no active account, or is open and no lead has signed on for duty: a concern may wait."
        }
    }
}

impl Log {
    /// Notes what was found; says what is to be told.
    fn note(&mut self, found: &BTreeSet<Alarm>, now: Timestamp) -> Vec<Due> {
        for alarm in found {
            let matter = self.0.entry(*alarm).or_insert(Matter { since: now, told_at: None, is_over: false });
            matter.is_over = false;
        }
        for (alarm, matter) in &mut self.0 {
            matter.is_over = !found.contains(alarm);
        }
        // What came and went before anybody could be told is over.
        self.0.retain(|_, matter| !(matter.is_over && matter.told_at.is_none()));
        let due = self.0.iter().filter_map(|(alarm, matter)| {
            let state = match (matter.is_over, matter.told_at) {
                (true, _) => State::Over,
                (false, None) => State::Begins,
                (false, Some(told_at)) if REMIND_EVERY <= now.since(told_at) => State::Lasts,
                (false, Some(_)) => return None,
            };
            Some(Due { alarm: *alarm, state, since: matter.since })
        });
        due.collect()
    }

    /// It was told.
    fn told(&mut self, due: Due, now: Timestamp) {
        match due.state {
            State::Over => {
                self.0.remove(&due.alarm);
            }
            State::Begins | State::Lasts => {
                if let Some(matter) = self.0.get_mut(&due.alarm) {
                    matter.told_at = Some(now);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(60 * minutes))
    }

    /// What is told of one matter at each of these minutes: whether it is so, and whether telling works.
    fn story(minutes: &[(u64, bool, bool)]) -> Vec<Option<State>> {
        let mut log = Log::default();
        let told = minutes.iter().map(|(minute, is_so, works)| {
            let found = is_so.then_some(Alarm::DiskFills).into_iter().collect();
            let due = log.note(&found, at(*minute)).pop();
            if let Some(due) = due.filter(|_| *works) {
                log.told(due, at(*minute));
            }
            due.map(|due| due.state)
        });
        told.collect()
    }

    #[test]
    fn it_is_told_at_the_change_every_hour_and_when_it_is_over() {
        let told = story(&[
            (0, true, true),
            (1, true, true),
            (60, true, true),
            (61, false, true),
            (62, false, true),
        ]);
        assert_eq!(told, [Some(State::Begins), None, Some(State::Lasts), Some(State::Over), None]);
    }

    #[test]
    fn what_could_not_be_told_is_told_again() {
        let told = story(&[
            (0, true, false),
            (1, true, true),
            (2, false, false),
            (3, false, true),
            (4, false, true),
        ]);
        assert_eq!(
            told,
            [Some(State::Begins), Some(State::Begins), Some(State::Over), Some(State::Over), None]
        );
    }

    #[test]
    fn what_came_and_went_untold_is_not_told() {
        assert_eq!(story(&[(0, true, false), (1, false, true)]), [Some(State::Begins), None]);
    }
}
