//! The inbox: pages for link workers, a `page.rs` beside its `page.html`.
//!
//! Invariant: every page works without JavaScript, everything that somebody else wrote is shown as `shown::Foreign`,
//! and a note can never become a text.

pub mod assets;
pub mod demo;
pub mod doors;
pub mod fence;
pub mod page;
pub mod password;
pub mod queue;
pub mod referral;
pub mod refusal;
pub mod shown;
pub mod token;

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod samples;
