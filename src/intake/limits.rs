//! Limits: they stop replies, never reading; safety replies have one of their own, far off.

use std::time::Duration;

use crate::domain::ids::AddressId;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

/// Texts of one sender within `INBOUND_WINDOW` that are answered. Nobody types sixty texts in ten minutes; a machine
/// that answers ours does.
const INBOUND_MOST: i64 = 60;

/// The window of `INBOUND_MOST`.
const INBOUND_WINDOW: Duration = Duration::from_secs(600);

/// Automatic texts to one address within `AUTOMATIC_WINDOW`. The longest conversation is twenty questions, and many
/// people answer all of them at one go, so that the cap is twice that.
const AUTOMATIC_MOST: i64 = 40;

/// The window of `AUTOMATIC_MOST`.
const AUTOMATIC_WINDOW: Duration = Duration::from_secs(3600);

/// Safety replies to one address within `AUTOMATIC_WINDOW`. A machine that quotes our words, or somebody's cry, back at
/// us would else be answered for ever; a person gets one with every text of a very bad hour.
const SAFETY_MOST: i64 = 30;

/// What the limits say of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Nothing.
    Free,
    /// Too many texts have come: this once it is said so.
    SayOnce,
    /// Too many texts have come, and it was said.
    Silent,
    /// We have said too much: a human takes over.
    SaidTooMuch,
}

/// What the limits say of the message that was just noted.
pub async fn of(tx: &mut Tx, address: AddressId, now: Timestamp) -> Result<Limit, StoreError> {
    let heard = tx.count_inbound(address, now.minus(INBOUND_WINDOW)).await?;
    if INBOUND_MOST < heard {
        return Ok(if heard == INBOUND_MOST + 1 { Limit::SayOnce } else { Limit::Silent });
    }
    let said = tx.count_automatic_texts(address, now.minus(AUTOMATIC_WINDOW)).await?;
    Ok(if AUTOMATIC_MOST <= said.other { Limit::SaidTooMuch } else { Limit::Free })
}

/// Whether so many safety replies have gone to this address that a human must speak instead.
pub async fn safety_is_used_up(tx: &mut Tx, address: AddressId, now: Timestamp) -> Result<bool, StoreError> {
    let said = tx.count_automatic_texts(address, now.minus(AUTOMATIC_WINDOW)).await?;
    Ok(SAFETY_MOST <= said.safety)
}
