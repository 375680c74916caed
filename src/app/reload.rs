//! Reading the files of authors again while the server runs, at SIGHUP.
//!
//! Invariant: what is put in force has no error, and its own chats hold; else everything stays as it was.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use tokio::signal::unix::Signal;
use tokio::signal::unix::SignalKind;

use crate::config::Config;
use crate::content;
use crate::content::Content;
use crate::domain::time::Timestamp;
use crate::intake;
use crate::intake::House;
use crate::reading::problem::Problems;
use crate::store::error::StoreError;

/// Where the files are.
#[derive(Debug, Clone)]
pub struct Files {
    conversations: Option<PathBuf>,
    locales: Option<PathBuf>,
    offer_unreviewed: bool,
}

impl Files {
    /// As the configuration says.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            conversations: config.conversations.clone(),
            locales: config.locales.clone(),
            offer_unreviewed: config.unreviewed_languages,
        }
    }
}

/// Hears SIGHUP: from now on, not from the first wait on, since by itself it ends a program.
///
/// # Errors
/// Where the system gives us no signals.
pub fn hangups() -> anyhow::Result<Signal> {
    tokio::signal::unix::signal(SignalKind::hangup()).context("could not listen for signals")
}

/// Reads the files again at each signal, one time after the other.
pub async fn at_each(mut hangups: Signal, house: House, files: Files) {
    while hangups.recv().await.is_some() {
        reload(&house, &files).await;
    }
}

async fn reload(house: &House, files: &Files) {
    if files.conversations.is_none() && files.locales.is_none() {
        tracing::warn!(
            "There is nothing to read again: conversations and words are those inside the program"
        );
        return;
    }
    let (files, now) = (files.clone(), house.clock.now());
    let content = match tokio::task::spawn_blocking(move || read(&files, now)).await {
        Ok(Ok(content)) => content,
        Ok(Err(refused)) => return refused.say(),
        Err(_) => return tracing::error!("Reading the files broke off; everything stays as it was"),
    };
    match intake::put_in_force(house, Arc::new(content)).await {
        Ok(()) => tracing::info!("The files were read again and are in force"),
        Err(error) => {
            let error = &error as &dyn Error;
            return tracing::error!(error, "The files could not be put in force; everything stays as it was");
        }
    }
    if let Err(error) = say_who_is_mid_way(house).await {
        tracing::warn!(error = &error as &dyn Error, "Could not tell how many people are mid-way");
    }
}

/// Why files were not put in force.
enum Refused {
    /// A folder or file cannot be read.
    Unreadable(anyhow::Error),
    /// They have errors, or chats that do not hold.
    Wrong(Problems),
}

impl Refused {
    fn say(self) {
        match self {
            Self::Unreadable(error) => tracing::error!("{error:#}"),
            Self::Wrong(problems) => {
                for problem in problems.iter() {
                    let (file, line, rule) = (&problem.file, problem.line, problem.rule);
                    tracing::error!(file, line, rule, "{file}:{line}: {}", problem.message);
                }
            }
        }
        tracing::error!("The files are not put in force; everything stays as it was");
    }
}

fn read(files: &Files, now: Timestamp) -> Result<Content, Refused> {
    let texts = content::files::Files::load(files.conversations.as_deref(), files.locales.as_deref());
    let texts = texts.map_err(|error| Refused::Unreadable(error.into()))?;
    let with = |offer_unreviewed| {
        let mut problems = Problems::default();
        let content = Content::read(&texts, offer_unreviewed, now, &mut problems);
        content.ok_or_else(|| Refused::Wrong(problems.errors()))
    };
    // Chats are written with every language there is.
    let whole = with(true)?;
    let broken = whole.broken_chats();
    match (broken.is_empty(), files.offer_unreviewed) {
        (false, _) => Err(Refused::Wrong(broken)),
        (true, true) => Ok(whole),
        (true, false) => with(false),
    }
}

/// Whoever is mid-way stays in the revision in which they began; only the words are today's.
async fn say_who_is_mid_way(house: &House) -> Result<(), StoreError> {
    let content = house.content.get();
    let revisions = house.store.read().await?.revisions().await?;
    for (conversation, revision, people) in revisions.into_iter().filter(|(_, _, people)| 0 < *people) {
        let newest = content.conversations.get(&conversation).map(|today| &today.engine.definition.revision);
        let which = if newest == Some(&revision) { "the newest" } else { "an older" };
        tracing::info!(%conversation, %revision, people, "People mid-way in {which} revision of {conversation}: {people}");
    }
    Ok(())
}
