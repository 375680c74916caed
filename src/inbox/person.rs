//! What is held of the person of a case: a copy for them, and erasing them. For administrators.
//!
//! Invariant: nobody is erased whose reference was not typed again, with a reason, or about whom a concern is open; and
//! a copy is written down before it is given.

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use futures_util::FutureExt;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::cases;
use crate::inbox::export::Export;
use crate::inbox::form::EraseForm;
use crate::inbox::form::ExportForm;
use crate::inbox::form::Filled;
use crate::inbox::kept;
use crate::inbox::kept::KeptView;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::london;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::signed_in::Administrator;
use crate::inbox::signed_in::SignedIn;
use crate::store::erasure::Erasure;
use crate::store::erasure::Held;
use crate::store::erasure_ground::Ground;
use crate::store::sight::Sight;

/// The page.
#[derive(Template)]
#[template(path = "inbox/person.html")]
pub struct PersonPage {
    /// The frame.
    pub layout: Layout,
    /// The case.
    pub reference: Reference,
    /// How much there is.
    pub held: Held,
    /// When they were erased, where they were.
    pub erased_at: Option<Moment>,
    /// Whether that broke off: something can be read still.
    pub unfinished: bool,
    /// Whether they are kept from being erased by time.
    pub kept: KeptView,
    /// What was typed as the reference.
    pub again: String,
    /// For how many days backups of the keys are kept, as it was typed.
    pub days: String,
    /// The code of the reason that was chosen.
    pub chosen: String,
    /// The day from which no backup of the keys can be read.
    pub until: Option<String>,
    /// What was wrong, in a sentence.
    pub problem: Option<&'static str>,
}

impl PersonPage {
    fn reasons(&self) -> [Reason; 4] {
        Reason::ALL
    }
}

/// Why somebody is erased: a word of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Asked,
    KeptLongEnough,
    NeverMeant,
    OtherDuty,
}

impl Reason {
    const ALL: [Self; 4] = [Self::Asked, Self::KeptLongEnough, Self::NeverMeant, Self::OtherDuty];

    /// The code of the form, and the action in the audit.
    fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "erase-as-they-asked",
            Self::KeptLongEnough => "erase-as-kept-long-enough",
            Self::NeverMeant => "erase-as-never-meant-for-us",
            Self::OtherDuty => "erase-by-another-duty",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Asked => "They asked for it",
            Self::KeptLongEnough => "We have kept it long enough",
            Self::NeverMeant => "It was never meant for us",
            Self::OtherDuty => "Another duty in law",
        }
    }

    fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == code)
    }
}

/// As long as an operator keeps backups of the keys who follows our advice.
const USUAL_DAYS: u16 = 30;
const TITLE: &str = "What we hold of a person";
const WRONG_REFERENCE: &str =
    "Nobody was erased: what you typed is not the reference of this case. It stands at the top.";
const NO_REASON: &str = "Nobody was erased: choose why.";
const NO_DAYS: &str =
    "Nobody was erased: say in figures for how many days back-ups of the keys are kept, at most 9999.";
const KEPT: &str =
    "Nobody was erased: a colleague keeps them. Where that is no longer so, press “Keep no longer” first.";
const CHANGED: &str = "Nobody was erased: something changed meanwhile. Look again, then press again.";
const OPEN_CONCERN: &str = "Nobody was erased: a concern about them is open. Acknowledge it first.";

/// `GET /inbox/referrals/{REF}/person`
pub async fn show(
    Administrator(admin): Administrator,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
) -> Result<Response, Refusal> {
    let (_, page) = page(&admin, &inbox, &reference).await?;
    Ok(respond(StatusCode::OK, &page))
}

/// `POST /inbox/referrals/{REF}/export`
pub async fn export(
    Administrator(admin): Administrator,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
    Filled(form): Filled<ExportForm>,
) -> Result<Response, Refusal> {
    let (person, page) = page(&admin, &inbox, &reference).await?;
    let mut reader = inbox.house.store.read().await?;
    let export = Export::of(&mut reader, person).await?;
    drop(reader);
    note(&inbox, &admin, page.reference.clone(), "export-person").await?;
    let (kind, ending, words) = match form.format.as_str() {
        "json" => ("application/json", "json", export.json()),
        _ => ("text/plain; charset=utf-8", "txt", export.text()),
    };
    let name = format!("attachment; filename=\"{}.{ending}\"", page.reference);
    let name = HeaderValue::try_from(name).map_err(|_| Refusal::Mistake)?;
    let kind = HeaderValue::from_static(kind);
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], words).into_response())
}

