//! The engine: where a person stands in a conversation, and what follows from what they say.
//!
//! Invariant: nothing here waits, fails, or knows the time. A definition that was read is right; a session is data.

pub mod definition;
pub mod guard;
pub mod session;
pub mod way;

pub mod effect;
pub mod input;

pub mod step;

pub mod chat;
pub mod graph;
pub mod prove;
pub mod schema;
pub mod transcript;

mod answer;
mod arrive;
pub mod aside;
mod asked;
pub mod beside;
mod command;
mod compare;
mod due;
mod hear;
mod join;
mod language;
mod late;
mod number;
pub mod read;
mod read_guard;
pub mod read_question;
mod safe;
mod shown;
mod turn;
mod watch;
mod wish;
