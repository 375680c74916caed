//! The inbox as a browser sees it: forms in, pages out, on both databases.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::body::to_bytes;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header;
use futures_util::FutureExt;
use scraper::Html;
use scraper::Selector;
use tokio::sync::Notify;
use tokio::sync::OnceCell;
use tower::ServiceExt;
use zeroize::Zeroizing;

use footbridge::clock::Clock;
use footbridge::content::Content;
use footbridge::domain::caller::Caller;
use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::ids::ConcernId;
use footbridge::domain::ids::PersonId;
use footbridge::domain::ids::Reference;
use footbridge::domain::ids::ServiceId;
use footbridge::domain::language::Language;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Words;
use footbridge::domain::staff::Role;
use footbridge::inbox::Inbox;
use footbridge::inbox::device::Device;
use footbridge::inbox::entry;
use footbridge::inbox::live::Live;
use footbridge::inbox::password::Passwords;
use footbridge::intake;
use footbridge::intake::House;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::error::StoreError;
use footbridge::store::outbox::Author;
use footbridge::store::randomness::Randomness;
use footbridge::store::staff::NewStaff;
use footbridge::store::thread::SaidWhat;

use crate::on_both_stores;
use crate::support::people;
use crate::support::people::at;
use crate::support::stores::TestStore;

const BASE: &str = "http://127.0.0.1:8080";
const PASSWORD: &str = "three words here";

/// The inbox over a store, with a clock that stands.
struct Site {
    inbox: Inbox,
    router: Router,
    clock: Clock,
    hash: OnceCell<String>,
}

/// A browser that is signed in, or not, at an address.
struct Browser<'a> {
    site: &'a Site,
    cookie: Option<String>,
    at: Caller,
}

/// What came back.
struct Answer {
    status: StatusCode,
    location: String,
    cookie: Option<String>,
    body: String,
}

/// A case with one open concern.
#[derive(Clone)]
struct Sample {
    person: PersonId,
    reference: Reference,
    concern: ConcernId,
}

fn concern_of(person: PersonId) -> NewConcern {
    NewConcern {
        person,
        session: None,
        inbound: None,
        service: service(),
        category: ConcernCategory::Suicide,
        rule: "burden".parse().expect("a name"),
        rules_version: "1".to_owned(),
        words: ConcernWords { text: Words("better off without me <b>".to_owned()), found: 0..21 },
    }
}

fn content() -> Arc<Content> {
    let (content, problems) = Content::load(None, None, true, at(0)).expect("the embedded files");
    Arc::new(content.unwrap_or_else(|| panic!("{problems:?}")))
}

fn service() -> ServiceId {
    people::service()
}

fn caller(last: u8) -> Caller {
    Caller::at([192, 0, 2, last].into())
}

impl Site {
    async fn set_up_link(&self) -> Result<Option<String>, StoreError> {
        let house = &self.inbox.house;
        entry::make_set_up_link(&house.store, &self.inbox.randomness, house.clock.now(), &self.inbox.base)
            .await
    }

    fn over(store: &TestStore) -> Self {
        let clock = Clock::settable(at(0));
        let house = House {
            store: store.handle(),
            clock: clock.clone(),
            content: content().into(),
            wake: Arc::new(Notify::new()),
            base: BASE.into(),
        };
        let inbox = Inbox {
            house,
            randomness: Randomness::System,
            passwords: Passwords::new([9; 32]).expect("ready"),
            base: BASE.into(),
            second_factor_required: false,
            live: Live::default(),
            part_price: None,
            brand: footbridge::inbox::brand::Brand::default(),
            demo: false,
        };
        Self { router: footbridge::inbox::router(inbox.clone()), inbox, clock, hash: OnceCell::new() }
    }

