//! The second factor: setting it up, showing it, losing it.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::rights::audited;
use crate::rights::enrol;
use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::app::email_of;
use crate::support::page::Page;
use crate::support::worker::Worker;

const HALF_A_MINUTE: Duration = Duration::from_secs(30);

/// The page that asks for the code, after the password.
async fn asked(worker: &Worker, name: &str) -> Page {
    let page = worker.post("/sign-in", &[("email", &email_of(name)), ("password", PASSWORD)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.cookie, None, "nobody is signed in by a password alone");
    page
}

/// Types a code into that page.
async fn show(worker: &Worker, page: &Page, code: &str) -> Page {
    let ticket = page.value("[name=ticket]");
    assert!(!ticket.is_empty(), "{}", page.body);
    worker.post("/sign-in", &[("ticket", &ticket), ("code", code)]).await
}

on_both_stores! {
    async fn where_it_is_required_nothing_opens_before_it_is_set_up(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.require_second_factor().await;
        let mut sam = app.worker("Sam").await;
        for page in ["/inbox", "/inbox/me", "/inbox/account", "/inbox/referrals/FB-222222", "/inbox/changes"] {
            sam.get(page).await.went_to("/second-factor");
        }
        assert_eq!(sam.post("/inbox/me/phone", &[("phone", "")]).await.status, 403);
        let wrong = sam.get("/second-factor").await.value("[name=secret]");
        let refused = sam.post("/second-factor", &[("secret", &wrong), ("code", "000000")]).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.value("[name=secret]"), wrong, "what was typed into the app stays right");
        sam.get("/inbox").await.went_to("/second-factor");
        let before = sam.copy();
        let (_, codes) = enrol(&app, &mut sam).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(sam.get("/inbox").await.status, 200);
        before.get("/inbox").await.went_to("/sign-in");
        sam.get("/second-factor").await.went_to("/inbox/account");
        assert!(audited(&app).await.contains(&"set-up-second-factor".to_owned()));
    }

    async fn signing_out_is_possible_without_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.require_second_factor().await;
        app.worker("Sam").await.post("/sign-out", &[]).await.went_to("/signed-out");
    }

    async fn where_it_is_offered_the_inbox_opens_without_and_asks_whoever_has_it(store: TestStore) {
        let app = TestApp::on(store).await;
        let mut sam = app.worker("Sam").await;
        assert_eq!(sam.get("/inbox").await.status, 200);
        enrol(&app, &mut sam).await;
        asked(&app.stranger(), "Sam").await;
    }

    async fn a_code_opens_once_and_within_a_minute(store: TestStore) {
        let app = TestApp::on(store).await;
        let mut sam = app.worker("Sam").await;
        let (authenticator, _) = enrol(&app, &mut sam).await;
        let stranger = app.stranger();
        let page = asked(&stranger, "Sam").await;
        let used = authenticator.code(app.clock.now());
        assert_eq!(show(&stranger, &page, &used).await.status, 401, "the code that set it up is used");
        app.clock.advance(HALF_A_MINUTE);
        let code = authenticator.code(app.clock.now());
        let typed = format!("{} {}", &code[..3], &code[3..]);
        let opened = show(&stranger, &page, &typed).await;
        opened.went_to("/inbox");
        assert!(opened.cookie.is_some());
        assert_eq!(show(&stranger, &page, &code).await.status, 401, "neither ticket nor code open twice");
        assert_eq!(show(&stranger, &asked(&stranger, "Sam").await, &code).await.status, 401);
        let early = authenticator.code(app.clock.now().plus(HALF_A_MINUTE));
        show(&stranger, &asked(&stranger, "Sam").await, &early).await.went_to("/inbox");
        let now = authenticator.code(app.clock.now());
        assert_eq!(show(&stranger, &asked(&stranger, "Sam").await, &now).await.status, 401, "no step back");
        app.clock.advance(HALF_A_MINUTE * 4);
        let late = authenticator.code(app.clock.now().minus(HALF_A_MINUTE * 2));
        assert_eq!(show(&stranger, &asked(&stranger, "Sam").await, &late).await.status, 401);
    }

    async fn a_code_may_come_with_the_password(store: TestStore) {
        let app = TestApp::on(store).await;
        let mut sam = app.worker("Sam").await;
        let (authenticator, _) = enrol(&app, &mut sam).await;
        app.clock.advance(HALF_A_MINUTE);
        let code = authenticator.code(app.clock.now());
        let stranger = app.stranger();
        let with = |password| [("email", "sam@example.org"), ("password", password), ("code", code.as_str())];
        assert_eq!(stranger.post("/sign-in", &with("another three words")).await.status, 401);
        stranger.post("/sign-in", &with(PASSWORD)).await.went_to("/inbox");
    }

    async fn a_recovery_code_opens_once(store: TestStore) {
        let app = TestApp::on(store).await;
        let mut sam = app.worker("Sam").await;
        let (authenticator, codes) = enrol(&app, &mut sam).await;
        let stranger = app.stranger();
        let typed = codes[0].to_lowercase().replace('-', " ");
        show(&stranger, &asked(&stranger, "Sam").await, &typed).await.went_to("/inbox");
        assert_eq!(show(&stranger, &asked(&stranger, "Sam").await, &codes[0]).await.status, 401);
        let left = async |sam: &Worker| sam.get("/inbox/account").await.all("[data-recovery-codes-left]");
        assert_eq!(left(&sam).await, ["9"]);
        assert!(audited(&app).await.contains(&"use-recovery-code".to_owned()));
        app.clock.advance(HALF_A_MINUTE);
        let code = authenticator.code(app.clock.now());
        let fresh = sam.post("/inbox/account/recovery-codes", &[("code", &code)]).await;
        assert_eq!(fresh.all("[data-recovery-code]").len(), 10);
        assert_eq!(show(&stranger, &asked(&stranger, "Sam").await, &codes[1]).await.status, 401);
        let again = sam.post("/inbox/account/recovery-codes", &[("code", &code)]).await;
        assert_eq!(again.status, 422, "the code was used");
        assert_eq!(left(&sam).await, ["10"]);
    }

    async fn nobody_guesses_a_code_for_long(store: TestStore) {
        let app = TestApp::on(store).await;
        let mut sam = app.worker("Sam").await;
        let (authenticator, codes) = enrol(&app, &mut sam).await;
        let stranger = app.stranger();
        let page = asked(&stranger, "Sam").await;
        for _ in 0..10 {
            assert_eq!(show(&stranger, &page, "AAAA-AAAA-AAAA").await.status, 401);
        }
        assert_eq!(show(&stranger, &page, &codes[0]).await.status, 429);
        app.clock.advance(Duration::from_secs(700));
        let over = show(&stranger, &page, &codes[0]).await;
        assert_eq!((over.status, over.all("[name=password]").len()), (401, 1), "begins again with the password");
        assert_eq!(show(&stranger, &asked(&stranger, "Sam").await, &codes[0]).await.status, 429);
        app.clock.advance(Duration::from_secs(3000));
        let code = authenticator.code(app.clock.now());
        show(&stranger, &asked(&stranger, "Sam").await, &code).await.went_to("/inbox");
    }

    async fn a_new_phone_needs_password_and_code(store: TestStore) {
        let app = TestApp::on(store).await;
        let mut sam = app.worker("Sam").await;
        let (_, codes) = enrol(&app, &mut sam).await;
        let path = "/inbox/account/remove-second-factor";
        let with = |password| [("password", password), ("code", codes[3].as_str())];
        assert_eq!(sam.post(path, &with("another three words")).await.status, 422);
        sam.post(path, &with(PASSWORD)).await.went_to("/second-factor");
        let (authenticator, _) = enrol(&app, &mut sam).await;
        let stranger = app.stranger();
        assert_eq!(show(&stranger, &asked(&stranger, "Sam").await, &codes[4]).await.status, 401, "of the old one");
        app.clock.advance(HALF_A_MINUTE);
        let code = authenticator.code(app.clock.now());
        show(&stranger, &asked(&stranger, "Sam").await, &code).await.went_to("/inbox");
    }

    async fn an_administrator_removes_what_a_colleague_has_lost(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.require_second_factor().await;
        let mut ann = app.colleague("Ann", Role::Admin).await;
        enrol(&app, &mut ann).await;
        let mut sam = app.worker("Sam").await;
        enrol(&app, &mut sam).await;
        let people = ann.get("/inbox/people").await;
        let path = people.attributes("form[action$='/remove-second-factor']", "action");
        assert_eq!(path.len(), 1, "one's own is taken away with a code");
        assert_eq!(sam.post(&path[0], &[]).await.status, 404, "not by a link worker");
        ann.post(&path[0], &[]).await.went_to("/inbox/people");
        sam.get("/inbox").await.went_to("/sign-in");
        let stranger = app.stranger();
        let fields = [("email", "sam@example.org"), ("password", PASSWORD)];
        let mut again = app.stranger();
        again.keep(&stranger.post("/sign-in", &fields).await);
        again.get("/inbox").await.went_to("/second-factor");
        assert_eq!(audited(&app).await.iter().filter(|action| *action == "remove-second-factor").count(), 1);
    }
}
