//! Reads `.chat` files: example conversations, as one would write them in an e-mail.
//!
//! Invariant: a chat that was read can be run; every line that could not be understood is a problem with its place.

use std::time::Duration;

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::NetworkWord;
use crate::domain::referral::HandOverReason;
use crate::domain::time::parse_length;
use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::reading::source::Source;

/// An example conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// What it shows.
    pub title: String,
    /// How the person writes.
    pub channel: ChannelKind,
    /// In which language the texts come.
    pub language: Language,
    /// Where it begins.
    pub place: Place,
    /// What happens, in order.
    pub lines: Vec<(Place, Line)>,
}

/// One line of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The person writes.
    Them(String),
    /// The person taps a button.
    Button(StepId, String),
    /// The person writes a word that the network answers by itself.
    Network(NetworkWord),
    /// We send one text, of these messages.
    Us(Vec<String>),
    /// We send nothing.
    Nothing,
    /// We send one text that holds these words.
    Contains(String),
    /// Time passes.
    Wait(Duration),
    /// A human takes over, or hands back.
    Hold(bool),
    /// What must be true now.
    Expect(Vec<Expectation>),
}

/// What must be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// `session = …`
    Session(String),
    /// `answer STEP = …`
    Answer(StepId, String),
    /// `concern = …`; `None` is none.
    Concern(Option<ConcernCategory>),
    /// `handover = …`; `None` is none.
    Handover(Option<HandOverReason>),
    /// `step = …`
    Step(StepId),
    /// `language = …`
    Language(Language),
    /// `texts = safe`, `texts = unsafe`.
    TextsSafe(bool),
    /// `needs reply = …`
    NeedsReply(bool),
    /// `turns <= N`
    TurnsMost(u32),
    /// `parts <= N`
    PartsMost(u32),
    /// `parts until handover <= N`
    PartsUntilHandoverMost(u32),
}

/// The ways in which a session can stand, as `session =` writes them; `finished` takes a step's name.
pub const SESSIONS: [&str; 8] =
    ["live", "ended", "finished", "expired", "restarted", "stopped", "wants-a-human", "sent-early"];

/// Reads the chats of a file.
#[must_use]
pub fn read(source: &Source, problems: &mut Problems) -> Vec<Chat> {
    let mut chats: Vec<Chat> = Vec::new();
    for (index, text) in source.text.lines().enumerate() {
        let place = Place { line: index + 1, column: 1 };
        let text = text.trim_end();
        if text.trim().is_empty() || text.trim_start().starts_with('#') {
            continue;
        }
        match one_line(text, place, &mut chats) {
            Ok(()) => {}
            Err(wrong) => problems.add(source.error(place, "chat", &wrong.message, wrong.remedy)),
        }
    }
    if chats.is_empty() {
        let remedy = "Begin it with a line such as `chat: says yes to everything    sms, en-GB`.";
        problems.add(source.error(Place::START, "chat", "the file holds no chat", remedy));
    }
    chats
}

struct Wrong {
    message: String,
    remedy: &'static str,
}

fn wrong(message: impl Into<String>, remedy: &'static str) -> Wrong {
    Wrong { message: message.into(), remedy }
}

/// What a line may begin with.
const HOW: &str = "Begin a line with chat, them, network, us, wait, hold or expect, and a colon.";

fn one_line(text: &str, place: Place, chats: &mut Vec<Chat>) -> Result<(), Wrong> {
    let (key, rest) = text.split_once(':').ok_or_else(|| wrong("this line has no colon", HOW))?;
    let rest = rest.trim();
    if key.trim() == "chat" {
        chats.push(heading(rest, place)?);
        return Ok(());
    }
    let line = line(key.trim(), rest)?;
    let chat = chats
        .last_mut()
        .ok_or_else(|| wrong("this line stands before any chat", "Begin with a `chat:` line."))?;
    chat.lines.push((place, line));
    Ok(())
}

/// `what it shows    sms, en-GB`
fn heading(text: &str, place: Place) -> Result<Chat, Wrong> {
    const REMEDY: &str = "Write it like `chat: says yes to everything    sms, en-GB`.";
    let (before, language) =
        text.rsplit_once(',').ok_or_else(|| wrong("the channel and language are missing", REMEDY))?;
    let (title, channel) = before
        .trim_end()
        .rsplit_once(char::is_whitespace)
        .ok_or_else(|| wrong("the channel is missing", REMEDY))?;
    let language = language.trim();
    Ok(Chat {
        title: title.trim().to_owned(),
        channel: channel
            .parse()
            .map_err(|_| wrong(format!("`{channel}` is no channel"), "Write sms or telegram."))?,
        language: language.parse().map_err(|_| wrong(format!("`{language}` is no language"), REMEDY))?,
        place,
        lines: Vec::new(),
    })
}

