//! What a voice says to whoever rings our number.
//!
//! Invariant: the words are those of the service whose number was rung, and never none.

use crate::content::Content;
use crate::conversation::effect::MessageKey;
use crate::domain::language::Language;
use crate::domain::nation::Nation;
use crate::wording::last_resort::LAST_RESORT;

/// The words in each language, in the order in which they are said. In Wales both, Welsh first.
#[must_use]
pub fn spoken(content: &Content, to: &str) -> Vec<(Language, String)> {
    let service = content.directory.service_texted(to);
    let (english, welsh) = (Language::english(), "cy".parse::<Language>().ok());
    let offered = content.wording.languages(content.offer_unreviewed);
    let welsh = welsh.filter(|welsh| service.nation == Nation::Wales && offered.contains(&welsh));
    let (conversation, key) = (service.default_conversation(), MessageKey::of("voice"));
    let say = |language: Language| {
        let place = content.place_of_nobody(service, &language);
        // A language that lacks the words would have a voice of its own say them in English.
        let has = content.wording.has(conversation, &key, &language);
        let words = has.then(|| content.wording.spoken(&key, &place)).flatten()?;
        Some((language, words))
    };
    let said: Vec<_> = welsh.into_iter().chain([english.clone()]).filter_map(say).collect();
    if said.is_empty() { vec![(english, LAST_RESORT.to_owned())] } else { said }
}
