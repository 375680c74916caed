//! UK postcodes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A UK postcode in its usual form, such as `BN1 1AA`.
///
/// Invariant: an outward part (letters and digits in one of the six shapes), a space, a digit and two letters that
/// are none of C I K M O V (Royal Mail's rules for the inward part).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(String);

/// The text is no UK postcode.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a UK postcode: write it whole, such as ZE98 1AA")]
pub struct NotAPostcode;

/// The shapes of an outward part: A letter, 9 digit.
const OUTWARD_SHAPES: [&str; 6] = ["A9", "A99", "A9A", "AA9", "AA99", "AA9A"];

/// The last letters of the shapes A9A and AA9A (UK Government Data Standards Catalogue, postal address): `S1O` is a slip
/// for `S10`.
const LAST_LETTERS: [(&str, &str); 2] = [("A9A", "ABCDEFGHJKPSTUW"), ("AA9A", "ABEHMNPRVWXY")];

/// The letters with which postcodes begin (Office for National Statistics, postcode areas; with the islands).
const AREAS: [&str; 124] = [
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH", "CM",
    "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH",
    "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG",
    "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M", "ME",
    "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR",
    "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW",
    "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR",
    "WS", "WV", "YO", "ZE",
];

impl Postcode {
    /// The postcode with its space.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether postcodes begin with these letters anywhere: which of two readings of a slip was meant.
    #[must_use]
    pub fn is_in_a_known_area(&self) -> bool {
        let letters = self.0.find(|c: char| c.is_ascii_digit()).unwrap_or(self.0.len());
        AREAS.contains(&&self.0[..letters])
    }

    /// The part before the space, such as `BN1`: what a service's area is written in.
    #[must_use]
    pub fn outward(&self) -> &str {
        self.0.split(' ').next().unwrap_or(&self.0)
    }
}

impl FromStr for Postcode {
    type Err = NotAPostcode;

    fn from_str(text: &str) -> Result<Self, NotAPostcode> {
        let letters: String =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        if !letters.is_ascii() || letters.len() < 5 || 7 < letters.len() {
            return Err(NotAPostcode);
        }
        let (outward, inward) = letters.split_at(letters.len() - 3);
        let shape = |part: &str| -> String {
            part.bytes()
                .map(|b| {
                    if b.is_ascii_digit() {
                        '9'
                    } else if b.is_ascii_uppercase() {
                        'A'
                    } else {
                        '?'
                    }
                })
                .collect()
        };
        let outward_shape = shape(outward);
        let last_right = |letters: &str| outward.ends_with(|last| letters.contains(last));
        let wrong_letter =
            LAST_LETTERS.iter().any(|(shape, letters)| *shape == outward_shape && !last_right(letters));
        let outward_right =
            outward == "GIR" || (OUTWARD_SHAPES.contains(&outward_shape.as_str()) && !wrong_letter);
        let inward_right = shape(inward) == "9AA" && !inward[1..].contains(['C', 'I', 'K', 'M', 'O', 'V']);
        if outward_right && inward_right {
            Ok(Self(format!("{outward} {inward}")))
        } else {
            Err(NotAPostcode)
        }
    }
}

impl TryFrom<String> for Postcode {
    type Error = NotAPostcode;

    fn try_from(text: String) -> Result<Self, NotAPostcode> {
        text.parse()
    }
}

impl From<Postcode> for String {
    fn from(postcode: Postcode) -> String {
        postcode.0
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_read_in_any_spacing_and_case() {
        for (text, expected) in
            [("bn1 1aa", "BN1 1AA"), ("SW1A1AA", "SW1A 1AA"), ("m1 1ae", "M1 1AE"), ("gir0aa", "GIR 0AA")]
        {
            assert_eq!(text.parse::<Postcode>().map(String::from), Ok(expected.to_owned()));
        }
        assert!("S10 2TN".parse::<Postcode>().is_ok_and(|postcode| postcode.is_in_a_known_area()));
        assert!("SI0 2TN".parse::<Postcode>().is_ok_and(|postcode| !postcode.is_in_a_known_area()));
        for wrong in ["S1O 2TN", "BN1", "BN1 1AC", "B 1", "12345", "BN1 1AAA", "ＢＮ1 1AA"] {
            assert_eq!(wrong.parse::<Postcode>(), Err(NotAPostcode), "{wrong}");
        }
    }
}
