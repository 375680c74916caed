//! `footbridge admin verify-audit`.
//!
//! Invariant: it changes nothing but what opening the store changes, and says of a line nothing but its number and seal.

use clap::Args;

use crate::cli::Outcome;
use crate::store::Store;
use crate::store::audit_seal::Break;
use crate::store::audit_seal::LineSeal;
use crate::store::audit_seal::Verified;

/// What to verify it with.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The first line that has to be sealed: lines that a program of before sealing wrote are not.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    sealed_from: i64,
    /// The seal of a line, as this command printed it earlier: exit 1 where that line is not there any more.
    #[arg(long, value_name = "NUMBER=HEX")]
    seal: Option<LineSeal>,
}

/// Walks the audit, and says the first line that is not as it was written, or not the one whose seal was written down.
pub async fn audit(store: &Store, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut reader = store.read().await?;
    let (lines, last) = match reader.verify_audit(arguments.sealed_from).await? {
        Verified::Whole { lines, last } => (lines, last),
        Verified::Broken { number, why } => {
            println!("Line {number} of the audit {}.", what(why));
            return Ok(Outcome::DoesNotHold);
        }
    };
    if let Some(known) = &arguments.seal {
        let number = known.number;
        if reader.seal_of_line(number).await?.as_ref() != Some(known) {
            println!(
                "Line {number} of the audit is not there, or not the one whose seal was written down: lines were cut off at the end, or all was written anew. What is there now fits together."
            );
            return Ok(Outcome::DoesNotHold);
        }
        println!("Line {number} is the one whose seal was written down.");
    }
    if lines == 0 {
        println!("The audit has no lines yet.");
        return Ok(Outcome::Fine);
    }
    println!("The audit is as it was written, unless lines were cut off at its end. Lines: {lines}.");
    if let Some(last) = last {
        println!(
            "Seal of the last: {last}\nWrite it down elsewhere. With --seal {last} this command says later whether this line, and all before it, are still there."
        );
    }
    Ok(Outcome::Fine)
}

fn what(why: Break) -> &'static str {
    match why {
        Break::Missing => "is not there",
        Break::Unsealed => "bears no seal",
        Break::Changed => "is not as it was written, or the one before it is not the one that stood there",
        Break::Beyond => "bears a number that was never given out",
    }
}
