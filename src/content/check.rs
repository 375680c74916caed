//! What can only be checked with everything in hand: that each step has its words in each language, that no text is
//! too long, and that nothing asks for a word that the networks swallow.

use crate::content::Content;
use crate::content::Conversation;
use crate::conversation::beside;
use crate::conversation::definition::Definition;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Utterance;
use crate::domain::answer::AnswerKind;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ConversationId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Purpose;
use crate::reading::problem::Problems;
use crate::reading::source::Place as SourcePlace;
use crate::reading::source::Source;
use crate::wording::render::Facts;
use crate::wording::render::Place;

/// Words that a network or its provider acts on before we see them (twilio.com/docs/messaging, advanced opt-out), so
/// that a person who texts one as an answer would be cut off.
const SWALLOWED: [&str; 12] = [
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "start",
    "unstop",
    "help",
    "info",
];

/// The messages that the engine says in every conversation.
pub const GENERAL_MESSAGES: [&str; 40] = [
    "stopped",
    "started",
    "help",
    "who",
    "proposal",
    "yes-label",
    "no-label",
    "stuck",
    "cannot-skip",
    "nothing-to-go-back",
    "confirm-restart",
    "restarted",
    "pick-language",
    "language-set",
    "language-noted",
    "reminder",
    "resume",
    "opening-words",
    "carry-on",
    "carry-on-hint",
    "handed-back",
    "person-coming",
    "sent-early",
    "closed",
    "message-kept",
    "only-text",
    "slow-down",
    "too-many-answers",
    "deletion",
    "not-shown",
    "check-change",
    "are-you-safe",
    "safe-noted",
    "not-safe",
    "not-sure",
    "safe-to-text",
    "text-safe",
    "watched-now",
    "watched-later",
    "fallback",
];

/// Notes everything that is wrong across files.
pub fn check(content: &Content, problems: &mut Problems) {
    content.wording.check(&content.directory, problems);
    services(content, problems);
    for language in content.wording.languages(true) {
        general(content, language, problems);
        for conversation in content.conversations.values() {
            words(content, conversation, language, problems);
        }
    }
    for conversation in content.conversations.values() {
        folder(conversation, problems);
        chats(conversation, problems);
    }
}

fn services(content: &Content, problems: &mut Problems) {
    let file = Source::new("conversations/services.yaml", "");
    for service in content.directory.services() {
        for conversation in &service.conversations {
            if !content.conversations.contains_key(conversation) {
                let message = format!("`{}` offers `{conversation}`, which is no conversation", service.id);
                let remedy = "Name a folder under conversations that holds a flow.yaml.";
                problems.add(file.error(SourcePlace::START, "unknown-conversation", &message, remedy));
            }
        }
    }
}

fn general(content: &Content, language: &Language, problems: &mut Problems) {
    let Ok(none) = beside::GENERAL.parse::<ConversationId>() else { return };
    let safety = ConcernCategory::ALL.into_iter().filter(|category| *category != ConcernCategory::ByHand);
    let safety = safety.map(|category| format!("safety-{}", category.as_str()));
    for message in GENERAL_MESSAGES.iter().map(|message| (*message).to_owned()).chain(safety.clone()) {
        need(content, &none, &MessageKey::of(&message), language, problems);
    }
    for message in safety {
        need(content, &none, &MessageKey::part(&message, "again"), language, problems);
    }
    for (_, step, choices) in beside::general_choices() {
        for choice in choices {
            need(content, &none, &MessageKey::part(step.as_str(), choice.as_str()), language, problems);
        }
    }
}

/// Notes a message that a language lacks: an error in English, where there is nothing to fall back to.
fn need(
    content: &Content,
    conversation: &ConversationId,
    key: &MessageKey,
    language: &Language,
    problems: &mut Problems,
) {
    if content.wording.has(conversation, key, language) {
        return;
    }
    let message = format!("the message `{key}` is missing");
    let (rule, remedy) = ("missing-message", format!("Add `{key} = …`, or people read it in English."));
    let severe = *language == Language::english();
    at(content, conversation, key, language).note(severe, rule, &message, &remedy, problems);
}

/// Where a message stands, or where it would.
struct At {
    file: Source,
    place: SourcePlace,
}

fn at(content: &Content, conversation: &ConversationId, key: &MessageKey, language: &Language) -> At {
    match content.wording.place(conversation, key, language) {
        Some((file, place)) => At { file: file.clone(), place },
        None => At {
            file: Source::new(&format!("locales/{language}/{conversation}.ftl"), ""),
            place: SourcePlace::START,
        },
    }
}

impl At {
    fn note(&self, severe: bool, rule: &'static str, message: &str, remedy: &str, problems: &mut Problems) {
        problems.add(if severe {
            self.file.error(self.place, rule, message, remedy)
        } else {
            self.file.warning(self.place, rule, message, remedy)
        });
    }
}

fn words(content: &Content, conversation: &Conversation, language: &Language, problems: &mut Problems) {
    let definition = &conversation.engine.definition;
    for step in &definition.steps {
        need(content, &definition.id, &MessageKey::of(step.id.as_str()), language, problems);
        if let StepKind::Ask(question) = &step.kind {
            need(content, &definition.id, &MessageKey::part(step.id.as_str(), "label"), language, problems);
            for choice in &question.choices {
                let key = MessageKey::part(step.id.as_str(), choice.as_str());
                need(content, &definition.id, &key, language, problems);
            }
        }
    }
    swallowed(content, conversation, language, problems);
    early_references(content, definition, language, problems);
    lengths(content, definition, language, problems);
}

