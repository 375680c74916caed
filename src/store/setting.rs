//! Settings: small things that the program remembers about itself, sealed by the house's key.
//!
//! Invariant: nothing here belongs to a person.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::seal::Cell;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

const VALUE: Cell = Cell::new("setting", "value_sealed");

impl Reader {
    /// The value with this name.
    ///
    /// # Errors
    /// `Corrupt` where it is not what it should be, or where the store fails.
    pub async fn setting<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, StoreError> {
        const SQL: &str = "SELECT value_sealed FROM setting WHERE name = $1";
        let sealed: Option<Vec<u8>> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(name).fetch_optional(conn).await?);
        self.open_some(VALUE, HOUSE, name.as_bytes(), sealed.as_deref()).await
    }
}

impl Tx {
    /// Remembers a value under this name.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_setting<T: Serialize + Sync + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO setting (name, value_sealed) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value_sealed = excluded.value_sealed";
        let sealed = self.seal(VALUE, HOUSE, name.as_bytes(), value).await?;
        on!(self, |conn| sqlx::query(SQL).bind(name).bind(sealed).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}
