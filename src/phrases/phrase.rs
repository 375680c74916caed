//! The language in which phrases are written, and its compilation.
//!
//! `want to (die|be dead)`: words, and alternatives in brackets. `want(s|ed)? to`: endings. `really?`, `(a b)?`: may be
//! left out. `...` up to four words in between, `...7` up to seven, never across the end of a sentence. `suicid*`: any word
//! that begins so. `{drugs}`: a family that is defined once. `#` a number, `#year` a year, `#name` a word that may be a name,
//! `_` any word, `^` the beginning or the end of the text.
//!
//! Invariant: a phrase that parses holds at least one word, and matching it takes bounded time.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::phrases::vocabulary::Vocabulary;
use crate::phrases::vocabulary::WordId;

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// One word out of these (sorted).
    Word(Vec<WordId>),
    /// Any word.
    Any,
    /// All of these, in this order.
    Sequence(Vec<Part>),
    /// One of these.
    Alternatives(Vec<Part>),
    /// This, or nothing.
    Optional(Box<Part>),
    /// Up to so many words.
    Gap(usize),
    /// The beginning or the end of the text.
    Edge,
    /// What a family says: phrases that name it share it.
    Family(Arc<Part>),
}

/// The families that phrases may name.
pub type Families = BTreeMap<String, Arc<Part>>;

/// How many words `...` may stand for.
const USUAL_GAP: usize = 4;
/// More would join what does not belong together, and cost time.
const WIDEST_GAP: usize = 9;
/// Each multiplies the ways to match.
const MOST_GAPS: usize = 4;

/// What is wrong with a phrase, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: &'static str,
}

fn wrong<T>(message: impl Into<String>, remedy: &'static str) -> Result<T, PhraseError> {
    Err(PhraseError { message: message.into(), remedy })
}

/// Parses a phrase; new words are learnt.
///
/// # Errors
/// What is wrong with it, in words for its author.
pub fn parse(text: &str, vocabulary: &mut Vocabulary, families: &Families) -> Result<Part, PhraseError> {
    let mut parser = Parser { rest: text.trim(), vocabulary, families, gaps: 0 };
    let part = parser.sequence()?;
    if !parser.rest.is_empty() {
        return wrong(
            "a bracket is closed that was not opened",
            "Remove `)` or `|`, or open a bracket before it.",
        );
    }
    if least_words(&part) == 0 {
        return wrong(
            "the phrase would be found in every text",
            "Write at least one word that may not be left out.",
        );
    }
    Ok(part)
}

/// How many words a part matches at least; gaps and edges are none.
fn least_words(part: &Part) -> usize {
    match part {
        Part::Word(_) => 1,
        Part::Any | Part::Optional(_) | Part::Gap(_) | Part::Edge => 0,
        Part::Sequence(parts) => parts.iter().map(least_words).sum(),
        Part::Alternatives(parts) => parts.iter().map(least_words).min().unwrap_or(0),
        Part::Family(part) => least_words(part),
    }
}

struct Parser<'a> {
    rest: &'a str,
    vocabulary: &'a mut Vocabulary,
    families: &'a Families,
    gaps: usize,
}

