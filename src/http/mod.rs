//! The outside: the server, its webhooks, health and metrics.

pub mod metrics;
pub mod server;
mod slow_body;
