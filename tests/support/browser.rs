//! A real browser: Chromium, driven over WebDriver. A missing one is a failure, never a skip.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use fantoccini::Client;
use fantoccini::ClientBuilder;
use fantoccini::Locator;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use serde_json::json;
use tempfile::TempDir;

/// A page, and the demo's look for news, take no longer than this on a busy machine.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// A driver that is asked to stop ends its browser first.
const LONGEST_STOP: Duration = Duration::from_secs(10);
/// The rules that pages must keep: WCAG 2.2, levels A and AA.
const RULES: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const AXE: &str = include_str!("../data/axe/axe.min.js");

/// How the browser is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On a desk.
    Wide,
    /// As wide as a small phone: 320 pixels.
    Narrow,
    /// On a desk that is set to dark.
    Dark,
    /// On a desk, without JavaScript.
    WithoutJavaScript,
}

/// A running browser. It ends with the test.
pub struct Browser {
    /// What it can do.
    pub client: Client,
    driver: Child,
    port: u16,
    session: String,
    /// The addresses of the pages that were found to be without barriers.
    pub looked_at: Mutex<BTreeSet<String>>,
    profile: TempDir,
}

impl Browser {
    /// Starts one.
    pub async fn start(kind: Kind) -> Self {
        let profile = tempfile::tempdir().expect("a folder");
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (on Debian: apt-get install chromium chromium-driver)");
        let lines = BufReader::new(driver.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let port: u16 = lines
            .filter_map(|line| line.split("successfully on port ").nth(1).map(str::to_owned))
            .find_map(|port| port.trim_end_matches('.').parse().ok())
            .expect("chromedriver's port");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(kind, &profile))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser (on Debian: apt-get install chromium)");
        let session = client.session_id().await.expect("a session");
        let session = session.expect("the browser's id");
        Self { client, driver, port, session, looked_at: Mutex::default(), profile }
    }

    /// Whether pages are asked to be dark.
    pub async fn is_dark(&self) -> bool {
        const DARK: &str = "return matchMedia('(prefers-color-scheme: dark)').matches";
        self.run(DARK, Value::Null).await == json!(true)
    }

