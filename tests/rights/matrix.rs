//! Role × service × practice × route: whoever asks for whatever, the answer is the one that this table says.

use std::collections::BTreeSet;

use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::ids::ConcernId;
use footbridge::domain::ids::ExampleId;
use footbridge::domain::ids::InboundId;
use footbridge::domain::ids::LabelId;
use footbridge::domain::ids::ReadyTextId;
use footbridge::domain::ids::Reference;
use footbridge::domain::ids::SavedViewId;
use footbridge::domain::ids::ServiceId;
use footbridge::domain::ids::StaffId;
use footbridge::domain::language::Language;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Content;
use footbridge::domain::message::Words;
use footbridge::domain::staff::Role;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::error::StoreError;
use footbridge::store::example::ExampleBody;
use footbridge::store::ready_text::ReadyWords;
use footbridge::store::saved_view::ViewBody;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;

use crate::on_both_stores;
use crate::rights::enrol_or_again;
use crate::rights::id_of;
use crate::support::app::TestApp;
use crate::support::app::email_of;
use crate::support::page::Page;
use crate::support::people;
use crate::support::people::at;
use crate::support::worker::Worker;

const OURS: &str = "alder-vale";
const THEIRS: &str = "dyffryn-gwern";

/// Who gets further than "nothing here", and what they get.
#[derive(Clone, Copy)]
enum May {
    /// Everybody, also who is not signed in.
    Stranger,
    /// Whoever is signed in, without the second factor that is required too.
    AtTheDoor(u16),
    /// Whoever is signed in.
    SignedIn(u16),
    /// Whoever is signed in, but for volunteer champions.
    Team(u16),
    /// Whoever works for the service that it belongs to.
    OfTheService(u16),
    /// The same, and the volunteer champion who was asked to help.
    Helped(u16),
    /// The volunteer champion who was asked to help, alone.
    Champion(u16),
    /// The same, and leads of the service from whom the case is kept.
    Concern(u16),
    /// Whoever works for the service, in a role that can be on duty.
    OnDuty(u16),
    /// Whoever sees the case, and leads.
    Lead(u16),
    /// Whoever leads, in whichever service.
    Leads(u16),
    /// Administrators, and duty leads.
    Texts(u16),
    /// Of these, whoever works for the service that it belongs to.
    TextsOfTheService(u16),
    /// Administrators.
    Admin(u16),
    /// Administrators who see the case.
    AdminOfCase(u16),
    /// Whoever reads the audit.
    Audit(u16),
}

use May::Admin;
use May::AdminOfCase;
use May::AtTheDoor;
use May::Audit;
use May::Champion;
use May::Concern;
use May::Helped;
use May::Lead;
use May::Leads;
use May::OfTheService;
use May::OnDuty;
use May::SignedIn;
use May::Stranger;
use May::Team;
use May::Texts;
use May::TextsOfTheService;

