//! Deadlines: what falls due in a session.
//!
//! Invariant: a deadline carries the sequence number for which it was set; whoever acts on it compares.

use crate::conversation::input::DeadlineKind;
use crate::domain::ids::DeadlineId;
use crate::domain::ids::PersonId;
use crate::domain::ids::SessionId;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::same_person::whole_person;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// Something that has fallen due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDeadline {
    /// Its row.
    pub id: DeadlineId,
    /// The session.
    pub session: SessionId,
    /// What.
    pub kind: DeadlineKind,
    /// The sequence number for which it was set.
    pub sequence: u32,
}

#[derive(sqlx::FromRow)]
struct DeadlineRow {
    id: DeadlineId,
    session: SessionId,
    kind: String,
    sequence: i64,
}

impl TryFrom<DeadlineRow> for DueDeadline {
    type Error = StoreError;

    fn try_from(row: DeadlineRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "deadline", column };
        let kind = DeadlineKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
        Ok(Self {
            id: row.id,
            session: row.session,
            kind: kind.ok_or(corrupt("kind"))?,
            sequence: u32::try_from(row.sequence).map_err(|_| corrupt("sequence"))?,
        })
    }
}

impl Tx {
    /// Sets a deadline; older ones of its kind in the session, set for an earlier number, are done with.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn set_deadline(
        &mut self,
        session: SessionId,
        kind: DeadlineKind,
        due_at: Timestamp,
        sequence: u32,
    ) -> Result<(), StoreError> {
        const SUPERSEDE: &str = "
            DELETE FROM deadline WHERE session = $1 AND kind = $2 AND sequence < $3 AND NOT done";
        const SET: &str = "
            INSERT INTO deadline (id, session, kind, due_at, sequence, done) VALUES ($1, $2, $3, $4, $5, $6)";
        let id = DeadlineId::new(due_at, self.random());
        let sequence = i64::from(sequence);
        on!(self, |conn| {
            let supersede = sqlx::query(SUPERSEDE).bind(session).bind(kind.as_str()).bind(sequence);
            supersede.execute(&mut *conn).await?;
            let set = sqlx::query(SET).bind(id).bind(session).bind(kind.as_str());
            set.bind(due_at).bind(sequence).bind(false).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Nothing falls due in this session any more, but for the erasing of words.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn cancel_deadlines(&mut self, session: SessionId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM deadline WHERE session = $1 AND kind <> 'erase' AND NOT done";
        on!(self, |conn| sqlx::query(SQL).bind(session).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// A person is reminded of nothing that was asked until now.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn cancel_reminders(&mut self, person: PersonId) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "
            DELETE FROM deadline
             WHERE kind = $1 AND NOT done AND session IN (SELECT id FROM session WHERE person IN ",
            whole_person!("$2"),
            ")"
        );
        let kind = DeadlineKind::Remind.as_str();
        on!(self, |conn| sqlx::query(SQL).bind(kind).bind(person).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// What fell due could not be done; it falls due again at this time.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn postpone_deadline(&mut self, id: DeadlineId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE deadline SET due_at = $1 WHERE id = $2 AND NOT done";
        on!(self, |conn| sqlx::query(SQL).bind(at).bind(id).execute(conn).await.map(|_| ())?);
        Ok(())
    }

    /// Takes a deadline: false where somebody else has taken it.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn take_deadline(&mut self, id: DeadlineId) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE deadline SET done = $1 WHERE id = $2 AND NOT done";
        Ok(on!(self, |conn| sqlx::query(SQL).bind(true).bind(id).execute(conn).await?.rows_affected()) == 1)
    }
}

impl Reader {
    /// What has fallen due, the earliest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn due_deadlines(
        &mut self,
        now: Timestamp,
        limit: u16,
    ) -> Result<Vec<DueDeadline>, StoreError> {
        const SQL: &str = "
            SELECT id, session, kind, sequence FROM deadline
             WHERE NOT done AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
        let rows: Vec<DeadlineRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(now).bind(i64::from(limit)).fetch_all(conn).await?);
        rows.into_iter().map(DueDeadline::try_from).collect()
    }
}
