//! How long the pages of the inbox take where there are many cases, on both databases.
//!
//! `FOOTBRIDGE_BENCH_CASES=100000 cargo bench --bench desk`: so many cases (2,000 unless said otherwise) with ten
//! messages each, half of them a person's and found by their words; six of a hundred are open. A page is asked for through
//! the routes, as a browser does, by somebody who works for all five services. `FOOTBRIDGE_BENCH_ON=sqlite` or `postgres`
//! takes one of the two.

#![expect(clippy::print_stdout, reason = "figures are printed")]
#![expect(clippy::disallowed_methods, reason = "the environment says how much")]

#[path = "desk/filled.rs"]
mod filled;
#[path = "desk/site.rs"]
mod site;
#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod support;

use std::time::Duration;
use std::time::Instant;

use crate::site::Site;
use crate::support::stores::TestStore;

const CASES: u32 = 2_000;
const ROUNDS: usize = 40;
const FOLDERS: [&str; 7] = ["needs-reply", "unassigned", "mine", "later", "undelivered", "open", "closed"];

#[tokio::main]
async fn main() {
    let told = |name| std::env::var(name).ok();
    let cases = told("FOOTBRIDGE_BENCH_CASES").and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let only = told("FOOTBRIDGE_BENCH_ON");
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("sqlite") {
        measure("SQLite", TestStore::sqlite().await, cases).await;
    }
    if wanted("postgres") {
        measure("PostgreSQL", TestStore::postgres().await, cases).await;
    }
}

async fn measure(name: &str, store: TestStore, cases: u32) {
    let begun = Instant::now();
    let site = Site::over(&store).await;
    filled::fill(&store, site.staff(), cases).await;
    println!("{name}: {cases} cases made in {:.0?}", begun.elapsed());
    for folder in FOLDERS {
        let path = format!("/inbox?show={folder}");
        let first = site.get(&path).await;
        print(name, &format!("folder {folder}"), &times(&site, &[path]).await);
        if let Some(next) = first.attributes("a[rel=next]", "href").pop() {
            print(name, &format!("folder {folder}, the next page"), &times(&site, &[next]).await);
        }
    }
    let open = site.get("/inbox?show=open").await.attributes("[data-referral] h2 a", "href");
    print(name, "a case", &times(&site, &open).await);
    let rare = filled::rare_word(0);
    for (what, find) in [
        ("3 letters", "wil"),
        ("a name", "Joan Williams"),
        ("a number", "07700 9000"),
        ("a word that every fifth message holds", "garden"),
        ("two such words that stand together", "garden choir"),
        ("two that never do", "garden heating"),
        ("a word of few messages", rare.as_str()),
    ] {
        let mut waits = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            site.find(find).await;
            waits.push(begun.elapsed());
        }
        print(name, &format!("search, {what}"), &waits);
    }
    store.close().await;
}

async fn times(site: &Site, paths: &[String]) -> Vec<Duration> {
    let mut waits = Vec::new();
    for path in paths.iter().cycle().take(ROUNDS) {
        let begun = Instant::now();
        site.get(path).await;
        waits.push(begun.elapsed());
    }
    waits
}

fn print(name: &str, what: &str, waits: &[Duration]) {
    let mut waits = waits.to_vec();
    waits.sort();
    let at = |share: usize| waits[(waits.len() - 1) * share / 100];
    println!("{name}: {what}: median {:.1?}, 95 % {:.1?}", at(50), at(95));
}
