//! Finding a case by the beginning of a name, a number, a postcode or a reference.
//!
//! Invariant: what is looked for stands in no address, no log and no audit; that somebody has looked does.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;

use crate::domain::search::Query;
use crate::inbox::Inbox;
use crate::inbox::cases;
use crate::inbox::form::Filled;
use crate::inbox::form::SearchForm;
use crate::inbox::form::tidied;
use crate::inbox::page::respond;
use crate::inbox::queue::QueuePage;
use crate::inbox::queue::QueueRow;
use crate::inbox::queue::Search;
use crate::inbox::queue::search_page;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::Searching;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view;
use crate::inbox::view::Names;

/// More than one looks through before one types another letter.
const MOST_ROWS: u16 = 50;
const TITLE: &str = "Search";
const TOO_SHORT: &str = "Nothing was looked for. Type at least 3 letters of a name, a postcode or a reference, or 6 figures of a phone number.";

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
    let (remark, rows) = match Query::read(&typed) {
        Some(query) => {
            let rows = found(&inbox, &worker, &query).await?;
            (found_words(rows.len()), rows)
        }
        None => (TOO_SHORT.to_owned(), Vec::new()),
    };
    show(&worker, &inbox, Search { typed, remark: Some(remark) }, rows).await
}

async fn show(
    worker: &SignedIn,
    inbox: &Inbox,
    search: Search,
    rows: Vec<QueueRow>,
) -> Result<Response, Refusal> {
    let onlooker = cases::onlooker(worker, inbox.house.clock.now());
    let counts = inbox.house.store.read().await?.folder_counts(onlooker).await?;
    let page = QueuePage { key: inbox.form_key(), ..search_page(worker.layout(TITLE), search, counts, rows) };
    Ok(respond(StatusCode::OK, &page))
}

async fn found(inbox: &Inbox, worker: &SignedIn, query: &Query) -> Result<Vec<QueueRow>, Refusal> {
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let noted = inbox
        .house
        .store
        .write(move |tx| async move { tx.audit(author, "search", "inbox", "cases", now).await }.boxed());
    noted.await?;
    let mut reader = inbox.house.store.read().await?;
    let found = reader.search(worker.id, query, MOST_ROWS).await?;
    let names = Names::of(&reader.all_staff().await?);
    let content = inbox.house.content.get();
    Ok(found.iter().map(|case| view::queue_row(worker, case, &content.directory, &names, now)).collect())
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
