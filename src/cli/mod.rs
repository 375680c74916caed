//! The commands: one file each.
//!
//! Exit codes: 0 is fine, 1 says that what was asked for does not hold, 2 that the call or the configuration is wrong.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to the terminal")]

mod account;
mod admin;
mod backup;
mod case;
mod chat;
mod check;
mod concerns;
mod doctor;
mod erase;
mod erasures;
mod evaluate;
mod examples;
mod explain;
mod export;
mod graph;
mod handover;
mod healthcheck;
mod hold;
mod logs;
mod manifest;
mod migrate;
mod print;
mod retention;
mod rotate;
mod schema;
mod serve;
mod test;
mod unpack;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use clap::Subcommand;

use crate::clock::Clock;
use crate::config::Config;
use crate::content::Content;
use crate::content::Conversation;
use crate::conversation::step::Engine;
use crate::domain::language::Language;
use crate::reading::problem::Problems;

/// Social prescribing by text message: a person texts, a link worker answers.
#[derive(Debug, Parser)]
#[command(name = "footbridge", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try everything on this machine: a phone on the left, the inbox on the right. Nothing leaves the machine.
    Demo(serve::DemoArguments),
    /// Run the server.
    Serve,
    /// Bring the tables up to date, and stop.
    Migrate,
    /// Read every conversation and every word, and name each problem with its line.
    Check(check::Arguments),
    /// Talk to a conversation in the terminal.
    Chat(chat::Arguments),
    /// Run the example chats.
    Test(test::Arguments),
    /// Print a conversation with every text that a person may get, for reading and signing.
    Print(print::Arguments),
    /// Measure how well labelled messages are understood.
    Evaluate(evaluate::Arguments),
    /// Say what is made of a text, and by which rule.
    Explain(explain::Arguments),
    /// Draw a conversation.
    Graph(graph::Arguments),
    /// Print the JSON schema of flow.yaml, for editors.
    Schema,
    /// Write the shipped conversations and words into a folder, so that they can be changed.
    Unpack {
        /// The folder; it may not hold any of the files yet.
        folder: PathBuf,
    },
    /// Look whether everything is ready for people to text: a line for each thing, with what to do.
    Doctor(doctor::Arguments),
    /// Copy the database and the keys into a new folder, while the server runs.
    Backup(backup::BackupArguments),
    /// Put a backup where there is no database yet; nothing is sent from it until `admin resume-sending`.
    Restore(backup::RestoreArguments),
    /// What administrators need.
    #[command(subcommand)]
    Admin(admin::Command),
    /// Ask a running server whether it is well.
    Healthcheck(healthcheck::Arguments),
}

/// What a command came to.
enum Outcome {
    /// Fine.
    Fine,
    /// What was asked for does not hold.
    DoesNotHold,
}

/// What was asked for does not hold, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct DoesNotHold(String);

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    end_quietly_when_nobody_reads();
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::DoesNotHold) => ExitCode::from(1),
        Err(error) => {
            eprintln!("footbridge: {error:#}");
            let does_not_hold = error.downcast_ref::<DoesNotHold>().is_some();
            ExitCode::from(if does_not_hold { 1 } else { 2 })
        }
    }
}

/// What a shell reports of a program whose reader went away, such as `head`: 128 and the number of SIGPIPE.
const NOBODY_READS: i32 = 141;

/// `footbridge check | head` ends like any other command: `println!` would panic.
fn end_quietly_when_nobody_reads() {
    let otherwise = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let nobody_reads = panic
            .payload_as_str()
            .is_some_and(|said| said.starts_with("failed printing to std") && said.contains("Broken pipe"));
        if nobody_reads {
            std::process::exit(NOBODY_READS);
        }
        otherwise(panic);
    }));
}

fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Demo(arguments) => serve::demo(&arguments),
        Command::Serve => serve::serve(),
        Command::Migrate => migrate::run(),
        Command::Check(arguments) => check::run(&arguments),
        Command::Chat(arguments) => chat::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Print(arguments) => print::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Schema => schema::run(),
        Command::Unpack { folder } => unpack::run(&folder),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Backup(arguments) => backup::back_up(&arguments),
        Command::Restore(arguments) => backup::restore(&arguments),
        Command::Admin(command) => admin::run(&command),
        Command::Healthcheck(arguments) => healthcheck::run(&arguments),
    }
}

/// Loads what authors wrote, from where the configuration says.
fn load(config: &Config, offer_unreviewed: bool) -> anyhow::Result<(Option<Content>, Problems)> {
    let (conversations, locales) = (config.conversations.as_deref(), config.locales.as_deref());
    let (content, mut problems) =
        Content::load(conversations, locales, offer_unreviewed, Clock::System.now())?;
    for (usual, folder) in [("conversations", conversations), ("locales", locales)] {
        if let Some(folder) = folder {
            problems = problems.found_in(usual, folder);
        }
    }
    Ok((content, problems))
}

/// Loads it, and refuses what has errors.
fn load_sound(config: &Config, offer_unreviewed: bool) -> anyhow::Result<Content> {
    let (content, problems) = load(config, offer_unreviewed)?;
    Ok(content
        .ok_or_else(|| DoesNotHold(format!("the conversations have errors\n\n{}", problems.errors())))?)
}

/// The conversation of this name; the first service's first where none is named.
fn conversation<'a>(content: &'a Content, named: Option<&str>) -> anyhow::Result<&'a Conversation> {
    let Some(named) = named else {
        let first = content.default_conversation(&content.directory.services()[0]);
        return first.context("there is no conversation");
    };
    let found = content.conversations.iter().find(|(id, _)| id.as_str() == named);
    let names = || content.conversations.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let missing = || format!("there is no conversation `{named}`; there are {}", names());
    found.map(|(_, conversation)| conversation).with_context(missing)
}

/// Refuses a language of which there is no folder of words.
fn speaks(content: &Content, language: &Language) -> anyhow::Result<()> {
    let known = content.wording.languages(true);
    let names = known.iter().map(|language| language.as_str()).collect::<Vec<_>>().join(", ");
    anyhow::ensure!(
        known.contains(&language),
        "there are no words in `{language}`: the languages are {names}"
    );
    Ok(())
}

/// What the first service's conversation is run with: readers and rules are the same for all.
fn engine(content: &Content) -> anyhow::Result<&Engine> {
    let service = content.directory.services().first().context("there is no service")?;
    let conversation = content.default_conversation(service).context("there is no conversation")?;
    Ok(&conversation.engine)
}

/// A runtime for the commands that wait for something.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
