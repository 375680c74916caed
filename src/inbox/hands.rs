//! From hand to hand: giving a case to a colleague, putting it aside, bringing it back, and saying that somebody was
//! reached.
//!
//! Invariant: what is typed here is a note for colleagues; nothing of it is ever sent.

use axum::extract::Path;
use axum::extract::State;
use axum::response::Response;

use crate::domain::message::Words;
use crate::inbox::Inbox;
use crate::inbox::acts::LONGEST_NOTE;
use crate::inbox::acts::carry_out;
use crate::inbox::acts::not_taken;
use crate::inbox::acts::simple;
use crate::inbox::acts::to_case;
use crate::inbox::again::Again;
use crate::inbox::again::Typed;
use crate::inbox::cases::read;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::form::AsideForm;
use crate::inbox::form::Filled;
use crate::inbox::form::GiveBackForm;
use crate::inbox::form::LendForm;
use crate::inbox::form::Seen;
use crate::inbox::form::TransferForm;
use crate::inbox::form::tidied;
use crate::inbox::keeping::read_until;
use crate::inbox::refusal::Refusal;
use crate::inbox::sharing::Sharing;
use crate::inbox::signed_in::SignedIn;

/// `POST …/transfer`
pub async fn transfer(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<TransferForm>,
) -> Result<Response, Refusal> {
    let seen = Seen { version: form.version, key: form.key };
    let sheet = Sheet { path, seen, heard: None, note: tidied(&form.text) };
    let to = form.to.parse().map_err(|_| sheet.refused(&worker, "Choose a colleague first."));
    sheet.carry_out(worker, &inbox, to, |to, note| Deed::Transfer { to, note }).await
}

/// `POST …/lend`
pub async fn lend(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<LendForm>,
) -> Result<Response, Refusal> {
    let seen = Seen { version: form.version, key: form.key };
    let sheet = Sheet { path, seen, heard: None, note: tidied(&form.text) };
    let to = form.to.parse().map_err(|_| sheet.refused(&worker, "Choose a volunteer first."));
    let agreed = form.agreed.is_some();
    sheet.carry_out(worker, &inbox, to, |to, note| Deed::Share(Sharing::Lend { to, agreed, note })).await
}

/// `POST …/give-back`
pub async fn give_back(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<GiveBackForm>,
) -> Result<Response, Refusal> {
    let seen = Seen { version: form.version, key: form.key };
    let sheet = Sheet { path, seen, heard: None, note: tidied(&form.text) };
    sheet.carry_out(worker, &inbox, Ok(()), |(), note| Deed::Share(Sharing::GiveBack { note })).await
}

/// `POST …/put-aside`
pub async fn put_aside(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<AsideForm>,
) -> Result<Response, Refusal> {
    let seen = Seen { version: form.version, key: form.key };
    let sheet = Sheet { path, seen, heard: form.heard, note: tidied(&form.text) };
    let until = read_until(&form.day, &form.time, inbox.house.clock.now());
    let until = until.ok_or("Choose a day and a time that are still to come, within a year.");
    let reason = form.why.parse().map_err(|_| "Choose a reason first.");
    let chosen = until.and_then(|until| Ok((until, reason?)));
    let chosen = chosen.map_err(|sentence| sheet.refused(&worker, sentence));
    sheet
        .carry_out(worker, &inbox, chosen, |(until, reason), note| Deed::PutAside { until, reason, note })
        .await
}

/// `POST …/bring-back`
pub async fn bring_back(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::BringBack).await
}

/// `POST …/reached`
pub async fn reached(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::Reached).await
}

/// What such a form always carries.
pub(super) struct Sheet {
    pub(super) path: String,
    pub(super) seen: Seen,
    /// When the person wrote last, as the page showed it.
    pub(super) heard: Option<i64>,
    pub(super) note: String,
}

impl Sheet {
    /// The page that says what is missing. The note is on it.
    pub(super) fn refused(&self, worker: &SignedIn, sentence: &'static str) -> Refusal {
        let reference = match read(&self.path) {
            Ok(reference) => reference,
            Err(refusal) => return refusal,
        };
        let seen = (self.seen.version, self.seen.key.as_str());
        let again = Again::on_case(&reference, Typed::Note, seen, self.note.clone());
        not_taken(worker, sentence, to_case(&reference), Some(again).filter(|again| !again.words.is_empty()))
    }

    /// Does it, with what was chosen.
    pub(super) async fn carry_out<T>(
        self,
        worker: SignedIn,
        inbox: &Inbox,
        chosen: Result<T, Refusal>,
        deed: impl FnOnce(T, Words) -> Deed,
    ) -> Result<Response, Refusal> {
        if LONGEST_NOTE < self.note.chars().count() {
            return Err(self.refused(&worker, "It was not done: a note can have 4,000 letters at the most."));
        }
        let reference = read(&self.path)?;
        let (heard, Seen { version, key }) = (self.heard, self.seen);
        let deed = deed(chosen?, Words(self.note));
        carry_out(inbox, Order { worker, reference, version, key, heard, deed }).await
    }
}
