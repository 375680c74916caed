//! The clock: the system's, and one that can be set.
//!
//! Invariant: nobody else asks the system for the time; everything below takes it as a parameter.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::domain::time::Timestamp;

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands still until it is moved: for tests, and for `/wait` in the terminal.
    Settable(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn settable(start: Timestamp) -> Self {
        Self::Settable(Arc::new(AtomicI64::new(start.as_micros())))
    }

    /// The time now, in microseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Settable(microseconds) => Timestamp::from_micros(microseconds.load(Ordering::SeqCst)),
        }
    }

    /// Moves a settable clock on; the system's clock goes by itself.
    pub fn advance(&self, length: Duration) {
        match self {
            Self::System => {}
            Self::Settable(microseconds) => {
                let later = Timestamp::from_micros(microseconds.load(Ordering::SeqCst)).plus(length);
                microseconds.store(later.as_micros(), Ordering::SeqCst);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
fn system_now() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}
