//! Messages: what came in, and what goes out.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::ids::OutboxId;
use crate::domain::time::Timestamp;

/// The kinds of channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// Text messages.
    Sms,
    /// Telegram.
    Telegram,
}

impl ChannelKind {
    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Telegram => "telegram",
        }
    }
}

/// The text names no channel.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a channel: sms or telegram")]
pub struct NotAChannel;

impl FromStr for ChannelKind {
    type Err = NotAChannel;

    fn from_str(text: &str) -> Result<Self, NotAChannel> {
        match text {
            "sms" => Ok(Self::Sms),
            "telegram" => Ok(Self::Telegram),
            _ => Err(NotAChannel),
        }
    }
}

/// Where a message comes from or goes to on a channel: a phone number, a chat id, or whatever a network shows as the
/// sender (`INFO`, a withheld number). Printing it shows nothing.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(pub String);

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle(…)")
    }
}

/// A text that is read this long after it was sent is late: the person has waited, and may have given up.
pub const LATE_FROM: Duration = Duration::from_secs(15 * 60);
impl Handle {
    /// What stands for a caller whose network does not tell the number.
    pub const WITHHELD: &'static str = "withheld";
}

/// A person's words. Printing them shows their length only, so that no log can hold them by accident.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub String);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} bytes)", self.0.len())
    }
}

/// A word that a network or its provider acts on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkWord {
    /// Opted out; the network has answered.
    Stop,
    /// Opted in again; the network has answered.
    Start,
    /// `YES`: an opt-in for somebody who is opted out, an answer for everybody else.
    Yes,
    /// Help was asked for; the network has answered.
    Help,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Words. `network`: the provider has acted on this word and answered it already.
    Text {
        /// What was written.
        body: Words,
        /// Set where the provider has answered by itself.
        network: Option<NetworkWord>,
    },
    /// A tap on a button, with what the button carried.
    Button {
        /// Step, revision and choice, as we wrote them.
        data: String,
    },
    /// An earlier message was changed.
    Edit {
        /// The new words.
        body: Words,
    },
    /// Something that is not text.
    Media {
        /// `voice`, `photo`, `sticker` …
        kind: String,
        /// Words that came with it.
        caption: Words,
    },
    /// The sender's own phone number.
    Contact {
        /// The number as it came.
        phone: Words,
    },
    /// The person blocked the bot.
    Blocked,
    /// The person let the bot in again.
    Unblocked,
    /// The provider says that the person opted out, without a text of theirs.
    OptOut,
    /// A conversation is asked for, with the payload of the link that was followed.
    Start {
        /// What the poster's link carried; may be empty.
        payload: String,
    },
    /// They rang our number, and heard what it is for. Nothing was recorded.
    Call,
    /// Authentic, but of a kind that we do not know.
    Unreadable,
}

impl Content {
    /// The words in it that must be scanned and shown, if any.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Text { body, .. } | Self::Edit { body } | Self::Media { caption: body, .. } => {
                Some(&body.0)
            }
            Self::Button { .. }
            | Self::Contact { .. }
            | Self::Blocked
            | Self::Unblocked
            | Self::OptOut
            | Self::Start { .. }
            | Self::Call
            | Self::Unreadable => None,
        }
    }
}

/// A message that came in, after its signature or secret was checked: only the files of `channel` build one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// How it came.
    pub channel: ChannelKind,
    /// The provider's id of it: the same id is the same message.
    pub provider_id: String,
    /// Who wrote.
    pub from: Handle,
    /// Our number or bot: it decides the service.
    pub to: String,
    /// What it holds.
    pub content: Content,
    /// When it was sent, where the provider says so.
    pub sent_at: Option<Timestamp>,
    /// When we got it.
    pub received_at: Timestamp,
}

