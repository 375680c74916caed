//! Who else has a case open, and what is new on it.

use std::time::Duration;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::worker::Worker;

/// What an open page says, and is told.
async fn says(worker: &Worker, reference: &str, fields: &[(&str, &str)]) -> Page {
    let page = worker.post(&format!("/inbox/referrals/{reference}/here"), fields).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

on_both_stores! {
    async fn colleagues_on_one_case_see_each_other_until_one_has_gone(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        assert!(priya.case(&reference).await.all("[data-here] p").is_empty(), "nobody is told of themselves");
        assert_eq!(sam.case(&reference).await.all("[data-here] p"), ["Priya is here too."]);
        says(&priya, &reference, &[("writing", "true")]).await;
        assert_eq!(says(&sam, &reference, &[]).await.all("p"), ["Priya is writing."]);
        says(&priya, &reference, &[("writing", "false")]).await;
        assert_eq!(says(&sam, &reference, &[]).await.all("p"), ["Priya is here too."]);
        says(&priya, &reference, &[("gone", "true")]).await;
        assert!(says(&sam, &reference, &[]).await.all("p").is_empty());
        says(&priya, &reference, &[]).await;
        app.clock.advance(Duration::from_secs(46));
        assert!(says(&sam, &reference, &[]).await.all("p").is_empty(), "who says nothing is not there");
        says(&priya, &reference, &[]).await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM presence").await, 2, "what is over is cleared away");
        app.clock.advance(Duration::from_secs(200));
        let other = handed_over(&mut app, TOM, &sam).await;
        sam.case(&other).await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM presence").await, 1, "of other cases too");
    }

    async fn an_open_case_is_told_of_new_texts_and_of_a_new_concern(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let heard = sam.case(&reference).await.attributes("[data-here]", "data-heard").remove(0);
        let told = |page: Page| ["data-new", "data-newest", "data-concern-here"].map(|name| page.attributes("div", name).remove(0));
        assert_eq!(told(says(&sam, &reference, &[("heard", &heard)]).await), ["0", "0", "false"]);
        app.sms(TOM, "I want to end my life").await;
        let [new, elsewhere, here] = told(says(&sam, &reference, &[("heard", &heard)]).await);
        assert_eq!((new.as_str(), here.as_str()), ("0", "false"));
        app.sms(JOAN, "I took all my tablets").await;
        let [new, newest, here] = told(says(&sam, &reference, &[("heard", &heard)]).await);
        assert_eq!((new.as_str(), here.as_str()), ("1", "true"));
        assert!("0" < elsewhere.as_str() && elsewhere < newest);
        app.look();
    }
}