fn line(key: &str, rest: &str) -> Result<Line, Wrong> {
    Ok(match key {
        "them" => Line::Them(rest.replace("\\n", "\n")),
        "them (button)" => {
            let (step, choice) =
                rest.split_once(' ').ok_or_else(|| wrong("a tap needs a step and a choice", HOW))?;
            Line::Button(step_name(step)?, choice.trim().to_owned())
        }
        "network" => Line::Network(match rest {
            "stop" => NetworkWord::Stop,
            "start" => NetworkWord::Start,
            "yes" => NetworkWord::Yes,
            "help" => NetworkWord::Help,
            _ => {
                return Err(wrong(
                    format!("`{rest}` is no word of the network"),
                    "Write stop, start, yes or help.",
                ));
            }
        }),
        "us" => us(rest),
        "wait" => Line::Wait(
            parse_length(rest)
                .map_err(|_| wrong(format!("`{rest}` is no length of time"), "Write it like `2 days`."))?,
        ),
        "hold" => Line::Hold(match rest {
            "on" => true,
            "off" => false,
            _ => return Err(wrong(format!("a hold cannot be `{rest}`"), "Write on or off.")),
        }),
        "expect" => {
            let conditions: Result<Vec<_>, _> =
                rest.split(';').map(str::trim).filter(|part| !part.is_empty()).map(expectation).collect();
            Line::Expect(conditions?)
        }
        _ => return Err(wrong(format!("`{key}:` is unknown"), HOW)),
    })
}

fn us(rest: &str) -> Line {
    if rest == "nothing" || rest.starts_with('(') {
        return Line::Nothing;
    }
    match rest.strip_prefix("contains ") {
        Some(words) => Line::Contains(words.trim().trim_matches('"').to_owned()),
        None => Line::Us(rest.split(',').map(|key| key.trim().to_owned()).collect()),
    }
}

fn step_name(text: &str) -> Result<StepId, Wrong> {
    text.trim()
        .parse()
        .map_err(|_| wrong(format!("`{text}` is no name of a step"), "Write it as in flow.yaml."))
}

fn expectation(text: &str) -> Result<Expectation, Wrong> {
    const REMEDY: &str = "See docs/format.md, Chats, for what can be expected.";
    if let Some((what, most)) = text.split_once("<=") {
        let most = most.trim();
        let most = most.parse().map_err(|_| wrong(format!("`{most}` is no number"), REMEDY))?;
        return match what.trim() {
            "turns" => Ok(Expectation::TurnsMost(most)),
            "parts" => Ok(Expectation::PartsMost(most)),
            "parts until handover" => Ok(Expectation::PartsUntilHandoverMost(most)),
            other => Err(wrong(format!("`{other}` cannot be counted"), REMEDY)),
        };
    }
    let (what, value) =
        text.split_once('=').ok_or_else(|| wrong(format!("`{text}` says nothing"), REMEDY))?;
    let (what, value) = (what.trim(), value.trim());
    let not_known = |_| wrong(format!("`{what}` cannot be `{value}`"), REMEDY);
    if let Some(step) = what.strip_prefix("answer ") {
        return Ok(Expectation::Answer(step_name(step)?, value.replace("\\n", "\n")));
    }
    Ok(match (what, value) {
        ("session", value) if SESSIONS.contains(&value.split(' ').next().unwrap_or_default()) => {
            Expectation::Session(value.to_owned())
        }
        ("concern", "none") => Expectation::Concern(None),
        ("concern", value) => Expectation::Concern(Some(value.parse().map_err(|_| not_known(()))?)),
        ("handover", "none") => Expectation::Handover(None),
        ("handover", value) => Expectation::Handover(Some(value.parse().map_err(|_| not_known(()))?)),
        ("step", value) => Expectation::Step(step_name(value)?),
        ("language", value) => Expectation::Language(value.parse().map_err(|_| not_known(()))?),
        ("texts", "safe") => Expectation::TextsSafe(true),
        ("texts", "unsafe") => Expectation::TextsSafe(false),
        ("needs reply", "yes") => Expectation::NeedsReply(true),
        ("needs reply", "no") => Expectation::NeedsReply(false),
        _ => return Err(wrong(format!("`{text}` cannot be expected"), REMEDY)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chats(text: &str) -> (Vec<Chat>, Vec<String>) {
        let mut problems = Problems::default();
        let chats = read(&Source::new("a.chat", text), &mut problems);
        let shown = problems.iter().map(|p| format!("{}: {}", p.line, p.message)).collect();
        (chats, shown)
    }

    #[test]
    fn a_chat_is_read_line_by_line() {
        let (chats, problems) = chats(
            "chat: stops half way   sms, en-GB\nthem: hi\nus:   welcome, for-whom\nwait: 2 days\nus: nothing\nexpect: session = live; turns <= 3\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(chats[0].title, "stops half way");
        let lines: Vec<_> = chats[0].lines.iter().map(|(_, line)| line.clone()).collect();
        assert_eq!(lines[0], Line::Them("hi".into()));
        assert_eq!(lines[1], Line::Us(vec!["welcome".into(), "for-whom".into()]));
        assert_eq!(lines[3], Line::Nothing);
        assert_eq!(
            lines[4],
            Line::Expect(vec![Expectation::Session("live".into()), Expectation::TurnsMost(3)])
        );
    }

    #[test]
    fn every_line_that_is_not_understood_is_named() {
        let (_, problems) = chats("chat: x  sms, en-GB\nthey: hi\nwait: soon\nexpect: mood = good\nhello\n");
        assert_eq!(
            problems,
            [
                "2: `they:` is unknown",
                "3: `soon` is no length of time",
                "4: `mood = good` cannot be expected",
                "5: this line has no colon",
            ]
        );
    }
}
