//! Intake: one input, from the duplicate check to the commit of everything that follows from it.
//!
//! A text of a person, something that falls due and a link worker who hands back are the same thing here: an input to
//! the engine, and effects that are written in the same transaction as the input itself.
//!
//! Invariant: nothing is acknowledged before it is committed, and nothing is sent from here.

mod call;
pub mod duty;

mod engines;
pub mod later;
mod limits;
pub mod requests;
mod rescue;
pub mod retention;
mod visit;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::content::Content;
use crate::content::in_force::InForce;
use crate::conversation::input::DeadlineKind;
use crate::conversation::input::Input;
use crate::conversation::session::Session;
use crate::conversation::session::Status;
use crate::directory::service::Service;
use crate::domain::ids::PersonId;
use crate::domain::ids::PracticeId;
use crate::domain::ids::RevisionId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Content as Message;
use crate::domain::message::Inbound;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::intake::limits::Limit;
use crate::intake::visit::Visit;
use crate::store::Store;
use crate::store::address::Address;
use crate::store::deadline::DueDeadline;
use crate::store::error::StoreError;
use crate::store::inbound::Arrival;
use crate::store::person::Person;
use crate::store::revision::Revision;
use crate::store::singleton::Duty;
use crate::store::tx::Tx;
use crate::wording::button;
use crate::wording::button::Tapped;

/// A text that took longer has not simply come, and no two clocks agree to the second.
const TAKES_AT_MOST: Duration = Duration::from_secs(60);

/// What intake works with.
#[derive(Clone)]
pub struct House {
    /// Where everything is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// What authors wrote.
    pub content: InForce,
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
    // Where no duty is asked for, none is lost.
    Ok(receive_for(house, inbound, None).await?.unwrap_or(Outcome::Duplicate))
}

/// The same on behalf of a duty; none, and nothing done, where this node no longer has it.
///
/// # Errors
/// As above.
pub async fn receive_for(
    house: &House,
    inbound: Inbound,
    duty: Option<Duty>,
) -> Result<Option<Outcome>, StoreError> {
    let inbound = Arc::new(inbound);
    // Whoever rings has asked for a human, and is not texted for it.
    if inbound.content == Message::Call {
        return rescue(house, &inbound).await.map(Some);
    }
    let taken = match take_in(house, &inbound, duty).await {
        Err(error) if !may_work_later(&error) => {
            tracing::error!(
                error = &error as &dyn Error,
                "A message could not be taken in as it should be; a human is called instead"
            );
            Some(rescue(house, &inbound).await?)
        }
        taken => taken?,
    };
    house.wake.notify_one();
    Ok(taken)
}

/// What a voice says to whoever rings this number of ours: the words in each language, in order.
#[must_use]
pub fn spoken(house: &House, to: &str) -> Vec<(Language, String)> {
    call::spoken(&house.content.get(), to)
}

/// The provider, or its fallback, may bring the message again.
fn may_work_later(error: &StoreError) -> bool {
    matches!(error, StoreError::Away(_) | StoreError::Busy)
}

async fn take_in(
    house: &House,
    inbound: &Arc<Inbound>,
    duty: Option<Duty>,
) -> Result<Option<Outcome>, StoreError> {
    let (content, clock, inbound) = (house.content.get(), house.clock.clone(), Arc::clone(inbound));
    let taken = house.store.write(move |tx| {
        let (content, clock, inbound) = (Arc::clone(&content), clock.clone(), Arc::clone(&inbound));
        async move {
            if let Some(duty) = duty
                && !tx.keep_duty(duty, clock.now()).await?
            {
                return Ok(None);
            }
            take(tx, &content, &inbound).await.map(Some)
        }
        .boxed()
    });
    taken.await
}

async fn rescue(house: &House, inbound: &Arc<Inbound>) -> Result<Outcome, StoreError> {
    let (content, inbound) = (house.content.get(), Arc::clone(inbound));
    let taken = house.store.write(move |tx| {
        let (content, inbound) = (Arc::clone(&content), Arc::clone(&inbound));
        async move { rescue::take(tx, &content, &inbound).await }.boxed()
    });
    taken.await
}

async fn take(tx: &mut Tx, content: &Content, inbound: &Inbound) -> Result<Outcome, StoreError> {
    let now = inbound.received_at;
    let service = service_of(content, inbound);
    let Some(mut arrival) = tx.note_inbound(inbound, &service.id).await? else {
        return Ok(Outcome::Duplicate);
    };
    notice_a_block(tx, &mut arrival.address, &inbound.content).await?;
    let person = tx.find_or_open_person(arrival.address.id, &service.id, &Language::english(), now).await?;
    let limit = limits::of(tx, arrival.address.id, now).await?;
    let Some(input) = input_of(content, inbound, limit) else {
        came_or_went(tx, &arrival, &person, &inbound.content, now).await?;
        return Ok(Outcome::Taken);
    };
    let mut visit = Visit::take_up(tx, content, person, arrival.address, &input, now).await?;
    tx.place_inbound(arrival.id, visit.person.id, Some(visit.saved.id), &inbound.content).await?;
    visit.heard(arrival.id, &inbound.content, limit);
    visit.go(tx, &input).await?;
    Ok(Outcome::Taken)
}

/// The service to which a message was sent.
fn service_of<'a>(content: &'a Content, inbound: &Inbound) -> &'a Service {
    match inbound.channel {
        ChannelKind::Sms => content.directory.service_texted(&inbound.to),
        ChannelKind::Telegram => content.directory.service_of_bot(&inbound.to),
    }
}

