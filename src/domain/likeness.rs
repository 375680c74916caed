//! What two people have in common that may make them one: a number, or a name with a date of birth or a postcode.
//!
//! Invariant: likeness is a reason to look, for a person; it joins nobody.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::message::Words;
use crate::domain::postcode::Postcode;
use crate::domain::search::Term;

/// What is the same about two people, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The number from which one writes, or that they shared as their own on Telegram, is the other's own too.
    OwnNumber,
    /// One gave a number that the other gave or writes from.
    Number,
    /// Name and date of birth.
    NameAndBirth,
    /// Name and postcode.
    NameAndPostcode,
}

/// What tells people apart.
#[derive(Default)]
pub struct Particulars {
    /// The words of each name, in the order of the alphabet: "Okafor, Joan" is Joan Okafor.
    names: BTreeSet<Vec<String>>,
    own_numbers: BTreeSet<String>,
    numbers: BTreeSet<String>,
    births: BTreeSet<Date>,
    postcodes: BTreeSet<Postcode>,
}

impl Particulars {
    /// Adds a name.
    pub fn add_name(&mut self, name: &Words) {
        let mut words = Term::words_of(&name.0);
        words.sort();
        if !words.is_empty() {
            self.names.insert(words);
        }
    }

    /// Adds a number that is theirs: they write from it, or have shared it as their own.
    pub fn add_own_number(&mut self, number: &str) {
        if let Some(term) = Term::of_number(number) {
            self.own_numbers.insert(term.letters.clone());
            self.numbers.insert(term.letters);
        }
    }

    /// Adds what was answered, where it is a number, a date of birth or a postcode.
    pub fn add_told(&mut self, answer: &str) {
        if let Some(term) = Term::of_number(answer) {
            self.numbers.insert(term.letters);
        }
        self.births.extend(answer.parse::<Date>());
        self.postcodes.extend(answer.parse::<Postcode>());
    }

    /// By what whoever may be the same is looked up, both terms of a pair together: the two longest words of each name,
    /// since thousands share a surname, and each number. One that stands alone stands twice.
    pub fn terms(&self) -> impl Iterator<Item = [Term; 2]> {
        let longest = |words: &Vec<String>| {
            let mut words: Vec<&String> = words.iter().collect();
            words.sort_by_key(|word| Reverse(word.chars().count()));
            let (first, second) = (words.first()?, words.get(1).or(words.first())?);
            Some([Term::of_word(first), Term::of_word(second)])
        };
        let number = |number: &String| Term::of_number(number).map(|term| [term.clone(), term]);
        self.names.iter().filter_map(longest).chain(self.numbers.iter().filter_map(number))
    }

    /// What is the same.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Vec<Likeness> {
        let same_name = !self.names.is_disjoint(&other.names);
        let found = [
            (!self.own_numbers.is_disjoint(&other.own_numbers), Likeness::OwnNumber),
            (
                self.own_numbers.is_disjoint(&other.own_numbers) && !self.numbers.is_disjoint(&other.numbers),
                Likeness::Number,
            ),
            (same_name && !self.births.is_disjoint(&other.births), Likeness::NameAndBirth),
            (same_name && !self.postcodes.is_disjoint(&other.postcodes), Likeness::NameAndPostcode),
        ];
        found.into_iter().filter_map(|(holds, likeness)| holds.then_some(likeness)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(name: &str, own_number: &str, told: &[&str]) -> Particulars {
        let mut known = Particulars::default();
        known.add_name(&Words(name.to_owned()));
        known.add_own_number(own_number);
        told.iter().for_each(|answer| known.add_told(answer));
        known
    }

    #[test]
    fn a_number_or_a_name_with_birth_or_postcode_makes_people_alike() {
        let joan = somebody("Joan Okafor", "+447700900123", &["1948-03-05", "M1 1AE", "07700 900 555"]);
        let of = |name, number, told: &[&str]| joan.likeness(&somebody(name, number, told));
        assert_eq!(of("Jo", "07700 900123", &[]), [Likeness::OwnNumber]);
        assert_eq!(
            of("Jo", "+447700900555", &[]),
            [Likeness::Number],
            "the number that she asked to be rung at"
        );
        assert_eq!(of("Sue", "+447700900777", &["+44 7700 900123"]), [Likeness::Number]);
        assert_eq!(of("okafor, JOAN", "+447700900777", &["1948-03-05"]), [Likeness::NameAndBirth]);
        assert_eq!(of("Joan Okafor", "", &["m11ae"]), [Likeness::NameAndPostcode]);
        assert_eq!(
            of("Joan Okafor", "", &["m11ae", "1948-03-05"]),
            [Likeness::NameAndBirth, Likeness::NameAndPostcode]
        );
    }

    #[test]
    fn a_name_a_birth_or_a_postcode_alone_makes_nobody_alike() {
        let joan = somebody("Joan Okafor", "+447700900123", &["1948-03-05", "M1 1AE"]);
        for (name, told) in [
            ("Joan Okafor", vec!["1948-03-06", "M1 1AF", "company"]),
            ("Joan", vec!["1948-03-05", "M1 1AE"]),
            ("", vec!["1948-03-05", "M1 1AE"]),
        ] {
            assert!(joan.likeness(&somebody(name, "07700900999", &told)).is_empty(), "{name}");
        }
        assert!(Particulars::default().likeness(&Particulars::default()).is_empty());
    }
}
