//! DELETE by text: the month in which it has to be answered, and that somebody is told before it is over.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;

const JOAN: &str = "+447700900123";
const DAY: Duration = Duration::from_secs(24 * 3600);

on_both_stores! {
    async fn a_request_to_delete_says_by_when_to_answer_and_the_lead_is_told_a_week_before(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let lead = app.colleague_of("Dee", Role::DutyLead, &["alder-vale"]).await;
        lead.post("/inbox/me/phone", &[("phone", "07700 900555")]).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        // The tests begin on 28 May 2026.
        app.talk(JOAN, &[("DELETE", "deletion")]).await;
        let (reference, _) = lead.queue("needs-us").await.remove(0);
        let case = lead.case(&reference).await;
        assert_eq!(case.all("[data-warning=deletion] [data-answer-by]"), ["Answer by 28 June 2026."]);
        assert_eq!(lead.get("/inbox").await.all("[data-referral] [data-answer-by]"), ["Answer by 28 June 2026"]);
        app.wait(23 * DAY).await;
        app.wait(2 * DAY).await;
        app.wait(DAY).await;
        let told: Vec<String> = app.look().into_iter().map(|message| message.body).collect();
        let requests: Vec<&String> = told.iter().filter(|text| text.contains("a request to delete")).collect();
        assert_eq!(requests.len(), 1, "once: {told:?}");
        assert!(requests[0].contains("must be answered by 28 June"), "{requests:?}");
        let sam = app.worker("Sam").await;
        sam.press(&reference, "close", &[("outcome", "do-not-contact")]).await;
        assert_eq!(sam.case(&reference).await.all("[data-answer-by]").len(), 0, "whoever ended it has answered");
        app.forget_the_unsent();
    }
}
