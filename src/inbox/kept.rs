//! Keeping somebody from being erased by time: a complaint or a court may need what is held of them. For administrators.
//!
//! Invariant: it takes a reason, which is sealed; and it is in the audit, without it.

use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::domain::message::Words;
use crate::inbox::Inbox;
use crate::inbox::form::Filled;
use crate::inbox::form::KeepForm;
use crate::inbox::form::tidied;
use crate::inbox::page::Moment;
use crate::inbox::page::respond;
use crate::inbox::person;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Administrator;
use crate::inbox::view::Names;
use crate::store::referral::Referral;
use crate::store::tx::Reader;

/// Longer is no reason, but a story.
const LONGEST_REASON: usize = 300;
const NO_REASON: &str = "Nothing was changed: say in a few words why they must be kept.";

/// Whether somebody is kept from being erased by time.
#[derive(Default)]
pub struct KeptView {
    /// After how many years the program erases; nothing where it does not.
    pub years: Option<u8>,
    /// Who keeps them.
    pub by: Option<KeptBy>,
}

/// Who keeps somebody.
pub struct KeptBy {
    /// Their name.
    pub who: Foreign,
    /// Since when.
    pub since: Moment,
    /// Why.
    pub why: Foreign,
}

/// How it stands with the person of a case.
///
/// # Errors
/// Where the store is away.
pub async fn view_of(reader: &mut Reader, inbox: &Inbox, referral: &Referral) -> Result<KeptView, Refusal> {
    let content = inbox.house.content.get();
    let years = content.directory.service(&referral.service).and_then(|service| service.keep_ended);
    let names = Names::of(&reader.all_staff().await?);
    let kept = reader.kept(referral.person).await?;
    let by = kept.map(|kept| KeptBy {
        who: names.get(kept.by),
        since: Moment(kept.since),
        why: Foreign::new(&kept.why.0),
    });
    Ok(KeptView { years, by })
}

/// `POST /inbox/referrals/{REF}/keep`
pub async fn keep(
    Administrator(admin): Administrator,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
    Filled(form): Filled<KeepForm>,
) -> Result<Response, Refusal> {
    let (person, mut page) = person::page(&admin, &inbox, &reference).await?;
    let why = Words(tidied(&form.why));
    if why.0.is_empty() || LONGEST_REASON < why.0.chars().count() {
        page.problem = Some(NO_REASON);
        return Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let (staff, now) = (admin.id, inbox.house.clock.now());
    let kept = inbox.house.store.write(move |tx| {
        let why = why.clone();
        async move { tx.keep_person(person, staff, &why, now).await }.boxed()
    });
    kept.await?;
    person::note(&inbox, &admin, page.reference.clone(), "keep-person").await?;
    Ok(Redirect::to(&format!("/inbox/referrals/{}/person", page.reference)).into_response())
}

/// `POST /inbox/referrals/{REF}/keep-no-longer`
pub async fn keep_no_longer(
    Administrator(admin): Administrator,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
) -> Result<Response, Refusal> {
    let (person, page) = person::page(&admin, &inbox, &reference).await?;
    let dropped =
        inbox.house.store.write(move |tx| async move { tx.keep_person_no_longer(person).await }.boxed());
    dropped.await?;
    person::note(&inbox, &admin, page.reference.clone(), "keep-person-no-longer").await?;
    Ok(Redirect::to(&format!("/inbox/referrals/{}/person", page.reference)).into_response())
}
