//! What a link worker does with a case: one transaction each.
//!
//! Invariant: a form that is sent twice counts once, a change is made over the state that was seen, and only `Reply`
//! and `Later` put anything into the outbox.

use crate::content::Content;
use crate::domain::contact::ContactResult;
use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::referral::DeclineReason;
use crate::domain::referral::LaterReason;
use crate::domain::referral::Outcome;
use crate::domain::theme::Correction;
use crate::domain::theme::Theme;
use crate::domain::time::Timestamp;
use crate::inbox::again::Typed;
use crate::inbox::drafts;
use crate::inbox::hurdle::hurdle;
use crate::inbox::labelling;
use crate::inbox::labelling::Labelling;
use crate::inbox::later;
use crate::inbox::later::Later;
use crate::inbox::later::When;
use crate::inbox::same;
use crate::inbox::same::Same;
use crate::inbox::sharing;
use crate::inbox::sharing::Sharing;
use crate::inbox::signed_in::SignedIn;
use crate::intake;
use crate::store::contact::NewContact;
use crate::store::draft::DraftKind;
use crate::store::error::StoreError;
use crate::store::later_text::Reply;
use crate::store::referral::Move;
use crate::store::referral::Referral;
use crate::store::sight::Sight;
use crate::store::tx::Tx;

/// What is to be done.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Take a case that nobody has.
    Claim,
    /// Speak to the person: takes the case, from a colleague too, and silences the bot.
    TakeOver,
    /// Let the automatic questions go on.
    HandBack,
    /// Put the case back into the queue.
    Release,
    /// Give the case to a colleague.
    Transfer {
        /// To whom.
        to: StaffId,
        /// What they should know; may be empty. For colleagues only.
        note: Words,
    },
    /// Put the case aside.
    PutAside {
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: LaterReason,
        /// What colleagues should know; may be empty.
        note: Words,
    },
    /// Bring back what was put aside, or say that its day was seen to.
    BringBack,
    /// Say that the person was reached in another way, after a text did not arrive.
    Reached,
    /// Write down that somebody was rung, visited or written to.
    Contact(NewContact),
    /// Send a text.
    Reply {
        /// What it says.
        text: Words,
        /// Why it is right to text somebody whose phone is not safe; may be empty.
        reason: Words,
        /// When it is to go.
        when: When,
    },
    /// See to a text that waits for its time.
    Later(Later),
    /// Keep a private note.
    Note(Words),
    /// Say what the case is about, beside what the rules found.
    CorrectThemes(Vec<(Theme, Correction)>),
    /// Put a label on the case, or take one off.
    Label(Labelling),
    /// Let somebody else see it, or no more.
    Share(Sharing),
    /// The service takes the case on.
    Accept,
    /// The service does not.
    Decline(DeclineReason),
    /// The case ends.
    Close(Outcome),
    /// Whether this is the same person as another.
    Same(Same),
}

