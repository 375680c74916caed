//! `footbridge admin`: what administrators need at the terminal.

use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use clap::ValueEnum;
use futures_util::FutureExt;

use crate::app;
use crate::cli;
use crate::cli::DoesNotHold;
use crate::cli::Outcome;
use crate::cli::account;
use crate::cli::concerns;
use crate::cli::concerns::Month;
use crate::cli::erase;
use crate::cli::examples;
use crate::cli::examples::Kind;
use crate::cli::export;
use crate::cli::handover;
use crate::cli::hold;
use crate::cli::retention;
use crate::cli::rotate;
use crate::cli::verify;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::account::BaseUrl;
use crate::domain::ids::Reference;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::secret::SecretKey;
use crate::domain::staff::EmailAddress;
use crate::domain::staff::Role;
use crate::domain::staff::StaffName;
use crate::inbox::entry;
use crate::inbox::invited;
use crate::inbox::invited::Wanted;
use crate::inbox::password;
use crate::inbox::password::Passwords;
use crate::inbox::second_factor;
use crate::inbox::second_step;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::randomness::Randomness;
use crate::store::staff::NewStaff;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print a link that makes the first administrator; it works for 30 minutes.
    SetUpLink,
    /// Print a link by which a colleague makes their account: once, for seven days. Send it to nobody else.
    Invite {
        /// Their e-mail address, with which they will sign in.
        email: EmailAddress,
        /// What they may do.
        #[arg(long, default_value = "link-worker")]
        role: Role,
        /// The services whose queues they see; all of them where none is named.
        #[arg(long = "service")]
        services: Vec<ServiceId>,
    },
    /// Take away the second factor of somebody who has lost it; they are signed out, and set up a new one.
    RemoveSecondFactor {
        /// Their e-mail address.
        email: String,
    },
    /// Add somebody who works here; their password is read from standard input.
    AddStaff {
        /// Their e-mail address, with which they sign in.
        email: EmailAddress,
        /// Their name, as colleagues see it.
        name: StaffName,
        /// What they may do.
        #[arg(long, default_value = "link-worker")]
        role: Role,
        /// The services whose queues they see; all of them where none is named.
        #[arg(long = "service")]
        services: Vec<ServiceId>,
    },
    /// Give somebody a new password, read from standard input; they are signed out everywhere.
    SetPassword {
        /// Their e-mail address.
        email: String,
    },
    /// Let somebody who has left sign in no longer; they are signed out at once. Their cases stay where they are.
    CloseAccount {
        /// Their e-mail address.
        email: String,
    },
    /// Let somebody sign in again: whose account was closed, or was tried too often by others.
    OpenAccount {
        /// Their e-mail address.
        email: String,
    },
    /// Let no text leave, on any node, until `resume-sending`: also for a database that was put back by hand.
    HoldSending,
    /// Let texts leave again. After a restore Twilio's list says who was answered meanwhile: they are not answered twice.
    ResumeSending {
        /// Do not ask Twilio: whoever was answered between the backup and the restore may be answered a second time.
        #[arg(long)]
        without_asking: bool,
    },
    /// Print what was handed over. Reading it is written into the audit.
    Handover {
        /// The reference, such as FB-7GH2QX.
        reference: Reference,
        /// How to print it.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Print everything that is held of a person, for themselves. Reading it is written into the audit.
    ExportPerson {
        /// The reference of one of their cases, such as FB-7GH2QX.
        reference: Reference,
        /// How to print it.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Erase a person: their key, so that no backup of the data can be read, and all of their words here. For ever.
    ErasePerson(erase::Arguments),
    /// Erase again whoever stands on the list of erasures: for a database that was put back without `restore`.
    ReplayErasures,
    /// Say what is erased by time, when, and how many; `--proof` prints who was. Erases nobody: the server does.
    Retention(retention::Arguments),
    /// Wrap every person's key by FOOTBRIDGE_SECRET_KEY, where FOOTBRIDGE_OTHER_SECRET_KEYS wrapped it: while servers run.
    RotateKey,
    /// Walk the audit, and name the first line that is not as it was written; exit 1 where there is one.
    VerifyAudit(verify::Arguments),
    /// Print your teams' examples, one a line, as `footbridge evaluate` reads them. Reading them is written into the audit.
    Examples {
        /// What a person said of them.
        #[arg(long, value_enum)]
        kind: Kind,
    },
    /// Print the figures of a month: concerns by kind, how long they waited, what the rules missed. Nothing about anybody.
    Concerns {
        /// The month, such as 2026-11.
        #[arg(long)]
        month: Month,
        /// How to print it.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

const KEY_REMEDY: &str = "FOOTBRIDGE_SECRET_KEY is not set: write the key that this database was made with";

/// Does it.
pub fn run(command: &Command) -> anyhow::Result<Outcome> {
    let config = Config::from_environment()?;
    let key = config.secret_key.clone().context(KEY_REMEDY)?;
    // Before anything is made or changed.
    let base = prints_a_link(command).then(|| config.public_url(config.listen)).transpose()?;
    cli::runtime()?.block_on(async {
        let randomness = Randomness::System;
        let store = open_store(command, &config, &key).await?;
        let base = base.as_ref().map_or("", BaseUrl::as_str);
        let mut outcome = Outcome::Fine;
        match command {
            Command::Invite { email, role, services } => {
                let services = chosen(services, &config)?;
                let wanted =
                    Wanted { email: email.clone(), role: *role, services, practices: Vec::new(), by: None };
                println!("{}", invite(&store, &randomness, base, wanted).await?);
            }
            Command::RemoveSecondFactor { email } => {
                remove_second_factor(&store, email).await?;
                println!("{email} has no second factor any more, and is signed out everywhere.");
            }
            Command::SetUpLink => {
                let link = entry::make_set_up_link(&store, &randomness, Clock::System.now(), base).await?;
                let there = "there is an administrator already: add people with `footbridge admin add-staff`";
                println!("{}", link.ok_or_else(|| DoesNotHold(there.to_owned()))?);
            }
            Command::AddStaff { email, name, role, services } => {
                let services = chosen(services, &config)?;
                let new = NewStaff {
                    email: email.clone(),
                    name: name.clone(),
                    role: *role,
                    password_hash: Words(password_hash(&randomness, &[name.as_str(), email.as_str()]).await?),
                    services,
                };
                add_staff(&store, new).await?;
                println!("{} can sign in now.", email.as_str());
            }
            Command::SetPassword { email } => {
                set_password(&store, email, password_hash(&randomness, &[email]).await?).await?;
                println!("{email} has a new password, and is signed out everywhere.");
            }
            Command::CloseAccount { email } => account::close(&store, email).await?,
            Command::OpenAccount { email } => account::open(&store, email).await?,
            Command::HoldSending => hold::hold_sending(&store).await?,
            Command::ResumeSending { without_asking } => {
                let ask = (!without_asking).then_some(&config);
                hold::resume_sending(&store, ask).await?;
            }
            Command::Handover { reference, format } => {
                print!("{}", handover::told(&store, reference, *format).await?);
            }
            Command::ExportPerson { reference, format } => {
                print!("{}", export::of(&store, reference, *format).await?);
            }
            Command::ErasePerson(whom) => outcome = erase::erase(&store, &config, whom).await?,
            Command::Retention(arguments) => {
                let content = cli::load_sound(&config, config.unreviewed_languages)?;
                outcome = retention::retention(&store, content.directory.services(), arguments).await?;
            }
            Command::RotateKey => outcome = rotate::rotate(&store).await?,
            Command::VerifyAudit(arguments) => outcome = verify::audit(&store, arguments).await?,
            Command::ReplayErasures => erase::replay(&store, &config).await?,
            Command::Examples { kind } => print!("{}", examples::lines(&store, *kind).await?),
            Command::Concerns { month, format } => print_concerns(&store, *month, *format).await?,
        }
        store.close().await;
        Ok(outcome)
    })
}

/// Whether it prints an address of ours, which has to be known then.
fn prints_a_link(command: &Command) -> bool {
    match command {
        Command::SetUpLink | Command::Invite { .. } => true,
        Command::AddStaff { .. }
        | Command::RemoveSecondFactor { .. }
        | Command::SetPassword { .. }
        | Command::CloseAccount { .. }
        | Command::OpenAccount { .. }
        | Command::HoldSending
        | Command::ResumeSending { .. }
        | Command::Handover { .. }
        | Command::ExportPerson { .. }
        | Command::ErasePerson(_)
        | Command::ReplayErasures
        | Command::Retention(_)
        | Command::RotateKey
        | Command::VerifyAudit(_)
        | Command::Examples { .. }
        | Command::Concerns { .. } => false,
    }
}

/// The database on which a command works, said on standard error: standard output is for what was asked for. Only who
/// adds the first people makes one.
async fn open_store(command: &Command, config: &Config, key: &SecretKey) -> anyhow::Result<Store> {
    let place = app::store_settings(config, key, Randomness::System).place()?;
    let store = match command {
        Command::SetUpLink | Command::Invite { .. } | Command::AddStaff { .. } => {
            app::open_store(config, key, Randomness::System).await?
        }
        Command::RemoveSecondFactor { .. }
        | Command::SetPassword { .. }
        | Command::CloseAccount { .. }
        | Command::OpenAccount { .. }
        | Command::HoldSending
        | Command::ResumeSending { .. }
        | Command::Handover { .. }
        | Command::ExportPerson { .. }
        | Command::ErasePerson(_)
        | Command::ReplayErasures
        | Command::Retention(_)
        | Command::RotateKey
        | Command::VerifyAudit(_)
        | Command::Examples { .. }
        | Command::Concerns { .. } => {
            let none = || {
                DoesNotHold(format!(
                    "there is no database of Footbridge there ({place}); nothing was done. Run the command where the server runs, with its settings"
                ))
            };
            app::open_store_that_is_there(config, key).await?.ok_or_else(none)?
        }
    };
    if !is_for_programs(command) {
        eprintln!("database: {place}");
    }
    store.migrate().await?;
    Ok(store)
}

/// Whether a program reads what is printed: it is told nothing else, on whichever stream.
fn is_for_programs(command: &Command) -> bool {
    match command {
        Command::Handover { format, .. }
        | Command::ExportPerson { format, .. }
        | Command::Concerns { format, .. } => *format == Format::Json,
        Command::Examples { .. } => true,
        Command::SetUpLink
        | Command::Invite { .. }
        | Command::AddStaff { .. }
        | Command::RemoveSecondFactor { .. }
        | Command::SetPassword { .. }
        | Command::CloseAccount { .. }
        | Command::OpenAccount { .. }
        | Command::HoldSending
        | Command::ResumeSending { .. }
        | Command::ErasePerson(_)
        | Command::ReplayErasures
        | Command::Retention(_)
        | Command::RotateKey
        | Command::VerifyAudit(_) => false,
    }
}

async fn print_concerns(store: &Store, month: Month, format: Format) -> anyhow::Result<()> {
    let (from, until) = month.span().context("this month lies beyond the calendar")?;
    let counted = concerns::figures(&store.read().await?.concerns_raised(from, until).await?);
    match format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&counted)?),
        Format::Text => print!("{}", concerns::table(&counted)),
    }
    Ok(())
}

