//! What follows from the outcome of an attempt.
//!
//! Invariant: a text that may have left is in doubt, and never simply tried again.

use std::time::Duration;

use futures_util::FutureExt;

use crate::channel::GiveUpReason;
use crate::channel::Receipt;
use crate::channel::SendError;
use crate::channel::Sender;
use crate::domain::message::DeliveryStatus;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::outbox::LEASE;
use crate::outbox::Outbox;
use crate::outbox::STORE_AWAY;
use crate::store::delivery::DeliveryReport;
use crate::store::error::StoreError;
use crate::store::leased::LeasedText;
use crate::store::sending::TextEnd;
use crate::store::tx::Tx;

/// The longest waits after each failed attempt; there is one attempt more than there are waits.
const BACKOFF_SECONDS: [u64; 5] = [2, 8, 30, 120, 300];
/// A report often settles a doubt within seconds; and until it is settled the person gets no other answer.
const FIRST_LOOK: Duration = Duration::from_secs(60);
/// Where the provider cannot be asked, nothing is learnt by waiting; this gives its trouble time to pass.
const NOTHING_TO_LEARN: Duration = Duration::from_secs(15);
/// What is added, at most, to a wait that the provider asks for.
const TOLD_SPREAD_MS: u64 = 1_000;
/// The code of a text that no attempt got through.
const TRIED_OUT: &str = "tried-out";

/// What becomes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// The provider has it. `arrived`: and says no more about it.
    Sent { provider_id: String, arrived: bool },
    /// It is tried again then.
    Retry { at: Timestamp },
    /// It goes back, as if it had not been tried.
    PutBack { until: Timestamp },
    /// Nobody knows; the provider is asked then.
    InDoubt { look_at: Timestamp },
    /// It is too old now.
    Expired,
    /// It will never be sent.
    GaveUp { code: String, address: AddressFate },
}

/// What the end of a text tells of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AddressFate {
    /// Nothing.
    AsBefore,
    /// The person wants no more texts.
    OptedOut,
    /// The person has blocked us: nothing can be sent until they write again.
    Blocked,
}

impl Outbox {
    /// Marks what became of an attempt. A store that is away is waited out for as long as the lease lasts; after that
    /// the text is in doubt.
    pub(super) async fn mark(&self, text: &LeasedText, outcome: Result<Receipt, SendError>) {
        let mark = self.mark_of(text, outcome);
        log(text, &mark);
        for _ in 0..LEASE.as_secs() {
            match self.write_mark(text, mark.clone()).await {
                Ok(()) => return,
                Err(StoreError::Away(_) | StoreError::Busy) => tokio::time::sleep(STORE_AWAY).await,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(outbox.id = %text.lease.id, error, "What became of a text could not be marked");
                    return;
                }
            }
        }
        tracing::error!(outbox.id = %text.lease.id, "What became of a text could not be marked: the store is away");
    }

    fn mark_of(&self, text: &LeasedText, outcome: Result<Receipt, SendError>) -> Mark {
        let now = self.clock.now();
        match outcome {
            Ok(receipt) => Mark::Sent {
                provider_id: receipt.provider_id,
                arrived: self.senders.get(&text.channel).is_some_and(|sender| !sender.reports_delivery()),
            },
            Err(SendError::Retry { after, code }) => self.retry(text, after, code, now),
            Err(SendError::GiveUp { reason, code }) => {
                if reason.needs_operator() {
                    tracing::error!(
                        reason = reason.as_str(),
                        code,
                        "The provider refuses a text for a reason of ours"
                    );
                }
                Mark::GaveUp {
                    code: code.map_or_else(|| reason.as_str().to_owned(), |code| code.to_string()),
                    address: match reason {
                        GiveUpReason::OptedOut => AddressFate::OptedOut,
                        GiveUpReason::Blocked => AddressFate::Blocked,
                        GiveUpReason::BadNumber
                        | GiveUpReason::Filtered
                        | GiveUpReason::TooLate
                        | GiveUpReason::TooLong
                        | GiveUpReason::NotAllowed
                        | GiveUpReason::Suspended
                        | GiveUpReason::Refused => AddressFate::AsBefore,
                    },
                }
            }
            Err(SendError::Unknown) => {
                let asked = self.senders.get(&text.channel).is_none_or(Sender::can_find);
                let wait = if asked { FIRST_LOOK } else { NOTHING_TO_LEARN };
                Mark::InDoubt { look_at: now.plus(wait) }
            }
            Err(SendError::Stopped { reason, code }) => {
                let (until, is_new) = self.shut(text.channel, now);
                if is_new {
                    let channel = text.channel.as_str();
                    tracing::error!(
                        channel,
                        ?reason,
                        code,
                        "The provider lets us send nothing; trying again in a minute"
                    );
                }
                Mark::PutBack { until }
            }
        }
    }

    fn retry(&self, text: &LeasedText, after: Option<Duration>, code: Option<u32>, now: Timestamp) -> Mark {
        let longest = usize::try_from(text.attempts).ok().and_then(|tried| BACKOFF_SECONDS.get(tried));
        let Some(longest) = longest else {
            let code = code.map_or_else(|| TRIED_OUT.to_owned(), |code| code.to_string());
            return Mark::GaveUp { code, address: AddressFate::AsBefore };
        };
        let wait = match after {
            // Not a moment less, and a little more, so that not all who were told to wait come back at once.
            Some(told) => told.saturating_add(Duration::from_millis(self.up_to(TOLD_SPREAD_MS))),
            None => Duration::from_millis(self.up_to(longest * 1000)),
        };
        let at = now.plus(wait);
        match text.expires_at {
            Some(expires_at) if expires_at <= at => Mark::Expired,
            Some(_) | None => Mark::Retry { at },
        }
    }

    /// Writes a mark, with all that follows from it.
    pub(super) async fn write_mark(&self, text: &LeasedText, mark: Mark) -> Result<(), StoreError> {
        let now = self.clock.now();
        let (text, mark) = (text.clone(), mark);
        let write = self.store.write(move |tx| {
            let (text, mark) = (text.clone(), mark.clone());
            async move { write(tx, &text, &mark, now).await }.boxed()
        });
        write.await
    }
}

