//! Contacts on the page of a case: logging one, how many there are, and where they stand among the messages.
//!
//! Invariant: nothing here is sent, and what is proposed after tries in vain is a link, never done by itself.

use axum::extract::Path;
use axum::extract::State;
use axum::response::Response;

use crate::domain::contact::ContactKind;
use crate::domain::contact::ContactResult;
use crate::domain::time::Timestamp;
use crate::inbox::Inbox;
use crate::inbox::concern::numbers;
use crate::inbox::deed::Deed;
use crate::inbox::form::ContactForm;
use crate::inbox::form::Filled;
use crate::inbox::form::Seen;
use crate::inbox::form::tidied;
use crate::inbox::hands::Sheet;
use crate::inbox::page::Moment;
use crate::inbox::referral::From;
use crate::inbox::referral::MessageView;
use crate::inbox::refusal::Refusal;
use crate::inbox::shown::Foreign;
use crate::inbox::signed_in::SignedIn;
use crate::inbox::view::Case;
use crate::inbox::view::Names;
use crate::store::contact::Contact;
use crate::store::contact::NewContact;

/// After so many tries in vain, one after another, the page proposes to write, or to close.
const TRIES: usize = 2;

/// What the page of a case says of its contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacts {
    /// How many there are, in words; nothing where there are none.
    pub count: Option<String>,
    /// How many tries in vain stand at the end, where they are so many that something else is to be done.
    pub in_vain: Option<usize>,
    /// The numbers to ring: as a phone dials them, and as people read them.
    pub numbers: Vec<(String, Foreign)>,
}

/// `POST …/contact`
pub async fn log(
    worker: SignedIn,
    State(inbox): State<Inbox>,
    Path(path): Path<String>,
    Filled(form): Filled<ContactForm>,
) -> Result<Response, Refusal> {
    let seen = Seen { version: form.version, key: form.key };
    let sheet = Sheet { path, seen, heard: None, note: tidied(&form.text) };
    let chosen = form.kind.parse().and_then(|kind: ContactKind| Ok((kind, form.result.parse()?)));
    let chosen = chosen.map_err(|_| sheet.refused(&worker, "Choose how you tried, and what came of it."));
    sheet
        .carry_out(worker, &inbox, chosen, |(kind, result), note| {
            Deed::Contact(NewContact { kind, result, note })
        })
        .await
}

impl Contacts {
    /// What there is to say of a case.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let in_vain = in_vain(&case.contacts, case.heard_at);
        Self {
            count: count_words(&case.contacts),
            in_vain: Some(in_vain).filter(|tries| TRIES <= *tries),
            numbers: numbers(case),
        }
    }

    pub(super) fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        ContactKind::ALL.iter().map(|kind| (kind.as_str(), kind_words(*kind))).collect()
    }

    pub(super) fn results(&self) -> Vec<(&'static str, &'static str)> {
        ContactResult::ALL.iter().map(|result| (result.as_str(), result_words(*result))).collect()
    }
}

/// Tries in vain since they were reached, or wrote.
fn in_vain(contacts: &[Contact], heard_at: Option<Timestamp>) -> usize {
    let newest = contacts.iter().rev();
    let since = newest.take_while(|one| heard_at.is_none_or(|heard_at| heard_at < one.made_at));
    since.take_while(|one| one.what.result != ContactResult::Reached).count()
}

/// Such as "2 contacts, 1 no answer".
fn count_words(contacts: &[Contact]) -> Option<String> {
    let count = |result| contacts.iter().filter(|one| one.what.result == result).count();
    let (reached, none, left) =
        (count(ContactResult::Reached), count(ContactResult::NoAnswer), count(ContactResult::LeftMessage));
    let mut words = vec![if reached == 1 { "1 contact".to_owned() } else { format!("{reached} contacts") }];
    words.extend((0 < none).then(|| format!("{none} no answer")));
    words.extend(
        (0 < left)
            .then(|| if left == 1 { "1 message left".to_owned() } else { format!("{left} messages left") }),
    );
    (!contacts.is_empty()).then(|| words.join(", "))
}

