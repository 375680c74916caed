//! A case to print for a meeting or a supervision: without the name, the number, the postcode and the day of birth.
//!
//! Invariant: everything that somebody wrote goes through `Blanks`; what the page holds beside that is in its struct.

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::content::Content;
use crate::domain::ids::Reference;
use crate::domain::ids::StaffId;
use crate::domain::postcode::Postcode;
use crate::domain::time::Timestamp;
use crate::handover::Entry;
use crate::inbox::Inbox;
use crate::inbox::blanks::Blanks;
use crate::inbox::cases;
use crate::inbox::contacts::contact_words;
use crate::inbox::messages::told;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::london;
use crate::inbox::page::respond;
use crate::inbox::queue::status_words;
use crate::inbox::referral::AnswerView;
use crate::inbox::referral::PartView;
use crate::inbox::refusal::Refusal;
use crate::inbox::same;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::themes::theme_labels;
use crate::inbox::view::Case;
use crate::inbox::view::PARTS;
use crate::inbox::view::entries;
use crate::inbox::view::practice;
use crate::inbox::words::concern_words;
use crate::store::concern::SavedConcern;
use crate::store::contact::Contact;
use crate::store::note::Note;
use crate::store::outbox::Author;
use crate::store::thread::Said;
use crate::store::thread::SaidWhat;

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox/unnamed.html")]
pub struct UnnamedPage {
    /// The frame.
    pub layout: Layout,
    /// What stands for the name.
    pub reference: Reference,
    /// When their words were erased, where they were.
    pub erased_at: Option<Moment>,
    /// Where it stands, since when, with whom.
    pub facts: Vec<Foreign>,
    /// What a human had to see: what it was, when, the words, and what was done.
    pub concerns: Vec<ConcernLine>,
    /// What matters, in the person's own words.
    pub own_words: Vec<AnswerView>,
    /// What it is about.
    pub themes: Vec<&'static str>,
    /// What else they told.
    pub parts: Vec<PartView>,
    /// Contacts, messages and notes, each in its order.
    pub written: Vec<Written>,
}

/// A concern.
#[derive(Debug, Clone)]
pub struct ConcernLine {
    /// What it is about.
    pub what: &'static str,
    /// When it was raised.
    pub at: Moment,
    /// The words.
    pub said: Foreign,
    /// Who dealt with it, and how; nobody where it is open.
    pub done: Option<(Foreign, Foreign)>,
}

/// Lines of one kind.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its name.
    pub part: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// The oldest first.
    pub lines: Vec<Line>,
}

/// A message, a contact or a note.
#[derive(Debug, Clone)]
pub struct Line {
    /// By whom: the person stands here by no name.
    pub by: Foreign,
    /// When.
    pub at: Moment,
    /// What it was, where it was no text.
    pub about: Option<&'static str>,
    /// What it says.
    pub text: Foreign,
}

/// `GET /inbox/referrals/{REF}/without-name`
pub async fn show(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(reference): Path<String>,
) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let case = cases::gather_whole(&inbox, &worker, &cases::read(&reference)?).await?;
    if let Some(onward) = same::onward(&inbox, &case.referral).await? {
        return Ok(onward);
    }
    cases::note_look(&inbox, &worker, case.referral.reference.clone(), now).await?;
    let page = unnamed_page(&worker, &case, &inbox.house.content.get(), now);
    Ok(respond(StatusCode::OK, &page))
}

fn unnamed_page(worker: &SignedIn, case: &Case, content: &Content, now: Timestamp) -> UnnamedPage {
    let blanks = Blanks::of(case);
    let told = entries(&case.summaries);
    let answers = |part: &str| -> Vec<AnswerView> {
        let within = told.iter().filter(|entry| entry.part.as_str() == part);
        within.map(|entry| answer(entry, &blanks, now)).collect()
    };
    let opening = case.summaries.iter().filter_map(|summary| summary.opening_words.as_ref());
    let opening = opening.map(|words| AnswerView {
        step: "opening-words".to_owned(),
        label: "Their first text".to_owned(),
        said: Some(blanks.shown(&words.0)),
        beside: None,
    });
    let parts = PARTS.iter().map(|part| PartView { part, things: Vec::new(), answers: answers(part) });
    UnnamedPage {
        layout: worker.layout(case.referral.reference.as_str()),
        reference: case.referral.reference.clone(),
        erased_at: case.erased_at.map(Moment),
        facts: facts(case, content),
        concerns: concerns(case, &blanks),
        own_words: answers("own-words").into_iter().chain(opening).collect(),
        themes: theme_labels(&case.summaries, &case.corrected),
        parts: parts.filter(|part| !part.answers.is_empty()).collect(),
        written: written(case, &blanks),
    }
}

/// No channel and no number: where it stands, the practice, the team, since when.
fn facts(case: &Case, content: &Content) -> Vec<Foreign> {
    let referral = &case.referral;
    let service = content.directory.service(&referral.service).map(|service| Foreign::new(&service.name));
    let opened = format!("came {}", Moment(referral.opened_at));
    let status = Foreign::new(status_words(referral.status));
    let practice = practice(referral, &content.directory);
    [status].into_iter().chain(practice).chain(service).chain([Foreign::new(&opened)]).collect()
}

