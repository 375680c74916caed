//! What the tests stand on.

pub mod app;
pub mod browser;
pub mod fake_telegram;
pub mod fake_twilio;
pub mod journal;
pub mod page;
pub mod people;
pub mod postgres;
pub mod process;
pub mod replay;
pub mod rows;
pub mod signed_post;
pub mod stores;
pub mod telegram_app;
pub mod worker;
