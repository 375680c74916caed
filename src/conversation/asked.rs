//! The question last asked: which it is, what it accepts, and what a tap under it means.
//!
//! Invariant: a number stands for the choice that was sent with it, also where the list has changed since.

use std::borrow::Cow;

use crate::conversation::beside::general_choices;
use crate::conversation::definition::Question;
use crate::conversation::definition::Step as DefinedStep;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::Saying;
use crate::conversation::effect::yes_or_no;
use crate::conversation::turn::Turn;
use crate::domain::answer::AnswerKind;
use crate::domain::answer::Value;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::reply;
use crate::reply::Asking;
use crate::reply::ChoiceWords;
use crate::reply::Command;

impl<'a> Turn<'a> {
    /// The step that was asked last, if it still stands open.
    pub fn asked(&self) -> Option<&'a DefinedStep> {
        let asked = self.session.asked.as_ref()?;
        self.position().filter(|position| position.id == asked.step)
    }

    /// The choices of the question last asked, in the order in which they were sent.
    pub fn sent(&self) -> &[ChoiceId] {
        self.session.asked.as_ref().map_or(&[], |asked| asked.choices.as_slice())
    }

    /// Asks for yes or no. Outside our languages only the numbers count, and that is said.
    pub fn ask_yes_or_no(&mut self, saying: Saying) {
        self.say_saying(saying.with_yes_or_no());
        if self.session.standing.speaks.is_some() {
            self.say("by-number");
        }
    }

    /// Whether the open question wants the person's own words.
    pub fn wants_own_words(&self) -> bool {
        self.asked().is_some_and(|step| match &step.kind {
            StepKind::Ask(question) => {
                matches!(question.answer, AnswerKind::OwnWords | AnswerKind::ShortText)
            }
            StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => false,
        })
    }

    /// What the whole text asks for. At a question for own words only what can be no answer counts.
    pub fn command(&self, text: &str) -> Option<Command> {
        if self.wants_own_words() {
            reply::command::plain_command(text, &self.engine.lexicons)
        } else {
            reply::command::command(text, &self.engine.lexicons)
        }
    }

    /// Whether every choice of a value can still be given: the list may have changed since it was sent.
    pub fn is_offered(question: &Question, value: &Value) -> bool {
        let offered = |choice: &ChoiceId| question.choices.contains(choice);
        match value {
            Value::Choice(choice) => offered(choice),
            Value::Choices(choices) => choices.iter().all(offered),
            Value::YesNo(_)
            | Value::Scale(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Name(_)
            | Value::Postcode(_)
            | Value::Date(_)
            | Value::Phone(_)
            | Value::Practice(_) => true,
        }
    }

    /// What a question accepts, in the order in which its choices were sent. A choice for which there are no words
    /// any more keeps its number.
    pub fn choice_words(
        &self,
        conversation: &ConversationId,
        step: &StepId,
        sent: &[ChoiceId],
    ) -> Cow<'a, [ChoiceWords]> {
        let languages = &self.engine.lexicons.languages;
        let of = |language| languages.get(language)?.questions.get(conversation)?.get(step);
        let english = Language::english();
        let words = of(&self.session.standing.language).or_else(|| of(&english));
        let words = words.map_or(&[][..], Vec::as_slice);
        if words.iter().map(|w| &w.choice).eq(sent) {
            return Cow::Borrowed(words);
        }
        let in_place = |choice: &ChoiceId| {
            let found = words.iter().find(|w| w.choice == *choice).cloned();
            found.unwrap_or_else(|| ChoiceWords::new(choice.clone(), String::new(), Vec::new()))
        };
        sent.iter().map(in_place).collect()
    }

    /// Whether a reply says more than the answer that it was taken for.
    pub fn says_more(&self, step: &StepId, value: &Value, text: &str) -> bool {
        let Some(question) = self.engine.definition.question(step) else { return false };
        let choices = self.choice_words(&self.engine.definition.id, step, &question.choices);
        reply::more::says_more(&self.asking(&question.answer, &choices), value, text, &self.engine.lexicons)
    }

    /// A question as the readers need it.
    pub fn asking<'b>(&self, kind: &'b AnswerKind, choices: &'b [ChoiceWords]) -> Asking<'b> {
        let today = || self.now.to_jiff().to_zoned(self.engine.zone.clone()).date();
        Asking {
            kind,
            choices,
            // Only dates of birth and ages depend on the day, and asking the calendar takes longer than most readers.
            today: match kind {
                AnswerKind::DateOfBirth | AnswerKind::ChooseOne => today(),
                AnswerKind::ChooseSeveral { .. }
                | AnswerKind::YesOrNo
                | AnswerKind::Scale
                | AnswerKind::WholeNumber { .. }
                | AnswerKind::OwnWords
                | AnswerKind::ShortText
                | AnswerKind::Name
                | AnswerKind::Postcode
                | AnswerKind::Phone
                | AnswerKind::Practice => jiff::civil::Date::ZERO,
            },
            numbers_only: self.session.standing.speaks.is_some(),
        }
    }
}

/// What a person would have texted instead of tapping a button under a question: its number.
pub fn button_text(step: &DefinedStep, choice: &ChoiceId) -> String {
    match &step.kind {
        StepKind::Ask(question) if !question.choices.is_empty() => number_in(&question.choices, choice),
        StepKind::Ask(_) => number_in(&yes_or_no(), choice),
        // Nothing else stands above buttons.
        StepKind::Check { .. } | StepKind::Say | StepKind::HandOver { .. } | StepKind::Finish => {
            String::new()
        }
    }
}

/// The same for a button under one of our general messages.
pub fn general_text(message: &StepId, choice: &ChoiceId) -> String {
    let general = general_choices().into_iter().find(|(_, step, _)| step == message);
    general.map_or_else(|| number_in(&yes_or_no(), choice), |(_, _, sent)| number_in(&sent, choice))
}

fn number_in(sent: &[ChoiceId], choice: &ChoiceId) -> String {
    sent.iter().position(|one| one == choice).map_or_else(String::new, |index| (index + 1).to_string())
}
