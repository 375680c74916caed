//! `footbridge admin handover`: what was handed over of a case, the concerns about its person, and what link workers made
//! of its themes.
//!
//! Invariant: nothing is told before it is audited that it was read; what the rules found is told as it was.

use std::fmt::Write;

use serde::Serialize;

use crate::cli::admin::Format;
use crate::cli::case;
use crate::domain::ids::Reference;
use crate::domain::theme::Corrected;
use crate::domain::theme::Correction;
use crate::domain::theme::Theme;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::inbox::themes::counting;
use crate::inbox::themes::theme_labels;
use crate::inbox::view::Names;
use crate::store::Store;
use crate::store::concern::SavedConcern;

/// A case as it is told.
struct Told {
    reference: Reference,
    concerns: Vec<SavedConcern>,
    summaries: Vec<Summary>,
    corrected: Vec<Corrected>,
    staff: Names,
    erased_at: Option<Timestamp>,
}

/// A handover for programs: whose it is, what it holds, and beside it the themes of its case as they were corrected.
#[derive(Serialize)]
struct Handover<'a> {
    reference: String,
    concerns: &'a [Raised<'a>],
    #[serde(flatten)]
    summary: &'a Summary,
    themes_as_corrected: &'a [Theme],
    theme_corrections: &'a [Line],
}

/// A concern for programs: the message, and what of it was found.
#[derive(Serialize)]
struct Raised<'a> {
    category: &'static str,
    words: &'a str,
    found: &'a str,
    raised_at: String,
    acknowledged_at: Option<String>,
    acknowledged_by: Option<String>,
    done: Option<&'a str>,
}

/// A correction for programs.
#[derive(Serialize)]
struct Line {
    theme: Theme,
    correction: Correction,
    by: String,
    at: String,
}

/// The handovers of a case, the newest first. That they were read is written into the audit.
///
/// # Errors
/// Where there is no such case, or where the store fails.
pub async fn told(store: &Store, reference: &Reference, format: Format) -> anyhow::Result<String> {
    let told = read(store, reference).await?;
    match format {
        Format::Json => for_programs(&told),
        Format::Text => for_people(&told),
    }
}

async fn read(store: &Store, reference: &Reference) -> anyhow::Result<Told> {
    let mut reader = store.read().await?;
    let referral = case::find(&mut reader, reference).await?;
    let found = reader.handovers_of::<Summary>(referral.id).await?;
    let concerns = reader.concerns_of(referral.person).await?;
    let corrected = reader.theme_corrections_of(referral.id).await?;
    let staff = Names::of(&reader.all_staff().await?);
    let erased_at = reader.erased_at(referral.person).await?;
    drop(reader);
    case::audit(store, reference, "read-handover-at-the-terminal").await?;
    Ok(Told {
        reference: reference.clone(),
        concerns,
        summaries: found.into_iter().map(|saved| saved.summary).collect(),
        corrected,
        staff,
        erased_at,
    })
}

fn for_programs(told: &Told) -> anyhow::Result<String> {
    let themes = counting(&told.summaries, &told.corrected);
    let line = |said: &Corrected| Line {
        theme: said.theme,
        correction: said.correction,
        by: told.staff.get(said.by).to_string(),
        at: said.at.to_string(),
    };
    let lines: Vec<Line> = told.corrected.iter().map(line).collect();
    let concerns: Vec<Raised<'_>> = told.concerns.iter().map(|concern| raised(told, concern)).collect();
    let handover = |summary| Handover {
        reference: told.reference.to_string(),
        concerns: &concerns,
        summary,
        themes_as_corrected: &themes,
        theme_corrections: &lines,
    };
    let handovers: Vec<Handover<'_>> = told.summaries.iter().map(handover).collect();
    Ok(serde_json::to_string_pretty(&handovers)? + "\n")
}

fn raised<'a>(told: &Told, concern: &'a SavedConcern) -> Raised<'a> {
    let (words, done) = (&concern.raised.words, concern.acknowledged.as_ref());
    Raised {
        category: concern.raised.category.as_str(),
        words: &words.text.0,
        found: words.text.0.get(words.found.clone()).unwrap_or_default(),
        raised_at: concern.raised_at.to_string(),
        acknowledged_at: done.map(|done| done.at.to_string()),
        acknowledged_by: done.map(|done| told.staff.get(done.by).to_string()),
        done: done.map(|done| done.done.0.as_str()),
    }
}

fn for_people(told: &Told) -> anyhow::Result<String> {
    let mut text = String::new();
    if let Some(erased_at) = told.erased_at {
        writeln!(text, "What they wrote was erased on {erased_at}.")?;
    }
    for concern in &told.concerns {
        let state = if concern.acknowledged.is_some() { "seen" } else { "nobody has said that they saw it" };
        let (category, words) = (concern.raised.category.as_str(), &concern.raised.words.text.0);
        writeln!(text, "Concern ({category}, {state}): “{words}”")?;
    }
    for summary in &told.summaries {
        writeln!(text, "{} ({})", summary.conversation, summary.reason.as_str())?;
        for entry in &summary.entries {
            let beside = entry.beside().map_or_else(String::new, |words| format!(" “{words}”"));
            writeln!(text, "  {}: {}{beside}", entry.label, entry.shown)?;
        }
    }
    let themes = theme_labels(&told.summaries, &told.corrected);
    if !themes.is_empty() {
        writeln!(text, "What this is about: {}", themes.join(", "))?;
    }
    Ok(text)
}
