//! All integration tests, in one binary.

mod support;

mod architecture;
mod authors;
mod binary;
mod browser;
mod canary;
mod engine;
mod flows;
mod hostile;
mod inbox;
mod kills;
mod never_missed;
mod operators;
mod outbox;
mod papers;
mod print;
mod road;
mod server;
mod store;
mod tools;
mod twilio;
mod words;
