//! A conversation as a picture: every step, and when it applies.
//!
//! Invariant: what is drawn is what is run; nothing is drawn by hand.

use std::fmt::Write;

use serde::Serialize;

use crate::conversation::answer::kind_word;
use crate::conversation::definition::Definition;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::prove;

/// A step, as the JSON graph lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrawnStep {
    /// Its name.
    pub id: String,
    /// `say`, `ask`, `check`, `hand over` or `finish`.
    pub kind: &'static str,
    /// When it applies, as authors write it; nothing where it always does.
    pub guard: Option<String>,
    /// The choices of a question.
    pub choices: Vec<String>,
    /// The kind of answer of a question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<&'static str>,
    /// Whether a question may be left out.
    pub may_skip: bool,
}

/// A conversation, as the JSON graph shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drawn {
    /// Its name.
    pub conversation: String,
    /// The revision of the flow.
    pub revision: String,
    /// Every step, in order.
    pub steps: Vec<DrawnStep>,
}

/// Lists every step.
#[must_use]
pub fn draw(definition: &Definition) -> Drawn {
    Drawn {
        conversation: definition.id.to_string(),
        revision: definition.revision.to_string(),
        steps: definition.steps.iter().map(drawn).collect(),
    }
}

fn drawn(step: &Step) -> DrawnStep {
    let question = match &step.kind {
        StepKind::Ask(question) => Some(question),
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => None,
    };
    DrawnStep {
        id: step.id.to_string(),
        kind: kind(&step.kind),
        guard: step.only_if.as_ref().map(ToString::to_string),
        choices: question.map_or_else(Vec::new, |q| q.choices.iter().map(ToString::to_string).collect()),
        answer: question.map(|q| kind_word(&q.answer)),
        may_skip: question.is_some_and(|q| q.may_skip),
    }
}

/// The key that names a kind of step in `flow.yaml`.
#[must_use]
pub fn kind(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Say => "say",
        StepKind::Ask(_) => "ask",
        StepKind::Check { .. } => "check",
        StepKind::HandOver { .. } => "hand over",
        StepKind::Finish => "finish",
    }
}

/// Draws a Mermaid flowchart: the steps from top to bottom, conditions on the arrows that lead to them.
#[must_use]
pub fn mermaid(definition: &Definition) -> String {
    let mut drawing = String::from("flowchart TD\n");
    for (index, step) in definition.steps.iter().enumerate() {
        let id = &step.id;
        let shape = match &step.kind {
            StepKind::Say => format!("(\"{id}\")"),
            StepKind::Ask(_) => format!("[\"{id}\"]"),
            StepKind::Check { .. } => format!("[/\"{id}\"/]"),
            StepKind::HandOver { .. } => format!("[[\"{id}\"]]"),
            StepKind::Finish => format!("([\"{id}\"])"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(drawing, "    s{index}{shape}");
    }
    for (from, to, label) in arrows(definition) {
        let _ = match label {
            Some(label) => writeln!(drawing, "    s{from} -->|\"{label}\"| s{to}"),
            None => writeln!(drawing, "    s{from} --> s{to}"),
        };
    }
    drawing
}

/// From each step to every step that can be next.
fn arrows(definition: &Definition) -> Vec<(usize, usize, Option<String>)> {
    let steps = &definition.steps;
    let arrow = |(from, to): (usize, usize)| {
        let guard = steps.get(to)?.only_if.as_ref();
        let same = steps.get(from)?.only_if.as_ref() == guard;
        Some((from, to, guard.filter(|_| !same).map(ToString::to_string)))
    };
    prove::prove(steps).arrows.into_iter().filter_map(arrow).collect()
}
