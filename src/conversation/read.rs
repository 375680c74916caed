//! Reads `flow.yaml`: a checked definition, or every problem at once.
//!
//! Invariant: a definition that comes out has no dead end: its guards name earlier steps and values that those can
//! have, and its last step is an unguarded finish.

use sha2::{Digest, Sha256};

use crate::conversation::definition::Definition;
use crate::conversation::definition::Limits;
use crate::conversation::definition::Step;
use crate::conversation::definition::StepKind;
use crate::conversation::prove;
use crate::conversation::prove::Fault;
use crate::conversation::read_guard;
use crate::conversation::read_question;
use crate::domain::ids::ConversationId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::StepId;
use crate::domain::referral::HandOverReason;
use crate::reading;
use crate::reading::item::Item;
use crate::reading::item::Map;
use crate::reading::problem::Problems;
use crate::reading::source::Source;

/// The version of the format that this program reads.
const FORMAT: u32 = 1;

/// The keys of a flow.
pub const FLOW_KEYS: [&str; 6] = ["format", "conversation", "title", "owner", "limits", "steps"];

/// The keys of the limits.
pub const LIMIT_KEYS: [&str; 5] = ["tries", "remind after", "close after", "forget after", "sms parts"];

/// The kinds of step, by the key that names them, with the further keys that each may have.
pub const STEP_KINDS: [(&str, &[&str]); 5] = [
    ("say", &["only if"]),
    (
        "ask",
        &[
            "only if",
            "answer",
            "choices",
            "alone",
            "may skip",
            "joins within",
            "takes opening words",
            "takes own words",
            "part",
            "no texts if",
            "a phone number means",
            "at least",
            "at most",
        ],
    ),
    ("check", &["only if", "shows", "changes"]),
    ("hand over", &["only if", "reason"]),
    ("finish", &["only if"]),
];

/// The reasons that a flow may give for a hand over; the others are the engine's own.
pub const FLOW_REASONS: [HandOverReason; 5] = [
    HandOverReason::Agreed,
    HandOverReason::Under16,
    HandOverReason::OutOfArea,
    HandOverReason::CannotAgree,
    HandOverReason::NeedsAHuman,
];

/// Reads a flow.
#[must_use]
pub fn read(source: &Source, problems: &mut Problems) -> Option<Definition> {
    reading::yaml(source, problems, |item| definition(item, revision(source)))
}

