//! What Twilio says of our account, its money, and what it does with the texts and calls that come in.
//!
//! Invariant: nothing is changed by asking.

use serde::Deserialize;
use twilio_openapi::apis::default_api::fetch_account;
use twilio_openapi::apis::default_api::fetch_balance;
use twilio_openapi::apis::default_api::list_incoming_phone_number;
use twilio_openapi::models::AccountEnumStatus;

use crate::channel::SendError;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::codes;
use crate::channel::twilio::send::outcome;
use crate::domain::account::TwilioSender;

/// Where a number or a service hands on what comes in; an address that is not set is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handlers {
    /// Texts.
    pub texts: String,
    /// Whether texts are posted.
    pub texts_posted: bool,
    /// Texts, where the first does not answer.
    pub texts_fallback: String,
    /// Calls.
    pub calls: String,
    /// Calls, where the first does not answer.
    pub calls_fallback: String,
}

/// What texts come from, as Twilio knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// A number of this account.
    Number(Handlers),
    /// A Messaging Service that hands texts on as its numbers say.
    ServiceOfNumbers,
    /// A Messaging Service that hands texts on by itself.
    Service(Handlers),
    /// This account has none such.
    Unknown,
}

#[derive(Deserialize)]
struct Service {
    inbound_request_url: Option<String>,
    inbound_method: Option<String>,
    fallback_url: Option<String>,
    use_inbound_webhook_on_number: Option<bool>,
}

impl Twilio {
    /// Whether the account is active; false where it is suspended or closed.
    ///
    /// # Errors
    /// Where Twilio could not be asked.
    pub async fn is_active(&self) -> Result<bool, SendError> {
        let account = fetch_account(&self.api, &self.account.sid).await.map_err(|error| outcome(&error))?;
        Ok(account.status == Some(AccountEnumStatus::Active))
    }

    /// The money that is left, and its currency.
    ///
    /// # Errors
    /// Where Twilio could not be asked, or its answer holds no number.
    pub async fn balance(&self) -> Result<(f64, String), SendError> {
        let balance = fetch_balance(&self.api, &self.account.sid).await.map_err(|error| outcome(&error))?;
        let amount = balance.balance.flatten().and_then(|amount| amount.parse().ok());
        Ok((amount.ok_or(SendError::Unknown)?, balance.currency.flatten().unwrap_or_default()))
    }

    /// What it does with what comes in.
    ///
    /// # Errors
    /// Where Twilio could not be asked.
    pub async fn sending(&self) -> Result<Sending, SendError> {
        match &self.account.sender {
            TwilioSender::Number(number) => self.number(number).await,
            TwilioSender::Service(sid) => self.service(sid).await,
        }
    }

    async fn number(&self, number: &str) -> Result<Sending, SendError> {
        let sid = &self.account.sid;
        let list = list_incoming_phone_number(&self.api, sid, None, None, Some(number), None, None)
            .await
            .map_err(|error| outcome(&error))?;
        let found = list.incoming_phone_numbers.unwrap_or_default().into_iter().next();
        Ok(found.map_or(Sending::Unknown, |found| {
            let method = found.sms_method.flatten().and_then(|method| serde_json::to_value(method).ok());
            Sending::Number(Handlers {
                texts: found.sms_url.flatten().unwrap_or_default(),
                texts_posted: method.is_none_or(|method| method == "POST"),
                texts_fallback: found.sms_fallback_url.flatten().unwrap_or_default(),
                calls: found.voice_url.flatten().unwrap_or_default(),
                calls_fallback: found.voice_fallback_url.flatten().unwrap_or_default(),
            })
        }))
    }

    /// The library knows this part of the API not.
    async fn service(&self, sid: &str) -> Result<Sending, SendError> {
        let url = format!(
            "{}/v1/Services/{sid}",
            self.account.api_url.as_str().replace("://api.", "://messaging.")
        );
        let token = self.account.tokens.first().map(|token| token.expose().to_owned());
        let request = self.api.client.get(url).basic_auth(&self.account.sid, token);
        let answer = request.send().await.map_err(|_| SendError::Retry { after: None, code: None })?;
        let status = answer.status().as_u16();
        if status == 404 {
            return Ok(Sending::Unknown);
        }
        if !answer.status().is_success() {
            return Err(codes::of_answer(status, None));
        }
        let text = answer.text().await.map_err(|_| SendError::Unknown)?;
        let service: Service = serde_json::from_str(&text).map_err(|_| SendError::Unknown)?;
        if service.use_inbound_webhook_on_number == Some(true) {
            return Ok(Sending::ServiceOfNumbers);
        }
        Ok(Sending::Service(Handlers {
            texts: service.inbound_request_url.unwrap_or_default(),
            texts_posted: service.inbound_method.is_none_or(|method| method == "POST"),
            texts_fallback: service.fallback_url.unwrap_or_default(),
            ..Handlers::default()
        }))
    }
}
