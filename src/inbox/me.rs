//! What belongs to whoever is signed in: their own phone, whether it can be reached, and duty.
//!
//! Invariant: a phone number stands on its owner's own page only.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::directory::Directory;
use crate::directory::duty::SIGNED_ON_FOR;
use crate::domain::ids::ServiceId;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::mobile::Mobile;
use crate::inbox::Inbox;
use crate::inbox::account_form::DutyForm;
use crate::inbox::account_form::PhoneForm;
use crate::inbox::form::Filled;
use crate::inbox::form::KeyForm;
use crate::inbox::messages::fate;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::inbox::words::fate_words;
use crate::intake::duty::TEST_ALERT;
use crate::intake::duty::send_test;
use crate::store::duty::OnDuty;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/me.html")]
pub struct MePage {
    /// The frame.
    pub layout: Layout,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// Their phone, as they wrote it or as it is kept; empty where there is none.
    pub phone: String,
    /// Whether a phone is kept.
    pub has_phone: bool,
    /// What was wrong with what they wrote.
    pub problem: Option<&'static str>,
    /// What became of the last test, and when it was sent.
    pub test: Option<(Moment, &'static str)>,
}

/// A service, and who is on duty for it.
#[derive(Debug)]
pub struct DutyLine {
    /// Its id.
    pub service: ServiceId,
    /// Its name.
    pub name: Foreign,
    /// Who has signed on, and until when.
    pub on: Vec<(Foreign, Moment)>,
    /// Whether I have.
    pub mine: bool,
    /// Whether I may.
    pub may: bool,
}

/// Who is on duty for the services of somebody who is signed in.
#[must_use]
pub fn duty_lines(
    worker: &SignedIn,
    on_duty: &[OnDuty],
    directory: &Directory,
    names: &Names,
) -> Vec<DutyLine> {
    let services = directory.services().iter().filter(|service| worker.works_for(&service.id));
    services
        .map(|service| {
            let on = || on_duty.iter().filter(|on| on.service == service.id);
            DutyLine {
                service: service.id.clone(),
                name: Foreign::new(&service.name),
                on: on().map(|on| (names.get(on.staff), Moment(on.ends_at))).collect(),
                mine: on().any(|on| on.staff == worker.id),
                may: worker.role.may_be_on_duty(),
            }
        })
        .collect()
}

/// What is said of a number that is no mobile number.
pub(crate) const NO_MOBILE: &str = "Write a UK mobile number, such as 07700 900123.";
const PHONE_FIRST: &str =
    "Write your mobile number first: that is how you are told of a concern while you are on duty.";

/// `GET /inbox/me`
pub async fn show(worker: SignedIn, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    page(&worker, &inbox, None).await
}

async fn page(
    worker: &SignedIn,
    inbox: &Inbox,
    wrong: Option<(&'static str, String)>,
) -> Result<Response, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let kept = reader.staff_phone(worker.id).await?;
    let test = match &kept {
        Some(address) => reader.newest_staff_text(address.id, TEST_ALERT).await?,
        None => None,
    };
    let shown = kept.as_ref().map(|address| address.handle.0.parse::<Mobile>());
    let (problem, typed) = wrong.map_or((None, None), |(problem, typed)| (Some(problem), Some(typed)));
    let page = MePage {
        layout: worker.layout("My details"),
        key: inbox.form_key(),
        has_phone: kept.is_some(),
        phone: typed.or_else(|| shown?.ok().map(|mobile| mobile.spaced())).unwrap_or_default(),
        problem,
        test: test
            .map(|text| (Moment(text.created_at), fate_words(fate(&text.state, text.delivery.as_deref())))),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

/// `POST /inbox/me/phone`
pub async fn set_phone(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Filled(form): Filled<PhoneForm>,
) -> Result<Response, Refusal> {
    let typed = form.phone.trim().to_owned();
    let mobile: Option<Mobile> = typed.parse().ok();
    if mobile.is_none() && !typed.is_empty() {
        return page(&worker, &inbox, Some((NO_MOBILE, typed))).await;
    }
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let handle = mobile.map(|mobile| Handle(mobile.as_str().to_owned()));
    let written = inbox.house.store.write(move |tx| {
        let handle = handle.clone();
        async move {
            let address = match handle {
                Some(handle) => Some(tx.find_or_open_address(ChannelKind::Sms, &handle, now).await?.id),
                None => {
                    // Nobody is on duty whom no alert reaches.
                    tx.sign_off(staff, now).await?;
                    None
                }
            };
            tx.set_staff_phone(staff, address).await?;
            tx.audit(author, "set-phone", "staff", &staff.to_string(), now).await
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to("/inbox/me").into_response())
}

/// `POST /inbox/me/test-alert`
pub async fn test_alert(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Filled(form): Filled<KeyForm>,
) -> Result<Response, Refusal> {
    let (staff, now, base) = (worker.id, inbox.house.clock.now(), Arc::clone(&inbox.base));
    let token = format!("test-alert:{}", form.key);
    let written = inbox.house.store.write(move |tx| {
        let (token, base) = (token.clone(), Arc::clone(&base));
        async move {
            let Some(phone) = tx.staff_phone(staff).await? else { return Ok(false) };
            if tx.use_form_token(staff, &token, now).await? {
                send_test(tx, phone.id, &base, now).await?;
            }
            Ok(true)
        }
        .boxed()
    });
    if !written.await? {
        return page(&worker, &inbox, Some((PHONE_FIRST, String::new()))).await;
    }
    inbox.house.wake.notify_one();
    Ok(Redirect::to("/inbox/me").into_response())
}

/// `POST /inbox/duty/on`
pub async fn sign_on(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Filled(form): Filled<DutyForm>,
) -> Result<Response, Refusal> {
    let content = inbox.house.content.get();
    let directory = &content.directory;
    let service = directory.service(&form.service).filter(|service| worker.works_for(&service.id));
    let service = service.filter(|_| worker.role.may_be_on_duty()).ok_or(Refusal::NotHere)?;
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let ends_at = now.plus(service.duty.as_ref().map_or(SIGNED_ON_FOR, |duty| duty.signed_on_for));
    let id = service.id.clone();
    let written = inbox.house.store.write(move |tx| {
        let id = id.clone();
        async move {
            if tx.staff_phone(staff).await?.is_none() {
                return Ok(false);
            }
            tx.sign_on(staff, &id, ends_at, now).await?;
            tx.audit(author, "sign-on", "service", id.as_str(), now).await?;
            Ok(true)
        }
        .boxed()
    });
    if !written.await? {
        return page(&worker, &inbox, Some((PHONE_FIRST, String::new()))).await;
    }
    Ok(Redirect::to("/inbox").into_response())
}

/// `POST /inbox/duty/off`
pub async fn sign_off(worker: SignedIn, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    let (staff, author, now) = (worker.id, worker.author(), inbox.house.clock.now());
    let written = inbox.house.store.write(move |tx| {
        async move {
            tx.sign_off(staff, now).await?;
            tx.audit(author, "sign-off", "staff", &staff.to_string(), now).await
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to("/inbox").into_response())
}