/// A contact among the messages.
#[must_use]
pub fn contact_view(contact: &Contact, staff: &Names) -> MessageView {
    MessageView {
        inbound: None,
        from: From::Contact,
        who: staff.get(contact.staff),
        at: Moment(contact.made_at),
        text: Foreign::new(&contact.what.note.0),
        tags: Vec::new(),
        about: Some(contact_words(contact.what.kind, contact.what.result)),
        fate: None,
    }
}

fn kind_words(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Call => "Call",
        ContactKind::Visit => "Visit",
        ContactKind::Letter => "Letter",
        ContactKind::Other => "Another way",
    }
}

fn result_words(result: ContactResult) -> &'static str {
    match result {
        ContactResult::Reached => "I reached them",
        ContactResult::NoAnswer => "No answer",
        ContactResult::LeftMessage => "I left a message",
    }
}

/// What was tried, and what came of it.
#[must_use]
pub fn contact_words(kind: ContactKind, result: ContactResult) -> &'static str {
    match (kind, result) {
        (ContactKind::Call, ContactResult::Reached) => "Call: reached",
        (ContactKind::Call, ContactResult::NoAnswer) => "Call: no answer",
        (ContactKind::Call, ContactResult::LeftMessage) => "Call: left a message",
        (ContactKind::Visit, ContactResult::Reached) => "Visit: reached",
        (ContactKind::Visit, ContactResult::NoAnswer) => "Visit: no answer",
        (ContactKind::Visit, ContactResult::LeftMessage) => "Visit: left a message",
        (ContactKind::Letter, ContactResult::Reached) => "Letter: reached",
        (ContactKind::Letter, ContactResult::NoAnswer) => "Letter: no answer",
        (ContactKind::Letter, ContactResult::LeftMessage) => "Letter: left or posted",
        (ContactKind::Other, ContactResult::Reached) => "Another way: reached",
        (ContactKind::Other, ContactResult::NoAnswer) => "Another way: no answer",
        (ContactKind::Other, ContactResult::LeftMessage) => "Another way: left a message",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::StaffId;
    use crate::domain::message::Words;

    fn contacts(results: &[ContactResult]) -> Vec<Contact> {
        let contact = |(minute, result): (i64, &ContactResult)| Contact {
            staff: StaffId(uuid::Uuid::from_u128(1)),
            what: NewContact { kind: ContactKind::Call, result: *result, note: Words::default() },
            made_at: Timestamp::from_micros(minute * 60_000_000),
        };
        (1..).zip(results).map(contact).collect()
    }

    const REACHED: ContactResult = ContactResult::Reached;
    const NONE: ContactResult = ContactResult::NoAnswer;
    const LEFT: ContactResult = ContactResult::LeftMessage;

    #[test]
    fn contacts_are_counted_by_what_came_of_them() {
        let words = |results: &[ContactResult]| count_words(&contacts(results)).unwrap_or_default();
        assert_eq!(words(&[]), "");
        assert_eq!(words(&[REACHED, NONE, REACHED]), "2 contacts, 1 no answer");
        assert_eq!(words(&[NONE, LEFT]), "0 contacts, 1 no answer, 1 message left");
        assert_eq!(words(&[REACHED]), "1 contact");
    }

    #[test]
    fn tries_in_vain_count_from_when_they_were_reached_or_wrote() {
        let tries = |results: &[ContactResult], heard: Option<i64>| {
            in_vain(&contacts(results), heard.map(|minute| Timestamp::from_micros(minute * 60_000_000)))
        };
        assert_eq!(tries(&[NONE, NONE], None), 2);
        assert_eq!(tries(&[NONE, REACHED, NONE, LEFT], None), 2);
        assert_eq!(tries(&[NONE, NONE], Some(1)), 1);
        assert_eq!(tries(&[NONE, NONE, REACHED], None), 0);
    }
}
