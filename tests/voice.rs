//! Calls to the number: what a voice says, and what link workers see of it.

use axum::http::StatusCode;

use crate::support::app::ENGLISH_NUMBER;
use crate::support::app::PUBLIC_URL;
use crate::support::app::TestApp;
use crate::support::app::WELSH_NUMBER;
use crate::support::fake_twilio::ACCOUNT_SID;
use crate::support::fake_twilio::TOKEN;
use crate::support::signed_post::SignedPost;
use crate::support::stores::TestStore;

const CALLER: &str = "+441632960555";

/// A call, as Twilio posts it.
fn call(id: &str, from: &str, to: &str) -> SignedPost {
    let pairs = [
        ("CallSid", id),
        ("AccountSid", ACCOUNT_SID),
        ("From", from),
        ("To", to),
        ("CallStatus", "ringing"),
        ("Direction", "inbound"),
    ];
    SignedPost::new(TOKEN, &format!("{PUBLIC_URL}/channels/twilio/voice"), &pairs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_voice_says_what_the_number_is_whom_to_ring_and_hangs_up() {
    let app = TestApp::on(TestStore::sqlite().await).await;
    let answer = app.post(&call("CA1", CALLER, ENGLISH_NUMBER)).await;
    assert_eq!(answer.status, 200);
    let said = answer.body;
    for part in [
        "<Response><Say language=\"en-GB\">",
        "Alder Vale Social Prescribing",
        "call 9 9 9",
        "call 1 1 1",
        "0 1 6 3 2, 9 6 0 1 0 1",
        "</Say><Hangup/></Response>",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    for never in ["Record", "Gather", "Dial", "cy-GB", "01632"] {
        assert!(!said.contains(&format!("<{never}")), "{never} in {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_wales_it_speaks_welsh_first_and_then_english() {
    let app = TestApp::on(TestStore::sqlite().await).await;
    let said = app.post(&call("CA1", CALLER, WELSH_NUMBER)).await.body;
    let welsh = said.find("<Say language=\"cy-GB\" voice=\"Polly.Gwyneth\">Helo.").expect("Welsh");
    let english = said.find("<Say language=\"en-GB\">Hello.").expect("English");
    assert!(welsh < english, "{said}");
    assert_eq!(said.matches("0 1 6 3 2, 9 6 0 2 0 2").count(), 2, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_stands_once_in_the_inbox_and_is_answered_by_no_text() {
    let mut app = TestApp::on(TestStore::sqlite().await).await;
    let sam = app.worker("Sam").await;
    let first = app.post(&call("CA1", CALLER, ENGLISH_NUMBER)).await;
    let retried = app.post(&call("CA1", CALLER, ENGLISH_NUMBER)).await;
    assert_eq!((first.status, &first.body), (retried.status, &retried.body), "a retry hears the same");
    app.settle().await;
    app.assert_said(&[]);
    let queue = sam.queue("open").await;
    assert_eq!(queue.len(), 1, "one case");
    let page = sam.case(&queue[0].0).await.body;
    assert_eq!(page.matches("Rang us").count(), 1, "{page}");
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM referral WHERE reply_due").await, 1);
    assert!(app.metrics().await.contains("route=\"TwilioVoice\",outcome=\"Duplicate\"} 1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_somebody_who_texts_joins_their_case_and_leaves_their_question_open() {
    let mut app = TestApp::on(TestStore::sqlite().await).await;
    let number = "+447700900321";
    app.talk(number, &[("hello", "welcome, for-whom"), ("me", "age-band")]).await;
    assert_eq!(app.post(&call("CA1", number, ENGLISH_NUMBER)).await.status, 200);
    app.settle().await;
    app.talk(number, &[("78", "name")]).await;
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM person").await, 1);
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM referral WHERE reply_due").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withheld_number_is_noted_without_one() {
    let mut app = TestApp::on(TestStore::sqlite().await).await;
    let sam = app.worker("Sam").await;
    for (id, from) in [("CA1", "+266696687"), ("CA2", "Anonymous"), ("CA3", "")] {
        assert_eq!(app.post(&call(id, from, ENGLISH_NUMBER)).await.status, 200, "{from}");
    }
    app.settle().await;
    let queue = sam.queue("open").await;
    assert_eq!(queue.len(), 1, "nobody can tell them apart");
    let page = sam.case(&queue[0].0).await.body;
    assert!(page.contains("The number was withheld") && page.matches("Rang us").count() == 3, "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_twilios_or_no_call_is_refused() {
    let app = TestApp::on(TestStore::sqlite().await).await;
    let url = format!("{PUBLIC_URL}/channels/twilio/voice");
    let mut forged = call("CA1", CALLER, ENGLISH_NUMBER);
    forged.signature.push('x');
    let foreign =
        SignedPost::new(TOKEN, &url, &[("CallSid", "CA1"), ("AccountSid", "AC2"), ("From", CALLER)]);
    let no_call = SignedPost::new(TOKEN, &url, &[("AccountSid", ACCOUNT_SID), ("From", CALLER)]);
    let long = "x".repeat(65 * 1024);
    let large = SignedPost::new(TOKEN, &url, &[("CallSid", "CA1"), ("CallerName", &long)]);
    for (post, status) in [
        (forged, StatusCode::FORBIDDEN),
        (foreign, StatusCode::FORBIDDEN),
        (no_call, StatusCode::BAD_REQUEST),
        (large, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = app.post(&post).await;
        assert_eq!((answer.status, answer.body.contains("Say")), (status.as_u16(), false));
    }
    assert_eq!(app.rows.count("SELECT COUNT(*) FROM inbound").await, 0);
}
