//! `footbridge admin export-person`: everything that is held of a person, for themselves.
//!
//! Invariant: nothing is told before it is audited that it was read.

use crate::cli::DoesNotHold;
use crate::cli::admin::Format;
use crate::cli::case;
use crate::domain::ids::Reference;
use crate::inbox::export::Export;
use crate::store::Store;

/// Everything that is held of the person of this case. That it was read is written into the audit.
///
/// # Errors
/// Where there is no such case, the person was erased, or the store fails.
pub async fn of(store: &Store, reference: &Reference, format: Format) -> anyhow::Result<String> {
    let mut reader = store.read().await?;
    let referral = case::find(&mut reader, reference).await?;
    if let Some(erased_at) = reader.erased_at(referral.person).await? {
        return Err(DoesNotHold(format!("what they wrote was erased on {erased_at}")).into());
    }
    let export = Export::of(&mut reader, referral.person).await?;
    drop(reader);
    case::audit(store, reference, "export-person").await?;
    Ok(match format {
        Format::Json => export.json(),
        Format::Text => export.text(),
    })
}
