//! A referral: concerns, the person's own words, what else they told, the messages, and what can be done.
//!
//! Invariant: a note stands in a form of its own, and everything that somebody else wrote is `Foreign`.

use std::collections::BTreeSet;

use askama::Template;

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ConcernId;
use crate::domain::ids::InboundId;
use crate::domain::ids::Reference;
use crate::domain::ids::RuleId;
use crate::domain::referral::DeclineReason;
use crate::domain::referral::Outcome;
use crate::domain::referral::ReferralStatus;
use crate::domain::tag::Tag;
use crate::inbox::agreed::AgreedView;
use crate::inbox::asked_safe::AskedSafe;
use crate::inbox::asked_safe::SafeAnswer;
use crate::inbox::banner::Banner;
use crate::inbox::banner::banners;
use crate::inbox::contacts::Contacts;
use crate::inbox::glance::Glance;
use crate::inbox::history::EventView;
use crate::inbox::keeping::Keeping;
use crate::inbox::labelling::LabelViews;
use crate::inbox::later::Quiet;
use crate::inbox::lending::Lending;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::presence::Presence;
use crate::inbox::queue::is_open;
use crate::inbox::queue::status_colour;
use crate::inbox::queue::status_words;
use crate::inbox::same::SameView;
use crate::inbox::seen_by::SeenBy;
use crate::inbox::shown::Foreign;
use crate::inbox::shown::Piece;
use crate::inbox::standing::Reach;
use crate::inbox::standing::Standing;
use crate::inbox::themes::ThemeView;
use crate::inbox::told::ToldView;
use crate::inbox::who::Who;
use crate::inbox::words::concern_words;
use crate::inbox::words::fate_words;
use crate::inbox::words::outcome_words;
use crate::inbox::words::reason_words;
use crate::inbox::words::tag_words;
use crate::inbox::writing::Writing;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/referral.html")]
pub struct ReferralPage {
    /// The frame.
    pub layout: Layout,
    /// What the person quotes.
    pub reference: Reference,
    /// Which state of the case this page shows: a form sent from an older one is told so.
    pub version: i64,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// When the person wrote last, so that a case is not ended over a text that this page did not show.
    pub heard: i64,
    /// Whether a text of the person waits for a reply.
    pub reply_due: bool,
    /// Who else has this open.
    pub presence: Presence,
    /// Who writes, and about whom.
    pub who: Who,
    /// When their words were erased, where they were.
    pub erased_at: Option<Moment>,
    /// Number, practice, since when.
    pub facts: Vec<Foreign>,
    /// Where it stands.
    pub status: ReferralStatus,
    /// Who has it.
    pub holder: Holder,
    /// Which volunteer champion helps, or can be asked to.
    pub lending: Lending,
    /// Who sees it.
    pub seen_by: SeenBy,
    /// Until when it is put aside, and to whom it can be given.
    pub keeping: Keeping,
    /// How it stands with them.
    pub standing: Standing,
    /// The day by which a request to delete their information has to be answered.
    pub answer_by: Option<String>,
    /// What must be known before the first word.
    pub glance: Glance,
    /// What they agreed to or refused, as it was asked.
    pub agreed: Vec<AgreedView>,
    /// What happened, the first first.
    pub history: Vec<EventView>,
    /// Who else this may be, or is.
    pub same: SameView,
    /// A safety reply waits for somebody who says that they are replying.
    pub reply_waits: bool,
    /// Concerns, the open ones first.
    pub concerns: Vec<ConcernView>,
    /// What matters, in the person's own words.
    pub own_words: Vec<AnswerView>,
    /// Its labels, and those that can be put on it.
    pub labels: LabelViews,
    /// Every theme, and what the rules and link workers say of it.
    pub themes: Vec<ThemeView>,
    /// The other parts of the handover, in reading order.
    pub parts: Vec<PartView>,
    /// What was written, the oldest first.
    pub thread: Vec<MessageView>,
    /// How often they were rung, visited or written to.
    pub contacts: Contacts,
    /// What is there for whoever writes to them.
    pub writing: Writing,
    /// Private notes, the oldest first.
    pub notes: Vec<NoteView>,
}

/// Who has a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// Nobody.
    Nobody,
    /// Who looks at the page.
    Me,
    /// Somebody else.
    Colleague(Foreign),
}

/// Something that a human must see.
#[derive(Debug, Clone)]
pub struct ConcernView {
    /// Its identifier.
    pub id: ConcernId,
    /// What it is about.
    pub category: ConcernCategory,
    /// The rule that found it.
    pub rule: RuleId,
    /// The whole text, with the words marked that made it.
    pub said: Vec<Piece>,
    /// When it was raised.
    pub raised_at: Moment,
    /// When it was sent, where we read it late.
    pub sent_at: Option<Moment>,
    /// Which reply went out, and whether it arrived.
    pub reply: Option<String>,
    /// What came back where they were asked whether they are safe.
    pub asked_safe: Option<AskedSafe>,
    /// The version of the rules that found it.
    pub rules_version: String,
    /// Who was told of it, in order.
    pub told: Vec<ToldView>,
    /// Who dealt with it; nobody where it is open.
    pub done: Option<Done>,
}

impl ConcernView {
    /// What it is about.
    #[must_use]
    pub fn words(&self) -> &'static str {
        concern_words(self.category, &self.rule)
    }
}

/// How a concern was dealt with.
#[derive(Debug, Clone)]
pub struct Done {
    /// By whom.
    pub by: Foreign,
    /// When.
    pub at: Moment,
    /// What was done.
    pub what: Foreign,
}

