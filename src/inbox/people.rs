//! Who works here, for administrators: inviting, taking back, letting nobody in any more, a lost second step.
//!
//! Invariant: every change is audited, and nobody locks themselves out.

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::directory::Directory;
use crate::domain::ids::InvitationId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::staff::Role;
use crate::inbox::Inbox;
use crate::inbox::account_form::InviteForm;
use crate::inbox::entry;
use crate::inbox::form::Filled;
use crate::inbox::invited;
use crate::inbox::invited::LINK_GOOD_FOR;
use crate::inbox::invited::Wanted;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::scope;
use crate::inbox::scope::PracticesOf;
use crate::inbox::second_factor;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Administrator;
use crate::inbox::words::role_words;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/people.html")]
pub struct PeoplePage {
    /// The frame.
    pub layout: Layout,
    /// Who works or worked here.
    pub people: Vec<PersonView>,
    /// Who was invited.
    pub invited: Vec<InvitedView>,
    /// The services that there are: id, name, and whether somebody who is invited will see it.
    pub services: Vec<(ServiceId, Foreign, bool)>,
    /// The practices of each.
    pub practices: Vec<PracticesOf>,
    /// What was typed.
    pub email: String,
    /// The role that was chosen.
    pub role: Role,
    /// What was wrong, in a sentence.
    pub problem: Option<&'static str>,
}

/// Somebody who works or worked here.
#[derive(Debug)]
pub struct PersonView {
    /// Their account.
    pub id: StaffId,
    /// Their name.
    pub name: Foreign,
    /// Their e-mail address.
    pub email: Foreign,
    /// What they may do, and where.
    pub role: &'static str,
    /// The services whose queues they see.
    pub services: Vec<Foreign>,
    /// The practices to which they are kept; none where they see all of their services.
    pub practices: Vec<Foreign>,
    /// Whether they can be kept to some.
    pub choosable: bool,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether they have a second step.
    pub has_second_factor: bool,
    /// Whether it is whoever looks.
    pub me: bool,
}

/// Somebody who was invited.
#[derive(Debug)]
pub struct InvitedView {
    /// The invitation.
    pub id: InvitationId,
    /// The e-mail address.
    pub email: Foreign,
    /// What they will be able to do.
    pub role: &'static str,
    /// When the link ends.
    pub until: Moment,
}

/// The link, once.
#[derive(Debug, Template)]
#[template(path = "inbox/invited.html")]
pub struct InvitedPage {
    /// The frame.
    pub layout: Layout,
    /// The link.
    pub link: String,
    /// Whom it is for.
    pub email: Foreign,
    /// When it ends.
    pub until: Moment,
}

impl PeoplePage {
    fn roles(&self) -> Vec<(&'static str, &'static str, bool)> {
        Role::ALL.map(|role| (role.as_str(), role_words(role), role == self.role)).into()
    }
}

const NO_ROLE: &str = "Choose what they may do.";
const NO_SERVICE: &str = "Choose at least one service: without one they would see nobody.";
const NOT_THEIR_PRACTICE: &str = "You chose a practice, but not its service. Choose both, or neither.";
const HAS_ACCOUNT: &str = "Somebody has an account with this email address already: look at the list below.";

/// `GET /inbox/people`
pub async fn show(
    Administrator(worker): Administrator,
    State(inbox): State<Inbox>,
) -> Result<Response, Refusal> {
    let form = InviteForm { role: Role::LinkWorker.as_str().to_owned(), ..InviteForm::default() };
    page(&Administrator(worker), &inbox, form, None).await
}

