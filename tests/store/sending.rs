//! The outbox: order, one in flight, no double claims, and what became of each text.

use std::collections::HashSet;
use std::time::Duration;

use footbridge::domain::ids::OutboxId;
use footbridge::domain::message::DeliveryStatus;
use footbridge::domain::message::Purpose;
use footbridge::domain::time::Timestamp;
use footbridge::store::Store;
use footbridge::store::delivery::DeliveryReport;
use footbridge::store::erasure::Erasure;
use footbridge::store::leased::LeasedText;
use footbridge::store::outbox::Author;
use footbridge::store::sending::Lease;
use footbridge::store::sending::TextEnd;
use futures_util::FutureExt;
use futures_util::future::join_all;

use crate::on_both_stores;
use crate::support::people::at;
use crate::support::people::reply;
use crate::support::people::somebody;
use crate::support::people::token;

const LEASE: Duration = Duration::from_secs(90);

/// Puts a text for this number into the outbox.
async fn say(store: &Store, number: u32, purpose: Purpose, words: &'static str) -> OutboxId {
    let said = store.write(move |tx| {
        async move {
            let to = somebody(tx, number).await?;
            tx.append_text(&reply(&to, purpose, words), at(0)).await
        }
        .boxed()
    });
    said.await.expect("what the test needs")
}

async fn claim(store: &Store, now: Timestamp) -> Vec<LeasedText> {
    store.write(move |tx| tx.claim_texts(token(), 32, now, LEASE).boxed()).await.expect("what the test needs")
}

/// What a claim gives, in the person's words.
async fn claimed(store: &Store, now: Timestamp) -> Vec<String> {
    claim(store, now).await.into_iter().map(|text| text.body.text.0).collect()
}

async fn attempt(store: &Store, lease: Lease) -> bool {
    store.write(move |tx| tx.begin_attempt(lease).boxed()).await.expect("what the test needs")
}

async fn sent(store: &Store, lease: Lease, provider_id: &'static str) -> bool {
    store.write(move |tx| tx.mark_sent(lease, provider_id, at(1)).boxed()).await.expect("what the test needs")
}

/// Sends a text, and it arrives.
async fn send(store: &Store, text: &LeasedText, provider_id: &'static str) {
    assert!(attempt(store, text.lease).await);
    assert!(sent(store, text.lease, provider_id).await);
    assert!(report(store, Some(text.lease.id), provider_id, DeliveryStatus::Delivered).await);
}

async fn report(
    store: &Store,
    id: Option<OutboxId>,
    provider_id: &'static str,
    status: DeliveryStatus,
) -> bool {
    let report = DeliveryReport { provider_id, status, error_code: None };
    store
        .write(move |tx| tx.note_delivery(id, report, at(2)).boxed())
        .await
        .expect("what the test needs")
        .is_some()
}

