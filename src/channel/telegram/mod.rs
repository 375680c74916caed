//! Telegram: the only files that know how its Bot API speaks.
//!
//! teloxide gives the types and the client. Its dispatcher, listener and storage are not used: they answer for an update
//! before anything of it is kept.
//!
//! Invariant: what comes in is believed only after its secret; a request is made once, and whether it may be made again
//! is the caller's decision. The token stands in every address that is called, so that no error of the client is
//! printed, nor what Telegram answered, which repeats people's words.

mod answers;
pub mod courtesy;
pub mod inspect;
pub mod poll;
pub mod register;
mod send;
pub mod update;
pub mod webhook;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use teloxide::Bot;
use teloxide::requests::JsonRequest;
use teloxide::requests::Payload;
use teloxide::requests::Request;

use crate::channel::SendError;
use crate::domain::account::TelegramAccount;
use crate::domain::account::TelegramMode;

/// Our bot on Telegram, ready to send and to hear.
#[derive(Clone)]
pub struct Telegram {
    account: TelegramAccount,
    bot: Bot,
    poller: Bot,
    /// The bot's name, once Telegram has told it: it decides the service.
    name: Arc<OnceLock<String>>,
}

/// The client for Telegram's API could not be built: there are no root certificates, or TLS is broken.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    /// The client itself.
    #[error("the client for Telegram's API could not be built")]
    Client(#[from] reqwest012::Error),
    /// The address, which was checked when it was read.
    #[error("the address of Telegram's API cannot be used")]
    Address,
}

/// Telegram connects in well under a second; longer means that it cannot be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The whole exchange. The outbox holds a message longer than this, so that no other node sends it meanwhile. After an
/// answer of 500 and above teloxide sleeps for ten seconds: that lies within.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);
/// Telegram holds a request for updates for as long as we ask it to, and then answers.
const POLL_TIMEOUT: Duration = Duration::from_secs(poll::HELD_FOR_SECONDS as u64 + 10);
/// Shorter than what servers and balancers keep a silent connection.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

impl Telegram {
    /// Takes the account.
    ///
    /// # Errors
    /// Where TLS is not to be had on this machine.
    pub fn new(account: TelegramAccount) -> Result<Self, NoClient> {
        let (bot, poller) = (bot(&account, TOTAL_TIMEOUT)?, bot(&account, POLL_TIMEOUT)?);
        Ok(Self { account, bot, poller, name: Arc::default() })
    }

    /// How messages come in.
    #[must_use]
    pub fn mode(&self) -> &TelegramMode {
        &self.account.mode
    }

    /// The bot's name; empty until Telegram has told it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get().map_or("", String::as_str)
    }

    /// The bot's number, which stands before the colon of its token and is no secret.
    fn number(&self) -> &str {
        self.account.token.expose().split(':').next().unwrap_or_default()
    }

    /// Calls a method, once, and reads so much of the answer as is asked for: what Telegram adds to its answers must
    /// not make a text that was sent count as unknown.
    async fn call<P, T>(&self, method: P) -> Result<T, SendError>
    where
        P: Payload + Serialize + 'static,
        T: DeserializeOwned + 'static,
    {
        call(&self.bot, method, TOTAL_TIMEOUT).await
    }
}

async fn call<P, T>(bot: &Bot, method: P, within: Duration) -> Result<T, SendError>
where
    P: Payload + Serialize + 'static,
    T: DeserializeOwned + 'static,
{
    let request = JsonRequest::new(bot.clone(), Reading { method, answer: PhantomData::<fn() -> T> });
    match tokio::time::timeout(within, request.send()).await {
        Ok(answer) => answer.map_err(|error| answers::meaning(&error)),
        Err(_) => Err(SendError::Unknown),
    }
}

/// A method of which only a part of the answer is read.
#[derive(Serialize)]
#[serde(transparent)]
struct Reading<P, T> {
    method: P,
    #[serde(skip)]
    answer: PhantomData<fn() -> T>,
}

impl<P: Payload, T> Payload for Reading<P, T> {
    type Output = T;
    const NAME: &'static str = P::NAME;
}

/// The client that teloxide would make itself follows redirects, and so sends a text again.
fn bot(account: &TelegramAccount, timeout: Duration) -> Result<Bot, NoClient> {
    let builder = reqwest012::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest012::redirect::Policy::none())
        .http1_only()
        .user_agent(concat!("footbridge/", env!("CARGO_PKG_VERSION")));
    // A proxy of the system is the way out of many networks, but not the way to this machine.
    let builder = if account.api_url.is_loopback() { builder.no_proxy() } else { builder };
    let api_url = reqwest012::Url::parse(account.api_url.as_str()).map_err(|_| NoClient::Address)?;
    Ok(Bot::with_client(account.token.expose(), builder.build()?).set_api_url(api_url))
}

impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client would print the token.
        f.debug_struct("Telegram").field("account", &self.account).finish_non_exhaustive()
    }
}
