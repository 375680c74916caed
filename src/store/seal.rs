//! Sealing: what a person wrote is unreadable without their key and the secret key.
//!
//! XChaCha20-Poly1305. What is sealed is bound to its table, column and row, so that a value cannot be moved to
//! another place. Layout: one byte for the version, 24 bytes of nonce, then the sealed bytes with their tag.
//!
//! Invariant: nothing outside this file touches a cipher, and no key leaves memory unwrapped.

use std::sync::Arc;
use std::sync::OnceLock;

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

/// What belongs to the house rather than to a person: seals staff and settings, finds by keyed indexes, seals the audit.
/// It is derived from the root, which the secret key wraps: so another secret key changes none of it.
struct Root {
    root: DataKey,
    house: DataKey,
    index: Zeroizing<[u8; 32]>,
    audit: Zeroizing<[u8; 32]>,
}

impl Root {
    fn derive(root: DataKey) -> Self {
        Self {
            house: DataKey::from_random(expand(&root.0, b"footbridge house key")),
            index: Zeroizing::new(expand(&root.0, b"footbridge index key")),
            audit: Zeroizing::new(expand(&root.0, b"footbridge audit key")),
            root,
        }
    }
}

/// A secret key, and what is derived from it alone.
struct SecretKey {
    wrapping: DataKey,
    /// In a database of before there was a root of its own, the secret key was the root.
    as_root: Root,
}

impl SecretKey {
    fn derive(secret: &[u8; 32]) -> Self {
        Self {
            wrapping: DataKey::from_random(expand(secret, b"footbridge wrapping key")),
            as_root: Root::derive(DataKey::from_random(*secret)),
        }
    }

    fn unwrap(&self, owner: &[u8], wrapped: &[u8]) -> Option<DataKey> {
        let plain = self.wrapping.open(WRAPPED, owner, wrapped)?;
        <[u8; 32]>::try_from(plain.as_slice()).ok().map(DataKey::from_random)
    }
}

/// The secret key in force, those that are accepted besides while it replaces them, and what they open.
pub(super) struct Secrets {
    in_force: SecretKey,
    others: Vec<SecretKey>,
    /// Once it was read from the database, or made with it.
    root: OnceLock<Root>,
}

const WRAPPED: Cell = Cell::new("data_key", "wrapped");
const ROOT: Cell = Cell::new("setting", "value_sealed");
const ROOT_ROW: &[u8] = b"root";

/// A wrapped key, looked at for another secret key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rewrapped {
    /// The secret key in force wraps it already.
    Before,
    /// It was wrapped by another that is accepted; this is how the one in force wraps it.
    Now(Vec<u8>),
    /// None that is accepted opens it.
    Foreign,
}

