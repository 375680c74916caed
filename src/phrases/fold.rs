//! A text as plain words: lower case, without accents, tricks and invisible characters.
//!
//! Rules and texts are folded alike, so that a rule finds what it says however it was typed. Each word remembers which
//! bytes of the original it came from.
//!
//! Invariant: every string can be folded, and every range lies on character boundaries of the original.

use std::ops::Range;

use unicode_normalization::char::decompose_compatible;

use crate::phrases::letters::belongs_to_word;
use crate::phrases::letters::is_accent;
use crate::phrases::letters::is_invisible;
use crate::phrases::letters::is_symbol;
use crate::phrases::letters::letter_of;
use crate::phrases::letters::look_alike;
use crate::phrases::letters::plain_letter;
use crate::phrases::letters::same_letter;

/// How a word is parted from the word before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// By nothing but a blank.
    None,
    /// By a comma, a dash or a new line.
    Soft,
    /// By the end of a sentence.
    Hard,
}

/// A text as plain words.
#[derive(Debug, Default)]
pub struct Folded {
    letters: String,
    words: Vec<Word>,
}

/// One plain word.
#[derive(Debug, Clone)]
pub struct Word {
    /// Where its letters stand in the folded text.
    letters: Range<usize>,
    /// Which bytes of the original it came from.
    pub origin: Range<usize>,
    /// How it is parted from the word before.
    pub parted: Break,
    /// Whether a letter was repeated three times or more.
    pub stretched: bool,
    /// Whether its first letter is a capital, and no other.
    pub capital: bool,
}

/// The most single letters in a row that are read as one spelt-out word ("s u i c i d e").
const MOST_SPELT_OUT: usize = 16;

/// Folds a text.
#[must_use]
pub fn fold(text: &str) -> Folded {
    let mut folder = Folder::new(text.len());
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let end = at + character.len_utf8();
        if character.is_ascii_alphanumeric() {
            folder.note_case(character.is_ascii_uppercase());
            folder.push(character.to_ascii_lowercase(), at, end);
        } else if character == ' ' {
            folder.close();
        } else {
            let next = characters.peek().map(|(_, next)| *next);
            folder.take_unusual(character, next, at..end);
        }
    }
    folder.close();
    folder.folded.join_spelt_out();
    folder.folded
}

impl Folded {
    /// The words, in the order of the text.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The letters of a word.
    #[must_use]
    pub fn letters(&self, word: &Word) -> &str {
        self.letters.get(word.letters.clone()).unwrap_or("")
    }

    /// Makes one word of four and more single letters in a row: "s u i c i d e", "k.i.l.l".
    fn join_spelt_out(&mut self) {
        let single = |word: &Word| word.letters.len() == 1;
        if !self.words.windows(4).any(|four| four.iter().all(single)) {
            return;
        }
        let mut joined: Vec<Word> = Vec::with_capacity(self.words.len());
        let mut run = 0;
        for at in 0..self.words.len() {
            if at < run {
                continue;
            }
            run = at + self.words[at..].iter().take(MOST_SPELT_OUT).take_while(|word| single(word)).count();
            if run < at + 4 {
                run = at + 1;
            }
            joined.push(self.join(at..run));
        }
        self.words = joined;
    }

    fn join(&mut self, run: Range<usize>) -> Word {
        let first = self.words[run.start].clone();
        if run.len() == 1 {
            return first;
        }
        let last = self.words[run.end - 1].origin.end;
        let letters: String = self.words[run].iter().map(|word| self.letters(word)).collect();
        let start = self.letters.len();
        self.letters.push_str(&letters);
        Word { letters: start..self.letters.len(), origin: first.origin.start..last, ..first }
    }
}

/// What has been folded so far.
struct Folder {
    folded: Folded,
    /// Where the open word began, in the folded text and in the original.
    open: Option<(usize, usize)>,
    /// Where the open word ends in the original.
    end: usize,
    parted: Break,
    stretched: bool,
    capital: bool,
    has_digit: bool,
    has_foreign: bool,
    last_dot: bool,
}

