//! All integration tests, in one binary.

mod support;

mod architecture;
mod engine;
mod flows;
mod inbox;
mod outbox;
mod road;
mod server;
mod store;
mod twilio;
