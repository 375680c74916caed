//! What is looked at from outside: the clock, the public address, and our account with Twilio.

use std::time::Duration;

use crate::app::fitness;
use crate::channel::SendError;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::inspect::Handlers;
use crate::channel::twilio::inspect::Sending;
use crate::cli::doctor::Findings;
use crate::cli::doctor::Setup;
use crate::clock::Clock;
use crate::content::Content;
use crate::domain::account::OptOutMode;
use crate::domain::account::TwilioAccount;
use crate::domain::account::TwilioSender;
use crate::store::Store;

/// Codes of a second factor last half a minute.
const CLOCK_MAY_DIFFER: Duration = Duration::from_secs(15);
/// Under this texts stop within days.
const LITTLE_MONEY: f64 = 20.0;

const CONSOLE: &str = "Set it in Twilio's console, at the number (docs/operators/twilio.md, 3).";

/// Compares our clock with Twilio's: texts carry times, codes and leases depend on them.
pub async fn clock(setup: &Setup, findings: &mut Findings) {
    let Some(account) = &setup.config.twilio else { return };
    let path = format!("/2010-04-01/Accounts/{}.json", account.sid);
    // Even a refusal says what time it is.
    let date = setup.web.get(&account.api_url, &path).await.ok().and_then(|answer| answer.date);
    let Some(date) = date else {
        return findings.warn(
            "clock",
            "Twilio did not say the time",
            "Look whether this machine reaches the internet.",
        );
    };
    // Asked now: what was looked at before may have taken a while.
    let now = Clock::System.now();
    let differs = now.since(date).max(date.since(now));
    let seconds = differs.as_secs();
    if differs < CLOCK_MAY_DIFFER {
        findings.ok("clock", format!("{seconds} seconds from Twilio's"));
    } else {
        findings.problem(
            "clock",
            format!("{seconds} seconds from Twilio's"),
            "Let the system set it: `timedatectl set-ntp true`.",
        );
    }
}

/// Asks our own server by the address that the world uses.
pub async fn public_url(setup: &Setup, store: Option<&Store>, findings: &mut Findings) {
    let (base, check) = (&setup.base, "public address");
    if base.is_loopback() {
        findings.warn(
            check,
            "it is for this machine only",
            "Set FOOTBRIDGE_PUBLIC_URL to the https address of your proxy.",
        );
    }
    let nonce: [u8; 16] = setup.randomness.bytes();
    let nonce: String = nonce.iter().map(|byte| format!("{byte:02x}")).collect();
    let remedy = "Start the server; look at the name, the proxy and the certificate.";
    let answer = match setup.web.get(base, &format!("/healthz?nonce={nonce}")).await {
        Ok(answer) => answer,
        Err(error) => return findings.problem(check, error.to_string(), remedy),
    };
    let proof = store.map(|store| store.proof(&format!("healthz {nonce}")));
    match (answer.status, proof) {
        (200, Some(proof)) if answer.body.contains(&proof) => {
            findings.ok(check, "this very installation answers, as seen from this machine");
        }
        (200, _) if answer.body.starts_with("alive") => {
            let remedy = "Look where the name and the proxy lead: the server there has another secret key.";
            findings.problem(check, "another Footbridge answers", remedy);
        }
        (status, _) => {
            findings.problem(check, format!("something else answers, with status {status}"), remedy);
        }
    }
}

/// Looks at our account with Twilio.
pub async fn twilio(setup: &Setup, content: Option<&Content>, findings: &mut Findings) {
    let (Some(twilio), Some(account)) = (&setup.twilio, &setup.config.twilio) else {
        let other = setup.config.telegram.is_some();
        let remedy = "Set FOOTBRIDGE_TWILIO_ACCOUNT_SID, _AUTH_TOKEN and _FROM.";
        if other {
            let found =
                "not set up: colleagues are told of a concern by text message only, so that nobody is told";
            findings.problem("text messages", found, remedy);
        } else {
            findings.problem("text messages", "no channel is set up: nobody can write", remedy);
        }
        return;
    };
    match twilio.is_active().await {
        Ok(true) => findings.ok("Twilio account", "active"),
        Ok(false) => {
            findings.problem("Twilio account", "suspended or closed", "Pay, then ask Twilio's support.");
        }
        Err(error) => {
            findings.problem("Twilio account", said(&error), "Look at the SID, the token and the region.");
            // Everything else would say the same.
            return;
        }
    }
    money(twilio, findings).await;
    sender(setup, twilio, account, findings).await;
    number(account, content, findings);
    opt_out(account, findings);
}

fn said(error: &SendError) -> &'static str {
    match error {
        SendError::Retry { .. } => "Twilio cannot be reached, or asks us to wait",
        SendError::GiveUp { .. } => "Twilio refuses to say",
        SendError::Unknown => "Twilio's answer cannot be read",
        SendError::Stopped { .. } => "Twilio does not know these credentials",
    }
}

