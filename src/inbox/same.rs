//! Whether two cases are of one person: what speaks for it, both side by side, and what a link worker says.
//!
//! Invariant: a person decides, over the versions that both pages showed; nothing of it is ever said to whoever writes.

use askama::Template;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;

use crate::content::Content;
use crate::domain::ids::PersonId;
use crate::domain::ids::Reference;
use crate::domain::ids::StaffId;
use crate::domain::likeness::Likeness;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::acts::carry_out;
use crate::inbox::acts::not_taken;
use crate::inbox::acts::to_case;
use crate::inbox::cases::gather_whole;
use crate::inbox::cases::note_look;
use crate::inbox::cases::read;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::form::Filled;
use crate::inbox::form::SameForm;
use crate::inbox::page::Layout;
use crate::inbox::page::respond;
use crate::inbox::referral::ReferralPage;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view;
use crate::inbox::view::Case;
use crate::inbox::writing::Writing;
use crate::store::alike::Alike;
use crate::store::error::StoreError;
use crate::store::referral::Referral;
use crate::store::sight::Sight;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// What a link worker says of two cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Same {
    /// They are of one person.
    Merge {
        /// The other case.
        other: Reference,
        /// The version of it that their page showed.
        version: i64,
    },
    /// They look alike, and are not.
    Not(Reference),
    /// They were two people after all.
    Split(Reference),
}

impl Same {
    /// The word in the audit.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Merge { .. } => "merge",
            Self::Not(_) => "not-same",
            Self::Split(_) => "split",
        }
    }

    /// The other case.
    #[must_use]
    pub fn other(&self) -> &Reference {
        match self {
            Self::Merge { other, .. } | Self::Not(other) | Self::Split(other) => other,
        }
    }
}

/// What is known of who else this may be.
#[derive(Debug, Default)]
pub struct Known {
    /// Who may be the same person.
    pub alike: Vec<Alike>,
    /// The cases of whoever is the same person, as a link worker said.
    pub joined: Vec<Referral>,
    /// Whether this is the case in which they are joined.
    pub is_first: bool,
}

impl Known {
    /// What the store knows of it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(reader: &mut Reader, referral: &Referral) -> Result<Self, StoreError> {
        if reader.erased_at(referral.person).await?.is_some() {
            return Ok(Self::default());
        }
        let mut joined = reader.referrals_of(referral.person).await?;
        joined.retain(|other| other.person != referral.person);
        let alike = match referral.closed_at {
            None => reader.alike(referral).await?,
            Some(_) => Vec::new(),
        };
        let is_first = reader.first_of(referral.person).await? == referral.person;
        Ok(Self { alike, joined, is_first })
    }

    /// Leaves out the cases that somebody does not see: for them they are not there.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn keep_seen(&mut self, reader: &mut Reader, staff: StaffId) -> Result<(), StoreError> {
        for at in (0..self.alike.len()).rev() {
            if reader.sight(staff, &self.alike[at].referral).await? != Sight::Whole {
                self.alike.remove(at);
            }
        }
        for at in (0..self.joined.len()).rev() {
            if reader.sight(staff, &self.joined[at]).await? != Sight::Whole {
                self.joined.remove(at);
            }
        }
        Ok(())
    }
}

/// The part of a case's page that says who else this may be, or is.
#[derive(Debug, Clone, Default)]
pub struct SameView {
    /// Who may be the same person.
    pub alike: Vec<AlikeView>,
    /// Who is the same person.
    pub joined: Vec<JoinedView>,
    /// Where texts go, where they write from several places.
    pub texts_go_to: Option<Foreign>,
}

/// Somebody who may be the same person.
#[derive(Debug, Clone)]
pub struct AlikeView {
    /// Their case.
    pub reference: Reference,
    /// Their name.
    pub name: Option<Foreign>,
    /// What is the same.
    pub how: Vec<&'static str>,
}

/// Somebody who is the same person.
#[derive(Debug, Clone)]
pub struct JoinedView {
    /// Their cases.
    pub references: Vec<Reference>,
    /// One of them, to take them apart by; none where that is done on another page.
    pub split: Option<Reference>,
}

