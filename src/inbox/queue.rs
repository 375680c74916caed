//! The queue: what needs somebody now comes first.

use std::fmt;

use askama::Template;

use crate::domain::ids::Reference;
use crate::domain::referral::HandOverReason;
use crate::domain::referral::ReferralStatus;
use crate::handover::Consent;
use crate::inbox::me::DutyLine;
use crate::inbox::page::Layout;
use crate::inbox::shown::Foreign;
use crate::inbox::who::Who;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/queue.html")]
pub struct QueuePage {
    /// The frame.
    pub layout: Layout,
    /// Who is on duty.
    pub duty: Vec<DutyLine>,
    /// The parts of the inbox.
    pub views: Vec<ViewLink>,
    /// The rows, in order.
    pub rows: Vec<QueueRow>,
    /// What is said where there are none.
    pub empty: &'static str,
    /// What was looked for, where this is what was found.
    pub search: Option<Search>,
}

/// What somebody looked for.
#[derive(Default)]
pub struct Search {
    /// What they typed.
    pub typed: String,
    /// What they must know of what was found, or why nothing can be.
    pub remark: Option<String>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It may be a name or a number.
        f.write_str("Search(…)")
    }
}

/// A link to a part of the inbox.
#[derive(Debug)]
pub struct ViewLink {
    /// Which.
    pub view: View,
    /// Whether it is shown now.
    pub current: bool,
    /// How many stand in it.
    pub count: Option<usize>,
}

/// The parts of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// An open concern, a text without a reply, or nobody has it.
    #[default]
    NeedsUs,
    /// What I have.
    Mine,
    /// Everything that is open.
    Open,
    /// What has ended.
    Ended,
}

impl View {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::NeedsUs, Self::Mine, Self::Open, Self::Ended];

    /// The word in the address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedsUs => "needs-us",
            Self::Mine => "mine",
            Self::Open => "open",
            Self::Ended => "ended",
        }
    }

    /// The words on the page.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NeedsUs => "Needs us now",
            Self::Mine => "Mine",
            Self::Open => "Everything open",
            Self::Ended => "Ended",
        }
    }

    /// What is said where it holds nothing.
    #[must_use]
    pub fn empty(self) -> &'static str {
        match self {
            Self::NeedsUs => "Nobody is waiting for you. New texts and referrals appear here.",
            Self::Mine => "You have nobody yet. Take somebody from “Needs us now”.",
            Self::Open => "Nothing is open.",
            Self::Ended => "Nothing has ended yet.",
        }
    }

    /// The part of this name; the first where there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.as_str() == name).unwrap_or_default()
    }

    /// Whether a row stands in it.
    #[must_use]
    pub fn holds(self, row: &QueueRow) -> bool {
        let open = is_open(row.status);
        match self {
            // A concern needs us whatever became of the case, and so does a text after the end.
            Self::NeedsUs => row.concerns > 0 || row.needs_reply || row.status == ReferralStatus::New,
            Self::Mine => open && row.mine,
            Self::Open => open,
            Self::Ended => !open,
        }
    }
}

/// One referral in the queue.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// Its reference.
    pub reference: Reference,
    /// Who writes, and about whom.
    pub who: Who,
    /// The first of their own words.
    pub words: Option<Foreign>,
    /// What they are about, as corrected.
    pub themes: Vec<&'static str>,
    /// Where it stands.
    pub status: ReferralStatus,
    /// How many open concerns it has.
    pub concerns: usize,
    /// Whether a text of the person waits for a reply.
    pub needs_reply: bool,
    /// What they said about being passed on.
    pub consent: Consent,
    /// Why it was handed over, where something was.
    pub reason: Option<HandOverReason>,
    /// Since when a concern is open, or somebody waits; else how old it is, or since when it has ended. In words.
    pub age: String,
    /// The day by which somebody was promised to get in touch.
    pub promised: Option<String>,
    /// Who has it.
    pub holder: Option<Foreign>,
    /// Whether I have it.
    pub mine: bool,
    /// How the person writes: `Text message`.
    pub channel: &'static str,
    /// The practice, where known.
    pub practice: Option<Foreign>,
    /// The language of the texts, where it is not English.
    pub language: Option<String>,
    /// Whether the person was erased: then nothing else is said of the case but an open concern.
    pub erased: bool,
}

impl QueueRow {
    fn status_words(&self) -> &'static str {
        status_words(self.status)
    }

    fn status_colour(&self) -> &'static str {
        status_colour(self.status)
    }

    /// What is special about how it came.
    fn reason_words(&self) -> Option<&'static str> {
        match self.reason? {
            HandOverReason::Under16 => Some("Under 16"),
            HandOverReason::OutOfArea => Some("Outside our area"),
            HandOverReason::WantsAHuman => Some("Asked for a person"),
            HandOverReason::CannotAgree => Some("Cannot say whether they agree"),
            HandOverReason::Deletion => Some("Asked for deletion"),
            HandOverReason::PartFinished => Some("Stopped half way"),
            HandOverReason::Agreed
            | HandOverReason::WroteAgain
            | HandOverReason::Concern
            | HandOverReason::NeedsAHuman => None,
        }
    }

    /// What may not be done with what they told.
    fn consent_words(&self) -> Option<&'static str> {
        match self.consent {
            Consent::Agreed => None,
            Consent::NotAsked | Consent::NotAnswered => Some("First contact only"),
            Consent::Refused | Consent::NotYet(_) => Some("Pass nothing on"),
        }
    }
}

/// Builds the page: counts and filters. The order is the store's.
#[must_use]
pub fn queue_page(layout: Layout, view: View, all: Vec<QueueRow>) -> QueuePage {
    let views = View::ALL.map(|each| ViewLink {
        view: each,
        current: each == view,
        count: (each != View::Ended).then(|| all.iter().filter(|row| each.holds(row)).count()),
    });
    let rows: Vec<QueueRow> = all.into_iter().filter(|row| view.holds(row)).collect();
    QueuePage { layout, duty: Vec::new(), views: views.into(), rows, empty: view.empty(), search: None }
}

/// The same page with what a search has found.
#[must_use]
pub fn search_page(layout: Layout, search: Search, rows: Vec<QueueRow>) -> QueuePage {
    let views = View::ALL.map(|view| ViewLink { view, current: false, count: None });
    let empty = "Only cases of your own services are found, by the beginnings of words.";
    QueuePage { layout, duty: Vec::new(), views: views.into(), rows, empty, search: Some(search) }
}

/// Whether a referral goes on.
#[must_use]
pub fn is_open(status: ReferralStatus) -> bool {
    match status {
        ReferralStatus::New | ReferralStatus::InHand | ReferralStatus::Accepted => true,
        ReferralStatus::Declined | ReferralStatus::Closed => false,
    }
}

/// Where a referral stands, in words.
#[must_use]
pub fn status_words(status: ReferralStatus) -> &'static str {
    match status {
        ReferralStatus::New => "New",
        ReferralStatus::InHand => "In hand",
        ReferralStatus::Accepted => "Accepted",
        ReferralStatus::Declined => "Declined",
        ReferralStatus::Closed => "Closed",
    }
}

/// The colour of its tag; the words beside it say the same.
#[must_use]
pub fn status_colour(status: ReferralStatus) -> &'static str {
    match status {
        ReferralStatus::New => "blue",
        ReferralStatus::InHand => "aqua-green",
        ReferralStatus::Accepted => "green",
        ReferralStatus::Declined | ReferralStatus::Closed => "grey",
    }
}
