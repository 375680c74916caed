//! Finding a case by the beginning of a name, a number, a postcode or a reference, and messages by their words.
//!
//! Invariant: what is looked for stands in no address, no log and no audit; that somebody has looked does.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;

use crate::domain::ids::ServiceId;
use crate::domain::search::Query;
use crate::domain::staff::Role;
use crate::domain::whole_words::WantedWords;
use crate::inbox::Inbox;
use crate::inbox::cases;
use crate::inbox::form::Filled;
use crate::inbox::form::SearchForm;
use crate::inbox::form::tidied;
use crate::inbox::found::Hit;
use crate::inbox::found::MessagesFound;
use crate::inbox::labels::mark_labels;
use crate::inbox::page::respond;
use crate::inbox::queue::QueueRow;
use crate::inbox::queue::Search;
use crate::inbox::queue::search_page;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::Searching;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view;
use crate::inbox::view::Names;
use crate::store::facet::Filter;
use crate::store::message_word::MessagePlace;

/// More than one looks through before one types another letter.
const MOST_ROWS: u16 = 50;
/// Whole messages are longer than rows of cases.
const MOST_HITS: usize = 20;
const TITLE: &str = "Search";
const NO_CASE: &str = "No case was looked for: type at least 3 letters of a name, a postcode or a reference, or 6 figures of a phone number.";
const TOO_SHORT: &str = "Nothing was looked for. Type at least 3 letters of a name, a postcode or a reference, or 6 figures of a phone number, or a word of a message that is not a very common one.";

/// `GET /inbox/search`
pub async fn page(Searching(worker): Searching, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    show(&worker, &inbox, Search::default(), Vec::new()).await
}

/// `POST /inbox/search`: a form, because an address stays in the browser's history and in the logs of proxies.
pub async fn search(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Filled(form): Filled<SearchForm>,
) -> Result<Response, Refusal> {
    let typed = tidied(&form.find);
    let before = form.before.parse::<MessagePlace>().ok();
    let cases = Query::read(&typed).filter(|_| before.is_none());
    let words = WantedWords::read(&typed);
    if cases.is_none() && words.is_none() {
        let search = Search { typed, remark: Some(TOO_SHORT.to_owned()), messages: None };
        return show(&worker, &inbox, search, Vec::new()).await;
    }
    note(&inbox, &worker).await?;
    let rows = match &cases {
        Some(query) => found(&inbox, &worker, query).await?,
        None => Vec::new(),
    };
    let messages = match &words {
        Some(wanted) => Some(found_in_messages(&inbox, &worker, wanted, before).await?),
        None => None,
    };
    let remark = match &cases {
        Some(_) => Some(found_words(rows.len())),
        None => before.is_none().then(|| NO_CASE.to_owned()),
    };
    show(&worker, &inbox, Search { typed, remark, messages }, rows).await
}

async fn show(
    worker: &SignedIn,
    inbox: &Inbox,
    search: Search,
    rows: Vec<QueueRow>,
) -> Result<Response, Refusal> {
    let onlooker = cases::onlooker(worker, inbox.house.clock.now());
    let counts = inbox.house.store.read().await?.folder_counts(onlooker, &Filter::default()).await?;
    Ok(respond(StatusCode::OK, &search_page(worker.layout(TITLE), search, counts, rows)))
}

async fn note(inbox: &Inbox, worker: &SignedIn) -> Result<(), Refusal> {
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let noted = inbox
        .house
        .store
        .write(move |tx| async move { tx.audit(author, "search", "inbox", "cases", now).await }.boxed());
    Ok(noted.await?)
}

async fn found(inbox: &Inbox, worker: &SignedIn, query: &Query) -> Result<Vec<QueueRow>, Refusal> {
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let found = reader.search(worker.id, query, MOST_ROWS).await?;
    let names = Names::of(&reader.all_staff().await?);
    let content = inbox.house.content.get();
    let mut rows: Vec<QueueRow> =
        found.iter().map(|case| view::queue_row(worker, case, &content.directory, &names, now)).collect();
    mark_labels(&mut rows, &found, &reader.all_labels().await?);
    view::mark_requests(&mut rows, &reader.erasure_requests().await?);
    Ok(rows)
}

async fn found_in_messages(
    inbox: &Inbox,
    worker: &SignedIn,
    wanted: &WantedWords,
    before: Option<MessagePlace>,
) -> Result<MessagesFound, Refusal> {
    let services = services_of(inbox, worker);
    let mut reader = inbox.house.store.read().await?;
    let place = before.unwrap_or(MessagePlace::FIRST);
    let (found, further) = reader.search_messages(worker.id, &services, wanted, place, MOST_HITS).await?;
    let names = Names::of(&reader.all_staff().await?);
    let hits = found.iter().map(|message| Hit::of(message, &names)).collect();
    Ok(MessagesFound { newest: before.is_none(), hits, further })
}

/// The services whose messages somebody may see: an administrator sees all.
fn services_of(inbox: &Inbox, worker: &SignedIn) -> Vec<ServiceId> {
    let all = || inbox.house.content.get().directory.services().iter().map(|one| one.id.clone()).collect();
    match worker.role {
        Role::Admin => all(),
        Role::LinkWorker | Role::DutyLead | Role::SafeguardingLead => worker.services.clone(),
        Role::VolunteerChampion | Role::Auditor => Vec::new(),
    }
}

fn found_words(count: usize) -> String {
    match count {
        0 => "No case was found.".to_owned(),
        1 => "1 case".to_owned(),
        _ if usize::from(MOST_ROWS) <= count => {
            format!("The first {count} cases. Type more letters to find fewer.")
        }
        _ => format!("{count} cases"),
    }
}
