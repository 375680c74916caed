//! `footbridge admin close-account` and `open-account`: who may sign in no longer, or again.
//!
//! Invariant: closing an account releases no case and closes no concern.

use futures_util::FutureExt;

use crate::cli::DoesNotHold;
use crate::clock::Clock;
use crate::domain::ids::ServiceId;
use crate::domain::staff::Role;
use crate::inbox::second_step;
use crate::store::Store;
use crate::store::outbox::Author;
use crate::store::owned::Owned;
use crate::store::staff::StaffMember;

/// What closing an account came to.
enum Closed {
    /// It is closed; these cases are still in its name, and nobody else sees these services.
    Now(Owned, Vec<ServiceId>),
    /// Nobody else could add anybody.
    LastAdministrator,
}

/// Closes an account: its owner is signed out everywhere, at once.
pub async fn close(store: &Store, email: &str) -> anyhow::Result<()> {
    let staff = still_open(store, email).await?;
    let now = Clock::System.now();
    let (id, is_admin) = (staff.id, staff.role == Role::Admin);
    let closed = store.write(move |tx| {
        async move {
            if is_admin && !tx.has_administrator_beside(id).await? {
                return Ok(Closed::LastAdministrator);
            }
            tx.set_active(id, false).await?;
            tx.sign_off(id, now).await?;
            tx.audit(Author::System, "close-account-at-the-terminal", "staff", &id.to_string(), now).await?;
            let mut alone = Vec::new();
            for service in tx.services_of(id).await? {
                if !tx.has_staff(&service).await? {
                    alone.push(service);
                }
            }
            Ok(Closed::Now(tx.owned_by(id).await?, alone))
        }
        .boxed()
    });
    match closed.await? {
        Closed::LastAdministrator => {
            let why = "this is the last administrator who can sign in; nothing was changed. Make another first: `footbridge admin add-staff EMAIL NAME --role admin`";
            Err(DoesNotHold(why.to_owned()).into())
        }
        Closed::Now(owned, alone) => {
            println!("{email} can no longer sign in, and is signed out everywhere.");
            println!("{}", words(owned));
            for service in alone {
                println!(
                    "Nobody is left who sees the concerns of {service}. Add somebody: `footbridge admin add-staff`."
                );
            }
            Ok(())
        }
    }
}

/// Lets somebody sign in again: opens a closed account, and forgets what others have tried on an open one.
pub async fn open(store: &Store, email: &str) -> anyhow::Result<()> {
    let found = store.read().await?.staff_by_email(email).await?;
    let staff = found.ok_or_else(|| DoesNotHold(NOBODY.to_owned()))?.staff;
    let (now, id, address) = (Clock::System.now(), staff.id, staff.email.0);
    let opened = store.write(move |tx| {
        let address = address.clone();
        async move {
            let forgotten = second_step::forget_tries(tx, id, &address).await?;
            if staff.active && forgotten == 0 {
                return Ok(None);
            }
            tx.set_active(id, true).await?;
            tx.audit(Author::System, "open-account-at-the-terminal", "staff", &id.to_string(), now).await?;
            Ok(Some(forgotten))
        }
        .boxed()
    });
    let nothing = "this account is open already, and nobody has failed to sign in with it of late";
    let forgotten = opened.await?.ok_or_else(|| DoesNotHold(nothing.to_owned()))?;
    println!("{email} can sign in, with the password from before.");
    if 0 < forgotten {
        println!("Failed tries that count no more: {forgotten}.");
    }
    Ok(())
}

const NOBODY: &str = "nobody has this e-mail address";

/// The account of this address, which is to be open.
async fn still_open(store: &Store, email: &str) -> anyhow::Result<StaffMember> {
    let found = store.read().await?.staff_by_email(email).await?;
    let why = match found {
        None => NOBODY,
        Some(proof) if proof.staff.active => return Ok(proof.staff),
        Some(_) => "this account is closed already",
    };
    Err(DoesNotHold(why.to_owned()).into())
}

fn words(owned: Owned) -> String {
    let Owned { cases, with_concern } = owned;
    if cases == 0 {
        return "No open case is in their name.".to_owned();
    }
    format!(
        "Open cases still in their name: {cases}; with an open concern: {with_concern}. They stay in the inbox, under \u{201c}All open\u{201d}: a colleague takes each over. Concerns are seen by everybody as before."
    )
}
