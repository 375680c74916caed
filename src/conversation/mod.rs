//! The engine: where a person stands in a conversation, and what follows from what they say.
//!
//! Invariant: nothing here waits, fails, or knows the time. A definition that was read is right; a session is data.

pub mod definition;
pub mod guard;
pub mod session;

pub mod effect;
pub mod input;



pub mod aside;
