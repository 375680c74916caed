//! Sending later: when a reply is to go, what becomes of one that waits, and the hours in which nobody is texted unasked.
//!
//! Invariant: nothing is blocked by quiet hours, and a text that waits is shown with what can be done about it.

use std::time::Duration;

use axum::extract::Path;
use axum::extract::State;
use axum::response::Response;

use crate::content::Content;
use crate::domain::ids::LaterTextId;
use crate::domain::message::Words;
use crate::domain::referral::WhyNotSent;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::acts::carry_out;
use crate::inbox::cases::read;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::drafts;
use crate::inbox::form::Filled;
use crate::inbox::form::LaterForm;
use crate::inbox::form::ReplyForm;
use crate::inbox::keeping::is_within_a_year;
use crate::inbox::keeping::read_until;
use crate::inbox::page::Moment;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::intake;
use crate::store::draft::DraftKind;
use crate::store::error::StoreError;
use crate::store::later_text::LaterText;
use crate::store::later_text::Reply;
use crate::store::later_text::Waiting;
use crate::store::referral::Referral;
use crate::store::tx::Tx;

/// Who wrote so lately is awake, and may be waiting with the phone in the hand.
const JUST_WROTE: Duration = Duration::from_secs(30 * 60);

/// When a reply is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once, unless it is late at night.
    Now,
    /// At once, at any hour.
    Surely,
    /// At a time that is still to come.
    At(Timestamp),
}

impl When {
    /// Reads what a form says. A time that was offered and has come since is now.
    ///
    /// # Errors
    /// A sentence, where the chosen day and time are none that a text can wait for.
    pub fn read(form: &ReplyForm, now: Timestamp) -> Result<Self, &'static str> {
        const NOT_A_TIME: &str =
            "It was not sent: choose a day and a time that are still to come, within a year.";
        match form.when.as_str() {
            "" => Ok(Self::Now),
            "now" => Ok(Self::Surely),
            "chosen" => read_until(&form.day, &form.time, now).map(Self::At).ok_or(NOT_A_TIME),
            offered => {
                let at: jiff::Timestamp = offered.parse().map_err(|_| NOT_A_TIME)?;
                let at = Timestamp::from_jiff(at);
                match now < at {
                    true if is_within_a_year(at, now) => Ok(Self::At(at)),
                    true => Err(NOT_A_TIME),
                    false => Ok(Self::Surely),
                }
            }
        }
    }
}

/// What somebody does about a text that waits, or was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// Send it now.
    Send(LaterTextId),
    /// Let it wait for its time, although they wrote.
    Keep(LaterTextId),
    /// Put it back into the box, as a draft of whoever does it.
    TakeBack(LaterTextId),
    /// Keep its words as a note.
    ToNote(LaterTextId),
}

impl Later {
    /// The word in the audit.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Send(_) => "send-now",
            Self::Keep(_) => "let-text-wait",
            Self::TakeBack(_) => "take-text-back",
            Self::ToNote(_) => "keep-text-as-note",
        }
    }

    /// The text.
    #[must_use]
    pub fn id(self) -> LaterTextId {
        match self {
            Self::Send(id) | Self::Keep(id) | Self::TakeBack(id) | Self::ToNote(id) => id,
        }
    }

    fn read(form: &LaterForm) -> Result<Self, Refusal> {
        let id = form.later.parse().map_err(|_| Refusal::Unreadable)?;
        match form.what.as_str() {
            "send" => Ok(Self::Send(id)),
            "keep" => Ok(Self::Keep(id)),
            "take-back" => Ok(Self::TakeBack(id)),
            "note" => Ok(Self::ToNote(id)),
            _ => Err(Refusal::Unreadable),
        }
    }
}

/// `POST …/later`
pub async fn see_to(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<LaterForm>,
) -> Result<Response, Refusal> {
    let (reference, deed) = (read(&path)?, Deed::Later(Later::read(&form)?));
    let order = Order { worker, reference, version: form.version, key: form.key, heard: form.heard, deed };
    carry_out(&inbox, order).await
}

