//! The JSON schema of `flow.yaml`, for editors that complete and check while one writes.
//!
//! Invariant: made from the same lists that the reader uses, so that the two cannot part.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::conversation::definition::Part;
use crate::conversation::read::FLOW_KEYS;
use crate::conversation::read::FLOW_REASONS;
use crate::conversation::read::LIMIT_KEYS;
use crate::conversation::read::STEP_KINDS;
use crate::conversation::read_question::ANSWERS;
use crate::conversation::read_question::CHOICES_MOST;
use crate::domain::referral::HandOverReason;

/// A name of a step, a choice or a conversation.
const NAME: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// A length of time.
const LENGTH: &str = "^[0-9]+ (second|minute|hour|day|week)s?$";

/// The schema (draft 2020-12).
#[must_use]
pub fn schema() -> Value {
    let steps: Vec<Value> = STEP_KINDS.iter().map(|(kind, keys)| step(kind, keys)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A conversation of Footbridge",
        "type": "object",
        "additionalProperties": false,
        "required": FLOW_KEYS,
        "properties": {
            "format": {"const": 1, "description": "The version of this format."},
            "conversation": {"type": "string", "pattern": NAME, "description": "The name of the folder."},
            "title": {"type": "string", "description": "What link workers call it."},
            "owner": {"type": "string", "description": "Who answers for it."},
            "limits": limits(),
            "steps": {"type": "array", "minItems": 1, "items": {"oneOf": steps}},
        },
    })
}

fn limits() -> Value {
    let length = json!({"type": "string", "pattern": LENGTH});
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": LIMIT_KEYS,
        "properties": {
            "tries": {"type": "integer", "minimum": 1, "maximum": 9, "description": "Replies not understood before skip or a person is offered."},
            "remind after": {"type": "array", "items": length, "description": "Since the person's last text."},
            "close after": length,
            "forget after": length,
            "sms parts": {"type": "integer", "minimum": 1, "maximum": 10, "description": "The most that one text may have."},
        },
    })
}

fn step(kind: &str, keys: &[&str]) -> Value {
    let mut properties = Map::new();
    properties.insert(
        kind.to_owned(),
        json!({"type": "string", "pattern": NAME, "description": "The name of the step and of its message."}),
    );
    for key in keys {
        properties.insert((*key).to_owned(), property(key));
    }
    let required: Vec<&str> = match kind {
        "ask" => vec![kind, "answer"],
        "check" => vec![kind, "shows"],
        "hand over" => vec![kind, "reason"],
        _ => vec![kind],
    };
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

fn property(key: &str) -> Value {
    let names = json!({"type": "array", "items": {"type": "string", "pattern": NAME}});
    match key {
        "only if" => {
            json!({"type": "string", "description": "When the step applies, such as `for-whom is me`."})
        }
        "answer" => json!({"enum": ANSWERS}),
        "choices" => {
            json!({"type": "array", "minItems": 2, "maxItems": CHOICES_MOST, "items": {"type": "string", "pattern": NAME}})
        }
        "a phone number means" => json!({"type": "string", "pattern": NAME}),
        "may skip" | "takes opening words" | "takes own words" => json!({"enum": ["yes", "no", true, false]}),
        "joins within" => json!({"type": "string", "pattern": LENGTH}),
        "part" => json!({"enum": Part::ALL.map(Part::as_str)}),
        "at least" | "at most" => json!({"type": "integer", "minimum": 0}),
        "reason" => json!({"enum": FLOW_REASONS.map(HandOverReason::as_str)}),
        _ => names,
    }
}
