//! The content that is in force: another may take its place while people talk.
//!
//! Invariant: whoever has got hold of a content keeps the whole of it until they are done.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use crate::content::Content;

/// The content that is in force. Cheap to clone; all clones see the same.
#[derive(Clone)]
pub struct InForce(Arc<RwLock<Arc<Content>>>);

impl From<Arc<Content>> for InForce {
    fn from(content: Arc<Content>) -> Self {
        Self(Arc::new(RwLock::new(content)))
    }
}

impl InForce {
    /// The content of this moment.
    #[must_use]
    pub fn get(&self) -> Arc<Content> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another in its place.
    pub fn replace(&self, content: Arc<Content>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = content;
    }
}
