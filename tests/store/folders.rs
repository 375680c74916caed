//! Whatever is done, and in whatever order: nobody who waits for us falls between the folders.

use std::collections::BTreeSet;

use footbridge::domain::concern::ConcernCategory;
use footbridge::domain::ids::PersonId;
use footbridge::domain::ids::ReferralId;
use footbridge::domain::ids::ServiceId;
use footbridge::domain::ids::StaffId;
use footbridge::domain::message::Words;
use footbridge::domain::referral::Folder;
use footbridge::domain::referral::LaterReason;
use footbridge::domain::referral::Outcome;
use footbridge::domain::staff::Role;
use footbridge::domain::time::Timestamp;
use footbridge::store::Store;
use footbridge::store::concern::ConcernWords;
use footbridge::store::concern::NewConcern;
use footbridge::store::desk::Onlooker;
use footbridge::store::error::StoreError;
use footbridge::store::facet::Filter;
use footbridge::store::referral::Move;
use footbridge::store::referral::Referral;
use footbridge::store::staff::NewStaff;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;

use crate::on_both_stores;
use crate::support::people::at;
use crate::support::people::service;
use crate::support::people::somebody;
use crate::support::people::text;

/// How many people write, and how many things are done.
const PEOPLE: u32 = 5;
const DEEDS: usize = 160;

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// What is done to the case of a person: by them, by a link worker, or by nobody.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Writes,
    AnswersTheBot,
    RaisesAConcern,
    DealtWith,
    Claimed,
    Released,
    Given,
    Opened,
    PutAside(i64),
    BroughtBack,
    Answered,
    Closed,
}

const DEEDS_OF_ALL: [Deed; 14] = [
    Deed::Writes,
    Deed::Writes,
    Deed::AnswersTheBot,
    Deed::RaisesAConcern,
    Deed::DealtWith,
    Deed::Claimed,
    Deed::Released,
    Deed::Given,
    Deed::Opened,
    Deed::PutAside(7),
    Deed::PutAside(60),
    Deed::BroughtBack,
    Deed::Answered,
    Deed::Closed,
];

async fn staff(store: &Store, name: &'static str, of: ServiceId) -> StaffId {
    let added = store.write(move |tx| {
        let services = vec![of.clone()];
        async move {
            let new = NewStaff {
                email: format!("{name}@example.org").parse().expect("an address"),
                name: name.parse().expect("a name"),
                role: Role::LinkWorker,
                password_hash: Words("hash".to_owned()),
                services,
            };
            tx.add_staff(&new, at(0)).await
        }
        .boxed()
    });
    added.await.expect("an account")
}

async fn writes(tx: &mut Tx, number: u32, now: Timestamp) -> Result<PersonId, StoreError> {
    let mut inbound = text(&format!("SM{number}-{}", now.as_micros()), number, "hello");
    inbound.received_at = now;
    let person = somebody(tx, number).await?.person.id;
    if let Some(noted) = tx.note_inbound(&inbound, &service()).await? {
        tx.place_inbound(noted.id, person, None, &inbound.content).await?;
    }
    Ok(person)
}

fn a_concern(person: PersonId) -> NewConcern {
    NewConcern {
        person,
        session: None,
        inbound: None,
        service: service(),
        category: ConcernCategory::Suicide,
        rule: "s2-plain".parse().expect("a name"),
        rules_version: "7".to_owned(),
        words: ConcernWords { text: Words("I want to die".to_owned()), found: 7..13 },
    }
}

