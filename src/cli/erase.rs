//! `footbridge admin erase-person` and `replay-erasures`.
//!
//! Invariant: nothing is erased before it was said what will be, and before it stands on the list that outlives a restore.

use anyhow::Context;
use clap::ArgGroup;
use clap::Args;

use crate::app;
use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::cli::case;
use crate::cli::erasures;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::mobile::Mobile;
use crate::domain::time::Timestamp;
use crate::inbox::person::day_after;
use crate::store::Store;
use crate::store::erasure::Erasure;
use crate::store::erasure::Held;
use crate::store::outbox::Author;

/// Whom to erase.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("whom").required(true).args(["reference", "phone"])))]
pub struct Arguments {
    /// The reference of one of their cases, such as FB-7GH2QX.
    reference: Option<Reference>,
    /// Everybody who writes from a phone, whose number is read from standard input: for people without a case.
    #[arg(long)]
    phone: bool,
    /// Erase. Without it the command only says what would be erased.
    #[arg(long)]
    yes: bool,
    /// Also where nobody has dealt with a concern about them yet; the concern stays open, without its words.
    #[arg(long)]
    even_with_an_open_concern: bool,
    /// For how many days a backup of the keys is kept: until then they can be read from backups of before.
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    key_backups_kept: u16,
}

/// Says what will be erased, and erases it where it was told to.
pub async fn erase(store: &Store, config: &Config, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let now = Clock::System.now();
    let mut people = Vec::new();
    for person in whom(store, arguments).await? {
        let mut reader = store.read().await?;
        let held = reader.held_of(person).await?;
        let before = reader.erased_at(person).await?;
        println!("{}", words(held, before));
        if 0 < held.open_concerns && !arguments.even_with_an_open_concern {
            let open = "nobody has dealt with a concern about them yet, and whoever does must be able to read it. Nothing was erased. Acknowledge it in the inbox first, or add --even-with-an-open-concern";
            return Err(DoesNotHold(open.to_owned()).into());
        }
        people.push(Erasure { person, erased_at: before.unwrap_or(now) });
    }
    if !arguments.yes {
        println!("Nothing was erased. Nobody can undo it: to erase them, run the same with --yes.");
        return Ok(Outcome::DoesNotHold);
    }
    let list = app::erasure_list(config);
    let mut taken_back = 0;
    for erasure in &people {
        taken_back += store.erase(*erasure, Author::System, now).await.context(AGAIN)?;
    }
    println!(
        "Erased. Their key is destroyed: no backup of the data can be read any more without a backup of the keys."
    );
    println!("Texts to them that do not leave any more: {taken_back}.");
    let until = day_after(now, arguments.key_backups_kept).context("there is no such day")?;
    println!(
        "From {until} on no backup of the key store can be read either, if you keep none for longer than {} days (--key-backups-kept).",
        arguments.key_backups_kept
    );
    println!(
        "A restore erases them again, by the list in {}: keep a copy of it away from here.",
        list.display()
    );
    println!("What is on their phone, and at Twilio or Telegram, is not ours to erase: see docs/privacy.md.");
    Ok(Outcome::Fine)
}

const AGAIN: &str = "not everything was erased: run the same again";

/// Erases again whoever stands on the list, in a database that was put back by hand.
pub async fn replay(store: &Store, config: &Config) -> anyhow::Result<()> {
    let listed = erasures::read(&app::erasure_list(config))?;
    let erased = store.replay_erasures(&listed, Clock::System.now()).await.context(AGAIN)?;
    println!("People who are erased here: {erased}.");
    Ok(())
}

async fn whom(store: &Store, arguments: &Arguments) -> anyhow::Result<Vec<PersonId>> {
    let mut reader = store.read().await?;
    if let Some(reference) = &arguments.reference {
        return Ok(vec![case::find(&mut reader, reference).await?.person]);
    }
    let mut typed = zeroize::Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut typed).context("could not read the number")?;
    let mobile: Mobile = typed.trim().parse().context("write a UK mobile number to standard input")?;
    let address = reader.address_of(ChannelKind::Sms, &Handle(mobile.as_str().to_owned())).await?;
    let people = match address {
        Some(address) => reader.people_at(address.id).await?,
        None => Vec::new(),
    };
    let nobody = || DoesNotHold("nobody has texted from this number, or they were erased".to_owned());
    if people.is_empty() { Err(nobody().into()) } else { Ok(people) }
}

fn words(held: Held, before: Option<Timestamp>) -> String {
    let Held { sessions, heard, told, waiting, referrals, notes, concerns, open_concerns, consents } = held;
    let again = before.map_or_else(String::new, |at| format!(" They were erased on {at} already."));
    format!(
        "This person: {sessions} conversations, {heard} messages from them and {told} to them ({waiting} waiting), {referrals} cases, {notes} notes, {consents} choices about their information, {concerns} concerns ({open_concerns} open).{again}"
    )
}
