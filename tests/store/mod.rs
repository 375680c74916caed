//! The contract of the store, on both databases.

mod inbox;
mod sealing;
mod sending;
mod trouble;
mod writing;
