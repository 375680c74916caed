//! All integration tests, in one binary.

mod support;

mod architecture;
mod binary;
mod browser;
mod canary;
mod engine;
mod faults;
mod flows;
mod full_disk;
mod hostile;
mod inbox;
mod kills;
mod never_missed;
mod nodes;
mod outbox;
mod reports;
mod road;
mod server;
mod store;
mod sweep;
mod tools;
mod twilio;
