//! Invitations: one-time links by which colleagues make their account.
//!
//! Invariant: an invitation is used once, ends by itself, and its token stands here as a hash only.

use crate::domain::ids::InvitationId;
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
use crate::store::scope::Practices;
use crate::store::seal::Cell;
use crate::store::staff::NewStaff;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Somebody who may make an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its row.
    pub id: InvitationId,
    /// The e-mail address that the account will have.
    pub email: Words,
    /// What they will be able to do.
    pub role: Role,
    /// The services whose queues they will see.
    pub services: Vec<ServiceId>,
    /// The practices to which they will be kept.
    pub practices: Practices,
    /// Who invited them; none at the terminal.
    pub invited_by: Option<StaffId>,
    /// When the link ends.
    pub expires_at: Timestamp,
}

/// An invitation that is to be made.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The e-mail address.
    pub email: EmailAddress,
    /// What they will be able to do.
    pub role: Role,
    /// The services whose queues they will see.
    pub services: Vec<ServiceId>,
    /// The practices to which they will be kept.
    pub practices: Practices,
    /// Who invites; none at the terminal.
    pub invited_by: Option<StaffId>,
    /// When the link ends.
    pub expires_at: Timestamp,
}

/// What somebody adds who follows the link.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Their name.
    pub name: StaffName,
    /// The hash of their password.
    pub password_hash: Words,
}

const EMAIL: Cell = Cell::new("invitation", "email_sealed");

#[derive(sqlx::FromRow)]
struct InvitationRow {
    id: InvitationId,
    email_sealed: Vec<u8>,
    role: String,
    invited_by: Option<StaffId>,
    expires_at: Timestamp,
}

impl Reader {
    /// The invitation with this token, while it lasts.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn invitation(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        const SQL: &str = "
            SELECT id, email_sealed, role, invited_by, expires_at FROM invitation
             WHERE token_hash = $1 AND $2 < expires_at";
        let hash = token_hash.to_vec();
        let row: Option<InvitationRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(hash).bind(now).fetch_optional(conn).await?);
        match row {
            Some(row) => self.read_invitation(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Every invitation that lasts, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn invitations(&mut self, now: Timestamp) -> Result<Vec<Invitation>, StoreError> {
        const SQL: &str = "
            SELECT id, email_sealed, role, invited_by, expires_at FROM invitation
             WHERE $1 < expires_at ORDER BY created_at, id";
        let rows: Vec<InvitationRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(now).fetch_all(conn).await?);
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            found.push(self.read_invitation(row).await?);
        }
        Ok(found)
    }

    async fn read_invitation(&mut self, row: InvitationRow) -> Result<Invitation, StoreError> {
        const SERVICES: &str = "SELECT service FROM invitation_service WHERE invitation = $1";
        const PRACTICES: &str = "SELECT service, practice FROM invitation_practice WHERE invitation = $1";
        let id = row.id;
        let mut services: Vec<ServiceId> =
            on!(self, |conn| sqlx::query_scalar(SERVICES).bind(id).fetch_all(conn).await?);
        services.sort();
        let mut practices: Practices =
            on!(self, |conn| sqlx::query_as(PRACTICES).bind(id).fetch_all(conn).await?);
        practices.sort();
        Ok(Invitation {
            id,
            email: self.open(EMAIL, HOUSE, id.0.as_bytes(), &row.email_sealed).await?,
            role: read_code("invitation", "role", &row.role)?,
            services,
            practices,
            invited_by: row.invited_by,
            expires_at: row.expires_at,
        })
    }
}

