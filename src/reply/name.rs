//! A name.
//!
//! Invariant: a sentence about somebody else, or about anything but a name, is no name.

use unicode_normalization::char::is_combining_mark;

use crate::domain::answer::Value;
use crate::domain::message::Words;
use crate::reply::Reading;
use crate::reply::heard::Heard;
use crate::reply::lexicon::BUT;
use crate::reply::lexicon::GREETING;
use crate::reply::lexicon::LIMIT;
use crate::reply::lexicon::NAME_AFTER;
use crate::reply::lexicon::NAME_BEFORE;
use crate::reply::lexicon::NAME_OF_OTHER;
use crate::reply::lexicon::NAME_OF_WRITER;
use crate::reply::lexicon::NAME_PERHAPS;
use crate::reply::lexicon::NO;
use crate::reply::lexicon::NO_FIRST;
use crate::reply::lexicon::NOT_A_NAME;
use crate::reply::lexicon::POLITE;
use crate::reply::lexicon::RELATIVE;
use crate::reply::lexicon::THANKS;
use crate::reply::lexicon::TITLE;
use crate::reply::lexicon::UNSURE;
use crate::reply::lexicon::YES;
use crate::reply::lexicon::YES_FIRST;
use crate::reply::text::Folded;
use crate::reply::text::is_symbol;
use crate::reply::text::tidy;

/// Longer texts are sentences.
const MOST_WORDS: usize = 5;

/// Longer words are no names of people.
const MOST_LETTERS: usize = 30;

/// Reads a name; a bare letter is asked about.
pub(crate) fn read(raw: &str, heard: &Heard) -> Reading {
    if heard.len() == 0 || heard.has(RELATIVE) || !is_written_like_a_name(heard) || is_plain_reply(heard) {
        return Reading::NotUnderstood;
    }
    let (from, to) = span(heard);
    let words: Vec<usize> = (from..to).filter(|at| !heard.is_picture(*at)).collect();
    let lone_letter = words.len() == 1 && heard.word(words[0]).chars().count() == 1;
    let fits =
        !words.is_empty() && words.len() <= MOST_WORDS && words.iter().all(|at| may_be_name(heard, *at));
    let only_title = words.len() == 1 && heard.is_phrase(from, from + 1, TITLE) && from == 0;
    if !fits || only_title {
        return Reading::NotUnderstood;
    }
    let name = Value::Name(Words(tidied(raw, heard, from, to)));
    if lone_letter && from == 0 { Reading::Propose(name) } else { Reading::Understood(name) }
}

/// Whose name a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The writer's: "my name is …".
    Writer,
    /// Somebody else's: "her name is …".
    SomebodyElse,
    /// It says no more than a name: "it's …".
    Unclear,
}

/// A name that a whole text says, as in "no, my name is Maggie". Words that lead up to much else than a name, as in "its
/// wrong", lead up to one only where it is written like one.
pub(crate) fn said(raw: &str, heard: &Heard) -> Option<(Whose, Value)> {
    let mut from = 0;
    let lead = loop {
        if let Some(lead) = heard.next(from, NAME_OF_WRITER | NAME_OF_OTHER | NAME_PERHAPS) {
            break lead;
        }
        from = heard.next(from, POLITE | THANKS | NO | NO_FIRST | BUT)?.to;
    };
    let whose = match (lead.is(NAME_OF_WRITER), lead.is(NAME_OF_OTHER)) {
        (true, _) => Whose::Writer,
        (false, true) => Whose::SomebodyElse,
        (false, false) => Whose::Unclear,
    };
    if heard.next(lead.to, LIMIT).is_some() {
        // "Call me Tuesday" says when.
        return None;
    }
    let rest = words_from(raw, lead.to);
    let has_capital = rest.starts_with(char::is_uppercase) && rest.contains(char::is_lowercase);
    if whose == Whose::Unclear && !has_capital {
        return None;
    }
    match read(&rest, &Heard::new(&rest, heard.lexicons())) {
        Reading::Understood(name) => Some((whose, name)),
        Reading::Propose(_) | Reading::NotAllowed | Reading::NotUnderstood => None,
    }
}

/// The text from this word on, as it was typed.
fn words_from(raw: &str, from: usize) -> String {
    let mut before = 0;
    let mut rest = raw_words(raw);
    rest.retain(|token| {
        let is_before = before < from;
        before += Folded::whole(token).len();
        !is_before
    });
    rest.join(" ")
}

/// Yes, no, a greeting or "not sure" alone.
fn is_plain_reply(heard: &Heard) -> bool {
    heard
        .covered_by(YES_FIRST | NO | UNSURE | GREETING | POLITE | THANKS)
        .is_some_and(|tags| tags.intersects(YES_FIRST | NO | UNSURE | GREETING | THANKS | POLITE))
        && heard.longest(0, YES).is_none_or(|found| found.to != heard.len())
}

