//! Intake: one input, from the duplicate check to the commit of everything that follows from it.
//!
//! A text of a person, something that falls due and a link worker who hands back are the same thing here: an input to
//! the engine, and effects that are written in the same transaction as the input itself.
//!
//! Invariant: nothing is acknowledged before it is committed, and nothing is sent from here.

pub mod duty;

mod engines;
mod limits;
mod rescue;
mod visit;

use std::error::Error;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::content::Content;
use crate::conversation::input::DeadlineKind;
use crate::conversation::input::Input;
use crate::conversation::session::Session;
use crate::conversation::session::Status;
use crate::domain::ids::PersonId;
use crate::domain::language::Language;
use crate::domain::message::Content as Message;
use crate::domain::message::Inbound;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::intake::limits::Limit;
use crate::intake::visit::Visit;
use crate::store::Store;
use crate::store::deadline::DueDeadline;
use crate::store::error::StoreError;
use crate::store::revision::Revision;
use crate::store::tx::Tx;
use crate::wording::button;

/// What intake works with.
#[derive(Clone)]
pub struct House {
    /// Where everything is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// What authors wrote.
    pub content: Arc<Content>,
    /// Rung after each commit that may have put something into the outbox.
    pub wake: Arc<Notify>,
    /// The public address, without a slash at its end: alerts to staff carry it.
    pub base: Arc<str>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken in.
    Taken,
    /// It was there already; nothing was done.
    Duplicate,
}

/// Takes one inbound message from the duplicate check to the commit.
///
/// # Errors
/// Where the store is away: the message was not taken, and the provider may bring it again.
pub async fn receive(house: &House, inbound: Inbound) -> Result<Outcome, StoreError> {
    let inbound = Arc::new(inbound);
    let taken = match take_in(house, &inbound).await {
        Err(error) if !may_work_later(&error) => {
            tracing::error!(
                error = &error as &dyn Error,
                "A message could not be taken in as it should be; a human is called instead"
            );
            rescue(house, &inbound).await?
        }
        taken => taken?,
    };
    house.wake.notify_one();
    Ok(taken)
}

/// The provider, or its fallback, may bring the message again.
fn may_work_later(error: &StoreError) -> bool {
    matches!(error, StoreError::Away(_) | StoreError::Busy)
}

async fn take_in(house: &House, inbound: &Arc<Inbound>) -> Result<Outcome, StoreError> {
    let (content, inbound) = (Arc::clone(&house.content), Arc::clone(inbound));
    let taken = house.store.write(move |tx| {
        let (content, inbound) = (Arc::clone(&content), Arc::clone(&inbound));
        async move { take(tx, &content, &inbound).await }.boxed()
    });
    taken.await
}

async fn rescue(house: &House, inbound: &Arc<Inbound>) -> Result<Outcome, StoreError> {
    let (content, inbound) = (Arc::clone(&house.content), Arc::clone(inbound));
    let taken = house.store.write(move |tx| {
        let (content, inbound) = (Arc::clone(&content), Arc::clone(&inbound));
        async move { rescue::take(tx, &content, &inbound).await }.boxed()
    });
    taken.await
}

async fn take(tx: &mut Tx, content: &Content, inbound: &Inbound) -> Result<Outcome, StoreError> {
    let now = inbound.received_at;
    let service = content.directory.service_texted(&inbound.to);
    let Some(arrival) = tx.note_inbound(inbound, &service.id).await? else { return Ok(Outcome::Duplicate) };
    let person = tx.find_or_open_person(arrival.address.id, &service.id, &Language::english(), now).await?;
    let limit = limits::of(tx, arrival.address.id, now).await?;
    let input = input_of(&inbound.content, limit);
    let mut visit = Visit::take_up(tx, content, person, arrival.address, &input, now).await?;
    tx.place_inbound(arrival.id, visit.person.id, Some(visit.saved.id), &inbound.content).await?;
    visit.heard(arrival.id, &inbound.content, limit);
    visit.go(tx, &input).await?;
    Ok(Outcome::Taken)
}

