//! What follows from a provider's reports on texts that have left.
//!
//! Invariant: a report that is noted and what follows from it are one transaction.

use std::sync::Arc;

use futures_util::FutureExt;

use crate::channel::GiveUpReason;
use crate::channel::twilio::status::Consequence;
use crate::channel::twilio::status::Report;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::store::delivery::DeliveryReport;
use crate::store::delivery::TextTrace;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

/// Takes a report: notes it, sends the text once more where that may help, and calls a human where it did not arrive.
///
/// # Errors
/// Where the store is away: the report was not taken.
pub async fn report(store: &Store, report: &Report, now: Timestamp) -> Result<(), StoreError> {
    let report = Arc::new(report.clone());
    let take = store.write(move |tx| {
        let report = Arc::clone(&report);
        async move { take(tx, &report, now).await }.boxed()
    });
    if let Some(lost) = take.await? {
        let (purpose, code) = (lost.purpose.as_str(), lost.error_code);
        tracing::warn!(outbox.id = %lost.id, purpose, code, "A text did not arrive; a human was called");
    }
    Ok(())
}

/// The text about which a human was called, if so.
async fn take(tx: &mut Tx, report: &Report, now: Timestamp) -> Result<Option<TextTrace>, StoreError> {
    let code = report.code.map(|code| code.to_string());
    let noted = DeliveryReport {
        provider_id: &report.provider_id,
        status: report.status,
        error_code: code.as_deref(),
    };
    let Some(text) = tx.note_delivery(report.outbox_id, noted, now).await? else {
        return Ok(None);
    };
    let lost = match report.consequence {
        Consequence::None => false,
        Consequence::RetryOnce { after } => {
            let again = tx.append_again(text.id, now.plus(after), now).await?;
            // Nobody in danger is left alone while a phone comes back.
            again.is_none() || matches!(text.purpose, Purpose::Safety | Purpose::Alert)
        }
        Consequence::GiveUp { reason } => {
            if reason == GiveUpReason::OptedOut {
                tx.opt_out_receiver(text.id).await?;
            }
            true
        }
    };
    let called = lost && tx.call_human(text.id, text.person, now).await?;
    Ok(called.then_some(text))
}
