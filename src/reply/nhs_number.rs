//! An NHS number: ten digits, the last of which checks the others.
//!
//! Invariant: what fails the check, or is said to be doubtful, is no NHS number.

use crate::reply::Lexicons;
use crate::reply::heard::Heard;
use crate::reply::lexicon::UNSURE;
use crate::reply::phone::runs;

/// The one NHS number of a text, as ten digits.
#[must_use]
pub fn nhs_number(text: &str, lexicons: &Lexicons) -> Option<String> {
    let heard = Heard::new(text, lexicons);
    let mut found = runs(&heard).into_iter().map(|run| run.digits).filter(|digits| 1 < digits.len());
    let digits = found.next()?;
    let doubtful = found.next().is_some() || heard.has(UNSURE);
    (!doubtful && checks(&digits)).then_some(digits)
}

/// Modulus 11, as the NHS Data Dictionary says; ten like digits pass it, but are never issued.
fn checks(digits: &str) -> bool {
    let numbers: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let [first, .., check] = numbers.as_slice() else {
        return false;
    };
    let all_same = numbers.iter().all(|number| number == first);
    let sum: u32 = numbers.iter().zip((2..=10).rev()).map(|(number, weight)| number * weight).sum();
    let expected = (11 - sum % 11) % 11;
    numbers.len() == 10 && !all_same && expected == *check
}
