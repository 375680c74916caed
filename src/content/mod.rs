//! Everything that authors write, read and checked as one: directory, words, rules, conversations and their chats.
//!
//! Invariant: content that comes out is whole; a file with an error leaves nothing half in force.

mod accepted;
pub mod chats;
pub mod check;
pub mod files;
mod gather;
pub mod in_force;
mod kept;
pub mod menu;
mod numbers;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::content::files::Files;
use crate::conversation::beside;
use crate::conversation::chat::Chat;
use crate::conversation::definition::Definition;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Utterance;
use crate::conversation::read;
use crate::conversation::session::Session;
use crate::conversation::session::Standing;
use crate::conversation::step::Engine;
use crate::conversation::transcript::Sent;
use crate::directory;
use crate::directory::Directory;
use crate::directory::service::Service;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::Reference;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::time::Timestamp;
use crate::handover;
use crate::handover::Names;
use crate::handover::Summary;
use crate::reading::problem::Problem;
use crate::reading::problem::Problems;
use crate::reading::source::Place as SourcePlace;
use crate::reading::source::Source;
use crate::reply::Lexicons;
use crate::reply::PracticeWords;
use crate::reply::lexicon::Lexicon;
use crate::safety;
use crate::themes;
use crate::wording::Wording;
use crate::wording::render::Facts;
use crate::wording::render::Place;

/// How long the words of somebody who is passed on to nobody are kept.
///
/// Thirty days: long enough to come back after a change of mind, and the usual time for an unfinished form
/// (reference: NHS Records Management Code leaves it to the service).
pub const ERASE_AFTER: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);

/// The time zone of every person, practice and holiday.
const ZONE: &str = "Europe/London";

/// Everything that authors write.
pub struct Content {
    /// Services, practices, helplines, hours, holidays.
    pub directory: Directory,
    /// Every word that a person reads.
    pub wording: Wording,
    /// Whether languages that no speaker has reviewed are offered.
    pub offer_unreviewed: bool,
    /// The conversations.
    pub conversations: BTreeMap<ConversationId, Conversation>,
}

/// A conversation, ready to run.
pub struct Conversation {
    /// The engine of the newest revision.
    pub engine: Engine,
    /// The flow as it was written.
    pub source: Source,
    /// Its chats, with the file that each stands in.
    pub chats: Vec<(Source, Vec<Chat>)>,
}