    /// An account, and a browser in which it is signed in.
    async fn worker(&self, name: &str, role: Role, services: Vec<ServiceId>) -> Browser<'_> {
        // The same for all, so that two hundred of them are here at once.
        let hash = self.hash.get_or_init(async || {
            let password = Zeroizing::new(PASSWORD.to_owned());
            self.inbox.passwords.hash(password, [3; 16]).await.expect("a hash")
        });
        let password_hash = hash.await.clone();
        let email = format!("{}@example.org", name.to_lowercase()).parse().expect("an address");
        let new = NewStaff {
            email,
            name: name.parse().expect("a name"),
            role,
            password_hash: Words(password_hash),
            services,
        };
        let added = self.inbox.house.store.write(move |tx| {
            let new = new.clone();
            async move { tx.add_staff(&new, at(0)).await }.boxed()
        });
        let cookies = entry::open_session(
            &self.inbox,
            added.await.expect("an account"),
            &Device("A browser".to_owned()),
        )
        .await
        .expect("a session");
        let [(_, cookie), _] = cookies;
        Browser { site: self, cookie: cookie.split(';').next().map(str::to_owned), at: caller(1) }
    }

    async fn link_worker(&self, name: &str) -> Browser<'_> {
        self.worker(name, Role::LinkWorker, vec![service()]).await
    }

    fn stranger(&self) -> Browser<'_> {
        self.stranger_at(2)
    }

    fn stranger_at(&self, last: u8) -> Browser<'_> {
        Browser { site: self, cookie: None, at: caller(last) }
    }

    /// Somebody with a case and a concern.
    async fn case(&self, number: u32) -> Sample {
        let written = self.inbox.house.store.write(move |tx| {
            async move {
                let address =
                    tx.find_or_open_address(ChannelKind::Sms, &people::mobile(number), at(0)).await?;
                let person =
                    tx.find_or_open_person(address.id, &service(), &Language::english(), at(0)).await?;
                let referral = tx.find_or_open_referral(person.id, &service(), at(0)).await?;
                let concern = tx.raise_concern(&concern_of(person.id), at(0)).await?;
                tx.mark_reply_due(referral.id, at(0)).await?;
                Ok(Sample { person: person.id, reference: referral.reference, concern })
            }
            .boxed()
        });
        written.await.expect("a case")
    }

    /// The texts that link workers have put into the outbox.
    async fn sent_by_hand(&self, person: PersonId) -> Vec<String> {
        let mut reader = self.inbox.house.store.read().await.expect("a reader");
        let lines = reader.thread(person, 100).await.expect("a thread");
        lines
            .into_iter()
            .filter_map(|line| match line.what {
                SaidWhat::Told { author: Author::Staff(_), body: Some(body), .. } => Some(body.text.0),
                SaidWhat::Told { .. } | SaidWhat::Heard { .. } => None,
            })
            .collect()
    }
}

