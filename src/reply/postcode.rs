//! A UK postcode.
//!
//! Invariant: a slip is mended only where one reading is a postcode; two postcodes are asked again.

use std::collections::BTreeSet;

use crate::domain::postcode::Postcode;
use crate::reply::heard::Heard;

/// The code words in which people spell letters out (ITU and NATO), in the order of the alphabet.
const SPELLING: [&str; 26] = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo",
    "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
    "whiskey", "xray", "yankee", "zulu",
];

/// The lengths of a postcode without its space.
const LEAST: usize = 5;
const MOST: usize = 7;

/// The one postcode of a text.
pub(crate) fn read(heard: &Heard) -> Option<Postcode> {
    let pieces: Vec<String> = pieces(heard);
    let whole = |pieces: &[&[String]]| -> BTreeSet<Postcode> {
        pieces.iter().filter_map(|part| part.concat().parse().ok()).collect()
    };
    let usual = windows(&pieces, is_usual);
    let spelled = windows(&pieces, is_spelled);
    for found in [whole(&usual), longest(&spelled), mended(&usual, pieces.len())] {
        if !found.is_empty() {
            return only(found);
        }
    }
    None
}

fn only(found: BTreeSet<Postcode>) -> Option<Postcode> {
    (found.len() == 1).then(|| found.into_iter().next()).flatten()
}

/// The words; digits in words and letters spelled out become one character each.
fn pieces(heard: &Heard) -> Vec<String> {
    (0..heard.len())
        .map(|at| {
            let word = heard.word(at);
            let letter =
                SPELLING.iter().position(|code| *code == word).and_then(|place| u8::try_from(place).ok());
            let digit = heard.longest_by(at, |meaning| meaning.number.is_some_and(|number| number < 10));
            match (letter, digit.and_then(|found| found.meaning.number)) {
                (Some(place), _) => char::from(b'a' + place).to_string(),
                (None, Some(number)) if !word.starts_with(|c: char| c.is_ascii_digit()) => number.to_string(),
                (None, _) => word.to_owned(),
            }
        })
        .collect()
}

/// Neighbouring words that are together as long as a postcode.
fn windows(pieces: &[String], fits: impl Fn(&[String]) -> bool) -> Vec<&[String]> {
    let mut windows = Vec::new();
    for from in 0..pieces.len() {
        let mut length = 0;
        for to in from..pieces.len() {
            length += pieces[to].len();
            if MOST < length {
                break;
            }
            let window = &pieces[from..=to];
            if LEAST <= length && fits(window) {
                windows.push(window);
            }
        }
    }
    windows
}

/// In one word, or cut before the last three characters.
fn is_usual(window: &[String]) -> bool {
    match window {
        [_] => true,
        [outward, inward] => inward.len() == 3 && (2..=4).contains(&outward.len()),
        _ => false,
    }
}

/// Cut up further: `n e 6 5 l h`, `cr2 6 xh`.
fn is_spelled(window: &[String]) -> bool {
    let short = window.iter().filter(|piece| piece.len() <= 2).count();
    2 < window.len() && window.len() <= short + 1
}

/// The longest postcodes among cut-up words: `e 6 5 l h` stands inside `n e 6 5 l h`.
fn longest(windows: &[&[String]]) -> BTreeSet<Postcode> {
    let all: BTreeSet<Postcode> = windows.iter().filter_map(|window| window.concat().parse().ok()).collect();
    let longest = all.iter().map(|postcode| postcode.as_str().len()).max();
    all.into_iter().filter(|postcode| Some(postcode.as_str().len()) == longest).collect()
}

/// Postcodes that are right when O and 0, or I, L and 1 are swapped where the shape asks for it. Among other words,
/// what holds no digit at all is a word.
fn mended(windows: &[&[String]], words: usize) -> BTreeSet<Postcode> {
    let written = |window: &&[String]| {
        window.len() == words || window.concat().bytes().any(|byte| byte.is_ascii_digit())
    };
    windows.iter().copied().filter(written).flat_map(|window| readings(&window.concat())).collect()
}

/// Every postcode that the text may have meant.
fn readings(text: &str) -> BTreeSet<Postcode> {
    let mut readings = vec![String::new()];
    if !text.is_ascii() {
        return BTreeSet::new();
    }
    for c in text.chars() {
        let forms: &[char] = match c {
            'o' | '0' => &['o', '0'],
            'i' => &['i', '1'],
            'l' => &['l', '1'],
            '1' => &['1', 'i'],
            _ => &[],
        };
        readings = if forms.is_empty() {
            readings.into_iter().map(|reading| format!("{reading}{c}")).collect()
        } else {
            readings
                .iter()
                .flat_map(|reading| forms.iter().map(move |form| format!("{reading}{form}")))
                .collect()
        };
    }
    readings.iter().filter_map(|reading| reading.parse().ok()).filter(Postcode::is_in_a_known_area).collect()
}
