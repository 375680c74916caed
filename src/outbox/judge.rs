//! Whether a text that is due may leave now.
//!
//! Invariant: safety replies and alerts always may.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::domain::message::ChannelKind;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::leased::LeasedText;

/// What is to be done with a text that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It leaves now.
    Send,
    /// It waits until then: its channel is shut.
    Wait(Timestamp),
    /// Sent because time had passed, and no longer right.
    Cancel,
    /// The person wants no more texts.
    OptedOut,
}

/// The channels by which texts can leave.
#[derive(Debug, Clone)]
pub(super) struct Doors {
    /// Channels that have a sender.
    pub(super) senders: BTreeSet<ChannelKind>,
    /// Channels on which nothing is sent until then.
    pub(super) shut: BTreeMap<ChannelKind, Timestamp>,
    /// When texts without a sender are looked at again.
    pub(super) otherwise: Timestamp,
}

impl Doors {
    fn opens_at(&self, channel: ChannelKind) -> Option<Timestamp> {
        match (self.senders.contains(&channel), self.shut.get(&channel)) {
            (false, _) => Some(self.otherwise),
            (true, until) => until.copied(),
        }
    }
}

/// Judges a text as things stand at this moment.
pub(super) fn judge(text: &LeasedText, doors: &Doors) -> Verdict {
    let out_of_place = text.opted_out || text.hold || text.open_concern || text.texts_unsafe;
    match text.purpose {
        Purpose::Scheduled if out_of_place => return Verdict::Cancel,
        // It waited while somebody said that this phone is not safe.
        Purpose::Receipt | Purpose::Answer | Purpose::Goodbye if text.texts_unsafe => return Verdict::Cancel,
        Purpose::LinkWorker | Purpose::Receipt | Purpose::Answer if text.opted_out => {
            return Verdict::OptedOut;
        }
        Purpose::Safety
        | Purpose::Alert
        | Purpose::LinkWorker
        | Purpose::Receipt
        | Purpose::Answer
        | Purpose::Goodbye
        | Purpose::Scheduled => {}
    }
    doors.opens_at(text.channel).map_or(Verdict::Send, Verdict::Wait)
}
