//! What link workers see and do.

use footbridge::conversation::input::DeadlineKind;
use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::ids::ReferralId;
use footbridge::domain::ids::StaffId;
use footbridge::domain::message::Content;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::referral::Folder;
use footbridge::domain::referral::HandOverReason;
use footbridge::domain::referral::Outcome;
use footbridge::domain::referral::ReferralStatus;
use footbridge::domain::staff::Role;
use footbridge::domain::theme::Correction;
use footbridge::domain::theme::Theme;
use footbridge::store::Store;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::desk::OnDesk;
use footbridge::store::desk::Onlooker;
use footbridge::store::error::StoreError;
use footbridge::store::facet::Filter;
use footbridge::store::outbox::Author;
use footbridge::store::owned::Owned;
use footbridge::store::referral::Move;
use footbridge::store::referral::Referral;
use footbridge::store::revision::Revision;
use footbridge::store::sign_in::Failures;
use footbridge::store::staff::NewStaff;
use footbridge::store::thread::SaidWhat;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;
use futures_util::future::join_all;
use uuid::Uuid;

use crate::on_both_stores;
use crate::support::people::at;
use crate::support::people::reply;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::people::text;
use crate::support::people::worker;
use crate::support::rows::Rows;

/// A referral of the person with this number, opened at this second.
async fn refer(tx: &mut Tx, number: u32, second: i64) -> Result<Referral, StoreError> {
    let ann = somebody(tx, number).await?;
    let referral = tx.find_or_open_referral(ann.person.id, &service(), at(second)).await?;
    let summary = format!("summary of {number}");
    tx.save_handover(&ann.session, referral.id, HandOverReason::Agreed, &summary, at(second)).await?;
    Ok(referral)
}

async fn raise(
    tx: &mut Tx,
    number: u32,
    second: i64,
) -> Result<footbridge::domain::ids::ConcernId, StoreError> {
    let ann = somebody(tx, number).await?;
    let concern = NewConcern {
        person: ann.person.id,
        session: Some(ann.session.id),
        inbound: None,
        service: service(),
        category: ConcernCategory::Suicide,
        rule: "s2-plain".parse().expect("a name"),
        rules_version: "7".to_owned(),
        words: ConcernWords { text: Words("I want to die".to_owned()), found: 7..13 },
    };
    tx.raise_concern(&concern, at(second)).await
}

/// What stands in a folder, from the top.
async fn folder(store: &Store, staff: StaffId, folder: Folder) -> Vec<OnDesk> {
    let mut reader = store.read().await.expect("what the test needs");
    let onlooker = Onlooker { staff, now: at(100), ended_since: at(0) };
    reader.desk(onlooker, &Filter::default(), folder, None, 100).await.expect("what the test needs").0
}

/// What somebody sees, what is open first, each by the second at which it was opened.
async fn desk(store: &Store, staff: StaffId) -> Vec<u64> {
    let mut rows = folder(store, staff, Folder::Open).await;
    rows.extend(folder(store, staff, Folder::Closed).await);
    rows.into_iter().map(|row| row.referral.opened_at.since(at(0)).as_secs()).collect()
}

/// Takes a case that nobody has touched.
async fn claim(store: &Store, id: ReferralId, staff: StaffId) -> Result<(), StoreError> {
    store.write(move |tx| tx.set_owner(id, 1, Some(staff), at(60)).boxed()).await
}