impl Parser<'_> {
    fn sequence(&mut self) -> Result<Part, PhraseError> {
        let mut parts = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with(['|', ')']) {
                return Ok(if parts.len() == 1 { parts.remove(0) } else { Part::Sequence(parts) });
            }
            let part = self.part()?;
            parts.push(if self.eat("?") { Part::Optional(Box::new(part)) } else { part });
        }
    }

    fn part(&mut self) -> Result<Part, PhraseError> {
        if self.eat("(") {
            return self.alternatives();
        }
        if self.eat("{") {
            return self.family();
        }
        if self.eat("...") {
            return self.gap();
        }
        if self.eat("^") {
            return Ok(Part::Edge);
        }
        self.word()
    }

    fn alternatives(&mut self) -> Result<Part, PhraseError> {
        let mut parts = vec![self.sequence()?];
        while self.eat("|") {
            parts.push(self.sequence()?);
        }
        if !self.eat(")") {
            return wrong("a bracket is not closed", "Write `)` where the alternatives end.");
        }
        if parts.iter().any(|part| *part == Part::Sequence(Vec::new())) {
            return wrong("an alternative is empty", "Write `(a|b)?` where it may be left out.");
        }
        Ok(one_of(parts))
    }

    fn family(&mut self) -> Result<Part, PhraseError> {
        let Some((name, rest)) = self.rest.split_once('}') else {
            return wrong("a family is not closed", "Write `}` after its name.");
        };
        self.rest = rest;
        match self.families.get(name) {
            Some(part) => Ok(Part::Family(Arc::clone(part))),
            None => wrong(
                format!("no family `{name}` is defined above"),
                "Define it under `families`, before it is used.",
            ),
        }
    }

    fn gap(&mut self) -> Result<Part, PhraseError> {
        let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        self.gaps += 1;
        let width = if number.is_empty() { Some(USUAL_GAP) } else { number.parse().ok() };
        match width {
            Some(width @ 1..=WIDEST_GAP) if self.gaps <= MOST_GAPS => Ok(Part::Gap(width)),
            Some(_) | None => {
                wrong("the gaps are too many or too wide", "At most four gaps, of one to nine words.")
            }
        }
    }

    fn word(&mut self) -> Result<Part, PhraseError> {
        let end =
            self.rest.find(|c: char| c.is_whitespace() || "()|{}?*^".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if word == "_" {
            return Ok(Part::Any);
        }
        if word.starts_with('#') {
            return match self.vocabulary.class(word) {
                Some(id) => Ok(Part::Word(vec![id])),
                None => wrong(
                    format!("`{word}` is no class of words"),
                    "There are `#` (a number), `#year` and `#name`.",
                ),
            };
        }
        if self.eat("*") {
            return Ok(Part::Word(vec![self.vocabulary.learn_stem(word)]));
        }
        if self.rest.starts_with('(') {
            return self.endings(word);
        }
        self.plain(word)
    }

    /// `want(s|ed)?`: the word with each of its endings.
    fn endings(&mut self, word: &str) -> Result<Part, PhraseError> {
        let Some((endings, rest)) = self.rest[1..].split_once(')') else {
            return wrong("a bracket is not closed", "Write `)` where the endings end.");
        };
        self.rest = rest;
        let mut parts = Vec::new();
        for ending in endings.split('|') {
            parts.push(self.plain(&format!("{word}{}", ending.trim()))?);
        }
        if self.eat("?") {
            parts.push(self.plain(word)?);
        }
        Ok(one_of(parts))
    }

    fn plain(&mut self, word: &str) -> Result<Part, PhraseError> {
        let ids = self.vocabulary.learn(word);
        match ids.as_slice() {
            [] => wrong(
                format!("`{word}` is not a word"),
                "Write words, `( | )`, `?`, `...`, `*`, `{family}`, `#`, `_`, `^`.",
            ),
            [id] => Ok(Part::Word(vec![*id])),
            _ => Ok(Part::Sequence(ids.into_iter().map(|id| Part::Word(vec![id])).collect())),
        }
    }

    fn eat(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

/// Alternatives as one part: single words are looked up together.
#[must_use]
pub fn one_of(parts: Vec<Part>) -> Part {
    let mut words = Vec::new();
    let mut others = Vec::new();
    parts.into_iter().for_each(|part| gather(part, &mut words, &mut others));
    if !words.is_empty() {
        words.sort_unstable();
        words.dedup();
        others.push(Part::Word(words));
    }
    if others.len() == 1 { others.remove(0) } else { Part::Alternatives(others) }
}

fn gather(part: Part, words: &mut Vec<WordId>, others: &mut Vec<Part>) {
    match part {
        Part::Word(ids) => words.extend(ids),
        Part::Alternatives(parts) => parts.into_iter().for_each(|part| gather(part, words, others)),
        Part::Family(family) => match &*family {
            Part::Word(ids) => words.extend(ids),
            _ => others.push(Part::Family(family)),
        },
        other => others.push(other),
    }
}
