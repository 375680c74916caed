//! What is done for good manners, once what came in is kept: nobody waits for it, and nothing hangs on it.

use serde::de::IgnoredAny;
use teloxide::payloads::AnswerCallbackQuery;
use teloxide::payloads::LeaveChat;
use teloxide::types::CallbackQueryId;
use teloxide::types::ChatId;

use crate::channel::SendError;
use crate::channel::telegram::Telegram;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Courtesy {
    /// Tell the phone that the tap was heard: it shows a clock until then.
    HeardTap(String),
    /// Leave a group or channel: we speak with one person at a time.
    Leave(i64),
}

impl Telegram {
    /// Does it, once. A tap that is too old to be answered, a group that has put us out: all the same.
    pub async fn oblige(&self, courtesy: &Courtesy) {
        let done: Result<IgnoredAny, SendError> = match courtesy {
            Courtesy::HeardTap(id) => self.call(AnswerCallbackQuery::new(CallbackQueryId(id.clone()))).await,
            Courtesy::Leave(chat) => self.call(LeaveChat::new(ChatId(*chat))).await,
        };
        if let Err(error) = done {
            tracing::debug!(%error, "Telegram did not take a courtesy");
        }
    }
}
