//! Whole conversations by Telegram.

use std::time::Duration;

use crate::on_both_stores;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::fake_telegram::Answer;
use crate::support::fake_telegram::contact;
use crate::support::fake_telegram::edit;
use crate::support::fake_telegram::member;
use crate::support::fake_telegram::message;
use crate::support::fake_telegram::tap;
use crate::support::fake_telegram::voice;
use crate::support::stores::TestStore;
use crate::support::telegram_app::TelegramApp;

const JOAN: i64 = 7_000_000_001;
const TOM: i64 = 7_000_000_002;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What somebody does at a question.
enum Does {
    Taps(&'static str),
    Says(&'static str),
}

use Does::Says;
use Does::Taps;

/// The way until the referral is in the queue, by buttons wherever there are any; what they do, what we say.
const BY_BUTTONS: [(Does, &str); 12] = [
    (Taps("Me"), "How old are you?"),
    (Taps("65 or over"), "name"),
    (Says("Joan"), "practice"),
    (Says("Alder Vale Surgery"), "matters"),
    (Says("I would like some company in the afternoons"), "1 "),
    (Says("3 4"), "1 "),
    (Says("1"), "What do you enjoy"),
    (Says("I bake, and I used to teach"), "link worker"),
    (Taps("Yes"), "reach"),
    (Taps("Here, on Telegram"), "right"),
    (Says("yes"), "What number may we ring?"),
    (Says("07700 900123"), "We have your number"),
];

/// The way of somebody who taps.
async fn taps_their_way(store: TestStore, webhook: bool) {
    let mut app = TelegramApp::attending(store, webhook).await;
    app.says(JOAN, "/start").await;
    let first = app.look_at_one();
    assert!(first.text.contains("Alder Vale") && first.text.contains("Telegram keeps"), "{first:?}");
    for (does, us) in BY_BUTTONS {
        match does {
            Taps(label) => app.taps(JOAN, label).await,
            Says(words) => app.says(JOAN, words).await,
        }
        let said = app.look();
        assert!(said.iter().any(|said| said.text.contains(us)), "{us} is not in {said:#?}");
    }
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM handover WHERE reason = 'agreed'").await, 1);
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM outbox WHERE delivery = 'delivered'").await, 13);
    assert_eq!(app.kept("button").await, 4);
}

/// The way of somebody who types the same.
async fn types_their_way(store: TestStore, webhook: bool) {
    let mut app = TelegramApp::attending(store, webhook).await;
    app.says(JOAN, "/start").await;
    app.look_at_one();
    for (them, _) in UNTIL_HANDED_OVER.into_iter().skip(1) {
        app.says(JOAN, them).await;
        app.look_at_one();
    }
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM handover WHERE reason = 'agreed'").await, 1);
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM consent").await, 1);
    assert_eq!(app.kept("button").await, 0);
}

on_both_stores! {
    async fn by_webhook_somebody_taps_their_way_until_the_referral_is_in_the_queue(store: TestStore) {
        taps_their_way(store, true).await;
    }

    async fn by_webhook_somebody_types_the_same_way(store: TestStore) {
        types_their_way(store, true).await;
    }

    async fn where_telegram_is_asked_somebody_taps_their_way_until_the_referral_is_in_the_queue(store: TestStore) {
        taps_their_way(store, false).await;
    }

    async fn where_telegram_is_asked_somebody_types_the_same_way(store: TestStore) {
        types_their_way(store, false).await;
    }

    async fn a_link_on_a_poster_names_the_practice(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.says(JOAN, "/start Quayside").await;
        app.talk(JOAN, &[("me", "How old"), ("78", "name"), ("Joan", "matters")]).await;
        assert_eq!(app.kept("start").await, 1);
        // Nobody knows where this one leads.
        app.says(8, "/start no-such_place").await;
        app.talk(8, &[("me", "How old"), ("78", "name"), ("Tom", "practice")]).await;
    }

    async fn the_menu_works_in_every_state(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.talk(JOAN, &[("/help", "PERSON asks"), ("/privacy", "Telegram keeps"), ("/language", "Cymraeg")]).await;
        app.talk(JOAN, &[("2", "Helo"), ("/language@AlderValeBot", "English"), ("1", "Who needs support?")]).await;
        app.talk(JOAN, &[("/stop", "We have stopped")]).await;
        app.says(JOAN, "hello?").await;
        assert!(app.look().is_empty(), "somebody who has stopped hears nothing");
        app.says(JOAN, "/start").await;
        let back = app.look_at_one();
        assert_eq!((back.text.matches("Welcome back").count(), back.buttons.len()), (1, 2), "{back:?}");
        app.talk(JOAN, &[("/delete", "asked us to delete")]).await;
    }

    async fn an_old_button_is_told_so_and_never_taken_for_another_answer(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.says(JOAN, "hi").await;
        let first = app.look_at_one().button("Me").expect("a button").to_owned();
        app.taps(JOAN, "Me").await;
        app.look_at_one();
        // Tapped twice, as people do.
        app.hears(tap(JOAN, &first)).await;
        let told = app.look_at_one();
        assert!(told.text.starts_with("That button belongs to an earlier question."), "{told:?}");
        assert!(told.text.contains("How old are you?") && !told.buttons.is_empty());
        // Of another revision, of no step, and what somebody made up.
        for data in ["age-band:ffffffff.6a18a500:under-16", "no-step:0.0:me", "::", "💥", "age-band:age-band:age-band"] {
            app.hears(tap(JOAN, data)).await;
            assert!(app.look_at_one().text.starts_with("That button"), "{data}");
        }
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM handover").await, 0);
        // After the end of everything it leads back.
        app.wait(DAY * 8).await;
        app.look();
        app.hears(tap(JOAN, &first)).await;
        assert!(app.look_at_one().text.contains("carry on, or start again"));
    }

    async fn a_guess_of_before_is_not_agreed_to_later(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.talk(JOAN, &[("hi", "Who"), ("me", "old"), ("78", "name"), ("Joan", "practice")]).await;
        app.says(JOAN, "Quaside").await;
        let guess = app.look_at_one();
        let yes = guess.button("Yes").expect("a guess").to_owned();
        app.says(JOAN, "St Oswyns").await;
        assert!(app.look_at_one().text.contains("St Oswin's Health Centre"));
        app.hears(tap(JOAN, &yes)).await;
        assert!(app.look_at_one().text.starts_with("That button"));
        app.says(JOAN, "St Oswin's Health Centre").await;
        let next = app.look_at_one().text;
        assert!(next.contains("What matters most"), "{next}");
    }

    async fn somebody_who_blocks_us_is_put_before_a_human_and_heard_when_they_come_back(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        for (them, _) in UNTIL_HANDED_OVER {
            app.says(JOAN, them).await;
        }
        app.look();
        app.hears(member(JOAN, "kicked")).await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM address WHERE textable").await, 0);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM referral WHERE reply_due").await, 1);
        app.hears(member(JOAN, "member")).await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM address WHERE textable").await, 1);
        assert!(app.look().is_empty());
        // Nobody told us of the block: the next text is refused, and shows it.
        app.fake.block(JOAN, true);
        app.says(JOAN, "AGAIN").await;
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM address WHERE textable").await, 0);
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM outbox WHERE error_code = '403'").await, 1);
        app.fake.block(JOAN, false);
        app.says(JOAN, "I am back").await;
        app.look_at_one();
    }

