//! Whatever is restricted, and whoever steps back or leaves: whoever waits is seen by somebody who can answer.

use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::ids::PracticeId;
use footbridge::domain::ids::ServiceId;
use footbridge::domain::ids::StaffId;
use footbridge::domain::message::Words;
use footbridge::domain::referral::Folder;
use footbridge::domain::staff::Role;
use footbridge::store::Store;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::desk::Onlooker;
use footbridge::store::facet::Filter;
use footbridge::store::sight::ConcernSight;
use footbridge::store::sight::Sight;
use footbridge::store::staff::NewStaff;
use futures_util::FutureExt;

use crate::on_both_stores;
use crate::support::people::at;
use crate::support::people::service;
use crate::support::people::somebody;

const PEOPLE: u32 = 3;
const DEEDS: usize = 90;

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("small") % limit
    }
}

async fn account(store: &Store, name: &'static str, role: Role) -> StaffId {
    let added = store.write(move |tx| {
        async move {
            let new = NewStaff {
                email: format!("{name}@example.org").parse().expect("an address"),
                name: name.parse().expect("a name"),
                role,
                password_hash: Words("hash".to_owned()),
                services: vec![service()],
            };
            tx.add_staff(&new, at(0)).await
        }
        .boxed()
    });
    added.await.expect("an account")
}

/// Somebody who waits, and about whom a concern is open.
async fn waits(store: &Store, number: u32) {
    let written = store.write(move |tx| {
        async move {
            let person = somebody(tx, number).await?.person.id;
            tx.find_or_open_referral(person, &service(), at(1)).await?;
            let concern = NewConcern {
                person,
                session: None,
                inbound: None,
                service: service(),
                category: ConcernCategory::Suicide,
                rule: "s2-plain".parse().expect("a name"),
                rules_version: "7".to_owned(),
                words: ConcernWords { text: Words("I want to die".to_owned()), found: 7..13 },
            };
            tx.raise_concern(&concern, at(1)).await.map(|_| ())
        }
        .boxed()
    });
    written.await.expect("a case");
}

fn practice(name: &str) -> (ServiceId, PracticeId) {
    (service(), name.parse().expect("a name"))
}

/// Does something to a case or an account, as the program would; says what.
async fn meddle(store: &Store, all: &[StaffId], dice: &mut Dice) -> String {
    let number = 1 + u32::try_from(dice.below(PEOPLE as usize)).expect("small");
    let (who, other, deed) = (all[dice.below(all.len())], all[dice.below(all.len())], dice.below(9));
    let chief = all[0];
    let done = store.write(move |tx| {
        async move {
            let person = somebody(tx, number).await?.person.id;
            let case = tx.open_referral_of(person).await?.expect("a case");
            let could = tx.could_see(&case).await?;
            let seers = tx.seers(&case).await?;
            match deed {
                0 if could.contains(&who) => tx.restrict(person, &[who]).await,
                1 if could.contains(&who) && could.contains(&other) => {
                    tx.restrict(person, &[who, other]).await
                }
                2 => tx.restrict(person, &[]).await,
                3 if seers.contains(&who) && seers.iter().any(|id| *id != who) => {
                    tx.step_back(person, who, false, at(10)).await
                }
                6 => tx.set_practices(who, &[practice("quayside")]).await,
                7 => tx.set_practices(who, &[]).await,
                8 => tx.route_referral(case.id, Some(&practice("st-oswin").1), None, at(10)).await,
                4 if who != chief => tx.set_active(who, false).await,
                _ => tx.set_active(who, true).await,
            }
        }
        .boxed()
    });
    done.await.expect("done");
    format!("{deed} to {number}")
}

async fn somebody_sees_everybody(store: &Store, all: &[StaffId], after: &str) {
    let mut reader = store.read().await.expect("a reader");
    for number in 1..=PEOPLE {
        let person = store.write(move |tx| somebody(tx, number).boxed()).await.expect("somebody").person.id;
        let case = reader.open_referral_of(person).await.expect("a case").expect("a case");
        let concern = reader.concerns_of(person).await.expect("concerns").remove(0).id;
        let (mut answered_by, mut heard_by) = (0, 0);
        for staff in all {
            let onlooker = Onlooker { staff: *staff, now: at(1000), ended_since: at(0) };
            let sees = reader.sight(*staff, &case).await.expect("a sight") == Sight::Whole;
            let (rows, _) = reader
                .desk(onlooker, &Filter::default(), Folder::NeedsReply, None, 50)
                .await
                .expect("a page");
            assert_eq!(
                rows.iter().any(|row| row.referral.id == case.id),
                sees,
                "the list is what the page is"
            );
            let hears = reader.concern_sight(*staff, concern).await.expect("a sight");
            let beyond = reader.concerns_beyond(*staff).await.expect("concerns");
            let alone = beyond.iter().any(|one| one.id == concern);
            assert_eq!((hears == ConcernSight::Whole, hears == ConcernSight::Alone), (sees, alone));
            let active = reader.staff(*staff).await.expect("an account").staff.active;
            answered_by += usize::from(active && sees);
            heard_by += usize::from(active && hears != ConcernSight::Nothing);
        }
        assert!(0 < answered_by && 0 < heard_by, "{number} is seen by nobody after {after}");
    }
}

on_both_stores! {
    async fn whatever_is_kept_from_whom_somebody_active_sees_every_case_and_every_concern(store: TestStore) {
        let mut all = vec![account(&store, "Chi", Role::Admin).await];
        for (name, role) in [("Dot", Role::DutyLead), ("Sam", Role::LinkWorker), ("Kim", Role::LinkWorker)] {
            all.push(account(&store, name, role).await);
        }
        for number in 1..=PEOPLE {
            waits(&store, number).await;
        }
        let mut dice = Dice(11);
        for _ in 0..DEEDS {
            let after = meddle(&store, &all, &mut dice).await;
            somebody_sees_everybody(&store, &all, &after).await;
        }
    }
}
