//! Twilio's error codes that change what we do. Its texts are not read: they may change.

use std::time::Duration;

use crate::channel::GiveUpReason;
use crate::channel::SendError;
use crate::channel::StopReason;
use crate::channel::twilio::status::Consequence;

/// Twilio's queue for our number holds ten hours of texts: trying soon makes it no shorter.
const QUEUE_FULL_WAIT: Duration = Duration::from_secs(600);
/// A phone that is off or out of reach seldom comes back sooner.
const PHONE_OFF_WAIT: Duration = Duration::from_secs(3600);
/// Twilio knows no reason: a short pause is enough.
const NO_REASON_WAIT: Duration = Duration::from_secs(60);

/// What an answer with this status and code means for the message that was to be sent.
pub(super) fn of_answer(status: u16, code: Option<u32>) -> SendError {
    let give_up = |reason| SendError::GiveUp { reason, code };
    let stopped = |reason| SendError::Stopped { reason, code };
    if 500 <= status {
        return SendError::Unknown;
    }
    if status == 429 || code == Some(20429) {
        return SendError::Retry { after: None, code };
    }
    match code {
        Some(20003) => stopped(StopReason::WrongCredentials),
        Some(21606 | 21659) => stopped(StopReason::WrongSender),
        Some(21611) => SendError::Retry { after: Some(QUEUE_FULL_WAIT), code },
        Some(21610) => give_up(GiveUpReason::OptedOut),
        Some(21211 | 21614 | 21635) => give_up(GiveUpReason::BadNumber),
        Some(21408 | 21612 | 21663 | 21670) => give_up(GiveUpReason::NotAllowed),
        Some(21617) => give_up(GiveUpReason::TooLong),
        Some(_) | None if status == 401 => stopped(StopReason::WrongCredentials),
        Some(_) | None => give_up(GiveUpReason::Refused),
    }
}

/// What follows from a text that did not arrive for this reason.
pub(super) fn of_report(code: Option<u32>) -> Consequence {
    let give_up = |reason| Consequence::GiveUp { reason };
    match code {
        Some(30001 | 30036) => give_up(GiveUpReason::TooLate),
        Some(30002) => give_up(GiveUpReason::Suspended),
        Some(30003) => Consequence::RetryOnce { after: PHONE_OFF_WAIT },
        Some(30004) => give_up(GiveUpReason::Blocked),
        Some(30005 | 30006) => give_up(GiveUpReason::BadNumber),
        Some(30007) => give_up(GiveUpReason::Filtered),
        Some(30008) => Consequence::RetryOnce { after: NO_REASON_WAIT },
        Some(21610) => give_up(GiveUpReason::OptedOut),
        Some(_) | None => give_up(GiveUpReason::Refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_says_what_to_do() {
        let give_up = |reason, code| SendError::GiveUp { reason, code: Some(code) };
        for (code, reason) in [
            (21211, GiveUpReason::BadNumber),
            (21408, GiveUpReason::NotAllowed),
            (21610, GiveUpReason::OptedOut),
            (21612, GiveUpReason::NotAllowed),
            (21614, GiveUpReason::BadNumber),
            (21617, GiveUpReason::TooLong),
            (21635, GiveUpReason::BadNumber),
            (21663, GiveUpReason::NotAllowed),
            (21670, GiveUpReason::NotAllowed),
            (29999, GiveUpReason::Refused),
        ] {
            assert_eq!(of_answer(400, Some(code)), give_up(reason, code));
        }
        for code in [21606, 21659] {
            assert_eq!(
                of_answer(400, Some(code)),
                SendError::Stopped { reason: StopReason::WrongSender, code: Some(code) }
            );
        }
    }

    #[test]
    fn the_status_speaks_where_there_is_no_code() {
        let retry = SendError::Retry { after: None, code: None };
        let stopped = SendError::Stopped { reason: StopReason::WrongCredentials, code: None };
        assert_eq!(of_answer(429, None), retry);
        assert_eq!(of_answer(401, None), stopped);
        assert_eq!(of_answer(503, Some(20003)), SendError::Unknown);
        assert_eq!(of_answer(400, None), SendError::GiveUp { reason: GiveUpReason::Refused, code: None });
    }
}
