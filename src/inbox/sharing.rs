//! Who else sees a case: a volunteer champion who helps with it.
//!
//! Invariant: whatever is shared, the case stays in the folders of a link worker who can answer.

use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Order;
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
}

impl Sharing {
    /// The word in the audit.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Lend { .. } => "lend",
            Self::GiveBack { .. } => "give-back",
        }
    }

    /// The note that goes with it; nothing where none was written.
    #[must_use]
    pub fn note(&self) -> Option<&Words> {
        match self {
            Self::Lend { note, .. } | Self::GiveBack { note } => Some(note).filter(|note| !note.0.is_empty()),
        }
    }

    /// What was chosen: who goes back and chooses something else has not sent the same form twice.
    #[must_use]
    pub fn chosen(&self) -> String {
        match self {
            Self::Lend { to, .. } => to.to_string(),
            Self::GiveBack { .. } => String::new(),
        }
    }

    /// Whether a volunteer champion may do this.
    #[must_use]
    pub fn is_for_champions(&self) -> bool {
        match self {
            Self::GiveBack { .. } => true,
            Self::Lend { .. } => false,
        }
    }

    /// Whether whoever does it sees the case no more.
    #[must_use]
    pub fn parts(&self, only_helps: bool) -> bool {
        match self {
            Self::GiveBack { .. } => only_helps,
            Self::Lend { .. } => false,
        }
    }
}

/// What stands between a link worker and what they want to share.
///
/// # Errors
/// Where the store fails.
pub async fn hurdle(tx: &mut Tx, sharing: &Sharing, referral: &Referral) -> Result<Carried, StoreError> {
    Ok(match sharing {
        Sharing::Lend { agreed: false, .. } => Carried::NotAgreed,
        Sharing::Lend { to, .. } if !tx.champions_for(referral).await?.contains(to) => Carried::NotForThem,
        Sharing::Lend { .. } | Sharing::GiveBack { .. } => Carried::Out,
    })
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
