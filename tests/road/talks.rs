//! Conversations from the first text to their ends.

use std::time::Duration;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::TOM;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::app::UNTIL_THE_END;
use crate::support::app::WELSH_NUMBER;
use crate::support::app::changed;
use crate::support::app::shipped;

const DAY: Duration = Duration::from_secs(24 * 3600);
const FLOW: &str = "conversations/what-matters/flow.yaml";
const WORDS: &str = "locales/en-GB/what-matters.ftl";

on_both_stores! {
    async fn a_person_is_in_the_queue_after_twelve_texts_and_at_the_end_after_nineteen(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let page = sam.case(&reference).await;
        let own_words = page.all("[data-part=own-words] [data-step=matters]");
        assert_eq!(own_words, ["I would like some company in the afternoons"]);
        assert_eq!(page.all("[data-part=strengths] [data-step=strengths] dd"), ["I bake, and I used to teach"]);
        let hard = page.all("[data-part=six-things]").remove(0);
        assert_eq!((hard.matches("Things to do").count(), hard.matches("Hard now").count()), (1, 2), "each fact once: {hard}");
        assert_eq!(page.all("h1"), ["Joan"]);
        app.talk(JOAN, &UNTIL_THE_END).await;
        let page = sam.case(&reference).await;
        assert_eq!(page.all("[data-from=person]").len(), UNTIL_HANDED_OVER.len() + UNTIL_THE_END.len());
        assert_eq!(page.all("[data-from=bot]").len(), UNTIL_HANDED_OVER.len() + UNTIL_THE_END.len());
        assert!(page.all(".fb-message__fate").iter().all(|fate| fate == "Arrived"), "{:?}", page.all(".fb-message__fate"));
        assert_eq!(sam.queue("open").await.len(), 1, "the rest joins the same referral");
        assert_eq!(app.rows.count("SELECT version FROM handover").await, page_version(&app).await);
    }

    async fn what_a_reply_says_beside_its_answer_stands_beside_it_on_the_page(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..7]).await;
        app.talk(JOAN, &[("getting about, my hip is bad", "strengths"), ("skip", "pass-on"), ("yes", "reach")]).await;
        app.talk(JOAN, &[("call but not Tuesdays", "check"), ("yes", "handed-over, people")]).await;
        let page = sam.case(&sam.queue("open").await[0].0).await;
        let said = |step: &str| page.all(&format!("[data-step={step}] dd")).join(" ");
        assert_eq!(said("reach"), "Call, no voicemail “call but not Tuesdays”");
        assert_eq!(said("barriers"), "Getting about “getting about, my hip is bad”");
        assert_eq!(said("pass-on"), "Yes");
    }

    async fn own_words_at_a_list_are_the_answer_or_stand_beside_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..6]).await;
        app.talk(JOAN, &[("3 since my wife went", "barriers"), ("my knees", "strengths")]).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[8..]).await;
        let page = sam.case(&sam.queue("open").await[0].0).await;
        assert_eq!(page.all("[data-part=barriers] dd"), ["my knees"]);
        assert_eq!(page.all("[data-part=six-things] dd"), ["3 since my wife went"]);
        assert!(!page.all(".fb-six li").is_empty(), "the picture stands above the words");
    }

    async fn where_nothing_is_hard_that_is_said_without_a_picture(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        for (number, answer, shown) in [(JOAN, "7", "None"), (TOM, "skip", "Left out")] {
            app.talk(number, &UNTIL_HANDED_OVER[..6]).await;
            app.sms(number, answer).await;
            app.sms(number, "PERSON").await;
            app.look();
            let (reference, _) = sam.queue("open").await.pop().expect("the newest");
            let page = sam.case(&reference).await;
            assert_eq!(page.all("[data-part=six-things] dd"), [shown]);
            assert!(page.all(".fb-six li").is_empty());
        }
    }

    async fn the_reference_in_the_text_is_the_one_on_the_page(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        for (them, _) in UNTIL_HANDED_OVER {
            app.sms(JOAN, them).await;
        }
        let last = app.look().pop().expect("a text").body;
        let (reference, _) = &sam.queue("open").await[0];
        assert!(last.contains(reference.as_str()), "{reference} is not in {last}");
    }

    async fn a_person_who_stops_half_way_is_reminded_twice_and_then_handed_over_part_finished(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..6]).await;
        app.wait(DAY).await;
        app.assert_said(&["reminder, six"]);
        app.wait(2 * DAY).await;
        app.assert_said(&["reminder, six"]);
        app.wait(4 * DAY).await;
        app.assert_said(&["closed"]);
        let sam = app.worker("Sam").await;
        let queue = sam.queue("open").await;
        assert_eq!(queue.len(), 1);
        assert!(queue[0].1.contains("First contact only"), "{}", queue[0].1);
        let page = sam.case(&queue[0].0).await;
        assert_eq!(page.attributes("[data-warning]", "data-warning"), ["consent-not-asked"]);
        assert!(page.all("[data-part=own-words]")[0].contains("company in the afternoons"));
        app.talk(JOAN, &[("1", "resume"), ("1", "carry-on, six"), ("3", "barriers")]).await;
        assert_eq!(sam.queue("open").await.len(), 1, "coming back joins the same referral");
    }

    async fn no_reminder_goes_to_somebody_who_wrote_meanwhile_or_talks_with_a_human(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..3]).await;
        app.wait(Duration::from_secs(23 * 3600)).await;
        app.talk(JOAN, &[("Joan", "practice")]).await;
        app.wait(Duration::from_secs(2 * 3600)).await;
        app.assert_said(&[]);
    }

    async fn the_words_of_somebody_who_says_no_are_erased_after_thirty_days_and_not_before(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let words = "SELECT (SELECT COUNT(*) FROM inbound WHERE body_sealed IS NOT NULL)
                          + (SELECT COUNT(*) FROM outbox WHERE body_sealed IS NOT NULL)
                          + (SELECT COUNT(*) FROM session WHERE state_sealed IS NOT NULL)";
        app.talk(JOAN, &UNTIL_HANDED_OVER[..9]).await;
        app.talk(JOAN, &[("no", "not-passed-on")]).await;
        app.wait(30 * DAY - Duration::from_secs(60)).await;
        assert_eq!(app.rows.count(words).await, 10 + 10 + 1);
        app.wait(Duration::from_secs(120)).await;
        assert_eq!(app.rows.count(words).await, 0);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM referral").await, 0, "nothing was passed on");
        app.talk(JOAN, &[("hello", "welcome, for-whom")]).await;
    }

    async fn somebody_who_says_no_and_thinks_better_of_it_begins_anew_and_the_rest_stays_with_nobody(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let kept = "SELECT COUNT(*) FROM inbound WHERE body_sealed IS NOT NULL";
        app.talk(JOAN, &UNTIL_HANDED_OVER[..9]).await;
        app.talk(JOAN, &[("no", "not-passed-on")]).await;
        app.sms(JOAN, "thanks x").await;
        app.assert_said(&[]);
        app.wait(10 * DAY).await;
        app.talk(JOAN, &[("can a person ring me please", "welcome, for-whom")]).await;
        let sam = app.worker("Sam").await;
        let queue = sam.queue("open").await;
        assert_eq!(queue.len(), 1);
        let page = sam.case(&queue[0].0).await;
        let heard = page.all("[data-part=thread] [data-from=person]");
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].contains("can a person ring me please"), "{heard:?}");
        assert!(!page.all("main").concat().contains("company in the afternoons"));
        app.wait(25 * DAY).await;
        let reminders = app.look();
        assert!(!reminders.is_empty(), "the new questions stand open");
        assert_eq!(app.rows.count(kept).await, 1, "what nobody was to see is erased all the same");
    }

    async fn in_wales_the_first_text_is_in_both_languages(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.clock.advance(Duration::from_secs(30));
        let post = app.inbound_with(&[("From", "+447700900123"), ("To", WELSH_NUMBER), ("Body", "hello")]);
        assert_eq!(app.post(&post).await.status, 200);
        app.settle().await;
        let first = app.look().remove(0).body;
        let (welsh, english) = (first.find("Helo").expect("Welsh"), first.find("Hello from").expect("English"));
        assert!(welsh < english, "{first}");
        app.sms(TOM, "hello").await;
        assert!(!app.look().remove(0).body.contains("Helo"), "in England it is in English");
    }

    async fn an_edited_conversation_strands_nobody(store: TestStore) {
        let mut app = TestApp::with(store, footbridge::domain::account::OptOutMode::Twilio, shipped()).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..6]).await;
        let barriers = "  - ask: barriers
    answer: choose several
    choices: [getting-about, money, confidence, caring, pain, language, online, something, nothing]
    alone: [nothing]
    takes own words: yes
    part: barriers
    may skip: yes
    only if: for-whom is me
