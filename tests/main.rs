//! All integration tests, in one binary.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

mod architecture;
mod engine;
mod flows;
mod inbox;
mod never_missed;
mod outbox;
mod server;
mod store;
mod twilio;