/// The services that were named, where there are such; all where none was.
fn chosen(services: &[ServiceId], config: &Config) -> anyhow::Result<Vec<ServiceId>> {
    let content = cli::load_sound(config, config.unreviewed_languages)?;
    let known: Vec<ServiceId> =
        content.directory.services().iter().map(|service| service.id.clone()).collect();
    for service in services {
        let names = known.iter().map(ServiceId::as_str).collect::<Vec<_>>().join(", ");
        anyhow::ensure!(known.contains(service), "there is no service `{service}`; there are {names}");
    }
    Ok(if services.is_empty() { known } else { services.to_vec() })
}

/// Reads a password from standard input, where neither the list of processes nor the shell's history shows it.
async fn password_hash(randomness: &Randomness, about: &[&str]) -> anyhow::Result<String> {
    let mut typed = zeroize::Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut typed).context("could not read the password")?;
    let password = zeroize::Zeroizing::new(typed.trim_end_matches(['\n', '\r']).to_owned());
    anyhow::ensure!(!password.is_empty(), "there is no password: write it to standard input");
    if let Some(problem) = password::problem(&password, about) {
        anyhow::bail!("{problem} Nothing was changed");
    }
    Ok(Passwords::new(randomness.bytes())?.hash(password, randomness.bytes()).await?)
}

