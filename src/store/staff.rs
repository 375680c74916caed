//! People who work here: accounts, who is signed in, failed attempts, and the set-up link.
//!
//! Invariant: neither a password nor a token is stored, only their hashes.

use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::staff::Role;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::read_code;
use crate::store::seal::Cell;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Their row.
    pub id: StaffId,
    /// What colleagues and people see.
    pub name: Words,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
    /// The services that they work for.
    pub services: Vec<ServiceId>,
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Where they sign in with.
    pub email: Words,
    /// Their name.
    pub name: Words,
    /// What they may do.
    pub role: Role,
    /// The hash of their password.
    pub password_hash: String,
    /// The services that they work for.
    pub services: Vec<ServiceId>,
}

/// An account, with the hash that a password is compared with.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose it is.
    pub id: StaffId,
    /// The hash of their password.
    pub password_hash: String,
    /// Whether they may sign in.
    pub active: bool,
}

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub struct StaffSession {
    /// Who.
    pub staff: Staff,
    /// When something was last done in it.
    pub seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

const EMAIL: Cell = Cell::new("staff", "email_sealed");
const NAME: Cell = Cell::new("staff", "name_sealed");

#[derive(sqlx::FromRow)]
struct StaffRow {
    id: StaffId,
    name_sealed: Vec<u8>,
    role: String,
    active: bool,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: StaffId,
    password_hash: String,
    active: bool,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    staff: StaffId,
    seen_at: Timestamp,
    expires_at: Timestamp,
}

impl Reader {
    /// Whether there is an administrator who may sign in.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn has_administrator(&mut self) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM staff WHERE role = $1 AND active";
        let count: i64 =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(Role::Admin.as_str()).fetch_one(conn).await?);
        Ok(0 < count)
    }

    /// The account of this e-mail address.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn account(&mut self, email: &Words) -> Result<Option<Account>, StoreError> {
        const SQL: &str = "SELECT id, password_hash, active FROM staff WHERE lookup = $1";
        let lookup = self.email_lookup(email);
        let row: Option<AccountRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(lookup).fetch_optional(conn).await?);
        Ok(row.map(|row| Account {
            id: row.id,
            password_hash: row.password_hash,
            active: row.active,
        }))
    }

    /// Everybody who works here, or has.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn all_staff(&mut self) -> Result<Vec<Staff>, StoreError> {
        const SQL: &str = "SELECT id, name_sealed, role, active FROM staff ORDER BY created_at, id";
        let rows: Vec<StaffRow> = on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await?);
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(self.read_staff(row).await?);
        }
        Ok(all)
    }

    /// The browser that carries the token of this hash.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_session(&mut self, token_hash: &[u8; 32]) -> Result<Option<StaffSession>, StoreError> {
        const SQL: &str = "SELECT staff, seen_at, expires_at FROM staff_session WHERE token_hash = $1";
        const STAFF: &str = "SELECT id, name_sealed, role, active FROM staff WHERE id = $1";
        let row: Option<SessionRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(token_hash.to_vec()).fetch_optional(conn).await?);
        let Some(row) = row else {
            return Ok(None);
        };
        let staff: StaffRow =
            on!(self, |conn| sqlx::query_as(STAFF).bind(row.staff).fetch_one(conn).await?);
        Ok(Some(StaffSession {
            staff: self.read_staff(staff).await?,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
        }))
    }

    /// How often signing in with this e-mail address has failed since then, whether there is such an account or not.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn sign_in_failures(&mut self, email: &Words, since: Timestamp) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM sign_in_failure WHERE lookup = $1 AND $2 <= failed_at";
        let lookup = self.email_lookup(email);
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(lookup).bind(since).fetch_one(conn).await?))
    }

    /// Whether a set-up link with the token of this hash works now.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_up_link_works(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM set_up_link WHERE token_hash = $1 AND $2 < expires_at";
        let hash = token_hash.to_vec();
        let count: i64 =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(hash).bind(now).fetch_one(conn).await?);
        Ok(count == 1 && !self.has_administrator().await?)
    }

    async fn read_staff(&mut self, row: StaffRow) -> Result<Staff, StoreError> {
        const SERVICES: &str = "SELECT service FROM staff_service WHERE staff = $1 ORDER BY service";
        let services =
            on!(self, |conn| sqlx::query_scalar(SERVICES).bind(row.id).fetch_all(conn).await?);
        Ok(Staff {
            id: row.id,
            name: self.open(NAME, HOUSE, row.id.0.as_bytes(), &row.name_sealed).await?,
            role: read_code("staff", "role", &row.role)?,
            active: row.active,
            services,
        })
    }

    /// E-mail addresses are compared without case.
    fn email_lookup(&self, email: &Words) -> Vec<u8> {
        self.keyed_index("staff", email.0.trim().to_lowercase().as_bytes())
    }
}