impl Folder {
    fn new(length: usize) -> Self {
        Self {
            folded: Folded {
                letters: String::with_capacity(length),
                words: Vec::with_capacity(length / 4 + 1),
            },
            open: None,
            end: 0,
            parted: Break::None,
            stretched: false,
            capital: false,
            has_digit: false,
            has_foreign: false,
            last_dot: false,
        }
    }

    /// Notes the case of the letter that comes next.
    fn note_case(&mut self, is_upper: bool) {
        self.capital = if self.open.is_none() { is_upper } else { self.capital && !is_upper };
    }

    /// Adds a folded letter or digit to the open word.
    fn push(&mut self, letter: char, at: usize, end: usize) {
        let letters = &mut self.folded.letters;
        if self.open.is_none() {
            self.open = Some((letters.len(), at));
        }
        let start = self.open.map_or(0, |(start, _)| start);
        self.end = end;
        self.last_dot = false;
        if letter.is_ascii_digit() {
            self.has_digit = true;
        } else if !letter.is_ascii() {
            self.has_foreign = true;
        } else {
            let word = &letters.as_bytes()[start..];
            let twice = [letter as u8, letter as u8];
            if word.ends_with(&twice) {
                self.stretched = true;
                return;
            }
        }
        letters.push(letter);
    }

    fn take_unusual(&mut self, character: char, next: Option<char>, at: Range<usize>) {
        match character {
            '\'' | '\u{2018}' | '\u{2019}' | '`' | '\u{b4}' | '\u{2bc}' | '\u{ff07}' | '\u{201b}' => {
                // Within a word it is left out ("can't" is "cant"); at its edge it is a quotation mark.
                if !next.is_some_and(char::is_alphanumeric) {
                    self.close();
                }
            }
            '@' | '$' | '*'
                if self.open.is_some() && next.is_some_and(|n| n.is_ascii_alphanumeric() || n == '*') =>
            {
                match character {
                    '@' => self.push('a', at.start, at.end),
                    '$' => self.push('s', at.start, at.end),
                    _ => {}
                }
            }
            '.' => {
                // Dots in a row are a pause for thought, one dot is an end.
                let pause = self.last_dot || next == Some('.');
                self.part(if pause { Break::Soft } else { Break::Hard });
                self.last_dot = true;
                if pause && self.parted == Break::Hard {
                    self.parted = Break::Soft;
                }
            }
            '!' | '?' | ';' | '\u{2026}' | '\u{61f}' | '\u{6d4}' | '\u{61b}' | '\u{964}' | '\u{965}' => {
                self.part(Break::Hard);
            }
            ',' | ':' | '(' | ')' | '"' | '\n' | '\r' | '\u{85}' | '\u{2013}' | '\u{2014}' | '\u{60c}'
            | '\u{2028}' | '\u{2029}' => self.part(Break::Soft),
            _ if is_invisible(character) => {}
            _ if character.is_ascii() || character.is_whitespace() => self.close(),
            _ => self.take_foreign(character, at),
        }
    }

    /// Takes a character beyond ASCII apart: compatibility forms, accents, other scripts, emojis.
    fn take_foreign(&mut self, character: char, at: Range<usize>) {
        if let Some(letter) = plain_letter(character) {
            self.push(letter, at.start, at.end);
            return;
        }
        let mut blank = false;
        decompose_compatible(character, |part| {
            if is_accent(part) {
                return;
            }
            if !belongs_to_word(part) {
                blank = true;
                return;
            }
            for lower in part.to_lowercase().filter(|lower| !is_accent(*lower)) {
                let plain = plain_letter(lower).unwrap_or(lower);
                for letter in same_letter(plain) {
                    self.push(letter, at.start, at.end);
                }
            }
        });
        if !blank {
            return;
        }
        self.close();
        if is_symbol(character) {
            self.push(character, at.start, at.end);
            self.close();
        }
    }

    fn part(&mut self, parted: Break) {
        self.close();
        self.parted = self.parted.max(parted);
    }

