//! What Telegram posts.
//!
//! Invariant: nothing is read before the secret was compared, and nothing read is ever logged.

use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::channel::telegram::Telegram;
use crate::channel::telegram::update::Received;
use crate::domain::account::TelegramMode;
use crate::domain::time::Timestamp;

/// The header that repeats the secret of `setWebhook`.
pub const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The webhook does not show the secret that Telegram was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request does not come from Telegram")]
pub struct NotTelegram;

impl Telegram {
    /// Reads a webhook. What Telegram sent and we cannot read is no error: sent back, it would come again for a day, and
    /// hold up all that the same person writes meanwhile.
    ///
    /// # Errors
    /// Where the secret is missing or wrong.
    pub fn receive(
        &self,
        secret: Option<&[u8]>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Received, NotTelegram> {
        let TelegramMode::Webhook { secret: ours } = &self.account.mode else { return Err(NotTelegram) };
        let shown = secret.ok_or(NotTelegram)?;
        if !bool::from(shown.ct_eq(ours.expose().as_bytes())) {
            return Err(NotTelegram);
        }
        let update: Value = serde_json::from_slice(body).unwrap_or_default();
        Ok(self.read(&update, now))
    }
}
