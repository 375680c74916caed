//! For how long ended cases are kept: who goes by the rule, who stays, and the proof of it.

use std::time::Duration;

use footbridge::domain::ids::ServiceId;
use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::rows::Rows;

const DAY: Duration = Duration::from_secs(24 * 3600);
const ERASED: &str = "SELECT COUNT(*) FROM erasure";

on_both_stores! {
    async fn whoever_was_kept_long_enough_is_erased_with_proof_and_nobody_else_is(store: TestStore) {
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        for phone in ["+447700900123", "+447700900124", "+447700900125"] {
            app.talk(phone, &UNTIL_HANDED_OVER).await;
        }
        let references = rows.texts("SELECT reference FROM referral ORDER BY opened_at").await;
        let (gone, kept) = (&references[0], &references[1]);
        let ann = app.colleague_of("Ann", Role::Admin, &["alder-vale"]).await;
        for reference in [gone, kept] {
            ann.press(reference, "close", &[("outcome", "connected")]).await.went_to(&format!("/inbox/referrals/{reference}"));
        }
        let person = format!("/inbox/referrals/{kept}/person");
        let refused = ann.post(&format!("/inbox/referrals/{kept}/keep"), &[("why", " ")]).await;
        assert!(refused.status == 422 && refused.body.contains("say in a few words why"), "{}", refused.body);
        ann.post(&format!("/inbox/referrals/{kept}/keep"), &[("why", "An inquest")]).await.went_to(&person);
        assert!(ann.get(&person).await.all("[data-kept]")[0].contains("An inquest"));
        let fields = [("again", kept.as_str()), ("reason", "erase-as-they-asked"), ("days", "30")];
        assert_eq!(ann.post(&format!("/inbox/referrals/{kept}/erase"), &fields).await.status, 422, "nor by hand");

        app.wait(7 * 365 * DAY).await;
        assert_eq!(rows.count(ERASED).await, 0);
        app.wait(370 * DAY).await;
        assert_eq!(rows.count(ERASED).await, 1);
        let proof = rows.texts("SELECT subject FROM audit WHERE action = 'erase-by-rule-ended-cases'").await;
        assert_eq!(proof, std::slice::from_ref(gone));
        let mut reader = app.house.store.read().await.expect("a reader");
        assert_eq!(reader.erased_by_rule().await.expect("lines").len(), 1);
        let service: ServiceId = "alder-vale".parse().expect("a name");
        assert_eq!(reader.kept_in(&service).await.expect("a number"), 1);
        drop(reader);

        rows.texts("DELETE FROM retention_hold RETURNING 'kept no longer'").await;
        app.wait(Duration::from_secs(7200)).await;
        assert_eq!(rows.count(ERASED).await, 2, "the third has a case that goes on");
        app.look();
        app.forget_the_unsent();
    }

    async fn whoever_writes_after_the_end_is_not_erased(store: TestStore) {
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        app.talk("+447700900123", &UNTIL_HANDED_OVER).await;
        let reference = rows.texts("SELECT reference FROM referral").await.remove(0);
        let sam = app.worker("Sam").await;
        sam.press(&reference, "close", &[("outcome", "connected")]).await.went_to(&format!("/inbox/referrals/{reference}"));
        app.wait(7 * 365 * DAY).await;
        app.sms("+447700900123", "thanks for everything").await;
        app.wait(2 * 365 * DAY).await;
        assert_eq!(rows.count(ERASED).await, 0);
        app.look();
        app.forget_the_unsent();
    }
}