on_both_stores! {
    async fn whoever_has_an_open_concern_stands_first_then_whoever_waits_longest(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        for (number, second) in [(1, 30), (2, 10), (3, 20)] {
            store.write(move |tx| refer(tx, number, second).boxed()).await.expect("what the test needs");
        }
        assert_eq!(desk(&store, sam).await, [10, 20, 30]);
        let concern = store.write(|tx| raise(tx, 1, 50).boxed()).await.expect("what the test needs");
        assert_eq!(desk(&store, sam).await, [30, 10, 20]);
        let done = || Words("rang; safe with her sister".to_owned());
        let acknowledge = || store.write(move |tx| async move {
            tx.acknowledge_concern(concern, sam, &done(), at(70)).await
        }.boxed());
        acknowledge().await.expect("what the test needs");
        assert!(matches!(acknowledge().await, Err(StoreError::TooLate)));
        assert_eq!(desk(&store, sam).await, [10, 20, 30]);
        let saved = store.read().await.expect("what the test needs").concern(concern).await.expect("what the test needs");
        assert_eq!(saved.acknowledged.expect("what the test needs").done, done());
        assert_eq!(saved.raised.words.found, 7..13);
        assert!(store.read().await.expect("what the test needs").open_concerns(10).await.expect("what the test needs").is_empty());
    }

    async fn what_is_said_of_themes_is_kept_in_order_and_over_the_version_that_was_seen(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        let case = store.write(|tx| refer(tx, 1, 10).boxed()).await.expect("what the test needs");
        let other = store.write(|tx| refer(tx, 2, 20).boxed()).await.expect("what the test needs");
        let (people, money) = (Theme::People, Theme::Money);
        let (added, removed) = (Correction::Added, Correction::Removed);
        // At one and the same time: the order is that of the versions.
        let say = |seen: i64, said: Vec<(Theme, Correction)>| store.write(move |tx| {
            let said = said.clone();
            async move { tx.correct_themes(case.id, seen, &said, sam, at(30)).await }.boxed()
        });
        say(1, vec![(money, added), (people, removed)]).await.expect("what the test needs");
        assert!(matches!(say(1, vec![(money, removed)]).await, Err(StoreError::TooLate)));
        say(2, vec![(money, removed)]).await.expect("what the test needs");
        let mut reader = store.read().await.expect("what the test needs");
        let kept = reader.theme_corrections_of(case.id).await.expect("what the test needs");
        let said: Vec<_> = kept.iter().map(|one| (one.theme, one.correction)).collect();
        assert_eq!(said, [(money, added), (people, removed), (money, removed)]);
        assert!(kept.iter().all(|one| (one.by, one.at) == (sam, at(30))));
        assert!(reader.theme_corrections_of(other.id).await.expect("what the test needs").is_empty());
        let rows = folder(&store, sam, Folder::Open).await;
        assert_eq!(rows.iter().map(|row| row.corrected.len()).collect::<Vec<_>>(), [3, 0]);
        assert_eq!(reader.referral(&case.reference).await.expect("what the test needs").version, 3);
    }

    async fn the_oldest_open_concern_counts_not_how_many_there_are(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        for (number, second) in [(1, 30), (2, 10), (3, 20)] {
            store.write(move |tx| refer(tx, number, second).boxed()).await.expect("what the test needs");
        }
        for (number, second) in [(3, 50), (1, 60), (1, 61), (1, 62)] {
            store.write(move |tx| raise(tx, number, second).boxed()).await.expect("what the test needs");
        }
        assert_eq!(desk(&store, sam).await, [20, 30, 10]);
    }

    async fn whoever_waits_stands_above_whoever_does_not_and_the_ended_come_last(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        let mut opened = Vec::new();
        for (number, second) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)] {
            opened.push(store.write(move |tx| refer(tx, number, second).boxed()).await.expect("what the test needs").id);
        }
        let [in_hand, writes, ended_first, ended_last, _new] = opened.try_into().expect("five cases");
        for id in [in_hand, writes, ended_first, ended_last] {
            claim(&store, id, sam).await.expect("what the test needs");
        }
        store.write(move |tx| tx.mark_reply_due(writes, at(70)).boxed()).await.expect("what the test needs");
        for (id, second) in [(ended_first, 80), (ended_last, 90)] {
            let close = Move::Close(Outcome::Connected);
            store.write(move |tx| tx.move_referral(id, 2, close, at(second)).boxed()).await.expect("what the test needs");
        }
        assert_eq!(desk(&store, sam).await, [5, 2, 1, 4, 3]);
    }

    async fn a_concern_whose_words_were_erased_is_still_shown(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        store.write(|tx| refer(tx, 1, 0).boxed()).await.expect("what the test needs");
        store.write(|tx| raise(tx, 1, 50).boxed()).await.expect("what the test needs");
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        store.forget_key(ann.person.id.0).await.expect("what the test needs");
        let mut reader = store.read().await.expect("what the test needs");
        let desk = folder(&store, sam, Folder::NeedsReply).await;
        assert_eq!((desk.len(), desk[0].open_concerns, desk[0].summaries.len()), (1, 1, 0));
        assert_eq!(desk[0].concern_since, Some(at(50)));
        let concerns = reader.open_concerns(10).await.expect("what the test needs");
        assert_eq!(concerns[0].raised.words, ConcernWords::default());
    }

    async fn staff_of_another_service_see_nothing(store: TestStore) {
        store.write(|tx| refer(tx, 1, 0).boxed()).await.expect("what the test needs");
        let sam = worker(&store, "sam@example.org").await;
        store.write(move |tx| async move { tx.set_services(sam, &["hillside".parse().expect("what the test needs")]).await }.boxed())
            .await.expect("what the test needs");
        assert!(desk(&store, sam).await.is_empty());
    }

    async fn of_sixteen_who_claim_at_once_one_wins(store: TestStore) {
        let referral = store.write(|tx| refer(tx, 1, 0).boxed()).await.expect("what the test needs");
        let mut staff = Vec::new();
        for email in ["a@x", "b@x", "c@x", "d@x"] {
            staff.push(worker(&store, email).await);
        }
        let claims = (0..16).map(|at| claim(&store, referral.id, staff[at % 4]));
        let told = join_all(claims).await;
        assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
        assert_eq!(told.iter().filter(|told| matches!(told, Err(StoreError::TooLate))).count(), 15);
        let saved = store.read().await.expect("what the test needs").referral(&referral.reference).await.expect("what the test needs");
        assert_eq!((saved.status, saved.version), (ReferralStatus::InHand, 2));
    }

    async fn a_referral_is_moved_only_over_the_version_that_was_seen(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        let referral = store.write(|tx| refer(tx, 1, 0).boxed()).await.expect("what the test needs");
        claim(&store, referral.id, sam).await.expect("what the test needs");
        let move_on = |seen, to| store.write(move |tx| tx.move_referral(referral.id, seen, to, at(80)).boxed());
        assert!(matches!(move_on(1, Move::Accept).await, Err(StoreError::TooLate)));
        move_on(2, Move::Accept).await.expect("what the test needs");
        move_on(3, Move::Close(Outcome::Connected)).await.expect("what the test needs");
        assert!(matches!(move_on(4, Move::Accept).await, Err(StoreError::TooLate)), "closed");
        assert_eq!(desk(&store, sam).await, [0]);
        let another = store.write(|tx| refer(tx, 1, 90).boxed()).await.expect("what the test needs");
        assert_ne!(another.reference, referral.reference, "a closed case stays closed");
    }

    async fn one_person_has_one_open_referral_however_often_they_are_referred(store: TestStore) {
        store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        let referred = join_all((0..16).map(|_| store.write(|tx| refer(tx, 1, 0).boxed()))).await;
        let referred: Vec<Referral> = referred.into_iter().map(Result::unwrap).collect();
        assert!(referred.iter().all(|one| one.id == referred[0].id));
        let handovers = store.read().await.expect("what the test needs").handovers_of::<String>(referred[0].id).await.expect("what the test needs");
        assert_eq!((handovers.len(), handovers[0].version), (1, 16));
    }

    async fn the_first_text_that_waits_for_a_reply_counts(store: TestStore) {
        let referral = store.write(|tx| refer(tx, 1, 0).boxed()).await.expect("what the test needs");
        let sam = worker(&store, "sam@example.org").await;
        for second in [5, 9] {
            store.write(move |tx| tx.mark_reply_due(referral.id, at(second)).boxed()).await.expect("what the test needs");
        }
        let saved = store.read().await.expect("what the test needs").referral(&referral.reference).await.expect("what the test needs");
        assert_eq!((saved.reply_due, saved.waiting_since), (true, Some(at(5))));
        store.write(move |tx| tx.answer_referral(referral.id, 1, sam, at(10)).boxed()).await.expect("what the test needs");
        let saved = store.read().await.expect("what the test needs").referral(&referral.reference).await.expect("what the test needs");
        assert_eq!((saved.reply_due, saved.waiting_since), (false, None));
    }

    async fn what_is_in_somebodys_name_is_counted_and_stays_there_when_they_leave(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        for number in [1, 2, 3] {
            let referral = store.write(move |tx| refer(tx, number, 0).boxed()).await.expect("what the test needs");
            if number != 3 {
                claim(&store, referral.id, sam).await.expect("what the test needs");
            }
        }
        for second in [50, 51] {
            store.write(move |tx| raise(tx, 1, second).boxed()).await.expect("what the test needs");
        }
        store.write(move |tx| async move { tx.set_active(sam, false).await }.boxed()).await.expect("what the test needs");
        let mut reader = store.read().await.expect("what the test needs");
        assert_eq!(reader.owned_by(sam).await.expect("what the test needs"), Owned { cases: 2, with_concern: 1 });
        assert_eq!(reader.open_concerns(10).await.expect("what the test needs").len(), 2);
    }

    async fn a_thread_tells_who_said_what_in_order(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        store.write(move |tx| async move {
            let noted = tx.note_inbound(&text("SM1", 1, "hello"), &service()).await?.expect("what the test needs");
            let ann = somebody(tx, 1).await?;
            let content = text("SM1", 1, "hello").content;
            tx.place_inbound(noted.id, ann.person.id, Some(ann.session.id), &content).await?;
            tx.append_text(&reply(&ann, Purpose::Answer, "welcome"), at(0)).await?;
            let mut by_sam = reply(&ann, Purpose::LinkWorker, "I am Sam");
            by_sam.author = Author::Staff(sam);
            tx.append_text(&by_sam, at(0)).await
        }.boxed()).await.expect("what the test needs");
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        let thread = store.read().await.expect("what the test needs").thread(ann.person.id, 100).await.expect("what the test needs");
        let told: Vec<String> = thread.into_iter().map(|said| match said.what {
            SaidWhat::Heard { content: Some(Content::Text { body, .. }), .. } => format!("them: {}", body.0),
            SaidWhat::Told { author: Author::Bot, body, state, .. } => format!("us: {} ({state})", body.expect("what the test needs").text.0),
            SaidWhat::Told { author, body, .. } => {
                assert_eq!(author, Author::Staff(sam));
                format!("Sam: {}", body.expect("what the test needs").text.0)
            }
            SaidWhat::Heard { .. } => "?".to_owned(),
        }).collect();
        assert_eq!(told, ["them: hello", "us: welcome (ready)", "Sam: I am Sam"]);
    }

    async fn notes_stay_with_their_referral(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        let referral = store.write(|tx| refer(tx, 1, 0).boxed()).await.expect("what the test needs");
        let noted = referral.clone();
        store.write(move |tx| {
            let noted = noted.clone();
            async move { tx.add_note(&noted, sam, &Words("likes tea".to_owned()), at(1)).await }.boxed()
        }).await.expect("what the test needs");
        let notes = store.read().await.expect("what the test needs").notes_of(&referral).await.expect("what the test needs");
        assert_eq!(notes[0].body.0, "likes tea");
    }

    async fn staff_are_found_by_their_address_in_any_spelling(store: TestStore) {
        let sam = worker(&store, "Sam@Example.org").await;
        let again = store.write(|tx| async move {
            let new = NewStaff {
                email: "sam@example.org".parse().expect("an address"),
                name: "Another".parse().expect("a name"),
                role: Role::Admin,
                password_hash: Words("hash".to_owned()),
                services: Vec::new(),
            };
            tx.add_staff(&new, at(0)).await
        }.boxed()).await;
        assert!(matches!(again, Err(StoreError::TooLate)));
        let mut reader = store.read().await.expect("what the test needs");
        let proof = reader.staff_by_email(" SAM@example.org ").await.expect("what the test needs").expect("what the test needs");
        assert_eq!((proof.staff.id, proof.staff.name.0.as_str()), (sam, "Sam"));
        assert_eq!(reader.services_of(sam).await.expect("what the test needs"), [service()]);
        assert!(!reader.has_administrator().await.expect("what the test needs"));
        drop(reader);
        store.write(move |tx| async move {
            tx.set_second_factor(sam, Some(&Words("JBSWY3DP".to_owned()))).await?;
            tx.set_password(sam, "another").await
        }.boxed()).await.expect("what the test needs");
        let proof = store.read().await.expect("what the test needs").staff(sam).await.expect("what the test needs");
        assert_eq!(proof.second_factor, Some(Words("JBSWY3DP".to_owned())));
        assert_eq!(proof.password_hash, "another");
    }

    async fn signing_in_lasts_until_it_ends_or_the_account_does(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        let token = [3; 32];
        store.write(move |tx| async move { tx.open_staff_session(&token, sam, "Firefox", at(0), at(100)).await }.boxed())
            .await.expect("what the test needs");
        let signed_in_by = async |token: [u8; 32], now| store.read().await.expect("what the test needs").staff_session(&token, at(now)).await.expect("what the test needs").is_some();
        let signed_in = async |now| signed_in_by(token, now).await;
        assert!(signed_in(99).await);
        assert!(!signed_in(100).await);
        store.write(move |tx| async move { tx.extend_staff_session(&token, at(99), at(200)).await }.boxed())
            .await.expect("what the test needs");
        assert!(signed_in(150).await);
        store.write(move |tx| async move { tx.open_staff_session(&[9; 32], sam, "Firefox", at(200), at(400)).await }.boxed())
            .await.expect("what the test needs");
        let kept = Rows(store.settings.database_url.clone()).count("SELECT COUNT(*) FROM staff_session").await;
        assert_eq!(kept, 1, "what has ended is cleared away at the next sign-in");
        assert!(signed_in_by([9; 32], 250).await);
        store.write(move |tx| async move { tx.set_active(sam, false).await }.boxed()).await.expect("what the test needs");
        assert!(!signed_in_by([9; 32], 250).await);
    }

    async fn failures_to_sign_in_are_counted_until_one_succeeds(store: TestStore) {
        for second in [1, 2, 3] {
            store.write(move |tx| tx.note_failed_sign_in("a@x", Some(if second == 3 { "there" } else { "here" }), at(second)).boxed()).await.expect("what the test needs");
        }
        let count = async || store.read().await.expect("what the test needs").failed_sign_ins("A@x", at(2)).await.expect("what the test needs");
        assert_eq!(count().await, Failures { count: 2, last_at: Some(at(3)) });
        store.write(|tx| tx.forget_failed_sign_ins_from("a@x", "here").boxed()).await.expect("what the test needs");
        assert_eq!(count().await.count, 1, "what others have tried still counts");
        store.write(|tx| tx.forget_failed_sign_ins("a@x").boxed()).await.expect("what the test needs");
        assert_eq!(count().await.count, 0);
    }

    async fn a_set_up_link_works_once_and_not_for_ever(store: TestStore) {
        let token = [4; 32];
        store.write(move |tx| async move { tx.put_set_up_link(&token, at(1800)).await }.boxed()).await.expect("what the test needs");
        assert!(store.read().await.expect("what the test needs").set_up_link_works(&token, at(1)).await.expect("what the test needs"));
        let use_up = |now| store.write(move |tx| async move { tx.use_set_up_link(&token, at(now)).await }.boxed());
        assert!(!use_up(1800).await.expect("what the test needs"));
        assert!(use_up(1).await.expect("what the test needs"));
        assert!(!use_up(1).await.expect("what the test needs"));
    }

    async fn a_form_that_is_sent_twice_works_once(store: TestStore) {
        let sam = worker(&store, "sam@example.org").await;
        let send = || store.write(move |tx| tx.use_form_token(sam, "token", at(1)).boxed());
        assert!(send().await.expect("what the test needs"));
        assert!(!send().await.expect("what the test needs"));
        let a_day_later = || store.write(move |tx| tx.use_form_token(sam, "another", at(86_402)).boxed());
        assert!(a_day_later().await.expect("what the test needs"));
        let rows = Rows(store.settings.database_url.clone());
        assert_eq!(rows.count("SELECT COUNT(*) FROM idempotency").await, 1, "the first is forgotten");
    }

    async fn the_audit_has_no_gaps_however_many_write_at_once(store: TestStore) {
        let audits = (0..30_u32).map(|number| store.write(move |tx| async move {
            tx.audit(Author::System, "test", "thing", "1", at(0)).await?;
            if number % 5 == 0 { Err(StoreError::NotFound) } else { Ok(()) }
        }.boxed()));
        join_all(audits).await;
        let lines = store.read().await.expect("what the test needs").audit_of("thing", "1").await.expect("what the test needs");
        let numbers: Vec<i64> = lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, (1..=24).collect::<Vec<i64>>());
    }

    async fn what_falls_due_is_taken_once_and_older_deadlines_are_replaced(store: TestStore) {
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs").session.id;
        store.write(move |tx| async move {
            tx.set_deadline(ann, DeadlineKind::Remind, at(10), 1).await?;
            tx.set_deadline(ann, DeadlineKind::Close, at(5), 1).await?;
            tx.set_deadline(ann, DeadlineKind::Remind, at(20), 2).await
        }.boxed()).await.expect("what the test needs");
        let mut reader = store.read().await.expect("what the test needs");
        assert!(reader.due_deadlines(at(4), 10).await.expect("what the test needs").is_empty());
        let due = reader.due_deadlines(at(20), 10).await.expect("what the test needs");
        assert_eq!(due.iter().map(|due| (due.kind, due.sequence)).collect::<Vec<_>>(),
            [(DeadlineKind::Close, 1), (DeadlineKind::Remind, 2)]);
        let id = due[0].id;
        assert!(store.write(move |tx| tx.take_deadline(id).boxed()).await.expect("what the test needs"));
        assert!(!store.write(move |tx| tx.take_deadline(id).boxed()).await.expect("what the test needs"));
        store.write(move |tx| tx.cancel_deadlines(ann).boxed()).await.expect("what the test needs");
        assert!(reader.due_deadlines(at(99), 10).await.expect("what the test needs").is_empty());
    }

    async fn only_one_node_does_what_one_may_do(store: TestStore) {
        let hold = |holder, now| store.write(move |tx| async move {
            tx.hold_singleton("poller", Uuid::from_u128(holder), at(now), std::time::Duration::from_secs(30)).await
        }.boxed());
        assert!(hold(1, 0).await.expect("what the test needs"));
        assert!(!hold(2, 29).await.expect("what the test needs"));
        assert!(hold(1, 29).await.expect("what the test needs"), "the holder goes on");
        assert!(!hold(2, 58).await.expect("what the test needs"));
        assert!(hold(2, 59).await.expect("what the test needs"), "the holder is gone");
    }

    async fn settings_and_revisions_read_back_as_they_were_written(store: TestStore) {
        store.write(|tx| tx.set_setting("offset", &41_i64).boxed()).await.expect("what the test needs");
        store.write(|tx| tx.set_setting("offset", &42_i64).boxed()).await.expect("what the test needs");
        let revision = Revision {
            conversation: "what-matters".parse().expect("what the test needs"),
            id: footbridge::domain::ids::RevisionId("0123456789abcdef".to_owned()),
            flow: "steps: []".to_owned(),
            wording: "hello = Hello".to_owned(),
        };
        for _ in 0..2 {
            let revision = revision.clone();
            store.write(move |tx| {
                let revision = revision.clone();
                async move { tx.keep_revision(&revision, at(0)).await }.boxed()
            }).await.expect("what the test needs");
        }
        store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        let mut reader = store.read().await.expect("what the test needs");
        assert_eq!(reader.setting::<i64>("offset").await.expect("what the test needs"), Some(42));
        assert_eq!(reader.setting::<i64>("none").await.expect("what the test needs"), None);
        assert_eq!(reader.revision(&revision.conversation, &revision.id).await.expect("what the test needs"), revision);
        assert_eq!(reader.revisions().await.expect("what the test needs"), [(revision.conversation, revision.id, 1)]);
    }

    async fn what_holds_for_a_person_is_kept_with_them(store: TestStore) {
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        store.write(move |tx| async move {
            tx.set_hold(ann.person.id, true).await?;
            tx.set_texts_unsafe(ann.person.id, true).await?;
            tx.set_opted_out(ann.address.id, true).await?;
            tx.set_language(ann.person.id, &"cy".parse().expect("what the test needs"), Some("Polish")).await
        }.boxed()).await.expect("what the test needs");
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        let standing = ann.person.standing(&ann.address);
        assert!(standing.hold && standing.texts_unsafe && standing.opted_out);
        assert_eq!((standing.language.as_str(), standing.speaks.as_deref()), ("cy", Some("Polish")));
        let addresses = store.read().await.expect("what the test needs").addresses_of(ann.person.id).await.expect("what the test needs");
        assert_eq!(addresses, [ann.address]);
    }
}
