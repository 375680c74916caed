//! The practices to which an account is kept: an administrator chooses them.
//!
//! Invariant: a change is audited, practice by practice, and an administrator is kept to none.

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;

use crate::directory::Directory;
use crate::domain::ids::PracticeId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::form::Filled;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::people::to_people;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Administrator;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::scope::Practices;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// The practices of a service, to be chosen from.
#[derive(Debug)]
pub struct PracticesOf {
    /// The service.
    pub name: Foreign,
    /// Each practice: id, name, and whether it is chosen.
    pub practices: Vec<(PracticeId, Foreign, bool)>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/scope.html")]
pub struct ScopePage {
    /// The frame.
    pub layout: Layout,
    /// Whose account it is.
    pub id: StaffId,
    /// Their name.
    pub name: Foreign,
    /// What can be chosen.
    pub practices: Vec<PracticesOf>,
}

/// The practices of these services, those ticked that are among the chosen.
#[must_use]
pub fn practices_of(
    directory: &Directory,
    has: impl Fn(&ServiceId) -> bool,
    chosen: &[String],
) -> Vec<PracticesOf> {
    let services = directory.services().iter().filter(|service| has(&service.id));
    let all = services.map(|service| PracticesOf {
        name: Foreign::new(&service.name),
        practices: service
            .practices
            .iter()
            .map(|practice| {
                let is_chosen = chosen.iter().any(|id| id == practice.id.as_str());
                (practice.id.clone(), Foreign::new(&practice.name), is_chosen)
            })
            .collect(),
    });
    all.filter(|service| !service.practices.is_empty()).collect()
}

/// Those of the chosen that are practices of ours.
#[must_use]
pub fn chosen(directory: &Directory, chosen: &[String]) -> Practices {
    let all = directory.practices();
    let ours = all.filter(|(_, practice)| chosen.iter().any(|id| id == practice.id.as_str()));
    ours.map(|(service, practice)| (service.id.clone(), practice.id.clone())).collect()
}

/// The name of a practice; its id where it has left.
#[must_use]
pub fn name_of(directory: &Directory, practice: &PracticeId) -> Foreign {
    Foreign::new(directory.practice(practice).map_or(practice.as_str(), |(_, practice)| &practice.name))
}

/// `GET /inbox/people/{ID}/practices`
pub async fn page(
    Administrator(worker): Administrator,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id: StaffId = id.parse().map_err(|_| Refusal::NotHere)?;
    let content = inbox.house.content.get();
    let mut reader = inbox.house.store.read().await?;
    let (name, services) = kept(&mut reader, id).await?;
    let now_kept = reader.practices_of(id).await?;
    let now_kept: Vec<String> =
        now_kept.into_iter().map(|(_, practice)| practice.as_str().to_owned()).collect();
    let practices = practices_of(&content.directory, |service| services.contains(service), &now_kept);
    let page = ScopePage { layout: worker.layout("Choose practices"), id, name, practices };
    Ok(respond(StatusCode::OK, &page))
}

/// `POST /inbox/people/{ID}/practices`
pub async fn set(
    Administrator(worker): Administrator,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(fields): Filled<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let id: StaffId = id.parse().map_err(|_| Refusal::NotHere)?;
    let ticked: Vec<String> =
        fields.into_iter().filter(|(field, _)| field == "practice").map(|(_, practice)| practice).collect();
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let practices = chosen(&inbox.house.content.get().directory, &ticked);
    let written = inbox.house.store.write(move |tx| {
        let mut practices = practices.clone();
        async move {
            let (_, services) = kept(tx, id).await?;
            practices.retain(|(service, _)| services.contains(service));
            keep_to(tx, id, (practices, author), now).await
        }
        .boxed()
    });
    written.await?;
    Ok(to_people())
}

/// The name and the services of an account that can be kept to practices; of another there is no such page.
async fn kept(reader: &mut Reader, id: StaffId) -> Result<(Foreign, Vec<ServiceId>), StoreError> {
    let staff = reader.staff(id).await?.staff;
    if !staff.role.may_be_kept_to_practices() {
        return Err(StoreError::NotFound);
    }
    Ok((Foreign::new(&staff.name.0), reader.services_of(id).await?))
}

/// Each practice that was added or taken away stands in the audit, behind whose account it was.
async fn keep_to(
    tx: &mut Tx,
    id: StaffId,
    (practices, author): (Practices, Author),
    now: Timestamp,
) -> Result<(), StoreError> {
    let before = tx.practices_of(id).await?;
    tx.set_practices(id, &practices).await?;
    tx.audit(author, "choose-practices", "staff", &id.to_string(), now).await?;
    let added = practices.iter().filter(|one| !before.contains(one)).map(|one| ("add-practice", one));
    let gone = before.iter().filter(|one| !practices.contains(one)).map(|one| ("take-practice", one));
    for (action, (_, practice)) in added.chain(gone) {
        tx.audit(author, action, "practice", practice.as_str(), now).await?;
    }
    Ok(())
}
