//! What Telegram has to know of us: where updates go, and what the menu offers.
//!
//! Invariant: updates that wait at Telegram are never dropped.

use serde::Deserialize;
use serde::de::IgnoredAny;
use teloxide::payloads::DeleteWebhook;
use teloxide::payloads::DeleteWebhookSetters;
use teloxide::payloads::GetMe;
use teloxide::payloads::SetMyCommands;
use teloxide::payloads::SetMyCommandsSetters;
use teloxide::payloads::SetWebhook;
use teloxide::payloads::SetWebhookSetters;
use teloxide::types::AllowedUpdate;
use teloxide::types::BotCommand;

use crate::channel::GiveUpReason;
use crate::channel::SendError;
use crate::channel::telegram::Telegram;
use crate::domain::account::BaseUrl;
use crate::domain::account::TelegramMode;

/// The path of our webhook, below the public address.
pub const PATH: &str = "/channels/telegram/webhook";

/// What the menu of the bot offers, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// Two letters; none for the menu of everybody else.
    pub language: Option<String>,
    /// Each command, without its slash, and what it does.
    pub commands: Vec<(String, String)>,
}

/// So much of our bot as we read of it.
#[derive(Deserialize)]
struct Me {
    username: String,
}

/// What may come: everything else is of no use to us, and the list sticks at Telegram until it is changed.
pub(super) fn allowed_updates() -> Vec<AllowedUpdate> {
    vec![
        AllowedUpdate::Message,
        AllowedUpdate::EditedMessage,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::MyChatMember,
    ]
}

impl Telegram {
    /// Asks for the bot's name, and keeps it.
    ///
    /// # Errors
    /// Where Telegram could not be asked, or does not know the token.
    pub async fn learn_name(&self) -> Result<(), SendError> {
        let me: Me = self.call(GetMe::new()).await?;
        // Whoever was quicker has the same name.
        let _ = self.name.set(me.username);
        Ok(())
    }

    /// Says how updates come to us: by the webhook below this address, or by none.
    ///
    /// # Errors
    /// Where Telegram could not be asked, or refuses the address.
    pub async fn choose_way_in(&self, public_url: &BaseUrl) -> Result<(), SendError> {
        let done: Result<IgnoredAny, SendError> = match &self.account.mode {
            TelegramMode::Polling => self.call(DeleteWebhook::new().drop_pending_updates(false)).await,
            TelegramMode::Webhook { secret } => {
                let url = reqwest012::Url::parse(&format!("{public_url}{PATH}"));
                let url = url.map_err(|_| SendError::GiveUp { reason: GiveUpReason::Refused, code: None })?;
                let webhook = SetWebhook::new(url).secret_token(secret.expose());
                self.call(webhook.allowed_updates(allowed_updates()).drop_pending_updates(false)).await
            }
        };
        done.map(|_| ())
    }

    /// Says what the menu offers in one language.
    ///
    /// # Errors
    /// Where Telegram could not be asked, or refuses the menu.
    pub async fn offer(&self, menu: &Menu) -> Result<(), SendError> {
        let commands = menu.commands.iter().map(|(command, does)| BotCommand::new(command, does));
        let offer = SetMyCommands::new(commands);
        let offer = match &menu.language {
            Some(language) => offer.language_code(language),
            None => offer,
        };
        let done: Result<IgnoredAny, SendError> = self.call(offer).await;
        done.map(|_| ())
    }
}
