//! What stands between a link worker and what they want done with a case.
//!
//! Invariant: nothing is changed here; what is in the way is said, so that it can be dealt with.

use crate::content::Content;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::labelling;
use crate::inbox::later;
use crate::inbox::later::Quiet;
use crate::inbox::later::When;
use crate::inbox::same;
use crate::inbox::sharing;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::tx::Tx;

/// What stands between a link worker and what they want done.
///
/// # Errors
/// Where the store fails.
pub async fn hurdle(
    tx: &mut Tx,
    content: &Content,
    order: &Order,
    referral: &Referral,
    now: Timestamp,
) -> Result<Carried, StoreError> {
    match &order.deed {
        Deed::Reply { reason, when, .. } => {
            let in_the_way = before_a_text(tx, referral, reason).await?;
            match when {
                When::Now if in_the_way == Carried::Out => {
                    before_a_late_text(tx, content, referral, now).await
                }
                When::Now | When::Surely | When::At(_) => Ok(in_the_way),
            }
        }
        Deed::Later(later) => later::hurdle(tx, order, (referral, *later), now).await,
        Deed::Decline(_) | Deed::Close(_) | Deed::PutAside { .. } => {
            before_an_end(tx, referral, order.heard).await
        }
        Deed::Transfer { to, .. } => {
            let may = tx.seers(referral).await?.contains(to);
            Ok(if may { Carried::Out } else { Carried::Refused(sharing::NOT_FOR_THEM) })
        }
        Deed::Share(sharing) => sharing::hurdle(tx, (&order.worker, sharing), referral, now).await,
        Deed::Same(same) => same::hurdle(tx, order.worker.id, (referral, same)).await,
        Deed::Label(labelling) => labelling::hurdle(tx, *labelling, referral).await,
        Deed::Claim
        | Deed::TakeOver
        | Deed::HandBack
        | Deed::Release
        | Deed::BringBack
        | Deed::Reached
        | Deed::Contact(_)
        | Deed::Note(_)
        | Deed::CorrectThemes(_)
        | Deed::Accept => Ok(Carried::Out),
    }
}

/// A concern is dealt with before its case ends or is put aside, the oldest first, and what the person wrote is read. A
/// case that has ended is told of neither: somebody was quicker.
async fn before_an_end(tx: &mut Tx, referral: &Referral, seen: Option<i64>) -> Result<Carried, StoreError> {
    if referral.closed_at.is_some() {
        return Ok(Carried::Out);
    }
    let concerns = tx.concerns_of(referral.person).await?;
    let open = concerns.into_iter().rfind(|concern| concern.acknowledged.is_none());
    if let Some(concern) = open {
        return Ok(Carried::ConcernOpen(concern.id));
    }
    let newer = |at: &Timestamp| seen.is_some_and(|seen| seen < at.as_micros());
    let unread = tx.heard_last(referral.person).await?.filter(newer);
    Ok(unread.map_or(Carried::Out, Carried::NotRead))
}

async fn before_a_text(tx: &mut Tx, referral: &Referral, reason: &Words) -> Result<Carried, StoreError> {
    let person = tx.whole_person(referral.person).await?;
    Ok(match tx.texted_at(referral.person).await? {
        None => Carried::CannotBeTexted,
        Some(_) if person.texts_unsafe && reason.0.is_empty() => Carried::NeedsAReason,
        Some(_) => Carried::Out,
    })
}

/// At night it is asked whether a text can wait until the morning, unless it answers somebody who has just written.
async fn before_a_late_text(
    tx: &mut Tx,
    content: &Content,
    referral: &Referral,
    now: Timestamp,
) -> Result<Carried, StoreError> {
    let heard = tx.heard_last(referral.person).await?;
    Ok(match Quiet::of(content, referral, heard, now) {
        Quiet::No | Quiet::JustWrote => Carried::Out,
        Quiet::Until(morning) => Carried::Quiet(morning.0),
    })
}
