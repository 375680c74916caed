//! What is looked at on this machine: files, database, key, accounts, disk.

use std::time::Duration;

use futures_util::FutureExt;

use crate::app::disk;
use crate::app::fitness;
use crate::cli;
use crate::cli::doctor::Findings;
use crate::cli::doctor::Setup;
use crate::cli::doctor::duty;
use crate::config::SecondFactor;
use crate::content::Content;
use crate::domain::language::Language;
use crate::domain::time::Timestamp;
use crate::inbox::page::day_words;
use crate::reading::problem::Problems;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::hold::LAST_BACKUP;

/// A nightly backup that has failed once is noticed on the next day.
const BACKUP_AT_LEAST_EVERY: Duration = Duration::from_secs(36 * 3600);

/// Reads the files, and says what is not fit for the public.
pub fn content(setup: &Setup, findings: &mut Findings) -> Option<Content> {
    let read = cli::load(&setup.config, setup.config.unreviewed_languages);
    let (content, problems) = match read {
        Ok(read) => read,
        Err(error) => {
            findings.problem(
                "conversations",
                format!("{error:#}"),
                "Look at FOOTBRIDGE_CONVERSATIONS and _LOCALES.",
            );
            return None;
        }
    };
    let Some(content) = content else {
        let count = problems.errors().len();
        findings.problem(
            "conversations",
            format!("errors: {count}"),
            "Run `footbridge check`: it names each line.",
        );
        return None;
    };
    findings.ok("conversations", format!("{}, without errors", content.conversations.len()));
    languages(&content, findings);
    helplines(&problems, findings);
    services(setup, &content, findings);
    Some(content)
}

fn languages(content: &Content, findings: &mut Findings) {
    let english = Language::english();
    let unreviewed: Vec<String> = content
        .wording
        .languages(true)
        .into_iter()
        .filter(|language| **language != english)
        .filter(|language| content.wording.about(language).is_some_and(|about| about.reviewed.is_none()))
        .map(ToString::to_string)
        .collect();
    if unreviewed.is_empty() {
        return findings.ok("languages", "all were reviewed");
    }
    let offered = if content.offer_unreviewed { "offered all the same" } else { "not offered" };
    let found = format!("no speaker has reviewed {}: {offered}", unreviewed.join(", "));
    findings.warn(
        "languages",
        found,
        "Let a speaker review them, and write `reviewed by` and `reviewed on` into their language.yaml.",
    );
}

fn helplines(problems: &Problems, findings: &mut Findings) {
    let count = problems.iter().filter(|problem| problem.rule == "unverified-helpline").count();
    if count == 0 {
        return findings.ok("helplines", "all were verified within a year");
    }
    let remedy = "Read each number at its source, and write the day into helplines.yaml; `footbridge check` names them.";
    findings.warn("helplines", format!("not verified within a year: {count}"), remedy);
}

/// The shipped services are made up.
fn services(setup: &Setup, content: &Content, findings: &mut Findings) {
    let names = fitness::invented(&content.directory);
    let found = format!("made-up numbers, which reach nobody: {}", names.join(", "));
    match (names.is_empty(), setup.base.is_loopback()) {
        (true, _) => findings.ok("services", format!("{}", content.directory.services().len())),
        (false, true) => findings.warn("services", found, fitness::BE_YOURSELF),
        (false, false) => findings.problem("services", found, fitness::BE_YOURSELF),
    }
}

/// Looks into the database.
pub async fn store(
    setup: &Setup,
    store: &Store,
    content: Option<&Content>,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    if !store.is_up_to_date().await? {
        findings.problem("database", "its tables are older than this program", "Run `footbridge migrate`.");
        return Ok(());
    }
    let now = setup.now;
    match store.write(move |tx| tx.prove_writable(now).boxed()).await {
        Ok(()) => findings.ok("database", "reached, up to date, takes writes"),
        Err(error) => {
            findings.problem("database", error.to_string(), "Make space, or look at its permissions.");
        }
    }
    let mut reader = store.read().await?;
    if let Some(hold) = reader.sending_held().await? {
        let found = format!("held since {}, by a restore or an operator", hold.since);
        findings.warn(
            "sending",
            found,
            "Ring whoever waits in the inbox, then run `footbridge admin resume-sending`.",
        );
    }
    last_backup(reader.setting(LAST_BACKUP).await?, now, findings);
    if let Some(content) = content {
        duty::look(setup, &content.directory, &mut reader, findings).await?;
    }
    second_factor(setup, reader.without_second_factor().await?, findings);
    Ok(())
}

fn last_backup(at: Option<Timestamp>, now: Timestamp, findings: &mut Findings) {
    let remedy = "Run `footbridge backup FOLDER` every night, and keep the keys and the secret key apart from the data.";
    match at {
        None => findings.problem("backup", "none was ever made", remedy),
        Some(at) if BACKUP_AT_LEAST_EVERY < now.since(at) => {
            findings.warn("backup", format!("the last was made on {}", day_words(at)), remedy);
        }
        Some(at) => findings.ok("backup", format!("the last was made on {}, keys and data", day_words(at))),
    }
}

fn second_factor(setup: &Setup, without: i64, findings: &mut Findings) {
    match (setup.config.second_factor, without) {
        (_, 0) => findings.ok("second factor", "every active account has one"),
        (SecondFactor::Required, _) => {
            let found = format!("accounts without one: {without}");
            findings.warn(
                "second factor",
                found,
                "Each sets one up at the next sign-in, where this program asks for it.",
            );
        }
        (SecondFactor::Offered, _) => {
            let remedy = "Set FOOTBRIDGE_SECOND_FACTOR=required before health data come in.";
            findings.warn("second factor", format!("not required; accounts without one: {without}"), remedy);
        }
    }
}

/// Looks for space where the database is a file.
pub fn disk(setup: &Setup, findings: &mut Findings) {
    let Some(folder) = disk::folder_of(&setup.config) else { return };
    match disk::free_bytes(&folder) {
        Some(free) if free < disk::TOO_LITTLE => {
            findings.problem(
                "disk",
                format!("{} MB free", free / 1_000_000),
                "Make space: on a full disk no text is taken.",
            );
        }
        Some(free) => findings.ok("disk", format!("{} MB free", free / 1_000_000)),
        None => {
            findings.warn("disk", "nobody can tell how much is free", "Look at the folder of the database.");
        }
    }
}

/// Whether anybody is called when something breaks.
pub fn alarms(setup: &Setup, findings: &mut Findings) {
    match (&setup.config.alert_webhook, &setup.config.metrics_token) {
        (Some(_), _) => findings.ok("alarms", "an address is called"),
        (None, Some(_)) => findings.ok("alarms", "by whoever reads /metrics"),
        (None, None) => {
            let remedy = "Set FOOTBRIDGE_ALERT_WEBHOOK, or let Prometheus read /metrics with FOOTBRIDGE_METRICS_TOKEN.";
            findings.warn("alarms", "nobody is called when texts stop", remedy);
        }
    }
}
