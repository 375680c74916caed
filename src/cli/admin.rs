//! `footbridge admin`: what administrators need at the terminal.

use anyhow::Context;
use clap::Subcommand;
use clap::ValueEnum;
use futures_util::FutureExt;

use crate::app;
use crate::cli;
use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::ids::Reference;
use crate::handover::Summary;
use crate::inbox::entry;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::randomness::Randomness;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print a link that makes the first administrator; it works for 30 minutes.
    SetUpLink,
    /// Print what was handed over. Reading it is written into the audit.
    Handover {
        /// The reference, such as FB-7GH2QX.
        reference: Reference,
        /// How to print it.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// How to print.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

const KEY_REMEDY: &str = "FOOTBRIDGE_SECRET_KEY is not set: write the key that this database was made with";

/// Does it.
pub fn run(command: &Command) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    cli::runtime()?.block_on(async {
        let randomness = Randomness::System;
        let store = app::open_store(&config, &key, randomness.clone()).await?;
        store.migrate().await?;
        match command {
            Command::SetUpLink => {
                let base = config.public_url(config.listen)?;
                let link = entry::make_set_up_link(&store, &randomness, Clock::System.now(), base.as_str()).await?;
                let there = "there is an administrator already: people are invited from the inbox";
                println!("{}", link.ok_or_else(|| DoesNotHold(there.to_owned()))?);
            }
            Command::Handover { reference, format } => {
                let summaries = handovers(&store, reference).await?;
                print(&summaries, *format)?;
            }
        }
        store.close().await;
        Ok(Outcome::Fine)
    })
}

async fn handovers(store: &Store, reference: &Reference) -> anyhow::Result<Vec<Summary>> {
    let mut reader = store.read().await?;
    let referral = match reader.referral(reference).await {
        Ok(referral) => referral,
        Err(StoreError::NotFound) => return Err(DoesNotHold(format!("there is no referral {reference}")).into()),
        Err(error) => return Err(error.into()),
    };
    let found = reader.handovers_of::<Summary>(referral.id).await?;
    drop(reader);
    let (now, subject) = (Clock::System.now(), reference.to_string());
    store
        .write(move |tx| {
            let subject = subject.clone();
            async move { tx.audit(Author::System, "read-handover-at-the-terminal", "referral", &subject, now).await }.boxed()
        })
        .await?;
    Ok(found.into_iter().map(|saved| saved.summary).collect())
}

fn print(summaries: &[Summary], format: Format) -> anyhow::Result<()> {
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(summaries)?),
        Format::Text => {
            for summary in summaries {
                println!("{} ({})", summary.conversation, summary.reason.as_str());
                for entry in &summary.entries {
                    println!("  {}: {}", entry.label, entry.shown);
                }
            }
        }
    }
    Ok(())
}