async fn money(twilio: &Twilio, findings: &mut Findings) {
    let remedy = "Top up, and keep auto-recharge on.";
    match twilio.balance().await {
        Ok((amount, currency)) if amount <= 0.0 => {
            findings.problem("Twilio balance", format!("{amount:.2} {currency}: no text leaves"), remedy);
        }
        Ok((amount, currency)) if amount < LITTLE_MONEY => {
            findings.warn("Twilio balance", format!("{amount:.2} {currency}"), remedy);
        }
        Ok((amount, currency)) => findings.ok("Twilio balance", format!("{amount:.2} {currency}")),
        Err(error) => findings.warn("Twilio balance", said(&error), "Look at it in Twilio's console."),
    }
}

async fn sender(setup: &Setup, twilio: &Twilio, account: &TwilioAccount, findings: &mut Findings) {
    let numbers = "the service hands texts on as its numbers say: each is set by itself";
    match twilio.sending().await {
        Ok(Sending::Number(handlers)) => {
            texts(setup, &handlers, findings);
            let url = format!("{}/channels/twilio/voice", setup.base);
            handler("calls", &handlers.calls, &url, findings);
            fallback(setup, "calls, fallback", &handlers.calls_fallback, findings);
        }
        Ok(Sending::Service(handlers)) => {
            texts(setup, &handlers, findings);
            findings.warn("calls", "set at each number, not at the service", CONSOLE);
        }
        Ok(Sending::ServiceOfNumbers) => findings.warn("texts", numbers, CONSOLE),
        Ok(Sending::Unknown) => {
            let what = match account.sender {
                TwilioSender::Number(_) => "the number is not this account's",
                TwilioSender::Service(_) => "the Messaging Service is not this account's",
            };
            findings.problem(
                "texts",
                what,
                "Look at FOOTBRIDGE_TWILIO_FROM or _MESSAGING_SERVICE_SID, and the region.",
            );
        }
        Err(error) => findings.problem("texts", said(&error), "Try again; look at Twilio's status page."),
    }
}

fn texts(setup: &Setup, handlers: &Handlers, findings: &mut Findings) {
    let url = format!("{}/channels/twilio/inbound", setup.base);
    handler("texts", &handlers.texts, &url, findings);
    if !handlers.texts_posted {
        findings.problem("texts", "they do not come by POST", CONSOLE);
    }
    fallback(setup, "texts, fallback", &handlers.texts_fallback, findings);
}

/// Twilio hands on to us, and tries again where it does not reach us.
fn handler(check: &'static str, set: &str, right: &str, findings: &mut Findings) {
    let (address, tries) = set.split_once('#').unwrap_or((set, ""));
    if address != right {
        let found = if set.is_empty() { "no address is set" } else { "another address is set" };
        findings.problem(check, found, &format!("Set `{right}#rc=3&rp=ct,rt,5xx` in Twilio's console."));
    } else if tries.contains("rc=") {
        findings.ok(check, "they come here, and are tried again");
    } else {
        let remedy =
            format!("Set `{right}#rc=3&rp=ct,rt,5xx`: Twilio then tries again while the server is away.");
        findings.warn(check, "they come here, and are tried once", &remedy);
    }
}

/// What speaks while our server is down must not stand on our server.
fn fallback(setup: &Setup, check: &'static str, set: &str, findings: &mut Findings) {
    if set.is_empty() {
        findings.problem(check, "nothing answers while the server is down", CONSOLE);
    } else if set.starts_with(setup.base.as_str()) {
        findings.problem(check, "it stands on this server, and is down when it is", "Make it a TwiML Bin.");
    } else {
        findings.ok(check, "set, elsewhere");
    }
}

/// A text to a number that no service names belongs to the first service.
fn number(account: &TwilioAccount, content: Option<&Content>, findings: &mut Findings) {
    let Some(content) = content else { return };
    match fitness::unnamed(&account.sender, &content.directory) {
        None => findings.ok("number", "a service names it"),
        Some(found) => findings.warn("number", found, fitness::NAME_IT),
    }
}

fn opt_out(account: &TwilioAccount, findings: &mut Findings) {
    let check = "STOP and HELP";
    match (account.opt_out, &account.sender) {
        (OptOutMode::Twilio, TwilioSender::Number(_)) => {
            findings.ok(check, "Twilio answers them, Footbridge follows");
        }
        (OptOutMode::Twilio, TwilioSender::Service(_)) => {
            let remedy = "Where the service has Advanced Opt-Out, set FOOTBRIDGE_TWILIO_OPT_OUT=advanced.";
            findings.warn(check, "Twilio answers them, as for a plain number", remedy);
        }
        (OptOutMode::Advanced, TwilioSender::Service(_)) => {
            findings.ok(check, "Advanced Opt-Out answers them, Footbridge follows");
        }
        (OptOutMode::Advanced, TwilioSender::Number(_)) => {
            let remedy = "Set FOOTBRIDGE_TWILIO_OPT_OUT=twilio, or send by a Messaging Service.";
            findings.problem(check, "a plain number has no Advanced Opt-Out: nobody would see STOP", remedy);
        }
        (OptOutMode::Footbridge, _) => {
            let remedy = "Have it in writing from Twilio's support that its own handling is off, or people get two answers.";
            findings.warn(check, "Footbridge answers them itself", remedy);
        }
    }
}
