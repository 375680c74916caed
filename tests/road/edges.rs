//! Hostile and strange input against the whole program.

use footbridge::domain::staff::Role;
use serde::Deserialize;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::page::Page;

/// `li`, `p`, `bdi`, `time`, `p`, `bdi`.
const BONES_OF_A_MESSAGE: usize = 10;
/// The line of what happened that says that a worker is replying.
const BONES_OF_A_DEED: usize = 3;

#[derive(Deserialize)]
struct Nasty {
    text: String,
}

/// The texts of the file, each from a number of its own, so that no limit hides one.
fn nasty() -> Vec<String> {
    let lines = include_str!("../data/messages/nasty.jsonl").lines();
    lines.map(|line| serde_json::from_str::<Nasty>(line).expect("a line").text).collect()
}

/// The other pages about somebody who wrote all that.
async fn everything_else_holds_too(app: &TestApp, reference: &str, case: &Page) {
    let ann = app.colleague("Ann", Role::Admin).await;
    let place = format!("/inbox/referrals/{reference}");
    let concerns = case.attributes("[data-concern] h3 a", "href");
    let pages = [
        format!("{place}/person"),
        format!("{place}/without-name"),
        "/inbox/audit".to_owned(),
        format!("/inbox/audit?about={reference}"),
    ];
    for path in pages.iter().chain(&concerns) {
        let page = ann.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let foreign = "script:not([src^='/assets/']), iframe, object, embed, img, style, link[rel=import]";
        assert!(page.all(foreign).is_empty(), "{path}");
    }
    for text in nasty() {
        let found = ann.post("/inbox/search", &[("find", text.as_str())]).await;
        assert_eq!(found.status, 200, "{text:?}");
        // A page that is too old is told so, with what was typed on it.
        let stale = [("version", "0"), ("key", "k"), ("text", text.as_str())];
        let refused = ann.post(&format!("{place}/reply"), &stale).await;
        assert!([409, 422].contains(&refused.status), "{text:?}: {}", refused.status);
    }
    let copy = ann.post(&format!("{place}/export"), &[("format", "json")]).await;
    let copy: serde_json::Value = serde_json::from_str(&copy.body).expect("JSON");
    assert!(copy["messages"].as_array().is_some_and(|messages| nasty().len() < messages.len()));
}

on_both_stores! {
    async fn nasty_texts_are_kept_and_shown_and_stay_in_their_place(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.sms("07700 900500", "PERSON").await;
        app.look();
        let reference = sam.queue("open").await.remove(0).0;
        sam.press(&reference, "take-over", &[]).await;
        app.wait(std::time::Duration::from_secs(1)).await;
        let mut told = sam.case(&reference).await;
        let mut plain = 0;
        for text in nasty() {
            // A human speaks, so that nothing is answered and every text lands on the one page.
            sam.press(&reference, "take-over", &[]).await;
            let before = told.all("[data-from=person]").len();
            app.sms("07700 900500", &text).await;
            app.look();
            let page = sam.case(&reference).await;
            assert_eq!(page.all("[data-from=person]").len(), before + 1, "{text:?}");
            let words = page.all("[data-from=person] .fb-words").pop().expect("its words");
            assert!(words.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()), "{text:?} is shown as {words:?}");
            assert!(page.all("script:not([src^='/assets/']), iframe, object, embed, img, style, link[rel=import]").is_empty(), "{text:?}");
            assert_eq!(sam.get("/inbox?show=open").await.status, 200, "{text:?}");
            // Every message is built of the same bones; only a concern, a note or a warning may stand beside it.
            let beside = |page: &Page| {
                ["[data-concern]", "[data-tag]", "[data-warning]", "[data-hold] form"].map(|what| page.all(what).len())
            };
            if beside(&page) == beside(&told) {
                assert_eq!(page.bones().len(), told.bones().len() + BONES_OF_A_MESSAGE + BONES_OF_A_DEED, "{text:?}");
                plain += 1;
            }
            told = page;
        }
        assert!(nasty().len() / 2 < plain, "only {plain} texts were compared");
        everything_else_holds_too(&app, &reference, &told).await;
    }

    async fn a_text_from_long_ago_or_the_far_future_harms_nothing(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.sms("07700 900501", "hello").await;
        app.assert_said(&["welcome, for-whom"]);
        app.wait(std::time::Duration::from_secs(400 * 24 * 3600)).await;
        app.look();
        app.sms("07700 900501", "hello").await;
        app.assert_said(&["welcome, for-whom"]);
    }
}
