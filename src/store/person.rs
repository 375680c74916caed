//! People: who speaks, and what holds for them whatever session they are in.
//!
//! Invariant: a family may share an address; whoever used it last is meant.

use crate::conversation::session::Standing;
use crate::domain::ids::AddressId;
use crate::domain::ids::PersonId;
use crate::domain::ids::ServiceId;
use crate::domain::language::Language;
use crate::domain::message::ChannelKind;
use crate::domain::time::Timestamp;
use crate::store::address::Address;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::same_person::whole_person;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Somebody who writes to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their row.
    pub id: PersonId,
    /// The service that they belong to.
    pub service: ServiceId,
    /// The language that texts are written in.
    pub language: Language,
    /// The language that they speak, where it is none of ours.
    pub speaks: Option<String>,
    /// A human is speaking: the bot is silent.
    pub hold: bool,
    /// Nothing automatic may be sent.
    pub texts_unsafe: bool,
}

impl Person {
    /// What the conversation must know of the person at this address.
    #[must_use]
    pub fn standing(&self, address: &Address) -> Standing {
        Standing {
            language: self.language.clone(),
            speaks: self.speaks.clone(),
            hold: self.hold,
            opted_out: address.opted_out,
            texts_unsafe: self.texts_unsafe,
            no_number: address.channel == ChannelKind::Telegram,
        }
    }
}

const SPEAKS: Cell = Cell::new("person", "speaks_sealed");

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: PersonId,
    service: ServiceId,
    language: Language,
    speaks_sealed: Option<Vec<u8>>,
    hold: bool,
    texts_unsafe: bool,
}

impl Reader {
    /// The person with this id.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn person(&mut self, id: PersonId) -> Result<Person, StoreError> {
        const SQL: &str = "
            SELECT id, service, language, speaks_sealed, hold, texts_unsafe FROM person WHERE id = $1";
        let row: PersonRow = on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_one(conn).await?);
        self.read_person(row).await
    }

    /// The person who used this address last.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn person_at(&mut self, address: AddressId) -> Result<Option<Person>, StoreError> {
        const SQL: &str = "
            SELECT p.id, p.service, p.language, p.speaks_sealed, p.hold, p.texts_unsafe
              FROM person p JOIN person_address pa ON pa.person = p.id
             WHERE pa.address = $1
             ORDER BY pa.last_used_at DESC, p.id DESC LIMIT 1";
        let row: Option<PersonRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(address).fetch_optional(conn).await?);
        match row {
            Some(row) => self.read_person(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The addresses of a person, the one that was used last first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn addresses_of(&mut self, person: PersonId) -> Result<Vec<Address>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT address FROM person_address WHERE person IN ",
            whole_person!("$1"),
            " GROUP BY address ORDER BY MAX(last_used_at) DESC, address"
        );
        let ids: Vec<AddressId> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(person).fetch_all(conn).await?);
        let mut addresses = Vec::with_capacity(ids.len());
        for id in ids {
            addresses.push(self.address(id).await?);
        }
        Ok(addresses)
    }

    async fn read_person(&self, row: PersonRow) -> Result<Person, StoreError> {
        let sealed = row.speaks_sealed.as_deref();
        let speaks = self.open_some(SPEAKS, row.id.0, row.id.0.as_bytes(), sealed).await;
        Ok(Person {
            id: row.id,
            speaks: if_readable(speaks)?.flatten(),
            service: row.service,
            language: row.language,
            hold: row.hold,
            texts_unsafe: row.texts_unsafe,
        })
    }
}

impl Tx {
    /// The person who used this address last, and uses it now; a new one where nobody has.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn find_or_open_person(
        &mut self,
        address: AddressId,
        service: &ServiceId,
        language: &Language,
        now: Timestamp,
    ) -> Result<Person, StoreError> {
        if let Some(person) = self.person_at(address).await? {
            self.note_address_used(person.id, address, now).await?;
            return Ok(person);
        }
        self.open_person(address, service, language, now).await
    }

    /// A new person at this address.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn open_person(
        &mut self,
        address: AddressId,
        service: &ServiceId,
        language: &Language,
        now: Timestamp,
    ) -> Result<Person, StoreError> {
        const SQL: &str = "
            INSERT INTO person (id, service, language, hold, texts_unsafe, created_at)
            VALUES ($1, $2, $3, $4, $4, $5)";
        let id = PersonId::new(now, self.random());
        self.make_key(id.0);
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(service)
            .bind(language)
            .bind(false)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        self.note_address_used(id, address, now).await?;
        Ok(Person {
            id,
            service: service.clone(),
            language: language.clone(),
            speaks: None,
            hold: false,
            texts_unsafe: false,
        })
    }

    async fn note_address_used(
        &mut self,
        person: PersonId,
        address: AddressId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO person_address (person, address, last_used_at) VALUES ($1, $2, $3)
            ON CONFLICT (person, address) DO UPDATE SET last_used_at = excluded.last_used_at";
        on!(self, |conn| sqlx::query(SQL)
            .bind(person)
            .bind(address)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Texts in this language from now on; `speaks` is the language that the person speaks, where it is none of ours.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_language(
        &mut self,
        person: PersonId,
        language: &Language,
        speaks: Option<&str>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE person SET language = $1, speaks_sealed = $2 WHERE id = $3";
        let sealed = match speaks {
            Some(speaks) => Some(self.seal(SPEAKS, person.0, person.0.as_bytes(), speaks).await?),
            None => None,
        };
        on!(self, |conn| sqlx::query(SQL)
            .bind(language)
            .bind(sealed)
            .bind(person)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// A human takes over (true), or hands back (false), on whichever phone they write.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_hold(&mut self, person: PersonId, hold: bool) -> Result<(), StoreError> {
        const SQL: &str = concat!("UPDATE person SET hold = $1 WHERE id IN ", whole_person!("$2"));
        on!(self, |conn| sqlx::query(SQL).bind(hold).bind(person).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Nothing automatic may be sent, on whichever phone they write (true), or it may again where they said so (false).
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_texts_unsafe(&mut self, person: PersonId, texts_unsafe: bool) -> Result<(), StoreError> {
        const HERE: &str = "UPDATE person SET texts_unsafe = $1 WHERE id = $2";
        const EVERYWHERE: &str =
            concat!("UPDATE person SET texts_unsafe = $1 WHERE id IN ", whole_person!("$2"));
        let sql = if texts_unsafe { EVERYWHERE } else { HERE };
        on!(self, |conn| sqlx::query(sql).bind(texts_unsafe).bind(person).execute(conn).await.map(|_| ())?);
        Ok(())
    }
}
