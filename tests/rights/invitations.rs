//! Invitations: a link that makes one account.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::rights::audited;
use crate::support::app::PASSWORD;
use crate::support::app::PUBLIC_URL;
use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::worker::Worker;

const KIM: &str = "kim@example.org";

/// Somebody is invited; says the path of their link.
async fn link_for(ann: &Worker, email: &str) -> String {
    let fields = [("email", email), ("role", "duty-lead"), ("service", "alder-vale")];
    let page = ann.post("/inbox/people/invite", &fields).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let link = page.value("[data-invitation-link]");
    link.strip_prefix(PUBLIC_URL).expect("our address").to_owned()
}

/// Follows a link.
async fn accept(browser: &Worker, path: &str, name: &str, password: &str) -> Page {
    let token = path.split_once("token=").expect("a token").1;
    browser.post("/invitation", &[("token", token), ("name", name), ("password", password)]).await
}

on_both_stores! {
    async fn an_invitation_makes_one_account_with_the_role_and_services_of_the_invitation(store: TestStore) {
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let path = link_for(&ann, " Kim@example.org ").await;
        let mut kim = app.stranger();
        for _ in 0..2 {
            let page = kim.get(&path).await;
            assert_eq!(page.status, 200, "a look uses nothing up");
            assert!(page.body.contains("Kim@example.org"));
        }
        for (name, password) in [("", PASSWORD), ("Kim", "short"), ("Kim", "Password2026!"), ("Kim", "kim@example.org")] {
            let page = accept(&kim, &path, name, password).await;
            assert_eq!(page.status, 422, "{password}");
            assert_eq!(page.value("[name=name]"), name);
            assert!(page.all("[role=alert] p")[0].len() > 20);
        }
        let made = accept(&kim, &path, "Kim", PASSWORD).await;
        made.went_to("/inbox");
        kim.keep(&made);
        let inbox = kim.get("/inbox").await;
        assert_eq!(inbox.attributes("[data-duty]", "data-duty"), ["alder-vale"], "one service");
        assert_eq!(inbox.all("form[action='/inbox/duty/on']").len(), 1, "a duty lead");
        let stranger = app.stranger();
        assert_eq!(accept(&stranger, &path, "Eve", PASSWORD).await.status, 410);
        assert_eq!(stranger.get(&path).await.status, 410);
        stranger.post("/sign-in", &[("email", KIM), ("password", PASSWORD)]).await.went_to("/inbox");
        let again = ann.post("/inbox/people/invite", &[("email", KIM), ("role", "admin"), ("service", "alder-vale")]).await;
        assert_eq!(again.status, 422, "somebody has this address");
        let done = audited(&app).await;
        for action in ["invite", "accept-invitation"] {
            assert_eq!(done.iter().filter(|known| *known == action).count(), 1, "{action}");
        }
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM invitation").await, 0);
    }

    async fn an_invitation_is_over_after_a_week_when_taken_back_or_made_anew(store: TestStore) {
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let stranger = app.stranger();
        let first = link_for(&ann, KIM).await;
        let second = link_for(&ann, "KIM@example.org").await;
        assert_eq!(stranger.get(&first).await.status, 410, "the newer one counts");
        assert_eq!(stranger.get(&second).await.status, 200);
        let take_back = ann.get("/inbox/people").await.attributes("[data-invitation] form", "action");
        assert_eq!(take_back.len(), 1);
        ann.post(&take_back[0], &[]).await.went_to("/inbox/people");
        assert_eq!(accept(&stranger, &second, "Kim", PASSWORD).await.status, 410);
        assert!(audited(&app).await.contains(&"withdraw-invitation".to_owned()));
        let third = link_for(&ann, KIM).await;
        app.clock.advance(Duration::from_secs(7 * 24 * 3600 - 60));
        assert_eq!(stranger.get(&third).await.status, 200);
        app.clock.advance(Duration::from_secs(60));
        assert_eq!(accept(&stranger, &third, "Kim", PASSWORD).await.status, 410);
        assert_eq!(stranger.get("/invitation?token=nonsense").await.status, 410);
        assert_eq!(stranger.get("/invitation").await.status, 410);
    }

    async fn an_invitation_needs_an_address_a_role_and_a_service_that_there_are(store: TestStore) {
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        for fields in [
            [("email", "kim"), ("role", "admin"), ("service", "alder-vale")],
            [("email", KIM), ("role", "king"), ("service", "alder-vale")],
            [("email", KIM), ("role", "admin"), ("service", "nowhere")],
        ] {
            let page = ann.post("/inbox/people/invite", &fields).await;
            assert_eq!(page.status, 422, "{fields:?}");
            assert_eq!(page.value("[name=email]"), fields[0].1, "what was typed is kept");
        }
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM invitation").await, 0);
    }

    async fn who_works_here_no_more_is_out_at_once_and_so_is_whom_they_invited(store: TestStore) {
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let eve = app.colleague("Eve", Role::Admin).await;
        let path = link_for(&eve, KIM).await;
        let stop = ann.get("/inbox/people").await.attributes("form[action$='/stop']", "action");
        assert_eq!(stop.len(), 1, "nobody locks themselves out");
        ann.post(&stop[0], &[]).await.went_to("/inbox/people");
        eve.get("/inbox").await.went_to("/sign-in");
        assert_eq!(app.stranger().get(&path).await.status, 410);
        let fields = [("email", "eve@example.org"), ("password", PASSWORD)];
        assert_eq!(app.stranger().post("/sign-in", &fields).await.status, 401);
        let resume = ann.get("/inbox/people").await.attributes("form[action$='/resume']", "action");
        ann.post(&resume[0], &[]).await.went_to("/inbox/people");
        app.stranger().post("/sign-in", &fields).await.went_to("/inbox");
        let done = audited(&app).await;
        assert!(done.contains(&"stop-account".to_owned()) && done.contains(&"resume-account".to_owned()));
    }
}
