//! Makes us known to Telegram, in the background: its name for us, its way to us, what the menu offers.
//!
//! Invariant: what fails is tried again, and stops nothing else.

use std::future::Future;
use std::time::Duration;

use crate::channel::SendError;
use crate::channel::telegram::Telegram;
use crate::channel::telegram::register::Menu;
use crate::http::telegram::Notice;

/// The first wait after a failure; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// Does all of it, however long that takes.
pub(super) async fn run(telegram: &Telegram, notice: &Notice) {
    let name = async {
        until_done("getMe", || telegram.learn_name()).await;
        compare(telegram.name(), &notice.bots);
    };
    let way_in = until_done("setWebhook or deleteWebhook", || telegram.choose_way_in(&notice.public_url));
    tokio::join!(name, way_in, offer(telegram, &notice.menus));
}

async fn offer(telegram: &Telegram, menus: &[Menu]) {
    for menu in menus {
        until_done("setMyCommands", || telegram.offer(menu)).await;
    }
}

fn compare(name: &str, bots: &[String]) {
    if bots.iter().any(|bot| bot.eq_ignore_ascii_case(name)) {
        tracing::info!("Telegram knows us as {name}");
    } else {
        tracing::warn!(
            "The token is that of {name}, which no service in services.yaml names under `telegram`; the first service that names a bot takes its messages"
        );
    }
}

async fn until_done<F: Future<Output = Result<(), SendError>>>(what: &str, attempt: impl Fn() -> F) {
    let mut wait = FIRST_WAIT;
    while let Err(error) = attempt().await {
        if wait == FIRST_WAIT {
            tracing::warn!(?error, "{what} failed; trying again");
        }
        let told = match error {
            SendError::Retry { after, .. } => after,
            SendError::GiveUp { .. } | SendError::Unknown | SendError::Stopped { .. } => None,
        };
        tokio::time::sleep(told.unwrap_or(wait)).await;
        wait = wait.saturating_mul(2).min(LONGEST_WAIT);
    }
}
