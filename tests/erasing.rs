//! Exporting and erasing a person: all is told, nothing reads them any more, no restore brings them back, and whoever writes next is new.

use std::path::Path;
use std::time::Duration;

use footbridge::domain::ids::Reference;
use footbridge::domain::staff::Role;
use footbridge::domain::time::Timestamp;
use footbridge::store::Settings;
use footbridge::store::erasure::Erasure;
use footbridge::store::erasure_ground::Ground;
use footbridge::store::outbox::Author;
use footbridge::store::retention::Ended;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::page::Page;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::process::outcome_told;
use crate::support::rows::Rows;
use crate::support::stores::SECRET_KEY;
use crate::support::stores::TestStore;
use crate::support::worker::Worker;

const JOAN: &str = "+447700900123";
/// Somebody is on the way to be erased, and then the light goes out.
const BREAK_OFF: &str =
    "INSERT INTO erasure (person, erased_at) SELECT id, 1 FROM person RETURNING 'broken off'";
const READABLE: &str = "SELECT COUNT(*) FROM inbound WHERE body_sealed IS NOT NULL";
const WORDS: &str = "company in the afternoons";

/// A terminal beside the server of this database.
struct Terminal<'a> {
    folder: &'a Path,
    database_url: &'a str,
}

impl Terminal<'_> {
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        outcome(self.command(arguments))
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let settings =
            [("FOOTBRIDGE_DATABASE_URL", self.database_url), ("FOOTBRIDGE_SECRET_KEY", SECRET_KEY)];
        footbridge(self.folder, arguments, &settings)
    }

    fn does(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        said
    }

    fn does_not(&self, arguments: &[&str], why: &str) {
        let (code, said) = self.run(arguments);
        assert!(code == 1 && said.contains(why), "{arguments:?}: {code} {said}");
    }
}

async fn somewhere_else(store: &TestStore) -> (Settings, String) {
    (store.settings.clone(), TestStore::empty_url_like(store).await)
}

/// One text is begun, and another waits for its day.
async fn begin_and_put_off(app: &TestApp, sam: &Worker, reference: &str) {
    sam.press(reference, "reply/draft", &[("text", "Dear Joan, the choir")]).await;
    let later = [("text", "until Monday then"), ("when", "chosen"), ("day", "2026-06-30"), ("time", "09:00")];
    app.worker("Priya").await.press(reference, "reply", &later).await;
}

