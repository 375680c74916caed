//! The nouns: what the rest of the program speaks of.
//!
//! Invariant: nothing here does IO, waits, or knows the time.

pub mod account;
pub mod answer;
pub mod caller;
pub mod concern;
pub mod contact;
pub mod ids;
pub mod language;
pub mod likeness;
pub mod message;
pub mod mobile;
pub mod nation;
pub mod postcode;
pub mod referral;
pub mod search;
pub mod secret;
pub mod staff;
pub mod tag;
pub mod theme;
pub mod time;
pub mod whole_words;
