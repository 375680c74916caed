//! The ready-made texts of services, for those who keep them: administrators and duty leads.
//!
//! Invariant: what is kept here is put into a box by a link worker, who reads and sends it; nothing here sends.

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::directory::service::Service;
use crate::domain::ids::ReadyTextId;
use crate::domain::ids::ServiceId;
use crate::domain::message::Words;
use crate::inbox::Inbox;
use crate::inbox::form::Filled;
use crate::inbox::form::ReadyTextForm;
use crate::inbox::form::Seen;
use crate::inbox::form::tidied;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::ready;
use crate::inbox::ready::Blank;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::KeepsTexts;
use crate::inbox::signed_in::SignedIn;
use crate::store::error::StoreError;
use crate::store::ready_text::ReadyText;
use crate::store::ready_text::ReadyWords;
use crate::wording::sms;

/// As the box for a text takes them.
const LONGEST_TEXT: usize = 1500;
const LONGEST_TITLE: usize = 60;
/// Of usual length: so long is what a person is called.
const A_NAME: &str = "Margaret";

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/texts.html")]
pub struct TextsPage {
    /// The frame.
    pub layout: Layout,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// The services whose texts these are.
    pub services: Vec<ServiceTexts>,
    /// What was typed, and not kept: for which service.
    pub typed: Option<(ServiceId, String, String)>,
    /// What was wrong, in a sentence.
    pub problem: Option<Foreign>,
}

/// The texts of a service.
#[derive(Debug)]
pub struct ServiceTexts {
    /// Its id.
    pub id: ServiceId,
    /// What people call it.
    pub name: Foreign,
    /// Its texts, by title.
    pub texts: Vec<TextView>,
}

/// A ready-made text as the page shows it.
#[derive(Debug)]
pub struct TextView {
    /// Its row.
    pub id: ReadyTextId,
    /// Over which a change is made.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// The text, with its blanks.
    pub text: String,
    /// How many parts it has with its blanks filled.
    pub parts: usize,
}

impl TextsPage {
    fn blanks(&self) -> String {
        Blank::ALL.map(|blank| format!("{{{}}}", blank.as_str())).join(", ")
    }

    /// What was typed for a service: title and text.
    fn typed_for(&self, service: &ServiceId) -> (&str, &str) {
        let typed = self.typed.as_ref().filter(|(of, _, _)| of == service);
        typed.map_or(("", ""), |(_, title, text)| (title.as_str(), text.as_str()))
    }
}

impl TextView {
    fn shown_title(&self) -> Foreign {
        Foreign::new(&self.title)
    }

    fn shown_text(&self) -> Foreign {
        Foreign::new(&self.text)
    }

    fn parts_words(&self) -> String {
        if self.parts == 1 { "1 text".to_owned() } else { format!("{} texts", self.parts) }
    }
}

/// `GET /inbox/texts`
pub async fn show(KeepsTexts(worker): KeepsTexts, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    page(&inbox, &worker, None).await
}