/// Does it, as the program would: over the newest version, and not at all where it makes no sense.
async fn act(
    tx: &mut Tx,
    deed: Deed,
    number: u32,
    (sam, ann): (StaffId, StaffId),
    now: Timestamp,
) -> Result<(), StoreError> {
    let person = somebody(tx, number).await?.person.id;
    let open = tx.open_referral_of(person).await?;
    let concerns = tx.concerns_of(person).await?;
    let concern = concerns.iter().find(|concern| concern.acknowledged.is_none()).map(|concern| concern.id);
    match (deed, open) {
        (Deed::Writes, _) => {
            writes(tx, number, now).await?;
            let referral = tx.find_or_open_referral(person, &service(), now).await?;
            tx.mark_reply_due(referral.id, now).await
        }
        (Deed::AnswersTheBot, _) => writes(tx, number, now).await.map(|_| ()),
        (Deed::RaisesAConcern, _) => {
            tx.find_or_open_referral(person, &service(), now).await?;
            tx.raise_concern(&a_concern(person), now).await.map(|_| ())
        }
        (Deed::DealtWith, _) => match concern {
            Some(id) => tx.acknowledge_concern(id, sam, &Words("rang".to_owned()), now).await,
            None => Ok(()),
        },
        (_, None) => Ok(()),
        (Deed::PutAside(_) | Deed::Closed, Some(_)) if concern.is_some() => Ok(()),
        (Deed::Claimed, Some(case)) => tx.set_owner(case.id, case.version, Some(sam), now).await,
        (Deed::Released, Some(case)) => tx.set_owner(case.id, case.version, None, now).await,
        (Deed::Given, Some(case)) => tx.give_referral(case.id, case.version, (sam, ann), now).await,
        (Deed::Opened, Some(case)) => tx.mark_opened(&case.reference, ann, now).await,
        (Deed::PutAside(seconds), Some(case)) => {
            let until = now.plus(std::time::Duration::from_secs(seconds.unsigned_abs()));
            tx.put_aside(case.id, case.version, (until, LaterReason::TheirTurn), sam, now).await
        }
        (Deed::BroughtBack, Some(case)) => tx.bring_back(case.id, case.version, now).await,
        (Deed::Answered, Some(case)) => tx.answer_referral(case.id, case.version, sam, now).await,
        (Deed::Closed, Some(case)) => {
            tx.move_referral(case.id, case.version, Move::Close(Outcome::Connected), now).await
        }
    }
}

/// What stands in a folder, in pages of two.
async fn stands(store: &Store, staff: StaffId, folder: Folder, now: Timestamp) -> Vec<ReferralId> {
    let mut reader = store.read().await.expect("a reader");
    let onlooker = Onlooker { staff, now, ended_since: at(0) };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = reader.desk(onlooker, &Filter::default(), folder, after, 2).await.expect("a page");
        all.extend(page.into_iter().map(|row| row.referral.id));
        match next {
            Some(place) => after = Some(place),
            None => break,
        }
    }
    let counts = reader.folder_counts(onlooker, &Filter::default()).await.expect("counts").shown;
    assert_eq!(counts.of(folder), i64::try_from(all.len()).expect("few"), "{folder:?}");
    let (whole, _) = reader.desk(onlooker, &Filter::default(), folder, None, 100).await.expect("a page");
    let whole: Vec<ReferralId> = whole.into_iter().map(|row| row.referral.id).collect();
    assert_eq!(all, whole, "{folder:?}: pages are the list, in its order, each case once");
    all
}

