//! Alarms: whom they tell what, and when it is over.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use footbridge::app::alarms::Alarms;
use footbridge::channel::SendError;
use footbridge::channel::Sender;
use footbridge::channel::StopReason;
use footbridge::channel::simulator::Fault;
use footbridge::channel::simulator::Simulator;
use footbridge::clock::Clock;
use footbridge::config::Config;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::staff::Role;
use footbridge::http::metrics::Metrics;
use footbridge::http::metrics::Waiting;
use footbridge::intake::House;
use footbridge::outbox::Outbox;
use footbridge::store::randomness::Randomness;
use footbridge::store::staff::NewStaff;
use futures_util::FutureExt;
use serde_json::Value;
use tokio::sync::Notify;

use crate::on_both_stores;
use crate::support::app::PUBLIC_URL;
use crate::support::app::shipped;
use crate::support::people::at;
use crate::support::people::reply;
use crate::support::people::somebody;
use crate::support::stores::TestStore;

/// Somebody's pager: what it was told, and how many times it refuses.
#[derive(Clone, Default)]
struct Pager(Arc<Mutex<(Vec<Value>, u32)>>);

impl Pager {
    /// Its address.
    async fn begin(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/alarm", post(ring)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/alarm?token=secret")
    }

    /// What it was told since somebody looked.
    fn told(&self) -> Vec<String> {
        let told = std::mem::take(&mut self.0.lock().expect("no panic").0);
        let word = |notice: &Value, name: &str| notice[name].as_str().expect("a word").to_owned();
        assert!(told.iter().all(|notice| notice["footbridge"] == PUBLIC_URL && notice["since"].is_string()));
        told.iter().map(|notice| format!("{} {}", word(notice, "alarm"), word(notice, "state"))).collect()
    }
}

async fn ring(State(pager): State<Pager>, body: String) -> StatusCode {
    let mut state = pager.0.lock().expect("no panic");
    if 0 < state.1 {
        state.1 -= 1;
        return StatusCode::BAD_GATEWAY;
    }
    state.0.push(serde_json::from_str(&body).expect("JSON"));
    StatusCode::NO_CONTENT
}

/// A house that is watched over.
struct Watched {
    house: House,
    clock: Clock,
    phones: Simulator,
    outbox: Outbox,
    metrics: Arc<Metrics>,
    alarms: Alarms,
    pager: Pager,
}

impl Watched {
    async fn over(store: &TestStore) -> Self {
        let (clock, phones, pager) = (Clock::settable(at(0)), Simulator::new(), Pager::default());
        let wake = Arc::new(Notify::new());
        let house = House {
            store: store.handle(),
            clock: clock.clone(),
            content: shipped().into(),
            wake: Arc::clone(&wake),
            base: Arc::from("https://texts.example.org"),
        };
        let senders = BTreeMap::from([(ChannelKind::Sms, Sender::Simulator(phones.clone()))]);
        let outbox = Outbox::new(store.handle(), clock.clone(), senders, wake, Randomness::seeded(5));
        let settings = [
            ("FOOTBRIDGE_ALERT_WEBHOOK", pager.begin().await),
            ("FOOTBRIDGE_DATABASE_URL", store.settings.database_url.clone()),
        ];
        let settings = settings.map(|(name, value)| (name.into(), value.into()));
        let config = Config::read(settings, &|_| Err(std::io::ErrorKind::NotFound.into())).expect("settings");
        let metrics = Arc::new(Metrics::new());
        let base = PUBLIC_URL.parse().expect("an address");
        let alarms = Alarms::new(house.clone(), Arc::clone(&metrics), &config, base).expect("alarms");
        let alarms = alarms.over(outbox.shut_doors());
        Self { house, clock, phones, outbox, metrics, alarms, pager }
    }

    /// Somebody works for every service.
    async fn with_staff(self) -> Self {
        let new = NewStaff {
            email: "sam@example.org".parse().expect("an address"),
            name: "Sam".parse().expect("a name"),
            role: Role::LinkWorker,
            password_hash: Words("none".to_owned()),
            services: shipped().directory.services().iter().map(|service| service.id.clone()).collect(),
        };
        let added = self.house.store.write(move |tx| {
            let new = new.clone();
            async move { tx.add_staff(&new, at(0)).await }.boxed()
        });
        added.await.expect("an account");
        self
    }

    /// Somebody signs on for duty at every service, for an hour.
    async fn sign_on_everywhere(&self) {
        let (now, content) = (self.clock.now(), shipped());
        for service in content.directory.services() {
            let id = service.id.clone();
            let signed_on = self.house.store.write(move |tx| {
                let id = id.clone();
                async move {
                    let staff = tx.staff_of(&id).await?;
                    tx.sign_on(staff[0], &id, now.plus(Duration::from_secs(3600)), now).await
                }
                .boxed()
            });
            signed_on.await.expect("somebody on duty");
        }
    }

    async fn say(&self, number: u32) {
        let now = self.clock.now();
        let said = self.house.store.write(move |tx| {
            async move {
                let to = somebody(tx, number).await?;
                let mut text = reply(&to, Purpose::Answer, "hello");
                text.due_at = now;
                tx.append_text(&text, now).await
            }
            .boxed()
        });
        said.await.expect("a text");
    }

