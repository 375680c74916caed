//! Twilio's message API on a loopback port, written against its documentation and none of our code.
//!
//! It takes texts, lists them, removes their words, and can fail in every way in which a server can. It speaks HTTP by
//! hand, so that it can also cut an answer off or hand it out byte by byte.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;
use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::support::signed_post::SignedPost;

/// The account that the fake knows.
pub const ACCOUNT_SID: &str = "AC0123456789abcdef0123456789abcdef";
/// Its token.
pub const TOKEN: &str = "12345678901234567890123456789012";
/// Its number.
pub const NUMBER: &str = "+447700900999";

/// How a request to send is answered. A text is taken by all but `Error` and `Status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 201 with the message, as it should be.
    Created,
    /// 201, after the report of this status has been posted.
    CreatedAfterReport(&'static str),
    /// 201, byte by byte.
    CreatedByteByByte,
    /// 201, but the body ends half way.
    CutOff,
    /// 201 with a message that lacks its id.
    WithoutSid,
    /// 200 with a page of HTML.
    Garbage,
    /// 307 to the same place.
    Redirect,
    /// The connection closes without an answer.
    Closed,
    /// No answer, and the connection stays.
    Silence,
    /// An error of Twilio's: status and code.
    Error(u16, u32),
    /// A status with a body that is not Twilio's.
    Status(u16),
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The `Authorization` header.
    pub authorization: String,
    /// The form, decoded.
    pub form: Vec<(String, String)>,
}

impl Request {
    /// The value of this name in the form.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// A text that the fake has taken.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id.
    pub sid: String,
    /// To whom it goes.
    pub to: String,
    /// What it says; empty after its words were removed.
    pub body: String,
    /// Where its reports go.
    pub status_callback: Option<String>,
    /// When the fake took it, as Twilio writes it.
    pub created: String,
}

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    messages: Vec<Message>,
    received: Vec<Message>,
    planned: VecDeque<Answer>,
    keeps_time: bool,
}

/// The running fake. Clones share everything.
#[derive(Clone)]
pub struct FakeTwilio {
    /// What `FOOTBRIDGE_TWILIO_API_URL` must be.
    pub url: String,
    state: Arc<Mutex<State>>,
    count: watch::Sender<usize>,
}

impl FakeTwilio {
    /// Starts the fake on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let fake =
            Self { url: format!("http://{address}"), state: Arc::default(), count: watch::Sender::default() };
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

    /// Plans the answer to the next request to send that has no plan yet; without a plan it is `Created`.
    pub fn plan(&self, answer: Answer) {
        self.state().planned.push_back(answer);
    }

