//! The clock of concerns: whoever must know of one is told, step by step, until somebody acknowledges it.
//!
//! Invariant: a step is taken once, also by several nodes, and an alert holds nothing about the person: no name, no
//! number, no word of theirs, not what the concern is about.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use crate::directory::Directory;
use crate::directory::duty::DutyStep;
use crate::directory::duty::Watch;
use crate::directory::service::Service;
use crate::domain::ids::AddressId;
use crate::domain::ids::ConcernId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::message::Purpose;
use crate::domain::message::Words;
use crate::domain::staff::Role;
use crate::domain::time::Timestamp;
use crate::intake::House;
use crate::store::absence::Absence;
use crate::store::error::StoreError;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::outbox::NewText;
use crate::store::sight::ConcernSight;
use crate::store::told::DueConcern;
use crate::store::told::NewTold;
use crate::store::tx::Tx;
use crate::wording::sms;

/// Concerns of one round; the next round comes within a second.
const MOST_CONCERNS: u16 = 64;
/// An alert of which nobody knows after this that it arrived is treated as one that did not. A phone that is on reports
/// within seconds, and the next in line loses little.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(120);
/// Longer than any weekend on which the program did not run.
const FAILED_SINCE: Duration = Duration::from_secs(7 * 24 * 3600);
/// What the outbox calls an alert of a concern.
const ALERT: &str = "alert";
/// What the outbox calls a test of one's own phone.
pub const TEST_ALERT: &str = "test-alert";

/// What one round has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Alerts that did not arrive.
    pub failed: usize,
    /// Texts to staff.
    pub told: usize,
    /// Open concerns of which nobody is left to tell, and nobody was.
    pub unheard: usize,
}

/// Tells whoever must be told now.
///
/// # Errors
/// Where the store is away: it stays due.
pub async fn round(house: &House) -> Result<Round, StoreError> {
    let (content, base, now) = (house.content.get(), Arc::clone(&house.base), house.clock.now());
    let done = house.store.write(move |tx| {
        let (content, base) = (Arc::clone(&content), Arc::clone(&base));
        async move { escalate(tx, &content.directory, &base, now).await }.boxed()
    });
    let done = done.await?;
    if 0 < done.told {
        house.wake.notify_one();
    }
    Ok(done)
}

async fn escalate(
    tx: &mut Tx,
    directory: &Directory,
    base: &str,
    now: Timestamp,
) -> Result<Round, StoreError> {
    let failed = tx.fail_alerts(now.minus(FAILED_SINCE), now.minus(CONFIRMED_WITHIN), now).await?;
    for concern in &failed {
        tx.hasten_duty(*concern, now).await?;
    }
    let mut round = Round { failed: failed.len(), ..Round::default() };
    let mut alerts = Alerts::default();
    for due in tx.due_concerns(now, MOST_CONCERNS).await? {
        let heard = take(tx, directory, &due, &mut alerts, now).await?;
        round.unheard += usize::from(!heard);
    }
    round.told = alerts.send(tx, directory, base, now).await?;
    Ok(round)
}

/// Takes the steps of one concern that are due; whether anybody is told, or there is still somebody to come.
async fn take(
    tx: &mut Tx,
    directory: &Directory,
    due: &DueConcern,
    alerts: &mut Alerts,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let service = directory.service(&due.service);
    let steps = service.and_then(|service| service.duty.as_ref().map(|duty| (service, &duty.steps)));
    let Some((service, steps)) = steps else {
        return Ok(!tx.take_duty_steps(due, due.duty_taken, None).await?);
    };
    let mut plan = Plan { directory, service, steps, from: due.duty_from, taken: due.duty_taken };
    let mut lines = Vec::new();
    let mut told = false;
    // A clock that ran out although nothing is due was hastened: nobody who was told before has heard.
    let mut hurry = plan.taken != 0 && plan.due_by(now).is_none();
    while let Some(index) = if hurry { plan.first_open() } else { plan.due_by(now) } {
        plan.taken |= 1 << index;
        let who = steps[index].who;
        let found = reached(tx, (service, due.id), who, now).await?;
        hurry = !told && found.iter().all(|(_, address)| address.is_none());
        told |= !hurry;
        lines.push((who, found));
    }
    if tx.take_duty_steps(due, plan.taken, plan.next_due()).await? {
        for (who, found) in lines {
            alerts.note(tx, due, who, found, now).await?;
        }
    }
    Ok(told || plan.next_due().is_some())
}

/// Which steps are left for a concern, and when.
struct Plan<'a> {
    directory: &'a Directory,
    service: &'a Service,
    steps: &'a [DutyStep],
    from: Timestamp,
    taken: i64,
}

impl Plan<'_> {
    fn open(&self) -> impl Iterator<Item = usize> {
        (0..self.steps.len()).filter(|index| self.taken & (1 << index) == 0)
    }

    fn first_open(&self) -> Option<usize> {
        self.open().next()
    }

    fn due_of(&self, index: usize) -> Option<Timestamp> {
        self.directory.duty_due(self.service, &self.steps[index], self.from)
    }

    fn due_by(&self, now: Timestamp) -> Option<usize> {
        self.open().find(|index| self.due_of(*index).is_some_and(|due| due <= now))
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.open().filter_map(|index| self.due_of(index)).min()
    }
}

