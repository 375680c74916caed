//! `footbridge admin close-account` and `open-account`: who may sign in no longer, or again.
//!
//! Invariant: closing an account releases no case and closes no concern.

use futures_util::FutureExt;

use crate::cli::DoesNotHold;
use crate::clock::Clock;
use crate::domain::ids::ServiceId;
use crate::domain::staff::Role;
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
    let staff = found(store, email, true).await?;
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

/// Lets somebody sign in again.
pub async fn open(store: &Store, email: &str) -> anyhow::Result<()> {
    let staff = found(store, email, false).await?.id;
    let now = Clock::System.now();
    let opened = store.write(move |tx| {
        async move {
            tx.set_active(staff, true).await?;
            tx.audit(Author::System, "open-account-at-the-terminal", "staff", &staff.to_string(), now).await
        }
        .boxed()
    });
    opened.await?;
    println!("{email} can sign in again, with the password from before.");
    Ok(())
}

/// The account of this address, which is to be active or not.
async fn found(store: &Store, email: &str, active: bool) -> anyhow::Result<StaffMember> {
    let found = store.read().await?.staff_by_email(email).await?;
    let why = match found {
        None => "nobody has this e-mail address",
        Some(proof) if proof.staff.active == active => return Ok(proof.staff),
        Some(_) if active => "this account is closed already",
        Some(_) => "this account is open already",
    };
    Err(DoesNotHold(why.to_owned()).into())
}

fn words(owned: Owned) -> String {
    let Owned { cases, with_concern } = owned;
    if cases == 0 {
        return "No open case is in their name.".to_owned();
    }
    format!(
        "Open cases still in their name: {cases}; with an open concern: {with_concern}. They stay in the inbox, under \u{201c}Everything open\u{201d}: a colleague takes each over. Concerns are seen by everybody as before."
    )
}
