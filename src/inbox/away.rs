//! Absences with cover: who is away, until when, and who sees to their cases meanwhile.
//!
//! Invariant: everybody may say it of themselves, a lead of colleagues too; whoever covers may sign in and is somebody else.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::directory::Directory;
use crate::domain::ids::StaffId;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::form::Filled;
use crate::inbox::page::Layout;
use crate::inbox::page::day_words;
use crate::inbox::page::london;
use crate::inbox::page::respond;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Searching;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::store::absence::Absence;
use crate::store::absence::OwnerAway;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

/// Longer than that nobody is away: their cases are given to somebody.
const LONGEST_AWAY_DAYS: i64 = 366;

/// That whoever has a case is away, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwayView {
    /// Who.
    pub who: Foreign,
    /// Until when: `Thu 3 Dec`.
    pub until: String,
    /// Who covers; nobody where nobody does who sees the case.
    pub cover: Option<Foreign>,
    /// Whether it is whoever looks.
    pub mine: bool,
}

impl AwayView {
    /// Of the owner of a case.
    #[must_use]
    pub fn of(away: OwnerAway, owner: StaffId, staff: &Names, me: StaffId) -> Self {
        Self {
            who: staff.get(owner),
            until: day_words(away.until),
            cover: away.covered_by.map(|cover| staff.get(cover)),
            mine: away.covered_by == Some(me),
        }
    }
}

/// An absence, as the page lists it.
#[derive(Debug)]
pub struct AbsenceView {
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub who: Foreign,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// Who covers.
    pub cover: Option<Foreign>,
    /// How many of their open cases the cover does not see.
    pub kept_from_cover: i64,
    /// Whether they are away now.
    pub now: bool,
    /// Whether whoever looks may end it.
    pub may: bool,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/away.html")]
pub struct AwayPage {
    /// The frame.
    pub layout: Layout,
    /// Who is away, or will be.
    pub absences: Vec<AbsenceView>,
    /// Of whom it can be said: whoever looks first.
    pub who: Vec<(StaffId, Foreign)>,
    /// Who can cover.
    pub cover: Vec<(StaffId, Foreign)>,
    /// What was filled in.
    pub typed: AwayForm,
    /// What was wrong, in a sentence.
    pub problem: Option<&'static str>,
}

/// What somebody fills in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AwayForm {
    /// Who is away.
    pub who: String,
    /// The first day.
    pub from: String,
    /// The day on which they are back.
    pub back: String,
    /// Who covers; empty for nobody.
    pub cover: String,
}

/// Whose absence ends.
#[derive(Debug, Deserialize)]
pub struct BackForm {
    /// Who.
    pub who: StaffId,
}

impl AwayPage {
    fn is_chosen(&self, typed: &str, id: &StaffId) -> bool {
        typed == id.to_string()
    }
}

const NOBODY: &str = "Choose who is away.";
const NO_DAYS: &str = "Choose the first day and the day of coming back, within a year. The second comes after the first, and after today.";
const NOT_COVER: &str =
    "Choose somebody else to cover: a colleague of the same service, who is not away then.";

/// The active colleagues who answer people of the services of somebody, themselves among them.
///
/// # Errors
/// Where the store fails.
pub async fn colleagues(
    reader: &mut Reader,
    directory: &Directory,
    worker: &SignedIn,
) -> Result<BTreeSet<StaffId>, StoreError> {
    let mut colleagues = BTreeSet::new();
    for service in directory.services().iter().filter(|service| worker.works_for(&service.id)) {
        colleagues.extend(reader.staff_of(&service.id).await?);
    }
    Ok(colleagues)
}

/// A colleague to be chosen: where they are away it says so, and who covers.
#[must_use]
pub fn to_choose(id: StaffId, names: &Names, absences: &[Absence], now: Timestamp) -> Foreign {
    let name = names.get(id);
    match absences.iter().find(|absence| absence.staff == id && absence.is_at(now)) {
        None => name,
        Some(absence) => {
            let until = day_words(absence.ends_at);
            let cover =
                absence.cover.map(|cover| format!(", {} covers", names.get(cover))).unwrap_or_default();
            Foreign::new(&format!("{name} (away until {until}{cover})"))
        }
    }
}

/// That whoever looks is away themselves: until when, and who covers.
///
/// # Errors
/// Where the store fails.
pub async fn own(
    reader: &mut Reader,
    worker: &SignedIn,
    names: &Names,
    now: Timestamp,
) -> Result<Option<AwayView>, StoreError> {
    let absences = reader.absences(now).await?;
    let own = absences.into_iter().find(|absence| absence.staff == worker.id && absence.is_at(now));
    Ok(own.map(|absence| AwayView {
        who: worker.name.clone(),
        until: day_words(absence.ends_at),
        cover: absence.cover.map(|cover| names.get(cover)),
        mine: true,
    }))
}

/// `GET /inbox/away`
pub async fn show(Searching(worker): Searching, State(inbox): State<Inbox>) -> Result<Response, Refusal> {
    page(&worker, &inbox, AwayForm::default(), None).await
}

