//! Stub.
use crate::directory::Directory;
/// Stub.
pub struct Content {
    /// Stub.
    pub directory: Directory,
}
