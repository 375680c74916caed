//! Lists the texts that Twilio has received for us, so that none is missed whose webhook did not get through.
//!
//! Invariant: a text from the list is the same `Inbound` as its webhook would have made, but for the time of sending.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;

use jiff::fmt::rfc2822;
use twilio_openapi::apis::default_api::list_message;
use twilio_openapi::models::ApiPeriodV2010PeriodAccountPeriodMessage as Listed;
use twilio_openapi::models::ListMessageResponse;
use twilio_openapi::models::MessageEnumDirection;

use crate::channel::SendError;
use crate::channel::door;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::find::CLOCKS_DIFFER_BY;
use crate::channel::twilio::send::outcome;
use crate::channel::twilio::webhook::bare_word;
use crate::channel::twilio::webhook::media_kind;
use crate::domain::account::OptOutMode;
use crate::domain::account::TwilioSender;
use crate::domain::message::ChannelKind;
use crate::domain::message::Content;
use crate::domain::message::Handle;
use crate::domain::message::Inbound;
use crate::domain::time::Timestamp;

/// The most that Twilio gives at once.
const PAGE: i32 = 1_000;
/// Twilio cuts times to seconds: what was sent in the same second as the last of a page may stand on the next.
const A_SECOND: Duration = Duration::from_secs(1);
/// A hundred thousand texts: far more than anybody gets in a week.
const MOST_PAGES: usize = 100;

/// A number of ours, or a service of ours with its numbers, at Twilio.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// The number, or the id of the service.
    pub name: String,
    /// Texts to these are ours.
    numbers: BTreeSet<String>,
}

/// What Twilio has received for a line.
#[derive(Debug, Default)]
pub struct Received {
    /// The texts, the oldest first.
    pub texts: Vec<Inbound>,
    /// The ids of those whose words are not there any more.
    pub empty: BTreeSet<String>,
    /// Whether these are all.
    pub whole: bool,
}

impl Twilio {
    /// Our lines; `numbers` are those under which our services can be texted.
    #[must_use]
    pub fn lines(&self, numbers: BTreeSet<String>) -> Vec<Line> {
        match &self.account.sender {
            TwilioSender::Number(own) => {
                let all = BTreeSet::from([own.clone()]).into_iter().chain(numbers).collect::<BTreeSet<_>>();
                let line = |name: String| Line { numbers: BTreeSet::from([name.clone()]), name };
                all.into_iter().map(line).collect()
            }
            TwilioSender::Service(id) => vec![Line { name: id.clone(), numbers }],
        }
    }

    /// The texts to this line since then.
    ///
    /// # Errors
    /// Where Twilio could not be asked, or did not answer in a way that we understand.
    pub async fn received(
        &self,
        line: &Line,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Received, SendError> {
        let since = since.minus(CLOCKS_DIFFER_BY);
        let (listed, whole) = self.list(line, since).await?;
        let mut received = Received { whole, ..Received::default() };
        for (id, listed) in listed {
            let Some(sent_at) = sent_at(&listed).filter(|sent_at| since <= *sent_at) else { continue };
            if !is_to(&listed, line) {
                continue;
            }
            match self.inbound(&id, &listed, sent_at, now) {
                Some(text) => received.texts.push(text),
                None => {
                    received.empty.insert(id);
                }
            }
        }
        received.texts.sort_by_key(|text| text.sent_at);
        Ok(received)
    }

    /// Everything on Twilio's list since then, the oldest last page first, and whether it is all. The newest come first,
    /// and the crate knows no second page, so each further look ends where the one before did.
    async fn list(&self, line: &Line, since: Timestamp) -> Result<(Vec<(String, Listed)>, bool), SendError> {
        let (mut known, mut all) = (BTreeMap::new(), Vec::new());
        let mut until = None;
        for _ in 0..MOST_PAGES {
            let page = self.page(line, since, until).await?;
            let more = page.next_page_uri.as_ref().is_some_and(|uri| !uri.is_empty());
            let messages = page.messages.ok_or(SendError::Unknown)?;
            let is_full = more || i32::try_from(messages.len()).is_ok_and(|count| PAGE <= count);
            let before = known.len();
            for listed in messages {
                // To the second, so the text at the edge comes twice.
                let oldest = sent_at(&listed).into_iter().chain(until).min();
                until = oldest;
                let Some(id) = listed.sid.clone().flatten() else { continue };
                if known.insert(id.clone(), ()).is_none() {
                    all.push((id, listed));
                }
            }
            if !is_full || known.len() == before {
                all.reverse();
                return Ok((all, !is_full));
            }
        }
        all.reverse();
        Ok((all, false))
    }

    async fn page(
        &self,
        line: &Line,
        since: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<ListMessageResponse, SendError> {
        let to = matches!(self.account.sender, TwilioSender::Number(_)).then_some(line.name.as_str());
        let until = until.map(|until| whole_seconds(until.plus(A_SECOND)));
        let sid = &self.account.sid;
        list_message(&self.api, sid, to, None, None, until, Some(whole_seconds(since)), Some(PAGE))
            .await
            .map_err(|error| outcome(&error))
    }

    /// None where its words were removed: an empty text is nothing that anybody sent.
    fn inbound(&self, id: &str, listed: &Listed, sent_at: Timestamp, now: Timestamp) -> Option<Inbound> {
        let text = |field: &Option<Option<String>>| field.clone().flatten().unwrap_or_default();
        let (from, body) = (door::clean(&text(&listed.from)), text(&listed.body));
        let has_media = text(&listed.num_media).parse().is_ok_and(|count: u32| 0 < count);
        let content = if has_media {
            // The list does not say what kind it is.
            Content::Media { kind: media_kind("").to_owned(), caption: door::words(&body) }
        } else if body.trim().is_empty() {
            return None;
        } else {
            // Advanced Opt-Out tells its words to the webhook only: those that everybody has must do.
            let is_provider = self.account.opt_out != OptOutMode::Footbridge;
            let word = bare_word(&body.trim().to_ascii_uppercase()).filter(|_| is_provider);
            Content::Text { body: door::words(&body), network: word }
        };
        Some(Inbound {
            channel: ChannelKind::Sms,
            provider_id: id.to_owned(),
            from: Handle(from),
            to: door::clean(&text(&listed.to)),
            content,
            sent_at: Some(sent_at),
            received_at: now,
        })
    }
}

/// Whether a person sent this to us.
fn is_to(listed: &Listed, line: &Line) -> bool {
    let to = listed.to.as_ref().and_then(Option::as_deref).unwrap_or_default();
    let service = listed.messaging_service_sid.as_ref().and_then(Option::as_deref);
    let from = listed.from.as_ref().and_then(Option::as_deref).unwrap_or_default();
    let is_ours = line.numbers.contains(to) || service == Some(line.name.as_str());
    listed.direction == Some(MessageEnumDirection::Inbound) && is_ours && !from.trim().is_empty()
}

fn sent_at(listed: &Listed) -> Option<Timestamp> {
    let date = |field: &Option<Option<String>>| {
        let parsed = rfc2822::parse(field.as_ref()?.as_deref()?).ok()?;
        Some(Timestamp::from_jiff(parsed.timestamp()))
    };
    date(&listed.date_sent).or_else(|| date(&listed.date_created))
}

/// As Twilio takes it: `2026-11-21T09:00:00Z`.
fn whole_seconds(point: Timestamp) -> String {
    Timestamp::from_micros(point.as_micros() / 1_000_000 * 1_000_000).to_string()
}
