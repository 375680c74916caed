//! A concern that nobody acknowledges is told to one after the other, by data of the service.

use std::time::Duration;

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::support::app::TestApp;
use crate::support::fake_twilio::Message;
use crate::support::worker::Worker;

const CRISIS: &str = "I want to die";
const REPLY: &str = "safety-suicide, are-you-safe";
const ADA: &str = "07700 900201";
const BEA: &str = "07700 900202";
const SAM: &str = "07700 900203";
const SERVICE: &str = "alder-vale";
const NOBODY: &str = "Nobody is on duty now.";
const SOMEBODY: &str = "Somebody in our team is on duty now.";

/// Somebody of this role, who has given their phone.
async fn colleague(app: &TestApp, name: &str, role: Role, phone: &str) -> Worker {
    let worker = app.colleague(name, role).await;
    worker.post("/inbox/me/phone", &[("phone", phone)]).await.went_to("/inbox/me");
    worker
}

async fn on_duty(app: &TestApp, name: &str, phone: &str) -> Worker {
    let lead = colleague(app, name, Role::DutyLead, phone).await;
    lead.post("/inbox/duty/on", &[("service", SERVICE)]).await.went_to("/inbox");
    lead
}

/// The texts that nobody has looked at: to whom, and what.
fn texts(app: &mut TestApp) -> Vec<(String, String)> {
    let number = |message: &Message| message.to.replace("+44", "0");
    let mut texts: Vec<_> =
        app.look().iter().map(|message| (number(message), message.body.clone())).collect();
    // What leaves in one round leaves in any order: safety replies stand first here.
    texts.sort_by_key(|(_, body)| body.starts_with("Footbridge"));
    texts
}

/// The alerts among the texts: to whom.
fn alerted(app: &mut TestApp) -> Vec<String> {
    let alerts = texts(app).into_iter().filter(|(_, body)| body.starts_with("Footbridge, "));
    let mut to: Vec<String> = alerts.map(|(to, _)| to).collect();
    to.sort();
    to
}

fn plain(number: &str) -> String {
    number.replace(' ', "")
}

/// The lines that the concern shows of whom was told.
async fn told(worker: &Worker) -> Vec<String> {
    let (reference, _) = worker.queue("needs-us").await.remove(0);
    let lines = worker.case(&reference).await.all("[data-told] li");
    lines.iter().map(|line| line.split_once(": ").expect("a time").1.to_owned()).collect()
}

async fn acknowledge(worker: &Worker) {
    let (reference, _) = worker.queue("needs-us").await.remove(0);
    let page = worker.case(&reference).await;
    let form = "form[action$='/acknowledge']";
    let (path, key) = (page.attributes(form, "action").remove(0), page.value(&format!("{form} [name=key]")));
    worker
        .post(&path, &[("key", &key), ("done", "Rang her")])
        .await
        .went_to(&format!("/inbox/referrals/{reference}"));
}

