//! The list of cases, by folders: what needs somebody now comes first.
//!
//! Invariant: the order is the store's, and no folder is left out because it is empty.

use std::fmt;

use askama::Template;

use crate::domain::ids::Reference;
use crate::domain::referral::Folder;
use crate::domain::referral::HandOverReason;
use crate::domain::referral::ReferralStatus;
use crate::handover::Consent;
use crate::inbox::beside::Beside;
use crate::inbox::filters::FilterForm;
use crate::inbox::found::MessagesFound;
use crate::inbox::keeping::LaterView;
use crate::inbox::me::DutyLine;
use crate::inbox::page::Layout;
use crate::inbox::seen_by::ForLeads;
use crate::inbox::shown::Foreign;
use crate::inbox::who::Who;
use crate::inbox::words::folder_words;
use crate::store::desk::Counts;
use crate::store::place::Place;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/queue.html")]
pub struct QueuePage {
    /// The frame.
    pub layout: Layout,
    /// What leads are told.
    pub for_leads: ForLeads,
    /// Who is on duty.
    pub duty: Vec<DutyLine>,
    /// The folders.
    pub folders: Vec<FolderLink>,
    /// Which of them is shown.
    pub folder: Folder,
    /// Which cases are wanted of it.
    pub filters: FilterForm,
    /// How many of them there are, and how many the filters hide.
    pub counts: Counts,
    /// The rows, in order.
    pub rows: Vec<QueueRow>,
    /// Whether the first page is shown.
    pub first: bool,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// What was looked for, where this is what was found.
    pub search: Option<Search>,
    /// What stands around the list.
    pub beside: Beside,
}

/// What somebody looked for.
#[derive(Default)]
pub struct Search {
    /// What they typed.
    pub typed: String,
    /// What they must know of what was found, or why nothing can be.
    pub remark: Option<String>,
    /// What was found in messages, where any were looked through.
    pub messages: Option<MessagesFound>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It may be a name or a number.
        f.write_str("Search(…)")
    }
}

/// A link to a folder.
#[derive(Debug)]
pub struct FolderLink {
    /// Which.
    pub folder: Folder,
    /// Whether it is shown now.
    pub current: bool,
    /// How many stand in it.
    pub count: i64,
    /// How many of them a colleague gave to whoever looks.
    pub given: i64,
}

/// One referral in the queue.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// Its reference.
    pub reference: Reference,
    /// Which state of the case the row shows.
    pub version: i64,
    /// Who writes, and about whom.
    pub who: Who,
    /// The first of their own words.
    pub words: Option<Foreign>,
    /// What they are about, as corrected.
    pub themes: Vec<&'static str>,
    /// Its labels, by their names.
    pub labels: Vec<Foreign>,
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
    /// Until when it is put aside, or was, and why.
    pub later: Option<LaterView>,
    /// Which colleague gave it to whoever looks, who has not opened it since.
    pub given_by: Option<Foreign>,
    /// Whether a text did not arrive, and nothing tells that they were reached since.
    pub undelivered: bool,
    /// Whether a text that was to be sent later is held back.
    pub text_stopped: bool,
    /// The day by which somebody was promised to get in touch.
    pub promised: Option<String>,
    /// The day by which a request to delete their information has to be answered.
    pub answer_by: Option<String>,
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

impl FolderLink {
    fn words(&self) -> &'static str {
        folder_words(self.folder)
    }
}

impl QueuePage {
    /// Whether only older messages are shown: the people stood on the page before.
    fn looks_further_back(&self) -> bool {
        let messages = self.search.as_ref().and_then(|search| search.messages.as_ref());
        messages.is_some_and(|messages| !messages.newest)
    }

    fn empty_words(&self) -> &'static str {
        if self.search.is_some() {
            return "Only cases of your own services are found, by the beginnings of words.";
        }
        match self.folder {
            _ if !self.first => "There is nothing more.",
            _ if self.filters.is_on() => "No case here fits the filters.",
            Folder::NeedsReply => "Nobody is waiting for you. New texts and referrals appear here.",
            Folder::Unassigned => "Somebody has every open case.",
            Folder::Mine => "You have nobody now. Take somebody from “Needs a reply”.",
            Folder::Later => "Nobody is put aside.",
            Folder::Undelivered => "As far as we know, every text has arrived.",
            Folder::Open => "Nothing is open.",
            Folder::Closed => "Nothing was closed in the last three months.",
        }
    }
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

/// Builds the page: the rows are those of the folder, in the order of the store.
#[must_use]
pub fn queue_page(layout: Layout, folder: Folder, counts: Counts, rows: Vec<QueueRow>) -> QueuePage {
    let folders = Folder::ALL.iter().map(|each| FolderLink {
        folder: *each,
        current: *each == folder,
        count: counts.shown.of(*each),
        given: if *each == Folder::Mine { counts.shown.given } else { 0 },
    });
    let folders = folders.collect();
    QueuePage {
        layout,
        for_leads: ForLeads::default(),
        duty: Vec::new(),
        folders,
        folder,
        filters: FilterForm::default(),
        counts,
        rows,
        first: true,
        next: None,
        search: None,
        beside: Beside::default(),
    }
}

/// The same page with what a search has found.
#[must_use]
pub fn search_page(layout: Layout, search: Search, counts: Counts, rows: Vec<QueueRow>) -> QueuePage {
    let mut page = queue_page(layout, Folder::NeedsReply, counts, rows);
    page.folders.iter_mut().for_each(|link| link.current = false);
    QueuePage { search: Some(search), ..page }
}

/// The folder of this name; the first where there is none.
#[must_use]
pub fn folder_named(name: &str) -> Folder {
    name.parse().unwrap_or(Folder::NeedsReply)
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
