//! Which volunteer champion helps with a case, and who can be asked to.

use crate::domain::ids::StaffId;
use crate::inbox::page::Moment;
use crate::inbox::shown::Foreign;
use crate::inbox::view::Case;

/// What the page of a case says of volunteers.
#[derive(Debug, Clone, Default)]
pub struct Lending {
    /// Who helps, and since when.
    pub helper: Option<(Foreign, Moment)>,
    /// Who can be asked, where nobody helps.
    pub champions: Vec<(StaffId, Foreign)>,
}

/// What the page of a case says of volunteers.
#[must_use]
pub fn lending(case: &Case) -> Lending {
    Lending {
        helper: case.lent.map(|lent| (case.staff.get(lent.champion), Moment(lent.lent_at))),
        champions: case.champions.iter().map(|id| (*id, case.staff.get(*id))).collect(),
    }
}
