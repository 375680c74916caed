//! Where random bytes come from: the system, or a seed that a test chose.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use rand::Rng;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Where random bytes come from.
#[derive(Clone)]
pub enum Randomness {
    /// The system's, fit for keys.
    System,
    /// From a seed: the same bytes at every run. For tests and demonstrations without secrets.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Randomness {
    /// The same bytes at every run.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// As many random bytes as are asked for.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => rand::rng().fill_bytes(&mut bytes),
            Self::Seeded(seeded) => {
                let mut generator = seeded.lock().unwrap_or_else(PoisonError::into_inner);
                generator.fill_bytes(&mut bytes);
            }
        }
        bytes
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "Randomness::System",
            Self::Seeded(_) => "Randomness::Seeded",
        })
    }
}
