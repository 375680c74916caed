//! Examples: a message, made nameless by a colleague, kept for measuring how well texts are understood.
//!
//! Invariant: no example is kept in which the name, a number or the postcode of the person still stands; none says whose
//! words it holds.

use askama::Template;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;

use crate::domain::concern::ConcernCategory;
use crate::domain::ids::ExampleId;
use crate::domain::ids::InboundId;
use crate::domain::ids::Reference;
use crate::domain::ids::ServiceId;
use crate::domain::message::Words;
use crate::domain::theme::Theme;
use crate::inbox::Inbox;
use crate::inbox::blanks::Blanks;
use crate::inbox::cases;
use crate::inbox::filters::languages;
use crate::inbox::form::Filled;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::same;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Leading;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Case;
use crate::inbox::words::category_words;
use crate::inbox::words::theme_words;
use crate::store::example::Example;
use crate::store::example::ExampleBody;
use crate::store::thread::Said;
use crate::store::thread::SaidWhat;

const LIST: &str = "/inbox/examples";
/// The longest text that a phone joins together again.
const LONGEST: usize = 2000;
/// What stands where nothing on offer fits.
const NONE: &str = "none";

/// What a person may find in a message that a human must see: `evaluate` has a label for each of these.
const URGENT: [ConcernCategory; 7] = [
    ConcernCategory::Suicide,
    ConcernCategory::SelfHarm,
    ConcernCategory::Emergency,
    ConcernCategory::Abuse,
    ConcernCategory::Child,
    ConcernCategory::Destitution,
    ConcernCategory::HarmToOthers,
];

/// The page on which a message becomes an example.
#[derive(Debug, Template)]
#[template(path = "inbox/example.html")]
pub struct ExamplePage {
    /// The frame.
    pub layout: Layout,
    /// The case that the message stands in.
    pub reference: Reference,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// Which message.
    pub message: InboundId,
    /// The words, as they stand in the box.
    pub text: String,
    /// The languages: code, name, and whether it is the one.
    pub languages: Vec<(String, Foreign, bool)>,
    /// What a human must see: code, words, and whether it is ticked.
    pub safety: Vec<Choice>,
    /// The same of themes.
    pub themes: Vec<Choice>,
    /// What was wrong, in a sentence.
    pub problem: Option<Foreign>,
}

/// Something to tick.
#[derive(Debug)]
pub struct Choice {
    /// What the form sends.
    pub code: &'static str,
    /// What it says.
    pub words: &'static str,
    /// Whether it is ticked.
    pub ticked: bool,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "inbox/examples.html")]
pub struct ExamplesPage {
    /// The frame.
    pub layout: Layout,
    /// The newest first.
    pub examples: Vec<ExampleLine>,
}

/// An example in the list.
#[derive(Debug)]
pub struct ExampleLine {
    /// Its row.
    pub id: ExampleId,
    /// The words.
    pub text: Foreign,
    /// The language, as a code.
    pub language: String,
    /// What a human must see.
    pub safety: Vec<&'static str>,
    /// What it is about.
    pub themes: Vec<&'static str>,
}

impl ExampleLine {
    fn of(example: &Example) -> Self {
        let body = &example.body;
        Self {
            id: example.id,
            text: Foreign::new(&body.text.0),
            language: body.language.to_string(),
            safety: body.concerns.iter().copied().map(category_words).collect(),
            themes: body.themes.iter().copied().map(theme_words).collect(),
        }
    }
}

/// A message that becomes an example.
pub struct ExampleForm {
    /// The key of the page's forms.
    pub key: String,
    /// Which message.
    pub message: String,
    /// The words, edited.
    pub text: String,
    /// The language in which they are.
    pub language: String,
    /// What is ticked of what a human must see.
    pub safety: Vec<String>,
    /// What is ticked of themes.
    pub themes: Vec<String>,
    /// Whether it is ticked that nobody can be told from the words.
    pub agreed: bool,
}

impl ExampleForm {
    /// Reads the fields.
    ///
    /// # Errors
    /// `Unreadable` where one is missing.
    pub fn read(fields: &[(String, String)]) -> Result<Self, Refusal> {
        let named = |name| fields.iter().filter(move |field| field.0 == name).map(|field| field.1.clone());
        let one = |name| named(name).next().ok_or(Refusal::Unreadable);
        Ok(Self {
            key: one("key")?,
            message: one("message")?,
            text: one("text")?,
            language: one("language")?,
            safety: named("safety").collect(),
            themes: named("theme").collect(),
            agreed: named("agreed").any(|ticked| ticked == "yes"),
        })
    }
}

/// Which message is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    message: String,
}

/// `GET …/example?message=ID`
pub async fn page(
    Leading(worker): Leading,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let case = cases::gather_whole(&inbox, &worker, &cases::read(&path)?).await?;
    if let Some(onward) = same::onward(&inbox, &case.referral).await? {
        return Ok(onward);
    }
    let (message, words) = said_in(&case, &asked.message)?;
    let now = inbox.house.clock.now();
    cases::note_look(&inbox, &worker, case.referral.reference.clone(), now).await?;
    let form = ExampleForm {
        key: inbox.form_key(),
        message: message.to_string(),
        text: Blanks::of(&case).shown(words).to_string(),
        language: case.person.language.to_string(),
        safety: Vec::new(),
        themes: Vec::new(),
        agreed: false,
    };
    Ok(respond(StatusCode::OK, &example_page(&inbox, &worker, (&case, message), form, None)))
}

