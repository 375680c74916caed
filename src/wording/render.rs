//! From what the engine wants said to the text that is sent.

use std::collections::BTreeMap;

use fluent::FluentArgs;
use jiff::civil::Date;

use crate::conversation::effect::MessageKey;
use crate::conversation::effect::Saying;
use crate::conversation::effect::Shown;
use crate::conversation::effect::Utterance;
use crate::directory::Directory;
use crate::directory::service::Service;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::Reference;
use crate::domain::ids::RevisionId;
use crate::domain::language::Language;
use crate::domain::message::Button;
use crate::domain::message::ChannelKind;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::nation::Nation;
use crate::domain::time::Timestamp;
use crate::wording::Wording;
use crate::wording::button;
use crate::wording::days::Calendar;
use crate::wording::last_resort::LAST_RESORT;
use crate::wording::sms;

/// The attribute of a message that is said on Telegram in its place.
const ON_TELEGRAM: &str = "telegram";

/// What the variables begin with that hold the number of a choice: `$number-text`.
pub const NUMBER_OF: &str = "number-";

/// Where and to whom something is said.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Whose messages are looked up first.
    pub conversation: &'a ConversationId,
    /// The revision that buttons carry.
    pub revision: &'a RevisionId,
    /// The language of the person's texts.
    pub language: &'a Language,
    /// The channel.
    pub channel: ChannelKind,
    /// Where helplines and practices are looked up.
    pub directory: &'a Directory,
    /// The service that speaks.
    pub service: &'a Service,
    /// The person's nation; `None` where it is unknown.
    pub nation: Option<Nation>,
    /// What is known of the person's referral.
    pub facts: Facts<'a>,
    /// Whether languages that no speaker has reviewed are offered.
    pub offer_unreviewed: bool,
    /// When it is said: buttons carry it.
    pub now: Timestamp,
}

/// What is known of a person's referral. A message that needs what is not known is not said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// What the person quotes when they ring.
    pub reference: Option<&'a Reference>,
    /// The day by which somebody gets in touch.
    pub promised: Option<Date>,
    /// The day on which the person's words are erased.
    pub erased: Option<Date>,
    /// Whether somebody has signed on for duty at the service: opening hours alone watch nothing.
    pub watched: bool,
}

/// A text as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// What it says.
    pub text: Words,
    /// How many parts it has; one on channels that do not count.
    pub parts: usize,
    /// How a text message is encoded; `None` on channels that do not care.
    pub encoding: Option<sms::Encoding>,
    /// The buttons under it, on channels that have them.
    pub buttons: Vec<Button>,
}

impl Wording {
    /// The text of an utterance. Never fails: what a language lacks is said in English; what cannot be said at all is
    /// left out; and where that leaves nothing, or leaves a safety reply with a gap, the last resort is said.
    #[must_use]
    pub fn render(&self, utterance: &Utterance, place: &Place<'_>) -> Rendered {
        self.render_or_copy(utterance, place, None)
    }

    /// The same, where a message that today's wording lacks in every language is said as in the copy that was kept
    /// with the revision (see [`Wording::of_copy`]).
    #[must_use]
    pub fn render_or_copy(&self, utterance: &Utterance, place: &Place<'_>, copy: Option<&Self>) -> Rendered {
        let speaker = Speaker::new(self, copy, place);
        let mut buttons = Vec::new();
        let blocks: Vec<Option<String>> =
            utterance.sayings.iter().map(|saying| speaker.block(saying, &mut buttons)).collect();
        let gap = blocks.iter().any(Option::is_none);
        let said: Vec<String> = blocks.into_iter().flatten().collect();
        let lost = said.is_empty() || (gap && utterance.purpose == Purpose::Safety);
        match place.channel {
            ChannelKind::Sms => {
                let text = sms::fold(&if lost { with_last_resort(said, "\n") } else { said.join("\n") });
                let sms::Count { parts, encoding } = sms::count(&text);
                Rendered { text: Words(text), parts, encoding: Some(encoding), buttons: Vec::new() }
            }
            ChannelKind::Telegram => {
                let text = if lost { with_last_resort(said, "\n\n") } else { said.join("\n\n") };
                Rendered { text: Words(text), parts: 1, encoding: None, buttons }
            }
        }
    }

