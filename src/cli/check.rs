//! `footbridge check`: every problem of every data file.

use clap::Args;
use clap::ValueEnum;

use crate::app;
use crate::cli;
use crate::cli::Outcome;
use crate::cli::migrate;
use crate::config::Config;
use crate::content::Content;
use crate::reading::problem::Problems;

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
    app::brand_of(&config)?;
    let (content, mut problems) = cli::load(&config, true)?;
    let database = match (arguments.database, &content) {
        (true, Some(content)) => {
            let looked = cli::runtime()?.block_on(migrate::look(&config, content))?;
            problems.extend(looked.problems);
            looked.said
        }
        (true, None) => "The database was not looked at: correct the files first.".to_owned(),
        (false, _) => String::new(),
    };
    match arguments.format {
        Format::Json => println!("{}", serde_json::to_string(&problems)?),
        Format::Text => {
            for problem in problems.iter() {
                println!("{problem}\n");
            }
            println!("{}", sum(content.as_ref(), &problems));
            if !database.is_empty() {
                println!("{database}");
            }
        }
    }
    Ok(if problems.has_errors() { Outcome::DoesNotHold } else { Outcome::Fine })
}

/// What was read, and what came of it, in one line.
fn sum(content: Option<&Content>, problems: &Problems) -> String {
    let (all, errors) = (problems.len(), problems.errors().len());
    let conversations = content.map_or(0, |content| content.conversations.len());
    match (errors, all) {
        (0, 0) => format!("{conversations} conversations, no problem."),
        (0, warnings) => format!("{conversations} conversations, {warnings} to look at, nothing that stops."),
        (errors, all) => {
            let to_look_at = match all - errors {
                0 => String::new(),
                warnings => format!(" and {warnings} to look at"),
            };
            let plural = if errors == 1 { "error" } else { "errors" };
            format!("{errors} {plural}{to_look_at}. Nothing with an error is ever put in force.")
        }
    }
}
