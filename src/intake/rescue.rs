//! Taking in without a conversation: a call, and a message that could not be taken in as it should be, since its session
//! or revision cannot be read or the engine has a mistake.
//!
//! Invariant: where the store takes writes, a message is stored, read for safety and put before a human, whatever else
//! is broken.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use crate::content::Content;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::InboundId;
use crate::domain::ids::RuleId;
use crate::domain::language::Language;
use crate::domain::message::Content as Message;
use crate::domain::message::Inbound;
use crate::domain::message::NetworkWord;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::intake::Outcome;
use crate::intake::limits;
use crate::intake::service_of;
use crate::store::address::Address;
use crate::store::concern::ConcernWords;
use crate::store::concern::NewConcern;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::outbox::NewText;
use crate::store::person::Person;
use crate::store::tx::Tx;
use crate::wording::last_resort::LAST_RESORT;
use crate::wording::sms;

/// Takes a message in without a session: no question is asked, and a human replies.
pub async fn take(tx: &mut Tx, content: &Content, inbound: &Inbound) -> Result<Outcome, StoreError> {
    let now = inbound.received_at;
    let service = service_of(content, inbound);
    let Some(arrival) = tx.note_inbound(inbound, &service.id).await? else { return Ok(Outcome::Duplicate) };
    let address = arrival.address;
    let known = tx.find_or_open_person(address.id, &service.id, &Language::english(), now).await;
    let mut person = match known {
        Err(StoreError::Erased | StoreError::Corrupt { .. }) => {
            tx.open_person(address.id, &service.id, &Language::english(), now).await?
        }
        known => known?,
    };
    // Nothing can be sealed for somebody who was erased: whoever writes now is somebody new.
    if let Err(StoreError::Erased) = tx.place_inbound(arrival.id, person.id, None, &inbound.content).await {
        person = tx.open_person(address.id, &service.id, &Language::english(), now).await?;
        tx.place_inbound(arrival.id, person.id, None, &inbound.content).await?;
    }
    let referral = tx.find_or_open_referral(person.id, &person.service, now).await?;
    tx.mark_reply_due(referral.id, now).await?;
    if wants_no_more(&inbound.content) {
        tx.set_opted_out(address.id, true).await?;
        tx.cancel_scheduled(address.id).await?;
    }
    if raise(tx, content, &person, (arrival.id, &inbound.content), now).await? {
        say(tx, &person, &address, now).await?;
    }
    Ok(Outcome::Taken)
}

fn wants_no_more(message: &Message) -> bool {
    match message {
        Message::Text { network, .. } => *network == Some(NetworkWord::Stop),
        Message::OptOut | Message::Blocked => true,
        Message::Button { .. }
        | Message::Edit { .. }
        | Message::Media { .. }
        | Message::Contact { .. }
        | Message::Unblocked
        | Message::Start { .. }
        | Message::Call
        | Message::Unreadable => false,
    }
}

/// Raises what the rules find; whether there is anything.
async fn raise(
    tx: &mut Tx,
    content: &Content,
    person: &Person,
    (id, message): (InboundId, &Message),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let words = message.words().unwrap_or_default();
    let Some(safety) = content.conversations.values().next().map(|any| &any.engine.safety) else {
        return Ok(false);
    };
    // Where even the rules have a mistake, nobody knows what the text says: a human must look.
    let found = catch_unwind(AssertUnwindSafe(|| safety.scan(words)));
    let found = found.map(|found| found.into_iter().map(|one| (one.category, one.rule, one.words)).collect());
    let found: Vec<_> =
        found.unwrap_or_else(|_| vec![(ConcernCategory::Distress, could_not_be_read(), 0..0)]);
    let mut raised = Vec::new();
    for (category, rule, found) in found {
        if raised.contains(&category) {
            continue;
        }
        raised.push(category);
        let concern = NewConcern {
            person: person.id,
            session: None,
            inbound: Some(id),
            service: person.service.clone(),
            category,
            rule,
            rules_version: safety.version().to_owned(),
            words: ConcernWords { text: Words(words.to_owned()), found },
        };
        tx.raise_concern(&concern, now).await?;
    }
    Ok(!raised.is_empty())
}

fn could_not_be_read() -> RuleId {
    "could-not-be-read".parse().expect("our own rules are names")
}

/// The words of the last resort, where this phone may be texted.
async fn say(tx: &mut Tx, person: &Person, address: &Address, now: Timestamp) -> Result<(), StoreError> {
    if !address.textable || person.texts_unsafe || limits::safety_is_used_up(tx, address.id, now).await? {
        return Ok(());
    }
    let text = NewText {
        address: address.id,
        person: Some(person.id),
        session: None,
        referral: None,
        author: Author::System,
        purpose: Purpose::Safety,
        message_keys: String::new(),
        body: Body { text: Words(LAST_RESORT.to_owned()), buttons: Vec::new() },
        parts: u16::try_from(sms::count(LAST_RESORT).parts).unwrap_or(u16::MAX),
        due_at: now,
    };
    tx.append_text(&text, now).await.map(|_| ())
}
