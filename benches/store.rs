//! How much the store takes in and gives out, durably, on both databases.
//!
//! `cargo bench --bench store`. One story is what a text costs: the message is noted once, its session is found and
//! saved, and a reply is put into the outbox; 64 callers at a time.

#![expect(clippy::unwrap_used, reason = "a figure of something broken is no figure")]
#![expect(clippy::print_stdout, reason = "figures are printed")]

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;

use std::time::Duration;
use std::time::Instant;

use footbridge::domain::message::Purpose;
use footbridge::store::Store;
use footbridge::store::error::StoreError;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;
use futures_util::StreamExt;
use futures_util::stream;
use sqlx::Connection;
use sqlx::Executor;

use crate::support::people::at;
use crate::support::people::reply;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::people::text;
use crate::support::people::token;
use crate::support::stores::TestStore;

const STORIES: u32 = 2_000;
const CALLERS: usize = 64;
const PEOPLE: u32 = 500;
const BACKLOG: u32 = 20_000;

#[tokio::main]
async fn main() {
    for (name, store) in [("SQLite", TestStore::sqlite().await), ("PostgreSQL", TestStore::postgres().await)]
    {
        known(&store).await;
        measure(name, "noting and saving", &store, |tx, n| take(tx, n, false).boxed()).await;
        measure(name, "noting, saving and replying", &store, |tx, n| take(tx, STORIES + n, true).boxed())
            .await;
        measure(name, "somebody new (two keys)", &store, |tx, n| somebody_new(tx, n).boxed()).await;
        claim(name, &store).await;
        store.close().await;
    }
}

/// People who have written before.
async fn known(store: &Store) {
    for number in 0..PEOPLE {
        store.write(move |tx| somebody(tx, number).boxed()).await.unwrap();
    }
}

async fn take(tx: &mut Tx, number: u32, replies: bool) -> Result<(), StoreError> {
    let message =
        text(&format!("SM{number}"), number % PEOPLE, "I have been on my own a lot since Arthur died");
    let arrival = tx.note_inbound(&message, &service()).await?.ok_or(StoreError::NotFound)?;
    let ann = somebody(tx, number % PEOPLE).await?;
    tx.place_inbound(arrival.id, ann.person.id, Some(ann.session.id), &message.content).await?;
    let mut session = ann.session.session.clone();
    session.sequence += 1;
    tx.save_session(&ann.session, &session, at(1)).await?;
    if replies {
        tx.append_text(&reply(&ann, Purpose::Answer, "Thank you. How old are you?"), at(1)).await?;
    }
    Ok(())
}

async fn somebody_new(tx: &mut Tx, number: u32) -> Result<(), StoreError> {
    somebody(tx, 10_000 + number).await.map(|_| ())
}

async fn measure<F>(name: &str, what: &str, store: &Store, story: F)
where
    F: for<'t> Fn(&'t mut Tx, u32) -> futures_util::future::BoxFuture<'t, Result<(), StoreError>>
        + Copy
        + Send
        + Sync
        + 'static,
{
    let begun = Instant::now();
    let mut waits: Vec<Duration> = stream::iter(0..STORIES)
        .map(|number| async move {
            let asked = Instant::now();
            store.write(move |tx| story(tx, number)).await.unwrap();
            asked.elapsed()
        })
        .buffer_unordered(CALLERS)
        .collect()
        .await;
    let per_second = f64::from(STORIES) / begun.elapsed().as_secs_f64();
    waits.sort();
    let (middle, slow) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
    println!("{name}: {what}: {per_second:.0} a second; half wait {middle:.1?}, one in a hundred {slow:.1?}");
}

/// Claims from a backlog that all is due of.
async fn claim(name: &str, store: &TestStore) {
    for from in (0..BACKLOG).step_by(500) {
        let fill = store.write(move |tx| {
            async move {
                for number in from..from + 500 {
                    let to = somebody(tx, 20_000 + number % 5_000).await?;
                    tx.append_text(&reply(&to, Purpose::Answer, "hello"), at(1)).await?;
                }
                Ok(())
            }
            .boxed()
        });
        fill.await.unwrap();
    }
    gather_statistics(&store.settings.database_url).await;
    let mut waits = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        let texts = store
            .write(|tx| tx.claim_texts(token(), 32, at(9), Duration::from_secs(90)).boxed())
            .await
            .unwrap();
        assert_eq!(texts.len(), 32);
        waits.push(begun.elapsed());
    }
    waits.sort();
    println!(
        "{name}: claiming 32 of {BACKLOG} due: half within {:.1?}, all within {:.1?}",
        waits[25], waits[49]
    );
}

/// As PostgreSQL does by itself within a minute.
async fn gather_statistics(url: &str) {
    if url.starts_with("postgres") {
        let mut conn = sqlx::PgConnection::connect(url).await.unwrap();
        conn.execute("ANALYZE").await.unwrap();
    }
}
