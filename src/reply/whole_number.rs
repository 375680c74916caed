//! A whole number between two others.
//!
//! Invariant: a number outside is not allowed, never bent into the range.

use crate::domain::answer::Value;
use crate::reply::Reading;
use crate::reply::heard::Heard;
use crate::reply::numbers::only_number;
use crate::reply::scale::one_number;

/// A number alone.
pub(crate) fn exact(heard: &Heard, least: u32, most: u32) -> Option<u32> {
    let number = only_number(heard).filter(|number| !number.ordinal)?;
    (least..=most).contains(&number.value).then_some(number.value)
}

/// A number in a sentence.
pub(crate) fn read(heard: &Heard, least: u32, most: u32) -> Reading {
    match one_number(heard) {
        Some(number) if (least..=most).contains(&number) => Reading::Understood(Value::Number(number)),
        Some(_) => Reading::NotAllowed,
        None => Reading::NotUnderstood,
    }
}
