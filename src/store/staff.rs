//! People who work here.
//!
//! Invariant: an e-mail address is found by a keyed index only; a password stands here as a hash only.

use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::staff::EmailAddress;
use crate::domain::staff::Role;
use crate::domain::staff::StaffName;
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
pub struct StaffMember {
    /// Their row.
    pub id: StaffId,
    /// Their e-mail address.
    pub email: Words,
    /// Their name.
    pub name: Words,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
    /// When they were added.
    pub created_at: Timestamp,
}

/// What proves that somebody is who they say. Printing it shows nothing.
pub struct Proof {
    /// Who.
    pub staff: StaffMember,
    /// The hash of their password.
    pub password_hash: String,
    /// The secret of their second factor, where they have one.
    pub second_factor: Option<Words>,
}

/// Somebody to be added.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Their e-mail address.
    pub email: EmailAddress,
    /// Their name.
    pub name: StaffName,
    /// What they may do.
    pub role: Role,
    /// The hash of their password.
    pub password_hash: Words,
    /// The services whose queues they see.
    pub services: Vec<ServiceId>,
}

const EMAIL: Cell = Cell::new("staff", "email_sealed");
const NAME: Cell = Cell::new("staff", "name_sealed");
pub(super) const SECOND_FACTOR: Cell = Cell::new("staff", "second_factor_sealed");

#[derive(sqlx::FromRow)]
struct StaffRow {
    id: StaffId,
    email_sealed: Vec<u8>,
    name_sealed: Vec<u8>,
    role: String,
    password_hash: String,
    second_factor_sealed: Option<Vec<u8>>,
    active: bool,
    created_at: Timestamp,
}

impl Reader {
    /// Who has this e-mail address, and what proves it. Capitals do not matter.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_by_email(&mut self, email: &str) -> Result<Option<Proof>, StoreError> {
        const SQL: &str = "
            SELECT id, email_sealed, name_sealed, role, password_hash, second_factor_sealed, active, created_at
              FROM staff WHERE lookup = $1";
        let lookup = self.email_lookup(email);
        let row: Option<StaffRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(lookup).fetch_optional(conn).await?);
        match row {
            Some(row) => self.read_proof(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Somebody who works here, and what proves it.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn staff(&mut self, id: StaffId) -> Result<Proof, StoreError> {
        const SQL: &str = "
            SELECT id, email_sealed, name_sealed, role, password_hash, second_factor_sealed, active, created_at
              FROM staff WHERE id = $1";
        let row: StaffRow = on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_one(conn).await?);
        self.read_proof(row).await
    }

    /// Everybody who works or worked here, the first first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn all_staff(&mut self) -> Result<Vec<StaffMember>, StoreError> {
        const SQL: &str = "
            SELECT id, email_sealed, name_sealed, role, password_hash, second_factor_sealed, active, created_at
              FROM staff ORDER BY created_at, id";
        let rows: Vec<StaffRow> = on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await?);
        let mut staff = Vec::with_capacity(rows.len());
        for row in rows {
            staff.push(self.read_proof(row).await?.staff);
        }
        Ok(staff)
    }

    /// Whether there is an administrator who may sign in.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn has_administrator(&mut self) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM staff WHERE role = 'admin' AND active)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).fetch_one(conn).await?))
    }

    /// Whether there is another administrator who may sign in.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn has_administrator_beside(&mut self, staff: StaffId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM staff WHERE role = 'admin' AND active AND id <> $1)";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).fetch_one(conn).await?))
    }

    /// The services whose queues somebody sees.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn services_of(&mut self, staff: StaffId) -> Result<Vec<ServiceId>, StoreError> {
        const SQL: &str = "SELECT service FROM staff_service WHERE staff = $1";
        let mut services: Vec<ServiceId> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).fetch_all(conn).await?);
        services.sort();
        Ok(services)
    }

    pub(super) fn email_lookup(&self, email: &str) -> Vec<u8> {
        self.keyed_index("staff", email.trim().to_lowercase().as_bytes())
    }

    async fn read_proof(&self, row: StaffRow) -> Result<Proof, StoreError> {
        let id = row.id.0;
        let second_factor = row.second_factor_sealed.as_deref();
        Ok(Proof {
            staff: StaffMember {
                id: row.id,
                email: self.open(EMAIL, HOUSE, id.as_bytes(), &row.email_sealed).await?,
                name: self.open(NAME, HOUSE, id.as_bytes(), &row.name_sealed).await?,
                role: read_code("staff", "role", &row.role)?,
                active: row.active,
                created_at: row.created_at,
            },
            password_hash: row.password_hash,
            second_factor: self.open_some(SECOND_FACTOR, HOUSE, id.as_bytes(), second_factor).await?,
        })
    }
}

impl Tx {
    /// Adds somebody. Who sees nobody that writes to us belongs to no service, whatever is asked for.
    ///
    /// # Errors
    /// `TooLate` where somebody has that e-mail address, or where the store fails.
    pub async fn add_staff(&mut self, new: &NewStaff, now: Timestamp) -> Result<StaffId, StoreError> {
        const SQL: &str = "
            INSERT INTO staff (id, lookup, email_sealed, name_sealed, role, password_hash, active, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (lookup) DO NOTHING";
        let id = StaffId::new(now, self.random());
        let email = self.seal(EMAIL, HOUSE, id.0.as_bytes(), new.email.as_str()).await?;
        let name = self.seal(NAME, HOUSE, id.0.as_bytes(), new.name.as_str()).await?;
        let lookup = self.email_lookup(new.email.as_str());
        let added = on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(lookup)
            .bind(email)
            .bind(name)
            .bind(new.role.as_str())
            .bind(&new.password_hash.0)
            .bind(true)
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected());
        if added == 0 {
            return Err(StoreError::TooLate);
        }
        if new.role.belongs_to_services() {
            self.set_services(id, &new.services).await?;
        }
        Ok(id)
    }

    /// The services whose queues somebody sees, from now on.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_services(&mut self, staff: StaffId, services: &[ServiceId]) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM staff_service WHERE staff = $1";
        const SET: &str = "
            INSERT INTO staff_service (staff, service) VALUES ($1, $2) ON CONFLICT (staff, service) DO NOTHING";
        on!(self, |conn| sqlx::query(CLEAR).bind(staff).execute(conn).await.map(|_| ())?);
        for service in services {
            on!(self, |conn| sqlx::query(SET).bind(staff).bind(service).execute(conn).await.map(|_| ())?);
        }
        Ok(())
    }

    /// Another password. Whoever has typed the old one, and no code yet, begins again.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_password(&mut self, staff: StaffId, password_hash: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE staff SET password_hash = $1 WHERE id = $2";
        on!(self, |conn| sqlx::query(SQL).bind(password_hash).bind(staff).execute(conn).await.map(|_| ())?);
        self.drop_sign_in_tickets(staff).await
    }

    /// Lets somebody sign in (true), or no longer (false), which also signs them out and takes back what they have
    /// invited.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_active(&mut self, staff: StaffId, active: bool) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE staff SET active = $1 WHERE id = $2";
        on!(self, |conn| sqlx::query(SQL).bind(active).bind(staff).execute(conn).await.map(|_| ())?);
        if !active {
            self.close_staff_sessions(staff).await?;
            self.drop_sign_in_tickets(staff).await?;
            self.drop_invitations_by(staff).await?;
        }
        Ok(())
    }
}
