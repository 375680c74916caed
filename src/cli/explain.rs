//! `footbridge explain`: what is made of a text, and which rule says so.

use clap::Args;

use crate::cli;
use crate::cli::Outcome;
use crate::clock::Clock;
use crate::config::Config;
use crate::conversation::step::Engine;
use crate::domain::language::Language;
use crate::evaluate::answers;
use crate::evaluate::answers::Kind;
use crate::evaluate::answers::Read;
use crate::reply::text::TextKind;
use crate::reply::text::tidy;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The text, as a person sent it.
    text: String,
    /// The kind of question that it replies to; all kinds where none is named.
    #[arg(long, value_parser = kind)]
    kind: Option<Kind>,
    /// The options of the question, in order, with a bar between them: "Home|Money|People".
    #[arg(long, value_delimiter = '|')]
    options: Vec<String>,
    /// The language of the conversation.
    #[arg(long, default_value_t = Language::english())]
    lang: Language,
}

fn kind(name: &str) -> Result<Kind, String> {
    let known = || Kind::ALL.map(|kind| kind.to_string()).join(", ");
    Kind::ALL
        .into_iter()
        .find(|kind| kind.to_string() == name)
        .ok_or_else(|| format!("there is no such kind of reply; there are {}", known()))
}

/// Prints what the safety rules, the themes, the commands and the readers make of a text.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let content = cli::load_sound(&config, true)?;
    cli::speaks(&content, &arguments.lang)?;
    let engine = cli::engine(&content)?;
    let tidied = tidy(&arguments.text);
    safety(engine, &arguments.text);
    themes(engine, tidied.text);
    match tidied.kind {
        TextKind::Plain => replies(engine, tidied.text, arguments),
        TextKind::Reaction => println!("Reply: none. A phone wrote this: it notes a reaction to a text."),
        TextKind::AutoReply => println!("Reply: none. A machine wrote this while its owner is away."),
        TextKind::Empty => println!("Reply: none. There is nothing to be seen in it."),
    }
    Ok(Outcome::Fine)
}

fn safety(engine: &Engine, text: &str) {
    println!("Safety (rules {})", engine.safety.version());
    let considered = engine.safety.considered(text);
    if considered.is_empty() {
        println!("  no rule sees anything. That never means that there is nothing.");
    }
    for seen in considered {
        let words = &text[seen.words];
        let by: Vec<_> = seen.kept_from_counting_by.iter().map(|rule| format!("`{rule}`")).collect();
        match by.as_slice() {
            [] => println!("  {}: {words:?}, by rule `{}`", seen.what, seen.rule),
            by => println!(
                "  does not count: {}: {words:?}, by rule `{}`, for {} says that it is not meant",
                seen.what,
                seen.rule,
                by.join(" and ")
            ),
        }
    }
}

fn themes(engine: &Engine, text: &str) {
    println!("Themes (rules {})", engine.themes.version());
    let found = engine.themes.find(text);
    if found.is_empty() {
        println!("  none");
    }
    for theme in found {
        println!("  {}: {:?}, by rule `{}`", theme.theme.as_str(), &text[theme.words], theme.rule);
    }
}

fn replies(engine: &Engine, text: &str, arguments: &Arguments) {
    println!("Reply, where the question is of this kind");
    let today = Clock::System.now().to_jiff().to_zoned(engine.zone.clone()).date();
    let numbers_only = !engine.languages.contains(&arguments.lang);
    for kind in Kind::ALL {
        let needs_options = matches!(kind, Kind::Choice | Kind::MultiChoice) && arguments.options.is_empty();
        if arguments.kind.is_some_and(|wanted| wanted != kind) {
            continue;
        }
        if needs_options {
            println!("  {kind}: it depends on the options; name them with --options");
            continue;
        }
        let question = answers::Question { kind, options: &arguments.options, today, numbers_only };
        match answers::read(&question, text, &engine.lexicons) {
            Read::Taken(value) => println!("  {kind}: {value}"),
            Read::Proposed(value) => println!("  {kind}: asks \"did you mean\" {value}?"),
            Read::NotAllowed => println!("  {kind}: understood, but it cannot be taken; asks again"),
            Read::NotUnderstood if kind == Kind::Command => println!("  {kind}: none; it is an answer"),
            Read::NotUnderstood => println!("  {kind}: not understood; asks again"),
        }
    }
}
