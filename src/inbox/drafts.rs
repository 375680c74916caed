//! Drafts: what is typed into the box for a text and the box for a note, kept while somebody types.
//!
//! Invariant: nothing here sends or keeps a note, and each box has an address of its own.

use axum::extract::Path;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::domain::message::Words;
use crate::inbox::Inbox;
use crate::inbox::acts::LONGEST_NOTE;
use crate::inbox::cases::read;
use crate::inbox::form::DraftForm;
use crate::inbox::form::Filled;
use crate::inbox::form::tidied;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::SignedIn;
use crate::store::draft::DraftKind;
use crate::store::error::StoreError;
use crate::store::sight::Sight;

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
    let written = inbox.house.store.write(move |tx| {
        let (reference, body, worker) = (reference.clone(), body.clone(), worker.clone());
        async move {
            let referral = tx.referral(&reference).await?;
            if tx.sight(worker.id, &referral).await? != Sight::Whole {
                return Err(StoreError::NotFound);
            }
            tx.refuse_erased(referral.person).await?;
            match body {
                Some(body) => tx.keep_draft(&referral, (worker.id, kind), &body, now).await,
                None => tx.drop_draft(referral.id, (worker.id, kind)).await,
            }
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to(&onward).into_response())
}
