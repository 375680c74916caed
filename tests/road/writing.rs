//! Writing to somebody and logging contacts: drafts that wait for whoever began them, and calls that count.

use std::time::Duration;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::worker::Worker;

const BOX: &str = "#reply";
const NOTES_BOX: &str = "#note";
const A_MOMENT: Duration = Duration::from_secs(60);

async fn stands_in(worker: &Worker, folder: &str, reference: &str) -> bool {
    worker.queue(folder).await.iter().any(|(row, _)| row == reference)
}

async fn log(worker: &Worker, reference: &str, result: &str, note: &str) -> Page {
    worker.press(reference, "contact", &[("kind", "call"), ("result", result), ("text", note)]).await
}

on_both_stores! {
    async fn a_draft_waits_for_whoever_began_it_until_it_is_sent_or_thrown_away(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let case = format!("/inbox/referrals/{reference}");
        sam.press(&reference, "reply/draft", &[("text", "May I")]).await.went_to(&format!("{case}#reply"));
        sam.press(&reference, "reply/draft", &[("text", "May I ring")]).await.went_to(&format!("{case}#reply"));
        sam.press(&reference, "note/draft", &[("text", "lives alone")]).await.went_to(&format!("{case}#note"));
        let page = sam.case(&reference).await;
        assert_eq!((page.all(BOX), page.all(NOTES_BOX)), (vec!["May I ring".to_owned()], vec!["lives alone".to_owned()]));
        assert!(page.all("#reply-draft")[0].starts_with("Draft kept "), "{:?}", page.all("#reply-draft"));
        assert_eq!(priya.case(&reference).await.all(BOX), [""], "it is nobody else's");
        app.assert_said(&[]);
        sam.press(&reference, "reply", &[("text", "May I ring you?")]).await.went_to(&case);
        let page = sam.case(&reference).await;
        assert_eq!((page.all(BOX)[0].as_str(), page.all(NOTES_BOX)[0].as_str()), ("", "lives alone"));
        sam.press(&reference, "note", &[("text", "lives alone")]).await.went_to(&case);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM draft").await, 0);
        sam.press(&reference, "reply/draft", &[("text", "Hello")]).await;
        sam.press(&reference, "reply/draft", &[("text", "Hello"), ("away", "yes")]).await;
        assert_eq!(sam.case(&reference).await.all(BOX), [""]);
        app.settle().await;
        app.look();
    }

    async fn a_draft_that_comes_in_after_its_text_was_sent_does_not_come_back(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        for (act, place) in [("reply", BOX), ("note", NOTES_BOX)] {
            let page = sam.case(&reference).await;
            let draft = format!("{act}/draft");
            sam.press_on(&page, &reference, &draft, &[("text", "May I ring")]).await;
            sam.press_on(&page, &reference, act, &[("text", "May I ring you?")]).await;
            let late = sam.press_on(&page, &reference, &draft, &[("text", "May I ring you?")]).await;
            assert_eq!(late.status, 422);
            assert!(late.body.contains("was sent or kept before"), "{}", late.body);
            assert_eq!(sam.case(&reference).await.all(place), [""]);
            sam.press(&reference, &draft, &[("text", "And another")]).await;
            assert_eq!(sam.case(&reference).await.all(place), ["And another"], "a page that is opened anew keeps drafts");
        }
        app.settle().await;
        app.look();
    }

    async fn a_note_that_was_begun_can_never_be_read_as_a_text(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "note/draft", &[("text", "her son must not know")]).await;
        let page = sam.case(&reference).await;
        assert_eq!((page.all(BOX)[0].as_str(), page.all(NOTES_BOX)[0].as_str()), ("", "her son must not know"));
        app.rows.texts("UPDATE draft SET kind = 'text' WHERE kind = 'note' RETURNING kind").await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM draft WHERE kind = 'text'").await, 1);
        let page = sam.case(&reference).await;
        assert_eq!((page.all(BOX), page.all(NOTES_BOX)), (vec![String::new()], vec![String::new()]));
        assert!(!page.body.contains("her son"), "it is sealed for the box in which it was begun");
        app.look();
    }

    async fn tries_in_vain_propose_to_write_or_to_close_and_reaching_them_answers_what_waits(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let case = format!("/inbox/referrals/{reference}");
        app.wait(A_MOMENT).await;
        log(&sam, &reference, "no-answer", "").await.went_to(&case);
        assert!(sam.case(&reference).await.all("[data-in-vain]").is_empty());
        app.wait(A_MOMENT).await;
        log(&sam, &reference, "left-message", "Asked her to ring").await.went_to(&case);
        let page = sam.case(&reference).await;
        assert_eq!(page.all("[data-in-vain]"), ["No reply after 2 tries: write to them, or close."]);
        assert_eq!(page.attributes("[data-in-vain] a", "href"), ["#reply", "#close"]);
        assert!(page.body.contains("0 contacts, 1 no answer, 1 message left"));
        let lines = page.all("[data-from=contact]");
        assert!(lines.len() == 2 && lines[1].contains("Call: left a message") && lines[1].contains("Asked her to ring"), "{lines:?}");
        assert_eq!(page.attributes("[data-part=log-contact] a[href^='tel:']", "href")[0], "tel:+447700900123");
        assert!(stands_in(&sam, "needs-reply", &reference).await, "nobody has reached her yet");
        app.look();
        app.wait(A_MOMENT).await;
        app.sms(JOAN, "Sorry I missed you").await;
        let page = sam.case(&reference).await;
        assert!(page.all("[data-in-vain]").is_empty(), "she has written since");
        let reached = [("kind", "visit"), ("result", "reached"), ("text", "")];
        for _ in 0..2 {
            sam.press_on(&page, &reference, "contact", &reached).await.went_to(&case);
        }
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM contact").await, 3, "a second click counts once");
        assert!(!stands_in(&sam, "needs-reply", &reference).await && stands_in(&sam, "mine", &reference).await);
        assert!(sam.case(&reference).await.body.contains("1 contact, 1 no answer, 1 message left"));
        let refused = log(&sam, &reference, "", "She moved").await;
        assert_eq!((refused.status, refused.all("textarea")), (422, vec!["She moved".to_owned()]));
        let audit = app.rows.count("SELECT COUNT(*) FROM audit WHERE action = 'contact'").await;
        assert_eq!(audit, 3);
        app.look();
        app.forget_the_unsent();
    }
}
