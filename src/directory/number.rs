//! Numbers that people ring or text, as data files write them and as people read them.
//!
//! Invariant: a number holds digits and blanks, and nothing that a phone cannot dial but ", option 2" after it.

use std::str::FromStr;

/// A number that can be rung or texted: `01632 960101`, `+44 1632 960101`, `116 123`, `999`, `111, option 2`.
pub(super) struct Diallable(pub(super) String);

/// The text is no such number.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotDiallable {
    #[error(
        "not a number: `{0}` cannot be dialled; write digits and blanks, such as 01632 960101 or 116 123, and what to choose after a comma, such as 111, option 2"
    )]
    Letter(char),
    #[error(
        "not a number of the UK: write it in full, such as 01632 960101 or +44 1632 960101, or a short one of 3 to 6 digits, such as 999, 116 123 or 85258"
    )]
    Length,
}

/// Dialled before a number by people with a textphone.
const TEXTPHONE_PREFIXES: [&str; 2] = ["18001", "18000"];

impl FromStr for Diallable {
    type Err = NotDiallable;

    fn from_str(text: &str) -> Result<Self, NotDiallable> {
        let (number, option) =
            text.split_once(',').map_or((text, None), |(number, o)| (number, Some(o.trim())));
        let chosen = option.is_none_or(|option| {
            let digit = option.strip_prefix("option ").unwrap_or_default();
            !digit.is_empty() && digit.bytes().all(|byte| byte.is_ascii_digit())
        });
        if !chosen {
            return Err(NotDiallable::Letter(','));
        }
        let national = number.strip_prefix('+').unwrap_or(number);
        if let Some(wrong) = national.chars().find(|c| !c.is_ascii_digit() && *c != ' ') {
            return Err(NotDiallable::Letter(wrong));
        }
        let digits: String = national.chars().filter(char::is_ascii_digit).collect();
        let right =
            if number.starts_with('+') { is_british_abroad(&digits) } else { is_dialled_here(&digits) };
        if right { Ok(Self(text.to_owned())) } else { Err(NotDiallable::Length) }
    }
}

/// Ten digits after the country's, or nine: some numbers are short by one.
fn is_british_abroad(digits: &str) -> bool {
    digits.starts_with("44") && (11..=12).contains(&digits.len()) && !digits.starts_with("440")
}

/// A short number has no nought before it; all others have, and ten or eleven digits, or eight (`0800 1111`).
fn is_dialled_here(digits: &str) -> bool {
    let rest = TEXTPHONE_PREFIXES.iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits);
    let is_whole = |digits: &str| digits.starts_with('0') && matches!(digits.len(), 8 | 10 | 11);
    is_whole(rest) || (3..=6).contains(&digits.len()) && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_a_phone_can_dial() {
        for right in [
            "999",
            "111",
            "111, option 2",
            "116 123",
            "85258",
            "18000",
            "0800 1111",
            "0808 80 10 800",
            "0808 2000 247",
            "18001 0808 808 8000",
            "01632 960101",
            "+44 1632 960101",
            "07700 900123",
        ] {
            assert!(right.parse::<Diallable>().is_ok(), "{right}");
        }
        for (wrong, letter) in
            [("01632 96O101", 'O'), ("0800-1111", '-'), ("ring us", 'r'), ("111, then 2", ','), ("٩٩٩", '٩')]
        {
            assert_eq!(wrong.parse::<Diallable>().err(), Some(NotDiallable::Letter(letter)), "{wrong}");
        }
        for wrong in
            ["", "99", "01632 9601", "01632 9601011", "1632 960101", "+48 500 100 200", "+44 01632 960101"]
        {
            assert_eq!(wrong.parse::<Diallable>().err(), Some(NotDiallable::Length), "{wrong}");
        }
    }
}
