//! Drafts: what is typed into the box for a text and the box for a note, kept while somebody types.
//!
//! Invariant: nothing here sends or keeps a note, each box has an address of its own, and what was sent or kept comes back
//! as no draft, however late its last keeping comes in.

use axum::extract::Path;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::domain::ids::Reference;
use crate::domain::ids::ReferralId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::acts::LONGEST_NOTE;
use crate::inbox::acts::not_taken;
use crate::inbox::acts::to_case;
use crate::inbox::cases::read;
use crate::inbox::deed::Order;
use crate::inbox::form::DraftForm;
use crate::inbox::form::Filled;
use crate::inbox::form::tidied;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::store::draft::DraftKind;
use crate::store::error::StoreError;
use crate::store::sight::Sight;
use crate::store::tx::Tx;

/// `POST …/reply/draft`
pub async fn keep_text(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<DraftForm>,
) -> Result<Response, Refusal> {
    keep(worker, &inbox, &path, form, DraftKind::Text).await
}

/// `POST …/note/draft`
pub async fn keep_note(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<DraftForm>,
) -> Result<Response, Refusal> {
    keep(worker, &inbox, &path, form, DraftKind::Note).await
}

/// Keeps it, or throws it away where nothing is left of it. No line of the audit: the case is as it was.
async fn keep(
    worker: SignedIn,
    inbox: &Inbox,
    path: &str,
    Filled(form): Filled<DraftForm>,
    kind: DraftKind,
) -> Result<Response, Refusal> {
    let reference = read(path)?;
    let onward = match kind {
        DraftKind::Text => format!("/inbox/referrals/{reference}#reply"),
        DraftKind::Note => format!("/inbox/referrals/{reference}#note"),
    };
    let body = tidied(&form.text);
    if LONGEST_NOTE < body.chars().count() {
        return Err(Refusal::Unreadable);
    }
    let body = form.away.is_none().then_some(body).filter(|body| !body.is_empty()).map(Words);
    let now = inbox.house.clock.now();
    let (case, by, used) = (reference.clone(), worker.clone(), used(&reference, kind, &form.key));
    let written = inbox.house.store.write(move |tx| {
        let (reference, body, worker, used) = (case.clone(), body.clone(), by.clone(), used.clone());
        async move {
            let referral = tx.referral(&reference).await?;
            if tx.sight(worker.id, &referral).await? != Sight::Whole {
                return Err(StoreError::NotFound);
            }
            tx.refuse_erased(referral.person).await?;
            match body {
                Some(_) if tx.form_token_is_used(worker.id, &used).await? => return Ok(false),
                Some(body) => tx.keep_draft(&referral, (worker.id, kind), &body, now).await?,
                None => tx.drop_draft(referral.id, (worker.id, kind)).await?,
            }
            Ok(true)
        }
        .boxed()
    });
    if written.await? {
        return Ok(Redirect::to(&onward).into_response());
    }
    let sentence = "It was not kept: what stood in this box was sent or kept before. Your browser still has what you wrote since: copy it, then open the case again.";
    Err(not_taken(&worker, sentence, to_case(&reference), None))
}

/// What is used up when what stands in a box is sent or kept.
fn used(reference: &Reference, kind: DraftKind, key: &str) -> String {
    format!("{reference}:{}-draft:{key}", kind.as_str())
}

/// What stood in a box was sent or kept: it is no draft any more, nor does it come back as one.
///
/// # Errors
/// Where the store fails.
pub async fn end(
    tx: &mut Tx,
    order: &Order,
    (referral, kind): (ReferralId, DraftKind),
    now: Timestamp,
) -> Result<(), StoreError> {
    let staff = order.worker.id;
    tx.use_form_token(staff, &used(&order.reference, kind, &order.key), now).await?;
    tx.drop_draft(referral, (staff, kind)).await
}
