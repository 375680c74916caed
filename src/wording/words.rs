//! The words that are accepted as answers, as the locale files hold them.

use std::collections::BTreeMap;

use crate::conversation::effect::MessageKey;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::reading::source::Place;
use crate::reading::source::Source;
use crate::reply::ChoiceWords;
use crate::wording::Wording;

/// A word that is accepted for a choice, and where the language itself has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted<'a> {
    /// The word, or several; a label too.
    pub word: String,
    /// The file.
    pub file: &'a Source,
    /// Where in it.
    pub place: Place,
}

impl Wording {
    /// The label and the words that a language itself has for a choice; nothing that it takes from English.
    #[must_use]
    pub fn accepted(
        &self,
        language: &Language,
        conversation: &ConversationId,
        step: &StepId,
        choice: &ChoiceId,
    ) -> Vec<Accepted<'_>> {
        let found = |attribute: &str| {
            let key = MessageKey::part(step.as_str(), attribute);
            self.locales.get(language)?.found(conversation, &key)
        };
        let label = found(choice.as_str()).map(|(file, part)| Accepted {
            word: part.plain.trim().to_owned(),
            file: &file.source,
            place: part.place,
        });
        let words = found(&format!("{choice}-words")).into_iter().flat_map(|(file, part)| {
            split(&part.plain).into_iter().map(|word| {
                let place = file.source.place_after(part.place, &word);
                Accepted { word, file: &file.source, place }
            })
        });
        label.into_iter().chain(words).collect()
    }

    /// The words that are accepted everywhere, by the name of their message in `replies.ftl`.
    #[must_use]
    pub fn replies(&self, language: &Language) -> BTreeMap<String, Vec<String>> {
        let replies = self.locales.get(language).and_then(|locale| locale.files.get("replies"));
        let parts = replies.into_iter().flat_map(|file| &file.parts);
        parts.map(|(name, part)| (name.clone(), split(&part.plain))).collect()
    }

    /// What each question accepts for each of its choices. What a language lacks it takes from English, as the person
    /// is shown the English label then.
    #[must_use]
    pub fn questions(
        &self,
        language: &Language,
        asked: &[(ConversationId, StepId, Vec<ChoiceId>)],
    ) -> BTreeMap<ConversationId, BTreeMap<StepId, Vec<ChoiceWords>>> {
        let mut questions: BTreeMap<ConversationId, BTreeMap<StepId, Vec<ChoiceWords>>> = BTreeMap::new();
        for (conversation, step, choices) in asked {
            let words =
                choices.iter().map(|choice| self.choice(language, conversation, step, choice)).collect();
            questions.entry(conversation.clone()).or_default().insert(step.clone(), words);
        }
        questions
    }

    fn choice(
        &self,
        language: &Language,
        conversation: &ConversationId,
        step: &StepId,
        choice: &ChoiceId,
    ) -> ChoiceWords {
        let english = Language::english();
        let plain = |attribute: &str| {
            let key = MessageKey::part(step.as_str(), attribute);
            let of = |language| Some(self.locales.get(language)?.part(conversation, &key)?.plain.as_str());
            of(language).or_else(|| of(&english)).unwrap_or_default()
        };
        let words = split(plain(&format!("{choice}-words")));
        ChoiceWords::new(choice.clone(), plain(choice.as_str()).to_owned(), words)
    }
}

/// Splits a list at its commas and line breaks.
fn split(list: &str) -> Vec<String> {
    let words = list.split([',', '\n']).map(str::trim);
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
