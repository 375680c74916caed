//! The way that a person's answers take through a definition: which steps apply, and which stands open.
//!
//! Invariant: an answer counts only while its own step applies. What stands behind a guard that no longer holds is
//! kept, and read by nobody.

use crate::conversation::definition::Definition;
use crate::conversation::definition::Step;
use crate::conversation::session::Answer;
use crate::conversation::session::Session;
use crate::domain::ids::StepId;

/// The way through a definition.
#[derive(Debug)]
pub struct Way<'d, 's> {
    steps: &'d [Step],
    applies: Vec<bool>,
    /// The answers that count, by the place of their step.
    counts: Vec<Option<&'s Answer>>,
}

impl<'d, 's> Way<'d, 's> {
    /// Walks from the first step to the last: a guard names earlier steps only.
    #[must_use]
    pub fn of(definition: &'d Definition, session: &'s Session) -> Self {
        let steps = definition.steps.as_slice();
        let mut applies = Vec::with_capacity(steps.len());
        let mut counts = Vec::with_capacity(steps.len());
        for step in steps {
            let (applies_here, answer) = stands(step, session, &counts);
            applies.push(applies_here);
            counts.push(answer);
        }
        Self { steps, applies, counts }
    }

    /// The first step that applies and has no answer: where the person stands. It is asked for at every turn of a
    /// conversation, and the steps behind it need not be walked.
    #[must_use]
    pub fn position(definition: &'d Definition, session: &'s Session) -> Option<&'d Step> {
        let mut counts = Vec::with_capacity(definition.steps.len());
        definition.steps.iter().find(|step| {
            let (applies, answer) = stands(step, session, &counts);
            counts.push(answer);
            applies && answer.is_none()
        })
    }

    /// The answer of a step, if it counts.
    #[must_use]
    pub fn answer(&self, id: &StepId) -> Option<&'s Answer> {
        let place = self.steps.iter().position(|step| step.id == *id)?;
        self.counts.get(place).copied().flatten()
    }

    /// The steps that have an answer that counts, in order.
    pub fn answered(&self) -> impl Iterator<Item = (&'d Step, &'s Answer)> {
        let answered = self.steps.iter().zip(&self.counts);
        answered.filter_map(|(step, answer)| Some((step, (*answer)?)))
    }

    /// The steps that apply, answered or not, in order.
    pub fn applying(&self) -> impl Iterator<Item = &'d Step> {
        self.steps.iter().zip(&self.applies).filter(|(_, applies)| **applies).map(|(step, _)| step)
    }

    /// The steps that apply and have no answer, in order: the first is where the person stands.
    pub fn open(&self) -> impl Iterator<Item = &'d Step> {
        let steps = self.steps.iter().zip(&self.applies).zip(&self.counts);
        steps.filter(|((_, applies), answer)| **applies && answer.is_none()).map(|((step, _), _)| step)
    }
}

/// Whether a step applies, by the answers of earlier ones that count, and its own answer, if that counts.
fn stands<'s>(
    step: &Step,
    session: &'s Session,
    earlier: &[Option<&'s Answer>],
) -> (bool, Option<&'s Answer>) {
    let applies = step.only_if.as_ref().is_none_or(|guard| guard.holds(earlier));
    (applies, if applies { session.answers.get(&step.id) } else { None })
}