    async fn nothing_of_a_person_stands_in_plain_in_the_database(store: TestStore) {
        let folder = store.folder.path().to_owned();
        let mut app = TelegramApp::on(store).await;
        app.says(JOAN, "hi").await;
        app.hears(contact(JOAN, JOAN, "447700900123")).await;
        app.says(JOAN, "yellowhammer").await;
        app.look();
        for file in std::fs::read_dir(folder).expect("a folder") {
            let bytes = std::fs::read(file.expect("a file").path()).expect("bytes");
            for canary in ["7000000001", "7700900123", "yellowhammer", "Canary-Joan", "canary_joan"] {
                let at = bytes.windows(canary.len()).position(|window| window == canary.as_bytes());
                let around = at.map(|at| String::from_utf8_lossy(&bytes[at.saturating_sub(60)..at + 20]).into_owned());
                assert_eq!(around, None, "{canary} stands in the database");
            }
        }
    }

    async fn a_link_worker_speaks_and_buttons_of_before_say_so(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        let sam = app.worker("Sam").await;
        app.says(JOAN, "hi").await;
        let old = app.look_at_one().button("Me").expect("a button").to_owned();
        for (them, _) in UNTIL_HANDED_OVER.into_iter().skip(1) {
            app.says(JOAN, them).await;
        }
        app.says(JOAN, "my number is 07700 900123").await;
        app.look();
        let reference = sam.queue("open").await.remove(0).0;
        let page = sam.case(&reference).await;
        let number = page.all("[data-part=contact] [data-step=your-number]");
        assert!(number.iter().any(|shown| shown.contains("+447700900123")), "{number:?}");
        sam.press(&reference, "claim", &[]).await;
        sam.press(&reference, "reply", &[("text", "Hello Joan, may I ring at two? Sam")]).await;
        app.settle().await;
        let reply = app.look_at_one();
        assert_eq!((reply.text.as_str(), reply.buttons.len()), ("Hello Joan, may I ring at two? Sam", 0));
        app.hears(tap(JOAN, &old)).await;
        assert!(app.look_at_one().text.starts_with("A person from our team is with you now."));
        app.says(JOAN, "yes please").await;
        assert!(app.look().is_empty(), "a human is speaking");
        app.hears(voice(JOAN)).await;
        assert!(app.look().is_empty());
        let thread = sam.case(&reference).await.all("[data-from=person]").join("\n");
        assert!(thread.contains("A voice message, which nobody has heard"), "{thread}");
    }

