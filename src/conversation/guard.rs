//! Guards: when a step applies. A closed, typed language with the operators of FHIR's `enableWhen`.
//!
//! Invariant: a guard that was read names earlier steps and values that those can have; nothing else can be written.

use std::fmt;

use crate::conversation::session::Answer;
use crate::domain::answer::Value;
use crate::domain::ids::StepId;

/// Several conditions, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard(pub Vec<Condition>);

/// One condition on one earlier step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Where its step stands in the definition.
    pub at: usize,
    /// The step.
    pub step: StepId,
    /// What must hold of its answer.
    pub test: Test,
}

/// What must hold of an answer. Without an answer, every test but `Skipped` fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It is one of these words: choices, `yes`, `no`, or what is known of a practice.
    Is(Vec<String>),
    /// It was answered, and is none of these words.
    IsNot(Vec<String>),
    /// It is a number, at least this.
    AtLeast(u32),
    /// It is a number, at most this.
    AtMost(u32),
    /// It was answered.
    Answered,
    /// It was left out.
    Skipped,
}

impl Guard {
    /// Whether the guard holds of the answers that count, each at the place of its step.
    #[must_use]
    pub fn holds(&self, answers: &[Option<&Answer>]) -> bool {
        self.0.iter().all(|condition| condition.holds(answers))
    }
}

impl Condition {
    fn holds(&self, answers: &[Option<&Answer>]) -> bool {
        let answer = answers.get(self.at).copied().flatten();
        answer.is_some_and(|answer| self.test.holds(answer.value.as_ref()))
    }
}

impl Test {
    /// Whether it holds of a value; `None` is a question that was left out.
    #[must_use]
    pub fn holds(&self, value: Option<&Value>) -> bool {
        match (value, self) {
            (None, Test::Skipped) | (Some(_), Test::Answered) => true,
            (Some(value), Test::Is(words)) => words.iter().any(|word| is(value, word)),
            (Some(value), Test::IsNot(words)) => !words.iter().any(|word| is(value, word)),
            (Some(value), Test::AtLeast(least)) => number(value).is_some_and(|n| *least <= n),
            (Some(value), Test::AtMost(most)) => number(value).is_some_and(|n| n <= *most),
            (None, _) | (Some(_), Test::Skipped) => false,
        }
    }
}

/// Whether a value is what a guard's word says.
fn is(value: &Value, word: &str) -> bool {
    match value {
        Value::YesNo(yes) => word == if *yes { "yes" } else { "no" },
        Value::Choice(choice) => choice.as_str() == word,
        Value::Choices(choices) => choices.iter().any(|choice| choice.as_str() == word),
        Value::Practice(practice) => practice.as_guard_word() == word,
        Value::Scale(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Name(_)
        | Value::Postcode(_)
        | Value::Date(_)
        | Value::Phone(_) => false,
    }
}

fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Scale(n) => Some(u32::from(*n)),
        Value::Number(n) => Some(*n),
        Value::YesNo(_)
        | Value::Choice(_)
        | Value::Choices(_)
        | Value::Practice(_)
        | Value::Text(_)
        | Value::Name(_)
        | Value::Postcode(_)
        | Value::Date(_)
        | Value::Phone(_) => None,
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, condition) in self.0.iter().enumerate() {
            let and = if index == 0 { "" } else { " and " };
            write!(f, "{and}{condition}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = &self.step;
        match &self.test {
            Test::Is(words) => write!(f, "{step} is {}", words.join(" or ")),
            Test::IsNot(words) => write!(f, "{step} is not {}", words.join(" or ")),
            Test::AtLeast(number) => write!(f, "{step} is at least {number}"),
            Test::AtMost(number) => write!(f, "{step} is at most {number}"),
            Test::Answered => write!(f, "{step} was answered"),
            Test::Skipped => write!(f, "{step} was skipped"),
        }
    }
}
