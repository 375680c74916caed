//! What a case is found by: the beginnings of names, numbers, postcodes and references, folded so that each is found
//! however it was typed.
//!
//! Invariant: nothing shorter than three letters, or six figures of a number, is ever a beginning; what is shorter is
//! found as a whole only.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::ids::Reference;
use crate::domain::message::Words;
use crate::domain::postcode::Postcode;

/// With two letters most people of a practice would share a beginning, and a list of them would tell nobody anything.
const FEWEST_LETTERS: usize = 3;
/// All numbers of this country's mobiles share the first two figures, and many the first five.
const FEWEST_FIGURES: usize = 6;
/// The shortest number that can be rung from elsewhere; what is shorter is an age or a house.
const SHORTEST_NUMBER: usize = 9;
/// The longest that E.164 knows, and the two noughts before it.
const LONGEST_NUMBER: usize = 17;
/// Some answer the question for their name with a story.
const MOST_WORDS: usize = 8;
const LONGEST_WORD: usize = 24;
/// What is typed after the third word narrows nothing down.
const MOST_TERMS: usize = 3;

/// Kinds of things that are searched, each with an index of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The name of the person, or of whoever writes for them.
    Name,
    /// A number.
    Phone,
    /// A postcode.
    Postcode,
    /// The reference of a case.
    Reference,
}

/// A word to be found, or by which something is found, folded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// In which index.
    pub field: Field,
    /// The letters or figures.
    pub letters: String,
}

impl Term {
    /// The words of a name, folded.
    #[must_use]
    pub fn words_of(name: &str) -> Vec<String> {
        words(name)
    }

    /// A whole word of a name, folded already.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        Self { field: Field::Name, letters: word.chars().take(LONGEST_WORD).collect() }
    }

    /// A whole number, where the text is one.
    #[must_use]
    pub fn of_number(text: &str) -> Option<Self> {
        is_number(text).then(|| Self { field: Field::Phone, letters: national(text) })
    }
}

/// Everything by which somebody is found.
#[derive(Default)]
pub struct Findable(BTreeSet<Term>);

impl Findable {
    /// Adds the beginnings of each word of a name.
    pub fn add_name(&mut self, name: &Words) {
        for word in words(&name.0).into_iter().take(MOST_WORDS) {
            self.add(Field::Name, &word, FEWEST_LETTERS);
        }
    }

    /// Adds the beginnings of a number, where the text is one.
    pub fn add_phone(&mut self, text: &str) {
        if is_number(text) {
            self.add(Field::Phone, &national(text), FEWEST_FIGURES);
        }
    }

    /// Adds the beginnings of a postcode, where the text is one, and its first half.
    pub fn add_postcode(&mut self, text: &str) {
        let Ok(postcode) = text.parse::<Postcode>() else { return };
        let (outward, inward) = postcode.as_str().split_once(' ').unwrap_or((postcode.as_str(), ""));
        self.add(Field::Postcode, &format!("{outward}{inward}"), FEWEST_LETTERS);
        self.0.insert(Term { field: Field::Postcode, letters: outward.to_owned() });
    }

    /// Adds the beginnings of a reference.
    pub fn add_reference(&mut self, reference: &str) {
        self.add(Field::Reference, reference.trim_start_matches("FB-"), FEWEST_LETTERS);
    }

    /// All of it.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.0.iter()
    }

    /// The beginnings of a word; the word alone where it is too short to have any.
    fn add(&mut self, field: Field, word: &str, fewest: usize) {
        let letters: Vec<char> = word.chars().take(LONGEST_WORD).collect();
        for length in fewest.min(letters.len())..=letters.len() {
            self.0.insert(Term { field, letters: letters[..length].iter().collect() });
        }
    }
}

/// What is looked for: every term has to be found, each as one of the two things that it may be.
#[derive(Clone, PartialEq, Eq)]
pub struct Query([[Term; 2]; MOST_TERMS]);

impl Query {
    /// Reads what somebody typed. `None` where nothing can be found by it: too little, or neither letters nor figures.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let mut terms = Vec::new();
        for group in groups(typed).into_iter().take(MOST_TERMS) {
            terms.push(term(&group)?);
        }
        let first = terms.first()?.clone();
        terms.resize(MOST_TERMS, first);
        terms.try_into().ok().map(Self)
    }

    /// The terms, each as the two things that it may be.
    #[must_use]
    pub fn terms(&self) -> &[[Term; 2]; MOST_TERMS] {
        &self.0
    }
}

