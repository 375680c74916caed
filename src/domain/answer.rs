//! Answers: what a reply meant, and the kinds of question that can be asked.

use serde::{Deserialize, Serialize};

use crate::domain::ids::ChoiceId;
use crate::domain::ids::PracticeId;
use crate::domain::message::Words;
use crate::domain::postcode::Postcode;

/// What kind of answer a question wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// Yes or no.
    YesOrNo,
    /// One of the choices.
    ChooseOne,
    /// Several of the choices; `most` is how many at the most.
    ChooseSeveral {
        /// At most this many.
        most: Option<u8>,
    },
    /// A rating from 0 to 10.
    Scale,
    /// A whole number.
    WholeNumber {
        /// At least this.
        least: u32,
        /// At most this.
        most: u32,
    },
    /// The person's own words, kept as they are.
    OwnWords,
    /// A few words, kept as they are.
    ShortText,
    /// A name.
    Name,
    /// A UK postcode.
    Postcode,
    /// A date of birth.
    DateOfBirth,
    /// A UK phone number.
    Phone,
    /// A GP practice, by name or postcode.
    Practice,
}

/// What a reply meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "value")]
pub enum Value {
    /// Yes, or no.
    YesNo(bool),
    /// One of the choices.
    Choice(ChoiceId),
    /// Several of the choices, in their order; may be empty.
    Choices(Vec<ChoiceId>),
    /// 0 to 10.
    Scale(u8),
    /// A whole number.
    Number(u32),
    /// Own words or a short text.
    Text(Words),
    /// A name, tidied.
    Name(Words),
    /// A postcode.
    Postcode(Postcode),
    /// A date of birth.
    Date(jiff::civil::Date),
    /// A phone number in E.164 form.
    Phone(Words),
    /// A practice.
    Practice(PracticeAnswer),
}

/// What was learned about the practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PracticeAnswer {
    /// One that we know.
    Known(PracticeId),
    /// A place inside our area.
    InArea(Postcode),
    /// A place outside our area.
    OutOfArea(Postcode),
    /// Words that fit no practice of ours ("Dr Patel's"): a human finds out.
    Unknown(Words),
    /// None, or the person does not know.
    None,
}

impl PracticeAnswer {
    /// The word that guards use.
    #[must_use]
    pub fn as_guard_word(&self) -> &'static str {
        match self {
            Self::Known(_) => "known",
            Self::InArea(_) => "in-area",
            Self::OutOfArea(_) => "out-of-area",
            Self::Unknown(_) => "unknown",
            Self::None => "none",
        }
    }

    /// Every word that a guard may use of a practice.
    pub const GUARD_WORDS: [&'static str; 5] = ["known", "in-area", "out-of-area", "unknown", "none"];
}