";
        let strengths = "strengths = ";
        let edited = changed(&[(FLOW, barriers, ""), (WORDS, strengths, "strengths = Newer words. ")]);
        app.start_again_with(edited).await;
        // Joan keeps the questions that she began with, and gets today's words.
        app.talk(JOAN, &[("3", "barriers"), ("1", "strengths")]).await;
        assert!(app.fake.messages().last().is_some_and(|text| text.body.contains("Newer words.")));
        app.talk(JOAN, &UNTIL_HANDED_OVER[8..]).await;
        // Tom begins with the newer ones.
        app.talk(TOM, &UNTIL_HANDED_OVER[..6]).await;
        app.talk(TOM, &[("3", "strengths")]).await;
    }

    async fn a_shorter_list_changes_nothing_for_those_who_were_sent_the_longer_one(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[..7]).await;
        // "pain" was the fifth choice in the list that Joan has on her phone, and is the fourth from now on.
        let longer = "[getting-about, money, confidence, caring, pain, ";
        app.start_again_with(changed(&[(FLOW, longer, "[getting-about, money, confidence, pain, ")])).await;
        app.talk(JOAN, &[("5", "strengths")]).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER[8..]).await;
        let page = sam.case(&sam.queue("open").await[0].0).await;
        let barriers = page.all("[data-part=barriers] dd").join(" ");
        assert!(barriers.contains("Pain") && !barriers.contains("language"), "{barriers}");
    }
}

async fn page_version(app: &TestApp) -> i64 {
    // One version for the handover and one for each answer after it.
    let answers = i64::try_from(UNTIL_THE_END.len()).expect("few");
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM handover").await, 1);
    1 + answers
}
