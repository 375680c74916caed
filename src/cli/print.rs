//! `footbridge print`: a conversation with every text that a person may get, on one page that can be read and signed.
//!
//! Invariant: what is printed is rendered by the code that renders what is sent; every message of the files stands on it.

mod plain;
mod sheet;
mod texts;

use anyhow::Context;
use askama::Template;
use clap::Args;
use clap::ValueEnum;
use sha2::{Digest, Sha256};

use crate::cli;
use crate::cli::Outcome;
use crate::cli::print::sheet::Sheet;
use crate::clock::Clock;
use crate::config::Config;
use crate::directory::hours;
use crate::domain::language::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which conversation; the first where none is named.
    #[arg(long)]
    conversation: Option<String>,
    /// The language of the texts.
    #[arg(long, default_value = "en-GB")]
    lang: Language,
    /// How to print.
    #[arg(long, value_enum, default_value = "html")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people, in the terminal.
    Text,
    /// One page for a browser and for paper, with everything in it.
    Html,
}

#[derive(Template)]
#[template(path = "cli/print/page.html")]
struct Page<'a> {
    sheet: &'a Sheet,
    fingerprint: String,
    printed_on: String,
}

#[derive(Template)]
#[template(path = "cli/print/page.txt")]
struct Plain<'a> {
    sheet: &'a Sheet,
    fingerprint: String,
    printed_on: String,
}

/// Prints the page.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let content = cli::load_sound(&config, true)?;
    let conversation = cli::conversation(&content, arguments.conversation.as_deref())?;
    cli::speaks(&content, &arguments.lang)?;
    let sheet = Sheet::of(&content, conversation, &arguments.lang);
    let fingerprint = fingerprint(&sheet)?;
    let printed_on = hours::day_in_london(Clock::System.now()).strftime("%-d %B %Y").to_string();
    let page = match arguments.format {
        Format::Html => Page { sheet: &sheet, fingerprint, printed_on }.render(),
        Format::Text => Plain { sheet: &sheet, fingerprint, printed_on }.render(),
    };
    println!("{}", page.context("could not fill in the page")?.trim_end());
    Ok(Outcome::Fine)
}

/// Stands for all that is printed but the day: where two pages have the same, they say the same.
fn fingerprint(sheet: &Sheet) -> anyhow::Result<String> {
    let digest = Sha256::digest(serde_json::to_vec(sheet)?);
    Ok(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
