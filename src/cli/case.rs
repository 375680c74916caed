//! A case that a command names by its reference.
//!
//! Invariant: what is told of it was written into the audit before.

use futures_util::FutureExt;

use crate::cli::DoesNotHold;
use crate::clock::Clock;
use crate::domain::ids::Reference;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::referral::Referral;
use crate::store::tx::Reader;

/// The case; that there is none is an answer, not a failure.
pub async fn find(reader: &mut Reader, reference: &Reference) -> anyhow::Result<Referral> {
    reader.referral(reference).await.map_err(|error| match error {
        StoreError::NotFound => DoesNotHold(format!("there is no referral {reference}")).into(),
        error => error.into(),
    })
}

/// Writes into the audit what is done with the case at the terminal.
pub async fn audit(store: &Store, reference: &Reference, action: &'static str) -> Result<(), StoreError> {
    let (now, subject) = (Clock::System.now(), reference.to_string());
    let written = store.write(move |tx| {
        let subject = subject.clone();
        async move { tx.audit(Author::System, action, "referral", &subject, now).await }.boxed()
    });
    written.await
}
