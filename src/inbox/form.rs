//! What the forms carry, read as they come in.
//!
//! Invariant: a form that cannot be read is refused with a page, and nothing is done.

use axum::Form;
use axum::extract::FromRequest;
use axum::extract::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::ServiceId;
use crate::inbox::refusal::Refusal;

/// A form that could be read.
#[derive(Debug)]
pub struct Filled<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Filled<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let read = Form::<T>::from_request(request, state).await;
        read.map(|Form(fields)| Self(fields)).map_err(|_| Refusal::Unreadable)
    }
}

/// The hidden fields: which state of the case the page showed, and what makes the form count once.
#[derive(Debug, Clone, Deserialize)]
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
    /// What is to be sent.
    pub text: String,
    /// Why it is right to text somebody whose phone is not safe.
    #[serde(default)]
    pub reason: String,
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

/// A reason to decline.
#[derive(Debug, Deserialize)]
pub struct DeclineForm {
    /// The version of the case.
    pub version: i64,
    /// The key of the page's forms.
    pub key: String,
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
    /// The code of the outcome.
    pub outcome: String,
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

/// A form with nothing but what makes it count once.
#[derive(Debug, Deserialize)]
pub struct KeyForm {
    /// The key of the page's forms.
    pub key: String,
}

/// Somebody's own phone.
#[derive(Deserialize)]
pub struct PhoneForm {
    /// The number as they wrote it.
    pub phone: String,
}

/// For which service somebody signs on for duty.
#[derive(Debug, Deserialize)]
pub struct DutyForm {
    /// The service.
    pub service: ServiceId,
}

/// Who wants to sign in.
#[derive(Deserialize)]
pub struct SignInForm {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// The first administrator.
#[derive(Deserialize)]
pub struct SetUpForm {
    /// The token of the link.
    pub token: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// Browsers send a line break as two characters, and some people end with several.
#[must_use]
pub fn tidied(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
