//! What the tests stand on.

pub mod fake_twilio;
pub mod people;
pub mod postgres;
pub mod signed_post;
pub mod stores;
