//! People and rights: who comes in, and what they may then see and do.

mod account;
mod invitations;
mod second_factor;

use footbridge::domain::time::Timestamp;
use footbridge::inbox::totp::TotpSecret;

use crate::support::app::TestApp;
use crate::support::page::Page;
use crate::support::worker::Worker;

/// An app with somebody's secret in it.
struct Authenticator(TotpSecret);

impl Authenticator {
    /// As somebody who types what the page shows.
    fn reading(page: &Page) -> Self {
        let shown = page.all("[data-totp-secret]").remove(0);
        Self(shown.parse().expect("a secret that an app takes"))
    }

    /// What it shows now.
    fn code(&self, now: Timestamp) -> String {
        self.0.code_of(now.as_micros() / 30_000_000)
    }
}

/// Sets a second factor up; says the app and the recovery codes.
async fn enrol(app: &TestApp, worker: &mut Worker) -> (Authenticator, Vec<String>) {
    let page = worker.get("/second-factor").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let authenticator = Authenticator::reading(&page);
    let fields = [("secret", page.value("[name=secret]")), ("code", authenticator.code(app.clock.now()))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let shown = worker.post("/second-factor", &fields).await;
    assert_eq!(shown.status, 200, "{}", shown.body);
    worker.keep(&shown);
    (authenticator, shown.all("[data-recovery-code]"))
}

/// What the audit says was done, the oldest first.
async fn audited(app: &TestApp) -> Vec<String> {
    app.rows.texts("SELECT action FROM audit ORDER BY number").await
}
