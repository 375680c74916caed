//! A UK phone number.
//!
//! Invariant: one whole number, in E.164 form; numbers that are set aside for drama count.

use phonenumber::Mode;
use phonenumber::country::Id::GB;

use crate::reply::heard::Heard;
use crate::reply::lexicon::DOUBLE;
use crate::reply::lexicon::TREBLE;
use crate::reply::lexicon::ZERO;

/// Runs of fewer digits are times and counts, not numbers of a phone.
const LEAST_RUN: usize = 5;

/// Longer texts of digits are no phone number.
const MOST_DIGITS: usize = 40;

/// The one phone number of a text, in E.164 form.
pub(crate) fn read(heard: &Heard) -> Option<String> {
    if 1 < heard.folded.text.matches('+').count() {
        return None;
    }
    let mut found = runs(heard).into_iter().filter(|run| LEAST_RUN <= run.digits.len());
    let run = found.next()?;
    if found.next().is_some() {
        return None;
    }
    e164(&run)
}

/// Digits that belong together.
#[derive(Debug, Default, Clone)]
pub(crate) struct Run {
    /// The digits.
    pub digits: String,
    /// Whether a plus stands before them.
    pub plus: bool,
}

/// The runs of digits in a text: words between them part them.
pub(crate) fn runs(heard: &Heard) -> Vec<Run> {
    let mut runs = vec![Run::default()];
    let mut times = 1;
    for at in 0..heard.len() {
        let Some(last) = runs.last_mut() else { break };
        if let Some(digits) = digits_at(heard, at) {
            let plus = heard.folded.before(at) == Some('+');
            if plus && !last.digits.is_empty() {
                runs.push(Run { digits, plus });
            } else {
                last.plus |= plus;
                last.digits.push_str(&digits.repeat(times));
            }
            times = 1;
        } else if let Some(found) = heard.longest(at, DOUBLE | TREBLE) {
            times = if found.is(DOUBLE) { 2 } else { 3 };
        } else {
            times = 1;
            runs.push(Run::default());
        }
        if MOST_DIGITS < runs.last().map_or(0, |run| run.digits.len()) {
            return Vec::new();
        }
    }
    runs.retain(|run| !run.digits.is_empty());
    runs
}

/// The digits that this word stands for; `o` beside digits is a zero.
fn digits_at(heard: &Heard, at: usize) -> Option<String> {
    let word = heard.word(at);
    let digit_or_o = |c: char| c.is_ascii_digit() || c == 'o';
    if word.chars().all(digit_or_o) && (word.len() <= 2 || word.contains(|c: char| c.is_ascii_digit())) {
        return Some(word.replace('o', "0"));
    }
    if heard.is_phrase(at, at + 1, ZERO) {
        return Some("0".to_owned());
    }
    let found = heard.longest_by(at, |meaning| meaning.number.is_some_and(|number| number < 10))?;
    (found.to == at + 1).then(|| found.meaning.number.map(|number| number.to_string())).flatten()
}

fn e164(run: &Run) -> Option<String> {
    let national = national(run)?;
    let kind_right = national.starts_with(['1', '2', '3', '7', '8']);
    if national.len() != 10 || !kind_right {
        return None;
    }
    let number = phonenumber::parse(Some(GB), format!("+44{national}")).ok()?;
    Some(number.format().mode(Mode::E164).to_string())
}

/// The digits after the country and the zero.
fn national(run: &Run) -> Option<&str> {
    let digits = run.digits.as_str();
    let abroad = digits.strip_prefix("00").or(run.plus.then_some(digits));
    let after_country = |rest: &'_ str| rest.strip_prefix("44").map(str::len);
    match abroad {
        Some(rest) => {
            let length = after_country(rest)?;
            let rest = &rest[rest.len() - length..];
            Some(rest.strip_prefix('0').unwrap_or(rest))
        }
        None if digits.len() == 11 => digits.strip_prefix('0'),
        None if digits.len() == 10 && digits.starts_with('7') => Some(digits),
        None => digits.strip_prefix("44").map(|rest| rest.strip_prefix('0').unwrap_or(rest)),
    }
}
