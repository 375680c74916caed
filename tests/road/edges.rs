//! Hostile and strange input against the whole program.

use serde::Deserialize;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::page::Page;

/// `li`, `p`, `bdi`, `time`, `p`, `bdi`.
const BONES_OF_A_MESSAGE: usize = 10;

#[derive(Deserialize)]
struct Nasty {
    text: String,
}

/// The texts of the file, each from a number of its own, so that no limit hides one.
fn nasty() -> Vec<String> {
    let lines = include_str!("../data/messages/nasty.jsonl").lines();
    lines.map(|line| serde_json::from_str::<Nasty>(line).expect("a line").text).collect()
}

on_both_stores! {
    async fn nasty_texts_are_kept_and_shown_and_stay_in_their_place(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.sms("07700 900500", "PERSON").await;
        app.look();
        let reference = sam.queue("open").await.remove(0).0;
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
            assert!(page.all("script:not([src='/assets/live.js']), iframe, object, embed, img, style, link[rel=import]").is_empty(), "{text:?}");
            assert_eq!(sam.get("/inbox?show=open").await.status, 200, "{text:?}");
            // Every message is built of the same bones; only a concern, a note or a warning may stand beside it.
            let beside = |page: &Page| {
                ["[data-concern]", "[data-tag]", "[data-warning]", "[data-hold] form"].map(|what| page.all(what).len())
            };
            if beside(&page) == beside(&told) {
                assert_eq!(page.bones().len(), told.bones().len() + BONES_OF_A_MESSAGE, "{text:?}");
                plain += 1;
            }
            told = page;
        }
        assert!(nasty().len() / 2 < plain, "only {plain} texts were compared");
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