impl Tx {
    /// Invites somebody. Replaces what was open for the same e-mail address; what has ended is forgotten.
    ///
    /// # Errors
    /// `TooLate` where somebody works or worked here with that address, or where the store fails.
    pub async fn invite(
        &mut self,
        new: &NewInvitation,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<InvitationId, StoreError> {
        const GONE: &str = "SELECT id FROM invitation WHERE lookup = $1 OR expires_at <= $2";
        if self.staff_by_email(new.email.as_str()).await?.is_some() {
            return Err(StoreError::TooLate);
        }
        let lookup = self.email_lookup(new.email.as_str());
        let replaced = lookup.clone();
        let gone: Vec<InvitationId> =
            on!(self, |conn| sqlx::query_scalar(GONE).bind(replaced).bind(now).fetch_all(conn).await?);
        for id in gone {
            self.drop_invitation(id).await?;
        }
        self.put_invitation(new, (lookup, token_hash.to_vec()), now).await
    }

    async fn put_invitation(
        &mut self,
        new: &NewInvitation,
        (lookup, token_hash): (Vec<u8>, Vec<u8>),
        now: Timestamp,
    ) -> Result<InvitationId, StoreError> {
        const SQL: &str = "
            INSERT INTO invitation (id, token_hash, lookup, email_sealed, role, invited_by, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const PRACTICE: &str = "
            INSERT INTO invitation_practice (invitation, service, practice) VALUES ($1, $2, $3)
            ON CONFLICT (invitation, service, practice) DO NOTHING";
        const SERVICE: &str = "
            INSERT INTO invitation_service (invitation, service) VALUES ($1, $2)
            ON CONFLICT (invitation, service) DO NOTHING";
        let id = InvitationId::new(now, self.random());
        let email = self.seal(EMAIL, HOUSE, id.0.as_bytes(), new.email.as_str()).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(token_hash)
            .bind(lookup)
            .bind(email)
            .bind(new.role.as_str())
            .bind(new.invited_by)
            .bind(now)
            .bind(new.expires_at)
            .execute(conn)
            .await
            .map(|_| ())?);
        for service in &new.services {
            on!(self, |conn| sqlx::query(SERVICE).bind(id).bind(service).execute(conn).await.map(|_| ())?);
        }
        for (service, practice) in &new.practices {
            on!(self, |conn| sqlx::query(PRACTICE)
                .bind(id)
                .bind(service)
                .bind(practice)
                .execute(conn)
                .await
                .map(|_| ())?);
        }
        Ok(id)
    }

    /// Makes the account of somebody who was invited, and uses the invitation up.
    ///
    /// # Errors
    /// `TooLate` where it was used, withdrawn or is over, or where the store fails.
    pub async fn accept_invitation(
        &mut self,
        token_hash: &[u8; 32],
        accepted: &Accepted,
        now: Timestamp,
    ) -> Result<StaffId, StoreError> {
        let invitation = self.invitation(token_hash, now).await?.ok_or(StoreError::TooLate)?;
        if !self.drop_invitation(invitation.id).await? {
            return Err(StoreError::TooLate);
        }
        let new = NewStaff {
            email: read_code("invitation", "email_sealed", &invitation.email.0)?,
            name: accepted.name.clone(),
            role: invitation.role,
            password_hash: accepted.password_hash.clone(),
            services: invitation.services,
        };
        let staff = self.add_staff(&new, now).await?;
        self.set_practices(staff, &invitation.practices).await?;
        Ok(staff)
    }

    /// Takes an invitation back; false where there is none any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn drop_invitation(&mut self, id: InvitationId) -> Result<bool, StoreError> {
        const PRACTICES: &str = "DELETE FROM invitation_practice WHERE invitation = $1";
        const SERVICES: &str = "DELETE FROM invitation_service WHERE invitation = $1";
        const SQL: &str = "DELETE FROM invitation WHERE id = $1";
        on!(self, |conn| sqlx::query(PRACTICES).bind(id).execute(conn).await.map(|_| ())?);
        on!(self, |conn| sqlx::query(SERVICES).bind(id).execute(conn).await.map(|_| ())?);
        Ok(on!(self, |conn| sqlx::query(SQL).bind(id).execute(conn).await?.rows_affected()) == 1)
    }

    /// Takes back what somebody has invited: whoever leaves lets nobody in any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn drop_invitations_by(&mut self, staff: StaffId) -> Result<(), StoreError> {
        const SQL: &str = "SELECT id FROM invitation WHERE invited_by = $1";
        let open: Vec<InvitationId> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(staff).fetch_all(conn).await?);
        for id in open {
            self.drop_invitation(id).await?;
        }
        Ok(())
    }
}
