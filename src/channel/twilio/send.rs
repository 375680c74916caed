//! Sends one text.
//!
//! Twilio knows no key that would make a second request harmless, so each outcome is one of three: sent, certainly
//! not sent, unknown. Our id in the callback's address finds the text again whose answer was lost.

use serde::Deserialize;
use twilio_openapi::apis::Error;
use twilio_openapi::apis::default_api::create_message;

use crate::channel::GiveUpReason;
use crate::channel::Receipt;
use crate::channel::SendError;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::codes;
use crate::channel::twilio::status;
use crate::domain::account::TwilioSender;
use crate::domain::message::Outgoing;
use crate::domain::mobile::Mobile;

/// The longest that Twilio keeps a text in its queue, in seconds, and what it takes where nothing is said.
const LONGEST_VALIDITY_SECONDS: i32 = 36_000;

impl Twilio {
    /// Sends one text, once, to a UK mobile: others may be read aloud to a household, or cost a fortune.
    pub(in crate::channel) async fn send(&self, message: &Outgoing) -> Result<Receipt, SendError> {
        let to: Mobile = message
            .to
            .0
            .parse()
            .map_err(|_| SendError::GiveUp { reason: GiveUpReason::BadNumber, code: None })?;
        self.create(&to, message).await
    }

    /// Makes the one call, with its two dozen parameters in the order of Twilio's specification.
    async fn create(&self, to: &Mobile, message: &Outgoing) -> Result<Receipt, SendError> {
        let callback = format!("{}{}?o={}", self.public_url, status::PATH, message.id);
        let (from, service) = match &self.account.sender {
            TwilioSender::Number(number) => (Some(number.as_str()), None),
            TwilioSender::Service(service) => (None, Some(service.as_str())),
        };
        let answer = create_message(
            &self.api,
            &self.account.sid,
            to.as_str(),
            Some(&callback),
            None, // ApplicationSid
            None, // MaxPrice
            None, // ProvideFeedback
            None, // Attempt
            Some(validity_seconds(message)),
            None, // ForceDelivery
            None, // ContentRetention
            None, // AddressRetention
            None, // SmartEncoded: our own count of the parts must hold
            None, // PersistentAction
            None, // ShortenUrls
            None, // ScheduleType
            None, // SendAt
            None, // SendAsMms
            None, // ContentSid
            None, // ContentVariables
            from,
            service,
            Some(&message.text.0),
            None, // MediaUrl
        )
        .await
        .map_err(|error| outcome(&error))?;
        // A success without an id is as good as no answer: the text may have been taken.
        let id = answer.sid.flatten().filter(|id| !id.is_empty());
        let provider_id = id.ok_or(SendError::Unknown)?;
        Ok(Receipt { provider_id })
    }
}

fn validity_seconds(message: &Outgoing) -> i32 {
    i32::try_from(message.good_for.as_secs())
        .unwrap_or(LONGEST_VALIDITY_SECONDS)
        .clamp(1, LONGEST_VALIDITY_SECONDS)
}

/// What a failed call means for the message.
pub(super) fn outcome<T>(error: &Error<T>) -> SendError {
    match error {
        Error::Reqwest(cause) if cause.is_builder() || cause.is_connect() => {
            SendError::Retry { after: None, code: None }
        }
        // The request may have been read: a timeout, a closed connection, a body cut off, an answer that is no JSON.
        Error::Reqwest(_) | Error::Serde(_) | Error::Io(_) => SendError::Unknown,
        Error::ResponseError(answer) => codes::of_answer(answer.status.as_u16(), code(&answer.content)),
    }
}

/// The code in Twilio's answer. The rest of the answer may repeat the number, and is not looked at.
fn code(content: &str) -> Option<u32> {
    #[derive(Deserialize)]
    struct Problem {
        code: Option<u32>,
    }
    serde_json::from_str(content).ok().and_then(|problem: Problem| problem.code)
}
