//! A real text, by the whole way: our outbox, the running server, Twilio, the phone, and Twilio's report back.

use std::time::Duration;

use futures_util::FutureExt;

use crate::cli::doctor::Findings;
use crate::cli::doctor::Setup;
use crate::clock::Clock;
use crate::content::Content;
use crate::conversation::effect::MessageKey;
use crate::domain::ids::OutboxId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::mobile::Mobile;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::health::TextFate;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::outbox::NewText;

/// A phone that is on gets a text within seconds; networks that report do so within a minute.
const LONGEST_WAIT: Duration = Duration::from_secs(90);
/// A server that runs sends within two seconds.
const SENT_WITHIN: Duration = Duration::from_secs(15);
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);
const CHECK: &str = "test text";

/// Sends it, and waits for what becomes of it.
pub async fn send(setup: &Setup, store: &Store, content: &Content, to: &Mobile, findings: &mut Findings) {
    let came = match append(setup, store, content, to).await {
        Ok(id) => wait(store, id).await,
        Err(error) => Err(error),
    };
    match came {
        Ok((fate, after)) => say(&fate, after, findings),
        Err(error) => findings.problem(CHECK, error.to_string(), "Look whether the database runs."),
    }
}

async fn append(
    setup: &Setup,
    store: &Store,
    content: &Content,
    to: &Mobile,
) -> Result<OutboxId, StoreError> {
    let (now, handle, words) = (setup.now, Handle(to.as_str().to_owned()), words(content));
    store
        .write(move |tx| {
            let (handle, words) = (handle.clone(), words.clone());
            async move {
                let address = tx.find_or_open_address(ChannelKind::Sms, &handle, now).await?;
                let text = NewText {
                    address: address.id,
                    person: None,
                    session: None,
                    referral: None,
                    author: Author::System,
                    purpose: Purpose::Alert,
                    message_keys: "test-text".to_owned(),
                    body: Body { text: Words(words), buttons: Vec::new() },
                    parts: 1,
                    due_at: now,
                };
                tx.append_text(&text, now).await
            }
            .boxed()
        })
        .await
}

fn words(content: &Content) -> String {
    let (service, language) = (&content.directory.services()[0], Language::english());
    let place = content.place_of_nobody(service, &language);
    content.wording.text(&MessageKey::of("test-text"), &place).unwrap_or_default()
}

/// Where the text stands once nothing more is to be expected, and after how long.
async fn wait(store: &Store, id: OutboxId) -> Result<(TextFate, Duration), StoreError> {
    let began = Clock::System.now();
    loop {
        let fate = store.read().await?.text_fate(id).await?;
        let after = Clock::System.now().since(began);
        let settled = matches!(fate.delivery.as_deref(), Some("delivered" | "undelivered"))
            || matches!(fate.state.as_str(), "gave-up" | "expired" | "cancelled");
        let unsent = fate.state == "ready" && SENT_WITHIN < after;
        if unsent {
            // Nobody wants it when a server starts next week.
            store.write(move |tx| tx.take_back(id).boxed()).await?;
        }
        if settled || unsent || LONGEST_WAIT < after {
            return Ok((fate, after));
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

fn say(fate: &TextFate, after: Duration, findings: &mut Findings) {
    let seconds = after.as_secs();
    let code = fate.error_code.as_deref().unwrap_or("none");
    match (fate.state.as_str(), fate.delivery.as_deref()) {
        (_, Some("delivered")) => {
            findings.ok(CHECK, format!("it arrived, and was reported, within {seconds} seconds"));
        }
        (_, Some("undelivered")) | ("gave-up", _) => {
            findings.problem(
                CHECK,
                format!("it did not arrive (code {code})"),
                "docs/operators/twilio.md, 6, explains the codes.",
            );
        }
        ("ready", _) if 0 < fate.attempts => {
            let remedy = "Look whether this machine reaches TWILIO_API_URL (network, name service, firewall), and whether Twilio is up (status.twilio.com); the log of the server says more.";
            findings.problem(
                CHECK,
                "the server tried, and could not reach Twilio; it was taken back",
                remedy,
            );
        }
        ("ready", _) => {
            let remedy = "Look whether the server runs on this database, whether sending is held, and what its log says of Twilio: the server sends, not this command.";
            findings.problem(CHECK, "no server has sent it; it was taken back", remedy);
        }
        ("sent", _) => {
            let found = format!("it left; no report came within {seconds} seconds");
            let remedy = "If it is on the phone, the network reports nothing; else look whether reports reach the public address.";
            findings.warn(CHECK, found, remedy);
        }
        (state, _) => findings.warn(
            CHECK,
            format!("nobody knows what became of it ({state})"),
            "Look into the log of the server.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_waits_says_whether_no_server_runs_or_twilio_is_not_reached() {
        let said = |attempts| {
            let fate = TextFate { state: "ready".to_owned(), delivery: None, error_code: None, attempts };
            let mut findings = Findings::default();
            say(&fate, SENT_WITHIN, &mut findings);
            let finding = &findings.checks[0];
            format!("{}. {}", finding.found, finding.remedy)
        };
        assert!(said(0).starts_with("no server has sent it"), "{}", said(0));
        assert!(said(2).contains("could not reach Twilio") && said(2).contains("firewall"), "{}", said(2));
    }
}
