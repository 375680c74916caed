//! What a link worker must know before the first word: what somebody needs so that they can take part, how and when they
//! may be reached, and in which language they get our texts.
//!
//! Invariant: it stands above everything but what forbids something, and is never shortened: a need that nobody sees is
//! not met.

use crate::domain::language::Language;
use crate::handover::Entry;
use crate::inbox::shown::Foreign;
use crate::inbox::view::Case;
use crate::inbox::view::entries;

/// The choice that says that nothing is needed. The ids of the shipped steps are stable.
const NOTHING: &str = "none";

/// What stands at the top of a case.
#[derive(Debug, Clone, Default)]
pub struct Glance {
    /// What they need so that they can take part.
    pub needs: Vec<Foreign>,
    /// How and when they may be reached: each question's short name, and what was said.
    pub reach: Vec<(String, Foreign)>,
    /// The language of our texts to them, where it is not English.
    pub language: Option<String>,
}

/// From what they told.
#[must_use]
pub fn glance(case: &Case) -> Glance {
    if case.erased_at.is_some() {
        return Glance::default();
    }
    let told = entries(&case.summaries);
    let of =
        |part: &'static str| told.iter().filter(move |entry| entry.part.as_str() == part && !entry.skipped);
    let language = &case.person.language;
    Glance {
        needs: of("access").flat_map(|entry| needs(entry)).collect(),
        reach: of("contact").map(|entry| (entry.label.clone(), Foreign::new(entry.said()))).collect(),
        language: (*language != Language::english()).then(|| language.to_string()),
    }
}

fn needs(entry: &Entry) -> Vec<Foreign> {
    let chosen = entry.choices.iter().filter(|choice| choice.chosen && choice.choice.as_str() != NOTHING);
    let labels = chosen.map(|choice| Foreign::new(&choice.label));
    let own = if entry.choices.is_empty() { Some(entry.said()) } else { entry.beside() };
    labels.chain(own.map(Foreign::new)).collect()
}
