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
use crate::domain::message::Handle;
use crate::domain::message::Outgoing;
use crate::domain::time::Timestamp;

/// Twilio cuts its times to seconds, and no two clocks agree.
pub(super) const CLOCKS_DIFFER_BY: Duration = Duration::from_secs(5);
/// The newest come first, and ours is among the newest.
const PAGE: i32 = 50;

impl Twilio {
    /// The receipts of the texts that may be the one that we tried to send at this time: to the same number, in the same
    /// words, not made before, the newest first. None where Twilio did not take it. The same words may have gone to that
    /// number moments earlier, so whoever asks leaves out what is known to be another text.
    pub(in crate::channel) async fn find(
        &self,
        message: &Outgoing,
        tried_at: Timestamp,
    ) -> Result<Vec<Receipt>, SendError> {
        let listed = self.texts_to(&message.to).await?;
        let earliest = tried_at.minus(CLOCKS_DIFFER_BY);
        let found = listed.into_iter().filter(|listed| is_ours(listed, message, earliest));
        Ok(found
            .filter_map(|listed| listed.sid.flatten())
            .map(|provider_id| Receipt { provider_id })
            .collect())
    }

    /// Whether any text of ours was made for this number in that time.
    ///
    /// # Errors
    /// Where Twilio could not be asked.
    pub async fn has_texted(
        &self,
        to: &Handle,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<bool, SendError> {
        let listed = self.texts_to(to).await?;
        let (from, until) = (from.minus(CLOCKS_DIFFER_BY), until.plus(CLOCKS_DIFFER_BY));
        let in_time = |listed: &Listed| created_at(listed).is_some_and(|at| from <= at && at < until);
        Ok(listed.iter().any(|listed| is_outbound(listed) && in_time(listed)))
    }

    /// The newest texts to this number.
    async fn texts_to(&self, to: &Handle) -> Result<Vec<Listed>, SendError> {
        // Not by date: a text that still waits in Twilio's queue has no date of sending.
        let list =
            list_message(&self.api, &self.account.sid, Some(&to.0), None, None, None, None, Some(PAGE))
                .await
                .map_err(|error| outcome(&error))?;
        list.messages.ok_or(SendError::Unknown)
    }
}

fn is_outbound(listed: &Listed) -> bool {
    listed.direction != Some(MessageEnumDirection::Inbound)
}

fn created_at(listed: &Listed) -> Option<Timestamp> {
    let date = rfc2822::parse(listed.date_created.as_ref()?.as_deref()?).ok()?;
    Some(Timestamp::from_jiff(date.timestamp()))
}

fn is_ours(listed: &Listed, message: &Outgoing, earliest: Timestamp) -> bool {
    // Where the account hides the words of texts, time and address must do.
    let body = listed.body.as_ref().and_then(Option::as_deref).unwrap_or_default();
    let says_the_same = body.is_empty() || body.trim() == message.text.0.trim();
    says_the_same && is_outbound(listed) && created_at(listed).is_some_and(|at| earliest <= at)
}
