//! The demo's phones: pages on which one types as the person.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use axum::Form;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use serde::Deserialize;

use crate::app::demo::people;
use crate::channel::simulator::Simulator;
use crate::channel::simulator::Typed;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::mobile::Mobile;
use crate::inbox;
use crate::inbox::Inbox;
use crate::inbox::demo::DemoPage;
use crate::inbox::demo::Phone;
use crate::inbox::demo::PhonePage;
use crate::inbox::demo::PhoneText;
use crate::inbox::fence;
use crate::inbox::fence::Fence;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::token::Cookie;
use crate::inbox::token::Token;
use crate::intake;

/// The phones that can be had, the first of which is there from the start: numbers set aside for drama.
const PHONES: [&str; 4] = ["+447700900201", "+447700900202", "+447700900203", "+447700900204"];

/// Ten times what the page lets anybody type.
const LARGEST_TEXT: usize = 64 * 1024;

/// What the phones work with.
#[derive(Clone)]
struct Stage {
    inbox: Inbox,
    simulator: Simulator,
    phones: Arc<Mutex<Phones>>,
}

/// The phones on the stage, and what was typed on each: a text, and how many had arrived before it.
#[derive(Default)]
struct Phones {
    added: usize,
    typed: BTreeMap<String, Vec<(usize, String)>>,
}

/// The demo's pages and the inbox's, with the fence around both.
pub fn router(inbox: Inbox, simulator: Simulator) -> Router {
    let fence = Fence { base: inbox.base.to_string(), demo: true };
    let stage = Stage { inbox: inbox.clone(), simulator, phones: Arc::default() };
    Router::new()
        .route("/", get(show))
        .route("/demo/enter", get(enter))
        .route("/demo/phones", post(add))
        .route("/demo/phones/{digits}", get(look).post(text))
        .with_state(stage)
        .layer(DefaultBodyLimit::max(LARGEST_TEXT))
        .merge(inbox::pages().with_state(inbox))
        .layer(from_fn_with_state(fence, fence::keep))
}

#[derive(Deserialize)]
struct Enter {
    token: String,
}

/// The link that the terminal printed: signs in, and leads to the stage.
async fn enter(State(stage): State<Stage>, Query(enter): Query<Enter>) -> Response {
    match enter.token.parse::<Token>() {
        Ok(token) => {
            let cookie = Cookie::for_base(&stage.inbox.base).set(&token);
            ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Err(_) => Refusal::SignInFirst.into_response(),
    }
}

async fn show(State(stage): State<Stage>) -> Response {
    let shown = stage.phones.lock().unwrap_or_else(PoisonError::into_inner).added + 1;
    let phones = PHONES.iter().take(shown).filter_map(|phone| phone.parse().ok()).map(Phone).collect();
    respond(StatusCode::OK, &DemoPage { layout: layout("Demo"), phones, may_add: shown < PHONES.len() })
}

fn layout(title: &str) -> Layout {
    Layout { demo: true, ..Layout::outside(title) }
}

async fn add(State(stage): State<Stage>) -> Redirect {
    let mut phones = stage.phones.lock().unwrap_or_else(PoisonError::into_inner);
    phones.added = (phones.added + 1).min(PHONES.len() - 1);
    Redirect::to("/")
}

async fn look(State(stage): State<Stage>, Path(digits): Path<String>) -> Response {
    let Some(phone) = phone(&digits) else { return Refusal::NotHere.into_response() };
    let with = stage.inbox.house.content.get().directory.services()[0].name.clone();
    let texts = stage.texts_on(phone.as_str());
    respond(StatusCode::OK, &PhonePage { layout: layout("Phone"), phone: Phone(phone), with, texts })
}

fn phone(digits: &str) -> Option<Mobile> {
    format!("+{digits}").parse().ok()
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

/// Somebody types on a phone: the text goes the way of every text.
async fn text(State(stage): State<Stage>, Path(digits): Path<String>, Form(form): Form<Text>) -> Response {
    let house = &stage.inbox.house;
    let (Some(phone), Ok(number)) = (phone(&digits), people::number_texted(house)) else {
        return Refusal::NotHere.into_response();
    };
    let from = Handle(phone.as_str().to_owned());
    stage.note(&from.0, &form.text);
    let id: [u8; 16] = stage.inbox.randomness.bytes();
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let typed = Typed { channel: ChannelKind::Sms, id: &id, from: &from, to: &number, text: &form.text };
    match intake::receive(house, stage.simulator.hear(typed, house.clock.now())).await {
        Ok(_) => Redirect::to(&format!("/demo/phones/{digits}")).into_response(),
        Err(error) => Refusal::from(error).into_response(),
    }
}

impl Stage {
    fn note(&self, phone: &str, text: &str) {
        let arrived = self.simulator.messages(&Handle(phone.to_owned())).len();
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        phones.typed.entry(phone.to_owned()).or_default().push((arrived, text.to_owned()));
    }

    /// The texts on a phone, the oldest first.
    fn texts_on(&self, phone: &str) -> Vec<PhoneText> {
        let arrived = self.simulator.messages(&Handle(phone.to_owned()));
        let phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let typed = phones.typed.get(phone).map_or(&[][..], Vec::as_slice);
        let theirs = arrived.iter().enumerate().map(|(index, text)| (index, 1, text.text.0.as_str()));
        let mine = typed.iter().map(|(before, text)| (*before, 0, text.as_str()));
        let mut all: Vec<_> = theirs.chain(mine).collect();
        all.sort_by_key(|(place, side, _)| (*place, *side));
        all.into_iter()
            .map(|(_, side, text)| PhoneText { mine: side == 0, text: Foreign::new(text) })
            .collect()
    }
}