/// Who wants what done to which case, as they saw it.
#[derive(Debug, Clone)]
pub struct Order {
    /// Who.
    pub worker: SignedIn,
    /// Which case.
    pub reference: Reference,
    /// The version that their page showed.
    pub version: i64,
    /// What makes the form count once.
    pub key: String,
    /// When the person had written last, as their page showed it, where the form says so.
    pub heard: Option<i64>,
    /// What.
    pub deed: Deed,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// It is done, now or by the same form before.
    Out,
    /// No text reaches this person.
    CannotBeTexted,
    /// Their phone is not safe, and no reason was given.
    NeedsAReason,
    /// Nobody has said yet what they did about this concern.
    ConcernOpen(ConcernId),
    /// The person wrote at this time, which the page did not show yet.
    NotRead(Timestamp),
    /// It is late at night, until then, and they have not just written.
    Quiet(Timestamp),
    /// It cannot be done so; why, in a sentence.
    Refused(&'static str),
}

impl Deed {
    /// The word in the audit.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::TakeOver => "take-over",
            Self::HandBack => "hand-back",
            Self::Release => "release",
            Self::Transfer { .. } => "transfer",
            Self::PutAside { .. } => "put-aside",
            Self::BringBack => "bring-back",
            Self::Reached => "reached",
            Self::Contact(_) => "contact",
            Self::Reply { when: When::At(_), .. } => "reply-later",
            Self::Reply { when: When::Now | When::Surely, .. } => "reply",
            Self::Later(later) => later.as_str(),
            Self::Note(_) => "note",
            Self::CorrectThemes(_) => "correct-themes",
            Self::Label(labelling) => labelling.as_str(),
            Self::Share(sharing) => sharing.as_str(),
            Self::Accept => "accept",
            Self::Decline(_) => "decline",
            Self::Close(_) => "close",
            Self::Same(same) => same.as_str(),
        }
    }

    /// What was typed with it, and what kind of words that is; nothing where nothing is.
    #[must_use]
    pub fn typed(&self) -> Option<(Typed, &str)> {
        match self {
            Self::Reply { text, .. } => Some((Typed::Text, &text.0)),
            Self::Note(note) => Some((Typed::Note, &note.0)),
            Self::Transfer { note, .. }
            | Self::PutAside { note, .. }
            | Self::Contact(NewContact { note, .. }) => {
                Some((Typed::Note, note.0.as_str())).filter(|(_, words)| !words.is_empty())
            }
            Self::Share(sharing) => sharing.note().map(|note| (Typed::Note, note.0.as_str())),
            Self::Claim
            | Self::TakeOver
            | Self::HandBack
            | Self::Release
            | Self::BringBack
            | Self::Reached
            | Self::Later(_)
            | Self::CorrectThemes(_)
            | Self::Label(_)
            | Self::Accept
            | Self::Decline(_)
            | Self::Close(_)
            | Self::Same(_) => None,
        }
    }

    /// Whether somebody may do it who sees this much of the case.
    fn is_within(&self, sight: Sight) -> bool {
        match sight {
            Sight::Nothing => false,
            Sight::Whole => true,
            Sight::Helps => match self {
                Self::Note(_) => true,
                Self::Share(sharing) => sharing.is_for_champions(),
                Self::Claim
                | Self::TakeOver
                | Self::HandBack
                | Self::Release
                | Self::Transfer { .. }
                | Self::PutAside { .. }
                | Self::BringBack
                | Self::Reached
                | Self::Reply { .. }
                | Self::Later(_)
                | Self::CorrectThemes(_)
                | Self::Label(_)
                | Self::Accept
                | Self::Decline(_)
                | Self::Same(_)
                | Self::Contact(_)
                | Self::Close(_) => false,
            },
        }
    }

    /// A form that was sent as it was shown.
    fn changes_nothing(&self) -> bool {
        matches!(self, Self::CorrectThemes(said) if said.is_empty())
    }

    /// What was filled in: who goes back and fills in something else has not sent the same form twice.
    fn filled_in(&self) -> String {
        let typed = self.typed().map_or("", |(_, words)| words);
        match self {
            Self::CorrectThemes(said) => {
                said.iter().map(|(theme, said)| format!("{} {} ", said.as_str(), theme.as_str())).collect()
            }
            Self::Transfer { to, .. } => format!("{to} {typed}"),
            Self::Share(sharing) => format!("{} {typed}", sharing.chosen()),
            Self::Contact(contact) => {
                format!("{} {} {typed}", contact.kind.as_str(), contact.result.as_str())
            }
            Self::PutAside { until, reason, .. } => format!("{until} {} {typed}", reason.as_str()),
            Self::Same(same) => same.other().to_string(),
            Self::Label(labelling) => labelling.label().to_string(),
            Self::Later(later) => later.id().to_string(),
            Self::Reply { when: When::At(at), .. } => format!("{at} {typed}"),
            Self::Claim
            | Self::TakeOver
            | Self::HandBack
            | Self::Release
            | Self::BringBack
            | Self::Reached
            | Self::Reply { when: When::Now | When::Surely, .. }
            | Self::Note(_)
            | Self::Accept
            | Self::Decline(_)
            | Self::Close(_) => typed.to_owned(),
        }
    }
}

