//! Where a person stands: their answers, and what was asked last.
//!
//! Invariant: a session holds no pointer into its definition that could go stale: the position is derived, and what
//! was asked only says how to read the next text.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::conversation::aside::OpenAside;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::RuleId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::domain::message::Words;
use crate::domain::referral::HandOverReason;
use crate::domain::theme::Theme;
use crate::domain::time::Timestamp;

/// One person's way through a conversation. What there is nothing of is left out where it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Which revision of its flow it began with, and keeps.
    pub revision: RevisionId,
    /// Whether it goes on.
    pub status: Status,
    /// What was answered, by step. A say, a check and a hand over count as answered once done.
    pub answers: BTreeMap<StepId, Answer>,
    /// The steps in the order in which they were answered, the newest last: `back` undoes the last.
    pub order: Vec<StepId>,
    /// Answers that were taken back or changed, the oldest first.
    pub history: Vec<(StepId, Answer)>,
    /// What was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// The open aside, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aside: Option<OpenAside>,
    /// Counts the person's texts, and each time they are handed back: a deadline that was set for an older number does nothing.
    pub sequence: u32,
    /// Replies to the step asked last that were not understood.
    pub tries: u8,
    /// A first text that was a story: offered as an answer, and handed over in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_words: Option<Words>,
    /// Whether the opening words were offered as an answer already.
    pub opening_offered: bool,
    /// Why it was handed over, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over: Option<HandOverReason>,
    /// Whether a concern was raised: from then on a human sees whatever is answered.
    pub raised: bool,
    /// When a safety reply was last said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safety_said_at: Option<Timestamp>,
    /// When the person last said that it is safe to text them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub texts_safe_at: Option<Timestamp>,
    /// Where a text that follows quickly belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joining: Option<Joining>,
    /// The last long text that led nowhere, and how often it came: two machines that answer each other are stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeated: Option<Repeated>,
    /// The end of what was heard last: a cry may come in pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recent: Option<Recent>,
    /// When we last said that we read a text late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_said_at: Option<Timestamp>,
    /// The number that the person may be rung on, where the channel shows none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<Words>,
    /// Whether that number was asked for.
    #[serde(default)]
    pub number_asked: bool,
    /// Whether the person stopped in their own words and has not written since: their next text is answered once.
    #[serde(default)]
    pub told_of_stop_next: bool,
    /// Reminders since the person last wrote.
    pub reminded: u8,
    /// When it began.
    pub started_at: Timestamp,
    /// When the person last wrote.
    pub heard_at: Timestamp,
    /// What belongs to the person, not to the session: filled in before each step and kept by the store elsewhere.
    #[serde(skip)]
    pub standing: Standing,
}

/// Whether a session goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It goes on.
    Live,
    /// It has ended.
    Ended(Ending),
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// With this `finish` step.
    Finished(StepId),
    /// The person said DONE: what there was has been handed over.
    SentEarly,
    /// The person asked for a human.
    WantsAHuman,
    /// The person began again.
    Restarted,
    /// Time ran out.
    Expired,
    /// The person stopped.
    Stopped,
}

/// What a step was answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What it meant; `None` where it was skipped, or where the step asks nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The person's own words.
    pub words: Words,
    /// Whether the words say more than what they meant: a human reads them beside it.
    #[serde(default)]
    pub says_more: bool,
    /// When it was given.
    pub at: Timestamp,
    /// What the words are about, by the rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<FoundTheme>,
}

/// What some words are about, by a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundTheme {
    /// The theme.
    pub theme: Theme,
    /// The rule that found it.
    pub rule: RuleId,
    /// Which bytes of the words.
    pub words: Range<usize>,
}

/// Where a text that follows quickly belongs: old phones split long texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// The step whose answer it continues; the opening words where there is none.
    pub step: Option<StepId>,
    /// Until when.
    pub until: Timestamp,
}

/// A text that came again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeated {
    /// What it said.
    pub text: Words,
    /// How often it came.
    pub times: u8,
}

/// The end of what was heard last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// What it said.
    pub text: Words,
    /// When it came.
    pub at: Timestamp,
}

/// What was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The step.
    pub step: StepId,
    /// The choices in the order in which they were sent: numbers bind to this list.
    pub choices: Vec<ChoiceId>,
    /// When.
    pub at: Timestamp,
}

/// What belongs to the person rather than to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The language that texts are written in.
    pub language: Language,
    /// The language that the person said they speak, where it is none of ours: an interpreter is needed.
    pub speaks: Option<String>,
    /// A human is speaking: the bot is silent.
    pub hold: bool,
    /// Stopped: no more texts.
    pub opted_out: bool,
    /// Nothing automatic may be sent: somebody else may read this phone.
    pub texts_unsafe: bool,
    /// The channel shows no phone number.
    pub no_number: bool,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            language: Language::english(),
            speaks: None,
            hold: false,
            opted_out: false,
            texts_unsafe: false,
            no_number: false,
        }
    }
}

impl Session {
    /// A session that begins now.
    #[must_use]
    pub fn begin(
        conversation: ConversationId,
        revision: RevisionId,
        standing: Standing,
        now: Timestamp,
    ) -> Self {
        Self {
            conversation,
            revision,
            status: Status::Live,
            answers: BTreeMap::new(),
            order: Vec::new(),
            history: Vec::new(),
            asked: None,
            aside: None,
            sequence: 0,
            tries: 0,
            opening_words: None,
            opening_offered: false,
            handed_over: None,
            raised: false,
            safety_said_at: None,
            texts_safe_at: None,
            joining: None,
            repeated: None,
            recent: None,
            late_said_at: None,
            number: None,
            number_asked: false,
            told_of_stop_next: false,
            reminded: 0,
            started_at: now,
            heard_at: now,
            standing,
        }
    }

    /// Whether it goes on.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.status == Status::Live
    }
}
