//! Hostile and strange input against the whole program.

use footbridge::domain::time::Timestamp;
use serde::Deserialize;

use crate::on_both_stores;
use crate::support::app::TestApp;

#[derive(Deserialize)]
struct Nasty {
    text: String,
}

/// The texts of the file, each from a number of its own, so that no limit hides one.
fn nasty() -> Vec<String> {
    let lines = include_str!("../data/messages/nasty.jsonl").lines();
    lines
        .map(|line| serde_json::from_str::<Nasty>(line).expect("a line").text)
        .collect()
}

on_both_stores! {
    async fn nasty_texts_are_kept_and_shown_and_stay_in_their_place(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.sms("07700 900500", "PERSON").await;
        app.look();
        let reference = sam.queue("open").await.remove(0).0;
        let mut told = sam.case(&reference).await;
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
            assert!(page.all("script, iframe, object, embed, img, style, link[rel=import]").is_empty(), "{text:?}");
            assert_eq!(sam.get("/inbox?show=open").await.status, 200, "{text:?}");
            told = page;
        }
        // A plain text in the place of the last one makes the same page: nothing else was opened or closed.
        let (count, bones) = (told.all("[data-from=person]").len(), told.bones());
        assert_eq!(count, nasty().len() + 1);
        assert_eq!(bones.iter().filter(|name| *name == "main").count(), 1);
        assert_eq!(bones.iter().filter(|name| *name == "form").count(), told.all("form[method=post]").len());
        let elements = told.attributes("body *", "onerror").into_iter().chain(told.attributes("body *", "onload"));
        assert!(elements.into_iter().all(|handler| handler.is_empty()));
    }

    async fn a_text_from_long_ago_or_the_far_future_harms_nothing(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.sms("07700 900501", "hello").await;
        app.assert_said(&["welcome, for-whom"]);
        app.wait(std::time::Duration::from_secs(400 * 24 * 3600)).await;
        app.look();
        app.sms("07700 900501", "hello").await;
        app.assert_said(&["welcome, for-whom"]);
        assert!(Timestamp::from_micros(0) < app.clock.now());
    }
}
