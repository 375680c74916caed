//! What the forms carry, read as they come in.
//!
//! Invariant: a form that cannot be read is refused with a page, and nothing is done; no field that is kept or sent holds
//! a control character other than a line break.

use axum::Form;
use axum::body::Body;
use axum::extract::FromRequest;
use axum::extract::RawForm;
use axum::extract::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::StaffId;
use crate::domain::theme::Correction;
use crate::domain::theme::Theme;
use crate::inbox::refusal::Refusal;

/// A form that could be read.
#[derive(Debug)]
pub struct Filled<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Filled<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let raw = RawForm::from_request(Request::from_parts(head.clone(), body), state).await;
        let RawForm(typed) = raw.map_err(|_| Refusal::Unreadable)?;
        let printable = Request::from_parts(head, Body::from(printable_fields(&typed)));
        let read = Form::<T>::from_request(printable, state).await;
        read.map(|Form(fields)| Self(fields)).map_err(|_| Refusal::Unreadable)
    }
}

/// Only compared by their hashes, so they stay as they were typed.
const PASSWORDS: [&str; 2] = ["password", "current"];

/// The same form without what can be neither read nor printed: phones show it as boxes, and PostgreSQL keeps no NUL.
fn printable_fields(typed: &[u8]) -> String {
    let fields = form_urlencoded::parse(typed).map(|(name, value)| {
        let printable =
            if PASSWORDS.contains(&name.as_ref()) { value.into_owned() } else { printable(&value) };
        (name, printable)
    });
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Line breaks stay, as one character each; tabs are spaces.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    text.replace(|c: char| c.is_control() && c != '\n', "")
}

/// The hidden fields: which state of the case the page showed, and what makes the form count once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Seen {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
}

/// A text for the person.
#[derive(Deserialize)]
pub struct ReplyForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// When the person had written last, as the page showed it, in microseconds.
    pub heard: Option<i64>,
    /// When it is to go: nothing is at once, `now` at once at any hour, `chosen` at the day and time below; else a time.
    #[serde(default)]
    pub when: String,
    /// The day that was chosen, such as `2026-11-24`.
    #[serde(default)]
    pub day: String,
    /// The time that was chosen, such as `09:00`.
    #[serde(default)]
    pub time: String,
    /// What is to be sent.
    pub text: String,
    /// Why it is right to text somebody whose phone is not safe.
    #[serde(default)]
    pub reason: String,
}

/// What becomes of a text that waits.
#[derive(Debug, Deserialize)]
pub struct LaterForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// When the person had written last, as the page showed it, in microseconds.
    pub heard: Option<i64>,
    /// The text.
    pub later: String,
    /// What becomes of it.
    pub what: String,
}

/// That somebody was rung, visited or written to.
#[derive(Deserialize)]
pub struct ContactForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// The code of the kind.
    #[serde(default)]
    pub kind: String,
    /// The code of what came of it.
    #[serde(default)]
    pub result: String,
    /// What colleagues should know.
    #[serde(default)]
    pub text: String,
}

/// What was begun, and is neither sent nor kept yet.
#[derive(Deserialize)]
pub struct DraftForm {
    /// The key of the page's forms: what comes in late, after its form was sent, is no draft any more.
    #[serde(default)]
    pub key: String,
    /// What stands in the box.
    #[serde(default)]
    pub text: String,
    /// Set where it is to be thrown away.
    pub away: Option<String>,
}

/// A ready-made text.
#[derive(Deserialize)]
pub struct ReadyTextForm {
    /// The key of the page's forms, of a new one.
    #[serde(default)]
    pub key: String,
    /// The service, of a new one.
    #[serde(default)]
    pub service: String,
    /// The version of one that is changed.
    #[serde(default)]
    pub version: i64,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// A label of a service.
#[derive(Deserialize)]
pub struct LabelForm {
    /// The key of the page's forms, of a new one.
    #[serde(default)]
    pub key: String,
    /// The service, of a new one.
    #[serde(default)]
    pub service: String,
    /// The version of one that is changed.
    #[serde(default)]
    pub version: i64,
    /// What it is called.
    pub name: String,
}

/// A label that is put on a case, or taken off.
#[derive(Debug, Deserialize)]
pub struct LabellingForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// The label.
    #[serde(default)]
    pub label: String,
}

/// A private note.
#[derive(Deserialize)]
pub struct NoteForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// What is to be kept.
    pub text: String,
}

/// A colleague to whom a case is given.
#[derive(Deserialize)]
pub struct TransferForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// The colleague.
    pub to: String,
    /// What they should know.
    #[serde(default)]
    pub text: String,
}

/// A volunteer champion who is asked to help.
#[derive(Deserialize)]
pub struct LendForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// The volunteer.
    pub to: String,
    /// Set where the person has agreed.
    #[serde(default)]
    pub agreed: Option<String>,
    /// What colleagues should know.
    #[serde(default)]
    pub text: String,
}

/// Who alone may see a case: colleagues stand in it once each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictForm {
    /// What the page showed, and what makes the form count once.
    pub seen: Seen,
    /// Who may see it.
    pub to: Vec<StaffId>,
}

impl RestrictForm {
    /// Reads the fields.
    ///
    /// # Errors
    /// `Unreadable` where one is missing or names nobody.
    pub fn read(fields: &[(String, String)]) -> Result<Self, Refusal> {
        let named = |name| fields.iter().filter(move |field| field.0 == name).map(|field| field.1.as_str());
        let one = |name| named(name).next().ok_or(Refusal::Unreadable);
        let version = one("version")?.parse().map_err(|_| Refusal::Unreadable)?;
        let to = named("who").map(str::parse).collect::<Result<_, _>>();
        Ok(Self {
            seen: Seen { version, key: one("key")?.to_owned() },
            to: to.map_err(|_| Refusal::Unreadable)?,
        })
    }
}

