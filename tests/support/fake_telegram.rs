//! Telegram's Bot API on a loopback port, written against its documentation and none of our code.
//!
//! It takes texts, hands out updates once they are asked for, and can fail in every way in which a server can. It speaks
//! HTTP by hand, so that it can also cut an answer off or say nothing at all.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;
use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::watch;
use uuid::Uuid;

use crate::support::journal::Event;

/// The token that the fake knows.
pub const TOKEN: &str = "123456789:AAcanary-token_that-nobody-must-see-0123";
/// The bot's name.
pub const BOT: &str = "AlderValeBot";
/// What the webhook's header repeats.
pub const SECRET: &str = "a-secret_of-the-webhook";
/// When every message is sent, by Telegram's clock.
const DATE: i64 = 1_780_000_000;
/// What Telegram takes in one message.
const LONGEST_TEXT: usize = 4096;
/// What Telegram lets a button carry.
const LONGEST_DATA: usize = 64;

/// How a request is answered. A text is taken by all but `Error`, `RetryAfter`, `Page` and `Reset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// As it should be.
    Well,
    /// 200 with a message of a newer Telegram: only its number is as we know it.
    Newer,
    /// An error of Telegram's: its code and description.
    Error(u16, &'static str),
    /// 429, and so many seconds to wait.
    RetryAfter(u32),
    /// A page of HTML with this status and heading.
    Page(u16, &'static str),
    /// 200 with something that is not Telegram's.
    Garbage,
    /// The body ends half way.
    CutOff,
    /// The text is taken, and then there is a page of HTML with this status.
    TakenThenPage(u16),
    /// The connection closes without an answer.
    Closed,
    /// The connection closes before anything is done.
    Reset,
    /// No answer, and the connection stays.
    Silence,
    /// 307 to the same place.
    Redirect,
}

impl Answer {
    /// A text is taken, and the answer does not say so.
    fn is_taken_and_not_told(&self) -> bool {
        match self {
            Self::Garbage
            | Self::CutOff
            | Self::TakenThenPage(_)
            | Self::Closed
            | Self::Silence
            | Self::Redirect => true,
            Self::Well
            | Self::Newer
            | Self::Error(..)
            | Self::RetryAfter(_)
            | Self::Page(..)
            | Self::Reset => false,
        }
    }
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The method, in small letters.
    pub method: String,
    /// What it was asked with.
    pub with: Value,
}

/// A text that the fake has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number.
    pub id: i64,
    /// To whom it goes.
    pub chat: i64,
    /// What it says.
    pub text: String,
    /// The buttons under it: label and what each carries.
    pub buttons: Vec<(String, String)>,
}

impl Message {
    /// What the button of this label carries.
    pub fn button(&self, label: &str) -> Option<&str> {
        self.buttons.iter().find(|(shown, _)| shown == label).map(|(_, data)| data.as_str())
    }
}

/// Of a hundred texts so many are answered so; the rest as they should be. Errors of 500 and above cost ten seconds each,
/// and silence fifteen: tests plan those, a few at once.
const MIX: [(u32, Answer); 9] = [
    (5, Answer::Closed),
    (5, Answer::Reset),
    (4, Answer::RetryAfter(20)),
    (2, Answer::Garbage),
    (2, Answer::CutOff),
    (2, Answer::Newer),
    (1, Answer::Page(429, "Too Many Requests")),
    (2, Answer::Error(403, "Forbidden: bot was blocked by the user")),
    (2, Answer::Error(400, "Bad Request: something that nobody has heard of")),
];
/// Of a hundred requests for updates so many are answered so: each costs a second.
const MIX_OF_ASKING: [(u32, Answer); 3] = [(1, Answer::Closed), (1, Answer::Reset), (1, Answer::Garbage)];
/// While everything fails, an answer takes so long, so that two requests to one chat would meet.
const LATENCY: Duration = Duration::from_millis(3);

