//! Search over what was said: a message is found by keyed hashes of its words, and shown only after it was opened and
//! its words were found in it.
//!
//! A hash is cut to two bytes, so that several words share each, and no two services share any.
//!
//! Invariant: what is found holds every word that was looked for, belongs to a case that whoever looks may see, and is
//! shown in its thread; a message whose words are erased is found by nothing.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use uuid::Uuid;

use crate::domain::ids::PersonId;
use crate::domain::ids::ReferralId;
use crate::domain::ids::ServiceId;
use crate::domain::ids::StaffId;
use crate::domain::message::Content;
use crate::domain::message::Words;
use crate::domain::time::Timestamp;
use crate::domain::whole_words::WantedWords;
use crate::domain::whole_words::keys_of;
use crate::handover::Summary;
use crate::store::database::on;
use crate::store::error::StoreError;
use crate::store::error::if_readable;
use crate::store::error::read_code;
use crate::store::inbound;
use crate::store::note;
use crate::store::outbox;
use crate::store::outbox::Author;
use crate::store::outbox::Body;
use crate::store::same_person::first_of;
use crate::store::sight::sees;
use crate::store::tx::Reader;
use crate::store::tx::Tx;

/// So many words are written by one statement.
const TOGETHER: usize = 8;
/// What is opened for one page of what is found: most of it holds the words, since few words share a hash.
const MOST_OPENED: i64 = 200;
/// A hash is so rarely shared with a very common word that nobody waits for a longer count.
const MOST_COUNTED: i64 = 2_000;

/// What kind of message it is: in which table it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageKind {
    Heard,
    Told,
    Note,
}

impl MessageKind {
    const ALL: [Self; 3] = [Self::Heard, Self::Told, Self::Note];

    fn as_str(self) -> &'static str {
        match self {
            Self::Heard => "heard",
            Self::Told => "told",
            Self::Note => "note",
        }
    }
}

impl FromStr for MessageKind {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == code).ok_or(())
    }
}

/// Something that was said, as far as its words are looked at.
pub(super) struct Message<'a> {
    pub(super) id: Uuid,
    pub(super) kind: MessageKind,
    pub(super) person: PersonId,
    pub(super) text: &'a str,
    pub(super) written_at: Timestamp,
}

/// A place among what is found, the newest first: what is looked at next begins behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessagePlace {
    written_at: Timestamp,
    message: Uuid,
}

impl MessagePlace {
    /// Before everything.
    pub const FIRST: Self = Self { written_at: Timestamp::from_micros(i64::MAX), message: Uuid::max() };
}

/// The text is no place among messages.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a place among messages")]
pub struct NotAMessagePlace;

impl fmt::Display for MessagePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.written_at.as_micros(), self.message)
    }
}

impl FromStr for MessagePlace {
    type Err = NotAMessagePlace;

    fn from_str(text: &str) -> Result<Self, NotAMessagePlace> {
        let (at, message) = text.split_once('.').ok_or(NotAMessagePlace)?;
        let written_at = at.parse().map(Timestamp::from_micros).map_err(|_| NotAMessagePlace)?;
        Ok(Self { written_at, message: message.parse().map_err(|_| NotAMessagePlace)? })
    }
}

/// A message that was found.
#[derive(Debug, Clone)]
pub struct FoundMessage {
    /// The reference of the case; of the newest, where the person has several.
    pub reference: String,
    /// Whether the case has ended.
    pub ended: bool,
    /// What they told, the newest conversation first.
    pub summaries: Vec<Summary>,
    /// Who of the staff wrote it; nobody where the person did.
    pub author: Option<StaffId>,
    /// Whether it is a note.
    pub is_note: bool,
    /// When.
    pub written_at: Timestamp,
    /// What it says.
    pub text: Words,
    /// Where the words stand in it.
    pub marks: Vec<Range<usize>>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    written_at: Timestamp,
    message: Uuid,
    kind: String,
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    referral: ReferralId,
    reference: String,
    ended: bool,
    author: Option<String>,
    sealed_for: Uuid,
    body_sealed: Option<Vec<u8>>,
}

