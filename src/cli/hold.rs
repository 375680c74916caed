//! Holding all sending at the terminal, and letting texts leave again.
//!
//! Invariant: whoever was answered before a restore is answered a second time only where an operator says so.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context;
use futures_util::FutureExt;

use crate::channel::twilio::Twilio;
use crate::cli::DoesNotHold;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::ids::OutboxId;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::store::hold::GapAnswer;
use crate::store::outbox::Author;

/// Lets no text leave.
pub async fn hold_sending(store: &Store) -> anyhow::Result<()> {
    let now = Clock::System.now();
    let hold = store.write(move |tx| {
        async move {
            tx.hold_sending(now).await?;
            tx.audit(Author::System, "hold-sending-at-the-terminal", "house", "sending", now).await
        }
        .boxed()
    });
    hold.await?;
    println!("No text leaves any more, not even a safety reply. `footbridge admin resume-sending` ends it.");
    Ok(())
}

/// Lets texts leave again; answers to texts of before a restore only where Twilio, asked by these settings, shows no
/// other.
pub async fn resume_sending(store: &Store, ask: Option<&Config>) -> anyhow::Result<()> {
    let now = Clock::System.now();
    let mut reader = store.read().await?;
    let Some(hold) = reader.sending_held().await? else {
        return Err(DoesNotHold("sending is not held".to_owned()).into());
    };
    let answers = reader.answers_of_the_gap(hold.since).await?;
    drop(reader);
    let given = match ask {
        Some(config) => given_before(config, &answers, hold.since).await?,
        None => BTreeSet::new(),
    };
    let twice: Arc<[GapAnswer]> = answers.into_iter().filter(|answer| given.contains(&answer.id)).collect();
    let ends = Arc::clone(&twice);
    let resume = store.write(move |tx| {
        let ends = Arc::clone(&ends);
        async move {
            for answer in ends.iter() {
                tx.end_answer_of_the_gap(answer, now).await?;
            }
            tx.resume_sending().await?;
            tx.audit(Author::System, "resume-sending-at-the-terminal", "house", "sending", now).await
        }
        .boxed()
    });
    resume.await?;
    let held = store.read().await?.held(now).await?;
    if !twice.is_empty() {
        println!(
            "Answers that do not leave: {}. Twilio's list shows that these people were answered before the restore.",
            twice.len()
        );
    }
    println!("Texts leave again: {} now.", held.fresh);
    println!("People who wait for a human in the inbox: {}.", held.to_call);
    Ok(())
}

/// The answers that people have had already, from whoever answered before the restore.
async fn given_before(
    config: &Config,
    answers: &[GapAnswer],
    restored_at: Timestamp,
) -> anyhow::Result<BTreeSet<OutboxId>> {
    let mut given = BTreeSet::new();
    let Some(account) = config.twilio.clone().filter(|_| !answers.is_empty()) else { return Ok(given) };
    let twilio = Twilio::new(account, config.public_url(config.listen)?)?;
    for answer in answers {
        let asked = twilio.has_texted(&answer.to, answer.asked_at, restored_at).await;
        let remedy =
            "Twilio's list could not be had, and nothing leaves yet: try again, or add --without-asking";
        if asked
            .map_err(|_| DoesNotHold(remedy.to_owned()))
            .context("who was answered before the restore?")?
        {
            given.insert(answer.id);
        }
    }
    Ok(given)
}
