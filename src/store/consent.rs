//! Consents: what may be done with the information, and the text to which the person said so.
//!
//! Invariant: consents are added, never changed; the newest of a step holds.

use crate::domain::ids::ConsentId;
use crate::domain::ids::PersonId;
use crate::domain::ids::RevisionId;
use crate::domain::ids::SessionId;
use crate::domain::ids::StepId;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::same_person::whole_person;
use crate::store::seal::Cell;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// A choice about information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who chose.
    pub person: PersonId,
    /// In which session.
    pub session: SessionId,
    /// The question.
    pub step: StepId,
    /// The answer's code, such as `yes`.
    pub value: String,
    /// The question as it was sent.
    pub text: Words,
    /// When.
    pub given_at: Timestamp,
}

const TEXT: Cell = Cell::new("consent", "text_sealed");

#[derive(sqlx::FromRow)]
struct ConsentRow {
    id: ConsentId,
    person: PersonId,
    session: SessionId,
    step: StepId,
    value: String,
    text_sealed: Vec<u8>,
    given_at: Timestamp,
}

impl Tx {
    /// Notes a choice.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn record_consent(&mut self, consent: &Consent) -> Result<ConsentId, StoreError> {
        const SQL: &str = "
            INSERT INTO consent (id, person, session, step, value, text_sealed, given_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let id = ConsentId::new(consent.given_at, self.random());
        let sealed = self.seal(TEXT, consent.person.0, id.0.as_bytes(), &consent.text).await?;
        on!(self, |conn| sqlx::query(SQL)
            .bind(id)
            .bind(consent.person)
            .bind(consent.session)
            .bind(&consent.step)
            .bind(&consent.value)
            .bind(sealed)
            .bind(consent.given_at)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(id)
    }
}

impl Reader {
    /// The same, with the revision of the conversation that asked; none where they were erased or cannot be read.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn consents_to_show(
        &mut self,
        person: PersonId,
    ) -> Result<Vec<(Consent, RevisionId)>, StoreError> {
        const SQL: &str = "SELECT revision FROM session WHERE id = $1";
        let consents = if_readable(self.consents_of(person).await)?.unwrap_or_default();
        let mut shown = Vec::with_capacity(consents.len());
        for consent in consents {
            let session = consent.session;
            let revision: RevisionId =
                on!(self, |conn| sqlx::query_scalar(SQL).bind(session).fetch_one(conn).await?);
            shown.push((consent, revision));
        }
        Ok(shown)
    }

    /// The choices of a person, the newest first.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn consents_of(&mut self, person: PersonId) -> Result<Vec<Consent>, StoreError> {
        const SQL: &str = concat!(
            "
            SELECT id, person, session, step, value, text_sealed, given_at
              FROM consent WHERE person IN ",
            whole_person!("$1"),
            " ORDER BY given_at DESC, id DESC"
        );
        let rows: Vec<ConsentRow> =
            on!(self, |conn| sqlx::query_as(SQL).bind(person).fetch_all(conn).await?);
        let mut consents = Vec::with_capacity(rows.len());
        for row in rows {
            consents.push(Consent {
                text: self.open(TEXT, row.person.0, row.id.0.as_bytes(), &row.text_sealed).await?,
                person: row.person,
                session: row.session,
                step: row.step,
                value: row.value,
                given_at: row.given_at,
            });
        }
        Ok(consents)
    }
}
