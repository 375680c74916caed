//! A hash for short words.
//!
//! Invariant: it is the same on every machine; what is looked up by it was written by us, and nobody can make it slow.

use std::hash::Hasher;

/// FNV-1a: quick for short words, and the same on every machine.
#[derive(Debug, Clone, Copy)]
pub struct QuickHasher(u64);

impl Default for QuickHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        // The tables take the upper bits, which FNV stirs least.
        self.0 ^ (self.0 >> 29) ^ (self.0 << 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// The hash of these bytes.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = QuickHasher::default();
    hasher.write(bytes);
    hasher.0
}
