//! Saved views: a folder and filters that somebody keeps under a name, sealed by the house's key.
//!
//! Invariant: a view holds no cases, only what to ask for; it shows nobody more than they see without it.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::ids::SavedViewId;
use crate::domain::ids::StaffId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::in_time;
use crate::store::seal::Cell;
use crate::store::tx::HOUSE;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its row.
    pub id: SavedViewId,
    /// Whose it is.
    pub staff: StaffId,
    /// Whether colleagues have it too.
    pub shared: bool,
    /// How often it was changed, and one more.
    pub version: i64,
    /// What it says.
    pub body: ViewBody,
}

/// What a saved view says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewBody {
    /// What it is called.
    pub name: Words,
    /// The folder and the filters, as they stand in an address.
    pub query: Words,
}

const BODY: Cell = Cell::new("saved_view", "body_sealed");

#[derive(sqlx::FromRow)]
struct SavedViewRow {
    id: SavedViewId,
    staff: StaffId,
    shared: bool,
    version: i64,
    body_sealed: Vec<u8>,
}

/// Whether the account `$1` has the view `v`: it is theirs, or it is shared by an administrator, or with whoever works for
/// a service of the one who shared it; an administrator has every one that is shared.
macro_rules! has {
    () => {
        "(v.staff = $1
          OR (v.shared
              AND EXISTS (SELECT 1 FROM staff me
                            JOIN staff they ON they.id = v.staff
                           WHERE me.id = $1
                             AND (me.role = 'admin' OR they.role = 'admin'
                                  OR EXISTS (SELECT 1 FROM staff_service mine
                                               JOIN staff_service theirs ON theirs.service = mine.service
                                              WHERE mine.staff = me.id AND theirs.staff = they.id)))))"
    };
}

impl Reader {
    /// The views that somebody has, their own and those that are shared with them, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn saved_views_for(&mut self, staff: StaffId) -> Result<Vec<SavedView>, StoreError> {
        const SQL: &str = concat!(
            "SELECT v.id, v.staff, v.shared, v.version, v.body_sealed FROM saved_view v WHERE ",
            has!(),
            " ORDER BY v.created_at, v.id"
        );
        let rows: Vec<SavedViewRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(staff).fetch_all(conn).await?);
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let body = self.open(BODY, HOUSE, row.id.0.as_bytes(), &row.body_sealed).await?;
            let SavedViewRow { id, staff, shared, version, .. } = row;
            views.push(SavedView { id, staff, shared, version, body });
        }
        Ok(views)
    }
}

impl Tx {
    /// Keeps a new view, for nobody else.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn add_saved_view(
        &mut self,
        staff: StaffId,
        body: &ViewBody,
        now: Timestamp,
    ) -> Result<SavedViewId, StoreError> {
        const SQL: &str = "
            INSERT INTO saved_view (id, staff, shared, version, body_sealed, created_at, changed_at)
            VALUES ($1, $2, FALSE, 1, $3, $4, $4)";
        let id = SavedViewId::new(now, self.random());
        let body = self.seal(BODY, HOUSE, id.0.as_bytes(), body).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(staff)
            .bind(body)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(id)
    }

    /// Changes what a view says, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn change_saved_view(
        &mut self,
        id: SavedViewId,
        seen: i64,
        body: &ViewBody,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE saved_view SET body_sealed = $1, version = version + 1, changed_at = $2
             WHERE id = $3 AND version = $4";
        let body = self.seal(BODY, HOUSE, id.0.as_bytes(), body).await?;
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(body)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// Lets colleagues have a view too, or no more, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn share_saved_view(
        &mut self,
        id: SavedViewId,
        seen: i64,
        shared: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE saved_view SET shared = $1, version = version + 1, changed_at = $2
             WHERE id = $3 AND version = $4";
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(shared)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// Takes a view away, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn remove_saved_view(&mut self, id: SavedViewId, seen: i64) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM saved_view WHERE id = $1 AND version = $2";
        in_time(on!(self, |conn| sqlx::query(SQL).bind(id).bind(seen).execute(conn).await?.rows_affected()))
    }
}
