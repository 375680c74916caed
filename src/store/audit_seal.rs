//! Whether the audit is as it was written.
//!
//! Each line bears a keyed hash over its number, its contents and the hash of the line before: without the secret key
//! nobody can change, add or take out a line in the middle. The number is given out under the lock of the counter, so that
//! the hash of the line before is there, and nobody waits longer for it than for the number.
//!
//! What the key cannot show is an end that was cut off, since what is left still fits: for that, the seal of a line is
//! written down elsewhere, and compared later.
//!
//! Invariant: verifying changes nothing.

use std::fmt;
use std::str::FromStr;

use crate::domain::time::Timestamp;
use crate::store::audit::AuditLine;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

/// Read at once.
const LINES: i64 = 1_000;

/// What verifying the audit came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Every line is as it was written.
    Whole {
        /// How many lines there are.
        lines: i64,
        /// The last, with its hash; none where there is no line, or none that is sealed.
        last: Option<LineSeal>,
    },
    /// The first line that is not.
    Broken {
        /// Its number.
        number: i64,
        /// What is wrong with it.
        why: Break,
    },
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// It is not there.
    Missing,
    /// It bears no hash.
    Unsealed,
    /// Its hash is not that of its contents and the line before.
    Changed,
    /// Its number was never given out.
    Beyond,
}

/// The seal of a line, to be written down elsewhere: `28=5f0c…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSeal {
    /// The number of the line.
    pub number: i64,
    /// Its hash.
    pub seal: Vec<u8>,
}

impl fmt::Display for LineSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.number)?;
        self.seal.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is no seal of a line.
#[derive(Debug, thiserror::Error)]
#[error("write the number of the line, =, and its seal, as they were printed")]
pub struct NotALineSeal;

impl FromStr for LineSeal {
    type Err = NotALineSeal;

    fn from_str(text: &str) -> Result<Self, NotALineSeal> {
        let (number, hex) = text.trim().split_once('=').ok_or(NotALineSeal)?;
        if hex.is_empty() || !hex.len().is_multiple_of(2) || !hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Err(NotALineSeal);
        }
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16);
        let seal: Result<_, _> = (0..hex.len()).step_by(2).map(byte).collect();
        Ok(Self { number: number.parse().map_err(|_| NotALineSeal)?, seal: seal.map_err(|_| NotALineSeal)? })
    }
}

#[derive(sqlx::FromRow)]
struct SealedLine {
    #[sqlx(flatten)]
    line: AuditLine,
    seal: Option<Vec<u8>>,
}

impl Reader {
    /// The hash of a line that follows the line with this hash.
    pub(super) fn seal_of(&self, line: &AuditLine, before: Option<&[u8]>) -> Vec<u8> {
        let AuditLine { number, happened_at, actor, action, subject_kind, subject } = line;
        let (number, happened_at) = (number.to_be_bytes(), happened_at.as_micros().to_be_bytes());
        let mut bytes = Vec::new();
        for part in [
            before.unwrap_or_default(),
            &number,
            &happened_at,
            actor.as_bytes(),
            action.as_bytes(),
            subject_kind.as_bytes(),
            subject.as_bytes(),
        ] {
            // With its length before it, no part can be taken for the end of another.
            bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        self.audit_seal(&bytes)
    }

    /// Walks the audit from its first line to its last; lines before `sealed_from` may be without a hash.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn verify_audit(&mut self, sealed_from: i64) -> Result<Verified, StoreError> {
        const END: &str = "SELECT last, seal FROM audit_counter WHERE name = 'audit'";
        const SQL: &str = "
            SELECT number, happened_at, actor, action, subject_kind, subject, seal FROM audit
             WHERE $1 < number AND number <= $2 ORDER BY number LIMIT $3";
        let (last, last_seal): (i64, Option<Vec<u8>>) =
            on!(self, |conn| sqlx::query_as(END).fetch_one(conn).await?);
        let (mut at, mut before) = (0, None);
        loop {
            let lines: Vec<SealedLine> =
                on!(self, |conn| sqlx::query_as(SQL).bind(at).bind(last).bind(LINES).fetch_all(conn).await?);
            let is_end = lines.is_empty();
            for SealedLine { line, seal } in lines {
                let number = at + 1;
                let why = self.what_is_wrong(&line, seal.as_deref(), before.as_deref(), number);
                match why {
                    None => {}
                    Some(Break::Unsealed) if number < sealed_from => {}
                    Some(why) => return Ok(Verified::Broken { number, why }),
                }
                (at, before) = (number, seal);
            }
            if is_end {
                break;
            }
        }
        Ok(match (at == last, before == last_seal) {
            (false, _) => Verified::Broken { number: at + 1, why: Break::Missing },
            (true, false) => Verified::Broken { number: at, why: Break::Changed },
            (true, true) => match self.line_beyond().await? {
                Some(number) => Verified::Broken { number, why: Break::Beyond },
                None => {
                    let sealed = last_seal.map(|seal| LineSeal { number: last, seal });
                    Verified::Whole { lines: last, last: sealed }
                }
            },
        })
    }

    /// The seal that the line with this number bears; none where it is not there, or bears none.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn seal_of_line(&mut self, number: i64) -> Result<Option<LineSeal>, StoreError> {
        const SQL: &str = "SELECT seal FROM audit WHERE number = $1 AND seal IS NOT NULL";
        let seal: Option<Vec<u8>> =
            on!(self, |conn| sqlx::query_scalar(SQL).bind(number).fetch_optional(conn).await?);
        Ok(seal.map(|seal| LineSeal { number, seal }))
    }

    /// The first line whose number was never given out. One statement, since lines are added meanwhile.
    async fn line_beyond(&mut self) -> Result<Option<i64>, StoreError> {
        const SQL: &str = "
            SELECT number FROM audit
             WHERE number < 1 OR (SELECT last FROM audit_counter WHERE name = 'audit') < number
             ORDER BY number LIMIT 1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).fetch_optional(conn).await?))
    }

    fn what_is_wrong(
        &self,
        line: &AuditLine,
        seal: Option<&[u8]>,
        before: Option<&[u8]>,
        number: i64,
    ) -> Option<Break> {
        if line.number != number {
            return Some(Break::Missing);
        }
        let Some(seal) = seal else { return Some(Break::Unsealed) };
        (self.seal_of(line, before) != seal).then_some(Break::Changed)
    }
}

impl AuditLine {
    /// A line that is about to be written.
    pub(super) fn new(number: i64, actor: &str, action: &str, subject: (&str, &str), at: Timestamp) -> Self {
        Self {
            number,
            happened_at: at,
            actor: actor.to_owned(),
            action: action.to_owned(),
            subject_kind: subject.0.to_owned(),
            subject: subject.1.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_that_was_written_down_reads_back() {
        let seal = LineSeal { number: 28, seal: vec![0x5f, 0x0c, 0xff] };
        assert_eq!(seal.to_string(), "28=5f0cff");
        assert_eq!("28=5F0Cff".parse::<LineSeal>().expect("a seal"), seal);
        for wrong in ["", "28", "28=", "=5f", "x=5f", "28=5", "28=+f", "28=\u{e9}\u{e9}", "28=zz"] {
            assert!(wrong.parse::<LineSeal>().is_err(), "{wrong}");
        }
    }
}
