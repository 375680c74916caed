//! Stub.
use std::sync::Arc;
use tokio::sync::Notify;
use crate::clock::Clock;
use crate::content::Content;
use crate::domain::ids::PersonId;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
/// Stub.
#[derive(Clone)]
pub struct House {
    /// Stub.
    pub store: Store,
    /// Stub.
    pub clock: Clock,
    /// Stub.
    pub content: Arc<Content>,
    /// Stub.
    pub wake: Arc<Notify>,
}
/// Stub.
/// # Errors
/// Stub.
pub async fn hand_back(tx: &mut Tx, _content: &Content, person: PersonId, _now: Timestamp) -> Result<(), StoreError> {
    tx.set_hold(person, false).await
}
