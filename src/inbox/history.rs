//! What happened with a case, in order: who took it, gave it, put it aside, ended it; when concerns were raised and dealt
//! with. From the audit; never what anybody wrote.
//!
//! Invariant: no contents, and nobody who only looked.

use crate::inbox::cases::LOOKED;
use crate::inbox::page::Moment;
use crate::inbox::shown::Foreign;
use crate::inbox::view::Case;
use crate::store::audit::AuditLine;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::tx::Reader;

/// Something that happened.
#[derive(Debug, Clone)]
pub struct EventView {
    /// When.
    pub at: Moment,
    /// Who did it; nobody where it came about by itself.
    pub who: Option<Foreign>,
    /// What.
    pub what: String,
}

/// What was done with a case, and with those that go on in it.
///
/// # Errors
/// Where the store fails.
pub async fn deeds(reader: &mut Reader, referral: &Referral) -> Result<Vec<AuditLine>, StoreError> {
    let mut lines = reader.audit_of("referral", referral.reference.as_str()).await?;
    for other in reader.merged_into(referral.id).await? {
        lines.extend(reader.audit_of("referral", other.reference.as_str()).await?);
    }
    // Who knows the person is told to leads, and elsewhere.
    lines.retain(|line| {
        !matches!(line.action.as_str(), LOOKED | "step-back" | "ask-to-step-back" | "let-back")
    });
    Ok(lines)
}

/// What happened, the first first.
#[must_use]
pub fn history(case: &Case) -> Vec<EventView> {
    let opened =
        EventView { at: Moment(case.referral.opened_at), who: None, what: "The case was opened.".to_owned() };
    let raised = case.concerns.iter().map(|concern| EventView {
        at: Moment(concern.raised_at),
        who: None,
        what: "A concern was raised.".to_owned(),
    });
    let seen = case.concerns.iter().filter_map(|concern| {
        let seen = concern.acknowledged.as_ref()?;
        let what = "dealt with a concern.".to_owned();
        Some(EventView { at: Moment(seen.at), who: Some(case.staff.get(seen.by)), what })
    });
    let done = case.deeds.iter().map(|line| EventView {
        at: Moment(line.happened_at),
        who: line.actor.parse().ok().map(|id| case.staff.get(id)),
        what: what_was_done(&line.action),
    });
    let mut events: Vec<EventView> = [opened].into_iter().chain(raised).chain(seen).chain(done).collect();
    events.sort_by_key(|event| event.at.0);
    // A join is written down at both cases, and happened once.
    events.dedup_by(|one, other| one.at == other.at && one.what == other.what);
    events
}

fn what_was_done(action: &str) -> String {
    let words = match action {
        "claim" => "took the case.",
        "take-over" => "said that they are replying.",
        "hand-back" => "let the automatic questions go on.",
        "release" => "put the case back into the queue.",
        "transfer" => "gave the case to a colleague.",
        "put-aside" => "put the case aside.",
        "bring-back" => "brought the case back.",
        "reached" => "reached them in another way.",
        "reply" => "wrote to them.",
        "reply-later" => "wrote a text that is to be sent later.",
        "send-now" => "sent the text that waited.",
        "let-text-wait" => "looked at the text that waits, and left it.",
        "take-text-back" => "took back the text that waited.",
        "keep-text-as-note" => "kept the text that was not sent as a note.",
        "send-waiting-text" => "The text that waited was sent.",
        "hold-text-back" => "The text that waited was held back.",
        "note" => "kept a note.",
        "correct-themes" => "corrected what it is about.",
        "label" => "put a label on the case.",
        "label-off" => "took a label off the case.",
        "accept" => "accepted the referral.",
        "decline" => "declined the referral.",
        "close" => "closed the case.",
        "merge" => "said that two cases are of one person, and joined them.",
        "not-same" => "said that somebody else is not the same person.",
        "split" => "took two joined cases apart.",
        "export-person" => "took a copy of all that we hold.",
        "erase-person" => "erased this person.",
        other => return format!("did this: {}.", other.replace('-', " ")),
    };
    words.to_owned()
}
