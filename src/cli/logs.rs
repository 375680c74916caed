//! Logs: readable lines in a terminal, JSON elsewhere.
//!
//! Invariant: fields hold identifiers and numbers of ours, never a word or a number of a person.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// What is logged: our own lines, and only trouble from libraries.
const USUAL: &str = "warn,footbridge=info";

/// What is logged where somebody reads the terminal for other reasons.
const QUIET: &str = "error";

/// Begins logging to standard error.
pub fn begin() {
    let builder =
        tracing_subscriber::fmt().with_env_filter(EnvFilter::new(USUAL)).with_writer(std::io::stderr);
    // A second start within one process keeps the first.
    let _ = if std::io::stderr().is_terminal() {
        builder.try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
}

/// Begins logging errors only.
pub fn begin_quietly() {
    let builder =
        tracing_subscriber::fmt().with_env_filter(EnvFilter::new(QUIET)).with_writer(std::io::stderr);
    let _ = builder.try_init();
}
