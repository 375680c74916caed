//! How hard an English text is to read.
//!
//! The reading age is the Flesch-Kincaid grade plus five:
//! `0.39 × words per sentence + 11.8 × syllables per word − 15.59 + 5`. Syllables are counted as groups of vowels, a
//! silent `e` at the end left out. It is a rule of thumb that finds long sentences and long words, nothing more.

/// The reading age above which a text is worth another look: that of a child of eleven (NHS service manual).
pub const OLDEST_READER: f64 = 11.0;

/// The most words that a sentence should have (NHS service manual).
pub const LONGEST_SENTENCE: usize = 20;

/// A text of fewer words has no meaningful reading age.
const FEWEST_WORDS: usize = 12;

/// The reading age of a text; `None` for one too short to say.
#[must_use]
pub fn reading_age(text: &str) -> Option<f64> {
    let sentences: Vec<Vec<&str>> = sentences(text).map(words).filter(|words| !words.is_empty()).collect();
    let words: Vec<&str> = sentences.concat();
    if words.len() < FEWEST_WORDS {
        return None;
    }
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let words_per_sentence = count(words.len()) / count(sentences.len());
    let syllables_per_word = count(syllables) / count(words.len());
    Some(0.39 * words_per_sentence + 11.8 * syllables_per_word - 15.59 + 5.0)
}

/// The number of words of the longest sentence.
#[must_use]
pub fn longest_sentence(text: &str) -> usize {
    sentences(text).map(|sentence| words(sentence).len()).max().unwrap_or(0)
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', '?', ':', ';', '\n'])
}

fn words(sentence: &str) -> Vec<&str> {
    sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect()
}

fn syllables(word: &str) -> usize {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let spoken = match word.strip_suffix('e') {
        Some(stem) if !word.ends_with("le") => stem,
        Some(_) | None => &word,
    };
    let vowel = |letter: char| "aeiouy".contains(letter);
    let starts = spoken.chars().zip(std::iter::once(' ').chain(spoken.chars()));
    starts.filter(|(letter, before)| vowel(*letter) && !vowel(*before)).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_groups_of_vowels_without_a_silent_e() {
        for (word, count) in
            [("me", 1), ("table", 2), ("support", 2), ("automatic", 4), ("alone", 2), ("rhythm", 1)]
        {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn plain_words_are_for_children_and_long_ones_for_nobody() {
        let plain = "We read what you send. You can stop at any time. Just text the word stop to us.";
        let hard = "Your personal information will be processed electronically in accordance with applicable \
                    regulations concerning confidentiality.";
        assert!(reading_age(plain).is_some_and(|age| age < 8.0), "{:?}", reading_age(plain));
        assert!(reading_age(hard).is_some_and(|age| OLDEST_READER < age), "{:?}", reading_age(hard));
        assert_eq!(reading_age("Thank you."), None);
        assert_eq!(longest_sentence(plain), 7);
    }
}
