//! Wires everything; starts and stops.
//!
//! Invariant: nothing starts half: configuration, conversations and store are read and found right before the first
//! connection is taken.

pub mod alarms;
pub mod demo;
pub mod disk;
pub mod fitness;
pub mod reload;
pub mod telegram;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::app::alarms::Alarms;
use crate::channel::Sender;
use crate::channel::twilio::Twilio;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::ConfigError;
use crate::config::Problem;
use crate::config::SecondFactor;
use crate::content::Content;
use crate::domain::account::BaseUrl;
use crate::domain::message::ChannelKind;
use crate::domain::secret::SecretKey;
use crate::domain::time::Timestamp;
use crate::http;
use crate::http::MetricsFor;
use crate::http::Outside;
use crate::http::telegram::Desk;
use crate::http::telegram::Notice;
use crate::inbox;
use crate::inbox::Inbox;
use crate::inbox::brand::Brand;
use crate::inbox::brand::Logo;
use crate::inbox::entry;
use crate::inbox::live::Live;
use crate::inbox::password::Passwords;
use crate::intake;
use crate::intake::House;
use crate::outbox::Outbox;
use crate::schedule::Schedule;
use crate::store::Settings;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::randomness::Randomness;
use crate::sweep::Sweep;

/// Sends in flight finish within this when the server stops: longer than the channel's own time-outs.
const STOP_WITHIN: Duration = Duration::from_secs(25);

/// The parts of a running house, beside the routes.
pub struct Parts {
    /// Where everything happens.
    pub house: House,
    /// What sends.
    pub senders: BTreeMap<ChannelKind, Sender>,
    /// Where randomness comes from.
    pub randomness: Randomness,
    /// Who watches over it all, where somebody does.
    pub alarms: Option<Alarms>,
    /// From where proxies of ours come.
    pub proxies: Vec<IpAddr>,
}

/// Connects to the store, brings its tables up to date, and keeps today's revisions.
///
/// # Errors
/// Where the store is away, or the key is not its own.
pub async fn open_house(
    config: &Config,
    key: &SecretKey,
    content: Content,
    base: &BaseUrl,
) -> anyhow::Result<Parts> {
    let randomness = Randomness::System;
    let store = open_store(config, key, randomness.clone()).await?;
    store.migrate().await.context("could not bring the tables up to date")?;
    let house = House {
        store,
        clock: Clock::System,
        content: Arc::new(content).into(),
        wake: Arc::new(Notify::new()),
        base: Arc::from(base.as_str()),
    };
    intake::keep_revisions(&house).await.context("could not keep the conversations' revisions")?;
    Ok(Parts { house, senders: BTreeMap::new(), randomness, alarms: None, proxies: config.proxies.clone() })
}

/// Connects to the store.
///
/// # Errors
/// Where it is away, or the key is not its own.
pub async fn open_store(config: &Config, key: &SecretKey, randomness: Randomness) -> anyhow::Result<Store> {
    let settings = store_settings(config, key, randomness);
    Store::connect(&settings).await.map_err(why_not_open)
}

/// Connects to the store where it has its tables already, and makes nothing; `None` where there is none yet.
///
/// # Errors
/// Where it is away, or the key is not its own.
pub async fn open_store_that_is_there(config: &Config, key: &SecretKey) -> anyhow::Result<Option<Store>> {
    let settings = store_settings(config, key, Randomness::System);
    Store::connect_to_what_is_there(&settings).await.map_err(why_not_open)
}

/// How the store is reached, as the configuration says.
#[must_use]
pub fn store_settings(config: &Config, key: &SecretKey, randomness: Randomness) -> Settings {
    Settings {
        database_url: config.database_url.expose().to_owned(),
        keys_database_url: config.keys_database_url.as_ref().map(|url| url.expose().to_owned()),
        secret_key: zeroize::Zeroizing::new(*key.expose()),
        other_secret_keys: config
            .other_secret_keys
            .iter()
            .map(|other| zeroize::Zeroizing::new(*other.expose()))
            .collect(),
        erasures: erasure_list(config),
        randomness,
    }
}

/// What the list is called in the folder of the keys, where no setting names another place.
const ERASURES: &str = "footbridge-erasures.txt";

/// Where the list of who was erased is.
#[must_use]
pub fn erasure_list(config: &Config) -> PathBuf {
    let keys = config.keys_database_url.as_ref().unwrap_or(&config.database_url);
    let beside = || disk::folder_at(keys).unwrap_or_default().join(ERASURES);
    config.erasures.clone().unwrap_or_else(beside)
}

