//! The words by which a session on an earlier revision is answered.
//!
//! Invariant: numbers bind to the choices of the kept flow, and what was accepted when it was sent still is.

use crate::content::questions_of;
use crate::conversation::definition::Definition;
use crate::reply::Lexicons;
use crate::wording::Wording;

/// Today's lexicons, with the questions of a kept flow in the place of today's.
pub(super) fn lexicons(
    today: &Lexicons,
    flow: &Definition,
    wording: &Wording,
    copy: Option<&Wording>,
) -> Lexicons {
    let asked: Vec<_> = questions_of(flow).collect();
    let mut lexicons = today.clone();
    for (language, lexicon) in &mut lexicons.languages {
        let mut then = copy.map(|copy| copy.questions(language, &asked)).unwrap_or_default();
        for (conversation, mut questions) in wording.questions(language, &asked) {
            let mut then = then.remove(&conversation).unwrap_or_default();
            for (step, choices) in &mut questions {
                let kept = then.remove(step).unwrap_or_default();
                for (choice, kept) in choices.iter_mut().zip(kept) {
                    *choice = choice.clone().with_kept(kept);
                }
            }
            lexicon.questions.entry(conversation).or_default().extend(questions);
        }
    }
    lexicons
}