async fn add_staff(store: &Store, new: NewStaff) -> anyhow::Result<()> {
    let (new, now) = (Arc::new(new), Clock::System.now());
    let added = store.write(move |tx| {
        let new = Arc::clone(&new);
        async move {
            let id = tx.add_staff(&new, now).await?;
            tx.audit(Author::System, "add-staff-at-the-terminal", "staff", &id.to_string(), now).await
        }
        .boxed()
    });
    match added.await {
        Err(StoreError::TooLate) => {
            Err(DoesNotHold("somebody has this e-mail address already".to_owned()).into())
        }
        other => Ok(other?),
    }
}

async fn invite(
    store: &Store,
    randomness: &Randomness,
    base: &str,
    wanted: Wanted,
) -> anyhow::Result<String> {
    match invited::make_link(store, randomness, base, wanted, Clock::System.now()).await {
        Err(StoreError::TooLate) => {
            Err(DoesNotHold("somebody has this e-mail address already".to_owned()).into())
        }
        other => Ok(other?),
    }
}

async fn remove_second_factor(store: &Store, email: &str) -> anyhow::Result<()> {
    let staff = staff_of(store, email).await?;
    let now = Clock::System.now();
    let removed = store.write(move |tx| {
        async move {
            second_factor::take_away(tx, staff).await?;
            let subject = staff.to_string();
            tx.audit(Author::System, "remove-second-factor-at-the-terminal", "staff", &subject, now).await
        }
        .boxed()
    });
    match removed.await {
        Err(StoreError::TooLate) => Err(DoesNotHold(format!("{email} has no second factor")).into()),
        other => Ok(other?),
    }
}

async fn staff_of(store: &Store, email: &str) -> anyhow::Result<StaffId> {
    let found = store.read().await?.staff_by_email(email).await?;
    Ok(found.ok_or_else(|| DoesNotHold("nobody has this e-mail address".to_owned()))?.staff.id)
}

async fn set_password(store: &Store, email: &str, hash: String) -> anyhow::Result<()> {
    let staff = staff_of(store, email).await?;
    let (hash, email, now) = (Arc::new(hash), Arc::<str>::from(email), Clock::System.now());
    store
        .write(move |tx| {
            let (hash, email) = (Arc::clone(&hash), Arc::clone(&email));
            async move {
                tx.set_password(staff, &hash).await?;
                second_step::forget_tries(tx, staff, &email).await?;
                tx.close_staff_sessions(staff).await?;
                tx.audit(Author::System, "set-password-at-the-terminal", "staff", &staff.to_string(), now)
                    .await
            }
            .boxed()
        })
        .await?;
    Ok(())
}
