//! All integration tests, in one binary.

mod support;

mod architecture;
mod inbox;
mod server;
mod store;
mod twilio;