/// What the page of a case says of it.
#[must_use]
pub fn same_view(case: &Case) -> SameView {
    let alike = case.same.alike.iter().map(|one| AlikeView {
        reference: one.referral.reference.clone(),
        name: one.name.as_ref().map(|name| Foreign::new(&name.0)),
        how: one.how.iter().copied().map(likeness_words).collect(),
    });
    let mut joined: Vec<(PersonId, JoinedView)> = Vec::new();
    for referral in &case.same.joined {
        let reference = referral.reference.clone();
        match joined.iter_mut().find(|(person, _)| *person == referral.person) {
            Some((_, known)) => known.references.push(reference),
            None => {
                let split = case.same.is_first.then(|| reference.clone());
                joined.push((referral.person, JoinedView { references: vec![reference], split }));
            }
        }
    }
    let last = case.addresses.iter().find(|address| address.textable).filter(|address| !address.opted_out);
    let several = 1 < case.addresses.len();
    SameView {
        alike: alike.collect(),
        joined: joined.into_iter().map(|(_, view)| view).collect(),
        texts_go_to: last.filter(|_| several).map(view::address_words),
    }
}

fn likeness_words(likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::OwnNumber => "both write from, or own, the same number",
        Likeness::Number => "the same phone number",
        Likeness::NameAndBirth => "the same name and date of birth",
        Likeness::NameAndPostcode => "the same name and postcode",
    }
}

/// The page that shows both cases side by side.
#[derive(Template)]
#[template(path = "inbox/compare.html")]
pub struct ComparePage {
    pub(super) layout: Layout,
    pub(super) here: ReferralPage,
    pub(super) there: ReferralPage,
    pub(super) how: Vec<&'static str>,
    /// Whether nothing stands in the way of joining them.
    pub(super) can_be_joined: bool,
    /// The case that would stay open.
    pub(super) stays: Reference,
}

/// Which other case is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    other: String,
}

/// `GET …/same?other=REF`
pub async fn compare(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let now = inbox.house.clock.now();
    let here = gather_whole(&inbox, &worker, &read(&path)?).await?;
    let other = named(&worker, &here.referral.reference, &asked.other)?;
    let there = match gather_whole(&inbox, &worker, &other).await {
        Err(Refusal::NotHere) => return Err(not_a_case(&worker, &here.referral.reference)),
        there => there?,
    };
    for case in [&here, &there] {
        note_look(&inbox, &worker, case.referral.reference.clone(), now).await?;
    }
    let mut reader = inbox.house.store.read().await?;
    let how = reader.likeness_of(&here.referral, &there.referral).await?;
    let first = (reader.first_of(here.referral.person).await?, reader.first_of(there.referral.person).await?);
    drop(reader);
    let one_is_open = here.referral.closed_at.is_none() || there.referral.closed_at.is_none();
    let is_there = here.erased_at.is_none() && there.erased_at.is_none();
    let can_be_joined =
        one_is_open && is_there && first.0 != first.1 && here.referral.service == there.referral.service;
    let page = ComparePage {
        stays: stays(&here.referral, &there.referral).reference.clone(),
        how: how.into_iter().map(likeness_words).collect(),
        can_be_joined,
        ..both(&inbox, &worker, (&here, &there), now)
    };
    Ok(respond(StatusCode::OK, &page))
}

fn both(inbox: &Inbox, worker: &SignedIn, (here, there): (&Case, &Case), now: Timestamp) -> ComparePage {
    let content: &Content = &inbox.house.content.get();
    let page = |case| view::referral_page(worker, case, content, (inbox.form_key(), Writing::default()), now);
    ComparePage {
        layout: worker.layout("The same person?"),
        here: page(here),
        there: page(there),
        how: Vec::new(),
        can_be_joined: false,
        stays: here.referral.reference.clone(),
    }
}

/// The case that stays open: the one that was opened first, of those that are open.
fn stays<'a>(one: &'a Referral, other: &'a Referral) -> &'a Referral {
    let rank = |referral: &Referral| (referral.closed_at.is_some(), referral.opened_at, referral.id);
    if rank(one) <= rank(other) { one } else { other }
}

/// `POST …/merge`
pub async fn merge(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<SameForm>,
) -> Result<Response, Refusal> {
    say(worker, &inbox, &path, form, |other, version| Same::Merge { other, version }).await
}

