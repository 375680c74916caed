//! Addresses: a phone number or a chat on a channel.
//!
//! Invariant: a handle is found by a keyed index only, and stands nowhere in plain.

use crate::domain::ids::AddressId;
use crate::domain::ids::PersonId;
use crate::domain::message::ChannelKind;
use crate::domain::message::Handle;
use crate::domain::mobile::Mobile;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A phone number or a chat on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its row.
    pub id: AddressId,
    /// The channel.
    pub channel: ChannelKind,
    /// The number or chat.
    pub handle: Handle,
    /// Whether it can be texted: a landline or a withheld number cannot.
    pub textable: bool,
    /// Stopped: no more texts.
    pub opted_out: bool,
}

pub(super) const HANDLE: Cell = Cell::new("address", "handle_sealed");

#[derive(sqlx::FromRow)]
struct AddressRow {
    id: AddressId,
    channel: String,
    handle_sealed: Vec<u8>,
    textable: bool,
    opted_out: bool,
}

impl Reader {
    /// The address of this handle, if we know it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn address_of(
        &mut self,
        channel: ChannelKind,
        handle: &Handle,
    ) -> Result<Option<Address>, StoreError> {
        const SQL: &str = "
            SELECT id, channel, handle_sealed, textable, opted_out FROM address WHERE lookup = $1";
        let lookup = self.keyed_index(channel.as_str(), handle.0.as_bytes());
        let row: Option<AddressRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(lookup).fetch_optional(conn).await?);
        match row {
            Some(row) => self.read_address(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Where a text reaches a person: where they wrote from last, of what can be texted. Who stopped texts there has
    /// stopped them, wherever they wrote from before.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn texted_at(&mut self, person: PersonId) -> Result<Option<Address>, StoreError> {
        let addresses = self.addresses_of(person).await?;
        let last = addresses.into_iter().find(|address| address.textable);
        Ok(last.filter(|address| !address.opted_out))
    }

    /// The address with this id.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn address(&mut self, id: AddressId) -> Result<Address, StoreError> {
        const SQL: &str = "SELECT id, channel, handle_sealed, textable, opted_out FROM address WHERE id = $1";
        let row: AddressRow = on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_one(conn).await?);
        self.read_address(row).await
    }

    async fn read_address(&self, row: AddressRow) -> Result<Address, StoreError> {
        Ok(Address {
            id: row.id,
            channel: read_code("address", "channel", &row.channel)?,
            handle: self.open(HANDLE, row.id.0, row.id.0.as_bytes(), &row.handle_sealed).await?,
            textable: row.textable,
            opted_out: row.opted_out,
        })
    }
}

impl Tx {
    /// The address of this handle; a new one where we do not know it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn find_or_open_address(
        &mut self,
        channel: ChannelKind,
        handle: &Handle,
        now: Timestamp,
    ) -> Result<Address, StoreError> {
        const SQL: &str = "
            INSERT INTO address (id, channel, lookup, handle_sealed, textable, opted_out, sequence, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
        if let Some(address) = self.address_of(channel, handle).await? {
            return Ok(address);
        }
        let address = Address {
            id: AddressId::new(now, self.random()),
            channel,
            handle: handle.clone(),
            textable: is_textable(channel, handle),
            opted_out: false,
        };
        self.make_key(address.id.0);
        let sealed = self.seal(HANDLE, address.id.0, address.id.0.as_bytes(), handle).await?;
        let lookup = self.keyed_index(channel.as_str(), handle.0.as_bytes());
        on!(self, |conn| sqlx::query(SQL)
            .bind(address.id)
            .bind(channel.as_str())
            .bind(lookup)
            .bind(sealed)
            .bind(address.textable)
            .bind(address.opted_out)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(address)
    }

    /// Stops all texts to this address (true), or lets them in again (false).
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_opted_out(&mut self, address: AddressId, opted_out: bool) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE address SET opted_out = $1 WHERE id = $2";
        on!(self, |conn| sqlx::query(SQL).bind(opted_out).bind(address).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Says that this address can be texted, or cannot: somebody has blocked us.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_textable(&mut self, address: AddressId, textable: bool) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE address SET textable = $1 WHERE id = $2";
        on!(self, |conn| sqlx::query(SQL).bind(textable).bind(address).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// The next number in the one order of everything that is said to and by this address. On PostgreSQL it also makes
    /// everybody else who speaks with the address wait until this transaction is over.
    pub(super) async fn next_sequence(&mut self, address: AddressId) -> Result<i64, StoreError> {
        const SQL: &str = "UPDATE address SET sequence = sequence + 1 WHERE id = $1 RETURNING sequence";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(address).fetch_one(conn).await?))
    }
}

/// Texts go to UK mobiles only: a landline would have them read aloud.
fn is_textable(channel: ChannelKind, handle: &Handle) -> bool {
    match channel {
        ChannelKind::Sms => handle.0.parse::<Mobile>().is_ok(),
        ChannelKind::Telegram => true,
    }
}
