//! A concern that nobody acknowledges is told to one after the other, by data of the service.

use std::time::Duration;

use footbridge::conversation::effect::MessageKey;
use footbridge::conversation::effect::Saying;
use footbridge::conversation::effect::Utterance;
use footbridge::domain::language::Language;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Purpose;
use footbridge::domain::nation::Nation;
use footbridge::domain::staff::Role;
use footbridge::intake::duty::round;
use footbridge::wording::render::Facts;
use footbridge::wording::render::Place;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::shipped;
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
    let (reference, _) = worker.queue("needs-reply").await.remove(0);
    let lines = worker.case(&reference).await.all("[data-told] li");
    lines.iter().map(|line| line.split_once(": ").expect("a time").1.to_owned()).collect()
}

/// The address of the newest concern.
async fn concern(worker: &Worker) -> String {
    let (reference, _) = worker.queue("needs-reply").await.remove(0);
    worker.case(&reference).await.attributes("[data-concern] h3 a", "href").remove(0)
}

async fn acknowledge(worker: &Worker) {
    let (reference, _) = worker.queue("needs-reply").await.remove(0);
    let page = worker.case(&reference).await;
    let form = "form[action$='/acknowledge']";
    let (path, key) = (page.attributes(form, "action").remove(0), page.value(&format!("{form} [name=key]")));
    worker
        .post(&path, &[("key", &key), ("done", "Rang her")])
        .await
        .went_to(&format!("/inbox/referrals/{reference}"));
}

/// More parts than a person in danger waits for.
const MOST_PARTS: usize = 4;