/// What every folder must hold, by the cases alone.
async fn nobody_is_lost(store: &Store, (sam, ann, stranger): (StaffId, StaffId, StaffId), now: Timestamp) {
    let mut reader = store.read().await.expect("a reader");
    let mut cases: Vec<(Referral, bool)> = Vec::new();
    for number in 1..=PEOPLE {
        let person = store.write(move |tx| somebody(tx, number).boxed()).await.expect("somebody").person.id;
        let concerns = reader.concerns_of(person).await.expect("concerns");
        let worries = concerns.iter().any(|concern| concern.acknowledged.is_none());
        cases.extend(
            reader.referrals_of(person).await.expect("cases").into_iter().map(|case| (case, worries)),
        );
    }
    let mut holds = Vec::new();
    for folder in Folder::ALL {
        let all: BTreeSet<ReferralId> = stands(store, sam, *folder, now).await.into_iter().collect();
        assert!(stands(store, stranger, *folder, now).await.is_empty(), "of another service");
        holds.push((*folder, all));
    }
    let mine_of_ann: BTreeSet<ReferralId> = stands(store, ann, Folder::Mine, now).await.into_iter().collect();
    let within = |folder, id| holds.iter().any(|(each, all)| *each == folder && all.contains(&id));
    for (case, worries) in &cases {
        let (id, open) = (case.id, case.closed_at.is_none());
        let aside = open && !worries && case.later.is_some_and(|(until, _)| now < until);
        assert_eq!(within(Folder::Open, id), open);
        assert_eq!(within(Folder::Closed, id), !open);
        assert_eq!(within(Folder::Later, id), aside);
        assert_eq!(within(Folder::Unassigned, id), open && case.owner.is_none());
        assert_eq!(within(Folder::Mine, id), open && !aside && case.owner == Some(sam));
        assert_eq!(mine_of_ann.contains(&id), open && !aside && case.owner == Some(ann));
        if open && *worries {
            assert!(within(Folder::NeedsReply, id) && !aside, "a concern is seen at once");
        }
        if case.reply_due {
            assert!(within(Folder::NeedsReply, id) || within(Folder::Later, id), "{case:?}");
        }
        assert!(!aside || case.owner.is_some(), "nobody is put aside by nobody");
    }
}

on_both_stores! {
    async fn whatever_is_done_nobody_who_waits_falls_between_the_folders(store: TestStore) {
        let sam = staff(&store, "Sam", service()).await;
        let ann = staff(&store, "Ann", service()).await;
        let stranger = staff(&store, "Olu", "hillside".parse().expect("a name")).await;
        let mut dice = Dice(7);
        let mut second = 0;
        for done in 0..DEEDS {
            second += 1 + i64::try_from(dice.below(9)).expect("small");
            let number = 1 + u32::try_from(dice.below(u64::from(PEOPLE))).expect("small");
            let deed = DEEDS_OF_ALL[usize::try_from(dice.below(DEEDS_OF_ALL.len() as u64)).expect("small")];
            let written = store.write(move |tx| act(tx, deed, number, (sam, ann), at(second)).boxed()).await;
            written.unwrap_or_else(|error| panic!("{deed:?}: {error}"));
            if matches!(deed, Deed::Writes | Deed::AnswersTheBot | Deed::RaisesAConcern) {
                let person = store.write(move |tx| somebody(tx, number).boxed()).await.expect("somebody").person.id;
                let open = store.read().await.expect("a reader").open_referral_of(person).await.expect("a case");
                assert!(open.is_none_or(|case| case.later.is_none()), "who writes wakes their case");
            }
            if done % 4 == 3 {
                nobody_is_lost(&store, (sam, ann, stranger), at(second)).await;
            }
        }
    }

    async fn what_was_put_aside_comes_back_by_itself_on_its_day_and_the_open_list_is_told(store: TestStore) {
        let sam = staff(&store, "Sam", service()).await;
        let case = store.write(move |tx| async move {
            let person = writes(tx, 1, at(1)).await?;
            let case = tx.find_or_open_referral(person, &service(), at(1)).await?;
            tx.put_aside(case.id, case.version, (at(50), LaterReason::CheckIn), sam, at(2)).await?;
            Ok(case)
        }.boxed()).await.expect("a case");
        let all = async |second| {
            let mut found = Vec::new();
            for folder in [Folder::NeedsReply, Folder::Mine, Folder::Later] {
                found.push(stands(&store, sam, folder, at(second)).await.len());
            }
            let told = store.read().await.expect("a reader").changes(at(second)).await.expect("a word");
            (found, told)
        };
        let (before, told_before) = all(49).await;
        let (after, told_after) = all(50).await;
        assert_eq!((before, after), (vec![0, 0, 1], vec![1, 1, 0]));
        assert_ne!(told_before, told_after);
        let twice = store.write(move |tx| tx.bring_back(case.id, case.version, at(60)).boxed()).await;
        assert!(matches!(twice, Err(StoreError::TooLate)), "over the version that was seen");
    }
}
