//! Whether a person's words, name or number stand anywhere that is no page for link workers: logs, figures, refusals.

use std::io;
use std::sync::Arc;
use std::sync::Mutex;

use footbridge::domain::staff::Role;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::app::TestApp;
use crate::support::fake_twilio::Answer;
use crate::support::stores::TestStore;

const NUMBER: &str = "07700 900777";
/// What must stand nowhere: the number as people and networks write it, the name, words of each kind.
const CANARIES: [&str; 9] = [
    "900777",
    "900 777",
    "Quintessa",
    "zyzzyva",
    "ABSQUATULATE",
    "absquatulate",
    "flibbertigibbet",
    "snollygoster",
    "end my life",
];

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn assert_no_canary(place: &str, text: &str) {
    for canary in CANARIES {
        let at = text.find(canary);
        let around = at.map(|at| {
            &text[text.floor_char_boundary(at.saturating_sub(300))..text.ceil_char_boundary(at + 100)]
        });
        assert_eq!(around, None, "{place} holds {canary}");
    }
}

/// On one thread, so that the one log catches everything, also what libraries say at debug level.
#[tokio::test]
async fn no_word_name_or_number_of_a_person_stands_in_logs_figures_or_refusals() {
    let log = Log::default();
    // Where there is only one subscriber, a line that another test reaches first, on a thread without any, is off for good.
    let _another = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("debug"))
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let mut app = TestApp::on(TestStore::sqlite().await).await;
    let sam = app.worker("Sam").await;
    for text in ["hello", "me", "78", "Quintessa", "the zyzzyva practice", "yes"] {
        app.sms(NUMBER, text).await;
    }
    app.sms(NUMBER, "I would like to ABSQUATULATE and absquatulate with company").await;
    app.fake.plan(Answer::Garbage);
    app.fake.plan(Answer::Error(400, 21211));
    for text in
        ["I want to end my life, snollygoster", "1", "GO", "DONE", "please ring about the flibbertigibbet"]
    {
        app.sms(NUMBER, text).await;
    }
    app.wait(std::time::Duration::from_secs(1200)).await;
    app.forget_the_unsent();
    let reference = sam.queue("open").await.remove(0).0;
    let stale = sam.case(&reference).await;
    assert!(stale.body.contains("snollygoster"), "the page for link workers holds them");
    let foreign = app.get(&format!("/inbox/referrals/{reference}?text=snollygoster")).await;
    let bad_form = sam.post(&format!("/inbox/referrals/{reference}/decline"), &[("reason", "x")]).await;
    let missing = sam.get("/inbox/referrals/FB-222222").await;
    let mut forms = Vec::new();
    for typed in ["Quintessa", NUMBER, "zyzzyva ABSQUATULATE", "snollygoster"] {
        let found = sam.post("/inbox/search", &[("find", typed)]).await;
        assert_eq!((found.status, found.location.as_str()), (200, ""));
    }
    let ann = app.colleague_of("Ann", Role::Admin, &["alder-vale"]).await;
    let case = format!("/inbox/referrals/{reference}");
    for format in ["text", "json"] {
        let copy = ann.post(&format!("{case}/export"), &[("format", format)]).await;
        assert!(copy.body.contains("snollygoster"), "the copy for the person holds them");
    }
    forms.push(("kept", ann.post(&format!("{case}/keep"), &[("why", "flibbertigibbet")]).await));
    let fields = [("again", "snollygoster"), ("reason", "erase-as-they-asked"), ("days", "30")];
    forms.push((
        "export of nobody",
        ann.post("/inbox/referrals/FB-222222/export", &[("format", "json")]).await,
    ));
    assert_eq!(ann.post(&format!("{case}/erase"), &fields).await.status, 422);
    let audit = ann.get("/inbox/audit").await;
    assert!(audit.status == 200 && audit.body.contains("export person"), "{}", audit.body);
    assert_no_canary("the audit", &audit.body);
    let mut forged = app.inbound(NUMBER, "a zyzzyva");
    forged.signature.push('x');
    let refused = app.post(&forged).await;
    for (place, page) in
        [("signed out", foreign), ("a bad form", bad_form), ("not there", missing), ("forged", refused)]
    {
        forms.push((place, page));
    }
    for (place, page) in forms {
        assert!((300..500).contains(&page.status), "{place}: {}", page.status);
        assert_no_canary(place, &page.body);
        assert_no_canary(place, &page.location);
    }
    let metrics = app.metrics().await;
    assert!(metrics.contains("# EOF"), "{metrics}");
    assert_no_canary("/metrics", &metrics);
    let logged = String::from_utf8(log.0.lock().expect("no panic").clone()).expect("text");
    assert!(logged.contains("DEBUG") && logged.contains("footbridge"), "nothing was caught");
    assert_no_canary("the log", &logged);
    app.look();
}
