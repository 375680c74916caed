//! The day of a link worker by keyboard alone, and the places of pages that no rule of axe looks at: targets, and what
//! has the focus and cannot be seen. The same browser makes the pictures of the guide.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use crate::browser::demo_with_people;
use crate::support::browser::Browser;
use crate::support::browser::Kind;

/// More stops than the longest page has on the way to anything.
const MOST_STOPS: usize = 400;
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const SPACE: &str = "\u{E00D}";

/// Goes on from stop to stop until something is reached.
async fn tab_to(browser: &Browser, selector: &str) {
    const IS_THERE: &str = "return document.activeElement.matches(arguments[0])";
    for _ in 0..MOST_STOPS {
        press(browser, TAB).await;
        if browser.run(IS_THERE, json!(selector)).await == json!(true) {
            return;
        }
    }
    panic!("no way by keyboard to {selector}");
}

/// Presses keys where the focus is.
async fn press(browser: &Browser, keys: &str) {
    let focused = browser.client.active_element().await.expect("a focus");
    focused.send_keys(keys).await.expect("typing");
}

async fn tab_and_press(browser: &Browser, selector: &str, keys: &str) {
    tab_to(browser, selector).await;
    press(browser, keys).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_day_goes_by_keyboard_alone() {
    let inside = crate::browser::inside_with_a_case().await;
    let browser = Browser::start(Kind::Wide).await;
    browser.open(&format!("{}/sign-in", inside.server.base)).await;
    tab_and_press(&browser, "#email", "ann@example.org").await;
    tab_and_press(&browser, "#password", "three words here").await;
    press(&browser, ENTER).await;
    browser.wait_for("[data-referral]").await;
    // The first stop leads past the head of the page.
    press(&browser, TAB).await;
    assert_eq!(
        browser.run("return document.activeElement.className", json!(null)).await,
        json!("nhsuk-skip-link")
    );
    tab_and_press(&browser, "[data-referral] h2 a", ENTER).await;
    browser.wait_for("[data-part=own-words]").await;
    tab_and_press(&browser, "[data-concern] textarea", "Rang her").await;
    tab_and_press(&browser, "[data-concern] button", ENTER).await;
    browser.wait_for(".fb-concern--done").await;
    tab_and_press(&browser, "form[action$='/claim'] button", ENTER).await;
    browser.wait_for("form[action$='/release']").await;
    tab_and_press(&browser, "#reply", "May I ring you?").await;
    tab_and_press(&browser, "form[action$='/reply'] button", SPACE).await;
    browser.wait_for("[data-from=link-worker]").await;
    tab_and_press(&browser, "#note", "Lives alone").await;
    tab_and_press(&browser, "form[action$='/note'] button", ENTER).await;
    browser.wait_for("[data-note]").await;
    browser
        .run("document.querySelector('#aside-day').closest('details').dataset.mine = 1", json!(null))
        .await;
    tab_and_press(&browser, "details[data-mine] summary", ENTER).await;
    tab_and_press(&browser, "form[action$='/put-aside'] button", ENTER).await;
    browser.wait_for("[data-later]").await;
    tab_and_press(&browser, "form[action$='/bring-back'] button", ENTER).await;
    browser.wait_for("[data-part=decision]").await;
    tab_and_press(&browser, "#close", "Given").await;
    let chosen = browser.run("return document.querySelector('#close').value", json!(null)).await;
    assert_eq!(chosen, json!("informed"));
    tab_and_press(&browser, "form[action$='/close'] button", ENTER).await;
    browser.wait_for_none("[data-part=decision]").await;
    tab_and_press(&browser, "header form button", ENTER).await;
    browser.wait_for("a[href='/sign-in']").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pictures_of_the_guide_show_the_people_of_the_demo() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let anew = std::env::vars_os().any(|(name, _)| name == "FOOTBRIDGE_PICTURES");
    let (server, link, _folder) = demo_with_people().await;
    for (kind, width) in [(Kind::Wide, "desktop"), (Kind::Narrow, "phone")] {
        let browser = Browser::start(kind).await;
        browser.open(&link).await;
        for (page, address) in [("queue", "/inbox".to_owned()), ("case", ray(&browser, &server.base).await)] {
            browser.open(&format!("{}{address}", server.base)).await;
            let picture = browser.picture().await;
            assert!(picture.starts_with(b"\x89PNG"), "{page} {width}");
            let file = folder.join(format!("{page}-{width}.png"));
            if anew {
                std::fs::write(&file, &picture).expect("a picture");
            }
            assert!(file.exists(), "{} (FOOTBRIDGE_PICTURES=1 makes it anew)", file.display());
        }
    }
    let guide = include_str!("../docs/link-workers.md");
    let shown: BTreeSet<&str> =
        guide.split("pictures/").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert_eq!(
        shown,
        BTreeSet::from(["case-desktop.png", "case-phone.png", "queue-desktop.png", "queue-phone.png"])
    );
}

/// Where the case of one of the people of the demo is, who has a concern of no kind.
async fn ray(browser: &Browser, base: &str) -> String {
    const FIND: &str = "const row = [...document.querySelectorAll('[data-referral]')].find(row => row.querySelector('h2').textContent.includes('Ray'));
        return row && row.querySelector('h2 a').getAttribute('href')";
    browser.open(&format!("{base}/inbox?show=open")).await;
    let found = browser.run(FIND, json!(null)).await;
    found.as_str().expect("Ray").to_owned()
}