/// The case in whose thread a message `m` of a person is shown, if $2 may see it. What somebody said to the end and
/// wished to be passed on to nobody is in no thread.
macro_rules! shown_in_thread {
    ($author:literal, $table:literal) => {
        concat!(
            "
            SELECT r.id AS referral, r.reference, r.closed_at IS NOT NULL AS ended, ",
            $author,
            " AS author, m.sealed_for, m.body_sealed
              FROM ",
            $table,
            " m
              JOIN referral r ON r.id = (SELECT n.id FROM referral n WHERE n.person = ",
            first_of!("m.person"),
            "
                                          ORDER BY n.opened_at DESC, n.id DESC LIMIT 1)
             WHERE m.id = $1 AND ",
            sees!("$2"),
            "
               AND NOT EXISTS (SELECT 1 FROM session
                                WHERE session.id = m.session AND session.status = 'finished'
                                  AND NOT EXISTS (SELECT 1 FROM handover WHERE handover.session = session.id))"
        )
    };
}

impl Reader {
    /// The newest messages behind `after` that hold all these words, of the cases that this account may see; and the
    /// place behind which there may be more.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn search_messages(
        &mut self,
        staff: StaffId,
        services: &[ServiceId],
        wanted: &WantedWords,
        after: MessagePlace,
        limit: usize,
    ) -> Result<(Vec<FoundMessage>, Option<MessagePlace>), StoreError> {
        let mut rows = Vec::new();
        for service in services {
            rows.extend(self.rows_with(service, wanted, after).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.written_at, row.message)));
        let most_opened = usize::try_from(MOST_OPENED).unwrap_or(usize::MAX);
        let is_cut = most_opened <= rows.len();
        rows.truncate(most_opened);
        let (mut found, mut last, count) = (Vec::new(), None, rows.len());
        for (number, row) in rows.into_iter().enumerate() {
            last = Some(MessagePlace { written_at: row.written_at, message: row.message });
            found.extend(self.found(staff, wanted, &row).await?);
            if found.len() == limit {
                return Ok((found, last.filter(|_| is_cut || number + 1 < count)));
            }
        }
        Ok((found, last.filter(|_| is_cut)))
    }

    /// Whether every message of before is found by its words.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn message_words_are_filled(&mut self) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM message_word_fill WHERE done";
        let done: i64 = on!(self, |conn| sqlx::query_scalar(SQL).fetch_one(conn).await?);
        Ok(usize::try_from(done).is_ok_and(|done| MessageKind::ALL.len() <= done))
    }

    /// What may hold the words, of one service.
    async fn rows_with(
        &mut self,
        service: &ServiceId,
        wanted: &WantedWords,
        after: MessagePlace,
    ) -> Result<Vec<KeyRow>, StoreError> {
        const SQL: &str = "
            SELECT w.written_at, w.message, w.kind FROM message_word w
             WHERE w.hash = $1 AND (w.written_at, w.message) < ($4, $5)
               AND EXISTS (SELECT 1 FROM message_word x
                            WHERE x.hash = $2 AND x.written_at = w.written_at AND x.message = w.message)
               AND EXISTS (SELECT 1 FROM message_word x
                            WHERE x.hash = $3 AND x.written_at = w.written_at AND x.message = w.message)
             ORDER BY w.written_at DESC, w.message DESC LIMIT $6";
        let mut counted = Vec::new();
        for word in wanted.keyed() {
            let hash = self.word_hash(service, word);
            counted.push((self.count_words(hash).await?, hash));
        }
        // The rarest is walked, the others are asked for.
        counted.sort_unstable();
        let [a, b, c] = [0, 1, 2].map(|at| counted[at].1);
        Ok(on!(self, |conn| sqlx::query_as(SQL)
            .bind(a)
            .bind(b)
            .bind(c)
            .bind(after.written_at)
            .bind(after.message)
            .bind(MOST_OPENED)
            .fetch_all(conn)
            .await?))
    }

    async fn count_words(&mut self, hash: i64) -> Result<i64, StoreError> {
        const SQL: &str =
            "SELECT COUNT(*) FROM (SELECT 1 FROM message_word WHERE hash = $1 LIMIT $2) AS counted";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(hash).bind(MOST_COUNTED).fetch_one(conn).await?))
    }

    /// A message, opened; nothing where it does not hold the words, or may not be seen.
    async fn found(
        &mut self,
        staff: StaffId,
        wanted: &WantedWords,
        row: &KeyRow,
    ) -> Result<Option<FoundMessage>, StoreError> {
        const HEARD: &str = shown_in_thread!("NULL", "inbound");
        const TOLD: &str = shown_in_thread!("m.author", "outbox");
        const NOTE: &str = concat!(
            "
            SELECT r.id AS referral, r.reference, r.closed_at IS NOT NULL AS ended,
                   CAST(NULL AS TEXT) AS author, n.person AS sealed_for, m.body_sealed
              FROM note m JOIN referral n ON n.id = m.referral
                          JOIN referral r ON r.id = COALESCE(n.merged_into, n.id)
             WHERE m.id = $1 AND ",
            sees!("$2"),
        );
        let kind: MessageKind = read_code("message_word", "kind", &row.kind)?;
        let sql = match kind {
            MessageKind::Heard => HEARD,
            MessageKind::Told => TOLD,
            MessageKind::Note => NOTE,
        };
        let kept: Option<MessageRow> =
            on!(self, |conn| sqlx::query_as(sql).bind(row.message).bind(staff).fetch_optional(conn).await?);
        let Some(kept) = kept else { return Ok(None) };
        let Some(text) =
            self.text_of(kind, row.message, kept.sealed_for, kept.body_sealed.as_deref()).await?
        else {
            return Ok(None);
        };
        let Some(marks) = wanted.found_in(&text.0) else { return Ok(None) };
        let author = match kind {
            MessageKind::Heard => None,
            MessageKind::Told => kept.author.as_deref().and_then(staff_of),
            MessageKind::Note => self.author_of_note(row.message).await?,
        };
        let handovers = self.handovers_of::<Summary>(kept.referral).await?;
        Ok(Some(FoundMessage {
            reference: kept.reference,
            ended: kept.ended,
            summaries: handovers.into_iter().map(|handover| handover.summary).collect(),
            author,
            is_note: kind == MessageKind::Note,
            written_at: row.written_at,
            text,
            marks,
        }))
    }

    async fn author_of_note(&mut self, note: Uuid) -> Result<Option<StaffId>, StoreError> {
        const SQL: &str = "SELECT author FROM note WHERE id = $1";
        Ok(on!(self, |conn| sqlx::query_scalar(SQL).bind(note).fetch_optional(conn).await?))
    }

    /// What a message says; nothing where it was erased, cannot be read, or holds no words.
    async fn text_of(
        &self,
        kind: MessageKind,
        id: Uuid,
        owner: Uuid,
        sealed: Option<&[u8]>,
    ) -> Result<Option<Words>, StoreError> {
        let row = id.as_bytes();
        Ok(match kind {
            MessageKind::Heard => {
                let content: Option<Content> =
                    if_readable(self.open_some(inbound::BODY, owner, row, sealed).await)?.flatten();
                content.and_then(|content| content.words().map(|words| Words(words.to_owned())))
            }
            MessageKind::Told => {
                let body: Option<Body> =
                    if_readable(self.open_some(outbox::BODY, owner, row, sealed).await)?.flatten();
                body.map(|body| body.text)
            }
            MessageKind::Note => if_readable(self.open_some(note::BODY, owner, row, sealed).await)?.flatten(),
        })
    }

    /// The service in the upper bytes, the word in the lower two.
    fn word_hash(&self, service: &ServiceId, word: &str) -> i64 {
        let of_service = self.keyed_index("message words of", service.as_str().as_bytes());
        let named = [service.as_str().as_bytes(), b"\0", word.as_bytes()].concat();
        let of_word = self.keyed_index("message word", &named);
        let bytes = of_service.iter().take(4).chain(of_word.iter().take(2));
        bytes.fold(0, |hash, byte| (hash << 8) | i64::from(*byte))
    }
}

