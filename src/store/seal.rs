//! Sealing: what a person wrote is unreadable without their key and the secret key.
//!
//! XChaCha20-Poly1305. What is sealed is bound to its table, column and row, so that a value cannot be moved to
//! another place. Layout: one byte for the version, 24 bytes of nonce, then the sealed bytes with their tag.
//!
//! Invariant: nothing outside this file touches a cipher, and no key leaves memory unwrapped.

use std::sync::Arc;

use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::aead::Payload;
use hmac::Hmac;
use hmac::Mac;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The version of the layout and of the keys' derivation.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;

/// A column that holds sealed bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
}

impl Cell {
    pub(super) const fn new(table: &'static str, column: &'static str) -> Self {
        Self { table, column }
    }

    /// What the sealed bytes are bound to.
    fn binding(self, row: &[u8]) -> Vec<u8> {
        [self.table.as_bytes(), b".", self.column.as_bytes(), b"\0", row, &[VERSION]].concat()
    }
}

/// A key that seals.
#[derive(Clone)]
pub(super) struct DataKey(Arc<Zeroizing<[u8; 32]>>);

impl DataKey {
    pub(super) fn from_random(random: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(random)))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&**self.0).into())
    }

    pub(super) fn seal(&self, cell: Cell, row: &[u8], nonce: [u8; NONCE_BYTES], plain: &[u8]) -> Vec<u8> {
        let binding = cell.binding(row);
        let payload = Payload { msg: plain, aad: &binding };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("only texts of more than 256 GB cannot be sealed");
        [&[VERSION][..], &nonce, &sealed].concat()
    }

    /// The plain bytes, or nothing where they were sealed by another key, for another place, or changed.
    pub(super) fn open(&self, cell: Cell, row: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>()?;
        if *version != VERSION {
            return None;
        }
        let binding = cell.binding(row);
        let payload = Payload { msg: sealed, aad: &binding };
        let plain = self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(Zeroizing::new(plain))
    }
}

/// Everything that is derived from the secret key.
pub(super) struct Secrets {
    wrapping: DataKey,
    /// Seals what belongs to the house rather than to a person: staff and settings.
    pub(super) house: DataKey,
    index: Zeroizing<[u8; 32]>,
    audit: Zeroizing<[u8; 32]>,
}

const WRAPPED: Cell = Cell::new("data_key", "wrapped");

impl Secrets {
    pub(super) fn derive(secret: &[u8; 32]) -> Self {
        Self {
            wrapping: DataKey::from_random(expand(secret, b"footbridge wrapping key")),
            house: DataKey::from_random(expand(secret, b"footbridge house key")),
            index: Zeroizing::new(expand(secret, b"footbridge index key")),
            audit: Zeroizing::new(expand(secret, b"footbridge audit key")),
        }
    }

    pub(super) fn wrap(&self, owner: &[u8], key: &DataKey, nonce: [u8; NONCE_BYTES]) -> Vec<u8> {
        self.wrapping.seal(WRAPPED, owner, nonce, &**key.0)
    }

    pub(super) fn unwrap(&self, owner: &[u8], wrapped: &[u8]) -> Option<DataKey> {
        let plain = self.wrapping.open(WRAPPED, owner, wrapped)?;
        <[u8; 32]>::try_from(plain.as_slice()).ok().map(DataKey::from_random)
    }

    /// A look-up value that nobody can compute without the secret key. The purpose keeps two indexes apart.
    pub(super) fn keyed_index(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        mac(&self.index, &[purpose.as_bytes(), b"\0", bytes])
    }

    /// The keyed hash of a line of the audit.
    pub(super) fn audit_seal(&self, line: &[u8]) -> [u8; 32] {
        mac(&self.audit, &[line])
    }

    /// What only this secret key says of a text.
    pub(super) fn proof(&self, of: &str) -> String {
        self.keyed_index("proof", of.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The first block of HKDF-Expand (RFC 5869): the secret key is random already, so nothing needs to be extracted.
fn expand(secret: &[u8; 32], purpose: &[u8]) -> [u8; 32] {
    mac(secret, &[purpose, &[1]])
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Cell = Cell::new("inbound", "body_sealed");
    const OTHER: Cell = Cell::new("outbox", "body_sealed");

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let key = DataKey::from_random([7; 32]);
        let sealed = key.seal(BODY, b"row", [1; 24], b"I am lonely");
        assert_eq!(key.open(BODY, b"row", &sealed).as_deref().map(Vec::as_slice), Some(&b"I am lonely"[..]));
        assert!(key.open(BODY, b"wor", &sealed).is_none());
        assert!(key.open(OTHER, b"row", &sealed).is_none());
        assert!(DataKey::from_random([8; 32]).open(BODY, b"row", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(BODY, b"row", &changed).is_none(), "byte {at}");
            assert!(key.open(BODY, b"row", &sealed[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn a_key_is_unwrapped_by_the_same_secret_for_the_same_owner_only() {
        let secrets = Secrets::derive(&[1; 32]);
        let wrapped = secrets.wrap(b"Ann", &DataKey::from_random([7; 32]), [2; 24]);
        assert!(secrets.unwrap(b"Ann", &wrapped).is_some());
        assert!(secrets.unwrap(b"Bob", &wrapped).is_none());
        assert!(Secrets::derive(&[2; 32]).unwrap(b"Ann", &wrapped).is_none());
    }

    #[test]
    fn an_index_depends_on_the_secret_and_the_purpose() {
        let secrets = Secrets::derive(&[1; 32]);
        let index = secrets.keyed_index("address", b"+447700900123");
        assert_eq!(index, secrets.keyed_index("address", b"+447700900123"));
        assert_ne!(index, secrets.keyed_index("staff", b"+447700900123"));
        assert_ne!(index, Secrets::derive(&[2; 32]).keyed_index("address", b"+447700900123"));
    }
}
