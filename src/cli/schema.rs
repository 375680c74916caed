//! `footbridge schema`: the JSON schema of `flow.yaml`.

use crate::cli::Outcome;
use crate::conversation::schema;

/// Prints the schema.
pub fn run() -> anyhow::Result<Outcome> {
    println!("{}", serde_json::to_string_pretty(&schema::schema())?);
    Ok(Outcome::Fine)
}
