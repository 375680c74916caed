//! How long another secret key takes, beside a server that works.
//!
//! `cargo bench --bench rotation [-- KEYS]`: so many keys (1,000,000 unless said otherwise) are made and wrapped anew on
//! each database, while texts come in. `FOOTBRIDGE_BENCH_ON=sqlite` or `postgres` takes one of the two.

#![expect(clippy::unwrap_used, reason = "a figure of something broken is no figure")]
#![expect(clippy::print_stdout, reason = "figures are printed")]
#![expect(clippy::disallowed_methods, reason = "the environment says how much")]

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use footbridge::domain::language::Language;
use footbridge::store::Settings;
use footbridge::store::Store;
use futures_util::FutureExt;
use zeroize::Zeroizing;

use crate::support::people::at;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::stores::TestStore;

const KEYS: u32 = 1_000_000;
const TOGETHER: u32 = 500;
/// How often somebody new comes meanwhile, who needs two keys.
const PAUSE: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() {
    let keys = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(KEYS);
    let only = std::env::var("FOOTBRIDGE_BENCH_ON").ok();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("sqlite") {
        measure("SQLite", TestStore::sqlite().await, keys).await;
    }
    if wanted("postgres") {
        measure("PostgreSQL", TestStore::postgres().await, keys).await;
    }
}

async fn measure(name: &str, store: TestStore, keys: u32) {
    let began = Instant::now();
    people(&store, keys).await;
    println!("{name}: {keys} keys made in {:.0?}", began.elapsed());
    let (secret_key, other_secret_keys) = (Zeroizing::new([8; 32]), vec![store.settings.secret_key.clone()]);
    let new = Settings { secret_key, other_secret_keys, ..store.settings.clone() };
    let new = Store::connect(&new).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let server = tokio::spawn(come(new.clone(), Arc::clone(&stop)));
    let began = Instant::now();
    let rotated = new.rotate(|_| ()).await.unwrap();
    println!("{name}: wrapped anew in {:.1?}: {rotated:?}", began.elapsed());
    stop.store(true, Ordering::Relaxed);
    let mut waits = server.await.unwrap();
    waits.sort();
    let at = |share: usize| waits[(waits.len() - 1) * share / 100];
    println!(
        "{name}: {} new people meanwhile: median {:.1?}, 95 % {:.1?}, longest {:.1?}",
        waits.len(),
        at(50),
        at(95),
        at(100)
    );
    let began = Instant::now();
    let again = new.rotate(|_| ()).await.unwrap();
    println!("{name}: looked at once more in {:.1?}: {again:?}", began.elapsed());
    new.close().await;
    store.close().await;
}

/// Each person has a key.
async fn people(store: &Store, keys: u32) {
    let address = store.write(|tx| somebody(tx, 0).boxed()).await.unwrap().address.id;
    for _ in 0..keys / TOGETHER {
        let opened = store.write(move |tx| {
            async move {
                for _ in 0..TOGETHER {
                    tx.open_person(address, &service(), &Language::english(), at(0)).await?;
                }
                Ok(())
            }
            .boxed()
        });
        opened.await.unwrap();
    }
}

async fn come(store: Store, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let mut waits = Vec::new();
    for number in 1_000.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let began = Instant::now();
        store.write(move |tx| somebody(tx, number).boxed()).await.unwrap();
        waits.push(began.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    waits
}