fn staff_of(author: &str) -> Option<StaffId> {
    match author.parse().ok()? {
        Author::Staff(staff) => Some(staff),
        Author::Bot | Author::System => None,
    }
}

impl Tx {
    /// Lets a message be found by its words.
    pub(super) async fn index_words(&mut self, message: Message<'_>) -> Result<(), StoreError> {
        const SERVICE: &str = "SELECT service FROM person WHERE id = $1";
        const SQL: &str = "
            INSERT INTO message_word (hash, written_at, message, kind)
            VALUES ($4, $1, $2, $3), ($5, $1, $2, $3), ($6, $1, $2, $3), ($7, $1, $2, $3),
                   ($8, $1, $2, $3), ($9, $1, $2, $3), ($10, $1, $2, $3), ($11, $1, $2, $3)
            ON CONFLICT (hash, written_at, message) DO NOTHING";
        let words = keys_of(message.text);
        if words.is_empty() {
            return Ok(());
        }
        let service: ServiceId =
            on!(self, |conn| sqlx::query_scalar(SERVICE).bind(message.person).fetch_one(conn).await?);
        let mut hashes: Vec<i64> = words.iter().map(|word| self.word_hash(&service, word)).collect();
        // In the order of the hashes, so that the order of the rows does not tell which words stand side by side.
        hashes.sort_unstable();
        hashes.dedup();
        for some in hashes.chunks(TOGETHER) {
            on!(self, |conn| {
                let mut query =
                    sqlx::query(SQL).bind(message.written_at).bind(message.id).bind(message.kind.as_str());
                for at in 0..TOGETHER {
                    // Where there are fewer, the first stands for the rest: written once.
                    query = query.bind(some.get(at).unwrap_or(&some[0]));
                }
                query.execute(conn).await.map(|_| ())?;
            });
        }
        Ok(())
    }

