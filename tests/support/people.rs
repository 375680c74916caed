//! People and messages for tests.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use footbridge::conversation::session::Session;
use footbridge::domain::ids::ServiceId;
use footbridge::domain::ids::StaffId;
use footbridge::domain::language::Language;
use footbridge::domain::message::ChannelKind;
use footbridge::domain::message::Content;
use footbridge::domain::message::Handle;
use footbridge::domain::message::Inbound;
use footbridge::domain::message::Purpose;
use footbridge::domain::message::Words;
use footbridge::domain::staff::Role;
use footbridge::domain::time::Timestamp;
use footbridge::store::Store;
use footbridge::store::address::Address;
use footbridge::store::error::StoreError;
use footbridge::store::outbox::Author;
use footbridge::store::outbox::Body;
use footbridge::store::outbox::NewText;
use footbridge::store::person::Person;
use footbridge::store::session::SavedSession;
use footbridge::store::staff::NewStaff;
use footbridge::store::tx::Tx;
use futures_util::FutureExt;
use uuid::Uuid;

/// The token of a claim: each is another.
pub fn token() -> Uuid {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
}

/// A second, counted from the day on which the tests begin.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros((1_780_000_000 + seconds) * 1_000_000)
}

/// The service of the tests.
pub fn service() -> ServiceId {
    "riverside".parse().expect("a name")
}

/// A number that is set aside for drama.
pub fn mobile(number: u32) -> Handle {
    Handle(format!("+447700{:06}", 900_000 + number))
}

/// A text message.
pub fn text(id: &str, from: u32, body: &str) -> Inbound {
    Inbound {
        channel: ChannelKind::Sms,
        provider_id: id.to_owned(),
        from: mobile(from),
        to: "+447700900999".to_owned(),
        content: Content::Text { body: Words(body.to_owned()), network: None },
        sent_at: None,
        received_at: at(0),
    }
}

/// A session that begins now.
pub fn session() -> Session {
    let conversation = "what-matters".parse().expect("a name");
    let revision = footbridge::domain::ids::RevisionId("0123456789abcdef".to_owned());
    Session::begin(conversation, revision, footbridge::conversation::session::Standing::default(), at(0))
}

/// Somebody with a number and a live session.
pub struct Somebody {
    /// The number.
    pub address: Address,
    /// The person.
    pub person: Person,
    /// The session.
    pub session: SavedSession,
}

/// Somebody new with this number.
pub async fn somebody(tx: &mut Tx, number: u32) -> Result<Somebody, StoreError> {
    let address = tx.find_or_open_address(ChannelKind::Sms, &mobile(number), at(0)).await?;
    let person = tx.find_or_open_person(address.id, &service(), &Language::english(), at(0)).await?;
    let session = match tx.live_session(person.id, ChannelKind::Sms).await? {
        Some(session) => session,
        None => tx.open_session(&person, &address, session(), at(0)).await?,
    };
    Ok(Somebody { address, person, session })
}

/// A text for somebody.
pub fn reply(to: &Somebody, purpose: Purpose, words: &str) -> NewText {
    NewText {
        address: to.address.id,
        person: Some(to.person.id),
        session: Some(to.session.id),
        referral: None,
        author: Author::Bot,
        purpose,
        message_keys: "welcome".to_owned(),
        body: Body { text: Words(words.to_owned()), buttons: Vec::new() },
        parts: 1,
        due_at: at(0),
    }
}

/// A link worker of the service.
pub async fn worker(store: &Store, email: &'static str) -> StaffId {
    let added = store.write(move |tx| {
        async move {
            let new = NewStaff {
                email: email.parse().expect("an address"),
                name: "Sam".parse().expect("a name"),
                role: Role::LinkWorker,
                password_hash: Words("hash".to_owned()),
                services: vec![service()],
            };
            tx.add_staff(&new, at(0)).await
        }
        .boxed()
    });
    added.await.expect("what the test needs")
}
