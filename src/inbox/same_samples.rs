//! Samples of what is told of one person: the same elsewhere, at a glance, agreed to, and what happened.
//!
//! Invariant: everything that somebody else wrote is the text that was asked for.

use crate::inbox::agreed::AgreedView;
use crate::inbox::glance::Glance;
use crate::inbox::history::EventView;
use crate::inbox::page::Moment;
use crate::inbox::referral::ReferralPage;
use crate::inbox::same::AlikeView;
use crate::inbox::same::ComparePage;
use crate::inbox::same::JoinedView;
use crate::inbox::same::SameView;
use crate::inbox::samples::ago;
use crate::inbox::samples::f;
use crate::inbox::samples::layout;
use crate::inbox::samples::reference;
use crate::inbox::samples::referral;

pub(crate) fn glance(text: &str) -> Glance {
    Glance {
        needs: vec![f("Large print"), f(text)],
        reach: vec![("Contact by".to_owned(), f(text))],
        language: Some("cy".to_owned()),
    }
}

pub(crate) fn agreed(text: &str) -> Vec<AgreedView> {
    vec![AgreedView { at: Moment(ago(90)), answer: f("yes"), text: f(text), version: "0123abcd".to_owned() }]
}

pub(crate) fn history(text: &str) -> Vec<EventView> {
    vec![EventView { at: Moment(ago(60)), who: Some(f(text)), what: "took the case.".to_owned() }]
}

pub(crate) fn same(text: &str) -> SameView {
    SameView {
        alike: vec![AlikeView {
            reference: reference("FB-7GH2QX"),
            name: Some(f(text)),
            how: vec!["the same name and postcode"],
        }],
        joined: vec![JoinedView {
            references: vec![reference("FB-9MWC4J")],
            split: Some(reference("FB-9MWC4J")),
        }],
        texts_go_to: Some(f(text)),
    }
}

/// Two cases side by side.
pub(crate) fn compare(text: &str) -> ComparePage {
    let there = ReferralPage { reference: reference("FB-7GH2QX"), ..referral(text) };
    ComparePage {
        layout: layout("The same person?"),
        here: referral(text),
        there,
        how: vec!["the same phone number"],
        can_be_joined: true,
        stays: reference("FB-C4J9MW"),
    }
}
