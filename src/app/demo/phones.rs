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
use crate::domain::message::Inbound;
use crate::domain::message::Outgoing;
use crate::domain::time::Timestamp;
use crate::inbox;
use crate::inbox::Inbox;
use crate::inbox::demo::DemoPage;
use crate::inbox::demo::Phone;
use crate::inbox::demo::PhoneButton;
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

/// The chat of the phone that may have Telegram.
const TELEGRAM_CHAT: u64 = 7_000_000_201;

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
    has_telegram: bool,
    typed: BTreeMap<String, Vec<(usize, String)>>,
}

/// The demo's pages and the inbox's, with the fence around both.
pub fn router(inbox: Inbox, simulator: Simulator) -> Router {
    let fence = Fence { base: inbox.base.to_string(), brand: inbox.brand.clone(), demo: true };
    let stage = Stage { inbox: inbox.clone(), simulator, phones: Arc::default() };
    Router::new()
        .route("/", get(show))
        .route("/demo/enter", get(enter))
        .route("/demo/phones", post(add))
        .route("/demo/phones/{name}", get(look).post(text))
        .route("/demo/phones/{name}/tap", post(tap))
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
    let (shown, has_telegram) = {
        let phones = stage.phones.lock().unwrap_or_else(PoisonError::into_inner);
        (phones.added + 1, phones.has_telegram)
    };
    let texting = PHONES.iter().take(shown).filter_map(|phone| phone.parse().ok()).map(Phone::Texts);
    let phones = texting.chain(has_telegram.then_some(Phone::Telegram(TELEGRAM_CHAT))).collect();
    let (layout, may_add) = (layout("Demo"), shown < PHONES.len());
    respond(StatusCode::OK, &DemoPage { layout, phones, may_add, may_add_telegram: !has_telegram })
}

fn layout(title: &str) -> Layout {
    Layout { demo: true, ..Layout::outside(title) }
}

#[derive(Deserialize)]
struct Add {
    kind: ChannelKind,
}

async fn add(State(stage): State<Stage>, Form(add): Form<Add>) -> Redirect {
    let mut phones = stage.phones.lock().unwrap_or_else(PoisonError::into_inner);
    match add.kind {
        ChannelKind::Sms => phones.added = (phones.added + 1).min(PHONES.len() - 1),
        ChannelKind::Telegram => phones.has_telegram = true,
    }
    Redirect::to("/")
}

async fn look(State(stage): State<Stage>, Path(name): Path<String>) -> Response {
    let Some(phone) = phone(&name) else { return Refusal::NotHere.into_response() };
    let with = stage.inbox.house.content.get().directory.services()[0].name.clone();
    let texts = stage.texts_on(&line_of(&phone).from);
    respond(StatusCode::OK, &PhonePage { layout: layout("Phone"), phone, with, texts })
}

fn phone(name: &str) -> Option<Phone> {
    match name.strip_prefix("telegram-") {
        Some(chat) => chat.parse().ok().map(Phone::Telegram),
        None => format!("+{name}").parse().ok().map(Phone::Texts),
    }
}

/// How a phone is connected to us.
struct Line {
    channel: ChannelKind,
    from: Handle,
}

fn line_of(phone: &Phone) -> Line {
    match phone {
        Phone::Texts(mobile) => Line { channel: ChannelKind::Sms, from: Handle(mobile.as_str().to_owned()) },
        Phone::Telegram(chat) => Line { channel: ChannelKind::Telegram, from: Handle(chat.to_string()) },
    }
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

/// Somebody types on a phone: the text goes the way of every text.
async fn text(State(stage): State<Stage>, Path(name): Path<String>, Form(form): Form<Text>) -> Response {
    let Some(phone) = phone(&name) else { return Refusal::NotHere.into_response() };
    stage.note(&line_of(&phone).from, &form.text);
    stage.takes(&phone, &form.text, Simulator::hear).await
}

#[derive(Deserialize)]
struct Tap {
    data: String,
}

/// Somebody taps a button on a phone.
async fn tap(State(stage): State<Stage>, Path(name): Path<String>, Form(form): Form<Tap>) -> Response {
    let Some(phone) = phone(&name) else { return Refusal::NotHere.into_response() };
    stage.takes(&phone, &form.data, Simulator::feel).await
}

impl Stage {
    /// Takes in what was done on a phone, and shows the phone.
    async fn takes(
        &self,
        phone: &Phone,
        text: &str,
        become_message: fn(&Simulator, Typed<'_>, Timestamp) -> Inbound,
    ) -> Response {
        let house = &self.inbox.house;
        let Line { channel, from } = line_of(phone);
        let Ok(number) = people::number_texted(house) else { return Refusal::NotHere.into_response() };
        let id: [u8; 16] = self.inbox.randomness.bytes();
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let typed = Typed { channel, id: &id, from: &from, to: &number, text };
        match intake::receive(house, become_message(&self.simulator, typed, house.clock.now())).await {
            Ok(_) => Redirect::to(&format!("/demo/phones/{}", phone.name())).into_response(),
            Err(error) => Refusal::from(error).into_response(),
        }
    }

    fn note(&self, from: &Handle, text: &str) {
        let arrived = self.simulator.messages(from).len();
        let mut phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        phones.typed.entry(from.0.clone()).or_default().push((arrived, text.to_owned()));
    }

    /// The texts on a phone, the oldest first.
    fn texts_on(&self, phone: &Handle) -> Vec<PhoneText> {
        let arrived = self.simulator.messages(phone);
        let phones = self.phones.lock().unwrap_or_else(PoisonError::into_inner);
        let typed = phones.typed.get(&phone.0).map_or(&[][..], Vec::as_slice);
        let theirs = arrived.iter().enumerate().map(|(index, text)| (index, 1, theirs(text)));
        let mine = typed.iter().map(|(before, text)| (*before, 0, mine(text)));
        let mut all: Vec<_> = theirs.chain(mine).collect();
        all.sort_by_key(|(place, side, _)| (*place, *side));
        all.into_iter().map(|(_, _, text)| text).collect()
    }
}

fn mine(text: &str) -> PhoneText {
    PhoneText { mine: true, text: Foreign::new(text), buttons: Vec::new() }
}

fn theirs(message: &Outgoing) -> PhoneText {
    let buttons = message.buttons.iter();
    let shown = buttons.map(|b| PhoneButton { label: Foreign::new(&b.label), data: b.data.clone() });
    PhoneText { mine: false, text: Foreign::new(&message.text.0), buttons: shown.collect() }
}
