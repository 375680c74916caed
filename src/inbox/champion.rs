//! What a volunteer champion sees: the cases that a link worker asked them to help with, and of those the little that they
//! need to help.
//!
//! Invariant: every page here is made of what is named in its struct and nothing else: no surname, no number of the health
//! service, no practice or postcode, no message, no measure, no word of a concern, no note of anybody else.

use askama::Template;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use futures_util::FutureExt;

use crate::domain::answer::Value;
use crate::domain::concern::BY_VOLUNTEER;
use crate::domain::concern::ConcernCategory;
use crate::domain::ids::Reference;
use crate::domain::ids::RuleId;
use crate::domain::ids::StaffId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::message::Words;
use crate::domain::mobile::Mobile;
use crate::domain::time::Timestamp;
use crate::handover::Entry;
use crate::handover::Summary;
use crate::inbox::Inbox;
use crate::inbox::acts;
use crate::inbox::cases;
use crate::inbox::form::Filled;
use crate::inbox::form::NoteForm;
use crate::inbox::form::tidied;
use crate::inbox::page::Layout;
use crate::inbox::page::Moment;
use crate::inbox::page::respond;
use crate::inbox::referral::NoteView;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::Helping;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::themes::theme_labels;
use crate::inbox::view::Case;
use crate::inbox::view::Names;
use crate::inbox::who::Who;
use crate::store::concern::ConcernWords;
use crate::store::concern::NewConcern;
use crate::store::error::StoreError;
use crate::store::lent::Lent;
use crate::store::sight::Sight;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A case, as a volunteer champion sees it.
#[derive(Debug, Template)]
#[template(path = "inbox/champion.html")]
pub struct ChampionPage {
    /// The frame.
    pub layout: Layout,
    /// What the person quotes.
    pub reference: Reference,
    /// Which state of the case this page shows.
    pub version: i64,
    /// Makes a form that is sent twice count once.
    pub key: String,
    /// The first word of their name.
    pub first_name: Option<Foreign>,
    /// The link worker who asked for help.
    pub asked_by: Foreign,
    /// Whether a concern about them is open.
    pub concern_open: bool,
    /// How they may be reached.
    pub reach: HelperReach,
    /// The numbers to ring, where they agreed to be rung: as a phone dials them, and as people read them.
    pub numbers: Vec<(String, Foreign)>,
    /// When to ring, their language, what they need so that they can take part.
    pub facts: Vec<(Foreign, Foreign)>,
    /// What matters, with its question; no words where they are those of a concern.
    pub own_words: Vec<(Foreign, Option<Foreign>)>,
    /// What they are about.
    pub themes: Vec<&'static str>,
    /// What whoever looks has noted.
    pub notes: Vec<NoteView>,
}

/// The cases with which a volunteer champion helps.
#[derive(Debug, Template)]
#[template(path = "inbox/helping.html")]
pub struct HelpingPage {
    /// The frame.
    pub layout: Layout,
    /// The cases, the newest first.
    pub rows: Vec<HelpingRow>,
}

/// One of them.
#[derive(Debug)]
pub struct HelpingRow {
    /// Its reference.
    pub reference: Reference,
    /// The first word of their name.
    pub first_name: Option<Foreign>,
    /// What they are about.
    pub themes: Vec<&'static str>,
    /// Whether a concern about them is open.
    pub concern_open: bool,
    /// The link worker who asked for help.
    pub asked_by: Foreign,
    /// When.
    pub since: Moment,
}

/// How a volunteer may reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelperReach {
    /// They agreed to be rung.
    Ring,
    /// They agreed to be rung, and to a voicemail.
    RingOrVoicemail,
    /// They want texts, which link workers send.
    TextsOnly,
    /// Somebody else writes for them.
    OnBehalf,
    /// They cannot take calls.
    NoCalls,
    /// The phone may not be safe.
    NotSafe,
    /// They have not said.
    NotSaid,
}

impl HelperReach {
    fn words(self) -> &'static str {
        match self {
            Self::Ring => "They agreed to be rung. Leave no voicemail.",
            Self::RingOrVoicemail => {
                "They agreed to be rung. You may leave a voicemail: your first name, and that you will ring again."
            }
            Self::TextsOnly => "They want texts. Your link worker sends them.",
            Self::OnBehalf => "Somebody else writes for them. Ask your link worker whom to ring.",
            Self::NoCalls => "They cannot take calls. Ask your link worker.",
            Self::NotSafe => "Do not ring or text: somebody else may use this phone. Ask your link worker.",
            Self::NotSaid => "They have not said how. Ask your link worker.",
        }
    }
}

/// Words before a name that are no first name.
const TITLES: [&str; 10] = ["mr", "mrs", "ms", "miss", "mx", "dr", "sir", "lady", "rev", "prof"];
const TITLE: &str = "People you help";

