//! What a text means as a reply: one file per kind of answer, and the words that are accepted.
//!
//! Invariant: a number or a button is never matched loosely, and a tie is never decided: it is asked.

use std::collections::BTreeMap;

use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::language::Language;

/// What a question accepts for one of its choices, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceWords {
    /// The choice.
    pub choice: ChoiceId,
    /// What the person sees.
    pub label: String,
    /// Other words that mean it.
    pub words: Vec<String>,
}

/// A question as a reader needs it.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// What kind of answer it wants.
    pub kind: &'a AnswerKind,
    /// The choices in the order in which they were last sent; empty for kinds without.
    pub choices: &'a [ChoiceWords],
    /// Today where the person is: dates of birth need it.
    pub today: jiff::civil::Date,
    /// Set outside a shipped language: yes and no by 1 and 2 only (the Polish "no" can mean yes).
    pub numbers_only: bool,
}

/// What a reply turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// It means this.
    Understood(Value),
    /// It may mean this: ask "did you mean …?".
    Propose(Value),
    /// It is plain what was meant, but it cannot be taken (a date in the future, a tenth choice of nine).
    NotAllowed,
    /// Ask again.
    NotUnderstood,
}

/// What a whole message can ask for at any question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Command {
    /// Stop all texts (our own wider wording; the network's words come first).
    Stop,
    /// Text me again.
    Start,
    /// What can I do here?
    Help,
    /// I need help now.
    HelpNow,
    /// Take my last answer back.
    Back,
    /// Leave this question out.
    Skip,
    /// I want a human.
    Person,
    /// Begin again.
    Restart,
    /// Another language.
    Language,
    /// Send what I have.
    Done,
    /// Who is this?
    Who,
    /// Say the question again.
    Again,
    /// Carry on after a pause.
    CarryOn,
    /// Delete what you hold of me.
    Delete,
}

/// The accepted words of every language.
#[derive(Debug, Clone, Default)]
pub struct Lexicons {
    /// By language.
    pub languages: BTreeMap<Language, Lexicon>,
}

/// The accepted words of one language.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {}
