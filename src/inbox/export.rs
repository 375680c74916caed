//! Everything that is held of a person, for themselves.
//!
//! Invariant: both ways of writing it say the same.

use std::fmt::Write;

use serde_json::Value;
use serde_json::json;

use crate::domain::ids::PersonId;
use crate::domain::time::Timestamp;
use crate::handover::Summary;
use crate::inbox::view::Names;
use crate::store::address::Address;
use crate::store::audit::AuditLine;
use crate::store::concern::SavedConcern;
use crate::store::consent::Consent;
use crate::store::contact::Contact;
use crate::store::draft::DraftKind;
use crate::store::error::StoreError;
use crate::store::label::LabelOn;
use crate::store::later_text::LaterText;
use crate::store::outbox::Author;
use crate::store::referral::Referral;
use crate::store::session::SavedSession;
use crate::store::thread::Said;
use crate::store::thread::SaidWhat;
use crate::store::tx::Reader;

/// The parts of an export, in reading order.
pub struct Export(Vec<(&'static str, Value)>);

impl Export {
    /// Everything that is held of a person.
    ///
    /// # Errors
    /// `Erased`, or where the store fails.
    pub async fn of(reader: &mut Reader, person: PersonId) -> Result<Self, StoreError> {
        match reader.erased_at(person).await? {
            Some(_) => Err(StoreError::Erased),
            None => gather(reader, person).await.map(Self),
        }
    }

    /// For programs.
    #[must_use]
    pub fn json(self) -> String {
        let parts: serde_json::Map<String, Value> =
            self.0.into_iter().map(|(part, value)| (part.to_owned(), value)).collect();
        format!("{:#}\n", Value::Object(parts))
    }

    /// For people: a heading for each part, a line for each thing.
    #[must_use]
    pub fn text(&self) -> String {
        for_people(&self.0)
    }
}

type Parts = Vec<(&'static str, Value)>;

async fn gather(reader: &mut Reader, person: PersonId) -> Result<Parts, StoreError> {
    let staff = Names::of(&reader.all_staff().await?);
    let about = reader.whole_person(person).await?;
    let referrals = reader.referrals_of(person).await?;
    let concerns = reader.concerns_of(person).await?;
    let (mut cases, mut handovers, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let (mut contacts, mut drafts, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    let mut audit = reader.audit_of("person", &person.to_string()).await?;
    for referral in &referrals {
        cases.push(case(reader, referral, &staff).await?);
        handovers.extend(passed_on(reader, referral).await?);
        notes.extend(reader.notes_of(referral).await?.iter().map(|note| {
            let (by, at) = (staff.get(note.author).to_string(), note.written_at.to_string());
            json!({ "case": referral.reference.as_str(), "by": by, "at": at, "words": note.body })
        }));
        contacts.extend(contacts_of(reader, referral, &staff).await?);
        drafts.extend(drafts_of(reader, referral, &staff).await?);
        waiting.extend(waiting_of(reader, referral, &staff).await?);
        audit.extend(reader.audit_of("referral", referral.reference.as_str()).await?);
    }
    let mut raised = Vec::new();
    for concern in &concerns {
        raised.push(concern_value(reader, concern, &staff).await?);
        audit.extend(reader.audit_of("concern", &concern.id.to_string()).await?);
    }
    audit.sort_by_key(|line| line.number);
    let said = reader.everything_said(person).await?;
    Ok(vec![
        (
            "person",
            json!({ "service": about.service, "language": about.language, "speaks": about.speaks,
                           "texts_unsafe": about.texts_unsafe, "a_human_is_speaking": about.hold }),
        ),
        ("addresses", reader.addresses_of(person).await?.iter().map(address).collect()),
        ("conversations", reader.sessions_of(person).await?.iter().map(conversation).collect()),
        ("consents", reader.consents_of(person).await?.iter().map(consent).collect()),
        ("cases", Value::Array(cases)),
        ("passed_on", Value::Array(handovers)),
        ("messages", said.iter().map(|said| message(said, &staff)).collect()),
        ("concerns", Value::Array(raised)),
        ("contacts", Value::Array(contacts)),
        ("notes", Value::Array(notes)),
        ("begun_and_not_sent_or_kept", Value::Array(drafts)),
        ("to_be_sent_later_or_held_back", Value::Array(waiting)),
        ("who_read_and_did_what", audit.iter().map(|line| audit_value(line, &staff)).collect()),
    ])
}

fn address(address: &Address) -> Value {
    json!({ "channel": address.channel.as_str(), "number_or_chat": address.handle.0,
            "stopped": address.opted_out, "can_be_texted": address.textable })
}

fn conversation(saved: &SavedSession) -> Value {
    let session = &saved.session;
    json!({
        "conversation": session.conversation, "revision": session.revision, "status": session.status,
        "started_at": session.started_at.to_string(), "heard_at": session.heard_at.to_string(),
        "opening_words": session.opening_words, "number_to_ring": session.number,
        "answers": session.answers, "answers_of_before": session.history,
    })
}

fn consent(consent: &Consent) -> Value {
    json!({ "step": consent.step, "answer": consent.value, "text_as_sent": consent.text,
            "at": consent.given_at.to_string() })
}

async fn case(reader: &mut Reader, referral: &Referral, staff: &Names) -> Result<Value, StoreError> {
    let corrected = reader.theme_corrections_of(referral.id).await?;
    let corrected: Vec<Value> = corrected
        .iter()
        .map(|one| json!({ "theme": one.theme, "correction": one.correction, "by": staff.get(one.by).to_string(), "at": one.at.to_string() }))
        .collect();
    let labels = labels_of(reader, referral, staff).await?;
    Ok(json!({
        "reference": referral.reference.as_str(), "service": referral.service, "practice": referral.practice,
        "status": referral.status, "ending": referral.ending,
        "with": referral.owner.map(|owner| staff.get(owner).to_string()),
        "opened_at": referral.opened_at.to_string(), "promised_on": day(referral.promised_on),
        "closed_at": day(referral.closed_at), "themes_corrected": corrected,
        "labels": labels,
    }))
}

async fn labels_of(
    reader: &mut Reader,
    referral: &Referral,
    staff: &Names,
) -> Result<Vec<Value>, StoreError> {
    let names = reader.labels_of(&referral.service).await?;
    let name = |id| names.iter().find(|label| label.id == id).map(|label| &label.name.0);
    let value = |one: &LabelOn| json!({ "label": name(one.label), "by": staff.get(one.staff).to_string(), "at": one.put_at.to_string() });
    Ok(reader.labels_on(referral.id).await?.iter().map(value).collect())
}

async fn contacts_of(
    reader: &mut Reader,
    referral: &Referral,
    staff: &Names,
) -> Result<Vec<Value>, StoreError> {
    let value = |one: &Contact| {
        let (kind, result) = (one.what.kind.as_str(), one.what.result.as_str());
        json!({ "case": referral.reference.as_str(), "by": staff.get(one.staff).to_string(),
                "at": one.made_at.to_string(), "kind": kind, "result": result, "words": one.what.note })
    };
    Ok(reader.contacts_of(referral).await?.iter().map(value).collect())
}

async fn drafts_of(
    reader: &mut Reader,
    referral: &Referral,
    staff: &Names,
) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::new();
    for kind in [DraftKind::Text, DraftKind::Note] {
        values.extend(reader.drafts_of(referral, kind).await?.iter().map(|one| {
            json!({ "case": referral.reference.as_str(), "by": staff.get(one.staff).to_string(),
                    "at": one.kept_at.to_string(), "kind": kind.as_str(), "words": one.body })
        }));
    }
    Ok(values)
}

async fn waiting_of(
    reader: &mut Reader,
    referral: &Referral,
    staff: &Names,
) -> Result<Vec<Value>, StoreError> {
    let texts = reader.later_texts_of(referral.id).await?;
    let own = texts.iter().filter(|text| text.reference == referral.reference);
    let value = |text: &LaterText| {
        json!({ "case": referral.reference.as_str(), "by": staff.get(text.waiting.staff).to_string(),
                "at": text.written_at.to_string(), "due_at": text.waiting.due_at.to_string(),
                "held_back": text.stopped.map(|(_, why)| why.as_str()),
                "words": text.reply.as_ref().map(|reply| &reply.text) })
    };
    Ok(own.map(value).collect())
}

async fn passed_on(reader: &mut Reader, referral: &Referral) -> Result<Vec<Value>, StoreError> {
    let handovers = reader.handovers_of::<Summary>(referral.id).await?;
    let value = |(at, summary): (Timestamp, &Summary)| json!({ "case": referral.reference.as_str(), "at": at.to_string(), "handover": summary });
    Ok(handovers.iter().map(|saved| value((saved.updated_at, &saved.summary))).collect())
}

async fn concern_value(
    reader: &mut Reader,
    concern: &SavedConcern,
    staff: &Names,
) -> Result<Value, StoreError> {
    let tries = reader.tries_of(concern).await?;
    let tries: Vec<Value> = tries
        .iter()
        .map(|one| json!({ "by": staff.get(one.staff).to_string(), "at": one.tried_at.to_string(), "words": one.what }))
        .collect();
    let done = concern.acknowledged.as_ref();
    let raised = &concern.raised;
    Ok(json!({
        "about": raised.category.as_str(), "found_by_rule": raised.rule, "rules_version": raised.rules_version,
        "message": raised.words.text, "raised_at": concern.raised_at.to_string(), "tried": tries,
        "dealt_with": done.map(|done| json!({ "by": staff.get(done.by).to_string(), "at": done.at.to_string(), "words": done.done })),
    }))
}

fn message(said: &Said, staff: &Names) -> Value {
    match &said.what {
        SaidWhat::Heard { content, sent_at, .. } => {
            json!({ "at": said.at.to_string(), "from": "person", "what": content, "sent_at": day(*sent_at) })
        }
        SaidWhat::Told { author, purpose, body, state, delivery, .. } => json!({
            "at": said.at.to_string(), "from": by(*author, staff), "for": purpose.as_str(),
            "what": body.as_ref().map(|body| &body.text), "state": state, "delivery": delivery,
        }),
    }
}

fn by(author: Author, staff: &Names) -> String {
    match author {
        Author::Bot => "automatic questions".to_owned(),
        Author::System => "the program, or the terminal".to_owned(),
        Author::Staff(id) => staff.get(id).to_string(),
    }
}

fn audit_value(line: &AuditLine, staff: &Names) -> Value {
    let who = line.actor.parse::<Author>().map_or_else(|_| line.actor.clone(), |author| by(author, staff));
    json!({ "number": line.number, "at": line.happened_at.to_string(), "who": who, "did": line.action,
            "what": format!("{} {}", line.subject_kind, line.subject) })
}

fn day(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn for_people(parts: &[(&'static str, Value)]) -> String {
    let mut text = String::new();
    for (part, value) in parts {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}\n", part.replace('_', " ").to_uppercase());
        match value {
            Value::Array(items) if items.is_empty() => text.push_str("  nothing\n\n"),
            Value::Array(items) => {
                for item in items {
                    outline(&mut text, item, 1);
                    text.push('\n');
                }
            }
            other => {
                outline(&mut text, other, 1);
                text.push('\n');
            }
        }
    }
    text
}

fn outline(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            for line in words(value).lines() {
                let _ = writeln!(text, "{indent}{line}");
            }
        }
        Value::Array(items) => items.iter().for_each(|item| outline(text, item, depth)),
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(_, field)| !is_empty(field)) {
                let (name, words) = (name.replace('_', " "), words(field));
                if words.is_empty() || words.contains('\n') {
                    let _ = writeln!(text, "{indent}{name}:");
                    outline(text, field, depth + 1);
                } else {
                    let _ = writeln!(text, "{indent}{name}: {words}");
                }
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::String(words) => words.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What stands for itself; nothing for what has parts.
fn words(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(words) => words.clone(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
