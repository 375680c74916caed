//! Telegram, against a server that speaks as Telegram does and fails as servers do.

mod away;
mod doors;
mod hostile;
mod kills;
mod others;
mod sending;
mod talks;
