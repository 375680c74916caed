//! Invented pages of volunteer champions, and of cases without a name, so that they can be looked at and asked about in tests.

use crate::domain::ids::ConcernId;
use crate::domain::ids::StaffId;
use crate::inbox::champion::ChampionPage;
use crate::inbox::champion::HelperReach;
use crate::inbox::champion::HelpingPage;
use crate::inbox::champion::HelpingRow;
use crate::inbox::lending::Lending;
use crate::inbox::page::Moment;
use crate::inbox::referral::NoteView;
use crate::inbox::samples::ago;
use crate::inbox::samples::f;
use crate::inbox::samples::layout;
use crate::inbox::samples::referral;
use crate::inbox::seen_by::ForLeads;
use crate::inbox::seen_by::SeenBy;
use crate::inbox::seen_by::SteppedLine;
use crate::inbox::seen_by::SteppedView;
use crate::inbox::unnamed::ConcernLine;
use crate::inbox::unnamed::Line;
use crate::inbox::unnamed::UnnamedPage;
use crate::inbox::unnamed::Written;

pub(crate) fn lending(written: &str) -> Lending {
    let champion = StaffId(uuid::Uuid::from_u128(9));
    Lending { helper: None, champions: vec![(champion, f(written))] }
}

pub(crate) fn champion(written: &str) -> ChampionPage {
    ChampionPage {
        layout: layout("FB-222222"),
        reference: "FB-222222".parse().expect("a reference"),
        version: 3,
        key: "key".to_owned(),
        first_name: Some(f(written)),
        asked_by: f(written),
        concern_open: true,
        reach: HelperReach::RingOrVoicemail,
        numbers: vec![("+447700900123".to_owned(), f("07700 900123"))],
        facts: vec![(f("When to call"), f(written))],
        own_words: vec![(f("What matters"), Some(f(written))), (f("A good week"), None)],
        themes: vec!["People"],
        notes: vec![NoteView { by: f(written), at: Moment(ago(30)), text: f(written) }],
    }
}

pub(crate) fn helping(written: &str) -> HelpingPage {
    let row = HelpingRow {
        reference: "FB-222222".parse().expect("a reference"),
        first_name: Some(f(written)),
        themes: vec!["People"],
        concern_open: true,
        asked_by: f(written),
        since: Moment(ago(30)),
    };
    HelpingPage { layout: layout("People you help"), rows: vec![row] }
}

pub(crate) fn seen_by(written: &str) -> SeenBy {
    let id = |number| StaffId(uuid::Uuid::from_u128(number));
    let stepped = |number, waits| SteppedView { id: id(number), who: f(written), at: Moment(ago(30)), waits };
    SeenBy {
        named: vec![f(written), f(written)],
        candidates: vec![(id(10), f(written), true), (id(11), f(written), false)],
        stepped: vec![stepped(12, false), stepped(13, true)],
    }
}

pub(crate) fn for_leads(written: &str) -> ForLeads {
    let line = |seen, waits| SteppedLine {
        who: f(written),
        at: Moment(ago(30)),
        reference: "FB-222222".parse().expect("a reference"),
        seen,
        waits,
    };
    ForLeads {
        concerns: vec![(ConcernId(uuid::Uuid::from_u128(14)), Moment(ago(30)))],
        stepped: vec![line(true, false), line(false, true)],
    }
}

/// A case to print without the name.
pub(crate) fn unnamed(written: &str) -> UnnamedPage {
    let page = referral(written);
    let at = Moment(ago(30));
    let concern = ConcernLine {
        what: "Thoughts of ending their life",
        at,
        said: f(written),
        done: Some((f(written), f(written))),
    };
    let lines = vec![Line { by: f(written), at, about: None, text: f(written) }];
    UnnamedPage {
        layout: page.layout,
        reference: page.reference,
        erased_at: None,
        facts: page.facts,
        concerns: vec![concern],
        own_words: page.own_words,
        themes: vec!["Money"],
        parts: page.parts,
        written: vec![Written { part: "notes", heading: "Notes", lines }],
    }
}
