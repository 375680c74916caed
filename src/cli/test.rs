//! `footbridge test`: the example chats, run against the engine.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::cli;
use crate::cli::Outcome;
use crate::config::Config;
use crate::content::Content;
use crate::content::Conversation;
use crate::conversation::chat;
use crate::conversation::chat::Chat;
use crate::conversation::transcript;
use crate::domain::time::Timestamp;
use crate::reading::problem::Problems;
use crate::reading::source::Source;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Chat files; all chats of all conversations where none is named.
    files: Vec<PathBuf>,
    /// The conversation that named files belong to.
    #[arg(long)]
    conversation: Option<String>,
    /// Also print what each chat came to.
    #[arg(long)]
    verbose: bool,
}

/// Monday 5 January 2026, 10:00 in London: a working day without a holiday near it.
const START: Timestamp = Timestamp::from_micros(1_767_607_200_000_000);

/// Runs the chats and prints where they part from what was written.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let content = cli::load_sound(&config, true)?;
    let mut tally = Tally::default();
    if arguments.files.is_empty() {
        for conversation in content.conversations.values() {
            for (source, chats) in &conversation.chats {
                tally.run(&content, conversation, source, chats, arguments.verbose);
            }
        }
    }
    for path in &arguments.files {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
        let source = Source::new(&path.display().to_string(), &text);
        let mut problems = Problems::default();
        let chats = chat::read(&source, &mut problems);
        problems.iter().for_each(|problem| println!("{problem}\n"));
        tally.failed += u32::from(problems.has_errors());
        let conversation = conversation_of(&content, &source, arguments.conversation.as_deref())?;
        tally.run(&content, conversation, &source, &chats, arguments.verbose);
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.failed == 0 { Outcome::Fine } else { Outcome::DoesNotHold })
}

/// The named conversation; else the one whose folder the file stands in; else the first service's.
fn conversation_of<'a>(
    content: &'a Content,
    source: &Source,
    named: Option<&str>,
) -> anyhow::Result<&'a Conversation> {
    if let Some(named) = named {
        return cli::conversation(content, Some(named));
    }
    let by_folder = content
        .conversations
        .iter()
        .find(|(id, _)| source.file.split('/').any(|folder| folder == id.as_str()));
    let first = || content.default_conversation(&content.directory.services()[0]);
    by_folder.map(|(_, conversation)| conversation).or_else(first).context("there is no conversation")
}

#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    fn run(
        &mut self,
        content: &Content,
        conversation: &Conversation,
        source: &Source,
        chats: &[Chat],
        verbose: bool,
    ) {
        let engine = &conversation.engine;
        let render = |utterance: &_, standing: &_, channel, now| {
            content.say(engine, utterance, standing, channel, now)
        };
        for chat in chats {
            let run = transcript::run(engine, chat, &render, START);
            if verbose {
                println!(
                    "{}: {} turns, {} parts; handed over after {} turns, {} parts",
                    chat.title,
                    run.turns,
                    run.parts,
                    run.turns_until_handover.map_or_else(|| "no".to_owned(), |n| n.to_string()),
                    run.parts_until_handover.map_or_else(|| "no".to_owned(), |n| n.to_string()),
                );
            }
            if run.differences.is_empty() {
                self.passed += 1;
                continue;
            }
            self.failed += 1;
            println!("chat: {}", chat.title);
            for difference in &run.differences {
                let message = format!("here {}", difference.message);
                let remedy = "Change the chat, or the conversation.";
                println!("{}\n", source.error(difference.place, "chat", &message, remedy));
            }
        }
    }
}
