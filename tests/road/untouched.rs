//! A case that somebody has, and with which nobody does anything.

use std::time::Duration;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::handed_over;
use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::app::email_of;
use crate::support::worker::Worker;

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn sam_again(app: &TestApp) -> Worker {
    Worker::signed_in(app.router(), &email_of("Sam"), PASSWORD).await
}

async fn marks(worker: &Worker) -> Vec<String> {
    worker.get("/inbox?show=open").await.all("[data-no-action]")
}

async fn filtered(worker: &Worker) -> usize {
    worker.get("/inbox?show=open&untouched=5").await.all("[data-referral]").len()
}

on_both_stores! {
    async fn a_case_with_which_nobody_did_anything_is_marked_found_and_put_back_in_one_press(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let case = handed_over(&mut app, JOAN, &sam).await;
        app.clock.advance(DAY * 15);
        let sam = sam_again(&app).await;
        assert!(marks(&sam).await.is_empty() && filtered(&sam).await == 0, "nobody has it: it waits as new");
        sam.press(&case, "claim", &[]).await;
        assert!(marks(&sam).await.is_empty() && filtered(&sam).await == 0);
        app.clock.advance(DAY * 15);
        let sam = sam_again(&app).await;
        assert_eq!(marks(&sam).await, ["No action for 5 working days"]);
        assert_eq!(filtered(&sam).await, 1);
        sam.press(&case, "note", &[("text", "Rang her, no answer")]).await;
        assert!(marks(&sam).await.is_empty() && filtered(&sam).await == 0, "a note is something");
        app.clock.advance(DAY * 15);
        let sam = sam_again(&app).await;
        let page = sam.get("/inbox?show=mine").await;
        let form = "form[action$='/release']";
        let fields = ["version", "key"].map(|name| (name, page.value(&format!("{form} [name={name}]"))));
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let path = page.attributes(form, "action").remove(0);
        sam.post(&path, &fields).await.went_to(&format!("/inbox/referrals/{case}"));
        assert!(sam.queue("unassigned").await.iter().any(|(row, _)| *row == case));
        assert!(marks(&sam).await.is_empty());
    }

    async fn what_is_put_aside_rests_on_purpose(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let case = handed_over(&mut app, JOAN, &sam).await;
        let day = app.clock.now().plus(DAY * 30).to_string()[..10].to_owned();
        let aside = [("day", day.as_str()), ("time", "09:00"), ("why", "agreed")];
        sam.press(&case, "put-aside", &aside).await.went_to(&format!("/inbox/referrals/{case}"));
        app.clock.advance(DAY * 15);
        let sam = sam_again(&app).await;
        assert!(marks(&sam).await.is_empty() && filtered(&sam).await == 0);
    }
}
