//! Looking after one's own account.

use crate::on_both_stores;
use crate::rights::audited;
use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::app::email_of;
use crate::support::worker::Worker;

const NEW: &str = "four other words here";

/// The same colleague in one more browser.
async fn elsewhere(app: &TestApp, name: &str, password: &str) -> Worker {
    let mut browser = app.stranger();
    let fields = [("email", email_of(name)), ("password", password.to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let opened = browser.post("/sign-in", &fields).await;
    opened.went_to("/inbox");
    browser.keep(&opened);
    browser
}

on_both_stores! {
    async fn one_sees_ones_sessions_and_ends_them(store: TestStore) {
        let app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let kim = app.worker("Kim").await;
        let (phone, library) = (elsewhere(&app, "Sam", PASSWORD).await, elsewhere(&app, "Sam", PASSWORD).await);
        let page = library.get("/inbox/account").await;
        assert_eq!(page.all("[data-session]").len(), 3);
        let others = page.attributes("[data-session] [name=session]", "value");
        assert_eq!(others.len(), 2, "this one is left by signing out");
        for session in &others {
            kim.post("/inbox/account/end-session", &[("session", session)]).await.went_to("/inbox/account");
        }
        assert_eq!(sam.get("/inbox").await.status, 200, "nobody ends the sessions of others");
        library.post("/inbox/account/end-session", &[("session", &others[0])]).await.went_to("/inbox/account");
        let left = [sam.get("/inbox").await.status, phone.get("/inbox").await.status];
        assert_eq!(left.iter().filter(|status| **status == 200).count(), 1);
        library.post("/inbox/account/end-others", &[]).await.went_to("/inbox/account");
        sam.get("/inbox").await.went_to("/sign-in");
        phone.get("/inbox").await.went_to("/sign-in");
        assert_eq!(library.get("/inbox").await.status, 200);
        assert_eq!(kim.get("/inbox").await.status, 200);
        let done = audited(&app).await;
        assert!(done.contains(&"end-session".to_owned()) && done.contains(&"end-other-sessions".to_owned()));
    }

    async fn another_password_needs_the_one_before_and_ends_every_other_session(store: TestStore) {
        let app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let phone = elsewhere(&app, "Sam", PASSWORD).await;
        let path = "/inbox/account/password";
        for (current, password) in [("wrong words here", NEW), (PASSWORD, "short"), (PASSWORD, "Liverpool2024!")] {
            let page = sam.post(path, &[("current", current), ("password", password)]).await;
            assert_eq!(page.status, 422, "{password}");
            assert!(!page.all("[role=alert] a").is_empty());
        }
        assert_eq!(phone.get("/inbox").await.status, 200);
        sam.post(path, &[("current", PASSWORD), ("password", NEW)]).await.went_to("/inbox/account");
        phone.get("/inbox").await.went_to("/sign-in");
        assert_eq!(sam.get("/inbox").await.status, 200);
        elsewhere(&app, "Sam", NEW).await;
        let old = [("email", "sam@example.org"), ("password", PASSWORD)];
        assert_eq!(app.stranger().post("/sign-in", &old).await.status, 401);
        assert!(audited(&app).await.contains(&"change-password".to_owned()));
    }

    async fn whoever_sits_down_at_an_open_browser_cannot_guess_the_password_for_long(store: TestStore) {
        let app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        for _ in 0..10 {
            sam.post("/inbox/account/password", &[("current", "x"), ("password", NEW)]).await;
        }
        let right = [("current", PASSWORD), ("password", NEW)];
        assert_eq!(sam.post("/inbox/account/password", &right).await.status, 422);
        elsewhere(&app, "Sam", PASSWORD).await;
    }
}
