//! How a case stands, derived once from what is known: each banner of its page, and each tag of its row, is one arm of a
//! `match` over it.
//!
//! Invariant: two states of the same thing cannot be told at once, since each is one value of one enum.

use crate::conversation::session::Session;
use crate::domain::referral::HandOverReason;
use crate::domain::referral::Outcome;
use crate::handover::Consent;
use crate::handover::Summary;
use crate::inbox::shown::Foreign;

/// What is known of a case, as far as its standing goes.
#[derive(Debug)]
pub struct Known<'a> {
    /// What they told, the newest conversation first.
    pub summaries: &'a [Summary],
    /// Their newest conversation, where it was not erased.
    pub session: Option<&'a Session>,
    /// Whether a concern was ever raised, dealt with or not.
    pub concern: bool,
    /// A human is speaking.
    pub hold: bool,
    /// What stands between us and their phone.
    pub reach: Reach,
    /// The language that they speak, where it is none of ours.
    pub speaks: Option<&'a str>,
}

/// How a case stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What may be done with what they told.
    pub permission: Permission,
    /// What the automatic questions do.
    pub questions: Questions,
    /// What stands between us and their phone.
    pub reach: Reach,
    /// Whether they asked to have their information deleted.
    pub deletion: bool,
    /// The language that they speak, where it is none of ours: an interpreter is needed.
    pub speaks: Option<Foreign>,
}

/// What may be done with what they told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// They agreed to be passed on.
    Agreed,
    /// They were not asked: first contact only.
    NotAsked(NotAsked),
    /// The question stands open: first contact only.
    NotAnswered,
    /// They said no: nothing may be passed on.
    Refused(SeenBecause),
    /// Whoever writes for them says something else than yes, in these words.
    NotYet(Foreign),
}

/// Why they were not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// The conversation goes on.
    GoesOn,
    /// They are under 16, and are not questioned.
    Under16,
    /// They live outside the area.
    OutOfArea,
    /// They asked for a person first.
    WantsAHuman,
    /// Anything else ended the conversation before.
    Stopped,
}

/// Why a case is seen although they said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenBecause {
    /// A concern was raised.
    Concern,
    /// They asked for a person.
    WantsAHuman,
    /// They asked to have their information deleted.
    Deletion,
    /// They wrote again, or something else of theirs waits for a human.
    WroteAgain,
}

/// What the automatic questions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Questions {
    /// They are silent, because a human is speaking; afterwards they can go on, or not.
    HumanSpeaks {
        /// Whether there are questions left.
        can_go_on: bool,
    },
    /// Nothing automatic is sent to this phone.
    NothingIsSent,
    /// They wait after a safety reply, until the person wants to go on.
    Wait,
    /// They are on.
    On,
    /// They have ended.
    Over,
}

/// What stands between us and their phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: texts reach them.
    Free,
    /// They stopped all texts.
    Stopped,
    /// Texts are not safe or not wanted.
    DoNotText,
    /// Both.
    StoppedAndDoNotText,
    /// No text reaches them, whatever they want.
    CannotBeTexted,
    /// They have died.
    Died,
}

impl Reach {
    /// From what holds for the addresses, the person and the end of the case.
    #[must_use]
    pub fn of(textable: bool, opted_out: bool, texts_unsafe: bool, outcome: Option<Outcome>) -> Self {
        if outcome == Some(Outcome::Died) {
            return Self::Died;
        }
        match (textable, opted_out, texts_unsafe) {
            (false, _, _) => Self::CannotBeTexted,
            (true, true, true) => Self::StoppedAndDoNotText,
            (true, true, false) => Self::Stopped,
            (true, false, true) => Self::DoNotText,
            (true, false, false) => Self::Free,
        }
    }

    /// Whether a link worker's text can be sent.
    #[must_use]
    pub fn can_be_texted(self) -> bool {
        match self {
            Self::Free | Self::DoNotText => true,
            Self::Stopped | Self::StoppedAndDoNotText | Self::CannotBeTexted | Self::Died => false,
        }
    }
}

