//! Wires Telegram.

use std::sync::Arc;

use anyhow::Context;

use crate::channel::telegram::Telegram;
use crate::channel::telegram::register::Menu;
use crate::config::Config;
use crate::content::Content;
use crate::domain::account::BaseUrl;
use crate::domain::language::Language;
use crate::http::telegram::Notice;

/// Our bot, where one is set up.
///
/// # Errors
/// Where no service has agreed to be written to by Telegram, or TLS is not to be had.
pub fn bot(config: &Config, content: &Content) -> anyhow::Result<Option<Arc<Telegram>>> {
    let Some(account) = &config.telegram else { return Ok(None) };
    anyhow::ensure!(
        !bots(content).is_empty(),
        "FOOTBRIDGE_TELEGRAM_TOKEN is set, but no service in services.yaml takes messages by Telegram: write the bot's name under `telegram` of the service that does, or take the token away"
    );
    let telegram = Telegram::new(account.clone()).context("could not set Telegram up")?;
    Ok(Some(Arc::new(telegram)))
}

/// What Telegram has to know of us.
#[must_use]
pub fn notice(content: &Content, public_url: BaseUrl) -> Notice {
    let mut menus = Vec::new();
    for menu in content.menus() {
        if menu.language == Language::english() {
            menus.push(Menu { language: None, commands: menu.commands.clone() });
        }
        // Telegram knows languages by two letters.
        if let Some(letters) = menu.language.as_str().split('-').next().filter(|letters| letters.len() == 2) {
            menus.push(Menu { language: Some(letters.to_owned()), commands: menu.commands });
        }
    }
    Notice { public_url, menus, bots: bots(content) }
}

fn bots(content: &Content) -> Vec<String> {
    content.directory.services().iter().filter_map(|service| service.telegram.clone()).collect()
}