/// The page of a case.
#[must_use]
pub fn case_page(worker: &SignedIn, case: &Case, key: String) -> ChampionPage {
    let (reach, numbers) = reached(case);
    let mine = case.notes.iter().filter(|note| note.author == worker.id);
    ChampionPage {
        layout: worker.layout(case.referral.reference.as_str()),
        reference: case.referral.reference.clone(),
        version: case.referral.version,
        key,
        first_name: first_name(&case.summaries),
        asked_by: asked_by(case.lent, &case.staff),
        concern_open: case.concerns.iter().any(|concern| concern.acknowledged.is_none()),
        reach,
        numbers,
        facts: facts(case),
        own_words: own_words(case),
        themes: theme_labels(&case.summaries, &case.corrected),
        notes: mine
            .map(|note| NoteView {
                by: case.staff.get(note.author),
                at: Moment(note.written_at),
                text: Foreign::new(&note.body.0),
            })
            .collect(),
    }
}

fn asked_by(lent: Option<Lent>, staff: &Names) -> Foreign {
    lent.map_or_else(|| Foreign::new("your link worker"), |lent| staff.get(lent.lent_by))
}

/// The first word of the name, unless it is a title.
fn first_name(summaries: &[Summary]) -> Option<Foreign> {
    let name = summaries.iter().find_map(|summary| summary.name.as_ref())?;
    let first = name.0.split_whitespace().next()?;
    let bare = first.trim_end_matches('.').to_lowercase();
    (!TITLES.contains(&bare.as_str())).then(|| Foreign::new(first))
}

/// How they may be reached, by what they answered last. What is not plainly agreed to is not shown.
fn reached(case: &Case) -> (HelperReach, Vec<(String, Foreign)>) {
    let nothing = |reach| (reach, Vec::new());
    if case.person.texts_unsafe {
        return nothing(HelperReach::NotSafe);
    }
    if Who::of(&case.summaries).is_on_behalf() {
        return nothing(HelperReach::OnBehalf);
    }
    let no_calls = told(case, "access")
        .flat_map(|entry| &entry.choices)
        .any(|choice| choice.chosen && choice.choice.as_str() == "no-calls");
    if no_calls {
        return nothing(HelperReach::NoCalls);
    }
    // The ids of the shipped steps and choices are stable.
    match answered(case, "reach").as_deref() {
        Some("call") => (HelperReach::Ring, texted(case)),
        Some("voicemail") => (HelperReach::RingOrVoicemail, texted(case)),
        Some("another-number") => (HelperReach::Ring, given(case)),
        Some("text") => nothing(HelperReach::TextsOnly),
        Some("not-this-phone") => nothing(HelperReach::NotSafe),
        Some(_) | None => nothing(HelperReach::NotSaid),
    }
}

