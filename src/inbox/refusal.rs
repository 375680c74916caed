//! What goes wrong, as a page: what happened, in a sentence, and a link that leads on.
//!
//! Invariant: no page says whether somebody is known here, and none shows what broke inside.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;

use crate::inbox::doors::ConflictPage;
use crate::inbox::doors::RefusalPage;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::store::error::StoreError;

/// Why there is no page.
pub enum Refusal {
    /// Nobody is signed in: leads to the door.
    SignInFirst,
    /// Nobody is signed in any more, and a form was sent.
    SignedOutMeanwhile,
    /// Somebody is signed in who has no second factor yet, and needs one: leads to where it is set up.
    EnrolFirst,
    /// The same, and a form was sent.
    NotEnrolled,
    /// The form came from another site.
    ComesFromElsewhere,
    /// There is no such thing, or not for this account.
    NotHere,
    /// The person was erased: there is nothing left to work on.
    Erased,
    /// The form was not filled in as it must be.
    Unreadable,
    /// What was typed is too long, empty, or not one of the choices.
    NotTaken(Box<RefusalPage>),
    /// The set-up link is over.
    LinkOver,
    /// The invitation is over.
    InvitationOver,
    /// Somebody was quicker.
    Conflict(Box<ConflictPage>),
    /// The store is away.
    Away,
    /// A mistake of ours.
    Mistake,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotHere,
            StoreError::Erased => Self::Erased,
            StoreError::Away(_) | StoreError::Busy | StoreError::Conflict | StoreError::TooLate => Self::Away,
            other => {
                tracing::error!(error = %other, "Could not read or write for a page");
                Self::Mistake
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::SignInFirst => Redirect::to("/sign-in").into_response(),
            Self::EnrolFirst => Redirect::to("/second-factor").into_response(),
            Self::NotEnrolled => plain(
                StatusCode::FORBIDDEN,
                "One step is missing",
                "Nothing was sent or changed. This service asks for a second step at sign-in: set it up, then go back to the page before this one. Your browser still has what you wrote.",
                ("/second-factor", "Set it up"),
            ),
            Self::Conflict(page) => respond(StatusCode::CONFLICT, &*page),
            Self::NotTaken(page) => respond(StatusCode::UNPROCESSABLE_ENTITY, &*page),
            Self::SignedOutMeanwhile => plain(
                StatusCode::UNAUTHORIZED,
                "You have been signed out",
                "Nothing was sent. Sign in, then go back to the page before this one: your browser still has what you wrote.",
                ("/sign-in", "Sign in"),
            ),
            Self::ComesFromElsewhere => plain(
                StatusCode::FORBIDDEN,
                "That did not come from here",
                "Forms are taken only from the pages of Footbridge itself. Nothing was sent or changed.",
                TO_INBOX,
            ),
            Self::NotHere => plain(
                StatusCode::NOT_FOUND,
                "Nothing here",
                "There is no such page, or it belongs to another team.",
                TO_INBOX,
            ),
            Self::Erased => plain(
                StatusCode::GONE,
                "This person was erased",
                "What they wrote and who they are was erased from Footbridge, and nobody can bring it back. So nothing more can be done with this case. Nothing was sent or changed.",
                TO_INBOX,
            ),
            Self::Unreadable => plain(
                StatusCode::UNPROCESSABLE_ENTITY,
                "That form was not complete",
                "Something was missing from it. Nothing was sent or changed. Go back, and try once more.",
                TO_INBOX,
            ),
            Self::LinkOver => plain(
                StatusCode::GONE,
                "This link is over",
                "Set-up links work for 30 minutes, and only until there is an administrator. A new one is made when Footbridge starts, or by “footbridge admin set-up-link”.",
                ("/sign-in", "Sign in"),
            ),
            Self::InvitationOver => plain(
                StatusCode::GONE,
                "This invitation is over",
                "It works once, for seven days, and until somebody takes it back. Ask whoever invited you for a new one. If you have made your account, sign in.",
                ("/sign-in", "Sign in"),
            ),
            Self::Away => plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "Not just now",
                "The database does not answer. Wait a minute, go back, and try once more: your browser still has what you wrote.",
                TO_INBOX,
            ),
            Self::Mistake => plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something broke",
                "It is our mistake, not yours, and it has been written down. Nothing may have been sent or changed: look before you try again.",
                TO_INBOX,
            ),
        }
    }
}

const TO_INBOX: (&str, &str) = ("/inbox", "Go to the inbox");

fn plain(status: StatusCode, title: &str, sentence: &'static str, onward: (&str, &'static str)) -> Response {
    let page = RefusalPage {
        layout: Layout::outside(title),
        sentence,
        again: None,
        onward: onward.0.to_owned(),
        onward_words: onward.1,
    };
    respond(status, &page)
}
