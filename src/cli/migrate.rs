//! `footbridge migrate`: brings the tables up to date; and what `check --database` asks.

use anyhow::Context;

use crate::app;
use crate::cli;
use crate::cli::Outcome;
use crate::config::Config;
use crate::content::Content;
use crate::reading::problem::Problem;
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

/// What the database holds that this program must be able to read.
pub struct Looked {
    /// What was found wrong.
    pub problems: Problems,
    /// What was looked at, for people.
    pub said: String,
}

/// Looks whether this program can read the revisions that are kept, and makes nothing.
pub async fn look(config: &Config, content: &Content) -> anyhow::Result<Looked> {
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    let mut problems = Problems::default();
    let Some(store) = app::open_store_that_is_there(config, &key).await? else {
        let message = "there is no database yet where FOOTBRIDGE_DATABASE_URL says";
        let remedy =
            "Look at the address; `footbridge migrate` and `footbridge serve` make a database there.";
        problems.add(Source::new("database", "").error(Place::START, "no-database", message, remedy));
        return Ok(Looked { problems, said: String::new() });
    };
    let mut reader = store.read().await?;
    let revisions = reader.revisions().await?;
    let (kept, mut readable) = (revisions.len(), 0);
    for (conversation, revision, sessions) in revisions {
        let flow = reader.revision(&conversation, &revision).await?.flow;
        if content.engine(&conversation, &revision, Some((&flow, None))).is_some() {
            readable += 1;
        } else if 0 < sessions {
            problems.add(unreadable(&format!("revision {revision} of {conversation}"), sessions));
        }
    }
    drop(reader);
    store.close().await;
    let said = if kept == readable {
        format!("The database: {kept} revisions kept, all readable.")
    } else {
        format!("The database: {kept} revisions kept, {readable} of them readable.")
    };
    Ok(Looked { problems, said })
}

fn unreadable(revision: &str, sessions: i64) -> Problem {
    let people = if sessions == 1 { "one person is".to_owned() } else { format!("{sessions} people are") };
    let message = format!("{people} mid-way in {revision}, which this program cannot read");
    let remedy =
        "Run the older program until they have finished; with this one they go on with today's flow.";
    Source::new("database", "").error(Place::START, "unreadable-revision", &message, remedy)
}
