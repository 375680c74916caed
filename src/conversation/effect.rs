//! What the engine asks the rest of the program to do.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::conversation::input::DeadlineKind;
use crate::conversation::session::Answer;
use crate::conversation::session::Ending;
use crate::conversation::session::Session;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::RuleId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::domain::message::Purpose;
use crate::domain::referral::HandOverReason;
use crate::domain::time::Timestamp;

/// What follows from an input: where the person stands now, and what is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The session after the input.
    pub session: Session,
    /// What is to be done, in this order.
    pub effects: Vec<Effect>,
}

/// One thing to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send one text.
    Say(Utterance),
    /// An answer was given, changed or joined to.
    Record {
        /// The step.
        step: StepId,
        /// The answer.
        answer: Answer,
    },
    /// A human must see this now.
    Raise(Concern),
    /// Put the referral into the queue.
    HandOver {
        /// Why.
        reason: HandOverReason,
    },
    /// The handover has new content.
    UpdateHandover,
    /// The text of the person waits for a human's reply.
    NeedsReply,
    /// Something falls due.
    SetDeadline {
        /// What.
        deadline: DeadlineKind,
        /// When.
        at: Timestamp,
        /// The sequence number for which it is set.
        sequence: u32,
    },
    /// Texts in another language from now on.
    SetLanguage {
        /// The language of the texts.
        language: Language,
        /// What the person speaks, where it is none of ours.
        speaks: Option<String>,
    },
    /// No more texts; a human sees it where something is open.
    OptOut,
    /// Texts are welcome again.
    OptIn,
    /// Nothing automatic may be sent (true), or may be sent again (false).
    SetTextsUnsafe(bool),
    /// The session ends.
    End(Ending),
    /// A new session begins at once.
    BeginAgain,
}

/// One text: what is said in it, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// What it is for.
    pub purpose: Purpose,
    /// What is said.
    pub sayings: Vec<Saying>,
}

/// One message of the locale files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// Which message.
    pub key: MessageKey,
    /// The message that serves where a language has no such message.
    pub otherwise: Option<MessageKey>,
    /// The choices that stand under it, numbered in this order.
    pub choices: Vec<Offered>,
    /// Whether several of them may be chosen: a list with numbers then on every channel, for a button takes one.
    pub several: bool,
    /// Lines that read answers back, numbered in this order.
    pub lines: Vec<ReadBack>,
    /// What a proposal guesses, for the variable `$guess`.
    pub guess: Option<Shown>,
}

impl Saying {
    /// A message by itself.
    #[must_use]
    pub fn of(key: MessageKey) -> Self {
        Self { key, otherwise: None, choices: Vec::new(), several: false, lines: Vec::new(), guess: None }
    }

    /// With numbered choices, labelled by attributes of `message`.
    #[must_use]
    pub fn with_choices(mut self, message: &str, choices: &[ChoiceId]) -> Self {
        let offered = |choice: &ChoiceId| Offered {
            choice: choice.clone(),
            label: MessageKey::part(message, choice.as_str()),
        };
        self.choices = choices.iter().map(offered).collect();
        self
    }

    /// With the choices yes and no.
    #[must_use]
    pub fn with_yes_or_no(mut self) -> Self {
        let labels = ["yes-label", "no-label"].map(MessageKey::of);
        let offered = yes_or_no().into_iter().zip(labels);
        self.choices = offered.map(|(choice, label)| Offered { choice, label }).collect();
        self
    }
}

/// A line that reads an answer back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBack {
    /// The message that holds its heading.
    pub label: MessageKey,
    /// What was answered, as it may be shown.
    pub shown: Shown,
}

/// An answer as it is shown to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The labels of choices, yes and no.
    Labels(Vec<MessageKey>),
    /// A practice of ours, by its name in the directory.
    Practice(PracticeId),
    /// A number, a date, a postcode: never own words or a name.
    Plain(String),
    /// It was left out, or may not be shown: the message `not-shown`.
    NotShown,
}

/// A choice under a message: which one, and the message that labels it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The choice that its number stands for.
    pub choice: ChoiceId,
    /// The message that holds its label.
    pub label: MessageKey,
}

/// The name of a message in the locale files: `for-whom`, or an attribute of it, `for-whom.retry`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageKey {
    /// The message.
    pub message: String,
    /// One of its attributes; the message itself where there is none.
    pub attribute: Option<String>,
}

impl MessageKey {
    /// The message itself.
    #[must_use]
    pub fn of(message: &str) -> Self {
        Self { message: message.to_owned(), attribute: None }
    }

    /// One of its attributes.
    #[must_use]
    pub fn part(message: &str, attribute: &str) -> Self {
        Self { message: message.to_owned(), attribute: Some(attribute.to_owned()) }
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.attribute {
            None => f.write_str(&self.message),
            Some(attribute) => write!(f, "{}.{attribute}", self.message),
        }
    }
}

/// Something in a text that a human must see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// What it is about.
    pub category: ConcernCategory,
    /// The rule that found it.
    pub rule: RuleId,
    /// Which bytes of the text made it.
    pub words: Range<usize>,
}

/// The choices of every question that is answered by yes or no.
#[must_use]
pub fn yes_or_no() -> [ChoiceId; 2] {
    [choice_named("yes"), choice_named("no")]
}

/// A choice of our own messages.
#[must_use]
pub fn choice_named(name: &'static str) -> ChoiceId {
    name.parse().expect("our own choices are names")
}
