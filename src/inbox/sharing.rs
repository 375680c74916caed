//! Who sees a case: a volunteer champion who helps with it, named colleagues alone, or all but somebody who has stepped back.
//!
//! Invariant: there is always an active account that sees all of the case and can answer.

use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Order;
use crate::inbox::signed_in::SignedIn;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::tx::Tx;

/// What changes who sees a case.
#[derive(Debug, Clone)]
pub enum Sharing {
    /// Ask a volunteer champion to help.
    Lend {
        /// Whom.
        to: StaffId,
        /// Whether the person has agreed that a volunteer hears of this.
        agreed: bool,
        /// What the volunteer must not read, but colleagues may; may be empty.
        note: Words,
    },
    /// The volunteer champion helps no more: they give it back, or it is taken back.
    GiveBack {
        /// What colleagues should know; may be empty.
        note: Words,
    },
    /// Let nobody see it but these.
    Restrict {
        /// Who.
        to: Vec<StaffId>,
    },
    /// Let the whole team see it again.
    Lift,
    /// Whoever does it knows the person, and sees them no more.
    StepBack,
    /// Let somebody see it again who has stepped back.
    LetBack {
        /// Who.
        who: StaffId,
    },
}

impl Sharing {
    /// The word in the audit.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Lend { .. } => "lend",
            Self::GiveBack { .. } => "give-back",
            Self::Restrict { .. } => "restrict",
            Self::Lift => "lift-restriction",
            Self::StepBack => "step-back",
            Self::LetBack { .. } => "let-back",
        }
    }

    /// The note that goes with it; nothing where none was written.
    #[must_use]
    pub fn note(&self) -> Option<&Words> {
        match self {
            Self::Lend { note, .. } | Self::GiveBack { note } => Some(note).filter(|note| !note.0.is_empty()),
            Self::Restrict { .. } | Self::Lift | Self::StepBack | Self::LetBack { .. } => None,
        }
    }

    /// What was chosen: who goes back and chooses something else has not sent the same form twice.
    #[must_use]
    pub fn chosen(&self) -> String {
        match self {
            Self::Lend { to, .. } => to.to_string(),
            Self::LetBack { who } => who.to_string(),
            Self::Restrict { to } => to.iter().map(|id| format!("{id} ")).collect(),
            Self::GiveBack { .. } | Self::Lift | Self::StepBack => String::new(),
        }
    }

    /// Whether a volunteer champion may do this.
    #[must_use]
    pub fn is_for_champions(&self) -> bool {
        match self {
            Self::GiveBack { .. } | Self::StepBack => true,
            Self::Lend { .. } | Self::Restrict { .. } | Self::Lift | Self::LetBack { .. } => false,
        }
    }
}

/// The colleague does not work for the service, may not see the case, or works here no more.
pub const NOT_FOR_THEM: &str = "That colleague cannot take this case. Choose somebody else.";
const NOT_AGREED: &str = "Ask them first. Tick the box when they have agreed that a volunteer helps them.";
const NOBODY_NAMED: &str = "Choose at least one colleague who may see it.";
const NOBODY_ELSE: &str = "Nobody else sees this case, so you are still on it. Your leads are told. Ask your duty lead or an administrator now: somebody else must be able to see it. Then press it again.";

/// What stands between a link worker and what they want to share.
///
/// # Errors
/// Where the store fails.
pub async fn hurdle(
    tx: &mut Tx,
    (worker, sharing): (&SignedIn, &Sharing),
    referral: &Referral,
    now: Timestamp,
) -> Result<Carried, StoreError> {
    Ok(match sharing {
        Sharing::Lend { .. } if referral.closed_at.is_some() => return Err(StoreError::TooLate),
        Sharing::Lend { agreed: false, .. } => Carried::Refused(NOT_AGREED),
        Sharing::Lend { to, .. } if !tx.champions_for(referral).await?.contains(to) => {
            Carried::Refused(NOT_FOR_THEM)
        }
        Sharing::Restrict { .. } | Sharing::Lift if !may_restrict(tx, worker, referral).await? => {
            return Err(StoreError::NotFound);
        }
        Sharing::Restrict { to } if to.is_empty() => Carried::Refused(NOBODY_NAMED),
        Sharing::Restrict { to } => {
            let could = tx.could_see(referral).await?;
            if to.iter().all(|id| could.contains(id)) { Carried::Out } else { Carried::Refused(NOT_FOR_THEM) }
        }
        Sharing::StepBack if tx.seers(referral).await?.iter().all(|id| *id == worker.id) => {
            tx.step_back(referral.person, worker.id, true, now).await?;
            tx.audit(worker.author(), "ask-to-step-back", "referral", referral.reference.as_str(), now)
                .await?;
            Carried::Refused(NOBODY_ELSE)
        }
        Sharing::Lend { .. }
        | Sharing::GiveBack { .. }
        | Sharing::Lift
        | Sharing::StepBack
        | Sharing::LetBack { .. } => Carried::Out,
    })
}

