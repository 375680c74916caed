//! Claiming texts and sending them.
//!
//! Invariant: whoever is told to stop begins no further attempt, and nobody begins one while sending is held.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::channel::SendError;
use crate::domain::message::ChannelKind;
use crate::domain::message::Outgoing;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::outbox::LEASE;
use crate::outbox::MOST_CLAIMED;
use crate::outbox::Outbox;
use crate::outbox::STORE_AWAY;
use crate::outbox::StoreWatch;
use crate::outbox::judge::Doors;
use crate::outbox::judge::Verdict;
use crate::outbox::judge::judge;
use crate::store::error::StoreError;
use crate::store::leased::LeasedText;
use crate::store::sending::TextEnd;
use crate::store::tx::Tx;

/// Calls under way at once. A provider that hangs holds each for fifteen seconds; the others must not wait for it.
const MOST_IN_FLIGHT: usize = 128;
/// Longer than a provider's whole call; what is not done by then is in doubt, and is looked for after the next start.
const LONGEST_GOODBYE: Duration = Duration::from_secs(20);
/// How long a text that never grows stale may wait at the provider.
const GOOD_FOR_EVER: Duration = Duration::from_secs(24 * 3600);

/// What a claim has taken.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// How many texts were claimed.
    pub(super) count: usize,
    /// Those whose attempt has begun.
    pub(super) to_send: Vec<LeasedText>,
    /// Earlier claims that these are of, in part.
    resumed: Vec<Uuid>,
    /// Channels of texts that nobody can send.
    missed: BTreeSet<ChannelKind>,
}

impl Outbox {
    /// Sends whatever is due, until it is told to stop.
    pub(super) async fn keep_sending(self: Arc<Self>, stop: &CancellationToken) {
        let mut store = StoreWatch::default();
        let mut under_way = JoinSet::new();
        while !stop.is_cancelled() {
            while let Some(ended) = under_way.try_join_next() {
                note_end(&ended);
            }
            let places =
                u16::try_from(MOST_IN_FLIGHT.saturating_sub(under_way.len())).unwrap_or(MOST_CLAIMED);
            let claim = self.claim(places.min(MOST_CLAIMED)).await;
            let away = claim.is_err();
            let claim = store.note(claim).unwrap_or_default();
            self.note_missed(&claim);
            for text in claim.to_send {
                let outbox = Arc::clone(&self);
                under_way.spawn(async move { outbox.send(text).await });
            }
            if 0 < claim.count {
                continue;
            }
            let pause = if away { STORE_AWAY } else { self.until_next().await };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                Some(ended) = under_way.join_next() => note_end(&ended),
                () = tokio::time::sleep(pause) => {}
            }
        }
        let goodbye = async { while under_way.join_next().await.is_some() {} };
        if tokio::time::timeout(LONGEST_GOODBYE, goodbye).await.is_err() {
            tracing::warn!("Stopped while texts were being sent; they are looked for after the next start");
        }
    }

    /// The time until the next text falls due, at most a poll.
    async fn until_next(&self) -> Duration {
        let poll = self.poll();
        let Ok(mut reader) = self.store.read().await else {
            return poll;
        };
        match reader.next_text_due().await {
            // What is due and was not claimed waits for something else.
            Ok(Some(at)) if self.clock.now() < at => at.since(self.clock.now()).min(poll),
            Ok(Some(_) | None) | Err(_) => poll,
        }
    }

    /// Takes what is due, at most so many, and begins the attempts of those that may leave. A claim whose answer is
    /// lost may have been committed all the same: the next one asks for its texts, or they would count as tried.
    pub(super) async fn claim(&self, limit: u16) -> Result<Claim, StoreError> {
        if limit == 0 {
            return Ok(Claim::default());
        }
        let now = self.clock.now();
        let token = Uuid::from_bytes(self.randomness.bytes());
        let plan = Arc::new(Plan { token, unheard: self.unheard(now), limit, doors: self.doors(now), now });
        let claim = self.store.write(move |tx| {
            let plan = Arc::clone(&plan);
            async move { take(tx, &plan).await }.boxed()
        });
        let claim = claim.await;
        let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
        match &claim {
            Ok(claim) => unheard.retain(|(token, _)| !claim.resumed.contains(token)),
            Err(_) => unheard.push((token, now)),
        }
        claim
    }

    /// The claims of which we never learned whether they were committed, as long as their leases may last.
    fn unheard(&self, now: Timestamp) -> Vec<Uuid> {
        let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
        unheard.retain(|(_, made_at)| now < made_at.plus(LEASE));
        unheard.iter().map(|(token, _)| *token).collect()
    }

    /// Says once of each channel that it has texts and no sender.
    pub(super) fn note_missed(&self, claim: &Claim) {
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        for channel in &claim.missed {
            if missed.insert(*channel) {
                let channel = channel.as_str();
                tracing::error!(channel, "There are texts for a channel that is not set up; they wait");
            }
        }
    }

    /// Sends one text, and marks what became of it.
    pub(super) async fn send(&self, text: LeasedText) {
        let now = self.clock.now();
        let outcome = match self.senders.get(&text.channel) {
            Some(sender) if is_ours(&text, now) => sender.send(&outgoing(&text, now)).await,
            // Nobody took it, for certain.
            Some(_) | None => Err(SendError::Retry { after: None, code: None }),
        };
        self.mark(&text, outcome).await;
        // The next text to the same address may leave now.
        self.wake.notify_one();
    }
}

