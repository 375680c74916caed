//! The codes of a second factor, as authenticator apps show them: RFC 6238 with SHA-1, six digits, half a minute each.
//!
//! Invariant: neither a secret nor a recovery code prints.

use std::fmt;
use std::str::FromStr;

use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::domain::time::Timestamp;

/// The bytes of a secret: as many as SHA-1 makes (RFC 4226, section 4, R6).
const BYTES: usize = 20;
const STEP_MICROSECONDS: i64 = 30 * 1_000_000;
/// A phone's clock may be this many half minutes before or behind ours.
const DRIFT: i64 = 1;
const DIGITS: usize = 6;
/// RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Without letters and digits that look like each other. A byte leaves no remainder of 32.
const RECOVERY_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Sixty bits: nobody guesses that, with or without a limit on tries.
const RECOVERY_LENGTH: usize = 12;
/// As many as are made at once.
pub const RECOVERY_CODES: usize = 10;

/// What the server and somebody's app share.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; BYTES]>);

/// The text is no secret.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a secret of a second factor")]
pub struct NotASecret;

impl TotpSecret {
    /// From random bytes.
    #[must_use]
    pub fn from_random(random: [u8; BYTES]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// The text that is typed into an app.
    #[must_use]
    pub fn reveal(&self) -> String {
        let bits: u128 = self.0[..10].iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte));
        let more: u128 = self.0[10..].iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte));
        let letters =
            |half: u128| (0..16).rev().map(move |at| BASE32[(half >> (5 * at)) as usize & 31] as char);
        letters(bits).chain(letters(more)).collect()
    }

    /// The link that an app on the same phone opens.
    #[must_use]
    pub fn link(&self, email: &str) -> String {
        let email: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
        format!(
            "otpauth://totp/Footbridge:{email}?secret={}&issuer=Footbridge&algorithm=SHA1&digits=6&period=30",
            self.reveal()
        )
    }

    /// The code of a half minute, counted from 1970.
    #[must_use]
    pub fn code_of(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&*self.0).expect("a key of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[BYTES - 1] & 15);
        let number = hash[at..at + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    /// The half minute whose code this is, where it is near.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let today = now.as_micros().div_euclid(STEP_MICROSECONDS);
        let fits = |step: &i64| bool::from(self.code_of(*step).as_bytes().ct_eq(code.as_bytes()));
        (today - DRIFT..=today + DRIFT).find(fits)
    }
}

impl FromStr for TotpSecret {
    type Err = NotASecret;

    fn from_str(text: &str) -> Result<Self, NotASecret> {
        let values: Option<Vec<u8>> = text
            .bytes()
            .map(|letter| {
                BASE32.iter().position(|known| *known == letter).and_then(|at| u8::try_from(at).ok())
            })
            .collect();
        let values = values.filter(|values| values.len() * 5 == BYTES * 8).ok_or(NotASecret)?;
        let mut bytes = [0; BYTES];
        // Eight letters hold five bytes.
        for (letters, bytes) in values.chunks(8).zip(bytes.chunks_mut(5)) {
            let bits = letters.iter().fold(0_u64, |bits, value| bits << 5 | u64::from(*value));
            bytes.copy_from_slice(&bits.to_be_bytes()[3..]);
        }
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// What somebody types at the second step.
#[derive(Clone, PartialEq, Eq)]
pub enum SecondStep {
    /// The six digits that their app shows.
    Code(String),
    /// One of their recovery codes.
    Recovery(String),
}

impl SecondStep {
    /// From what was typed: blanks, hyphens and small letters do not matter.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        let letters: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        if letters.len() == DIGITS && letters.bytes().all(|letter| letter.is_ascii_digit()) {
            Self::Code(letters)
        } else {
            Self::Recovery(letters.to_ascii_uppercase())
        }
    }
}

impl fmt::Debug for SecondStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecondStep(…)")
    }
}

/// A recovery code from random bytes, as it is stored.
#[must_use]
pub fn recovery_code(random: [u8; RECOVERY_LENGTH]) -> String {
    random.iter().map(|byte| RECOVERY_LETTERS[usize::from(byte & 31)] as char).collect()
}

/// The same as people copy it: in three groups.
#[must_use]
pub fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn secret() -> TotpSecret {
        TotpSecret::from_random(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // The standard prints eight digits; six are the last of them.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code_of(seconds / 30), code, "{seconds}");
            assert_eq!(secret().step_of(code, at(seconds)), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_half_a_minute_wrong_and_no_more() {
        let code = secret().code_of(1000);
        for (seconds, taken) in
            [(29_969, false), (29_970, true), (30_000, true), (30_059, true), (30_060, false)]
        {
            assert_eq!(secret().step_of(&code, at(seconds)).is_some(), taken, "{seconds}");
        }
        assert_eq!(secret().step_of("", at(30_000)), None);
    }

    #[test]
    fn a_secret_is_typed_in_letters_that_every_app_takes_and_never_printed() {
        assert_eq!(secret().reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for byte in [0, 1, 128, 255] {
            let secret = TotpSecret::from_random([byte; BYTES]);
            assert_eq!(secret.reveal().parse::<TotpSecret>().expect("a secret").0, secret.0);
        }
        for wrong in ["", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "1EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
        {
            assert_eq!(wrong.parse::<TotpSecret>().err(), Some(NotASecret), "{wrong}");
        }
        assert_eq!(format!("{:?}", secret()), "TotpSecret(…)");
        assert!(
            secret()
                .link("sam@example.org")
                .starts_with("otpauth://totp/Footbridge:sam%40example.org?secret=GEZ")
        );
    }

    #[test]
    fn codes_are_read_as_people_copy_them() {
        assert_eq!(SecondStep::read(" 123 456\n"), SecondStep::Code("123456".to_owned()));
        let code = recovery_code([0, 1, 2, 3, 4, 5, 6, 7, 8, 30, 31, 255]);
        assert_eq!(in_groups(&code), "2345-6789-AYZZ");
        assert_eq!(SecondStep::read("2345-6789 ayzz"), SecondStep::Recovery(code));
    }
}
