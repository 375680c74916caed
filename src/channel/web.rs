//! Asking and telling plain web addresses: is the server reached from outside, and does the alarm go off.
//!
//! Invariant: one request each, within its time, without redirects; nothing is logged of what was asked or told.

use std::time::Duration;

use jiff::fmt::rfc2822;

use crate::domain::account::BaseUrl;
use crate::domain::time::Timestamp;

/// The whole exchange: longer than any healthy server takes, shorter than an operator's patience.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most of an answer that is read: what we look for is a line.
const LONGEST_BODY: usize = 4 * 1024;

/// Asks and tells.
#[derive(Debug, Clone)]
pub struct Web {
    direct: reqwest011::Client,
    proxied: reqwest011::Client,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAnswer {
    /// The status.
    pub status: u16,
    /// When, by the other side's clock.
    pub date: Option<Timestamp>,
    /// Its beginning.
    pub body: String,
}

/// There was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// TLS is not to be had on this machine.
    #[error("this machine has no root certificates")]
    NoClient,
    /// Nobody was reached: no such name, nobody listens, or the certificate is not trusted.
    #[error("nobody answers there: look at the name, the port, the firewall and the certificate")]
    NotReached,
    /// Somebody was reached, and said nothing in time.
    #[error("it does not answer within {} seconds", TIMEOUT.as_secs())]
    TooSlow,
}

impl Web {
    /// Ready to ask.
    ///
    /// # Errors
    /// Where TLS is not to be had on this machine.
    pub fn new() -> Result<Self, NoAnswer> {
        let builder = || {
            reqwest011::Client::builder()
                .timeout(TIMEOUT)
                .redirect(reqwest011::redirect::Policy::none())
                .user_agent(concat!("footbridge/", env!("CARGO_PKG_VERSION")))
        };
        let built = |builder: reqwest011::ClientBuilder| builder.build().map_err(|_| NoAnswer::NoClient);
        // A proxy of the system is the way out of many networks, but not the way to this machine.
        Ok(Self { direct: built(builder().no_proxy())?, proxied: built(builder())? })
    }

    fn client(&self, url: &BaseUrl) -> &reqwest011::Client {
        if url.is_loopback() { &self.direct } else { &self.proxied }
    }

    /// Gets what stands below an address.
    ///
    /// # Errors
    /// Where no answer came.
    pub async fn get(&self, base: &BaseUrl, path: &str) -> Result<WebAnswer, NoAnswer> {
        answer(self.client(base).get(format!("{base}{path}"))).await
    }

    /// Posts JSON to an address.
    ///
    /// # Errors
    /// Where no answer came.
    pub async fn post_json(&self, url: &BaseUrl, query: &str, json: String) -> Result<WebAnswer, NoAnswer> {
        let request = self.client(url).post(format!("{url}{query}"));
        answer(request.header("Content-Type", "application/json").body(json)).await
    }
}

async fn answer(request: reqwest011::RequestBuilder) -> Result<WebAnswer, NoAnswer> {
    let why = |error: reqwest011::Error| {
        if error.is_timeout() && !error.is_connect() { NoAnswer::TooSlow } else { NoAnswer::NotReached }
    };
    let mut answer = request.send().await.map_err(why)?;
    let date = answer.headers().get("date").and_then(|date| date.to_str().ok());
    let date =
        date.and_then(|date| rfc2822::parse(date).ok()).map(|date| Timestamp::from_jiff(date.timestamp()));
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(why)? {
        body.extend_from_slice(&piece);
        if LONGEST_BODY < body.len() {
            break;
        }
    }
    Ok(WebAnswer { status, date, body: String::from_utf8_lossy(&body).into_owned() })
}
