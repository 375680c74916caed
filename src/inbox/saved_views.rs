//! Saved views: the folder and the filters that somebody keeps under a name, as links beside the folders.
//!
//! Invariant: a view is an address, read by the same types as any other; it shows nobody more than they see without it, and
//! what it asks for that is not there any more is said.

use std::str::FromStr;

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::content::Content;
use crate::domain::ids::SavedViewId;
use crate::domain::message::Words;
use crate::domain::referral::Folder;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::filters::Asked;
use crate::inbox::filters::filters;
use crate::inbox::form::Filled;
use crate::inbox::form::KeepViewForm;
use crate::inbox::form::RenameForm;
use crate::inbox::form::Seen;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::queue::folder_named;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Searching;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::inbox::words::folder_words;
use crate::store::error::StoreError;
use crate::store::label::Label;
use crate::store::saved_view::SavedView;
use crate::store::saved_view::ViewBody;
use crate::store::tx::Reader;

/// As much as fits on a phone.
const LONGEST_NAME: usize = 60;
/// More than anybody looks through beside the folders.
const MOST_OWN: usize = 20;
const PAGE: &str = "/inbox/views";

/// A link to a view, beside the folders.
#[derive(Debug)]
pub struct ViewLink {
    /// What it is called.
    pub name: Foreign,
    /// The folder and the filters.
    pub query: String,
}

/// What somebody has of views, beside the folders.
#[derive(Debug, Default)]
pub struct ViewLinks(pub Vec<ViewLink>);