/// `POST …/example`
pub async fn add(
    Leading(worker): Leading,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(fields): Filled<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let case = cases::gather_whole(&inbox, &worker, &cases::read(&path)?).await?;
    let form = ExampleForm::read(&fields)?;
    let (message, _) = said_in(&case, &form.message)?;
    match body_of(&form, &Blanks::of(&case)) {
        Ok(body) => {
            keep(&inbox, &worker, (case.referral.service, form.key), body).await?;
            Ok(Redirect::to(LIST).into_response())
        }
        Err(problem) => {
            let page = example_page(&inbox, &worker, (&case, message), form, Some(problem));
            Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn keep(
    inbox: &Inbox,
    worker: &SignedIn,
    (service, key): (ServiceId, String),
    body: ExampleBody,
) -> Result<(), Refusal> {
    let (author, staff, now) = (worker.author(), worker.id, inbox.house.clock.now());
    let token = format!("example:{key}");
    let written = inbox.house.store.write(move |tx| {
        let (service, body, token) = (service.clone(), body.clone(), token.clone());
        async move {
            if tx.use_form_token(staff, &token, now).await? {
                let id = tx.add_example(&service, &body, now).await?;
                tx.audit(author, "add-example", "example", &id.to_string(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    Ok(written.await?)
}

/// `GET /inbox/examples`
pub async fn list(Leading(worker): Leading, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    let mut examples = inbox.house.store.read().await?.examples().await?;
    examples.retain(|example| worker.works_for(&example.service));
    let page = ExamplesPage {
        layout: worker.layout("Our examples"),
        examples: examples.iter().rev().map(ExampleLine::of).collect(),
    };
    Ok(respond(StatusCode::OK, &page))
}

/// `POST /inbox/examples/{ID}/remove`
pub async fn remove(
    Leading(worker): Leading,
    State(inbox): State<Inbox>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id: ExampleId = id.parse().map_err(|_| Refusal::NotHere)?;
    let examples = inbox.house.store.read().await?.examples().await?;
    let is_theirs = |example: &Example| example.id == id && worker.works_for(&example.service);
    if !examples.iter().any(is_theirs) {
        return Err(Refusal::NotHere);
    }
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let written = inbox.house.store.write(move |tx| {
        async move {
            tx.remove_example(id).await?;
            tx.audit(author, "remove-example", "example", &id.to_string(), now).await
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to(LIST).into_response())
}

/// The message of a case that is named, and its words.
fn said_in<'c>(case: &'c Case, named: &str) -> Result<(InboundId, &'c str), Refusal> {
    let named: InboundId = named.parse().map_err(|_| Refusal::NotHere)?;
    let words = |said: &'c Said| match &said.what {
        SaidWhat::Heard { id, content: Some(content), .. } if *id == named => content.words(),
        SaidWhat::Heard { .. } | SaidWhat::Told { .. } => None,
    };
    case.thread.iter().find_map(words).map(|words| (named, words)).ok_or(Refusal::NotHere)
}

/// The example that a form makes, or what is wrong with it.
fn body_of(form: &ExampleForm, blanks: &Blanks) -> Result<ExampleBody, &'static str> {
    let text = form.text.trim();
    match text.chars().count() {
        0 => return Err("Write the words of the example."),
        length if LONGEST < length => return Err("An example can have 2000 letters at the most."),
        _ => {}
    }
    if blanks.stand_in(text) {
        return Err(
            "A name, a number, a postcode or an address still stands in these words. Take it out, or write something else there.",
        );
    }
    let concerns = chosen(&form.safety, &URGENT, ConcernCategory::as_str)
        .ok_or("Choose what a human must see urgently in these words, or “None of these”, and not both.")?;
    let themes = chosen(&form.themes, &Theme::ALL, Theme::as_str)
        .ok_or("Choose what these words are about, or “None of these”, and not both.")?;
    if !form.agreed {
        return Err("Read the words once more, and tick that nobody can be told from them.");
    }
    let language = form.language.parse().map_err(|_| "Choose the language of these words.")?;
    Ok(ExampleBody { text: Words(text.to_owned()), language, concerns, themes })
}

/// What was ticked, in our order; nothing where neither something nor “none” was, or both.
fn chosen<T: Copy>(ticked: &[String], all: &[T], code: fn(T) -> &'static str) -> Option<Vec<T>> {
    let found: Vec<T> = all.iter().copied().filter(|one| ticked.iter().any(|t| t == code(*one))).collect();
    let is_none = ticked.iter().any(|code| code == NONE);
    (found.is_empty() == is_none).then_some(found)
}

fn example_page(
    inbox: &Inbox,
    worker: &SignedIn,
    (case, message): (&Case, InboundId),
    form: ExampleForm,
    problem: Option<&'static str>,
) -> ExamplePage {
    let choice = |ticked: &[String], code, words| Choice {
        code,
        words,
        ticked: ticked.iter().any(|ticked| ticked == code),
    };
    let none = [(NONE, "None of these")];
    let safety = URGENT.map(|one| (one.as_str(), category_words(one))).into_iter().chain(none);
    let themes = Theme::ALL.map(|one| (one.as_str(), theme_words(one))).into_iter().chain(none);
    let content = inbox.house.content.get();
    let languages = languages(&content).into_iter().map(|(code, name)| {
        let is_it = code == form.language;
        (code, name, is_it)
    });
    ExamplePage {
        layout: worker.layout("Add a message to our examples"),
        reference: case.referral.reference.clone(),
        key: form.key,
        message,
        languages: languages.collect(),
        safety: safety.map(|(code, words)| choice(&form.safety, code, words)).collect(),
        themes: themes.map(|(code, words)| choice(&form.themes, code, words)).collect(),
        text: form.text,
        problem: problem.map(Foreign::new),
    }
}
