//! How far the sweep of what a provider has received has come.
//!
//! Invariant: nothing here belongs to a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

const NAME: &str = "sweep";

/// How far the sweep has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepLog {
    /// When each line of ours was first served: what came before is none of ours.
    pub since: BTreeMap<String, Timestamp>,
    /// When the last sweep began that went well.
    pub swept_at: Option<Timestamp>,
    /// How many texts were taken in by a sweep, ever.
    pub taken: u64,
}

impl Reader {
    /// How far the sweep has come.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sweep_log(&mut self) -> Result<SweepLog, StoreError> {
        Ok(self.setting(NAME).await?.unwrap_or_default())
    }
}

impl Tx {
    /// Remembers how far the sweep has come.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_sweep_log(&mut self, log: &SweepLog) -> Result<(), StoreError> {
        self.set_setting(NAME, log).await
    }
}
