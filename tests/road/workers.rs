//! Link workers: claiming, speaking, handing back, deciding.

use std::time::Duration;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::UNTIL_THE_END;
use crate::support::page::Page;

fn place(reference: &str) -> String {
    format!("/inbox/referrals/{reference}")
}

on_both_stores! {
    async fn a_reply_goes_out_and_the_bot_is_silent_until_it_is_handed_back(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "claim", &[]).await.went_to(&place(&reference));
        assert_eq!(sam.queue("mine").await.len(), 1);
        let reply = sam.press(&reference, "reply", &[("text", "Hello Joan, may I ring at two? Sam")]).await;
        reply.went_to(&place(&reference));
        app.settle().await;
        app.assert_said(&["\"Hello Joan, may I ring at two? Sam\""]);
        app.sms(JOAN, "Yes that would be lovely").await;
        app.assert_said(&[]);
        assert!(sam.queue("needs-reply").await[0].1.contains("Waits for a reply"));
        app.wait(Duration::from_secs(3 * 24 * 3600)).await;
        app.assert_said(&[]);
        let sam = app.worker("Priya").await;
        sam.press(&reference, "hand-back", &[]).await.went_to(&place(&reference));
        app.settle().await;
        app.assert_said(&["handed-back, people"]);
        app.talk(JOAN, &[("My sister", "good-week")]).await;
    }

    async fn a_worker_who_takes_over_silences_the_bot_before_writing(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "take-over", &[]).await.went_to(&place(&reference));
        assert_eq!(sam.case(&reference).await.attributes("[data-hold]", "data-hold"), ["on"]);
        app.sms(JOAN, "are you there").await;
        app.assert_said(&[]);
    }

    async fn a_note_never_becomes_a_text(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "note", &[("text", "Her sister is Ann")]).await.went_to(&place(&reference));
        app.wait(Duration::from_secs(60)).await;
        app.assert_said(&[]);
        let page = sam.case(&reference).await;
        assert_eq!(page.all("[data-note] .fb-words"), ["Her sister is Ann"]);
        assert!(page.all("[data-from]").iter().all(|message| !message.contains("sister is Ann")));
        assert!(app.fake.messages().iter().all(|message| !message.body.contains("sister is Ann")));
    }

    async fn of_two_who_claim_at_once_one_wins_and_the_other_hears_who(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let (sams, priyas) = (sam.case(&reference).await, priya.case(&reference).await);
        let (first, second) = tokio::join!(
            sam.press_on(&sams, &reference, "claim", &[]),
            priya.press_on(&priyas, &reference, "claim", &[])
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let (late, winner) = if first.status == 409 { (first, "Priya") } else { (second, "Sam") };
        assert!(late.body.contains(winner), "{}", late.body);
        assert!(late.body.contains("Nothing of yours has been sent or changed"), "{}", late.body);
    }

    async fn a_case_is_accepted_and_closed(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "claim", &[]).await.went_to(&place(&reference));
        sam.press(&reference, "accept", &[]).await.went_to(&place(&reference));
        assert!(sam.queue("open").await[0].1.contains("Accepted"));
        let outcome = sam.case(&reference).await.attributes("[name=outcome] option", "value").remove(1);
        sam.press(&reference, "close", &[("outcome", &outcome)]).await.went_to(&place(&reference));
        assert!(sam.queue("open").await.is_empty());
        let (_, row) = sam.queue("closed").await.remove(0);
        assert!(row.contains("Ended") && !row.contains("Waiting") && !row.contains("Promised"), "{row}");
        assert_eq!(sam.press(&reference, "accept", &[]).await.status, 409, "what has ended stays so");
    }

    async fn a_case_is_not_ended_over_a_text_that_nobody_has_read(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "take-over", &[]).await.went_to(&place(&reference));
        let before = sam.case(&reference).await;
        assert!(before.all("[data-unanswered]").is_empty());
        let heard = |page: &Page| page.value("form[action$='/close'] [name=heard]");
        app.sms(JOAN, "one more thing, my sister has died").await;
        let fields = [("outcome", "connected"), ("heard", &heard(&before))];
        let late = sam.press_on(&before, &reference, "close", &fields).await;
        assert_eq!(late.status, 409);
        assert!(late.body.contains("A text of theirs came in that you have not seen yet"), "{}", late.body);
        assert_eq!(late.value("form[action$='/close'] [name=outcome]"), "connected", "what was chosen is kept");
        assert_eq!(sam.case(&reference).await.all("[data-unanswered]").len(), 1, "the page of now says so");
        let again = ["version", "key", "heard", "outcome"].map(|field| late.value(&format!("form[action$='/close'] [name={field}]")));
        let [version, key, heard, outcome] = again.each_ref().map(String::as_str);
        let fields = [("version", version), ("key", key), ("heard", heard), ("outcome", outcome)];
        sam.post(&format!("{}/close", place(&reference)), &fields).await.went_to(&place(&reference));
        assert!(sam.queue("open").await.is_empty());
    }

    async fn a_case_is_declined_with_a_reason(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        assert_eq!(sam.press(&reference, "decline", &[("reason", "")]).await.status, 422);
        let reason = sam.case(&reference).await.attributes("[name=reason] option", "value").remove(1);
        sam.press(&reference, "decline", &[("reason", &reason)]).await.went_to(&place(&reference));
        assert!(sam.queue("closed").await[0].1.contains("Declined"));
    }

    async fn a_text_after_the_case_has_ended_comes_back_to_a_human(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let reason = sam.case(&reference).await.attributes("[name=reason] option", "value").remove(1);
        sam.press(&reference, "decline", &[("reason", &reason)]).await.went_to(&place(&reference));
        app.sms(JOAN, "DONE").await;
        assert!(!app.look().is_empty());
        app.sms(JOAN, "When will somebody ring me about the choir?").await;
        app.assert_said(&["message-kept"]);
        assert!(!sam.queue("needs-reply").await.is_empty(), "somebody waits for a human");
    }

    async fn a_closed_case_keeps_what_was_told_and_a_new_one_gets_a_copy_of_its_own(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let told = sam.case(&reference).await.all("[data-step]");
        sam.press(&reference, "close", &[("outcome", "connected")]).await.went_to(&place(&reference));
        app.talk(JOAN, &UNTIL_THE_END[..1]).await;
        let closed = sam.case(&reference).await;
        assert_eq!((closed.all("h1"), closed.all("[data-step]")), (vec!["Joan".to_owned()], told));
        let opened = sam.queue("open").await;
        assert_eq!(opened.len(), 1);
        assert_ne!(opened[0].0, reference);
        let page = sam.case(&opened[0].0).await;
        assert_eq!(page.all("h1"), ["Joan"]);
        let answers = page.all("[data-step]");
        assert!(answers.iter().any(|answer| answer.contains("My sister rings on Sundays")), "{answers:?}");
        app.talk(JOAN, &UNTIL_THE_END[1..2]).await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM handover").await, 2, "the new one is told further");
        assert_eq!(sam.queue("open").await.len(), 1);
    }

    async fn whoever_writes_after_a_human_has_closed_or_declined_is_answered(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        for (from, action, choice) in [(JOAN, "close", ("outcome", "connected")), (TOM, "decline", ("reason", "not-wanted"))] {
            let reference = handed_over(&mut app, from, &sam).await;
            sam.press(&reference, "take-over", &[]).await.went_to(&place(&reference));
            app.sms(from, "are you there").await;
            app.assert_said(&[]);
            sam.press(&reference, action, &[choice]).await.went_to(&place(&reference));
            app.settle().await;
            app.assert_said(&[]);
            assert_eq!(sam.case(&reference).await.attributes("[data-hold]", "data-hold"), ["off"], "{action}");
            app.talk(from, &UNTIL_THE_END[..1]).await;
            let opened = sam.queue("open").await.remove(0).0;
            assert_eq!(sam.case(&opened).await.attributes("[data-hold]", "data-hold"), ["off"], "{action}");
            sam.press(&opened, "close", &[("outcome", "connected")]).await.went_to(&place(&opened));
        }
    }

    async fn whom_a_human_spoke_with_is_not_reminded_of_an_old_question_once_the_case_has_ended(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "take-over", &[]).await.went_to(&place(&reference));
        app.sms(JOAN, "Thank you, that was kind").await;
        sam.press(&reference, "close", &[("outcome", "connected")]).await.went_to(&place(&reference));
        app.wait(Duration::from_secs(4 * 24 * 3600)).await;
        app.assert_said(&[]);
    }

    async fn a_reply_to_somebody_who_stopped_is_not_offered(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let page = sam.case(&reference).await;
        app.sms(JOAN, "STOP").await;
        app.assert_said(&[]);
        assert!(sam.case(&reference).await.all("form[action$='/reply']").is_empty());
        let late = sam.press_on(&page, &reference, "reply", &[("text", "hello")]).await;
        assert!(matches!(late.status, 409 | 422), "{}", late.status);
        app.settle().await;
        app.assert_said(&[]);
    }

    async fn every_look_and_act_is_audited_without_words(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        sam.press(&reference, "claim", &[]).await.went_to(&place(&reference));
        sam.press(&reference, "note", &[("text", "Her sister is Ann")]).await.went_to(&place(&reference));
        let mut reader = app.house.store.read().await.expect("a reader");
        let lines = reader.audit_of("referral", &reference).await.expect("an audit");
        let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
        assert!(actions.contains(&"claim") && actions.contains(&"note") && actions.contains(&"read-referral"), "{actions:?}");
        assert!(!format!("{lines:?}").contains("Ann"));
    }

    async fn the_whole_way_is_the_same_for_many_at_once(store: TestStore) {
        const PEOPLE: usize = 5;
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        for (them, us) in UNTIL_HANDED_OVER {
            app.clock.advance(app.pace);
            let posts: Vec<_> = (0..PEOPLE).map(|person| app.inbound(&format!("07700 90020{person}"), them)).collect();
            let answers = futures_util::future::join_all(posts.iter().map(|post| app.post(post))).await;
            assert!(answers.iter().all(|answer| answer.status == 200));
            app.settle().await;
            app.assert_said(&[us; PEOPLE]);
        }
        assert_eq!(sam.queue("open").await.len(), PEOPLE);
    }
}
