//! All integration tests, in one binary.

mod server;
mod support;
mod twilio;
