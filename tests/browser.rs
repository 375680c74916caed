//! The pages in a real browser: the demo from the first text to the link worker's reply, with JavaScript and without;
//! every kind of page without barriers, also on a small phone.

use std::collections::BTreeSet;
use std::process::Command;

use fantoccini::Locator;
use footbridge::clock::Clock;
use footbridge::inbox::totp::TotpSecret;
use serde_json::Value;
use tempfile::TempDir;

use crate::binary::set_up;
use crate::binary::settings;
use crate::binary::text;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::browser::Browser;
use crate::support::browser::Kind;
use crate::support::fake_twilio::Answer;
use crate::support::fake_twilio::FakeTwilio;
use crate::support::postgres::cluster;
use crate::support::process::Client;
use crate::support::process::Server;
use crate::support::process::footbridge;

const PHONE: &str = "iframe[title^='Phone']";
const INBOX: &str = "iframe[title='Inbox']";
const THEIRS: &str = "li[data-from=them]";

/// The demo with an empty inbox, and the link that it prints.
async fn demo() -> (Server, String, TempDir) {
    started_demo(&["demo", "--listen", "127.0.0.1:0", "--empty"]).await
}

/// The demo with its people, and the link that it prints.
pub async fn demo_with_people() -> (Server, String, TempDir) {
    started_demo(&["demo", "--listen", "127.0.0.1:0"]).await
}

async fn started_demo(arguments: &[&str]) -> (Server, String, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let command: Command = footbridge(folder.path(), arguments, &[]);
    let mut server = Server::start(command).await;
    let line = server.line_with("/demo/enter?token=").await;
    let link = line.split_whitespace().find(|word| word.starts_with("http://")).expect("a link").to_owned();
    (server, link, folder)
}

/// Claims the case that is open, and writes to Joan.
async fn claim_and_reply(browser: &Browser) {
    browser.click("form[action$='/claim'] button").await;
    browser.wait_for("form[action$='/release']").await;
    browser.write("#reply", "Hello Joan, may I ring you at two?").await;
    browser.click("form[action$='/reply'] button").await;
    browser.wait_for("[data-from=link-worker]").await;
}

/// Writes a text for another day, looks at it while it waits, and takes it back.
async fn write_for_another_day(browser: &Browser, kind: Kind) {
    browser.write("#reply", "See you on Tuesday").await;
    browser.click("#send-later summary").await;
    assert_good(browser, kind, "a case with a time for a text").await;
    browser.click("#send-later button").await;
    browser.wait_for("[data-waits]").await;
    assert_good(browser, kind, "a case with a text that waits").await;
    browser.click("[data-waits] button[value=take-back]").await;
    browser.wait_for(".fb-draft button[name=away]").await;
    assert!(browser.texts("[data-waits]").await.is_empty());
}

/// Says of the case that is open that it is about caring for somebody too.
async fn correct_the_themes(browser: &Browser) {
    browser.click("[data-part=themes] summary").await;
    browser.click("label[for=theme-caring]").await;
    browser.click("form[action$='/themes'] button").await;
    browser.wait_for("[data-theme=caring]").await;
    browser.wait_for("[data-corrected]").await;
}

/// Signs in where a case waits.
pub async fn sign_in(browser: &Browser, base: &str) {
    browser.open(&format!("{base}/sign-in")).await;
    browser.write("#email", "ann@example.org").await;
    browser.write("#password", "three words here").await;
    browser.click("main form button").await;
    browser.wait_for("[data-referral]").await;
}

