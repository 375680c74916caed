//! What link workers write to people: sent at once, or kept until its time and judged again then.
//!
//! A text that waits is sent only where nothing has happened that its sender did not know: else it is held back, with the
//! reason, and the case stands among those that need somebody.
//!
//! Invariant: nothing is sent unseen after the person wrote, and what is sent leaves its row in the same transaction.

use std::error::Error;

use futures_util::FutureExt;

use crate::domain::ids::LaterTextId;
use crate::domain::ids::StaffId;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::referral::WhyNotSent;
use crate::domain::time::Timestamp;
use crate::intake::House;
use crate::store::error::StoreError;
use crate::store::later_text::LaterText;
use crate::store::later_text::Reply;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::outbox::NewText;
use crate::store::referral::Referral;
use crate::store::tx::Reader;
use crate::store::tx::Tx;
use crate::wording::sms;

/// In one round: the rest follows in the next, a second later.
const MOST_AT_ONCE: u16 = 32;

/// Puts what a link worker wrote into the outbox. A human is speaking now: the bot is silent.
///
/// # Errors
/// `TooLate` where no text reaches the person any more, or where the store fails.
pub async fn send(
    tx: &mut Tx,
    referral: &Referral,
    staff: StaffId,
    reply: &Reply,
    now: Timestamp,
) -> Result<(), StoreError> {
    let address = tx.texted_at(referral.person).await?.ok_or(StoreError::TooLate)?;
    // Kept with whoever writes from there, so that it goes with them where two people are taken apart again.
    let person = tx.who_writes_from(address.id, referral.person).await?;
    tx.set_hold(referral.person, true).await?;
    tx.cancel_waiting_safety(referral.person, now).await?;
    tx.cancel_scheduled(address.id).await?;
    let new = NewText {
        address: address.id,
        person: Some(person),
        session: None,
        referral: Some(referral.id),
        author: Author::Staff(staff),
        purpose: Purpose::LinkWorker,
        message_keys: String::new(),
        body: Body { text: reply.text.clone(), buttons: Vec::new() },
        parts: u16::try_from(sms::count(&reply.text.0).parts).unwrap_or(u16::MAX),
        due_at: now,
    };
    tx.append_text(&new, now).await?;
    if reply.reason.0.is_empty() {
        return Ok(());
    }
    let because = format!("Texted although the phone may not be safe, because: {}", reply.reason.0);
    tx.add_note(referral, staff, &Words(because), now).await.map(|_| ())
}

/// Why a text that waits may not leave as things stand; nothing where it may.
///
/// # Errors
/// Where the store fails.
pub async fn why_not(
    reader: &mut Reader,
    text: &LaterText,
    referral: &Referral,
    now: Timestamp,
) -> Result<Option<WhyNotSent>, StoreError> {
    let (person, seen_at) = (referral.person, text.waiting.seen_at);
    let Some(reply) = &text.reply else { return Ok(Some(WhyNotSent::Broken)) };
    if referral.closed_at.is_some_and(|closed_at| text.written_at <= closed_at) {
        return Ok(Some(WhyNotSent::Ended));
    }
    if reader.texted_at(person).await?.is_none() {
        let stopped = reader.addresses_of(person).await?.iter().any(|address| address.opted_out);
        return Ok(Some(if stopped { WhyNotSent::Stopped } else { WhyNotSent::Unreachable }));
    }
    if reply.reason.0.is_empty() && reader.whole_person(person).await?.texts_unsafe {
        return Ok(Some(WhyNotSent::Unsafe));
    }
    if reader.heard_last(person).await?.is_some_and(|heard_at| seen_at < heard_at) {
        return Ok(Some(WhyNotSent::Wrote));
    }
    let concerns = reader.concerns_of(person).await?;
    if concerns.iter().any(|one| one.acknowledged.is_none() && seen_at < one.raised_at) {
        return Ok(Some(WhyNotSent::Concern));
    }
    let is_late =
        Purpose::LinkWorker.good_for().is_some_and(|length| text.waiting.due_at.plus(length) <= now);
    Ok(is_late.then_some(WhyNotSent::Late))
}

/// Sends what is due, and holds back what must not be sent. Says how many were sent.
///
/// # Errors
/// Where the store is away: it stays due.
pub async fn round(house: &House) -> Result<usize, StoreError> {
    let now = house.clock.now();
    let waiting = house.store.read().await?.later_texts_to_judge(now, MOST_AT_ONCE).await?;
    let mut sent = 0;
    for id in waiting {
        match house.store.write(move |tx| take(tx, id, now).boxed()).await {
            Ok(left) => sent += usize::from(left),
            Err(error @ (StoreError::Away(_) | StoreError::Busy | StoreError::Conflict)) => {
                return Err(error);
            }
            Err(error) => {
                let what = "A text that waited could not be sent; a link worker is told";
                tracing::error!(later.id = %id, error = &error as &dyn Error, "{what}");
                let stop = house.store.write(move |tx| {
                    async move { tx.stop_later_text(id, WhyNotSent::Broken, now).await }.boxed()
                });
                stop.await?;
            }
        }
    }
    if 0 < sent {
        house.wake.notify_one();
    }
    Ok(sent)
}

/// Takes up one text. True where it was sent; somebody may have taken it back, or sent it, meanwhile.
async fn take(tx: &mut Tx, id: LaterTextId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(text) = tx.later_text(id).await?.filter(|text| text.stopped.is_none()) else {
        return Ok(false);
    };
    let referral = tx.referral(&text.reference).await?;
    if let Some(why) = why_not(tx, &text, &referral, now).await? {
        if tx.stop_later_text(id, why, now).await? {
            tx.audit(Author::System, "hold-text-back", "referral", text.reference.as_str(), now).await?;
        }
        return Ok(false);
    }
    let is_due = text.waiting.due_at <= now;
    let Some(reply) = text.reply.as_ref().filter(|_| is_due) else { return Ok(false) };
    if !tx.take_later_text(&text).await? {
        return Ok(false);
    }
    send(tx, &referral, text.waiting.staff, reply, now).await?;
    tx.audit(Author::System, "send-waiting-text", "referral", text.reference.as_str(), now).await?;
    Ok(true)
}
