//! Whether somebody would see a concern, and be told of it.
//!
//! Invariant: whoever works at a service is counted, never named.

use crate::cli::doctor::Findings;
use crate::cli::doctor::Setup;
use crate::directory::Directory;
use crate::directory::service::Service;
use crate::domain::staff::Role;
use crate::inbox::watchers::ENOUGH;
use crate::inbox::watchers::counts_since;
use crate::inbox::watchers::few_watch;
use crate::store::error::StoreError;
use crate::store::tx::Reader;
use crate::store::watchers::Watchers;

/// Looks at who works for each service.
pub async fn look(
    setup: &Setup,
    directory: &Directory,
    reader: &mut Reader,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let mut missing = Missing::default();
    for service in directory.services() {
        missing.at(setup, service, reader).await?;
    }
    missing.tell(findings);
    watched(directory, &reader.watchers(counts_since(setup.now)).await?, findings);
    Ok(())
}

/// Whether enough people look at the unassigned cases of each service and practice.
fn watched(directory: &Directory, watchers: &Watchers, findings: &mut Findings) {
    let mut few = Vec::new();
    for service in directory.services() {
        let count = watchers.of(&service.id);
        if count < ENOUGH {
            few.push(format!("{} ({count})", service.id));
            continue;
        }
        let practices = few_watch(service, watchers);
        few.extend(practices.map(|practice| {
            format!("{} of {} ({})", practice.id, service.id, watchers.of_practice(&service.id, &practice.id))
        }));
    }
    if few.is_empty() {
        findings.ok("duty, watchers", "three or more people watch the unassigned cases of each service");
    } else {
        let found = format!("fewer than three people have signed in within a week at {}", few.join(", "));
        let remedy = "Invite more: `footbridge admin invite EMAIL --service SERVICE`. Nobody is overlooked because one is away.";
        findings.warn("duty, watchers", found, remedy);
    }
}

/// The services that lack somebody.
#[derive(Default)]
struct Missing<'a> {
    account: Vec<&'a str>,
    lead: Vec<&'a str>,
    number: Vec<&'a str>,
    signed_on: Vec<&'a str>,
}

impl<'a> Missing<'a> {
    async fn at(
        &mut self,
        setup: &Setup,
        service: &'a Service,
        reader: &mut Reader,
    ) -> Result<(), StoreError> {
        let name = service.id.as_str();
        if !reader.has_staff(&service.id).await? {
            self.account.push(name);
            return Ok(());
        }
        if reader.staff_in_role(&service.id, Role::DutyLead).await?.is_empty() {
            self.lead.push(name);
        }
        let mut can_be_told = false;
        for colleague in reader.staff_of(&service.id).await? {
            can_be_told |= reader.staff_phone(colleague).await?.is_some();
        }
        if !can_be_told {
            self.number.push(name);
        }
        if reader.on_duty(&service.id, setup.now).await?.is_empty() {
            self.signed_on.push(name);
        }
        Ok(())
    }

    fn tell(&self, findings: &mut Findings) {
        if self.account.is_empty() {
            findings.ok("duty", "each service has an active account that can acknowledge concerns");
        } else {
            let remedy = "Add somebody: `footbridge admin add-staff EMAIL NAME --service SERVICE`.";
            findings.problem(
                "duty",
                format!("nobody would see a concern at {}", self.account.join(", ")),
                remedy,
            );
        }
        if !self.number.is_empty() {
            let found = format!(
                "no colleague has a number, so that nobody is told of a concern, at {}",
                self.number.join(", ")
            );
            let remedy = "Each writes their mobile number under My details, and sends themselves a test.";
            findings.problem("duty, numbers", found, remedy);
        }
        if !self.lead.is_empty() {
            let remedy = "Invite one: `footbridge admin invite EMAIL --role duty-lead --service SERVICE`.";
            findings.warn("duty, leads", format!("no duty lead at {}", self.lead.join(", ")), remedy);
        }
        if !self.signed_on.is_empty() {
            let remedy = "A lead signs on at the top of the inbox, at the start of each shift.";
            findings.warn(
                "duty, now",
                format!("nobody has signed on at {}", self.signed_on.join(", ")),
                remedy,
            );
        }
    }
}
