//! The labels of services, for those who keep them: administrators and duty leads.
//!
//! Invariant: no two labels of a service are called the same, and none is taken away from the cases that have it.

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::directory::Directory;
use crate::domain::ids::LabelId;
use crate::domain::ids::ServiceId;
use crate::domain::message::Words;
use crate::inbox::Inbox;
use crate::inbox::form::Filled;
use crate::inbox::form::LabelForm;
use crate::inbox::form::Seen;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::queue::QueueRow;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::KeepsTexts;
use crate::inbox::signed_in::SignedIn;
use crate::store::desk::OnDesk;
use crate::store::error::StoreError;
use crate::store::label::Label;

/// As much as fits beside a name in the list, on a phone too.
const LONGEST_NAME: usize = 40;
/// More than anybody looks through for the right one.
const MOST_IN_USE: usize = 30;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/labels.html")]
pub struct LabelsPage {
    /// The frame.
    pub layout: Layout,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// The services whose labels these are.
    pub services: Vec<ServiceLabels>,
    /// What was typed, and not kept: for which service.
    pub typed: Option<(ServiceId, String)>,
    /// What was wrong, in a sentence.
    pub problem: Option<Foreign>,
}

/// The labels of a service.
#[derive(Debug)]
pub struct ServiceLabels {
    /// Its id.
    pub id: ServiceId,
    /// What people call it.
    pub name: Foreign,
    /// Those in use, by their names.
    pub in_use: Vec<LabelLine>,
    /// Those that are retired, by their names.
    pub retired: Vec<LabelLine>,
}

/// A label as the page shows it.
#[derive(Debug)]
pub struct LabelLine {
    /// Its row.
    pub id: LabelId,
    /// Over which a change is made.
    pub version: i64,
    /// What it is called.
    pub name: String,
}

impl LabelsPage {
    /// What was typed for a service.
    fn typed_for(&self, service: &ServiceId) -> &str {
        self.typed.as_ref().filter(|(of, _)| of == service).map_or("", |(_, name)| name)
    }
}

impl LabelLine {
    fn of(label: &Label) -> Self {
        Self { id: label.id, version: label.version, name: label.name.0.clone() }
    }

    fn shown_name(&self) -> Foreign {
        Foreign::new(&self.name)
    }
}

/// Labels in the order in which they are shown.
#[must_use]
pub fn by_name(labels: &[Label]) -> Vec<&Label> {
    let mut labels: Vec<&Label> = labels.iter().collect();
    labels.sort_by_key(|label| (label.name.0.to_lowercase(), label.id));
    labels
}

/// The labels that somebody can put on cases.
#[must_use]
pub fn in_use(worker: &SignedIn, labels: &[Label], directory: &Directory) -> Vec<(LabelId, Foreign)> {
    let mut all = named(worker, labels, directory);
    all.retain(|(label, _)| label.retired_at.is_none());
    all.into_iter().map(|(label, name)| (label.id, Foreign::new(&name))).collect()
}

/// The labels by which somebody can find cases: the retired ones too, which stand at the end.
#[must_use]
pub fn to_find(worker: &SignedIn, labels: &[Label], directory: &Directory) -> Vec<(String, Foreign)> {
    let mut all = named(worker, labels, directory);
    all.sort_by_key(|(label, _)| label.retired_at.is_some());
    let words = |(label, name): (&Label, String)| {
        let name = if label.retired_at.is_some() { format!("{name} (no longer used)") } else { name };
        (label.id.to_string(), Foreign::new(&name))
    };
    all.into_iter().map(words).collect()
}

/// The labels of somebody's services, by their names; where several services have some, each says of which it is.
fn named<'l>(worker: &SignedIn, labels: &'l [Label], directory: &Directory) -> Vec<(&'l Label, String)> {
    let own: Vec<&Label> =
        by_name(labels).into_iter().filter(|label| worker.works_for(&label.service)).collect();
    let several = own.iter().any(|label| label.service != own[0].service);
    let service = |label: &Label| directory.service(&label.service).map(|service| service.name.as_str());
    let name = |label: &Label| match service(label).filter(|_| several) {
        Some(service) => format!("{} ({service})", label.name.0),
        None => label.name.0.clone(),
    };
    own.into_iter().map(|label| (label, name(label))).collect()
}

