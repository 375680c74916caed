//! How a case stands, as its page and its row tell.

use crate::on_both_stores;
use crate::road::JOAN;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::page::Page;
use crate::support::worker::Worker;

/// A daughter writes for her mother, until it is in the queue.
const SUE_FOR_DOREEN: [&str; 12] = [
    "hi",
    "my mum",
    "78",
    "1",
    "daughter",
    "Sue",
    "Doreen",
    "Alder Vale Surgery",
    "She would like to sing again",
    "01632 960 456",
    "1",
    "yes",
];

async fn texts(app: &mut TestApp, from: &str, texts: &[&str]) {
    for text in texts {
        app.sms(from, text).await;
    }
    app.look();
}

async fn the_case(sam: &Worker) -> Page {
    let queue = sam.queue("open").await;
    assert_eq!(queue.len(), 1);
    sam.case(&queue[0].0).await
}

fn banners(page: &Page) -> Vec<String> {
    page.attributes("[data-warning]", "data-warning")
}

on_both_stores! {
    async fn a_daughter_who_writes_for_her_mother_is_told_apart_from_her(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        texts(&mut app, JOAN, &SUE_FOR_DOREEN).await;
        let row = sam.queue("open").await.remove(0).1;
        assert!(row.contains("Sue, for Doreen"), "{row}");
        let page = the_case(&sam).await;
        assert_eq!(page.all("h1"), ["Sue, for Doreen"]);
        assert!(page.all("[data-from=person] .fb-message__who").iter().all(|who| who.starts_with("Sue, ")));
        assert_eq!(page.all("label[for=reply]"), ["Write to Sue"]);
        assert_eq!(banners(&page), ["on-behalf"]);
    }

    async fn whoever_says_no_and_writes_again_is_seen_at_once_and_without_what_they_said_before(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..9]).await;
        texts(&mut app, JOAN, &["no", "will somebody ring me about the bus pass?"]).await;
        let page = the_case(&sam).await;
        assert_eq!(banners(&page), ["consent-not-asked"]);
        assert!(page.body.contains("will somebody ring me about the bus pass?"));
        assert!(!page.body.contains("company in the afternoons"), "{}", page.body);
        assert!(sam.queue("open").await[0].1.contains("First contact only"));
        assert_eq!(page.attributes("[data-questions]", "data-questions"), ["on"]);
    }

    async fn whoever_was_asked_and_went_silent_was_asked(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..9]).await;
        texts(&mut app, JOAN, &["PERSON"]).await;
        let page = the_case(&sam).await;
        assert_eq!(banners(&page), ["consent-not-answered"]);
        assert!(!page.body.contains("before we could ask") && !page.body.contains("before that question"));
    }

    async fn a_restart_does_not_take_back_what_was_agreed(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        texts(&mut app, JOAN, &["RESTART", "yes", "my mum", "PERSON"]).await;
        let row = sam.queue("open").await.remove(0).1;
        assert!(!row.contains("First contact only") && row.contains("Somebody, for somebody else"), "{row}");
        let page = the_case(&sam).await;
        assert_eq!((banners(&page), page.all("h1")), (vec!["on-behalf".to_owned()], vec!["Somebody, for somebody else".to_owned()]));
    }
}
