//! By which words a message is found: whole ones, folded as search folds them.
//!
//! Invariant: a message is found by a word if, and only if, the word stands in it as a whole; common words alone find
//! nothing.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use crate::domain::search::words;

/// A long letter has fewer other words than this; what comes later in a longer one finds it no more.
const MOST_WORDS: usize = 128;
/// A single letter says nothing.
const FEWEST_LETTERS: usize = 2;
/// The longest word of English that anybody has cause to write has fewer.
const LONGEST_WORD: usize = 32;
/// Nobody remembers more of a message.
const MOST_WANTED: usize = 8;
/// By so many of them it is looked for; whether it holds the others shows when it was opened.
pub const MOST_KEYED: usize = 3;

static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("common_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// The words by which a message is found.
#[must_use]
pub fn keys_of(text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (_, word) in spans(text) {
        if is_key(&word) && keys.len() < MOST_WORDS {
            keys.insert(word);
        }
    }
    keys
}

fn is_key(word: &str) -> bool {
    FEWEST_LETTERS <= word.chars().count() && !is_common(word)
}

/// Whether a folded word says nothing of what a text is about.
#[must_use]
pub fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

/// Each word of a text, folded, and where it stands.
#[must_use]
pub fn spans(text: &str) -> Vec<(Range<usize>, String)> {
    let is_inside = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "'’‘`".contains(c);
    let mut spans = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if !is_inside(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some((at, c)) = rest.next_if(|(_, c)| is_inside(*c)) {
            end = at + c.len_utf8();
        }
        let folded = words(&text[start..end]).into_iter();
        spans.extend(folded.map(|word| (start..end, word.chars().take(LONGEST_WORD).collect())));
    }
    spans
}

/// Words that a message has to hold, all of them.
#[derive(Clone, PartialEq, Eq)]
pub struct WantedWords {
    wanted: BTreeSet<String>,
    keyed: [String; MOST_KEYED],
}

impl WantedWords {
    /// Reads what somebody typed. `None` where no message can be found by it.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let wanted: BTreeSet<String> =
            spans(typed).into_iter().map(|(_, word)| word).take(MOST_WANTED).collect();
        let mut keyed: Vec<String> = wanted.iter().filter(|word| is_key(word)).cloned().collect();
        // Long words are rarer.
        keyed.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let first = keyed.first()?.clone();
        keyed.resize(MOST_KEYED, first);
        keyed.try_into().ok().map(|keyed| Self { wanted, keyed })
    }

    /// The words by which it is looked for: each is one of the wanted, and they may be the same.
    #[must_use]
    pub fn keyed(&self) -> &[String; MOST_KEYED] {
        &self.keyed
    }

    /// Where they stand in a text, in order; nothing where it does not hold them all.
    #[must_use]
    pub fn found_in(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let (mut found, mut marks) = (BTreeSet::new(), Vec::new());
        for (range, word) in spans(text) {
            if self.wanted.contains(&word) {
                marks.push(range);
                found.insert(word);
            }
        }
        marks.dedup();
        (found.len() == self.wanted.len()).then_some(marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "I can’t sleep since Siân’s café shut. Sleep!";

    fn marks(typed: &str) -> Option<Vec<&'static str>> {
        let found = WantedWords::read(typed)?.found_in(TEXT)?;
        Some(found.into_iter().map(|range| &TEXT[range]).collect())
    }

    #[test]
    fn a_text_is_found_by_its_whole_words_however_they_are_typed() {
        assert_eq!(marks("SLEEP cafe"), Some(vec!["sleep", "café", "Sleep"]));
        assert_eq!(marks("cant sleep"), Some(vec!["can’t", "sleep", "Sleep"]));
        assert_eq!(marks("sian's"), Some(vec!["Siân’s"]));
        for typed in ["slee", "sleep cafes", "sleep and cafe", "sian"] {
            assert_eq!(marks(typed), None, "{typed}");
        }
    }

    #[test]
    fn common_words_alone_find_nothing_and_are_no_keys() {
        for typed in ["", "I can't", "the", "s ?!", "dw i ddim yn".split(" ddim").next().unwrap_or_default()]
        {
            assert!(WantedWords::read(typed).is_none(), "{typed}");
        }
        let keys = keys_of(TEXT);
        assert_eq!(
            keys.iter().map(String::as_str).collect::<Vec<_>>(),
            ["cafe", "shut", "sians", "since", "sleep"]
        );
        let wanted = WantedWords::read("I can't sleep since").expect("two that are keys");
        assert!(wanted.keyed().iter().all(|word| keys.contains(word)));
    }

    #[test]
    fn a_long_letter_has_no_more_keys_than_are_kept() {
        let letter: String = (0..1_000).map(|number| format!("word{number} ")).collect();
        assert_eq!(keys_of(&letter).len(), MOST_WORDS);
    }

    #[test]
    fn the_list_of_common_words_is_folded_as_messages_are() {
        assert!(COMMON.iter().all(|word| words(word) == [*word]));
    }
}
