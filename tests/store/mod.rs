//! The contract of the store, on both databases.

mod folders;
mod inbox;
mod sealing;
mod sending;
mod sight;
mod trouble;
mod writing;