/// What a claim goes by.
struct Plan {
    token: Uuid,
    unheard: Vec<Uuid>,
    limit: u16,
    doors: Doors,
    now: Timestamp,
}

async fn take(tx: &mut Tx, plan: &Plan) -> Result<Claim, StoreError> {
    let mut claim = Claim::default();
    if tx.sending_held().await?.is_some() {
        return Ok(claim);
    }
    for token in &plan.unheard {
        let texts = tx.resume_claim(*token, plan.now, LEASE).await?;
        if !texts.is_empty() {
            claim.resumed.push(*token);
            claim.to_send.extend(texts);
        }
    }
    let texts = tx.claim_texts(plan.token, plan.limit, plan.now, LEASE).await?;
    claim.count = claim.to_send.len() + texts.len();
    for text in texts {
        take_one(tx, plan, text, &mut claim).await?;
    }
    Ok(claim)
}

async fn take_one(tx: &mut Tx, plan: &Plan, text: LeasedText, claim: &mut Claim) -> Result<(), StoreError> {
    match judge(&text, &plan.doors) {
        Verdict::Send => {
            if tx.begin_attempt(text.lease).await? {
                claim.to_send.push(text);
            }
        }
        Verdict::Wait(until) => {
            tx.retry_text(text.lease, until).await?;
            if !plan.doors.senders.contains(&text.channel) {
                claim.missed.insert(text.channel);
            }
        }
        Verdict::Cancel => {
            tx.end_text(text.lease, TextEnd::Cancelled).await?;
        }
        Verdict::OptedOut => {
            tx.end_text(text.lease, TextEnd::GaveUp { code: "opted-out" }).await?;
            // An automatic answer is no loss to somebody who has stopped; what a human wrote or promised is.
            if text.purpose != Purpose::Answer {
                tx.call_human(text.lease.id, text.person, plan.now).await?;
            }
        }
    }
    Ok(())
}

/// Whether the lease still holds. A machine that was asleep must not send what another has taken back meanwhile.
fn is_ours(text: &LeasedText, now: Timestamp) -> bool {
    text.leased_at.is_none_or(|leased_at| now < leased_at.plus(LEASE))
}

/// The text as a channel takes it.
pub(super) fn outgoing(text: &LeasedText, now: Timestamp) -> Outgoing {
    Outgoing {
        id: text.lease.id,
        channel: text.channel,
        to: text.handle.clone(),
        text: text.body.text.clone(),
        buttons: text.body.buttons.clone(),
        purpose: text.purpose,
        good_for: text.expires_at.map_or(GOOD_FOR_EVER, |expires_at| expires_at.since(now)),
    }
}

fn note_end(ended: &Result<(), tokio::task::JoinError>) {
    if ended.is_err() {
        // Its lease runs out, and then it is looked for.
        tracing::error!("The sending of a text broke off");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeMap;

    use tokio::sync::Notify;

    use crate::channel::Sender;
    use crate::channel::simulator::Simulator;
    use crate::clock::Clock;
    use crate::domain::message::Handle;
    use crate::domain::message::Words;
    use crate::store::Store;
    use crate::store::outbox::Author;
    use crate::store::outbox::Body;
    use crate::store::outbox::NewText;
    use crate::store::randomness::Randomness;

    const JOAN: &str = "+447700900123";

    async fn write_to_joan(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
        let address = tx.find_or_open_address(ChannelKind::Sms, &Handle(JOAN.to_owned()), now).await?;
        let text = NewText {
            address: address.id,
            person: None,
            session: None,
            referral: None,
            author: Author::Bot,
            purpose: Purpose::Answer,
            message_keys: "welcome".to_owned(),
            body: Body { text: Words("hello".to_owned()), buttons: Vec::new() },
            parts: 1,
            due_at: now,
        };
        tx.append_text(&text, now).await.map(|_| ())
    }

    #[tokio::test]
    async fn a_machine_that_slept_past_its_lease_does_not_send_what_another_may_have_sent() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new_in(folder.path()).await;
        let (phones, clock) = (Simulator::new(), Clock::settable(Timestamp::from_micros(0)));
        let senders = BTreeMap::from([(ChannelKind::Sms, Sender::Simulator(phones.clone()))]);
        let outbox = Outbox::new(
            store.clone(),
            clock.clone(),
            senders,
            Arc::new(Notify::new()),
            Randomness::seeded(2),
        );
        store.write(|tx| write_to_joan(tx, Timestamp::from_micros(0)).boxed()).await.unwrap();
        let [text] = outbox.claim(1).await.unwrap().to_send.try_into().unwrap();
        clock.advance(LEASE);
        outbox.send(text).await;
        assert!(phones.messages(&Handle(JOAN.to_owned())).is_empty());
        // It was certainly not sent, so that nobody has to ask for it, and it leaves at the next try.
        clock.advance(Duration::from_secs(2));
        outbox.run_once().await.unwrap();
        assert_eq!(phones.messages(&Handle(JOAN.to_owned())).len(), 1);
    }
}
