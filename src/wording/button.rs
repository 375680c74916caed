//! What a button carries: `step:revision:choice`, in at most 64 bytes.

use crate::domain::ids::ChoiceId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;

/// The most bytes that Telegram lets a button carry.
const MOST_BYTES: usize = 64;

/// How much of a revision's name is carried: enough to tell apart the revisions of one flow.
const REVISION_DIGITS: usize = 8;

/// What comes back when a button is tapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tapped {
    /// The step or aside under which the button stood.
    pub step: StepId,
    /// The first digits of the revision of the flow.
    pub revision: String,
    /// The choice.
    pub choice: ChoiceId,
}

/// What a button of this choice carries; `None` where the names are too long for a button.
#[must_use]
pub fn data(step: &str, revision: &RevisionId, choice: &ChoiceId) -> Option<String> {
    let revision: String = revision.0.chars().take(REVISION_DIGITS).collect();
    let data = format!("{step}:{revision}:{choice}");
    (data.len() <= MOST_BYTES).then_some(data)
}

/// Reads what a tapped button carried; `None` for what is none of ours.
#[must_use]
pub fn read(data: &str) -> Option<Tapped> {
    let mut parts = data.split(':');
    let (step, revision, choice) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none();
    let tapped =
        Tapped { step: step.parse().ok()?, revision: revision.to_owned(), choice: choice.parse().ok()? };
    whole.then_some(tapped)
}

impl Tapped {
    /// Whether the button stood under a question of this revision.
    #[must_use]
    pub fn is_of(&self, revision: &RevisionId) -> bool {
        !self.revision.is_empty() && revision.0.starts_with(&self.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_brings_back_what_the_button_carried() {
        let revision = RevisionId("0123456789abcdef".into());
        let data = data("for-whom", &revision, &"me".parse().unwrap()).unwrap();
        assert_eq!(data, "for-whom:01234567:me");
        let tapped = read(&data).unwrap();
        assert_eq!((tapped.step.as_str(), tapped.choice.as_str()), ("for-whom", "me"));
        assert!(tapped.is_of(&revision));
        assert!(!tapped.is_of(&RevisionId("ffff".into())));
        for wrong in ["", "a", "a:b", "A:1:b", "a:1:b:c", "a::"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_that_do_not_fit_make_no_button() {
        let revision = RevisionId("0123456789abcdef".into());
        let data = data(&"a".repeat(40), &revision, &"b".repeat(20).parse().unwrap());
        assert_eq!(data, None);
    }
}