    /// From now on a message bears the time at which it was made, to the second as Twilio's do, and not `CREATED`.
    pub fn keep_time(&self) {
        self.state().keeps_time = true;
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// Every text that was taken.
    pub fn messages(&self) -> Vec<Message> {
        self.state().messages.clone()
    }

    /// Keeps a text that a person has sent, as Twilio does; says its id.
    pub fn receive(&self, body: &str) -> String {
        let mut state = self.state();
        let message = Message {
            sid: format!("SMf{:031x}", state.received.len() + 1),
            to: NUMBER.to_owned(),
            body: body.to_owned(),
            status_callback: None,
            created: CREATED.to_owned(),
        };
        state.received.push(message.clone());
        message.sid
    }

    /// What persons have sent, as far as it is still kept.
    pub fn words_received(&self) -> Vec<String> {
        self.state().received.iter().map(|message| message.body.clone()).collect()
    }

    /// Waits until so many requests have come.
    pub async fn wait_for_requests(&self, count: usize) {
        let mut seen = self.count.subscribe();
        let enough = seen.wait_for(|seen| count <= *seen);
        tokio::time::timeout(Duration::from_secs(10), enough)
            .await
            .expect("requests within ten seconds")
            .expect("a running fake");
    }

    /// The last of so many requests to send, once they have come: to whom, and what.
    pub async fn wait_for_texts(&self, count: usize) -> (String, String) {
        let sent = || -> Vec<Request> {
            self.requests().into_iter().filter(|request| request.get("To").is_some()).collect()
        };
        let mut seen = self.count.subscribe();
        let enough = seen.wait_for(|_| count <= sent().len());
        let waited = tokio::time::timeout(Duration::from_secs(10), enough).await;
        waited.expect("texts within ten seconds").expect("a running fake");
        let last = &sent()[count - 1];
        let field = |name: &str| last.get(name).unwrap_or_default().to_owned();
        (field("To"), field("Body"))
    }

    /// The report that a text has this status.
    pub fn report(&self, message: &Message, status: &str, error_code: Option<&str>) -> SignedPost {
        let url = message.status_callback.as_deref().expect("a text with a callback");
        let mut pairs = vec![
            ("AccountSid", ACCOUNT_SID),
            ("From", NUMBER),
            ("To", &message.to),
            ("MessageSid", &message.sid),
            ("SmsSid", &message.sid),
            ("MessageStatus", status),
            ("SmsStatus", status),
            ("ApiVersion", "2010-04-01"),
        ];
        pairs.extend(error_code.map(|code| ("ErrorCode", code)));
        SignedPost::new(TOKEN, url, &pairs)
    }

    /// The webhook for a text that a person sends.
    pub fn inbound(&self, public_url: &str, sid: &str, from: &str, body: &str) -> SignedPost {
        let pairs = [
            ("ToCountry", "GB"),
            ("ToState", ""),
            ("SmsMessageSid", sid),
            ("NumMedia", "0"),
            ("ToCity", ""),
            ("FromZip", ""),
            ("SmsSid", sid),
            ("FromState", ""),
            ("SmsStatus", "received"),
            ("FromCity", ""),
            ("Body", body),
            ("FromCountry", "GB"),
            ("To", NUMBER),
            ("ToZip", ""),
            ("NumSegments", "1"),
            ("MessageSid", sid),
            ("AccountSid", ACCOUNT_SID),
            ("From", from),
            ("ApiVersion", "2010-04-01"),
        ];
        SignedPost::new(TOKEN, &format!("{public_url}/channels/twilio/inbound"), &pairs)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("a fake that has not failed")
    }

    async fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some(request) = read_request(&mut stream).await? {
            self.state().requests.push(request.clone());
            let answer = self.answer(&request).await;
            self.count.send_modify(|count| *count += 1);
            match answer {
                Wire::Whole(bytes) => stream.write_all(&bytes).await?,
                Wire::Slowly(bytes) => {
                    for byte in bytes {
                        stream.write_all(&[byte]).await?;
                        stream.flush().await?;
                        tokio::task::yield_now().await;
                    }
                }
                Wire::ThenClosed(bytes) => {
                    stream.write_all(&bytes).await?;
                    return stream.shutdown().await;
                }
                Wire::Nothing => std::future::pending().await,
            }
        }
        Ok(())
    }

    async fn answer(&self, request: &Request) -> Wire {
        let credentials = STANDARD.encode(format!("{ACCOUNT_SID}:{TOKEN}"));
        if request.authorization != format!("Basic {credentials}") {
            return Wire::json(401, &problem(401, 20003));
        }
        let messages = format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages");
        let path = request.path.split('?').next().unwrap_or_default();
        let Some(rest) = path.strip_prefix(&messages).and_then(|rest| rest.strip_suffix(".json")) else {
            return Wire::json(404, &problem(404, 20404));
        };
        match (request.method.as_str(), rest) {
            ("POST", "") => self.send(request).await,
            ("GET", "") => Wire::json(200, &self.list(&request.path)),
            ("POST", sid) => self.update(sid.trim_start_matches('/'), request),
            _ => Wire::json(405, &problem(405, 20004)),
        }
    }

    async fn send(&self, request: &Request) -> Wire {
        let answer = self.state().planned.pop_front().unwrap_or(Answer::Created);
        match answer {
            Answer::Error(status, code) => return Wire::json(status, &problem(status, code)),
            Answer::Status(status) => return Wire::html(status),
            _ => {}
        }
        let message = self.take(request);
        let created = whole(201, "application/json", &as_json(&message).to_string());
        match answer {
            Answer::Created => Wire::Whole(created),
            Answer::CreatedAfterReport(status) => {
                self.report(&message, status, None).send().await;
                Wire::Whole(created)
            }
            Answer::CreatedByteByByte => Wire::Slowly(created),
            Answer::CutOff => Wire::ThenClosed(created[..created.len() / 2].to_vec()),
            Answer::WithoutSid => Wire::json(201, &json!({ "status": "queued" })),
            Answer::Garbage | Answer::Error(..) | Answer::Status(_) => Wire::html(200),
            Answer::Redirect => Wire::Whole(
                format!("HTTP/1.1 307 Moved\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", request.path)
                    .into(),
            ),
            Answer::Closed => Wire::ThenClosed(Vec::new()),
            Answer::Silence => Wire::Nothing,
        }
    }