    /// Lets the next messages of before be found by their words, at most so many of each kind. False once all are.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn fill_message_words(&mut self, limit: u16) -> Result<bool, StoreError> {
        const DONE: &str = "SELECT kind FROM message_word_fill WHERE done";
        let done: Vec<String> = on!(self, |conn| sqlx::query_scalar(DONE).fetch_all(conn).await?);
        let mut more = false;
        for kind in MessageKind::ALL {
            if !done.iter().any(|code| code == kind.as_str()) {
                more |= self.fill_words_of(kind, limit).await?;
            }
        }
        Ok(more)
    }

    async fn fill_words_of(&mut self, kind: MessageKind, limit: u16) -> Result<bool, StoreError> {
        const LAST: &str = "SELECT last FROM message_word_fill WHERE kind = $1";
        const SAVE: &str = "
            INSERT INTO message_word_fill (kind, last, done) VALUES ($1, $2, $3)
            ON CONFLICT (kind) DO UPDATE SET last = excluded.last, done = excluded.done";
        const HEARD: &str = "
            SELECT id, person, received_at AS written_at, sealed_for, body_sealed FROM inbound
             WHERE $1 < id AND person IS NOT NULL ORDER BY id LIMIT $2";
        const TOLD: &str = "
            SELECT id, person, created_at AS written_at, sealed_for, body_sealed FROM outbox
             WHERE $1 < id AND person IS NOT NULL AND author NOT IN ('bot', 'system') ORDER BY id LIMIT $2";
        const NOTE: &str = "
            SELECT n.id, r.person, n.written_at, r.person AS sealed_for, n.body_sealed
              FROM note n JOIN referral r ON r.id = n.referral WHERE $1 < n.id ORDER BY n.id LIMIT $2";
        let last: Option<Uuid> =
            on!(self, |conn| sqlx::query_scalar(LAST).bind(kind.as_str()).fetch_optional(conn).await?);
        let sql = match kind {
            MessageKind::Heard => HEARD,
            MessageKind::Told => TOLD,
            MessageKind::Note => NOTE,
        };
        let rows: Vec<UnfoundRow> = on!(self, |conn| sqlx::query_as(sql)
            .bind(last.unwrap_or(Uuid::nil()))
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?);
        let (last, more) = (rows.last().map(|row| row.id).or(last), usize::from(limit) <= rows.len());
        for row in rows {
            let UnfoundRow { id, person, written_at, sealed_for, body_sealed } = row;
            if let Some(text) = self.text_of(kind, id, sealed_for, body_sealed.as_deref()).await? {
                self.index_words(Message { id, kind, person, text: &text.0, written_at }).await?;
            }
        }
        on!(self, |conn| sqlx::query(SAVE)
            .bind(kind.as_str())
            .bind(last.unwrap_or(Uuid::nil()))
            .bind(!more)
            .execute(conn)
            .await
            .map(|_| ())?);
        Ok(more)
    }
}

/// A message that may not be found yet.
#[derive(sqlx::FromRow)]
struct UnfoundRow {
    id: Uuid,
    person: PersonId,
    written_at: Timestamp,
    sealed_for: Uuid,
    body_sealed: Option<Vec<u8>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        for place in [
            MessagePlace::FIRST,
            MessagePlace { written_at: Timestamp::from_micros(7), message: Uuid::from_u128(9) },
        ] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for wrong in ["", "1", "x.y", "1.2"] {
            assert_eq!(wrong.parse::<MessagePlace>(), Err(NotAMessagePlace), "{wrong}");
        }
    }
}
