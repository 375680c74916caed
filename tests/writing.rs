//! Writing to people in a real browser: how many texts it makes, ready-made texts, and drafts.

use std::process::Command;
use std::time::Duration;
use std::time::Instant;

use fantoccini::Locator;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

use crate::support::browser::Browser;
use crate::support::browser::Kind;
use crate::support::process::Server;
use crate::support::process::footbridge;

/// As long as a page may take on a busy machine.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The demo with its sample people, a browser in which a link worker is signed in, and a case whose person is texted.
struct Desk {
    server: Server,
    browser: Browser,
    case: String,
    _folder: TempDir,
}

impl Desk {
    async fn open(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let command: Command = footbridge(folder.path(), &["demo", "--listen", "127.0.0.1:0"], &[]);
        let mut server = Server::start(command).await;
        let line = server.line_with("/demo/enter?token=").await;
        let link =
            line.split_whitespace().find(|word| word.starts_with("http://")).expect("a link").to_owned();
        let browser = Browser::start(kind).await;
        browser.open(&link).await;
        browser.open(&format!("{}/inbox?show=open", server.base)).await;
        browser.wait_for("[data-referral]").await;
        let mut cases = Vec::new();
        for link in browser.client.find_all(Locator::Css("[data-referral] h2 a")).await.expect("cases") {
            cases.extend(link.attr("href").await.expect("the page"));
        }
        for case in cases {
            let case = format!("{}{case}", server.base);
            browser.open(&case).await;
            if !browser.texts("#reply-parts").await.is_empty() && browser.texts("#reason").await.is_empty() {
                return Self { server, browser, case, _folder: folder };
            }
        }
        panic!("nobody in the demo can be texted");
    }

    async fn look(&self) {
        self.browser.open(&self.case).await;
    }

