//! The form in a webhook: a list of pairs, for a map would lose what the signature covers.

use std::borrow::Cow;

/// What Twilio posted, decoded: `+` is a space, bytes that are no UTF-8 became U+FFFD.
pub(super) struct Form<'a>(pub(super) Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Form<'a> {
    pub(super) fn read(body: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(body).collect())
    }

    /// The first value of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_ref())
    }

    /// The first value of this name, where it is a provider's id: short, and of visible ASCII characters.
    pub(super) fn id(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|id| is_id(id))
    }
}

/// Twilio's own have 34 characters; what is longer or stranger is none, and must reach neither a table nor a log.
const LONGEST_ID: usize = 64;

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}
