//! What Telegram says of the way by which messages come to us.
//!
//! Invariant: nothing is changed by asking.

use serde::Deserialize;
use teloxide::payloads::GetWebhookInfo;

use crate::channel::SendError;
use crate::channel::telegram::Telegram;
use crate::domain::time::Timestamp;

/// Where Telegram posts what comes in, and how well that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayIn {
    /// The address; empty where Telegram waits to be asked.
    pub url: String,
    /// How many updates wait.
    pub waiting: u64,
    /// When it last failed, and what Telegram says of it.
    pub failed: Option<(Timestamp, String)>,
}

/// So much of the answer as we read of it.
#[derive(Deserialize)]
struct WebhookInfo {
    url: String,
    pending_update_count: u64,
    last_error_date: Option<i64>,
    last_error_message: Option<String>,
}

impl Telegram {
    /// Where it posts what comes in.
    ///
    /// # Errors
    /// Where Telegram could not be asked, or does not know the token.
    pub async fn way_in(&self) -> Result<WayIn, SendError> {
        let info: WebhookInfo = self.call(GetWebhookInfo::new()).await?;
        let failed = info.last_error_date.map(|seconds| {
            let at = Timestamp::from_micros(seconds.max(0).saturating_mul(1_000_000));
            (at, info.last_error_message.unwrap_or_default())
        });
        Ok(WayIn { url: info.url, waiting: info.pending_update_count, failed })
    }
}