/// What a message means to the engine. Over the limit it is read for safety and for a stop only.
fn input_of(message: &Message, limit: Limit) -> Input {
    let words = Words(message.words().unwrap_or_default().to_owned());
    let too_many = limit == Limit::Silent || limit == Limit::SayOnce;
    match message {
        Message::Text { network, .. } if too_many => Input::TooMany { text: words, network: *network },
        Message::Text { network, .. } => Input::Heard { text: words, network: *network },
        Message::Button { .. } | Message::Start { .. } | Message::Media { .. } | Message::Contact { .. }
            if too_many =>
        {
            Input::TooMany { text: words, network: None }
        }
        Message::Button { data } => match button::read(data) {
            Some(tapped) => Input::Pressed {
                step: tapped.step,
                revision: crate::domain::ids::RevisionId(tapped.revision),
                choice: tapped.choice,
            },
            None => Input::Heard { text: words, network: None },
        },
        Message::Edit { .. } => Input::Edited { text: words },
        Message::Start { .. } => Input::Heard { text: words, network: None },
        Message::Media { .. } | Message::Contact { .. } | Message::Unreadable => {
            Input::Media { caption: words }
        }
        Message::Blocked | Message::OptOut => Input::OptedOut,
        Message::Unblocked => Input::OptedIn,
    }
}

/// Does what fell due, unless somebody else has.
///
/// # Errors
/// Where the store is away: it stays due.
pub async fn due(house: &House, deadline: DueDeadline) -> Result<(), StoreError> {
    let content = Arc::clone(&house.content);
    let now = house.clock.now();
    let deadline = Arc::new(deadline);
    house
        .store
        .write(move |tx| {
            let (content, deadline) = (Arc::clone(&content), Arc::clone(&deadline));
            async move { take_due(tx, &content, &deadline, now).await }.boxed()
        })
        .await?;
    house.wake.notify_one();
    Ok(())
}

async fn take_due(
    tx: &mut Tx,
    content: &Content,
    due: &DueDeadline,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !tx.take_deadline(due.id).await? {
        return Ok(());
    }
    let saved = match tx.session(due.session).await {
        Ok(saved) => saved,
        // The words were erased meanwhile: nothing is left to remind of.
        Err(StoreError::Erased | StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    if due.kind == DeadlineKind::Erase {
        return erase(tx, &saved.session, due).await;
    }
    let person = tx.person(saved.person).await?;
    let address = tx.address(saved.address).await?;
    let mut visit = Visit::of(tx, content, person, address, saved, now).await?;
    visit.go(tx, &Input::Due { deadline: due.kind, sequence: due.sequence }).await
}

/// Erases the words of somebody who was passed on to nobody, unless they carried on meanwhile or a human was told.
async fn erase(tx: &mut Tx, session: &Session, due: &DueDeadline) -> Result<(), StoreError> {
    if session.status == Status::Live || tx.was_handed_over(due.session).await? {
        return Ok(());
    }
    tx.erase_session_words(due.session).await
}

/// A link worker hands a person back: the automatic questions go on where they were.
///
/// # Errors
/// Where the store fails.
pub async fn hand_back(
    tx: &mut Tx,
    content: &Content,
    person: PersonId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.set_hold(person, false).await?;
    let Some(saved) = tx.latest_session(person).await? else { return Ok(()) };
    let person = tx.person(person).await?;
    let address = tx.address(saved.address).await?;
    let mut visit = Visit::of(tx, content, person, address, saved, now).await?;
    visit.go(tx, &Input::HandedBack).await
}

/// Keeps today's revisions, before any session can use one.
///
/// # Errors
/// Where the store is away.
pub async fn keep_revisions(house: &House) -> Result<(), StoreError> {
    let now = house.clock.now();
    for (id, conversation) in &house.content.conversations {
        let revision = Arc::new(Revision {
            conversation: id.clone(),
            id: conversation.engine.definition.revision.clone(),
            flow: conversation.source.text.clone(),
            wording: house.content.wording.copy(id).to_string(),
        });
        house
            .store
            .write(move |tx| {
                let revision = Arc::clone(&revision);
                async move { tx.keep_revision(&revision, now).await }.boxed()
            })
            .await?;
    }
    Ok(())
}
