//! What the tests stand on.

pub mod fake_twilio;
pub mod signed_post;