on_both_stores! {
    async fn everything_that_is_held_of_a_person_is_printed_for_them(store: TestStore) {
        let (settings, folder) = (store.settings.clone(), tempfile::tempdir().expect("a folder"));
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        sam.press(&reference, "note", &[("text", "she bakes scones")]).await;
        sam.press(&reference, "contact", &[("kind", "call"), ("result", "no-answer"), ("text", "the bell is broken")]).await;
        begin_and_put_off(&app, &sam, &reference).await;
        let here = Terminal { folder: folder.path(), database_url: &settings.database_url };
        let text = here.does(&["admin", "export-person", &reference]);
        let json = here.does(&["admin", "export-person", &reference, "--format", "json"]);
        for held in [JOAN, WORDS, "I bake, and I used to teach", "she bakes scones", "the bell is broken", "Dear Joan, the choir", "until Monday then", "Sam", "read-referral", "pass-on", &reference] {
            assert!(text.contains(held) && json.contains(held), "{held}: {text}");
        }
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["messages"].as_array().map(Vec::len), Some(24), "both ways");
        assert_eq!(json["who_read_and_did_what"][0]["who"], "Sam");
        assert!(here.does(&["admin", "export-person", &reference]).contains("did: export-person"), "audited");
        here.does_not(&["admin", "export-person", "FB-222222"], "there is no referral");
    }

    async fn who_is_erased_is_read_nowhere_and_no_restore_brings_them_back(store: TestStore) {
        let ((settings, elsewhere), folder) = (somewhere_else(&store).await, tempfile::tempdir().expect("a folder"));
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        sam.press(&reference, "note", &[("text", "she bakes scones")]).await;
        sam.press(&reference, "contact", &[("kind", "call"), ("result", "no-answer"), ("text", "the bell is broken")]).await;
        begin_and_put_off(&app, &sam, &reference).await;
        let here = Terminal { folder: folder.path(), database_url: &settings.database_url };
        here.does(&["backup", "copy"]);
        here.does_not(&["admin", "erase-person", &reference], "run the same with --yes");
        let before = sam.case(&reference).await;
        assert!(here.does(&["admin", "handover", &reference]).contains(WORDS));
        assert!(sam.case(&reference).await.body.contains(WORDS));

        let said = here.does(&["admin", "erase-person", &reference, "--yes", "--key-backups-kept", "14"]);
        assert!(said.contains("no backup of the key store can be read either") && said.contains("14 days"), "{said}");
        let (_, row) = sam.queue("closed").await.remove(0);
        assert!(row.contains("This person was erased") && row.contains("Erased"), "{row}");
        for other in ["First contact only", "No name yet", "Has not said yet", "No messages"] {
            assert!(!row.contains(other), "{row}");
        }
        let page = sam.case(&reference).await;
        for gone in [WORDS, "Joan", "scones", "the bell", "the choir", "900123", "Alder Vale Surgery"] {
            assert!(!page.body.contains(gone), "{gone}");
        }
        assert_eq!(page.attributes("[data-warning]", "data-warning"), ["erased"]);
        assert_eq!(page.attributes("main form", "action"), Vec::<String>::new(), "nothing is left to work on");
        let handover = here.does(&["admin", "handover", &reference]);
        assert!(handover.contains("was erased on") && !handover.contains(WORDS), "{handover}");
        for (deed, field) in [
            ("note", Some(("text", "more"))),
            ("reply", Some(("text", "more"))),
            ("reply/draft", Some(("text", "more"))),
            ("note/draft", None),
            ("themes", Some(("theme", "people"))),
            ("decline", Some(("reason", "not-wanted"))),
            ("close", Some(("outcome", "connected"))),
            ("claim", None),
            ("take-over", None),
            ("hand-back", None),
            ("release", None),
            ("accept", None),
        ] {
            let fields: Vec<_> = field.into_iter().collect();
            let refused = sam.press_on(&before, &reference, deed, &fields).await;
            assert!(refused.status == 410 && refused.body.contains("was erased"), "{deed}: {}", refused.body);
        }
        let mark = before.attributes("form[action^='/inbox/messages/']", "action").remove(0);
        assert_eq!(sam.post(&mark, &[("version", "1"), ("key", "another")]).await.status, 410);
        assert_eq!(Rows(settings.database_url.clone()).count("SELECT COUNT(*) FROM concern").await, 0);
        let rows = Rows(settings.database_url.clone());
        assert_eq!(rows.count("SELECT COUNT(*) FROM contact WHERE note_sealed IS NOT NULL").await, 0);
        assert_eq!(rows.count("SELECT COUNT(*) FROM draft").await, 0);
        assert_eq!(rows.count("SELECT COUNT(*) FROM later_text").await, 0);

        let there = Terminal { folder: folder.path(), database_url: &elsewhere };
        let said = there.does(&["restore", "copy"]);
        assert!(said.contains("are erased here too: 1."), "{said}");
        let handover = there.does(&["admin", "handover", &reference]);
        assert!(handover.contains("was erased on") && !handover.contains(WORDS), "{handover}");
        for rows in [Rows(settings.database_url.clone()), Rows(elsewhere.clone())] {
            assert_eq!(rows.count("SELECT COUNT(*) FROM person_address").await, 0);
            assert_eq!(rows.count("SELECT COUNT(*) FROM outbox WHERE state = 'ready'").await, 0);
            assert_eq!(rows.count("SELECT COUNT(*) FROM deadline WHERE NOT done").await, 0);
        }

        app.sms(JOAN, "hello").await;
        app.assert_said(&["welcome, for-whom"]);
        assert_eq!(Rows(settings.database_url.clone()).count("SELECT COUNT(*) FROM person").await, 2, "somebody new");
    }

    async fn an_administrator_gives_a_copy_and_erases_in_the_inbox(store: TestStore) {
        let settings = store.settings.clone();
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let (ann, sam) = (app.colleague("Ann", Role::Admin).await, app.worker("Sam").await);
        let (reference, _) = sam.queue("needs-us").await.remove(0);
        let case = format!("/inbox/referrals/{reference}");
        assert!(ann.case(&reference).await.attributes("a", "href").contains(&format!("{case}/person")));
        assert!(!sam.case(&reference).await.body.contains("/person"));
        assert!(ann.get(&format!("{case}/person")).await.body.contains("12 from them"));
        for format in ["text", "json"] {
            let copy = ann.post(&format!("{case}/export"), &[("format", format)]).await;
            assert!(copy.status == 200 && copy.body.contains(WORDS) && copy.body.contains(JOAN), "{}", copy.body);
            assert_eq!(serde_json::from_str::<serde_json::Value>(&copy.body).is_ok(), format == "json");
        }
        let erase = async |again: &str, reason: &str, days: &str| {
            ann.post(&format!("{case}/erase"), &[("again", again), ("reason", reason), ("days", days)]).await
        };
        let asked = "erase-as-they-asked";
        for (again, reason, days, why) in [
            ("FB-222222", asked, "30", "not the reference of this case"),
            (reference.as_str(), "", "30", "choose why"),
            (reference.as_str(), asked, "a month", "say in figures"),
        ] {
            let refused = erase(again, reason, days).await;
            assert!(refused.status == 422 && refused.body.contains(why), "{}", refused.body);
            assert_eq!((refused.value("[name=again]"), refused.value("[name=days]")), (again.to_owned(), days.to_owned()));
        }
        assert!(sam.case(&reference).await.body.contains(WORDS), "nothing was erased");

        let erased = erase(&reference.to_lowercase(), asked, "14").await;
        assert!(erased.status == 200 && erased.body.contains("no back-up of the keys can be read either"), "{}", erased.body);
        assert!(!sam.case(&reference).await.body.contains(WORDS));
        assert_eq!(erase(&reference, asked, "14").await.status, 410);
        assert_eq!(ann.post(&format!("{case}/export"), &[]).await.status, 410);
        let list = std::fs::read_to_string(&settings.erasures).expect("the list");
        assert_eq!(list.lines().count(), 1, "a restore of an older backup erases them again");
        let page = ann.get(&format!("/inbox/audit?about={reference}")).await.all("[data-audit]").join(" ");
        for noted in ["Ann: export person", "Ann: erase as they asked", "Ann: erase person"] {
            assert!(page.contains(noted), "{noted}: {page}");
        }
    }

    async fn an_erasure_that_broke_off_is_finished_within_the_hour(store: TestStore) {
        let (rows, list) = (Rows(store.settings.database_url.clone()), store.settings.erasures.clone());
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        rows.texts(BREAK_OFF).await;
        assert!(0 < rows.count(READABLE).await);
        app.wait(Duration::from_secs(7200)).await;
        assert_eq!(rows.count(READABLE).await, 0);
        assert_eq!(std::fs::read_to_string(&list).expect("the list").lines().count(), 1);
        let audited = "SELECT COUNT(*) FROM audit WHERE action = 'erase-person'";
        assert_eq!(rows.count(audited).await, 1);
        app.wait(Duration::from_secs(7200)).await;
        assert_eq!(rows.count(audited).await, 1, "what is finished is left alone");
        app.look();
        app.forget_the_unsent();
    }

    async fn an_erasure_that_broke_off_is_finished_by_hand(store: TestStore) {
        let rows = Rows(store.settings.database_url.clone());
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let (reference, _) = ann.queue("needs-us").await.remove(0);
        let case = format!("/inbox/referrals/{reference}");
        ann.case(&reference).await;
        rows.texts(BREAK_OFF).await;
        let page = ann.get(&format!("{case}/person")).await;
        assert_eq!(page.attributes("[data-warning]", "data-warning"), ["unfinished"]);
        let fields = [("again", reference.as_str()), ("reason", "erase-as-they-asked"), ("days", "30")];
        let erased = ann.post(&format!("{case}/erase"), &fields).await;
        assert_eq!(erased.status, 200, "{}", erased.body);
        assert_eq!(erased.attributes("[data-warning]", "data-warning"), ["erased"]);
        assert_eq!(rows.count(READABLE).await, 0);
        assert_eq!(rows.count("SELECT COUNT(*) FROM presence").await, 0);
        assert_eq!(ann.post(&format!("{case}/erase"), &fields).await.status, 410, "there is nothing left to finish");
    }

    async fn what_comes_between_the_look_and_the_deed_spares_them(store: TestStore) {
        let (rows, list) = (Rows(store.settings.database_url.clone()), store.settings.erasures.clone());
        let mut app = TestApp::on(store).await;
        app.sms(JOAN, "I want to end my life").await;
        let reference = rows.texts("SELECT reference FROM referral").await.remove(0);
        let reference: Reference = reference.parse().expect("a reference");
        let person = app.house.store.read().await.expect("a reader").referral(&reference).await.expect("a case").person;
        let now = Timestamp::from_micros(1);
        let ended = Ended { person, reference: reference.to_string(), last_at: now };
        let rule = Ground::Rule("alder-vale".parse().expect("a name"), ended, now);
        for ground in [Ground::Reason("erase-as-they-asked", reference.clone()), rule] {
            let spared = app.house.store.erase_on(ground, Erasure { person, erased_at: now }, Author::System, now).await;
            assert_eq!(spared.expect("an answer"), None);
        }
        assert_eq!(rows.count("SELECT COUNT(*) FROM audit WHERE action LIKE 'erase-%'").await, 0);
        assert_eq!(rows.count("SELECT COUNT(*) FROM erasure").await, 0);
        assert_eq!(std::fs::read_to_string(&list).expect("the list"), "", "no restore erases them either");
        assert!(0 < rows.count(READABLE).await);
        let ordered = app.house.store.erase(Erasure { person, erased_at: now }, Author::System, now).await;
        ordered.expect("an operator may");
        assert_eq!(rows.count(READABLE).await, 0);
        assert_eq!(std::fs::read_to_string(&list).expect("the list").lines().count(), 1);
        app.look();
        app.forget_the_unsent();
    }

    async fn nobody_about_whom_a_concern_is_open_is_erased_in_the_inbox(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.sms(JOAN, "I want to end my life").await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let (reference, _) = ann.queue("needs-us").await.remove(0);
        let page = ann.get(&format!("/inbox/referrals/{reference}/person")).await;
        assert_eq!(page.all("[data-open-concern]").len(), 1);
        assert_eq!(page.attributes("form[action$='/erase']", "action").len(), 0);
        let fields = [("again", reference.as_str()), ("reason", "erase-as-they-asked"), ("days", "30")];
        let refused = ann.post(&format!("/inbox/referrals/{reference}/erase"), &fields).await;
        assert!(refused.status == 422 && refused.body.contains("a concern about them is open"), "{}", refused.body);
        app.look();
    }

    async fn a_list_from_elsewhere_erases_what_a_restore_by_hand_brought_back(store: TestStore) {
        let ((settings, elsewhere), folder) = (somewhere_else(&store).await, tempfile::tempdir().expect("a folder"));
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        let here = Terminal { folder: folder.path(), database_url: &settings.database_url };
        here.does(&["backup", "copy"]);
        let list = folder.path().join("list.txt");
        let mut erase = here.command(&["admin", "erase-person", "--phone", "--yes"]);
        erase.env("FOOTBRIDGE_ERASURES", &list);
        let (code, said) = outcome_told(erase, "07700 900123\n");
        assert_eq!(code, 0, "{said}");
        let (code, said) = outcome_told(here.command(&["admin", "erase-person", "--phone"]), "07700 900123\n");
        assert!(code == 1 && said.contains("nobody has texted"), "{said}");

        let there = Terminal { folder: folder.path(), database_url: &elsewhere };
        assert!(there.does(&["restore", "copy"]).contains("are erased here too: 0."), "the list is not where it looks");
        assert!(there.does(&["admin", "handover", &reference]).contains(WORDS));
        let mut replay = there.command(&["admin", "replay-erasures"]);
        replay.env("FOOTBRIDGE_ERASURES", &list);
        let (code, said) = outcome(replay);
        assert!(code == 0 && said.contains("erased here: 1."), "{said}");
        assert!(!there.does(&["admin", "handover", &reference]).contains(WORDS));
    }

    async fn an_open_concern_is_read_before_anybody_is_erased(store: TestStore) {
        let (settings, folder) = (store.settings.clone(), tempfile::tempdir().expect("a folder"));
        let mut app = TestApp::on(store).await;
        app.sms(JOAN, "I want to kill myself").await;
        assert_eq!(app.look().len(), 1, "a safety reply");
        let sam = app.worker("Sam").await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        let here = Terminal { folder: folder.path(), database_url: &settings.database_url };
        here.does_not(&["admin", "erase-person", &reference, "--yes"], "Acknowledge it in the inbox first");
        here.does(&["admin", "erase-person", &reference, "--yes", "--even-with-an-open-concern"]);
        let page = sam.case(&reference).await;
        assert!(!page.body.contains("kill myself"));
        let only = |page: &Page| page.attributes("main form", "action").concat();
        assert!(only(&page).ends_with("/acknowledge") && only(&page).matches("/inbox/").count() == 1, "{}", only(&page));
        let concern = page.attributes("[data-concern]", "data-concern").remove(0);
        let alone = sam.get(&format!("/inbox/concerns/{concern}")).await;
        assert_eq!(only(&alone), only(&page));
        assert_eq!(alone.attributes("[data-warning]", "data-warning"), ["erased"]);
        let key = page.value("form[action$='/acknowledge'] [name=key]");
        let tried = [("key", "another"), ("tried", "rang"), ("minutes", "15")];
        assert_eq!(sam.post(&format!("/inbox/concerns/{concern}/not-reached"), &tried).await.status, 410);
        let path = format!("/inbox/concerns/{concern}/acknowledge");
        assert_eq!(sam.post(&path, &[("key", &key), ("done", "rang them")]).await.status, 303);
        assert_eq!(Rows(settings.database_url).count("SELECT COUNT(*) FROM concern WHERE acknowledged_at IS NULL").await, 0);
    }
}