    /// How light what stands behind a page is, of three times 255.
    pub async fn light(&self) -> u64 {
        const LIGHT: &str =
            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)
            .reduce((sum, part) => sum + Number(part), 0)";
        self.run(LIGHT, Value::Null).await.as_u64().expect("a colour")
    }

    /// Opens an address.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.expect("a page");
    }

    /// Waits until something is on the page.
    pub async fn wait_for(&self, selector: &str) {
        let waiting = self.client.wait().at_most(LONGEST_WAIT).for_element(Locator::Css(selector)).await;
        assert!(waiting.is_ok(), "no {selector} on {}", self.client.source().await.unwrap_or_default());
    }

    /// Waits until something is no more on the page.
    pub async fn wait_for_none(&self, selector: &str) {
        let begun = Instant::now();
        while !self.texts(selector).await.is_empty() {
            assert!(begun.elapsed() < LONGEST_WAIT, "{selector} stays");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits for a file that a page gave out (`Kind::WithoutJavaScript` keeps them), and reads it.
    pub async fn downloaded(&self, name: &str) -> String {
        let (begun, file) = (Instant::now(), self.profile.path().join(name));
        loop {
            // It gets its name when it is whole.
            if let Ok(text) = std::fs::read_to_string(&file) {
                return text;
            }
            assert!(begun.elapsed() < LONGEST_WAIT, "no file {name}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs a script on the page.
    pub async fn run(&self, script: &str, argument: Value) -> Value {
        self.client.execute(script, vec![argument]).await.expect("a script")
    }

    /// A picture of the page, as high as it is, up to some screens.
    pub async fn picture(&self) -> Vec<u8> {
        const HEIGHT: &str = "return Math.min(document.documentElement.scrollHeight, 2400)";
        let height = self.run(HEIGHT, Value::Null).await.as_u64().expect("a height");
        let width = self.run("return screen.width < 400 ? 320 : 1280", Value::Null).await;
        let width = width.as_u64().and_then(|width| u32::try_from(width).ok()).expect("a width");
        let height = u32::try_from(height).expect("a height");
        self.client.set_window_size(width, height).await.expect("a window");
        self.client.screenshot().await.expect("a picture")
    }

    /// The texts of everything that is there.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(selector)).await.expect("a page") {
            // What the page has swapped meanwhile is not there any more.
            texts.extend(element.text().await.ok());
        }
        texts
    }

    /// Waits until so many are there, and gives the text of the last.
    pub async fn wait_for_many(&self, selector: &str, count: usize) -> String {
        let begun = Instant::now();
        loop {
            let texts = self.texts(selector).await;
            if count <= texts.len() {
                return texts.last().cloned().unwrap_or_default();
            }
            assert!(begun.elapsed() < LONGEST_WAIT, "{count} {selector}, but only {texts:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Types into a field.
    pub async fn write(&self, selector: &str, words: &str) {
        let field = self.client.find(Locator::Css(selector)).await.expect("a field");
        field.send_keys(words).await.expect("typing");
    }

    /// Clicks.
    pub async fn click(&self, selector: &str) {
        let element = self.client.find(Locator::Css(selector)).await.expect("something to click");
        element.click().await.expect("a click");
    }

    /// Whether the top of something stands in the window.
    pub async fn in_sight(&self, selector: &str) -> bool {
        const TOP: &str = "const top = document.querySelector(arguments[0]).getBoundingClientRect().top;
            return 0 <= top && top < innerHeight";
        self.client.execute(TOP, vec![json!(selector)]).await.expect("a place") == json!(true)
    }

    /// Goes into a frame of the outermost page.
    pub async fn enter(&self, frame: &str) {
        self.client.enter_parent_frame().await.expect("the outermost page");
        let frame = self.client.find(Locator::Css(frame)).await.expect("a frame");
        frame.enter_frame().await.expect("the frame");
    }

    /// Fails where the page breaks a rule of accessibility.
    pub async fn assert_accessible(&self, page: &str) {
        const RUN: &str = "const [rules, done] = arguments;
            axe.run(document, { runOnly: { type: 'tag', values: rules } })
               .then(found => done({ rules: found.passes.length,
                                     broken: found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('; ')) }),
                     error => done({ rules: 0, broken: [String(error)] }));";
        // What is folded is looked at too, and folded again.
        const OPEN: &str = "document.querySelectorAll('details:not([open])')
                .forEach(details => { details.open = true; details.dataset.folded = '' })";
        const FOLD: &str = "document.querySelectorAll('[data-folded]')
                .forEach(details => { details.open = false; delete details.dataset.folded })";
        self.client.execute(OPEN, Vec::new()).await.expect("what is folded");
        self.client.execute(AXE, Vec::new()).await.expect("axe");
        let found = self.client.execute_async(RUN, vec![json!(RULES)]).await.expect("axe's answer");
        assert_eq!(found["broken"], json!([]), "{page}");
        assert!(found["rules"].as_u64().is_some_and(|rules| 5 < rules), "{page}: axe has looked at nothing");
        self.client.execute(FOLD, Vec::new()).await.expect("what was folded");
        let address = self.client.current_url().await.expect("an address");
        self.looked_at.lock().expect("the list").insert(address.path().to_owned());
    }

    /// Fails where something to press is smaller than 24 pixels, or is covered when it has the focus. Links within a
    /// sentence are as high as their line.
    pub async fn assert_reachable(&self, page: &str) {
        const LOOK: &str = "const wrong = [];
            const hit = 'button, summary, select, textarea, input:not([type=hidden]), nav a, a.nhsuk-button';
            const inside = document.querySelectorAll('a[href], ' + hit);
            for (const one of inside) {
                if (!one.checkVisibility({ visibilityProperty: true })) continue;
                one.focus();
                const own = one.closest('label, .nhsuk-checkboxes__item, .nhsuk-radios__item') ?? one;
                const box = one.getClientRects()[0];
                if (!box) continue;
                const name = one.outerHTML.slice(0, 120);
                if (one.matches(hit) && (box.width < 24 || box.height < 24)) wrong.push('small: ' + box.width + 'x' + box.height + ' ' + name);
                const seen = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
                if (!seen || !(own.contains(seen) || seen.contains(one) && seen.matches('a, button, summary, label'))) wrong.push('hidden: ' + name + ' behind ' + (seen && seen.outerHTML.slice(0, 80)));
            }
            document.activeElement?.blur();
            scrollTo(0, 0);
            return wrong";
        let wrong = self.client.execute(LOOK, Vec::new()).await.expect("what can be pressed");
        assert_eq!(wrong, json!([]), "{page}");
    }

    /// Fails where the page is wider than the window.
    pub async fn assert_fits(&self, page: &str) {
        // The window itself grows with what does not fit; the screen does not.
        const WIDTHS: &str = "return { page: document.documentElement.scrollWidth, screen: screen.width,
            beyond: [...document.querySelectorAll('body *')].filter(e => screen.width < e.getBoundingClientRect().right)
                .map(e => e.outerHTML.slice(0, 120)).slice(0, 8) }";
        let widths = self.client.execute(WIDTHS, Vec::new()).await.expect("widths");
        assert!(widths["page"] == json!(320) && widths["screen"] == json!(320), "{page}: {widths:#}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A driver that ends leaves its browser behind, and so the browser is told first, also where the test failed.
        let told = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut driver| {
            driver.set_read_timeout(Some(LONGEST_STOP))?;
            write!(
                driver,
                "DELETE /session/{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                self.session
            )?;
            driver.read(&mut [0; 64])
        });
        // A browser that is gone already cannot be told.
        let _ = told;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(kind: Kind, profile: &TempDir) -> serde_json::Map<String, Value> {
    let mut options = json!({ "args": [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1400,1000",
        format!("--user-data-dir={}", profile.path().display()),
    ]});
    match kind {
        Kind::Wide => {}
        Kind::Dark => {
            options["args"]
                .as_array_mut()
                .expect("the arguments")
                .push(json!("--blink-settings=preferredColorScheme=0"));
        }
        Kind::Narrow => {
            let metrics = json!({ "width": 320, "height": 640, "pixelRatio": 1.0, "touch": false });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        Kind::WithoutJavaScript => {
            options["prefs"] = json!({
                "profile.managed_default_content_settings.javascript": 2,
                "download.default_directory": profile.path(),
            });
        }
    }
    serde_json::Map::from_iter([("goog:chromeOptions".to_owned(), options)])
}