impl Questions {
    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HumanSpeaks { .. } => "human-speaks",
            Self::NothingIsSent => "nothing-is-sent",
            Self::Wait => "wait",
            Self::On => "on",
            Self::Over => "over",
        }
    }

    /// What is so.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::HumanSpeaks { .. } => "A human is speaking.",
            Self::NothingIsSent => "Nothing is sent by itself.",
            Self::Wait => "The automatic questions wait.",
            Self::On => "The automatic questions are on.",
            Self::Over => "The automatic questions have ended.",
        }
    }

    /// What it means.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::HumanSpeaks { .. } => "Nothing else is sent by itself, but for a safety reply.",
            Self::NothingIsSent => "The red lines above say why.",
            Self::Wait => {
                "They had a safety reply, and are asked nothing until they text GO. Press this before you ring or write."
            }
            Self::On => "They stop when you send a text. Press this before you ring or write.",
            Self::Over => {
                "A new text from them still gets a short automatic answer. Press this before you ring or write."
            }
        }
    }

    /// What lets them go on, where a human is speaking.
    #[must_use]
    pub fn hand_back_words(self) -> Option<&'static str> {
        match self {
            Self::HumanSpeaks { can_go_on: true } => Some("Let the automatic questions go on"),
            Self::HumanSpeaks { can_go_on: false } => Some("I have finished replying"),
            Self::NothingIsSent | Self::Wait | Self::On | Self::Over => None,
        }
    }
}

impl Standing {
    /// How a case stands, from all that is known of it.
    #[must_use]
    pub fn of(known: &Known<'_>) -> Self {
        Self {
            permission: permission(known),
            questions: questions(known),
            reach: known.reach,
            deletion: has_reason(known, HandOverReason::Deletion),
            speaks: known.speaks.map(Foreign::new),
        }
    }
}

fn has_reason(known: &Known<'_>, reason: HandOverReason) -> bool {
    known.summaries.iter().any(|summary| summary.reason == reason)
}

fn goes_on(known: &Known<'_>) -> bool {
    known.session.is_some_and(Session::is_live)
}

/// What they said about being passed on, the newest conversation first: what they said last counts, so that whoever
/// said no, came back and agreed has agreed.
#[must_use]
pub fn consent(summaries: &[Summary]) -> Consent {
    let said = |summary: &&Summary| !matches!(summary.consent, Consent::NotAsked | Consent::NotAnswered);
    let asked = |summary: &&Summary| summary.consent != Consent::NotAsked;
    let counts = summaries.iter().find(said).or_else(|| summaries.iter().find(asked));
    counts.map_or(Consent::NotAsked, |summary| summary.consent.clone())
}

fn permission(known: &Known<'_>) -> Permission {
    match consent(known.summaries) {
        Consent::NotAsked => Permission::NotAsked(not_asked(known)),
        Consent::NotAnswered => Permission::NotAnswered,
        Consent::Agreed => Permission::Agreed,
        Consent::Refused => Permission::Refused(seen_because(known)),
        Consent::NotYet(words) => Permission::NotYet(Foreign::new(&words)),
    }
}

fn not_asked(known: &Known<'_>) -> NotAsked {
    if goes_on(known) {
        NotAsked::GoesOn
    } else if has_reason(known, HandOverReason::Under16) {
        NotAsked::Under16
    } else if has_reason(known, HandOverReason::OutOfArea) {
        NotAsked::OutOfArea
    } else if has_reason(known, HandOverReason::WantsAHuman) {
        NotAsked::WantsAHuman
    } else {
        NotAsked::Stopped
    }
}

fn seen_because(known: &Known<'_>) -> SeenBecause {
    if known.concern {
        SeenBecause::Concern
    } else if has_reason(known, HandOverReason::WantsAHuman) {
        SeenBecause::WantsAHuman
    } else if has_reason(known, HandOverReason::Deletion) {
        SeenBecause::Deletion
    } else {
        SeenBecause::WroteAgain
    }
}

fn questions(known: &Known<'_>) -> Questions {
    let waits = |session: &Session| session.aside.as_ref().is_some_and(|open| open.aside.is_safety());
    if known.hold {
        return Questions::HumanSpeaks { can_go_on: goes_on(known) && known.reach == Reach::Free };
    }
    match (known.reach, known.session) {
        (
            Reach::Stopped
            | Reach::DoNotText
            | Reach::StoppedAndDoNotText
            | Reach::CannotBeTexted
            | Reach::Died,
            _,
        ) => Questions::NothingIsSent,
        (Reach::Free, Some(session)) if session.is_live() && waits(session) => Questions::Wait,
        (Reach::Free, Some(session)) if session.is_live() => Questions::On,
        (Reach::Free, Some(_) | None) => Questions::Over,
    }
}
