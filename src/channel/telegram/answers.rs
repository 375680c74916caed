//! What Telegram's answers mean for the request that was made.
//!
//! teloxide drops the HTTP status, so that its error or, where it knows none, the words of the description decide.

use std::time::Duration;

use teloxide::ApiError;
use teloxide::RequestError;

use crate::channel::GiveUpReason;
use crate::channel::SendError;
use crate::channel::StopReason;

/// How long we wait where Telegram asks us to wait and does not say how long.
const UNTOLD_WAIT: Duration = Duration::from_secs(30);

/// What an answer that is no success means.
pub(super) fn meaning(error: &RequestError) -> SendError {
    match error {
        RequestError::Api(error) => of_api(error),
        RequestError::RetryAfter(seconds) => {
            SendError::Retry { after: Some(seconds.duration()), code: Some(429) }
        }
        // A group was upgraded; we speak in no groups.
        RequestError::MigrateToChatId(_) => refused(400),
        RequestError::Network(cause) if cause.is_builder() || cause.is_connect() => {
            SendError::Retry { after: None, code: None }
        }
        RequestError::InvalidJson { raw, .. } if is_turned_away(raw) => wait(),
        // The request may have been read: a timeout, a closed connection, an answer that is none of Telegram's.
        RequestError::Network(_) | RequestError::InvalidJson { .. } | RequestError::Io(_) => {
            SendError::Unknown
        }
    }
}

/// Whether a gateway before Telegram answered that we ask too often.
fn is_turned_away(page: &str) -> bool {
    page.trim_start().starts_with('<') && page.contains("429 Too Many Requests")
}

fn of_api(error: &ApiError) -> SendError {
    match error {
        ApiError::BotBlocked
        | ApiError::UserDeactivated
        | ApiError::CantInitiateConversation
        | ApiError::CantTalkWithBots => give_up(GiveUpReason::Blocked, 403),
        ApiError::ChatNotFound | ApiError::UserNotFound => give_up(GiveUpReason::BadNumber, 400),
        ApiError::MessageIsTooLong => give_up(GiveUpReason::TooLong, 400),
        ApiError::InvalidToken => {
            SendError::Stopped { reason: StopReason::WrongCredentials, code: Some(401) }
        }
        ApiError::TerminatedByOtherGetUpdates | ApiError::CantGetUpdates => {
            SendError::Retry { after: None, code: Some(409) }
        }
        ApiError::Unknown(description) => of_words(description),
        known => of_words(&known.to_string()),
    }
}

/// The first words of a description are the name of its HTTP status.
fn of_words(description: &str) -> SendError {
    let begins = |words: &str| description.starts_with(words);
    if begins("Forbidden") {
        give_up(GiveUpReason::Blocked, 403)
    } else if begins("Too Many Requests") {
        wait()
    } else if begins("Conflict") {
        SendError::Retry { after: None, code: Some(409) }
    } else if begins("Unauthorized") {
        SendError::Stopped { reason: StopReason::WrongCredentials, code: Some(401) }
    } else if begins("Bad Request") {
        refused(400)
    } else {
        // `Internal Server Error`, `Bad Gateway`, and whatever else there may be.
        SendError::Unknown
    }
}

fn wait() -> SendError {
    SendError::Retry { after: Some(UNTOLD_WAIT), code: Some(429) }
}

fn refused(code: u32) -> SendError {
    give_up(GiveUpReason::Refused, code)
}

fn give_up(reason: GiveUpReason, code: u32) -> SendError {
    SendError::GiveUp { reason, code: Some(code) }
}