impl Tx {
    /// Makes an account.
    ///
    /// # Errors
    /// `TooLate` where there is one with this e-mail address, or where the store fails.
    pub async fn add_staff(&mut self, new: &NewStaff, now: Timestamp) -> Result<StaffId, StoreError> {
        const SQL: &str = "
            INSERT INTO staff (id, lookup, email_sealed, name_sealed, role, password_hash, active, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (lookup) DO NOTHING";
        const SERVICE: &str = "INSERT INTO staff_service (staff, service) VALUES ($1, $2)";
        let id = StaffId::new(now, self.random());
        let lookup = self.email_lookup(&new.email);
        let email = self.seal(EMAIL, HOUSE, id.0.as_bytes(), &new.email).await?;
        let name = self.seal(NAME, HOUSE, id.0.as_bytes(), &new.name).await?;
        let added = on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(lookup)
            .bind(email)
            .bind(name)
            .bind(new.role.as_str())
            .bind(&new.password_hash)
            .bind(true)
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected());
        if added == 0 {
            return Err(StoreError::TooLate);
        }
        for service in &new.services {
            on!(self, |conn| sqlx::query(SERVICE).bind(id).bind(service).execute(conn).await.map(|_| ())?);
        }
        Ok(id)
    }

    /// Signs a browser in: it carries the token of this hash.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn open_staff_session(
        &mut self,
        token_hash: &[u8; 32],
        staff: StaffId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        const OLD: &str = "DELETE FROM staff_session WHERE expires_at <= $1";
        const SQL: &str = "
            INSERT INTO staff_session (token_hash, staff, created_at, seen_at, expires_at)
            VALUES ($1, $2, $3, $3, $4)";
        on!(self, |conn| sqlx::query(OLD).bind(now).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(SQL)
            .bind(token_hash.to_vec())
            .bind(staff)
            .bind(now)
            .bind(expires_at)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Something was done in a browser that is signed in.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_staff_seen(&mut self, token_hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE staff_session SET seen_at = $1 WHERE token_hash = $2";
        let hash = token_hash.to_vec();
        on!(self, |conn| sqlx::query(SQL).bind(now).bind(hash).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Signs a browser out.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn end_staff_session(&mut self, token_hash: &[u8; 32]) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM staff_session WHERE token_hash = $1";
        on!(self, |conn| sqlx::query(SQL).bind(token_hash.to_vec()).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Signing in with this e-mail address has failed. Failures before `forget` are of no interest any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn note_sign_in_failure(
        &mut self,
        email: &Words,
        forget: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const OLD: &str = "DELETE FROM sign_in_failure WHERE failed_at < $1";
        const SQL: &str = "INSERT INTO sign_in_failure (id, lookup, failed_at) VALUES ($1, $2, $3)";
        let id = StaffId::new(now, self.random());
        let lookup = self.email_lookup(email);
        on!(self, |conn| sqlx::query(OLD).bind(forget).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(SQL).bind(id).bind(lookup).bind(now).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Makes a set-up link that carries the token of this hash; older ones work no more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn make_set_up_link(
        &mut self,
        token_hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        const OLD: &str = "DELETE FROM set_up_link";
        const SQL: &str = "INSERT INTO set_up_link (token_hash, expires_at) VALUES ($1, $2)";
        let hash = token_hash.to_vec();
        on!(self, |conn| sqlx::query(OLD).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(SQL).bind(hash).bind(expires_at).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Makes the first administrator by a set-up link, which works no more from then on.
    ///
    /// # Errors
    /// `TooLate` where the link does not work (any more), or where the store fails.
    pub async fn make_first_administrator(
        &mut self,
        token_hash: &[u8; 32],
        new: &NewStaff,
        now: Timestamp,
    ) -> Result<StaffId, StoreError> {
        const USE: &str = "DELETE FROM set_up_link WHERE token_hash = $1";
        if !self.set_up_link_works(token_hash, now).await? {
            return Err(StoreError::TooLate);
        }
        // Whoever deletes the row is the one who used it: two at once are told apart here.
        let hash = token_hash.to_vec();
        let used = on!(self, |conn| sqlx::query(USE).bind(hash).execute(conn).await?.rows_affected());
        if used == 0 {
            return Err(StoreError::TooLate);
        }
        self.add_staff(new, now).await
    }
}
