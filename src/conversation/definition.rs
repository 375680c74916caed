//! What a checked conversation is: an ordered list of steps.
//!
//! Invariant: a guard names earlier steps only, so a conversation cannot loop and has no dead ends.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::conversation::guard::Guard;
use crate::domain::answer::AnswerKind;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;
use crate::domain::referral::HandOverReason;

/// A conversation: what is asked, in which order, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its name, the same as its folder.
    pub id: ConversationId,
    /// Which revision of the flow this is.
    pub revision: RevisionId,
    /// What link workers call it.
    pub title: String,
    /// Tries, reminders, time-outs.
    pub limits: Limits,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Tries, reminders, time-outs of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Replies not understood before skip or a person is offered.
    pub tries: u8,
    /// When to remind, counted from the last text of the person.
    pub remind_after: Vec<Duration>,
    /// When the session closes and what there is is handed over, counted from the last text of the person.
    pub close_after: Duration,
    /// How long nothing is resumed or repeated any more, counted from the last text of the person.
    pub forget_after: Duration,
    /// The most parts that one text message may have.
    pub sms_parts: u8,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name; also the name of its message.
    pub id: StepId,
    /// When it applies; always, where there is none.
    pub only_if: Option<Guard>,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Says something.
    Say,
    /// Asks something.
    Ask(Question),
    /// Reads answers back and lets them be changed.
    Check {
        /// The steps that are read back.
        shows: Vec<StepId>,
        /// The steps that are not, and are changed by a word.
        changes: Vec<StepId>,
    },
    /// Puts the referral into the queue; later answers update it.
    HandOver {
        /// Why.
        reason: HandOverReason,
    },
    /// Says goodbye and ends.
    Finish,
}

impl StepKind {
    /// What a reply may name by a word: the choices of a question, and at a check the questions that it changes.
    #[must_use]
    pub fn named(&self) -> Vec<ChoiceId> {
        match self {
            Self::Ask(question) => question.choices.clone(),
            Self::Check { changes, .. } => {
                changes.iter().filter_map(|step| step.as_str().parse().ok()).collect()
            }
            Self::Say | Self::HandOver { .. } | Self::Finish => Vec::new(),
        }
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What kind of answer it wants.
    pub answer: AnswerKind,
    /// The choices, in order.
    pub choices: Vec<ChoiceId>,
    /// The choices that mean "none of these": they cannot stand beside others.
    pub alone: Vec<ChoiceId>,
    /// Whether SKIP is allowed.
    pub may_skip: bool,
    /// A text within this time of an own-words answer is joined to it.
    pub joins_within: Option<Duration>,
    /// Whether a first text that was a story is offered as the answer.
    pub takes_opening_words: bool,
    /// Whether own words that name none of the choices are an answer too.
    pub takes_own_words: bool,
    /// Where the answer stands in the handover.
    pub part: Part,
    /// The choices after which nothing automatic is sent.
    pub no_texts_if: Vec<ChoiceId>,
    /// The choice that a phone number means; the next question takes the number itself.
    pub phone_means: Option<ChoiceId>,
}

/// The parts of a handover, in the order in which a link worker reads them (the headings of the PRSB social
/// prescribing referral, the person's own words first).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What matters, in the person's own words.
    OwnWords,
    /// The six things that a good life needs, and which are missing.
    SixThings,
    /// What gets in the way.
    Barriers,
    /// What the person is good at or enjoys, and can give.
    Strengths,
    /// Who is around.
    People,
    /// What the person needs so that they can take part (Accessible Information Standard).
    Access,
    /// Who the person is.
    Person,
    /// Who writes, where it is somebody else.
    Writer,
    /// How, when and where to be reached safely.
    Contact,
    /// What may be done with the information; each answer is kept with the text as it was sent.
    Consent,
    /// Anything else.
    Other,
}

impl Part {
    /// Every part, in reading order.
    pub const ALL: [Self; 11] = [
        Self::OwnWords,
        Self::SixThings,
        Self::Barriers,
        Self::Strengths,
        Self::People,
        Self::Access,
        Self::Person,
        Self::Writer,
        Self::Contact,
        Self::Consent,
        Self::Other,
    ];

    /// The word in `flow.yaml` and in pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnWords => "own-words",
            Self::SixThings => "six-things",
            Self::Barriers => "barriers",
            Self::Strengths => "strengths",
            Self::People => "people",
            Self::Access => "access",
            Self::Person => "person",
            Self::Writer => "writer",
            Self::Contact => "contact",
            Self::Consent => "consent",
            Self::Other => "other",
        }
    }
}

impl Definition {
    /// The step of this name.
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == *id)
    }

    /// The question of this name.
    #[must_use]
    pub fn question(&self, id: &StepId) -> Option<&Question> {
        match self.step(id).map(|step| &step.kind) {
            Some(StepKind::Ask(question)) => Some(question),
            Some(StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish)
            | None => None,
        }
    }
}