/// Sends a reply, or keeps it until its time. Either is an answer: nobody has to think of it any more, unless it is held
/// back.
///
/// # Errors
/// `TooLate` where somebody has changed the case since, or where the store fails.
pub async fn reply(
    tx: &mut Tx,
    order: &Order,
    (referral, reply): (&Referral, &Reply),
    when: When,
    now: Timestamp,
) -> Result<(), StoreError> {
    let staff = order.worker.id;
    tx.answer_referral(referral.id, order.version, staff, now).await?;
    drafts::end(tx, order, (referral.id, DraftKind::Text), now).await?;
    match when {
        When::Now | When::Surely => intake::later::send(tx, referral, staff, reply, now).await,
        When::At(due_at) => {
            let seen_at = order.heard.map_or(now, Timestamp::from_micros);
            let waited_since =
                referral.reply_due.then(|| referral.waiting_since.unwrap_or(referral.opened_at));
            let waiting = Waiting { staff, due_at, seen_at, waited_since };
            tx.keep_for_later(referral, reply, waiting, now).await.map(|_| ())
        }
    }
}

/// Whether a text that waits may be sent now, or go on waiting: what they wrote was read, and nothing else forbids it.
///
/// # Errors
/// Where the store fails.
pub async fn hurdle(
    tx: &mut Tx,
    order: &Order,
    (referral, later): (&Referral, Later),
    now: Timestamp,
) -> Result<Carried, StoreError> {
    const NOT_SO: &str = "It cannot be sent as things stand. The page of the case says why.";
    match later {
        Later::TakeBack(_) | Later::ToNote(_) => return Ok(Carried::Out),
        Later::Send(_) | Later::Keep(_) => {}
    }
    let Some(text) = find(tx, referral, later.id()).await? else { return Ok(Carried::Out) };
    let seen = order.heard.unwrap_or_default();
    let unread = tx.heard_last(referral.person).await?.filter(|at| seen < at.as_micros());
    if let Some(at) = unread {
        return Ok(Carried::NotRead(at));
    }
    let own = tx.referral(&text.reference).await?;
    let looked_at = LaterText { waiting: Waiting { seen_at: now, ..text.waiting }, ..text };
    Ok(match (intake::later::why_not(tx, &looked_at, &own, now).await?, later) {
        (None, _) | (Some(WhyNotSent::Late), Later::Send(_)) => Carried::Out,
        (Some(_), _) => Carried::Refused(NOT_SO),
    })
}

/// Does it, over the version that was seen.
///
/// # Errors
/// `TooLate` where somebody was quicker, or it has left, or where the store fails.
pub async fn act(
    tx: &mut Tx,
    order: &Order,
    (referral, later): (&Referral, Later),
    now: Timestamp,
) -> Result<(), StoreError> {
    let (id, seen, staff) = (referral.id, order.version, order.worker.id);
    let text = find(tx, referral, later.id()).await?.ok_or(StoreError::TooLate)?;
    if let Later::Keep(later) = later {
        tx.see_to_later_text(id, seen, None, now).await?;
        return tx.let_later_text_wait(later, now).await;
    }
    if !tx.take_later_text(&text).await? {
        return Err(StoreError::TooLate);
    }
    let reply = text.reply.unwrap_or_default();
    if let Later::Send(_) = later {
        tx.answer_referral(id, seen, staff, now).await?;
        return intake::later::send(tx, referral, text.waiting.staff, &reply, now).await;
    }
    // Whoever waited for it waits again, unless they were written to meanwhile.
    let answered = tx.was_written_to_since(id, text.written_at).await?;
    let waits_since = text.waiting.waited_since.filter(|_| !answered);
    tx.see_to_later_text(id, seen, waits_since, now).await?;
    if let Later::ToNote(_) = later {
        let note = Words(format!("A text that was not sent: {}", reply.text.0));
        return tx.add_note(referral, staff, &note, now).await.map(|_| ());
    }
    let drafts = tx.drafts_of(referral, DraftKind::Text).await?;
    let begun = drafts.into_iter().find(|draft| draft.staff == staff).map(|draft| draft.body.0);
    let both: Vec<String> = begun.into_iter().chain([reply.text.0]).collect();
    tx.keep_draft(referral, (staff, DraftKind::Text), &Words(both.join("\n")), now).await
}