    /// The words of one message alone, such as a label in a page; `None` where no language has it.
    #[must_use]
    pub fn text(&self, key: &MessageKey, place: &Place<'_>) -> Option<String> {
        Speaker::new(self, None, place).text(key)
    }

    /// The words of one message as a voice says them, each digit of a number by itself; `None` where no language has it.
    #[must_use]
    pub fn spoken(&self, key: &MessageKey, place: &Place<'_>) -> Option<String> {
        let mut speaker = Speaker::new(self, None, place);
        speaker
            .arguments
            .values_mut()
            .filter(|value| is_number(value))
            .for_each(|value| *value = digits(value));
        speaker.text(key)
    }

    /// A day as people of this language read it: `Thursday 26 November`. In figures where the language lacks names.
    #[must_use]
    pub fn day(&self, day: Date, language: &Language) -> String {
        self.calendar(language).map_or_else(|| day.to_string(), |calendar| calendar.day(day))
    }

    fn calendar(&self, language: &Language) -> Option<Calendar<'_>> {
        let english = Language::english();
        let of = |language| {
            let general = self.locales.get(language)?.files.get("general")?;
            Calendar::read(&general.parts.get("weekdays")?.plain, &general.parts.get("months")?.plain)
        };
        of(language).or_else(|| of(&english))
    }

    fn arguments(&self, place: &Place<'_>) -> BTreeMap<String, String> {
        let calendar = self.calendar(place.language);
        let day = |day: Date| self.day(day, place.language);
        let hours = calendar.map(|calendar| calendar.hours(&place.service.open));
        let offered = self.languages(place.offer_unreviewed).into_iter().enumerate();
        let languages: Vec<String> = offered
            .filter_map(|(index, language)| Some(format!("{} {}", index + 1, self.about(language)?.name)))
            .collect();
        let helplines = place.directory.helplines(place.nation);
        let mut arguments: BTreeMap<String, String> =
            helplines.into_iter().map(|(id, helpline)| (id.to_string(), helpline.number.clone())).collect();
        let known = [
            ("service", Some(place.service.name.clone())),
            ("phone", Some(place.service.phone.clone())),
            ("hours", hours),
            ("reference", place.facts.reference.map(ToString::to_string)),
            ("promised", place.facts.promised.map(day)),
            ("erased", place.facts.erased.map(day)),
            ("languages", Some(languages.join("\n"))),
        ];
        arguments.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        arguments
    }
}

/// The variable that holds the number of a choice in the list under its question.
fn number_of(choice: &ChoiceId) -> String {
    format!("{NUMBER_OF}{choice}")
}

fn is_number(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || b" +-()".contains(&byte))
}

/// `01632 960101` → `0 1 6 3 2, 9 6 0 1 0 1`: a voice would make thousands of it, and pauses at the comma.
fn digits(number: &str) -> String {
    let groups = number.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    let apart = groups.map(|group| group.chars().map(String::from).collect::<Vec<_>>().join(" "));
    apart.collect::<Vec<_>>().join(", ")
}

fn with_last_resort(mut said: Vec<String>, between: &str) -> String {
    said.push(LAST_RESORT.to_owned());
    said.join(between)
}

/// Says messages to one person.
struct Speaker<'a> {
    wording: &'a Wording,
    copy: Option<&'a Wording>,
    place: &'a Place<'a>,
    arguments: BTreeMap<String, String>,
}

impl<'a> Speaker<'a> {
    fn new(wording: &'a Wording, copy: Option<&'a Wording>, place: &'a Place<'a>) -> Self {
        let mut speaker = Self { wording, copy, place, arguments: wording.arguments(place) };
        let watching = if place.facts.watched { "watched-now" } else { "watched-later" };
        if let Some(words) = speaker.text(&MessageKey::of(watching)) {
            speaker.arguments.insert("watching".to_owned(), words);
        }
        speaker
    }

