//! The page of a case without name and number: nothing on it tells by itself who somebody is.

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::page::Page;
use crate::support::worker::Worker;

const JOAN: &str = "07700 900123";
/// What may stand nowhere on the page, whichever letters it is written in.
const IDENTIFYING: [&str; 10] =
    ["joan", "maggie", "okonkwo", "900123", "960555", "5zz", "1aa", "joan.o@", "4765919", "03/04/46"];

/// Everything that somebody may say of themselves.
const WORDS: &str = "I am joan, JOAN's knee hurts. Ring 01632 960555 or joan.o@example.org, ze981aa. \
    Born 03/04/46, NHS 943 476 5919";

/// The page of a case, and everything that its HTML says, with what could be hidden in it.
async fn unnamed(worker: &Worker, reference: &str) -> Page {
    let page = worker.get(&format!("/inbox/referrals/{reference}/without-name")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

#[track_caller]
fn assert_tells_nobody(page: &Page) {
    let bare: String = page.body.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    for word in IDENTIFYING {
        assert!(!bare.contains(word), "{word} stands in {}", page.body);
    }
}

on_both_stores! {
    async fn a_case_is_printed_without_name_and_number(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..3]).await;
        app.talk(JOAN, &[("Maggie Okonkwo", "practice"), ("ZE98 5ZZ", "matters")]).await;
        app.talk(JOAN, &[(WORDS, "six")]).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[6..11]).await;
        app.talk(JOAN, &[("my name is Joan Okonkwo", "check-changed, check"), ("yes", "handed-over, people")]).await;
        let reference = sam.queue("open").await.remove(0).0;
        sam.press(&reference, "claim", &[]).await;
        sam.press(&reference, "reply", &[("text", "Dear Mrs Okonkwo, may I ring 07700 900123?")]).await;
        sam.press(&reference, "note", &[("text", "Rang Jo\u{200b}an. Maggie is her middle name.")]).await;
        let call = [("kind", "call"), ("result", "no-answer"), ("text", "Joan’s son Tom answered")];
        sam.press(&reference, "contact", &call).await;
        app.settle().await;
        app.look();
        app.wait(std::time::Duration::from_secs(60)).await;
        app.sms(JOAN, "yes please, joan").await;
        app.look();
        let page = unnamed(&sam, &reference).await;
        assert_tells_nobody(&page);
        assert_eq!(page.all("h1"), [reference.as_str()]);
        let own = page.all("[data-part=own-words] [data-step=matters]").remove(0);
        assert!(own.starts_with("I am [name], [name] knee hurts. Ring [number] or [address]"), "{own}");
        assert_eq!(page.all("[data-part=thread] .fb-words"), ["Dear Mrs [name], may I ring [number]?", "yes please, [name]"]);
        assert_eq!(page.all("[data-part=notes] .fb-words"), ["Rang [name]. [name] is her middle name."]);
        assert_eq!(page.all("[data-part=contact-log] .fb-words"), ["[name] son Tom answered"]);
        assert_eq!(page.all("[data-step=age-band] dd, [data-step=practice] dd"), ["65 or over", "ZE98"]);
        assert!(page.all("[data-warning=words-tell]")[0].contains("Words can still tell who somebody is"));
        assert!(page.all("main form, main input").is_empty(), "nothing is hidden in a form");
    }

    async fn whoever_writes_for_somebody_is_not_named_either_and_reading_is_audited(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.sms(JOAN, "hello").await;
        app.sms(JOAN, "someone else").await;
        for text in ["75", "yes", "family", "Joan Okonkwo", "Maggie", "Alder Vale Surgery", "Maggie is my mum, I want to die"] {
            app.sms(JOAN, text).await;
            app.settle().await;
        }
        app.look();
        let reference = sam.queue("open").await.remove(0).0;
        assert!(sam.case(&reference).await.body.contains("Maggie"));
        let page = unnamed(&sam, &reference).await;
        assert_tells_nobody(&page);
        assert_eq!(page.all("[data-concern] .fb-words"), ["[name] is my mum, I want to die"]);
        let mut reader = app.house.store.read().await.expect("a reader");
        let lines = reader.audit_of("referral", &reference).await.expect("an audit");
        assert_eq!(lines.iter().filter(|line| line.action == "read-referral").count(), 2);
    }
}