on_both_stores! {
    async fn the_safety_reply_says_that_somebody_watches_only_while_a_lead_is_signed_on(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.sms(JOAN, CRISIS).await;
        let said = texts(&mut app);
        assert!(said[0].1.contains(NOBODY) && !said[0].1.contains(SOMEBODY), "{said:?}");
        let ada = on_duty(&app, "Ada", ADA).await;
        assert!(ada.get("/inbox").await.all("[data-duty='alder-vale'] p")[0].contains("Ada is on duty until"));
        app.sms(TOM, CRISIS).await;
        let said = texts(&mut app);
        assert!(said[0].1.contains(SOMEBODY) && !said[0].1.contains(NOBODY), "{said:?}");
        ada.post("/inbox/duty/off", &[]).await.went_to("/inbox");
        app.sms("07700 900125", CRISIS).await;
        let said = texts(&mut app);
        assert!(said[0].1.contains(NOBODY), "{said:?}");
    }

    async fn duty_ends_by_itself(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ada = on_duty(&app, "Ada", ADA).await;
        app.wait(Duration::from_secs(12 * 3600 + 1)).await;
        // She is asked to sign in again, too: she was away for so long.
        assert_eq!(ada.get("/inbox").await.status, 303);
        app.sms(JOAN, CRISIS).await;
        let said = texts(&mut app);
        assert!(said[0].1.contains(NOBODY), "{said:?}");
    }

    async fn only_a_lead_with_a_phone_signs_on_and_only_for_a_service_that_is_theirs(store: TestStore) {
        let app = TestApp::on(store).await;
        let sam = colleague(&app, "Sam", Role::LinkWorker, SAM).await;
        assert_eq!(sam.post("/inbox/duty/on", &[("service", SERVICE)]).await.status, 404);
        assert!(sam.get("/inbox").await.all("form[action='/inbox/duty/on']").is_empty());
        let ada = app.colleague("Ada", Role::DutyLead).await;
        let refused = ada.post("/inbox/duty/on", &[("service", SERVICE)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("Write your mobile number first"));
        assert_eq!(ada.post("/inbox/duty/on", &[("service", "elsewhere")]).await.status, 404);
        assert_eq!(ada.post("/inbox/me/phone", &[("phone", "020 7946 0000")]).await.status, 422);
    }

    async fn the_lead_on_duty_is_told_at_once_by_a_text_that_says_nothing_of_the_person(store: TestStore) {
        let mut app = TestApp::on(store).await;
        on_duty(&app, "Ada", ADA).await;
        app.sms(JOAN, CRISIS).await;
        let said = texts(&mut app);
        let alert = "Footbridge, Alder Vale Social Prescribing: 1 open concern. Please look now: https://texts.example.org/inbox";
        assert_eq!(said[1], (plain(ADA), alert.to_owned()));
        assert_eq!(said.len(), 2, "{said:?}");
    }

    async fn a_concern_that_nobody_acknowledges_goes_from_one_to_the_next(store: TestStore) {
        let mut app = TestApp::on(store).await;
        on_duty(&app, "Ada", ADA).await;
        colleague(&app, "Bea", Role::DutyLead, BEA).await;
        let sam = colleague(&app, "Sam", Role::LinkWorker, SAM).await;
        app.sms(JOAN, CRISIS).await;
        assert_eq!(alerted(&mut app), [plain(ADA)]);
        app.wait(Duration::from_secs(4 * 60)).await;
        assert!(alerted(&mut app).is_empty());
        app.wait(Duration::from_secs(60)).await;
        assert_eq!(alerted(&mut app), [plain(ADA), plain(BEA)]);
        app.wait(Duration::from_secs(25 * 60)).await;
        let mut everybody = alerted(&mut app);
        // Nobody answered "are you safe?" either: that is a concern of its own, in the same texts.
        everybody.dedup();
        assert_eq!(everybody, [plain(ADA), plain(BEA), plain(SAM)]);
        let lines = told(&sam).await;
        assert!(lines.contains(&"Ada told: arrived.".to_owned()), "{lines:?}");
    }

    async fn an_acknowledged_concern_has_no_clock(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ada = on_duty(&app, "Ada", ADA).await;
        colleague(&app, "Bea", Role::DutyLead, BEA).await;
        app.talk(JOAN, &[]).await;
        app.sms(JOAN, "I have nothing to eat today").await;
        assert_eq!(alerted(&mut app), [plain(ADA)]);
        acknowledge(&ada).await;
        app.wait(Duration::from_secs(24 * 3600)).await;
        assert!(alerted(&mut app).is_empty());
    }

    async fn an_alert_that_does_not_arrive_goes_to_the_next_at_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        on_duty(&app, "Ada", ADA).await;
        let bea = colleague(&app, "Bea", Role::DutyLead, BEA).await;
        app.reports = false;
        app.sms(JOAN, CRISIS).await;
        let message = app.fake.messages().into_iter().find(|message| message.to.ends_with("201"));
        let report = app.fake.report(&message.expect("an alert"), "undelivered", Some("30003"));
        assert_eq!(app.post(&report).await.status, 200);
        app.reports = true;
        app.settle().await;
        let to = alerted(&mut app);
        assert!(to.contains(&plain(BEA)), "{to:?}");
        let mut lines = told(&bea).await;
        assert_eq!(lines.remove(0), "Ada told: did not arrive.");
        lines.sort();
        assert_eq!(lines, ["Ada told: arrived.", "Bea told: arrived."]);
    }

    async fn an_alert_of_which_nobody_knows_goes_to_the_next_after_two_minutes(store: TestStore) {
        let mut app = TestApp::on(store).await;
        on_duty(&app, "Ada", ADA).await;
        colleague(&app, "Bea", Role::DutyLead, BEA).await;
        app.reports = false;
        app.sms(JOAN, CRISIS).await;
        assert_eq!(alerted(&mut app), [plain(ADA)]);
        app.wait(Duration::from_secs(119)).await;
        assert!(alerted(&mut app).is_empty());
        app.wait(Duration::from_secs(1)).await;
        assert_eq!(alerted(&mut app), [plain(ADA), plain(BEA)]);
    }

    async fn where_nobody_is_on_duty_the_next_are_told_at_once_and_it_is_shown(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let bea = colleague(&app, "Bea", Role::DutyLead, BEA).await;
        app.colleague("Cat", Role::DutyLead).await;
        app.sms(JOAN, CRISIS).await;
        assert_eq!(alerted(&mut app), [plain(BEA)]);
        let mut lines = told(&bea).await;
        lines.sort();
        assert_eq!(lines, ["Bea told: arrived.", "Cat has given no mobile number.", "Nobody was on duty."]);
    }

    async fn a_service_without_anybody_to_tell_goes_on_as_before(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.sms(JOAN, CRISIS).await;
        app.assert_said(&[REPLY]);
        assert_eq!(told(&sam).await.last().map(String::as_str), Some("Sam has given no mobile number."));
        app.wait(Duration::from_secs(20 * 60)).await;
        app.assert_said(&[]);
    }

    async fn a_test_alert_shows_what_became_of_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ada = colleague(&app, "Ada", Role::DutyLead, ADA).await;
        let page = ada.get("/inbox/me").await;
        assert_eq!(page.value("#phone"), "07700 900201");
        let key = page.value("form[action='/inbox/me/test-alert'] [name=key]");
        for _ in 0..2 {
            ada.post("/inbox/me/test-alert", &[("key", &key)]).await.went_to("/inbox/me");
        }
        assert!(ada.get("/inbox/me").await.all("[data-test-alert]")[0].contains("Waiting to be sent"));
        app.settle().await;
        let said = texts(&mut app);
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(said[0].0, plain(ADA));
        assert!(ada.get("/inbox/me").await.all("[data-test-alert]")[0].contains("Arrived"));
    }
}