async fn write(tx: &mut Tx, text: &LeasedText, mark: &Mark, now: Timestamp) -> Result<(), StoreError> {
    let lease = text.lease;
    match mark {
        Mark::Sent { provider_id, arrived } => {
            if tx.mark_sent(lease, provider_id, now).await? && *arrived {
                let status = DeliveryStatus::Delivered;
                let report = DeliveryReport { provider_id, status, error_code: None };
                tx.note_delivery(Some(lease.id), report, now).await?;
            }
        }
        Mark::Retry { at } => {
            tx.retry_text(lease, *at).await?;
        }
        Mark::PutBack { until } => {
            tx.put_back(lease, *until).await?;
        }
        Mark::InDoubt { look_at } => {
            tx.mark_in_doubt(lease, *look_at).await?;
        }
        Mark::Expired => {
            let ended = tx.end_text(lease, TextEnd::Expired).await?;
            if ended && text.purpose != Purpose::Scheduled {
                tx.call_human(lease.id, text.person, now).await?;
            }
        }
        Mark::GaveUp { code, address } => {
            if tx.end_text(lease, TextEnd::GaveUp { code }).await? {
                tx.call_human(lease.id, text.person, now).await?;
            }
            match address {
                AddressFate::AsBefore => {}
                AddressFate::OptedOut => tx.set_opted_out(text.address, true).await?,
                AddressFate::Blocked => tx.set_textable(text.address, false).await?,
            }
        }
    }
    Ok(())
}

fn log(text: &LeasedText, mark: &Mark) {
    let (id, attempts) = (text.lease.id, text.attempts + 1);
    match mark {
        Mark::Sent { .. } => {
            tracing::info!(outbox.id = %id, outbox.attempts = attempts, "Sent a text at attempt {attempts}");
        }
        Mark::Retry { at } => {
            tracing::info!(outbox.id = %id, outbox.attempts = attempts, "A text could not be sent; trying again at {at}");
        }
        Mark::PutBack { .. } => {}
        Mark::InDoubt { .. } => {
            tracing::warn!(outbox.id = %id, "Nobody knows whether a text was sent; the provider will be asked");
        }
        Mark::Expired => tracing::warn!(outbox.id = %id, "A text grew too old before it could be sent"),
        Mark::GaveUp { code, .. } => {
            tracing::warn!(outbox.id = %id, outbox.attempts = attempts, code, "A text will not be sent");
        }
    }
}