/// Whoever has blocked us on Telegram cannot be texted; whoever writes to us there has let us in again, also where
/// nobody told us so.
async fn notice_a_block(tx: &mut Tx, address: &mut Address, message: &Message) -> Result<(), StoreError> {
    let lets_us_in = *message != Message::Blocked;
    if address.channel == ChannelKind::Telegram && address.textable != lets_us_in {
        tx.set_textable(address.id, lets_us_in).await?;
        address.textable = lets_us_in;
    }
    Ok(())
}

/// Somebody has blocked us, or let us in again: nothing is said. Where their case is open, a human has to know that they
/// cannot be written to.
async fn came_or_went(
    tx: &mut Tx,
    arrival: &Arrival,
    person: &Person,
    message: &Message,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.place_inbound(arrival.id, person.id, None, message).await?;
    if *message != Message::Blocked {
        return Ok(());
    }
    tx.cancel_scheduled(arrival.address.id).await?;
    match tx.open_referral_of(person.id).await? {
        Some(referral) => tx.mark_reply_due(referral.id, now).await,
        None => Ok(()),
    }
}

/// What a message means to the engine, if anything. Over the limit it is read for safety and for a stop only.
fn input_of(content: &Content, inbound: &Inbound, limit: Limit) -> Option<Input> {
    let message = &inbound.content;
    let words = Words(message.words().unwrap_or_default().to_owned());
    let too_many = limit == Limit::Silent || limit == Limit::SayOnce;
    Some(match message {
        Message::Text { network, .. } if too_many => Input::TooMany { text: words, network: *network },
        Message::Text { network, .. } => match read_late(inbound) {
            Some(sent_at) => Input::HeardLate { text: words, network: *network, sent_at },
            None => Input::Heard { text: words, network: *network },
        },
        Message::Button { .. } | Message::Start { .. } | Message::Media { .. } | Message::Contact { .. }
            if too_many =>
        {
            Input::TooMany { text: words, network: None }
        }
        Message::Button { data } => {
            let tapped = button::read(data).unwrap_or_else(Tapped::unknown);
            Input::Pressed {
                step: tapped.step,
                revision: RevisionId(tapped.revision),
                shown_at: tapped.shown_at,
                choice: tapped.choice,
            }
        }
        Message::Edit { .. } => Input::Edited { text: words },
        Message::Start { payload } => Input::Started { practice: practice_of(content, payload) },
        Message::Contact { phone } => Input::Contact { phone: phone.clone() },
        Message::Media { .. } | Message::Call | Message::Unreadable => Input::Media { caption: words },
        Message::OptOut => Input::OptedOut,
        Message::Blocked | Message::Unblocked => return None,
    })
}

/// The practice that a poster's link names, by its id.
fn practice_of(content: &Content, payload: &str) -> Option<PracticeId> {
    let named: PracticeId = payload.to_lowercase().parse().ok()?;
    content.directory.practice(&named).map(|(_, practice)| practice.id.clone())
}

/// When a text was sent that we read only now.
fn read_late(inbound: &Inbound) -> Option<Timestamp> {
    inbound.sent_at.filter(|sent_at| TAKES_AT_MOST <= inbound.received_at.since(*sent_at))
}

/// Does what fell due, unless somebody else has.
///
/// # Errors
/// Where the store is away: it stays due.
pub async fn due(house: &House, deadline: DueDeadline) -> Result<(), StoreError> {
    let content = house.content.get();
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
    if let Some(morning) = rests_until(content, &person, due.kind, now) {
        return tx.set_deadline(due.session, due.kind, morning, due.sequence).await;
    }
    let address = tx.address(saved.address).await?;
    let mut visit = Visit::of(tx, content, person, address, saved, now).await?;
    visit.go(tx, &Input::Due { deadline: due.kind, sequence: due.sequence }).await
}

/// Until when something waits that would text a person unasked: their service has quiet hours. It falls due again then, so
/// that whoever writes meanwhile is not reminded.
fn rests_until(content: &Content, person: &Person, kind: DeadlineKind, now: Timestamp) -> Option<Timestamp> {
    match kind {
        DeadlineKind::Remind | DeadlineKind::Close => {
            content.directory.quiet_until(engines::service_of(content, person), now)
        }
        // Nobody is texted by these, and a human who must look is called at any hour.
        DeadlineKind::Unanswered | DeadlineKind::Erase => None,
    }
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
    let Some(saved) = tx.latest_session_anywhere(person).await? else { return Ok(()) };
    let person = tx.person(saved.person).await?;
    let address = tx.address(saved.address).await?;
    let mut visit = Visit::of(tx, content, person, address, saved, now).await?;
    visit.go(tx, &Input::HandedBack).await
}

/// Keeps today's revisions, before any session can use one.
///
/// # Errors
/// Where the store is away.
pub async fn keep_revisions(house: &House) -> Result<(), StoreError> {
    keep(house, &house.content.get()).await
}

/// Puts other content in force: its revisions are kept first, so that no session ever uses one that is not. Whatever is
/// being taken in goes on with the content that it began with.
///
/// # Errors
/// Where the store is away: the old content stays in force.
pub async fn put_in_force(house: &House, content: Arc<Content>) -> Result<(), StoreError> {
    keep(house, &content).await?;
    house.content.replace(content);
    Ok(())
}

async fn keep(house: &House, content: &Content) -> Result<(), StoreError> {
    let now = house.clock.now();
    for (id, conversation) in &content.conversations {
        let revision = Arc::new(Revision {
            conversation: id.clone(),
            id: conversation.engine.definition.revision.clone(),
            flow: conversation.source.text.clone(),
            wording: content.wording.copy(id).to_string(),
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
