//! What came in: every message once, in the order in which we took it.
//!
//! Invariant: the same id of the same channel is the same message.

use uuid::Uuid;

use crate::domain::ids::AddressId;
use crate::domain::ids::InboundId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::SessionId;
use crate::domain::message::ChannelKind;
use crate::domain::message::Content;
use crate::domain::message::Inbound;
use crate::domain::message::NetworkWord;
use crate::domain::time::Timestamp;
use crate::store::address::Address;
use crate::store::copy;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::message_word::Message;
use crate::store::message_word::MessageKind;
use crate::store::seal::Cell;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A message that came in for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Its row.
    pub id: InboundId,
    /// Who wrote.
    pub address: Address,
}

pub(super) const BODY: Cell = Cell::new("inbound", "body_sealed");

impl Tx {
    /// Notes a message, and opens its address where we do not know it. Nothing where we have had the message before.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_inbound(
        &mut self,
        inbound: &Inbound,
        service: &ServiceId,
    ) -> Result<Option<Arrival>, StoreError> {
        const SQL: &str = "
            INSERT INTO inbound (id, channel, provider_lookup, address, sequence, service, kind, network,
                                 sealed_for, body_sealed, sent_at, received_at, provider_id_sealed, copy_due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $4, $9, $10, $11, $12, $13)
            ON CONFLICT (channel, provider_lookup) DO NOTHING";
        let now = inbound.received_at;
        let address = self.find_or_open_address(inbound.channel, &inbound.from, now).await?;
        let sequence = self.next_sequence(address.id).await?;
        let id = InboundId::new(now, self.random());
        let lookup = self.keyed_index("inbound", inbound.provider_id.as_bytes());
        let sealed = self.seal(BODY, address.id.0, id.0.as_bytes(), &inbound.content).await?;
        let provider_id = self.seal(copy::PROVIDER_ID, HOUSE, id.0.as_bytes(), &inbound.provider_id).await?;
        // The record of a call holds no words.
        let leaves_a_copy = inbound.content != Content::Call;
        let copy_due_at = leaves_a_copy.then(|| now.plus(copy::RECEIVED_COPY_KEPT_FOR));
        let noted = on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(inbound.channel.as_str())
            .bind(lookup)
            .bind(address.id)
            .bind(sequence)
            .bind(service)
            .bind(kind_of(&inbound.content))
            .bind(network_of(&inbound.content))
            .bind(sealed)
            .bind(inbound.sent_at)
            .bind(now)
            .bind(provider_id)
            .bind(copy_due_at)
            .execute(conn)
            .await?
            .rows_affected());
        Ok((noted == 1).then_some(Arrival { id, address }))
    }

    /// Says whose message it is, and in which session it was read. From here on the person's own key seals it, and it is
    /// found by its words. A case of theirs that was put aside is no longer.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn place_inbound(
        &mut self,
        id: InboundId,
        person: PersonId,
        session: Option<SessionId>,
        content: &Content,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE inbound SET person = $1, session = $2, sealed_for = $1, body_sealed = $3 WHERE id = $4
            RETURNING received_at";
        let sealed = self.seal(BODY, person.0, id.0.as_bytes(), content).await?;
        let received_at: Timestamp = on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(person)
            .bind(session)
            .bind(sealed)
            .bind(id)
            .fetch_one(conn)
            .await?);
        if let Some(text) = content.words() {
            let kind = MessageKind::Heard;
            self.index_words(Message { id: id.0, kind, person, text, written_at: received_at }).await?;
        }
        self.wake(person, received_at).await
    }
}

/// A message as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptInbound {
    /// Whose it is.
    pub person: Option<PersonId>,
    /// In which session it was read.
    pub session: Option<SessionId>,
    /// The service that was texted.
    pub service: ServiceId,
    /// What; nothing where it was erased or cannot be read.
    pub content: Option<Content>,
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    person: Option<PersonId>,
    session: Option<SessionId>,
    service: ServiceId,
    sealed_for: Uuid,
    body_sealed: Option<Vec<u8>>,
}

impl Reader {
    /// Whether a message is here already.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn has_inbound(&mut self, channel: ChannelKind, provider_id: &str) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM inbound WHERE channel = $1 AND provider_lookup = $2)";
        let lookup = self.keyed_index("inbound", provider_id.as_bytes());
        Ok(on!(self, |conn| sqlx::query_scalar(SQL)
            .bind(channel.as_str())
            .bind(lookup)
            .fetch_one(conn)
            .await?))
    }

    /// The message with this id. The service is the person's, where it is known whose it is.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn inbound(&mut self, id: InboundId) -> Result<KeptInbound, StoreError> {
        const SQL: &str = "
            SELECT i.person, i.session, COALESCE(p.service, i.service) AS service, i.sealed_for, i.body_sealed
              FROM inbound i LEFT JOIN person p ON p.id = i.person WHERE i.id = $1";
        let row: KeptRow = on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_one(conn).await?);
        let content = self.open_some(BODY, row.sealed_for, id.0.as_bytes(), row.body_sealed.as_deref()).await;
        Ok(KeptInbound {
            person: row.person,
            session: row.session,
            service: row.service,
            content: if_readable(content)?.flatten(),
        })
    }

    /// Whether a message has come from the address of this text after it was written: by their order, not by clocks,
    /// which differ between nodes.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn was_heard_after(&mut self, text: OutboxId) -> Result<bool, StoreError> {
        const SQL: &str = "
            SELECT EXISTS (SELECT 1 FROM outbox o JOIN inbound i ON i.address = o.address
                            WHERE o.id = $1 AND o.sequence < i.sequence)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(text).fetch_one(conn).await?))
    }

    /// How many messages have come from this address since then.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn count_inbound(&mut self, address: AddressId, since: Timestamp) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM inbound WHERE address = $1 AND $2 <= received_at";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(address).bind(since).fetch_one(conn).await?))
    }
}

fn kind_of(content: &Content) -> &'static str {
    match content {
        Content::Text { .. } => "text",
        Content::Button { .. } => "button",
        Content::Edit { .. } => "edit",
        Content::Media { .. } => "media",
        Content::Contact { .. } => "contact",
        Content::Blocked => "blocked",
        Content::Unblocked => "unblocked",
        Content::OptOut => "opt-out",
        Content::Start { .. } => "start",
        Content::Call => "call",
        Content::Unreadable => "unreadable",
    }
}

fn network_of(content: &Content) -> Option<&'static str> {
    match content {
        Content::Text { network, .. } => network.map(|word| match word {
            NetworkWord::Stop => "stop",
            NetworkWord::Start => "start",
            NetworkWord::Yes => "yes",
            NetworkWord::Help => "help",
        }),
        Content::Button { .. }
        | Content::Edit { .. }
        | Content::Media { .. }
        | Content::Contact { .. }
        | Content::Blocked
        | Content::Unblocked
        | Content::OptOut
        | Content::Start { .. }
        | Content::Call
        | Content::Unreadable => None,
    }
}
