//! People and rights: who comes in, and what they may then see and do.

mod account;
mod audit;
mod champion;
mod invitations;
mod matrix;
mod scope;
mod second_factor;
mod seen_by;
mod terminal;
mod two_services;

use footbridge::domain::time::Timestamp;
use footbridge::inbox::totp::TotpSecret;

use crate::support::app::PASSWORD;
use crate::support::app::TestApp;
use crate::support::app::email_of;
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

/// Gives somebody a second factor, where they have none: signs them in anew where they were signed out.
async fn enrol_or_again(app: &TestApp, name: &str) {
    let mut worker = app.stranger();
    let signed_in = worker.post("/sign-in", &[("email", &email_of(name)), ("password", PASSWORD)]).await;
    // Who is asked for a code has one.
    if signed_in.status == 303 {
        worker.keep(&signed_in);
        enrol(app, &mut worker).await;
    }
}

/// What the audit says was done, the oldest first.
async fn audited(app: &TestApp) -> Vec<String> {
    app.rows.texts("SELECT action FROM audit ORDER BY number").await
}

/// The id of a colleague, as the page of people has it.
pub async fn id_of(admin: &Worker, name: &str) -> String {
    let page = admin.get("/inbox/people").await;
    let ids = page.attributes("[data-staff]", "data-staff");
    let names = page.all("[data-staff]");
    let at = names.iter().position(|shown| shown.contains(name)).expect("the colleague");
    ids[at].clone()
}