/// Does what is ordered, in one transaction.
///
/// # Errors
/// `TooLate` where somebody was quicker, `NotFound` where the case is none of theirs, `Erased` where nothing is left to
/// work on, or where the store fails.
pub async fn carry_out(
    tx: &mut Tx,
    content: &Content,
    order: &Order,
    now: Timestamp,
) -> Result<Carried, StoreError> {
    let referral = tx.referral(&order.reference).await?;
    let form =
        format!("{}:{}:{}:{}", order.reference, order.deed.as_str(), order.key, order.deed.filled_in());
    if !order.deed.is_within(tx.sight(order.worker.id, &referral).await?) {
        // The same form once more, of somebody who by it sees the case no more.
        let is_new = tx.use_form_token(order.worker.id, &form, now).await?;
        return if is_new { Err(StoreError::NotFound) } else { Ok(Carried::Out) };
    }
    tx.refuse_erased(referral.person).await?;
    if order.deed.changes_nothing() {
        return Ok(Carried::Out);
    }
    let hurdle = hurdle(tx, content, order, &referral, now).await?;
    if hurdle != Carried::Out {
        return Ok(hurdle);
    }
    if !tx.use_form_token(order.worker.id, &form, now).await? {
        return Ok(Carried::Out);
    }
    if tx.goes_on_in(referral.id).await?.is_some() {
        return Err(StoreError::TooLate);
    }
    act(tx, content, order, &referral, now).await?;
    tx.note_acted(referral.id, now).await?;
    tx.audit(order.worker.author(), order.deed.as_str(), "referral", order.reference.as_str(), now).await?;
    Ok(Carried::Out)
}

async fn act(
    tx: &mut Tx,
    content: &Content,
    order: &Order,
    referral: &Referral,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (id, seen, staff) = (referral.id, order.version, order.worker.id);
    match &order.deed {
        Deed::Claim if referral.owner == Some(staff) => Ok(()),
        Deed::Claim => {
            // Whoever is away and has nobody to cover gives up a case to the first who takes it.
            let stands_free =
                tx.owner_away(referral, now).await?.is_some_and(|away| away.covered_by.is_none());
            if referral.owner.is_some() && !stands_free {
                return Err(StoreError::TooLate);
            }
            tx.set_owner(id, seen, Some(staff), now).await
        }
        Deed::TakeOver => {
            if referral.closed_at.is_none() && referral.owner != Some(staff) {
                tx.set_owner(id, seen, Some(staff), now).await?;
            }
            tx.cancel_waiting_safety(referral.person, now).await?;
            tx.set_hold(referral.person, true).await
        }
        Deed::HandBack => intake::hand_back(tx, content, referral.person, now).await,
        Deed::Release => tx.set_owner(id, seen, None, now).await,
        Deed::Transfer { to, note } => give(tx, order, referral, (*to, note), now).await,
        Deed::PutAside { until, reason, note } => {
            tx.put_aside(id, seen, (*until, *reason), staff, now).await?;
            keep_note(tx, order, referral, note, now).await
        }
        Deed::BringBack => tx.bring_back(id, seen, now).await,
        Deed::Reached => tx.mark_reached(id, seen, now).await,
        Deed::Reply { text, reason, when } => {
            let reply = Reply { text: text.clone(), reason: reason.clone() };
            later::reply(tx, order, (referral, &reply), *when, now).await
        }
        Deed::Later(later) => later::act(tx, order, (referral, *later), now).await,
        Deed::Share(sharing) => {
            sharing::act(tx, order, sharing, referral, now).await?;
            let note = sharing.note().cloned().unwrap_or_default();
            keep_note(tx, order, referral, &note, now).await
        }
        Deed::Note(text) => {
            drafts::end(tx, order, (id, DraftKind::Note), now).await?;
            tx.add_note(referral, staff, text, now).await.map(|_| ())
        }
        Deed::Contact(contact) => log_contact(tx, order, referral, contact, now).await,
        Deed::CorrectThemes(said) => tx.correct_themes(id, seen, said, staff, now).await,
        Deed::Label(labelling) => labelling::act(tx, order, (referral, *labelling), now).await,
        Deed::Accept => tx.move_referral(id, seen, Move::Accept, now).await,
        Deed::Decline(reason) => end(tx, referral, seen, Move::Decline(*reason), now).await,
        Deed::Close(outcome) => close(tx, referral, seen, *outcome, now).await,
        Deed::Same(same) => same::act(tx, order, (referral, same), now).await,
    }
}

