//! What can happen to a conversation.

use serde::{Deserialize, Serialize};

use crate::domain::ids::ChoiceId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;
use crate::domain::message::NetworkWord;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The person wrote.
    Heard {
        /// What they wrote.
        text: Words,
        /// Set where the network has acted on it and answered.
        network: Option<NetworkWord>,
    },
    /// The person wrote some time ago, and we read it only now.
    HeardLate {
        /// What they wrote.
        text: Words,
        /// Set where the network has acted on it and answered.
        network: Option<NetworkWord>,
        /// When they wrote it.
        sent_at: Timestamp,
    },
    /// The person tapped a button.
    Pressed {
        /// The step under which the button stood.
        step: StepId,
        /// The revision of the flow.
        revision: RevisionId,
        /// When the button was shown.
        shown_at: Timestamp,
        /// The choice.
        choice: ChoiceId,
    },
    /// The person begins by a link or by the channel's own button.
    Started {
        /// The practice whose link it was.
        practice: Option<PracticeId>,
    },
    /// The person shares their own phone number.
    Contact {
        /// The number as it came.
        phone: Words,
    },
    /// More texts than anybody can answer: read for safety and for a stop, and for nothing else.
    TooMany {
        /// What was written.
        text: Words,
        /// Set where the provider has acted on this word by itself.
        network: Option<NetworkWord>,
    },
    /// The person changed an earlier message: read for safety only.
    Edited {
        /// The new words.
        text: Words,
    },
    /// The person sent something that is not text.
    Media {
        /// Words that came with it.
        caption: Words,
    },
    /// The provider says that the person opted out.
    OptedOut,
    /// Something fell due.
    Due {
        /// What.
        deadline: DeadlineKind,
        /// The sequence number for which it was set.
        sequence: u32,
    },
    /// A human hands back to the bot.
    HandedBack,
}

/// What can fall due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineKind {
    /// Remind the person of the open question.
    Remind,
    /// Close, and hand over what there is.
    Close,
    /// A safety question was not answered: a human must look.
    Unanswered,
    /// The words of somebody who did not agree to be passed on are erased.
    Erase,
}

impl DeadlineKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Remind, Self::Close, Self::Unanswered, Self::Erase];

    /// The code in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remind => "remind",
            Self::Close => "close",
            Self::Unanswered => "unanswered",
            Self::Erase => "erase",
        }
    }
}
