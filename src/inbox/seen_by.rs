//! Who sees a case: restricting it to named colleagues, and "I know this person".
//!
//! Invariant: who has stepped back is told to leads, and never why.

use axum::extract::Path;
use axum::extract::State;
use axum::response::Response;
use std::time::Duration;

use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::acts::carry_out;
use crate::inbox::acts::simple;
use crate::inbox::cases::read;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::form::Filled;
use crate::inbox::form::LetBackForm;
use crate::inbox::form::RestrictForm;
use crate::inbox::form::Seen;
use crate::inbox::page::Moment;
use crate::inbox::refusal::Refusal;
use crate::inbox::sharing::Sharing;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Leading;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Case;
use crate::inbox::view::Names;
use crate::store::error::StoreError;
use crate::store::restricted::SteppedBack;
use crate::store::tx::Reader;

/// What the page of a case says of who sees it.
#[derive(Debug, Clone, Default)]
pub struct SeenBy {
    /// Who alone sees it; nobody where it is not restricted.
    pub named: Vec<Foreign>,
    /// Who could be named, and whether they are; nobody where whoever looks may not restrict it.
    pub candidates: Vec<(StaffId, Foreign, bool)>,
    /// Who has stepped back, for leads.
    pub stepped: Vec<SteppedView>,
}

/// Somebody who has stepped back.
#[derive(Debug, Clone)]
pub struct SteppedView {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub who: Foreign,
    /// When.
    pub at: Moment,
    /// Whether it waits, because nobody else saw the case.
    pub waits: bool,
}

/// What is known of who sees a case.
#[derive(Debug, Default)]
pub struct Shared {
    /// Who alone sees it.
    pub named: Vec<StaffId>,
    /// Who could see it.
    pub could: Vec<StaffId>,
    /// Who has stepped back.
    pub stepped: Vec<SteppedBack>,
}

/// What stands above the list for leads.
#[derive(Debug, Default)]
pub struct ForLeads {
    /// Open concerns whose cases they do not see.
    pub concerns: Vec<(ConcernId, Moment)>,
    /// Who has stepped back lately: who, when, the case with whether they see it, and whether it waits.
    pub stepped: Vec<SteppedLine>,
}

/// A line of it.
#[derive(Debug)]
pub struct SteppedLine {
    /// Who.
    pub who: Foreign,
    /// When.
    pub at: Moment,
    /// The case.
    pub reference: Reference,
    /// Whether the lead sees it.
    pub seen: bool,
    /// Whether it waits, because nobody else sees it.
    pub waits: bool,
}

/// For how long leads are told.
const TOLD_FOR: Duration = Duration::from_secs(14 * 24 * 3600);

/// What the page of a case says of who sees it.
#[must_use]
pub fn seen_by(worker: &SignedIn, case: &Case) -> SeenBy {
    let Shared { named, could, stepped } = &case.shared;
    let leads = worker.role.leads();
    let may_restrict = leads || case.referral.owner == Some(worker.id) || named.contains(&worker.id);
    let candidates = could.iter().filter(|_| may_restrict);
    SeenBy {
        named: named.iter().map(|id| case.staff.get(*id)).collect(),
        candidates: candidates.map(|id| (*id, case.staff.get(*id), named.contains(id))).collect(),
        stepped: stepped
            .iter()
            .filter(|_| leads)
            .map(|one| SteppedView {
                id: one.staff,
                who: case.staff.get(one.staff),
                at: Moment(one.stepped_at),
                waits: one.waits,
            })
            .collect(),
    }
}

/// What stands above the list for leads; nothing for anybody else.
///
/// # Errors
/// Where the store fails.
pub async fn for_leads(
    reader: &mut Reader,
    worker: &SignedIn,
    names: &Names,
    now: Timestamp,
) -> Result<ForLeads, StoreError> {
    if !worker.role.leads() {
        return Ok(ForLeads::default());
    }
    let concerns = reader.concerns_beyond(worker.id).await?;
    let stepped = reader.stepped_lately(worker.id, now.minus(TOLD_FOR)).await?;
    Ok(ForLeads {
        concerns: concerns.into_iter().map(|concern| (concern.id, Moment(concern.raised_at))).collect(),
        stepped: stepped
            .into_iter()
            .map(|one| SteppedLine {
                who: names.get(one.staff),
                at: Moment(one.stepped_at),
                reference: one.reference,
                seen: one.seen,
                waits: one.waits,
            })
            .collect(),
    })
}

/// `POST …/restrict`
pub async fn restrict(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(fields): Filled<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let RestrictForm { seen: Seen { version, key }, to } = RestrictForm::read(&fields)?;
    let reference = read(&path)?;
    let deed = Deed::Share(Sharing::Restrict { to });
    carry_out(&inbox, Order { worker, reference, version, key, heard: None, deed }).await
}

/// `POST …/lift`
pub async fn lift(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::Share(Sharing::Lift)).await
}

/// `POST …/step-back`
pub async fn step_back(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    simple(worker, &inbox, &path, form, Deed::Share(Sharing::StepBack)).await
}

/// `POST …/let-back`
pub async fn let_back(
    Leading(worker): Leading,
    inbox: State<Inbox>,
    path: Path<String>,
    Filled(form): Filled<LetBackForm>,
) -> Result<Response, Refusal> {
    let who = form.who.parse().map_err(|_| Refusal::Unreadable)?;
    let seen = Filled(Seen { version: form.version, key: form.key });
    simple(worker, &inbox, &path, seen, Deed::Share(Sharing::LetBack { who })).await
}
