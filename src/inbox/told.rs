//! Who was told of a concern, as its page says it.
//!
//! Invariant: a step that reached nobody is shown as such.

use crate::inbox::messages::fate;
use crate::inbox::page::Moment;
use crate::inbox::shown::Foreign;
use crate::inbox::view::Names;
use crate::inbox::words::fate_words;
use crate::store::told::Told;

/// Who was told of a concern, and what became of it.
#[derive(Debug, Clone)]
pub struct ToldView {
    /// When.
    pub at: Moment,
    /// Who; nobody where there was nobody to tell.
    pub who: Option<Foreign>,
    /// What became of it, as it follows the name.
    pub words: String,
}

/// The line of a page.
#[must_use]
pub fn told_view(told: &Told, staff: &Names) -> ToldView {
    let words = match (&told.staff, &told.state) {
        (None, _) => nobody(&told.who).to_owned(),
        (Some(_), None) => "has given no mobile number".to_owned(),
        (Some(_), Some(state)) => {
            let fate = fate_words(fate(state, told.delivery.as_deref())).to_lowercase();
            let late = told.failed_at.is_some() && told.delivery.as_deref() == Some("sent");
            if late { format!("told: {fate}, so the next in line was told") } else { format!("told: {fate}") }
        }
    };
    ToldView { at: Moment(told.told_at), who: told.staff.map(|id| staff.get(id)), words }
}

fn nobody(who: &str) -> &'static str {
    match who {
        "on-duty" => "Nobody was on duty",
        "duty-leads" => "There is no duty lead to tell",
        "safeguarding-leads" => "There is no safeguarding lead to tell",
        _ => "There was nobody to tell",
    }
}