    /// Waits until a place says something that begins so.
    async fn until_said(&self, place: &str, beginning: &str) {
        const SAYS: &str = "return document.querySelector(arguments[0]).textContent.startsWith(arguments[1])";
        let begun = Instant::now();
        while self.browser.client.execute(SAYS, vec![json!(place), json!(beginning)]).await.expect("a page")
            != json!(true)
        {
            assert!(begun.elapsed() < LONGEST_WAIT, "{place} does not say {beginning}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn said_below_the_box(&self) -> String {
        self.browser.texts("#reply-parts").await.concat()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_somebody_types_the_page_says_how_many_texts_it_makes_and_why() {
    let desk = Desk::open(Kind::Wide).await;
    assert!(desk.said_below_the_box().await.starts_with("A text holds 160 plain letters."));
    desk.browser.write("#reply", "Hello Joan, may I?").await;
    assert_eq!(desk.said_below_the_box().await, "1 text, 142 letters left.");
    desk.browser.write("#reply", "\u{2019}").await;
    let dear = "1 text, 51 letters left. A text holds only 70 letters because of the curly quote \u{2019}.";
    assert_eq!(desk.said_below_the_box().await, dear);
    desk.browser.assert_accessible("a case with a text in its box").await;
    // What was typed may have been kept as a draft meanwhile.
    const EMPTY: &str = "const box = document.querySelector('#reply');
        box.value = ''; box.dispatchEvent(new Event('input'))";
    desk.browser.client.execute(EMPTY, Vec::new()).await.expect("a page");
    assert!(desk.said_below_the_box().await.starts_with("A text holds 160 plain letters."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_counts_parts_as_the_provider_does() {
    let desk = Desk::open(Kind::Wide).await;
    let vectors: Value = serde_json::from_str(include_str!("data/sms-parts.json")).expect("vectors");
    const COUNT: &str = "return arguments[0].filter(({ text, encoding, parts }) => {
        const count = countParts(text);
        return count.parts !== parts || count.encoding !== encoding;
    })";
    assert!(290 < vectors.as_array().map_or(0, Vec::len));
    let wrong = desk.browser.client.execute(COUNT, vec![vectors]).await.expect("the page's own count");
    assert_eq!(wrong, json!([]));
    const COST: &str = "return [partsWords('a'.repeat(400), 400), partsWords('a'.repeat(1500), 1100)]";
    let cost = desk.browser.client.execute(COST, Vec::new()).await.expect("the page's own words");
    assert_eq!(cost, json!(["3 texts, about 12p.", "10 texts, about £1.10."]));
}

/// Keeps a ready-made text, as an administrator.
async fn keep_a_ready_text(desk: &Desk, title: &str, text: &str) {
    let base = desk.case.split("/inbox").next().expect("an address");
    desk.browser.open(&format!("{base}/inbox/texts")).await;
    desk.browser.write("input[id^=new-title]", title).await;
    desk.browser.write("textarea[id^=new-text]", text).await;
    desk.browser.click("form[action='/inbox/texts'] button").await;
}

/// Chooses the only ready-made text.
async fn put_into_the_box(desk: &Desk) {
    desk.browser.click("#ready option:nth-child(2)").await;
    desk.browser.click("[data-ready-for] button").await;
}

async fn in_the_box(desk: &Desk) -> String {
    const VALUE: &str = "return document.getElementById('reply').value";
    desk.browser
        .client
        .execute(VALUE, Vec::new())
        .await
        .map_or_else(|_| String::new(), |value| value.as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ready_made_text_is_put_into_the_box_below_what_stands_there() {
    let desk = Desk::open(Kind::Wide).await;
    keep_a_ready_text(&desk, "Wrong", "Dear {surname}").await;
    desk.browser.wait_for("[role=alert]").await;
    assert!(desk.browser.texts("[role=alert]").await.concat().contains("There is no blank {surname}."));
    desk.browser.assert_accessible("a ready-made text that was refused").await;
    keep_a_ready_text(&desk, "Ring", "May I ring you? {my name}, {service}").await;
    desk.browser.wait_for("[data-ready-text]").await;
    desk.browser.assert_accessible("the ready-made texts").await;
    desk.look().await;
    desk.browser.write("#reply", "Hello.").await;
    put_into_the_box(&desk).await;
    let text = in_the_box(&desk).await;
    assert!(text.starts_with("Hello.\nMay I ring you? ") && !text.contains('{'), "{text}");
    assert!(desk.said_below_the_box().await.starts_with("1 text, "));
    assert!(desk.browser.texts("[data-from=link-worker]").await.is_empty(), "nothing is sent by itself");
    desk.browser.assert_accessible("a case with a ready-made text").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_javascript_a_ready_made_text_comes_with_the_page() {
    let desk = Desk::open(Kind::WithoutJavaScript).await;
    keep_a_ready_text(&desk, "Ring", "May I ring you? {my name}").await;
    desk.browser.wait_for("[data-ready-text]").await;
    desk.look().await;
    put_into_the_box(&desk).await;
    desk.browser.wait_for("#reply").await;
    let texts = desk.browser.texts("#reply").await.concat();
    assert!(texts.starts_with("May I ring you? "), "{texts}");
    let address = desk.browser.client.current_url().await.expect("an address");
    assert!(!address.as_str().contains("ring"), "no words stand in the address: {address}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_is_kept_while_it_is_typed_and_a_lost_connection_is_told() {
    let mut desk = Desk::open(Kind::Wide).await;
    desk.browser.write("#reply", "May I ring").await;
    desk.browser.write("#note", "lives alone").await;
    desk.until_said("#reply-draft", "Draft kept ").await;
    desk.until_said("#note-draft", "Draft kept ").await;
    desk.look().await;
    assert_eq!(in_the_box(&desk).await, "May I ring");
    assert_eq!(desk.browser.texts("#note").await, ["lives alone"]);
    desk.browser.assert_accessible("a case with drafts").await;
    desk.server.ask_to_stop();
    assert!(desk.server.end().await.success());
    desk.browser.write("#reply", " you?").await;
    desk.until_said("#reply-draft", "Not kept: no connection").await;
}
