//! Services and their practices, as `services.yaml` names them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::str::FromStr;

use crate::directory::duty::Duty;
use crate::directory::hours::Opening;
use crate::directory::hours::QuietHours;
use crate::directory::number::Diallable;
use crate::domain::ids::ConversationId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::ServiceId;
use crate::domain::nation::Nation;
use crate::domain::postcode::Postcode;
use crate::reading::item::Item;

/// A team with a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// What people call it.
    pub name: String,
    /// The phone number that people ring, as it is shown.
    pub phone: String,
    /// Its nation.
    pub nation: Nation,
    /// Our numbers that are texted to reach it.
    pub numbers: Vec<TextedNumber>,
    /// Its Telegram bot, without `@`.
    pub telegram: Option<String>,
    /// The conversations that it offers; the first is the default. Never empty.
    pub conversations: Vec<ConversationId>,
    /// When somebody works there.
    pub open: Opening,
    /// When people are not texted unasked; at no time where the file does not say.
    pub quiet: Option<QuietHours>,
    /// Within how many working days somebody replies.
    pub reply_within: u8,
    /// After how many working days without anything done a case that somebody has is marked; never where the file does not say.
    pub no_action_after: Option<u8>,
    /// For how many years cases are kept after they have ended; for ever where the file does not say.
    pub keep_ended: Option<u8>,
    /// Who is told of a concern; nobody where the file does not say.
    pub duty: Option<Duty>,
    /// The practices that it works for.
    pub practices: Vec<Practice>,
    /// The outward halves of the postcodes of its area.
    pub area: Vec<String>,
}

/// A GP practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    /// Its id.
    pub id: PracticeId,
    /// Its name.
    pub name: String,
    /// What else people call it.
    pub other_names: Vec<String>,
    /// Where it is.
    pub postcode: Option<Postcode>,
    /// Its nation, where it is another than the service's.
    pub nation: Option<Nation>,
}

/// A number of ours that people text: `+` and digits, or a short code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextedNumber(String);

/// The text is no number that can be texted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a number that can be texted: write it with + and the country, such as \"+447700900101\", or as a short code"
)]
pub struct NotATextedNumber;

impl TextedNumber {
    /// The number as the provider writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TextedNumber {
    type Err = NotATextedNumber;

    fn from_str(text: &str) -> Result<Self, NotATextedNumber> {
        // E.164 allows fifteen digits; the short codes of the UK have five or six.
        let (digits, allowed) = match text.strip_prefix('+') {
            Some(digits) => (digits, 8..=15),
            None => (text, 5..=6),
        };
        let right = allowed.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if right { Ok(Self(text.to_owned())) } else { Err(NotATextedNumber) }
    }
}

impl Service {
    /// The conversation that begins when somebody texts.
    #[must_use]
    pub fn default_conversation(&self) -> &ConversationId {
        // Reading refuses a service without a conversation.
        &self.conversations[0]
    }

    /// Whether this number or bot of ours is the service's.
    #[must_use]
    pub fn is_texted_at(&self, to: &str) -> bool {
        let bot = to.trim_start_matches('@');
        self.numbers.iter().any(|number| number.as_str() == to)
            || self.telegram.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(bot))
    }
}

impl Practice {
    /// Its name and whatever else people call it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.other_names).map(String::as_str)
    }
}

/// An outward half of a postcode, such as `BN1`.
struct Outward(String);

/// The text is no outward half of a postcode.
#[derive(Debug, thiserror::Error)]
#[error("not the first half of a postcode: write it in capitals, such as BN1")]
struct NotAnOutward;

impl FromStr for Outward {
    type Err = NotAnOutward;

    fn from_str(text: &str) -> Result<Self, NotAnOutward> {
        // Any inward half makes a whole postcode of a right outward half.
        let whole: Result<Postcode, _> = format!("{text}1AA").parse();
        let right = whole.is_ok_and(|postcode| postcode.outward() == text);
        if right { Ok(Self(text.to_owned())) } else { Err(NotAnOutward) }
    }
}

/// Reads `services.yaml`.
pub(super) fn read_all(item: Item<'_>) -> Option<Vec<Service>> {
    let rows = item.map(&["services"])?.require("services")?;
    let mut seen = Seen::default();
    let services = rows.each(|row| read(row, &mut seen))?;
    if services.is_empty() {
        rows.error("no-service", "there is no service", "Add at least one: it takes all texts.");
        return None;
    }
    Some(services)
}

/// What may stand only once in the whole file.
#[derive(Default)]
struct Seen {
    once: BTreeSet<(&'static str, String)>,
    /// The names of practices, as letters and digits, each with the practice and the line.
    names: BTreeMap<String, (String, usize)>,
}

impl Seen {
    fn once(&mut self, what: &'static str, item: Option<Item<'_>>) {
        let Some((item, text)) = item.and_then(|item| Some((item, item.string()?))) else {
            return;
        };
        if !self.once.insert((what, text.to_lowercase())) {
            let message = format!("another {what} is called `{text}` too");
            item.error("duplicate-name", &message, "Give each its own.");
        }
    }

