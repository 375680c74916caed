//! Footbridge: a person texts, a link worker answers.
//!
//! The modules in reading order. A text comes in through a `channel`; `intake` takes it through the pure
//! `conversation` engine (which reads the text with `safety`, `reply` and `themes`) and commits everything that
//! follows in one transaction of the `store`; the `outbox` sends what is to be said; a link worker picks the
//! `handover` up in the `inbox`. ARCHITECTURE.md is the map, `tests/architecture.rs` holds the arrows.

pub mod domain;

pub mod clock;
pub mod config;
pub mod reading;

pub mod directory;
pub mod phrases;
pub mod reply;
pub mod safety;
pub mod themes;

pub mod conversation;
pub mod handover;
pub mod wording;

pub mod content;
pub mod evaluate;

pub mod channel;
pub mod store;

pub mod intake;
pub mod outbox;
pub mod schedule;

pub mod http;
pub mod inbox;

pub mod app;
pub mod cli;
