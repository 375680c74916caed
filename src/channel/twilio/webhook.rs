//! What Twilio posts when a person texts.
//!
//! Invariant: nothing is read before the signature was checked, and nothing read is ever logged.

use crate::channel::door;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::form::Form;
use crate::channel::twilio::signature;
use crate::channel::twilio::voice;
use crate::domain::account::OptOutMode;
use crate::domain::message::ChannelKind;
use crate::domain::message::Content;
use crate::domain::message::Handle;
use crate::domain::message::Inbound;
use crate::domain::message::NetworkWord;
use crate::domain::time::Timestamp;

/// Why a webhook was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no signature, or it is wrong.
    #[error("the request is not signed by Twilio")]
    NotSigned,
    /// It is about somebody else's account.
    #[error("the request is about another account")]
    ForeignAccount,
    /// What makes it a message is missing.
    #[error("the request holds no message")]
    NotUnderstood,
}

impl Twilio {
    /// Reads a person's text from the webhook's parts as they were received.
    ///
    /// # Errors
    /// Where the request is not Twilio's, not for us, or no message.
    pub fn receive(
        &self,
        signature: Option<&str>,
        path_and_query: &str,
        body: &[u8],
        received_at: Timestamp,
    ) -> Result<Inbound, Refused> {
        let form = self.verify(signature, path_and_query, body)?;
        let id = form.id("MessageSid").ok_or(Refused::NotUnderstood)?;
        let from = sender(&form)?;
        Ok(Inbound {
            channel: ChannelKind::Sms,
            provider_id: id.to_owned(),
            from,
            to: door::clean(form.get("To").unwrap_or_default()),
            content: content(&form, self.account.opt_out),
            sent_at: None,
            received_at,
        })
    }

    /// Reads who rings our number, from the webhook's parts as they were received.
    ///
    /// # Errors
    /// Where the request is not Twilio's, not for us, or no call.
    pub fn receive_call(
        &self,
        signature: Option<&str>,
        path_and_query: &str,
        body: &[u8],
        received_at: Timestamp,
    ) -> Result<Inbound, Refused> {
        let form = self.verify(signature, path_and_query, body)?;
        let id = form.id("CallSid").ok_or(Refused::NotUnderstood)?;
        Ok(Inbound {
            channel: ChannelKind::Sms,
            provider_id: id.to_owned(),
            from: voice::caller(form.get("From").unwrap_or_default()),
            to: door::clean(form.get("To").unwrap_or_default()),
            content: Content::Call,
            sent_at: None,
            received_at,
        })
    }

    /// The form, if Twilio signed it and it is about our account.
    pub(super) fn verify<'a>(
        &self,
        signature: Option<&str>,
        path_and_query: &str,
        body: &'a [u8],
    ) -> Result<Form<'a>, Refused> {
        let signature = signature.ok_or(Refused::NotSigned)?;
        let form = Form::read(body);
        let tokens = &self.account.tokens;
        if !signature::is_right(signature, tokens, &self.public_url, path_and_query, &form.0) {
            return Err(Refused::NotSigned);
        }
        if form.get("AccountSid").is_some_and(|sid| sid != self.account.sid) {
            return Err(Refused::ForeignAccount);
        }
        Ok(form)
    }
}

fn sender(form: &Form<'_>) -> Result<Handle, Refused> {
    let from = door::clean(form.get("From").unwrap_or_default());
    if from.trim().is_empty() {
        return Err(Refused::NotUnderstood);
    }
    Ok(Handle(from))
}

fn content(form: &Form<'_>, mode: OptOutMode) -> Content {
    let body = form.get("Body").unwrap_or_default();
    let words = door::words(body);
    // UK networks carry no media, but WhatsApp and RCS do. A number that cannot be read is none.
    let media: u32 = form.get("NumMedia").and_then(|n| n.parse().ok()).unwrap_or(0);
    if 0 < media {
        return Content::Media {
            kind: media_kind(form.get("MediaContentType0").unwrap_or_default()).to_owned(),
            caption: words,
        };
    }
    Content::Text { body: words, network: network_word(mode, body, form.get("OptOutType")) }
}

pub(super) fn media_kind(content_type: &str) -> &'static str {
    match content_type.split('/').next() {
        Some("image") => "photo",
        Some("audio") => "voice",
        Some("video") => "video",
        _ => "file",
    }
}

/// The word that Twilio has acted on and answered, if it has.
///
/// Without Advanced Opt-Out it does not say so: it acts where the word is the whole message.
fn network_word(mode: OptOutMode, body: &str, opt_out_type: Option<&str>) -> Option<NetworkWord> {
    match mode {
        OptOutMode::Twilio => bare_word(&body.trim().to_ascii_uppercase()),
        OptOutMode::Advanced => match opt_out_type? {
            "STOP" => Some(NetworkWord::Stop),
            "START" => Some(NetworkWord::Start),
            "HELP" => Some(NetworkWord::Help),
            _ => None,
        },
        OptOutMode::Footbridge => None,
    }
}

pub(super) fn bare_word(word: &str) -> Option<NetworkWord> {
    match word {
        "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT" => {
            Some(NetworkWord::Stop)
        }
        "START" | "UNSTOP" => Some(NetworkWord::Start),
        "YES" => Some(NetworkWord::Yes),
        "HELP" | "INFO" => Some(NetworkWord::Help),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests;
