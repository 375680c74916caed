//! `footbridge admin verify-audit`.
//!
//! Invariant: it changes nothing but what opening the store changes, and says of a line nothing but its number.

use crate::cli::Outcome;
use crate::store::Store;
use crate::store::audit_seal::Break;
use crate::store::audit_seal::Verified;

/// Walks the audit, and says the first line that is not as it was written.
pub async fn audit(store: &Store, sealed_from: i64) -> anyhow::Result<Outcome> {
    Ok(match store.read().await?.verify_audit(sealed_from).await? {
        Verified::Whole { last, seal } => {
            let seal = seal.unwrap_or_default();
            let seal: String = seal.iter().map(|byte| format!("{byte:02x}")).collect();
            println!("The audit is as it was written. Lines: {last}. Seal of the last: {seal}");
            println!(
                "Write both down elsewhere: that lines were cut off at the end shows in that the number is smaller later."
            );
            Outcome::Fine
        }
        Verified::Broken { number, why } => {
            let what = match why {
                Break::Missing => "is not there",
                Break::Unsealed => "bears no seal",
                Break::Changed => {
                    "is not as it was written, or the one before it is not the one that stood there"
                }
                Break::Beyond => "bears a number that was never given out",
            };
            println!("Line {number} of the audit {what}.");
            Outcome::DoesNotHold
        }
    })
}
