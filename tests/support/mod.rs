//! What the tests stand on.

pub mod people;
pub mod postgres;
pub mod stores;