/// `POST /inbox/texts`
pub async fn add(
    KeepsTexts(worker): KeepsTexts,
    State(inbox): State<Inbox>,
    Filled(form): Filled<ReadyTextForm>,
) -> Result<Response, Refusal> {
    let service: ServiceId = form.service.parse().map_err(|_| Refusal::NotHere)?;
    may_keep(&inbox, &worker, &service)?;
    let words = match read(&form) {
        Ok(words) => words,
        Err(problem) => return refused(&inbox, &worker, (service, form), problem).await,
    };
    let (author, staff, now) = (worker.author(), worker.id, inbox.house.clock.now());
    let token = format!("texts:{service}:{}:{}", form.key, words.title.0);
    let written = inbox.house.store.write(move |tx| {
        let (service, words, token) = (service.clone(), words.clone(), token.clone());
        async move {
            if tx.use_form_token(staff, &token, now).await? {
                let id = tx.add_ready_text(&service, &words, now).await?;
                tx.audit(author, "add-ready-text", "ready-text", &id.to_string(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to("/inbox/texts").into_response())
}

/// `POST /inbox/texts/{ID}`
pub async fn change(
    KeepsTexts(worker): KeepsTexts,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<ReadyTextForm>,
) -> Result<Response, Refusal> {
    let text = kept(&inbox, &worker, &id).await?;
    let words = match read(&form) {
        Ok(words) => words,
        Err(problem) => return refused(&inbox, &worker, (text.service, form), problem).await,
    };
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let (id, seen) = (text.id, form.version);
    let written = inbox.house.store.write(move |tx| {
        let words = words.clone();
        async move {
            tx.change_ready_text(id, seen, &words, now).await?;
            tx.audit(author, "change-ready-text", "ready-text", &id.to_string(), now).await
        }
        .boxed()
    });
    match written.await {
        Err(StoreError::TooLate) => refused(&inbox, &worker, (text.service, form), CHANGED.to_owned()).await,
        written => {
            written?;
            Ok(Redirect::to("/inbox/texts").into_response())
        }
    }
}

/// `POST /inbox/texts/{ID}/remove`
pub async fn remove(
    KeepsTexts(worker): KeepsTexts,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
    Filled(form): Filled<Seen>,
) -> Result<Response, Refusal> {
    let text = kept(&inbox, &worker, &id).await?;
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let (id, seen) = (text.id, form.version);
    let written = inbox.house.store.write(move |tx| {
        async move {
            tx.remove_ready_text(id, seen).await?;
            tx.audit(author, "remove-ready-text", "ready-text", &id.to_string(), now).await
        }
        .boxed()
    });
    match written.await {
        Err(StoreError::TooLate) => {
            page(&inbox, &worker, Some((None, REMOVED_TOO_LATE.to_owned(), StatusCode::CONFLICT))).await
        }
        written => {
            written?;
            Ok(Redirect::to("/inbox/texts").into_response())
        }
    }
}

const CHANGED: &str = "Somebody has changed that text before you. Look at theirs. What you wrote stands in the form for a new one.";
const REMOVED_TOO_LATE: &str = "Somebody has changed that text before you. Look at it once more.";

/// The text, where it is of a service for which they keep the texts.
async fn kept(inbox: &Inbox, worker: &SignedIn, id: &str) -> Result<ReadyText, Refusal> {
    let id: ReadyTextId = id.parse().map_err(|_| Refusal::NotHere)?;
    let text = inbox.house.store.read().await?.ready_text(id).await?;
    if worker.works_for(&text.service) { Ok(text) } else { Err(Refusal::NotHere) }
}

fn may_keep(inbox: &Inbox, worker: &SignedIn, service: &ServiceId) -> Result<(), Refusal> {
    let is_there = inbox.house.content.get().directory.service(service).is_some();
    if is_there && worker.works_for(service) { Ok(()) } else { Err(Refusal::NotHere) }
}

/// What was typed, tidied, or what is wrong with it.
fn read(form: &ReadyTextForm) -> Result<ReadyWords, String> {
    let (title, text) = (tidied(&form.title), tidied(&form.text));
    let wrong = match (title.chars().count(), text.chars().count()) {
        (0, _) => "Give it a title, so that colleagues find it.",
        (title, _) if LONGEST_TITLE < title => "The title can have 60 letters at the most.",
        (_, 0) => "There is no text yet.",
        (_, text) if LONGEST_TEXT < text => "A text can have 1,500 letters at the most.",
        (_, _) => {
            ready::fill(&text, |_| None).map_err(|wrong| wrong.words())?;
            return Ok(ReadyWords { title: Words(title), text: Words(text) });
        }
    };
    Err(wrong.to_owned())
}

async fn refused(
    inbox: &Inbox,
    worker: &SignedIn,
    (service, form): (ServiceId, ReadyTextForm),
    problem: String,
) -> Result<Response, Refusal> {
    let status = if problem == CHANGED { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(inbox, worker, Some((Some((service, form.title, form.text)), problem, status))).await
}

type Problem = (Option<(ServiceId, String, String)>, String, StatusCode);

async fn page(inbox: &Inbox, worker: &SignedIn, problem: Option<Problem>) -> Result<Response, Refusal> {
    let content = inbox.house.content.get();
    let mut reader = inbox.house.store.read().await?;
    let mut services = Vec::new();
    for service in content.directory.services().iter().filter(|service| worker.works_for(&service.id)) {
        let texts = reader.ready_texts_of(&service.id).await?;
        services.push(ServiceTexts {
            id: service.id.clone(),
            name: Foreign::new(&service.name),
            texts: texts.iter().map(|text| text_view(worker, service, text)).collect(),
        });
    }
    let (typed, problem, status) = match problem {
        Some((typed, problem, status)) => (typed, Some(Foreign::new(&problem)), status),
        None => (None, None, StatusCode::OK),
    };
    let layout = worker.layout("Ready-made texts");
    Ok(respond(status, &TextsPage { layout, key: inbox.form_key(), services, typed, problem }))
}

fn text_view(worker: &SignedIn, service: &Service, text: &ReadyText) -> TextView {
    let filled = ready::fill(&text.words.text.0, |blank| value(worker, Some(service), Some(A_NAME), blank));
    // What was kept had no blank that is none.
    let filled = filled.map_or_else(|_| text.words.text.0.clone(), |filled| filled.text);
    TextView {
        id: text.id,
        version: text.version,
        title: text.words.title.0.clone(),
        text: text.words.text.0.clone(),
        parts: sms::count(&filled).parts,
    }
}

/// What a blank is filled with, where it is known.
#[must_use]
pub fn value(
    worker: &SignedIn,
    service: Option<&Service>,
    name: Option<&str>,
    blank: Blank,
) -> Option<String> {
    match blank {
        Blank::FirstName => name.and_then(|name| name.split_whitespace().next()).map(str::to_owned),
        Blank::MyName => Some(worker.name.to_string()),
        Blank::Service => service.map(|service| service.name.clone()),
        Blank::ServicePhone => service.map(|service| service.phone.clone()),
    }
}
