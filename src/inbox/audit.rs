//! The audit, for those who may read it: who did what, who read what, when. Never what anybody wrote.
//!
//! Invariant: reading the audit is in the audit.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Deserialize;

use crate::domain::ids::ConcernId;
use crate::domain::ids::Reference;
use crate::domain::ids::StaffId;
use crate::domain::staff::Role;
use crate::inbox::Inbox;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Auditing;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::store::audit::AuditLine;
use crate::store::error::StoreError;
use crate::store::sight::ConcernSight;
use crate::store::sight::Sight;
use crate::store::tx::Reader;

/// As many as one looks through before one asks for something narrower.
const LINES: u16 = 100;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/audit.html")]
pub struct AuditPage {
    /// The frame.
    pub layout: Layout,
    /// The reference that was asked for, as it was typed.
    pub about: String,
    /// Whether what was typed is no reference.
    pub no_reference: bool,
    /// The lines, the newest first.
    pub lines: Vec<LineView>,
    /// Before which number there are more.
    pub older: Option<i64>,
}

/// A line.
#[derive(Debug)]
pub struct LineView {
    /// Its number: they have no gaps.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub who: Foreign,
    /// What was done or read.
    pub what: String,
    /// With which thing.
    pub subject: Foreign,
}

/// What is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    about: String,
    before: Option<i64>,
}

/// `GET /inbox/audit`
pub async fn show(
    Auditing(worker): Auditing,
    State(inbox): State<Inbox>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let about = asked.about.trim().to_uppercase();
    let reference: Option<Reference> = about.parse().ok();
    let no_reference = !about.is_empty() && reference.is_none();
    let mut reader = inbox.house.store.read().await?;
    let mut lines = match &reference {
        Some(reference) => {
            let mut lines = reader.audit_of("referral", reference.as_str()).await?;
            lines.reverse();
            lines
        }
        None if no_reference => Vec::new(),
        None => reader.audit_before(asked.before, LINES).await?,
    };
    let (last, full) =
        (lines.last().map(|line| line.number), reference.is_none() && lines.len() == usize::from(LINES));
    keep_what_is_seen(&mut reader, &worker, &mut lines).await?;
    let names = Names::of(&reader.all_staff().await?);
    drop(reader);
    let (author, now) = (worker.author(), inbox.house.clock.now());
    let subject = reference.as_ref().map_or_else(|| "all".to_owned(), Reference::to_string);
    let noted = inbox.house.store.write(move |tx| {
        let subject = subject.clone();
        async move { tx.audit(author, "read-audit", "audit", &subject, now).await }.boxed()
    });
    noted.await?;
    let page = AuditPage {
        layout: worker.layout("Audit"),
        about,
        no_reference,
        older: last.filter(|number| full && 1 < *number),
        lines: lines.iter().map(|line| line_view(line, &names)).collect(),
    };
    Ok(respond(StatusCode::OK, &page))
}

/// Takes away the lines of cases and concerns that an administrator does not see: who knows somebody, or is not named, is
/// not told here either. An auditor sees every line.
async fn keep_what_is_seen(
    reader: &mut Reader,
    worker: &SignedIn,
    lines: &mut Vec<AuditLine>,
) -> Result<(), StoreError> {
    if worker.role != Role::Admin {
        return Ok(());
    }
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for line in lines.iter() {
        if !seen.contains_key(&line.subject) {
            seen.insert(line.subject.clone(), is_seen(reader, worker.id, line).await?);
        }
    }
    lines.retain(|line| seen.get(&line.subject) != Some(&false));
    Ok(())
}

async fn is_seen(reader: &mut Reader, staff: StaffId, line: &AuditLine) -> Result<bool, StoreError> {
    if let Ok(reference) = line.subject.parse::<Reference>() {
        return Ok(match reader.referral(&reference).await {
            Ok(referral) => reader.sight(staff, &referral).await? != Sight::Nothing,
            Err(StoreError::NotFound) => true,
            Err(error) => return Err(error),
        });
    }
    Ok(match (line.subject_kind.as_str(), line.subject.parse::<ConcernId>()) {
        ("concern", Ok(concern)) => reader.concern_sight(staff, concern).await? != ConcernSight::Nothing,
        _ => true,
    })
}

fn line_view(line: &AuditLine, names: &Names) -> LineView {
    let named = |id: &str| id.parse().map_or_else(|_| Foreign::new(id), |id| names.get(id));
    LineView {
        number: line.number,
        at: Moment(line.happened_at),
        who: named(&line.actor),
        what: line.action.replace('-', " "),
        subject: if line.subject_kind == "staff" {
            named(&line.subject)
        } else {
            Foreign::new(&format!("{} {}", line.subject_kind, line.subject))
        },
    }
}