/// Every route of the pages, in an order in which a case can live through them.
const ROUTES: &[(&str, May)] = &[
    ("GET /", Stranger),
    ("GET /set-up", Stranger),
    ("POST /set-up", Stranger),
    ("GET /sign-in", Stranger),
    ("POST /sign-in", Stranger),
    ("GET /signed-out", Stranger),
    ("GET /invitation", Stranger),
    ("POST /invitation", Stranger),
    ("GET /assets/logo", Stranger),
    ("GET /assets/{name}", Stranger),
    ("GET /inbox", SignedIn(200)),
    ("GET /inbox/changes", SignedIn(200)),
    ("GET /inbox/search", Team(200)),
    ("POST /inbox/search", Team(200)),
    ("GET /inbox/events", SignedIn(200)),
    // Nothing is chosen.
    ("POST /inbox/bulk", Team(422)),
    ("GET /inbox/me", SignedIn(200)),
    ("POST /inbox/me/test-alert", SignedIn(422)),
    ("POST /inbox/me/phone", SignedIn(303)),
    ("POST /inbox/duty/on", OnDuty(303)),
    ("POST /inbox/duty/off", SignedIn(303)),
    ("GET /inbox/away", Team(200)),
    ("POST /inbox/away", Team(303)),
    ("POST /inbox/away/end", Team(303)),
    ("GET /inbox/account", SignedIn(200)),
    ("POST /inbox/account/password", SignedIn(422)),
    ("POST /inbox/account/recovery-codes", SignedIn(422)),
    ("POST /inbox/account/remove-second-factor", SignedIn(422)),
    ("POST /inbox/account/end-session", SignedIn(303)),
    ("POST /inbox/account/end-others", SignedIn(303)),
    ("GET /inbox/texts", Texts(200)),
    ("POST /inbox/texts", TextsOfTheService(303)),
    ("POST /inbox/texts/{id}", TextsOfTheService(303)),
    ("POST /inbox/texts/{id}/remove", TextsOfTheService(303)),
    ("GET /inbox/views", Team(200)),
    ("POST /inbox/views", Team(303)),
    ("POST /inbox/views/{id}", Team(303)),
    ("POST /inbox/views/{id}/share", Leads(303)),
    ("POST /inbox/views/{id}/unshare", Leads(303)),
    ("POST /inbox/views/{id}/remove", Team(303)),
    ("GET /inbox/labels", Texts(200)),
    ("POST /inbox/labels", TextsOfTheService(303)),
    ("POST /inbox/labels/{id}", TextsOfTheService(303)),
    ("POST /inbox/labels/{id}/retire", TextsOfTheService(303)),
    ("POST /inbox/labels/{id}/use-again", TextsOfTheService(303)),
    ("GET /inbox/examples", Leads(200)),
    ("POST /inbox/examples/{id}/remove", OnDuty(303)),
    ("GET /inbox/referrals/{reference}", Helped(200)),
    ("POST /inbox/referrals/{reference}/note", Helped(303)),
    ("POST /inbox/referrals/{reference}/raise", Champion(303)),
    ("POST /inbox/referrals/{reference}/lend", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/give-back", Helped(303)),
    ("POST /inbox/referrals/{reference}/here", OfTheService(200)),
    ("POST /inbox/referrals/{reference}/claim", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/release", OfTheService(303)),
    // Nobody is put aside while a concern is open.
    ("POST /inbox/referrals/{reference}/put-aside", OfTheService(422)),
    ("POST /inbox/referrals/{reference}/bring-back", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/reached", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/transfer", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/take-over", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/restrict", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/lift", OfTheService(303)),
    // Nobody has stepped back.
    ("POST /inbox/referrals/{reference}/let-back", Lead(409)),
    ("POST /inbox/referrals/{reference}/hand-back", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/contact", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/reply/draft", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/note/draft", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/reply", OfTheService(303)),
    // No text waits.
    ("POST /inbox/referrals/{reference}/later", OfTheService(409)),
    ("POST /inbox/referrals/{reference}/themes", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/label", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/label-off", OfTheService(303)),
    ("POST /inbox/referrals/{reference}/accept", OfTheService(303)),
    ("GET /inbox/concerns/{id}", Concern(200)),
    ("POST /inbox/concerns/{id}/not-reached", Concern(303)),
    ("POST /inbox/concerns/{id}/acknowledge", Concern(303)),
    ("POST /inbox/referrals/{reference}/close", OfTheService(303)),
    // Of a case that has ended.
    ("POST /inbox/referrals/{reference}/decline", OfTheService(409)),
    ("POST /inbox/messages/{id}/concern", OfTheService(303)),
    // With no other case: nobody is joined to nobody.
    ("GET /inbox/referrals/{reference}/same", OfTheService(422)),
    ("POST /inbox/referrals/{reference}/merge", OfTheService(422)),
    ("POST /inbox/referrals/{reference}/not-same", OfTheService(422)),
    ("POST /inbox/referrals/{reference}/split", OfTheService(422)),
    ("GET /inbox/referrals/{reference}/example", Lead(200)),
    ("POST /inbox/referrals/{reference}/example", Lead(303)),
    ("GET /inbox/referrals/{reference}/without-name", OfTheService(200)),
    ("GET /inbox/referrals/{reference}/person", AdminOfCase(200)),
    ("POST /inbox/referrals/{reference}/export", AdminOfCase(200)),
    ("POST /inbox/referrals/{reference}/keep", AdminOfCase(303)),
    ("POST /inbox/referrals/{reference}/keep-no-longer", AdminOfCase(303)),
    ("POST /inbox/referrals/{reference}/erase", AdminOfCase(422)),
    // Afterwards they see nothing of it. A volunteer champion has given it back before.
    ("POST /inbox/referrals/{reference}/step-back", OfTheService(303)),
    ("GET /inbox/audit", Audit(200)),
    ("GET /inbox/people", Admin(200)),
    ("POST /inbox/people/invite", Admin(200)),
    ("POST /inbox/people/invitations/{id}/withdraw", Admin(303)),
    ("GET /inbox/people/{id}/practices", Admin(200)),
    ("POST /inbox/people/{id}/practices", Admin(303)),
    ("POST /inbox/people/{id}/remove-second-factor", Admin(303)),
    ("POST /inbox/people/{id}/stop", Admin(303)),
    ("POST /inbox/people/{id}/resume", Admin(303)),
    ("GET /second-factor", AtTheDoor(200)),
    ("POST /second-factor", AtTheDoor(422)),
    ("POST /sign-out", AtTheDoor(303)),
];

impl May {
    /// What this role is answered about a case to which they stand so.
    fn answer(self, role: Role, place: Place) -> Option<u16> {
        let helps = place == Place::Lent;
        let leads = matches!(role, Role::Admin | Role::DutyLead | Role::SafeguardingLead);
        let answers = leads || role == Role::LinkWorker;
        let of_the_service = match place {
            Place::Ours | Place::OwnPractice => answers,
            Place::Foreign | Place::OtherPractice => role == Role::Admin,
            Place::Lent | Place::Restricted => false,
        };
        let hears = of_the_service || (matches!(place, Place::Restricted | Place::OtherPractice) && leads);
        let (may, answer) = match self {
            Stranger => return None,
            AtTheDoor(answer) | SignedIn(answer) => (true, answer),
            Team(answer) => (role != Role::VolunteerChampion, answer),
            OfTheService(answer) => (of_the_service, answer),
            Helped(answer) => (of_the_service || helps, answer),
            Champion(answer) => (helps, answer),
            Concern(answer) => (hears, answer),
            OnDuty(answer) => (leads && (place != Place::Foreign || role == Role::Admin), answer),
            Lead(answer) => (of_the_service && leads, answer),
            Leads(answer) => (leads, answer),
            Texts(answer) => (matches!(role, Role::Admin | Role::DutyLead), answer),
            TextsOfTheService(answer) => {
                (role == Role::Admin || (place != Place::Foreign && role == Role::DutyLead), answer)
            }
            Admin(answer) => (role == Role::Admin, answer),
            AdminOfCase(answer) => (of_the_service && role == Role::Admin, answer),
            Audit(answer) => (matches!(role, Role::Admin | Role::Auditor), answer),
        };
        Some(if may { answer } else { 404 })
    }
}

/// What the routes are asked about.
#[derive(Clone)]
struct Things {
    reference: Reference,
    concern: ConcernId,
    message: InboundId,
    ready_text: ReadyTextId,
    label: LabelId,
    example: ExampleId,
    view: SavedViewId,
    colleague: String,
    champion: String,
    /// Whoever asks.
    me: String,
}

impl Things {
    /// Names of nothing.
    fn nowhere() -> Self {
        Self {
            reference: "FB-222222".parse().expect("a reference"),
            concern: ConcernId(uuid::Uuid::from_u128(1)),
            message: InboundId(uuid::Uuid::from_u128(1)),
            ready_text: ReadyTextId(uuid::Uuid::from_u128(1)),
            label: LabelId(uuid::Uuid::from_u128(1)),
            example: ExampleId(uuid::Uuid::from_u128(1)),
            view: SavedViewId(uuid::Uuid::from_u128(1)),
            colleague: uuid::Uuid::from_u128(1).to_string(),
            champion: uuid::Uuid::from_u128(1).to_string(),
            me: uuid::Uuid::from_u128(1).to_string(),
        }
    }

    fn path(&self, route: &str) -> String {
        let id = match route {
            route if route.starts_with("/inbox/concerns") => self.concern.to_string(),
            route if route.starts_with("/inbox/texts") => self.ready_text.to_string(),
            route if route.starts_with("/inbox/labels") => self.label.to_string(),
            route if route.starts_with("/inbox/examples") => self.example.to_string(),
            route if route.starts_with("/inbox/views") => self.view.to_string(),
            route if route.starts_with("/inbox/messages") => self.message.to_string(),
            _ => self.colleague.clone(),
        };
        let asked =
            if route.ends_with("/example") { format!("?message={}", self.message) } else { String::new() };
        route.replace("{reference}", self.reference.as_str()).replace("{id}", &id) + &asked
    }
}

/// Somebody of the service with a case, a text and an open concern.
async fn somebody(app: &TestApp, number: u32, (colleague, champion): (&str, &str)) -> Things {
    let service: ServiceId = OURS.parse().expect("a name");
    let written = app.house.store.write(move |tx| {
        let service = service.clone();
        async move {
            let inbound = people::text(&format!("SM{number}"), number, "better off without me");
            let noted = tx.note_inbound(&inbound, &service).await?.expect("a new text");
            let address = tx.find_or_open_address(ChannelKind::Sms, &people::mobile(number), at(0)).await?;
            let person = tx.find_or_open_person(address.id, &service, &Language::english(), at(0)).await?;
            let content = Content::Text { body: Words("better off without me".to_owned()), network: None };
            tx.place_inbound(noted.id, person.id, None, &content).await?;
            let referral = tx.find_or_open_referral(person.id, &service, at(0)).await?;
            let practice = "quayside".parse().expect("a name");
            tx.route_referral(referral.id, Some(&practice), None, at(0)).await?;
            let concern = NewConcern {
                person: person.id,
                session: None,
                inbound: Some(noted.id),
                service,
                category: ConcernCategory::Suicide,
                rule: "burden".parse().expect("a name"),
                rules_version: "1".to_owned(),
                words: ConcernWords { text: Words("better off without me".to_owned()), found: 0..6 },
            };
            let ready = ReadyWords { title: Words("Ring".to_owned()), text: Words("May I ring?".to_owned()) };
            let ready = tx.add_ready_text(&concern.service, &ready, at(0)).await?;
            let label = Words(format!("Winter {number}"));
            let label = tx.add_label(&concern.service, &label, at(0)).await?;
            let example = ExampleBody {
                text: Words("better off".to_owned()),
                language: Language::english(),
                concerns: Vec::new(),
                themes: Vec::new(),
            };
            let example = tx.add_example(&concern.service, &example, at(0)).await?;
            let concern = tx.raise_concern(&concern, at(0)).await?;
            Ok((referral.reference, concern, noted.id, (ready, label, example)))
        }
        .boxed()
    });
    let (reference, concern, message, (ready_text, label, example)) = written.await.expect("a case");
    Things {
        reference,
        concern,
        message,
        ready_text,
        label,
        example,
        view: SavedViewId(uuid::Uuid::from_u128(1)),
        colleague: colleague.to_owned(),
        champion: champion.to_owned(),
        me: String::new(),
    }
}

/// Sends what a person at the page would send.
async fn ask(worker: &Worker, route: &str, things: &Things) -> Page {
    let (method, route) = route.split_once(' ').expect("a method");
    let path = things.path(route);
    if method == "GET" {
        return worker.get(&path).await;
    }
    let case = worker.get(&format!("/inbox/referrals/{}", things.reference)).await;
    let shown = |name: &str| case.value(&format!("form[action$='/note'] [name={name}]"));
    let (version, key) = if case.status == 200 {
        (shown("version"), shown("key"))
    } else {
        ("1".to_owned(), "a key".to_owned())
    };
    let views = worker.get("/inbox/views").await;
    let of_view = views.value(&format!("[data-view='{}'] [name=version]", things.view));
    // Text and label were changed before, once or twice.
    let version = match route {
        route if route.starts_with("/inbox/views/") && !of_view.is_empty() => of_view,
        route if route.ends_with("/remove") || route.ends_with("/retire") => "2".to_owned(),
        route if route.ends_with("/use-again") => "3".to_owned(),
        _ => version,
    };
    // No two labels of a service are called the same.
    let name = format!("{} {}", things.label, route.len()).chars().skip(24).collect::<String>();
    let label = things.label.to_string();
    let message = things.message.to_string();
    let minutes = "15";
    let fields = [
        ("version", version.as_str()),
        ("key", &key),
        ("title", "May I ring?"),
        ("kind", "call"),
        ("result", "no-answer"),
        ("text", "May I ring you?"),
        ("reason", "out-of-area"),
        ("outcome", "informed"),
        ("theme", "money"),
        ("safety", "none"),
        ("message", &message),
        ("language", "en"),
        ("done", "Rang her"),
        ("tried", "Rang, no answer"),
        ("minutes", minutes),
        ("day", "2026-06-30"),
        ("time", "09:00"),
        ("why", "their-turn"),
        ("to", if route.ends_with("/lend") { &things.champion } else { &things.colleague }),
        ("agreed", "yes"),
        ("later", "01980000-0000-7000-8000-000000000001"),
        ("what", "take-back"),
        ("who", &things.me),
        ("from", "2026-06-22"),
        ("back", "2026-06-30"),
        ("service", OURS),
        ("phone", "07700 900555"),
        ("current", "not my password"),
        ("password", "not my password"),
        ("code", "AAAA-AAAA-AAAA"),
        ("secret", "no secret"),
        ("session", "0123456789abcdef"),
        ("email", "new@example.org"),
        ("role", "link-worker"),
        ("token", "no token"),
        ("name", &name),
        ("label", &label),
    ];
    worker.post(&path, &fields).await
}

/// What changes where anything is done: how many rows of each kind there are.
async fn traces(app: &TestApp) -> Vec<String> {
    let counts = [
        "audit WHERE action NOT IN ('sign-in', 'read-referral', 'read-audit')",
        "erasure",
        "not_same",
        "note",
        "ready_text",
        "contact",
        "draft",
        "later_text",
        "theme_correction",
        "label",
        "label WHERE version = 1 AND retired_at IS NULL",
        "case_label",
        "example",
        "saved_view",
        "saved_view WHERE version = 1 AND NOT shared",
        "outbox",
        "concern",
        "concern_try",
        "duty",
        "lent",
        "restriction",
        "stepped_back",
        "invitation",
        "staff_practice",
        "referral WHERE version = 1 AND owner IS NULL AND closed_at IS NULL",
        "referral WHERE later_until IS NOT NULL OR given_at IS NOT NULL OR undelivered_seen IS NOT NULL",
    ];
    let counts = counts.map(|of| format!("SELECT COUNT(*) AS rows_of_it FROM {of}")).join(" UNION ALL ");
    app.rows.texts(&format!("SELECT CAST(rows_of_it AS TEXT) FROM ({counts}) AS counted")).await
}

/// Where somebody stands to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In its service.
    Ours,
    /// In another.
    Foreign,
    /// In its service, and asked to help with it.
    Lent,
    /// In its service, and the case is restricted to a colleague.
    Restricted,
    /// In its service, and kept to its practice.
    OwnPractice,
    /// In its service, and kept to another practice.
    OtherPractice,
}

async fn keep_to(tx: &mut Tx, staff: StaffId, practice: &str) -> Result<(), StoreError> {
    let service: ServiceId = OURS.parse().expect("a name");
    tx.set_practices(staff, &[(service, practice.parse().expect("a name"))]).await
}

impl Place {
    const ALL: [Self; 6] =
        [Self::Ours, Self::Foreign, Self::Lent, Self::Restricted, Self::OwnPractice, Self::OtherPractice];

    /// Whether somebody in this role can stand so.
    fn is_for(self, role: Role) -> bool {
        match self {
            Self::Ours | Self::Foreign | Self::Restricted => true,
            Self::Lent => role == Role::VolunteerChampion,
            Self::OwnPractice | Self::OtherPractice => role.may_be_kept_to_practices(),
        }
    }
}

/// Puts somebody of this name where they stand to a case; says who they are.
async fn put(app: &TestApp, things: &Things, name: &str, place: Place) -> String {
    let (reference, email) = (things.reference.clone(), email_of(name));
    let written = app.house.store.write(move |tx| {
        let (reference, email) = (reference.clone(), email.clone());
        async move {
            let id = tx.staff_by_email(&email).await?.expect("an account").staff.id;
            let case = tx.referral(&reference).await?;
            match place {
                Place::Ours | Place::Foreign => {}
                Place::OwnPractice => keep_to(tx, id, "quayside").await?,
                Place::OtherPractice => keep_to(tx, id, "st-oswin").await?,
                Place::Lent => tx.lend(case.id, case.version, (id, id), at(0)).await?,
                Place::Restricted => {
                    let zed = tx.staff_by_email(&email_of("Zed")).await?.expect("an account").staff.id;
                    tx.restrict(case.person, &[zed]).await?;
                }
            }
            Ok(id.to_string())
        }
        .boxed()
    });
    written.await.expect("put")
}

/// A view that somebody keeps.
async fn view_of(app: &TestApp, who: &str) -> SavedViewId {
    let staff: StaffId = who.parse().expect("an id");
    let written = app.house.store.write(move |tx| {
        async move {
            let (name, query) = (Words("All of it".to_owned()), Words("show=open".to_owned()));
            tx.add_saved_view(staff, &ViewBody { name, query }, at(0)).await
        }
        .boxed()
    });
    written.await.expect("kept")
}

/// Asks for everything as somebody of this role in the service of the case, or in the other.
async fn walk(app: &TestApp, role: Role, place: Place, number: u32, others: (&str, &str)) {
    let name = format!("{}-{place:?}", role.as_str());
    let worker = app.colleague_of(&name, role, &[if place == Place::Foreign { THEIRS } else { OURS }]).await;
    let things = somebody(app, number, others).await;
    let me = put(app, &things, &name, place).await;
    let things = Things { view: view_of(app, &me).await, me, ..things };
    for (route, may) in ROUTES {
        let Some(expected) = may.answer(role, place) else { continue };
        let before = traces(app).await;
        let page = ask(&worker, route, &things).await;
        assert_eq!(page.status, expected, "{name}: {route}: {}", page.body);
        if expected == 404 {
            assert_eq!(traces(app).await, before, "{name}: {route}");
            let nowhere = ask(&worker, route, &Things::nowhere()).await;
            let same = (nowhere.status, &nowhere.body) == (page.status, &page.body);
            assert!(same, "{name}: {route} tells what is foreign from what is not there");
        }
    }
}

on_both_stores! {
    async fn every_role_gets_what_it_may_have_and_nothing_of_a_foreign_service(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        app.worker("Zed").await;
        app.colleague("Vi", Role::VolunteerChampion).await;
        let (colleague, champion) = (id_of(&ann, "Zed").await, id_of(&ann, "Vi").await);
        for (count, role) in (0..).zip(Role::ALL) {
            for (more, place) in (0..).zip(Place::ALL) {
                if !place.is_for(role) {
                    continue;
                }
                enrol_or_again(&app, "Zed").await;
                walk(&app, role, place, 10 + 6 * count + more, (&colleague, &champion)).await;
            }
        }
        app.forget_the_unsent();
    }

    async fn the_queue_and_the_duty_of_a_foreign_service_are_not_shown(store: TestStore) {
        let app = TestApp::on(store).await;
        let case = somebody(&app, 1, ("", "")).await;
        for role in Role::ALL {
            for (service, own) in [(OURS, !matches!(role, Role::Auditor | Role::VolunteerChampion)), (THEIRS, role == Role::Admin)] {
                let worker = app.colleague_of(&format!("{}-{service}", role.as_str()), role, &[service]).await;
                for view in ["needs-reply", "unassigned", "mine", "later", "undelivered", "open", "closed"] {
                    let seen = worker.queue(view).await;
                    let expected = own && matches!(view, "needs-reply" | "unassigned" | "open");
                    assert_eq!(seen.iter().any(|(row, _)| *row == case.reference.to_string()), expected, "{role:?} {view}");
                }
                let duty = worker.get("/inbox").await.attributes("[data-duty]", "data-duty");
                assert_eq!(duty.contains(&OURS.to_owned()), own, "{role:?}");
            }
        }
    }

    async fn nobody_who_is_not_signed_in_gets_further_than_the_door(store: TestStore) {
        let app = TestApp::on(store).await;
        let things = somebody(&app, 1, ("", "")).await;
        let stranger = app.stranger();
        let before = traces(&app).await;
        for (route, may) in ROUTES {
            let page = ask(&stranger, route, &things).await;
            match may {
                Stranger => assert!(!page.body.contains("You have been signed out"), "{route}"),
                AtTheDoor(_) | SignedIn(_) | Team(_) | OfTheService(_) | Helped(_) | Champion(_) | Concern(_) | OnDuty(_) | Lead(_) | Leads(_) | Texts(_) | TextsOfTheService(_) | Admin(_) | AdminOfCase(_) | Audit(_) if route.starts_with("GET") => {
                    page.went_to("/sign-in");
                }
                AtTheDoor(_) | SignedIn(_) | Team(_) | OfTheService(_) | Helped(_) | Champion(_) | Concern(_) | OnDuty(_) | Lead(_) | Leads(_) | Texts(_) | TextsOfTheService(_) | Admin(_) | AdminOfCase(_) | Audit(_) => {
                    assert_eq!(page.status, 401, "{route}");
                }
            }
        }
        assert_eq!(traces(&app).await, before);
    }

    async fn nobody_without_the_second_factor_that_is_required_gets_further_than_setting_it_up(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.require_second_factor().await;
        let things = somebody(&app, 1, ("", "")).await;
        let before = traces(&app).await;
        for role in Role::ALL {
            let worker = app.colleague(role.as_str(), role).await;
            for (route, may) in ROUTES {
                match may {
                    Stranger => {}
                    AtTheDoor(answer) => assert_eq!(ask(&worker, route, &things).await.status, *answer, "{route}"),
                    SignedIn(_) | Team(_) | OfTheService(_) | Helped(_) | Champion(_) | Concern(_) | OnDuty(_) | Lead(_) | Leads(_) | Texts(_) | TextsOfTheService(_) | Admin(_) | AdminOfCase(_) | Audit(_) if route.starts_with("GET") => {
                        ask(&worker, route, &things).await.went_to("/second-factor");
                    }
                    SignedIn(_) | Team(_) | OfTheService(_) | Helped(_) | Champion(_) | Concern(_) | OnDuty(_) | Lead(_) | Leads(_) | Texts(_) | TextsOfTheService(_) | Admin(_) | AdminOfCase(_) | Audit(_) => {
                        assert_eq!(ask(&worker, route, &things).await.status, 403, "{route}");
                    }
                }
            }
        }
        assert_eq!(traces(&app).await, before);
    }
}

/// A route that is added without a line in the table fails here.
#[test]
fn every_route_of_the_pages_stands_in_the_table() {
    let source = include_str!("../../src/inbox/mod.rs");
    let code = source
        .replace("&format!(\"{case}", "\"/inbox/referrals/{reference}")
        .replace("route(case,", "route(\"/inbox/referrals/{reference}\",");
    let mut found = BTreeSet::new();
    for call in code.split(".route(").skip(1) {
        let call = call.split("\n        .").next().unwrap_or_default();
        let path = call.split('"').nth(1).expect("a path");
        for (mark, method) in [("get(", "GET"), ("post(", "POST")] {
            if call.contains(mark) {
                found.insert(format!("{method} {path}"));
            }
        }
    }
    let table: BTreeSet<String> = ROUTES.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(found, table);
}