/// Who is meant, each with the phone that they have given.
type Found = Vec<(StaffId, Option<AddressId>)>;

async fn reached(
    tx: &mut Tx,
    (service, concern): (&Service, ConcernId),
    who: Watch,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let staff = match who {
        Watch::OnDuty => tx.on_duty(&service.id, now).await?,
        Watch::DutyLeads => tx.staff_in_role(&service.id, Role::DutyLead).await?,
        Watch::SafeguardingLeads => tx.staff_in_role(&service.id, Role::SafeguardingLead).await?,
        Watch::Everybody => tx.staff_of(&service.id).await?,
    };
    let mut found = Vec::with_capacity(staff.len());
    for id in staff {
        // There is nothing to look at for whoever it is kept from.
        if tx.concern_sight(id, concern).await? == ConcernSight::Nothing {
            continue;
        }
        found.push((id, tx.staff_phone(id).await?.map(|address| address.id)));
    }
    Ok(here(found, who, &tx.absences(now).await?, now))
}

/// Whoever is away is not told, as long as somebody else is. Who has signed on for duty is.
fn here(mut found: Found, who: Watch, absences: &[Absence], now: Timestamp) -> Found {
    let is_here = |id: StaffId| !absences.iter().any(|absence| absence.staff == id && absence.is_at(now));
    if who != Watch::OnDuty && found.iter().any(|(id, address)| is_here(*id) && address.is_some()) {
        found.retain(|(id, _)| is_here(*id));
    }
    found
}

/// A text to one colleague: where it goes, and of which concerns it is.
type Alert = (AddressId, Vec<(ConcernId, Watch)>);

/// The alerts of one round: a text for each colleague and service, however many concerns there are.
#[derive(Default)]
struct Alerts(BTreeMap<(ServiceId, StaffId), Alert>);

impl Alerts {
    async fn note(
        &mut self,
        tx: &mut Tx,
        due: &DueConcern,
        who: Watch,
        found: Found,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let without = |staff| NewTold { concern: due.id, who: who.as_str(), staff, outbox: None };
        if found.is_empty() {
            return tx.note_told(&without(None), now).await;
        }
        for (staff, address) in found {
            let Some(address) = address else {
                tx.note_told(&without(Some(staff)), now).await?;
                continue;
            };
            let (_, concerns) = self.0.entry((due.service.clone(), staff)).or_insert((address, Vec::new()));
            if !concerns.iter().any(|(concern, _)| *concern == due.id) {
                concerns.push((due.id, who));
            }
        }
        Ok(())
    }

    async fn send(
        self,
        tx: &mut Tx,
        directory: &Directory,
        base: &str,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let texts = self.0.len();
        for ((service, staff), (address, concerns)) in self.0 {
            let count = tx.count_open_concerns(&service, staff).await?;
            let name = directory.service(&service).map_or(service.as_str(), |service| &service.name);
            let outbox = append(tx, address, ALERT, alert(name, count, base), now).await?;
            for (concern, who) in concerns {
                let told = NewTold { concern, who: who.as_str(), staff: Some(staff), outbox: Some(outbox) };
                tx.note_told(&told, now).await?;
            }
        }
        Ok(texts)
    }
}

/// The words of an alert.
fn alert(service: &str, count: i64, base: &str) -> String {
    let concerns = if count == 1 { "1 open concern".to_owned() } else { format!("{count} open concerns") };
    format!("Footbridge, {service}: {concerns}. Please look now: {base}/inbox")
}

/// Sends a test to somebody's own phone.
///
/// # Errors
/// Where the store fails.
pub async fn send_test(
    tx: &mut Tx,
    address: AddressId,
    base: &str,
    now: Timestamp,
) -> Result<OutboxId, StoreError> {
    let words =
        format!("Footbridge: this is a test. Concerns would reach you on this phone. {base}/inbox/me");
    append(tx, address, TEST_ALERT, words, now).await
}

pub(super) async fn append(
    tx: &mut Tx,
    address: AddressId,
    key: &str,
    words: String,
    now: Timestamp,
) -> Result<OutboxId, StoreError> {
    let text = NewText {
        address,
        person: None,
        session: None,
        referral: None,
        author: Author::System,
        purpose: Purpose::Alert,
        message_keys: key.to_owned(),
        parts: u16::try_from(sms::count(&words).parts).unwrap_or(u16::MAX),
        body: Body { text: Words(words), buttons: Vec::new() },
        due_at: now,
    };
    tx.append_text(&text, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_is_one_part_and_says_how_many() {
        let text = alert("Alder Vale Social Prescribing", 1, "https://texts.example.org");
        assert_eq!(
            text,
            "Footbridge, Alder Vale Social Prescribing: 1 open concern. Please look now: https://texts.example.org/inbox"
        );
        assert_eq!(sms::count(&text).parts, 1);
        assert!(alert("Alder Vale", 3, "https://a.example").contains("3 open concerns"));
    }
}
