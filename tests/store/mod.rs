//! The contract of the store, on both databases.

mod sealing;
mod sending;
mod writing;
