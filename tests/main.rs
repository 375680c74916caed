//! All integration tests, in one binary.

mod support;

mod alarms;
mod architecture;
mod authors;
mod backup;
mod binary;
mod browser;
mod canary;
mod doctor;
mod engine;
mod erasing;
mod faults;
mod flows;
mod full_disk;
mod hostile;
mod inbox;
mod kills;
mod never_missed;
mod nodes;
mod operators;
mod outbox;
mod papers;
mod print;
mod reload;
mod reports;
mod rights;
mod road;
mod server;
mod store;
mod sweep;
mod telegram;
mod tools;
mod twilio;
mod voice;
mod words;