    /// Notes a name that another practice has too: a text with it names neither.
    fn name(&mut self, practice: &str, item: Item<'_>) {
        let Some(text) = item.string() else { return };
        let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        match self.names.get(&plain) {
            Some((other, line)) if other != practice => {
                let message = format!("`{text}` is a name of `{other}` too, on line {line}");
                let remedy =
                    "Keep it at one of the two, or at neither: whoever texts it has then named no practice.";
                item.warn("two-meanings", &message, remedy);
            }
            Some(_) => {}
            None => {
                self.names.insert(plain, (practice.to_owned(), item.place().line));
            }
        }
    }
}

const SERVICE_KEYS: [&str; 15] = [
    "id",
    "name",
    "phone",
    "nation",
    "numbers",
    "telegram",
    "conversations",
    "open",
    "quiet hours",
    "reply within",
    "no action after",
    "ended cases kept for",
    "duty",
    "area",
    "practices",
];

fn read(item: Item<'_>, seen: &mut Seen) -> Option<Service> {
    let map = item.map(&SERVICE_KEYS)?;
    let id = map.require("id");
    seen.once("service", id);
    let numbers = map.find("numbers");
    for number in numbers.and_then(Item::list).unwrap_or_default() {
        seen.once("number", Some(number));
    }
    let telegram = map.find("telegram");
    seen.once("bot", telegram);
    let id = id.and_then(Item::parsed);
    let name = map.require("name").and_then(Item::string);
    let phone = map.require("phone").and_then(Item::parsed).map(|Diallable(phone)| phone);
    let nation = map.require("nation").and_then(Item::parsed);
    let conversations = map.require("conversations").and_then(conversations);
    let open = map.require("open").and_then(Opening::read);
    let quiet = map.find("quiet hours").map(|hours| QuietHours::read(hours).map(Some));
    let reply_within = map.require("reply within").and_then(working_days);
    let no_action_after = map.find("no action after").map(working_days);
    let keep_ended = map.find("ended cases kept for").map(years);
    let duty = duty(item, map.find("duty"));
    let practices = map.find("practices").and_then(|rows| rows.each(|row| practice(row, seen)));
    let area = map.find("area").and_then(Item::parsed_list::<Outward>).unwrap_or_default();
    Some(Service {
        id: id?,
        name: name?,
        phone: phone?,
        nation: nation?,
        numbers: numbers.and_then(Item::parsed_list).unwrap_or_default(),
        telegram: telegram.and_then(Item::string).map(|bot| bot.trim_start_matches('@').to_owned()),
        conversations: conversations?,
        open: open?,
        quiet: quiet.unwrap_or(Some(None))?,
        reply_within: reply_within?,
        no_action_after: no_action_after.map_or(Some(None), |days| days.map(Some))?,
        keep_ended: keep_ended.unwrap_or(Some(None))?,
        duty: duty?,
        practices: practices.unwrap_or_default(),
        area: area.into_iter().map(|Outward(outward)| outward).collect(),
    })
}

/// A service may go without, and then its concerns wait for somebody who looks at the inbox.
fn duty(service: Item<'_>, item: Option<Item<'_>>) -> Option<Option<Duty>> {
    match item {
        Some(item) => Duty::read(item).map(Some),
        None => {
            service.warn(
                "no-duty",
                "nobody is told when a text raises a concern",
                "Write `duty:` with its `steps:`, who is told after how long; docs/format.md shows one.",
            );
            Some(None)
        }
    }
}

fn conversations(item: Item<'_>) -> Option<Vec<ConversationId>> {
    let conversations: Vec<ConversationId> = item.parsed_list()?;
    if conversations.is_empty() {
        item.error(
            "no-conversation",
            "no conversation is offered",
            "Name at least one: the first is the default.",
        );
        return None;
    }
    Some(conversations)
}

/// The most working days that a promise may take, or a case may rest: four weeks are no promise any more.
const LONGEST_PROMISE: u8 = 20;

fn working_days(item: Item<'_>) -> Option<u8> {
    let text = item.text()?;
    let number = text.strip_suffix(" working days").or_else(|| text.strip_suffix(" working day"));
    let days =
        number.and_then(|number| number.parse().ok()).filter(|days| (1..=LONGEST_PROMISE).contains(days));
    if days.is_none() {
        let remedy = format!("Write `2 working days`, from 1 to {LONGEST_PROMISE}.");
        item.error("wrong-value", &format!("`{text}` is no number of working days"), &remedy);
    }
    days
}

/// A year is the least: somebody may come back, or complain. A lifetime is the most that anybody can mean.
fn years(item: Item<'_>) -> Option<Option<u8>> {
    let text = item.text()?;
    let number = text.strip_suffix(" years").or_else(|| text.strip_suffix(" year"));
    let years = number.and_then(|number| number.parse().ok()).filter(|years| (1..=100).contains(years));
    if years.is_none() {
        let message = format!("`{text}` is no number of years");
        item.error("wrong-value", &message, "Write `8 years`, from 1 to 100.");
    }
    years.map(Some)
}

fn practice(item: Item<'_>, seen: &mut Seen) -> Option<Practice> {
    let map = item.map(&["id", "name", "other names", "postcode", "nation"])?;
    let id = map.require("id");
    seen.once("practice", id);
    let id: Option<PracticeId> = id.and_then(Item::parsed);
    if let Some(id) = &id {
        let others = map.find("other names").and_then(Item::list).unwrap_or_default();
        map.find("name").into_iter().chain(others).for_each(|name| seen.name(id.as_str(), name));
    }
    let name = map.require("name").and_then(Item::string);
    let other_names = map.find("other names").and_then(|names| names.each(Item::string));
    let postcode = map.find("postcode").and_then(Item::parsed);
    let nation = map.find("nation").and_then(Item::parsed);
    Some(Practice { id: id?, name: name?, other_names: other_names.unwrap_or_default(), postcode, nation })
}