/// A part of the handover.
#[derive(Debug, Clone)]
pub struct PartView {
    /// Its name, such as `strengths`.
    pub part: &'static str,
    /// The six things as a picture; empty in every other part.
    pub things: Vec<ThingView>,
    /// The answers in it that no picture shows.
    pub answers: Vec<AnswerView>,
}

impl PartView {
    /// Whether it tells one person from another.
    pub(super) fn is_about_who(&self) -> bool {
        ["person", "writer", "contact", "access"].contains(&self.part)
    }

    pub(super) fn heading(&self) -> &'static str {
        match self.part {
            "six-things" => "What a good life needs, and what is hard now",
            "barriers" => "What gets in the way",
            "strengths" => "What they are good at, and enjoy",
            "people" => "Who is around them",
            "access" => "What they need so that they can take part",
            "person" => "Who they are",
            "writer" => "Who writes for them",
            "contact" => "How to reach them",
            "consent" => "What they agreed to",
            _ => "What else they told us",
        }
    }
}

/// One of the six things.
#[derive(Debug, Clone)]
pub struct ThingView {
    /// What it is.
    pub label: String,
    /// Whether the person said that it is hard at the moment.
    pub hard: bool,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct AnswerView {
    /// The step that asked.
    pub step: String,
    /// Its heading.
    pub label: String,
    /// What was said; nothing where it was left out.
    pub said: Option<Foreign>,
    /// The person's own words, where they say more.
    pub beside: Option<Foreign>,
}

/// A message.
#[derive(Debug, Clone)]
pub struct MessageView {
    /// Its row, where the person wrote it: a colleague may raise a concern about it.
    pub inbound: Option<InboundId>,
    /// Who wrote.
    pub from: From,
    /// The same, as a name.
    pub who: Foreign,
    /// When.
    pub at: Moment,
    /// What it said.
    pub text: Foreign,
    /// What the rules note of it beside concerns.
    pub tags: Vec<Tag>,
    /// What is to be known of it: a photo that nobody has seen, an earlier text that was changed.
    pub about: Option<&'static str>,
    /// What became of it, where we sent it.
    pub fate: Option<Fate>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The person.
    Person,
    /// The automatic questions.
    Bot,
    /// A link worker.
    LinkWorker,
    /// Nobody: a link worker rang, visited or wrote a letter, and says so to colleagues.
    Contact,
}

impl From {
    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Bot => "bot",
            Self::LinkWorker => "link-worker",
            Self::Contact => "contact",
        }
    }
}

/// What became of a text that we sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Not sent yet.
    Waiting,
    /// Handed to the network.
    Sent,
    /// It has arrived.
    Arrived,
    /// It did not arrive.
    DidNotArrive,
    /// Not known whether it was sent.
    Unknown,
    /// It was too late, or no longer right, to send it.
    NotSent,
}

impl MessageView {
    fn tag_chips(&self) -> Vec<(&'static str, &'static str)> {
        self.tags.iter().map(|tag| (tag.as_str(), tag_words(*tag))).collect()
    }

    fn fate_words(&self) -> Option<&'static str> {
        self.fate.map(fate_words)
    }

    fn fate_is_bad(&self) -> bool {
        match self.fate {
            Some(Fate::DidNotArrive | Fate::Unknown | Fate::NotSent) => true,
            Some(Fate::Waiting | Fate::Sent | Fate::Arrived) | None => false,
        }
    }
}

/// A private note.
#[derive(Debug, Clone)]
pub struct NoteView {
    /// Who wrote it.
    pub by: Foreign,
    /// When.
    pub at: Moment,
    /// What it says.
    pub text: Foreign,
}

impl ReferralPage {
    pub(super) fn status_words(&self) -> &'static str {
        status_words(self.status)
    }

    pub(super) fn status_colour(&self) -> &'static str {
        status_colour(self.status)
    }

    fn is_open(&self) -> bool {
        self.erased_at.is_none() && is_open(self.status)
    }

    fn can_be_accepted(&self) -> bool {
        match self.status {
            ReferralStatus::New | ReferralStatus::InHand => true,
            ReferralStatus::Accepted | ReferralStatus::Declined | ReferralStatus::Closed => false,
        }
    }

    /// Nothing is known any more of who was erased: what could be said of them would misguide.
    pub(super) fn banners(&self) -> Vec<Banner> {
        if self.erased_at.is_some() { Vec::new() } else { banners(&self.standing, &self.who) }
    }

    fn is_held(&self) -> bool {
        self.standing.questions.hand_back_words().is_some()
    }

    fn can_be_texted(&self) -> bool {
        self.erased_at.is_none() && self.standing.reach.can_be_texted()
    }

    fn is_about_something(&self) -> bool {
        self.themes.iter().any(ThemeView::is_told)
    }

    /// What was noted of any message, once.
    fn tag_chips(&self) -> BTreeSet<(&'static str, &'static str)> {
        self.thread.iter().flat_map(MessageView::tag_chips).collect()
    }

    fn reasons(&self) -> Vec<(&'static str, &'static str)> {
        DeclineReason::ALL.iter().map(|reason| (reason.as_str(), reason_words(*reason))).collect()
    }

    fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        Outcome::ALL.iter().map(|outcome| (outcome.as_str(), outcome_words(*outcome))).collect()
    }

    fn needs_reason_to_text(&self) -> bool {
        self.standing.reach == Reach::DoNotText
    }
}
