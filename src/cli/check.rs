//! `footbridge check`: every problem of every data file.

use clap::Args;
use clap::ValueEnum;

use crate::cli;
use crate::cli::Outcome;
use crate::cli::migrate;
use crate::config::Config;

#[derive(Debug, Args)]
pub struct Arguments {
    /// How to print the problems.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Also look whether sessions in the database run a revision that this program cannot read.
    #[arg(long)]
    database: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Prints the problems.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let (content, mut problems) = cli::load(&config, true)?;
    if let (true, Some(content)) = (arguments.database, &content) {
        problems.extend(cli::runtime()?.block_on(migrate::unreadable_revisions(&config, content))?);
    }
    match arguments.format {
        Format::Json => println!("{}", serde_json::to_string(&problems)?),
        Format::Text => {
            for problem in problems.iter() {
                println!("{problem}\n");
            }
            match (&content, problems.len()) {
                (Some(content), 0) => println!("{} conversations, no problem.", content.conversations.len()),
                (Some(_), warnings) => println!("{warnings} to look at, nothing that stops."),
                (None, all) => println!("{all} problems. Nothing with an error is ever put in force."),
            }
        }
    }
    Ok(if problems.has_errors() { Outcome::DoesNotHold } else { Outcome::Fine })
}
