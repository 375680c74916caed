//! Text messages, by Twilio: the only files that know how Twilio speaks.
//!
//! Invariant: what comes in is believed only after its signature; a request is made once, and whether it may be made
//! again is the caller's decision.

mod codes;
mod find;
mod form;
pub mod inspect;
pub mod received;
mod redact;
mod send;
pub mod signature;
pub mod status;
pub mod voice;
pub mod webhook;

use std::fmt;
use std::time::Duration;

use twilio_openapi::apis::configuration::Configuration;

use crate::domain::account::BaseUrl;
use crate::domain::account::TwilioAccount;
use crate::domain::message::ChannelKind;

/// Our account with Twilio, ready to send and to hear.
#[derive(Clone)]
pub struct Twilio {
    account: TwilioAccount,
    public_url: BaseUrl,
    api: Configuration,
}

/// The client for Twilio's API could not be built: there are no root certificates, or TLS is broken.
#[derive(Debug, thiserror::Error)]
#[error("the client for Twilio's API could not be built")]
pub struct NoClient(#[from] reqwest011::Error);

/// Twilio connects in well under a second; longer means that it cannot be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The whole exchange. The outbox holds a message longer than this, so that no other node sends it meanwhile.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);
/// Shorter than what servers and balancers keep a silent connection, so that a request seldom meets a closed one:
/// that would leave it unknown whether the text was sent.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

impl Twilio {
    /// What it sends and hears by.
    pub const CHANNEL: ChannelKind = ChannelKind::Sms;

    /// Takes the account; `public_url` is the address over which Twilio signs.
    ///
    /// # Errors
    /// Where TLS is not to be had on this machine.
    pub fn new(account: TwilioAccount, public_url: BaseUrl) -> Result<Self, NoClient> {
        // The first token sends; the others only verify.
        let token = account.tokens.first().map(|token| token.expose().to_owned());
        let api = Configuration {
            base_path: account.api_url.as_str().to_owned(),
            user_agent: None,
            client: client(&account.api_url)?,
            basic_auth: Some((account.sid.clone(), token)),
            oauth_access_token: None,
            bearer_access_token: None,
            api_key: None,
        };
        Ok(Self { account, public_url, api })
    }
}

/// The client that twilio-openapi would make itself waits for ever and follows redirects, and so sends a text again.
fn client(api_url: &BaseUrl) -> Result<reqwest011::Client, NoClient> {
    let builder = reqwest011::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TOTAL_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest011::redirect::Policy::none())
        .http1_only()
        .user_agent(concat!("footbridge/", env!("CARGO_PKG_VERSION")));
    // A proxy of the system is the way out of many networks, but not the way to this machine.
    let builder = if api_url.is_loopback() { builder.no_proxy() } else { builder };
    Ok(builder.build()?)
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The configuration of the client would print the token.
        f.debug_struct("Twilio")
            .field("account", &self.account)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}
