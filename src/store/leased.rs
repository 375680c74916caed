//! Texts that are to be sent now, with all that decides whether they still may be.
//!
//! Invariant: what is judged at sending is what holds then, not what held when the text was written.

use uuid::Uuid;

use crate::domain::ids::AddressId;
use crate::domain::ids::OutboxId;
use crate::domain::ids::PersonId;
use crate::domain::ids::SessionId;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::message::Purpose;
use crate::domain::time::Timestamp;
use crate::store::address;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::outbox;
use crate::store::outbox::Body;
use crate::store::same_person::whole_person;
use crate::store::sending::Lease;
use crate::store::sending::TextEnd;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A text to be sent now, with what decides whether it still may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedText {
    /// What marks it as ours.
    pub lease: Lease,
    /// Where it goes.
    pub address: AddressId,
    /// The channel.
    pub channel: ChannelKind,
    /// The number or chat.
    pub handle: Handle,
    /// To whom.
    pub person: Option<PersonId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// What it is for.
    pub purpose: Purpose,
    /// What it says.
    pub body: Body,
    /// How often it was tried before.
    pub attempts: i32,
    /// When it was leased last: shortly before it was tried.
    pub leased_at: Option<Timestamp>,
    /// How often it was looked for at the provider, in vain.
    pub looks: i16,
    /// It is the second try of a text that may have left, or left and did not arrive; there is no third.
    pub again: bool,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
    /// When it is no longer worth sending.
    pub expires_at: Option<Timestamp>,
    /// The address can be texted.
    pub textable: bool,
    /// The address has stopped all texts.
    pub opted_out: bool,
    /// A human is speaking with the person.
    pub hold: bool,
    /// Nothing automatic may be sent to the person.
    pub texts_unsafe: bool,
    /// The person has a concern that nobody has acknowledged.
    pub open_concern: bool,
}

/// The code of a text that was given up because nobody can read it.
const UNREADABLE: &str = "unreadable";

#[derive(sqlx::FromRow)]
struct LeasedRow {
    id: OutboxId,
    lease_token: Uuid,
    address: AddressId,
    channel: String,
    handle_sealed: Vec<u8>,
    person: Option<PersonId>,
    session: Option<SessionId>,
    purpose: String,
    sealed_for: Uuid,
    body_sealed: Option<Vec<u8>>,
    attempts: i32,
    leased_at: Option<Timestamp>,
    looks: i16,
    again: bool,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    textable: bool,
    opted_out: bool,
    hold: Option<bool>,
    texts_unsafe: Option<bool>,
    open_concern: bool,
}

/// Texts with all that decides whether they may be sent.
macro_rules! leased {
    ($which:literal) => {
        concat!(
            "SELECT o.id, o.lease_token, o.address, a.channel, a.handle_sealed, o.person, o.session, o.purpose,
                    o.sealed_for, o.body_sealed, o.attempts, o.leased_at, o.looks, o.again, o.created_at, o.expires_at,
                    a.textable, a.opted_out,
                    p.hold, p.texts_unsafe,
                    EXISTS (SELECT 1 FROM concern c
                             WHERE c.acknowledged_at IS NULL AND c.person IN ",
            whole_person!("o.person"),
            ") AS open_concern
               FROM outbox o
               JOIN address a ON a.id = o.address
               LEFT JOIN person p ON p.id = o.person
              WHERE ",
            $which
        )
    };
}

impl Tx {
    /// The texts that this claim has leased, the most urgent first.
    pub(super) async fn leased_by(&mut self, token: Uuid) -> Result<Vec<LeasedText>, StoreError> {
        const SQL: &str = leased!(
            "o.state IN ('leased', 'attempting') AND o.lease_token = $1
             ORDER BY o.urgency, o.due_at, o.sequence"
        );
        let rows = on!(self, |conn| sqlx::query_as(SQL).bind(token).fetch_all(conn).await?);
        self.read_all_leased(rows).await
    }

    /// Texts in doubt that should be looked into now, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn texts_in_doubt(
        &mut self,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<LeasedText>, StoreError> {
        const SQL: &str = leased!("o.state = 'in-doubt' AND o.due_at <= $1 ORDER BY o.due_at, o.id LIMIT $2");
        let rows =
            on!(self, |conn| sqlx::query_as(SQL).bind(now).bind(i64::from(limit)).fetch_all(conn).await?);
        self.read_all_leased(rows).await
    }

    /// A text that cannot be read any more is ended, so that it holds up no other: taken back where its person was
    /// erased, else given up.
    async fn read_all_leased(&mut self, rows: Vec<LeasedRow>) -> Result<Vec<LeasedText>, StoreError> {
        let mut texts = Vec::with_capacity(rows.len());
        for row in rows {
            let (lease, person) = (row.lease(), row.person);
            match if_readable(self.read_leased(row).await)? {
                Some(text) => texts.push(text),
                None => {
                    let end = self.end_of_unreadable(person).await?;
                    self.end_text(lease, end).await?;
                }
            }
        }
        Ok(texts)
    }

    async fn end_of_unreadable(&mut self, person: Option<PersonId>) -> Result<TextEnd<'static>, StoreError> {
        let erased_at = match person {
            Some(person) => self.erased_at(person).await?,
            None => None,
        };
        Ok(erased_at.map_or(TextEnd::GaveUp { code: UNREADABLE }, |_| TextEnd::Cancelled))
    }
}

impl LeasedRow {
    fn lease(&self) -> Lease {
        Lease { id: self.id, token: self.lease_token }
    }
}

impl Reader {
    /// When the next text that waits falls due.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn next_text_due(&mut self) -> Result<Option<Timestamp>, StoreError> {
        const SQL: &str = "SELECT MIN(due_at) FROM outbox WHERE state = 'ready'";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).fetch_one(conn).await?))
    }

    async fn read_leased(&self, row: LeasedRow) -> Result<LeasedText, StoreError> {
        let handle_row = row.address.0;
        let sealed = row.body_sealed.as_ref().ok_or(StoreError::Erased)?;
        Ok(LeasedText {
            lease: row.lease(),
            address: row.address,
            channel: read_code("address", "channel", &row.channel)?,
            handle: self.open(address::HANDLE, handle_row, handle_row.as_bytes(), &row.handle_sealed).await?,
            person: row.person,
            session: row.session,
            purpose: read_code("outbox", "purpose", &row.purpose)?,
            body: self.open(outbox::BODY, row.sealed_for, row.id.0.as_bytes(), sealed).await?,
            attempts: row.attempts,
            leased_at: row.leased_at,
            looks: row.looks,
            again: row.again,
            created_at: row.created_at,
            expires_at: row.expires_at,
            textable: row.textable,
            opted_out: row.opted_out,
            hold: row.hold.unwrap_or(false),
            texts_unsafe: row.texts_unsafe.unwrap_or(false),
            open_concern: row.open_concern,
        })
    }
}