/// The cause first, then what to do.
fn why_not_open(error: StoreError) -> anyhow::Error {
    let why = match error {
        StoreError::WrongKey => WRONG_KEY,
        StoreError::NoKeys => NO_KEYS,
        _ => DATABASE_AWAY,
    };
    anyhow::Error::new(error).context(why)
}

const WRONG_KEY: &str = "FOOTBRIDGE_SECRET_KEY is not the key that this database was made with, or FOOTBRIDGE_KEYS_DATABASE_URL names other keys than its own. Put back the key that you keep in a safe place; nothing was changed";

const NO_KEYS: &str = "FOOTBRIDGE_DATABASE_URL names a database that holds data, and the database of its keys is not where FOOTBRIDGE_KEYS_DATABASE_URL says (where it is not set: beside the data, such as footbridge-keys.db). Put it back, from a backup if need be; nothing was made or changed";

const DATABASE_AWAY: &str = "could not open what FOOTBRIDGE_DATABASE_URL and FOOTBRIDGE_KEYS_DATABASE_URL name (a folder must be there already and be ours to write in, PostgreSQL must answer)";

/// Listens where the configuration says.
///
/// # Errors
/// Where the port is taken or not ours to take.
pub async fn listen(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let bound = TcpListener::bind(address).await;
    let listener = bound.map_err(|error| {
        let why = why_not_listening(error.kind());
        anyhow::Error::new(error).context(format!("could not listen on {address}: {why}"))
    })?;
    let address = listener.local_addr().context("could not tell the address that is listened on")?;
    Ok((listener, address))
}

fn why_not_listening(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => {
            "another program uses this port; take another, such as FOOTBRIDGE_LISTEN=127.0.0.1:8081"
        }
        ErrorKind::AddrNotAvailable => {
            "this machine has no such address; FOOTBRIDGE_LISTEN is 127.0.0.1 behind a proxy, 0.0.0.0 for every address"
        }
        ErrorKind::PermissionDenied => {
            "this user may not take this port; FOOTBRIDGE_LISTEN takes one above 1023, such as 127.0.0.1:8081"
        }
        _ => "write another FOOTBRIDGE_LISTEN, such as 127.0.0.1:8081",
    }
}

/// Runs the server until it is told to stop.
///
/// # Errors
/// Where it cannot start.
pub async fn serve(config: Config, key: SecretKey, content: Content) -> anyhow::Result<()> {
    let brand = brand_of(&config)?;
    let stop = stop_signal()?;
    let hangups = reload::hangups()?;
    let (listener, address) = listen(config.listen).await?;
    let base = config.public_url(address)?;
    let mut parts = open_house(&config, &key, content, &base).await?;
    let twilio = match &config.twilio {
        Some(account) => {
            Some(Arc::new(Twilio::new(account.clone(), base.clone()).context("could not set Twilio up")?))
        }
        None => None,
    };
    if let Some(twilio) = &twilio {
        parts.senders.insert(ChannelKind::Sms, Sender::Twilio(Box::new(twilio.as_ref().clone())));
    }
    let bot = telegram::bot(&config, &parts.house.content.get())?;
    if let Some(bot) = &bot {
        parts.senders.insert(ChannelKind::Telegram, Sender::Telegram(Box::new(bot.as_ref().clone())));
    }
    let metrics_for = MetricsFor::of(config.metrics_token.clone(), address);
    let mut outside = Outside::of(parts.house.clone(), twilio, metrics_for);
    outside.telegram = bot.map(|bot| Desk::new(bot, parts.house.clone(), Arc::clone(&outside.metrics)));
    let metrics = Arc::clone(&outside.metrics);
    parts.alarms = Some(Alarms::new(parts.house.clone(), metrics, &config, base.clone())?);
    let notice = telegram::notice(&parts.house.content.get(), base.clone());
    let desk = outside.telegram.clone().map(|desk| (desk, notice));
    let part_price = config.sms_part_pence;
    let pages = Inbox { part_price, brand, ..inbox_of(&parts, &base, config.second_factor)? };
    let router = http::router(outside).merge(inbox::router(pages));
    tokio::spawn(reload::at_each(hangups, parts.house.clone(), reload::Files::of(&config)));
    // Whatever still needs the store comes before the announcement: from then on a store that is away is waited for.
    let store = &parts.house.store;
    let link =
        entry::make_set_up_link(store, &parts.randomness, parts.house.clock.now(), base.as_str()).await?;
    let hold = store.read().await?.sending_held().await?;
    announce(&format!("listening on http://{address}"));
    say_if_not_ready(&config, &parts.house.content.get());
    if let Some(hold) = hold {
        say_that_sending_is_held(hold.since);
    }
    if let Some(link) = link {
        announce(&format!("set-up link: {link}"));
    }
    run(parts, desk, listener, router, stop).await
}