fn drawn(dice: &mut StdRng, mix: &[(u32, Answer)]) -> Answer {
    let mut drawn: u32 = dice.random_range(0..100);
    for (share, answer) in mix {
        match drawn.checked_sub(*share) {
            Some(rest) => drawn = rest,
            None => return answer.clone(),
        }
    }
    Answer::Well
}

/// What a text to a chat is called in the journal: no request says the program's own id.
pub fn name_of(chat: i64, words: &str) -> Uuid {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, chat, words.trim()).hash(&mut hasher);
        hasher.finish()
    };
    Uuid::from_u64_pair(half(1), half(2))
}

#[derive(Default)]
struct State {
    mix: Option<StdRng>,
    latency: Duration,
    journal: Vec<Event>,
    calls: Vec<Call>,
    messages: Vec<Message>,
    planned: BTreeMap<String, VecDeque<Answer>>,
    updates: VecDeque<Value>,
    next_update: i64,
    webhook: Option<Value>,
    post_failed: Option<(i64, String)>,
    commands: BTreeMap<String, Value>,
    blocked_by: BTreeSet<i64>,
    polls: u64,
}

impl State {
    fn next_answer(&mut self, method: &str) -> Answer {
        if let Some(planned) = self.planned.get_mut(method).and_then(VecDeque::pop_front) {
            return planned;
        }
        match (&mut self.mix, method) {
            (Some(dice), "sendmessage") => drawn(dice, &MIX),
            (Some(dice), "getupdates") => drawn(dice, &MIX_OF_ASKING),
            (Some(_) | None, _) => Answer::Well,
        }
    }

    /// Whoever asks from this number on has all below it.
    fn confirm_below(&mut self, offset: i64) {
        let number = |update: &Value| update["update_id"].as_i64().unwrap_or(i64::MAX);
        let (confirmed, waiting): (VecDeque<_>, VecDeque<_>) =
            self.updates.drain(..).partition(|update| number(update) < offset);
        self.updates = waiting;
        self.journal
            .extend(confirmed.iter().map(|update| Event::Acknowledged { sid: number(update).to_string() }));
    }
}

/// The running fake. Clones share everything.
#[derive(Clone)]
pub struct FakeTelegram {
    /// What `FOOTBRIDGE_TELEGRAM_API_URL` must be.
    pub url: String,
    state: Arc<Mutex<State>>,
    changed: watch::Sender<u64>,
}