impl Secrets {
    pub(super) fn derive(in_force: &[u8; 32], others: &[Zeroizing<[u8; 32]>]) -> Self {
        Self {
            in_force: SecretKey::derive(in_force),
            others: others.iter().map(|other| SecretKey::derive(other)).collect(),
            root: OnceLock::new(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &SecretKey> {
        std::iter::once(&self.in_force).chain(&self.others)
    }

    pub(super) fn wrap(&self, owner: &[u8], key: &DataKey, nonce: [u8; NONCE_BYTES]) -> Vec<u8> {
        self.in_force.wrapping.seal(WRAPPED, owner, nonce, &**key.0)
    }

    pub(super) fn unwrap(&self, owner: &[u8], wrapped: &[u8]) -> Option<DataKey> {
        self.all().find_map(|secret| secret.unwrap(owner, wrapped))
    }

    /// The same key as the secret key in force wraps it.
    pub(super) fn rewrap(&self, owner: &[u8], wrapped: &[u8], nonce: [u8; NONCE_BYTES]) -> Rewrapped {
        if self.in_force.unwrap(owner, wrapped).is_some() {
            return Rewrapped::Before;
        }
        match self.unwrap(owner, wrapped) {
            Some(key) => Rewrapped::Now(self.wrap(owner, &key, nonce)),
            None => Rewrapped::Foreign,
        }
    }

    fn root(&self) -> &Root {
        self.root.get().unwrap_or(&self.in_force.as_root)
    }

    /// A new root, as the database keeps it.
    pub(super) fn make_root(&self, root: [u8; 32], nonce: [u8; NONCE_BYTES]) -> Vec<u8> {
        self.seal_root(&DataKey::from_random(root), nonce)
    }

    /// The root that is there, as the secret key in force wraps it.
    pub(super) fn wrap_root(&self, nonce: [u8; NONCE_BYTES]) -> Vec<u8> {
        self.seal_root(&self.root().root, nonce)
    }

    fn seal_root(&self, root: &DataKey, nonce: [u8; NONCE_BYTES]) -> Vec<u8> {
        self.in_force.wrapping.seal(ROOT, ROOT_ROW, nonce, &**root.0)
    }

    /// Takes the root that the database keeps; false where no accepted secret key opens it.
    pub(super) fn take_root(&self, sealed: &[u8]) -> bool {
        let opened = self.all().find_map(|secret| secret.wrapping.open(ROOT, ROOT_ROW, sealed));
        let Some(Ok(root)) = opened.map(|plain| <[u8; 32]>::try_from(plain.as_slice())) else {
            return false;
        };
        // It never changes, so whoever was quicker took the same.
        self.root.get_or_init(|| Root::derive(DataKey::from_random(root)));
        true
    }

    /// Takes as root the secret key that wrapped this, in a database of before there was a root of its own.
    pub(super) fn take_root_of(&self, owner: &[u8], wrapped: &[u8]) {
        if let Some(secret) = self.all().find(|secret| secret.unwrap(owner, wrapped).is_some()) {
            self.root.get_or_init(|| Root::derive(secret.as_root.root.clone()));
        }
    }

    /// Seals what belongs to the house rather than to a person: staff and settings.
    pub(super) fn house(&self) -> &DataKey {
        &self.root().house
    }

    /// A look-up value that nobody can compute without the secret key. The purpose keeps two indexes apart.
    pub(super) fn keyed_index(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        mac(&self.root().index, &[purpose.as_bytes(), b"\0", bytes])
    }

    /// The keyed hash of a line of the audit.
    pub(super) fn audit_seal(&self, line: &[u8]) -> [u8; 32] {
        mac(&self.root().audit, &[line])
    }

    /// What only the secret key in force says of a text.
    pub(super) fn proof(&self, of: &str) -> String {
        let said = mac(&self.in_force.as_root.index, &[b"proof\0", of.as_bytes()]);
        said.iter().map(|byte| format!("{byte:02x}")).collect()
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

    fn secrets(in_force: u8, others: &[u8]) -> Secrets {
        let others: Vec<_> = others.iter().map(|byte| Zeroizing::new([*byte; 32])).collect();
        Secrets::derive(&[in_force; 32], &others)
    }

    #[test]
    fn a_key_is_unwrapped_by_the_same_secret_for_the_same_owner_only() {
        let wrapped = secrets(1, &[]).wrap(b"Ann", &DataKey::from_random([7; 32]), [2; 24]);
        assert!(secrets(1, &[]).unwrap(b"Ann", &wrapped).is_some());
        assert!(secrets(1, &[]).unwrap(b"Bob", &wrapped).is_none());
        assert!(secrets(2, &[]).unwrap(b"Ann", &wrapped).is_none());
    }

    #[test]
    fn a_secret_that_is_accepted_besides_opens_and_never_wraps() {
        let (old, both) = (secrets(1, &[]), secrets(2, &[1]));
        let wrapped = old.wrap(b"Ann", &DataKey::from_random([7; 32]), [2; 24]);
        assert!(both.unwrap(b"Ann", &wrapped).is_some());
        let Rewrapped::Now(again) = both.rewrap(b"Ann", &wrapped, [3; 24]) else {
            panic!("it was wrapped by the old one")
        };
        assert!(old.unwrap(b"Ann", &again).is_none());
        assert_eq!(secrets(2, &[]).unwrap(b"Ann", &again).map(|key| **key.0), Some([7; 32]));
        assert_eq!(both.rewrap(b"Ann", &again, [4; 24]), Rewrapped::Before);
        assert_eq!(secrets(3, &[2]).rewrap(b"Ann", &wrapped, [4; 24]), Rewrapped::Foreign);
    }

    #[test]
    fn an_index_depends_on_the_root_and_the_purpose_and_outlives_the_secret() {
        let old = secrets(1, &[]);
        let index = old.keyed_index("address", b"+447700900123");
        assert_ne!(index, old.keyed_index("staff", b"+447700900123"));
        assert_ne!(index, secrets(2, &[]).keyed_index("address", b"+447700900123"));

        let wrapped = old.wrap(b"Ann", &DataKey::from_random([7; 32]), [2; 24]);
        let both = secrets(2, &[1]);
        both.take_root_of(b"Ann", &wrapped);
        assert_eq!(index, both.keyed_index("address", b"+447700900123"), "of a database of before");
        let new = secrets(2, &[]);
        assert!(new.take_root(&both.wrap_root([5; 24])));
        assert_eq!(index, new.keyed_index("address", b"+447700900123"));
        assert!(!old.take_root(&both.wrap_root([5; 24])), "the old secret alone opens nothing any more");
    }
}
