//! Labels: the few words by which a service sorts its cases, and which case has which.
//!
//! Invariant: a name is sealed by the house's key and belongs to no person; of a case only the ids of its labels are kept,
//! and none once its person is erased; a label that is retired is put on nothing new.

use crate::domain::ids::LabelId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::ServiceId;
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

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its row.
    pub id: LabelId,
    /// Whose it is.
    pub service: ServiceId,
    /// How often it was changed, and one more.
    pub version: i64,
    /// What it is called.
    pub name: Words,
    /// Since when it is put on nothing new, where it was retired.
    pub retired_at: Option<Timestamp>,
}

/// That a case has a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct LabelOn {
    /// Which.
    pub label: LabelId,
    /// Who put it on.
    pub staff: StaffId,
    /// When.
    pub put_at: Timestamp,
}

const NAME: Cell = Cell::new("label", "name_sealed");

#[derive(sqlx::FromRow)]
struct LabelRow {
    id: LabelId,
    service: ServiceId,
    version: i64,
    name_sealed: Vec<u8>,
    retired_at: Option<Timestamp>,
}

/// The case `$of` and those that go on in it: a list of ids, in SQL.
macro_rules! with_merged {
    ($of:literal) => {
        concat!("(SELECT ", $of, " UNION ALL SELECT m.id FROM referral m WHERE m.merged_into = ", $of, ")")
    };
}

pub(super) use with_merged;

impl Reader {
    /// Every label of every service, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn all_labels(&mut self) -> Result<Vec<Label>, StoreError> {
        const SQL: &str = "
            SELECT id, service, version, name_sealed, retired_at FROM label ORDER BY created_at, id";
        let rows: Vec<LabelRow> = on!(self, |conn| sqlx::query_as(SQL).fetch_all(conn).await?);
        let mut labels = Vec::with_capacity(rows.len());
        for row in rows {
            labels.push(self.open_label(row).await?);
        }
        Ok(labels)
    }

    /// The labels of a service, the retired ones too, the oldest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn labels_of(&mut self, service: &ServiceId) -> Result<Vec<Label>, StoreError> {
        let mut labels = self.all_labels().await?;
        labels.retain(|label| label.service == *service);
        Ok(labels)
    }

    /// A label.
    ///
    /// # Errors
    /// `NotFound`, or where the store fails.
    pub async fn label(&mut self, id: LabelId) -> Result<Label, StoreError> {
        const SQL: &str = "SELECT id, service, version, name_sealed, retired_at FROM label WHERE id = $1";
        let row: Option<LabelRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_optional(conn).await?);
        self.open_label(row.ok_or(StoreError::NotFound)?).await
    }

    async fn open_label(&self, row: LabelRow) -> Result<Label, StoreError> {
        Ok(Label {
            id: row.id,
            service: row.service,
            version: row.version,
            name: self.open(NAME, HOUSE, row.id.0.as_bytes(), &row.name_sealed).await?,
            retired_at: row.retired_at,
        })
    }

    /// The labels of a case and of those that go on in it, each once, the first that was put on first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn labels_on(&mut self, referral: ReferralId) -> Result<Vec<LabelOn>, StoreError> {
        const SQL: &str = concat!(
            "SELECT label, staff, put_at FROM case_label WHERE referral IN ",
            with_merged!("$1"),
            " ORDER BY put_at, label, staff"
        );
        let all: Vec<LabelOn> = on!(self, |conn| sqlx::query_as(SQL).bind(referral).fetch_all(conn).await?);
        let mut each: Vec<LabelOn> = Vec::with_capacity(all.len());
        for one in all {
            if !each.iter().any(|known| known.label == one.label) {
                each.push(one);
            }
        }
        Ok(each)
    }
}

impl Tx {
    /// Keeps a new label.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn add_label(
        &mut self,
        service: &ServiceId,
        name: &Words,
        now: Timestamp,
    ) -> Result<LabelId, StoreError> {
        const SQL: &str = "
            INSERT INTO label (id, service, version, name_sealed, created_at, changed_at)
            VALUES ($1, $2, 1, $3, $4, $4)";
        let id = LabelId::new(now, self.random());
        let name = self.seal(NAME, HOUSE, id.0.as_bytes(), name).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(service)
            .bind(name)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(id)
    }

    /// Calls a label otherwise, on every case that has it, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn rename_label(
        &mut self,
        id: LabelId,
        seen: i64,
        name: &Words,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE label SET name_sealed = $1, version = version + 1, changed_at = $2
             WHERE id = $3 AND version = $4";
        let name = self.seal(NAME, HOUSE, id.0.as_bytes(), name).await?;
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(name)
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// From now on a label is put on nothing new, or is again, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed it since, or where the store fails.
    pub async fn retire_label(
        &mut self,
        id: LabelId,
        seen: i64,
        retired: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE label SET retired_at = $1, version = version + 1, changed_at = $2
             WHERE id = $3 AND version = $4";
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(retired.then_some(now))
            .bind(now)
            .bind(id)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// Puts a label on a case that has it not, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed the case since, or where the store fails.
    pub async fn put_label(
        &mut self,
        referral: ReferralId,
        seen: i64,
        label: LabelId,
        staff: StaffId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO case_label (referral, label, staff, put_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (referral, label) DO NOTHING";
        self.touch_case(referral, seen, now).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(referral)
            .bind(label)
            .bind(staff)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(())
    }

    /// Takes a label off a case and off those that go on in it, over the version that was seen.
    ///
    /// # Errors
    /// `TooLate` where somebody has changed the case since, or where the store fails.
    pub async fn take_label_off(
        &mut self,
        referral: ReferralId,
        seen: i64,
        label: LabelId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            concat!("DELETE FROM case_label WHERE label = $2 AND referral IN ", with_merged!("$1"));
        self.touch_case(referral, seen, now).await?;
        on!(self, |conn| sqlx::query(SQL).bind(referral).bind(label).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    async fn touch_case(
        &mut self,
        referral: ReferralId,
        seen: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE referral SET version = version + 1, updated_at = $1 WHERE id = $2 AND version = $3";
        in_time(on!(self, |conn| sqlx::query(SQL)
            .bind(now)
            .bind(referral)
            .bind(seen)
            .execute(conn)
            .await?
            .rows_affected()))
    }
}
