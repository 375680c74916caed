//! All integration tests, in one binary.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

mod architecture;
mod inbox;
mod road;
mod server;
mod store;
mod twilio;
