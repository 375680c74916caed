//! Words: message names become texts in a language, for a channel and a nation; nobody else uses Fluent.
//!
//! A message is looked up in its conversation's file, then `general`, then `safety`; what a language lacks is said in
//! English, and where nothing at all can be said, the words of the last resort are.
//!
//! Invariant: rendering always gives a text, and never half of a message.

pub mod button;
mod check;
mod days;
pub mod last_resort;
mod letters;
pub mod locale;
pub mod readability;
pub mod render;
pub mod sms;
pub mod words;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::conversation::effect::MessageKey;
use crate::directory::Directory;
use crate::domain::ids::ConversationId;
use crate::domain::language::Language;
use crate::reading::problem::Problems;
use crate::reading::source::Place;
use crate::reading::source::Source;
use crate::wording::locale::About;
use crate::wording::locale::File;
use crate::wording::locale::Locale;
use crate::wording::locale::LocaleFiles;

/// The words of every language.
pub struct Wording {
    locales: BTreeMap<Language, Locale>,
}

impl Wording {
    /// Reads every language; notes all that is wrong with any file.
    #[must_use]
    pub fn read(files: &[LocaleFiles], problems: &mut Problems) -> Option<Self> {
        // All are read before the first failure counts, so that every problem is noted.
        let read: Vec<Option<(Language, Locale)>> = files
            .iter()
            .map(|files| Some((files.language.clone(), Locale::read(files, problems)?)))
            .collect();
        let locales: BTreeMap<Language, Locale> = read.into_iter().collect::<Option<_>>()?;
        if !locales.contains_key(&Language::english()) {
            let nowhere = Source::new("locales/en-GB/language.yaml", "");
            let message = "there is no English: it is said where another language lacks a message";
            problems.add(nowhere.error(
                Place::START,
                "no-english",
                message,
                "Add the folder `locales/en-GB`.",
            ));
            return None;
        }
        Some(Self { locales })
    }

    /// Notes what is wrong with the words themselves: unknown variables, helplines that do not hold everywhere, texts
    /// that are hard to read, letters that make a text dear, languages without their days and months.
    pub fn check(&self, directory: &Directory, problems: &mut Problems) {
        check::check(&self.locales, directory, problems);
        // Other languages have letters that no plain one stands for.
        let english = self.locales.get(&Language::english());
        for (_, file) in
            english.iter().flat_map(|locale| &locale.files).filter(|(name, _)| *name != "replies")
        {
            letters::check(file, problems);
        }
    }

    /// The languages that are offered, English first and the others by their tags. Without `offer_unreviewed` only
    /// those that a speaker has reviewed, and English.
    #[must_use]
    pub fn languages(&self, offer_unreviewed: bool) -> Vec<&Language> {
        let english = Language::english();
        let offered = |(language, locale): &(&Language, &Locale)| {
            **language == english || offer_unreviewed || locale.about.reviewed.is_some()
        };
        let mut languages: Vec<&Language> =
            self.locales.iter().filter(offered).map(|(language, _)| language).collect();
        languages.sort_by_key(|language| **language != english);
        languages
    }

    /// What a language calls itself, and who has reviewed it.
    #[must_use]
    pub fn about(&self, language: &Language) -> Option<&About> {
        self.locales.get(language).map(|locale| &locale.about)
    }

    /// Whether a language has this message itself, as a conversation looks it up.
    #[must_use]
    pub fn has(&self, conversation: &ConversationId, key: &MessageKey, language: &Language) -> bool {
        self.locales.get(language).is_some_and(|locale| locale.part(conversation, key).is_some())
    }

    /// Whether a language has this file of words, by its name without `.ftl`.
    #[must_use]
    pub fn has_file(&self, name: &str, language: &Language) -> bool {
        self.locales.get(language).is_some_and(|locale| locale.files.contains_key(name))
    }

    /// The messages and attributes of a file of words, in their order; none where a language lacks the file.
    #[must_use]
    pub fn keys(&self, name: &str, language: &Language) -> Vec<MessageKey> {
        let file = self.locales.get(language).and_then(|locale| locale.files.get(name));
        let mut parts: Vec<_> = file.into_iter().flat_map(|file| &file.parts).collect();
        parts.sort_by_key(|(_, part)| part.place);
        let key = |name: &String| match name.split_once('.') {
            Some((message, attribute)) => MessageKey::part(message, attribute),
            None => MessageKey::of(name),
        };
        parts.into_iter().map(|(name, _)| key(name)).collect()
    }

    /// The variables that a message uses in a language; none where it is not there.
    #[must_use]
    pub fn variables(
        &self,
        conversation: &ConversationId,
        key: &MessageKey,
        language: &Language,
    ) -> BTreeSet<&str> {
        let part = self.locales.get(language).and_then(|locale| locale.part(conversation, key));
        part.into_iter().flat_map(|part| part.variables.keys()).map(String::as_str).collect()
    }

    /// The words that a language itself has for a message, with a stand-in for each variable.
    #[must_use]
    pub fn plain(
        &self,
        conversation: &ConversationId,
        key: &MessageKey,
        language: &Language,
    ) -> Option<&str> {
        self.locales.get(language)?.part(conversation, key).map(|part| part.plain.as_str())
    }

    /// The file and the place of a message, for problems that are found elsewhere. Without the message: the beginning
    /// of the conversation's file.
    #[must_use]
    pub fn place(
        &self,
        conversation: &ConversationId,
        key: &MessageKey,
        language: &Language,
    ) -> Option<(&Source, Place)> {
        let locale = self.locales.get(language)?;
        let own = std::iter::once(conversation.as_str()).chain(locale::COMMON);
        let files: Vec<&File> = own.filter_map(|name| locale.files.get(name)).collect();
        let found =
            files.iter().find_map(|file| Some((&file.source, file.parts.get(&key.to_string())?.place)));
        found.or_else(|| files.first().map(|file| (&file.source, Place::START)))
    }

    /// The wording that a flow uses, by language: kept with its revision, so that a message which today's wording lacks
    /// can still be said. Safety and general words are never kept: they are always today's.
    #[must_use]
    pub fn copy(&self, conversation: &ConversationId) -> serde_json::Value {
        let own =
            |locale: &Locale| locale.files.get(conversation.as_str()).map(|file| file.source.text.clone());
        let texts = self
            .locales
            .iter()
            .filter_map(|(language, locale)| Some((language.to_string(), own(locale)?.into())));
        serde_json::Value::Object(texts.collect())
    }

    /// This wording, with the messages of a copy under the name of its conversation: for what today's files lack.
    #[must_use]
    pub fn of_copy(copy: &serde_json::Value, conversation: &ConversationId) -> Option<Self> {
        let files: Option<Vec<LocaleFiles>> = copy
            .as_object()?
            .iter()
            .map(|(language, text)| {
                let source = Source::new(&format!("{conversation}.ftl"), text.as_str()?);
                Some(LocaleFiles {
                    language: language.parse().ok()?,
                    about: Source::new("language.yaml", "name: copy"),
                    messages: BTreeMap::from([(conversation.to_string(), source)]),
                })
            })
            .collect();
        Self::read(&files?, &mut Problems::default())
    }
}

#[cfg(test)]
mod tests;
