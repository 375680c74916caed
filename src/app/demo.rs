//! The demo: a phone on the left, the inbox on the right, sample people in the queue. Everything is real but the
//! network.
//!
//! Invariant: nothing here talks to a provider, and nothing outlives the process.

mod people;
mod phones;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use futures_util::FutureExt;
use tokio::sync::Notify;

use crate::app;
use crate::app::Parts;
use crate::channel::Sender;
use crate::channel::simulator::Simulator;
use crate::clock::Clock;
use crate::config::SecondFactor;
use crate::content::Content;
use crate::directory::duty::SIGNED_ON_FOR;
use crate::domain::account::BaseUrl;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::message::Words;
use crate::domain::staff::EmailAddress;
use crate::domain::staff::Role;
use crate::domain::staff::StaffName;
use crate::http;
use crate::http::MetricsFor;
use crate::http::Outside;
use crate::inbox::Inbox;
use crate::inbox::signed_in::LONGEST;
use crate::inbox::token::Token;
use crate::intake;
use crate::intake::House;
use crate::store::Settings;
use crate::store::Store;
use crate::store::randomness::Randomness;
use crate::store::staff::NewStaff;

/// Runs the demo until it is told to stop.
///
/// # Errors
/// Where the port is taken, or the disk cannot be written.
pub async fn run(content: Content, address: SocketAddr, empty: bool) -> anyhow::Result<()> {
    anyhow::ensure!(address.ip().is_loopback(), "the demo is for this machine only: listen on 127.0.0.1");
    let stop = app::stop_signal()?;
    let (listener, address) = app::listen(address).await?;
    let base: BaseUrl = format!("http://{address}").parse().context("could not tell our own address")?;
    let folder = tempfile::tempdir().context("could not make a folder for the demo's database")?;
    let randomness = Randomness::System;
    let store = demo_store(&folder.path().join("demo.db"), &randomness).await?;
    let house = House {
        store,
        clock: Clock::System,
        content: Arc::new(content).into(),
        wake: Arc::new(Notify::new()),
        base: Arc::from(base.as_str()),
    };
    intake::keep_revisions(&house).await?;
    let simulator = Simulator::new();
    // First, so that somebody is told of the sample people's concern.
    let token = sign_in(&house, &randomness).await?;
    if !empty {
        people::move_in(&house, &simulator, &randomness).await?;
    }
    let both = [ChannelKind::Sms, ChannelKind::Telegram];
    let senders = both.map(|kind| (kind, Sender::Simulator(simulator.clone()))).into();
    let parts = Parts { house, senders, randomness, alarms: None, proxies: Vec::new() };
    let outside = Outside::of(parts.house.clone(), None, MetricsFor::Nobody);
    let inbox = Inbox { demo: true, ..app::inbox_of(&parts, &base, SecondFactor::Offered)? };
    let pages = phones::router(inbox, simulator);
    let router = http::router(outside).merge(pages);
    app::announce(&format!(
        "\nFootbridge demo. Everybody in it is made up, and no text leaves this computer.\n\n  Open this in your browser:  {base}/demo/enter?token={token}\n\n  On the left is a phone: text hello, and answer as the person would. Another may have Telegram, with buttons.\n  On the right is the link workers' inbox: after ten answers or so the person arrives. Open them, reply.\n\nPress Ctrl-C to stop; the demo forgets everything.",
        base = base.as_str(),
        token = token.reveal(),
    ));
    app::announce(&format!("listening on http://{address}"));
    app::run(parts, None, listener, router, stop).await
}

async fn demo_store(file: &std::path::Path, randomness: &Randomness) -> anyhow::Result<Store> {
    let settings = Settings {
        database_url: format!("sqlite://{}", file.display()),
        keys_database_url: None,
        secret_key: zeroize::Zeroizing::new(randomness.bytes()),
        other_secret_keys: Vec::new(),
        erasures: file.with_file_name("demo-erasures.txt"),
        randomness: randomness.clone(),
    };
    let store = Store::connect(&settings).await?;
    store.migrate().await?;
    Ok(store)
}

/// The phone of the demo's link worker, set aside for drama.
const PHONE: &str = "+447700900999";

/// Makes the demo's link worker, who is on duty, and a session that the printed link opens.
async fn sign_in(house: &House, randomness: &Randomness) -> anyhow::Result<Token> {
    let token = Token::from_random(randomness.bytes());
    let (hash, now) = (token.hash(), house.clock.now());
    let content = house.content.get();
    let services: Vec<_> = content.directory.services().iter().map(|service| service.id.clone()).collect();
    let (email, name): (EmailAddress, StaffName) =
        ("demo@footbridge.example".parse()?, "Demo link worker".parse()?);
    house
        .store
        .write(move |tx| {
            let (email, name, services) = (email.clone(), name.clone(), services.clone());
            async move {
                let staff = NewStaff {
                    email,
                    name,
                    role: Role::Admin,
                    // No text has this hash: nobody signs in with a password.
                    password_hash: Words("none".to_owned()),
                    services,
                };
                let id = tx.add_staff(&staff, now).await?;
                let phone = Handle(PHONE.to_owned());
                let phone = tx.find_or_open_address(ChannelKind::Sms, &phone, now).await?;
                tx.set_staff_phone(id, Some(phone.id)).await?;
                for service in &staff.services {
                    tx.sign_on(id, service, now.plus(SIGNED_ON_FOR), now).await?;
                }
                tx.open_staff_session(&hash, id, "Demo", now, now.plus(LONGEST)).await
            }
            .boxed()
        })
        .await?;
    Ok(token)
}
