//! What is looked at of our bot on Telegram.

use std::time::Duration;

use crate::channel::SendError;
use crate::channel::telegram::Telegram;
use crate::channel::telegram::inspect::WayIn;
use crate::channel::telegram::register::PATH;
use crate::cli::doctor::Findings;
use crate::cli::doctor::Setup;
use crate::content::Content;
use crate::conversation::effect::MessageKey;
use crate::directory::service::Service;
use crate::domain::account::TelegramMode;
use crate::domain::message::ChannelKind;
use crate::wording::render::Place;

/// Telegram remembers its last failure for ever; an older one has long been made up for.
const FAILURE_MATTERS_FOR: Duration = Duration::from_secs(3600);
/// More wait only where nobody takes them.
const MANY_WAIT: u64 = 20;
const MESSAGES: &str = "Telegram messages";

/// Looks at our bot, where one is set up.
pub async fn look(setup: &Setup, content: Option<&Content>, findings: &mut Findings) {
    let Some(telegram) = &setup.telegram else { return };
    if let Err(error) = telegram.learn_name().await {
        let remedy = "Look at FOOTBRIDGE_TELEGRAM_TOKEN, and whether this machine reaches api.telegram.org.";
        return findings.problem("Telegram bot", said(&error), remedy);
    }
    findings.ok("Telegram bot", telegram.name());
    if let Some(content) = content {
        service(telegram.name(), content, findings);
        notice(content, findings);
    }
    match telegram.way_in().await {
        Ok(way_in) => messages(setup, telegram, &way_in, findings),
        Err(error) => findings.problem(MESSAGES, said(&error), "Try again in a minute."),
    }
}

fn said(error: &SendError) -> &'static str {
    match error {
        SendError::Retry { .. } => "Telegram cannot be reached, or asks us to wait",
        SendError::GiveUp { .. } => "Telegram refuses to say",
        SendError::Unknown => "Telegram's answer cannot be read",
        SendError::Stopped { .. } => "Telegram does not know this token",
    }
}

fn bots(content: &Content) -> impl Iterator<Item = (&Service, &str)> {
    content.directory.services().iter().filter_map(|service| Some((service, service.telegram.as_deref()?)))
}

/// Messages to a bot that no service names belong to the first service that names one; without any, nothing starts.
fn service(name: &str, content: &Content, findings: &mut Findings) {
    let remedy = format!("Write `telegram: {name}` under its service, in conversations/services.yaml.");
    let check = "Telegram service";
    if bots(content).any(|(_, bot)| bot.eq_ignore_ascii_case(name)) {
        findings.ok(check, "a service names the bot");
    } else if bots(content).next().is_some() {
        let found = "services name other bots: messages go to the first that names one";
        findings.warn(check, found, &remedy);
    } else {
        findings.problem(check, "no service takes messages by Telegram: the server does not start", &remedy);
    }
}

/// Who writes by Telegram has to be told what Telegram keeps.
fn notice(content: &Content, findings: &mut Findings) {
    let languages = content.wording.languages(content.offer_unreviewed);
    let is_silent = |service: &Service, language| {
        let place = Place { channel: ChannelKind::Telegram, ..content.place_of_nobody(service, language) };
        let text = content.wording.text(&MessageKey::of("privacy"), &place);
        text.is_none_or(|text| !text.contains("Telegram"))
    };
    let silent: Vec<String> = languages
        .into_iter()
        .filter(|language| bots(content).any(|(service, _)| is_silent(service, language)))
        .map(ToString::to_string)
        .collect();
    if silent.is_empty() {
        return findings.ok("Telegram notice", "/privacy says what Telegram keeps");
    }
    let remedy = "Say so in `privacy.telegram` and `welcome.telegram` (docs/operators/telegram.md).";
    findings.problem(
        "Telegram notice",
        format!("/privacy is silent on Telegram in {}", silent.join(", ")),
        remedy,
    );
}

/// Whether messages come by the way that is set.
fn messages(setup: &Setup, telegram: &Telegram, way_in: &WayIn, findings: &mut Findings) {
    let (ours, waiting) = (format!("{}{PATH}", setup.base), way_in.waiting);
    let restart =
        "The server sets it when it starts: start it again. If it comes back, another program has the token.";
    match (telegram.mode(), way_in.url.as_str()) {
        (TelegramMode::Polling, "") => findings.ok(MESSAGES, format!("asked for; waiting: {waiting}")),
        (TelegramMode::Polling, _) => {
            findings.problem(MESSAGES, "Telegram posts them to an address, and cannot be asked", restart);
        }
        (TelegramMode::Webhook { .. }, "") => {
            findings.problem(MESSAGES, "Telegram posts them nowhere", restart);
        }
        (TelegramMode::Webhook { .. }, url) if url == ours => {
            findings.ok(MESSAGES, format!("posted to us; waiting: {waiting}"));
        }
        (TelegramMode::Webhook { .. }, _) => {
            findings.problem(MESSAGES, "Telegram posts them to another address", restart);
        }
    }
    if MANY_WAIT < waiting {
        findings.warn(MESSAGES, format!("many wait: {waiting}"), "Look whether the server runs.");
    }
    if let Some((at, what)) = &way_in.failed
        && setup.now.since(*at) < FAILURE_MATTERS_FOR
    {
        let minutes = setup.now.since(*at).as_secs() / 60;
        let found = format!("{minutes} minutes ago Telegram could not post one: {what}");
        findings.warn(
            MESSAGES,
            found,
            "Look at the server's log, the name and the certificate. It tries again.",
        );
    }
}
