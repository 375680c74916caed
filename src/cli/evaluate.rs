//! `footbridge evaluate`: labelled messages, and how well they are understood.

use std::fmt::Display;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use clap::ValueEnum;
use serde::Serialize;

use crate::cli;
use crate::cli::Outcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::evaluate::Texts;
use crate::evaluate::answers;
use crate::evaluate::safety;
use crate::evaluate::themes;

#[derive(Debug, Args)]
pub struct Arguments {
    /// What the messages are labelled with.
    #[arg(value_enum)]
    what: What,
    /// One message a line, as JSON: docs/evaluate.md says how.
    file: PathBuf,
    /// How to print what came of it.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Leave the messages, and what was read in them, out of what is printed.
    #[arg(long)]
    no_text: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Replies, with the value that a person would write down.
    Answers,
    /// Cries for help, with the labels that a person would give.
    Safety,
    /// Own words, with what a person says they are about.
    Themes,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A table.
    Text,
    /// One object.
    Json,
}

/// Measures, and prints.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let content = cli::load_sound(&config, true)?;
    let engine = cli::engine(&content)?;
    let path = arguments.file.display();
    let file = std::fs::read_to_string(&arguments.file).with_context(|| format!("could not read {path}"))?;
    let texts = if arguments.no_text { Texts::LeftOut } else { Texts::Shown };
    let refused = || format!("could not measure with {path}");
    match arguments.what {
        What::Answers => {
            let today = Clock::System.now().to_jiff().to_zoned(engine.zone.clone()).date();
            let report = answers::evaluate(&file, &engine.lexicons, today, texts).with_context(refused)?;
            print(&report, arguments.format)
        }
        What::Safety => {
            print(&safety::evaluate(&file, &engine.safety, texts).with_context(refused)?, arguments.format)
        }
        What::Themes => {
            print(&themes::evaluate(&file, &engine.themes, texts).with_context(refused)?, arguments.format)
        }
    }
}

fn print<R: Display + Serialize>(report: &R, format: Format) -> anyhow::Result<Outcome> {
    match format {
        Format::Text => print!("{report}"),
        Format::Json => println!("{}", serde_json::to_string(report)?),
    }
    Ok(Outcome::Fine)
}
