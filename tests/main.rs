//! All integration tests, in one binary.

mod support;

mod architecture;
mod binary;
mod browser;
mod canary;
mod engine;
mod flows;
mod hostile;
mod inbox;
mod kills;
mod never_missed;
mod outbox;
mod road;
mod server;
mod store;
mod telegram;
mod tools;
mod twilio;
