//! `footbridge healthcheck`: for machines without curl.

use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::config::Config;

/// A server that takes longer is not well.
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub struct Arguments {
    /// Where it listens, as it printed; FOOTBRIDGE_LISTEN where nothing is said.
    #[arg(long)]
    address: Option<SocketAddr>,
}

/// Asks `/readyz` of the server at this address, or of the one that the configuration describes.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let address = match arguments.address {
        Some(address) => address,
        None => Config::from_environment()?.own_address()?,
    };
    let answer = ask(address)
        .with_context(|| format!("nothing answers on {address}"))
        .map_err(|error| DoesNotHold(format!("{error:#}")))?;
    let line = answer.lines().next().unwrap_or_default().to_owned();
    if line.contains(" 200 ") {
        println!("ready");
        return Ok(Outcome::Fine);
    }
    Err(DoesNotHold(format!("the server is not ready: {line}")).into())
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
