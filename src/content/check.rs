//! What can only be checked with everything in hand: that each step has its words in each language, that no text is
//! too long, that nothing asks for a word that the networks swallow or that means two things.

use crate::content::Content;
use crate::content::Conversation;
use crate::content::accepted;
use crate::content::numbers;
use crate::conversation::beside;
use crate::conversation::definition::Definition;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Utterance;
use crate::conversation::read_question::ANSWERS;
use crate::domain::answer::AnswerKind;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ConversationId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::reading::problem::Problems;
use crate::reading::source::Place as SourcePlace;
use crate::reading::source::Source;
use crate::wording::button;
use crate::wording::render::Facts;
use crate::wording::render::Place;

/// The messages that the engine says in every conversation.
pub const GENERAL_MESSAGES: [&str; 66] = [
    "menu-help",
    "menu-stop",
    "menu-language",
    "menu-privacy",
    "menu-delete",
    "privacy",
    "your-number",
    "number-noted",
    "old-button",
    "person-is-here",
    "stopped",
    "after-a-stop",
    "started",
    "help",
    "help-after-the-end",
    "who",
    "proposal",
    "yes-label",
    "no-label",
    "stuck",
    "cannot-skip",
    "cannot-skip-stuck",
    "nothing-to-go-back",
    "confirm-restart",
    "restarted",
    "pick-language",
    "language-set",
    "language-noted",
    "by-number",
    "check-by-number",
    "retry-check",
    "explain-check",
    "reminder",
    "resume",
    "opening-words",
    "carry-on",
    "late",
    "who-asks",
    "carry-on-hint",
    "handed-back",
    "person-coming",
    "call-coming",
    "sent-early",
    "closed",
    "message-kept",
    "only-text",
    "slow-down",
    "too-many-answers",
    "deletion",
    "not-shown",
    "check-change",
    "check-changed",
    "are-you-safe",
    "passed-on",
    "heard-too",
    "answers-end",
    "safe-noted",
    "not-safe",
    "not-sure",
    "safe-to-text",
    "text-safe",
    "watched-now",
    "watched-later",
    "fallback",
    "voice",
    "test-text",
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
    let choices = beside::general_choices();
    if has_file(content, "general", language, problems) {
        let kinds = ANSWERS.map(|kind| kind.replace(' ', "-"));
        let otherwise = kinds
            .iter()
            .flat_map(|kind| ["retry", "not-allowed", "explain"].map(|part| format!("{part}-{kind}")));
        for message in GENERAL_MESSAGES.map(str::to_owned).into_iter().chain(otherwise) {
            let choices = choices.iter().filter(|(_, step, _)| step.as_str() == message);
            let mut parts: Vec<String> =
                choices.flat_map(|(_, _, choices)| choices.iter().map(ToString::to_string)).collect();
            if message == "not-shown" {
                parts.push("given".to_owned());
            }
            need(content, (&none, "general"), (&message, &parts), language, problems);
        }
    }
    if has_file(content, "safety", language, problems) {
        let categories =
            ConcernCategory::ALL.into_iter().filter(|category| *category != ConcernCategory::ByHand);
        let messages = categories.map(ConcernCategory::as_str).chain(["another", "worried"]);
        for message in messages.map(|name| format!("safety-{name}")) {
            need(content, (&none, "safety"), (&message, &["again".to_owned()]), language, problems);
        }
    }
    has_file(content, "replies", language, problems);
}

/// Notes a whole file of words that a language lacks, once, instead of each message in it.
fn has_file(content: &Content, name: &str, language: &Language, problems: &mut Problems) -> bool {
    let has = content.wording.has_file(name, language);
    if !has {
        let path = format!("locales/{language}/{name}.ftl");
        let file = Source::new(&path, "");
        let (rule, message) = ("missing-file", "this file of words is missing");
        problems.add(if *language == Language::english() {
            let remedy = "Write it; `footbridge unpack DIR` gives you those that are shipped.";
            file.error(SourcePlace::START, rule, message, remedy)
        } else {
            let remedy = format!(
                "Copy locales/en-GB/{name}.ftl there and translate it; until then people read it in English."
            );
            file.warning(SourcePlace::START, rule, message, &remedy)
        });
    }
    has
}