/// Whether the text has only letters, pictures and the marks that stand in and around names.
fn is_written_like_a_name(heard: &Heard) -> bool {
    let marks = |c: char| matches!(c, '\'' | '-' | '.' | ',' | '!' | '(' | ')' | '"' | ':');
    heard
        .folded
        .text
        .chars()
        .all(|c| c.is_alphabetic() || c.is_whitespace() || marks(c) || is_combining_mark(c) || is_symbol(c))
}

fn may_be_name(heard: &Heard, at: usize) -> bool {
    let word = heard.word(at);
    let letters = word.chars().count() <= MOST_LETTERS;
    letters && heard.longest(at, NOT_A_NAME).is_none_or(|found| found.to != at + 1)
}

/// Where the name stands: after the last words that lead up to one, before words that follow one.
fn span(heard: &Heard) -> (usize, usize) {
    let mut from = 0;
    let mut at = 0;
    while at < heard.len() {
        match heard
            .longest(at, NAME_BEFORE)
            .filter(|found| found.to < heard.len() && leads(heard, found.from, found.to))
        {
            Some(found) => {
                from = found.to;
                at = found.to;
            }
            None => at += 1,
        }
    }
    let mut to = heard.len();
    while let Some(start) = (from + 1..to).find(|start| heard.is_phrase(*start, to, NAME_AFTER | THANKS)) {
        to = start;
    }
    while from + 1 < to && heard.is_picture(to - 1) {
        to -= 1;
    }
    (from, to)
}

/// Whether words really lead up to a name: at the beginning, after others that do, or saying so themselves.
fn leads(heard: &Heard, from: usize, to: usize) -> bool {
    let follows = heard.longest(to, NAME_AFTER).filter(|found| found.to == heard.len());
    let two_words = from + 1 < to;
    let its_word = matches!(heard.word(from), "its" | "im");
    follows.is_none() && (from == 0 || two_words || its_word || heard.is_phrase(from - 1, from, NAME_BEFORE))
}

/// The name as it was typed, in sensible case.
fn tidied(raw: &str, heard: &Heard, from: usize, to: usize) -> String {
    let tokens = raw_words(raw);
    let wanted: Vec<&str> = (from..to).filter(|at| !heard.is_picture(*at)).map(|at| heard.word(at)).collect();
    let mut words: Vec<String> = Vec::new();
    let mut taken = 0;
    for token in &tokens {
        let folded = Folded::whole(token);
        let parts: Vec<&str> = folded.words().collect();
        if !parts.is_empty() && wanted[taken..].starts_with(&parts) && is_at(&tokens, token, from, taken) {
            taken += parts.len();
            words.push(token.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
        }
        if taken == wanted.len() {
            break;
        }
    }
    let plain: String = words.join(" ");
    let mixed = plain.chars().any(char::is_lowercase) && plain.chars().any(char::is_uppercase);
    let cased = |word: &String| sensible_case(heard, word);
    if mixed {
        words
            .iter()
            .map(|word| if is_title(heard, word) { capitalised(word) } else { word.clone() })
            .collect::<Vec<_>>()
            .join(" ")
    } else {
        words.iter().map(cased).collect::<Vec<_>>().join(" ")
    }
}

/// Whether enough words of the text stand before this token for the name to begin with it.
fn is_at(tokens: &[String], token: &String, from: usize, taken: usize) -> bool {
    let before: usize = tokens
        .iter()
        .take_while(|other| !std::ptr::eq(*other, token))
        .map(|other| Folded::whole(other).len())
        .sum();
    from + taken <= before
}

/// The words as typed, with straight apostrophes and without what cannot be seen.
fn raw_words(raw: &str) -> Vec<String> {
    let text = tidy(raw).text;
    let straight: String = text
        .chars()
        .map(|c| if matches!(c, '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`') { '\'' } else { c })
        .filter(|c| !c.is_control() || c.is_whitespace())
        .filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}'))
        .map(|c| if matches!(c, ',' | '(' | ')' | ';' | '\u{2028}') { ' ' } else { c })
        .collect();
    straight.split_whitespace().map(str::to_owned).collect()
}

fn is_title(heard: &Heard, word: &str) -> bool {
    let folded = Folded::whole(word);
    folded.len() == 1 && Heard::folded(folded, heard.lexicons()).is_phrase(0, 1, TITLE)
}

fn sensible_case(heard: &Heard, word: &str) -> String {
    let initials = word.len() == 2
        && word.bytes().all(|b| b.is_ascii_alphabetic())
        && !word.to_lowercase().contains(['a', 'e', 'i', 'o', 'u', 'y']);
    if initials && !is_title(heard, word) {
        return word.to_uppercase();
    }
    let mut cased = String::with_capacity(word.len());
    for (place, part) in word.split('-').enumerate() {
        if place != 0 {
            cased.push('-');
        }
        cased.push_str(&part.split('\'').map(capitalised).collect::<Vec<_>>().join("'"));
    }
    cased
}

/// `mcdonald` → `McDonald`.
fn capitalised(part: &str) -> String {
    let lower = part.to_lowercase();
    match lower.strip_prefix("mc") {
        Some(rest) if 2 < rest.chars().count() => format!("Mc{}", upper_first(rest)),
        Some(_) | None => upper_first(&lower),
    }
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
