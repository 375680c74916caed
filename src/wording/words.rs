//! The words that are accepted as answers, as the locale files hold them.

use std::collections::BTreeMap;

use crate::conversation::effect::MessageKey;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::reply::ChoiceWords;
use crate::wording::Wording;

impl Wording {
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
