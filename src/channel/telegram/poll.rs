//! Asks Telegram for what came in, where no webhook can reach us.

use serde_json::Value;
use teloxide::payloads::GetUpdates;
use teloxide::payloads::GetUpdatesSetters;

use crate::channel::SendError;
use crate::channel::telegram::POLL_TIMEOUT;
use crate::channel::telegram::Telegram;
use crate::channel::telegram::call;
use crate::channel::telegram::register::allowed_updates;

/// How long Telegram holds a request while nothing comes in.
pub const HELD_FOR_SECONDS: u32 = 10;

/// How a request for updates is asked, beside what may come.
const MOST_UPDATES: u8 = 50;

/// The number by which the next request says what it has: one more than this update's.
#[must_use]
pub fn after(update: &Value) -> Option<i32> {
    let id = update.get("update_id")?.as_i64()?;
    i32::try_from(id.checked_add(1)?).ok()
}

impl Telegram {
    /// The next updates as they came. With an offset, Telegram forgets all updates below it: commit them before.
    ///
    /// They are not read here: one that teloxide cannot read would hide all others that came with it.
    ///
    /// # Errors
    /// Where Telegram could not be asked, or somebody else asks.
    pub async fn updates(&self, offset: Option<i32>) -> Result<Vec<Value>, SendError> {
        let request = GetUpdates::new()
            .timeout(HELD_FOR_SECONDS)
            .limit(MOST_UPDATES)
            .allowed_updates(allowed_updates());
        let request = match offset {
            Some(offset) => request.offset(offset),
            None => request,
        };
        call(&self.poller, request, POLL_TIMEOUT).await
    }
}
