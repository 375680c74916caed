//! What came in by Telegram: each update is a person's message, or nothing of ours.
//!
//! Invariant: no update is an error. What a newer Telegram sends and we cannot read is told as such; where a person's
//! words can still be found in it, they are read.

use serde_json::Value;
use teloxide::types::CallbackQuery;
use teloxide::types::ChatMemberUpdated;
use teloxide::types::MediaKind;
use teloxide::types::Message;
use teloxide::types::MessageKind;
use teloxide::types::Update;
use teloxide::types::UpdateKind;

use crate::channel::door;
use crate::channel::telegram::Telegram;
use crate::channel::telegram::courtesy::Courtesy;
use crate::domain::message::ChannelKind;
use crate::domain::message::Content;
use crate::domain::message::Handle;
use crate::domain::message::Inbound;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;

/// What an update is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What it holds.
    pub what: What,
    /// What is to be done once it is kept.
    pub courtesy: Option<Courtesy>,
}

/// What an update holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A person's message.
    Message(Box<Inbound>),
    /// Nothing for us: a group, a channel, another bot, a change of settings. Nothing of it is kept.
    NotForUs,
    /// Nobody can tell whose it is, or which.
    NotUnderstood,
}

impl Received {
    fn nothing(what: What) -> Self {
        Self { what, courtesy: None }
    }
}

/// A message of a person before it has its number.
struct Heard {
    from: i64,
    content: Content,
    sent_at: Option<i64>,
}

impl Telegram {
    /// Reads an update.
    #[must_use]
    pub fn read(&self, update: &Value, now: Timestamp) -> Received {
        let Some(id) = update.get("update_id").and_then(Value::as_i64) else {
            return Received::nothing(What::NotUnderstood);
        };
        let (heard, courtesy) = match typed(update).map(|update| update.kind) {
            Some(UpdateKind::Message(message)) => spoken(&message, said),
            Some(UpdateKind::EditedMessage(message)) => spoken(&message, changed),
            Some(UpdateKind::CallbackQuery(tap)) => tapped(tap, update),
            Some(UpdateKind::MyChatMember(change)) => member(&change),
            // Of a kind for which we never asked.
            Some(kind) if !matches!(kind, UpdateKind::Error(_)) => (None, None),
            Some(_) | None => match salvaged(update) {
                Some(heard) => (Some(heard), None),
                None => return Received::nothing(What::NotUnderstood),
            },
        };
        let heard = match heard {
            Some(heard) if !is_mute(&heard) => Some(heard),
            mute => salvaged(update).filter(|found| !is_mute(found)).or(mute),
        };
        let inbound = |heard: Heard| Inbound {
            channel: ChannelKind::Telegram,
            provider_id: format!("{}:{id}", self.number()),
            from: Handle(heard.from.to_string()),
            to: self.name().to_owned(),
            content: heard.content,
            sent_at: heard.sent_at.map(|seconds| sent_at(seconds, now)),
            received_at: now,
        };
        let what = heard.map_or(What::NotForUs, |heard| What::Message(Box::new(inbound(heard))));
        Received { what, courtesy }
    }
}

/// No message was sent after it came, whatever its clock says.
fn sent_at(seconds: i64, now: Timestamp) -> Timestamp {
    Timestamp::from_micros(seconds.max(0).saturating_mul(1_000_000)).min(now)
}

/// The update as teloxide reads it, without its number, for which teloxide has too small a type, and without the
/// earlier messages that it may quote: they are none of the person's, and lie inside each other without end.
fn typed(update: &Value) -> Option<Update> {
    let mut update = update.as_object()?.clone();
    update.insert("update_id".to_owned(), 0.into());
    for kind in ["message", "edited_message"] {
        if let Some(message) = update.get_mut(kind).and_then(Value::as_object_mut) {
            for quoted in ["reply_to_message", "pinned_message", "external_reply", "quote", "reply_to_story"]
            {
                message.remove(quoted);
            }
        }
    }
    if let Some(tap) = update.get_mut("callback_query").and_then(Value::as_object_mut) {
        tap.remove("message");
    }
    // By way of its text: teloxide reads names that it borrows.
    serde_json::from_str(&Value::Object(update).to_string()).ok()
}

type HeardOrNot = (Option<Heard>, Option<Courtesy>);

/// A message in a chat: only what one person writes to us alone is for us.
fn spoken(message: &Message, content: fn(&Message) -> Option<Content>) -> HeardOrNot {
    if !message.chat.is_private() {
        return (None, Some(Courtesy::Leave(message.chat.id.0)));
    }
    if message.from.as_ref().is_none_or(|from| from.is_bot) {
        return (None, None);
    }
    let heard = content(message).map(|content| Heard {
        from: message.chat.id.0,
        content,
        sent_at: Some(message.date.timestamp()),
    });
    (heard, None)
}

