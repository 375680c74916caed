//! Removes the text of a message from Twilio's records; the record itself stays, without words.

use twilio_openapi::apis::Error;
use twilio_openapi::apis::default_api::update_message;

use crate::channel::SendError;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::send::outcome;

impl Twilio {
    /// Removes the text of a message, sent or received. Doing it twice does no harm.
    pub(in crate::channel) async fn redact(&self, provider_id: &str) -> Result<(), SendError> {
        match update_message(&self.api, &self.account.sid, provider_id, Some(""), None).await {
            Ok(_) => Ok(()),
            // What is not there needs no removing.
            Err(Error::ResponseError(answer)) if answer.status.as_u16() == 404 => Ok(()),
            Err(error) => Err(outcome(&error)),
        }
    }
}