/// Notes what a language lacks of a message and its attributes, as one problem: an error in English, where there is
/// nothing to fall back to.
fn need(
    content: &Content,
    (conversation, file): (&ConversationId, &str),
    (message, attributes): (&str, &[String]),
    language: &Language,
    problems: &mut Problems,
) {
    let has = |key: &MessageKey| content.wording.has(conversation, key, language);
    let key = MessageKey::of(message);
    let lacks: Vec<&String> =
        attributes.iter().filter(|attribute| !has(&MessageKey::part(message, attribute))).collect();
    if has(&key) && lacks.is_empty() {
        return;
    }
    let lines = lacks.iter().map(|attribute| format!("\n        .{attribute} = …")).collect::<String>();
    let (place, what, add) = if has(&key) {
        let names: Vec<String> = lacks.iter().map(|attribute| format!("`.{attribute}`")).collect();
        let what = format!("the message `{message}` lacks {}", names.join(", "));
        (at(content, conversation, &key, language), what, format!("Add below it:{lines}"))
    } else {
        let path = format!("locales/{language}/{file}.ftl");
        let nowhere = At { file: Source::new(&path, ""), place: SourcePlace::START };
        let add = format!("Add to this file:\n    {message} = …{lines}");
        (nowhere, format!("the message `{message}` is missing"), add)
    };
    let severe = *language == Language::english();
    let until = if severe { "" } else { "\n  Until then people read it in English." };
    place.note(severe, "missing-message", &what, &format!("{add}{until}"), problems);
}

/// Where a message stands, or where it would.
pub(super) struct At {
    pub(super) file: Source,
    pub(super) place: SourcePlace,
}

pub(super) fn at(
    content: &Content,
    conversation: &ConversationId,
    key: &MessageKey,
    language: &Language,
) -> At {
    match content.wording.place(conversation, key, language) {
        Some((file, place)) => At { file: file.clone(), place },
        None => At {
            file: Source::new(&format!("locales/{language}/{conversation}.ftl"), ""),
            place: SourcePlace::START,
        },
    }
}

impl At {
    pub(super) fn note(
        &self,
        severe: bool,
        rule: &'static str,
        message: &str,
        remedy: &str,
        problems: &mut Problems,
    ) {
        problems.add(if severe {
            self.file.error(self.place, rule, message, remedy)
        } else {
            self.file.warning(self.place, rule, message, remedy)
        });
    }
}

fn words(content: &Content, conversation: &Conversation, language: &Language, problems: &mut Problems) {
    let definition = &conversation.engine.definition;
    if !has_file(content, definition.id.as_str(), language, problems) {
        return;
    }
    for step in &definition.steps {
        let mut parts = Vec::new();
        if let StepKind::Ask(question) = &step.kind {
            parts.extend(question.choices.iter().map(ToString::to_string));
            parts.push("label".to_owned());
        }
        let named = step.kind.named();
        accepted::check(content, &definition.id, (&step.id, &named), language, problems);
        if let StepKind::Check { changes, .. } = &step.kind {
            parts.extend(changes.iter().map(|change| format!("{change}-words")));
        }
        let file = (&definition.id, definition.id.as_str());
        need(content, file, (step.id.as_str(), &parts), language, problems);
    }
    numbers::check(content, definition, language, problems);
    buttons(content, definition, language, problems);
    early_references(content, definition, language, problems);
    lengths(content, definition, language, problems);
}

/// A choice whose names do not fit into a button stands as a number on Telegram, which is a pity.
fn buttons(content: &Content, definition: &Definition, language: &Language, problems: &mut Problems) {
    if *language != Language::english() {
        return;
    }
    for step in &definition.steps {
        let StepKind::Ask(question) = &step.kind else { continue };
        for choice in &question.choices {
            let (id, long_ago) = (step.id.as_str(), Timestamp::from_micros(i64::MAX));
            if button::data(id, &definition.revision, long_ago, choice).is_none() {
                let message = format!("the names `{id}` and `{choice}` are too long for a button");
                let key = MessageKey::part(id, choice.as_str());
                let place = at(content, &definition.id, &key, language);
                place.note(false, "long-names", &message, "Shorten one of them.", problems);
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
    // What a language lacks is said in English, and counted there.
    let own = |step: &&Step| content.wording.has(&definition.id, &MessageKey::of(step.id.as_str()), language);
    for step in definition.steps.iter().filter(own) {
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
                now: Timestamp::from_micros(0),
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