/// Nobody may go live with services that are made up.
fn say_if_not_ready(config: &Config, content: &Content) {
    for warning in fitness::warnings(config, &content.directory) {
        tracing::warn!("Not ready for the public: {warning}");
        announce(&format!("not ready for the public: {warning}"));
    }
}

/// Nobody may believe that texts leave when they do not.
fn say_that_sending_is_held(since: Timestamp) {
    tracing::warn!(%since, "Sending is held, by a restore or an operator");
    announce(&format!(
        "sending is held since {since}, by a restore or an operator; `footbridge admin resume-sending` lets texts leave"
    ));
}

/// The inbox of a house.
///
/// # Errors
/// Where argon2 does not take its own settings.
pub fn inbox_of(parts: &Parts, base: &BaseUrl, second_factor: SecondFactor) -> anyhow::Result<Inbox> {
    Ok(Inbox {
        house: parts.house.clone(),
        randomness: parts.randomness.clone(),
        passwords: Passwords::new(parts.randomness.bytes())?,
        base: Arc::from(base.as_str()),
        second_factor_required: second_factor == SecondFactor::Required,
        live: Live::default(),
        part_price: None,
        brand: Brand::default(),
        demo: false,
    })
}

/// The organisation's name and logo, as the configuration says.
///
/// # Errors
/// Where the file of the logo is none.
pub fn brand_of(config: &Config) -> Result<Brand, ConfigError> {
    let logo = config.logo.as_deref().map(Logo::open).transpose();
    let logo = logo.map_err(|wrong| {
        let remedy = "name a PNG, or an SVG that is a drawing and nothing else".to_owned();
        let problem = Problem { key: "FOOTBRIDGE_LOGO".to_owned(), wrong: wrong.to_string(), remedy };
        ConfigError { problems: vec![problem] }
    })?;
    Ok(Brand { organisation: config.organisation.as_deref().map(Arc::from), logo: logo.map(Arc::new) })
}

/// Serves, sends, minds the time and attends to Telegram until `stop`; then finishes what is under way.
///
/// # Errors
/// None at present; a store that is away is waited for.
pub async fn run(
    parts: Parts,
    desk: Option<(Desk, Notice)>,
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    let workers = TaskTracker::new();
    let House { store, clock, wake, .. } = parts.house.clone();
    let node = Uuid::from_bytes(parts.randomness.bytes());
    if let Some(Sender::Twilio(twilio)) = parts.senders.get(&ChannelKind::Sms) {
        let sweep = Sweep::new(parts.house.clone(), twilio.as_ref().clone(), node);
        workers.spawn(sweep.run(stopping.clone()));
    }
    if let Some((desk, notice)) = desk {
        workers.spawn(desk.run(notice, node, stopping.clone()));
    }
    let outbox = Outbox::new(store, clock, parts.senders, wake, parts.randomness);
    if let Some(alarms) = parts.alarms {
        workers.spawn(alarms.over(outbox.shut_doors()).run(stopping.clone()));
    }
    workers.spawn(outbox.run(stopping.clone()));
    workers.spawn(Schedule::new(parts.house.clone(), node).run(stopping.clone()));
    workers.close();
    let signal = stopping.clone();
    tokio::spawn(async move {
        stop.await;
        tracing::info!("Stopping");
        signal.cancel();
    });
    http::server::serve(listener, router, &parts.proxies, stopping.clone()).await;
    if tokio::time::timeout(STOP_WITHIN, workers.wait()).await.is_err() {
        tracing::warn!("Stopped with work under way; it is taken up at the next start");
    }
    parts.house.store.close().await;
    Ok(())
}

/// Hears the system, or whoever sits at the terminal, ask the server to stop: from now on, not from the first wait on.
///
/// # Errors
/// Where the system gives us no signals.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;
    let mut interrupt = signal(SignalKind::interrupt()).context("could not listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("could not listen for signals")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// A line for whoever started the server, flushed at once: programs wait for it.
pub fn announce(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    // A closed terminal is no reason to stop serving.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