impl FakeTelegram {
    /// Starts the fake on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let fake = Self {
            url: format!("http://{address}"),
            state: Arc::default(),
            changed: watch::Sender::default(),
        };
        fake.state().next_update = 700_000_000;
        let server = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                // A client that goes away ends its connection and nothing else.
                tokio::spawn(async move { server.serve(stream).await.ok() });
            }
        });
        fake
    }

    /// Plans the answer to the next request of this method that has no plan yet; without a plan it is `Well`.
    pub fn plan(&self, method: &str, answer: Answer) {
        self.state().planned.entry(method.to_lowercase()).or_default().push_back(answer);
    }

    /// From now on requests are answered in all the ways in which a provider fails, mixed at once.
    pub fn mix(&self, seed: u64) {
        self.state().mix = Some(StdRng::seed_from_u64(seed));
        self.answer_after(LATENCY);
    }

    /// From now on an answer comes so long after the text was taken.
    pub fn answer_after(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// From now on requests are answered as they should be.
    pub fn be_well(&self) {
        self.state().mix = None;
    }

    /// Forgets what was planned.
    pub fn forget_plans(&self) {
        self.state().planned.clear();
    }

    /// Writes down what happened elsewhere.
    pub fn note(&self, event: Event) {
        self.state().journal.push(event);
    }

    /// What happened so far.
    pub fn journal(&self) -> Vec<Event> {
        self.state().journal.clone()
    }

    /// Writes down that nobody may have heard what was answered since the journal had this length.
    pub fn note_lost_since(&self, length: usize) {
        let mut state = self.state();
        let lost: Vec<Event> = state.journal[length..]
            .iter()
            .filter_map(|event| match event {
                Event::Took { text, to } => Some(Event::Lost { text: *text, to: to.clone() }),
                _ => None,
            })
            .collect();
        state.journal.extend(lost);
    }

    /// From now on this person has blocked the bot, or not.
    pub fn block(&self, chat: i64, blocked: bool) {
        let mut state = self.state();
        if blocked {
            state.blocked_by.insert(chat)
        } else {
            state.blocked_by.remove(&chat)
        };
    }

    /// Every request so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// Every request of this method so far.
    pub fn calls_of(&self, method: &str) -> Vec<Value> {
        let calls = self.calls().into_iter();
        calls.filter(|call| call.method == method.to_lowercase()).map(|call| call.with).collect()
    }

    /// Every text that was taken.
    pub fn messages(&self) -> Vec<Message> {
        self.state().messages.clone()
    }

    /// What `setWebhook` said last.
    pub fn webhook(&self) -> Option<Value> {
        self.state().webhook.clone()
    }

    /// Somebody has told Telegram to post here.
    pub fn post_to(&self, url: &str) {
        self.state().webhook = Some(json!({ "url": url }));
    }

    /// Telegram could not post an update at this second, and says so.
    pub fn fail_to_post(&self, at: i64, what: &str) {
        self.state().post_failed = Some((at, what.to_owned()));
    }

    /// What `setMyCommands` said last, by language.
    pub fn commands(&self) -> BTreeMap<String, Value> {
        self.state().commands.clone()
    }

    /// How many updates wait to be asked for, or to be confirmed.
    pub fn waiting(&self) -> usize {
        self.state().updates.len()
    }

    /// An update with the next number.
    pub fn update(&self, what: Value) -> Value {
        let mut state = self.state();
        state.next_update += 1;
        let mut update = what;
        update["update_id"] = state.next_update.into();
        update
    }

    /// The numbers go on from here, as after a week of silence.
    pub fn number_from(&self, number: i64) {
        self.state().next_update = number;
    }

    /// This update waits until it is asked for.
    pub fn queue(&self, update: Value) {
        self.state().updates.push_back(update);
        self.changed.send_modify(|count| *count += 1);
    }

    /// An update that waits until it is asked for; says its number.
    pub fn hold(&self, what: Value) -> i64 {
        let update = self.update(what);
        let id = update["update_id"].as_i64().expect("a number");
        self.queue(update);
        id
    }

    /// Waits until this holds of the fake.
    pub async fn wait_until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let mut seen = self.changed.subscribe();
        let enough = async {
            while !holds(self) {
                seen.changed().await.expect("a running fake");
            }
        };
        assert!(
            tokio::time::timeout(Duration::from_secs(30), enough).await.is_ok(),
            "{what}, within thirty seconds"
        );
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("a fake that has not failed")
    }

    async fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some((path, with)) = read_request(&mut stream).await? {
            let wire = self.answer(&path, with).await;
            self.changed.send_modify(|count| *count += 1);
            match wire {
                Wire::Whole(bytes) => stream.write_all(&bytes).await?,
                Wire::ThenClosed(bytes) => {
                    stream.write_all(&bytes).await?;
                    return stream.shutdown().await;
                }
                Wire::Nothing => std::future::pending().await,
            }
        }
        Ok(())
    }

    async fn answer(&self, path: &str, with: Value) -> Wire {
        let path = path.split('?').next().unwrap_or_default();
        let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
            return error(404, "Not Found");
        };
        let method = method.to_lowercase();
        if token.replace("%3A", ":") != TOKEN {
            return error(401, "Unauthorized");
        }
        let plan = {
            let mut state = self.state();
            state.calls.push(Call { method: method.clone(), with: with.clone() });
            state.next_answer(&method)
        };
        self.changed.send_modify(|count| *count += 1);
        if method != "sendmessage" {
            return self.answer_as(plan, path, &method, &with).await;
        }
        let (text, to) = of_text(&with);
        self.note(Event::Began { text, to: to.clone() });
        let wire = self.answer_as(plan.clone(), path, &method, &with).await;
        let latency = self.state().latency;
        tokio::time::sleep(latency).await;
        if plan.is_taken_and_not_told() {
            self.note(Event::Lost { text, to: to.clone() });
        }
        self.note(Event::Ended { text, to });
        wire
    }

    async fn answer_as(&self, plan: Answer, path: &str, method: &str, with: &Value) -> Wire {
        match plan {
            Answer::Error(code, description) => return error(code, description),
            Answer::RetryAfter(seconds) => return retry_after(seconds),
            Answer::Page(status, heading) => return page(status, heading),
            Answer::Reset => return Wire::ThenClosed(Vec::new()),
            Answer::Well
            | Answer::Newer
            | Answer::Garbage
            | Answer::CutOff
            | Answer::TakenThenPage(_)
            | Answer::Closed
            | Answer::Silence
            | Answer::Redirect => {}
        }
        let result = match self.result(method, with).await {
            Ok(result) => {
                whole(200, "application/json", &json!({ "ok": true, "result": result }).to_string())
            }
            Err(refused) => return refused,
        };
        match plan {
            Answer::Newer => {
                let newer =
                    json!({ "ok": true, "result": { "message_id": 1, "chat": { "type": "hologram" } } });
                Wire::Whole(whole(200, "application/json", &newer.to_string()))
            }
            Answer::Garbage => page(200, "All is well"),
            Answer::CutOff => Wire::ThenClosed(result[..result.len() / 2].to_vec()),
            Answer::TakenThenPage(status) => page(status, "Bad Gateway"),
            Answer::Closed => Wire::ThenClosed(Vec::new()),
            Answer::Silence => Wire::Nothing,
            Answer::Redirect => Wire::Whole(
                format!("HTTP/1.1 307 Moved\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n").into(),
            ),
            Answer::Well | Answer::Error(..) | Answer::RetryAfter(_) | Answer::Page(..) | Answer::Reset => {
                Wire::Whole(result)
            }
        }
    }

    async fn result(&self, method: &str, with: &Value) -> Result<Value, Wire> {
        match method {
            "getme" => Ok(json!({
                "id": 123_456_789, "is_bot": true, "first_name": "Alder Vale", "username": BOT,
                "can_join_groups": false, "can_read_all_group_messages": false, "supports_inline_queries": false,
                "can_connect_to_business": false, "has_main_web_app": false,
            })),
            "sendmessage" => self.send(with),
            "getupdates" => self.hand_out(with).await,
            "setwebhook" => self.set_webhook(with),
            "deletewebhook" => {
                self.state().webhook = None;
                Ok(Value::Bool(true))
            }
            "getwebhookinfo" => {
                let state = self.state();
                let url =
                    state.webhook.as_ref().map_or("", |webhook| webhook["url"].as_str().unwrap_or_default());
                let waiting = state.updates.len();
                let mut info =
                    json!({ "url": url, "has_custom_certificate": false, "pending_update_count": waiting });
                if let Some((at, what)) = &state.post_failed {
                    info["last_error_date"] = (*at).into();
                    info["last_error_message"] = what.as_str().into();
                }
                Ok(info)
            }
            "setmycommands" => {
                let language = with["language_code"].as_str().unwrap_or_default().to_owned();
                self.state().commands.insert(language, with["commands"].clone());
                Ok(Value::Bool(true))
            }
            "answercallbackquery" if with["callback_query_id"].as_str().is_none_or(str::is_empty) => {
                Err(error(
                    400,
                    "Bad Request: query is too old and response timeout expired or query ID is invalid",
                ))
            }
            "answercallbackquery" | "leavechat" => Ok(Value::Bool(true)),
            _ => Err(error(404, "Not Found")),
        }
    }

    fn send(&self, with: &Value) -> Result<Value, Wire> {
        let text = with["text"].as_str().unwrap_or_default().trim();
        let chat = with["chat_id"].as_i64().or_else(|| with["chat_id"].as_str()?.parse().ok());
        let Some(chat) = chat.filter(|chat| *chat != 0) else {
            return Err(error(400, "Bad Request: chat not found"));
        };
        let mut state = self.state();
        if state.blocked_by.contains(&chat) {
            return Err(error(403, "Forbidden: bot was blocked by the user"));
        }
        if text.is_empty() {
            return Err(error(400, "Bad Request: message text is empty"));
        }
        if LONGEST_TEXT < text.chars().count() {
            return Err(error(400, "Bad Request: message is too long"));
        }
        let keys = with["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
        let keys = keys.iter().flat_map(|row| row.as_array().cloned().unwrap_or_default());
        let word = |key: &Value, name: &str| key[name].as_str().unwrap_or_default().to_owned();
        let buttons: Vec<_> = keys.map(|key| (word(&key, "text"), word(&key, "callback_data"))).collect();
        if buttons
            .iter()
            .any(|(label, data)| label.is_empty() || data.is_empty() || LONGEST_DATA < data.len())
        {
            return Err(error(400, "Bad Request: BUTTON_DATA_INVALID"));
        }
        state.journal.push(Event::Took { text: name_of(chat, text), to: chat.to_string() });
        let id = i64::try_from(state.messages.len()).expect("a count") + 1;
        state.messages.push(Message { id, chat, text: text.to_owned(), buttons });
        Ok(json!({
            "message_id": id, "date": DATE, "text": text,
            "chat": { "id": chat, "type": "private", "first_name": "Joan" },
            "from": { "id": 123_456_789, "is_bot": true, "first_name": "Alder Vale", "username": BOT },
        }))
    }

    /// A request for updates: it confirms all below its offset, and waits for the next.
    async fn hand_out(&self, with: &Value) -> Result<Value, Wire> {
        let number = |name: &str| with[name].as_i64().or_else(|| with[name].as_str()?.parse().ok());
        let until = tokio::time::Instant::now()
            + Duration::from_secs(number("timeout").and_then(|seconds| seconds.try_into().ok()).unwrap_or(0));
        let mut changes = self.changed.subscribe();
        let mine = {
            let mut state = self.state();
            if state.webhook.is_some() {
                return Err(error(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                ));
            }
            if let Some(offset) = number("offset") {
                state.confirm_below(offset);
            }
            state.polls += 1;
            state.polls
        };
        self.changed.send_modify(|count| *count += 1);
        loop {
            {
                let state = self.state();
                if state.polls != mine {
                    return Err(error(
                        409,
                        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                    ));
                }
                let most = number("limit").and_then(|most| most.try_into().ok()).unwrap_or(100);
                let ready: Vec<Value> = state.updates.iter().take(most).cloned().collect();
                if !ready.is_empty() || until <= tokio::time::Instant::now() {
                    return Ok(Value::Array(ready));
                }
            }
            let _ = tokio::time::timeout_at(until, changes.changed()).await;
        }
    }

    fn set_webhook(&self, with: &Value) -> Result<Value, Wire> {
        let url = with["url"].as_str().unwrap_or_default();
        if !url.starts_with("https://") {
            return Err(error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"));
        }
        self.state().webhook = Some(with.clone());
        Ok(Value::Bool(true))
    }
}

/// What a text is called in the journal, and to whom it goes.
fn of_text(with: &Value) -> (Uuid, String) {
    let chat =
        with["chat_id"].as_i64().or_else(|| with["chat_id"].as_str()?.parse().ok()).unwrap_or_default();
    (name_of(chat, with["text"].as_str().unwrap_or_default()), chat.to_string())
}

// What people do, as Telegram tells it; without a number.

fn user(chat: i64) -> Value {
    json!({ "id": chat, "is_bot": false, "first_name": "Canary-Joan", "username": "canary_joan", "language_code": "en" })
}

fn private(chat: i64) -> Value {
    json!({ "id": chat, "type": "private", "first_name": "Canary-Joan", "username": "canary_joan" })
}

/// A message with these fields beside those that are always there.
pub fn message(chat: i64, fields: &Value) -> Value {
    let mut message = json!({ "message_id": 5, "from": user(chat), "chat": private(chat), "date": DATE });
    let fields = fields.as_object().cloned().unwrap_or_else(Map::new);
    message.as_object_mut().expect("an object").extend(fields);
    json!({ "message": message })
}

/// Somebody writes.
pub fn text(chat: i64, text: &str) -> Value {
    message(chat, &json!({ "text": text }))
}

/// Somebody writes at this second of Telegram's clock.
pub fn text_at(chat: i64, words: &str, date: i64) -> Value {
    message(chat, &json!({ "text": words, "date": date }))
}

/// Somebody changes an earlier message.
pub fn edit(chat: i64, text: &str) -> Value {
    let changed = message(chat, &json!({ "text": text, "edit_date": DATE + 5 }));
    json!({ "edited_message": changed["message"] })
}

/// Somebody taps a button that carries this.
pub fn tap(chat: i64, data: &str) -> Value {
    let under = json!({
        "message_id": 4, "date": DATE, "chat": private(chat), "text": "A question",
        "from": { "id": 123_456_789, "is_bot": true, "first_name": "Alder Vale", "username": BOT },
    });
    json!({ "callback_query": {
        "id": "4382bfdwdsb323b2d9", "from": user(chat), "chat_instance": "-39", "data": data, "message": under,
    } })
}

/// Somebody shares a card.
pub fn contact(chat: i64, whose: i64, phone: &str) -> Value {
    message(
        chat,
        &json!({ "contact": { "phone_number": phone, "first_name": "Canary-Joan", "user_id": whose } }),
    )
}

/// Somebody records their voice.
pub fn voice(chat: i64) -> Value {
    let voice = json!({ "duration": 4, "mime_type": "audio/ogg", "file_id": "A", "file_unique_id": "B", "file_size": 9 });
    message(chat, &json!({ "voice": voice }))
}

/// Somebody blocks the bot, or lets it in again.
pub fn member(chat: i64, status: &str) -> Value {
    let bot = json!({ "id": 123_456_789, "is_bot": true, "first_name": "Alder Vale", "username": BOT });
    let of = |status: &str| match status {
        "kicked" => json!({ "user": bot, "status": "kicked", "until_date": 0 }),
        _ => json!({ "user": bot, "status": status }),
    };
    let before = if status == "kicked" { "member" } else { "kicked" };
    json!({ "my_chat_member": {
        "chat": private(chat), "from": user(chat), "date": DATE,
        "old_chat_member": of(before), "new_chat_member": of(status),
    } })
}

/// What goes over the wire.
enum Wire {
    Whole(Vec<u8>),
    ThenClosed(Vec<u8>),
    Nothing,
}

fn error(code: u16, description: &str) -> Wire {
    let body = json!({ "ok": false, "error_code": code, "description": description });
    Wire::Whole(whole(code, "application/json", &body.to_string()))
}

fn retry_after(seconds: u32) -> Wire {
    let body = json!({
        "ok": false, "error_code": 429, "description": format!("Too Many Requests: retry after {seconds}"),
        "parameters": { "retry_after": seconds },
    });
    Wire::Whole(whole(429, "application/json", &body.to_string()))
}

fn page(status: u16, heading: &str) -> Wire {
    Wire::Whole(whole(status, "text/html", &format!("<html><body><h1>{status} {heading}</h1></body></html>")))
}

fn whole(status: u16, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} Answer\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
        .into()
}

/// The next request on the connection: its path, and what it was asked with; none where the client has closed it.
async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<(String, Value)>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut is_json) = (0, false);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-type" => is_json = value.contains("json"),
            "content-length" => length = value.trim().parse().map_err(io::Error::other)?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let query = path.split_once('?').map_or("", |(_, query)| query);
    let with = if is_json {
        serde_json::from_slice(&body).unwrap_or_default()
    } else {
        of_form(if body.is_empty() { query.as_bytes() } else { &body })
    };
    Ok(Some((path, with)))
}

/// A form may hold JSON in its fields: lists and markup.
fn of_form(form: &[u8]) -> Value {
    let field = |text: &str| match text.chars().next() {
        Some('{' | '[') => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        _ => Value::String(text.to_owned()),
    };
    form_urlencoded::parse(form).map(|(name, text)| (name.into_owned(), field(&text))).collect()
}
