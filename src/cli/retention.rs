//! `footbridge admin retention`: what goes by the rules of `services.yaml`, when, and what went.
//!
//! Invariant: it erases nobody; the server does.

use clap::Args;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::cli::Outcome;
use crate::clock::Clock;
use crate::content::ERASE_AFTER;
use crate::directory::service::Service;
use crate::domain::time::Timestamp;
use crate::intake::retention::ended_before;
use crate::store::Store;

/// What to print.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the lines of the audit that tell who was erased by a rule: number, time, rule, reference.
    #[arg(long)]
    proof: bool,
}

/// How far ahead it looks: until when, in days.
const AHEAD: [(&str, i64); 3] = [("now", 0), ("within 30 days", 30), ("within a year", 365)];
/// More are printed as this and a plus.
const MOST_COUNTED: u16 = 10_000;

/// Prints it.
pub async fn retention(
    store: &Store,
    services: &[Service],
    arguments: &Arguments,
) -> anyhow::Result<Outcome> {
    if arguments.proof {
        for line in store.read().await?.erased_by_rule().await? {
            println!("{} {} {} {}", line.number, line.happened_at, line.action, line.subject);
        }
        return Ok(Outcome::Fine);
    }
    println!(
        "Words of conversations that were passed on to nobody: {} days.",
        ERASE_AFTER.as_secs() / 86_400
    );
    println!("Failed tries to sign in: 1 hour.");
    println!("The audit, and the list of who was erased: kept.");
    for service in services {
        print_service(store, service).await?;
    }
    Ok(Outcome::Fine)
}

async fn print_service(store: &Store, service: &Service) -> anyhow::Result<()> {
    let Some(years) = service.keep_ended else {
        println!("{}: ended cases are kept until somebody erases them.", service.id);
        return Ok(());
    };
    println!("{}: people whose cases ended {years} years ago, who have not written since:", service.id);
    let mut reader = store.read().await?;
    let now = Clock::System.now();
    for (when, days) in AHEAD {
        let Some(before) = ended_before(service, days_after(now, days)) else { continue };
        let count = reader.ended_before(&service.id, before, MOST_COUNTED).await?.len();
        let more = if count == usize::from(MOST_COUNTED) { "+" } else { "" };
        println!("  to be erased {when}: {count}{more}");
    }
    println!("  kept by a colleague: {}", reader.kept_in(&service.id).await?);
    Ok(())
}

fn days_after(now: Timestamp, days: i64) -> Timestamp {
    let then = now.to_jiff().to_zoned(TimeZone::UTC).checked_add(days.days());
    then.map_or(now, |then| Timestamp::from_jiff(then.timestamp()))
}
