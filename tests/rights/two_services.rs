//! One person who texts the numbers of two services: all of it belongs to the service that has their case.

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::UNTIL_THE_END;
use crate::support::app::WELSH_NUMBER;

const JOAN: &str = "+447700900123";

on_both_stores! {
    async fn whoever_has_the_case_can_raise_and_end_a_concern_about_a_text_to_another_number(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        app.talk(JOAN, &UNTIL_THE_END).await;
        let words = "It is Joan, the afternoons are long";
        let text = app.inbound_with(&[("From", JOAN), ("To", WELSH_NUMBER), ("Body", words)]);
        assert_eq!(app.post(&text).await.status, 200);
        app.settle().await;
        app.look();
        let sam = app.colleague_of("Sam", Role::LinkWorker, &["alder-vale"]).await;
        let kim = app.colleague_of("Kim", Role::LinkWorker, &["dyffryn-gwern"]).await;
        let [(reference, _)] = &sam.queue("needs-reply").await[..] else { panic!("one case") };
        let case = sam.case(reference).await;
        let marks = case.attributes("[data-from=person] form[action$='/concern']", "action");
        let last = marks.last().expect("a text that can be marked");
        assert!(case.all("[data-from=person]").last().is_some_and(|shown| shown.contains(words)));
        assert_eq!(kim.post(last, &[("key", "a")]).await.status, 404);
        let concern = sam.post(last, &[("key", "a")]).await.location;
        assert_eq!(sam.get(&concern).await.status, 200, "{concern}");
        assert_eq!(kim.get(&concern).await.status, 404);
        let tried = [("key", "b"), ("tried", "Rang, no answer"), ("minutes", "15")];
        sam.post(&format!("{concern}/not-reached"), &tried).await.went_to(&concern);
        let case = format!("/inbox/referrals/{reference}");
        sam.post(&format!("{concern}/acknowledge"), &[("key", "c"), ("done", "Rang her")]).await.went_to(&case);
        sam.press(reference, "close", &[("outcome", "informed")]).await.went_to(&case);
        app.settle().await;
        app.look();
    }
}
