//! Configuration: the environment and `footbridge.toml`, read to types once.
//!
//! Every key stands in the environment as `FOOTBRIDGE_…` and in the file in lower case without the prefix; the
//! environment wins. A secret may be named by a file that holds it, `FOOTBRIDGE_…_FILE`. An empty value is none.
//!
//! Invariant: whoever holds a `Config` holds values that fit together; nobody else reads the environment. All
//! problems are told at once, none with the text of a secret.

mod reader;
mod source;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;

use crate::config::reader::Reader;
use crate::config::source::Settings;
use crate::domain::account::BaseUrl;
use crate::domain::account::PartPrice;
use crate::domain::account::TelegramAccount;
use crate::domain::account::TwilioAccount;
use crate::domain::secret::Secret;
use crate::domain::secret::SecretKey;

/// What an operator has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the server listens; port 0 is any.
    pub listen: SocketAddr,
    /// How the world reaches the server; where it is not set, the server's own address serves (on loopback only).
    pub public_url: Option<BaseUrl>,
    /// From where proxies of ours speak to the server; what they say of whom they speak for is believed.
    pub proxies: Vec<IpAddr>,
    /// `sqlite:` or `postgres:`; may hold a password.
    pub database_url: Secret,
    /// Where the keys of persons are; beside the first, where it is not set.
    pub keys_database_url: Option<Secret>,
    /// The list of who was erased, which outlives both databases; beside the keys, where it is not set.
    pub erasures: Option<PathBuf>,
    /// Wraps every person's key. `serve` cannot do without.
    pub secret_key: Option<SecretKey>,
    /// Keys that are accepted besides, while one replaces another.
    pub other_secret_keys: Vec<SecretKey>,
    /// A folder that replaces the embedded conversations.
    pub conversations: Option<PathBuf>,
    /// A folder that replaces the embedded words.
    pub locales: Option<PathBuf>,
    /// Text messages, where they are set up.
    pub twilio: Option<TwilioAccount>,
    /// What one part of a text costs, where it was said.
    pub sms_part_pence: Option<PartPrice>,
    /// Telegram, where it is set up.
    pub telegram: Option<TelegramAccount>,
    /// What whoever reads `/metrics` must show.
    pub metrics_token: Option<Secret>,
    /// Who is told when texts stop, where somebody is.
    pub alert_webhook: Option<Secret>,
    /// Whose inbox this is, where it is named.
    pub organisation: Option<String>,
    /// A picture for the head of every page.
    pub logo: Option<PathBuf>,
    /// Whether staff must have a second factor.
    pub second_factor: SecondFactor,
    /// Whether languages are offered that no speaker has reviewed.
    pub unreviewed_languages: bool,
}

/// Whether staff must have a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Nobody works without one.
    Required,
    /// Everybody may have one.
    Offered,
}

/// Everything that is wrong with the configuration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// All of them, at least one.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, as the operator wrote it.
    pub key: String,
    /// What is wrong with it.
    pub wrong: String,
    /// What would be right.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.key, self.wrong, self.remedy)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is not right:")?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// Reads a file that a setting names: the file system's in earnest, a table in tests.
pub type Open<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

/// The file that is read where `FOOTBRIDGE_CONFIG` names no other.
const USUAL_FILE: &str = "footbridge.toml";

impl Config {
    /// Reads the environment of the process and the file that it names, or `./footbridge.toml` where there is one.
    ///
    /// # Errors
    /// Where a key is unknown, or a value is wrong or missing: all of them.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::read(std::env::vars_os(), &|path| std::fs::read_to_string(path))
    }

    /// Reads these variables and the files that they name.
    ///
    /// # Errors
    /// Where a key is unknown, or a value is wrong or missing: all of them.
    pub fn read(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        open: Open<'_>,
    ) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let settings = Settings::gather(environment, USUAL_FILE, open, &mut problems);
        let mut reader = Reader { settings, open, problems };
        let config = reader.config();
        if reader.problems.is_empty() { Ok(config) } else { Err(ConfigError { problems: reader.problems }) }
    }

    /// The address by which the world reaches a server that listens here.
    ///
    /// # Errors
    /// Where none is set and the server does not listen on loopback, or on a port that nobody knows yet.
    pub fn public_url(&self, listening: SocketAddr) -> Result<BaseUrl, ConfigError> {
        if let Some(url) = &self.public_url {
            return Ok(url.clone());
        }
        if listening.port() == 0 {
            return Err(public_url_missing(PORT_UNKNOWN, PRINTED_URL_REMEDY));
        }
        let missing = |_| {
            public_url_missing("it is not set, and FOOTBRIDGE_LISTEN is not on loopback", PUBLIC_URL_REMEDY)
        };
        format!("http://{listening}").parse().map_err(missing)
    }

    /// Where a server that runs with this configuration can be asked, from this machine.
    ///
    /// # Errors
    /// Where it took any port, which only it knows.
    pub fn own_address(&self) -> Result<SocketAddr, ConfigError> {
        if self.listen.port() != 0 {
            return Ok(self.listen);
        }
        let problem = Problem {
            key: "FOOTBRIDGE_LISTEN".to_owned(),
            wrong: "port 0 is any port, and only the server knows which it took".to_owned(),
            remedy: "name the address that it printed, such as `--address 127.0.0.1:41234`".to_owned(),
        };
        Err(ConfigError { problems: vec![problem] })
    }
}

fn public_url_missing(wrong: &str, remedy: &str) -> ConfigError {
    let (wrong, remedy) = (wrong.to_owned(), remedy.to_owned());
    ConfigError { problems: vec![Problem { key: "FOOTBRIDGE_PUBLIC_URL".to_owned(), wrong, remedy }] }
}

const PORT_UNKNOWN: &str =
    "it is not set, and FOOTBRIDGE_LISTEN has port 0: only the server knows which port it took";

const PRINTED_URL_REMEDY: &str =
    "write the address that the server printed, such as `http://127.0.0.1:41234`, or give it a fixed port";

const PUBLIC_URL_REMEDY: &str =
    "write how the world reaches this server, such as `https://texts.example.org` (`http` for loopback only)";

#[cfg(test)]
mod tests;
