//! Every message as a text message that a person would get.

use serde::Serialize;

use crate::content::Content;
use crate::content::Conversation;
use crate::conversation::beside;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Shown;
use crate::conversation::effect::Utterance;
use crate::directory::service::Service;
use crate::domain::ids::Reference;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Purpose;
use crate::domain::nation::Nation;
use crate::domain::time::Timestamp;
use crate::wording::last_resort::LAST_RESORT;
use crate::wording::render::Facts;
use crate::wording::render::Place;
use crate::wording::sms::Encoding;

/// A text as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Text {
    /// The name of its message in the files.
    pub key: String,
    /// When it is said, or to whom; empty where there is nothing to add.
    pub when: String,
    /// What it says.
    pub said: String,
    /// What it costs, where it is a text of its own.
    pub cost: Option<String>,
    /// Whether the language lacks it, so that it is said in English.
    pub in_english: bool,
}

/// Says messages of one conversation in one language.
pub(super) struct Texts<'a> {
    pub content: &'a Content,
    pub conversation: &'a Conversation,
    pub language: &'a Language,
    pub service: &'a Service,
    reference: Reference,
}

/// What stands for an answer that is not known before somebody gives it.
const STAND_IN: &str = "...";

/// The general questions that are answered by yes or no.
const YES_OR_NO: [&str; 4] = ["proposal", "confirm-restart", "opening-words", "safe-to-text"];

impl<'a> Texts<'a> {
    pub fn of(content: &'a Content, conversation: &'a Conversation, language: &'a Language) -> Self {
        let id = &conversation.engine.definition.id;
        let services = content.directory.services();
        let offers = |service: &&Service| service.conversations.contains(id);
        let service = services.iter().find(offers).unwrap_or(&services[0]);
        Self { content, conversation, language, service, reference: Reference::from_random([0; 6]) }
    }

    /// One message or attribute by itself, in words; its name where no language has it.
    pub fn alone(&self, key: &MessageKey) -> String {
        self.content.wording.text(key, &self.place(None)).unwrap_or_else(|| key.to_string())
    }

    /// An attribute by itself, such as the label of a choice.
    pub fn part(&self, key: &MessageKey) -> Text {
        let (said, in_english) = (self.alone(key), !self.has(key));
        Text { key: key.to_string(), when: String::new(), said, cost: None, in_english }
    }

    /// A message with what stands under it, for everybody and for each nation that has a wording of its own.
    pub fn message(&self, saying: &Saying) -> Vec<Text> {
        let of_nation = |nation: &Nation| {
            let key = MessageKey::part(&saying.key.message, nation.as_str());
            saying.key.attribute.is_none() && self.is_anywhere(&key)
        };
        let nations: Vec<Nation> = Nation::ALL.into_iter().filter(of_nation).collect();
        let everybody = if nations.is_empty() { "" } else { "Where no wording of a nation follows" };
        let for_nation = nations.into_iter().map(|nation| {
            let key = MessageKey::part(&saying.key.message, nation.as_str());
            self.text(saying, &key, &format!("In {}", name(nation)), Some(nation))
        });
        std::iter::once(self.text(saying, &saying.key, everybody, None)).chain(for_nation).collect()
    }

    /// A message of every conversation, with its choices and an answer to guess at.
    pub fn general(&self, key: &MessageKey) -> Vec<Text> {
        let saying = Saying::of(key.clone());
        let choices = beside::general_choices().into_iter().find(|(_, step, _)| step.as_str() == key.message);
        let saying = match choices {
            Some((_, step, choices)) => saying.with_choices(step.as_str(), &choices),
            None if YES_OR_NO.contains(&key.message.as_str()) => saying.with_yes_or_no(),
            None => saying,
        };
        self.message(&Saying { guess: Some(Shown::Plain(STAND_IN.to_owned())), ..saying })
    }

    /// One text, in the wording of this nation.
    pub fn text(&self, saying: &Saying, key: &MessageKey, when: &str, nation: Option<Nation>) -> Text {
        let utterance = Utterance { purpose: Purpose::Answer, sayings: vec![saying.clone()] };
        let rendered = self.content.wording.render(&utterance, &self.place(nation));
        let cannot = rendered.text.0 == LAST_RESORT;
        let said = if cannot { "(cannot be said here)".to_owned() } else { rendered.text.0 };
        let letters = match rendered.encoding {
            Some(Encoding::Ucs2) => ", with letters that make it dearer",
            Some(Encoding::Gsm7) | None => "",
        };
        let plural = if rendered.parts == 1 { "" } else { "s" };
        let cost = Some(format!("{} part{plural}{letters}", rendered.parts));
        Text { key: key.to_string(), when: when.to_owned(), said, cost, in_english: !self.has(key) }
    }

    /// Whether the language has this itself.
    pub fn has(&self, key: &MessageKey) -> bool {
        self.content.wording.has(&self.conversation.engine.definition.id, key, self.language)
    }

    /// Whether the language has this; or, where it lacks the whole message, English does.
    fn is_anywhere(&self, key: &MessageKey) -> bool {
        let id = &self.conversation.engine.definition.id;
        let english = Language::english();
        let own = self.has(&MessageKey::of(&key.message));
        self.content.wording.has(id, key, if own { self.language } else { &english })
    }

    fn place(&self, nation: Option<Nation>) -> Place<'_> {
        let definition = &self.conversation.engine.definition;
        let day = jiff::civil::date(2026, 9, 30);
        Place {
            conversation: &definition.id,
            revision: &definition.revision,
            language: self.language,
            channel: ChannelKind::Sms,
            directory: &self.content.directory,
            service: self.service,
            nation,
            // As people read it while nobody has signed on for duty, which is the longer text.
            facts: Facts {
                reference: Some(&self.reference),
                promised: Some(day),
                erased: Some(day),
                watched: false,
            },
            offer_unreviewed: true,
            now: Timestamp::from_micros(0),
        }
    }
}

/// The name of a nation.
pub(super) fn name(nation: Nation) -> &'static str {
    match nation {
        Nation::England => "England",
        Nation::Wales => "Wales",
        Nation::Scotland => "Scotland",
        Nation::NorthernIreland => "Northern Ireland",
    }
}