/// How often these bytes stand in the file of a database and in its log.
fn in_the_file(database_url: &str, bytes: &str) -> usize {
    let file = database_url.trim_start_matches("sqlite://");
    let read = |name: String| std::fs::read(name).unwrap_or_default();
    let all = [read(file.to_owned()), read(format!("{file}-wal"))].concat();
    assert!(!all.is_empty());
    all.windows(bytes.len()).filter(|window| *window == bytes.as_bytes()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_practice_of_who_was_erased_stands_in_the_file_no_more() {
    let store = TestStore::sqlite().await;
    let (settings, folder) = (store.settings.clone(), tempfile::tempdir().expect("a folder"));
    let mut app = TestApp::on(store).await;
    app.talk(JOAN, &UNTIL_HANDED_OVER).await;
    let sam = app.worker("Sam").await;
    let (reference, _) = sam.queue("needs-reply").await.remove(0);
    let practice = Rows(settings.database_url.clone()).texts("SELECT practice FROM referral").await.remove(0);
    assert!(0 < in_the_file(&settings.database_url, &practice));
    let here = Terminal { folder: folder.path(), database_url: &settings.database_url };
    here.does(&["admin", "erase-person", &reference, "--yes"]);
    assert_eq!(in_the_file(&settings.database_url, &practice), 0, "{practice}");
}
