//! `footbridge migrate`: brings the tables up to date; and what `check --database` asks.

use anyhow::Context;

use crate::app;
use crate::cli;
use crate::cli::Outcome;
use crate::config::Config;
use crate::content::Content;
use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::reading::source::Source;
use crate::store::randomness::Randomness;

const KEY_REMEDY: &str = "FOOTBRIDGE_SECRET_KEY is not set: write the key that this database was made with";

/// Brings the tables up to date.
pub fn run() -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    cli::runtime()?.block_on(async {
        let store = app::open_store(&config, &key, Randomness::System).await?;
        store.migrate().await.context("could not bring the tables up to date")?;
        store.close().await;
        anyhow::Ok(())
    })?;
    println!("The tables are up to date.");
    Ok(Outcome::Fine)
}

/// The revisions of live sessions that this program cannot read: those sessions would end as part-finished.
pub async fn unreadable_revisions(config: &Config, content: &Content) -> anyhow::Result<Problems> {
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    let store = app::open_store(config, &key, Randomness::System).await?;
    let mut problems = Problems::default();
    let mut reader = store.read().await?;
    for (conversation, revision, sessions) in reader.revisions_in_use().await? {
        let kept = reader.revision(&conversation, &revision).await?;
        if content.engine(&conversation, &revision, Some((&kept.flow, None))).is_none() {
            let file = Source::new(&format!("revision {revision} of {conversation} (in the database)"), "");
            let message =
                format!("{sessions} people are mid-way in a revision that this program cannot read");
            let remedy =
                "Run the older program until they have finished, or their sessions end as part-finished.";
            problems.add(file.error(Place::START, "unreadable-revision", &message, remedy));
        }
    }
    drop(reader);
    store.close().await;
    Ok(problems)
}
