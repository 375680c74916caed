//! The whole road: signed webhooks in, texts out, link workers between, on both databases.

mod bulk;
mod danger;
mod doors;
mod duty;
mod edges;
mod hands;
mod labels;
mod later;
mod news;
mod presence;
mod same;
mod standing;
mod talks;
mod themes;
mod watchers;
mod workers;
mod writing;

use crate::support::app::TestApp;
use crate::support::app::UNTIL_HANDED_OVER;
use crate::support::worker::Worker;

/// A number that is set aside for drama.
const JOAN: &str = "07700 900123";
const TOM: &str = "07700 900124";

/// Somebody whose referral is in the queue; says its reference.
async fn handed_over(app: &mut TestApp, from: &str, worker: &Worker) -> String {
    let before = worker.queue("open").await;
    app.talk(from, &UNTIL_HANDED_OVER).await;
    let after = worker.queue("open").await;
    let new = after.into_iter().find(|(reference, _)| before.iter().all(|(known, _)| known != reference));
    new.expect("a new referral").0
}
