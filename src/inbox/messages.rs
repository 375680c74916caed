//! The messages of a case: who wrote what, and what became of it.
//!
//! Invariant: every message is shown, also one that is no text or was erased.

use std::time::Duration;

use crate::domain::concern::NO_ANSWER;
use crate::domain::message::Content;
use crate::domain::message::Purpose;
use crate::domain::tag::Tag;
use crate::inbox::page::Moment;
use crate::inbox::referral::Fate;
use crate::inbox::referral::From;
use crate::inbox::referral::MessageView;
use crate::inbox::shown::Foreign;
use crate::inbox::view::Names;
use crate::inbox::who::Who;
use crate::inbox::words::fate_words;
use crate::store::concern::SavedConcern;
use crate::store::outbox::Author;
use crate::store::thread::Said;
use crate::store::thread::SaidWhat;

/// A safety reply that follows within this time answers the concern.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5 * 60);

/// Whether a safety reply went out, and what became of it. Where the silence after it is the concern, it went out before.
#[must_use]
pub fn safety_reply(concern: &SavedConcern, thread: &[Said]) -> String {
    let replies = thread.iter().filter_map(|line| match &line.what {
        SaidWhat::Told { purpose: Purpose::Safety, state, delivery, .. } => {
            Some((line.at, fate(state, delivery.as_deref())))
        }
        SaidWhat::Told { .. } | SaidWhat::Heard { .. } => None,
    });
    let raised_at = concern.raised_at;
    let reply = if concern.raised.rule.as_str() == NO_ANSWER {
        replies.take_while(|(at, _)| *at < raised_at).last()
    } else {
        let mut replies = replies;
        replies.find(|(at, _)| raised_at <= *at && at.since(raised_at) < ANSWERED_WITHIN)
    };
    match reply.map(|(_, fate)| fate) {
        Some(fate) => format!("Our safety reply: {}.", fate_words(fate).to_lowercase()),
        None => "No safety reply went out.".to_owned(),
    }
}

/// A message as the page shows it, with what the rules have `noted` of what the person wrote.
#[must_use]
pub fn message_view(line: &Said, who: &Who, staff: &Names, noted: &dyn Fn(&str) -> Vec<Tag>) -> MessageView {
    match &line.what {
        SaidWhat::Heard { id, content, .. } => {
            let (about, text) = content.as_ref().map_or((Some("Erased"), ""), told);
            MessageView {
                inbound: Some(*id),
                from: From::Person,
                who: written_by(who),
                at: Moment(line.at),
                text: Foreign::new(text),
                tags: noted(text),
                about,
                fate: None,
            }
        }
        SaidWhat::Told { author, body, state, delivery, .. } => {
            let (from, who) = match author {
                Author::Bot | Author::System => (From::Bot, Foreign::new("Automatic")),
                Author::Staff(id) => (From::LinkWorker, staff.get(*id)),
            };
            MessageView {
                inbound: None,
                from,
                who,
                at: Moment(line.at),
                text: Foreign::new(body.as_ref().map_or("", |body| &body.text.0)),
                tags: Vec::new(),
                about: body.is_none().then_some("Erased"),
                fate: Some(fate(state, delivery.as_deref())),
            }
        }
    }
}

fn written_by(who: &Who) -> Foreign {
    let unknown = if who.is_on_behalf() { "The writer" } else { "They" };
    who.writer().cloned().unwrap_or_else(|| Foreign::new(unknown))
}

/// What became of a text, by where its row stands and what the provider said.
#[must_use]
pub fn fate(state: &str, delivery: Option<&str>) -> Fate {
    match (state, delivery) {
        (_, Some("delivered")) => Fate::Arrived,
        (_, Some("undelivered")) | ("gave-up", _) => Fate::DidNotArrive,
        ("sent", _) => Fate::Sent,
        ("ready" | "leased" | "attempting", _) => Fate::Waiting,
        ("expired" | "cancelled", _) => Fate::NotSent,
        // `in-doubt`, and whatever a newer program may have written.
        _ => Fate::Unknown,
    }
}

/// What came in, in one line: its words, or what it was where it had none.
#[must_use]
pub fn heard_words(content: Option<&Content>) -> Foreign {
    let (about, text) = content.map_or((Some("Erased"), ""), told);
    Foreign::new(if text.is_empty() { about.unwrap_or_default() } else { text })
}

/// What came in: what is to be known of it, and its words.
pub(super) fn told(content: &Content) -> (Option<&'static str>, &str) {
    match content {
        Content::Text { body, .. } => (None, &body.0),
        Content::Button { .. } => (Some("Tapped a button"), ""),
        Content::Edit { body } => (Some("Changed an earlier text to this"), &body.0),
        Content::Media { kind, caption } => (Some(media_words(kind)), &caption.0),
        Content::Contact { phone } => (Some("Sent their phone number"), &phone.0),
        Content::Blocked => (Some("Blocked us"), ""),
        Content::Unblocked => (Some("Let us in again"), ""),
        Content::OptOut => (Some("Stopped all texts"), ""),
        Content::Call => (Some("Rang us, and heard who we are and whom to ring"), ""),
        Content::Start { payload } => (Some("Came by a link"), payload),
        Content::Unreadable => (Some("Something that we cannot read"), ""),
    }
}

fn media_words(kind: &str) -> &'static str {
    match kind {
        "voice" | "audio" => "A voice message, which nobody has heard",
        "photo" | "image" => "A photo, which nobody has seen",
        "sticker" => "A sticker",
        "forwarded" => "Passed on what somebody else wrote",
        "contact" => "Somebody else's phone number",
        "video" => "A video, which nobody has seen",
        _ => "Something that is no text, which nobody has seen",
    }
}