impl ViewLinks {
    /// Gathers them, by their names.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(reader: &mut Reader, worker: &SignedIn) -> Result<Self, StoreError> {
        let views = by_name(reader.saved_views_for(worker.id).await?).into_iter();
        let link =
            |view: SavedView| ViewLink { name: Foreign::new(&view.body.name.0), query: view.body.query.0 };
        Ok(Self(views.map(link).collect()))
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/saved_views.html")]
pub struct SavedViewsPage {
    /// The frame.
    pub layout: Layout,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// Whether whoever looks may share.
    pub may_share: bool,
    /// Their own, by their names.
    pub own: Vec<ViewLine>,
    /// Those that colleagues share with them, by their names.
    pub shared: Vec<ViewLine>,
    /// What was wrong, in a sentence.
    pub problem: Option<Foreign>,
}

/// A view as the page shows it.
#[derive(Debug)]
pub struct ViewLine {
    /// Its row.
    pub id: SavedViewId,
    /// Over which a change is made.
    pub version: i64,
    /// What it is called.
    pub name: String,
    /// The folder and the filters.
    pub query: String,
    /// The same in words.
    pub says: Vec<Foreign>,
    /// What it asks for and is not there any more.
    pub missing: Vec<&'static str>,
    /// Whose it is.
    pub of: Foreign,
    /// Whether colleagues have it too.
    pub shared: bool,
    /// Whether whoever looks may change it.
    pub may_change: bool,
}

impl ViewLine {
    fn shown_name(&self) -> Foreign {
        Foreign::new(&self.name)
    }
}

fn by_name(mut views: Vec<SavedView>) -> Vec<SavedView> {
    views.sort_by_key(|view| (view.body.name.0.to_lowercase(), view.id));
    views
}

/// Whoever keeps it may change it; one that is shared is the team's, so that its leads may too.
fn may_change(worker: &SignedIn, view: &SavedView) -> bool {
    view.staff == worker.id || (view.shared && worker.role.leads())
}

/// `GET /inbox/views`
pub async fn show(Searching(worker): Searching, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    page(&inbox, &worker, None).await
}

/// `POST /inbox/views`
pub async fn keep(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Filled(form): Filled<KeepViewForm>,
) -> Result<Response, Refusal> {
    let (now, content) = (inbox.house.clock.now(), inbox.house.content.get());
    let mut reader = inbox.house.store.read().await?;
    let labels = reader.all_labels().await?;
    let has = reader.saved_views_for(worker.id).await?;
    drop(reader);
    let name = match read(&form.name) {
        Ok(_) if MOST_OWN <= has.iter().filter(|view| view.staff == worker.id).count() => {
            return refused(&inbox, &worker, TOO_MANY).await;
        }
        Ok(name) => name,
        Err(problem) => return refused(&inbox, &worker, problem).await,
    };
    // Nothing is kept but codes that are offered: no words can stand in a view but its name.
    let (filters, _) = filters(&form.asked, &worker, (&content, &labels), now);
    let query = Words(format!("show={}{}", folder_named(&form.show).as_str(), filters.kept()));
    let onward = format!("/inbox?{}", query.0);
    let body = ViewBody { name, query };
    let (author, staff) = (worker.author(), worker.id);
    let token = format!("views:{}:{}", form.key, body.name.0);
    let written = inbox.house.store.write(move |tx| {
        let (body, token) = (body.clone(), token.clone());
        async move {
            if tx.use_form_token(staff, &token, now).await? {
                let id = tx.add_saved_view(staff, &body, now).await?;
                tx.audit(author, "add-view", "view", &id.to_string(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to(&onward).into_response())
}

/// What is done with a view that is there.
#[derive(Debug, Clone)]
enum Change {
    Rename(Words),
    Share(bool),
    Remove,
}

impl Change {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Rename(_) => "rename-view",
            Self::Share(true) => "share-view",
            Self::Share(false) => "unshare-view",
            Self::Remove => "remove-view",
        }
    }
}

/// `POST /inbox/views/{ID}`
pub async fn rename(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<RenameForm>,
) -> Result<Response, Refusal> {
    let view = kept(&inbox, &worker, &id).await?;
    match read(&form.name) {
        Ok(name) => change(&inbox, &worker, (view, form.version), Change::Rename(name)).await,
        Err(problem) => refused(&inbox, &worker, problem).await,
    }
}

/// `POST /inbox/views/{ID}/remove`
pub async fn remove(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<Seen>,
) -> Result<Response, Refusal> {
    let view = kept(&inbox, &worker, &id).await?;
    change(&inbox, &worker, (view, form.version), Change::Remove).await
}

/// `POST /inbox/views/{ID}/share`
pub async fn share(
    worker: Searching,
    inbox: State<Inbox>,
    id: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    set_shared(worker, inbox, id, form, true).await
}

/// `POST /inbox/views/{ID}/unshare`
pub async fn unshare(
    worker: Searching,
    inbox: State<Inbox>,
    id: Path<String>,
    form: Filled<Seen>,
) -> Result<Response, Refusal> {
    set_shared(worker, inbox, id, form, false).await
}

async fn set_shared(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<Seen>,
    shared: bool,
) -> Result<Response, Refusal> {
    if !worker.role.leads() {
        return Err(Refusal::NotHere);
    }
    let view = kept(&inbox, &worker, &id).await?;
    change(&inbox, &worker, (view, form.version), Change::Share(shared)).await
}

/// The view, where they may change it.
async fn kept(inbox: &Inbox, worker: &SignedIn, id: &str) -> Result<SavedView, Refusal> {
    let id: SavedViewId = id.parse().map_err(|_| Refusal::NotHere)?;
    let views = inbox.house.store.read().await?.saved_views_for(worker.id).await?;
    let view = views.into_iter().find(|view| view.id == id && may_change(worker, view));
    view.ok_or(Refusal::NotHere)
}

async fn change(
    inbox: &Inbox,
    worker: &SignedIn,
    (view, seen): (SavedView, i64),
    change: Change,
) -> Result<Response, Refusal> {
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let written = inbox.house.store.write(move |tx| {
        let (id, query, change) = (view.id, view.body.query.clone(), change.clone());
        async move {
            let action = change.as_str();
            match change {
                Change::Rename(name) => {
                    tx.change_saved_view(id, seen, &ViewBody { name, query }, now).await?;
                }
                Change::Share(shared) => tx.share_saved_view(id, seen, shared, now).await?,
                Change::Remove => tx.remove_saved_view(id, seen).await?,
            }
            tx.audit(author, action, "view", &id.to_string(), now).await
        }
        .boxed()
    });
    match written.await {
        Err(StoreError::TooLate) => refused(inbox, worker, CHANGED).await,
        written => {
            written?;
            Ok(Redirect::to(PAGE).into_response())
        }
    }
}

const TOO_MANY: &str = "You have 20 views already. Take one away first.";
const CHANGED: &str = "Somebody has changed that view before you. Look at it once more.";

/// What was typed, on one line and without spaces around it, or what is wrong with it.
fn read(name: &str) -> Result<Words, &'static str> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err("It was not kept: give the view a name."),
        length if length <= LONGEST_NAME => Ok(Words(name)),
        _ => Err("It was not kept: a name can have 60 letters at the most."),
    }
}

async fn refused(inbox: &Inbox, worker: &SignedIn, problem: &'static str) -> Result<Response, Refusal> {
    let status = if problem == CHANGED { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(inbox, worker, Some((problem, status))).await
}

async fn page(
    inbox: &Inbox,
    worker: &SignedIn,
    problem: Option<(&'static str, StatusCode)>,
) -> Result<Response, Refusal> {
    let (content, now) = (inbox.house.content.get(), inbox.house.clock.now());
    let mut reader = inbox.house.store.read().await?;
    let labels = reader.all_labels().await?;
    let names = Names::of(&reader.all_staff().await?);
    let views = by_name(reader.saved_views_for(worker.id).await?).into_iter();
    let (own, shared) = views.partition::<Vec<_>, _>(|view| view.staff == worker.id);
    let lines = |views: Vec<SavedView>| {
        views.into_iter().map(|view| line(worker, view, (&content, &labels), &names, now)).collect()
    };
    let (problem, status) =
        problem.map_or((None, StatusCode::OK), |(problem, status)| (Some(Foreign::new(problem)), status));
    let page = SavedViewsPage {
        layout: worker.layout("Your views"),
        key: inbox.form_key(),
        may_share: worker.role.leads(),
        own: lines(own),
        shared: lines(shared),
        problem,
    };
    Ok(respond(status, &page))
}

fn line(
    worker: &SignedIn,
    view: SavedView,
    known: (&Content, &[Label]),
    names: &Names,
    now: Timestamp,
) -> ViewLine {
    let (folder, asked) = Asked::in_query(&view.body.query.0);
    let (filters, _) = filters(&asked, worker, known, now);
    let folder = Folder::from_str(&folder).unwrap_or(Folder::NeedsReply);
    let says = [Foreign::new(folder_words(folder))].into_iter().chain(filters.in_words());
    ViewLine {
        id: view.id,
        version: view.version,
        says: says.collect(),
        missing: filters.unknown,
        of: names.get(view.staff),
        shared: view.shared,
        may_change: may_change(worker, &view),
        name: view.body.name.0,
        query: view.body.query.0,
    }
}
