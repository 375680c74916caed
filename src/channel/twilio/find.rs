//! Finds a text again whose answer was lost, in Twilio's own list.
//!
//! One text is in flight to an address at a time, so what Twilio made for that address since we tried is ours.

use std::time::Duration;

use jiff::fmt::rfc2822;
use twilio_openapi::apis::default_api::list_message;
use twilio_openapi::models::ApiPeriodV2010PeriodAccountPeriodMessage as Listed;
use twilio_openapi::models::MessageEnumDirection;

use crate::channel::Receipt;
use crate::channel::SendError;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::send::outcome;
use crate::domain::message::Outgoing;
use crate::domain::time::Timestamp;

/// Twilio cuts its times to seconds, and no two clocks agree.
pub(super) const CLOCKS_DIFFER_BY: Duration = Duration::from_secs(5);
/// The newest come first, and ours is among the newest.
const PAGE: i32 = 50;

impl Twilio {
    /// The receipt of a text that we tried to send at this time, if Twilio took it.
    pub(in crate::channel) async fn find(
        &self,
        message: &Outgoing,
        tried_at: Timestamp,
    ) -> Result<Option<Receipt>, SendError> {
        // Not by date: a text that still waits in Twilio's queue has no date of sending.
        let (sid, to) = (&self.account.sid, Some(message.to.0.as_str()));
        let list = list_message(&self.api, sid, to, None, None, None, None, Some(PAGE))
            .await
            .map_err(|error| outcome(&error))?;
        let earliest = tried_at.minus(CLOCKS_DIFFER_BY);
        let found = list
            .messages
            .ok_or(SendError::Unknown)?
            .into_iter()
            .filter(|listed| is_ours(listed, message, earliest))
            .find_map(|listed| listed.sid.flatten());
        Ok(found.map(|provider_id| Receipt { provider_id }))
    }
}

fn is_ours(listed: &Listed, message: &Outgoing, earliest: Timestamp) -> bool {
    let created_at = listed
        .date_created
        .as_ref()
        .and_then(Option::as_ref)
        .and_then(|date| rfc2822::parse(date).ok())
        .map(|date| Timestamp::from_jiff(date.timestamp()));
    // Where the account hides the words of texts, time and address must do.
    let body = listed.body.as_ref().and_then(Option::as_deref).unwrap_or_default();
    let says_the_same = body.is_empty() || body.trim() == message.text.0.trim();
    let is_outbound = listed.direction != Some(MessageEnumDirection::Inbound);
    says_the_same && is_outbound && created_at.is_some_and(|created_at| earliest <= created_at)
}