impl Browser<'_> {
    async fn send(&self, request: axum::http::request::Builder, body: String) -> Answer {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let request = request.extension(self.at).body(Body::from(body)).expect("a request");
        let response = self.site.router.clone().oneshot(request).await.expect("an answer");
        let told = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (status, location) = (response.status(), told(header::LOCATION).unwrap_or_default());
        let set = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        let cookie = set.map(str::to_owned).reduce(|all, next| format!("{all}\n{next}"));
        assert!(
            told(header::CONTENT_SECURITY_POLICY)
                .is_some_and(|policy| policy.starts_with("default-src 'none'"))
        );
        let body = to_bytes(response.into_body(), 1_000_000).await.expect("a body");
        Answer { status, location, cookie, body: String::from_utf8(body.to_vec()).expect("text") }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from(BASE, path, fields).await
    }

    async fn post_from(&self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    /// The hidden fields of a page's form.
    async fn hidden(&self, case: &Sample) -> (String, String) {
        let page = self.get(&case.path("")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        (
            page.value("form[action$='/note'] input[name=version]"),
            page.value("form[action$='/note'] input[name=key]"),
        )
    }

    /// Opens the case and presses a button of it.
    async fn press(&self, case: &Sample, action: &str, fields: &[(&str, &str)]) -> Answer {
        let (version, key) = self.hidden(case).await;
        let hidden = [("version", version.as_str()), ("key", key.as_str())];
        self.post(&case.path(action), &[&hidden, fields].concat()).await
    }

    /// Says what was done about a concern.
    async fn dealt_with(&self, concern: ConcernId) {
        let path = format!("/inbox/concerns/{concern}/acknowledge");
        let said = self.post(&path, &[("key", "done"), ("done", "Rang her")]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER);
    }
}

impl Sample {
    fn path(&self, action: &str) -> String {
        let path = format!("/inbox/referrals/{}", self.reference);
        if action.is_empty() { path } else { format!("{path}/{action}") }
    }
}

impl Answer {
    fn all(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        page.select(&Selector::parse(selector).expect("a selector")).map(|e| e.text().collect()).collect()
    }

    fn value(&self, selector: &str) -> String {
        self.attribute(selector, "value")
    }

    fn href(&self, selector: &str) -> String {
        self.attribute(selector, "href")
    }

    fn attribute(&self, selector: &str, name: &str) -> String {
        let page = Html::parse_document(&self.body);
        let found = page.select(&Selector::parse(selector).expect("a selector")).next();
        found.and_then(|e| e.value().attr(name)).unwrap_or_default().to_owned()
    }

    fn went_to(&self, path: &str) {
        assert_eq!((self.status, self.location.as_str()), (StatusCode::SEE_OTHER, path), "{}", self.body);
    }
}

on_both_stores! {
    async fn a_set_up_link_makes_the_first_administrator_once(store: TestStore) {
        let site = Site::over(&store);
        let link = site.set_up_link().await.expect("a store").expect("a link");
        let path = link.strip_prefix(BASE).expect("our address");
        let browser = site.stranger();
        for _ in 0..2 {
            assert_eq!(browser.get(path).await.status, StatusCode::OK, "a look uses nothing up");
        }
        let token = browser.get(path).await.value("input[name=token]");
        let fields = [("token", token.as_str()), ("name", "Ann"), ("email", "Ann@example.org"), ("password", PASSWORD)];
        let short = browser.post("/set-up", &[fields[0], fields[1], fields[2], ("password", "short")]).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = browser.post("/set-up", &fields).await;
        made.went_to("/inbox");
        let cookie = made.cookie.expect("a cookie");
        assert!(cookie.starts_with("footbridge=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
        let ann = Browser { cookie: cookie.split(';').next().map(str::to_owned), ..site.stranger() };
        assert_eq!(ann.get("/inbox").await.status, StatusCode::OK);
        assert_eq!(browser.post("/set-up", &fields).await.status, StatusCode::GONE);
        assert_eq!(browser.get(path).await.status, StatusCode::GONE);
        assert_eq!(site.set_up_link().await.expect("a store"), None);
        let fields = [("email", " ann@EXAMPLE.org"), ("password", PASSWORD)];
        browser.post("/sign-in", &fields).await.went_to("/inbox");
    }

    async fn a_set_up_link_is_over_after_half_an_hour(store: TestStore) {
        let site = Site::over(&store);
        let link = site.set_up_link().await.expect("a store").expect("a link");
        site.clock.advance(Duration::from_secs(31 * 60));
        let path = link.strip_prefix(BASE).expect("our address").to_owned();
        assert_eq!(site.stranger().get(&path).await.status, StatusCode::GONE);
        assert_eq!(site.stranger().get("/set-up?token=nonsense").await.status, StatusCode::GONE);
    }

    async fn nobody_guesses_a_password_for_long(store: TestStore) {
        let site = Site::over(&store);
        site.link_worker("Sam").await;
        let browser = site.stranger();
        let unknown = browser.post("/sign-in", &[("email", "nobody@example.org"), ("password", "x")]).await;
        let wrong = browser.post("/sign-in", &[("email", "sam@example.org"), ("password", "x")]).await;
        assert_eq!((unknown.status, wrong.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
        assert_eq!(unknown.all(".nhsuk-error-summary"), wrong.all(".nhsuk-error-summary"));
        for _ in 1..10 {
            browser.post("/sign-in", &[("email", "sam@example.org"), ("password", "x")]).await;
        }
        let right = [("email", "sam@example.org"), ("password", PASSWORD)];
        let too_often = browser.post("/sign-in", &right).await;
        assert_eq!(too_often.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(too_often.body.contains("Wait ten minutes"), "{}", too_often.body);
        site.clock.advance(Duration::from_secs(601));
        browser.post("/sign-in", &right).await.went_to("/inbox");
    }

    async fn a_stranger_who_guesses_keeps_nobody_out(store: TestStore) {
        let site = Site::over(&store);
        site.link_worker("Sam").await;
        let right = [("email", "sam@example.org"), ("password", PASSWORD)];
        let guesses = async |last, count| {
            let stranger = site.stranger_at(last);
            for _ in 0..count {
                stranger.post("/sign-in", &[("email", "Sam@example.org"), ("password", "x")]).await;
            }
        };
        let cookies = site.stranger_at(1).post("/sign-in", &right).await.cookie.expect("cookies");
        let mark = cookies.lines().find(|cookie| cookie.starts_with("footbridge-mark=")).expect("a mark");
        let known = |last| Browser {
            cookie: mark.split(';').next().map(str::to_owned), ..site.stranger_at(last)
        };
        guesses(7, 12).await;
        let stranger = site.stranger_at(7).post("/sign-in", &right).await;
        assert_eq!(stranger.status, StatusCode::TOO_MANY_REQUESTS);
        site.stranger_at(1).post("/sign-in", &right).await.went_to("/inbox");
        known(7).post("/sign-in", &right).await.went_to("/inbox");
        // Many machines at once: whoever is new to a browser waits for seconds, and no longer than a minute.
        for last in 11..=14 {
            guesses(last, 10).await;
        }
        let new = site.stranger_at(1).post("/sign-in", &right).await;
        assert_eq!(new.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(new.body.contains("Wait a minute"), "{}", new.body);
        known(1).post("/sign-in", &right).await.went_to("/inbox");
        site.clock.advance(Duration::from_secs(60));
        site.stranger_at(1).post("/sign-in", &right).await.went_to("/inbox");
    }

    async fn a_session_ends_when_it_is_left_alone_or_signed_out(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        site.clock.advance(Duration::from_secs(11 * 3600));
        assert_eq!(sam.get("/inbox").await.status, StatusCode::OK);
        site.clock.advance(Duration::from_secs(11 * 3600));
        assert_eq!(sam.get("/inbox").await.status, StatusCode::OK);
        site.clock.advance(Duration::from_secs(13 * 3600));
        sam.get("/inbox").await.went_to("/sign-in");
        let kim = site.link_worker("Kim").await;
        kim.post("/sign-out", &[]).await.went_to("/signed-out");
        kim.get("/inbox").await.went_to("/sign-in");
        site.stranger().get("/inbox").await.went_to("/sign-in");
    }

    async fn a_form_from_elsewhere_or_from_nobody_changes_nothing(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        let (version, key) = sam.hidden(&case).await;
        let fields = [("version", version.as_str()), ("key", key.as_str()), ("text", "hello")];
        let foreign = sam.post_from("https://evil.example", &case.path("reply"), &fields).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        let nobody = site.stranger().post(&case.path("reply"), &fields).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
        assert!(site.sent_by_hand(case.person).await.is_empty());
        let incomplete = sam.post(&case.path("reply"), &[("text", "hello")]).await;
        assert_eq!(incomplete.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_reply_goes_out_once_claims_and_silences_the_bot(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        let (version, key) = sam.hidden(&case).await;
        let fields = [("version", version.as_str()), ("key", key.as_str()), ("text", "May I ring you?\r\nSam ")];
        for _ in 0..2 {
            sam.post(&case.path("reply"), &fields).await.went_to(&case.path(""));
        }
        assert_eq!(site.sent_by_hand(case.person).await, ["May I ring you?\nSam"]);
        let page = sam.get(&case.path("")).await;
        assert_eq!(page.all("[data-from='link-worker'] .fb-words"), ["May I ring you?\nSam"]);
        assert_eq!(page.all("[data-hold=on]").len(), 1);
        assert!(page.all("[data-part='what-next']")[0].contains("You."), "{}", page.body);
        assert!(!sam.get("/inbox").await.all("[data-referral]")[0].contains("Waits for a reply"));
        sam.press(&case, "hand-back", &[]).await.went_to(&case.path(""));
        assert_eq!(sam.get(&case.path("")).await.all("[data-hold=off]").len(), 1);
    }

    async fn what_cannot_be_printed_is_neither_sent_nor_kept(store: TestStore) {
        let site = Site::over(&store);
        let case = site.case(1).await;
        let worker = site.link_worker("Priya").await;
        worker.press(&case, "reply", &[("text", "Dear\tJoan,\r\nring\0 me\u{7}")]).await.went_to(&case.path(""));
        assert_eq!(site.sent_by_hand(case.person).await, ["Dear Joan,\nring me"]);
        worker.press(&case, "note", &[("text", "Rang\0 her")]).await.went_to(&case.path(""));
        assert!(worker.get(&case.path("")).await.all("[data-part=notes]")[0].contains("Rang her"));
        let nothing = worker.press(&case, "reply", &[("text", "\0\u{1b}")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "there is nothing to send");
        let path = format!("/inbox/concerns/{}/not-reached", case.concern);
        let tried = worker.post(&path, &[("key", "k\0"), ("tried", "Rang\0 twice"), ("minutes", "60")]).await;
        assert_eq!(tried.status, StatusCode::SEE_OTHER, "{}", tried.body);
        let signed_in = worker.post("/sign-in", &[("email", "priya\0@example.org"), ("password", "a\0b")]).await;
        assert_eq!(signed_in.status, StatusCode::UNAUTHORIZED);
    }

    async fn whoever_is_too_late_keeps_what_was_typed(store: TestStore) {
        let site = Site::over(&store);
        let (sam, priya) = (site.link_worker("Sam").await, site.link_worker("Priya").await);
        let case = site.case(1).await;
        let (version, key) = sam.hidden(&case).await;
        priya.press(&case, "reply", &[("text", "Priya here")]).await.went_to(&case.path(""));
        let stale = [("version", version.as_str()), ("key", key.as_str()), ("text", "Sam here")];
        let late = sam.post(&case.path("reply"), &stale).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("Priya wrote to them"), "{}", late.body);
        assert_eq!(late.all("textarea"), ["Sam here"]);
        let (version, key) = (late.value("input[name=version]"), late.value("input[name=key]"));
        let again = [("version", version.as_str()), ("key", key.as_str()), ("text", "Sam here")];
        sam.post(&case.path("reply"), &again).await.went_to(&case.path(""));
        assert_eq!(site.sent_by_hand(case.person).await, ["Priya here", "Sam here"]);
    }

    async fn of_many_who_claim_one_gets_the_case(store: TestStore) {
        let site = Site::over(&store);
        let case = site.case(1).await;
        let mut workers = Vec::new();
        for number in 0..200 {
            workers.push(site.link_worker(&format!("Worker{number}")).await);
        }
        let path = case.path("claim");
        // Whom a crowded server asks to try again sends the same form once more, as a browser would.
        let claim = async |worker: &Browser<'_>| {
            for _ in 0..20 {
                let answer = worker.post(&path, &[("version", "1"), ("key", "a-key")]).await;
                if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                    return answer;
                }
            }
            panic!("the server has no time for somebody");
        };
        let claims = workers.iter().map(&claim);
        let answers = futures_util::future::join_all(claims).await;
        let (won, late): (Vec<_>, Vec<_>) =
            answers.iter().partition(|answer| answer.status == StatusCode::SEE_OTHER);
        let statuses: Vec<StatusCode> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!((won.len(), late.len()), (1, 199), "{statuses:?}");
        for answer in late {
            assert_eq!(answer.status, StatusCode::CONFLICT);
            assert!(answer.body.contains("took this"), "{}", answer.body);
        }
    }

    async fn a_note_is_kept_and_never_sent(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        sam.press(&case, "note", &[("text", "lives with her sister")]).await.went_to(&case.path(""));
        assert_eq!(sam.get(&case.path("")).await.all("[data-note] .fb-words"), ["lives with her sister"]);
        let mut reader = site.inbox.house.store.read().await.expect("a reader");
        assert!(reader.thread(case.person, 100).await.expect("a thread").is_empty());
    }

    async fn who_goes_back_and_writes_another_text_does_not_lose_it(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        let (version, key) = sam.hidden(&case).await;
        let send = |text| [("version", version.as_str()), ("key", key.as_str()), ("text", text)];
        for _ in 0..2 {
            sam.post(&case.path("reply"), &send("hello")).await.went_to(&case.path(""));
        }
        let other = sam.post(&case.path("reply"), &send("can I ring you?")).await;
        assert_eq!((other.status, other.all("textarea")), (StatusCode::CONFLICT, vec!["can I ring you?".to_owned()]));
        assert_eq!(site.sent_by_hand(case.person).await, ["hello"]);
        for note in ["one", "one", "two"] {
            sam.post(&case.path("note"), &send(note)).await.went_to(&case.path(""));
        }
        let mut kept = sam.get(&case.path("")).await.all("[data-note] .fb-words");
        kept.sort();
        assert_eq!(kept, ["one", "two"]);
    }

    async fn guesses_at_once_are_hardly_more_than_guesses_one_by_one(store: TestStore) {
        let site = Site::over(&store);
        site.link_worker("Sam").await;
        let browser = site.stranger();
        let fields = [("email", "sam@example.org"), ("password", "x")];
        let guesses = (0..40).map(|_| browser.post("/sign-in", &fields));
        let answers = futures_util::future::join_all(guesses).await;
        let tried = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
        // On PostgreSQL those that are under way at the same moment do not see each other.
        assert!(tried <= 18, "{tried}");
    }

    async fn somebody_whose_phone_is_not_safe_is_texted_only_for_a_reason(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        let person = case.person;
        let unsafe_now = site.inbox.house.store.write(move |tx| async move { tx.set_texts_unsafe(person, true).await }.boxed());
        unsafe_now.await.expect("unsafe");
        let refused = sam.press(&case, "reply", &[("text", "hello")]).await;
        assert_eq!((refused.status, refused.all("textarea")), (StatusCode::UNPROCESSABLE_ENTITY, vec!["hello".to_owned()]));
        assert!(site.sent_by_hand(person).await.is_empty());
        let value = |name: &str| refused.value(&format!("input[name={name}]"));
        let (version, key) = (value("version"), value("key"));
        assert_eq!(refused.all("input[name=reason]").len(), 1, "the reason can be given there");
        let fields = [("version", version.as_str()), ("key", &key), ("text", "hello"), ("reason", "she rang and asked")];
        sam.post(&case.path("reply"), &fields).await.went_to(&case.path(""));
        assert_eq!(site.sent_by_hand(person).await.len(), 1);
        assert!(sam.get(&case.path("")).await.all("[data-note]")[0].contains("she rang and asked"));
    }

    async fn a_concern_stays_on_top_until_a_named_human_says_what_they_did(store: TestStore) {
        let site = Site::over(&store);
        let (sam, priya) = (site.link_worker("Sam").await, site.link_worker("Priya").await);
        let case = site.case(1).await;
        assert!(sam.get("/inbox").await.all("[data-referral]")[0].contains("Open concern"));
        let page = sam.get(&case.path("")).await;
        assert_eq!(page.all("[data-part=concerns] mark"), ["better off without me"]);
        let path = format!("/inbox/concerns/{}/acknowledge", case.concern);
        let empty = sam.post(&path, &[("key", "a"), ("done", "  ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.body.contains("Say what you have done. The concern stays open until then."), "{}", empty.body);
        assert_eq!(empty.all(&format!("form[action='{path}'] textarea[name=done]")).len(), 1, "it can be said here");
        let long = "Rang her. ".repeat(300);
        let kept = sam.post(&path, &[("key", "a"), ("done", &long)]).await;
        assert!(kept.body.contains("2,000 letters at the most") && kept.all("textarea") == [long], "{}", kept.body);
        sam.post(&path, &[("key", "a"), ("done", "Rang her; her GP knows")]).await.went_to(&case.path(""));
        let late = priya.post(&path, &[("key", "b"), ("done", "I rang too")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("Sam dealt with this") && late.all("textarea") == ["I rang too"], "{}", late.body);
        let seen = sam.get(&case.path("")).await;
        assert!(seen.all("[data-part=concerns]")[0].contains("Rang her; her GP knows"));
        assert!(!sam.get("/inbox").await.all("[data-referral]")[0].contains("Open concern"));
    }

    async fn what_the_person_wrote_stands_above_that_they_did_not_answer(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        let mut raised = vec![case.concern];
        for (rule, second) in [("no-answer-to-are-you-safe", 1800), ("said-not-safe", 2000), ("burden", 3000)] {
            let new = NewConcern { rule: rule.parse().expect("a name"), ..concern_of(case.person) };
            let written = site.inbox.house.store.write(move |tx| {
                let new = new.clone();
                async move { tx.raise_concern(&new, at(second)).await }.boxed()
            });
            raised.push(written.await.expect("a concern"));
        }
        let order = async || {
            let page = sam.get(&case.path("")).await;
            let page = Html::parse_document(&page.body);
            let selector = Selector::parse("[data-concern]").expect("a selector");
            let shown = page.select(&selector).map(|e| e.value().attr("data-concern").unwrap_or_default());
            shown
                .map(|id| raised.iter().position(|known| known.to_string() == id).expect("one of them"))
                .collect::<Vec<_>>()
        };
        assert_eq!(order().await, [0, 2, 3, 1]);
        sam.dealt_with(raised[0]).await;
        assert_eq!(order().await, [2, 3, 1, 0], "what is open comes first");
    }

    async fn a_closed_case_with_a_new_concern_comes_back_to_the_queue(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        sam.dealt_with(case.concern).await;
        sam.press(&case, "close", &[("outcome", "connected")]).await.went_to(&case.path(""));
        assert!(sam.get("/inbox").await.all("[data-referral]").is_empty());
        let new = concern_of(case.person);
        let raised = site.inbox.house.store.write(move |tx| {
            let new = new.clone();
            async move { tx.raise_concern(&new, at(60)).await }.boxed()
        });
        let path = format!("/inbox/concerns/{}/acknowledge", raised.await.expect("a concern"));
        assert_eq!(sam.get("/inbox").await.all("[data-referral]").len(), 1, "its concern is open");
        sam.post(&path, &[("key", "a"), ("done", "Rang her")]).await.went_to(&case.path(""));
        assert!(sam.get("/inbox").await.all("[data-referral]").is_empty());
        assert_eq!(sam.get("/inbox?show=closed").await.all("[data-referral]").len(), 1);
        let again = sam.press(&case, "close", &[("outcome", "connected")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
    }

    async fn an_ending_without_a_choice_says_what_is_missing_and_leads_back_to_it(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        for (action, field, missing) in
            [("close", "outcome", "Choose an outcome first."), ("decline", "reason", "Choose a reason first.")]
        {
            let refused = sam.press(&case, action, &[(field, "")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.body.contains(missing), "{}", refused.body);
            let back = format!("{}#{action}", case.path(""));
            assert_eq!(refused.href("main a"), back);
        }
        assert_eq!(sam.get("/inbox?show=open").await.all("[data-referral]").len(), 1);
    }

    async fn only_the_service_and_administrators_see_a_case(store: TestStore) {
        let site = Site::over(&store);
        let case = site.case(1).await;
        let other = site.worker("Olu", Role::LinkWorker, vec!["elsewhere".parse().expect("a name")]).await;
        let chief = site.worker("Chi", Role::Admin, Vec::new()).await;
        assert!(other.get("/inbox").await.all("[data-referral]").is_empty());
        assert_eq!(other.get(&case.path("")).await.status, StatusCode::NOT_FOUND);
        let fields = [("version", "1"), ("key", "k"), ("text", "hello")];
        assert_eq!(other.post(&case.path("reply"), &fields).await.status, StatusCode::NOT_FOUND);
        let path = format!("/inbox/concerns/{}/acknowledge", case.concern);
        assert_eq!(other.post(&path, &[("key", "a"), ("done", "x")]).await.status, StatusCode::NOT_FOUND);
        assert!(site.sent_by_hand(case.person).await.is_empty());
        assert_eq!(chief.get("/inbox").await.all("[data-referral]").len(), 1);
        assert_eq!(chief.get(&case.path("")).await.status, StatusCode::OK);
    }

    async fn looks_and_changes_are_audited_without_contents(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        sam.press(&case, "note", &[("text", "lives with her sister")]).await.went_to(&case.path(""));
        let mut reader = site.inbox.house.store.read().await.expect("a reader");
        let lines = reader.audit_of("referral", case.reference.as_str()).await.expect("an audit");
        let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["read-referral", "note"]);
        assert!(!format!("{lines:?}").contains("sister"));
    }

    async fn died_takes_back_everything_that_waits(store: TestStore) {
        let site = Site::over(&store);
        let sam = site.link_worker("Sam").await;
        let case = site.case(1).await;
        sam.press(&case, "reply", &[("text", "hello")]).await.went_to(&case.path(""));
        sam.dealt_with(case.concern).await;
        sam.press(&case, "close", &[("outcome", "died")]).await.went_to(&case.path(""));
        let page = sam.get(&case.path("")).await;
        assert!(page.all(".fb-message__fate")[0].contains("Not sent"), "{}", page.body);
    }

    async fn a_text_that_frightens_us_is_on_the_page_at_once(store: TestStore) {
        let site = Site::over(&store);
        intake::keep_revisions(&site.inbox.house).await.expect("revisions");
        let chief = site.worker("Chi", Role::Admin, Vec::new()).await;
        let words = "hello, i want to end my life";
        intake::receive(&site.inbox.house, people::text("SM1", 7, words)).await.expect("taken");
        let queue = chief.get("/inbox").await;
        assert!(queue.all("[data-referral]")[0].contains("Open concern"), "{}", queue.body);
        let path = queue.href("[data-referral] h2 a");
        let page = chief.get(&path).await;
        assert!(words.contains(&page.all("[data-part=concerns] mark")[0]), "{}", page.body);
        assert_eq!(page.all("[data-part=thread] [data-from=person] .fb-words"), [words]);
        assert!(!page.all("[data-part=thread] [data-from=bot]").is_empty());
        assert!(page.all("[data-part=concerns]")[0].contains("Our safety reply: waiting to be sent."), "{}", page.body);
        let hidden = |name: &str| page.value(&format!("form[action$='/note'] input[name={name}]"));
        let fields = [("version", hidden("version")), ("key", hidden("key"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        chief.post(&format!("{path}/take-over"), &fields).await.went_to(&path);
        assert_eq!(chief.get(&path).await.all("[data-hold=on]").len(), 1);
        chief.post(&format!("{path}/hand-back"), &fields).await.went_to(&path);
        assert_eq!(chief.get(&path).await.all("[data-hold=off]").len(), 1);
    }
}