fn concerns(case: &Case, blanks: &Blanks) -> Vec<ConcernLine> {
    let concern = |concern: &SavedConcern| ConcernLine {
        what: concern_words(concern.raised.category, &concern.raised.rule),
        at: Moment(concern.raised_at),
        said: blanks.shown(&concern.raised.words.text.0),
        done: concern.acknowledged.as_ref().map(|seen| (case.staff.get(seen.by), blanks.shown(&seen.done.0))),
    };
    case.concerns.iter().rev().map(concern).collect()
}

/// An answer. Of a day of birth the age stays, of a postcode the first half.
fn answer(entry: &Entry, blanks: &Blanks, now: Timestamp) -> AnswerView {
    let own = entry.part.as_str() == "own-words";
    let words = if own { entry.words.0.as_str() } else { entry.said() };
    let said = match (entry.shown.parse::<Date>(), entry.shown.parse::<Postcode>()) {
        (Ok(birth), _) if !own => Foreign::new(age_band(birth, now)),
        (_, Ok(postcode)) if !own => Foreign::new(postcode.outward()),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => blanks.shown(words),
    };
    AnswerView {
        step: entry.step.to_string(),
        label: entry.label.clone(),
        said: (!entry.skipped).then_some(said),
        // Beside a band of ages stands the age, beside a practice whatever it was called.
        beside: entry.beside().filter(|_| entry.part.as_str() != "person").map(|words| blanks.shown(words)),
    }
}

/// The bands of age in which figures about people are usually told.
fn age_band(birth: Date, now: Timestamp) -> &'static str {
    let today = now.to_jiff().to_zoned(london()).date();
    let had_birthday = (birth.month(), birth.day()) <= (today.month(), today.day());
    match today.year() - birth.year() - i16::from(!had_birthday) {
        ..16 => "Under 16",
        16..18 => "16 to 17",
        18..25 => "18 to 24",
        25..35 => "25 to 34",
        35..45 => "35 to 44",
        45..55 => "45 to 54",
        55..65 => "55 to 64",
        65..75 => "65 to 74",
        75..85 => "75 to 84",
        85.. => "85 or over",
    }
}

fn written(case: &Case, blanks: &Blanks) -> Vec<Written> {
    let all = [
        ("contact-log", "Calls, visits and letters", contacts(case, blanks)),
        ("thread", "Messages since a colleague wrote first", messages(case, blanks)),
        ("notes", "Notes", notes(case, blanks)),
    ];
    let all = all.into_iter().filter(|(_, _, lines)| !lines.is_empty());
    all.map(|(part, heading, lines)| Written { part, heading, lines }).collect()
}

/// What came before is the answers again, and automatic questions.
fn messages(case: &Case, blanks: &Blanks) -> Vec<Line> {
    let begun = case.thread.iter().skip_while(|said| by_staff(said).is_none());
    let line = |said: &Said| match &said.what {
        SaidWhat::Heard { content, .. } => {
            let (about, text) = content.as_ref().map_or((Some("Erased"), ""), told);
            Some(Line {
                by: Foreign::new("The person"),
                at: Moment(said.at),
                about,
                text: blanks.shown(text),
            })
        }
        SaidWhat::Told { body, .. } => by_staff(said).map(|author| Line {
            by: case.staff.get(author),
            at: Moment(said.at),
            about: body.is_none().then_some("Erased"),
            text: blanks.shown(body.as_ref().map_or("", |body| &body.text.0)),
        }),
    };
    begun.filter_map(line).collect()
}

fn by_staff(said: &Said) -> Option<StaffId> {
    match &said.what {
        SaidWhat::Told { author: Author::Staff(author), .. } => Some(*author),
        SaidWhat::Told { author: Author::Bot | Author::System, .. } | SaidWhat::Heard { .. } => None,
    }
}

fn contacts(case: &Case, blanks: &Blanks) -> Vec<Line> {
    let line = |contact: &Contact| Line {
        by: case.staff.get(contact.staff),
        at: Moment(contact.made_at),
        about: Some(contact_words(contact.what.kind, contact.what.result)),
        text: blanks.shown(&contact.what.note.0),
    };
    case.contacts.iter().map(line).collect()
}

fn notes(case: &Case, blanks: &Blanks) -> Vec<Line> {
    let note = |note: &Note| Line {
        by: case.staff.get(note.author),
        at: Moment(note.written_at),
        about: None,
        text: blanks.shown(&note.body.0),
    };
    case.notes.iter().map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_birth_becomes_a_band_of_ages() {
        let now = Timestamp::from_micros(1_795_426_320_000_000);
        let today = now.to_jiff().to_zoned(london()).date();
        for (years, days, band) in [
            (78, 0, "75 to 84"),
            (75, 0, "75 to 84"),
            (75, 1, "65 to 74"),
            (16, 1, "Under 16"),
            (85, 0, "85 or over"),
        ] {
            let birth = today.saturating_sub(jiff::ToSpan::years(years));
            let birth = birth.saturating_add(jiff::ToSpan::days(days));
            assert_eq!(age_band(birth, now), band, "{years} years less {days} days");
        }
    }
}