/// The choice with which a step was answered in the newest conversation.
fn answered(case: &Case, step: &str) -> Option<String> {
    let answers = &case.session.as_ref()?.answers;
    let (_, answer) = answers.iter().find(|(id, _)| id.as_str() == step)?;
    match answer.value.as_ref()? {
        Value::Choice(choice) => Some(choice.as_str().to_owned()),
        Value::YesNo(_)
        | Value::Choices(_)
        | Value::Scale(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Name(_)
        | Value::Postcode(_)
        | Value::Date(_)
        | Value::Phone(_)
        | Value::Practice(_) => None,
    }
}

/// The number from which they text.
fn texted(case: &Case) -> Vec<(String, Foreign)> {
    let sms = case.addresses.iter().find(|address| address.channel == ChannelKind::Sms);
    sms.and_then(|address| number(&address.handle.0)).into_iter().collect()
}

/// The number that they gave to be rung on.
fn given(case: &Case) -> Vec<(String, Foreign)> {
    let entry = told(case, "contact").find(|entry| entry.step.as_str() == "ring-number");
    entry.and_then(|entry| number(&entry.words.0)).into_iter().collect()
}

/// As a phone dials it, and as people read it; nothing where there is too little to dial.
fn number(written: &str) -> Option<(String, Foreign)> {
    if let Ok(mobile) = written.parse::<Mobile>() {
        return Some((mobile.as_str().to_owned(), Foreign::new(&mobile.spaced())));
    }
    let dialled: String = written.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (5 <= dialled.len()).then(|| (dialled, Foreign::new(written)))
}

fn told<'a>(case: &'a Case, part: &'a str) -> impl Iterator<Item = &'a Entry> {
    let entries = case.summaries.iter().flat_map(|summary| &summary.entries);
    entries.filter(move |entry| entry.part.as_str() == part && !entry.skipped)
}

/// When to ring, what they need, and their language.
fn facts(case: &Case) -> Vec<(Foreign, Foreign)> {
    let when = told(case, "contact").filter(|entry| entry.step.as_str() == "when-to-call");
    let needs = told(case, "access");
    let mut facts: Vec<(Foreign, Foreign)> = Vec::new();
    for entry in when.chain(needs) {
        let beside = entry.beside().map_or_else(String::new, |words| format!(" “{words}”"));
        let label = Foreign::new(&entry.label);
        // The newest conversation counts.
        if facts.iter().all(|(known, _)| *known != label) {
            facts.push((label, Foreign::new(&format!("{}{beside}", entry.said()))));
        }
    }
    let language = (case.person.language != Language::english()).then(|| case.person.language.to_string());
    for (label, words) in [("Language of the texts", language), ("Speaks", case.person.speaks.clone())] {
        facts.extend(words.map(|words| (Foreign::new(label), Foreign::new(&words))));
    }
    facts
}

/// What matters, but not what made a concern: that is for the team.
fn own_words(case: &Case) -> Vec<(Foreign, Option<Foreign>)> {
    let mut steps = Vec::new();
    let mut words = Vec::new();
    for entry in told(case, "own-words") {
        if steps.contains(&&entry.step) {
            continue;
        }
        steps.push(&entry.step);
        let shown = (!made_a_concern(case, &entry.words)).then(|| Foreign::new(&entry.words.0));
        words.push((Foreign::new(&entry.label), shown));
    }
    words
}

/// Whether words hold the text of a concern, or are part of one.
fn made_a_concern(case: &Case, words: &Words) -> bool {
    let texts = case.concerns.iter().map(|concern| concern.raised.words.text.0.trim());
    let mut texts = texts.filter(|text| !text.is_empty());
    texts.any(|text| words.0.contains(text) || text.contains(words.0.trim()))
}

/// The cases with which somebody helps.
///
/// # Errors
/// Where the store fails.
pub async fn list(worker: &SignedIn, inbox: &Inbox) -> Result<Response, Refusal> {
    let mut reader = inbox.house.store.read().await?;
    let rows = rows(&mut reader, worker.id).await?;
    Ok(respond(StatusCode::OK, &HelpingPage { layout: worker.layout(TITLE), rows }))
}

async fn rows(reader: &mut Reader, champion: StaffId) -> Result<Vec<HelpingRow>, StoreError> {
    let names = Names::of(&reader.all_staff().await?);
    let mut rows = Vec::new();
    for referral in reader.helped_by(champion).await? {
        let Some(lent) = reader.lent(referral.id).await? else { continue };
        let handovers = reader.handovers_of::<Summary>(referral.id).await?;
        let summaries: Vec<Summary> = handovers.into_iter().map(|handover| handover.summary).collect();
        let corrected = reader.theme_corrections_of(referral.id).await?;
        let concerns = reader.concerns_of(referral.person).await?;
        rows.push(HelpingRow {
            first_name: first_name(&summaries),
            themes: theme_labels(&summaries, &corrected),
            concern_open: concerns.iter().any(|concern| concern.acknowledged.is_none()),
            asked_by: asked_by(Some(lent), &names),
            since: Moment(lent.lent_at),
            reference: referral.reference,
        });
    }
    Ok(rows)
}

/// `POST …/raise`: what a volunteer champion saw or heard becomes a concern, with the clock and the alerts of any other. No
/// worry is too long.
pub async fn raise(
    Helping(worker): Helping,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<NoteForm>,
) -> Result<Response, Refusal> {
    let reference = cases::read(&path)?;
    let text = tidied(&form.text);
    if text.is_empty() {
        let sentence = "There is no concern yet: say what you saw or heard.";
        return Err(acts::not_taken(&worker, sentence, acts::to_case(&reference), None));
    }
    let content = inbox.house.content.get();
    let rules = content.conversations.values().next().map(|any| any.engine.safety.version().to_owned());
    let rules = rules.unwrap_or_default();
    let now = inbox.house.clock.now();
    let worry = Worry { worker, reference: reference.clone(), key: form.key, text: Words(text), rules };
    let written = inbox.house.store.write(move |tx| {
        let worry = worry.clone();
        async move { raise_in(tx, &worry, now).await }.boxed()
    });
    written.await?;
    Ok(Redirect::to(&format!("/inbox/referrals/{reference}")).into_response())
}

#[derive(Clone)]
struct Worry {
    worker: SignedIn,
    reference: Reference,
    key: String,
    text: Words,
    rules: String,
}

async fn raise_in(tx: &mut Tx, worry: &Worry, now: Timestamp) -> Result<(), StoreError> {
    let referral = tx.referral(&worry.reference).await?;
    if tx.sight(worry.worker.id, &referral).await? != Sight::Helps {
        return Err(StoreError::NotFound);
    }
    tx.refuse_erased(referral.person).await?;
    let token = format!("{}:raise:{}:{}", worry.reference, worry.key, worry.text.0);
    if !tx.use_form_token(worry.worker.id, &token, now).await? {
        return Ok(());
    }
    let rule: RuleId = BY_VOLUNTEER.parse().map_err(|_| StoreError::NotFound)?;
    let concern = NewConcern {
        person: referral.person,
        session: None,
        inbound: None,
        service: referral.service,
        category: ConcernCategory::ByHand,
        rule,
        rules_version: worry.rules.clone(),
        words: ConcernWords { found: 0..0, text: worry.text.clone() },
    };
    let raised = tx.raise_concern(&concern, now).await?;
    tx.audit(worry.worker.author(), "raise-by-hand", "concern", &raised.to_string(), now).await
}
