//! Text messages: folding to the letters that phones' own alphabet has, and counting parts exactly.
//!
//! The count is that of Twilio's own calculator; `tests/data/sms-parts.json` holds what it says.

use unicode_segmentation::UnicodeSegmentation;

/// How a text message is encoded: one letter outside GSM-7 makes the whole text UCS-2, and more than twice as dear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Seven bits a letter: 160 in one part, 153 in each of several.
    Gsm7,
    /// Sixteen bits a unit: 70 in one part, 67 in each of several.
    Ucs2,
}

/// How many parts a text has, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The parts that are paid for.
    pub parts: usize,
    /// The encoding.
    pub encoding: Encoding,
}

/// The letters of GSM-7 (GSM 03.38) that take one septet.
const BASIC: &str = "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz¡£¤¥§¿ÄÅÆÉÑÖØÜßàäåæÇèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ";

/// The letters of GSM-7 that take two septets, which are never torn apart.
const EXTENDED: &str = "\u{c}[\\]^{|}~€";

/// Counts the parts of a text as it is, without folding.
#[must_use]
pub fn count(text: &str) -> Count {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    match septets {
        Some(sizes) => Count { parts: parts(&sizes, 160, 153), encoding: Encoding::Gsm7 },
        None => {
            // A grapheme is never torn apart, so neither is a surrogate pair; a line break of two letters is.
            let sizes: Vec<usize> = text
                .graphemes(true)
                .flat_map(
                    |letter| {
                        if letter == "\r\n" { vec![1, 1] } else { vec![letter.encode_utf16().count()] }
                    },
                )
                .collect();
            Count { parts: parts(&sizes, 70, 67), encoding: Encoding::Ucs2 }
        }
    }
}

fn septets(letter: char) -> Option<usize> {
    if BASIC.contains(letter) {
        Some(1)
    } else if EXTENDED.contains(letter) {
        Some(2)
    } else {
        None
    }
}

/// How many parts letters of these sizes need: one may hold `single`, each of several `joined`.
fn parts(sizes: &[usize], single: usize, joined: usize) -> usize {
    if sizes.iter().sum::<usize>() <= single {
        return 1;
    }
    let (mut parts, mut used) = (1, 0);
    for size in sizes {
        if joined < used + size {
            parts += 1;
            used = 0;
        }
        used += size;
    }
    parts
}

/// Replaces what word processors make of plain letters, so that a curly quote does not double the price of a text.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{02bc}' | '\u{00b4}'
            | '`' => {
                folded.push('\'');
            }
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' | '«' | '»' => folded.push('"'),
            // Dashes, the minus sign and the bullet.
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2022}' => folded.push('-'),
            '\u{2026}' => folded.push_str("..."),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\t' => {
                folded.push(' ');
            }
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            other => folded.push(other),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vector {
        text: String,
        encoding: String,
        parts: usize,
    }

    #[test]
    fn parts_are_counted_as_twilio_counts_them() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../../tests/data/sms-parts.json")).unwrap();
        assert!(290 < vectors.len());
        for Vector { text, encoding, parts } in vectors {
            let encoding = if encoding == "GSM-7" { Encoding::Gsm7 } else { Encoding::Ucs2 };
            assert_eq!(count(&text), Count { parts, encoding }, "{text:?}");
        }
    }

    #[test]
    fn what_a_word_processor_made_of_a_text_is_folded_back() {
        assert_eq!(
            fold("It\u{2019}s \u{201c}fine\u{201d} \u{2013} ok\u{2026}\u{a0}now"),
            "It's \"fine\" - ok... now"
        );
        assert_eq!(
            count(&fold("It\u{2019}s \u{201c}fine\u{201d} \u{2013} ok\u{2026}")).encoding,
            Encoding::Gsm7
        );
        assert_eq!(fold("D\u{175}r Cymru, caf\u{e9}"), "D\u{175}r Cymru, caf\u{e9}");
    }
}
