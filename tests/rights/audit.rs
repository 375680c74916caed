//! Reading the audit.

use footbridge::domain::staff::Role;

use crate::on_both_stores;
use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::process::footbridge;
use crate::support::process::outcome;
use crate::support::rows::Rows;
use crate::support::stores::SECRET_KEY;

const JOAN: &str = "+447700900123";

on_both_stores! {
    async fn an_auditor_reads_who_did_and_read_what_and_sees_nobody(store: TestStore) {
        let mut app = TestApp::on(store).await;
        app.talk(JOAN, &UNTIL_HANDED_OVER).await;
        let sam = app.worker("Sam").await;
        let (reference, _) = sam.queue("needs-reply").await.remove(0);
        sam.press(&reference, "note", &[("text", "a secret note")]).await;
        let olu = app.colleague("Olu", Role::Auditor).await;
        assert!(olu.queue("needs-reply").await.is_empty());
        assert!(olu.queue("open").await.is_empty());
        assert_eq!(olu.get(&format!("/inbox/referrals/{reference}")).await.status, 404);
        let all = olu.get("/inbox/audit").await;
        let lines = all.all("[data-audit]");
        assert!(lines.iter().any(|line| line.contains("Sam") && line.contains("note") && line.contains(&reference)));
        assert!(lines.iter().any(|line| line.contains("Sam") && line.contains("read referral")));
        for secret in ["a secret note", "Joan", "company in the afternoons"] {
            assert!(!all.body.contains(secret), "{secret}");
        }
        let one = olu.get(&format!("/inbox/audit?about={}", reference.to_lowercase())).await;
        let lines = one.all("[data-audit]");
        assert!(!lines.is_empty() && lines.iter().all(|line| line.contains(&reference)), "{lines:?}");
        let wrong = olu.get("/inbox/audit?about=Joan").await;
        assert!(wrong.all("[data-audit]").is_empty() && wrong.all("[role=alert]").len() == 1);
        let again = olu.get("/inbox/audit").await.all("[data-audit]");
        assert_eq!(again.iter().filter(|line| line.contains("Olu") && line.contains("read audit")).count(), 3);
    }

    async fn the_audit_is_read_page_by_page_without_gap_or_double(store: TestStore) {
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        for _ in 0..120 {
            ann.post("/inbox/account/end-others", &[]).await;
        }
        let first = ann.get("/inbox/audit").await;
        let older = first.attributes("a[href^='/inbox/audit?before=']", "href");
        let second = ann.get(&older[0]).await;
        let numbers = |page: &crate::support::page::Page| -> Vec<i64> {
            page.attributes("[data-audit]", "data-audit").iter().map(|number| number.parse().expect("a number")).collect()
        };
        let read = [numbers(&first), numbers(&second)].concat();
        assert_eq!(read.len(), 121, "120 and the sign-in");
        assert!(read.windows(2).all(|pair| pair[0] == pair[1] + 1) && read.last() == Some(&1), "{read:?}");
        assert!(second.attributes("a[href^='/inbox/audit?before=']", "href").is_empty());
    }
}

/// What the program says of the audit of a database.
fn verified(folder: &std::path::Path, database_url: &str) -> (i32, String) {
    verified_with(folder, database_url, &[])
}

fn verified_with(folder: &std::path::Path, database_url: &str, more: &[&str]) -> (i32, String) {
    let settings = [("FOOTBRIDGE_DATABASE_URL", database_url), ("FOOTBRIDGE_SECRET_KEY", SECRET_KEY)];
    outcome(footbridge(folder, &[&["admin", "verify-audit"], more].concat(), &settings))
}