/// What a text is for: decides its order, how long it is good for, and which limits it obeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// A safety reply: goes ahead of everything, obeys no limit and no quiet hours, must arrive.
    Safety,
    /// Tells staff about a concern; holds no personal data; must arrive.
    Alert,
    /// A link worker wrote it.
    LinkWorker,
    /// Says that a referral is in the queue; must arrive.
    Receipt,
    /// Answers a text of the person.
    Answer,
    /// The last text to somebody who stops: says that it is so, and leaves although they have stopped.
    Goodbye,
    /// Sent because time passed; judged again when it is sent.
    Scheduled,
}

impl Purpose {
    /// Every purpose, the most urgent first.
    pub const ALL: [Self; 7] = [
        Self::Safety,
        Self::Alert,
        Self::LinkWorker,
        Self::Receipt,
        Self::Answer,
        Self::Goodbye,
        Self::Scheduled,
    ];

    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Alert => "alert",
            Self::LinkWorker => "link-worker",
            Self::Receipt => "receipt",
            Self::Answer => "answer",
            Self::Goodbye => "goodbye",
            Self::Scheduled => "scheduled",
        }
    }

    /// The order in which texts to different people leave: lower goes first.
    #[must_use]
    pub fn order(self) -> i16 {
        match self {
            Self::Safety => 0,
            Self::Alert => 1,
            Self::LinkWorker | Self::Receipt | Self::Answer | Self::Goodbye => 2,
            Self::Scheduled => 3,
        }
    }

    /// How long the text is worth sending; `None` is for ever (reliability P5). An answer that waits ten hours in a
    /// queue is worse than none: the person has long moved on.
    #[must_use]
    pub fn good_for(self) -> Option<Duration> {
        match self {
            Self::Safety | Self::Alert => None,
            Self::LinkWorker => Some(Duration::from_secs(24 * 3600)),
            Self::Receipt => Some(Duration::from_secs(10 * 3600)),
            Self::Answer | Self::Goodbye => Some(Duration::from_secs(3600)),
            Self::Scheduled => Some(Duration::from_secs(4 * 3600)),
        }
    }

    /// Whether a text whose fate is unknown may be sent once more.
    ///
    /// An answer too: without it a person who wrote to us hears nothing. What a human wrote goes back to that human.
    #[must_use]
    pub fn must_arrive(self) -> bool {
        match self {
            Self::Safety | Self::Alert | Self::Receipt | Self::Answer => true,
            Self::LinkWorker | Self::Goodbye | Self::Scheduled => false,
        }
    }
}

/// The text names no purpose.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a purpose of a text")]
pub struct NotAPurpose;

impl FromStr for Purpose {
    type Err = NotAPurpose;

    fn from_str(text: &str) -> Result<Self, NotAPurpose> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text).ok_or(NotAPurpose)
    }
}

/// A button under a message, on channels that have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What the person sees.
    pub label: String,
    /// What comes back when it is tapped: step, revision and choice.
    pub data: String,
}

/// A message to be sent, rendered for its channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its row in the outbox; the provider's callbacks carry it.
    pub id: OutboxId,
    /// How it goes.
    pub channel: ChannelKind,
    /// Where it goes.
    pub to: Handle,
    /// What it says.
    pub text: Words,
    /// Buttons, on channels that have them.
    pub buttons: Vec<Button>,
    /// What it is for.
    pub purpose: Purpose,
    /// How long it is still worth delivering.
    pub good_for: Duration,
}

/// What the provider said of a message that it had accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryStatus {
    /// Accepted by the provider, or handed to the network.
    Sent,
    /// It will not arrive.
    Undelivered,
    /// It has arrived. A late `delivered` after `undelivered` wins.
    Delivered,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_handles_do_not_print_what_they_hold() {
        let printed = format!("{:?} {:?}", Words("I am lonely".into()), Handle("+447700900123".into()));
        assert_eq!(printed, "Words(11 bytes) Handle(…)");
    }

    #[test]
    fn safety_texts_leave_first_and_never_grow_stale() {
        assert!(Purpose::ALL.iter().all(|purpose| Purpose::Safety.order() <= purpose.order()));
        assert_eq!(Purpose::Safety.good_for(), None);
        for purpose in Purpose::ALL {
            assert_eq!(purpose.as_str().parse(), Ok(purpose));
        }
    }
}
