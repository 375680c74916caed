//! Examples: a message becomes one without the person, and the team measures with it.

use footbridge::domain::ids::PersonId;
use footbridge::domain::staff::Role;
use footbridge::store::erasure::Erasure;
use footbridge::store::outbox::Author;
use tempfile::TempDir;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::page::Page;
use crate::support::people::at;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::stores::SECRET_KEY;
use crate::support::worker::Worker;

const JOAN: &str = "07700 900123";
const LIST: &str = "/inbox/examples";
const WORDS: &str = "joan here, 07700 900123 at bn1 1aa. so lonley since the dog died";
const NAMELESS: &str = "[name] here, [number] at [postcode]. so lonley since the dog died";

/// Joan's case, in which she has said so.
async fn case_of_joan(app: &mut TestApp, worker: &Worker) -> String {
    app.talk(JOAN, &UNTIL_HANDED_OVER[..5]).await;
    app.talk(JOAN, &[(WORDS, "six")]).await;
    app.talk(JOAN, &UNTIL_HANDED_OVER[6..]).await;
    worker.queue("open").await.remove(0).0
}

/// The page on which a message of a case becomes an example.
async fn page_of(worker: &Worker, reference: &str, words: &str) -> Page {
    let case = worker.case(reference).await;
    let said = case.all("[data-part=thread] [data-from=person]:has(a[href*='/example?']) .fb-words");
    let links = case.attributes("[data-part=thread] [data-from=person] a[href*='/example?']", "href");
    let number = said.iter().position(|said| said == words).expect("the message");
    let page = worker.get(&links[number]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// Sends the form of the page with this text and these choices.
async fn add(worker: &Worker, page: &Page, reference: &str, text: &str, choices: &[(&str, &str)]) -> Page {
    let (key, message) = (page.value("[name=key]"), page.value("[name=message]"));
    let fields = [("key", key.as_str()), ("message", &message), ("text", text), ("language", "en")];
    worker.post(&format!("/inbox/referrals/{reference}/example"), &[&fields[..], choices].concat()).await
}

/// What the program prints and answers, on the database of the test.
fn run((url, folder): &(String, TempDir), arguments: &[&str]) -> (i32, String) {
    let settings = [("FOOTBRIDGE_DATABASE_URL", url.as_str()), ("FOOTBRIDGE_SECRET_KEY", SECRET_KEY)];
    outcome(footbridge(folder.path(), arguments, &settings))
}

const CHOSEN: [(&str, &str); 4] =
    [("safety", "none"), ("theme", "people"), ("theme", "bereavement"), ("agreed", "yes")];

on_both_stores! {
    async fn a_message_becomes_an_example_and_the_program_measures_with_it(store: TestStore) {
        let program = (store.settings.database_url.clone(), tempfile::tempdir().expect("a folder"));
        let mut app = TestApp::on(store).await;
        let lee = app.colleague("Lee", Role::SafeguardingLead).await;
        let joan = case_of_joan(&mut app, &lee).await;
        let page = page_of(&lee, &joan, WORDS).await;
        assert_eq!(page.all("#text"), [NAMELESS], "what tells who it is was taken out already");
        let text = "so lonley since the dog died, some days I want to end it";
        let chosen = [("safety", "suicide"), CHOSEN[1], CHOSEN[2], CHOSEN[3]];
        for _ in 0..2 {
            add(&lee, &page, &joan, text, &chosen).await.went_to(LIST);
        }
        let list = lee.get(LIST).await;
        assert_eq!(list.all("[data-example] .fb-words"), [text], "what is sent twice counts once");
        assert!(!list.body.contains(&joan), "and does not say whose words they were");
        let audit = "SELECT action || ' ' || subject_kind || ' ' || subject FROM audit WHERE action LIKE '%example%' ORDER BY number";
        let id = list.attributes("[data-example]", "data-example").remove(0);
        assert_eq!(app.rows.texts(audit).await, [format!("add-example example {id}")]);
        for (_, person) in app.rows.people_by_address().await {
            let erasure = Erasure { person: PersonId(person), erased_at: at(0) };
            app.house.store.erase(erasure, Author::System, at(0)).await.expect("erased");
        }
        for (kind, line, measured) in [
            ("safety", r#""lang":"en","labels":["suicide"]}"#, "Of 1 messages with a label 1 raised a concern"),
            ("themes", r#""lang":"en","themes":["people","bereavement"]}"#, "bereavement"),
        ] {
            let (code, lines) = run(&program, &["admin", "examples", "--kind", kind]);
            assert_eq!((code, lines.as_str()), (0, format!("{{\"text\":\"{text}\",{line}\n").as_str()));
            let file = program.1.path().join("ours.jsonl");
            std::fs::write(&file, lines).expect("a file");
            let (code, table) = run(&program, &["evaluate", kind, &file.display().to_string()]);
            assert!(code == 0 && table.contains(measured), "{code} {table}");
        }
        lee.post(&format!("{LIST}/{id}/remove"), &[]).await.went_to(LIST);
        assert_eq!(lee.get(LIST).await.all("[data-example]").len(), 0);
        assert_eq!(run(&program, &["admin", "examples", "--kind", "safety"]), (0, String::new()));
        let read = "read-examples-at-the-terminal example";
        let lines = ["add-example", "remove-example"].map(|deed| format!("{deed} example {id}"));
        let read = ["safety", "themes", "safety"].map(|kind| format!("{read} {kind}"));
        assert_eq!(
            app.rows.texts(audit).await,
            [&lines[0], &read[0], &read[1], &lines[1], &read[2]].map(Clone::clone)
        );
        app.forget_the_unsent();
    }

    async fn words_that_still_tell_who_it_is_are_refused_and_stay_in_the_box(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let lee = app.colleague("Lee", Role::DutyLead).await;
        let joan = case_of_joan(&mut app, &lee).await;
        let page = page_of(&lee, &joan, WORDS).await;
        for text in ["JOAN is lonely", "jo\u{200b}an’s dog", "ring 07700900123", "lonely at BN1 1AA", "joan.o@example.org"] {
            let refused = add(&lee, &page, &joan, text, &CHOSEN).await;
            assert!(refused.status == 422 && refused.body.contains("still stands in these words"), "{text}: {}", refused.body);
            assert_eq!(refused.all("#text"), [text], "what was typed stays");
            assert_eq!(refused.attributes("[checked]", "value"), ["none", "people", "bereavement"], "and what was ticked");
        }
        let text = "lonely since the dog died";
        for (choices, why) in [
            (&CHOSEN[1..], "urgently"),
            (&[CHOSEN[0], CHOSEN[3]], "what these words are about"),
            (&CHOSEN[..3], "tick that nobody"),
            (&[CHOSEN[0], ("safety", "abuse"), CHOSEN[1], CHOSEN[3]], "not both"),
        ] {
            let refused = add(&lee, &page, &joan, text, choices).await;
            assert!(refused.status == 422 && refused.body.contains(why), "{why}: {}", refused.body);
        }
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM example").await, 0);
        add(&lee, &page, &joan, text, &CHOSEN).await.went_to(LIST);
    }

    async fn who_does_not_lead_makes_no_example_and_sees_none(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let lee = app.colleague("Lee", Role::DutyLead).await;
        let joan = case_of_joan(&mut app, &lee).await;
        let page = page_of(&lee, &joan, WORDS).await;
        add(&lee, &page, &joan, "lonely", &CHOSEN).await.went_to(LIST);
        let id = lee.get(LIST).await.attributes("[data-example]", "data-example").remove(0);
        let sam = app.worker("Sam").await;
        assert!(sam.case(&joan).await.attributes("a[href*='/example?']", "href").is_empty());
        let message = page.value("[name=message]");
        let case = format!("/inbox/referrals/{joan}/example");
        assert_eq!(sam.get(&format!("{case}?message={message}")).await.status, 404);
        assert_eq!(add(&sam, &page, &joan, "lonely", &CHOSEN).await.status, 404);
        let far = app.colleague_of("Far", Role::DutyLead, &["dyffryn-gwern"]).await;
        assert!(far.get(LIST).await.all("[data-example]").is_empty());
        for other in [&sam, &far] {
            assert_eq!(other.post(&format!("{LIST}/{id}/remove"), &[]).await.status, 404);
        }
        assert_eq!(sam.get(LIST).await.status, 404);
        assert_eq!(lee.get(&case).await.status, 404, "no message is named");
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM example").await, 1);
    }
}