on_both_stores! {
    async fn an_audit_without_lines_has_no_seal(store: TestStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let (code, said) = verified(folder.path(), &store.settings.database_url);
        assert!(code == 0 && said.contains("The audit has no lines yet.") && !said.contains("eal"), "{said}");
    }

    async fn a_line_that_was_changed_or_taken_out_of_the_audit_is_named(store: TestStore) {
        let (url, folder) = (store.settings.database_url.clone(), tempfile::tempdir().expect("a folder"));
        let rows = Rows(url.clone());
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let looks = (0..8).map(|_| ann.post("/inbox/account/end-others", &[]));
        futures_util::future::join_all(looks).await;
        let (code, said) = verified(folder.path(), &url);
        assert!(code == 0 && said.contains("Lines: 9."), "{said}");
        for (spoil, mend, line) in [
            ("UPDATE audit SET action = 'sign-in' WHERE number = 4 RETURNING action", "UPDATE audit SET action = 'end-other-sessions' WHERE number = 4 RETURNING action", "Line 4 "),
            ("UPDATE audit SET number = 99 WHERE number = 5 RETURNING action", "UPDATE audit SET number = 5 WHERE number = 99 RETURNING action", "Line 5 "),
            ("UPDATE audit SET number = 99 WHERE number = 9 RETURNING action", "UPDATE audit SET number = 9 WHERE number = 99 RETURNING action", "Line 9 "),
            ("UPDATE audit_counter SET last = 8 WHERE last = 9 RETURNING name", "UPDATE audit_counter SET last = 9 WHERE last = 8 RETURNING name", "Line 8 "),
        ] {
            assert_eq!(rows.texts(spoil).await.len(), 1);
            let (code, said) = verified(folder.path(), &url);
            assert!(code == 1 && said.starts_with(line), "{said}");
            assert_eq!(rows.texts(mend).await.len(), 1);
        }
        for number in [-3, 0, 1_000_000] {
            let add = format!(
                "INSERT INTO audit (number, happened_at, actor, action, subject_kind, subject)
                 SELECT {number}, happened_at, actor, action, subject_kind, subject FROM audit WHERE number = 3
                 RETURNING action"
            );
            assert_eq!(rows.texts(&add).await.len(), 1);
            let (code, said) = verified(folder.path(), &url);
            assert!(code == 1 && said.starts_with(&format!("Line {number} ")) && said.contains("never given out"), "{said}");
            let remove = format!("DELETE FROM audit WHERE number = {number} RETURNING action");
            assert_eq!(rows.texts(&remove).await.len(), 1);
        }
        assert_eq!(rows.texts("UPDATE audit SET seal = NULL WHERE number = 2 RETURNING action").await.len(), 1);
        let (code, said) = verified(folder.path(), &url);
        assert!(code == 1 && said.contains("Line 2 of the audit bears no seal"), "{said}");
    }

    async fn an_end_that_was_cut_off_shows_by_a_seal_that_was_written_down_also_after_new_lines(store: TestStore) {
        let (url, folder) = (store.settings.database_url.clone(), tempfile::tempdir().expect("a folder"));
        let rows = Rows(url.clone());
        let app = TestApp::on(store).await;
        let ann = app.colleague("Ann", Role::Admin).await;
        let pair = || {
            let (code, said) = verified(folder.path(), &url);
            assert_eq!(code, 0, "{said}");
            let line = said.lines().find_map(|line| line.strip_prefix("Seal of the last: "));
            line.expect("a pair").to_owned()
        };
        for _ in 0..3 {
            ann.post("/inbox/account/end-others", &[]).await;
        }
        let fourth = pair();
        for _ in 0..4 {
            ann.post("/inbox/account/end-others", &[]).await;
        }
        let eighth = pair();
        let with = |pair: &str| verified_with(folder.path(), &url, &["--seal", pair]);
        assert!(fourth.starts_with("4=") && eighth.starts_with("8="), "{fourth} {eighth}");
        assert!(with(&fourth).0 == 0 && with(&eighth).0 == 0);
        assert_eq!(rows.texts("DELETE FROM audit WHERE 6 < number RETURNING action").await.len(), 2);
        let back = "UPDATE audit_counter SET last = 6, seal = (SELECT seal FROM audit WHERE number = 6) RETURNING name";
        assert_eq!(rows.texts(back).await.len(), 1);
        let (code, said) = with(&eighth);
        assert!(code == 1 && said.contains("Line 8 of the audit is not there"), "{said}");
        for _ in 0..4 {
            ann.get("/inbox/audit").await;
        }
        let (code, said) = with(&eighth);
        assert!(code == 1 && said.contains("not the one whose seal was written down"), "{said}");
        let (code, said) = with(&fourth);
        assert!(code == 0 && said.contains("Lines: 10."), "{said}");
        assert_eq!(with("eight").0, 2);
    }
}
