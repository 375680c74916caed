//! The labels of a case: putting one on, taking one off, and how the page of the case shows them.
//!
//! Invariant: a label is put on cases of its own service alone, and none that is retired; nothing is sent or closed by one.

use axum::extract::Path;
use axum::extract::State;
use axum::response::Response;

use crate::domain::ids::LabelId;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::acts::simple;
use crate::inbox::cases::read;
use crate::inbox::deed::Carried;
use crate::inbox::deed::Deed;
use crate::inbox::deed::Order;
use crate::inbox::form::Filled;
use crate::inbox::form::LabellingForm;
use crate::inbox::form::Seen;
use crate::inbox::labels::by_name;
use crate::inbox::page::Moment;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Names;
use crate::store::error::StoreError;
use crate::store::label::Label;
use crate::store::label::LabelOn;
use crate::store::referral::Referral;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// What is done with a label.
#[derive(Debug, Clone, Copy)]
pub enum Labelling {
    /// Put it on.
    PutOn(LabelId),
    /// Take it off.
    TakeOff(LabelId),
}

impl Labelling {
    /// The word in the audit. Which label it was is not written there: the audit outlives an erasure.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PutOn(_) => "label",
            Self::TakeOff(_) => "label-off",
        }
    }

    /// Which label.
    #[must_use]
    pub fn label(self) -> LabelId {
        match self {
            Self::PutOn(label) | Self::TakeOff(label) => label,
        }
    }
}

/// What is known of the labels of a case.
#[derive(Debug)]
pub struct Labels {
    /// Those of its service.
    pub of_service: Vec<Label>,
    /// Those that it has.
    pub on: Vec<LabelOn>,
}

impl Labels {
    /// Gathers it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(reader: &mut Reader, referral: &Referral) -> Result<Self, StoreError> {
        Ok(Self {
            of_service: reader.labels_of(&referral.service).await?,
            on: reader.labels_on(referral.id).await?,
        })
    }
}

/// The labels as the page of the case shows them.
#[derive(Debug, Default)]
pub struct LabelViews {
    /// Those that it has, by their names.
    pub on: Vec<LabelView>,
    /// Those that can be put on it, by their names.
    pub free: Vec<(LabelId, Foreign)>,
}

/// A label that a case has.
#[derive(Debug)]
pub struct LabelView {
    /// Which.
    pub id: LabelId,
    /// What it is called.
    pub name: Foreign,
    /// Who put it on.
    pub by: Foreign,
    /// When.
    pub at: Moment,
}

impl LabelViews {
    pub(super) fn is_empty(&self) -> bool {
        self.on.is_empty() && self.free.is_empty()
    }
}

/// What the page shows of them.
#[must_use]
pub fn label_views(labels: &Labels, staff: &Names) -> LabelViews {
    let mut views = LabelViews::default();
    for label in by_name(&labels.of_service) {
        let name = Foreign::new(&label.name.0);
        match labels.on.iter().find(|on| on.label == label.id) {
            Some(on) => {
                views.on.push(LabelView {
                    id: label.id,
                    name,
                    by: staff.get(on.staff),
                    at: Moment(on.put_at),
                });
            }
            None if label.retired_at.is_none() => views.free.push((label.id, name)),
            None => {}
        }
    }
    views
}

/// `POST …/label`
pub async fn put_on(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    path: Path<String>,
    Filled(form): Filled<LabellingForm>,
) -> Result<Response, Refusal> {
    press(worker, &inbox, &path, form, Labelling::PutOn).await
}

/// `POST …/label-off`
pub async fn take_off(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    path: Path<String>,
    Filled(form): Filled<LabellingForm>,
) -> Result<Response, Refusal> {
    press(worker, &inbox, &path, form, Labelling::TakeOff).await
}

async fn press(
    worker: SignedIn,
    inbox: &Inbox,
    path: &str,
    form: LabellingForm,
    deed: impl Fn(LabelId) -> Labelling,
) -> Result<Response, Refusal> {
    read(path)?;
    let label = form.label.parse().map_err(|_| Refusal::Unreadable)?;
    let seen = Seen { version: form.version, key: form.key };
    simple(worker, inbox, path, Filled(seen), Deed::Label(deed(label))).await
}

const NOT_OF_THIS_SERVICE: &str = "This case belongs to a service that does not have that label.";
const RETIRED: &str = "That label is no longer used. It stays where it is, and is put on nothing new.";

/// What stands between a link worker and a label.
///
/// # Errors
/// Where the store fails.
pub async fn hurdle(tx: &mut Tx, labelling: Labelling, referral: &Referral) -> Result<Carried, StoreError> {
    let of_service = tx.labels_of(&referral.service).await?;
    Ok(match (labelling, of_service.iter().find(|label| label.id == labelling.label())) {
        (_, None) => Carried::Refused(NOT_OF_THIS_SERVICE),
        (Labelling::PutOn(_), Some(label)) if label.retired_at.is_some() => Carried::Refused(RETIRED),
        (Labelling::PutOn(_) | Labelling::TakeOff(_), Some(_)) => Carried::Out,
    })
}

/// Puts it on or takes it off. Where it is so already there is nothing over which anybody could be quicker.
///
/// # Errors
/// `TooLate` where somebody was quicker, or where the store fails.
pub async fn act(
    tx: &mut Tx,
    order: &Order,
    (referral, labelling): (&Referral, Labelling),
    now: Timestamp,
) -> Result<(), StoreError> {
    let (id, seen, label) = (referral.id, order.version, labelling.label());
    let has = tx.labels_on(id).await?.iter().any(|on| on.label == label);
    match labelling {
        Labelling::PutOn(_) if has => Ok(()),
        Labelling::PutOn(_) => tx.put_label(id, seen, label, order.worker.id, now).await,
        Labelling::TakeOff(_) if !has => Ok(()),
        Labelling::TakeOff(_) => tx.take_label_off(id, seen, label, now).await,
    }
}
