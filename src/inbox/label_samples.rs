//! Invented labels, so that pages can be looked at and asked about in tests.

use crate::domain::ids::LabelId;
use crate::domain::ids::ServiceId;
use crate::inbox::labelling::LabelView;
use crate::inbox::labelling::LabelViews;
use crate::inbox::labels::LabelLine;
use crate::inbox::labels::LabelsPage;
use crate::inbox::labels::ServiceLabels;
use crate::inbox::page::Moment;
use crate::inbox::samples::ago;
use crate::inbox::samples::f;
use crate::inbox::samples::layout;

pub(crate) fn on_a_case(written: &str) -> LabelViews {
    let id = LabelId::new(ago(60), [1; 10]);
    LabelViews {
        on: vec![LabelView { id, name: f(written), by: f(written), at: Moment(ago(30)) }],
        free: vec![(LabelId::new(ago(60), [2; 10]), f(written))],
    }
}

pub(crate) fn labels(written: &str) -> LabelsPage {
    let service: ServiceId = "alder-vale".parse().expect("a name");
    let line =
        |number| LabelLine { id: LabelId::new(ago(60), [number; 10]), version: 1, name: written.to_owned() };
    LabelsPage {
        layout: layout("Labels"),
        key: "k".to_owned(),
        services: vec![ServiceLabels {
            id: service.clone(),
            name: f(written),
            in_use: vec![line(1)],
            retired: vec![line(2)],
        }],
        typed: Some((service, written.to_owned())),
        problem: Some(f(written)),
    }
}