/// What a message says; nothing where it only tells of a setting.
fn said(message: &Message) -> Option<Content> {
    let common = match &message.kind {
        MessageKind::Common(common) => common,
        MessageKind::Dice(_) => return Some(media("sticker", "")),
        MessageKind::Empty {} => return Some(Content::Unreadable),
        _ => return None,
    };
    let words = words_of(message);
    if common.forward_origin.is_some() {
        // Somebody else's words are no answer; but whoever passes a threat on is heard.
        return Some(media("forwarded", words));
    }
    Some(match &common.media_kind {
        MediaKind::Text(_) => text(words),
        MediaKind::Contact(shared) => {
            let own = message.from.as_ref().map(|from| from.id);
            match shared.contact.user_id {
                user if user.is_some() && user == own => {
                    Content::Contact { phone: Words(door::clean(&shared.contact.phone_number)) }
                }
                // Somebody else's card.
                _ => media("contact", ""),
            }
        }
        MediaKind::Migration(_) => return None,
        other => media(kind_of(other), words),
    })
}

fn words_of(message: &Message) -> &str {
    message.text().or(message.caption()).unwrap_or_default()
}

fn kind_of(media: &MediaKind) -> &'static str {
    match media {
        MediaKind::Voice(_) | MediaKind::Audio(_) => "voice",
        MediaKind::Photo(_) => "photo",
        MediaKind::Sticker(_) => "sticker",
        MediaKind::Video(_) | MediaKind::VideoNote(_) | MediaKind::Animation(_) => "video",
        _ => "file",
    }
}

fn media(kind: &str, caption: &str) -> Content {
    Content::Media { kind: kind.to_owned(), caption: door::words(caption) }
}

/// Words; or `/start`, alone or with what the link carried. A phone may write the bot's name behind a command.
fn text(text: &str) -> Content {
    let mut words = text.split_whitespace();
    let command = words.next().filter(|word| word.starts_with('/'));
    let command = command.map(|word| word.split('@').next().unwrap_or(word));
    match (command, words.next(), words.next()) {
        (Some("/start"), None, _) => Content::Start { payload: String::new() },
        (Some("/start"), Some(payload), None) if is_payload(payload) => {
            Content::Start { payload: payload.to_owned() }
        }
        (Some(command), None, _) => Content::Text { body: door::words(command), network: None },
        _ => Content::Text { body: door::words(text), network: None },
    }
}

/// What Telegram lets a link carry.
fn is_payload(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn changed(message: &Message) -> Option<Content> {
    Some(Content::Edit { body: door::words(words_of(message)) })
}

/// A tap on a button. In a private chat the chat has the person's own number.
fn tapped(tap: CallbackQuery, update: &Value) -> HeardOrNot {
    let courtesy = Some(Courtesy::HeardTap(tap.id.0));
    let chat = update.pointer("/callback_query/message/chat/type").and_then(Value::as_str);
    let for_us = !tap.from.is_bot && chat.is_none_or(|kind| kind == "private");
    let heard = tap.data.filter(|_| for_us).and_then(|data| {
        let from = i64::try_from(tap.from.id.0).ok()?;
        Some(Heard { from, content: Content::Button { data: door::clean(&data) }, sent_at: None })
    });
    (heard, courtesy)
}

/// Somebody has blocked us or let us in again; or we were taken into a group.
fn member(change: &ChatMemberUpdated) -> HeardOrNot {
    let now = &change.new_chat_member;
    if !change.chat.is_private() {
        return (None, now.is_present().then_some(Courtesy::Leave(change.chat.id.0)));
    }
    let content = if now.is_present() { Content::Unblocked } else { Content::Blocked };
    (Some(Heard { from: change.chat.id.0, content, sent_at: Some(change.date.timestamp()) }), None)
}

/// Whether nothing was read that a human could read. teloxide takes a message of a form that it does not know for
/// another kind, without its words.
fn is_mute(heard: &Heard) -> bool {
    match &heard.content {
        Content::Unreadable => true,
        Content::Media { caption, .. } => caption.0.is_empty(),
        Content::Edit { body } => body.0.is_empty(),
        Content::Text { .. }
        | Content::Button { .. }
        | Content::Contact { .. }
        | Content::Blocked
        | Content::Unblocked
        | Content::OptOut
        | Content::Call
        | Content::Start { .. } => false,
    }
}

/// What can still be told of a message in a form that teloxide does not know: whose it is, and its words.
fn salvaged(update: &Value) -> Option<Heard> {
    let (message, edited) = match update.get("message") {
        Some(message) => (message, false),
        None => (update.get("edited_message")?, true),
    };
    let chat = message.get("chat")?;
    let is_private = chat.get("type")?.as_str()? == "private";
    let is_person = message.pointer("/from/is_bot")?.as_bool() == Some(false);
    let from = chat.get("id")?.as_i64().filter(|_| is_private && is_person)?;
    let words = ["text", "caption"].iter().find_map(|name| message.get(name)?.as_str());
    let content = match (words, edited) {
        (Some(words), true) => Content::Edit { body: door::words(words) },
        (Some(words), false) => text(words),
        (None, _) => Content::Unreadable,
    };
    Some(Heard { from, content, sent_at: message.get("date").and_then(Value::as_i64) })
}