/// The words of what was typed; those with figures that stand side by side are one, as numbers and postcodes are
/// written in parts. The letters before a reference are no word of their own.
fn groups(typed: &str) -> Vec<String> {
    let has_figures = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let mut groups: Vec<String> = Vec::new();
    for word in words(typed) {
        match groups.last_mut() {
            Some(last) if has_figures(last) && has_figures(&word) => last.push_str(&word),
            Some(last) if last == "fb" => *last = word,
            Some(_) | None => groups.push(word),
        }
    }
    groups
}

/// What a word may be: a reference, and one thing more. `None` where it is too short to be either.
fn term(word: &str) -> Option<[Term; 2]> {
    let of = |field, letters: String| Term { field, letters };
    let other = if word.bytes().all(|b| b.is_ascii_digit()) {
        let figures = national(word);
        (FEWEST_FIGURES <= figures.len()).then(|| of(Field::Phone, figures))
    } else if word.contains(|c: char| c.is_ascii_digit()) {
        let letters = word.to_ascii_uppercase();
        (2..=7).contains(&letters.len()).then(|| of(Field::Postcode, letters))
    } else {
        Some(of(Field::Name, word.chars().take(LONGEST_WORD).collect()))
    };
    let letters = word.strip_prefix("fb").unwrap_or(word).to_ascii_uppercase();
    let may_be = FEWEST_LETTERS <= letters.len() && Reference::may_hold(&letters);
    let reference = may_be.then(|| of(Field::Reference, letters));
    match (other, reference) {
        (Some(other), Some(reference)) => Some([other, reference]),
        (Some(only), None) | (None, Some(only)) => Some([only.clone(), only]),
        (None, None) => None,
    }
}

/// The words of a text: small letters without accents, apostrophes left out.
pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !['\'', '’', '‘', '`'].contains(c))
        .flat_map(char::to_lowercase)
        .collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a text is a telephone number, and nothing else.
fn is_number(text: &str) -> bool {
    let figures = text.chars().filter(char::is_ascii_digit).count();
    let all = text.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    all && (SHORTEST_NUMBER..=LONGEST_NUMBER).contains(&figures)
}

/// The figures of a number as they are dialled in this country; a foreign number begins with its country's.
fn national(number: &str) -> String {
    let figures: String = number.chars().filter(char::is_ascii_digit).collect();
    let figures = figures.strip_prefix("00").unwrap_or(&figures);
    figures.strip_prefix("44").map_or_else(|| figures.to_owned(), |rest| format!("0{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joan() -> Findable {
        let mut joan = Findable::default();
        joan.add_name(&Words("Siân O’Brien-Li".to_owned()));
        joan.add_phone("+447700900123");
        joan.add_postcode("m1 1ae");
        joan.add_reference("FB-7GH2QX");
        joan
    }

    fn finds(typed: &str, whom: &Findable) -> bool {
        let query = Query::read(typed).expect("something to look for");
        query.terms().iter().all(|either| either.iter().any(|term| whom.0.contains(term)))
    }

    #[test]
    fn somebody_is_found_by_beginnings_however_they_are_typed() {
        for typed in [
            "sian",
            "SIÂ",
            "obr",
            "O'Brien",
            "li",
            "Siân O’Brien",
            "brien-li sian",
            "07700 900123",
            "+44 7700 90",
            "077009",
            "M1",
            "m11",
            "M1 1AE",
            "fb-7gh2qx",
            "FB 7GH",
            "FB7GH2",
            "7gh2",
            "Sian M1 1AE",
        ] {
            let typed = typed.replace("brien-li", "o'brien-li");
            assert!(finds(&typed, &joan()), "{typed}");
        }
        for typed in ["jo", "o", "ian", "si", "900123", "077008", "M2", "1AE", "FB-7GH2QW", "sian m2 2aa"] {
            assert!(!finds(typed, &joan()), "{typed}");
        }
    }

    #[test]
    fn too_little_finds_nothing() {
        for typed in ["", " -, ", "077", "FB-7", "M112345678"] {
            assert!(Query::read(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn only_what_is_a_number_or_a_postcode_is_found_as_one() {
        let mut found = Findable::default();
        for text in ["1", "16 to 17", "I would like company", "on 07700 900123", "12345678"] {
            found.add_phone(text);
            found.add_postcode(text);
        }
        assert_eq!(found.terms().count(), 0);
    }
}