/// An accepted word that a network acts on by itself never reaches us as an answer.
fn swallowed(content: &Content, conversation: &Conversation, language: &Language, problems: &mut Problems) {
    let engine = &conversation.engine;
    let lexicon = engine.lexicons.languages.get(language);
    let Some(questions) = lexicon.and_then(|lexicon| lexicon.questions.get(&engine.definition.id)) else {
        return;
    };
    for (step, choices) in questions {
        for choice in choices {
            let words = choice.words().iter().map(String::as_str).chain(std::iter::once(choice.label()));
            for word in words.filter(|word| SWALLOWED.contains(&word.trim().to_lowercase().as_str())) {
                let message =
                    format!("`{step}` accepts `{word}`, which the network acts on before we see it");
                let key = MessageKey::part(step.as_str(), choice.choice.as_str());
                let place = at(content, &engine.definition.id, &key, language);
                place.note(true, "swallowed-word", &message, "Take another word.", problems);
            }
        }
    }
}

/// A message that names the reference before there can be one is not said at all.
fn early_references(
    content: &Content,
    definition: &Definition,
    language: &Language,
    problems: &mut Problems,
) {
    let before = definition.steps.iter().take_while(|step| !matches!(step.kind, StepKind::HandOver { .. }));
    for step in before {
        let key = MessageKey::of(step.id.as_str());
        if content.wording.variables(&definition.id, &key, language).contains("reference") {
            let message = format!("`{}` names the reference before anything was handed over", step.id);
            let remedy = "Name it in a `hand over` or after one; before, there is none.";
            at(content, &definition.id, &key, language).note(
                true,
                "early-reference",
                &message,
                remedy,
                problems,
            );
        }
    }
}

/// A text of one step alone that has more parts than the flow allows, for any service.
fn lengths(content: &Content, definition: &Definition, language: &Language, problems: &mut Problems) {
    for step in &definition.steps {
        let most = content.directory.services().iter().map(|service| {
            let day = jiff::civil::date(2026, 9, 30);
            let reference = crate::domain::ids::Reference::from_random([0; 6]);
            let place = Place {
                conversation: &definition.id,
                revision: &definition.revision,
                language,
                channel: ChannelKind::Sms,
                directory: &content.directory,
                service,
                nation: Some(service.nation),
                facts: Facts {
                    reference: Some(&reference),
                    promised: Some(day),
                    erased: Some(day),
                    ..Facts::default()
                },
                offer_unreviewed: true,
            };
            content.wording.render(&utterance(step), &place).parts
        });
        let parts = most.max().unwrap_or(0);
        if usize::from(definition.limits.sms_parts) < parts {
            let message =
                format!("`{}` takes {parts} SMS parts, more than {}", step.id, definition.limits.sms_parts);
            let remedy = "Shorten it, or raise `sms parts`. A letter outside the plain alphabet makes a text twice as long.";
            let place = at(content, &definition.id, &MessageKey::of(step.id.as_str()), language);
            place.note(*language == Language::english(), "too-long", &message, remedy, problems);
        }
    }
}

fn utterance(step: &Step) -> Utterance {
    let saying = Saying::of(MessageKey::of(step.id.as_str()));
    let saying = match &step.kind {
        StepKind::Ask(question) if question.answer == AnswerKind::YesOrNo => saying.with_yes_or_no(),
        StepKind::Ask(question) => saying.with_choices(step.id.as_str(), &question.choices),
        StepKind::Say | StepKind::Check { .. } | StepKind::HandOver { .. } | StepKind::Finish => saying,
    };
    Utterance { purpose: Purpose::Answer, sayings: vec![saying] }
}

/// A conversation is found by its folder and by its name, so the two are the same.
fn folder(conversation: &Conversation, problems: &mut Problems) {
    let (source, id) = (&conversation.source, &conversation.engine.definition.id);
    let folder = source.file.trim_end_matches("/flow.yaml").rsplit('/').next().unwrap_or_default();
    if folder != id.as_str() {
        let place = source.place_of_byte(source.text.find("conversation:").unwrap_or_default());
        let message = format!("`{id}` stands in the folder `{folder}`");
        problems.add(source.error(
            place,
            "folder",
            &message,
            "Give the folder and the conversation one name.",
        ));
    }
}

/// Every ending needs a chat that reaches it.
fn chats(conversation: &Conversation, problems: &mut Problems) {
    let definition = &conversation.engine.definition;
    for step in definition.steps.iter().filter(|step| step.kind == StepKind::Finish) {
        let reached = conversation.chats.iter().any(|(source, _)| {
            source.text.lines().any(|line| {
                let words = line.split(|c: char| !(c.is_alphanumeric() || c == '-'));
                let says = line.trim_start().starts_with("us:") || line.contains("session = finished");
                says && words.into_iter().any(|word| word == step.id.as_str())
            })
        });
        if !reached {
            let place = conversation.source.place_of_byte(
                conversation.source.text.find(&format!("finish: {}", step.id)).unwrap_or_default(),
            );
            let message = format!("no chat reaches the ending `{}`", step.id);
            let remedy = format!(
                "Add a chat to chats/ in which we say `{0}`, or which expects `session = finished {0}`.",
                step.id
            );
            problems.add(conversation.source.error(place, "no-chat", &message, &remedy));
        }
    }
}
