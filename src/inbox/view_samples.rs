//! Invented views, so that pages can be looked at and asked about in tests.

use crate::domain::ids::SavedViewId;
use crate::inbox::samples::ago;
use crate::inbox::samples::f;
use crate::inbox::samples::layout;
use crate::inbox::saved_views::SavedViewsPage;
use crate::inbox::saved_views::ViewLine;
use crate::inbox::saved_views::ViewLink;
use crate::inbox::saved_views::ViewLinks;

pub(crate) fn links(written: &str) -> ViewLinks {
    ViewLinks(vec![ViewLink { name: f(written), query: "show=open&theme=money".to_owned() }])
}

pub(crate) fn views(written: &str) -> SavedViewsPage {
    let line = |number, shared| ViewLine {
        id: SavedViewId::new(ago(60), [number; 10]),
        version: 1,
        name: written.to_owned(),
        query: "show=open&theme=money".to_owned(),
        says: vec![f("All open"), f(written)],
        missing: vec!["Practice"],
        of: f(written),
        shared,
        may_change: true,
    };
    SavedViewsPage {
        layout: layout("Your views"),
        key: "k".to_owned(),
        may_share: true,
        own: vec![line(1, false)],
        shared: vec![line(2, true)],
        problem: Some(f(written)),
    }
}
