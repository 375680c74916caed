//! What the menu of a bot offers.

use crate::content::Content;
use crate::conversation::effect::MessageKey;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
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
        let sms = self.place_of_nobody(&self.directory.services()[0], language);
        let place = Place { channel: ChannelKind::Telegram, nation: None, ..sms };
        let explained = |command: &&str| {
            let does = self.wording.text(&MessageKey::of(&format!("menu-{command}")), &place)?;
            Some(((*command).to_owned(), does))
        };
        LanguageMenu { language: language.clone(), commands: COMMANDS.iter().filter_map(explained).collect() }
    }
}
