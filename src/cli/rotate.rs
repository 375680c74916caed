//! `footbridge admin rotate-key`: another secret key.
//!
//! Invariant: nobody is told to take an old key away before nothing needs it any more.

use futures_util::FutureExt;

use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::clock::Clock;
use crate::store::Store;
use crate::store::outbox::Author;
use crate::store::rotation::Rotated;

/// How often it says how far it is.
const SAID_EVERY: u64 = 100_000;

/// Wraps every key by the secret key in force.
pub async fn rotate(store: &Store) -> anyhow::Result<Outcome> {
    let mut said = 0;
    let rotated = store.rotate(|so_far: Rotated| {
        if said + SAID_EVERY <= so_far.all() {
            said = so_far.all();
            eprintln!("{said} keys looked at …");
        }
    });
    let Rotated { now, before, foreign } = rotated.await?;
    println!("Keys wrapped anew: {now}. Wrapped by FOOTBRIDGE_SECRET_KEY before: {before}.");
    if 0 < foreign {
        let why = format!(
            "{foreign} keys are opened neither by FOOTBRIDGE_SECRET_KEY nor by FOOTBRIDGE_OTHER_SECRET_KEYS, and were left as they are. Add the key that wraps them, and run the same again"
        );
        return Err(DoesNotHold(why).into());
    }
    if 0 < now {
        let at = Clock::System.now();
        let noted = store.write(move |tx| {
            async move { tx.audit(Author::System, "rotate-key", "keys", "all", at).await }.boxed()
        });
        noted.await?;
    }
    println!(
        "Once every server has FOOTBRIDGE_SECRET_KEY as it is here, run this again. Says it 0 wrapped anew, take FOOTBRIDGE_OTHER_SECRET_KEYS away, make a backup, and keep the old key only as long as the backups from before."
    );
    Ok(Outcome::Fine)
}