/// To whom it was given stands in the audit too, beside who did it.
async fn give(
    tx: &mut Tx,
    order: &Order,
    referral: &Referral,
    (to, note): (StaffId, &Words),
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.give_referral(referral.id, order.version, (order.worker.id, to), now).await?;
    tx.audit(order.worker.author(), "transfer-to", "staff", &to.to_string(), now).await?;
    keep_note(tx, order, referral, note, now).await
}

/// Keeps a note that goes with something else, where there is one.
async fn keep_note(
    tx: &mut Tx,
    order: &Order,
    referral: &Referral,
    note: &Words,
    now: Timestamp,
) -> Result<(), StoreError> {
    if note.0.is_empty() {
        return Ok(());
    }
    tx.add_note(referral, order.worker.id, note, now).await.map(|_| ())
}

/// Whoever was reached has had their answer, and what did not arrive is dealt with; a try in vain changes nothing.
async fn log_contact(
    tx: &mut Tx,
    order: &Order,
    referral: &Referral,
    contact: &NewContact,
    now: Timestamp,
) -> Result<(), StoreError> {
    if contact.result == ContactResult::Reached {
        tx.answer_referral(referral.id, order.version, order.worker.id, now).await?;
        tx.mark_reached(referral.id, order.version + 1, now).await?;
    }
    tx.add_contact(referral, order.worker.id, contact, now).await
}

/// Ends a case, and with it the hold: nobody is speaking any more, so who writes again is answered. Nothing is sent.
async fn end(
    tx: &mut Tx,
    referral: &Referral,
    seen: i64,
    to: Move,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.move_referral(referral.id, seen, to, now).await?;
    if !tx.person(referral.person).await?.hold {
        return Ok(());
    }
    tx.set_hold(referral.person, false).await?;
    // The hold kept reminders back: whoever a human has just spoken with is not reminded of a question from before.
    tx.cancel_reminders(referral.person).await
}

async fn close(
    tx: &mut Tx,
    referral: &Referral,
    seen: i64,
    outcome: Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    end(tx, referral, seen, Move::Close(outcome), now).await?;
    if !silences(outcome) {
        return Ok(());
    }
    tx.set_texts_unsafe(referral.person, true).await?;
    for address in tx.addresses_of(referral.person).await? {
        tx.cancel_all_texts(address.id).await?;
    }
    for person in tx.everybody_who_is(referral.person).await? {
        if let Some(session) = tx.latest_session(person).await? {
            tx.cancel_deadlines(session.id).await?;
        }
    }
    Ok(())
}

/// The outcomes after which nothing is ever sent by itself.
#[must_use]
pub fn silences(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Died | Outcome::DoNotContact => true,
        Outcome::Connected
        | Outcome::SecureHome
        | Outcome::CarerSupport
        | Outcome::PathToWork
        | Outcome::Informed
        | Outcome::OtherService
        | Outcome::NotReached
        | Outcome::NotWanted
        | Outcome::Moved => false,
    }
}