    /// A message with the lines that belong under it; `None` where it cannot be said.
    fn block(&self, saying: &Saying, buttons: &mut Vec<Button>) -> Option<String> {
        let mut lines = vec![self.text_with(self.key_of(saying), &self.own_arguments(saying))?];
        for (index, read_back) in saying.lines.iter().enumerate() {
            let label = self.text(&read_back.label).unwrap_or_default();
            lines.push(format!("{} {label}: {}", index + 1, self.isolated(&self.shown(&read_back.shown))));
        }
        for (index, offered) in saying.choices.iter().enumerate() {
            // Without a label its name still tells more than a bare number.
            let label = self.text(&offered.label).unwrap_or_else(|| offered.choice.to_string());
            let Place { revision, now, .. } = *self.place;
            let data = button::data(&saying.key.message, revision, now, &offered.choice);
            match (self.place.channel, data) {
                // What a button takes one tap for.
                (ChannelKind::Telegram, Some(data)) if !saying.several => {
                    buttons.push(Button { label, data });
                }
                (ChannelKind::Telegram | ChannelKind::Sms, _) => lines.push(format!("{} {label}", index + 1)),
            }
        }
        Some(lines.join("\n"))
    }

    /// What only this message knows: what it guesses, and the number that each of its choices has in this text.
    fn own_arguments(&self, saying: &Saying) -> BTreeMap<String, String> {
        let numbered = saying.choices.iter().enumerate();
        let numbers = numbered.map(|(index, offered)| (number_of(&offered.choice), (index + 1).to_string()));
        let guess = saying.guess.as_ref().map(|guess| ("guess".to_owned(), self.shown(guess)));
        numbers.chain(guess).collect()
    }

    /// The message, or the one that serves where the person's language has no such message.
    fn key_of<'s>(&self, saying: &'s Saying) -> &'s MessageKey {
        let place = self.place;
        match &saying.otherwise {
            Some(otherwise) if !self.wording.has(place.conversation, &saying.key, place.language) => {
                otherwise
            }
            Some(_) | None => &saying.key,
        }
    }

    /// A message in the person's language, else in English, else as the copy has it.
    fn text(&self, key: &MessageKey) -> Option<String> {
        self.text_with(key, &BTreeMap::new())
    }

    /// The same, with variables that only this message has.
    fn text_with(&self, key: &MessageKey, own: &BTreeMap<String, String>) -> Option<String> {
        let mut arguments = FluentArgs::new();
        for (name, value) in self.arguments.iter().chain(own) {
            arguments.set(name.as_str(), self.isolated(value));
        }
        let english = Language::english();
        let place = self.place;
        let channel = match place.channel {
            ChannelKind::Sms => None,
            ChannelKind::Telegram => Some(ON_TELEGRAM),
        };
        let variants: Vec<&str> = channel.into_iter().chain(place.nation.map(Nation::as_str)).collect();
        std::iter::once(self.wording)
            .chain(self.copy)
            .flat_map(|wording| [place.language, &english].map(|language| wording.locales.get(language)))
            .flatten()
            .find_map(|locale| locale.format(place.conversation, key, &variants, &arguments))
    }

    fn shown(&self, shown: &Shown) -> String {
        let text = |key: &MessageKey| self.text(key);
        let not_shown = || text(&MessageKey::of("not-shown")).unwrap_or_default();
        match shown {
            Shown::Labels(keys) => keys.iter().filter_map(text).collect::<Vec<_>>().join(", "),
            Shown::Practice(id) => {
                let practice = self.place.directory.practice(id);
                practice.map_or_else(not_shown, |(_, practice)| practice.name.clone())
            }
            Shown::Plain(plain) => plain.clone(),
            Shown::NotShown => not_shown(),
        }
    }

    /// On Telegram, a value inside text from right to left is kept in one piece; text messages would pay for the marks.
    fn isolated(&self, value: &str) -> String {
        match self.place.channel {
            ChannelKind::Telegram if self.place.language.is_right_to_left() => {
                format!("\u{2068}{value}\u{2069}")
            }
            ChannelKind::Sms | ChannelKind::Telegram => value.to_owned(),
        }
    }
}
