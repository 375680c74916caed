//! A sample of what stands beside the box for a text: ready-made texts, drafts, and texts that wait for their time.
//!
//! Invariant: everything that somebody else wrote is the text that was asked for.

use std::time::Duration;

use crate::domain::ids::LaterTextId;
use crate::domain::ids::ReadyTextId;
use crate::domain::referral::WhyNotSent;
use crate::inbox::later::Quiet;
use crate::inbox::later::WaitingView;
use crate::inbox::page::Moment;
use crate::inbox::samples::ago;
use crate::inbox::samples::f;
use crate::inbox::writing::DraftView;
use crate::inbox::writing::Ready;
use crate::inbox::writing::Writing;

pub(crate) fn writing(text: &str) -> Writing {
    let reasons = [None, Some(WhyNotSent::Wrote), Some(WhyNotSent::Stopped)];
    Writing {
        by_sms: true,
        part_price: "3.85".parse().ok(),
        ready: vec![Ready {
            id: ReadyTextId(uuid::Uuid::from_u128(6)),
            title: f(text),
            text: text.to_owned(),
            told: Some(text.to_owned()),
        }],
        reply_draft: Some(DraftView { text: text.to_owned(), kept_at: Moment(ago(3)) }),
        note_draft: Some(DraftView { text: text.to_owned(), kept_at: Moment(ago(4)) }),
        text: text.to_owned(),
        told: Some(text.to_owned()),
        waiting: (0..).zip(reasons).map(|(number, why)| waiting(text, number, why)).collect(),
        quiet: Quiet::Until(in_the_morning()),
        proposed_day: "2026-11-24".to_owned(),
    }
}

fn in_the_morning() -> Moment {
    Moment(ago(0).plus(Duration::from_secs(10 * 3600)))
}

fn waiting(text: &str, number: u128, why: Option<WhyNotSent>) -> WaitingView {
    let id = LaterTextId(uuid::Uuid::from_u128(number));
    WaitingView { id, by: f(text), text: f(text), due_at: in_the_morning(), why, has_come: false }
}