/// The revision of a flow: what its file says.
fn revision(source: &Source) -> RevisionId {
    let digest = Sha256::digest(source.text.as_bytes());
    RevisionId(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

fn definition(item: Item<'_>, revision: RevisionId) -> Option<Definition> {
    let map = item.map(&FLOW_KEYS)?;
    let format = map.require("format").and_then(|item| item.number(FORMAT..=FORMAT));
    let id = map.require("conversation").and_then(Item::parsed::<ConversationId>);
    let title = map.require("title").and_then(Item::string);
    let _owner = map.require("owner").and_then(Item::string);
    let limits = map.require("limits").and_then(limits);
    let steps = map.require("steps").and_then(steps);
    format?;
    Some(Definition { id: id?, revision, title: title?, limits: limits?, steps: steps? })
}

fn limits(item: Item<'_>) -> Option<Limits> {
    let map = item.map(&LIMIT_KEYS)?;
    let tries = map.require("tries").and_then(|item| item.number(1..=9));
    let remind_after = map.require("remind after").and_then(|item| item.each(Item::length));
    let close_after = map.require("close after").and_then(Item::length);
    let forget_after = map.require("forget after").and_then(Item::length);
    let sms_parts = map.require("sms parts").and_then(|item| item.number(1..=10));
    let limits = Limits {
        tries: tries?,
        remind_after: remind_after?,
        close_after: close_after?,
        forget_after: forget_after?,
        sms_parts: sms_parts?,
    };
    let in_order = limits.remind_after.is_sorted() && limits.remind_after.last() < Some(&limits.close_after);
    if !limits.remind_after.is_empty() && !in_order || limits.forget_after < limits.close_after {
        map.error(
            "limits-out-of-order",
            "reminders come one after another, then the session closes, then it is forgotten",
            "Write lengths that grow: remind after, close after, forget after.",
        );
    }
    Some(limits)
}

fn steps(item: Item<'_>) -> Option<Vec<Step>> {
    let mut earlier: Vec<Step> = Vec::new();
    let mut sound = true;
    let items = item.list()?;
    for (index, item) in items.iter().enumerate() {
        match step(*item, &earlier) {
            Some(step) => {
                if index + 1 == items.len() && !(step.kind == StepKind::Finish && step.only_if.is_none()) {
                    item.error(
                        "no-end",
                        "the last step must be a `finish` without `only if`",
                        "Add a last step, such as `- finish: thanks`.",
                    );
                }
                earlier.push(step);
            }
            None => sound = false,
        }
    }
    if earlier.is_empty() && sound {
        item.error("no-steps", "a flow needs at least one step", "Add a step, such as `- say: welcome`.");
    }
    if sound {
        proved(&items, &earlier);
    }
    sound.then_some(earlier)
}

/// Notes guards that mean nothing and steps that nobody reaches.
fn proved(items: &[Item<'_>], steps: &[Step]) {
    for (at, fault) in prove::prove(steps).faults {
        let (Some(item), Some(step)) = (items.get(at), steps.get(at)) else { continue };
        let guard = item.map(&every_key()).and_then(|map| map.find("only if")).unwrap_or(*item);
        let id = &step.id;
        match fault {
            Fault::NeverHolds => guard.error(
                "never-holds",
                &format!("no answers lead to `{id}`: its `only if` can never hold"),
                "Correct the condition, or remove the step.",
            ),
            Fault::AlwaysHolds => guard.error(
                "always-holds",
                &format!("whoever gets here goes to `{id}`: its `only if` always holds"),
                "Remove `only if`, or correct the condition.",
            ),
            Fault::NeverReached => item.error(
                "never-reached",
                &format!("nobody reaches `{id}`: every way has ended before"),
                "Remove the step, or give an earlier `finish` an `only if`.",
            ),
            Fault::TooManyWays => item.error(
                "too-many-ways",
                &format!("there are too many ways to `{id}` to check them all"),
                "Let fewer questions decide what comes later.",
            ),
        }
    }
}

/// Every key that some step may have.
fn every_key() -> Vec<&'static str> {
    STEP_KINDS.iter().flat_map(|(kind, keys)| std::iter::once(*kind).chain(keys.iter().copied())).collect()
}

fn step(item: Item<'_>, earlier: &[Step]) -> Option<Step> {
    let every_key = every_key();
    let map = item.map(&every_key)?;
    let named: Vec<_> = STEP_KINDS.iter().filter(|(kind, _)| map.find(kind).is_some()).collect();
    let [(kind, keys)] = named.as_slice() else {
        let kinds = STEP_KINDS.map(|(kind, _)| format!("`{kind}`")).join(", ");
        item.error("step-kind", "a step has one kind", &format!("Begin it with one of {kinds}."));
        return None;
    };
    for key in every_key.iter().filter(|key| !keys.contains(key) && *key != kind) {
        if let Some(wrong) = map.find(key) {
            let remedy = format!("Remove it, or make this an `ask`: a `{kind}` takes {}.", keys.join(", "));
            wrong.error("wrong-key", &format!("a `{kind}` has no `{key}`"), &remedy);
        }
    }
    let id = map.find(kind).and_then(Item::parsed::<StepId>);
    if let (Some(id), Some(item)) = (&id, map.find(kind))
        && earlier.iter().any(|step| step.id == *id)
    {
        item.error("same-name", &format!("`{id}` stands twice"), "Give each step a name of its own.");
    }
    let only_if = map.find("only if").map(|item| read_guard::read(item, earlier));
    let kind = match *kind {
        "say" => Some(StepKind::Say),
        "ask" => read_question::read(map).map(StepKind::Ask),
        "check" => check(map, earlier),
        "hand over" => reason(map).map(|reason| StepKind::HandOver { reason }),
        _ => Some(StepKind::Finish),
    };
    Some(Step {
        id: id?,
        only_if: match only_if {
            Some(read) => Some(read?),
            None => None,
        },
        kind: kind?,
    })
}

fn reason(map: Map<'_>) -> Option<HandOverReason> {
    let options = FLOW_REASONS.map(|reason| (reason.as_str(), reason));
    map.require("reason").and_then(|item| item.one_of(&options))
}

fn check(map: Map<'_>, earlier: &[Step]) -> Option<StepKind> {
    let shows = map.require("shows").and_then(|item| questions(item, earlier));
    let changes = map.find("changes").map_or(Some(Vec::new()), |item| questions(item, earlier));
    Some(StepKind::Check { shows: shows?, changes: changes? })
}

/// Names of earlier questions.
fn questions(item: Item<'_>, earlier: &[Step]) -> Option<Vec<StepId>> {
    item.each(|item| {
        let id = item.parsed::<StepId>()?;
        let asks = earlier.iter().any(|step| step.id == id && matches!(step.kind, StepKind::Ask(_)));
        if !asks {
            let names = earlier.iter().map(|step| step.id.as_str());
            let remedy = match reading::did_you_mean(id.as_str(), names) {
                Some(name) => format!("Did you mean `{name}`?"),
                None => "Name a question that stands above the check.".to_owned(),
            };
            item.error("unknown-step", &format!("`{id}` is no earlier question"), &remedy);
        }
        asks.then_some(id)
    })
}