    async fn what_is_no_text_is_put_before_a_human(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.hears(voice(JOAN)).await;
        let told = app.look_at_one().text;
        assert!(told.contains("only read text") && told.contains("999"), "{told}");
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM referral WHERE reply_due").await, 1);
        // Words under a picture are read, and so are words of others that are passed on.
        let photo = serde_json::json!([{ "file_id": "A", "file_unique_id": "B", "width": 1, "height": 1, "file_size": 1 }]);
        app.hears(message(8, &serde_json::json!({ "photo": photo, "caption": "I want to die" }))).await;
        assert!(app.look_at_one().text.contains("999"));
        let origin = serde_json::json!({ "type": "hidden_user", "sender_user_name": "X", "date": 1_780_000_000 });
        app.hears(message(9, &serde_json::json!({ "text": "I will kill you", "forward_origin": origin }))).await;
        app.look();
        assert_eq!(app.kept("media").await, 3);
        assert!(2 <= app.rows.count("SELECT COUNT(*) FROM concern").await);
    }

    async fn a_change_is_read_for_safety_and_is_no_answer(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.says(JOAN, "hi").await;
        app.look();
        app.hears(edit(JOAN, "me")).await;
        assert!(app.look().is_empty());
        app.hears(edit(JOAN, "I want to kill myself")).await;
        let told = app.look_at_one();
        assert!(told.text.contains("999") && told.text.contains("What number may we ring?"), "{told:?}");
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM concern").await, 1);
    }

    async fn after_a_concern_the_number_is_asked_for_once(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.says(JOAN, "I want to die").await;
        let told = app.look_at_one();
        assert!(told.text.contains("What number may we ring?") && told.button("Yes").is_some(), "{told:?}");
        // A number is no reply to "are you safe?", which stays open.
        app.hears(contact(JOAN, JOAN, "447700900123")).await;
        assert!(app.look_at_one().text.contains("We have your number"));
        app.taps(JOAN, "Yes").await;
        app.look_at_one();
        app.says(JOAN, "i still want to die").await;
        let again = app.look();
        assert!(again.iter().all(|said| !said.text.contains("What number")), "{again:?}");
        assert_eq!(app.rows.count("SELECT COUNT(*) FROM session").await, 1);
    }

    async fn telegram_sets_the_pace_and_one_text_is_under_way(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.fake.plan("sendMessage", Answer::RetryAfter(40));
        app.says(JOAN, "hi").await;
        assert!(app.look().is_empty());
        app.clock.advance(Duration::from_secs(39));
        app.settle().await;
        assert!(app.look().is_empty(), "it was told to wait");
        app.wait(Duration::from_secs(2)).await;
        app.look_at_one();
        assert_eq!(app.fake.calls_of("sendMessage").len(), 2);
    }

    async fn a_text_in_doubt_is_said_once_more_where_it_must_arrive(store: TestStore) {
        let mut app = TelegramApp::on(store).await;
        app.fake.plan("sendMessage", Answer::Closed);
        app.fake.plan("sendMessage", Answer::Closed);
        app.says(JOAN, "I want to die").await;
        assert_eq!(app.look().len(), 1, "it arrived, and nobody knows");
        app.wait(Duration::from_secs(20)).await;
        assert_eq!(app.look().len(), 1, "once more");
        app.wait(Duration::from_secs(600)).await;
        assert!(app.look().is_empty(), "and never again, although nobody knows of that one either");
        app.fake.plan("sendMessage", Answer::Closed);
        app.says(TOM, "hi").await;
        app.wait(Duration::from_secs(20)).await;
        let said = app.look();
        assert_eq!((said.len(), &said[0].text), (2, &said[1].text), "an answer too, once more");
        // Whoever goes on writing is answered by what comes next, not by what came before.
        app.fake.plan("sendMessage", Answer::Closed);
        app.says(8, "hi").await;
        app.look();
        let update = app.fake.update(crate::support::fake_telegram::text(8, "me")).to_string();
        app.clock.advance(Duration::from_secs(5));
        assert_eq!(app.post(&update).await.status, 200);
        app.wait(Duration::from_secs(20)).await;
        let said = app.look_at_one();
        assert!(said.text.contains("How old"), "{said:?}");
    }
}