    /// Ends the open word.
    fn close(&mut self) {
        let Some((start, origin)) = self.open.take() else {
            return;
        };
        let letters = &mut self.folded.letters;
        if self.has_foreign {
            mend_look_alikes(letters, start);
        }
        if self.has_digit {
            mend_digits(letters, start);
        }
        self.folded.words.push(Word {
            letters: start..letters.len(),
            origin: origin..self.end,
            parted: self.parted,
            stretched: self.stretched,
            capital: self.capital,
        });
        self.parted = Break::None;
        self.stretched = false;
        self.capital = false;
        self.has_digit = false;
        self.has_foreign = false;
    }
}

/// Reads a word of mixed scripts as Latin; a word that is wholly Cyrillic or Greek stays what it is.
fn mend_look_alikes(letters: &mut String, start: usize) {
    let word = &letters[start..];
    let disguised = word.chars().any(|letter| {
        letter.is_ascii_alphabetic() || matches!(letter, 'ѕ' | 'ԁ' | 'ј' | 'һ' | 'ԛ' | 'ԝ' | 'ѵ' | 'ϲ' | 'ӏ')
    });
    if !disguised || !word.chars().any(|letter| look_alike(letter).is_some()) {
        return;
    }
    let plain: String = word.chars().map(|letter| look_alike(letter).unwrap_or(letter)).collect();
    letters.truncate(start);
    letters.push_str(&plain);
}

/// Reads a digit between letters as the letter that it looks like: "k1ll", "su1cide". Others stay: "800mg", "b4".
fn mend_digits(letters: &mut String, start: usize) {
    let word = &letters.as_bytes()[start..];
    if !word.iter().any(u8::is_ascii_alphabetic) || !word.is_ascii() {
        return;
    }
    let letter_at = |at: usize| word.get(at).is_some_and(u8::is_ascii_alphabetic);
    let last = word.len() - 1;
    let hidden =
        |at: usize| 0 < at && letter_at(at - 1) && (letter_at(at + 1) || (at == last && 4 < word.len()));
    let readable = (0..word.len()).filter(|at| word[*at].is_ascii_digit()).all(hidden);
    if !readable {
        return;
    }
    let plain: String = word.iter().map(|byte| char::from(letter_of(*byte))).collect();
    letters.truncate(start);
    letters.push_str(&plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let folded = fold(text);
        let words: Vec<&str> = folded.words().iter().map(|word| folded.letters(word)).collect();
        words.join(" ")
    }

    #[test]
    fn what_people_type_becomes_plain_words() {
        assert_eq!(words("I CAN\u{2019}T do it"), "i cant do it");
        assert_eq!(words("żyć Łódź café"), "zyc lodz cafe");
        assert_eq!(words("self-harm, a&e"), "self harm a e");
        assert_eq!(words("'quoted'"), "quoted");
    }

    #[test]
    fn tricks_do_not_hide_a_word() {
        assert_eq!(words("ѕuісіdе"), "suicide");
        assert_eq!(words("su1c1de k1ll suicid3"), "suicide kill suicide");
        assert_eq!(words("S\u{200b}T\u{200b}O\u{200b}P 𝐒𝐓𝐎𝐏 ⓈⓉⓄⓅ 🆂🆃🅾🅿 ꜱᴛᴏᴘ"), "stop stop stop stop stop");
        assert_eq!(words("s u i c i d e now"), "suicide now");
        assert_eq!(words("su*cide"), "sucide");
        assert_eq!(words("dieeeee"), "diee");
    }

    #[test]
    fn what_is_no_trick_stays() {
        assert_eq!(words("BN1 1AA 800mg b4 30th 1000"), "bn1 1aa 800mg b4 30th 1000");
        assert_eq!(words("чоловік мене б'є"), "чоловік мене бє");
        assert_eq!(words("hi💊there"), "hi 💊 there");
    }

    #[test]
    fn a_word_knows_its_bytes() {
        let text = "ah, ѕuісіdе!";
        let folded = fold(text);
        assert_eq!(&text[folded.words()[1].origin.clone()], "ѕuісіdе");
        assert_eq!(folded.words()[1].parted, Break::Soft);
    }
}
