//! What a button carries: `step:revision.time:choice`, in at most 64 bytes.

use crate::domain::ids::ChoiceId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;
use crate::domain::time::Timestamp;

/// The most bytes that Telegram lets a button carry.
const MOST_BYTES: usize = 64;

/// How much of a revision's name is carried: enough to tell apart the revisions of one flow.
const REVISION_DIGITS: usize = 8;

/// A button knows its time to the second.
const SECOND: i64 = 1_000_000;

/// What comes back when a button is tapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tapped {
    /// The step or aside under which the button stood.
    pub step: StepId,
    /// The first digits of the revision of the flow.
    pub revision: String,
    /// When it was shown, to the second.
    pub shown_at: Timestamp,
    /// The choice.
    pub choice: ChoiceId,
}

/// What a button of this choice carries; `None` where the names are too long for a button.
#[must_use]
pub fn data(step: &str, revision: &RevisionId, shown_at: Timestamp, choice: &ChoiceId) -> Option<String> {
    let revision: String = revision.0.chars().take(REVISION_DIGITS).collect();
    let seconds = shown_at.as_micros() / SECOND;
    let data = format!("{step}:{revision}.{seconds:x}:{choice}");
    (data.len() <= MOST_BYTES).then_some(data)
}

/// Reads what a tapped button carried; `None` for what is none of ours.
#[must_use]
pub fn read(data: &str) -> Option<Tapped> {
    let mut parts = data.split(':');
    let (step, shown, choice) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none();
    let (revision, seconds) = shown.split_once('.')?;
    let seconds = i64::from_str_radix(seconds, 16).ok()?;
    let tapped = Tapped {
        step: step.parse().ok()?,
        revision: revision.to_owned(),
        shown_at: Timestamp::from_micros(seconds.checked_mul(SECOND)?),
        choice: choice.parse().ok()?,
    };
    whole.then_some(tapped)
}

impl Tapped {
    /// A button of which nothing can be read: of long ago, and under no question that stands open.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            step: "unknown-button".parse().expect("our own steps are names"),
            revision: String::new(),
            shown_at: Timestamp::from_micros(0),
            choice: "unknown".parse().expect("our own choices are names"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_brings_back_what_the_button_carried() {
        let revision = RevisionId("0123456789abcdef".into());
        let shown_at = Timestamp::from_micros(1_780_000_000_999_999);
        let data = data("for-whom", &revision, shown_at, &"me".parse().unwrap()).unwrap();
        assert_eq!(data, "for-whom:01234567.6a18a500:me");
        let tapped = read(&data).unwrap();
        assert_eq!((tapped.step.as_str(), tapped.choice.as_str()), ("for-whom", "me"));
        assert_eq!(tapped.shown_at, Timestamp::from_micros(1_780_000_000_000_000));
        assert!(revision.0.starts_with(&tapped.revision));
        for wrong in
            ["", "a", "a:b", "a:1:b", "A:1.2:b", "a:1.2:b:c", "a::", "a:1.x:b", "a:1.7fffffffffffffff:b"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_that_do_not_fit_make_no_button() {
        let revision = RevisionId("0123456789abcdef".into());
        let data =
            data(&"a".repeat(40), &revision, Timestamp::from_micros(0), &"b".repeat(20).parse().unwrap());
        assert_eq!(data, None);
    }
}