/// A colleague who may see a case again.
#[derive(Debug, Deserialize)]
pub struct LetBackForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// The colleague.
    pub who: String,
}

/// A case that a volunteer champion gives back, or that is taken back from them.
#[derive(Deserialize)]
pub struct GiveBackForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// What colleagues should know.
    #[serde(default)]
    pub text: String,
}

/// A day until which a case is put aside.
#[derive(Deserialize)]
pub struct AsideForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// When the person had written last, as the page showed it, in microseconds.
    pub heard: Option<i64>,
    /// The day, such as `2026-11-30`.
    pub day: String,
    /// The time, such as `09:00`.
    pub time: String,
    /// The code of the reason.
    pub why: String,
    /// What colleagues should know.
    #[serde(default)]
    pub text: String,
}

/// A reason to decline.
#[derive(Debug, Deserialize)]
pub struct DeclineForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// When the person had written last, as the page showed it, in microseconds.
    pub heard: Option<i64>,
    /// The code of the reason.
    pub reason: String,
}

/// An outcome.
#[derive(Debug, Deserialize)]
pub struct CloseForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// When the person had written last, as the page showed it, in microseconds.
    pub heard: Option<i64>,
    /// The code of the outcome.
    pub outcome: String,
}

/// Another case that may be of the same person.
#[derive(Debug, Deserialize)]
pub struct SameForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
    /// The reference of the other.
    #[serde(default)]
    pub other: String,
    /// The version of the other, where the page showed it.
    #[serde(default)]
    pub other_version: i64,
}

/// The themes of a case: those that the page showed, and those that are ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemesForm {
    /// What the page showed, and what makes the form count once.
    pub seen: Seen,
    /// The themes that counted when the page was made.
    pub was: Vec<Theme>,
    /// The themes that are ticked.
    pub ticked: Vec<Theme>,
}

impl ThemesForm {
    /// Reads the fields; themes stand in them once each.
    ///
    /// # Errors
    /// `Unreadable` where one is missing or no theme.
    pub fn read(fields: &[(String, String)]) -> Result<Self, Refusal> {
        let named = |name| fields.iter().filter(move |field| field.0 == name).map(|field| field.1.as_str());
        let one = |name| named(name).next().ok_or(Refusal::Unreadable);
        let themes = |name| named(name).map(str::parse::<Theme>).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            seen: Seen {
                version: one("version")?.parse().map_err(|_| Refusal::Unreadable)?,
                key: one("key")?.to_owned(),
            },
            was: themes("was").map_err(|_| Refusal::Unreadable)?,
            ticked: themes("theme").map_err(|_| Refusal::Unreadable)?,
        })
    }

    /// What was changed on the page: a theme that the rules have found since then is not taken out by it.
    #[must_use]
    pub fn said(&self) -> Vec<(Theme, Correction)> {
        let said = |theme: Theme| match (self.was.contains(&theme), self.ticked.contains(&theme)) {
            (false, true) => Some((theme, Correction::Added)),
            (true, false) => Some((theme, Correction::Removed)),
            (true, true) | (false, false) => None,
        };
        Theme::ALL.into_iter().filter_map(said).collect()
    }
}

/// What was done about a concern.
#[derive(Deserialize)]
pub struct AcknowledgeForm {
    /// The key of the page's forms.
    pub key: String,
    /// What was done.
    pub done: String,
    /// Set where it was no concern after all.
    #[serde(default)]
    pub was_false: Option<String>,
}

/// What was tried about a concern that stays open.
#[derive(Deserialize)]
pub struct NotReachedForm {
    /// The key of the page's forms.
    pub key: String,
    /// What was tried.
    pub tried: String,
    /// After how many minutes somebody tries again.
    pub minutes: u16,
}

/// As what the export of a person is taken.
#[derive(Debug, Deserialize)]
pub struct ExportForm {
    /// `json`; anything else is for people.
    #[serde(default)]
    pub format: String,
}

/// A person who is to be erased.
#[derive(Debug, Deserialize)]
pub struct EraseForm {
    /// The reference, typed once more.
    #[serde(default)]
    pub again: String,
    /// The code of the reason.
    #[serde(default)]
    pub reason: String,
    /// For how many days backups of the keys are kept.
    #[serde(default)]
    pub days: String,
}

/// Why somebody is not to be erased by time.
#[derive(Deserialize)]
pub struct KeepForm {
    /// Why; nothing where they need not be kept any longer.
    #[serde(default)]
    pub why: String,
}

/// Words by which somebody looks for a case.
#[derive(Deserialize)]
pub struct SearchForm {
    /// The beginnings of names, a number, a postcode, or a reference.
    #[serde(default)]
    pub find: String,
    /// Behind which place messages are looked for; empty for the newest.
    #[serde(default)]
    pub before: String,
}

/// A form with nothing but what makes it count once.
#[derive(Debug, Deserialize)]
pub struct KeyForm {
    /// The key of the page's forms.
    pub key: String,
}

/// Some people end with several line breaks.
#[must_use]
pub fn tidied(text: &str) -> String {
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_left_out_of_every_field_but_a_password() {
        let typed = "text=%00Dear%09Joan%0D%0Aring%07+me%0Donce%C2%85&password=a%09%00b&name=Si%C3%A2n";
        let fields = printable_fields(typed.as_bytes());
        let read: Vec<_> = form_urlencoded::parse(fields.as_bytes()).into_owned().collect();
        let expected = [("text", "Dear Joan\nring me\nonce"), ("password", "a\t\0b"), ("name", "Siân")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