/// `POST /inbox/referrals/{REF}/erase`
pub async fn erase(
    Administrator(admin): Administrator,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
    Filled(form): Filled<EraseForm>,
) -> Result<Response, Refusal> {
    let (person, mut page) = page(&admin, &inbox, &reference).await?;
    if page.erased_at.is_some() && !page.unfinished {
        return Err(Refusal::Erased);
    }
    let now = inbox.house.clock.now();
    let reason = match read(&form, &page, now) {
        Ok((reason, until)) => {
            page.until = Some(until);
            reason
        }
        Err(problem) => return Ok(refused(page, form, problem)),
    };
    // Erasing once more finishes what broke off, and the first time counts.
    let erased_at = page.erased_at.as_ref().map_or(now, |before| before.0);
    let ground = Ground::Reason(reason.as_str(), page.reference.clone());
    let erasure = Erasure { person, erased_at };
    if inbox.house.store.erase_on(ground, erasure, admin.author(), now).await?.is_none() {
        return spared(&admin, &inbox, &reference, form).await;
    }
    (page.erased_at, page.unfinished) = (Some(Moment(erased_at)), false);
    Ok(respond(StatusCode::OK, &page))
}

/// Something came between the look and the deed: the page as it is now says what.
async fn spared(
    admin: &SignedIn,
    inbox: &Inbox,
    reference: &str,
    form: EraseForm,
) -> Result<Response, Refusal> {
    let (_, page) = page(admin, inbox, reference).await?;
    let problem = read(&form, &page, inbox.house.clock.now()).err().unwrap_or(CHANGED);
    Ok(refused(page, form, problem))
}

fn refused(mut page: PersonPage, form: EraseForm, problem: &'static str) -> Response {
    (page.again, page.days, page.chosen) = (form.again, form.days, form.reason);
    page.problem = Some(problem);
    respond(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Why, and from which day on no backup of the keys can be read; or what is wrong with the form.
fn read(form: &EraseForm, page: &PersonPage, now: Timestamp) -> Result<(Reason, String), &'static str> {
    if 0 < page.held.open_concerns && !page.unfinished {
        return Err(OPEN_CONCERN);
    }
    if page.kept.by.is_some() && !page.unfinished {
        return Err(KEPT);
    }
    if form.again.trim().to_uppercase() != page.reference.as_str() {
        return Err(WRONG_REFERENCE);
    }
    let reason = Reason::named(&form.reason).ok_or(NO_REASON)?;
    let days: u16 = form.days.trim().parse().ok().filter(|days| *days <= 9999).ok_or(NO_DAYS)?;
    day_after(now, days).map(|until| (reason, written(until))).ok_or(NO_DAYS)
}

pub(super) async fn page(
    admin: &SignedIn,
    inbox: &Inbox,
    reference: &str,
) -> Result<(PersonId, PersonPage), Refusal> {
    let reference = cases::read(reference)?;
    let mut reader = inbox.house.store.read().await?;
    let referral = reader.referral(&reference).await?;
    if reader.sight(admin.id, &referral).await? != Sight::Whole {
        return Err(Refusal::NotHere);
    }
    let held = reader.held_of(referral.person).await?;
    let erased_at = reader.erased_at(referral.person).await?.map(Moment);
    let unfinished = erased_at.is_some() && inbox.house.store.has_key(referral.person).await?;
    let kept = kept::view_of(&mut reader, inbox, &referral).await?;
    let usual = day_after(inbox.house.clock.now(), USUAL_DAYS).map(written);
    let page = PersonPage {
        layout: admin.layout(TITLE),
        reference,
        held,
        kept,
        until: usual.filter(|_| erased_at.is_none() || unfinished),
        erased_at,
        unfinished,
        again: String::new(),
        days: USUAL_DAYS.to_string(),
        chosen: String::new(),
        problem: None,
    };
    Ok((referral.person, page))
}

pub(super) async fn note(
    inbox: &Inbox,
    admin: &SignedIn,
    reference: Reference,
    action: &'static str,
) -> Result<(), Refusal> {
    let (author, now) = (admin.author(), inbox.house.clock.now());
    let noted = inbox.house.store.write(move |tx| {
        let reference = reference.clone();
        async move { tx.audit(author, action, "referral", reference.as_str(), now).await }.boxed()
    });
    Ok(noted.await?)
}

/// The day in London so many days on; nothing where there is none.
#[must_use]
pub fn day_after(now: Timestamp, days: u16) -> Option<Date> {
    let today = now.to_jiff().to_zoned(london()).date();
    today.checked_add(i64::from(days).days()).ok()
}

/// As people write it.
fn written(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}