#[test]
fn whether_somebody_watches_or_not_the_numbers_stand_at_the_head_and_the_reply_stays_short() {
    let content = shipped();
    let engine = &content.conversations.values().next().expect("a conversation").engine;
    let messages = ["safety-emergency", "safety-suicide", "safety-self-harm", "safety-help-now", "not-safe"];
    for (language, service) in ["en-GB", "cy"].into_iter().zip(content.directory.services().iter().cycle()) {
        let language: Language = language.parse().expect("a language");
        for (message, nation, watched) in messages
            .into_iter()
            .flat_map(|message| {
                Nation::ALL.map(|nation| [true, false].map(|watched| (message, nation, watched)))
            })
            .flatten()
        {
            let place = Place {
                conversation: &engine.definition.id,
                revision: &engine.definition.revision,
                language: &language,
                channel: ChannelKind::Sms,
                directory: &content.directory,
                service,
                nation: Some(nation),
                facts: Facts { watched, ..Facts::default() },
                offer_unreviewed: true,
                now: crate::support::people::at(0),
            };
            let sayings = vec![Saying::of(MessageKey::of(message))];
            let said = content.wording.render(&Utterance { purpose: Purpose::Safety, sayings }, &place);
            let head: String = said.text.0.chars().take(160).collect();
            assert!(head.contains("999") && head.contains("116 123"), "{language} {message}: {head}");
            assert!(said.parts <= MOST_PARTS, "{language} {message}: {} parts", said.parts);
        }
    }
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

    async fn an_alert_counts_nobody_from_whom_its_reader_has_stepped_back(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ada = on_duty(&app, "Ada", ADA).await;
        colleague(&app, "Bea", Role::DutyLead, BEA).await;
        app.sms(JOAN, CRISIS).await;
        let (reference, _) = ada.queue("needs-reply").await.remove(0);
        ada.press(&reference, "step-back", &[]).await.went_to("/inbox");
        texts(&mut app);
        app.sms(TOM, CRISIS).await;
        let said = texts(&mut app);
        let (_, alert) = said.iter().find(|(to, _)| *to == plain(ADA)).expect("an alert");
        assert!(alert.contains(": 1 open concern."), "{alert}");
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

    async fn whoever_is_away_is_not_told_as_long_as_somebody_else_is(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ada = colleague(&app, "Ada", Role::DutyLead, ADA).await;
        let bea = colleague(&app, "Bea", Role::DutyLead, BEA).await;
        let now = app.clock.now();
        let days = [now, now.plus(Duration::from_secs(5 * 24 * 3600))].map(|day| day.to_string()[..10].to_owned());
        for (worker, told) in [(&ada, BEA), (&bea, ADA)] {
            let who = worker.get("/inbox/away").await.attributes("#away-who option", "value").remove(0);
            let form = [("who", who.as_str()), ("from", &days[0]), ("back", &days[1]), ("cover", "")];
            worker.post("/inbox/away", &form).await.went_to("/inbox/away");
            let from = if told == BEA { JOAN } else { TOM };
            app.sms(from, CRISIS).await;
            let mut told_to = alerted(&mut app);
            told_to.sort();
            assert_eq!(told_to, if told == BEA { vec![plain(BEA)] } else { vec![plain(ADA), plain(BEA)] });
        }
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

    async fn the_page_of_a_concern_says_whom_to_ring_what_was_sent_and_what_to_say(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        app.talk(JOAN, &[(CRISIS, REPLY)]).await;
        let page = sam.get(&concern(&sam).await).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert_eq!(page.all("mark"), ["want to die"]);
        assert_eq!(page.attributes("a[href^='tel:']", "href"), ["tel:+447700900123"]);
        let facts = page.all("[data-part=reach] div");
        for expected in ["Contact byText", "PracticeAlder Vale Surgery", "NationEngland"] {
            assert!(facts.iter().any(|fact| fact.contains(expected)), "{facts:?}");
        }
        assert!(page.all("[data-sent]")[0].contains("Arrived"), "{}", page.body);
        assert!(page.all("details").iter().any(|words| words.contains("may I speak to Joan")));
        assert!(page.body.contains("rules "), "{}", page.body);
    }

    async fn who_could_not_be_reached_is_tried_again_and_the_concern_stays_open(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ada = on_duty(&app, "Ada", ADA).await;
        app.sms(JOAN, "I have nothing to eat today").await;
        assert_eq!(alerted(&mut app), [plain(ADA)]);
        let path = concern(&ada).await;
        let key = ada.get(&path).await.value("form[action$='/not-reached'] [name=key]");
        let to = format!("{path}/not-reached");
        assert_eq!(ada.post(&to, &[("key", &key), ("tried", " "), ("minutes", "60")]).await.status, 422);
        let fields = [("key", key.as_str()), ("tried", "Rang twice, no answer"), ("minutes", "60")];
        for _ in 0..2 {
            ada.post(&to, &fields).await.went_to(&path);
        }
        let page = ada.get(&path).await;
        assert_eq!(page.all("[data-tried]").len(), 1);
        assert!(page.body.contains("Try again at"));
        app.wait(Duration::from_secs(59 * 60)).await;
        assert!(alerted(&mut app).is_empty(), "nobody is told before it is time");
        app.wait(Duration::from_secs(60)).await;
        assert_eq!(alerted(&mut app), [plain(ADA)]);
        assert!(ada.queue("needs-reply").await[0].1.contains("Open concern"));
    }

    async fn any_message_can_be_made_a_concern_by_hand_with_the_same_clock(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ada = on_duty(&app, "Ada", ADA).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let (reference, row) = ada.queue("open").await.remove(0);
        assert!(!row.contains("Open concern"));
        let page = ada.case(&reference).await;
        let form = "[data-part=thread] form[action$='/concern']";
        let (path, key) = (page.attributes(form, "action").remove(5), page.value(&format!("{form} [name=key]")));
        let raised = ada.post(&path, &[("key", &key)]).await;
        assert_eq!(ada.post(&path, &[("key", "another")]).await.location, raised.location, "one message, one concern");
        app.settle().await;
        assert_eq!(alerted(&mut app), [plain(ADA)]);
        let page = ada.get(&raised.location).await;
        assert!(page.all("h1")[0].contains("missed by the rules"), "{}", page.body);
        assert_eq!(page.all("mark"), ["I would like some company in the afternoons"]);
        let other = app.colleague("Olu", Role::LinkWorker).await;
        assert_eq!(other.post("/inbox/messages/not-an-id/concern", &[("key", "1")]).await.status, 404);
    }

    async fn two_nodes_that_look_at_the_same_moment_tell_once(store: TestStore) {
        let mut app = TestApp::on(store).await;
        on_duty(&app, "Ada", ADA).await;
        let post = app.inbound(JOAN, CRISIS);
        assert_eq!(app.post(&post).await.status, 200);
        let (one, two) = tokio::join!(round(&app.house), round(&app.house));
        assert_eq!(one.expect("a round").told + two.expect("a round").told, 1);
        app.settle().await;
        assert_eq!(alerted(&mut app), [plain(ADA)]);
    }
}