async fn page(
    worker: &SignedIn,
    inbox: &Inbox,
    typed: AwayForm,
    problem: Option<&'static str>,
) -> Result<Response, Refusal> {
    let content = inbox.house.content.get();
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let names = Names::of(&reader.all_staff().await?);
    let colleagues = colleagues(&mut reader, &content.directory, worker).await?;
    let mut absences = Vec::new();
    let all = reader.absences(now).await?;
    for absence in all.iter().filter(|absence| colleagues.contains(&absence.staff)) {
        absences.push(AbsenceView {
            staff: absence.staff,
            who: names.get(absence.staff),
            from: day_words(absence.begins_at),
            until: day_words(absence.ends_at),
            cover: absence.cover.map(|cover| names.get(cover)),
            kept_from_cover: reader.kept_from_cover(absence.staff).await?,
            now: absence.is_at(now),
            may: may(worker, absence.staff, &colleagues),
        });
    }
    let in_order = names.in_order();
    let others = || in_order.iter().filter(|(id, _)| *id != worker.id && colleagues.contains(id));
    let of_others = others().filter(|_| worker.role.leads()).cloned();
    let page = AwayPage {
        layout: worker.layout("Away, and who covers"),
        absences,
        who: std::iter::once((worker.id, worker.name.clone())).chain(of_others).collect(),
        cover: in_order.iter().filter(|(id, _)| colleagues.contains(id)).cloned().collect(),
        typed,
        problem,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(respond(status, &page))
}

/// Whether somebody may say of this colleague that they are away.
fn may(worker: &SignedIn, of: StaffId, colleagues: &BTreeSet<StaffId>) -> bool {
    of == worker.id || (worker.role.leads() && colleagues.contains(&of))
}

/// `POST /inbox/away`
pub async fn set(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Filled(form): Filled<AwayForm>,
) -> Result<Response, Refusal> {
    let content = inbox.house.content.get();
    let now = inbox.house.clock.now();
    let mut reader = inbox.house.store.read().await?;
    let colleagues = colleagues(&mut reader, &content.directory, &worker).await?;
    let others = reader.absences(now).await?;
    drop(reader);
    let absence = match read(&form, now).and_then(|absence| fits(absence, &others, &colleagues)) {
        Ok(absence) => absence,
        Err(problem) => return page(&worker, &inbox, form, Some(problem)).await,
    };
    if !may(&worker, absence.staff, &colleagues) {
        return Err(Refusal::NotHere);
    }
    let author = worker.author();
    let written = inbox.house.store.write(move |tx| {
        async move {
            tx.set_absence(&absence).await?;
            tx.audit(author, "set-absence", "staff", &absence.staff.to_string(), now).await?;
            match absence.cover {
                Some(cover) => tx.audit(author, "covered-by", "staff", &cover.to_string(), now).await,
                None => Ok(()),
            }
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to("/inbox/away").into_response())
}

/// `POST /inbox/away/end`
pub async fn end(
    Searching(worker): Searching,
    State(inbox): State<Inbox>,
    Filled(form): Filled<BackForm>,
) -> Result<Response, Refusal> {
    let content = inbox.house.content.get();
    let colleagues = colleagues(&mut inbox.house.store.read().await?, &content.directory, &worker).await?;
    if !may(&worker, form.who, &colleagues) {
        return Err(Refusal::NotHere);
    }
    let (author, now, who) = (worker.author(), inbox.house.clock.now(), form.who);
    let written = inbox.house.store.write(move |tx| {
        async move {
            if tx.end_absence(who).await? {
                tx.audit(author, "end-absence", "staff", &who.to_string(), now).await?;
            }
            Ok(())
        }
        .boxed()
    });
    written.await?;
    Ok(Redirect::to("/inbox/away").into_response())
}

/// Whole days of London: away from the beginning of the first, back from the beginning of the last.
fn read(form: &AwayForm, now: Timestamp) -> Result<Absence, &'static str> {
    let staff = form.who.parse().map_err(|_| NOBODY)?;
    let (begins_at, ends_at) = begin_of(&form.from).zip(begin_of(&form.back)).ok_or(NO_DAYS)?;
    let last = now.to_jiff().to_zoned(london()).saturating_add(LONGEST_AWAY_DAYS.days()).timestamp();
    if ends_at <= begins_at || ends_at <= now || Timestamp::from_jiff(last) < ends_at {
        return Err(NO_DAYS);
    }
    let cover = match form.cover.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| NOT_COVER)?),
    };
    Ok(Absence { staff, begins_at, ends_at, cover })
}

fn begin_of(day: &str) -> Option<Timestamp> {
    let day: Date = day.trim().parse().ok()?;
    Some(Timestamp::from_jiff(day.to_zoned(london()).ok()?.timestamp()))
}

/// Nobody covers for themselves, or while they are away too.
fn fits(
    absence: Absence,
    others: &[Absence],
    colleagues: &BTreeSet<StaffId>,
) -> Result<Absence, &'static str> {
    let Some(cover) = absence.cover else { return Ok(absence) };
    let away_then = |other: &Absence| {
        other.staff == cover && other.begins_at < absence.ends_at && absence.begins_at < other.ends_at
    };
    if cover == absence.staff || !colleagues.contains(&cover) || others.iter().any(away_then) {
        return Err(NOT_COVER);
    }
    Ok(absence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_is_of_whole_days_in_london_and_ends_after_it_begins() {
        // Sun 21 Jun 2026, 01:00 in London.
        let now = Timestamp::from_micros(1_782_000_000_000_000);
        let of = |from: &str, back: &str| {
            let who = uuid::Uuid::from_u128(7).to_string();
            read(&AwayForm { who, from: from.to_owned(), back: back.to_owned(), cover: String::new() }, now)
        };
        let absence = of("2026-06-20", " 2026-07-04 ").expect("an absence");
        assert_eq!(absence.begins_at.to_string(), "2026-06-19T23:00:00Z");
        assert_eq!(absence.ends_at.to_string(), "2026-07-03T23:00:00Z");
        assert!(absence.is_at(now) && !absence.is_at(absence.ends_at));
        for (from, back) in [
            ("2026-06-22", "2026-06-22"),
            ("2026-06-01", "2026-06-21"),
            ("", "2026-07-04"),
            ("2026-07-04", "2026-07-01"),
            ("2026-07-04", "2027-07-04"),
        ] {
            assert_eq!(of(from, back), Err(NO_DAYS), "{from} {back}");
        }
    }
}
