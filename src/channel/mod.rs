//! Channels: each reads and verifies what comes in, and sends what goes out.
//!
//! Invariant: an `Inbound` is built here only, after its signature or secret was checked; no error, log line or
//! `Debug` of a channel holds a number or a word of a person.

mod door;
pub mod simulator;
pub mod telegram;
pub mod twilio;
pub mod web;

use std::time::Duration;

use crate::channel::simulator::Simulator;
use crate::channel::telegram::Telegram;
use crate::channel::twilio::Twilio;
use crate::domain::message::Outgoing;
use crate::domain::time::Timestamp;

/// What sends the texts of one channel.
#[derive(Debug, Clone)]
pub enum Sender {
    /// Text messages, by Twilio.
    Twilio(Box<Twilio>),
    /// Telegram.
    Telegram(Box<Telegram>),
    /// Phones in memory, for the demo and for tests.
    Simulator(Simulator),
}

/// The provider has taken the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's id of it; its callbacks carry the same.
    pub provider_id: String,
}

/// Why a message was not sent, by what is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It was certainly not sent, and is worth another try.
    #[error("the channel could not take the message now")]
    Retry {
        /// Not before this long, where the provider's answer means a certain wait.
        after: Option<Duration>,
        /// The provider's code, where it gave one.
        code: Option<u32>,
    },
    /// Another try would end the same way; somebody has to know.
    #[error("the channel will not deliver this message")]
    GiveUp {
        /// Why.
        reason: GiveUpReason,
        /// The provider's code, where it gave one.
        code: Option<u32>,
    },
    /// It may have been sent: never sent again because of this alone.
    #[error("the channel did not say whether it took the message")]
    Unknown,
    /// Nothing can be sent to anybody until an operator has acted.
    #[error("the channel does not let us send at all")]
    Stopped {
        /// Why.
        reason: StopReason,
        /// The provider's code, where it gave one.
        code: Option<u32>,
    },
}

/// Why a message will never be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveUpReason {
    /// The person has opted out.
    OptedOut,
    /// The number cannot be texted: it is wrong, or no UK mobile.
    BadNumber,
    /// The person's phone or network blocks us.
    Blocked,
    /// The networks took it for spam: it must be reworded.
    Filtered,
    /// It waited too long to be of use.
    TooLate,
    /// It is longer than the channel takes: our own mistake.
    TooLong,
    /// Our account may not send to such a number.
    NotAllowed,
    /// Our account is suspended.
    Suspended,
    /// Any other reason of the provider.
    Refused,
}

impl GiveUpReason {
    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OptedOut => "opted-out",
            Self::BadNumber => "bad-number",
            Self::Blocked => "blocked",
            Self::Filtered => "filtered",
            Self::TooLate => "too-late",
            Self::TooLong => "too-long",
            Self::NotAllowed => "not-allowed",
            Self::Suspended => "suspended",
            Self::Refused => "refused",
        }
    }

    /// Whether an operator has to act: it will happen to other messages too.
    #[must_use]
    pub fn needs_operator(self) -> bool {
        match self {
            Self::Filtered | Self::TooLong | Self::NotAllowed | Self::Suspended => true,
            Self::OptedOut | Self::BadNumber | Self::Blocked | Self::TooLate | Self::Refused => false,
        }
    }
}

/// Why nothing can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The provider does not know our account or token (or they belong to another region).
    WrongCredentials,
    /// The number or service that texts come from is not ours, or cannot send.
    WrongSender,
}

impl Sender {
    /// Sends one message, once.
    ///
    /// # Errors
    /// Where it was not sent, or may not have been; the variant says what to do.
    pub async fn send(&self, message: &Outgoing) -> Result<Receipt, SendError> {
        match self {
            Self::Twilio(twilio) => twilio.send(message).await,
            Self::Telegram(telegram) => telegram.send(message).await,
            Self::Simulator(simulator) => simulator.send(message),
        }
    }

    /// Looks for a message whose fate is unknown among those that the provider took; none where it was not taken, or
    /// is not listed yet: look a second time before believing it.
    ///
    /// # Errors
    /// Where the provider could not be asked.
    pub async fn find(&self, message: &Outgoing, tried_at: Timestamp) -> Result<Vec<Receipt>, SendError> {
        match self {
            Self::Twilio(twilio) => twilio.find(message, tried_at).await,
            Self::Telegram(_) => Ok(Vec::new()),
            Self::Simulator(simulator) => Ok(simulator.find(message).into_iter().collect()),
        }
    }

    /// Whether the provider can be asked what became of a message. Where not, nothing is learnt by waiting.
    #[must_use]
    pub fn can_find(&self) -> bool {
        match self {
            Self::Twilio(_) | Self::Simulator(_) => true,
            Self::Telegram(_) => false,
        }
    }

    /// Whether the provider says later what became of a message. Where it does not, that it was taken is all that will
    /// ever be known, and counts as arrived.
    #[must_use]
    pub fn reports_delivery(&self) -> bool {
        match self {
            Self::Twilio(_) => true,
            Self::Telegram(_) | Self::Simulator(_) => false,
        }
    }

    /// Removes the text of a message from the provider's records, once its fate is known. The record stays.
    ///
    /// # Errors
    /// Where it is worth another try, or never will be.
    pub async fn redact(&self, provider_id: &str) -> Result<(), SendError> {
        match self {
            Self::Twilio(twilio) => twilio.redact(provider_id).await,
            // A bot could only take the text off the person's own phone.
            Self::Telegram(_) | Self::Simulator(_) => Ok(()),
        }
    }
}
