//! Commands: what a whole message can ask for at any question.
//!
//! Invariant: a command is the whole message or none; a stop word of the networks is nothing else.

use crate::domain::language::Language;
use crate::domain::message::NetworkWord;
use crate::reply::Command;
use crate::reply::Lexicons;
use crate::reply::heard::Heard;
use crate::reply::lexicon::ANY_COMMAND;
use crate::reply::lexicon::CLOSING;
use crate::reply::lexicon::COMMAND_AROUND;
use crate::reply::lexicon::COMMANDS;
use crate::reply::lexicon::GREETING;
use crate::reply::lexicon::KEYWORD;
use crate::reply::lexicon::LANGUAGE_AROUND;
use crate::reply::lexicon::LANGUAGE_NAME;
use crate::reply::lexicon::NO_FIRST;
use crate::reply::lexicon::NONE;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::Tags;
use crate::reply::lexicon::UNCLEAR;
use crate::reply::lexicon::YES_FIRST;
use crate::reply::numbers::number_at;
use crate::reply::text::Folded;

/// Longer messages are stories, whatever words they hold.
const MOST_WORDS: usize = 30;

/// The shortest word in capitals that may be a keyword from a poster.
const LEAST_KEYWORD: usize = 3;

/// What the networks act on by themselves when it is the whole message (Twilio's default words).
const NETWORK_WORDS: [(NetworkWord, &[&str]); 4] = [
    (NetworkWord::Stop, &["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]),
    (NetworkWord::Start, &["start", "unstop"]),
    (NetworkWord::Yes, &["yes"]),
    (NetworkWord::Help, &["help", "info"]),
];

/// Where a message holds two commands, the first of these that it holds is what was meant.
const STRONGEST: [Command; 5] =
    [Command::Delete, Command::Stop, Command::HelpNow, Command::Person, Command::Restart];

/// The word of the networks that is the whole message.
#[must_use]
pub fn network_word(text: &str) -> Option<NetworkWord> {
    network_word_of(&Folded::of(text))
}

pub(crate) fn network_word_of(folded: &Folded) -> Option<NetworkWord> {
    let is_it = |words: &[&str]| words.contains(&folded.plain());
    NETWORK_WORDS.iter().find(|(_, words)| is_it(words)).map(|(word, _)| *word)
}

/// The command that is the whole message, in any language.
#[must_use]
pub fn command(text: &str, lexicons: &Lexicons) -> Option<Command> {
    read(text, lexicons, Tags::default())
}

/// The command that is the whole message and can be nothing else: "someone to talk to" asks for a person, but is also
/// an answer to "what matters to you?".
#[must_use]
pub fn plain_command(text: &str, lexicons: &Lexicons) -> Option<Command> {
    read(text, lexicons, UNCLEAR)
}

fn read(text: &str, lexicons: &Lexicons, unclear: Tags) -> Option<Command> {
    let heard = Heard::new(text, lexicons);
    match network_word_of(&heard.folded) {
        Some(NetworkWord::Stop) => Some(Command::Stop),
        Some(NetworkWord::Start) => Some(Command::Start),
        Some(NetworkWord::Help) => Some(Command::Help),
        Some(NetworkWord::Yes) => None,
        None if MOST_WORDS < heard.len() => None,
        None => strongest(spoken(&heard, unclear)?),
    }
}

const AROUND: Tags = COMMAND_AROUND.with(POLITE).with(THANKS).with(LANGUAGE_NAME).with(LANGUAGE_AROUND);

/// All that the message asks for, where every word of it belongs to a command; what is unclear asks for nothing.
fn spoken(heard: &Heard, unclear: Tags) -> Option<Tags> {
    let mut all = Tags::default();
    let mut at = numbered(heard);
    while at < heard.len() {
        match heard.longest(at, ANY_COMMAND | AROUND | unclear) {
            Some(found) => {
                let counts = if found.is(unclear) { Tags::default() } else { found.meaning.tags };
                all = all | counts;
                at = found.to;
            }
            None if heard.is_picture(at) => at += 1,
            None => return None,
        }
    }
    let has_language = all.intersects(LANGUAGE_NAME);
    let needs_a_language = || {
        heard.has(LANGUAGE_AROUND)
            && heard.covered_by(ANY_COMMAND | COMMAND_AROUND | POLITE | THANKS).is_none()
    };
    (has_language || !needs_a_language()).then_some(all)
}

/// `3 DONE`: the number of a line, and what the line says.
fn numbered(heard: &Heard) -> usize {
    let first = (1 < heard.len()).then(|| number_at(heard, 0)).flatten();
    let rest = first.map_or(0, |number| number.to);
    let short = rest != 0 && heard.is_phrase(rest, heard.len(), ANY_COMMAND);
    if short { rest } else { 0 }
}

fn strongest(all: Tags) -> Option<Command> {
    let held: Vec<Command> =
        COMMANDS.iter().filter(|(tag, _)| all.intersects(*tag)).map(|(_, command)| *command).collect();
    match held.as_slice() {
        [] => all.intersects(LANGUAGE_NAME).then_some(Command::Language),
        [only] => Some(*only),
        several => STRONGEST.into_iter().find(|command| several.contains(command)),
    }
}

/// Whether the whole message names a language, ours or any other.
#[must_use]
pub fn names_a_language(text: &str, lexicons: &Lexicons) -> bool {
    let heard = Heard::new(text, lexicons);
    command(text, lexicons) == Some(Command::Language) && heard.has(LANGUAGE_NAME)
}

/// The language of ours that a message names, by one of its names.
#[must_use]
pub fn language_named(text: &str, lexicons: &Lexicons) -> Option<Language> {
    let folded = Folded::of(text);
    let is_it = |name: &String| Folded::of(name).plain() == folded.plain();
    lexicons
        .language_names
        .iter()
        .find(|(_, names)| names.iter().any(is_it))
        .map(|(language, _)| language.clone())
}

/// Whether a first text only knocks: a greeting, a keyword, or one word in capitals from a poster.
#[must_use]
pub fn is_greeting(text: &str, lexicons: &Lexicons) -> bool {
    let heard = Heard::new(text, lexicons);
    let knocks = heard
        .covered_by(GREETING | KEYWORD | POLITE | THANKS)
        .is_some_and(|tags| tags.intersects(GREETING | KEYWORD));
    let bare = text.trim();
    let poster = heard.len() == 1
        && LEAST_KEYWORD <= bare.len()
        && bare.bytes().all(|b| b.is_ascii_uppercase())
        && heard.longest(0, ANY_COMMAND).is_none();
    knocks || poster
}

/// Whether a text only says yes, no or "nothing": whatever was asked, that is an answer.
#[must_use]
pub fn is_bare_answer(text: &str, lexicons: &Lexicons) -> bool {
    const ANSWERS: Tags = NONE.with(YES_FIRST).with(NO_FIRST);
    let heard = Heard::new(text, lexicons);
    heard.covered_by(ANSWERS | THANKS | POLITE).is_some_and(|tags| tags.intersects(ANSWERS))
}

/// Whether a text only says thanks or goodbye.
#[must_use]
pub fn is_thanks(text: &str, lexicons: &Lexicons) -> bool {
    let heard = Heard::new(text, lexicons);
    heard.covered_by(THANKS | CLOSING | POLITE).is_some_and(|tags| tags.intersects(THANKS | CLOSING))
}
