//! All integration tests, in one binary.

mod support;

mod architecture;
mod server;
mod store;
mod twilio;