    /// Time passes, and the alarms look; what the pager is told.
    async fn after(&mut self, seconds: u64) -> Vec<String> {
        self.clock.advance(Duration::from_secs(seconds));
        self.alarms.round().await;
        self.pager.told()
    }

    fn metric(&self, alarm: &str) -> bool {
        let nothing = Waiting::default();
        let text = self.metrics.render(nothing).expect("text");
        let line = |value| format!("footbridge_alarm{{alarm=\"{alarm}\"}} {value}\n");
        assert!(text.contains(&line(0)) || text.contains(&line(1)), "{text}");
        text.contains(&line(1))
    }
}

on_both_stores! {
    async fn a_service_without_staff_is_told_once_an_hour_until_somebody_is_there(store: TestStore) {
        let mut house = Watched::over(&store).await;
        assert_eq!(house.after(0).await, ["nobody-on-duty begins"]);
        assert!(house.metric("nobody-on-duty") && !house.metric("texts-wait"));
        assert_eq!(house.after(3599).await, [""; 0]);
        assert_eq!(house.after(1).await, ["nobody-on-duty lasts"]);
        let mut house = house.with_staff().await;
        assert_eq!(house.after(5).await, ["nobody-on-duty over"]);
        assert!(!house.metric("nobody-on-duty"));
        assert_eq!(house.after(7200).await, [""; 0]);
    }

    async fn no_lead_on_duty_is_told_of_while_a_service_is_open(store: TestStore) {
        let mut house = Watched::over(&store).await.with_staff().await;
        // Thursday evening; both services open at nine on Friday.
        assert_eq!(house.after(3600).await, [""; 0], "nobody is to be there");
        let opens = shipped().directory.next_open(&shipped().directory.services()[0], house.clock.now());
        let opens = opens.expect("a service that opens").since(house.clock.now()).as_secs();
        assert_eq!(house.after(opens + 14 * 60).await, [""; 0], "they are taking off their coats");
        assert_eq!(house.after(120).await, ["nobody-on-duty begins"]);
        house.sign_on_everywhere().await;
        assert_eq!(house.after(5).await, ["nobody-on-duty over"]);
    }

    async fn texts_that_do_not_leave_are_told_of(store: TestStore) {
        let mut house = Watched::over(&store).await.with_staff().await;
        house.say(1).await;
        assert_eq!(house.after(60).await, [""; 0]);
        assert_eq!(house.after(61).await, ["texts-wait begins"]);
        house.outbox.run_once().await.expect("the outbox");
        assert_eq!(house.after(5).await, ["texts-wait over"]);
    }

    async fn texts_that_are_tried_in_vain_are_told_of_though_they_are_never_long_due(store: TestStore) {
        let mut house = Watched::over(&store).await.with_staff().await;
        house.say(1).await;
        for _ in 0..3 {
            house.phones.fail_next(Fault::Lost(SendError::Retry { after: None, code: None }));
            house.outbox.run_once().await.expect("the outbox");
            house.clock.advance(Duration::from_secs(31));
        }
        assert_eq!(house.after(0).await, ["texts-wait begins"]);
    }

    async fn a_provider_that_lets_us_send_nothing_is_told_of_until_a_text_leaves(store: TestStore) {
        let mut house = Watched::over(&store).await.with_staff().await;
        house.say(1).await;
        let stopped = || Fault::Lost(SendError::Stopped { reason: StopReason::WrongCredentials, code: None });
        house.phones.fail_next(stopped());
        house.outbox.run_once().await.expect("the outbox");
        assert_eq!(house.after(1).await, ["channel-stopped begins"]);
        house.clock.advance(Duration::from_secs(60));
        house.phones.fail_next(stopped());
        house.outbox.run_once().await.expect("the outbox");
        assert_eq!(house.after(1).await, [""; 0], "it lasts, without a gap");
        house.clock.advance(Duration::from_secs(60));
        house.outbox.run_once().await.expect("the outbox");
        assert_eq!(house.after(60).await, ["channel-stopped over"]);
    }

    async fn a_pager_that_refuses_is_told_again(store: TestStore) {
        let mut house = Watched::over(&store).await;
        house.pager.0.lock().expect("no panic").1 = 2;
        assert_eq!(house.after(0).await, [""; 0]);
        assert_eq!(house.after(5).await, [""; 0]);
        assert_eq!(house.after(5).await, ["nobody-on-duty begins"]);
    }

    async fn of_two_nodes_one_tells(store: TestStore) {
        let mut one = Watched::over(&store).await;
        let mut two = Watched::over(&store).await;
        assert_eq!(one.after(0).await, ["nobody-on-duty begins"]);
        assert_eq!(two.after(0).await, [""; 0]);
        assert!(two.metric("nobody-on-duty"), "both count it");
        assert_eq!(two.after(31).await, ["nobody-on-duty begins"], "the first is gone");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_is_told_of() {
    let store = TestStore::sqlite().await;
    let mut house = Watched::over(&store).await.with_staff().await;
    assert_eq!(house.after(0).await, [""; 0]);
    house.house.store.close().await;
    assert_eq!(house.after(5).await, ["store-away begins"]);
    assert!(house.metric("store-away"));
}
