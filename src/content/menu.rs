//! What the menu of a bot offers.

use crate::content::Content;
use crate::conversation::effect::MessageKey;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::time::Timestamp;
use crate::wording::render::Facts;
use crate::wording::render::Place;

/// The commands, which are words that work at any question. Each is explained by the message `menu-…`.
pub const COMMANDS: [&str; 5] = ["help", "stop", "language", "privacy", "delete"];

/// The commands and what each does, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageMenu {
    /// The language.
    pub language: Language,
    /// Each command with what it does.
    pub commands: Vec<(String, String)>,
}

impl Content {
    /// The menu in each language that is offered, English first.
    #[must_use]
    pub fn menus(&self) -> Vec<LanguageMenu> {
        self.wording
            .languages(self.offer_unreviewed)
            .into_iter()
            .map(|language| self.menu(language))
            .collect()
    }

    fn menu(&self, language: &Language) -> LanguageMenu {
        let explained = |command: &&str| {
            let place = self.place_of_nobody(language)?;
            let does = self.wording.text(&MessageKey::of(&format!("menu-{command}")), &place)?;
            Some(((*command).to_owned(), does))
        };
        LanguageMenu { language: language.clone(), commands: COMMANDS.iter().filter_map(explained).collect() }
    }

    /// Where what is said is said to everybody.
    fn place_of_nobody<'a>(&'a self, language: &'a Language) -> Option<Place<'a>> {
        let service = &self.directory.services()[0];
        let definition = &self.default_conversation(service)?.engine.definition;
        Some(Place {
            conversation: &definition.id,
            revision: &definition.revision,
            language,
            channel: ChannelKind::Telegram,
            directory: &self.directory,
            service,
            nation: None,
            facts: Facts::default(),
            offer_unreviewed: self.offer_unreviewed,
            now: Timestamp::from_micros(0),
        })
    }
}