/// Leads may, whoever has the case, and whoever was named to see it.
async fn may_restrict(tx: &mut Tx, worker: &SignedIn, referral: &Referral) -> Result<bool, StoreError> {
    Ok(worker.role.leads()
        || referral.owner == Some(worker.id)
        || tx.restricted_to(referral.person).await?.contains(&worker.id))
}

/// Does it.
///
/// # Errors
/// `TooLate` where somebody was quicker, or where the store fails.
pub async fn act(
    tx: &mut Tx,
    order: &Order,
    sharing: &Sharing,
    referral: &Referral,
    now: Timestamp,
) -> Result<(), StoreError> {
    match sharing {
        Sharing::Lend { to, .. } => {
            tx.lend(referral.id, order.version, (order.worker.id, *to), now).await?;
            tx.audit(order.worker.author(), "lend-to", "staff", &to.to_string(), now).await
        }
        Sharing::GiveBack { .. } => give_back(tx, order, referral, now).await,
        Sharing::Restrict { to } => restrict(tx, order, referral, to, now).await,
        Sharing::Lift => {
            tx.touch(referral.id, order.version, now).await?;
            tx.restrict(referral.person, &[]).await
        }
        Sharing::StepBack => step_back(tx, order.worker.id, referral, now).await,
        Sharing::LetBack { who } => {
            tx.touch(referral.id, order.version, now).await?;
            tx.let_back(referral.person, *who).await?;
            tx.audit(order.worker.author(), "let-back-to", "staff", &who.to_string(), now).await
        }
    }
}

/// Whoever has the case and was not named has it no more; nor does a volunteer help with it.
async fn restrict(
    tx: &mut Tx,
    order: &Order,
    referral: &Referral,
    to: &[StaffId],
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.restrict(referral.person, to).await?;
    tx.end_lending_of(referral.person).await?;
    put_back_another(tx, referral, |owner| !to.contains(&owner), now).await?;
    for staff in to {
        tx.audit(order.worker.author(), "restrict-to", "staff", &staff.to_string(), now).await?;
    }
    let kept_from = referral.owner.is_some_and(|owner| !to.contains(&owner));
    if kept_from && referral.closed_at.is_none() {
        tx.set_owner(referral.id, order.version, None, now).await
    } else {
        tx.touch(referral.id, order.version, now).await
    }
}

/// The open case of the person, where it is another than the one that was looked at, goes back into the queue where
/// whoever has it may not see it any more.
async fn put_back_another(
    tx: &mut Tx,
    referral: &Referral,
    is_shut_out: impl Fn(StaffId) -> bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let open = tx.open_referral_of(referral.person).await?.filter(|open| open.id != referral.id);
    match open {
        Some(open) if open.owner.is_some_and(is_shut_out) => {
            tx.set_owner(open.id, open.version, None, now).await
        }
        Some(_) | None => Ok(()),
    }
}

/// At once, whatever colleagues do with the case meanwhile: not over the version that was seen.
async fn step_back(
    tx: &mut Tx,
    staff: StaffId,
    referral: &Referral,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.step_back(referral.person, staff, false, now).await?;
    if tx.lent(referral.id).await?.is_some_and(|lent| lent.champion == staff) {
        tx.end_lending(referral.id).await?;
    }
    put_back_another(tx, referral, |owner| owner == staff, now).await?;
    if referral.owner == Some(staff) && referral.closed_at.is_none() {
        tx.set_owner(referral.id, referral.version, None, now).await
    } else {
        tx.touch(referral.id, referral.version, now).await
    }
}

/// Whoever has the case sees that it came back, as something new; who had nobody has the link worker who asked.
async fn give_back(
    tx: &mut Tx,
    order: &Order,
    referral: &Referral,
    now: Timestamp,
) -> Result<(), StoreError> {
    let lent = tx.lent(referral.id).await?.ok_or(StoreError::TooLate)?;
    tx.end_lending(referral.id).await?;
    if lent.champion != order.worker.id {
        return tx.touch(referral.id, order.version, now).await;
    }
    let to = referral.owner.unwrap_or(lent.lent_by);
    if tx.seers(referral).await?.contains(&to) {
        tx.give_referral(referral.id, order.version, (lent.champion, to), now).await
    } else {
        tx.set_owner(referral.id, order.version, None, now).await
    }
}
