//! What Twilio posts when it knows more of a text that we sent.
//!
//! Reports come late, twice, in any order, or before the answer to our own request: the text is known by our own id
//! in the address, and the caller only ever moves a text's status upwards.

use std::time::Duration;

use crate::channel::GiveUpReason;
use crate::channel::twilio::Twilio;
use crate::channel::twilio::codes;
use crate::channel::twilio::webhook::Refused;
use crate::domain::ids::OutboxId;
use crate::domain::message::DeliveryStatus;

/// Where the reports go, below the public address.
pub const PATH: &str = "/channels/twilio/status";

/// What Twilio says of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Our id of the text; missing where it was sent by other means than ours.
    pub outbox_id: Option<OutboxId>,
    /// Twilio's id of the text.
    pub provider_id: String,
    /// What became of it.
    pub status: DeliveryStatus,
    /// What follows, where it did not arrive.
    pub consequence: Consequence,
    /// Twilio's code, where it gave one.
    pub code: Option<u32>,
}

/// What follows from a text that did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing: it has arrived, or still may.
    None,
    /// It may be sent once more, not before this long; after that it counts as given up.
    RetryOnce {
        /// How long a phone that is switched off may take to come back.
        after: Duration,
    },
    /// It will never arrive.
    GiveUp {
        /// Why.
        reason: GiveUpReason,
    },
}

impl Twilio {
    /// Reads a report from the webhook's parts as they were received.
    ///
    /// # Errors
    /// Where the request is not Twilio's, not for us, or no report.
    pub fn receive_status(
        &self,
        signature: Option<&str>,
        path_and_query: &str,
        body: &[u8],
    ) -> Result<Report, Refused> {
        let form = self.verify(signature, path_and_query, body)?;
        let id = form.id("MessageSid").ok_or(Refused::NotUnderstood)?;
        let status = form.get("MessageStatus").ok_or(Refused::NotUnderstood)?;
        let code = form.get("ErrorCode").and_then(|code| code.parse().ok());
        let status = delivery(status);
        Ok(Report {
            outbox_id: outbox_id(path_and_query),
            provider_id: id.to_owned(),
            status,
            consequence: match status {
                DeliveryStatus::Sent | DeliveryStatus::Delivered => Consequence::None,
                DeliveryStatus::Undelivered => codes::of_report(code),
            },
            code,
        })
    }
}

/// A report of any other kind shows at least that Twilio has the text.
fn delivery(status: &str) -> DeliveryStatus {
    match status {
        "delivered" | "read" => DeliveryStatus::Delivered,
        "undelivered" | "failed" | "canceled" => DeliveryStatus::Undelivered,
        _ => DeliveryStatus::Sent,
    }
}

fn outbox_id(path_and_query: &str) -> Option<OutboxId> {
    let (_, query) = path_and_query.split_once('?')?;
    let (_, id) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "o")?;
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::twilio::webhook::tests::signed;
    use crate::channel::twilio::webhook::tests::twilio;
    use crate::domain::account::OptOutMode;

    const ID: &str = "0198f0c2-7b1e-7c3a-9d4e-5f60718293a4";

    fn report(query: &str, body: &str) -> Result<Report, Refused> {
        let path = format!("{PATH}{query}");
        let twilio = twilio(OptOutMode::Twilio);
        twilio.receive_status(Some(&signed(&path, body)), &path, body.as_bytes())
    }

    fn fate(body: &str) -> (DeliveryStatus, Consequence) {
        let report = report("", &format!("MessageSid=SM1&{body}")).expect("a report");
        (report.status, report.consequence)
    }

    #[test]
    fn a_report_names_our_text_and_what_became_of_it() {
        let report = report(&format!("?o={ID}"), "MessageSid=SM1&MessageStatus=delivered").expect("a report");
        assert_eq!(report.outbox_id.map(|id| id.to_string()), Some(ID.to_owned()));
        assert_eq!(report.provider_id, "SM1");
        assert_eq!(report.status, DeliveryStatus::Delivered);
        assert_eq!(report.consequence, Consequence::None);
    }

    #[test]
    fn each_status_of_twilio_is_one_of_ours() {
        for status in
            ["accepted", "scheduled", "queued", "sending", "sent", "partially_delivered", "new-word"]
        {
            assert_eq!(fate(&format!("MessageStatus={status}")), (DeliveryStatus::Sent, Consequence::None));
        }
        for status in ["delivered", "read"] {
            assert_eq!(fate(&format!("MessageStatus={status}")).0, DeliveryStatus::Delivered);
        }
        for status in ["undelivered", "failed", "canceled"] {
            assert_eq!(fate(&format!("MessageStatus={status}")).0, DeliveryStatus::Undelivered);
        }
    }

    #[test]
    fn the_code_of_an_undelivered_text_says_what_follows() {
        let give_up = |reason| Consequence::GiveUp { reason };
        let retry = |seconds| Consequence::RetryOnce { after: Duration::from_secs(seconds) };
        for (code, expected) in [
            ("30001", give_up(GiveUpReason::TooLate)),
            ("30036", give_up(GiveUpReason::TooLate)),
            ("30002", give_up(GiveUpReason::Suspended)),
            ("30003", retry(3600)),
            ("30004", give_up(GiveUpReason::Blocked)),
            ("30005", give_up(GiveUpReason::BadNumber)),
            ("30006", give_up(GiveUpReason::BadNumber)),
            ("30007", give_up(GiveUpReason::Filtered)),
            ("30008", retry(60)),
            ("21610", give_up(GiveUpReason::OptedOut)),
            ("99999", give_up(GiveUpReason::Refused)),
            ("", give_up(GiveUpReason::Refused)),
        ] {
            assert_eq!(fate(&format!("MessageStatus=undelivered&ErrorCode={code}")).1, expected, "{code}");
        }
        assert_eq!(fate("MessageStatus=delivered&ErrorCode=30003").1, Consequence::None);
    }

    #[test]
    fn a_report_without_text_or_status_or_signature_is_refused() {
        assert_eq!(report("", "MessageStatus=sent"), Err(Refused::NotUnderstood));
        assert_eq!(report("", "MessageSid=SM1"), Err(Refused::NotUnderstood));
        let strange = report("?o=1&x", "MessageSid=SM1&MessageStatus=sent").expect("a report");
        assert_eq!(strange.outbox_id, None);
        // The id is part of what is signed: nobody can turn a report to another text.
        let body = "MessageSid=SM1&MessageStatus=sent";
        let other = format!("{PATH}?o={ID}");
        let refused =
            twilio(OptOutMode::Twilio).receive_status(Some(&signed(PATH, body)), &other, body.as_bytes());
        assert_eq!(refused, Err(Refused::NotSigned));
    }
}
