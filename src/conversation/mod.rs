//! The engine: where a person stands in a conversation, and what follows from what they say.
//!
//! Invariant: nothing here waits, fails, or knows the time. A definition that was read is right; a session is data.

pub mod definition;
pub mod guard;
pub mod session;

pub mod effect;
pub mod input;

pub mod step;

pub mod chat;
pub mod graph;
pub mod schema;
pub mod transcript;

pub mod aside;
pub mod beside;
mod command;
mod due;
mod hear;
pub mod read;
mod read_guard;
mod turn;
mod watch;
