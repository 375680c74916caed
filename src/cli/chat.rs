//! `footbridge chat`: talk to a conversation in the terminal, on the code that people talk to.

use std::io;
use std::io::BufRead;
use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use clap::ValueEnum;
use serde_json::json;

use crate::cli;
use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::content::Content;
use crate::conversation::definition::Definition;
use crate::conversation::session::Standing;
use crate::conversation::transcript::Happened;
use crate::conversation::transcript::Talk;
use crate::conversation::transcript::ending_word;
use crate::domain::language::Language;
use crate::domain::message::Button;
use crate::domain::message::ChannelKind;
use crate::domain::time::parse_length;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which conversation; the first where none is named.
    #[arg(long)]
    conversation: Option<String>,
    /// The language of the texts.
    #[arg(long, default_value = "en-GB")]
    lang: Language,
    /// The channel.
    #[arg(long, default_value = "sms")]
    channel: ChannelKind,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

const WELCOME: &str = "You are the person who texts. Begin with anything, such as: hi
    /wait 2 days    lets time pass
    /button me      taps the choice `me` of the last question
    /quit           leaves\n";

/// Reads lines and answers them.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let content = cli::load_sound(&config, true)?;
    let conversation = cli::conversation(&content, arguments.conversation.as_deref())?;
    let engine = &conversation.engine;
    cli::speaks(&content, &arguments.lang)?;
    let render =
        |utterance: &_, standing: &_, channel, now| content.say(engine, utterance, standing, channel, now);
    let no_number = arguments.channel == ChannelKind::Telegram;
    let standing = Standing { language: arguments.lang.clone(), no_number, ..Standing::default() };
    let talk = Talk::new(engine, &render, arguments.channel, standing, Clock::System.now());
    let mut terminal = Terminal {
        talk,
        content: &content,
        definition: &engine.definition,
        format: arguments.format,
        channel: arguments.channel,
        offered: Vec::new(),
        not_followed: 0,
    };
    let is_typed = io::stdin().is_terminal();
    if is_typed && arguments.format == Format::Text {
        println!("{WELCOME}");
    }
    for line in io::stdin().lock().lines() {
        let line = line.context("could not read the next line")?;
        if line.trim() == "/quit" {
            break;
        }
        terminal.line(line.trim_end_matches('\r'));
    }
    // Whoever types has read it, and types it again.
    if terminal.not_followed == 0 || is_typed {
        return Ok(Outcome::Fine);
    }
    let lines = terminal.not_followed;
    Err(DoesNotHold(format!("{lines} of the lines that begin with / could not be followed")).into())
}

/// Longer than a text that follows is read as a piece of the one before it; shorter than anything falls due.
const BETWEEN_TEXTS: Duration = Duration::from_secs(25);

struct Terminal<'a> {
    talk: Talk<'a>,
    content: &'a Content,
    definition: &'a Definition,
    format: Format,
    channel: ChannelKind,
    offered: Vec<Button>,
    /// How many lines for time and taps could not be followed.
    not_followed: usize,
}

impl Terminal<'_> {
    fn line(&mut self, line: &str) {
        if let Some(length) = line.strip_prefix("/wait ") {
            match parse_length(length.trim()) {
                Ok(length) => self.talk.wait(length),
                Err(error) => self.refuse(&format!("/wait: {error}")),
            }
        } else if let Some(choice) = line.strip_prefix("/button ") {
            self.press(choice.trim());
        } else {
            // Texts in one breath would be read as the pieces of one.
            self.talk.wait(BETWEEN_TEXTS);
            self.talk.hears(&line.replace("\\n", "\n"), None);
        }
        self.print();
    }

    /// A tap names a choice of the last question, or a step and a choice.
    fn press(&mut self, tapped: &str) {
        let asked = self
            .talk
            .session
            .as_ref()
            .and_then(|session| session.asked.as_ref())
            .map(|asked| asked.step.clone());
        // A button that was shown last knows under which question it stands.
        let shown = self.offered.iter().filter_map(|button| button.data.split_once(':'));
        let shown =
            shown.filter(|(_, rest)| rest.ends_with(&format!(":{tapped}"))).map(|(step, _)| step.parse());
        let asked = shown.filter_map(Result::ok).next().or(asked);
        match tapped.split_once([' ', ':']) {
            Some((step, choice)) => match step.parse() {
                Ok(step) => self.talk.pressed(&step, choice.trim()),
                Err(error) => self.refuse(&format!("/button: {error}")),
            },
            None => match asked {
                Some(step) => self.talk.pressed(&step, tapped),
                None => self.refuse("/button: nothing was asked yet"),
            },
        }
    }

    fn refuse(&mut self, why: &str) {
        eprintln!("{why}");
        self.not_followed += 1;
    }

    fn print(&mut self) {
        let happened: Vec<Happened> = self.talk.happened.drain(..).collect();
        let said = happened.iter().rev().find_map(|one| match one {
            Happened::Said(sent) => Some(sent.buttons.clone()),
            Happened::Raised(..) | Happened::HandedOver(_) | Happened::NeedsReply | Happened::Ended(_) => {
                None
            }
        });
        self.offered = said.unwrap_or_default();
        for one in &happened {
            match self.format {
                Format::Json => println!("{}", self.as_json(one)),
                Format::Text => self.print_for_people(one),
            }
        }
    }

    fn step(&self) -> Option<String> {
        let asked = self.talk.session.as_ref()?.asked.as_ref()?;
        Some(asked.step.to_string())
    }

    fn as_json(&self, happened: &Happened) -> serde_json::Value {
        match happened {
            Happened::Said(sent) => {
                let mut said = json!({"say": sent.text, "parts": sent.parts, "step": self.step(), "messages": sent.messages});
                if !sent.buttons.is_empty() {
                    said["buttons"] = sent.buttons.iter().map(|button| button.label.as_str()).collect();
                }
                said
            }
            Happened::Raised(category, rule) => json!({"concern": {"category": category, "rule": rule}}),
            Happened::HandedOver(reason) => {
                let summary =
                    self.talk.session.as_ref().map(|session| self.content.summary(self.definition, session));
                json!({"handover": {"reason": reason, "summary": summary}})
            }
            Happened::NeedsReply => json!({"needs_reply": true}),
            Happened::Ended(ending) => json!({"end": ending_word(ending)}),
        }
    }

    fn print_for_people(&self, happened: &Happened) {
        match happened {
            Happened::Said(sent) => {
                println!("\n    {}", sent.text.replace('\n', "\n    "));
                for button in &sent.buttons {
                    println!("    [ {} ]", button.label);
                }
                match (self.channel, sent.parts) {
                    (ChannelKind::Telegram, _) => println!(),
                    (ChannelKind::Sms, 1) => println!("    (1 part)\n"),
                    (ChannelKind::Sms, parts) => println!("    ({parts} parts)\n"),
                }
            }
            Happened::Raised(category, rule) => {
                println!("  * a concern for a human: {} (rule {rule})", category.as_str());
            }
            Happened::HandedOver(reason) => println!("  * handed over to the queue: {}", reason.as_str()),
            Happened::NeedsReply => println!("  * waits for a human's reply"),
            Happened::Ended(ending) => println!("  * the session ends: {}", ending_word(ending)),
        }
    }
}