    fn take(&self, request: &Request) -> Message {
        let mut state = self.state();
        let message = Message {
            sid: format!("SM{:032x}", state.messages.len() + 1),
            to: request.get("To").unwrap_or_default().to_owned(),
            body: request.get("Body").unwrap_or_default().to_owned(),
            status_callback: request.get("StatusCallback").map(str::to_owned),
            created: if state.keeps_time { now() } else { CREATED.to_owned() },
        };
        state.messages.push(message.clone());
        message
    }

    /// The texts to one number, the newest first.
    fn list(&self, path: &str) -> Value {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let to = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "To");
        let is_asked_for = |message: &&Message| to.as_ref().is_none_or(|(_, to)| *to == message.to);
        let state = self.state();
        let messages: Vec<Value> = state.messages.iter().rev().filter(is_asked_for).map(as_json).collect();
        json!({ "messages": messages, "page": 0, "page_size": 50, "next_page_uri": null })
    }

    fn update(&self, sid: &str, request: &Request) -> Wire {
        let mut guard = self.state();
        let state = &mut *guard;
        let mut all = state.messages.iter_mut().chain(&mut state.received);
        match all.find(|message| message.sid == sid) {
            Some(message) => {
                message.body = request.get("Body").unwrap_or_default().to_owned();
                Wire::json(200, &as_json(message))
            }
            None => Wire::json(404, &problem(404, 20404)),
        }
    }
}

/// What goes over the wire.
enum Wire {
    Whole(Vec<u8>),
    Slowly(Vec<u8>),
    ThenClosed(Vec<u8>),
    Nothing,
}

impl Wire {
    fn json(status: u16, body: &Value) -> Self {
        Self::Whole(whole(status, "application/json", &body.to_string()))
    }

    fn html(status: u16) -> Self {
        Self::Whole(whole(status, "text/html", "<html><body>Gateway</body></html>"))
    }
}

fn whole(status: u16, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} Answer\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
        .into()
}

fn problem(status: u16, code: u32) -> Value {
    json!({
        "code": code,
        "message": "The 'To' number +447700900123 is not right, or so",
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status,
    })
}

/// When the fake makes every message, as Twilio writes it: 2026-11-21T09:00:00Z.
pub const CREATED: &str = "Sat, 21 Nov 2026 09:00:00 +0000";

#[expect(clippy::disallowed_methods, reason = "a provider has a clock of its own")]
fn now() -> String {
    jiff::fmt::rfc2822::to_string(&jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC))
        .expect("a date")
}

/// A message in the shape of Twilio's specification.
fn as_json(message: &Message) -> Value {
    json!({
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": message.created,
        "date_sent": null,
        "date_updated": message.created,
        "direction": "outbound-api",
        "error_code": null,
        "error_message": null,
        "from": NUMBER,
        "messaging_service_sid": null,
        "num_media": "0",
        "num_segments": "1",
        "price": null,
        "price_unit": "GBP",
        "sid": message.sid,
        "status": "queued",
        "subresource_uris": { "media": format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{}/Media.json", message.sid) },
        "to": message.to,
        "uri": format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{}.json", message.sid),
    })
}

/// The next request on the connection; none where the client has closed it.
async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let mut words = first.split(' ').map(str::to_owned);
    let mut request = Request {
        method: words.next().unwrap_or_default(),
        path: words.next().unwrap_or_default(),
        authorization: String::new(),
        form: Vec::new(),
    };
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => request.authorization = value.trim().to_owned(),
            "content-length" => length = value.trim().parse().map_err(io::Error::other)?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    request.form = form_urlencoded::parse(&body).into_owned().collect();
    Ok(Some(request))
}
