//! The language of the texts, and the language that a person speaks.
//!
//! Invariant: a language that we do not write is no dead end: it is noted for an interpreter, and the flow goes on.

use crate::conversation::aside::Aside;
use crate::conversation::effect::Effect;
use crate::conversation::turn::Turn;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::language::Language;
use crate::reply;
use crate::reply::Command;

/// Longer than the name of any language, in letters.
const NAME_MOST: usize = 40;

/// Longer than the name of any language, in words.
const NAME_WORDS_MOST: usize = 3;

/// A language by its name at once; else the list.
pub fn asked_for(turn: &mut Turn, text: &str) {
    if reply::command::names_a_language(text, &turn.engine.lexicons) && picked(turn, text) {
        return;
    }
    turn.open_aside(Aside::PickLanguage);
    turn.say("pick-language");
}

/// Takes a language by its number or its own name; any other name is noted, so that an interpreter can be asked for.
/// Whether it was any language.
pub fn picked(turn: &mut Turn, text: &str) -> bool {
    turn.session.aside = None;
    match offered(turn, text) {
        Some(language) => {
            turn.session.standing.language = language.clone();
            turn.session.standing.speaks = None;
            turn.effects.push(Effect::SetLanguage { language, speaks: None });
            turn.say("language-set");
        }
        None if is_a_name(turn, text) => {
            let speaks: String = text.chars().take(NAME_MOST).collect();
            let language = turn.session.standing.language.clone();
            turn.session.standing.speaks = Some(speaks.clone());
            turn.effects.push(Effect::SetLanguage { language, speaks: Some(speaks) });
            turn.say("language-noted");
        }
        None => return false,
    }
    if turn.session.is_live() {
        turn.ask_again();
    }
    true
}

/// The language of ours that a text names, by its number or by its name.
fn offered(turn: &Turn, text: &str) -> Option<Language> {
    let offered = &turn.engine.languages;
    let number = AnswerKind::WholeNumber { least: 1, most: u32::try_from(offered.len()).unwrap_or(1) };
    match reply::exact(&turn.asking(&number, &[]), text, &turn.engine.lexicons) {
        Some(Value::Number(n)) => offered.get(usize::try_from(n).ok()?.checked_sub(1)?).cloned(),
        Some(_) | None => reply::command::language_named(text, &turn.engine.lexicons)
            .filter(|language| offered.contains(language)),
    }
}

/// Whether a text can be the name of a language: letters, a few words, and nothing else that a person can ask for.
fn is_a_name(turn: &Turn, text: &str) -> bool {
    match reply::command::command(text, &turn.engine.lexicons) {
        Some(Command::Language) => true,
        Some(_) => false,
        None => {
            let words = text.split_whitespace().count();
            let letters = text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_numeric);
            letters && words <= NAME_WORDS_MOST
        }
    }
}