async fn page(
    Administrator(worker): &Administrator,
    inbox: &Inbox,
    form: InviteForm,
    problem: Option<&'static str>,
) -> Result<Response, Refusal> {
    let content = inbox.house.content.get();
    let directory = &content.directory;
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let mut people = Vec::new();
    for staff in reader.all_staff().await? {
        let proof = reader.staff(staff.id).await?;
        let services = reader.services_of(staff.id).await?;
        let practices = reader.practices_of(staff.id).await?;
        people.push(PersonView {
            id: staff.id,
            name: Foreign::new(&staff.name.0),
            email: Foreign::new(&staff.email.0),
            role: role_words(staff.role),
            services: services.iter().map(|service| name_of(directory, service)).collect(),
            practices: practices.iter().map(|(_, practice)| scope::name_of(directory, practice)).collect(),
            choosable: staff.role.may_be_kept_to_practices(),
            active: staff.active,
            has_second_factor: proof.second_factor.is_some(),
            me: staff.id == worker.id,
        });
    }
    let invited = reader.invitations(now).await?;
    let invited = invited.into_iter().map(|invitation| InvitedView {
        id: invitation.id,
        email: Foreign::new(&invitation.email.0),
        role: role_words(invitation.role),
        until: Moment(invitation.expires_at),
    });
    let services = directory.services().iter();
    let page = PeoplePage {
        layout: worker.layout("People who work here"),
        people,
        invited: invited.collect(),
        services: services
            .map(|service| {
                let chosen = form.services.iter().any(|id| id == service.id.as_str());
                (service.id.clone(), Foreign::new(&service.name), chosen)
            })
            .collect(),
        practices: scope::practices_of(directory, |_| true, &form.practices),
        email: form.email,
        role: form.role.parse().unwrap_or(Role::LinkWorker),
        problem,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

fn name_of(directory: &Directory, service: &ServiceId) -> Foreign {
    Foreign::new(directory.service(service).map_or(service.as_str(), |service| &service.name))
}

/// `POST /inbox/people/invite`
pub async fn invite(
    admin: Administrator,
    State(inbox): State<Inbox>,
    Filled(fields): Filled<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let form = InviteForm::from(fields);
    let wanted = match wanted(&admin, &inbox, &form) {
        Ok(wanted) => wanted,
        Err(problem) => return page(&admin, &inbox, form, Some(problem)).await,
    };
    let now = inbox.house.clock.now();
    let house = &inbox.house;
    match invited::make_link(&house.store, &inbox.randomness, &inbox.base, wanted, now).await {
        Ok(link) => Ok(respond(
            StatusCode::OK,
            &InvitedPage {
                layout: admin.0.layout("Send them this link"),
                link,
                email: Foreign::new(form.email.trim()),
                until: Moment(now.plus(LINK_GOOD_FOR)),
            },
        )),
        Err(StoreError::TooLate) => page(&admin, &inbox, form, Some(HAS_ACCOUNT)).await,
        Err(error) => Err(error.into()),
    }
}

fn wanted(admin: &Administrator, inbox: &Inbox, form: &InviteForm) -> Result<Wanted, &'static str> {
    let email = entry::read_email(&form.email)?;
    let role: Role = form.role.parse().map_err(|_| NO_ROLE)?;
    let content = inbox.house.content.get();
    let known = content.directory.services().iter().map(|service| service.id.clone());
    let services: Vec<ServiceId> =
        known.filter(|id| form.services.iter().any(|chosen| chosen == id.as_str())).collect();
    if services.is_empty() && role.belongs_to_services() {
        return Err(NO_SERVICE);
    }
    let practices = scope::chosen(&content.directory, &form.practices);
    if !role.may_be_kept_to_practices() {
        return Ok(Wanted { email, role, services, practices: Vec::new(), by: Some(admin.0.id) });
    }
    if practices.iter().any(|(service, _)| !services.contains(service)) {
        return Err(NOT_THEIR_PRACTICE);
    }
    Ok(Wanted { email, role, services, practices, by: Some(admin.0.id) })
}

/// `POST /inbox/people/invitations/{ID}/withdraw`
pub async fn withdraw(
    Administrator(worker): Administrator,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id: InvitationId = id.parse().map_err(|_| Refusal::NotHere)?;
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let written = inbox.house.store.write(move |tx| {
        async move {
            if tx.drop_invitation(id).await? {
                tx.audit(author, "withdraw-invitation", "invitation", &id.to_string(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    written.await?;
    Ok(to_people())
}

/// What is done with the account of a colleague.
#[derive(Debug, Clone, Copy)]
enum Change {
    RemoveSecondFactor,
    Stop,
    Resume,
}

/// `POST /inbox/people/{ID}/remove-second-factor`
pub async fn remove_second_factor(
    admin: Administrator,
    inbox: State<Inbox>,
    path: Path<String>,
) -> Result<Response, Refusal> {
    change(admin, inbox, path, Change::RemoveSecondFactor).await
}

/// `POST /inbox/people/{ID}/stop`
pub async fn stop(
    admin: Administrator,
    inbox: State<Inbox>,
    path: Path<String>,
) -> Result<Response, Refusal> {
    change(admin, inbox, path, Change::Stop).await
}

/// `POST /inbox/people/{ID}/resume`
pub async fn resume(
    admin: Administrator,
    inbox: State<Inbox>,
    path: Path<String>,
) -> Result<Response, Refusal> {
    change(admin, inbox, path, Change::Resume).await
}

async fn change(
    Administrator(worker): Administrator,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    change: Change,
) -> Result<Response, Refusal> {
    let id: StaffId = id.parse().map_err(|_| Refusal::NotHere)?;
    // One's own second step needs its code; and there is always somebody left who can let others in.
    if id == worker.id {
        return Err(Refusal::NotHere);
    }
    let (by, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let written = inbox.house.store.write(move |tx| {
        async move {
            // Two administrators who stop each other at the same moment must not both succeed.
            if !tx.staff(by).await?.staff.active {
                return Err(StoreError::NotFound);
            }
            let action = apply(tx, id, change).await?;
            tx.audit(author, action, "staff", &id.to_string(), now).await
        }
        .boxed()
    });
    match written.await {
        // It was done before: the page shows so.
        Ok(()) | Err(StoreError::TooLate) => Ok(to_people()),
        Err(error) => Err(error.into()),
    }
}

async fn apply(tx: &mut Tx, id: StaffId, change: Change) -> Result<&'static str, StoreError> {
    let active = tx.staff(id).await?.staff.active;
    match change {
        Change::RemoveSecondFactor => {
            second_factor::take_away(tx, id).await?;
            Ok("remove-second-factor")
        }
        Change::Stop if active => {
            tx.set_active(id, false).await?;
            Ok("stop-account")
        }
        Change::Resume if !active => {
            tx.set_active(id, true).await?;
            Ok("resume-account")
        }
        Change::Stop | Change::Resume => Err(StoreError::TooLate),
    }
}

pub(super) fn to_people() -> Response {
    Redirect::to("/inbox/people").into_response()
}