/// A text of this case, or of one that goes on in it.
async fn find(tx: &mut Tx, referral: &Referral, id: LaterTextId) -> Result<Option<LaterText>, StoreError> {
    Ok(tx.later_texts_of(referral.id).await?.into_iter().find(|text| text.id == id))
}

/// Whether people may be texted unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quiet {
    /// They may.
    #[default]
    No,
    /// It is late, but they wrote so lately that they can be answered.
    JustWrote,
    /// It is late, until then.
    Until(Moment),
}

impl Quiet {
    /// As it is for the person of a case, who wrote last at this time.
    #[must_use]
    pub fn of(content: &Content, referral: &Referral, heard: Option<Timestamp>, now: Timestamp) -> Self {
        let service = content.directory.service(&referral.service);
        match service.and_then(|service| content.directory.quiet_until(service, now)) {
            None => Self::No,
            Some(_) if heard.is_some_and(|heard| now < heard.plus(JUST_WROTE)) => Self::JustWrote,
            Some(until) => Self::Until(Moment(until)),
        }
    }
}

/// A text that waits for its time, or was not sent, as the page of its case shows it.
#[derive(Debug, Clone)]
pub struct WaitingView {
    /// Its row.
    pub id: LaterTextId,
    /// Who wrote it.
    pub by: Foreign,
    /// What it says.
    pub text: Foreign,
    /// When it is to leave.
    pub due_at: Moment,
    /// Why it is held back, where it is.
    pub why: Option<WhyNotSent>,
    /// Whether its time has come.
    pub has_come: bool,
}

impl WaitingView {
    /// As the page shows it now.
    #[must_use]
    pub fn of(text: LaterText, names: &Names, now: Timestamp) -> Self {
        let words = text.reply.map(|reply| reply.text.0).unwrap_or_default();
        Self {
            id: text.id,
            by: names.get(text.waiting.staff),
            text: Foreign::new(&words),
            due_at: Moment(text.waiting.due_at),
            why: text.stopped.map(|(_, why)| why),
            has_come: text.waiting.due_at <= now,
        }
    }

    /// What is so, and why.
    pub(super) fn words(&self) -> String {
        let why = match self.why {
            None => return format!("Waiting to be sent on {}.", self.due_at.day_and_time()),
            Some(WhyNotSent::Wrote) => {
                return "Held back: they wrote before it went. Look at it again.".to_owned();
            }
            Some(WhyNotSent::Concern) => {
                return "Held back: a concern was raised before it went. Look at it again.".to_owned();
            }
            Some(WhyNotSent::Restored) => {
                return "Held back: the program was put back from a copy, and this may have been sent. Ask them."
                    .to_owned();
            }
            Some(WhyNotSent::Stopped) => "they stopped all texts",
            Some(WhyNotSent::Unreachable) => "no text reaches them any more",
            Some(WhyNotSent::Unsafe) => "texts may not be safe for them",
            Some(WhyNotSent::Ended) => "the case has ended",
            Some(WhyNotSent::Parted) => "two cases were joined, or taken apart",
            Some(WhyNotSent::Late) => "the program was away when its time came",
            Some(WhyNotSent::Broken) => "something went wrong here",
        };
        format!("Not sent: {why}.")
    }

    /// Whether it may be sent now, as far as the page knows.
    pub(super) fn can_go(&self) -> bool {
        match self.why {
            None
            | Some(WhyNotSent::Wrote | WhyNotSent::Concern | WhyNotSent::Late | WhyNotSent::Restored) => true,
            Some(
                WhyNotSent::Stopped
                | WhyNotSent::Unreachable
                | WhyNotSent::Unsafe
                | WhyNotSent::Ended
                | WhyNotSent::Parted
                | WhyNotSent::Broken,
            ) => false,
        }
    }

    /// Whether it may go on waiting after somebody has looked at it.
    pub(super) fn can_wait(&self) -> bool {
        self.why.is_some() && self.can_go() && !self.has_come
    }
}