on_both_stores! {
    async fn texts_to_one_address_leave_one_after_the_other(store: TestStore) {
        say(&store, 1, Purpose::Answer, "first").await;
        say(&store, 1, Purpose::Answer, "second").await;
        let first = claim(&store, at(1)).await;
        assert_eq!(first[0].body.text.0, "first");
        assert_eq!(first[0].handle.0, "+447700900001");
        assert!(claimed(&store, at(1)).await.is_empty());
        send(&store, &first[0], "SM1").await;
        assert_eq!(claimed(&store, at(1)).await, ["second"]);
    }

    async fn a_text_waits_for_a_report_on_the_one_before_or_for_a_moment(store: TestStore) {
        for number in [1, 2, 3] {
            say(&store, number, Purpose::Answer, "first").await;
            say(&store, number, Purpose::Answer, "second").await;
        }
        for text in claim(&store, at(1)).await {
            assert!(attempt(&store, text.lease).await);
            assert!(sent(&store, text.lease, "SM").await);
            let status = match text.handle.0.as_str() {
                "+447700900001" => DeliveryStatus::Delivered,
                "+447700900002" => DeliveryStatus::Undelivered,
                _ => DeliveryStatus::Sent,
            };
            let first_word = status != DeliveryStatus::Sent;
            assert_eq!(report(&store, Some(text.lease.id), "SM", status).await, first_word);
        }
        assert_eq!(claimed(&store, at(1)).await, ["second", "second"]);
        let moment = at(1).plus(Duration::from_millis(800));
        let almost = Timestamp::from_micros(moment.as_micros() - 1);
        assert!(claimed(&store, almost).await.is_empty());
        assert_eq!(claimed(&store, moment).await, ["second"]);
    }

    async fn safety_texts_and_alerts_do_not_wait_for_a_report_and_what_follows_them_does(store: TestStore) {
        for purpose in [Purpose::Safety, Purpose::Safety, Purpose::Alert, Purpose::LinkWorker] {
            say(&store, 1, purpose, purpose.as_str()).await;
        }
        for expected in ["safety", "safety", "alert"] {
            let text = claim(&store, at(1)).await.remove(0);
            assert_eq!(text.body.text.0, expected);
            assert!(attempt(&store, text.lease).await && sent(&store, text.lease, "SM").await);
        }
        assert!(claimed(&store, at(1)).await.is_empty());
        assert_eq!(claimed(&store, at(2)).await, ["link-worker"]);
    }

    async fn a_safety_text_overtakes_all_others(store: TestStore) {
        say(&store, 1, Purpose::Answer, "answer").await;
        say(&store, 2, Purpose::Scheduled, "reminder").await;
        say(&store, 1, Purpose::Safety, "safety").await;
        assert_eq!(claimed(&store, at(1)).await, ["safety", "reminder"]);
    }

    async fn a_text_that_is_tried_again_later_keeps_its_place(store: TestStore) {
        say(&store, 1, Purpose::Answer, "first").await;
        say(&store, 1, Purpose::Answer, "second").await;
        let first = claim(&store, at(1)).await.remove(0);
        assert!(attempt(&store, first.lease).await);
        assert!(store.write(move |tx| tx.retry_text(first.lease, at(30)).boxed()).await.expect("what the test needs"));
        assert!(claimed(&store, at(2)).await.is_empty());
        assert_eq!(store.read().await.expect("what the test needs").next_text_due().await.expect("what the test needs"), Some(at(0)));
        let again = claim(&store, at(30)).await;
        assert_eq!((again[0].body.text.0.as_str(), again[0].attempts), ("first", 1));
    }

    async fn sixteen_workers_claim_no_text_twice_and_never_two_of_one_address(store: TestStore) {
        for number in 0..40 {
            for _ in 0..5 {
                say(&store, number, Purpose::Answer, "hello").await;
            }
        }
        let workers = (0..16).map(|_| {
            let store = store.handle();
            tokio::spawn(async move {
                let mut done = Vec::new();
                let mut idle = 0;
                while idle < 20 {
                    let texts = store.write(|tx| tx.claim_texts(token(), 5, at(1), LEASE).boxed()).await.expect("what the test needs");
                    idle = if texts.is_empty() { idle + 1 } else { 0 };
                    let addresses: HashSet<_> = texts.iter().map(|text| text.address).collect();
                    assert_eq!(addresses.len(), texts.len(), "two of one address");
                    for text in &texts {
                        send(&store, text, "SM").await;
                        done.push(text.lease.id);
                    }
                }
                done
            })
        });
        let done: Vec<_> = join_all(workers).await.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(done.len(), 200);
        assert_eq!(done.iter().collect::<HashSet<_>>().len(), 200);
    }

    async fn the_lease_of_a_worker_that_is_gone_is_taken_back(store: TestStore) {
        say(&store, 1, Purpose::Answer, "not tried").await;
        say(&store, 2, Purpose::Answer, "tried").await;
        let leased = claim(&store, at(1)).await;
        let tried = leased.iter().find(|text| text.body.text.0 == "tried").expect("what the test needs").lease;
        assert!(attempt(&store, tried).await);
        assert_eq!(store.write(|tx| tx.reclaim_stale_leases(at(90)).boxed()).await.expect("what the test needs"), 0);
        assert_eq!(store.write(|tx| tx.reclaim_stale_leases(at(91)).boxed()).await.expect("what the test needs"), 2);
        let in_doubt = store.write(|tx| tx.texts_in_doubt(at(91), 10).boxed()).await.expect("what the test needs");
        assert_eq!(in_doubt.len(), 1);
        assert_eq!(in_doubt[0].body.text.0, "tried");
        assert_eq!(claimed(&store, at(91)).await, ["not tried"]);
        let late = leased.iter().find(|text| text.body.text.0 == "not tried").expect("what the test needs").lease;
        assert!(!attempt(&store, late).await, "the old lease is void");
        assert!(sent(&store, tried, "SM1").await, "a late answer settles the doubt");
    }

    async fn a_text_in_doubt_holds_back_all_but_safety(store: TestStore) {
        say(&store, 1, Purpose::Answer, "first").await;
        let first = claim(&store, at(1)).await.remove(0).lease;
        assert!(attempt(&store, first).await);
        assert!(store.write(move |tx| tx.mark_in_doubt(first, at(60)).boxed()).await.expect("what the test needs"));
        say(&store, 1, Purpose::Answer, "second").await;
        assert!(claimed(&store, at(2)).await.is_empty());
        say(&store, 1, Purpose::Safety, "safety").await;
        assert_eq!(claimed(&store, at(2)).await, ["safety"]);
        assert!(report(&store, Some(first.id), "SM1", DeliveryStatus::Sent).await);
        assert!(store.write(|tx| tx.texts_in_doubt(at(99), 10).boxed()).await.expect("what the test needs").is_empty());
    }

    async fn delivery_statuses_may_come_in_any_order(store: TestStore) {
        let id = say(&store, 1, Purpose::Answer, "hello").await;
        let text = claim(&store, at(1)).await.remove(0);
        assert!(attempt(&store, text.lease).await);
        assert!(report(&store, Some(id), "SM1", DeliveryStatus::Sent).await, "earlier than our own mark");
        assert!(sent(&store, text.lease, "SM1").await);
        assert!(report(&store, None, "SM1", DeliveryStatus::Undelivered).await);
        assert!(!report(&store, None, "SM1", DeliveryStatus::Sent).await, "late");
        assert_eq!(store.read().await.expect("what the test needs").dead_texts(at(0), 10).await.expect("what the test needs").len(), 1);
        assert!(report(&store, None, "SM1", DeliveryStatus::Delivered).await, "a late delivery wins");
        assert!(!report(&store, None, "SM1", DeliveryStatus::Delivered).await, "twice");
        assert!(!report(&store, None, "SM1", DeliveryStatus::Undelivered).await);
        assert!(!report(&store, None, "SM9", DeliveryStatus::Delivered).await, "none of ours");
        assert!(store.read().await.expect("what the test needs").dead_texts(at(0), 10).await.expect("what the test needs").is_empty());
    }

    async fn a_text_that_waited_too_long_expires_and_is_named(store: TestStore) {
        say(&store, 1, Purpose::Answer, "answer").await;
        say(&store, 2, Purpose::Safety, "safety").await;
        let late = at(3600);
        assert_eq!(claimed(&store, late).await, ["safety"]);
        let expired = store.write(move |tx| tx.expire_texts(late).boxed()).await.expect("what the test needs");
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0].purpose, Purpose::Answer);
        assert_eq!(store.read().await.expect("what the test needs").dead_texts(at(0), 10).await.expect("what the test needs"), expired);
    }

    async fn a_text_that_was_given_up_is_a_dead_letter_with_its_code(store: TestStore) {
        say(&store, 1, Purpose::Safety, "safety").await;
        let lease = claim(&store, at(1)).await.remove(0).lease;
        let unconfirmed = store.read().await.expect("what the test needs").unconfirmed_safety_texts(at(0), at(9)).await.expect("what the test needs");
        assert_eq!(unconfirmed.len(), 1);
        let ended = store.write(move |tx| tx.end_text(lease, TextEnd::GaveUp { code: "21610" }).boxed());
        assert!(ended.await.expect("what the test needs"));
        let dead = store.read().await.expect("what the test needs").dead_texts(at(0), 10).await.expect("what the test needs");
        assert_eq!(dead[0].error_code.as_deref(), Some("21610"));
    }

    async fn a_text_that_nobody_can_read_any_more_holds_up_no_other(store: TestStore) {
        say(&store, 1, Purpose::Answer, "erased").await;
        say(&store, 2, Purpose::Answer, "kept").await;
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        store.forget_key(ann.person.id.0).await.expect("what the test needs");
        assert_eq!(claimed(&store, at(1)).await, ["kept"]);
        let dead = store.read().await.expect("what the test needs").dead_texts(at(0), 10).await.expect("what the test needs");
        assert_eq!(dead[0].error_code.as_deref(), Some("unreadable"));
    }

    async fn a_text_that_was_on_its_way_when_its_person_was_erased_is_taken_back(store: TestStore) {
        say(&store, 1, Purpose::Answer, "on its way").await;
        let lease = claim(&store, at(1)).await.remove(0).lease;
        assert!(store.write(move |tx| tx.begin_attempt(lease).boxed()).await.expect("what the test needs"));
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        let erasure = Erasure { person: ann.person.id, erased_at: at(2) };
        store.erase(erasure, Author::System, at(2)).await.expect("what the test needs");
        let late = at(1).plus(LEASE * 2);
        store.write(move |tx| tx.reclaim_stale_leases(late).boxed()).await.expect("what the test needs");
        assert!(store.write(move |tx| tx.texts_in_doubt(late, 10).boxed()).await.expect("what the test needs").is_empty());
        let mut reader = store.read().await.expect("what the test needs");
        assert!(reader.dead_texts(at(0), 10).await.expect("what the test needs").is_empty(), "it is no dead letter");
        let waiting = reader.held_of(ann.person.id).await.expect("what the test needs").waiting;
        assert_eq!(waiting, 0);
    }

    async fn scheduled_texts_can_be_taken_back(store: TestStore) {
        say(&store, 1, Purpose::Scheduled, "reminder").await;
        say(&store, 1, Purpose::Answer, "answer").await;
        let ann = store.write(|tx| somebody(tx, 1).boxed()).await.expect("what the test needs");
        assert_eq!(store.write(move |tx| tx.cancel_scheduled(ann.address.id).boxed()).await.expect("what the test needs"), 1);
        assert_eq!(claimed(&store, at(1)).await, ["answer"]);
        let counted = store.read().await.expect("what the test needs").count_automatic_texts(ann.address.id, at(0)).await.expect("what the test needs");
        assert_eq!((counted.safety, counted.other), (0, 2));
    }
}