impl Content {
    /// Loads the files, embedded or from folders, and reads them.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn load(
        conversations: Option<&Path>,
        locales: Option<&Path>,
        offer_unreviewed: bool,
        now: Timestamp,
    ) -> Result<(Option<Self>, Problems), files::Unreadable> {
        let files = Files::load(conversations, locales)?;
        let mut problems = Problems::default();
        let content = Self::read(&files, offer_unreviewed, now, &mut problems);
        Ok((content, problems.sorted()))
    }

    /// Reads every file; notes all that is wrong with any of them.
    #[must_use]
    pub fn read(
        files: &Files,
        offer_unreviewed: bool,
        now: Timestamp,
        problems: &mut Problems,
    ) -> Option<Self> {
        // The rules first: what reading them takes for a while then serves the rest.
        let safety = gather::read_rules(files, "conversations/safety/", problems, safety::Rules::read);
        let themes = gather::read_rules(files, "conversations/themes/", problems, themes::Rules::read);
        let directory = gather::read_directory(files, now, problems);
        let wording = Wording::read(&gather::locale_files(files, problems), problems);
        let flows: Vec<Option<(Source, Definition)>> = gather::flows(files)
            .map(|source| read::read(&source, problems).map(|definition| (source, definition)))
            .collect();
        let flows: Option<Vec<_>> = flows.into_iter().collect();
        let (directory, wording, flows) = (directory?, wording?, flows?);
        let lexicons = lexicons(&directory, &wording, &flows, problems);
        let parts = Parts {
            lexicons: Arc::new(lexicons),
            safety: Arc::new(safety?),
            themes: Arc::new(themes?),
            languages: wording.languages(offer_unreviewed).into_iter().cloned().collect(),
        };
        let conversations = flows
            .into_iter()
            .map(|(source, definition)| {
                let chats = gather::read_chats(files, &source, problems);
                let id = definition.id.clone();
                (id, Conversation { engine: parts.engine(definition), source, chats })
            })
            .collect();
        let content = Self { directory, wording, offer_unreviewed, conversations };
        check::check(&content, problems);
        (!problems.has_errors()).then_some(content)
    }

    /// The conversation that begins where nothing else is said: the service's first.
    #[must_use]
    pub fn default_conversation(&self, service: &Service) -> Option<&Conversation> {
        self.conversations.get(service.default_conversation())
    }

    /// The engine of a session: today's where its revision is today's; else the revision that was kept, its flow and
    /// a copy of its words, with today's words and rules.
    #[must_use]
    pub fn engine(
        &self,
        conversation: &ConversationId,
        revision: &RevisionId,
        kept: Option<(&str, Option<&Wording>)>,
    ) -> Option<Engine> {
        let today = self.conversations.get(conversation);
        if let Some(today) = today.filter(|today| today.engine.definition.revision == *revision) {
            return Some(today.engine.clone());
        }
        let any = today.or_else(|| self.conversations.values().next())?;
        let (flow, copy) = kept?;
        let definition = read::read(&Source::new("flow.yaml", flow), &mut Problems::default())?;
        let lexicons = kept::lexicons(&any.engine.lexicons, &definition, &self.wording, copy);
        Some(Engine { definition: Arc::new(definition), lexicons: Arc::new(lexicons), ..any.engine.clone() })
    }

    /// The names of the messages that an utterance is made of: where a language has no such message, the one that
    /// serves instead.
    #[must_use]
    pub fn messages(
        &self,
        conversation: &ConversationId,
        utterance: &Utterance,
        language: &Language,
    ) -> Vec<String> {
        let name = |saying: &Saying| match &saying.otherwise {
            Some(otherwise) if !self.wording.has(conversation, &saying.key, language) => {
                otherwise.to_string()
            }
            Some(_) | None => saying.key.to_string(),
        };
        utterance.sayings.iter().map(name).collect()
    }

    /// Where a service says something to nobody in particular, as a text without buttons.
    #[must_use]
    pub fn place_of_nobody<'a>(&'a self, service: &'a Service, language: &'a Language) -> Place<'a> {
        // Only buttons carry the revision and the time.
        static NO_REVISION: RevisionId = RevisionId(String::new());
        Place {
            conversation: service.default_conversation(),
            revision: &NO_REVISION,
            language,
            channel: ChannelKind::Sms,
            directory: &self.directory,
            service,
            nation: Some(service.nation),
            facts: Facts::default(),
            offer_unreviewed: self.offer_unreviewed,
            now: Timestamp::from_micros(0),
        }
    }

    /// The summary that a link worker reads of a session, in their language.
    #[must_use]
    pub fn summary(&self, definition: &Definition, session: &Session) -> Summary {
        let english = Language::english();
        let anybody = self.place_of_nobody(&self.directory.services()[0], &english);
        let place = Place { conversation: &session.conversation, ..anybody };
        let message = |key: &MessageKey| self.wording.text(key, &place).unwrap_or_else(|| key.to_string());
        let practice = |id: &PracticeId| {
            self.directory.practice(id).map_or_else(|| id.to_string(), |(_, practice)| practice.name.clone())
        };
        handover::summarise(definition, session, &Names { message: &message, practice: &practice })
    }

    /// Renders what the engine says, for people who talk in a terminal or a chat file.
    #[must_use]
    pub fn say(
        &self,
        engine: &Engine,
        utterance: &Utterance,
        standing: &Standing,
        channel: ChannelKind,
        now: Timestamp,
    ) -> Sent {
        let service = &self.directory.services()[0];
        let reference = Reference::from_random([0; 6]);
        let facts = Facts {
            reference: Some(&reference),
            promised: Some(self.directory.promised(service, now)),
            erased: Some(directory::hours::day_in_london(now.plus(ERASE_AFTER))),
            // Nobody has signed on in a chat: this is what people read on most nights.
            watched: false,
        };
        let place = Place {
            conversation: &engine.definition.id,
            revision: &engine.definition.revision,
            language: &standing.language,
            channel,
            directory: &self.directory,
            service,
            nation: Some(service.nation),
            facts,
            offer_unreviewed: self.offer_unreviewed,
            now,
        };
        let rendered = self.wording.render(utterance, &place);
        let messages = self.messages(&engine.definition.id, utterance, &standing.language);
        let parts = u32::try_from(rendered.parts).unwrap_or(u32::MAX);
        Sent { messages, text: rendered.text.0, parts, buttons: rendered.buttons }
    }
}