/// Says on the rows of a list which labels the cases have.
pub fn mark_labels(rows: &mut [QueueRow], desk: &[OnDesk], labels: &[Label]) {
    for (row, queued) in rows.iter_mut().zip(desk) {
        let has = |label: &&Label| queued.labels.iter().any(|on| on.label == label.id);
        let names = by_name(labels).into_iter().filter(has).map(|label| Foreign::new(&label.name.0));
        row.labels = names.collect();
    }
}

/// `GET /inbox/labels`
pub async fn show(KeepsTexts(worker): KeepsTexts, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    page(&inbox, &worker, None).await
}

/// What came of a name.
enum Named {
    Kept,
    Taken,
    TooMany,
}

/// `POST /inbox/labels`
pub async fn add(
    KeepsTexts(worker): KeepsTexts,
    State(inbox): State<Inbox>,
    Filled(form): Filled<LabelForm>,
) -> Result<Response, Refusal> {
    let service: ServiceId = form.service.parse().map_err(|_| Refusal::NotHere)?;
    let is_there = inbox.house.content.get().directory.service(&service).is_some();
    if !is_there || !worker.works_for(&service) {
        return Err(Refusal::NotHere);
    }
    let name = match read(&form.name) {
        Ok(name) => name,
        Err(problem) => return refused(&inbox, &worker, (Some(service), form.name), problem).await,
    };
    let (author, staff, now) = (worker.author(), worker.id, inbox.house.clock.now());
    let (of, token) = (service.clone(), format!("labels:{service}:{}:{}", form.key, name.0));
    let written = inbox.house.store.write(move |tx| {
        let (service, name, token) = (of.clone(), name.clone(), token.clone());
        async move {
            let labels = tx.labels_of(&service).await?;
            let in_use = labels.iter().filter(|label| label.retired_at.is_none()).count();
            if !tx.use_form_token(staff, &token, now).await? {
                return Ok(Named::Kept);
            }
            if is_taken(&labels, None, &name) {
                return Ok(Named::Taken);
            }
            if MOST_IN_USE <= in_use {
                return Ok(Named::TooMany);
            }
            let id = tx.add_label(&service, &name, now).await?;
            tx.audit(author, "add-label", "label", &id.to_string(), now).await?;
            Ok(Named::Kept)
        }
        .boxed()
    });
    answer(&inbox, &worker, written.await, (Some(service), form.name)).await
}

/// `POST /inbox/labels/{ID}`
pub async fn rename(
    KeepsTexts(worker): KeepsTexts,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<LabelForm>,
) -> Result<Response, Refusal> {
    let label = kept(&inbox, &worker, &id).await?;
    let name = match read(&form.name) {
        Ok(name) => name,
        Err(problem) => return refused(&inbox, &worker, (None, form.name), problem).await,
    };
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let (id, service, seen) = (label.id, label.service, form.version);
    let written = inbox.house.store.write(move |tx| {
        let (service, name) = (service.clone(), name.clone());
        async move {
            if is_taken(&tx.labels_of(&service).await?, Some(id), &name) {
                return Ok(Named::Taken);
            }
            tx.rename_label(id, seen, &name, now).await?;
            tx.audit(author, "rename-label", "label", &id.to_string(), now).await?;
            Ok(Named::Kept)
        }
        .boxed()
    });
    answer(&inbox, &worker, written.await, (None, form.name)).await
}

/// `POST /inbox/labels/{ID}/retire`
pub async fn retire(
    worker: KeepsTexts,
    inbox: State<Inbox>,
    id: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    set_retired(worker, inbox, id, form, true).await
}

/// `POST /inbox/labels/{ID}/use-again`
pub async fn use_again(
    worker: KeepsTexts,
    inbox: State<Inbox>,
    id: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    set_retired(worker, inbox, id, form, false).await
}