/// `POST …/not-same`
pub async fn not_same(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<SameForm>,
) -> Result<Response, Refusal> {
    say(worker, &inbox, &path, form, |other, _| Same::Not(other)).await
}

/// `POST …/split`
pub async fn split(
    worker: SignedIn,
    inbox: State<Inbox>,
    path: Path<String>,
    form: Filled<SameForm>,
) -> Result<Response, Refusal> {
    say(worker, &inbox, &path, form, |other, _| Same::Split(other)).await
}

async fn say(
    worker: SignedIn,
    inbox: &Inbox,
    path: &str,
    Filled(form): Filled<SameForm>,
    same: impl FnOnce(Reference, i64) -> Same,
) -> Result<Response, Refusal> {
    let reference = read(path)?;
    let mut reader = inbox.house.store.read().await?;
    let here = reader.referral(&reference).await?;
    if reader.sight(worker.id, &here).await? != Sight::Whole {
        return Err(Refusal::NotHere);
    }
    drop(reader);
    let other = named(&worker, &reference, &form.other)?;
    let deed = Deed::Same(same(other, form.other_version));
    carry_out(inbox, Order { worker, reference, version: form.version, key: form.key, heard: None, deed })
        .await
}

/// The other case, where one is named.
fn named(worker: &SignedIn, here: &Reference, other: &str) -> Result<Reference, Refusal> {
    let other: Option<Reference> = other.trim().to_uppercase().parse().ok();
    other.filter(|other| other != here).ok_or_else(|| not_a_case(worker, here))
}

fn not_a_case(worker: &SignedIn, here: &Reference) -> Refusal {
    let sentence =
        "Type the reference of another case, such as FB-7GH2QX. It stands on its page and in their texts.";
    not_taken(worker, sentence, to_case(here), None)
}

const KEPT_TO_SOME: &str = "Nothing was joined. One of the two is kept to named colleagues, or a colleague has stepped back from it: see to that first, so that nobody sees by joining what they are not to see.";

/// What stands in the way of joining two cases: who may see the one may not see the other.
///
/// # Errors
/// `NotFound` where they do not see the other, or where the store fails.
pub async fn hurdle(
    tx: &mut Tx,
    staff: StaffId,
    (here, same): (&Referral, &Same),
) -> Result<Carried, StoreError> {
    let Same::Merge { other, .. } = same else { return Ok(Carried::Out) };
    let there = tx.referral(other).await?;
    if tx.sight(staff, &there).await? != Sight::Whole {
        return Err(StoreError::NotFound);
    }
    for person in [here.person, there.person] {
        if !tx.restricted_to(person).await?.is_empty() || !tx.stepped_back(person).await?.is_empty() {
            return Ok(Carried::Refused(KEPT_TO_SOME));
        }
    }
    Ok(Carried::Out)
}

/// Does what a link worker says of two cases.
///
/// # Errors
/// `NotFound` where the other is none of theirs, `TooLate` where somebody was quicker, or where the store fails.
pub async fn act(
    tx: &mut Tx,
    order: &Order,
    (here, same): (&Referral, &Same),
    now: Timestamp,
) -> Result<(), StoreError> {
    let there = tx.referral(same.other()).await?;
    if tx.sight(order.worker.id, &there).await? != Sight::Whole {
        return Err(StoreError::NotFound);
    }
    match same {
        Same::Merge { version, .. } => {
            tx.merge_cases((here, order.version), (&there, *version), now).await?;
        }
        Same::Not(_) => tx.say_not_same(here.person, there.person, order.worker.id, now).await?,
        Same::Split(_) => {
            tx.split_case((here, order.version), &there, now).await?;
        }
    }
    let other = there.reference.as_str();
    tx.audit(order.worker.author(), same.as_str(), "referral", other, now).await
}

/// Where a case goes on in another, the way there.
///
/// # Errors
/// Where the store fails.
pub async fn onward(inbox: &Inbox, referral: &Referral) -> Result<Option<Response>, Refusal> {
    let onward = inbox.house.store.read().await?.goes_on_in(referral.id).await?;
    Ok(onward.map(|reference| Redirect::to(&to_case(&reference).0).into_response()))
}
