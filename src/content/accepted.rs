//! The words that are accepted as answers: that each reaches us, and means one choice.

use std::collections::BTreeMap;

use crate::content::Content;
use crate::domain::ids::ChoiceId;
use crate::domain::ids::ConversationId;
use crate::domain::ids::StepId;
use crate::domain::language::Language;
use crate::reading::problem::Problem;
use crate::reading::problem::Problems;
use crate::reply::text::Folded;
use crate::wording::words::Accepted;

/// Words that a network or its provider acts on before we see them (twilio.com/docs/messaging, advanced opt-out), so
/// that a person who texts one as an answer would be cut off.
const SWALLOWED: [&str; 12] = [
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "start",
    "unstop",
    "help",
    "info",
];

/// Notes words of a question that a network acts on, and words that mean two of its choices.
pub(super) fn check(
    content: &Content,
    conversation: &ConversationId,
    (step, choices): (&StepId, &[ChoiceId]),
    language: &Language,
    problems: &mut Problems,
) {
    let mut meanings: BTreeMap<String, (&ChoiceId, Accepted<'_>)> = BTreeMap::new();
    for choice in choices {
        for accepted in content.wording.accepted(language, conversation, step, choice) {
            let folded = Folded::whole(&accepted.word).plain().to_owned();
            if SWALLOWED.contains(&folded.as_str()) {
                let word = &accepted.word;
                let message =
                    format!("`{step}` accepts `{word}`, which the network acts on before we see it");
                let remedy = "Take another word.";
                problems.add(accepted.file.error(accepted.place, "swallowed-word", &message, remedy));
            }
            match meanings.get(&folded) {
                Some((other, earlier)) if *other != choice => {
                    problems.add(twofold(&accepted, choice, other, earlier));
                }
                Some(_) => {}
                None => {
                    meanings.insert(folded, (choice, accepted));
                }
            }
        }
    }
}

/// Whoever texts such a word is asked again, and never understood.
fn twofold(here: &Accepted<'_>, choice: &ChoiceId, other: &ChoiceId, earlier: &Accepted<'_>) -> Problem {
    let message = format!("`{}` means both `{other}` and `{choice}`", here.word);
    let elsewhere =
        if earlier.file == here.file { String::new() } else { format!(" of {}", earlier.file.file) };
    let remedy = format!(
        "Keep it here, or on line {}{elsewhere} (character {}).",
        earlier.place.line, earlier.place.column
    );
    here.file.error(here.place, "two-meanings", &message, &remedy)
}
