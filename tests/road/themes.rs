//! What a case is about: the rules find it, a link worker corrects it, and both are told.

use std::path::Path;

use serde_json::Value;
use serde_json::json;

use crate::on_both_stores;
use crate::road::JOAN;
use crate::road::handed_over;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_THE_END;
use crate::support::page::Page;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::stores::SECRET_KEY;
use crate::support::worker::Worker;

fn place(reference: &str) -> String {
    format!("/inbox/referrals/{reference}")
}

/// Each theme that the page tells of, with all that it says.
fn told(page: &Page) -> Vec<String> {
    let lines = page.all("[data-part=themes] .fb-themes li").into_iter();
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn counting(page: &Page) -> Vec<String> {
    page.attributes("[data-part=themes] [data-theme]", "data-theme")
}

/// Ticks these themes on a page that was opened before, and no other, and presses the button.
async fn tick(worker: &Worker, page: &Page, reference: &str, ticked: &[&str]) -> Page {
    let was = page.attributes("[data-part=themes] [name=was]", "value");
    let was = was.iter().map(|theme| ("was", theme.as_str()));
    let fields: Vec<_> = was.chain(ticked.iter().map(|theme| ("theme", *theme))).collect();
    worker.press_on(page, reference, "themes", &fields).await
}

/// What the terminal tells.
pub(super) fn at_the_terminal(app: &TestApp, reference: &str, format: &str) -> String {
    let arguments = ["admin", "handover", reference, "--format", format];
    let settings = [("FOOTBRIDGE_DATABASE_URL", app.rows.0.as_str()), ("FOOTBRIDGE_SECRET_KEY", SECRET_KEY)];
    let (code, said) = outcome(footbridge(Path::new("/"), &arguments, &settings));
    assert_eq!(code, 0, "{said}");
    said
}

on_both_stores! {
    async fn a_correction_stands_beside_what_the_rules_found_and_stays_when_more_is_told(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let page = sam.case(&reference).await;
        assert_eq!(told(&page), ["People from: “company”", "Purpose from: “bake”"]);
        tick(&sam, &page, &reference, &["money", "purpose"]).await.went_to(&place(&reference));
        let corrected = sam.case(&reference).await;
        let lines = told(&corrected);
        assert_eq!(counting(&corrected), ["money", "purpose"]);
        assert!(lines[0].starts_with("Money added by Sam on ") && !lines[0].contains("rules"), "{lines:?}");
        assert!(lines[1].starts_with("People taken out by Sam on "), "{lines:?}");
        assert!(lines[1].ends_with("; the rules found: “company”"), "{lines:?}");
        assert_eq!(lines[2], "Purpose from: “bake”");
        app.talk(JOAN, &UNTIL_THE_END).await;
        assert!(1 < app.rows.count("SELECT MAX(version) FROM handover").await, "the handover was written anew");
        let after = sam.case(&reference).await;
        assert_eq!(counting(&after), ["money", "purpose"]);
        assert!(told(&after)[1].contains("Sundays") || told(&after)[1].contains("sister"), "{:?}", told(&after));
        let (_, row) = sam.queue("open").await.remove(0);
        assert!(row.contains("Money · Purpose") && !row.contains("People"), "{row}");
    }

    async fn what_the_rules_find_after_the_page_was_opened_is_not_taken_out_by_it(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let opened = sam.case(&reference).await;
        app.talk(JOAN, &[("I cannot pay the gas bill", "good-week")]).await;
        tick(&sam, &opened, &reference, &["home", "people"]).await.went_to(&place(&reference));
        assert_eq!(counting(&sam.case(&reference).await), ["home", "money", "people"]);
    }

    async fn of_two_who_correct_at_once_the_later_hears_who_was_quicker(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let (sam, priya) = (app.worker("Sam").await, app.worker("Priya").await);
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let (sams, priyas) = (sam.case(&reference).await, priya.case(&reference).await);
        tick(&sam, &sams, &reference, &["money"]).await.went_to(&place(&reference));
        let late = tick(&priya, &priyas, &reference, &["home"]).await;
        assert_eq!(late.status, 409);
        assert!(late.body.contains("Sam corrected what this is about"), "{}", late.body);
        assert_eq!(counting(&sam.case(&reference).await), ["money"]);
        let page = priya.case(&reference).await;
        tick(&priya, &page, &reference, &["people", "purpose"]).await.went_to(&place(&reference));
        let lines = told(&priya.case(&reference).await);
        assert_eq!(lines.len(), 2, "a slip that was taken back is not told: {lines:?}");
        assert!(lines[0].starts_with("People added by Priya on ") && lines[0].ends_with("found: “company”"), "{lines:?}");
    }

    async fn a_form_that_changes_nothing_or_comes_twice_does_nothing_more(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let kept = "SELECT COUNT(*) FROM theme_correction";
        let audited = "SELECT COUNT(*) FROM audit WHERE action = 'correct-themes' AND subject_kind = 'referral'";
        let page = sam.case(&reference).await;
        tick(&sam, &page, &reference, &["people", "purpose"]).await.went_to(&place(&reference));
        assert_eq!((app.rows.count(kept).await, app.rows.count(audited).await), (0, 0));
        for _ in 0..2 {
            tick(&sam, &page, &reference, &["money", "people"]).await.went_to(&place(&reference));
        }
        assert_eq!((app.rows.count(kept).await, app.rows.count(audited).await), (2, 1));
        assert_eq!(tick(&sam, &page, &reference, &["home"]).await.status, 409, "other ticks are another form");
        let page = sam.case(&reference).await;
        assert_eq!(tick(&sam, &page, &reference, &["pets"]).await.status, 422);
        assert_eq!(app.rows.count(kept).await, 2);
    }

    async fn the_terminal_tells_what_was_found_and_beside_it_what_was_corrected(store: TestStore) {
        let mut app = TestApp::on(store).await;
        let sam = app.worker("Sam").await;
        let reference = handed_over(&mut app, JOAN, &sam).await;
        let before: Value = serde_json::from_str(&at_the_terminal(&app, &reference, "json")).expect("JSON");
        let page = sam.case(&reference).await;
        tick(&sam, &page, &reference, &["money", "purpose"]).await.went_to(&place(&reference));
        let after: Value = serde_json::from_str(&at_the_terminal(&app, &reference, "json")).expect("JSON");
        let (before, after) = (&before[0], &after[0]);
        assert_eq!(before["themes"], after["themes"], "the answer of the rules stays as it was");
        let found = &after["themes"][0];
        assert_eq!((&found["theme"], &found["words"]), (&json!("people"), &json!("company")));
        assert_eq!(before["themes_as_corrected"], json!(["people", "purpose"]));
        assert_eq!(before["theme_corrections"], json!([]));
        assert_eq!(after["themes_as_corrected"], json!(["money", "purpose"]));
        let mut corrections = after["theme_corrections"].clone();
        for line in corrections.as_array_mut().expect("a list") {
            let at = line.as_object_mut().and_then(|line| line.remove("at")).expect("a time");
            assert!(at.as_str().is_some_and(|at| at.ends_with('Z')), "{at}");
        }
        let line = |theme, correction| json!({"theme": theme, "correction": correction, "by": "Sam"});
        assert_eq!(corrections, json!([line("money", "added"), line("people", "removed")]));
        let text = at_the_terminal(&app, &reference, "text");
        assert!(text.contains("What this is about: Money, Purpose\n"), "{text}");
    }
}