async fn set_retired(
    KeepsTexts(worker): KeepsTexts,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<Seen>,
    retired: bool,
) -> Result<Response, Refusal> {
    let label = kept(&inbox, &worker, &id).await?;
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let (id, service, seen) = (label.id, label.service, form.version);
    let action = if retired { "retire-label" } else { "use-label-again" };
    let written = inbox.house.store.write(move |tx| {
        let service = service.clone();
        async move {
            let labels = tx.labels_of(&service).await?;
            let in_use = labels.iter().filter(|label| label.retired_at.is_none()).count();
            if !retired && MOST_IN_USE <= in_use {
                return Ok(Named::TooMany);
            }
            tx.retire_label(id, seen, retired, now).await?;
            tx.audit(author, action, "label", &id.to_string(), now).await?;
            Ok(Named::Kept)
        }
        .boxed()
    });
    answer(&inbox, &worker, written.await, (None, String::new())).await
}

const TAKEN: &str = "There is a label with this name already. Look among those that are no longer used, too.";
const TOO_MANY: &str =
    "There are 30 labels already. Stop using one first: a short list is found through faster.";
const CHANGED: &str = "Somebody has changed that label before you. Look at it once more.";

/// The label, where it is of a service for which they keep the labels.
async fn kept(inbox: &Inbox, worker: &SignedIn, id: &str) -> Result<Label, Refusal> {
    let id: LabelId = id.parse().map_err(|_| Refusal::NotHere)?;
    let label = inbox.house.store.read().await?.label(id).await?;
    if worker.works_for(&label.service) { Ok(label) } else { Err(Refusal::NotHere) }
}

/// Whether another label of the service is called so.
fn is_taken(labels: &[Label], but: Option<LabelId>, name: &Words) -> bool {
    let mut others = labels.iter().filter(|label| Some(label.id) != but);
    others.any(|label| label.name.0.to_lowercase() == name.0.to_lowercase())
}

/// What was typed, on one line and without spaces around it, or what is wrong with it.
fn read(name: &str) -> Result<Words, &'static str> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err("Give it a name."),
        length if length <= LONGEST_NAME => Ok(Words(name)),
        _ => Err("A label can have 40 letters at the most."),
    }
}

type Typed = (Option<ServiceId>, String);

async fn answer(
    inbox: &Inbox,
    worker: &SignedIn,
    written: Result<Named, StoreError>,
    typed: Typed,
) -> Result<Response, Refusal> {
    match written {
        Err(StoreError::TooLate) => refused(inbox, worker, typed, CHANGED).await,
        written => match written? {
            Named::Kept => Ok(Redirect::to("/inbox/labels").into_response()),
            Named::Taken => refused(inbox, worker, typed, TAKEN).await,
            Named::TooMany => refused(inbox, worker, typed, TOO_MANY).await,
        },
    }
}

async fn refused(
    inbox: &Inbox,
    worker: &SignedIn,
    typed: Typed,
    problem: &'static str,
) -> Result<Response, Refusal> {
    let status = if problem == CHANGED { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(inbox, worker, Some((typed, problem, status))).await
}

async fn page(
    inbox: &Inbox,
    worker: &SignedIn,
    problem: Option<(Typed, &'static str, StatusCode)>,
) -> Result<Response, Refusal> {
    let content = inbox.house.content.get();
    let labels = inbox.house.store.read().await?.all_labels().await?;
    let mut services = Vec::new();
    for service in content.directory.services().iter().filter(|service| worker.works_for(&service.id)) {
        let own = by_name(&labels).into_iter().filter(|label| label.service == service.id);
        let (in_use, retired): (Vec<_>, Vec<_>) = own.partition(|label| label.retired_at.is_none());
        services.push(ServiceLabels {
            id: service.id.clone(),
            name: Foreign::new(&service.name),
            in_use: in_use.into_iter().map(LabelLine::of).collect(),
            retired: retired.into_iter().map(LabelLine::of).collect(),
        });
    }
    let (typed, problem, status) = match problem {
        Some(((of, name), problem, status)) => (of.map(|of| (of, name)), Some(Foreign::new(problem)), status),
        None => (None, None, StatusCode::OK),
    };
    let layout = worker.layout("Labels");
    Ok(respond(status, &LabelsPage { layout, key: inbox.form_key(), services, typed, problem }))
}
