//! `footbridge serve` and `footbridge demo`.

use std::net::SocketAddr;

use anyhow::Context;
use clap::Args;

use crate::app;
use crate::app::demo;
use crate::cli;
use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::cli::logs;
use crate::config::Config;

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where to listen; 127.0.0.1:8080 where nothing is said.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Start with an empty inbox.
    #[arg(long)]
    empty: bool,
}

const KEY_REMEDY: &str = "FOOTBRIDGE_SECRET_KEY is not set: it must hold 32 random bytes in base64, such as `openssl rand -base64 32` prints; keep a copy in a safe place, without it nothing can be read";

/// Runs the server.
pub fn serve() -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    logs::begin();
    let (content, problems) = cli::load(&config, config.unreviewed_languages)?;
    let content = content.ok_or_else(|| {
        DoesNotHold(format!("the conversations have errors; nothing was started\n\n{}", problems.errors()))
    })?;
    cli::runtime()?.block_on(app::serve(config, key, content))?;
    Ok(Outcome::Fine)
}

/// Runs everything on this machine, with sample people.
pub fn demo(arguments: &DemoArguments) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    logs::begin_quietly();
    let content = cli::load_sound(&config, true)?;
    cli::runtime()?.block_on(demo::run(
        content,
        arguments.listen.unwrap_or(config.listen),
        arguments.empty,
    ))?;
    Ok(Outcome::Fine)
}
