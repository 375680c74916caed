//! What stands around the list of cases: who watches it, what can be done with the chosen, and whether it is new.
//!
//! Invariant: nothing here changes which cases are listed, or in which order.

use crate::content::Content;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::bulk::Bar;
use crate::inbox::bulk::bar;
use crate::inbox::presence::Presence;
use crate::inbox::presence::presence;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::inbox::watchers::Unwatched;
use crate::inbox::watchers::unwatched;
use crate::store::error::StoreError;
use crate::store::label::Label;
use crate::store::tx::Reader;

/// What stands around the list.
#[derive(Debug, Default)]
pub struct Beside {
    /// The services that too few people watch, for administrators.
    pub unwatched: Vec<Unwatched>,
    /// What can be done with the chosen; nothing where there is nothing to choose.
    pub bar: Option<Bar>,
    /// The newest open concern.
    pub presence: Presence,
}

/// Gathers it, for whoever looks.
///
/// # Errors
/// Where the store fails.
pub async fn beside(
    worker: &SignedIn,
    inbox: &Inbox,
    content: &Content,
    (reader, names, labels): (&mut Reader, &Names, &[Label]),
    now: Timestamp,
) -> Result<Beside, StoreError> {
    Ok(Beside {
        unwatched: unwatched(worker, reader, &content.directory, now).await?,
        bar: Some(
            bar(worker, inbox.form_key(), &content.directory, (&mut *reader, names, labels), now).await?,
        ),
        presence: presence(reader, &[], worker.id).await?,
    })
}