/// What every engine shares.
struct Parts {
    lexicons: Arc<Lexicons>,
    safety: Arc<safety::Rules>,
    themes: Arc<themes::Rules>,
    languages: Vec<Language>,
}

impl Parts {
    fn engine(&self, definition: Definition) -> Engine {
        Engine {
            definition: Arc::new(definition),
            lexicons: Arc::clone(&self.lexicons),
            safety: Arc::clone(&self.safety),
            themes: Arc::clone(&self.themes),
            languages: self.languages.clone(),
            zone: jiff::tz::TimeZone::get(ZONE).unwrap_or(jiff::tz::TimeZone::UTC),
        }
    }
}

/// Every question that offers choices.
fn asked(flows: &[(Source, Definition)]) -> Vec<(ConversationId, StepId, Vec<ChoiceId>)> {
    let questions = flows.iter().flat_map(|(_, definition)| questions_of(definition));
    questions.chain(beside::general_choices()).collect()
}

/// The steps of a conversation to which a reply may name something by a word.
fn questions_of(definition: &Definition) -> impl Iterator<Item = (ConversationId, StepId, Vec<ChoiceId>)> {
    let named =
        definition.steps.iter().map(|step| (definition.id.clone(), step.id.clone(), step.kind.named()));
    named.filter(|(_, _, named)| !named.is_empty())
}

fn lexicons(
    directory: &Directory,
    wording: &Wording,
    flows: &[(Source, Definition)],
    problems: &mut Problems,
) -> Lexicons {
    let asked = asked(flows);
    let mut lexicons = Lexicons {
        practices: directory.practices().map(|(_, practice)| practice_words(practice)).collect(),
        areas: directory.areas().into_iter().map(str::to_owned).collect(),
        ..Lexicons::default()
    };
    for language in wording.languages(true) {
        if let Some(about) = wording.about(language) {
            let names = std::iter::once(&about.name).chain(&about.other_names).cloned().collect();
            lexicons.language_names.push((language.clone(), names));
        }
        match Lexicon::new(&wording.replies(language)) {
            Ok(mut lexicon) => {
                lexicon.questions = wording.questions(language, &asked);
                lexicons.languages.insert(language.clone(), lexicon);
            }
            Err(wrong) => {
                for message in wrong {
                    problems.add(wrong_reply(wording, language, &message));
                }
            }
        }
    }
    lexicons
}

/// What is wrong with a list of `replies.ftl`, at the list that it names first.
fn wrong_reply(wording: &Wording, language: &Language, message: &str) -> Problem {
    let remedy = "Correct the list; the top of the English file says what each means.";
    let name = message.split('`').nth(1).unwrap_or_default();
    let found = "replies".parse().ok().and_then(|file: ConversationId| {
        let (source, place) = wording.place(&file, &MessageKey::of(name), language)?;
        let word = message.split('`').nth(3).unwrap_or_default();
        Some((source.clone(), if word.is_empty() { place } else { source.place_after(place, word) }))
    });
    let nowhere = || (Source::new(&format!("locales/{language}/replies.ftl"), ""), SourcePlace::START);
    let (file, place) = found.unwrap_or_else(nowhere);
    file.error(place, "replies", message, remedy)
}

fn practice_words(practice: &directory::service::Practice) -> PracticeWords {
    let names = practice.names().map(str::to_owned).collect();
    PracticeWords::new(practice.id.clone(), names, practice.postcode.clone())
}