/// The reference in a text.
fn reference_in(text: &str) -> String {
    let at = text.find("FB-").unwrap_or_else(|| panic!("no reference in {text}"));
    text[at..at + 9].to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_texts_on_the_demos_phone_and_a_link_worker_replies() {
    let (_server, link, _folder) = demo().await;
    let browser = Browser::start(Kind::Dark).await;
    browser.open(&link).await;
    browser.wait_for(PHONE).await;
    browser.assert_accessible("the demo").await;
    browser.enter(PHONE).await;
    let mut reference = String::new();
    for (count, (them, _)) in UNTIL_HANDED_OVER.into_iter().enumerate() {
        browser.write("#text", them).await;
        browser.click("form button").await;
        let last = browser.wait_for_many(THEIRS, count + 1).await;
        if count + 1 == UNTIL_HANDED_OVER.len() {
            reference = reference_in(&last);
        }
    }
    browser.enter(INBOX).await;
    // The inbox of the demo is as live as the real one: who is new waits behind a button.
    browser.wait_for("[data-news] button").await;
    browser.click("[data-news] button").await;
    browser.wait_for(&format!("[data-referral='{reference}']")).await;
    browser.click(&format!("[data-referral='{reference}'] h2 a")).await;
    browser.wait_for("[data-part=own-words]").await;
    let own_words = browser.texts("[data-part=own-words] [data-step=matters]").await;
    assert_eq!(own_words, ["I would like some company in the afternoons"]);
    claim_and_reply(&browser).await;
    browser.enter(PHONE).await;
    let reply = browser.wait_for_many(THEIRS, UNTIL_HANDED_OVER.len() + 1).await;
    assert!(reply.ends_with("Hello Joan, may I ring you at two?"), "{reply}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_with_telegram_has_buttons_to_tap() {
    let (server, link, _folder) = demo().await;
    let browser = Browser::start(Kind::Narrow).await;
    browser.open(&link).await;
    browser.assert_fits("the demo").await;
    browser.assert_accessible("the demo").await;
    browser.click("a[href='#inbox']").await;
    assert!(browser.in_sight("#inbox").await && !browser.in_sight("#phones h2").await);
    browser.click("a[href='#phones']").await;
    assert!(browser.in_sight("#phones h2").await, "the way back stays in sight");
    browser.click("button[value=telegram]").await;
    browser.wait_for("iframe[title='Phone Telegram']").await;
    let phone = format!("{}/demo/phones/telegram-7000000201", server.base);
    browser.open(&phone).await;
    browser.write("#text", "/start").await;
    browser.click(".fb-phone__write button").await;
    let welcome = browser.wait_for_many(THEIRS, 1).await;
    assert!(welcome.contains("Telegram keeps this chat"), "{welcome}");
    assert_eq!(browser.texts(".fb-phone__tap").await[0], "Me");
    assert_eq!(browser.texts(".fb-phone--telegram h1").await.len(), 1, "it looks like Telegram");
    browser.assert_accessible("a phone with buttons").await;
    browser.assert_fits("a phone with buttons").await;
    browser.click("button[value$=':me']").await;
    let next = browser.wait_for_many(THEIRS, 2).await;
    assert!(next.contains("How old are you?"), "{next}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_works_without_javascript() {
    let (server, link, _folder) = demo().await;
    let phone = format!("{}/demo/phones/447700900201", server.base);
    let browser = Browser::start(Kind::WithoutJavaScript).await;
    browser.open(&link).await;
    browser
        .open("data:text/html,<p id=a>off</p><script>document.getElementById('a').textContent='on'</script>")
        .await;
    assert_eq!(browser.texts("#a").await, ["off"], "the browser has JavaScript");
    browser.open(&phone).await;
    for (them, _) in UNTIL_HANDED_OVER {
        let (heard, said) =
            (browser.texts(THEIRS).await.len(), browser.texts("li[data-from=me]").await.len());
        browser.write("#text", them).await;
        browser.click("form button").await;
        browser.wait_for_many("li[data-from=me]", said + 1).await;
        reload_until(&browser, &phone, heard + 1).await;
    }
    let reference = reference_in(browser.texts(THEIRS).await.last().expect("a text"));
    browser.open(&format!("{}/inbox", server.base)).await;
    browser.click(&format!("[data-referral='{reference}'] h2 a")).await;
    browser.wait_for("[data-part=own-words]").await;
    claim_and_reply(&browser).await;
    correct_the_themes(&browser).await;
    browser.write("#note", "Lives alone").await;
    browser.click("form[action$='/note'] button").await;
    browser.wait_for("[data-note]").await;
    reload_until(&browser, &phone, UNTIL_HANDED_OVER.len() + 1).await;
    assert!(browser.texts(THEIRS).await.last().is_some_and(|text| text.ends_with("may I ring you at two?")));
}

/// Opens the phone again and again, as somebody without JavaScript would.
async fn reload_until(browser: &Browser, phone: &str, count: usize) {
    const RELOADS: usize = 200;
    for _ in 0..RELOADS {
        browser.open(phone).await;
        if count <= browser.texts(THEIRS).await.len() {
            return;
        }
    }
    panic!("no answer on the phone: {:?}", browser.texts("li").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_first_text_to_the_link_workers_reply_on_sqlite() {
    from_the_first_text_to_the_reply("sqlite://fb.db").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_first_text_to_the_link_workers_reply_on_postgres() {
    from_the_first_text_to_the_reply(&cluster().new_database().await).await;
}

/// The real server: a person texts by signed webhooks until their referral is in the queue; a link worker signs in, reads
/// it, claims it and replies; and the provider gets the reply.
async fn from_the_first_text_to_the_reply(database_url: &str) {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    let mut server = serve(&folder, &fake, database_url).await;
    let link = server.line_with("set-up link: ").await;
    set_up(&server.base, &link).await;
    let (person, mut last) = (Client::of(&server.base), String::new());
    for (count, (them, _)) in UNTIL_HANDED_OVER.into_iter().enumerate() {
        // The network reports that each has arrived: without that the next would wait its turn.
        fake.plan(Answer::CreatedAfterReport("delivered"));
        let post = text_to(&server.base, &format!("SM{count}"), them);
        assert_eq!(person.webhook(&post).await, Some(200), "{them}");
        last = fake.wait_for_texts(count + 1).await.1;
    }
    let reference = reference_in(&last);
    let browser = Browser::start(Kind::Wide).await;
    sign_in(&browser, &server.base).await;
    browser.click(&format!("[data-referral='{reference}'] h2 a")).await;
    browser.wait_for("[data-part=own-words]").await;
    assert_eq!(browser.texts("h1").await, ["Joan"]);
    assert_eq!(
        browser.texts("[data-part=own-words] [data-step=matters]").await,
        ["I would like some company in the afternoons"]
    );
    assert_eq!(browser.texts("[data-part=strengths] dd").await, ["I bake, and I used to teach"]);
    assert_eq!(browser.texts("[data-from=person]").await.len(), UNTIL_HANDED_OVER.len());
    assert!(browser.texts("[data-warning]").await.is_empty(), "nothing stands in the way");
    claim_and_reply(&browser).await;
    let (to, body) = fake.wait_for_texts(UNTIL_HANDED_OVER.len() + 1).await;
    assert_eq!((to.as_str(), body.as_str()), ("+447700900123", "Hello Joan, may I ring you at two?"));
}

/// A server with a case that has a concern, words in another script and a thread; and somebody signed in.
pub struct Inside {
    /// The server.
    pub server: Server,
    ann: Client,
    /// The case of somebody with a thread.
    pub reference: String,
    /// The case of somebody else.
    pub other: String,
    fake: FakeTwilio,
    _folder: TempDir,
}

/// The same, set up without a browser.
pub async fn inside_with_a_case() -> Inside {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    let mut server = serve(&folder, &fake, "sqlite://fb.db").await;
    let link = server.line_with("set-up link: ").await;
    set_up(&server.base, &link).await;
    server.ask_to_stop();
    assert!(server.end().await.success());
    fill(folder, fake).await
}

/// Every page that somebody can look at. A route that is added is looked at too, or said here to be none.
const PAGES: [&str; 24] = [
    "/set-up",
    "/sign-in",
    "/signed-out",
    "/invitation",
    "/second-factor",
    "/inbox",
    "/inbox/search",
    "/inbox/me",
    "/inbox/account",
    "/inbox/away",
    "/inbox/audit",
    "/inbox/people",
    "/inbox/people/{id}/practices",
    "/inbox/texts",
    "/inbox/labels",
    "/inbox/views",
    "/inbox/examples",
    "/inbox/referrals/{reference}",
    "/inbox/referrals/{reference}/same",
    "/inbox/referrals/{reference}/person",
    "/inbox/referrals/{reference}/example",
    "/inbox/referrals/{reference}/without-name",
    "/inbox/concerns/{id}",
    "/inbox/people/invite",
];
/// What answers with no page of its own.
const NO_PAGES: [&str; 5] = ["/", "/inbox/changes", "/inbox/events", "/assets/logo", "/assets/{name}"];

/// Fails unless every page was looked at.
fn assert_all_were_looked_at(browser: &Browser) {
    let is_reference = |part: &str| part.starts_with("FB-");
    let is_id = |part: &str| part.len() == 36 && part.matches('-').count() == 4;
    let named = |address: &String| -> String {
        let parts = address.split('/').map(|part| match part {
            part if is_reference(part) => "{reference}",
            part if is_id(part) => "{id}",
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    };
    let looked_at: BTreeSet<String> = browser.looked_at.lock().expect("the list").iter().map(named).collect();
    let missing: Vec<&str> = PAGES.into_iter().filter(|page| !looked_at.contains(*page)).collect();
    assert!(missing.is_empty(), "nobody has looked at {missing:?}, but at {looked_at:?}");
}

#[test]
fn every_page_that_the_inbox_has_is_looked_at() {
    let source = include_str!("../src/inbox/mod.rs");
    let code = source
        .replace("&format!(\"{case}", "\"/inbox/referrals/{reference}")
        .replace("route(case,", "route(\"/inbox/referrals/{reference}\",");
    let calls = code.split(".route(").skip(1);
    let gets =
        calls.filter(|call| call.split("\n        .").next().is_some_and(|call| call.contains("get(")));
    let found: BTreeSet<&str> = gets.map(|call| call.split('"').nth(1).expect("a path")).collect();
    let known: BTreeSet<&str> =
        PAGES.into_iter().chain(NO_PAGES).filter(|page| *page != "/inbox/people/invite").collect();
    assert_eq!(found, known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_holds_a_barrier_or_is_wider_than_a_small_phone() {
    for kind in [Kind::Wide, Kind::Narrow, Kind::Dark] {
        let browser = Browser::start(kind).await;
        let inside = look_at_the_doors(&browser, kind).await;
        look_inside(&browser, kind, inside).await;
        assert_all_were_looked_at(&browser);
    }
}

async fn assert_good(browser: &Browser, kind: Kind, page: &str) {
    browser.assert_accessible(page).await;
    if kind == Kind::Narrow {
        browser.assert_fits(page).await;
    }
}

/// Set-up, sign-in and what goes wrong there.
async fn look_at_the_doors(browser: &Browser, kind: Kind) -> Inside {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    // The pages must know their own address: the forms of any other are refused.
    let mut own = settings(&fake, "sqlite://fb.db");
    own.retain(|(name, _)| !name.starts_with("FOOTBRIDGE_TWILIO") && *name != "FOOTBRIDGE_PUBLIC_URL");
    let mut server = Server::start(footbridge(folder.path(), &["serve"], &own)).await;
    let link = server.line_with("set-up link: ").await.replace("set-up link: ", "");
    browser.open(&link).await;
    assert_eq!(browser.is_dark().await, kind == Kind::Dark, "what the browser asks for");
    assert_eq!(browser.light().await < 150, kind == Kind::Dark, "the page is what was asked for");
    assert_good(browser, kind, "set-up").await;
    browser.open(&format!("{}/sign-in", server.base)).await;
    assert_good(browser, kind, "sign-in").await;
    browser.write("#email", "ann@example.org").await;
    browser.write("#password", "three words here").await;
    browser.click("main form button").await;
    browser.wait_for("[role=alert]").await;
    assert_good(browser, kind, "sign-in refused").await;
    browser.open(&link).await;
    browser.write("#name", "Ann").await;
    browser.write("#email", "ann@example.org").await;
    browser.write("#password", "three words here").await;
    browser.click("main form button").await;
    browser.wait_for(".fb-views").await;
    assert_good(browser, kind, "an empty inbox").await;
    browser.open(&link).await;
    assert_good(browser, kind, "a link that is over").await;
    browser.open(&format!("{}/inbox/referrals/FB-222222", server.base)).await;
    assert_good(browser, kind, "not there").await;
    server.ask_to_stop();
    assert!(server.end().await.success());
    fill(folder, fake).await
}

/// A server with a channel that knows its own address, as it must: the forms of any other are refused.
async fn serve(folder: &TempDir, fake: &FakeTwilio, database_url: &str) -> Server {
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    serve_at(port, folder, fake, database_url).await
}

/// The same, where one has listened before.
async fn serve_at(port: u16, folder: &TempDir, fake: &FakeTwilio, database_url: &str) -> Server {
    let (listen, url) = (format!("127.0.0.1:{port}"), format!("http://127.0.0.1:{port}"));
    let mut own = settings(fake, database_url);
    for (name, value) in &mut own {
        match *name {
            "FOOTBRIDGE_LISTEN" => *value = &listen,
            "FOOTBRIDGE_PUBLIC_URL" => *value = &url,
            _ => {}
        }
    }
    Server::start(footbridge(folder.path(), &["serve"], &own)).await
}

/// Starts the same server with a channel, and lets somebody text.
async fn fill(folder: TempDir, fake: FakeTwilio) -> Inside {
    let server = serve(&folder, &fake, "sqlite://fb.db").await;
    let mut ann = Client::of(&server.base);
    ann.post("/sign-in", &[("email", "ann@example.org"), ("password", "three words here")])
        .await
        .went_to("/inbox");
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(3);
    let texts = [
        "hello",
        "me",
        "78",
        "Joan",
        "Alder Vale Surgery",
        &long,
        "مرحبا hello שלום",
        "3 4",
        "1",
        "I want to die",
    ];
    for (count, body) in texts.into_iter().enumerate() {
        let post = text_to(&server.base, &format!("SM{count}"), body);
        assert_eq!(ann.webhook(&post).await, Some(200));
        fake.wait_for_requests(1).await;
    }
    let queue = ann.get("/inbox").await;
    let reference = queue.attributes("[data-referral]", "data-referral").remove(0);
    for (count, body) in ["hello", "someone wants to hurt me, I want to die"].into_iter().enumerate() {
        let post = text_from(&server.base, "+447700900124", &format!("SM9{count}"), body);
        assert_eq!(ann.webhook(&post).await, Some(200));
        fake.wait_for_requests(1).await;
    }
    let queue = ann.get("/inbox").await;
    let mut all = queue.attributes("[data-referral]", "data-referral");
    all.retain(|other| *other != reference);
    let other = all.remove(0);
    Inside { server, ann, reference, other, fake, _folder: folder }
}

fn text_to(url: &str, id: &str, body: &str) -> crate::support::signed_post::SignedPost {
    text_from(url, "+447700900123", id, body)
}

fn text_from(url: &str, number: &str, id: &str, body: &str) -> crate::support::signed_post::SignedPost {
    let mut post = text(id, number, body);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(post.body.as_bytes()).into_owned().collect();
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    post = crate::support::signed_post::SignedPost::new(
        crate::support::fake_twilio::TOKEN,
        &format!("{url}/channels/twilio/inbound"),
        &pairs,
    );
    post
}

/// The queue, a case, a conflict, signing out.
async fn look_inside(browser: &Browser, kind: Kind, mut inside: Inside) {
    let base = inside.server.base.clone();
    sign_in(browser, &base).await;
    assert_good(browser, kind, "the queue").await;
    browser.open(&format!("{base}/inbox?show=open&theme=money&practice=nowhere")).await;
    assert_good(browser, kind, "the queue, filtered").await;
    if kind == Kind::Wide {
        browser.assert_reachable("the queue").await;
    }
    let case = format!("/inbox/referrals/{}", inside.reference);
    browser.open(&format!("{base}{case}")).await;
    assert_good(browser, kind, "a case").await;
    if kind == Kind::Wide {
        browser.assert_reachable("a case").await;
    }
    browser.click(".fb-jump a[href='#reply']").await;
    assert!(browser.in_sight("#reply").await, "a worker who wants to answer is there at once");
    assert!(browser.in_sight("label[for=reply]").await, "and reads where it goes");
    correct_the_themes(browser).await;
    browser.click("[data-part=themes] summary").await;
    assert_good(browser, kind, "a case with a corrected theme").await;
    write_for_another_day(browser, kind).await;
    browser.click("a[href$='/without-name']").await;
    browser.wait_for("[data-warning=words-tell]").await;
    assert_good(browser, kind, "a case without its name").await;
    let page = inside.ann.get(&case).await;
    let concern = page.attributes("[data-concern] h3 a", "href").remove(0);
    browser.open(&format!("{base}{concern}")).await;
    assert_good(browser, kind, "a concern").await;
    browser.open(&format!("{base}/inbox/me")).await;
    assert_good(browser, kind, "my details").await;
    browser.open(&format!("{base}/inbox/texts")).await;
    assert_good(browser, kind, "ready-made texts").await;
    look_at_labels(browser, kind, &base, &case).await;
    look_at_examples(browser, kind, &base, &case).await;
    look_at_views(browser, kind, &base).await;
    look_for_somebody_twice(browser, kind, &base, (&inside.reference, &inside.other)).await;
    look_at_people(browser, kind, &base).await;
    browser.open(&format!("{base}{case}")).await;
    // Meanwhile somebody else writes to them.
    let page = inside.ann.get(&case).await;
    let field = |name: &str| page.value(&format!("form[action$='/reply'] [name={name}]"));
    let quicker =
        [("version", field("version")), ("key", field("key")), ("text", "I was quicker".to_owned())];
    let quicker: Vec<(&str, &str)> = quicker.iter().map(|(name, value)| (*name, value.as_str())).collect();
    inside.ann.post(&format!("{case}/reply"), &quicker).await.went_to(&case);
    browser.write("#reply", "May I ring you?").await;
    browser.click("form[action$='/reply'] button").await;
    browser.wait_for("main .fb-narrow").await;
    assert_good(browser, kind, "a conflict").await;
    assert_eq!(browser.texts("textarea").await.len(), 1, "what was typed is kept");
    ask_a_volunteer(&mut inside).await;
    let secret = look_at_the_second_step(browser, kind, &base).await;
    sign_out(browser).await;
    assert_good(browser, kind, "signed out").await;
    sign_in_with_a_code(browser, kind, &base, &secret).await;
    sign_out(browser).await;
    look_as_a_volunteer(browser, kind, &base).await;
    assert!(!inside.fake.messages().is_empty());
}

async fn sign_out(browser: &Browser) {
    browser.click("header form button").await;
    browser.wait_for("main a[href='/sign-in']").await;
}

/// Ann invites a volunteer champion and asks them to help with the case.
async fn ask_a_volunteer(inside: &mut Inside) {
    let invite = [("email", "vi@example.org"), ("role", "volunteer-champion"), ("service", "alder-vale")];
    let invited = inside.ann.post("/inbox/people/invite", &invite).await;
    let link = invited.attributes("[data-invitation-link]", "value").remove(0);
    let token = link.split("token=").nth(1).expect("a token");
    let account = [("token", token), ("name", "Vi"), ("password", "three words here")];
    Client::of(&inside.server.base).post("/invitation", &account).await.went_to("/inbox");
    let case = format!("/inbox/referrals/{}", inside.reference);
    for (deed, agreed) in [("take-over", "no"), ("lend", "yes")] {
        let page = inside.ann.get(&case).await;
        let field = |name: &str| page.value(&format!("form[action$='/note'] [name={name}]"));
        let to = page.value("#lend-to option:not([value=''])");
        let (version, key) = (field("version"), field("key"));
        let fields = [("version", version.as_str()), ("key", &key), ("to", &to), ("agreed", agreed)];
        inside.ann.post(&format!("{case}/{deed}"), &fields).await.went_to(&case);
    }
}

/// What the volunteer sees: the list of whom they help, and a case.
async fn look_as_a_volunteer(browser: &Browser, kind: Kind, base: &str) {
    browser.open(&format!("{base}/sign-in")).await;
    browser.write("#email", "vi@example.org").await;
    browser.write("#password", "three words here").await;
    browser.click("main form button").await;
    browser.wait_for("[data-helping]").await;
    assert_good(browser, kind, "the list of a volunteer").await;
    browser.click("[data-helping] a").await;
    browser.wait_for("[data-part=raise]").await;
    assert_good(browser, kind, "a case with which a volunteer helps").await;
}

/// A label, on a case and in the list.
async fn look_at_labels(browser: &Browser, kind: Kind, base: &str, case: &str) {
    browser.open(&format!("{base}/inbox/labels")).await;
    for (count, name) in [(1, "Winter warmth"), (2, "Waiting for the choir to come back")] {
        browser.write("#new-name-alder-vale", name).await;
        browser.click("[data-labels-of=alder-vale] form[action='/inbox/labels'] button").await;
        browser.wait_for(&format!("[data-labels-of=alder-vale] [data-label]:nth-of-type({count})")).await;
    }
    browser.click("[data-label] summary").await;
    assert_good(browser, kind, "the labels of a service").await;
    browser.click("form[action$='/retire'] button").await;
    browser.wait_for("[data-retired]").await;
    assert_good(browser, kind, "a label that is no longer used").await;
    browser.click("[data-retired] button").await;
    browser.wait_for_none("[data-retired]").await;
    browser.open(&format!("{base}{case}")).await;
    for count in 1..=2 {
        browser.click("form[action$='/label'] button").await;
        browser.wait_for(&format!("[data-labels] li:nth-of-type({count})")).await;
    }
    assert_good(browser, kind, "a case with labels").await;
    browser.open(&format!("{base}/inbox?show=open")).await;
    browser.wait_for("[data-row-labels]").await;
    assert_good(browser, kind, "a list with labels").await;
}

/// A message that becomes an example, and the list of them.
async fn look_at_examples(browser: &Browser, kind: Kind, base: &str, case: &str) {
    browser.open(&format!("{base}{case}")).await;
    // Opened by its address: the thread scrolls by itself.
    const LINK: &str = "return document.querySelector(\"a[href*='/example?message=']\").getAttribute('href')";
    let link = browser.run(LINK, Value::Null).await;
    browser.open(&format!("{base}{}", link.as_str().expect("a link"))).await;
    browser.wait_for("#agreed").await;
    assert_good(browser, kind, "a message that becomes an example").await;
    browser.click("label[for=agreed]").await;
    browser.click("form[action$='/example'] button").await;
    browser.wait_for("[role=alert]").await;
    assert_good(browser, kind, "an example of which too little is said").await;
    for choice in ["safety-none", "theme-none", "agreed"] {
        browser.click(&format!("label[for={choice}]")).await;
    }
    browser.click("form[action$='/example'] button").await;
    browser.wait_for("[data-example]").await;
    assert_good(browser, kind, "the examples of a service").await;
    browser.click("[data-example] button").await;
    browser.wait_for_none("[data-example]").await;
    assert_good(browser, kind, "a service without examples").await;
}

/// A folder and filters that are kept under a name.
async fn look_at_views(browser: &Browser, kind: Kind, base: &str) {
    browser.open(&format!("{base}/inbox?show=open&theme=money&practice=alder-vale-surgery")).await;
    browser.click("details:has(form[action='/inbox/views']) summary").await;
    browser.write("#view-name", "Money worries at Alder Vale Surgery, all that is open").await;
    assert_good(browser, kind, "a view that is to be kept").await;
    browser.click("form[action='/inbox/views'] button").await;
    browser.wait_for("[data-views] [aria-current]").await;
    assert_good(browser, kind, "a list with a view").await;
    browser.open(&format!("{base}/inbox/views")).await;
    browser.click("[data-view] summary").await;
    assert_good(browser, kind, "the views that somebody keeps").await;
    browser.click("form[action$='/share'] button").await;
    browser.wait_for("form[action$='/unshare']").await;
    browser.click("[data-view] summary").await;
    browser.click("form[action$='/remove'] button").await;
    browser.wait_for_none("[data-view]").await;
}

/// Searching, what is held of somebody, and whether two are the same.
async fn look_for_somebody_twice(
    browser: &Browser,
    kind: Kind,
    base: &str,
    (reference, other): (&str, &str),
) {
    browser.open(&format!("{base}/inbox/search")).await;
    browser.write("#find", "joan").await;
    browser.client.active_element().await.expect("the field").send_keys("\u{E007}").await.expect("Enter");
    browser.wait_for("[data-found]").await;
    assert_good(browser, kind, "what a search finds").await;
    browser.open(&format!("{base}/inbox/referrals/{reference}/person")).await;
    assert_good(browser, kind, "what is held of a person").await;
    browser.open(&format!("{base}/inbox/referrals/{reference}/same?other={other}")).await;
    assert_good(browser, kind, "two cases side by side").await;
    browser.click("form[action$='/merge'] button").await;
    browser.wait_for("[data-joined]").await;
    assert_good(browser, kind, "a case of one who was two").await;
    browser.click("[data-joined] summary").await;
    browser.click("form[action$='/split'] button").await;
    browser.wait_for_none("[data-joined]").await;
}

/// A colleague who is away, and who covers.
async fn look_at_absences(browser: &Browser, kind: Kind, base: &str) {
    browser.open(&format!("{base}/inbox/away")).await;
    let days = "const day = n => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);
        document.querySelector('#away-from').value = day(-1);
        document.querySelector('#away-back').value = day(9);
        document.querySelector('#away-who').selectedIndex = 1;
        document.querySelector('#away-cover').selectedIndex = 1;";
    browser.run(days, serde_json::Value::Null).await;
    browser.click("form[action='/inbox/away'] button").await;
    browser.wait_for("[data-absence]").await;
    assert_good(browser, kind, "who is away").await;
    browser.open(&format!("{base}/inbox?show=open")).await;
    assert_good(browser, kind, "the list while a colleague is away").await;
}

/// Who works here, and a link for one more.
async fn look_at_people(browser: &Browser, kind: Kind, base: &str) {
    browser.open(&format!("{base}/inbox/people")).await;
    browser.write("#email", "kim@example.org").await;
    browser.click("label[for=role-duty-lead]").await;
    browser.click("label[for=service-alder-vale]").await;
    browser.click("main form button").await;
    browser.wait_for("[data-invitation-link]").await;
    assert_good(browser, kind, "a link for a colleague").await;
    let link = browser.client.find(Locator::Css("[data-invitation-link]")).await.expect("the link");
    let link = link.attr("value").await.expect("the page").expect("a link");
    browser.open(&link).await;
    assert_good(browser, kind, "an invitation").await;
    browser.open(&format!("{base}/inbox/people")).await;
    browser.wait_for("[data-invitation]").await;
    assert_good(browser, kind, "the people with an invitation").await;
    let token = link.split_once("token=").expect("a token").1;
    let fields = [("token", token), ("name", "Kim"), ("password", "four words of kim")];
    Client::of(base).post("/invitation", &fields).await.went_to("/inbox");
    browser.open(&format!("{base}/inbox/people")).await;
    browser.click("a[href$='/practices']").await;
    browser.wait_for("form[action$='/practices']").await;
    assert_good(browser, kind, "the practices of a colleague").await;
    look_at_absences(browser, kind, base).await;
    browser.open(&format!("{base}/inbox/people")).await;
    browser.click("a[href$='/practices']").await;
    browser.wait_for("form[action$='/practices']").await;
    browser.click("label[for=practice-quayside]").await;
    browser.click("form[action$='/practices'] button").await;
    browser.wait_for("[data-staff]").await;
    assert_good(browser, kind, "the people, one of whom is kept to a practice").await;
    browser.open(&format!("{base}/inbox/audit")).await;
    assert_good(browser, kind, "the audit").await;
    browser.open(&format!("{base}/inbox/texts")).await;
    browser.write("input[id^=new-title]", "Ring").await;
    browser.write("textarea[id^=new-text]", "May I ring you, {first name}?").await;
    browser.click("form[action='/inbox/texts'] button").await;
    browser.wait_for("[data-ready-text]").await;
    browser.click("[data-ready-text] summary").await;
    assert_good(browser, kind, "the ready-made texts").await;
    browser.open(&format!("{base}/inbox/people")).await;
    assert_good(browser, kind, "the people").await;
}

/// Sets a second step up; says its secret.
async fn look_at_the_second_step(browser: &Browser, kind: Kind, base: &str) -> TotpSecret {
    browser.open(&format!("{base}/inbox/account")).await;
    assert_good(browser, kind, "an account").await;
    browser.open(&format!("{base}/second-factor")).await;
    assert_good(browser, kind, "setting up a second step").await;
    let secret: TotpSecret = browser.texts("[data-totp-secret]").await[0].parse().expect("a secret");
    browser.write("#code", &code_after(&secret, 0)).await;
    browser.click("main form button").await;
    browser.wait_for("[data-recovery-code]").await;
    assert_good(browser, kind, "recovery codes").await;
    browser.open(&format!("{base}/inbox/account")).await;
    browser.wait_for("[data-recovery-codes-left]").await;
    for number in [1, 2] {
        browser.click(&format!("#second-step details:nth-of-type({number}) summary")).await;
    }
    assert_good(browser, kind, "an account with a second step").await;
    secret
}

/// Signs in with password and code.
async fn sign_in_with_a_code(browser: &Browser, kind: Kind, base: &str, secret: &TotpSecret) {
    browser.open(&format!("{base}/sign-in")).await;
    browser.write("#email", "ann@example.org").await;
    browser.write("#password", "three words here").await;
    browser.click("main form button").await;
    browser.wait_for("#code").await;
    assert_good(browser, kind, "the second step").await;
    browser.write("#code", &code_after(secret, 1)).await;
    browser.click("main form button").await;
    browser.wait_for("[data-referral]").await;
}

/// What an app shows so many half minutes from now: the one that set it up is used.
pub fn code_after(secret: &TotpSecret, half_minutes: i64) -> String {
    secret.code_of(Clock::System.now().as_micros() / 30_000_000 + half_minutes)
}

/// A server whose first administrator has no case yet, and their browser at the empty list.
async fn empty_inbox(kind: Kind) -> (Server, FakeTwilio, TempDir, Browser) {
    let (folder, fake) = (tempfile::tempdir().expect("a folder"), FakeTwilio::start().await);
    let mut server = serve(&folder, &fake, "sqlite://fb.db").await;
    let link = server.line_with("set-up link: ").await;
    set_up(&server.base, &link).await;
    let browser = Browser::start(kind).await;
    browser.open(&format!("{}/sign-in", server.base)).await;
    browser.write("#email", "ann@example.org").await;
    browser.write("#password", "three words here").await;
    browser.click("main form button").await;
    browser.wait_for(".fb-views").await;
    (server, fake, folder, browser)
}

/// Somebody texts.
async fn texts(server: &Server, number: &str, id: &str, body: &str) {
    let post = text_from(&server.base, number, id, body);
    assert_eq!(Client::of(&server.base).webhook(&post).await, Some(200));
}

/// Waits until the text of something holds this.
pub async fn wait_for_words(browser: &Browser, selector: &str, words: &str) {
    let begun = std::time::Instant::now();
    while !browser.texts(selector).await.iter().any(|text| text.contains(words)) {
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(30),
            "no {words}: {:?}",
            browser.texts(selector).await
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// What the keyboard speaks with.
async fn focused(browser: &Browser) -> String {
    const FOCUSED: &str = "return document.activeElement.textContent.trim()";
    let focused = browser.client.execute(FOCUSED, Vec::new()).await.expect("a page");
    focused.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_new_waits_behind_a_button_and_a_lost_line_is_told() {
    let (mut server, fake, folder, browser) = empty_inbox(Kind::Narrow).await;
    texts(&server, "+447700900123", "SM1", "I want to end my life").await;
    wait_for_words(&browser, "[data-news] button", "A new concern is open: show").await;
    assert_good(&browser, Kind::Narrow, "a list with news").await;
    browser.click("[data-news] button").await;
    let first = browser.wait_for_many("[data-referral]", 1).await;
    assert!(first.contains("Open concern") && browser.texts("[data-news] button").await.is_empty());
    assert_eq!(focused(&browser).await, "No name yet", "the keyboard stands on who is new");
    browser.click("label[for^=choose]").await;
    browser.click(".fb-bulk summary").await;
    assert_good(&browser, Kind::Narrow, "a list with cases to choose").await;
    browser
        .client
        .execute("document.querySelector('[data-referral] a').focus()", Vec::new())
        .await
        .expect("focus");
    for (count, body) in ["hello", "me", "78", "Joan", "Alder Vale Surgery", "HUMAN"].into_iter().enumerate()
    {
        texts(&server, "+447700900124", &format!("SN{count}"), body).await;
        fake.wait_for_requests(1).await;
    }
    wait_for_words(&browser, "[data-news] button", "1 new: show").await;
    assert_eq!(browser.texts("[data-referral]").await.len(), 1, "nothing moves by itself");
    assert_eq!(focused(&browser).await, "No name yet", "the keyboard stays where it was");
    wait_for_words(&browser, "[data-folder=open]", "(2)").await;
    browser.click("[data-news] button").await;
    browser.wait_for_many("[data-referral]", 2).await;
    let ticked = "return document.querySelectorAll('[name=case]:checked').length";
    let ticked = browser.client.execute(ticked, Vec::new()).await.expect("a page");
    assert_eq!(ticked, serde_json::json!(1), "what was chosen stays chosen");
    let port: u16 = server.base.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    server.ask_to_stop();
    assert!(server.end().await.success());
    wait_for_words(&browser, "[data-cut]", "Not live since").await;
    assert_good(&browser, Kind::Narrow, "a list that is not live").await;
    let _server = serve_at(port, &folder, &fake, "sqlite://fb.db").await;
    let begun = std::time::Instant::now();
    while !browser.texts("[data-cut] p").await.is_empty() {
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "it stays");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    browser.click("[name=act][value=claim]").await;
    browser.wait_for("[data-bulk=done]").await;
    assert_good(&browser, Kind::Narrow, "what was done with the chosen").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_colleagues_on_one_case_see_each_other_and_what_is_new() {
    let (server, _fake, _folder, ann) = empty_inbox(Kind::Wide).await;
    texts(&server, "+447700900123", "SM1", "hello, I want to end my life").await;
    ann.wait_for("[data-news] button").await;
    ann.click("[data-news] button").await;
    ann.wait_for("[data-referral]").await;
    ann.click("[data-referral] h2 a").await;
    ann.wait_for("[data-here]").await;
    // The same account twice is one person: the colleague is invited.
    let mut admin = Client::of(&server.base);
    admin
        .post("/sign-in", &[("email", "ann@example.org"), ("password", "three words here")])
        .await
        .went_to("/inbox");
    let invite = [("email", "kim@example.org"), ("role", "link-worker"), ("service", "alder-vale")];
    let invited = admin.post("/inbox/people/invite", &invite).await;
    let link = invited.attributes("[data-invitation-link]", "value").remove(0);
    let kim = Browser::start(Kind::Wide).await;
    kim.open(&link).await;
    kim.write("#name", "Kim").await;
    kim.write("#password", "four words are here").await;
    kim.click("main form button").await;
    kim.wait_for("[data-referral] h2 a").await;
    kim.click("[data-referral] h2 a").await;
    kim.wait_for("[data-here] p").await;
    assert_eq!(kim.texts("[data-here]").await, ["Ann is here too."]);
    ann.write("#reply", "Dear Joan,").await;
    wait_for_words(&kim, "[data-here]", "Ann is writing.").await;
    assert_good(&kim, Kind::Wide, "a case where somebody else is writing").await;
    texts(&server, "+447700900123", "SM2", "my kettle is broken").await;
    wait_for_words(&ann, "[data-news] button", "1 new message: show").await;
    ann.click("[data-news] button").await;
    wait_for_words(&ann, "[data-from=person]", "my kettle is broken").await;
    let typed = "return document.querySelector('#reply').value";
    assert_eq!(ann.client.execute(typed, Vec::new()).await.expect("a page"), serde_json::json!("Dear Joan,"));
    ann.click("form[action$='/reply'] button").await;
    ann.wait_for("[data-from=link-worker]").await;
}
