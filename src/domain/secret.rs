//! Secrets: what must never be printed, and leaves memory when it is dropped.
//!
//! Invariant: `Debug` shows nothing of a secret, and there is no `Display`.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// A password, a token, or a database address that may hold one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The length of the key, in bytes: what XChaCha20-Poly1305 takes.
const KEY_BYTES: usize = 32;

/// The key that wraps every person's key.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(Zeroizing<[u8; KEY_BYTES]>);

/// The text is no key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 32 bytes in base64")]
pub struct NotAKey;

impl SecretKey {
    /// A key from random bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl FromStr for SecretKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| NotAKey)?);
        let bytes: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| NotAKey)?;
        Ok(Self::from_bytes(bytes))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print_what_they_hold() {
        let key = SecretKey::from_bytes([7; 32]);
        assert_eq!(format!("{:?} {key:?}", Secret::from("hunter2".to_owned())), "Secret(…) SecretKey(…)");
    }

    #[test]
    fn a_key_is_32_bytes_in_base64() {
        let text = STANDARD.encode([7; 32]);
        assert_eq!(text.parse(), Ok(SecretKey::from_bytes([7; 32])));
        for wrong in ["", "secret", "====", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 33])] {
            assert_eq!(wrong.parse::<SecretKey>(), Err(NotAKey), "{wrong}");
        }
    }
}
