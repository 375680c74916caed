//! `footbridge graph`: a conversation as a picture.

use clap::Args;
use clap::ValueEnum;

use crate::cli;
use crate::cli::Outcome;
use crate::config::Config;
use crate::conversation::graph;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which conversation; the first where none is named.
    #[arg(long)]
    conversation: Option<String>,
    /// What to draw with.
    #[arg(long, value_enum, default_value = "mermaid")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A Mermaid flowchart.
    Mermaid,
    /// Every step with its guard and choices.
    Json,
}

/// Prints the picture.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let content = cli::load_sound(&config, true)?;
    let conversation = cli::conversation(&content, arguments.conversation.as_deref())?;
    let definition = &conversation.engine.definition;
    match arguments.format {
        Format::Mermaid => print!("{}", graph::mermaid(definition)),
        Format::Json => println!("{}", serde_json::to_string_pretty(&graph::draw(definition))?),
    }
    Ok(Outcome::Fine)
}
