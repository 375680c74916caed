//! All integration tests, in one binary.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

mod architecture;
mod binary;
mod browser;
mod canary;
mod hostile;
mod inbox;
mod kills;
mod road;
mod server;
mod store;
mod twilio;
